"""What a plan promises: the same again, whatever the order or the engine; and its own bounds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from twosided import POLICIES, Market, audit, solve
from twosided import _prepare as prepare

from tests.twosided.oracle import Rules, tiny_market


def district(seed: int, needs: int = 104, offers: int = 93, degree: int = 10) -> dict[str, Any]:
    """A scarce market with groups, ties and ranks on both sides."""
    r = np.random.default_rng(seed)
    need = np.repeat(np.arange(needs), degree)
    offer = np.concatenate([r.choice(offers, degree, replace=False) for _ in range(needs)])
    count = len(need)
    return {
        "need": need,
        "offer": offer,
        "score": r.integers(300, 1000, count) // 20 * 20,
        "need_rank": r.choice([0, 0, 0, 1, 1, 2, -1], count),
        "offer_rank": r.choice([0, 0, 0, 1, 1, 2], count),
        "quantity": r.choice([1, 2, 3], needs, p=[0.4, 0.3, 0.3]),
        "capacity": r.choice([1, 2], offers, p=[0.5, 0.5]),
        "need_group": r.integers(0, 74, needs),
    }


def deferred(market: Market) -> tuple[list[int], int, int]:
    """What the first kernels leave behind: held edges, proposals, parties that can be served."""
    notes = prepare.sheet(market, "balanced", 3)
    tools = prepare.engine(market)
    desk = prepare.desk(market, notes, tools)
    tools.kernels["defer"](desk)
    roll = prepare.roll(market, notes.party, tools)
    tools.kernels["match_parties"](roll)
    return np.asarray(desk.slot_edge).tolist(), int(desk.tally[0]), int(roll.tally[0])


def test_compiled_and_uncompiled_kernels_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    markets = [Market.from_edges(**district(seed)) for seed in range(5)]
    markets += [Market.from_edges(**district(6, degree=70), pins=[(0, 0)])]
    slow = [deferred(market) for market in markets]
    monkeypatch.setattr(prepare, "COMPILE_FROM", 0)
    assert [deferred(market) for market in markets] == slow


@pytest.mark.skipif(os.environ.get("PROVE") != "1", reason="compiles for minutes: PROVE=1 runs it")
def test_compiled_and_uncompiled_plans_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    markets = [Market.from_edges(**district(seed)) for seed in range(3)]
    markets += [Market.from_edges(**district(9), ceilings=[(range(0, 900, 3), 20)])]
    markets += [Market.from_edges(**district(9), pins=[(0, 0), (5, 7)], bans=[(1, 1)])]
    slow = [solve(market, policy=p).pairs for market in markets for p in POLICIES]
    monkeypatch.setattr(prepare, "COMPILE_FROM", 0)
    monkeypatch.setattr(prepare, "COMPILE_BOARD_FROM", 0)
    fast = [solve(market, policy=p).pairs for market in markets for p in POLICIES]
    assert slow == fast


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(3))
def test_bounds_are_kept_and_reached(policy: str, seed: int) -> None:
    market = Market.from_edges(**district(seed))
    plan = solve(market, policy=policy)
    found = audit(market, plan)
    assert found.clean
    assert plan.bounds["groups_served"] == found.groups_possible
    for key in ("groups_served", "needs_served", "units", "score"):
        assert getattr(found, key) <= plan.bounds[key]
    if policy == "stability":
        assert not len(found.blocking_pairs)
    if policy == "balanced":
        assert found.groups_served == found.groups_possible
    if policy == "coverage":
        assert found.needs_served == plan.bounds["needs_served"]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_edges_does_not_matter(policy: str, seed: int) -> None:
    arguments = tiny_market(seed, limited=False).arguments()
    expected = solve(Market.from_edges(**arguments), policy=policy, seed=seed).pairs
    order = list(range(len(arguments["need"])))
    random.Random(seed).shuffle(order)
    for name in ("need", "offer", "score", "need_rank", "offer_rank"):
        arguments[name] = [arguments[name][k] for k in order]
    assert solve(Market.from_edges(**arguments), policy=policy, seed=seed).pairs == expected


def test_another_process_gives_the_same_plan() -> None:
    code = (
        "from tests.twosided.test_solve import district\n"
        "from twosided import Market, solve\n"
        "print(solve(Market.from_edges(**district(4)), seed=7).pairs)"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert runs == {f"{solve(Market.from_edges(**district(4)), seed=7).pairs}\n"}


def test_the_seed_decides_ties_only() -> None:
    market = Market.from_edges(**district(1))
    plans = {tuple(solve(market, policy="stability", seed=seed).pairs) for seed in range(5)}
    assert len(plans) > 1


def test_a_time_limit_is_not_reproducible() -> None:
    market = Market.from_edges(**district(1))
    plan = solve(market, time_limit=0.05)
    assert not plan.reproducible
    assert audit(market, plan).clean
    assert solve(market).reproducible


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", "fairness"),
        ("policy", "best_fit"),
        ("policy", "luck"),
        ("policy", None),
        ("policy", ["balanced"]),
        ("seed", -1),
        ("seed", 1.0),
        ("seed", True),
        ("effort", 0),
        ("effort", "much"),
        ("time_limit", 0),
        ("time_limit", float("nan")),
        ("time_limit", "soon"),
        ("max_exceptions", 3),
        ("warm", 0),
        ("market", None),
    ],
)
def test_malformed_arguments_are_named(name: str, value: Any) -> None:
    arguments: dict[str, Any] = {"market": Market.from_edges([0], [0], [0.5]), name: value}
    with pytest.raises(ValueError, match=rf"^{name}: "):
        solve(**arguments)


@pytest.mark.parametrize("seed", range(12))
def test_ties_are_broken_for_whoever_would_have_nothing(seed: int) -> None:
    market = Market.from_edges([0, 0, 1], [0, 1, 0], [0.9, 0.5, 0.9], offer_rank=[1, 1, 1])
    notes = prepare.sheet(market, "stability", seed)
    tools = prepare.engine(market)
    desk = prepare.desk(market, notes, tools)
    tools.kernels["defer"](desk)
    assert np.asarray(desk.slot_count).tolist() == [1, 1]


def test_augmenting_paths_alone_serve_everybody_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["twosided.solve"], "WORK_PER_EFFORT", 0)
    for seed in range(20):
        market = Market.from_edges(**district(seed, degree=4))
        assert audit(market, solve(market)).groups_served == audit(market, ([], [])).groups_possible
        plan = solve(market, policy="coverage")
        assert audit(market, plan).needs_served == plan.bounds["needs_served"]


def test_an_empty_market_has_an_empty_plan() -> None:
    for arguments in ({}, {"quantity": [1, 2], "capacity": [0]}):
        market = Market.from_edges([], [], [], **arguments)
        for policy in POLICIES:
            plan = solve(market, policy=policy)
            assert plan.pairs == []
            assert plan.proved
            assert audit(market, plan).clean


def test_proved_only_where_every_bound_is_met() -> None:
    crossed = Market.from_edges([0, 0, 1], [0, 1, 0], [0.9, 0.8, 0.5])
    plan = solve(crossed, policy="stability")
    assert plan.pairs == [(0, 0)]
    assert not plan.proved
    assert solve(Market.from_edges([0, 1], [0, 1], [0.9, 0.8])).proved


@pytest.mark.parametrize("seed", range(60))
def test_the_score_bound_is_the_best_score(seed: int) -> None:
    tiny = tiny_market(seed, limited=False)
    market = Market.from_edges(**tiny.arguments())
    pairs = zip(market.edge_need.tolist(), market.edge_offer.tolist(), strict=True)
    score = dict(zip(pairs, market.score.tolist(), strict=True))
    best = max(sum(score[pair] for pair in plan) for plan in Rules(tiny).plans())
    assert solve(market).bounds["score"] == best


def test_import_is_quick() -> None:
    code = "import sys, twosided; print('numba' in sys.modules, 'scipy.optimize' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False False\n"
