"""Where improvement starts: without the limits that bind nothing, from what calm allows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._floors import floor_edges
from twosided.market import Market

Array = npt.NDArray[Any]


def binding(market: Market) -> Market:
    """The same market without ceilings, floors and reserved units that no plan can break."""
    groups, counts = np.unique(market.need_group[market.pins[:, 0]], return_counts=True)
    pinned = dict(zip(groups.tolist(), counts.tolist(), strict=True))
    ceilings = tuple((edges, cap) for edges, cap in market.ceilings if cap < len(edges))
    floors = tuple((group, least) for group, least in market.floors if least > pinned.get(group, 0))
    reserved = tuple(entry for entry in market.reserved if entry[2] > 0)
    return replace(market, ceilings=ceilings, floors=floors, reserved=reserved)


def free_places(market: Market) -> tuple[Array, Array]:
    """Quantity and capacity that the pins leave."""
    quantity = market.quantity - np.bincount(market.pins[:, 0], minlength=market.need_count)
    capacity = market.capacity - np.bincount(market.pins[:, 1], minlength=market.offer_count)
    return quantity, capacity


def is_constrained(market: Market) -> bool:
    return bool(market.ceilings or market.reserved or market.floors)


def allowed_edges(market: Market, wanted: Array) -> Array:
    """The pins and, one after the other, those wanted edges that break no limit.

    Floors that these leave open are met by `floor_edges` instead; ValueError if that fails.
    """
    kept = _kept(market, wanted)
    groups = market.need_group[market.edge_need[kept]]
    if any(int((groups == group).sum()) < least for group, least in market.floors):
        return floor_edges(market)
    return kept


def _kept(market: Market, wanted: Array) -> Array:
    """Within ceilings and reserved units; quantities and capacities hold already."""
    every = np.concatenate([np.flatnonzero(market.pinned), wanted[~market.pinned[wanted]]])
    if not market.ceilings and not market.reserved:
        return every
    left = {("ceiling", number, 0): cap for number, (_, cap) in enumerate(market.ceilings)}
    left |= {("held", offer, group): units for offer, group, units in market.reserved}
    for offer, _, units in market.reserved:
        general = ("general", offer, 0)
        left[general] = left.get(general, int(market.capacity[offer])) - units
    bound = _ceilings_of_edges(market)
    kept = []
    for e in every.tolist():
        offer, need = int(market.edge_offer[e]), market.edge_need[e]
        place = ("held", offer, int(market.need_group[need]))
        if left.get(place, 0) < 1:
            place = ("general", offer, 0)
        takes = [key for key in (place, *bound[e]) if key in left]
        if all(left[key] > 0 for key in takes):
            left.update({key: left[key] - 1 for key in takes})
            kept.append(e)
    return np.array(kept, np.int64)


def _ceilings_of_edges(market: Market) -> dict[int, list[tuple[str, int, int]]]:
    bound: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for number, (edges, _) in enumerate(market.ceilings):
        for e in edges.tolist():
            bound[e].append(("ceiling", number, 0))
    return bound
