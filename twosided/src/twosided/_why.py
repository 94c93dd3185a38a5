"""Why not: a plan on its market, and for each pair outside it what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from twosided._evidence import (
    OPEN,
    REMOVED,
    RESERVED,
    Alternative,
    Figures,
    Remedy,
    Standing,
    WhyNot,
)
from twosided._remedy import remedy_of
from twosided._seating import FREE, NEED, OFFER, Array, Seating
from twosided.market import Market
from twosided.reasons import FULL, HELD, NOTHING_FITS, REASONS

MOST_SHOWN = 5


class View:
    """Answers about one plan, found when they are asked for.

    planned: the edges of the plan, in its order.  blocking: the edges that block it, sorted;
    in_the_way: the planned edge that each would displace, FREE where there is none.
    """

    def __init__(self, market: Market, planned: list[int]) -> None:
        self.market = market
        self.planned = planned
        self.seating = Seating(market, planned)
        self.blocking = self.seating.blocking()
        self.in_the_way = self._in_the_way(self.blocking)

    def _in_the_way(self, blocking: Array) -> Array:
        """The planned edge that each would displace: at the offer, else at the need, else FREE."""
        seating = self.seating
        if not seating.limited:
            found = np.full(len(blocking), FREE)
            for side in (NEED, OFFER):
                there = self._worst(side)[seating.index[side][blocking]]
                found = np.where(there == FREE, found, there)
            return found
        displaced = (
            (seating.displaced(e, side) for side in (OFFER, NEED)) for e in blocking.tolist()
        )
        first = [next((f for f in both if f is not None and f != FREE), FREE) for both in displaced]
        return np.array(first, np.int64)

    def _worst(self, side: int) -> Array:
        """The last of the unpinned partners liked least, of each party without free places."""
        seating = self.seating
        loose = np.flatnonzero(seating.inside & ~self.market.pinned)
        loose = loose[np.lexsort((loose, -seating.liking[side][loose]))]
        worst = np.full(len(seating.limit[side]), FREE)
        worst[seating.index[side][loose]] = loose
        worst[seating.count[side] < seating.limit[side]] = FREE
        return worst

    @cached_property
    def figures(self) -> Figures:
        return self.seating.figures(len(self.blocking))

    def remedy(self, e: int) -> Remedy:
        return remedy_of(self.seating, self.blocking[self.in_the_way == e], self.figures)

    def attached(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """For each planned edge in the way, the blocking pairs behind it, sorted; FREE for none."""
        order = np.argsort(self.in_the_way, kind="stable")
        pairs = self.pairs(self.blocking[order])
        edges, starts = np.unique(self.in_the_way[order], return_index=True)
        bounds = [*starts.tolist(), len(pairs)]
        slices = zip(edges.tolist(), bounds[:-1], bounds[1:], strict=True)
        return {f: pairs[start:stop] for f, start, stop in slices}

    def pairs(self, edges: Array) -> tuple[tuple[int, int], ...]:
        ends = (self.market.edge_need[edges].tolist(), self.market.edge_offer[edges].tolist())
        return tuple(zip(*ends, strict=True))

    def standing(self, e: int, side: int) -> Standing:
        """How the need (or the offer) likes an edge among all its candidates."""
        seating = self.seating
        row = seating.row(side, int(seating.index[side][e]))
        liking = seating.liking[side][row] - seating.liking[side][e]
        return Standing(1 + int((liking > 0).sum()), int((liking == 0).sum()) - 1, len(row))

    def would_rather(self, e: int, side: int) -> tuple[Alternative, ...]:
        """What one side of a planned edge likes strictly better, outside the plan."""
        seating = self.seating
        liking = seating.liking[side]
        row = seating.row(side, int(seating.index[side][e]))
        better = row[(liking[row] > liking[e]) & ~seating.inside[row]]
        return self._shown(better, side, seating)

    def next_best(self, e: int, side: int) -> tuple[Alternative, ...]:
        """What both sides would be open to if a planned edge were not in the plan."""
        without = self.seating.copy()
        without.toggle(e)
        row = without.row(side, int(without.index[side][e]))
        return self._shown(without.blocking(row[row != e]), side, without)

    def _shown(self, edges: Array, side: int, seating: Seating) -> tuple[Alternative, ...]:
        best = edges[np.lexsort((edges, -seating.liking[side][edges]))][:MOST_SHOWN]
        return tuple(self._alternative(e, seating) for e in best.tolist())

    def alternative(self, e: int) -> Alternative:
        """What keeps both sides of a candidate pair from it, in the plan as it is."""
        return self._alternative(e, self.seating)

    def _alternative(self, e: int, seating: Seating) -> Alternative:
        i, j = int(self.market.edge_need[e]), int(self.market.edge_offer[e])
        return Alternative(
            need=i,
            offer=j,
            score=int(self.market.score[e]),
            need_standing=self.standing(e, OFFER),
            offer_standing=self.standing(e, NEED),
            need_state=seating.state(e, NEED),
            offer_state=seating.state(e, OFFER),
            need_has=self._partners(seating, NEED, i)[:MOST_SHOWN],
            offer_has=self._partners(seating, OFFER, j)[:MOST_SHOWN],
            ceilings=seating.full_ceilings(e),
        )

    def _partners(self, seating: Seating, side: int, party: int) -> tuple[int, ...]:
        """The other side's parties that one party has, the one it likes least first."""
        return tuple(seating.index[1 - side][seating.partners(side, party)].tolist())

    @cached_property
    def blocked_needs(self) -> set[int]:
        """Needs with a blocking pair that a planned pair stands in the way of."""
        return set(self.market.edge_need[self.blocking[self.in_the_way != FREE]].tolist())

    @cached_property
    def open_counts(self) -> Array:
        """For each need, how many of its pairs block and displace nobody."""
        free = self.blocking[self.in_the_way == FREE]
        return np.bincount(self.market.edge_need[free], minlength=self.market.need_count)

    @cached_property
    def overridden(self) -> dict[tuple[int, int], str]:
        """Pinned pairs that were refused or filtered out, with their codes."""
        market = self.market
        pins = set(map(tuple, market.pins.tolist()))
        removed = zip(market.removed.tolist(), market.removed_code.tolist(), strict=True)
        return {(i, j): REASONS[code] for (i, j), code in removed if (i, j) in pins}

    def wanting(self, j: int) -> tuple[Alternative, ...]:
        """The pairs that an offer without a partner could have had, the best 5, best first."""
        return self._shown(self.seating.row(OFFER, j), OFFER, self.seating)

    def _holding_back(self, e: int) -> int:
        """The planned edge in the way of a blocking edge, FREE if there is none or e blocks not."""
        place = int(np.searchsorted(self.blocking, e))
        known = place < len(self.blocking) and self.blocking[place] == e
        return int(self.in_the_way[place]) if known else FREE

    def code_of_need(self, i: int) -> int:
        """Why a need without a partner goes without: a position in `REASONS`."""
        row = self.seating.row(NEED, i)
        if not len(row):
            return self.removals.first_code(NEED, i)
        if i in self.blocked_needs or self._any_reserved(row):
            return HELD
        # What best fit leaves out: there is room, but nothing to gain.
        worthless = self.open_counts[i] == len(row) and not self.market.score[row].any()
        return NOTHING_FITS if worthless else FULL

    def _any_reserved(self, row: Array) -> bool:
        reserved = self.seating.reserved
        return bool(reserved) and any(self._reserved_for_others(e) for e in row.tolist())

    def _reserved_for_others(self, e: int) -> bool:
        # The state is dear to find, and most offers have nothing reserved.
        reserved = int(self.market.edge_offer[e]) in self.seating.reserved
        return reserved and self.seating.state(e, OFFER) == RESERVED

    def code_of_offer(self, j: int) -> int:
        """Why an offer without a partner serves nobody: a position in `REASONS`."""
        row = self.seating.row(OFFER, j)
        if j in self.seating.reserved and any(self.seating.withheld(e) for e in row.tolist()):
            return HELD
        return NOTHING_FITS if len(row) else self.removals.first_code(OFFER, j)

    def why_not(self, i: int, code: str) -> tuple[WhyNot, ...]:
        """Offers that a need did not get, best first; the first with `code` is among them."""
        shown: list[WhyNot] = []
        for why in self._all_why_not(i):
            if len(shown) < MOST_SHOWN:
                shown.append(why)
            elif all(one.code != code for one in shown):
                shown[-1:] = [why] if why.code == code else shown[-1:]
            else:
                break
        return tuple(shown)

    def _all_why_not(self, i: int) -> Iterator[WhyNot]:
        """Candidates as the need likes them, then what was removed, by score."""
        row = self.seating.row(NEED, i)
        for e in row[np.lexsort((row, -self.seating.liking[NEED][row]))].tolist():
            yield self._why_not(e)
        known = set(self.market.edge_offer[row].tolist())
        yield from (why for why in self.removals.of_need(i) if why.offer not in known)

    def _why_not(self, e: int) -> WhyNot:
        seating, j = self.seating, int(self.market.edge_offer[e])
        holders = self._partners(seating, OFFER, j)
        stated = seating.state(e, OFFER)
        front = self._holding_back(e)
        held = front != FREE or self._reserved_for_others(e)
        full = seating.count[OFFER][j] >= seating.limit[OFFER][j]
        holder = holders[0] if holders and full else None
        if front != FREE:
            holder = int(self.market.edge_need[front])
        return WhyNot(
            offer=j,
            score=int(self.market.score[e]),
            code=REASONS[HELD if held else FULL],
            holder=holder,
            state=seating.state(e, NEED) if stated == OPEN else stated,
            holders=holders[:MOST_SHOWN],
            holder_count=len(holders),
            ceilings=seating.full_ceilings(e),
        )

    @cached_property
    def removals(self) -> Removals:
        return Removals(self.market)


