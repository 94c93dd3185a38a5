"""Why each pair, why not each need: codes from a closed list, with their evidence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided.audit import audit, general_use, pairs_of, reserved_units
from twosided.market import Market
from twosided.plan import Plan
from twosided.reasons import FULL, HELD, NOTHING_FITS, REASONS

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Exemption:
    """A pair that stands in the way of blocking pairs, and the group it is there for."""

    for_group: int
    blocks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pair:
    """One pair of the plan.  Ranks are the stated ones, 0 where none was stated."""

    need: int
    offer: int
    score: int
    need_rank: int
    offer_rank: int
    pinned: bool
    exception: Exemption | None


@dataclass(frozen=True)
class WhyNot:
    """One offer that a need did not get; holder is the need that has its place, if one has."""

    offer: int
    score: int
    code: str
    holder: int | None


@dataclass(frozen=True)
class Unmet:
    """A need without any partner, why, and its most fitting offers, best first."""

    need: int
    code: str
    candidates: tuple[WhyNot, ...]


@dataclass(frozen=True)
class Unused:
    """An offer with places that serves nobody, and why."""

    offer: int
    code: str


@dataclass(frozen=True)
class Explanation:
    """Every pair, every need without a partner, every offer without one.

    unattached: blocking pairs that displace nobody, which a plan of `solve` never leaves without
    ceilings or reserved units.
    """

    pairs: tuple[Pair, ...]
    unmet: tuple[Unmet, ...]
    unused: tuple[Unused, ...]
    unattached: tuple[tuple[int, int], ...]


def explain(market: Market, plan: Plan | tuple[Any, Any]) -> Explanation:
    """Codes and evidence for everything in a plan, or two arrays (need, offer), and all left out.

    A need that still has candidates goes without because those are held for a community
    (`held_for_community`) or taken (`offers_full`); a need without any, for the first code among
    the pairs that were removed, or `no_fitting_offer`.  Needs that want 0 and offers that serve 0
    are not listed.

    ValueError naming `market`, or `plan` if it is malformed or holds a pair that is no
    candidate.  Time O(E) and a small cost for each blocking pair and each unmet need.
    """
    view = _View(market, plan)
    pairs = tuple(view.pair(e) for e in view.planned)
    needs = np.flatnonzero((view.need_pairs == 0) & (market.quantity > 0)).tolist()
    offers = np.flatnonzero((view.offer_pairs == 0) & (market.capacity > 0)).tolist()
    return Explanation(
        pairs=pairs,
        unmet=tuple(view.unmet(i) for i in needs),
        unused=tuple(view.unused(j) for j in offers),
        unattached=tuple(view.unattached),
    )


class _View:
    """A plan on its market, with each blocking pair attached to the pair that it would displace."""

    def __init__(self, market: Market, plan: Plan | tuple[Any, Any]) -> None:
        found = audit(market, plan)
        need, offer = pairs_of(market, plan)
        self.market = market
        self.planned: list[int] = [
            self._edge(i, j) for i, j in zip(need.tolist(), offer.tolist(), strict=True)
        ]
        self.need_pairs = np.bincount(need, minlength=market.need_count)
        self.offer_pairs = np.bincount(offer, minlength=market.offer_count)
        self.at_need: dict[int, list[int]] = defaultdict(list)
        self.at_offer: dict[int, list[int]] = defaultdict(list)
        for e in self.planned:
            self.at_need[int(market.edge_need[e])].append(e)
            self.at_offer[int(market.edge_offer[e])].append(e)
        self.reserved = reserved_units(market)
        self.blocks: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.unattached: list[tuple[int, int]] = []
        self.held: dict[tuple[int, int], int] = {}
        for i, j in found.blocking_pairs.tolist():
            self._attach(i, j)
        self.removed = _by_first(market.removed[:, 0].tolist())
        self.removed_offers = _by_first(market.removed[:, 1].tolist())

    def _edge(self, i: int, j: int) -> int:
        start, stop = self.market.need_start[i], self.market.need_start[i + 1]
        e = int(start + np.searchsorted(self.market.edge_offer[start:stop], j))
        if e >= stop or self.market.edge_offer[e] != j:
            raise ValueError(f"plan: the pair ({i}, {j}) is no candidate")
        return e

    def _attach(self, i: int, j: int) -> None:
        """To the weakest partner at the offer, if it is full there, else at the need."""
        market = self.market
        pair = None
        if self.offer_pairs[j] >= market.capacity[j] or self._withheld(i, j):
            pair = self._weakest(self.at_offer[j], market.offer_rank)
        if pair is None and self.need_pairs[i] >= market.quantity[i]:
            pair = self._weakest(self.at_need[i], market.need_rank)
        if pair is None:
            self.unattached.append((i, j))
        else:
            self.blocks[pair].append((i, j))
            self.held[i, j] = int(market.edge_need[pair])

    def _withheld(self, i: int, j: int) -> bool:
        """Whether an offer has free places and all of them are reserved for other groups."""
        market = self.market
        if j not in self.reserved or self.offer_pairs[j] >= market.capacity[j]:
            return False
        partners = market.edge_need[self.at_offer[j]]
        groups = [*market.need_group[partners].tolist(), int(market.need_group[i])]
        general, free = general_use(market, j, self.reserved[j], groups)
        return general > free

    def _weakest(self, edges: list[int], rank: npt.NDArray[np.int32]) -> int | None:
        """The unpinned edge liked least; among equals the last."""
        market = self.market
        free = [e for e in edges if not market.pinned[e]]
        if not free:
            return None
        return max(free, key=lambda e: (rank[e] == 0, rank[e], -int(market.score[e]), e))

    def pair(self, e: int) -> Pair:
        market = self.market
        i = int(market.edge_need[e])
        blocks = self.blocks.get(e)
        group = int(market.need_group[i])
        return Pair(
            need=i,
            offer=int(market.edge_offer[e]),
            score=int(market.score[e]),
            need_rank=int(market.need_rank[e]),
            offer_rank=int(market.offer_rank[e]),
            pinned=bool(market.pinned[e]),
            exception=Exemption(group, tuple(sorted(blocks))) if blocks else None,
        )

    def unmet(self, i: int) -> Unmet:
        market = self.market
        row = range(int(market.need_start[i]), int(market.need_start[i + 1]))
        rank, score = market.need_rank, market.score
        best = sorted(row, key=lambda e: (rank[e] == 0, rank[e], -int(score[e]), e))
        reasons = [self._why_not(e) for e in best]
        gone = [self._why_removed(k) for k in self.removed.get(i, [])]
        gone.sort(key=lambda why: (-why.score, REASONS.index(why.code), why.offer))
        codes = [why.code for why in reasons or gone]
        first = min(map(REASONS.index, codes), default=NOTHING_FITS)
        return Unmet(i, REASONS[first], _listed(reasons + gone, REASONS[first]))

    def _why_not(self, e: int) -> WhyNot:
        """A candidate that the need did not get: held for somebody, else full."""
        market = self.market
        i, j = int(market.edge_need[e]), int(market.edge_offer[e])
        code, holder = FULL, None
        partners = self.at_offer[j]
        if (i, j) in self.held:
            code, holder = HELD, self.held[i, j]
        elif self._withheld(i, j):
            code = HELD
        elif partners and self.offer_pairs[j] >= market.capacity[j]:
            weakest = self._weakest(partners, market.offer_rank)
            holder = int(market.edge_need[partners[-1] if weakest is None else weakest])
        return WhyNot(j, int(market.score[e]), REASONS[code], holder)

    def _why_removed(self, k: int) -> WhyNot:
        market = self.market
        code = REASONS[market.removed_code[k]]
        return WhyNot(int(market.removed[k, 1]), int(market.removed_score[k]), code, None)

    def unused(self, j: int) -> Unused:
        """Held for others than those who could use it; else why no candidate is left, if so."""
        market = self.market
        row = market.offer_edge[market.offer_start[j] : market.offer_start[j + 1]]
        if any(self._withheld(i, j) for i in market.edge_need[row].tolist()):
            return Unused(j, REASONS[HELD])
        codes = [int(market.removed_code[k]) for k in self.removed_offers.get(j, [])]
        if len(row) or not codes:
            return Unused(j, REASONS[NOTHING_FITS])
        return Unused(j, REASONS[min(codes)])


def _listed(reasons: list[WhyNot], code: str) -> tuple[WhyNot, ...]:
    """The first few, the first that has the deciding code among them."""
    shown = reasons[:MOST_CANDIDATES]
    if all(why.code != code for why in shown):
        shown[-1:] = [why for why in reasons if why.code == code][:1]
    return tuple(shown)


def _by_first(index: list[int]) -> dict[int, list[int]]:
    """The positions of each index."""
    found: dict[int, list[int]] = defaultdict(list)
    for position, key in enumerate(index):
        found[key].append(position)
    return found
