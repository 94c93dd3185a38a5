"""Simple ways to a plan, in plain Python: what one would write first.

Greedy takes the pairs by falling score.  Deferred acceptance is the textbook's; the *levelled* form
lets a community that is left with nothing ask again, one level higher, and an asker of a higher
level goes before every asker of a lower one.  All break ties by score, then at random.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from twosided import Market

TOP_LEVEL = 32


def greedy(market: Market, seed: int = 0) -> Any:
    """Edges of the plan: every pair by falling score, as long as both sides have a place."""
    chance = np.random.default_rng(seed).random(market.edge_count)
    room = market.quantity.tolist(), market.capacity.tolist()
    need, offer = market.edge_need.tolist(), market.edge_offer.tolist()
    taken = []
    for e in np.lexsort((chance, -market.score.astype(int))).tolist():
        if room[0][need[e]] and room[1][offer[e]]:
            room[0][need[e]] -= 1
            room[1][offer[e]] -= 1
            taken.append(e)
    return np.sort(np.array(taken, np.int64))


def liking(market: Market, side: str) -> Any:
    """(E,) the larger the dearer: any stated rank above every score, the best rank above all."""
    rank = getattr(market, f"{side}_rank").astype(np.int64)
    return np.where(rank > 0, 2**40 - rank, market.score.astype(np.int64))


def by_liking(market: Market, side: str, seed: int) -> Any:
    """Edge numbers, the dearest to that side first; ties by score, then at random."""
    chance = np.random.default_rng(seed).random(market.edge_count)
    return np.lexsort((chance, -market.score.astype(int), -liking(market, side)))


class Asking:
    """Deferred acceptance on one market, needs asking; keeps who asks whom next and who is held."""

    def __init__(self, market: Market, seed: int = 0) -> None:
        self.market = market
        # place[e]: how dear edge e is to its offer, all different, 0 the least dear.
        place = np.empty(market.edge_count, np.int64)
        place[by_liking(market, "offer", seed)[::-1]] = np.arange(market.edge_count)
        self.place = place.tolist()
        mine = by_liking(market, "need", seed)
        by_need = mine[np.argsort(market.edge_need[mine], kind="stable")]
        self.wishes = [w.tolist() for w in np.split(by_need, market.need_start[1:-1])]
        self.next = [0] * market.need_count
        self.level = [0] * market.need_count
        self.left = market.quantity.tolist()
        self.held: list[list[tuple[int, int, int]]] = [[] for _ in range(market.offer_count)]
        self.offer = market.edge_offer.tolist()
        self.need = market.edge_need.tolist()
        self.capacity = market.capacity.tolist()

    def settle(self, asking: list[int]) -> None:
        """Let these needs ask until nobody has both a free place and someone left to ask."""
        while asking:
            i = asking.pop()
            while self.left[i] and self.next[i] < len(self.wishes[i]):
                e = self.wishes[i][self.next[i]]
                self.next[i] += 1
                turned = self._ask(e, self.level[i])
                self.left[i] -= 1
                if turned >= 0:
                    other = self.need[turned]
                    self.left[other] += 1
                    if other != i:
                        asking.append(other)

    def _ask(self, e: int, level: int) -> int:
        """Put edge e before its offer; the edge that it turns away, or -1."""
        j = self.offer[e]
        card = level, self.place[e], e
        if len(self.held[j]) < self.capacity[j]:
            heapq.heappush(self.held[j], card)
            return -1
        return heapq.heappushpop(self.held[j], card)[2] if self.capacity[j] else e

    def edges(self) -> Any:
        return np.sort(np.array([card[2] for held in self.held for card in held], np.int64))


def deferred(market: Market, seed: int = 0) -> Any:
    """Edges of the plan of plain deferred acceptance; nothing blocks it."""
    asking = Asking(market, seed)
    asking.settle(list(range(market.need_count)))
    return asking.edges()


def levelled(market: Market, seed: int = 0, *, whole: bool = True) -> Any:
    """Edges of the plan of levelled deferred acceptance, up to TOP_LEVEL levels.

    whole: every need of a community left with nothing asks again, for all that it wants;
    otherwise one need of it, another at each level, and for one partner only, which harms fewer.
    """
    asking = Asking(market, seed)
    asking.settle(list(range(market.need_count)))
    able = np.flatnonzero((np.diff(market.need_start) > 0) & (market.quantity > 0))
    for level in range(1, TOP_LEVEL + 1):
        served = np.unique(market.need_group[market.edge_need[asking.edges()]])
        left = able[~np.isin(market.need_group[able], served)]
        if not len(left):
            break
        chosen = left if whole else _one_of_each(market, left, level)
        for i in left.tolist():
            asking.left[i] *= whole
        for i in chosen.tolist():
            asking.level[i], asking.next[i] = level, 0
            asking.left[i] = max(asking.left[i], 1)
        asking.settle(chosen.tolist())
    return asking.edges()


def _one_of_each(market: Market, needs: Any, level: int) -> Any:
    """One of these needs for each community: the one with most candidates, then the next."""
    order = needs[np.argsort(-np.diff(market.need_start)[needs], kind="stable")]
    members: dict[int, list[int]] = {}
    for i, group in zip(order.tolist(), market.need_group[order].tolist(), strict=True):
        members.setdefault(group, []).append(i)
    return np.array([mine[(level - 1) % len(mine)] for mine in members.values()])
