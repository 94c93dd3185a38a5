"""The independent verifier: counts again, from the definitions, what a plan breaks and leaves open.

Nothing here is shared with the solvers.
"""

from __future__ import annotations

from collections import Counter
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
    return Audit(**_counted(market, need, offer), groups_possible=groups_possible(market))


def audit_figures(market: Market, need: Any, offer: Any) -> tuple[tuple[str, ...], dict[str, int]]:
    """The violations of a plan, and its figures: what `audit` finds, without `groups_possible`.

    Cheap enough to run after every solve: time and memory O(E).  ValueError as from `audit`.
    """
    found = _counted(market, *pairs_of(market, (need, offer)))
    names = ("groups_served", "needs_served", "units", "score")
    figures = {name: found[name] for name in names}
    return found["violations"], {**figures, "blocking_pairs": len(found["blocking_pairs"])}


def _counted(market: Market, need: Array, offer: Array) -> dict[str, Any]:
    """Every field of an `Audit` but the one that takes a search."""
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
    return {
        "violations": tuple(violations),
        "blocking_pairs": _blocking(market, inside, counts, (need, offer, known)),
        "needs_served": int((counts["need"] > 0).sum()),
        "groups_served": len(np.unique(market.need_group[need])),
        "units": units,
        "score": int(market.score[edge].sum(dtype=np.int64)),
        "pinned": int((inside & market.pinned).sum()),
    }


def pairs_of(market: Market, plan: Plan | tuple[Any, Any]) -> tuple[Array, Array]:
    """The two arrays of a plan, checked; ValueError naming `market` or `plan`."""
    if not isinstance(market, Market):
        raise ValueError(f"market: must be a Market, is {type(market).__name__}")
    given: Any = (plan.need, plan.offer) if isinstance(plan, Plan) else plan
    if isinstance(given, tuple | list) and given and all(isinstance(x, tuple) for x in given):
        raise ValueError("plan: is a list of pairs; give a Plan or two lists (needs, offers)")
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
    """Unreserved units of an offer that these groups use, and how many it has.

    groups: the group of each pair, or how many pairs each has.
    """
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
    if not len(keys):
        return []
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
    groups = market.need_group[pairs[0]].tolist() if market.floors or market.reserved else []
    counts = Counter(groups)
    for group, least in market.floors:
        if counts[group] < least:
            found.append(f"floor: group {group} has {counts[group]} of {least}")
    at_offer = _groups_at_offers(market, pairs[1], groups)
    for offer, held in sorted(reserved_units(market).items()):
        general, free = general_use(market, offer, held, at_offer.get(offer, []))
        if general > free:
            found.append(f"reserved: offer {offer} gives {general} of {free} unreserved units")
    return found


def _groups_at_offers(market: Market, offers: Array, groups: list[int]) -> dict[int, list[int]]:
    """The groups served by each offer, where units are reserved."""
    found: dict[int, list[int]] = {}
    if market.reserved:
        for offer, group in zip(offers.tolist(), groups, strict=True):
            found.setdefault(offer, []).append(group)
    return found


def _blocking(
    market: Market, inside: Array, counts: dict[str, Array], pairs: tuple[Array, Array, Array]
) -> Array:
    liking = {
        "need": liking_of(market.need_rank, market.score),
        "offer": liking_of(market.offer_rank, market.score),
    }
    index = {"need": market.edge_need, "offer": market.edge_offer}
    limits = {"need": market.quantity, "offer": market.capacity}
    maybe = ~inside & ~market.pinned
    planned = np.flatnonzero(inside & ~market.pinned)
    least = {}
    for side, column in (("need", 0), ("offer", 1)):
        worst = np.full(len(limits[side]), UNMOVED)
        np.minimum.at(worst, index[side][planned], liking[side][planned])
        # A partner that is no candidate at all is liked less than any candidate.
        worst[pairs[column][~pairs[2]]] = NOBODY
        least[side] = worst.copy()
        free = counts[side] < limits[side]
        worst[free] = NOBODY - 1
        maybe &= liking[side] > worst[index[side]]
    edges = np.flatnonzero(maybe)
    if market.ceilings or market.reserved:
        closer = _Closer(market, inside, pairs, counts)
        closer.find_worst(planned, liking, least)
        # Where nothing is full or reserved, what the two sides like has decided already.
        unclear = edges[closer.unclear[edges]].tolist()
        maybe[unclear] = [closer.blocks(e) for e in unclear]
        edges = np.flatnonzero(maybe)
    return np.stack([market.edge_need[edges], market.edge_offer[edges]], axis=1).astype(np.int64)


