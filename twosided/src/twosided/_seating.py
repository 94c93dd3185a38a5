"""Who sits where in a plan, and which sides are open to which pairs, pair by pair."""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from twosided._evidence import CEILING, LIKES_PARTNERS, NO_PLACES, OPEN, PINNED, RESERVED, Figures
from twosided.audit import general_use, liking_of, reserved_units
from twosided.market import Market

Array = npt.NDArray[Any]

NEED, OFFER = 0, 1
FREE = -1
# What a side must be liked better than: anything beats a free place, nothing beats pins.
NOTHING = -1
UNMOVED = 2**62


class Seating:
    """A plan as a set of edges that can be changed edge by edge.

    inside: (E,) bool.  For each side (NEED, OFFER): index, the party of each edge; liking, the
    larger the dearer; limit, count, places and partners of each party; bar, what a newcomer must
    be liked better than.  used: how much of each ceiling.  score: the sum of thousandths.
    group_pairs: pairs of each group, in the order of group_ids.
    """

    def __init__(self, market: Market, edges: list[int]) -> None:
        self.market = market
        self.inside = np.zeros(market.edge_count, bool)
        self.inside[edges] = True
        self.index = (market.edge_need, market.edge_offer)
        self.limit = (market.quantity, market.capacity)
        ranks = (market.need_rank, market.offer_rank)
        self.liking = tuple(liking_of(rank, market.score) for rank in ranks)
        planned = np.flatnonzero(self.inside)
        self.count = tuple(
            np.bincount(index[planned], minlength=len(limit))
            for index, limit in zip(self.index, self.limit, strict=True)
        )
        loose = planned[~market.pinned[planned]]
        self.bar = tuple(self._bars(side, loose) for side in (NEED, OFFER))
        self.score = int(market.score[planned].sum(dtype=np.int64))
        self.reserved = reserved_units(market)
        self.used = [int(self.inside[edges].sum()) for edges, _ in market.ceilings]
        self.bound: dict[int, list[int]] = {}
        for number, (members, _) in enumerate(market.ceilings):
            for e in members.tolist():
                self.bound.setdefault(e, []).append(number)
        self.group_ids, self.group_of = np.unique(market.need_group, return_inverse=True)
        group = self.group_of[market.edge_need[planned]]
        self.group_pairs = np.bincount(group, minlength=len(self.group_ids))

    def copy(self) -> Self:
        """Its own plan on the same market.  O(E) bytes."""
        twin = copy.copy(self)
        twin.inside, twin.group_pairs = self.inside.copy(), self.group_pairs.copy()
        twin.count = tuple(array.copy() for array in self.count)
        twin.bar = tuple(array.copy() for array in self.bar)
        twin.used = list(self.used)
        return twin

    def _bars(self, side: int, loose: Array) -> Array:
        bar = np.full(len(self.limit[side]), UNMOVED)
        np.minimum.at(bar, self.index[side][loose], self.liking[side][loose])
        bar[self.count[side] < self.limit[side]] = NOTHING
        return bar

    @property
    def limited(self) -> bool:
        """Whether ceilings or reserved units may forbid what both sides would like."""
        return bool(self.market.ceilings or self.reserved)

    def row(self, side: int, party: int) -> Array:
        """The edges of one need or offer."""
        market = self.market
        if side == NEED:
            return np.arange(market.need_start[party], market.need_start[party + 1])
        return market.offer_edge[market.offer_start[party] : market.offer_start[party + 1]]

    def partners(self, side: int, party: int) -> list[int]:
        """The planned edges of one party, those it can give up first, the least liked first."""
        row = self.row(side, party)
        mine = row[self.inside[row]]
        order = np.lexsort((-mine, self.liking[side][mine], self.market.pinned[mine]))
        edges: list[int] = mine[order].tolist()
        return edges

    def toggle(self, e: int) -> None:
        """Put an edge into the plan, or take it out."""
        by = -1 if self.inside[e] else 1
        self.inside[e] = by > 0
        self.score += by * int(self.market.score[e])
        self.group_pairs[self.group_of[self.index[NEED][e]]] += by
        for number in self.bound.get(e, ()):
            self.used[number] += by
        for side in (NEED, OFFER):
            party = self.index[side][e]
            self.count[side][party] += by
            row = self.row(side, party)
            loose = row[self.inside[row] & ~self.market.pinned[row]]
            self.bar[side][party] = self.liking[side][loose].min(initial=UNMOVED)
            if self.count[side][party] < self.limit[side][party]:
                self.bar[side][party] = NOTHING

    def blocking(self, edges: Array | slice = slice(None)) -> Array:
        """Which of these edges, all by default, block the plan, in their order."""
        outside = ~self.inside[edges] & ~self.market.pinned[edges]
        for side in (NEED, OFFER):
            outside &= self.liking[side][edges] > self.bar[side][self.index[side][edges]]
        found = np.flatnonzero(outside) if isinstance(edges, slice) else edges[outside]
        if not self.limited:
            return found
        sides = (NEED, OFFER)
        keep = [all(self.displaced(e, s) is not None for s in sides) for e in found.tolist()]
        blocking: Array = found[np.array(keep, bool)]
        return blocking

    def displaced(
        self, e: int, side: int, *, ceilings: bool = True, reserved: bool = True
    ) -> int | None:
        """What an edge outside the plan would displace on one side.

        FREE if nothing, the edge of the worst unpinned partner (of equal ones, the last that
        helps) or None if the side is not open.  Ceilings and reserved units can be disregarded.
        """
        party = int(self.index[side][e])

        def fits(leaving: int | None) -> bool:
            allowed = not ceilings or self._under_ceilings(e, leaving)
            return allowed and self._seated(e, side, leaving, reserved)

        if self.count[side][party] < self.limit[side][party] and fits(None):
            return FREE
        row, liking = self.row(side, party), self.liking[side]
        loose = row[self.inside[row] & ~self.market.pinned[row]]
        worst = liking[loose].min(initial=UNMOVED)
        if worst >= liking[e]:
            return None
        tied: list[int] = loose[liking[loose] == worst].tolist()
        return next((f for f in reversed(tied) if fits(f)), None)

    def _under_ceilings(self, e: int, leaving: int | None) -> bool:
        gone = self.bound.get(leaving, ()) if leaving is not None else ()
        caps = self.market.ceilings
        return all(self.used[c] - (c in gone) < caps[c][1] for c in self.bound.get(e, ()))

    def _seated(self, e: int, side: int, leaving: int | None, reserved: bool) -> bool:
        """Whether the offer's places, reserved ones kept, have room once `leaving` is gone."""
        j = int(self.index[OFFER][e])
        if side == NEED or not reserved or j not in self.reserved:
            return True
        row = self.row(OFFER, j)
        staying = [f for f in row[self.inside[row]].tolist() if f != leaving]
        groups = self.market.need_group[self.index[NEED][[*staying, e]]].tolist()
        general, free = general_use(self.market, j, self.reserved[j], groups)
        return general <= free

    def state(self, e: int, side: int) -> str:
        """How one side stands to an edge outside the plan: a word from `STATES`."""
        party = self.index[side][e]
        if self.displaced(e, side) is not None:
            return OPEN
        if not self.limit[side][party]:
            return NO_PLACES
        if self.displaced(e, side, ceilings=False) is not None:
            return CEILING
        if self.displaced(e, side, ceilings=False, reserved=False) is not None:
            return RESERVED
        row = self.row(side, party)
        loose = (self.inside[row] & ~self.market.pinned[row]).any()
        return LIKES_PARTNERS if loose else PINNED

    def full_ceilings(self, e: int) -> tuple[int, ...]:
        caps = self.market.ceilings
        return tuple(c for c in self.bound.get(e, ()) if self.used[c] >= caps[c][1])

    def withheld(self, e: int) -> bool:
        """Whether the offer has free places and all of them are reserved for other groups."""
        j = int(self.index[OFFER][e])
        free = self.count[OFFER][j] < self.limit[OFFER][j]
        return bool(free) and not self._seated(e, OFFER, None, True)

    def figures(self, blocking_pairs: int) -> Figures:
        return Figures(
            groups_served=int((self.group_pairs > 0).sum()),
            needs_served=int((self.count[NEED] > 0).sum()),
            units=int(self.count[NEED].sum()),
            score=self.score,
            blocking_pairs=blocking_pairs,
        )
