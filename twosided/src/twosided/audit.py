"""The independent verifier: counts again, from the definitions, what a plan breaks and leaves open.

Nothing here is shared with the solvers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._checks import as_array
from twosided._possible import groups_possible
from twosided.market import Market
from twosided.plan import Audit, Plan

Array = npt.NDArray[Any]

# Larger than any liking: a side without free places or unpinned partners takes nobody new.
UNMOVED = 2**62
NOBODY = -1


def audit(market: Market, plan: Plan | tuple[Any, Any]) -> Audit:
    """Check a plan, or two arrays (need, offer), against the market.

    A pair outside the plan blocks it when it is a candidate and both sides are open to it: free
    (and adding the pair breaks no ceiling), or with a worst unpinned partner that the side likes
    strictly less (and the swap breaks no ceiling).  Units reserved for a group are not free for
    others.

    ValueError naming `market`, or `plan` if it is not two equally long arrays of needs and offers
    in range.
    Time and memory O(E), apart from the search for `groups_possible`.
    """
    need, offer = pairs_of(market, plan)
    unique = np.unique(need * max(market.offer_count, 1) + offer)
    edge, known = _edges_of(market, unique)
    units, repeated = len(unique), len(need) - len(unique)
    need, offer = np.divmod(unique, max(market.offer_count, 1))
    counts = {
        "need": np.bincount(need, minlength=market.need_count),
        "offer": np.bincount(offer, minlength=market.offer_count),
    }
    inside = np.zeros(market.edge_count, bool)
    inside[edge] = True
    violations = [
        *([f"repeated: {repeated} pairs occur more than once"] if repeated else []),
        *_foreign(market, unique[~known]),
        *_overfull(market, counts),
        *_limits(market, inside, (need, offer)),
    ]
    return Audit(
        violations=tuple(violations),
        blocking_pairs=_blocking(market, inside, counts, (need, offer, known)),
        needs_served=int((counts["need"] > 0).sum()),
        groups_served=len(np.unique(market.need_group[need])),
        groups_possible=groups_possible(market),
        units=units,
        score=int(market.score[edge].sum(dtype=np.int64)),
        pinned=int((inside & market.pinned).sum()),
    )


def pairs_of(market: Market, plan: Plan | tuple[Any, Any]) -> tuple[Array, Array]:
    """The two arrays of a plan, checked; ValueError naming `market` or `plan`."""
    if not isinstance(market, Market):
        raise ValueError(f"market: must be a Market, is {type(market).__name__}")
    given: Any = (plan.need, plan.offer) if isinstance(plan, Plan) else plan
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise ValueError("plan: must be a Plan or two arrays (need, offer)")
    sides = []
    for side, size in zip(given, (market.need_count, market.offer_count), strict=True):
        array = as_array("plan", side)
        if array.size and array.dtype.kind not in "iu":
            raise ValueError("plan: must be one-dimensional arrays of whole numbers")
        if array.size and (array.min() < 0 or array.max() >= size):
            raise ValueError(f"plan: an index is out of range 0-{size - 1}")
        sides.append(array.astype(np.int64))
    if len(sides[0]) != len(sides[1]):
        raise ValueError("plan: needs and offers differ in number")
    return sides[0], sides[1]


def reserved_units(market: Market) -> dict[int, dict[int, int]]:
    """offer -> group -> units reserved for it, without entries of 0."""
    found: dict[int, dict[int, int]] = {}
    for offer, group, units in market.reserved:
        if units > 0:
            found.setdefault(offer, {})[group] = units
    return found


def general_use(market: Market, offer: int, held: dict[int, int], groups: Any) -> tuple[int, int]:
    """Unreserved units of an offer that these groups use, and how many it has."""
    counts = Counter(groups)
    used = sum(max(0, count - held.get(group, 0)) for group, count in counts.items())
    return used, int(market.capacity[offer]) - sum(held.values())


def _edges_of(market: Market, keys: Array) -> tuple[Array, Array]:
    """The edge numbers of those pairs that are candidates, and which are."""
    width = max(market.offer_count, 1)
    candidates = market.edge_need.astype(np.int64) * width + market.edge_offer
    place = np.searchsorted(candidates, keys)
    known = np.zeros(len(keys), bool)
    within = place < len(candidates)
    known[within] = candidates[place[within]] == keys[within]
    return place[known], known


def _foreign(market: Market, keys: Array) -> list[str]:
    """Pairs that are no candidates: banned, refused, filtered out or never proposed."""
    width = max(market.offer_count, 1)
    banned = set((market.bans[:, 0] * width + market.bans[:, 1]).tolist())
    removed = set((market.removed[:, 0] * width + market.removed[:, 1]).tolist())
    found = []
    for key in keys.tolist():
        word = "banned" if key in banned else "refused" if key in removed else "not a candidate"
        found.append(f"{word}: need {key // width} with offer {key % width}")
    return found


def _overfull(market: Market, counts: dict[str, Array]) -> list[str]:
    sides = (("need", market.quantity, "quantity"), ("offer", market.capacity, "capacity"))
    return [
        f"{word}: {side} {index} has {counts[side][index]} of {limits[index]}"
        for side, limits, word in sides
        for index in np.flatnonzero(counts[side] > limits).tolist()
    ]


def _limits(market: Market, inside: Array, pairs: tuple[Array, Array]) -> list[str]:
    """Pins, ceilings, floors and reserved units."""
    missing = np.flatnonzero(market.pinned & ~inside).tolist()
    found = [
        f"pin: need {market.edge_need[e]} with offer {market.edge_offer[e]} is missing"
        for e in missing
    ]
    for number, (edges, cap) in enumerate(market.ceilings):
        used = int(inside[edges].sum())
        if used > cap:
            found.append(f"ceiling: number {number} has {used} of {cap}")
    groups = market.need_group[pairs[0]].tolist()
    counts = Counter(groups)
    for group, least in market.floors:
        if counts[group] < least:
            found.append(f"floor: group {group} has {counts[group]} of {least}")
    at_offer: dict[int, list[int]] = defaultdict(list)
    for offer, group in zip(pairs[1].tolist(), groups, strict=True):
        at_offer[offer].append(group)
    for offer, held in sorted(reserved_units(market).items()):
        general, free = general_use(market, offer, held, at_offer[offer])
        if general > free:
            found.append(f"reserved: offer {offer} gives {general} of {free} unreserved units")
    return found


def _blocking(
    market: Market, inside: Array, counts: dict[str, Array], pairs: tuple[Array, Array, Array]
) -> Array:
    liking = {
        "need": _liking(market.need_rank, market.score),
        "offer": _liking(market.offer_rank, market.score),
    }
    index = {"need": market.edge_need, "offer": market.edge_offer}
    limits = {"need": market.quantity, "offer": market.capacity}
    maybe = ~inside & ~market.pinned
    for side, column in (("need", 0), ("offer", 1)):
        worst = np.full(len(limits[side]), UNMOVED)
        planned = np.flatnonzero(inside & ~market.pinned)
        np.minimum.at(worst, index[side][planned], liking[side][planned])
        # A partner that is no candidate at all is liked less than any candidate.
        worst[pairs[column][~pairs[2]]] = NOBODY
        free = counts[side] < limits[side]
        worst[free] = NOBODY - 1
        maybe &= liking[side] > worst[index[side]]
    edges = np.flatnonzero(maybe)
    if market.ceilings or market.reserved:
        closer = _Closer(market, inside, counts, liking)
        edges = np.array([e for e in edges.tolist() if closer.blocks(e)], np.int64)
    return np.stack([market.edge_need[edges], market.edge_offer[edges]], axis=1).astype(np.int64)


def _liking(rank: Array, score: Array) -> Array:
    """The larger the dearer: any stated rank above every score, the best rank above all."""
    liking: Array = np.where(rank > 0, 2**40 - rank.astype(np.int64), score.astype(np.int64))
    return liking


class _Closer:
    """The exact question for one pair, where ceilings or reserved units may forbid a move."""

    def __init__(
        self, market: Market, inside: Array, counts: dict[str, Array], liking: dict[str, Array]
    ) -> None:
        self.market, self.counts, self.liking = market, counts, liking
        self.inside = inside
        self.bound: dict[int, list[int]] = {}
        for number, (edges, _) in enumerate(market.ceilings):
            for e in edges.tolist():
                self.bound.setdefault(e, []).append(number)
        self.used = [int(inside[edges].sum()) for edges, _ in market.ceilings]
        self.reserved = reserved_units(market)

    def blocks(self, e: int) -> bool:
        return self._need_open(e) and self._offer_open(e)

    def _need_open(self, e: int) -> bool:
        market, i = self.market, int(self.market.edge_need[e])
        if self.counts["need"][i] < market.quantity[i] and self._fits(e, None):
            return True
        row = np.arange(market.need_start[i], market.need_start[i + 1])
        return any(self._fits(e, f) for f in self._worst("need", row, e))

    def _offer_open(self, e: int) -> bool:
        market, j = self.market, int(self.market.edge_offer[e])
        if self._seat(e, None) and self._fits(e, None):
            return True
        row = market.offer_edge[market.offer_start[j] : market.offer_start[j + 1]]
        worst = self._worst("offer", row, e)
        return any(self._fits(e, f) and self._seat(e, f) for f in worst)

    def _worst(self, side: str, row: Array, e: int) -> list[int]:
        """The worst unpinned partners in a row, all that tie, if e is strictly preferred."""
        planned = row[self.inside[row] & ~self.market.pinned[row]]
        if not len(planned):
            return []
        liked = self.liking[side][planned]
        if liked.min() >= self.liking[side][e]:
            return []
        worst: list[int] = planned[liked == liked.min()].tolist()
        return worst

    def _fits(self, e: int, leaving: int | None) -> bool:
        gone = self.bound.get(leaving, []) if leaving is not None else []
        return all(
            self.used[c] - gone.count(c) < self.market.ceilings[c][1] for c in self.bound.get(e, [])
        )

    def _seat(self, e: int, leaving: int | None) -> bool:
        market, j = self.market, int(self.market.edge_offer[e])
        after = self.counts["offer"][j] + 1 - (leaving is not None)
        if j not in self.reserved:
            return bool(after <= market.capacity[j])
        row = market.offer_edge[market.offer_start[j] : market.offer_start[j + 1]]
        planned = [f for f in row[self.inside[row]].tolist() if f != leaving]
        groups = market.need_group[market.edge_need[[*planned, e]]].tolist()
        general, free = general_use(market, j, self.reserved[j], groups)
        return general <= free
