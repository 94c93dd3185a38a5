"""Against every plan there is, on tiny random markets."""

from __future__ import annotations

import os
import random

import pytest
from twosided import Market, Plan, audit, explain, solve

from tests.twosided.oracle import Rules, Tiny, tiny_market

MARKETS = 5_000 if os.environ.get("PROVE") == "1" else 300
CHUNKS = 10


def seeds(chunk: int) -> range:
    return range(chunk * MARKETS // CHUNKS, (chunk + 1) * MARKETS // CHUNKS)


def solved(tiny: Tiny, policy: str) -> tuple[Market, Plan]:
    market = Market.from_edges(**tiny.arguments())
    return market, solve(market, policy=policy)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_policy_against_all_plans(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=False)
        rules = Rules(tiny)
        plans = rules.plans()
        stable = {plan for plan in plans if not rules.blocking(plan)}
        market, plan = solved(tiny, "stability")
        assert frozenset(plan.pairs) in stable, seed
        served = {p: frozenset(solved(tiny, p)[1].pairs) for p in ("balanced", "coverage")}
        most = max(map(rules.groups_served, plans))
        assert rules.groups_served(served["balanced"]) == most, seed
        assert audit(market, plan).groups_possible == most, seed
        assert rules.needs_served(served["coverage"]) == max(map(rules.needs_served, plans)), seed
        assert all(found in plans for found in served.values()), seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_audit_counts_what_the_definition_says(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=seed % 2 == 0)
        tiny.floors = []
        rules = Rules(tiny)
        market = Market.from_edges(**tiny.arguments())
        plans = rules.plans()
        for plan in random.Random(seed).sample(plans, min(len(plans), 8)):
            pairs = sorted(plan)
            found = audit(market, ([i for i, _ in pairs], [j for _, j in pairs]))
            assert found.clean, seed
            blocking = [tuple(pair) for pair in found.blocking_pairs.tolist()]
            assert blocking == rules.blocking(plan), seed
            assert found.needs_served == rules.needs_served(plan)
            assert found.groups_served == rules.groups_served(plan)
            assert found.units == len(plan)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_limits_are_never_broken(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=True)
        rules = Rules(tiny)
        possible = bool(rules.plans())
        for policy in ("stability", "balanced", "coverage"):
            if not possible:
                with pytest.raises(ValueError, match=r"^floors: "):
                    solved(tiny, policy)
                continue
            market, plan = solved(tiny, policy)
            assert rules.feasible(frozenset(plan.pairs)), (seed, policy)
            assert audit(market, plan).clean, (seed, policy)
            explain(market, plan)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_audit_and_definition_agree_on_what_is_infeasible(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=True)
        tiny.floors = []
        rules = Rules(tiny)
        market = Market.from_edges(**tiny.arguments())
        r = random.Random(seed)
        every = [(i, j) for i in range(len(tiny.quantity)) for j in range(len(tiny.capacity))]
        for _ in range(6):
            plan = frozenset(r.sample(every, r.randint(0, min(5, len(every)))))
            allowed = plan <= set(rules.free) | set(tiny.pins) and set(tiny.pins) <= plan
            pairs = sorted(plan)
            found = audit(market, ([i for i, _ in pairs], [j for _, j in pairs]))
            assert found.clean == (allowed and rules.feasible(plan)), (seed, found.violations)
