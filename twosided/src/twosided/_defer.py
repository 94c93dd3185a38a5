"""Deferred acceptance on compressed rows.

One source: runs on lists as it is, or compiled on arrays.  The functions check nothing; `solve`
prepares what they read.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Ints(Protocol):
    """A list of int, or an integer array."""

    def __getitem__(self, place: int, /) -> int: ...

    def __setitem__(self, place: int, number: int, /) -> None: ...

    def __len__(self) -> int: ...


class Desk(NamedTuple):
    """What deferred acceptance reads and writes.  N needs, M offers, E edges.

    need_start (N + 1), order (E): the edges of each need, best first.
    edge_need, edge_offer, offer_key, tie: (E,).
    quota (N): partners still wanted; seats (M): partners an offer takes.
    slot_start (M + 1), slot_word, slot_edge, slot_count (M): a heap for each offer, worst on top.
    pointer, level, waiting, stack: (N,).  party (N), party_pairs: who is to be served at all.
    tally: proposals, height of the stack.
    """

    need_start: Ints
    order: Ints
    edge_need: Ints
    edge_offer: Ints
    offer_key: Ints
    tie: Ints
    quota: Ints
    seats: Ints
    slot_start: Ints
    slot_word: Ints
    slot_edge: Ints
    slot_count: Ints
    pointer: Ints
    level: Ints
    waiting: Ints
    stack: Ints
    party: Ints
    party_pairs: Ints
    tally: Ints


def defer(desk: Desk) -> None:
    """Need-proposing deferred acceptance with one local promotion.

    A need whose party was left with nothing proposes once more, now preferred among ties only, so
    the result stays stable (Kiraly 2013, doi:10.3390/a6030471).  Time O(E log capacity).
    """
    needs = len(desk.pointer)
    for i in range(needs - 1, -1, -1):
        _queue(desk, i)
    while True:
        while desk.tally[1] > 0:
            _serve_top(desk)
        for i in range(needs - 1, -1, -1):
            if _may_rise(desk, i):
                _queue(desk, i)
        if desk.tally[1] == 0:
            break


def _queue(desk: Desk, i: int) -> None:
    if desk.waiting[i] == 0 and desk.quota[i] > 0:
        desk.waiting[i] = 1
        desk.stack[desk.tally[1]] = i
        desk.tally[1] += 1


def _may_rise(desk: Desk, i: int) -> bool:
    return (
        desk.level[i] == 0
        and desk.quota[i] > 0
        and desk.need_start[i] < desk.need_start[i + 1]
        and desk.party_pairs[desk.party[i]] == 0
    )


def _serve_top(desk: Desk) -> None:
    """Let the need on top of the stack propose until it is satisfied or at the end of its list."""
    i = desk.stack[desk.tally[1] - 1]
    desk.tally[1] -= 1
    desk.waiting[i] = 0
    while desk.quota[i] > 0:
        if desk.pointer[i] == desk.need_start[i + 1]:
            if not _may_rise(desk, i):
                return
            desk.level[i] = 1
            desk.pointer[i] = desk.need_start[i]
        e = desk.order[desk.pointer[i]]
        desk.pointer[i] += 1
        if desk.seats[desk.edge_offer[e]] > 0:
            _propose(desk, i, e)


def _propose(desk: Desk, i: int, e: int) -> None:
    """Edge e to its offer, which takes it if it has a free seat or prefers it to its worst."""
    j = desk.edge_offer[e]
    p = desk.party[i]
    plain = 1
    if desk.level[i] == 1 and desk.party_pairs[p] == 0:
        plain = 0
    word = (desk.offer_key[e] * 2 + plain) * 536870912 + desk.tie[e]
    first = desk.slot_start[j]
    desk.tally[0] += 1
    if desk.slot_count[j] < desk.seats[j]:
        desk.slot_count[j] += 1
        _sift_up(desk, first, desk.slot_count[j] - 1, word, e)
    elif word < desk.slot_word[first]:
        bumped = desk.edge_need[desk.slot_edge[first]]
        _sift_down(desk, first, desk.slot_count[j], word, e)
        desk.quota[bumped] += 1
        desk.party_pairs[desk.party[bumped]] -= 1
        _queue(desk, bumped)
    else:
        return
    desk.quota[i] -= 1
    desk.party_pairs[p] += 1


def _sift_up(desk: Desk, first: int, place: int, word: int, e: int) -> None:
    slot_word, slot_edge = desk.slot_word, desk.slot_edge
    while place > 0:
        above = (place - 1) // 2
        if slot_word[first + above] >= word:
            break
        slot_word[first + place] = slot_word[first + above]
        slot_edge[first + place] = slot_edge[first + above]
        place = above
    slot_word[first + place] = word
    slot_edge[first + place] = e


def _sift_down(desk: Desk, first: int, count: int, word: int, e: int) -> None:
    slot_word, slot_edge = desk.slot_word, desk.slot_edge
    place = 0
    while True:
        child = 2 * place + 1
        if child >= count:
            break
        if child + 1 < count and slot_word[first + child + 1] > slot_word[first + child]:
            child += 1
        if slot_word[first + child] <= word:
            break
        slot_word[first + place] = slot_word[first + child]
        slot_edge[first + place] = slot_edge[first + child]
        place = child
    slot_word[first + place] = word
    slot_edge[first + place] = e


def sort_rows(start: Ints, order: Ints, word: Ints) -> None:
    """Sort each row of `order` by rising word, in place: insertion, or a heap for long rows."""
    for i in range(len(start) - 1):
        low, high = start[i], start[i + 1]
        if high - low <= 48:
            _insertion(low, high, order, word)
        else:
            _heap_sort(low, high - low, order, word)


def _insertion(low: int, high: int, order: Ints, word: Ints) -> None:
    for place in range(low + 1, high):
        e, w, k = order[place], word[place], place
        while k > low and word[k - 1] > w:
            word[k], order[k] = word[k - 1], order[k - 1]
            k -= 1
        word[k], order[k] = w, e


def _heap_sort(low: int, count: int, order: Ints, word: Ints) -> None:
    for root in range(count // 2 - 1, -1, -1):
        _settle_root(low, root, count, order, word)
    for last in range(count - 1, 0, -1):
        a, b = low, low + last
        word[a], word[b] = word[b], word[a]
        order[a], order[b] = order[b], order[a]
        _settle_root(low, 0, last, order, word)


def _settle_root(low: int, root: int, count: int, order: Ints, word: Ints) -> None:
    w, e = word[low + root], order[low + root]
    while True:
        child = 2 * root + 1
        if child >= count:
            break
        if child + 1 < count and word[low + child + 1] > word[low + child]:
            child += 1
        if word[low + child] <= w:
            break
        word[low + root], order[low + root] = word[low + child], order[low + child]
        root = child
    word[low + root], order[low + root] = w, e


DEFERRING = (
    _queue,
    _may_rise,
    _sift_up,
    _sift_down,
    _propose,
    _serve_top,
    defer,
    _insertion,
    _settle_root,
    _heap_sort,
    sort_rows,
)
