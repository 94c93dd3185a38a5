"""Flows against every plan there is, and against another exact solver."""

from __future__ import annotations

import os
import random
from typing import Any

import numpy as np
import pytest
import scipy
from twosided import Market, _bounds, _floors, _flow, _prepare, audit

from tests.twosided.oracle import Edge, Rules, Tiny, tiny_market
from tests.twosided.test_solve import district

SEEDS = range(3_000 if os.environ.get("PROVE") == "1" else 200)
UNMET = r"^floors: no plan can meet them all within the other limits$"


def tiny_without_ceilings(seed: int) -> Tiny:
    """With scores of 0, floors out of reach at times, and pins that use reserved units."""
    tiny = tiny_market(seed, limited=True)
    r = random.Random(seed)
    tiny.ceilings = []
    tiny.score = [score * (k % 4 > 0) for k, score in enumerate(tiny.score)]
    if seed % 4 == 0:
        tiny.floors = [(g, r.choice([1, 1, 2])) for g in set(tiny.need_group) if r.random() < 0.6]
    if seed % 4 == 1 and tiny.pins:
        reserve_for_pins(tiny, r)
    return tiny


def reserve_for_pins(tiny: Tiny, r: random.Random) -> None:
    need, offer = r.choice(tiny.pins)
    group = tiny.need_group[need]
    others = sum(j == offer and tiny.need_group[i] != group for i, j in tiny.pins)
    units = r.randint(1, tiny.capacity[offer] - others)
    tiny.floors = []
    tiny.reserved = [entry for entry in tiny.reserved if entry[0] != offer]
    tiny.reserved.append((offer, group, units))


def plans_of(tiny: Tiny) -> list[frozenset[Edge]]:
    return Rules(tiny).plans()


def build(tiny: Tiny) -> Market | None:
    """None where a floor asks for more than the edges of its group could give."""
    market = Market.from_edges(**{**tiny.arguments(), "floors": []})
    possible = np.minimum(market.quantity, np.diff(market.need_start))
    for group, least in tiny.floors:
        if possible[market.need_group == group].sum() < least:
            return None
    return Market.from_edges(**tiny.arguments())


def total(market: Market, plan: frozenset[Edge]) -> int:
    score = dict(zip(pairs(market, slice(None)), market.score.tolist(), strict=True))
    return sum(score[pair] for pair in plan)


def pairs(market: Market, edges: Any) -> list[Edge]:
    need, offer = market.edge_need[edges].tolist(), market.edge_offer[edges].tolist()
    return list(zip(need, offer, strict=True))


def test_best_fit_has_the_greatest_score_of_all_plans() -> None:
    seen = {"feasible": 0, "infeasible": 0}
    for seed in SEEDS:
        tiny = tiny_without_ceilings(seed)
        market, plans = build(tiny), plans_of(tiny)
        if market is None:
            assert not plans
            continue
        seen["feasible" if plans else "infeasible"] += 1
        if not plans:
            with pytest.raises(ValueError, match=UNMET):
                _flow.best_fit(market)
            continue
        edges, score = _flow.best_fit(market)
        assert edges.dtype == np.int64
        assert frozenset(pairs(market, edges)) in plans, seed
        best = max(total(market, plan) for plan in plans)
        assert score == int(market.score[edges].sum()) == best == _flow.score_bound(market), seed
    assert min(seen.values()) > 0


def test_no_pair_of_the_best_fit_is_idle() -> None:
    """Whatever pair of score 0 is taken away, a pin or a floor is missed."""
    idle = 0
    for seed in SEEDS:
        tiny = tiny_without_ceilings(seed)
        market, plans = build(tiny), set(plans_of(tiny))
        if market is None or not plans:
            continue
        edges, _ = _flow.best_fit(market)
        plan = frozenset(pairs(market, edges))
        for pair, score in zip(pairs(market, edges), market.score[edges].tolist(), strict=True):
            if score == 0:
                idle += 1
                assert plan - {pair} not in plans, seed
    assert idle > 0


def test_the_score_bound_does_without_floors_that_cannot_be_met() -> None:
    market = Market.from_edges([0, 1], [0, 0], [300, 500], floors=[(0, 1), (1, 1)])
    with pytest.raises(ValueError, match=UNMET):
        _flow.best_fit(market)
    with pytest.raises(ValueError, match=UNMET):
        _floors.floor_edges(market)
    assert _flow.score_bound(market) == 500
    assert _flow.most_units(market) == 1
    assert _flow.most_served(market, np.array([0, 1])) == 1


