"""From a market to a plan: up the ladder, each rung beginning with what the one before gave."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._blocking import model_size
from twosided._bounds import upper_bounds
from twosided._checks import as_array, whole_number
from twosided._exact import BLOCKING, Improved, Level, Request, improve
from twosided._fair import leximin, shares
from twosided._ladder import Rung, Task, climb
from twosided._prepare import Sheet, sheet
from twosided._start import binding, free_places
from twosided.audit import audit_figures
from twosided.market import Market
from twosided.plan import Plan

Array = npt.NDArray[Any]

POLICIES = ("stability", "balanced", "coverage", "fairness", "best_fit")
# The objective of each policy, its first aim first; `units` stands for pairs, then score.
# Before these, fairness has the leximin over the groups of pairs / requested / mean need weight.
KEYS = {
    "stability": (BLOCKING, "needs_served", "units"),
    "balanced": ("groups_served", BLOCKING, "units"),
    "coverage": ("needs_served", BLOCKING, "units"),
    "fairness": (BLOCKING, "score"),
    "best_fit": ("score",),
}

# Deterministic seconds of the exact rung for one unit of effort.
SECONDS_PER_EFFORT = 8.0
# Beyond this an integer programme finds nothing in reasonable time.
EXACT_NEEDS, EXACT_EDGES, EXACT_TERMS = 2_000, 12_000, 1_000_000
# The share of the exact rung after an earlier plan, so that a plan after declines is there at once.
WARM = 0.02
# Runs of shaking for one unit of effort where the integer programme comes to no end, and then how
# much of a unit it gets again.
SHAKES, AFTERWARDS = 6, 0.25
SHAKEN_POLICIES = ("balanced", "coverage")
# Up to so many edges the tie rule is settled even where the plan is known to be best.
TIE_EDGES = 200


def solve(
    market: Market,
    policy: str = "balanced",
    seed: int = 0,
    effort: int = 1,
    time_limit: float | None = None,
    max_exceptions: int | None = None,
    warm: Plan | None = None,
) -> Plan:
    """A plan for the market under a policy.

    policy: one of POLICIES, see KEYS for what each compares.
    seed: int >= 0, decides ties: the smallest sorted list of hash(seed, need, offer).
    effort: int >= 0, a deterministic budget for improvement; 0 is quick, without the exact rung.
    time_limit: seconds > 0; improvement goes on until then or until nothing helps, and the plan
    is not reproducible.
    max_exceptions: int >= 0, no plan with more blocking pairs is taken, whatever the policy.
    warm: an earlier plan; improvement begins with those of its pairs that are still possible, and
    the exact rung has little time: a new plan after a few declines is there at once.

    Pins, bans, refusals, capacities, ceilings, floors and reserved units always hold.
    ValueError, naming the argument, for anything malformed or impossible; for max_exceptions with
    the least number that is possible, as far as it is known.
    Time O(E log capacity) for deferred acceptance, E the edges; the rest is bounded by effort.
    """
    started = time.monotonic()
    task = _task(market, policy, effort, (time_limit, started), max_exceptions, warm)
    return _solved(binding(market), task, whole_number("seed", seed, low=0, high=2**63 - 1))


def _solved(market: Market, task: Task, seed: int) -> Plan:
    notes = sheet(market, task.policy, seed)
    rung = climb(market, notes, task)
    keys = _names(task.policy)
    bounds = {**upper_bounds(market, notes, keys, rung.best_score), BLOCKING: 0}
    edges, method, proved = _best(market, notes, rung, bounds, task)
    need, offer = market.edge_need[edges], market.edge_offer[edges]
    violations, figures = audit_figures(market, need, offer)
    if violations:
        raise RuntimeError(f"twosided made a plan that breaks a limit, please report: {violations}")
    if task.max_exceptions is not None and figures[BLOCKING] > task.max_exceptions:
        raise ValueError(_too_many(task, figures[BLOCKING]))
    return Plan(
        need=need.astype(np.int64),
        offer=offer.astype(np.int64),
        policy=task.policy,
        seed=seed,
        effort=task.effort,
        method=method,
        proved=proved or _is_at_bounds(figures, bounds, task),
        bounds=bounds,
        reproducible=task.deadline is None,
        figures=figures,
    )


def _task(
    market: Any, policy: Any, effort: Any, times: tuple[Any, float], most: Any, warm: Any
) -> Task:
    """Everything checked; ValueError naming the argument."""
    if not isinstance(market, Market):
        raise ValueError(f"market: must be a Market, is {type(market).__name__}")
    if not isinstance(policy, str) or policy not in POLICIES:
        said = repr(policy) if isinstance(policy, str) else f"a {type(policy).__name__}"
        raise ValueError(f"policy: {said} is unknown; use {', '.join(POLICIES)}")
    limit = times[0]
    if limit is not None:
        number = isinstance(limit, int | float) and not isinstance(limit, bool)
        if not number or not 0 < limit < 10**9:
            raise ValueError("time_limit: must be seconds above 0, or None")
    if most is not None:
        most = whole_number("max_exceptions", most, low=0, high=2**40)
    if warm is not None and not isinstance(warm, Plan):
        raise ValueError(f"warm: must be a Plan or None, is {type(warm).__name__}")
    return Task(
        policy=policy,
        effort=whole_number("effort", effort, low=0, high=10**9),
        deadline=None if limit is None else times[1] + limit,
        max_exceptions=most,
        start=None if warm is None else _still_possible(market, warm),
        shakes=0 if effort == 0 or warm is not None or _is_small(market) else 1,
    )


def _still_possible(market: Market, warm: Plan) -> Array:
    """The edges of those pairs of an earlier plan that this market still has."""
    need, offer = as_array("warm", warm.need), as_array("warm", warm.offer)
    if len(need) != len(offer) or any(a.size and a.dtype.kind not in "iu" for a in (need, offer)):
        raise ValueError("warm: its needs and offers are no two arrays of whole numbers")
    width = max(market.offer_count, 1)
    within = (need >= 0) & (need < market.need_count) & (offer >= 0) & (offer < width)
    wanted = np.unique(need[within].astype(np.int64) * width + offer[within])
    keys = market.edge_need.astype(np.int64) * width + market.edge_offer
    found = np.flatnonzero(np.isin(keys, wanted) & ~market.pinned)
    left = free_places(market)
    found = _first_of_each(found, market.edge_need, left[0], market.score)
    return np.sort(_first_of_each(found, market.edge_offer, left[1], market.score))


def _first_of_each(edges: Array, index: Array, places: Array, score: Array) -> Array:
    """The edges of the highest score, as many at each party as it has places."""
    edges = edges[np.lexsort((edges, -score[edges].astype(int), index[edges]))]
    party = index[edges]
    position = np.arange(len(edges)) - np.searchsorted(party, party)
    return edges[position < places[party]]


def _best(
    market: Market, notes: Sheet, rung: Rung, bounds: dict[str, int], task: Task
) -> tuple[Array, str, bool]:
    """Edges, rung and whether nothing is better; the bounds grow as more is known."""
    if not _is_worth_exactness(market, notes, rung, bounds, task):
        return rung.edges, rung.method, False
    effort = task.effort * (1.0 if task.start is None else WARM)
    found = improve(market, notes, rung.edges, _request(market, bounds, task, effort))
    if found.edges is None:
        raise ValueError(_none_within(task, found))
    for name in {KEYS[task.policy][0], BLOCKING} & set(found.bounds):
        sharper = max if name == BLOCKING else min
        bounds[name] = sharper(bounds[name], found.bounds[name])
    edges, proved = _looked_around(market, notes, (found.edges, found.proved), bounds, task)
    changed = not np.array_equal(edges, rung.edges)
    return edges, "integer programme" if changed else rung.method, proved


def _looked_around(
    market: Market, notes: Sheet, plan: tuple[Array, bool], bounds: dict[str, int], task: Task
) -> tuple[Array, bool]:
    """Where the fewest blocking pairs are not known, look on around the plan and refine again."""
    before = _figures_of(market, plan[0])
    known = before[BLOCKING] <= bounds[BLOCKING]
    if known or task.policy not in SHAKEN_POLICIES or task.start is not None:
        return plan
    shakes = SHAKES * task.effort if task.deadline is None else 10**9
    around = replace(task, start=plan[0], shakes=shakes, least=bounds[BLOCKING])
    rung = climb(market, notes, around)
    after = _figures_of(market, rung.edges)
    if _standing(after, task) <= _standing(before, task):
        return plan
    # What comes after the blocking pairs is refined; that these are the fewest is not known.
    held = {**bounds, BLOCKING: after[BLOCKING]}
    request = _request(market, held, task, AFTERWARDS * task.effort)
    again = improve(market, notes, rung.edges, request)
    return rung.edges if again.edges is None else again.edges, False


def _standing(figures: dict[str, int], task: Task) -> tuple[int, ...]:
    """What the policy compares, the larger the better."""
    signs = ((name, -1 if name == BLOCKING else 1) for name in _names(task.policy))
    return tuple(sign * figures[name] for name, sign in signs)


def _names(policy: str) -> list[str]:
    pairs = {"units": ("units", "score")}
    return [name for key in KEYS[policy] for name in pairs.get(key, (key,))]


def _is_worth_exactness(
    market: Market, notes: Sheet, rung: Rung, bounds: dict[str, int], task: Task
) -> bool:
    """Small enough, and either not known to be best or so small that ties cost nothing."""
    late = task.deadline is not None and time.monotonic() >= task.deadline
    if task.effort == 0 or late or not _is_small(market):
        return False
    if model_size(market, (notes.need_key, notes.offer_key)) > EXACT_TERMS:
        return False
    return market.edge_count <= TIE_EDGES or not _is_at_bounds(
        _figures_of(market, rung.edges), bounds, task
    )


def _is_small(market: Market) -> bool:
    return market.need_count <= EXACT_NEEDS and market.edge_count <= EXACT_EDGES


def _figures_of(market: Market, edges: Array) -> dict[str, int]:
    return audit_figures(market, market.edge_need[edges], market.edge_offer[edges])[1]


def _too_many(task: Task, count: int) -> str:
    return (
        f"max_exceptions: no plan with at most {task.max_exceptions} was found;"
        f" the best has {count}; one may still exist: allow more time or more exceptions"
    )


def _none_within(task: Task, found: Improved) -> str:
    least = found.bounds[BLOCKING]
    if found.proved:
        return f"max_exceptions: {least} is the least that is possible, not {task.max_exceptions}"
    return (
        f"max_exceptions: no plan with at most {task.max_exceptions} was found;"
        f" none can have fewer than {least}"
    )


def _request(market: Market, bounds: dict[str, int], task: Task, effort: float) -> Request:
    known = {name: bounds[name] for name in ("groups_served", "needs_served", "score", BLOCKING)}
    fair, most = task.policy == "fairness", task.max_exceptions
    return Request(
        keys=KEYS[task.policy],
        known=known,
        budget=SECONDS_PER_EFFORT * effort if task.deadline is None else 10.0**6,
        deadline=_time_of_programme(task),
        max_exceptions=most,
        levels=_levels(market, free=not market.ceilings and most is None) if fair else (),
    )


def _time_of_programme(task: Task) -> float | None:
    """Until when it may take; where shaking can follow, that has half of what is left."""
    if task.deadline is None or task.policy not in SHAKEN_POLICIES:
        return task.deadline
    now = time.monotonic()
    return now + (task.deadline - now) / 2


def _levels(market: Market, *, free: bool) -> tuple[Level, ...]:
    """How many groups can be above each value; free: the flow that ignores ceilings knows."""
    counted = shares(market)
    pairs = leximin(market)[1] if free else None
    group = counted.number[market.edge_need]
    edges = [np.flatnonzero(group == g) for g in range(len(counted.group))]
    levels = []
    for value in counted.levels[:-1]:
        needed = [counted.count_needed(g, value) for g in range(len(edges))]
        able = [g for g, count in enumerate(needed) if count <= counted.most[g]]
        bound = None if pairs is None else sum(pairs[g] >= needed[g] for g in able)
        levels.append(Level(tuple((edges[g], needed[g]) for g in able), bound))
    return tuple(levels)


def _is_at_bounds(figures: dict[str, int], bounds: dict[str, int], task: Task) -> bool:
    """Whether every key of the policy is at its bound, so that nothing can be better."""
    if task.policy == "fairness":
        return False
    most = task.max_exceptions
    within = most is None or figures[BLOCKING] <= most
    return within and all(figures[name] == bounds[name] for name in _names(task.policy))
