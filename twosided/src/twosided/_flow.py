"""Exact answers of flows: the best total score, the most pairs, the most parties served.

Ceilings are left out, so on a market with ceilings every number here is an upper bound and
`best_fit` may give a plan that breaks them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._network import (
    SINK,
    SOURCE,
    UNMET_FLOORS,
    Left,
    Network,
    left_by_pins,
    network,
    planned,
)
from twosided.market import Market

Array = npt.NDArray[Any]


def best_fit(market: Market) -> tuple[Array, int]:
    """A plan of the greatest total score and that score, ceilings ignored.

    Returns its edges, ascending int64, and the sum in thousandths.  Pairs of score 0 are left out
    unless a pin or a floor needs them; other ties fall the same way in every run.

    ValueError naming `floors` if no plan can meet them all.
    Exact: minimum-cost flow by cost scaling (Goldberg 1997, doi:10.1006/jagm.1995.0805) as in
    OR-tools; about 1 s for 10,000 needs with 30 candidates each.
    """
    edges = _best_edges(market, left_by_pins(market))
    if edges is None:
        raise ValueError(UNMET_FLOORS)
    edges = _without_idle(market, edges)
    return edges, _total(market, edges)


def score_bound(market: Market) -> int:
    """No plan has a higher score: that of `best_fit`, without floors if they cannot be met."""
    left = left_by_pins(market)
    edges = _best_edges(market, left)
    if edges is None:
        edges = _best_edges(market, replace(left, floors={}))
    assert edges is not None
    return _total(market, edges)


def most_units(market: Market) -> int:
    """The most pairs that a plan can have, ceilings ignored.

    Exact by maximum flow; floors never cost a pair, so they are not looked at.
    """
    left = left_by_pins(market)
    flow = network(market, left, np.full(market.need_count, -1))
    return int(market.pinned.sum()) + _most(flow)


def most_served(market: Market, party: Array) -> int:
    """The most parties that can have a pair at once, ceilings ignored; pins serve theirs.

    party: (N,) int >= 0, the party of each need; all needs of a party are of one need_group, as
    with the groups themselves or with single needs.

    Exact by maximum flow, with floors by minimum-cost flow; floors that cannot be met are ignored.
    """
    left = left_by_pins(market)
    served = np.zeros(int(party.max(initial=-1)) + 1, bool)
    served[party[market.pins[:, 0]]] = True
    more = _served_with_floors(market, left, party, served) if left.floors else None
    if more is None:
        flow = network(market, left, party)
        waiting = np.flatnonzero(~served)
        source = np.full(len(waiting), SOURCE)
        flow = flow.with_arcs(source, flow.first_party + waiting, np.ones_like(waiting))
        more = _most(flow)
    return int(served.sum()) + more


def _best_edges(market: Market, left: Left) -> Array | None:
    """The edges of a best plan, some of them idle; None if it misses a floor."""
    party = _floor_of_needs(market, left)
    keep = (market.score > 0) | (party[market.edge_need] >= 0)
    flow = network(market, left, party, keep)
    cost = np.zeros(len(flow.tail), np.int64)
    cost[: len(flow.edges)] = -market.score[flow.edges].astype(np.int64)
    flow, cost = _with_floors(flow, cost, left, flow.first_party)
    carried = _cheapest(flow, cost)
    if not _floors_met(carried, left):
        return None
    return planned(market, flow, carried)


def _floor_of_needs(market: Market, left: Left) -> Array:
    """(N,) which of the floors left, by its position, binds the group of each need; -1 for none."""
    party = np.full(market.need_count, -1, np.int64)
    for number, group in enumerate(left.floors):
        party[market.need_group == group] = number
    return party


def _with_floors(flow: Network, cost: Array, left: Left, first: int) -> tuple[Network, Array]:
    """Arcs from the source to the nodes of the floors; a unit that a floor asks for is worth most.

    The last arcs are those units, one arc for each floor; before them what goes beyond.
    first: the node of the first floor.
    """
    floors = len(left.floors)
    least = np.array(list(left.floors.values()), np.int64)
    node = first + np.arange(floors)
    # More than all that can be gained elsewhere.
    worth = 1 - int(cost.min(initial=0)) * (_throughput(flow) + int(least.sum()))
    wide = flow.with_arcs(
        np.full(2 * floors, SOURCE),
        np.append(node, node),
        np.append(np.full(floors, len(flow.edges)), least),
    )
    return wide, np.concatenate([cost, np.zeros(floors, np.int64), np.full(floors, -worth)])


def _floors_met(carried: Array, left: Left) -> bool:
    least = list(left.floors.values())
    return bool(carried[len(carried) - len(least) :].tolist() == least)


def _served_with_floors(market: Market, left: Left, party: Array, served: Array) -> int | None:
    """How many parties beyond those served; None if a floor cannot be met."""
    flow = network(market, left, party)
    floor = _floor_of_needs(market, left)
    above = np.full(len(served), SOURCE)
    above[party] = np.where(floor >= 0, flow.nodes + floor, SOURCE)
    parties = np.arange(len(served))
    waiting, bound = parties[~served], parties[above != SOURCE]
    cost = np.zeros(len(flow.tail), np.int64)
    first_floor, tails = flow.nodes, np.append(above[waiting], above[bound])
    flow = flow.with_arcs(
        tails,
        flow.first_party + np.append(waiting, bound),
        np.append(np.ones(len(waiting), np.int64), np.full(len(bound), len(flow.edges))),
    )
    cost = np.concatenate([cost, np.full(len(waiting), -1), np.zeros(len(bound), np.int64)])
    first = slice(len(cost) - len(waiting) - len(bound), len(cost) - len(bound))
    wide, cost = _with_floors(flow, cost, left, first_floor)
    carried = _cheapest(wide, cost)
    return int(carried[first].sum()) if _floors_met(carried, left) else None


def _throughput(flow: Network) -> int:
    """No more units than this get from the source to the sink."""
    return min(int(flow.capacity[flow.head == SINK].sum()), len(flow.edges))


def _cheapest(flow: Network, cost: Array) -> Array:
    """The units on each arc of a cheapest flow of any amount."""
    # 0.1 s, only where a flow is asked for.
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 -- slow, only for flows

    solver = min_cost_flow.SimpleMinCostFlow()
    amount = _throughput(flow)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        # The last arc takes past the network what is better left.
        np.append(flow.tail, SOURCE).astype(np.int32),
        np.append(flow.head, SINK).astype(np.int32),
        np.append(flow.capacity, amount).astype(np.int64),
        np.append(cost, 0).astype(np.int64),
    )
    solver.set_node_supply(SOURCE, amount)
    solver.set_node_supply(SINK, -amount)
    status = solver.solve()
    assert status == solver.OPTIMAL, status
    carried: Array = solver.flows(arcs)[:-1]
    return carried


def _most(flow: Network) -> int:
    """The most units from the source to the sink."""
    if not len(flow.edges):
        return 0
    # 0.1 s, only where a flow is asked for.
    from ortools.graph.python import max_flow  # noqa: PLC0415 -- slow, only for flows

    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        flow.tail.astype(np.int32), flow.head.astype(np.int32), flow.capacity.astype(np.int64)
    )
    status = solver.solve(SOURCE, SINK)
    assert status == solver.OPTIMAL, status
    return int(solver.optimal_flow())


def _without_idle(market: Market, edges: Array) -> Array:
    """Without the pairs of score 0 that neither a pin nor a floor needs."""
    least = dict(market.floors)
    groups = market.need_group[market.edge_need[edges]]
    ids, counts = np.unique(groups, return_counts=True)
    spare = {g: n - least.get(g, 0) for g, n in zip(ids.tolist(), counts.tolist(), strict=True)}
    kept = np.ones(len(edges), bool)
    for k in np.flatnonzero((market.score[edges] == 0) & ~market.pinned[edges]).tolist():
        group = int(groups[k])
        if spare[group] > 0:
            spare[group] -= 1
            kept[k] = False
    return edges[kept]


def _total(market: Market, edges: Array) -> int:
    return int(market.score[edges].sum(dtype=np.int64))
