"""From a market to the arrays that the kernels read, as lists (small) or int64 arrays (large)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._board import BUDGET, KEEP, TIGHT, Board
from twosided._compiled import KERNELS, compiled
from twosided._defer import Desk
from twosided._keys import TIE_BITS, preference_keys, tie_hash
from twosided._moves import PICKS
from twosided._order import row_starts, stable_order
from twosided._start import free_places
from twosided.market import Market

Array = npt.NDArray[Any]

# Above this many edges compiling pays; below it lists are quicker than waiting.
COMPILE_FROM = 150_000
# The kernels that improve a plan take a minute to compile, once; below this, lists are quicker.
COMPILE_BOARD_FROM = 1_000_000
JOURNAL = 20_000


@dataclass(frozen=True)
class Engine:
    """The kernels by name and the kind of sequence that they read."""

    kernels: dict[str, Callable[..., Any]]
    is_compiled: bool

    def ints(self, array: Array) -> Any:
        if self.is_compiled:
            return np.array(array, np.int64)
        return array.tolist()

    def filled(self, count: int, number: int = 0) -> Any:
        return np.full(count, number, np.int64) if self.is_compiled else [number] * count


def engine(market: Market) -> Engine:
    """For deferred acceptance and bounds."""
    return _engine(compile_it=market.edge_count >= COMPILE_FROM)


def board_engine(market: Market) -> Engine:
    """For improving a plan."""
    return _engine(compile_it=market.edge_count >= COMPILE_BOARD_FROM)


def _engine(*, compile_it: bool) -> Engine:
    if compile_it:
        return Engine(compiled(), is_compiled=True)
    return Engine({kernel.__name__: kernel for kernel in KERNELS}, is_compiled=False)


@dataclass(frozen=True)
class Sheet:
    """What solvers derive once from a market: keys, ties, parties."""

    need_key: Array
    offer_key: Array
    tie: Array
    party: Array
    party_start: Array
    party_need: Array
    group: Array
    group_ids: Array


def sheet(market: Market, policy: str, seed: int) -> Sheet:
    """Parties are groups for `balanced` and single needs otherwise."""
    group_ids, group = np.unique(market.need_group, return_inverse=True)
    by_group = policy == "balanced"
    party = group if by_group else np.arange(market.need_count)
    count = len(group_ids) if by_group else market.need_count
    return Sheet(
        need_key=preference_keys(market.need_rank, market.score),
        offer_key=preference_keys(market.offer_rank, market.score),
        tie=tie_hash(seed, market.edge_need, market.edge_offer),
        party=party,
        party_start=row_starts(party, count),
        party_need=stable_order(party, count),
        group=group,
        group_ids=group_ids,
    )


def desk(market: Market, sheet: Sheet, engine: Engine) -> Desk:
    """An empty desk for deferred acceptance; pins are left out, their places are taken."""
    ints, filled = engine.ints, engine.filled
    quota, places = free_places(market)
    seats = np.minimum(places, np.diff(market.offer_start))
    slot_start = np.concatenate([[0], np.cumsum(seats)])
    needs, offers = market.need_count, market.offer_count
    start, order = _orders(market, sheet, engine)
    pairs = np.bincount(sheet.party[market.pins[:, 0]], minlength=len(sheet.party_start) - 1)
    return Desk(
        need_start=ints(start),
        order=order,
        edge_need=ints(market.edge_need),
        edge_offer=ints(market.edge_offer),
        offer_key=ints(sheet.offer_key),
        tie=ints(sheet.tie),
        quota=ints(quota),
        seats=ints(seats),
        slot_start=ints(slot_start),
        slot_word=filled(int(slot_start[-1])),
        slot_edge=filled(int(slot_start[-1])),
        slot_count=filled(offers),
        pointer=ints(start[:-1]),
        level=filled(needs),
        waiting=filled(needs),
        stack=filled(needs),
        party=ints(sheet.party),
        party_pairs=ints(pairs),
        tally=filled(2),
    )


def _orders(market: Market, sheet: Sheet, engine: Engine) -> tuple[Array, Any]:
    """Each need's unpinned edges, best first: key, then hash."""
    free = np.flatnonzero(~market.pinned)
    word = (sheet.need_key[free] << TIE_BITS) | sheet.tie[free]
    start = row_starts(market.edge_need[free], market.need_count)
    if not engine.is_compiled:
        return start, free[np.lexsort((word, market.edge_need[free]))].tolist()
    order = free.astype(np.int64)
    engine.kernels["sort_rows"](start, order, word)
    return start, order


