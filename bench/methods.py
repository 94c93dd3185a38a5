"""Every way to a plan that the tables compare, by name: ours and the peers, counted alike.

Figures are counted by `twosided.audit` from the pairs alone.  Seconds are processor seconds, of
all workers together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import markets
import numpy as np
import peer_cpsat
import peer_flows
import peer_libraries
import peer_plans
from timing import timed
from twosided import POLICIES, Market, Plan, audit, solve

FIRST, DEFAULT = 0, 1
# Beyond these sizes (edges) a peer is not asked: it only burns its time box, or all memory.
CPSAT_EDGES = 100_000
LIBRARY_EDGES = 100_000


@dataclass(frozen=True)
class Case:
    """One market of a table. limit: seconds for a peer; python: one that has the libraries."""

    shape: str
    seed: int
    market: Market
    limit: float = 25.0
    workers: int = 2
    python: str = sys.executable


@dataclass(frozen=True)
class Figures:
    """What a method reached; bounds: what it says no plan can beat; proved: it says it is best."""

    communities: int
    needs: int
    units: int
    score: int
    blocking: int
    seconds: float
    bounds: dict[str, int] = field(default_factory=dict)
    proved: bool = False
    by: str = ""


# A plan's figures, or why there is none.
Outcome = Figures | str
Method = Callable[[Case], Outcome]


def case(shape: str, seed: int, limit: float = 25.0, workers: int = 2) -> Case:
    return Case(shape, seed, markets.make(shape, seed), limit, workers)


def count(market: Market, pairs: tuple[Any, Any], seconds: float, **said: Any) -> Figures:
    """The figures of a plan; a plan that breaks a rule is an AssertionError."""
    found = audit(market, pairs)
    assert found.clean, found.violations
    return Figures(
        communities=found.groups_served,
        needs=found.needs_served,
        units=found.units,
        score=found.score,
        blocking=len(found.blocking_pairs),
        seconds=seconds,
        **said,
    )


def ours(case: Case, *, policy: str, effort: int) -> Figures:
    repeat = 5 if effort == FIRST else 1
    seconds, plan = timed(partial(solve, case.market, policy=policy, effort=effort), repeat)
    return count_plan(case.market, plan, seconds)


def count_plan(market: Market, plan: Plan, seconds: float) -> Figures:
    said = {"bounds": dict(plan.bounds), "proved": plan.proved, "by": plan.method}
    return count(market, (plan.need, plan.offer), seconds, **said)


def plain(case: Case, *, work: Callable[[Market], Any]) -> Figures:
    """A peer that gives the edges of its plan."""
    seconds, edges = timed(partial(work, case.market))
    return count(
        case.market, (case.market.edge_need[edges], case.market.edge_offer[edges]), seconds
    )


def library(case: Case, *, name: str) -> Outcome:
    if case.market.edge_count > LIBRARY_EDGES:
        return "not asked at this size"
    why, seconds, pairs = peer_libraries.ask(
        case.python, name, case.shape, case.seed, 4 * case.limit
    )
    if pairs is None:
        return str(why)
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return count(case.market, (both[:, 0], both[:, 1]), seconds)


def cpsat(case: Case, *, policy: str) -> Outcome:
    if case.market.edge_count > CPSAT_EDGES:
        return "not asked at this size"
    return of_cpsat(
        asdict(peer_cpsat.solve_from_scratch(case.market, policy, case.limit, case.workers))
    )


def of_cpsat(found: dict[str, Any]) -> Outcome:
    """Figures from a result as bench/peer_cpsat.py keeps it."""
    if not found["units"]:
        return f"no plan in {found['seconds']:.0f} s"
    names = ("communities", "needs", "units", "score", "blocking", "bounds", "proved")
    return Figures(**{name: found[name] for name in names}, seconds=found["cpu"], by="CP-SAT")


def cpsat_key(case: Case, policy: str) -> str:
    return peer_cpsat.key(policy, case.shape, case.seed)


SIMPLE: dict[str, Method] = {
    "greedy by score": partial(plain, work=peer_plans.greedy),
    "deferred acceptance": partial(plain, work=peer_plans.deferred),
    "levelled, whole communities": partial(plain, work=peer_plans.levelled),
    "levelled, one need each": partial(plain, work=partial(peer_plans.levelled, whole=False)),
}
FLOWS: dict[str, Method] = {
    "OR-tools flow, best fit": partial(plain, work=peer_flows.best_fit),
    "OR-tools flow, communities first": partial(plain, work=peer_flows.communities_first),
}
LIBRARIES: dict[str, Method] = {name: partial(library, name=name) for name in peer_libraries.NAMES}
CPSAT: dict[str, Method] = {
    f"CP-SAT, {policy}": partial(cpsat, policy=policy)
    for policy in ("stable, most units", "stable, communities first", "balanced")
}
OURS: dict[str, Method] = {
    "ours, first balanced": partial(ours, policy="balanced", effort=FIRST),
    **{f"ours, {policy}": partial(ours, policy=policy, effort=DEFAULT) for policy in POLICIES},
}
EVERY: dict[str, Method] = {**SIMPLE, **LIBRARIES, **FLOWS, **CPSAT, **OURS}
