"""A market without its ceilings as a flow network, pins taken out beforehand."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided.market import Market

Array = npt.NDArray[Any]

SOURCE, SINK = 0, 1
# Above the number of any search.
DEAD = 2**62

UNMET_FLOORS = "floors: no plan can meet them all within the other limits"


@dataclass(frozen=True)
class Left:
    """What the pins leave: quantity (N,), reserved units (R,), general units (M,), int64.

    room: (E,) which entry of `market.reserved` an edge may use, -1 for none.
    floors: {group: pairs that its floor still asks for}, without those that are met.
    """

    quantity: Array
    reserved: Array
    general: Array
    room: Array
    floors: dict[int, int]


@dataclass(frozen=True)
class Network:
    """Arcs as arrays; the first `len(edges)` of them are the edges with these numbers, of one unit.

    tail, head: node numbers; capacity: units, never more than there are edges.
    first_party: the node of party 0; nodes: how many there are.
    """

    tail: Array
    head: Array
    capacity: Array
    edges: Array
    first_party: int
    nodes: int

    def with_arcs(self, tail: Array, head: Array, capacity: Array) -> Network:
        """The same network with more arcs behind the others; nodes follow from their numbers."""
        tail, head = np.append(self.tail, tail), np.append(self.head, head)
        return Network(
            tail=tail,
            head=head,
            capacity=np.append(self.capacity, capacity),
            edges=self.edges,
            first_party=self.first_party,
            nodes=max(self.nodes, int(max(tail.max(initial=0), head.max(initial=0))) + 1),
        )


def left_by_pins(market: Market) -> Left:
    """A pin uses a unit reserved for its group while there is one, a general one after that."""
    pinned = np.flatnonzero(market.pinned)
    room = _rooms(market)
    units = np.array([units for _, _, units in market.reserved], np.int64)
    held = np.bincount(room[pinned][room[pinned] >= 0], minlength=len(units))
    general = market.capacity - np.bincount(
        market.edge_offer[pinned][room[pinned] < 0], minlength=market.offer_count
    )
    over = np.maximum(held - units, 0)
    for r, (offer, _, _) in enumerate(market.reserved):
        general[offer] -= units[r] + over[r]
    groups = market.need_group[market.edge_need[pinned]].tolist()
    floors = {group: least - groups.count(group) for group, least in market.floors}
    return Left(
        quantity=market.quantity - np.bincount(market.pins[:, 0], minlength=market.need_count),
        reserved=np.maximum(units - held, 0),
        general=general,
        room=room,
        floors={group: least for group, least in floors.items() if least > 0},
    )


def _rooms(market: Market) -> Array:
    room = np.full(market.edge_count, -1, np.int64)
    for r, (offer, group, _) in enumerate(market.reserved):
        mine = market.offer_edge[market.offer_start[offer] : market.offer_start[offer + 1]]
        room[mine[market.need_group[market.edge_need[mine]] == group]] = r
    return room


def network(market: Market, left: Left, party: Array, keep: Array | None = None) -> Network:
    """Parties, needs, reserved units, offers, sink; nothing leads to a party yet.

    party: (N,) the party above each need, -1 if the source itself is.
    keep: (E,) bool, the edges to be used; pins never are.
    """
    general, reserved = left.general, np.append(left.reserved, 0)
    open_place = (general[market.edge_offer] > 0) | (reserved[left.room] > 0)
    usable = ~market.pinned & (left.quantity[market.edge_need] > 0) & open_place
    edges = np.flatnonzero(usable if keep is None else usable & keep)
    rooms = len(left.reserved)
    first_offer = 2 + market.need_count
    first_room = first_offer + market.offer_count
    first_party = first_room + rooms
    room = left.room[edges]
    needs = np.unique(market.edge_need[edges]).astype(np.int64)
    offers = np.unique(market.edge_offer[edges]).astype(np.int64)
    above = party[needs]
    room_node = first_room + np.arange(rooms)
    owner = np.array([offer for offer, _, _ in market.reserved], np.int64)
    arcs = [
        (
            2 + market.edge_need[edges].astype(np.int64),
            np.where(room >= 0, first_room + room, first_offer + market.edge_offer[edges]),
            np.ones(len(edges), np.int64),
        ),
        (np.where(above >= 0, first_party + above, SOURCE), 2 + needs, left.quantity[needs]),
        (room_node, np.full(rooms, SINK), left.reserved),
        (room_node, first_offer + owner, np.full(rooms, len(edges))),
        (first_offer + offers, np.full(len(offers), SINK), general[offers]),
    ]
    tail, head, capacity = (np.concatenate(column) for column in zip(*arcs, strict=True))
    parties = int(party.max(initial=-1)) + 1
    # No arc ever carries more than all edges, and sums of capacities must not overflow.
    capacity = np.minimum(capacity, len(edges))
    return Network(tail, head, capacity, edges, first_party, first_party + parties)


@dataclass
class Residual:
    """The flow through a network so far, as lists: arc 2k goes along arc k, 2k + 1 back.

    out: the arcs that leave each node, without the one to the sink, which is in last (-1 if none).
    head, room: where an arc leads and what it can still carry.
    seen: which search reached a node last; DEAD once it is known that nothing gets from it to the
    sink, which stays so: no later path can enter what it cannot leave.
    """

    out: list[list[int]]
    last: list[int]
    head: list[int]
    room: list[int]
    seen: list[int]
    searches: int = field(default=0)

    def push(self, start: int) -> bool:
        """Carry one more unit from a node to the sink along a short path, if there is one."""
        if self.seen[start] == DEAD:
            return False
        self.searches += 1
        came = {start: -1}
        line = deque([start])
        self.seen[start] = self.searches
        while line:
            for arc in self.out[line.popleft()]:
                node = self.head[arc]
                if not self.room[arc] or self.seen[node] >= self.searches:
                    continue
                self.seen[node] = self.searches
                came[node] = arc
                if self.last[node] >= 0 and self.room[self.last[node]]:
                    self._turn(start, node, came)
                    return True
                line.append(node)
        for node in came:
            self.seen[node] = DEAD
        return False

    def _turn(self, start: int, node: int, came: dict[int, int]) -> None:
        """Carry the unit along the path to a node and from there to the sink."""
        self.room[self.last[node]] -= 1
        while node != start:
            arc = came[node]
            self.room[arc] -= 1
            self.room[arc ^ 1] += 1
            node = self.head[arc ^ 1]


def residual(flow: Network) -> Residual:
    tail, head, capacity = flow.tail.tolist(), flow.head.tolist(), flow.capacity.tolist()
    out: list[list[int]] = [[] for _ in range(flow.nodes)]
    last = [-1] * flow.nodes
    for arc, (start, end) in enumerate(zip(tail, head, strict=True)):
        if end == SINK:
            last[start] = 2 * arc
        else:
            out[start].append(2 * arc)
            out[end].append(2 * arc + 1)
    return Residual(
        out=out,
        last=last,
        head=[node for pair in zip(head, tail, strict=True) for node in pair],
        room=[units for each in capacity for units in (each, 0)],
        seen=[0] * flow.nodes,
    )


def planned(market: Market, flow: Network, carried: Array) -> Array:
    """The edges of the plan, ascending: the pins and the edges that carry their unit.

    carried: (at least the edges of the network,) units on each arc.
    """
    chosen = flow.edges[np.asarray(carried[: len(flow.edges)]) > 0]
    edges: Array = np.sort(np.append(np.flatnonzero(market.pinned), chosen)).astype(np.int64)
    return edges
