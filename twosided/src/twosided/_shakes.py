"""Shaking a plan: take a few pairs out where blocking ones are, put things right, keep the better.

Iterated local search (Lourenco, Martin, Stutzle 2003, doi:10.1007/0-306-48056-5_11).
One source: runs on lists as it is, or compiled on arrays.  The functions check nothing.
"""

from __future__ import annotations

from twosided._board import (
    BLOCKING,
    BUDGET,
    DICE,
    LOGGED,
    LOGGING,
    NOBODY,
    WORK,
    Board,
    drop,
    refresh_edge,
)
from twosided._moves import (
    SETTLE_STEPS,
    forget_queue,
    place_best,
    queue_need,
    settle,
    standing,
    undo,
)

# So many partners an offer loses when it is shaken; more would overrun the journal.
SHAKEN = 4


def shake_all(b: Board, rounds: int) -> None:
    """So many shakes, each beside a blocking pair; the plan never gets worse."""
    for _ in range(rounds):
        if b.tally[BLOCKING] == 0 or b.tally[WORK] >= b.tally[BUDGET]:
            break
        shake(b)
    b.tally[LOGGING] = 0
    forget_queue(b)


def throw(b: Board, sides: int) -> int:
    """The next of a fixed sequence of numbers below `sides`."""
    b.tally[DICE] = (b.tally[DICE] * 1103515245 + 12345) % 2147483648
    return b.tally[DICE] // 64 % sides


def shake(b: Board) -> None:
    """Empty an offer that has a blocking pair and one that somebody else there could use."""
    base = standing(b)
    b.tally[LOGGING], b.tally[LOGGED] = 1, 0
    forget_queue(b)
    offers = len(b.offer_blocked)
    j = throw(b, offers)
    while b.offer_blocked[j] == 0:
        j = (j + 1) % offers
    e = b.offer_edge[b.offer_start[j] + throw(b, b.offer_start[j + 1] - b.offer_start[j])]
    i = b.edge_need[e]
    empty(b, j)
    empty(b, b.edge_offer[b.need_start[i] + throw(b, b.need_start[i + 1] - b.need_start[i])])
    emptied = b.tally[LOGGED]
    settle(b, SETTLE_STEPS)
    serve_again(b, emptied)
    settle_again(b)
    if standing(b) < base or breaks_floor(b):
        undo(b, 0)


def empty(b: Board, j: int) -> None:
    """Take unpinned partners out of offer j, SHAKEN at most, the last to come first."""
    k = b.offer_slot_start[j] + b.offer_count[j] - 1
    gone = 0
    while k >= b.offer_slot_start[j] and gone < SHAKEN:
        f = b.offer_slots[k]
        if b.pinned[f] == 0:
            drop(b, f)
            refresh_edge(b, f)
            gone += 1
        k -= 1


def serve_again(b: Board, emptied: int) -> None:
    """Place the parties that lost a pair in `empty` and now have nothing."""
    for k in range(emptied):
        p = b.party[b.edge_need[abs(b.journal[k]) - 1]]
        if b.party_pairs[p] == 0:
            forget_queue(b)
            place_best(b, p, NOBODY, standing(b))


def settle_again(b: Board) -> None:
    """Settle the blocking pairs at every offer that was touched."""
    forget_queue(b)
    for k in range(b.tally[LOGGED]):
        j = b.edge_offer[abs(b.journal[k]) - 1]
        if b.offer_blocked[j] > 0:
            for place in range(b.offer_start[j], b.offer_start[j + 1]):
                if b.blocked[b.offer_edge[place]] == 1:
                    queue_need(b, b.edge_need[b.offer_edge[place]])
    settle(b, 4 * SETTLE_STEPS)


def breaks_floor(b: Board) -> bool:
    for k in range(b.tally[LOGGED]):
        g = b.group[b.edge_need[abs(b.journal[k]) - 1]]
        if b.group_pairs[g] < b.floor[g]:
            return True
    return False


SHAKING = (throw, empty, serve_again, settle_again, breaks_floor, shake, shake_all)
