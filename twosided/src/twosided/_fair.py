"""The worst-off group first: exact leximin over the groups of a market without ceilings."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._network import UNMET_FLOORS, Residual, left_by_pins, network, planned, residual
from twosided.market import Market

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Shares:
    """The groups that fairness counts, ascending, G of them: some candidate, some pair requested.

    group: their ids in `market.need_group`.  number: (N,) the position of each need's group among
    them, -1 if it is not counted.  requested: the sum of quantity.
    weight: the mean need weight, exact.  most: pairs that quantities and candidates allow.
    """

    group: list[int]
    number: Array
    requested: list[int]
    weight: list[Fraction]
    most: list[int]

    def value(self, g: int, pairs: int) -> Fraction:
        """What group g (a position) has with so many pairs: (pairs / requested) / weight."""
        return Fraction(pairs, self.requested[g]) / self.weight[g]

    @cached_property
    def values(self) -> list[list[Fraction]]:
        """For each group its value with 0, 1, ..., most pairs; ascending."""
        return [[self.value(g, x) for x in range(most + 1)] for g, most in enumerate(self.most)]

    @cached_property
    def levels(self) -> list[Fraction]:
        """All values that some group can have, ascending, each once."""
        return sorted({value for values in self.values for value in values})

    def count_needed(self, g: int, level: Fraction) -> int:
        """The fewest pairs with which group g is above a level; may be more than it can have."""
        return int(level * self.requested[g] * self.weight[g] // 1) + 1


def shares(market: Market) -> Shares:
    """What counts for fairness.  O(E + N log N), exact fractions of the float weights."""
    ids, group = np.unique(market.need_group, return_inverse=True)
    degree = np.diff(market.need_start)
    requested, most = [0] * len(ids), [0] * len(ids)
    candidates, needs = [0] * len(ids), [0] * len(ids)
    weight = [Fraction(0)] * len(ids)
    rows = zip(group.tolist(), market.quantity.tolist(), degree.tolist(), strict=True)
    for i, (g, quantity, edges) in enumerate(rows):
        requested[g] += quantity
        most[g] += min(quantity, edges)
        candidates[g] += edges
        needs[g] += 1
        weight[g] += Fraction(float(market.need_weight[i]))
    counted = [g for g in range(len(ids)) if requested[g] and candidates[g]]
    number = np.full(len(ids), -1, np.int64)
    number[counted] = np.arange(len(counted))
    return Shares(
        group=ids[counted].tolist(),
        number=number[group],
        requested=[requested[g] for g in counted],
        weight=[weight[g] / needs[g] for g in counted],
        most=[most[g] for g in counted],
    )


def vector(market: Market, pairs: Sequence[int]) -> tuple[Fraction, ...]:
    """The values of all counted groups, lowest first; compare two of them as tuples.

    pairs: (G,) how many each counted group has, in the order of `shares(market).group`.
    """
    counted = shares(market)
    return tuple(sorted(counted.value(g, x) for g, x in enumerate(pairs)))


def leximin(market: Market) -> tuple[Array, list[int]]:
    """A plan whose ascending vector of group values is the greatest, if ceilings are ignored.

    Returns its edges, ascending int64, and the pairs of each counted group.  Pins, floors, reserved
    units, quantities and capacities hold; ceilings do not, so with them this is a bound.

    The totals that groups can have at once form a polymatroid, and leximin is a separable concave
    objective on it (the gain of a pair falls with the group's value), so taking the best next pair
    one by one is exact: lowest value first, among equals the one that rises highest.
    Groenevelt 1991, doi:10.1016/0377-2217(91)90300-K.  The lower group number comes first in ties.

    ValueError naming `floors` if no plan can meet them all.
    Time O(units x E) at worst, one breadth-first search for each pair.
    """
    counted = shares(market)
    left = left_by_pins(market)
    # Groups without a share have no edge to use; their needs hang from nothing that is searched.
    flow = network(market, left, counted.number)
    state = residual(flow)
    pairs = np.bincount(
        counted.number[market.edge_need[market.pinned]], minlength=len(counted.group)
    ).tolist()
    place = {group: g for g, group in enumerate(counted.group)}
    for group, units in left.floors.items():
        g = place.get(group, -1)
        for _ in range(units):
            if g < 0 or not state.push(flow.first_party + g):
                raise ValueError(UNMET_FLOORS)
            pairs[g] += 1
    _raise_lowest(counted, pairs, state, flow.first_party)
    carried = np.array(state.room[1 : 2 * len(flow.edges) : 2], np.int64)
    return planned(market, flow, carried), pairs


def _raise_lowest(counted: Shares, pairs: list[int], state: Residual, first: int) -> None:
    """One pair more for the lowest group that can have one, until none can."""
    rank = {level: r for r, level in enumerate(counted.levels)}
    ranks = [[rank[value] for value in values] for values in counted.values]
    line = [order_of(ranks[g], x, g) for g, x in enumerate(pairs) if x < counted.most[g]]
    heapq.heapify(line)
    while line:
        _, _, g = heapq.heappop(line)
        # A group that cannot have one more now never can again.
        if not state.push(first + g):
            continue
        pairs[g] += 1
        if pairs[g] < counted.most[g]:
            heapq.heappush(line, order_of(ranks[g], pairs[g], g))


def order_of(row: list[int], x: int, g: int) -> tuple[int, int, int]:
    """Who is next: the lowest value, among equals the highest next one, then the first group.

    row: the ranks of the values of group g with 0, 1, ... pairs; x: the pairs it has.
    """
    return row[x], -row[x + 1], g
