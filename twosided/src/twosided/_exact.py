"""The exact rung: integer programmes, one for each key of the objective, that begin with a plan.

Each key is made as good as can be and then held while the next is looked at; at last the tie rule.
A key that is at a bound known before costs nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._blocking import Terms, add_blocking, draft
from twosided._cp import negated
from twosided._prepare import Sheet
from twosided.market import Market

Array = npt.NDArray[Any]

# Of the deterministic seconds left, what one key may take while others wait.
SHARE = 0.8
# Of the whole budget, what the last key may take where it only refines the ones before.
REFINING = 0.2
# Of the whole budget, what the tie rule may take at most.
TIES = 0.1
# Edges whose order the tie rule settles in one programme: weights up to 4**24, see LARGEST_SUM.
TOGETHER = 24
BLOCKING = "blocking_pairs"


@dataclass(frozen=True)
class Level:
    """For `fairness`: how many groups are above one value; (edges of a group, pairs it needs)."""

    groups: tuple[tuple[Array, int], ...]
    bound: int | None = None


@dataclass(frozen=True)
class Request:
    """What to improve and how long.

    keys: the objective, first first: blocking_pairs, groups_served, needs_served, units (with the
    score), score.  levels: for fairness, before all keys.  known: bounds by name of key.
    budget: deterministic seconds.  deadline: of time.monotonic(), or None.
    """

    keys: tuple[str, ...]
    known: dict[str, int]
    budget: float
    deadline: float | None = None
    max_exceptions: int | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class Improved:
    """edges: of the best plan found, ascending; None if none within max_exceptions was found.

    Where no time was left even to begin they are the given ones, whatever their exceptions.

    proved: nothing is better in any key; without edges: there is no such plan.
    bounds: by name of key; each holds for all plans that are as good in the keys before.
    """

    edges: Array | None
    proved: bool
    bounds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Key:
    name: str
    terms: Terms
    bound: int | None


def improve(market: Market, notes: Sheet, edges: Array, request: Request) -> Improved:
    """The best plan that the budget allows, beginning with the given one."""
    search = _Search(market, notes, request)
    if not search.start(edges):
        return Improved(edges, proved=False)
    if not search.within_exceptions():
        return Improved(None, proved=search.proved, bounds=search.bounds)
    for key in search.keys:
        search.settle(key, is_last=key is search.keys[-1])
    if search.proved:
        search.settle_ties()
    return Improved(search.plan(), proved=search.proved, bounds=search.bounds)


class _Search:
    """A programme, the best values found for it, and what is left of the budget."""

    def __init__(self, market: Market, notes: Sheet, request: Request) -> None:
        self.market, self.notes, self.request = market, notes, request
        self.paper = draft(market)
        self.programme = self.paper.programme
        self.left = request.budget
        self.proved = True
        self.bounds: dict[str, int] = {}
        self.values: list[int] = []
        self.blocking: Terms = []
        if BLOCKING in request.keys or request.max_exceptions is not None:
            found = add_blocking(self.paper, (notes.need_key, notes.offer_key))
            self.blocking = [(literal, -1) for literal in found]
        self.keys = [self._level(n, level) for n, level in enumerate(request.levels)]
        self.keys += [self._key(name) for name in request.keys]
        self._order = self._tie_order()
        # Where the number of pairs is no key, a plan that ends early precedes its continuations;
        # elsewhere all plans that tie have as many pairs, for ties come after every key is proved.
        self._ends = [] if "units" in request.keys else self._end_literals()
        self._other = self.programme.variable()

    def plan(self) -> Array:
        return np.flatnonzero([self.values[x] for x in self.paper.x])

    def start(self, edges: Array) -> bool:
        """Values for every variable, from a plan."""
        if self._is_late():
            return False
        inside = np.zeros(self.market.edge_count, int)
        inside[edges] = 1
        answer = self._completed(inside.tolist())
        self.values = answer or []
        return bool(answer)

    def _completed(self, inside: list[int]) -> list[int] | None:
        """The values of a plan with all that it can claim claimed: what blocks, who is served."""
        self.programme.fix(self.paper.x, inside)
        terms = [*self.blocking, *((literal, 1) for literal in self._claims())]
        answer = self.programme.maximise(terms, None, max(self.left, 1.0), self.request.deadline)
        self.programme.release(self.paper.x, self.market.pinned.astype(int).tolist())
        self.left -= answer.spent
        return answer.values

    def _claims(self) -> list[int]:
        edges = set(self.paper.x)
        claimed = {v for key in self.keys for v, c in key.terms if c > 0 and v not in edges}
        return sorted({*claimed, *self._ends})

    def within_exceptions(self) -> bool:
        """Hold the number of exceptions; whether a plan with so few was found."""
        most = self.request.max_exceptions
        if most is None:
            return True
        if self._sum(self.blocking) < -most:
            bound, self.proved = self._ask(self.blocking, SHARE)
            self.bounds[BLOCKING] = -bound
            if self._sum(self.blocking) < -most:
                return False
            self.proved = True
        self.programme.linear(self.blocking, low=-most)
        return True

    def settle(self, key: _Key, *, is_last: bool) -> None:
        """Make one key as good as can be, then hold it."""
        bound = sum(max(0, c) for _, c in key.terms) if key.bound is None else key.bound
        if self._sum(key.terms) < bound:
            if is_last and len(self.keys) > 1:
                self.left = min(self.left, REFINING * self.request.budget)
            found, _ = self._ask(key.terms, 1.0 if is_last else SHARE)
            bound = min(bound, found)
        reached = self._sum(key.terms)
        self.bounds[key.name] = abs(bound)
        self.proved = self.proved and reached == bound
        self.programme.linear(key.terms, low=reached)

    def _sum(self, terms: Terms) -> int:
        return sum(coefficient * self.values[variable] for variable, coefficient in terms)

    def _ask(self, terms: Terms, share: float) -> tuple[int, bool]:
        """Solve with a share of what is left; better values are kept.

        Says the bound, and whether it is reached.
        """
        most = sum(max(0, c) for _, c in terms)
        if self.left <= 0 or self._is_late():
            return most, False
        answer = self.programme.maximise(terms, self.values, share * self.left, self._until(share))
        self.left -= answer.spent
        if answer.values is not None:
            after = sum(c * answer.values[v] for v, c in terms)
            if after >= self._sum(terms):
                # The solver leaves claims open that its objective does not ask for.
                inside = [answer.values[x] for x in self.paper.x]
                self.values = self._completed(inside) or answer.values
        if answer.proved:
            return self._sum(terms), True
        return (most if answer.bound is None else min(most, answer.bound)), False

    def _is_late(self) -> bool:
        return self.request.deadline is not None and time.monotonic() >= self.request.deadline

    def _until(self, share: float) -> float | None:
        """When a share of the time that is left has gone by."""
        if self.request.deadline is None:
            return None
        now = time.monotonic()
        return now + share * (self.request.deadline - now)

    def _level(self, number: int, level: Level) -> _Key:
        literals = [
            self.paper.witness(self.paper.sum_of(edges.tolist()), count)
            for edges, count in level.groups
        ]
        return _Key(f"level {number}", [(literal, 1) for literal in literals], level.bound)

    def _key(self, name: str) -> _Key:
        known = self.request.known.get(name)
        if name == BLOCKING:
            return _Key(name, self.blocking, None if known is None else -known)
        score = self.market.score.astype(int).tolist()
        if name == "score":
            return _Key(name, [(x, s) for x, s in zip(self.paper.x, score, strict=True)], known)
        if name == "units":
            return _Key(name, self._units_and_score(score), None)
        party = (
            self.market.edge_need
            if name == "needs_served"
            else self.notes.group[self.market.edge_need]
        )
        rows = (np.flatnonzero(party == p).tolist() for p in np.unique(party))
        literals = [self.paper.witness(self.paper.sum_of(row), 1) for row in rows]
        return _Key(name, [(literal, 1) for literal in literals], known)

    def _units_and_score(self, score: list[int]) -> Terms:
        """One pair more is worth more than any score."""
        most = min(int(self.market.quantity.sum()), int(self.market.capacity.sum()), len(score))
        weight = 1000 * most + 1
        return [(x, weight + s) for x, s in zip(self.paper.x, score, strict=True)]

    def _tie_order(self) -> list[int]:
        """The variables of the edges, the smallest hash first."""
        order = np.lexsort((np.arange(self.market.edge_count), self.notes.tie))
        return [self.paper.x[e] for e in order.tolist()]

    def _end_literals(self) -> list[int]:
        """For each place in the tie order: true only if no edge from there on is in the plan."""
        literals = [self.programme.variable() for _ in self._order]
        for place, x in enumerate(self._order):
            self.programme.clause([negated(literals[place]), negated(x)])
            if place:
                self.programme.clause([negated(literals[place - 1]), literals[place]])
        return literals

    def settle_ties(self) -> None:
        """Of all plans that are as good, the one that the tie rule names, if time allows."""
        self.left = min(self.left, TIES * self.request.budget)
        if self._is_only_plan():
            return
        for first in range(0, len(self._order), TOGETHER):
            places = range(first, min(first + TOGETHER, len(self._order)))
            terms = self._preference(places)
            if not self._ask(terms, 1.0)[1]:
                return
            self.programme.linear(terms, low=self._sum(terms))

    def _is_only_plan(self) -> bool:
        """Whether no other plan is as good: one that differs somewhere would prove otherwise."""
        differs = [negated(x) if self.values[x] else x for x in self._order]
        self.programme.clause([negated(self._other), *differs])
        before = self.plan()
        self.values[self._other] = 0
        _, proved = self._ask([(self._other, 1)], 1.0)
        return not proved or np.array_equal(before, self.plan())

    def _preference(self, places: range) -> Terms:
        """Lexicographic: best to end here, then to hold this edge, then neither."""
        terms: Terms = []
        for place in places:
            weight = 4 ** (places.stop - 1 - place)
            terms.append((self._order[place], weight))
            if self._ends:
                terms.append((self._ends[place], 2 * weight))
        return terms
