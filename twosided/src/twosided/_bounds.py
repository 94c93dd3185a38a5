"""What no plan can exceed: relaxations that leave ceilings out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._flow import most_served, most_units, score_bound
from twosided._prepare import Sheet
from twosided._start import free_places
from twosided.market import Market

Array = npt.NDArray[Any]

# Beyond so many edges a flow takes more time than the plan, and a cheaper bound stands in; what the
# policy does not compare has the cheaper one much sooner.
SCORE_FLOW, COUNT_FLOW, IDLE_FLOW = 300_000, 3_000_000, 50_000


def upper_bounds(
    market: Market, notes: Sheet, keys: Collection[str], best_score: int | None = None
) -> dict[str, int]:
    """groups_served, needs_served, units and score (thousandths) that no plan exceeds.

    keys: those that the policy compares.  best_score: if it is known already.
    Exact by flows but for ceilings, up to the sizes above; beyond, O(E).
    """
    if best_score is None:
        flow = market.edge_count <= (SCORE_FLOW if "score" in keys else IDLE_FLOW)
        best_score = score_bound(market) if flow else one_sided_score(market)
    return {
        "groups_served": _served(market, notes.group, exact="groups_served" in keys),
        "needs_served": _served(market, np.arange(market.need_count), exact="needs_served" in keys),
        "units": _units(market, exact="units" in keys),
        "score": best_score,
    }


def _served(market: Market, party: Array, *, exact: bool) -> int:
    if market.edge_count <= (COUNT_FLOW if exact else IDLE_FLOW):
        return most_served(market, party)
    able = (market.quantity > 0) & (np.diff(market.need_start) > 0)
    return min(one_sided_units(market), len(np.unique(party[able])))


def _units(market: Market, *, exact: bool) -> int:
    flow = market.edge_count <= (COUNT_FLOW if exact else IDLE_FLOW)
    return most_units(market) if flow else one_sided_units(market)


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


def _one_sided(index: Array, score: Array, places: Array) -> int:
    # One number an edge sorts by (index, falling score): a single pass, no comparison of pairs.
    packed = np.sort(index.astype(np.int64) * 1024 + (1000 - score.astype(np.int64)))
    index, score = packed // 1024, 1000 - packed % 1024
    start = np.searchsorted(index, np.arange(len(places)))
    position = np.arange(len(index)) - start[index]
    return int(score[position < places[index]].sum())
