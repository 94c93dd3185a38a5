"""Tiny random markets, and the definitions in plain loops; only tie_hash is the engine's own."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from twosided import REASONS
from twosided._keys import tie_hash

Edge = tuple[int, int]

POLICIES = ("stability", "balanced", "coverage", "fairness", "best_fit")


@dataclass
class Tiny:
    """A market of at most ten edges in plain lists."""

    edges: list[Edge]
    score: list[int]
    need_rank: list[int]
    offer_rank: list[int]
    quantity: list[int]
    capacity: list[int]
    need_group: list[int]
    need_weight: list[float]
    pins: list[Edge] = field(default_factory=list)
    bans: list[Edge] = field(default_factory=list)
    ceilings: list[tuple[list[int], int]] = field(default_factory=list)
    floors: list[tuple[int, int]] = field(default_factory=list)
    reserved: list[tuple[int, int, int]] = field(default_factory=list)
    excluded: list[tuple[int, int, str]] = field(default_factory=list)

    def arguments(self) -> dict[str, Any]:
        return {
            "need": [i for i, _ in self.edges],
            "offer": [j for _, j in self.edges],
            "score": self.score,
            "need_rank": self.need_rank,
            "offer_rank": self.offer_rank,
            "quantity": self.quantity,
            "capacity": self.capacity,
            "need_group": self.need_group,
            "need_weight": self.need_weight,
            "pins": self.pins,
            "bans": self.bans,
            "ceilings": self.ceilings,
            "floors": self.floors,
            "reserved": self.reserved,
            "excluded": tuple([entry[part] for entry in self.excluded] for part in range(3)),
        }

    @property
    def limited(self) -> bool:
        return bool(self.ceilings or self.floors or self.reserved)


def tiny_market(seed: int, *, limited: bool) -> Tiny:
    """Ties, quantities 0-3, refusals, groups, weights, pins, bans, exclusions; if limited, all."""
    r = random.Random(seed)
    needs, offers = r.choice([(1, 4), (2, 2), (2, 5), (5, 2), (3, 4), (4, 3), (4, 4), (5, 5)])
    every = list(itertools.product(range(needs), range(offers)))
    most = min(10, len(every))
    edges = r.sample(every, r.choice([r.randint(0, most), most, most, most]))
    ranks = r.choice([[0, 0, 0, 1, 1, 2, 0, 0, -1], [0, 1, 1, 2, 3], [0]])
    scores: Any = r.choice([[100, 300, 300, 900], [0, 0, 500], range(1001)])
    places = r.choice([[0, 1, 1, 2, 3], [1, 2, 2, 3], [1]])
    tiny = Tiny(
        edges=edges,
        score=[r.choice(scores) for _ in edges],
        need_rank=[r.choice(ranks) for _ in edges],
        offer_rank=[r.choice(ranks) for _ in edges],
        quantity=[r.choice(places) for _ in range(needs)],
        capacity=[r.choice(places) for _ in range(offers)],
        need_group=[r.randint(0, 3) for _ in range(needs)],
        need_weight=[r.choice([0.5, 1.0, 1.0, 1.5, 2.0, 0.1]) for _ in range(needs)],
    )
    add_pins_and_bans(tiny, every, r)
    if limited:
        add_limits(tiny, r)
    return tiny


def add_pins_and_bans(tiny: Tiny, every: list[Edge], r: random.Random) -> None:
    left_need, left_offer = list(tiny.quantity), list(tiny.capacity)
    for i, j in r.sample(every, r.choice([0, 0, 0, 0, 1, 2])):
        if left_need[i] and left_offer[j]:
            left_need[i] -= 1
            left_offer[j] -= 1
            tiny.pins.append((i, j))
    free = [pair for pair in every if pair not in tiny.pins]
    tiny.bans = r.sample(free, min(len(free), r.choice([0, 0, 0, 1, 2])))
    foreign = [pair for pair in every if pair not in tiny.edges]
    for i, j in r.sample(foreign, min(len(foreign), r.choice([0, 0, 1, 2]))):
        tiny.excluded.append((i, j, r.choice(REASONS)))


def add_limits(tiny: Tiny, r: random.Random) -> None:
    narrow = r.random() < 0.6
    for _ in range(r.randint(1, 4) if narrow else r.choice([0, 1, 1, 2])):
        positions = ceiling_positions(tiny, r, narrow=narrow)
        pinned = sum(tiny.edges[k] in tiny.pins for k in positions)
        tiny.ceilings.append((positions, pinned + (1 if narrow else r.choice([0, 1, 2, 2, 3]))))
    for _ in range(r.choice([0, 0, 1, 2])):
        j, group = r.randrange(len(tiny.capacity)), r.choice(tiny.need_group)
        held = [entry for entry in tiny.reserved if entry[0] == j]
        taken = sum(pin[1] == j for pin in tiny.pins) + sum(units for _, _, units in held)
        if taken < tiny.capacity[j] and all(entry[1] != group for entry in held):
            tiny.reserved.append((j, group, r.randint(1, tiny.capacity[j] - taken)))
    add_floors(tiny, r)


def ceiling_positions(tiny: Tiny, r: random.Random, *, narrow: bool) -> list[int]:
    """Any edges; if narrow, some of one party, as for an institution in a sub-district."""
    among = list(range(len(tiny.edges)))
    if narrow and among:
        side, one = r.randrange(2), r.choice(tiny.edges)
        among = [k for k in among if tiny.edges[k][side] == one[side]]
        return r.sample(among, min(len(among), r.randint(1, 3)))
    return r.sample(among, r.randint(0, len(among)))


def add_floors(tiny: Tiny, r: random.Random) -> None:
    """Mostly what just one group could reach, which may cost calm; at times out of reach."""
    groups = sorted(set(tiny.need_group))
    favoured = r.choice(groups)
    if (kind := r.random()) < 0.1:
        tiny.floors.append((favoured, r.choice([1, 2])))
    elif kind < 0.6:
        counts = [Counter(tiny.need_group[i] for i, _ in plan) for plan in Rules(tiny).plans()]
        reached = max(counts, key=lambda count: count[favoured])
        tiny.floors = [(g, reached[g]) for g in {favoured, r.choice(groups)}]


@dataclass(frozen=True)
class Figures:
    """What one plan counts; the names are those of `Plan.figures`."""

    blocking_pairs: int
    groups_served: int
    needs_served: int
    units: int
    score: int


class Rules:
    """The definitions for one tiny market: which plans are feasible, which pairs block.

    Inside, a pair (i, j) is the bit i * offers + j and a plan is the sum of its bits.
    """

    def __init__(self, tiny: Tiny) -> None:
        self.t = tiny
        self.width = len(tiny.capacity)
        self.place = {pair: k for k, pair in enumerate(tiny.edges)}
        self.free = [
            pair
            for k, pair in enumerate(tiny.edges)
            if pair not in tiny.pins
            and pair not in tiny.bans
            and tiny.need_rank[k] != -1
            and tiny.offer_rank[k] != -1
        ]
        every = list(itertools.product(range(len(tiny.quantity)), range(self.width)))
        self.at = (
            [self.mask(p for p in every if p[0] == i) for i in range(len(tiny.quantity))],
            [self.mask(p for p in every if p[1] == j) for j in range(self.width)],
        )
        self.limit = (tiny.quantity, tiny.capacity)
        self.of_group = {
            g: self.mask(p for p in every if tiny.need_group[p[0]] == g)
            for g in sorted(set(tiny.need_group))
        }
        self.pinned = self.mask(tiny.pins)
        self.capped = [
            (self.mask(tiny.edges[k] for k in positions), cap) for positions, cap in tiny.ceilings
        ]
        # For each side and free pair: the pairs that the side likes strictly less.
        self.worse = [
            {p: self.mask(q for q in self.free if self.prefers(side, p, q)) for p in self.free}
            for side in (0, 1)
        ]

    def bit(self, pair: Edge) -> int:
        return 1 << (pair[0] * self.width + pair[1])

    def mask(self, pairs: Any) -> int:
        return sum(self.bit(pair) for pair in pairs)

    def pairs(self, mask: int) -> frozenset[Edge]:
        return frozenset(divmod(b, self.width) for b in range(mask.bit_length()) if mask >> b & 1)

    @cached_property
    def masks(self) -> list[int]:
        """Every feasible plan; whatever is too large for a limit stays so when it grows."""
        found = [self.pinned]
        for pair in self.free:
            grown = [plan | self.bit(pair) for plan in found]
            found += [plan for plan in grown if self.within(plan)]
        return [plan for plan in found if self.is_feasible(plan)]

    def plans(self) -> list[frozenset[Edge]]:
        return [self.pairs(mask) for mask in self.masks]

    def feasible(self, plan: frozenset[Edge]) -> bool:
        return self.is_feasible(self.mask(plan))

    def is_feasible(self, plan: int) -> bool:
        return self.within(plan) and all(
            (plan & self.of_group[g]).bit_count() >= least for g, least in self.t.floors
        )

    def within(self, plan: int) -> bool:
        """Whether everything but the floors holds."""
        return (
            all(
                (plan & mine).bit_count() <= q
                for mine, q in zip(self.at[0], self.t.quantity, strict=True)
            )
            and all(self.room(plan, j) for j in range(self.width))
            and self.under_ceilings(plan)
        )

    def room(self, plan: int, j: int) -> bool:
        mine = plan & self.at[1][j]
        general, capacity = mine.bit_count(), self.t.capacity[j]
        for at, g, units in self.t.reserved:
            if at == j:
                general -= min((mine & self.of_group[g]).bit_count(), units)
                capacity -= units
        return general <= capacity

    def under_ceilings(self, plan: int) -> bool:
        return all((plan & mask).bit_count() <= cap for mask, cap in self.capped)

    def prefers(self, side: int, new: Edge, old: Edge) -> bool:
        """Whether that side (0 need, 1 offer) strictly prefers one of its edges to another."""
        ranks = (self.t.need_rank, self.t.offer_rank)[side]
        a, b = ranks[self.place[new]], ranks[self.place[old]]
        if a >= 1 and b >= 1:
            return a < b
        if a >= 1 or b >= 1:
            return a >= 1
        return self.t.score[self.place[new]] > self.t.score[self.place[old]]

    def blocks(self, plan: int, pair: Edge) -> bool:
        if plan & self.bit(pair):
            return False
        return self.is_open(plan, pair, 0) and self.is_open(plan, pair, 1)

    def is_open(self, plan: int, pair: Edge, side: int) -> bool:
        mine = plan & self.at[side][pair[side]]
        added = plan | self.bit(pair)
        if mine.bit_count() < self.limit[side][pair[side]] and self.allowed(added, pair, side):
            return True
        loose = [p for p in self.free if mine & self.bit(p)]
        among = mine & ~self.pinned
        for partner in loose:
            is_worst = not self.worse[side][partner] & among
            is_liked_less = self.worse[side][pair] & self.bit(partner)
            swapped = added & ~self.bit(partner)
            if is_worst and is_liked_less and self.allowed(swapped, pair, side):
                return True
        return False

    def allowed(self, plan: int, pair: Edge, side: int) -> bool:
        return self.under_ceilings(plan) and (side == 0 or self.room(plan, pair[1]))

    def blocking(self, plan: frozenset[Edge]) -> list[Edge]:
        mask = self.mask(plan)
        return sorted(pair for pair in self.free if self.blocks(mask, pair))

    @cached_property
    def figures(self) -> dict[int, Figures]:
        """What every feasible plan counts."""
        return {plan: self.counted(plan) for plan in self.masks}

    def counted(self, plan: int) -> Figures:
        return Figures(
            blocking_pairs=sum(self.blocks(plan, pair) for pair in self.free),
            groups_served=sum(plan & mine > 0 for mine in self.of_group.values()),
            needs_served=sum(plan & mine > 0 for mine in self.at[0]),
            units=plan.bit_count(),
            score=sum(
                score
                for pair, score in zip(self.t.edges, self.t.score, strict=True)
                if plan & self.bit(pair)
            ),
        )

    def needs_served(self, plan: frozenset[Edge]) -> int:
        return len({i for i, _ in plan})

    def groups_served(self, plan: frozenset[Edge]) -> int:
        return len({self.t.need_group[i] for i, _ in plan})


class Objectives:
    """The five policies over all plans of one market; larger keys are better."""

    order = MappingProxyType(
        {
            "stability": ("blocking_pairs", "needs_served", "units", "score"),
            "balanced": ("groups_served", "blocking_pairs", "units", "score"),
            "coverage": ("needs_served", "blocking_pairs", "units", "score"),
            "fairness": ("leximin", "blocking_pairs", "score"),
            "best_fit": ("score",),
        }
    )

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.shares: dict[tuple[int, ...], tuple[Fraction, ...]] = {}
        self.known: dict[str, dict[int, tuple[Any, ...]]] = {}
        self.scales = {g: self.scale(g) for g in self.counted_groups()}

    def counted_groups(self) -> list[int]:
        """Groups that want something and have a candidate."""
        t, candidates = self.rules.t, self.rules.pinned | self.rules.mask(self.rules.free)
        return [
            g
            for g, mine in self.rules.of_group.items()
            if candidates & mine
            and any(q for q, at in zip(t.quantity, t.need_group, strict=True) if at == g)
        ]

    def scale(self, group: int) -> Fraction:
        """What one pair adds to the group's share."""
        t = self.rules.t
        members = [i for i, at in enumerate(t.need_group) if at == group]
        mean = sum(Fraction(t.need_weight[i]) for i in members) / len(members)
        return 1 / (sum(t.quantity[i] for i in members) * mean)

    def leximin(self, plan: int) -> tuple[Fraction, ...]:
        counts = tuple((plan & self.rules.of_group[g]).bit_count() for g in self.scales)
        if counts not in self.shares:
            scaled = zip(counts, self.scales.values(), strict=True)
            self.shares[counts] = tuple(sorted(count * scale for count, scale in scaled))
        return self.shares[counts]

    def keys(self, policy: str) -> dict[int, tuple[Any, ...]]:
        """The key of every feasible plan."""
        if policy not in self.known:
            names = self.order[policy]
            self.known[policy] = {
                plan: tuple(self.part(name, plan) for name in names) for plan in self.rules.masks
            }
        return self.known[policy]

    def part(self, name: str, plan: int) -> Any:
        if name == "leximin":
            return self.leximin(plan)
        value = getattr(self.rules.figures[plan], name)
        return -value if name == "blocking_pairs" else value

    def eligible(self, most: int | None = None) -> list[int]:
        """The feasible plans with at most that many blocking pairs."""
        figures = self.rules.figures
        return [p for p in self.rules.masks if most is None or figures[p].blocking_pairs <= most]

    def best(self, policy: str, seed: int, most: int | None = None) -> list[int]:
        """The best plans: one, unless hashes collide."""
        plans, keys = self.eligible(most), self.keys(policy)
        top = max(keys[plan] for plan in plans)
        hashes = self.hashes(seed)
        tied = {
            plan: self.tie([h for bit, h in hashes.items() if plan & bit])
            for plan in plans
            if keys[plan] == top
        }
        least = min(tied.values())
        return [plan for plan in tied if tied[plan] == least]

    def tie(self, hashes: list[int]) -> list[int]:
        """Smaller wins; a list that another one begins with is smaller."""
        return sorted(hashes)

    def hashes(self, seed: int) -> dict[int, int]:
        pairs = sorted({*self.rules.free, *self.rules.t.pins})
        sides = [np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1)]
        values = tie_hash(seed, sides[0], sides[1]).tolist()
        return {self.rules.bit(p): h for p, h in zip(pairs, values, strict=True)}
