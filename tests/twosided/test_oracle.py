"""The oracle against the audit, and wrong solvers that its comparison must find."""

from __future__ import annotations

import os
import random
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from twosided import POLICIES, Market, Plan, audit, explain, solve

from tests.twosided.oracle import Edge, Objectives, Rules, Tiny, tiny_market
from tests.twosided.test_exact import differences

MARKETS = 5_000 if os.environ.get("PROVE") == "1" else 300
CHUNKS = 10
# A wrong solver is found within so many markets.
SOON = 60


def seeds(chunk: int) -> range:
    return range(chunk * MARKETS // CHUNKS, (chunk + 1) * MARKETS // CHUNKS)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_audit_counts_what_the_definition_says(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=seed % 2 == 0)
        tiny.floors = []
        rules = Rules(tiny)
        market = Market.from_edges(**tiny.arguments())
        for mask in random.Random(seed).sample(rules.masks, min(len(rules.masks), 8)):
            plan = rules.pairs(mask)
            pairs = sorted(plan)
            found = audit(market, ([i for i, _ in pairs], [j for _, j in pairs]))
            assert found.clean, seed
            blocking = [tuple(pair) for pair in found.blocking_pairs.tolist()]
            assert blocking == rules.blocking(plan), seed
            counted = rules.figures[mask]
            assert len(blocking) == counted.blocking_pairs
            for name in ("needs_served", "groups_served", "units", "score"):
                assert getattr(found, name) == getattr(counted, name), (seed, name)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_audit_knows_how_many_groups_any_plan_could_serve(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=False)
        most = max(figures.groups_served for figures in Rules(tiny).figures.values())
        assert audit(Market.from_edges(**tiny.arguments()), ([], [])).groups_possible == most, seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_comes_of_limits_can_be_explained(chunk: int) -> None:
    for seed in seeds(chunk):
        tiny = tiny_market(seed, limited=True)
        policy = POLICIES[seed % len(POLICIES)]
        if not Rules(tiny).masks:
            with pytest.raises(ValueError, match=r"^floors: "):
                solve(Market.from_edges(**tiny.arguments()), policy, effort=0)
            continue
        market = Market.from_edges(**tiny.arguments())
        plan = solve(market, policy, effort=0)
        assert [(pair.need, pair.offer) for pair in explain(market, plan).pairs] == plan.pairs


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


def test_markets_have_all_that_must_be_decided() -> None:
    """Ties to break, floors and ceilings that bind, exceptions that nobody can avoid."""
    seen = {"ties": 0, "many plans": 0, "unstable": 0, "impossible": 0, "edgeless pin": 0}
    for seed in range(300):
        rules = Rules(tiny := tiny_market(seed, limited=True))
        seen["impossible"] += not rules.masks
        seen["edgeless pin"] += not set(tiny.pins) <= set(tiny.edges)
        if not rules.masks:
            continue
        keys = list(Objectives(rules).keys("balanced").values())
        seen["ties"] += keys.count(max(keys)) > 1
        seen["many plans"] += len(keys) > 30
        seen["unstable"] += min(f.blocking_pairs for f in rules.figures.values()) > 0
    assert min(seen.values()) >= 3, seen


def tiny_of(market: Market) -> Tiny:
    """The lists behind a market: what was refused or banned is no edge any more."""
    edges = list(zip(market.edge_need.tolist(), market.edge_offer.tolist(), strict=True))
    return Tiny(
        edges=edges,
        score=market.score.tolist(),
        need_rank=market.need_rank.tolist(),
        offer_rank=market.offer_rank.tolist(),
        quantity=market.quantity.tolist(),
        capacity=market.capacity.tolist(),
        need_group=market.need_group.tolist(),
        need_weight=market.need_weight.tolist(),
        pins=[(i, j) for i, j in market.pins.tolist()],
        ceilings=[(numbers.tolist(), cap) for numbers, cap in market.ceilings],
        floors=list(market.floors),
        reserved=list(market.reserved),
    )


class BruteForce:
    """A solver that tries every plan, by definitions that may be wrong on purpose."""

    def __init__(self, rules: type[Rules] = Rules, objectives: type[Objectives] = Objectives):
        self.rules, self.objectives = rules, objectives

    def __call__(self, market: Market, policy: str, seed: int, **options: Any) -> Plan:
        rules = self.rules(tiny_of(market))
        objectives = self.objectives(rules)
        most = options.get("max_exceptions")
        if not rules.masks:
            raise ValueError("floors: no plan meets them all")
        if not objectives.eligible(most):
            least = min(figures.blocking_pairs for figures in rules.figures.values())
            raise ValueError(f"max_exceptions: every plan has at least {least}")
        mask = objectives.best(policy, seed, most)[0]
        pairs = sorted(rules.pairs(mask))
        figures = asdict(rules.figures[mask])
        first = objectives.order[policy][0]
        return Plan(
            need=np.array([i for i, _ in pairs], np.int64),
            offer=np.array([j for _, j in pairs], np.int64),
            policy=policy,
            seed=seed,
            method="brute force",
            proved=True,
            bounds={first: figures[first]} if first in figures else {},
            figures=figures,
        )


def test_the_right_definitions_show_no_difference() -> None:
    solver = BruteForce()
    assert [said for seed in range(SOON) for said in differences(seed, solver)] == []


class TiesDisplace(Rules):
    def prefers(self, side: int, new: Edge, old: Edge) -> bool:
        return new != old and not super().prefers(side, old, new)


class OffersPreferTheWorse(Rules):
    def prefers(self, side: int, new: Edge, old: Edge) -> bool:
        return super().prefers(side, *((new, old) if side == 0 else (old, new)))


class RanksAreIgnored(Rules):
    def prefers(self, side: int, new: Edge, old: Edge) -> bool:
        return self.t.score[self.place[new]] > self.t.score[self.place[old]]


class BlockingKnowsNoCeilings(Rules):
    def allowed(self, plan: int, pair: Edge, side: int) -> bool:
        return side == 0 or self.room(plan, pair[1])


class BlockingKnowsNoReservedUnits(Rules):
    def allowed(self, plan: int, pair: Edge, side: int) -> bool:
        taken = (plan & self.at[1][pair[1]]).bit_count()
        return self.under_ceilings(plan) and (side == 0 or taken <= self.t.capacity[pair[1]])


class FullCeilingsAreBroken(Rules):
    def under_ceilings(self, plan: int) -> bool:
        return all((plan & mask).bit_count() <= cap + 1 for mask, cap in self.capped)


class FullCeilingsAreNeverReached(Rules):
    def under_ceilings(self, plan: int) -> bool:
        return all(
            (plan & mask).bit_count() <= max(cap - 1, (self.pinned & mask).bit_count())
            for mask, cap in self.capped
        )


class ReservedUnitsAreForAll(Rules):
    def room(self, plan: int, j: int) -> bool:
        return (plan & self.at[1][j]).bit_count() <= self.t.capacity[j]


class PinsAreForgotten(Rules):
    def __init__(self, tiny: Tiny) -> None:
        super().__init__(tiny)
        self.pinned = 0


class UnitsBeforeCalm(Objectives):
    order = MappingProxyType(
        {
            **Objectives.order,
            "balanced": ("groups_served", "units", "blocking_pairs", "score"),
            "coverage": ("needs_served", "units", "blocking_pairs", "score"),
        }
    )


class NoScore(Objectives):
    order = MappingProxyType({p: names[:-1] or ("units",) for p, names in Objectives.order.items()})


class NeedsAreGroups(Objectives):
    order = MappingProxyType({**Objectives.order, "balanced": Objectives.order["coverage"]})


class WeightsAreIgnored(Objectives):
    def __init__(self, rules: Rules) -> None:
        rules.t.need_weight = [1.0] * len(rules.t.need_weight)
        super().__init__(rules)


class BestOffFirst(Objectives):
    def leximin(self, plan: int) -> Any:
        return super().leximin(plan)[::-1]


class SumOfShares(Objectives):
    def leximin(self, plan: int) -> Any:
        return sum(super().leximin(plan))


class LargestHashes(Objectives):
    def tie(self, hashes: list[int]) -> list[int]:
        return [-h for h in sorted(hashes)]


class HashesAreNotSorted(Objectives):
    def tie(self, hashes: list[int]) -> list[int]:
        return sorted(hashes, reverse=True)


class ShortListsFirst(Objectives):
    def tie(self, hashes: list[int]) -> list[int]:
        return [len(hashes), *sorted(hashes)]


class SumOfHashes(Objectives):
    def tie(self, hashes: list[int]) -> list[int]:
        return [sum(hashes)]


class SeedIsIgnored(Objectives):
    def hashes(self, seed: int) -> dict[int, int]:
        return super().hashes(0)


class OneExceptionTooMany(Objectives):
    def eligible(self, most: int | None = None) -> list[int]:
        return super().eligible(None if most is None else most + 1)


class OneExceptionTooFew(Objectives):
    def eligible(self, most: int | None = None) -> list[int]:
        return super().eligible(None if most is None else most - 1)


WRONG = [*Rules.__subclasses__(), *Objectives.__subclasses__()]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_wrong_definition_is_found(wrong: Any) -> None:
    solver = BruteForce(**{"rules" if issubclass(wrong, Rules) else "objectives": wrong})
    assert any(differences(seed, solver) for seed in range(SOON))
