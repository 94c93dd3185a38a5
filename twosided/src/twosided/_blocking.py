"""Blocking pairs as a linear model: which pairs a plan leaves open on both sides.

For every pair outside the plan some witness must say why it does not block: its need or its offer
is closed to it, else it counts.  Witnesses imply what they claim, so no plan counts too few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._cp import Programme, negated
from twosided.market import Market

Array = npt.NDArray[Any]
Terms = list[tuple[int, int]]


@dataclass
class Paper:
    """A programme under construction: one variable for each edge, 1 if it is in the plan."""

    programme: Programme
    market: Market
    x: list[int]
    ceilings_of: dict[int, list[int]] = field(default_factory=dict)
    full_ceiling: dict[int, int] = field(default_factory=dict)
    # Reserved units: entry number of an edge, and literals by entry or offer.
    entry_of: dict[int, int] = field(default_factory=dict)
    general_full: dict[int, int] = field(default_factory=dict)
    entry_full: dict[int, int] = field(default_factory=dict)
    entry_not_over: dict[int, int] = field(default_factory=dict)

    def sum_of(self, edges: Array | list[int]) -> Terms:
        return [(self.x[e], 1) for e in edges]

    def witness(self, terms: Terms, least: int) -> int:
        """A literal that may be true only if the sum of the terms is at least `least` >= 0."""
        literal = self.programme.variable()
        self.programme.linear([*terms, (literal, -least)], low=0)
        return literal


def draft(market: Market) -> Paper:
    """Every plan of the market and nothing else: pins, quantities, limits."""
    programme = Programme()
    paper = Paper(programme, market, [programme.variable(low=int(p)) for p in market.pinned])
    held = {offer for offer, _, _ in market.reserved}
    for i, most in enumerate(market.quantity.tolist()):
        _at_most(paper, _row_of_need(market, i), most)
    for j, most in enumerate(market.capacity.tolist()):
        if j in held:
            _reserve(paper, j)
        else:
            _at_most(paper, _row_of_offer(market, j), most)
    for number, (edges, cap) in enumerate(market.ceilings):
        _at_most(paper, edges.tolist(), cap)
        for e in edges.tolist():
            paper.ceilings_of.setdefault(e, []).append(number)
    group = market.need_group[market.edge_need]
    for wanted, least in market.floors:
        programme.linear(paper.sum_of(np.flatnonzero(group == wanted).tolist()), low=least)
    return paper


def _at_most(paper: Paper, edges: list[int], most: int) -> None:
    if len(edges) > most:
        paper.programme.linear(paper.sum_of(edges), high=most)


def _row_of_need(market: Market, i: int) -> list[int]:
    return list(range(int(market.need_start[i]), int(market.need_start[i + 1])))


def _row_of_offer(market: Market, j: int) -> list[int]:
    row: list[int] = market.offer_edge[market.offer_start[j] : market.offer_start[j + 1]].tolist()
    return row


def _reserve(paper: Paper, j: int) -> None:
    """The reserved units of one offer: what its groups take beyond them is general."""
    market, programme = paper.market, paper.programme
    row = _row_of_offer(market, j)
    entries = {
        group: (number, units)
        for number, (offer, group, units) in enumerate(market.reserved)
        if offer == j
    }
    general = int(market.capacity[j]) - sum(units for _, units in entries.values())
    terms: Terms = []
    for e in row:
        entry = entries.get(int(market.need_group[market.edge_need[e]]))
        if entry is None:
            terms.append((paper.x[e], 1))
        else:
            paper.entry_of[e] = entry[0]
    for number, units in entries.values():
        mine = [e for e in row if paper.entry_of.get(e) == number]
        terms.append((_over(paper, number, mine, units), 1))
    programme.linear(terms, high=general)
    paper.general_full[j] = paper.witness(terms, general)


def _over(paper: Paper, number: int, mine: list[int], units: int) -> int:
    """A variable that is exactly what a group takes beyond the units reserved for it."""
    programme, taken = paper.programme, paper.sum_of(mine)
    over = programme.variable(high=len(mine))
    is_over = programme.variable()
    programme.linear([*taken, (over, -1)], high=units)
    programme.linear([(over, 1), (is_over, -len(mine))], high=0)
    programme.linear([*taken, (over, -1), (is_over, -units)], low=0)
    programme.linear([*taken, (is_over, -units - 1)], low=0)
    paper.entry_full[number] = paper.witness(taken, units)
    paper.entry_not_over[number] = negated(is_over)
    programme.linear([*taken, (is_over, -len(mine))], high=units)
    return over


def model_size(market: Market, keys: tuple[Array, Array]) -> int:
    """About how many terms `add_blocking` writes: what decides whether it is worth the while."""
    total = 0
    narrow = np.zeros(market.edge_count, bool)
    for edges, _ in market.ceilings:
        narrow[edges] = True
    reserving = np.isin(market.edge_offer, [offer for offer, _, _ in market.reserved])
    sides = ((market.edge_need, narrow), (market.edge_offer, narrow | reserving))
    for (index, closer), key in zip(sides, keys, strict=True):
        degree = np.bincount(index)
        order = np.lexsort((key, index))
        first = np.ones(len(order), bool)
        first[1:] = (np.diff(index[order]) != 0) | (np.diff(key[order]) != 0)
        total += int(degree[index[order][first]].sum()) + int(degree[index[closer]].sum())
    return total


def add_blocking(paper: Paper, keys: tuple[Array, Array]) -> list[int]:
    """One literal for each pair that could block, true at least where it does.

    keys: (E,) of the needs' and the offers' liking, lower is better.
    """
    market = paper.market
    witnesses: list[list[int]] = [[] for _ in range(market.edge_count)]
    for number, (edges, cap) in enumerate(market.ceilings):
        paper.full_ceiling[number] = paper.witness(paper.sum_of(edges.tolist()), cap)
    sides = (
        (market.quantity, [_row_of_need(market, i) for i in range(market.need_count)]),
        (market.capacity, [_row_of_offer(market, j) for j in range(market.offer_count)]),
    )
    for at, (limits, rows) in enumerate(sides):
        for party, row in enumerate(rows):
            side = _Side(paper, at, party, int(limits[party]), row, keys[at][row].tolist())
            for e, literals in side.witnesses().items():
                witnesses[e] += literals
    blocking = []
    for e in np.flatnonzero(~market.pinned).tolist():
        if TRUE in witnesses[e]:
            continue
        literal = paper.programme.variable()
        paper.programme.clause([paper.x[e], literal, *witnesses[e]])
        blocking.append(literal)
    return blocking


# A witness that needs no proof: this side takes nobody in any plan.
TRUE = -(2**40)


class _Side:
    """One need or one offer with its edges: to which of them is it closed?"""

    def __init__(
        self, paper: Paper, at: int, party: int, limit: int, row: list[int], keys: Sequence[int]
    ) -> None:
        self.paper, self.party, self.limit = paper, party, limit
        pinned = paper.market.pinned
        self.key = dict(zip(row, keys, strict=True))
        self.pins = [e for e in row if pinned[e]]
        self.loose = sorted((e for e in row if not pinned[e]), key=lambda e: (self.key[e], e))
        self.levels = sorted({self.key[e] for e in self.loose})
        self.has_entries = at == 1 and party in paper.general_full
        self._worse: dict[int, int] = {}
        self._seatless: dict[int, int] = {}

    def witnesses(self) -> dict[int, list[int]]:
        """For each loose edge the literals that prove this side closed to it."""
        if not self.loose:
            return {}
        if self.limit - len(self.pins) <= 0:
            return {e: [TRUE] for e in self.loose}
        found = self._by_level()
        for e in self.loose:
            if self.has_entries or e in self.paper.ceilings_of:
                found[e].append(self._closer(e))
        return found

    def _by_level(self) -> dict[int, list[int]]:
        """Full of partners at least as good: one literal for each level of liking."""
        found: dict[int, list[int]] = {}
        least, before = self.limit - len(self.pins), None
        for level in self.levels:
            as_good = [e for e in self.loose if self.key[e] <= level]
            literals = []
            if len(as_good) >= least:
                literals = [self.paper.witness(self.paper.sum_of(as_good), least)]
                if before is not None:
                    self.paper.programme.clause([negated(before), literals[0]])
                before = literals[0]
            for e in as_good:
                found.setdefault(e, list(literals))
        return found

    def _closer(self, e: int) -> int:
        """Closed to e because of ceilings or reserved units: no way in, and nobody to swap for."""
        clause = self.paper.programme.clause
        literal = self.paper.programme.variable()
        mine = self.paper.ceilings_of.get(e, [])
        full = [self.paper.full_ceiling[c] for c in mine]
        clause([negated(literal), self._seatless_for(e), *full])
        for f in self.loose:
            if self.key[f] <= self.key[e]:
                continue
            theirs = self.paper.ceilings_of.get(f, [])
            ways = [self.paper.full_ceiling[c] for c in mine if c not in theirs]
            ways += self._worse_than(self.key[f]) + self._still_seatless(e, f)
            clause([negated(literal), negated(self.paper.x[f]), *ways])
        return literal

    def _worse_than(self, level: int) -> list[int]:
        """Proof that somebody worse than this level is in the plan."""
        worse = [e for e in self.loose if self.key[e] > level]
        if not worse:
            return []
        if level not in self._worse:
            self._worse[level] = self.paper.witness(self.paper.sum_of(worse), 1)
        return [self._worse[level]]

    def _seatless_for(self, e: int) -> int:
        """Proof that there is no free place for e."""
        entry = self.paper.entry_of.get(e, -1) if self.has_entries else -1
        if entry not in self._seatless:
            self._seatless[entry] = self._no_seat(entry)
        return self._seatless[entry]

    def _no_seat(self, entry: int) -> int:
        paper = self.paper
        if not self.has_entries:
            every = paper.sum_of(self.loose)
            return paper.witness(every, self.limit - len(self.pins))
        general = paper.general_full[self.party]
        if entry < 0:
            return general
        literal = paper.programme.variable()
        for needed in (general, paper.entry_full[entry]):
            paper.programme.clause([negated(literal), needed])
        return literal

    def _still_seatless(self, e: int, f: int) -> list[int]:
        """Proof that there is no place for e even when f has left."""
        left = self.paper.entry_of.get(f, -1)
        if not self.has_entries or left < 0 or left == self.paper.entry_of.get(e, -1):
            return []
        literal = self.paper.programme.variable()
        for needed in (self._seatless_for(e), self.paper.entry_not_over[left]):
            self.paper.programme.clause([negated(literal), needed])
        return [literal]
