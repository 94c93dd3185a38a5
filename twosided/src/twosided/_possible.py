"""How many groups any plan could serve, counted for the verifier alone."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

# scipy loads its submodules on first use, so that `import twosided` stays quick.
import scipy
from twosided.market import Market

Array = npt.NDArray[Any]

# Below this many links plain loops are done before scipy's graph routines have been loaded.
LOAD_SCIPY_FROM = 20_000
# Links between groups and single places; beyond, offers are not split into their places.
MOST_LINKS = 10_000_000


def groups_possible(market: Market) -> int:
    """The largest number of groups that can each have a place left by the pins.

    Groups are matched to offers, each offer taking as many groups as it has places left by pins.
    Offers with room for every group that could come never decide anything and are settled first.
    """
    ids, group = np.unique(market.need_group, return_inverse=True)
    served = np.zeros(len(ids), bool)
    served[group[market.pins[:, 0]]] = True
    quantity = market.quantity - np.bincount(market.pins[:, 0], minlength=market.need_count)
    room = market.capacity - np.bincount(market.pins[:, 1], minlength=market.offer_count)
    waiting = (quantity > 0) & ~served[group]
    counts = ~market.pinned & waiting[market.edge_need] & (room > 0)[market.edge_offer]
    links = group[market.edge_need[counts]] * max(market.offer_count, 1) + market.edge_offer[counts]
    if len(ids) < market.need_count:
        links = np.unique(links)
    giver, offer = np.divmod(links, max(market.offer_count, 1))
    easy, giver, offer = _settled(giver, offer, room)
    return int(served.sum()) + easy + _matched(giver, offer, room)


def _settled(group: Array, offer: Array, room: Array) -> tuple[int, Array, Array]:
    """Groups that surely get a place, and the links of the others.

    Each round settles the groups that reach an offer with room for all who still could come.
    """
    easy = 0
    while len(group):
        plenty = np.bincount(offer, minlength=len(room)) <= room
        sure = np.zeros(int(group.max()) + 1, bool)
        sure[group[plenty[offer]]] = True
        if not sure.any():
            break
        easy += int(sure.sum())
        left = ~sure[group]
        group, offer = group[left], offer[left]
    return easy, group, offer


def _matched(group: Array, offer: Array, room: Array) -> int:
    """The size of a largest matching of groups to places."""
    if len(group) < LOAD_SCIPY_FROM:
        return _augmented_all(group, offer, room)
    row, column = _renumbered(group), _renumbered(offer)
    places = np.zeros(int(column.max()) + 1, np.int64)
    places[column] = room[offer]
    if int(places[column].sum()) > MOST_LINKS:
        return _flow(row, column, places)
    first = np.cumsum(places) - places
    copies = places[column]
    ends = np.cumsum(copies)
    place = np.arange(ends[-1]) - np.repeat(ends - copies, copies)
    place += np.repeat(first[column], copies)
    row = np.repeat(row, copies)
    ones = np.ones(len(row), np.int8)
    graph = scipy.sparse.csr_matrix((ones, (row, place)))
    found = scipy.sparse.csgraph.maximum_bipartite_matching(graph, perm_type="column")
    return int((found >= 0).sum())


def _renumbered(index: Array) -> Array:
    """The same order without gaps: 0, 1, 2, ..."""
    seen = np.zeros(int(index.max()) + 1, bool)
    seen[index] = True
    return (np.cumsum(seen) - 1)[index]


def _flow(row: Array, column: Array, places: Array) -> int:
    """The same by maximum flow: slower, but offers with very many places stay one node."""
    rows, columns = int(row.max()) + 1, len(places)
    source, sink = rows + columns, rows + columns + 1
    tail = [np.full(rows, source), row, rows + np.arange(columns)]
    head = [np.arange(rows), rows + column, np.full(columns, sink)]
    room = np.concatenate([np.ones(rows + len(row)), places]).astype(np.int32)
    ends = np.concatenate(tail), np.concatenate(head)
    graph = scipy.sparse.csr_matrix((room, ends), shape=(sink + 1, sink + 1))
    return int(scipy.sparse.csgraph.maximum_flow(graph, source, sink).flow_value)


def _augmented_all(group: Array, offer: Array, room: Array) -> int:
    """The size of a largest matching of groups to places, by augmenting paths."""
    wishes: dict[int, list[int]] = {}
    for g, j in zip(group.tolist(), offer.tolist(), strict=True):
        wishes.setdefault(g, []).append(j)
    holders: dict[int, set[int]] = {}
    limits = room.tolist()
    dead: set[int] = set()
    count = 0
    for g in wishes:
        if _augmented(g, wishes, holders, limits, dead):
            count += 1
    return count


def _augmented(
    first: int,
    wishes: dict[int, list[int]],
    holders: dict[int, set[int]],
    limits: list[int],
    dead: set[int],
) -> bool:
    reached: dict[int, int] = {}
    came: dict[int, int] = {}
    line = deque([first])
    while line:
        g = line.popleft()
        for j in wishes[g]:
            if j in dead or j in reached:
                continue
            reached[j] = g
            holding = holders.setdefault(j, set())
            if len(holding) < limits[j]:
                _pass_on(j, first, reached, came, holders)
                return True
            for other in sorted(holding):
                came[other] = j
                line.append(other)
    # What a failed search reached can never free a place for anybody else.
    dead.update(reached)
    return False


def _pass_on(
    j: int,
    first: int,
    reached: dict[int, int],
    came: dict[int, int],
    holders: dict[int, set[int]],
) -> None:
    """Each group on the path takes the new place and leaves the one it was reached through."""
    while True:
        g = reached[j]
        holders[j].add(g)
        if g == first:
            return
        j = came[g]
        holders[j].remove(g)
