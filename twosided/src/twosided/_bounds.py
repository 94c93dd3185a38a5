"""What no plan can exceed: relaxations that leave ceilings out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._flow import most_served, most_units, score_bound
from twosided._prepare import Sheet
from twosided.market import Market

Array = npt.NDArray[Any]

# Beyond so many edges flows take more time than the plan; cheaper bounds stand in.
SCORE_FLOW, COUNT_FLOW = 300_000, 3_000_000


def upper_bounds(market: Market, notes: Sheet, best_score: int | None = None) -> dict[str, int]:
    """groups_served, needs_served, units and score (thousandths) that no plan exceeds.

    best_score: if it is known already.  Exact by flows but for ceilings, up to SCORE_FLOW and
    COUNT_FLOW edges; beyond, O(E).
    """
    needs = np.arange(market.need_count)
    if best_score is None:
        flow = market.edge_count <= SCORE_FLOW
        best_score = score_bound(market) if flow else one_sided_score(market)
    if market.edge_count <= COUNT_FLOW:
        units = most_units(market)
        served = [most_served(market, party) for party in (notes.group, needs)]
    else:
        units = one_sided_units(market)
        served = [_with_candidates(market, party, units) for party in (notes.group, needs)]
    return {
        "groups_served": served[0],
        "needs_served": served[1],
        "units": units,
        "score": best_score,
    }


def free_places(market: Market) -> tuple[Array, Array]:
    """Quantity and capacity that the pins leave."""
    quantity = market.quantity - np.bincount(market.pins[:, 0], minlength=market.need_count)
    capacity = market.capacity - np.bincount(market.pins[:, 1], minlength=market.offer_count)
    return quantity, capacity


def one_sided_units(market: Market) -> int:
    """Pairs: neither side can hold more than its places and its candidates allow."""
    sides = (
        np.minimum(market.quantity, np.diff(market.need_start)).sum(),
        np.minimum(market.capacity, np.diff(market.offer_start)).sum(),
    )
    return int(min(sides))


def one_sided_score(market: Market) -> int:
    """Everybody on one side takes its best candidates, whatever the other side has room for."""
    pinned = int(market.score[market.pinned].sum(dtype=np.int64))
    quantity, capacity = free_places(market)
    edges = np.flatnonzero(~market.pinned)
    sides = (
        _one_sided(market.edge_need[edges], market.score[edges], quantity),
        _one_sided(market.edge_offer[edges], market.score[edges], capacity),
    )
    return pinned + min(sides)


def _with_candidates(market: Market, party: Array, units: int) -> int:
    able = (market.quantity > 0) & (np.diff(market.need_start) > 0)
    return min(units, len(np.unique(party[able])))


def _one_sided(index: Array, score: Array, places: Array) -> int:
    # One number an edge sorts by (index, falling score): a single pass, no comparison of pairs.
    packed = np.sort(index.astype(np.int64) * 1024 + (1000 - score.astype(np.int64)))
    index, score = packed // 1024, 1000 - packed % 1024
    start = np.searchsorted(index, np.arange(len(places)))
    position = np.arange(len(index)) - start[index]
    return int(score[position < places[index]].sum())
