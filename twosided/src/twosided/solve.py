"""From a market to a plan: deferred acceptance, then whoever is left out, then calm."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._board import BLOCKING, BUDGET, CALM, KEEP, WORK, Board
from twosided._bounds import score_bound, units_bound
from twosided._checks import whole_number
from twosided._prepare import (
    Engine,
    Sheet,
    board,
    board_engine,
    desk,
    engine,
    roll,
    sheet,
)
from twosided._start import allowed_edges, binding, is_constrained
from twosided.market import Market
from twosided.plan import Plan

Array = npt.NDArray[Any]

POLICIES = ("stability", "balanced", "coverage")
ANNOUNCED = ("fairness", "best_fit")

# Edges looked at for one unit of effort; far more than a district needs to come to rest.
WORK_PER_EFFORT = 1_500_000
# Beyond this many edges `stability` is left as deferred acceptance gives it.
POLISH_BELOW = 150_000
NO_BUDGET = 2**60


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

    policy: "stability" (fewest blocking pairs, then needs served), "balanced" (groups served, then
    fewest blocking pairs) or "coverage" (needs served, then fewest blocking pairs); all then
    prefer more pairs and a higher score.
    seed: int >= 0, decides ties.  effort: int >= 1, a deterministic budget for improvement.
    time_limit: seconds > 0; improvement goes on until then or until nothing helps, and the plan
    is not reproducible.

    Pins, bans, refusals, capacities, ceilings, floors and reserved units always hold.
    ValueError, naming the argument, for anything malformed, not available, or impossible.
    Time O(E log capacity) for stability, improvement bounded by effort.
    """
    seed, effort = _checked(market, policy, seed, effort, time_limit, max_exceptions, warm)
    market = binding(market)
    notes = sheet(market, policy, seed)
    tools = engine(market)
    deadline = None if time_limit is None else time.monotonic() + time_limit
    edges, bounds = _edges(market, policy, notes, tools, (effort, deadline))
    return Plan(
        need=market.edge_need[edges].astype(np.int64),
        offer=market.edge_offer[edges].astype(np.int64),
        policy=policy,
        seed=seed,
        effort=effort,
        method="deferred acceptance" if policy == "stability" else "levelled deferred acceptance",
        proved=_proved(market, edges, bounds),
        bounds=bounds,
        reproducible=time_limit is None,
    )


def _checked(
    market: Any,
    policy: Any,
    seed: Any,
    effort: Any,
    time_limit: Any,
    max_exceptions: Any,
    warm: Any,
) -> tuple[int, int]:
    if not isinstance(market, Market):
        raise ValueError(f"market: must be a Market, is {type(market).__name__}")
    available = ", ".join(POLICIES)
    if not isinstance(policy, str) or policy not in POLICIES + ANNOUNCED:
        raise ValueError(f"policy: {policy!r} is unknown; use {available}")
    if policy in ANNOUNCED:
        raise ValueError(f"policy: {policy!r} is not available in this version; use {available}")
    for name, value in (("max_exceptions", max_exceptions), ("warm", warm)):
        if value is not None:
            raise ValueError(f"{name}: not available in this version; leave it None")
    if time_limit is not None:
        number = isinstance(time_limit, int | float) and not isinstance(time_limit, bool)
        if not number or not 0 < time_limit < 10**9:
            raise ValueError("time_limit: must be seconds above 0, or None")
    seed = whole_number("seed", seed, low=0, high=2**63 - 1)
    return seed, whole_number("effort", effort, low=1, high=10**9)


def _edges(
    market: Market, policy: str, notes: Sheet, tools: Engine, limits: tuple[int, float | None]
) -> tuple[Array, dict[str, int]]:
    """The edges of the plan, ascending, and the bounds."""
    first = _first_edges(market, notes, tools)
    if policy == "stability" and not is_constrained(market) and market.edge_count >= POLISH_BELOW:
        return np.sort(first), _bounds(market, notes, tools, blocking_pairs=0)
    improver = board_engine(market)
    b = board(market, notes, improver, NO_BUDGET)
    improver.kernels["open_board"](b, improver.ints(first))
    if policy == "stability":
        b.tally[CALM] = 1
    _improve(b, improver, market, limits)
    edges = np.flatnonzero(np.asarray(b.inside))
    bounds = _bounds(market, notes, tools)
    if b.tally[BLOCKING] == 0:
        bounds["blocking_pairs"] = 0
    return edges, bounds


def _first_edges(market: Market, notes: Sheet, tools: Engine) -> Array:
    """Where improvement starts: the stable plan, as far as other limits allow it."""
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


def _improve(b: Board, tools: Engine, market: Market, limits: tuple[int, float | None]) -> None:
    """Settle, serve, settle, then move what stands in the way, within the budget."""
    k, tally = tools.kernels, b.tally
    steps = 20 * (market.need_count + market.offer_count) + 1000
    share, calm, constrained = WORK_PER_EFFORT * limits[0], tally[CALM], is_constrained(market)
    if constrained:
        tally[KEEP], tally[BUDGET] = 1 - calm, share
        k["settle_all"](b, steps + 20 * market.edge_count)
        tally[KEEP] = 1
    tally[WORK], tally[BUDGET] = 0, share
    k["serve_all"](b)
    if not calm:
        tally[BUDGET] = tally[WORK] + share
        k["augment_all"](b)
    tally[KEEP] = 1 - (calm and int(constrained))
    tally[BUDGET] = (max(share, tally[WORK]) if constrained else share) + WORK_PER_EFFORT
    k["settle_all"](b, steps)
    while tally[BLOCKING] > 0 and k["relocate_all"](b):
        if limits[1] is not None and time.monotonic() < limits[1]:
            tally[BUDGET] = tally[WORK] + WORK_PER_EFFORT
    # Only with other limits can what is left to settle be more than a few steps.
    tally[BUDGET] = tally[WORK] + share if constrained else NO_BUDGET
    k["settle_all"](b, steps)


def _bounds(market: Market, notes: Sheet, tools: Engine, **known: int) -> dict[str, int]:
    return {
        "groups_served": _most_parties(market, notes.group, tools),
        "needs_served": _most_parties(market, np.arange(market.need_count), tools),
        "units": units_bound(market),
        "score": score_bound(market),
        **known,
    }


def _most_parties(market: Market, party: Array, tools: Engine) -> int:
    r = roll(market, party, tools)
    tools.kernels["match_parties"](r)
    return int(r.tally[0])


def _proved(market: Market, edges: Array, bounds: dict[str, int]) -> bool:
    """Whether every key of every policy is at its bound, so that nothing can be better."""
    need = market.edge_need[edges]
    reached = {
        "groups_served": len(np.unique(market.need_group[need])),
        "needs_served": len(np.unique(need)),
        "units": len(edges),
        "score": int(market.score[edges].sum(dtype=np.int64)),
        "blocking_pairs": 0,
    }
    return "blocking_pairs" in bounds and all(reached[name] == bounds[name] for name in bounds)