@pytest.mark.parametrize("by_group", [True, False])
def test_most_served_against_all_plans(by_group: bool) -> None:
    with_floors = 0
    for seed in SEEDS:
        tiny = tiny_without_ceilings(seed)
        market, plans = build(tiny), plans_of(tiny)
        if market is None or not plans:
            continue
        with_floors += bool(tiny.floors)
        rules = Rules(tiny)
        served = rules.groups_served if by_group else rules.needs_served
        party = np.arange(market.need_count)
        if by_group:
            party = np.unique(market.need_group, return_inverse=True)[1]
        assert _flow.most_served(market, party) == max(map(served, plans)), seed
    assert with_floors > 0


def test_pins_use_the_units_reserved_for_their_group_first() -> None:
    """Three units, one held for group 0, which has two pins there: one unit is left, for anyone."""
    edges: dict[str, Any] = {"need": [0, 1, 2, 3], "offer": [0] * 4, "score": [1, 1, 5, 7]}
    market = Market.from_edges(
        **edges, capacity=[3], need_group=[0, 0, 1, 1], pins=[(0, 0), (1, 0)], reserved=[(0, 0, 1)]
    )
    assert _flow.best_fit(market)[1] == 9
    assert _flow.most_units(market) == 3
    held = Market.from_edges(
        **edges, capacity=[3], need_group=[0, 0, 1, 1], pins=[(0, 0)], reserved=[(0, 0, 2)]
    )
    assert _flow.best_fit(held)[0].tolist() == [0, 1, 3]
    used = Market.from_edges(
        **edges, capacity=[2], need_group=[0] * 4, pins=[(0, 0)], reserved=[(0, 0, 1)]
    )
    assert _flow.most_units(used) == 2


def test_a_floor_can_cost_another_party_its_pair() -> None:
    edges: dict[str, Any] = {"need": [0, 0, 1], "offer": [0, 1, 1], "score": [500, 500, 500]}
    free = Market.from_edges(**edges, quantity=[2, 1])
    assert _flow.most_served(free, np.array([0, 1])) == 2
    bound = Market.from_edges(**edges, quantity=[2, 1], floors=[(0, 2)])
    assert _flow.most_served(bound, np.array([0, 1])) == 1


def test_most_units_against_all_plans() -> None:
    below = 0
    for seed in SEEDS:
        tiny = tiny_without_ceilings(seed)
        market, plans = build(tiny), plans_of(tiny)
        if market is None or not plans:
            continue
        most = max(map(len, plans))
        assert _flow.most_units(market) == most, seed
        below += most < _bounds.one_sided_units(market)
    assert below > 0


def test_ceilings_are_ignored() -> None:
    market = Market.from_edges([0, 1], [0, 1], [400, 300], ceilings=[([0, 1], 1)])
    assert _flow.best_fit(market)[1] == _flow.score_bound(market) == 700
    assert _flow.most_units(market) == _flow.most_served(market, np.arange(2)) == 2


@pytest.mark.parametrize(
    "sizes",
    [
        {"need": [], "offer": [], "score": []},
        {"need": [], "offer": [], "score": [], "quantity": [1], "capacity": [2]},
        {"need": [0], "offer": [0], "score": [1000], "quantity": [0]},
        {"need": [0], "offer": [0], "score": [1000], "capacity": [0]},
        {"need": [0], "offer": [0], "score": [0]},
    ],
)
def test_markets_without_anything_to_gain(sizes: dict[str, Any]) -> None:
    market = Market.from_edges(**sizes)
    edges, score = _flow.best_fit(market)
    assert (edges.tolist(), score, edges.dtype) == ([], 0, np.int64)
    assert _flow.score_bound(market) == 0
    units = int(sizes["score"] == [0])
    assert _flow.most_units(market) == units
    assert _flow.most_served(market, np.arange(market.need_count)) == units


def test_huge_quantities_and_capacities_do_no_harm() -> None:
    most = 2**31 - 2
    market = Market.from_edges([0, 0], [0, 1], [7, 8], quantity=[most], capacity=[most, most])
    assert _flow.best_fit(market)[1] == 15
    assert _flow.most_units(market) == 2


