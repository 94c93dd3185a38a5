"""Augmenting paths over parties: as many served as can be, exactly so without ceilings.

One source: runs on lists as it is, or compiled on arrays.  The functions check nothing.
"""

from __future__ import annotations

from twosided._board import (
    BUDGET,
    IMPOSSIBLE,
    KEEP,
    LOGGED,
    LOGGING,
    NOBODY,
    STAMP,
    TIGHT,
    WORK,
    Board,
    drop,
    fits,
    put,
    refresh_edge,
    seat_for,
)
from twosided._moves import forget_queue, releasable, undo

DEAD = -1


def augment_all(b: Board) -> None:
    """Serve every party that can be served while all others stay served.

    Shortest augmenting paths.  Without ceilings, offers that a failed search reached can never help
    a later one: they are dead, so all failed searches together cost O(E).  With ceilings or
    reserved units each costs O(E), so there the budget ends them.
    """
    for j in range(len(b.visited)):
        b.visited[j] = 0
    for p in range(len(b.party_pairs)):
        spent = b.tally[TIGHT] == 1 and b.tally[WORK] >= b.tally[BUDGET]
        if b.party_pairs[p] == 0 and not spent:
            b.tally[STAMP] += 1
            augment(b, p)
    forget_queue(b)


def augment(b: Board, p: int) -> bool:
    """One search from party p, breadth first; the path found is carried out."""
    head, tail = 0, 0
    # b.queue is free here and too short for offers, so the frontier lives in b.came.
    tail = reach(b, p, NOBODY, tail)
    while head < tail:
        j = b.came[2 * head]
        head += 1
        e = b.via[j]
        leaving = exit_at(b, e)
        if leaving != IMPOSSIBLE:
            return carry_out(b, e, leaving)
        for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
            f = b.offer_slots[k]
            if b.pinned[f] == 0 and seat_for(b, e, f):
                tail = reach(b, b.party[b.edge_need[f]], f, tail)
    if b.tally[TIGHT] == 0:
        for place in range(tail):
            b.visited[b.came[2 * place]] = DEAD
    return False


def reach(b: Board, p: int, displaced: int, tail: int) -> int:
    """Visit every new offer that party p could use; `displaced` is the pair it would give up."""
    for n in range(b.party_start[p], b.party_start[p + 1]):
        i = b.party_need[n]
        if b.need_free[i] <= 0 and (displaced < 0 or b.edge_need[displaced] != i):
            continue
        b.tally[WORK] += b.need_start[i + 1] - b.need_start[i]
        for e in range(b.need_start[i], b.need_start[i + 1]):
            j = b.edge_offer[e]
            known = b.visited[j] == b.tally[STAMP] or b.visited[j] == DEAD
            if b.inside[e] == 0 and not known and fits(b, e, displaced):
                b.visited[j] = b.tally[STAMP]
                b.via[j] = e
                b.came[2 * tail] = j
                b.came[2 * j + 1] = displaced
                tail += 1
    return tail


def exit_at(b: Board, e: int) -> int:
    """Whether a path may end with e: NOBODY needs to leave, or an edge does, or IMPOSSIBLE."""
    if seat_for(b, e, NOBODY) and fits(b, e, NOBODY):
        return NOBODY
    j = b.edge_offer[e]
    found = IMPOSSIBLE
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        f = b.offer_slots[k]
        if b.pinned[f] == 1 or not seat_for(b, e, f) or not fits(b, e, f):
            continue
        if releasable(b, f, e, NOBODY, b.tally[KEEP]) and (
            found < 0 or b.offer_key[f] > b.offer_key[found]
        ):
            found = f
    return found


def carry_out(b: Board, e: int, leaving: int) -> bool:
    """The path from its end back to its start; taken back if a ceiling or floor would break."""
    b.tally[LOGGING], b.tally[LOGGED] = 1, 0
    if leaving >= 0:
        drop(b, leaving)
        refresh_edge(b, leaving)
    whole = walk_back(b, e) and floors_hold(b)
    if not whole:
        undo(b, 0)
    b.tally[LOGGING] = 0
    return whole


def walk_back(b: Board, e: int) -> bool:
    """Each party on the path takes its new place, from the end; False where a limit forbids it."""
    while True:
        displaced = b.came[2 * b.edge_offer[e] + 1]
        if displaced >= 0:
            drop(b, displaced)
            refresh_edge(b, displaced)
        if b.need_free[b.edge_need[e]] <= 0 or not seat_for(b, e, NOBODY) or not fits(b, e, NOBODY):
            return False
        put(b, e)
        refresh_edge(b, e)
        if displaced < 0:
            return True
        e = b.via[b.edge_offer[displaced]]


def floors_hold(b: Board) -> bool:
    short = 0
    for g in range(len(b.floor)):
        if b.group_pairs[g] < b.floor[g]:
            short += 1
    return short == 0


PATHING = (reach, exit_at, walk_back, floors_hold, carry_out, augment, augment_all)
