"""What the rungs owe each other: nothing gets worse, limits hold, the unknown is no bound."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from twosided import POLICIES, Market, Plan, audit, solve
from twosided import _exact as exact
from twosided import _ladder as ladder
from twosided import _shakes as shakes
from twosided._blocking import model_size
from twosided._cp import Programme
from twosided._prepare import board, board_engine, sheet

from tests.twosided.oracle import tiny_market
from tests.twosided.test_solve import district

solving: Any = sys.modules["twosided.solve"]


def scarce(seed: int) -> Market:
    """Nearly half the wanted places, so that serving everybody leaves blocking pairs."""
    arguments = district(seed, degree=6)
    return Market.from_edges(**{**arguments, "capacity": np.ones(93, int)})


def quick(market: Market, **settings: Any) -> ladder.Rung:
    task = ladder.Task("balanced", **settings)
    return ladder.climb(market, sheet(market, "balanced", 0), task)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_shaking_never_makes_a_plan_worse_and_helps_somewhere(seed: int) -> None:
    market = scarce(seed)
    still, shaken = quick(market), quick(market, shakes=3)
    counts = [rung.blocking for rung in (still, shaken)]
    assert counts[0] is not None
    assert counts[1] is not None
    assert counts[1] <= counts[0]
    if seed == 3:
        assert counts[1] < counts[0]
    for rung in (still, shaken):
        pairs = market.edge_need[rung.edges], market.edge_offer[rung.edges]
        found = audit(market, pairs)
        assert found.clean
        assert len(found.blocking_pairs) == rung.blocking
        assert found.groups_served == found.groups_possible


def test_a_shaken_offer_loses_few_partners_and_no_pin() -> None:
    market = Market.from_edges(
        range(10), [0] * 10, [0.5] * 10, capacity=[10], pins=[(0, 0), (1, 0), (9, 0)]
    )
    tools = board_engine(market)
    b = board(market, sheet(market, "balanced", 0), tools, 2**40)
    tools.kernels["open_board"](b, list(range(10)))
    shakes.empty(b, 0)
    assert b.offer_count[0] == 10 - shakes.SHAKEN
    assert all(b.inside[e] for e in (0, 1, 9))


def test_looking_around_keeps_what_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """With almost no time for the integer programme, shaking follows it and is refined."""
    market = scarce(3)
    monkeypatch.setattr(solving, "SECONDS_PER_EFFORT", 0.02)
    monkeypatch.setattr(solving, "SHAKES", 2)
    first, plan = solve(market, effort=0), solve(market)
    assert plan.figures["groups_served"] == first.figures["groups_served"]
    assert plan.figures["blocking_pairs"] < first.figures["blocking_pairs"]
    assert plan.bounds["blocking_pairs"] <= plan.figures["blocking_pairs"]
    most = plan.figures["blocking_pairs"] - 1
    held = solve(market, max_exceptions=most)
    assert held.figures["blocking_pairs"] <= most


def test_ties_are_settled_alike_in_one_piece_and_in_many(monkeypatch: pytest.MonkeyPatch) -> None:
    markets = [Market.from_edges(**tiny_market(seed, limited=True).arguments()) for seed in OPEN]
    whole = [solve(market, policy).pairs for market in markets for policy in POLICIES]
    monkeypatch.setattr(exact, "TOGETHER", 2)
    assert [solve(market, policy).pairs for market in markets for policy in POLICIES] == whole


def can_be_solved(seed: int) -> bool:
    try:
        solve(Market.from_edges(**tiny_market(seed, limited=True).arguments()), effort=0)
    except ValueError:
        return False
    return True


OPEN = [seed for seed in range(12) if can_be_solved(seed)]


def plan_or_none(market: Market, policy: str, limit: float, most: int | None) -> Plan | None:
    try:
        return solve(market, policy, time_limit=limit, max_exceptions=most)
    except ValueError as error:
        if str(error).startswith("max_exceptions: no plan with at most"):
            return None
        raise


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("limit", [1e-9, 0.01, 0.3])
def test_any_time_limit_gives_a_plan_or_says_max_exceptions(policy: str, limit: float) -> None:
    cut = Market.from_edges(**district(2), ceilings=[(range(0, 900, 3), 60)])
    for most in (None, 0, 10**6):
        plan = plan_or_none(cut, policy, limit, most)
        if plan is None:
            assert most == 0
            continue
        assert audit(cut, plan).clean
        assert all(
            plan.figures[name] <= plan.bounds[name]
            for name in ("groups_served", "needs_served", "units", "score")
        )
        assert plan.bounds["blocking_pairs"] <= plan.figures["blocking_pairs"]


def test_what_the_solver_does_not_know_is_no_bound() -> None:
    """A search that ends before it began used to be taken for one that proved 0."""
    r = np.random.default_rng(0)
    programme = Programme()
    x = [programme.variable() for _ in range(400)]
    for _ in range(3000):
        signs = r.permutation(400)[:3].tolist()
        programme.clause([x[k] if r.random() < 0.5 else -x[k] - 1 for k in signs])
    answer = programme.maximise([(v, 1) for v in x], None, 1e-9)
    assert answer.values is None
    assert answer.bound is None
    assert not answer.proved


def test_large_numbers_bind_nothing_that_they_should_not() -> None:
    programme = Programme()
    v = programme.variable()
    programme.linear([(v, 2**51)], low=0)
    answer = programme.maximise([(v, 2**51)], None, 1.0)
    assert answer.values == [1]
    assert answer.bound == 2**51


def test_the_flow_is_kept_where_its_exceptions_are_allowed() -> None:
    market = Market.from_edges(**district(1))
    free = solve(market, "best_fit", effort=0)
    bound = solve(market, "best_fit", effort=0, max_exceptions=10**6)
    assert free.figures["score"] == bound.figures["score"] == bound.bounds["score"]


def test_a_wide_market_with_ceilings_is_too_large_for_a_programme() -> None:
    wide = np.repeat(np.arange(500), 6), np.tile(np.arange(6), 500)
    score = np.arange(3000) % 1000
    plain = Market.from_edges(*wide, score, capacity=[50] * 6)
    limited = Market.from_edges(*wide, score, capacity=[50] * 6, ceilings=[(range(3000), 200)])
    sizes = [model_size(m, (1000 - m.score, 1000 - m.score)) for m in (plain, limited)]
    assert sizes[0] < sizes[1]
    assert sizes[1] > solving.EXACT_TERMS
    plan = solve(limited, time_limit=0.5)
    assert isinstance(plan, Plan)
    assert plan.method != "integer programme"