def best_by_integer_programme(market: Market) -> int:
    """The best score with floors and reserved units, in one general mixed-integer programme."""
    rows = _floors._rows(market)
    matrix = scipy.sparse.vstack([matrix for matrix, _, _ in rows], format="csr")
    low, high = (np.concatenate([row[side] for row in rows]) for side in (1, 2))
    shared = len(market.reserved)
    answer = scipy.optimize.milp(
        -np.append(market.score.astype(float), np.zeros(shared)),
        integrality=np.ones(market.edge_count + shared),
        bounds=scipy.optimize.Bounds(
            np.append(market.pinned.astype(float), np.zeros(shared)),
            np.append(np.ones(market.edge_count), [units for _, _, units in market.reserved]),
        ),
        constraints=scipy.optimize.LinearConstraint(matrix, low, high),
    )
    return round(-answer.fun)


def district_with_limits(seed: int) -> Market:
    edges = district(seed, degree=7)
    groups = sorted(set(edges["need_group"].tolist()))
    r = np.random.default_rng(seed)
    offers = r.choice(93, 15, replace=False).tolist()
    return Market.from_edges(
        **edges,
        pins=[(0, 92), (7, 3)],
        floors=[(group, 1) for group in groups[:30]],
        reserved=[(j, groups[k], 1) for k, j in enumerate(offers) if j not in (3, 92)],
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_district_as_an_integer_programme_has_it(seed: int) -> None:
    for market in (Market.from_edges(**district(seed)), district_with_limits(seed)):
        edges, score = _flow.best_fit(market)
        assert score == best_by_integer_programme(market)
        plan = market.edge_need[edges], market.edge_offer[edges]
        found = audit(market, plan)
        assert (found.violations, found.score, found.units) == ((), score, len(edges))
        assert found.units <= _flow.most_units(market)
        assert np.array_equal(_flow.best_fit(market)[0], edges)


KEYS = ("groups_served", "needs_served", "units", "score")


@pytest.mark.parametrize("seed", range(3))
def test_the_bounds_of_a_district_are_the_flows(seed: int) -> None:
    """Whatever the policy compares; `best_score` stands in for a flow that has run already."""
    market = Market.from_edges(**district(seed))
    notes = _prepare.sheet(market, "balanced", 0)
    groups = _flow.most_served(market, notes.group)
    assert groups == audit(market, ([], [])).groups_possible
    flows = {
        "groups_served": groups,
        "needs_served": _flow.most_served(market, np.arange(market.need_count)),
        "units": _flow.most_units(market),
        "score": _flow.score_bound(market),
    }
    assert _bounds.upper_bounds(market, notes, KEYS) == flows
    assert _bounds.upper_bounds(market, notes, ()) == flows
    assert _bounds.upper_bounds(market, notes, KEYS, 7) == {**flows, "score": 7}


def test_one_sided_bounds_are_never_below_the_best() -> None:
    """They stand in for flows on large markets; on some markets they are met, on others not."""
    met, missed = np.zeros(2, int), np.zeros(2, int)
    for seed in SEEDS:
        tiny = tiny_without_ceilings(seed)
        market, plans = build(tiny), plans_of(tiny)
        if market is None or not plans:
            continue
        best = np.array([max(map(len, plans)), max(total(market, plan) for plan in plans)])
        bounds = np.array([_bounds.one_sided_units(market), _bounds.one_sided_score(market)])
        assert (bounds >= best).all(), seed
        met += bounds == best
        missed += bounds > best
    assert met.min() > 0
    assert missed.min() > 0


@pytest.mark.parametrize("key", KEYS)
def test_on_large_markets_only_what_a_policy_compares_has_a_flow(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = Market.from_edges(**district(1, needs=150, offers=150, degree=2))
    notes = _prepare.sheet(market, "balanced", 0)
    exact = _bounds.upper_bounds(market, notes, KEYS)
    monkeypatch.setattr(_bounds, "IDLE_FLOW", 0)
    one = _bounds.upper_bounds(market, notes, (key,))
    none = _bounds.upper_bounds(market, notes, ())
    assert one == {**none, key: exact[key]}
    assert all(none[name] > most for name, most in exact.items() if name != "groups_served")
    assert none["groups_served"] >= exact["groups_served"]
    monkeypatch.setattr(_bounds, "SCORE_FLOW", 0)
    monkeypatch.setattr(_bounds, "COUNT_FLOW", 0)
    assert _bounds.upper_bounds(market, notes, KEYS) == none
    assert none["score"] == _bounds.one_sided_score(market)
    assert none["units"] == _bounds.one_sided_units(market)
