"""How many groups any plan could serve, counted for the verifier alone."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided.market import Market

Array = npt.NDArray[Any]


def groups_possible(market: Market) -> int:
    """The largest number of groups that can each have a place left by the pins.

    Groups are matched to offers, each offer taking as many groups as it has places left by pins.
    Offers with room for every group that could come never decide anything and are settled first.
    """
    ids, group = np.unique(market.need_group, return_inverse=True)
    served = np.zeros(len(ids), bool)
    served[group[market.pins[:, 0]]] = True
    quantity = market.quantity - np.bincount(market.pins[:, 0], minlength=market.need_count)
    room = market.capacity - np.bincount(market.pins[:, 1], minlength=market.offer_count)
    counts = ~market.pinned & (quantity[market.edge_need] > 0) & (room[market.edge_offer] > 0)
    counts &= ~served[group[market.edge_need]]
    links = np.unique(
        group[market.edge_need[counts]].astype(np.int64) * max(market.offer_count, 1)
        + market.edge_offer[counts]
    )
    giver, offer = np.divmod(links, max(market.offer_count, 1))
    plenty = np.bincount(offer, minlength=market.offer_count) <= room
    easy = np.zeros(len(ids), bool)
    easy[giver[plenty[offer]]] = True
    hard = ~easy[giver]
    return int(served.sum()) + int(easy.sum()) + _matched(giver[hard], offer[hard], room)


def _matched(group: Array, offer: Array, room: Array) -> int:
    """Largest matching of groups to places, links sorted by group, by augmenting paths."""
    wishes: dict[int, list[int]] = {}
    for g, j in zip(group.tolist(), offer.tolist(), strict=True):
        wishes.setdefault(g, []).append(j)
    holders: dict[int, set[int]] = {}
    limits = room.tolist()
    dead: set[int] = set()
    count = 0
    for g in wishes:
        if _augmented(g, wishes, holders, limits, dead):
            count += 1
    return count


def _augmented(
    first: int,
    wishes: dict[int, list[int]],
    holders: dict[int, set[int]],
    limits: list[int],
    dead: set[int],
) -> bool:
    reached: dict[int, int] = {}
    came: dict[int, int] = {}
    line = deque([first])
    while line:
        g = line.popleft()
        for j in wishes[g]:
            if j in dead or j in reached:
                continue
            reached[j] = g
            holding = holders.setdefault(j, set())
            if len(holding) < limits[j]:
                _pass_on(j, first, reached, came, holders)
                return True
            for other in sorted(holding):
                came[other] = j
                line.append(other)
    # What a failed search reached can never free a place for anybody else.
    dead.update(reached)
    return False


def _pass_on(
    j: int,
    first: int,
    reached: dict[int, int],
    came: dict[int, int],
    holders: dict[int, set[int]],
) -> None:
    """Each group on the path takes the new place and leaves the one it was reached through."""
    while True:
        g = reached[j]
        holders[j].add(g)
        if g == first:
            return
        j = came[g]
        holders[j].remove(g)