class Removals:
    """The pairs that were removed from a market, by need and by offer."""

    def __init__(self, market: Market) -> None:
        self.market = market
        ends = (market.removed[:, NEED], market.removed[:, OFFER])
        self.order = tuple(np.argsort(end, kind="stable") for end in ends)
        self.ends = tuple(end[order] for end, order in zip(ends, self.order, strict=True))

    def _of(self, side: int, party: int) -> Array:
        start, stop = np.searchsorted(self.ends[side], (party, party + 1))
        return self.order[side][start:stop]

    def count(self, side: int, party: int) -> int:
        return len(self._of(side, party))

    def first_code(self, side: int, party: int) -> int:
        """The code that decides, a position in `REASONS`; without any, that nothing fits."""
        return int(self.market.removed_code[self._of(side, party)].min(initial=NOTHING_FITS))

    def of_need(self, i: int) -> Iterable[WhyNot]:
        """What was removed from a need: by score, then by code, then by offer."""
        market, mine = self.market, self._of(NEED, i)
        offer, code = market.removed[mine, OFFER], market.removed_code[mine]
        score = market.removed_score[mine].astype(np.int64)
        for k in np.lexsort((offer, code, -score)).tolist():
            yield WhyNot(int(offer[k]), int(score[k]), REASONS[code[k]], None, REMOVED)