def liking_of(rank: Array, score: Array) -> Array:
    """The larger the dearer: any stated rank above every score, the best rank above all."""
    liking: Array = np.where(rank > 0, 2**40 - rank.astype(np.int64), score.astype(np.int64))
    return liking


class _Closer:
    """The exact question for one pair, where ceilings or reserved units may forbid a move.

    Whatever depends on the plan alone is looked up once, so that a pair costs no pass over it.
    A partner is (edge, group of its need); a partner that is no candidate has edge -1.
    """

    def __init__(
        self,
        market: Market,
        inside: Array,
        pairs: tuple[Array, Array, Array],
        counts: dict[str, Array],
    ) -> None:
        self.market, self.pairs, self.counts = market, pairs, counts
        self.full: dict[int, set[int]] = {}
        self.over: set[int] = set()
        for number, (edges, cap) in enumerate(market.ceilings):
            used = int(inside[edges].sum())
            if used >= cap:
                for e in edges.tolist():
                    self.full.setdefault(e, set()).add(number)
            if used > cap:
                self.over.update(edges.tolist())
        self.held = reserved_units(market)
        groups = market.need_group[pairs[0]].tolist() if market.reserved else []
        at_offer = _groups_at_offers(market, pairs[1], groups)
        self.at_offer = {offer: Counter(at_offer.get(offer, [])) for offer in self.held}
        self.use = {j: general_use(market, j, self.held[j], at) for j, at in self.at_offer.items()}
        self.unclear = np.isin(market.edge_offer, list(self.held))
        self.unclear[list(self.full)] = True
        self.worst: dict[str, dict[int, list[tuple[int, int]]]] = {"need": {}, "offer": {}}
        self.liking: dict[str, Array] = {}
        self.least: dict[str, Array] = {}

    def find_worst(self, planned: Array, liking: dict[str, Array], least: dict[str, Array]) -> None:
        """The worst unpinned partners of everybody, all that tie."""
        market = self.market
        index = {"need": market.edge_need, "offer": market.edge_offer}
        self.liking, self.least = liking, least
        unknown = np.flatnonzero(~self.pairs[2])
        for side, column in (("need", 0), ("offer", 1)):
            at = index[side][planned]
            tied = planned[liking[side][planned] == least[side][at]]
            found = zip(index[side][tied].tolist(), tied.tolist(), strict=True)
            strangers = self.pairs[column][unknown].tolist()
            needs = [*market.edge_need[tied].tolist(), *self.pairs[0][unknown].tolist()]
            groups = market.need_group[np.array(needs, np.int64)].tolist()
            everybody = [*found, *((x, -1) for x in strangers)]
            for (x, e), group in zip(everybody, groups, strict=True):
                self.worst[side].setdefault(x, []).append((e, group))

    def blocks(self, e: int) -> bool:
        if e in self.over:
            return False
        i, j = int(self.market.edge_need[e]), int(self.market.edge_offer[e])
        free = self.counts["need"][i] < self.market.quantity[i]
        if not (free and e not in self.full) and not any(
            self._fits(e, f) for f, _ in self._displaced("need", i, e)
        ):
            return False
        group = int(self.market.need_group[i])
        if self._seat(j, group, None) and e not in self.full:
            return True
        displaced = self._displaced("offer", j, e)
        return any(self._fits(e, f) and self._seat(j, group, left) for f, left in displaced)

    def _displaced(self, side: str, x: int, e: int) -> list[tuple[int, int]]:
        """Whom x may give up for e: its worst unpinned partners, if it strictly prefers e."""
        return self.worst[side].get(x, []) if self.liking[side][e] > self.least[side][x] else []

    def _fits(self, e: int, leaving: int) -> bool:
        """Every full ceiling over e is one that the leaving pair makes room under."""
        return self.full.get(e, set()) <= self.full.get(leaving, set())

    def _seat(self, j: int, group: int, leaving: int | None) -> bool:
        """Whether offer j has a unit for the group, once a pair of another group has left."""
        if j not in self.held:
            return leaving is not None or bool(self.counts["offer"][j] < self.market.capacity[j])
        at, held = self.at_offer[j], self.held[j]
        general, free = self.use[j]
        if leaving != group:
            general += at[group] >= held.get(group, 0)
            general -= leaving is not None and at[leaving] > held.get(leaving, 0)
        return general <= free