def board(market: Market, sheet: Sheet, engine: Engine, budget: int) -> Board:
    """An empty board; fill it with `open_board`."""
    ints, filled = engine.ints, engine.filled
    need_slots = np.minimum(market.quantity, np.diff(market.need_start))
    offer_slots = np.minimum(market.capacity, np.diff(market.offer_start))
    limits = _limits(market, sheet)
    tally = np.zeros(16, np.int64)
    tally[[BUDGET, KEEP, TIGHT]] = budget, 1, int(is_tight(market))
    return Board(
        need_start=ints(market.need_start),
        edge_need=ints(market.edge_need),
        edge_offer=ints(market.edge_offer),
        need_key=ints(sheet.need_key),
        offer_key=ints(sheet.offer_key),
        offer_start=ints(market.offer_start),
        offer_edge=ints(market.offer_edge),
        score=ints(market.score),
        pinned=ints(market.pinned.astype(np.int64)),
        party=ints(sheet.party),
        party_start=ints(sheet.party_start),
        party_need=ints(sheet.party_need),
        group=ints(sheet.group),
        **{name: ints(array) for name, array in limits.items()},
        need_slot_start=ints(np.concatenate([[0], np.cumsum(need_slots)])),
        offer_slot_start=ints(np.concatenate([[0], np.cumsum(offer_slots)])),
        **_scratch(market, sheet, engine),
        need_free=ints(market.quantity),
        need_slots=filled(int(need_slots.sum())),
        offer_slots=filled(int(offer_slots.sum())),
        tally=ints(tally),
    )


def _scratch(market: Market, sheet: Sheet, engine: Engine) -> dict[str, Any]:
    """What starts as zeros: counts, flags and the stacks of the searches."""
    needs, offers, edges = market.need_count, market.offer_count, market.edge_count
    sizes = {
        "inside": edges,
        "blocked": edges,
        "need_limit": needs,
        "offer_limit": offers,
        "need_count": needs,
        "offer_count": offers,
        "need_blocked": needs,
        "offer_blocked": offers,
        "party_pairs": len(sheet.party_start) - 1,
        "group_pairs": len(sheet.group_ids),
        "ceiling_used": len(market.ceilings),
        "ceiling_seen": len(market.ceilings),
        "reserve_used": len(market.reserved),
        "queue": needs,
        "queued": needs,
        "journal": JOURNAL + 4 * (needs + offers),
        "visited": offers,
        "via": offers,
        "came": 2 * offers,
        "picks": 2 * PICKS,
        "pick_costs": PICKS,
    }
    return {name: engine.filled(size) for name, size in sizes.items()}


def is_tight(market: Market) -> bool:
    return bool(market.ceilings or market.reserved)


def _limits(market: Market, sheet: Sheet) -> dict[str, Array]:
    """Floors, ceilings both ways round, and reserved units, as arrays."""
    floor = np.zeros(len(sheet.group_ids), np.int64)
    for group, least in market.floors:
        floor[np.searchsorted(sheet.group_ids, group)] = least
    edges = np.concatenate([np.zeros(0, np.int64), *(edges for edges, _ in market.ceilings)])
    sizes = np.array([len(edges) for edges, _ in market.ceilings], np.int64)
    number = np.repeat(np.arange(len(sizes)), sizes)
    general = market.capacity.copy()
    reserve = np.full(market.edge_count, -1, np.int64)
    for r, (offer, group, units) in enumerate(market.reserved):
        general[offer] -= units
        mine = market.offer_edge[market.offer_start[offer] : market.offer_start[offer + 1]]
        reserve[mine[market.need_group[market.edge_need[mine]] == group]] = r
    return {
        "floor": floor,
        "edge_ceiling_start": row_starts(edges, market.edge_count),
        "edge_ceiling": number[np.argsort(edges, kind="stable")],
        "ceiling_start": np.concatenate([[0], np.cumsum(sizes)]),
        "ceiling_edge": edges,
        "ceiling_cap": np.array([cap for _, cap in market.ceilings], np.int64),
        "edge_reserve": reserve,
        "reserve_units": np.array([units for _, _, units in market.reserved], np.int64),
        "offer_free": general,
    }
