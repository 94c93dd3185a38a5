"""The bench scripts run on tiny sizes, and what the tables compare with is what it says it is."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import markets
import methods
import numpy as np
import peer_cpsat
import peer_flows
import peer_libraries
import peer_plans
import pytest
import quality
import speed
from twosided import Market, audit

from tests.twosided.oracle import Rules, tiny_market

SCARCE = "104 x 93 scarce"
# Edges, sum of scores, a sum over ranks and offers: earlier figures were taken on these draws.
DRAWN = {
    0: (740, 486416, 14088),
    1: (722, 464581, 13469),
    2: (727, 480775, 14138),
    3: (700, 452516, 11482),
    4: (751, 488678, 15252),
    5: (677, 443793, 12774),
    6: (727, 475941, 11310),
    7: (726, 472433, 13304),
}


def fingerprint(market: Market) -> tuple[int, int, int]:
    ranked = int((market.need_rank * market.edge_offer).sum())
    return market.edge_count, int(market.score.sum()), ranked


@pytest.mark.parametrize("seed", DRAWN)
def test_the_scarce_districts_keep_their_draws(seed: int) -> None:
    assert fingerprint(markets.district(seed)) == DRAWN[seed]


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        (SCARCE, (104, 93, 74, 201, 140)),
        ("104 x 93 loose", (104, 93, 74, 201, 281)),
        ("759 x 53 scarce", (759, 53, 520, 1_100, 770)),
        ("759 x 53 loose", (759, 53, 520, 1_100, 1_540)),
        ("2,000 x 2,000 scarce", (2_000, 2_000, 1_423, 3_865, 2_706)),
    ],
)
def test_a_market_is_as_stated_and_the_same_again(name: str, sizes: tuple[int, ...]) -> None:
    market = markets.make(name, 3)
    places = int(market.quantity.sum()), int(market.capacity.sum())
    groups = len(np.unique(market.need_group))
    assert (market.need_count, market.offer_count, groups, *places) == sizes
    assert fingerprint(markets.make(name, 3)) == fingerprint(market)
    assert fingerprint(markets.make(name, 4)) != fingerprint(market)


def unpinned(seed: int) -> tuple[Market, Rules]:
    tiny = tiny_market(seed, limited=False)
    tiny.pins = []
    return Market.from_edges(**tiny.arguments()), Rules(tiny)


@pytest.mark.parametrize("seed", range(12))
def test_cpsat_from_scratch_finds_the_best_plan(seed: int) -> None:
    """Communities, then blocking pairs, then units, of every plan there is."""
    market, rules = unpinned(seed)
    found = peer_cpsat.solve_from_scratch(market, "balanced", limit=20, workers=1)
    best = min(
        (-rules.groups_served(plan), len(rules.blocking(plan)), -len(plan))
        for plan in rules.plans()
    )
    assert found.proved
    assert (-found.communities, found.blocking, -found.units) == best


@pytest.mark.parametrize("seed", range(40))
def test_flows_reach_what_they_promise(seed: int) -> None:
    market, rules = unpinned(seed)
    score = {
        (int(i), int(j)): int(s)
        for i, j, s in zip(market.edge_need, market.edge_offer, market.score, strict=True)
    }
    plans = rules.plans()
    assert int(market.score[peer_flows.best_fit(market)].sum()) == max(
        sum(score[pair] for pair in plan) for plan in plans
    )
    assert ranking(market, peer_flows.communities_first(market)) == max(
        (rules.groups_served(plan), rules.needs_served(plan), sum(score[pair] for pair in plan))
        for plan in plans
    )


def ranking(market: Market, edges: Any) -> tuple[int, int, int]:
    found = audit(market, (market.edge_need[edges], market.edge_offer[edges]))
    assert found.clean
    return found.groups_served, found.needs_served, found.score


@pytest.mark.parametrize("seed", range(4))
def test_deferred_acceptance_is_stable_and_its_levels_reach_more(seed: int) -> None:
    case = methods.case(SCARCE, seed)
    plain, whole, one = (
        methods.SIMPLE[name](case)
        for name in (
            "deferred acceptance",
            "levelled, whole communities",
            "levelled, one need each",
        )
    )
    assert isinstance(plain, methods.Figures)
    assert isinstance(whole, methods.Figures)
    assert isinstance(one, methods.Figures)
    assert plain.blocking == 0
    assert plain.communities < whole.communities == one.communities == 74


@pytest.mark.parametrize("name", peer_libraries.NAMES)
def test_a_library_finds_the_plan_that_plain_deferred_acceptance_finds(name: str) -> None:
    market = markets.make("dense 12", 0)
    why, seconds, pairs = peer_libraries.ask(sys.executable, name, "dense 12", 0, 60)
    edges = peer_plans.deferred(market)
    ours = np.stack([market.edge_need[edges], market.edge_offer[edges]], axis=1)
    assert (why, pairs) == ("", ours.tolist())
    assert seconds > 0


def test_a_library_that_fails_says_why() -> None:
    assert peer_libraries.ask("false", "matching", SCARCE, 0, 60) == ("died (1)", None, None)


@pytest.fixture
def first_plans_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our policies at effort 0: the full effort is what the benchmark itself is for."""
    for name in methods.OURS:
        policy = name.removeprefix("ours, ").removeprefix("first ")
        quick = partial(methods.ours, policy=policy, effort=methods.FIRST)
        monkeypatch.setitem(methods.EVERY, name, quick)


@pytest.mark.usefixtures("first_plans_only")
def test_the_tables_print_and_keep_what_peers_found(tmp_path: Any) -> None:
    kept = tmp_path / "peers.json"
    lines: list[str] = []
    bench = quality.Bench(limit=0.4, workers=1, kept=kept)
    quality.compare_districts(bench, range(1), lines.append)
    names = [*methods.SIMPLE, *methods.FLOWS, "CP-SAT, balanced", *methods.OURS]
    rows = list(quality.mean_rows(bench, SCARCE, [0], names))
    assert len(rows) == len(names)
    assert {line.count("|") for line in lines if line.startswith("|")} == {15}
    assert {row.count("|") for row in rows} == {quality.HEAD.count("|")}

    again = quality.Bench(limit=0.4, workers=1, kept=kept)
    case = again.case(SCARCE, 0)
    assert again.outcome("CP-SAT, balanced", case) == bench.outcome("CP-SAT, balanced", case)
    assert not any(key.startswith("ours") for key in again.known)


def test_as_good_means_no_community_less_and_no_blocking_pair_more() -> None:
    plan = methods.Figures(74, 90, 130, 95_000, 8, 1.0)
    assert quality.is_as_good(plan, methods.Figures(74, 99, 140, 99_000, 8, 1.0))
    assert quality.is_as_good(plan, methods.Figures(73, 99, 140, 99_000, 0, 1.0))
    assert not quality.is_as_good(plan, methods.Figures(74, 80, 100, 90_000, 7, 1.0))
    assert not quality.is_as_good(plan, methods.Figures(75, 80, 100, 90_000, 99, 1.0))


def test_a_replan_is_solved_from_both_sides() -> None:
    run = speed.replan(SCARCE, "balanced", effort=0)
    assert run.declined == 1
    assert run.warm > 0
    assert run.full > 0
    assert run.figures["groups_served"] == (74, 74)


def test_best_fit_equals_the_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "SIZES", (150,))
    (run,) = speed.fit_runs(150, effort=0)
    assert run.proved
    assert run.score == run.peer_score == run.bound
