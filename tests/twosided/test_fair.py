"""Leximin against every plan there is, on tiny markets with weights."""

from __future__ import annotations

import os
import random
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from twosided import Market, _fair, audit

from tests.twosided.oracle import Edge, Rules, Tiny
from tests.twosided.test_flow import UNMET, build, pairs, tiny_without_ceilings
from tests.twosided.test_solve import district

SEEDS = range(3_000 if os.environ.get("PROVE") == "1" else 200)
WEIGHTS = [0.1, 0.5, 1.0, 1.0, 1.0, 2.0, 3.0]


def weighted(seed: int) -> tuple[Tiny, list[float], Market | None]:
    tiny = tiny_without_ceilings(seed)
    r = random.Random(seed)
    weights = [r.choice(WEIGHTS) for _ in tiny.quantity]
    market = build(tiny)
    if market is not None:
        market = Market.from_edges(**{**tiny.arguments(), "need_weight": weights})
    return tiny, weights, market


def defined_vector(
    tiny: Tiny, weights: list[float], edges: list[Edge], plan: frozenset[Edge]
) -> list[Fraction]:
    """The objective word for word, for the groups with a candidate and something requested."""
    values = []
    for group in set(tiny.need_group):
        needs = [i for i, g in enumerate(tiny.need_group) if g == group]
        requested = sum(tiny.quantity[i] for i in needs)
        if not requested or not any(i in needs for i, _ in edges):
            continue
        mean = sum(Fraction(weights[i]) for i in needs) / len(needs)
        served = sum(i in needs for i, _ in plan)
        values.append(Fraction(served, requested) / mean)
    return sorted(values)


def mistaken(seed: int) -> bool | None:
    """Whether the vector of `leximin` is not the best of all plans; None without any plan."""
    tiny, weights, market = weighted(seed)
    plans = Rules(tiny).plans()
    if market is None or not plans:
        return None
    edges, counts = _fair.leximin(market)
    every = pairs(market, slice(None))
    plan = frozenset(pairs(market, edges))
    assert plan in plans, seed
    mine = defined_vector(tiny, weights, every, plan)
    assert list(_fair.vector(market, counts)) == mine, seed
    return mine != max(defined_vector(tiny, weights, every, other) for other in plans)


def test_leximin_has_the_greatest_vector_of_all_plans() -> None:
    found = Counter(mistaken(seed) for seed in SEEDS)
    assert found[True] == 0
    assert found[False] > len(SEEDS) // 2


def test_the_test_catches_a_flipped_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among equals the one that rises least, and then the highest first."""
    monkeypatch.setattr(_fair, "order_of", lambda row, x, g: (row[x], row[x + 1], g))
    assert any(mistaken(seed) for seed in range(3_000))
    monkeypatch.setattr(_fair, "order_of", lambda row, x, g: (-row[x], -row[x + 1], g))
    assert any(mistaken(seed) for seed in SEEDS)


def test_floors_that_no_plan_meets_are_named() -> None:
    unmet = 0
    for seed in SEEDS:
        tiny, _, market = weighted(seed)
        if market is not None and not Rules(tiny).plans():
            unmet += 1
            with pytest.raises(ValueError, match=UNMET):
                _fair.leximin(market)
    assert unmet > 0


def test_shares_leave_out_who_cannot_be_compared() -> None:
    market = Market.from_edges(
        need=[0, 1, 3, 3],
        offer=[0, 0, 0, 1],
        score=[1, 2, 3, 4],
        quantity=[3, 0, 1, 2, 5],
        need_group=[4, 9, 7, 2, 4],
        need_weight=[0.5, 1, 1, 0.1, 1],
    )
    found = _fair.shares(market)
    # Group 9 asks for nothing, group 7 has no candidate; need 4 counts though it has none.
    assert found.group == [2, 4]
    assert found.number.tolist() == [1, -1, -1, 0, 1]
    assert found.requested == [2, 8]
    assert found.weight == [Fraction(0.1), Fraction(3, 4)]
    assert found.most == [2, 1]
    assert found.value(1, 1) == Fraction(1, 6)
    assert found.levels == [0, Fraction(1, 6), Fraction(1, 2) / Fraction(0.1), 1 / Fraction(0.1)]


def test_count_needed_is_the_first_above_the_level() -> None:
    checked = 0
    for seed in SEEDS:
        market = weighted(seed)[2]
        if market is None:
            continue
        found = _fair.shares(market)
        for g, values in enumerate(found.values):
            for level in found.levels:
                count = found.count_needed(g, level)
                assert found.value(g, count) > level >= found.value(g, count - 1)
                assert (count > found.most[g]) == (level >= values[-1])
                checked += 1
    assert checked > len(SEEDS)


def test_disadvantaged_groups_come_first() -> None:
    edges: dict[str, Any] = {"need": [0, 1], "offer": [0, 0], "score": [900, 100]}
    assert _fair.leximin(Market.from_edges(**edges, need_weight=[1, 2]))[1] == [1, 0]
    assert _fair.leximin(Market.from_edges(**edges, need_weight=[2, 1]))[1] == [0, 1]


def test_equal_groups_go_by_what_one_pair_means_to_them() -> None:
    """Both have nothing; the one that asks for less rises higher."""
    market = Market.from_edges([0, 1], [0, 0], [500, 500], quantity=[2, 1])
    assert _fair.leximin(market)[1] == [0, 1]


def test_ceilings_are_ignored_and_nothing_is_no_trouble() -> None:
    market = Market.from_edges([0, 1], [0, 1], [400, 300], ceilings=[([0, 1], 1)])
    assert _fair.leximin(market)[0].tolist() == [0, 1]
    empty = Market.from_edges([], [], [], quantity=[1], capacity=[1])
    edges, counts = _fair.leximin(empty)
    assert (edges.tolist(), edges.dtype, counts) == ([], np.int64, [])
    assert _fair.vector(empty, counts) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_district_is_served_without_violations(seed: int) -> None:
    edges = district(seed, degree=7)
    market = Market.from_edges(**edges, floors=[(int(edges["need_group"][0]), 1)], pins=[(9, 50)])
    plan, counts = _fair.leximin(market)
    found = audit(market, (market.edge_need[plan], market.edge_offer[plan]))
    assert (found.violations, found.units) == ((), sum(counts))
    assert found.groups_served == found.groups_possible
    assert plan.tolist() == _fair.leximin(market)[0].tolist()
