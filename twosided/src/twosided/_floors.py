"""A first plan that meets every floor, found exactly by integer programming."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# scipy loads its submodules on first use, so that `import twosided` stays quick.
import scipy
from twosided.market import Market

Array = npt.NDArray[Any]

INFEASIBLE = 2
NODE_LIMIT = 20_000


def floor_edges(market: Market) -> Array:
    """The fewest edges that hold every pin and floor within all limits, best scores first.

    ValueError naming `floors` if no plan can, or if none was found within a fixed search.
    Exact (HiGHS branch and bound); time grows with the edges, meant for up to some 100,000.
    """
    edges = market.edge_count
    if edges == 0:
        return np.zeros(0, np.int64)
    rows = _rows(market)
    matrix = scipy.sparse.vstack([matrix for matrix, _, _ in rows], format="csr")
    low, high = (np.concatenate([row[side] for row in rows]) for side in (1, 2))
    shared = len(market.reserved)
    # A whole pair costs more than any score gains, so no pair is placed without need.
    cost = np.concatenate([2000.0 - market.score, np.zeros(shared)])
    upper = np.concatenate([np.ones(edges), [units for _, _, units in market.reserved]])
    lower = np.concatenate([market.pinned.astype(float), np.zeros(shared)])
    answer = scipy.optimize.milp(
        cost,
        integrality=np.ones(edges + shared),
        bounds=scipy.optimize.Bounds(lower, upper),
        constraints=scipy.optimize.LinearConstraint(matrix, low, high),
        options={"node_limit": NODE_LIMIT},
    )
    if answer.x is None:
        word = "no plan can meet them all" if answer.status == INFEASIBLE else "no plan was found"
        raise ValueError(f"floors: {word} within the other limits")
    return np.flatnonzero(np.round(answer.x[:edges]) > 0)


def _rows(market: Market) -> list[tuple[Any, Array, Array]]:
    """(matrix, low, high) for quantities, capacities, floors, ceilings and reserved units.

    The columns are the edges, then for each reservation how many of its units are used.
    """
    group = market.need_group[market.edge_need]
    unlimited = np.full(len(market.floors), np.inf)
    floors = [np.flatnonzero(group == g) for g, _ in market.floors]
    ceilings = [edges for edges, _ in market.ceilings]
    needs, offers = market.need_count, market.offer_count
    shared = len(market.reserved)
    general = market.capacity.astype(float)
    for offer, _, units in market.reserved:
        general[offer] -= units
    found = [
        (_matrix(market.edge_need, needs, shared), np.zeros(needs), market.quantity),
        (_general(market), np.zeros(offers), general),
        (_listed(market, floors), np.array([least for _, least in market.floors]), unlimited),
        (_listed(market, ceilings), np.zeros(len(ceilings)), [cap for _, cap in market.ceilings]),
        (_reservations(market, group), np.zeros(shared), np.full(shared, np.inf)),
    ]
    return [(matrix, np.asarray(low), np.asarray(high)) for matrix, low, high in found]


def _matrix(row: Array, height: int, extra: int) -> Any:
    edges = len(row)
    shape = (height, edges + extra)
    return scipy.sparse.csr_matrix((np.ones(edges), (row, np.arange(edges))), shape=shape)


def _general(market: Market) -> Any:
    """Pairs of each offer less the reserved units in use."""
    edges, shared = market.edge_count, len(market.reserved)
    held = np.array([offer for offer, _, _ in market.reserved], np.int64)
    row = np.concatenate([market.edge_offer, held])
    sign = np.concatenate([np.ones(edges), -np.ones(shared)])
    shape = (market.offer_count, edges + shared)
    return scipy.sparse.csr_matrix((sign, (row, np.arange(edges + shared))), shape=shape)


def _listed(market: Market, lists: list[Array]) -> Any:
    columns = np.concatenate([np.zeros(0, np.int64), *lists])
    sizes = np.array([len(edges) for edges in lists], np.int64)
    shape = (len(lists), market.edge_count + len(market.reserved))
    return scipy.sparse.csr_matrix(
        (np.ones(len(columns)), columns, np.concatenate([[0], np.cumsum(sizes)])), shape=shape
    )


def _reservations(market: Market, group: Array) -> Any:
    """Pairs of the group at the offer less the reserved units in use, never below 0."""
    mine = [
        np.flatnonzero((market.edge_offer == offer) & (group == g))
        for offer, g, _ in market.reserved
    ]
    shared = len(mine)
    matrix = _listed(market, mine)
    units = np.arange(shared)
    shape = (shared, market.edge_count + shared)
    used = scipy.sparse.csr_matrix(
        (np.ones(shared), (units, market.edge_count + units)), shape=shape
    )
    return matrix - used
