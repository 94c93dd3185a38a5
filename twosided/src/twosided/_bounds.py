"""What no plan can exceed: relaxations that leave ceilings, floors and reserved units out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from twosided.market import Market

Array = npt.NDArray[Any]

# Up to this many cells (needs x offers) the best score is computed exactly.
DENSE_CELLS = 20_000
NOWHERE = -(2**40)


def free_places(market: Market) -> tuple[Array, Array]:
    """Quantity and capacity that the pins leave."""
    quantity = market.quantity - np.bincount(market.pins[:, 0], minlength=market.need_count)
    capacity = market.capacity - np.bincount(market.pins[:, 1], minlength=market.offer_count)
    return quantity, capacity


def units_bound(market: Market) -> int:
    """Pairs: neither side can hold more than its places and its candidates allow."""
    sides = (
        np.minimum(market.quantity, np.diff(market.need_start)).sum(),
        np.minimum(market.capacity, np.diff(market.offer_start)).sum(),
    )
    return int(min(sides))


def score_bound(market: Market) -> int:
    """The best score in thousandths: exact on small markets, else the better one-sided bound."""
    pinned = int(market.score[market.pinned].sum(dtype=np.int64))
    if market.need_count * market.offer_count <= DENSE_CELLS:
        return pinned + _best_score(market)
    quantity, capacity = free_places(market)
    edges = np.flatnonzero(~market.pinned)
    sides = (
        _one_sided(market.edge_need[edges], market.score[edges], quantity),
        _one_sided(market.edge_offer[edges], market.score[edges], capacity),
    )
    return pinned + min(sides)


def _one_sided(index: Array, score: Array, places: Array) -> int:
    """Everybody takes its best candidates, whatever the other side has room for."""
    # One number a edge sorts by (index, falling score): a single pass, no comparison of pairs.
    packed = np.sort(index.astype(np.int64) * 1024 + (1000 - score.astype(np.int64)))
    index, score = packed // 1024, 1000 - packed % 1024
    start = np.searchsorted(index, np.arange(len(places)))
    position = np.arange(len(index)) - start[index]
    return int(score[position < places[index]].sum())


def _best_score(market: Market) -> int:
    """Maximum-score plan by successive longest paths on the dense residual network.

    Each round adds one pair along a path of greatest gain (Bellman-Ford on whole matrices) and
    stops when no path gains.  Time O(pairs x path length x N x M).
    """
    quantity, capacity = free_places(market)
    gain = np.full((market.need_count, market.offer_count), NOWHERE, np.int64)
    free = ~market.pinned
    gain[market.edge_need[free], market.edge_offer[free]] = market.score[free]
    if not gain.size:
        return 0
    forward, backward = gain.copy(), np.full_like(gain, NOWHERE)
    total = 0
    while True:
        value, offer_from, need_from = _longest_paths(forward, backward, quantity)
        ends = np.where(capacity > 0, value, NOWHERE)
        j = int(np.argmax(ends))
        if ends[j] <= 0:
            return total
        total += int(ends[j])
        capacity[j] -= 1
        quantity[_turn_path(j, offer_from, need_from, (gain, forward, backward))] -= 1


def _longest_paths(forward: Array, backward: Array, quantity: Array) -> tuple[Array, Array, Array]:
    """Gain of the best path to each offer, the need before it, the offer before each need."""
    at_need = np.where(quantity > 0, 0, NOWHERE)
    need_from = np.full(len(quantity), -1)
    offer_from = np.full(forward.shape[1], -1)
    # Halfway, so that a step from nowhere is no improvement.
    at_offer = np.full(forward.shape[1], NOWHERE // 2, np.int64)
    while True:
        reach = at_need[:, None] + forward
        best = reach.argmax(axis=0)
        value = reach[best, np.arange(len(best))]
        better = value > at_offer
        if not better.any():
            return at_offer, offer_from, need_from
        at_offer[better], offer_from[better] = value[better], best[better]
        back = at_offer[None, :] + backward
        best = back.argmax(axis=1)
        value = back[np.arange(len(best)), best]
        better = value > at_need
        at_need[better], need_from[better] = value[better], best[better]


def _turn_path(j: int, offer_from: Array, need_from: Array, matrices: tuple[Array, ...]) -> int:
    """Take the pairs of the path that ends at offer j, give up the others; its first need."""
    gain, forward, backward = matrices
    while True:
        i = int(offer_from[j])
        forward[i, j], backward[i, j] = NOWHERE, -gain[i, j]
        j = int(need_from[i])
        if j < 0:
            return i
        forward[i, j], backward[i, j] = gain[i, j], NOWHERE
