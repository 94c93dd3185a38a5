"""Tiny random markets, and the definitions in plain loops that share nothing with twosided."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

Edge = tuple[int, int]


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
    pins: list[Edge] = field(default_factory=list)
    bans: list[Edge] = field(default_factory=list)
    ceilings: list[tuple[list[int], int]] = field(default_factory=list)
    floors: list[tuple[int, int]] = field(default_factory=list)
    reserved: list[tuple[int, int, int]] = field(default_factory=list)

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
            "pins": self.pins,
            "bans": self.bans,
            "ceilings": self.ceilings,
            "floors": self.floors,
            "reserved": self.reserved,
        }

    @property
    def limited(self) -> bool:
        return bool(self.ceilings or self.floors or self.reserved)


def tiny_market(seed: int, *, limited: bool) -> Tiny:
    """Ties, quantities 0-3, refusals, groups, pins, bans; and if limited, every other limit."""
    r = random.Random(seed)
    needs, offers = r.randint(1, 4), r.randint(1, 4)
    every = list(itertools.product(range(needs), range(offers)))
    edges = r.sample(every, r.randint(0, min(10, len(every))))
    ranks = [0, 0, 0, 1, 1, 2, -1] if r.random() < 0.7 else [0]
    tiny = Tiny(
        edges=edges,
        score=[r.choice([100, 300, 300, 900]) for _ in edges],
        need_rank=[r.choice(ranks) for _ in edges],
        offer_rank=[r.choice(ranks) for _ in edges],
        quantity=[r.choice([0, 1, 1, 1, 2, 3]) for _ in range(needs)],
        capacity=[r.choice([0, 1, 1, 1, 2, 3]) for _ in range(offers)],
        need_group=[r.randint(0, 2) for _ in range(needs)],
    )
    add_pins_and_bans(tiny, every, r)
    if limited:
        add_limits(tiny, r)
    return tiny


def add_pins_and_bans(tiny: Tiny, every: list[Edge], r: random.Random) -> None:
    left_need, left_offer = list(tiny.quantity), list(tiny.capacity)
    for i, j in r.sample(every, r.choice([0, 0, 0, 1, 2]) % (len(every) + 1)):
        if left_need[i] and left_offer[j]:
            left_need[i] -= 1
            left_offer[j] -= 1
            tiny.pins.append((i, j))
    free = [pair for pair in every if pair not in tiny.pins]
    tiny.bans = r.sample(free, min(len(free), r.choice([0, 0, 1, 2])))


def add_limits(tiny: Tiny, r: random.Random) -> None:
    for _ in range(r.choice([0, 1, 1, 2])):
        positions = r.sample(range(len(tiny.edges)), r.randint(0, len(tiny.edges)))
        pinned = sum(tiny.edges[k] in tiny.pins for k in positions)
        tiny.ceilings.append((positions, pinned + r.choice([0, 1, 1, 2])))
    if r.random() < 0.4:
        j = r.randrange(len(tiny.capacity))
        group = r.choice(tiny.need_group)
        spare = tiny.capacity[j] - sum(pin[1] == j for pin in tiny.pins)
        if spare > 0:
            tiny.reserved.append((j, group, r.randint(1, spare)))
    if r.random() < 0.4:
        group = r.choice(tiny.need_group)
        tiny.floors.append((group, r.choice([1, 1, 2])))


class Rules:
    """The definitions for one tiny market: which plans are feasible, which pairs block."""

    def __init__(self, tiny: Tiny) -> None:
        self.t = tiny
        self.place = {pair: k for k, pair in enumerate(tiny.edges)}
        self.free = [
            pair
            for k, pair in enumerate(tiny.edges)
            if pair not in tiny.pins
            and pair not in tiny.bans
            and tiny.need_rank[k] != -1
            and tiny.offer_rank[k] != -1
        ]

    def plans(self) -> list[frozenset[Edge]]:
        """Every feasible plan."""
        found = []
        for size in range(len(self.free) + 1):
            for chosen in itertools.combinations(self.free, size):
                plan = frozenset([*chosen, *self.t.pins])
                if self.feasible(plan):
                    found.append(plan)
        return found

    def feasible(self, plan: frozenset[Edge]) -> bool:
        return (
            all(sum(p[0] == i for p in plan) <= q for i, q in enumerate(self.t.quantity))
            and all(self.room(plan, j) for j in range(len(self.t.capacity)))
            and self.under_ceilings(plan)
            and all(
                sum(self.t.need_group[i] == g for i, _ in plan) >= least
                for g, least in self.t.floors
            )
        )

    def room(self, plan: frozenset[Edge], j: int) -> bool:
        mine = [self.t.need_group[i] for i, at in plan if at == j]
        held = [(g, units) for at, g, units in self.t.reserved if at == j]
        general = len(mine) - sum(min(mine.count(g), units) for g, units in held)
        return general <= self.t.capacity[j] - sum(units for _, units in held)

    def under_ceilings(self, plan: frozenset[Edge]) -> bool:
        return all(
            sum(self.t.edges[k] in plan for k in positions) <= cap
            for positions, cap in self.t.ceilings
        )

    def prefers(self, side: int, new: Edge, old: Edge) -> bool:
        """Whether that side (0 need, 1 offer) strictly prefers one of its edges to another."""
        ranks = (self.t.need_rank, self.t.offer_rank)[side]
        a, b = ranks[self.place[new]], ranks[self.place[old]]
        if a >= 1 and b >= 1:
            return a < b
        if a >= 1 or b >= 1:
            return a >= 1
        return self.t.score[self.place[new]] > self.t.score[self.place[old]]

    def blocks(self, plan: frozenset[Edge], pair: Edge) -> bool:
        return pair not in plan and all(self.open(plan, pair, side) for side in (0, 1))

    def open(self, plan: frozenset[Edge], pair: Edge, side: int) -> bool:
        mine = [p for p in plan if p[side] == pair[side]]
        limit = (self.t.quantity, self.t.capacity)[side][pair[side]]
        added = plan | {pair}
        if len(mine) < limit and self.under_ceilings(added) and self.seated(added, pair, side):
            return True
        loose = [p for p in mine if p not in self.t.pins]
        worst = [p for p in loose if not any(self.prefers(side, p, q) for q in loose)]
        for partner in worst:
            swapped = added - {partner}
            if not self.prefers(side, pair, partner) or not self.under_ceilings(swapped):
                continue
            if self.seated(swapped, pair, side):
                return True
        return False

    def seated(self, plan: frozenset[Edge], pair: Edge, side: int) -> bool:
        return side == 0 or self.room(plan, pair[1])

    def blocking(self, plan: frozenset[Edge]) -> list[Edge]:
        return sorted(pair for pair in self.free if self.blocks(plan, pair))

    def needs_served(self, plan: frozenset[Edge]) -> int:
        return len({i for i, _ in plan})

    def groups_served(self, plan: frozenset[Edge]) -> int:
        return len({self.t.need_group[i] for i, _ in plan})
