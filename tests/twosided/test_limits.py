"""Ceilings, floors, reserved units: those that bind nothing change nothing, others cost little."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import pytest
from twosided import POLICIES, Market, Plan, audit, solve
from twosided import _prepare as prepare
from twosided._board import WORK
from twosided._start import binding

from tests.twosided.oracle import Objectives, Rules, tiny_market
from tests.twosided.test_solve import district

SEEDS = 2_000 if os.environ.get("PROVE") == "1" else 150


def limited_district(seed: int, **limits: Any) -> Market:
    return Market.from_edges(**district(seed), **limits)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    "limits",
    [
        {"ceilings": [(range(0, 900, 3), 300)]},
        {"reserved": [(0, 0, 0)]},
        {"floors": [(0, 0)]},
        {"floors": [(1, 1)], "pins": [(1, 0)], "need_group": [0, 1]},
    ],
)
def test_a_limit_that_binds_nothing_changes_nothing(policy: str, limits: dict[str, Any]) -> None:
    edges: dict[str, Any] = {"need": [1, 0], "offer": [0, 0], "score": [0.15, 0.45]}
    if "ceilings" in limits:
        edges = district(2)
    arguments: dict[str, Any] = {**edges, **limits}
    free = {**arguments, "ceilings": (), "reserved": (), "floors": ()}
    market, plain = Market.from_edges(**arguments), Market.from_edges(**free)
    assert binding(market) == plain
    assert solve(market, policy, effort=0).pairs == solve(plain, policy, effort=0).pairs


def test_a_ceiling_over_one_pair_does_not_keep_the_worse_need() -> None:
    market = Market.from_edges([1, 0], [0, 0], [0.15, 0.45], ceilings=[([0], 3)])
    for policy in POLICIES:
        plan = solve(market, policy)
        assert plan.pairs == [(0, 0)]
        assert not len(audit(market, plan).blocking_pairs)


@pytest.mark.parametrize("policy", ["balanced", "coverage"])
def test_quick_plans_under_limits_seldom_fall_behind_the_best(policy: str) -> None:
    """Before the exact rung: at most 1 in 10 serves fewer or leaves more blocking pairs."""
    short = 0
    for seed in range(SEEDS):
        tiny = tiny_market(seed, limited=True)
        rules = Rules(tiny)
        if not rules.masks:
            continue
        keys = Objectives(rules).keys(policy)
        found = solve(Market.from_edges(**tiny.arguments()), policy, effort=0)
        short += keys[rules.mask(found.pairs)][:2] < max(keys.values())[:2]
    assert short <= SEEDS // 10


@pytest.mark.parametrize("policy", POLICIES)
def test_binding_limits_cost_a_district_little(policy: str) -> None:
    market = limited_district(3, reserved=[(j, j % 74, 1) for j in range(20) if j % 74 in GROUPS])
    plan = solve(market, policy, effort=0)
    assert audit(market, plan).clean
    if policy in ("stability", "balanced", "coverage"):
        assert plan.figures["blocking_pairs"] <= 10


GROUPS = set(district(3)["need_group"].tolist())


def test_a_full_ceiling_is_looked_through_only_when_that_changes() -> None:
    edges = district(5)
    count = len(edges["need"])
    market = Market.from_edges(**edges, ceilings=[(range(count), 60)])
    tools = prepare.board_engine(market)
    b = prepare.board(market, prepare.sheet(market, "balanced", 0), tools, 2**60)
    loose = solve(market, effort=0)
    tools.kernels["open_board"](b, edge_numbers(market, loose))
    assert np.asarray(b.inside).sum() == 60
    leaving = next(e for e in range(market.edge_count) if b.inside[e])
    coming = next(e for e in range(market.edge_count) if open_pair(b, e))
    b.tally[WORK] = 0
    tools.kernels["exchange"](b, coming, leaving, -1)
    assert b.tally[WORK] < market.edge_count // 4


def edge_numbers(market: Market, plan: Plan) -> list[int]:
    pairs = zip(market.edge_need.tolist(), market.edge_offer.tolist(), strict=True)
    numbers = {pair: e for e, pair in enumerate(pairs)}
    return [numbers[pair] for pair in plan.pairs]


def open_pair(b: Any, e: int) -> bool:
    free = b.need_free[b.edge_need[e]] > 0 and b.offer_free[b.edge_offer[e]] > 0
    return bool(free and not b.inside[e])


def test_effort_bounds_the_time_with_ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any work allowed the plan is what deferred acceptance leaves under the ceiling."""
    market = limited_district(4, ceilings=[(range(900), 40)], pins=[(0, 0)])
    ladder = sys.modules["twosided._ladder"]
    monkeypatch.setattr(ladder, "WORK_PER_EFFORT", 20_000)
    assert solve(market, "stability", effort=0).method == "local improvement"
    monkeypatch.setattr(ladder, "WORK_PER_EFFORT", 0)
    plan = solve(market, "stability", effort=0)
    assert plan.method == "deferred acceptance"
    assert audit(market, plan).clean


def test_one_ceiling_over_everything_still_serves_most_groups() -> None:
    edges = district(6)
    market = Market.from_edges(**edges, ceilings=[(range(len(edges["need"])), 50)])
    found = audit(market, solve(market, effort=0))
    assert found.clean
    assert found.groups_served >= 47


def test_floors_without_any_edge_are_kept_or_named() -> None:
    empty: dict[str, Any] = {"need": [], "offer": [], "score": [], "quantity": [1], "capacity": [1]}
    for policy in POLICIES:
        assert solve(Market.from_edges(**empty, floors=[(0, 0)]), policy).pairs == []
    with pytest.raises(ValueError, match=r"^floors: "):
        Market.from_edges(**empty, floors=[(0, 1)])


def test_floor_edges_without_any_edge() -> None:
    floors = sys.modules["twosided._floors"]
    market = Market.from_edges([], [], [], quantity=[1], capacity=[1], floors=[(0, 0)])
    assert floors.floor_edges(market).tolist() == []
    assert floors.floor_edges(market).dtype == np.int64
