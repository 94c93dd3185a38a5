"""What it would cost to remove an exception: a way found by satisfying its blocking pairs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from twosided._evidence import Figures, Remedy
from twosided._seating import FREE, NEED, OFFER, Array, Seating

MOST_STEPS = 30


class _Outcome(NamedTuple):
    """A plan on the way: the edges that changed and what comes of it."""

    changed: frozenset[int]
    figures: Figures
    still_blocking: tuple[int, ...]
    floors_broken: tuple[int, ...]

    def badness(self) -> tuple[int, ...]:
        after = self.figures
        return (
            len(self.still_blocking),
            len(self.floors_broken),
            -after.groups_served,
            -after.needs_served,
            after.blocking_pairs,
            -after.units,
            -after.score,
            len(self.changed),
        )


def remedy_of(seating: Seating, targets: Array, before: Figures) -> Remedy:
    """The best plan met on two walks that start by satisfying the target edges.

    A step puts a blocking pair into the plan; what stands in its way on either side leaves.  The
    targets come first, each time the one its offer likes best; then, in turn, each party that
    lost a partner takes the blocking pair it likes best: on the first walk only where nobody has
    to leave, on the second wherever it can.  At most 30 steps a walk.  The best plan leaves the
    fewest targets blocking and breaks the fewest floors; then most groups, most needs, fewest
    blocking pairs, most units, highest score, fewest changes.

    Time O(E) to copy the plan, then for each step the edges of the parties and the changed
    ceilings it touches.
    """
    outcomes = (
        outcome
        for gentle in (True, False)
        for outcome in _Walk(seating.copy(), targets, before, gentle=gentle).outcomes()
    )
    return _told(seating, min(outcomes, key=_Outcome.badness), before)


class _Walk:
    def __init__(self, seating: Seating, targets: Array, before: Figures, *, gentle: bool) -> None:
        self.seating, self.targets, self.gentle = seating, targets, gentle
        self.blocking_pairs = before.blocking_pairs
        self.changed: set[int] = set()
        self.waiting: deque[tuple[int, int]] = deque()
        self.short = set(_below_floor(seating))

    def outcomes(self) -> Iterator[_Outcome]:
        """The plan before the first step and after each."""
        yield self._outcome()
        for _ in range(MOST_STEPS):
            e = self._next()
            if e is None:
                return
            self._satisfy(e)
            yield self._outcome()

    def _outcome(self) -> _Outcome:
        return _Outcome(
            changed=frozenset(self.changed),
            figures=self.seating.figures(self.blocking_pairs),
            still_blocking=tuple(self.seating.blocking(self.targets).tolist()),
            floors_broken=tuple(g for g in _below_floor(self.seating) if g not in self.short),
        )

    def _next(self) -> int | None:
        """The blocking pair to satisfy now."""
        aims = self.seating.blocking(self.targets)
        if len(aims):
            return self._dearest(aims, OFFER)
        while self.waiting:
            side, party = self.waiting.popleft()
            choice = self.seating.blocking(self.seating.row(side, party))
            if self.gentle:
                choice = choice[[self._displaces_nobody(e) for e in choice.tolist()]]
            if len(choice):
                return self._dearest(choice, side)
        return None

    def _displaces_nobody(self, e: int) -> bool:
        return all(self.seating.displaced(e, side) == FREE for side in (NEED, OFFER))

    def _dearest(self, edges: Array, side: int) -> int:
        """Liked best by one side, then by the other; of equal ones the first."""
        liking = self.seating.liking
        order = np.lexsort((edges, -liking[1 - side][edges], -liking[side][edges]))
        return int(edges[order[0]])

    def _satisfy(self, e: int) -> None:
        seating = self.seating
        displaced = {side: seating.displaced(e, side) for side in (OFFER, NEED)}
        leaving = {f for f in displaced.values() if f is not None and f != FREE}
        touched = self._touched([e, *leaving])
        self.blocking_pairs -= len(seating.blocking(touched))
        for f in (e, *leaving):
            seating.toggle(f)
            self.changed ^= {f}
        self.blocking_pairs += len(seating.blocking(touched))
        ends = {(side, int(seating.index[side][e])) for side in (NEED, OFFER)}
        for f in sorted(leaving):
            bereft = [(side, int(seating.index[side][f])) for side in (NEED, OFFER)]
            self.waiting.extend(party for party in bereft if party not in ends)

    def _touched(self, edges: list[int]) -> Array:
        """Every edge whose openness depends on these."""
        seating = self.seating
        parties = {(side, int(seating.index[side][f])) for f in edges for side in (NEED, OFFER)}
        caps = {c for f in edges for c in seating.bound.get(f, ())}
        rows = [seating.row(side, party) for side, party in parties]
        return np.unique(np.concatenate([*rows, *(seating.market.ceilings[c][0] for c in caps)]))


def _below_floor(seating: Seating) -> list[int]:
    """Groups that have fewer pairs than their floor."""
    found = []
    for group, least in seating.market.floors:
        place = int(np.searchsorted(seating.group_ids, group))
        if seating.group_pairs[place] < least:
            found.append(group)
    return found


def _told(seating: Seating, best: _Outcome, before: Figures) -> Remedy:
    market = seating.market
    gained = sorted(e for e in best.changed if not seating.inside[e])
    lost = sorted(e for e in best.changed if seating.inside[e])
    needs, groups = Counter[int](), Counter[int]()
    for by, edges in ((1, gained), (-1, lost)):
        for i in market.edge_need[edges].tolist():
            needs[i] += by
            groups[int(seating.group_of[i])] += by
    had_need, had_group, ids = seating.count[NEED], seating.group_pairs, seating.group_ids
    return Remedy(
        gained=_pairs(seating, gained),
        lost=_pairs(seating, lost),
        before=before,
        after=best.figures,
        still_blocking=_pairs(seating, best.still_blocking),
        floors_broken=best.floors_broken,
        needs_gaining=tuple(sorted(i for i, by in needs.items() if by > 0)),
        needs_losing=tuple(sorted(i for i, by in needs.items() if by < 0)),
        needs_left_out=tuple(sorted(i for i, by in needs.items() if by and had_need[i] + by == 0)),
        groups_gaining=_named(ids, (g for g, by in groups.items() if by > 0)),
        groups_losing=_named(ids, (g for g, by in groups.items() if by < 0)),
        groups_left_out=_named(
            ids, (g for g, by in groups.items() if by and had_group[g] + by == 0)
        ),
    )


def _named(ids: Array, places: Iterator[int]) -> tuple[int, ...]:
    return tuple(int(ids[place]) for place in sorted(places))


def _pairs(seating: Seating, edges: tuple[int, ...] | list[int]) -> tuple[tuple[int, int], ...]:
    market = seating.market
    return tuple((int(market.edge_need[e]), int(market.edge_offer[e])) for e in edges)
