"""OR-tools minimum-cost flow: the best total fit, and the communities-first flow.

Both know scores, quantities and capacities only; ranks and blocking pairs mean nothing to them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from twosided import Market

MOST_SCORE = 1_000


def best_fit(market: Market) -> Any:
    """Edges of a plan of the highest total score."""
    flow = SimpleMinCostFlow()
    needs = 2 + np.arange(market.need_count)
    _arcs(flow, np.zeros_like(needs), needs, market.quantity)
    return _solved(flow, market, needs, int(market.quantity.sum()))


def communities_first(market: Market) -> Any:
    """Edges of a plan of most communities, then most needs, then the highest score.

    The first unit of a need and the first of a community go through an arc of their own, which
    pays more than everything that comes after it together.
    """
    flow = SimpleMinCostFlow()
    pays_need = MOST_SCORE * int(market.quantity.sum()) + 1
    pays_community = pays_need * (market.need_count + 1)
    _, group = np.unique(market.need_group, return_inverse=True)
    needs = 2 + np.arange(market.need_count)
    groups = 2 + market.need_count + market.offer_count + np.arange(int(group.max()) + 1)
    wanted = np.bincount(group, market.quantity).astype(np.int64)
    some = market.quantity > 0
    _arcs(flow, np.zeros_like(groups), groups, np.minimum(wanted, 1), -pays_community)
    _arcs(flow, np.zeros_like(groups), groups, np.maximum(wanted - 1, 0))
    _arcs(flow, groups[group], needs, some.astype(np.int64), -pays_need)
    _arcs(flow, groups[group], needs, np.maximum(market.quantity - 1, 0))
    return _solved(flow, market, needs, int(market.quantity.sum()))


def _solved(flow: SimpleMinCostFlow, market: Market, needs: Any, units: int) -> Any:
    """Add the candidates and the places of the offers, send all units or let them pass by."""
    offers = 2 + market.need_count + np.arange(market.offer_count)
    one = np.ones(market.edge_count, np.int64)
    score = market.score.astype(np.int64)
    arcs = _arcs(flow, needs[market.edge_need], offers[market.edge_offer], one, -score)
    _arcs(flow, offers, np.ones_like(offers), market.capacity)
    _arcs(flow, np.zeros(1, np.int64), np.ones(1, np.int64), np.array([units]))
    flow.set_node_supply(0, units)
    flow.set_node_supply(1, -units)
    status = flow.solve()
    assert status == flow.OPTIMAL, status
    return np.flatnonzero(flow.flows(arcs))


def _arcs(flow: SimpleMinCostFlow, tail: Any, head: Any, room: Any, cost: Any = 0) -> Any:
    costs = np.broadcast_to(np.asarray(cost, np.int64), tail.shape)
    arrays = [np.ascontiguousarray(a) for a in (tail, head, room, costs)]
    return flow.add_arcs_with_capacity_and_unit_cost(*arrays)
