"""The first rungs: deferred acceptance or a flow, then local improvement on the board.

Every plan that comes from here keeps all limits; how good it is beyond that is not proved.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._board import BLOCKING, BUDGET, CALM, DICE, KEEP, MOST, UNLIMITED, WORK, Board
from twosided._fair import leximin, shares
from twosided._flow import best_fit
from twosided._moves import standing
from twosided._prepare import Engine, Sheet, board, board_engine, desk, engine
from twosided._start import allowed_edges, is_constrained
from twosided.audit import audit_figures
from twosided.market import Market

Array = npt.NDArray[Any]

# Edges looked at for one unit of effort; far more than a district needs to come to rest.
WORK_PER_EFFORT = 1_500_000
# Edges looked at, and shakes for each party, in one run of shaking: half a second for a district.
WORK_PER_RUN, SHAKES_PER_PARTY = 6_000_000, 3
# After so many runs without gain no more is expected.
IDLE_RUNS = 20
# Beyond this many edges `stability` is left as deferred acceptance gives it.
POLISH_BELOW = 150_000
NO_BUDGET = 2**60
CALM_POLICIES = ("stability", "fairness", "best_fit")


@dataclass(frozen=True)
class Task:
    """What a plan is wanted for.  deadline: of time.monotonic(), or None.

    start: edges of an earlier plan where improvement begins, or None.
    shakes: how often to shake the plan from anew; the best result counts.  least: no plan that is
    as good in the keys before has fewer blocking pairs.
    """

    policy: str
    effort: int = 1
    deadline: float | None = None
    max_exceptions: int | None = None
    start: Array | None = None
    shakes: int = 0
    least: int = 0


@dataclass(frozen=True)
class Rung:
    """Edges of a plan, ascending, what gave it, and its blocking pairs where they were counted.

    best_score: the greatest of all plans, where a flow found it.
    """

    edges: Array
    method: str
    blocking: int | None = None
    best_score: int | None = None


def climb(market: Market, notes: Sheet, task: Task) -> Rung:
    """The best plan of the first rungs, within max_exceptions if they find one."""
    rung = _climbed(market, notes, task)
    most = task.max_exceptions
    if most is None or rung.blocking is None or rung.blocking <= most:
        return rung
    # Deferred acceptance leaves none, or with ceilings few.
    calm = _improved(market, notes, _deferred(market, notes), replace(task, policy="stability"))
    return rung if calm.blocking is None or calm.blocking > most else calm


def _climbed(market: Market, notes: Sheet, task: Task) -> Rung:
    if task.policy == "best_fit":
        return _fitting_plan(market, notes, task)
    if task.start is None or _is_only_deferred(market, task):
        return _from_first_plan(market, notes, task)
    again = _improved(market, notes, allowed_edges(market, task.start), task)
    if _is_stable_enough(market, again, task):
        return again
    return _from_first_plan(market, notes, task)


def _is_stable_enough(market: Market, rung: Rung, task: Task) -> bool:
    """Settling an earlier plan may run in circles; deferred acceptance never does."""
    if task.policy != "stability" or is_constrained(market):
        return True
    return rung.blocking == 0


def _from_first_plan(market: Market, notes: Sheet, task: Task) -> Rung:
    if task.policy == "fairness":
        return _fair_plan(market, notes, task)
    first = _deferred(market, notes)
    if _is_only_deferred(market, task):
        return Rung(np.sort(first), "deferred acceptance", 0)
    return _improved(market, notes, first, task)


def _is_only_deferred(market: Market, task: Task) -> bool:
    """Stable already, and too large to look for more; mending an old plan would take longer."""
    large = market.edge_count >= POLISH_BELOW
    return task.policy == "stability" and large and not is_constrained(market)


def _fair_plan(market: Market, notes: Sheet, task: Task) -> Rung:
    """Leximin by a flow; then calm, every group keeping its number of pairs."""
    edges, pairs = leximin(market)
    if market.ceilings:
        return _improved(market, notes, allowed_edges(market, edges), task)
    counted = shares(market)
    least = dict(market.floors) | dict(zip(counted.group, pairs, strict=True))
    held = replace(market, floors=tuple(sorted((g, n) for g, n in least.items() if n > 0)))
    return _improved(held, notes, edges, task)


def _fitting_plan(market: Market, notes: Sheet, task: Task) -> Rung:
    """A flow, or as much of it as ceilings and max_exceptions allow."""
    floors = market.floors if not market.ceilings else ()
    edges, score = best_fit(replace(market, ceilings=(), floors=floors))
    if market.ceilings:
        order = np.lexsort((edges, -market.score[edges].astype(int)))
        edges = np.sort(allowed_edges(market, edges[order]))
    rung = Rung(edges, "min-cost flow", best_score=score)
    if task.max_exceptions is None:
        return rung
    need, offer = market.edge_need[edges], market.edge_offer[edges]
    rung = replace(rung, blocking=audit_figures(market, need, offer)[1]["blocking_pairs"])
    if rung.blocking is not None and rung.blocking <= task.max_exceptions:
        return rung
    calm = _improved(market, notes, _deferred(market, notes), task)
    return replace(calm, best_score=score)


def _deferred(market: Market, notes: Sheet) -> Array:
    """The stable plan, as far as other limits allow it."""
    tools = engine(market)
    d = desk(market, notes, tools)
    tools.kernels["defer"](d)
    start, count = np.asarray(d.slot_start), np.asarray(d.slot_count)
    place = np.arange(len(d.slot_edge)) - np.repeat(start[:-1], np.diff(start))
    taken = place < np.repeat(count, np.diff(start))
    found = np.asarray(d.slot_edge, np.int64)[taken]
    # The best liked first, and one for each party before all others: a ceiling may end the list.
    found = found[np.lexsort((found, -market.score[found].astype(int), notes.offer_key[found]))]
    _, first = np.unique(notes.party[market.edge_need[found]], return_index=True)
    later = np.ones(len(found), bool)
    later[first] = False
    found = np.concatenate([found[~later], found[later]])
    return allowed_edges(market, found)


def _improved(market: Market, notes: Sheet, first: Array, task: Task) -> Rung:
    tools = board_engine(market)
    b = _opened(market, notes, tools, first, task)
    _improve(b, tools, market, task)
    if task.shakes:
        b = _shaken(market, notes, tools, b, task)
    edges = np.flatnonzero(np.asarray(b.inside))
    changed = not np.array_equal(edges, np.sort(first))
    method = "local improvement" if changed else "deferred acceptance"
    return Rung(edges, method, int(b.tally[BLOCKING]))


def _opened(market: Market, notes: Sheet, tools: Engine, edges: Array, task: Task) -> Board:
    b = board(market, notes, tools, NO_BUDGET)
    tools.kernels["open_board"](b, tools.ints(edges))
    b.tally[CALM] = int(task.policy in CALM_POLICIES)
    b.tally[MOST] = UNLIMITED if task.max_exceptions is None else task.max_exceptions
    return b


def _shaken(market: Market, notes: Sheet, tools: Engine, b: Board, task: Task) -> Board:
    """The best board of several runs, each with dice of its own."""
    best, edges, idle = b, np.flatnonzero(np.asarray(b.inside)), 0
    rounds = SHAKES_PER_PARTY * (market.need_count + market.offer_count)
    for dice in range(task.shakes):
        if best.tally[BLOCKING] <= task.least or _is_over(task) or idle == IDLE_RUNS:
            break
        run = _opened(market, notes, tools, edges, task)
        run.tally[DICE], run.tally[BUDGET] = 7919 * dice, WORK_PER_RUN
        tools.kernels["shake_all"](run, rounds)
        idle += 1
        if standing(run) > standing(best):
            best, idle = run, 0
    return best


def _is_over(task: Task) -> bool:
    return task.deadline is not None and time.monotonic() >= task.deadline


def _improve(b: Board, tools: Engine, market: Market, task: Task) -> None:
    """Settle, serve, settle, then move what stands in the way, within the budget."""
    k, tally = tools.kernels, b.tally
    steps = 20 * (market.need_count + market.offer_count) + 1000
    share = WORK_PER_EFFORT * max(1, task.effort)
    calm, constrained = tally[CALM], is_constrained(market)
    started = constrained or task.start is not None
    if started:
        tally[KEEP], tally[BUDGET] = 1 - calm, share
        k["settle_all"](b, steps + 20 * market.edge_count)
        tally[KEEP] = 1
    tally[WORK], tally[BUDGET] = 0, share
    k["serve_all"](b)
    if not calm and tally[MOST] == UNLIMITED:
        tally[BUDGET] = tally[WORK] + share
        k["augment_all"](b)
    tally[KEEP] = 1 - (calm and int(started))
    tally[BUDGET] = (max(share, tally[WORK]) if started else share) + WORK_PER_EFFORT
    k["settle_all"](b, steps)
    while tally[BLOCKING] > 0 and k["relocate_all"](b):
        if task.deadline is not None and not _is_over(task):
            tally[BUDGET] = tally[WORK] + WORK_PER_EFFORT
    # Only with other limits can what is left to settle be more than a few steps.
    tally[BUDGET] = tally[WORK] + share if constrained else NO_BUDGET
    k["settle_all"](b, steps)
