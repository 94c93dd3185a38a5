"""How many parties any plan could serve: a matching of parties to places.

One source: runs on lists as it is, or compiled on arrays.  The functions check nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from twosided._defer import Ints

DEAD = -1


class Roll(NamedTuple):
    """Each party holds at most one place; an edge counts if it is no pin and its need has quota.

    slot_start (M + 1), slots, slot_count (M): the parties that hold places of each offer.
    visited, giver, frontier: (M,), the search; giver is the party that reached an offer.
    held: (parties,) the offer each party holds, or -1.
    tally: parties served, the running number of the search.
    """

    need_start: Ints
    edge_offer: Ints
    pinned: Ints
    quota: Ints
    party_start: Ints
    party_need: Ints
    seats: Ints
    slot_start: Ints
    slots: Ints
    slot_count: Ints
    visited: Ints
    giver: Ints
    frontier: Ints
    held: Ints
    tally: Ints


def match_parties(r: Roll) -> None:
    """Largest matching by shortest augmenting paths; what a failed search reached is dead."""
    for p in range(len(r.held)):
        if r.held[p] < 0:
            seek(r, p)


def seek(r: Roll, p: int) -> None:
    """One breadth-first search for a place for party p."""
    r.tally[1] += 1
    tail = call_on(r, p, 0)
    head = 0
    while head < tail:
        j = r.frontier[head]
        head += 1
        if r.slot_count[j] < r.seats[j]:
            hand_over(r, j, p)
            return
        for k in range(r.slot_start[j], r.slot_start[j] + r.slot_count[j]):
            tail = call_on(r, r.slots[k], tail)
    for place in range(tail):
        r.visited[r.frontier[place]] = DEAD


def call_on(r: Roll, p: int, tail: int) -> int:
    """Reach every new offer that party p could use."""
    for n in range(r.party_start[p], r.party_start[p + 1]):
        i = r.party_need[n]
        if r.quota[i] <= 0:
            continue
        for e in range(r.need_start[i], r.need_start[i + 1]):
            j = r.edge_offer[e]
            if r.pinned[e] == 1 or r.visited[j] == r.tally[1] or r.visited[j] == DEAD:
                continue
            r.visited[j] = r.tally[1]
            r.giver[j] = p
            r.frontier[tail] = j
            tail += 1
    return tail


def hand_over(r: Roll, j: int, first: int) -> None:
    """Along the path back from offer j, each party leaves its place to the one before."""
    p = r.giver[j]
    r.slots[r.slot_start[j] + r.slot_count[j]] = p
    r.slot_count[j] += 1
    while p != first:
        left = r.held[p]
        r.held[p] = j
        k = r.slot_start[left]
        while r.slots[k] != p:
            k += 1
        j, p = left, r.giver[left]
        r.slots[k] = p
    r.held[p] = j
    r.tally[0] += 1


PARTYING = (call_on, hand_over, seek, match_parties)
