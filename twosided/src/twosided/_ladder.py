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
# In one run of shaking: shakes for each party, and edges looked at, so many and so many times all
# there are.  Half a second for a district.
SHAKES_PER_PARTY, WORK_PER_RUN, WORK_PER_EDGE = 3, 1_000_000, 16
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
        run.tally[DICE] = 7919 * dice
        run.tally[BUDGET] = WORK_PER_RUN + WORK_PER_EDGE * market.edge_count
        tools.kernels["shake_all"](run, rounds)
        idle += 1
        if standing(run) > standing(best):
            best, idle = run, 0
    return best


def _is_over(task: Task) -> bool:
    return task.deadline is not None and time.monotonic() >= task.deadline


def _improve(b: Board, tools: Engine, market: Market, task: Task) -> None:
    """Settle, serve, settle, then move what stands in the way, within the budget.

    Every step leaves a plan within the limits, so a deadline may end it anywhere between two.
    """
    for step in (_settle_start, _serve, _settle_on, _relocate, _settle_down):
        if _is_over(task):
            return
        step(b, tools, market, task)


def _share(task: Task) -> int:
    return WORK_PER_EFFORT * max(1, task.effort)


def _steps(market: Market) -> int:
    return 20 * (market.need_count + market.offer_count) + 1000


def _is_open(market: Market, task: Task) -> bool:
    """Whether a first plan may be far from settled: it was cut by limits, or is an old one."""
    return is_constrained(market) or task.start is not None


def _settle_start(b: Board, tools: Engine, market: Market, task: Task) -> None:
    if _is_open(market, task):
        b.tally[KEEP], b.tally[BUDGET] = 1 - b.tally[CALM], _share(task)
        tools.kernels["settle_all"](b, _steps(market) + 20 * market.edge_count)
        b.tally[KEEP] = 1


def _serve(b: Board, tools: Engine, market: Market, task: Task) -> None:
    b.tally[WORK], b.tally[BUDGET] = 0, _share(task)
    tools.kernels["serve_all"](b)
    if not b.tally[CALM] and b.tally[MOST] == UNLIMITED:
        b.tally[BUDGET] = b.tally[WORK] + _share(task)
        tools.kernels["augment_all"](b)


def _settle_on(b: Board, tools: Engine, market: Market, task: Task) -> None:
    tally, share = b.tally, _share(task)
    is_open = _is_open(market, task)
    tally[KEEP] = 1 - (tally[CALM] and int(is_open))
    tally[BUDGET] = (max(share, tally[WORK]) if is_open else share) + WORK_PER_EFFORT
    tools.kernels["settle_all"](b, _steps(market))


def _relocate(b: Board, tools: Engine, market: Market, task: Task) -> None:
    while b.tally[BLOCKING] > 0 and tools.kernels["relocate_all"](b) and not _is_over(task):
        if task.deadline is not None:
            b.tally[BUDGET] = b.tally[WORK] + WORK_PER_EFFORT


def _settle_down(b: Board, tools: Engine, market: Market, task: Task) -> None:
    # Only with other limits can what is left to settle be more than a few steps.
    more = b.tally[WORK] + _share(task)
    b.tally[BUDGET] = more if is_constrained(market) else NO_BUDGET
    tools.kernels["settle_all"](b, _steps(market))
