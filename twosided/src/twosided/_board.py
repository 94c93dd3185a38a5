"""A plan in the making, and the moves on it, each keeping count of the blocking pairs it makes.

One source: runs on lists as it is, or compiled on arrays.  The functions check nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from twosided._defer import Ints

NO_LIMIT = 2147483648
NOBODY = -1
IMPOSSIBLE = -2

# Places in Board.tally.
BLOCKING, SERVED, UNITS, SCORE, WORK, BUDGET, QUEUED, LOGGED = range(8)
LOGGING, KEEP, TIGHT, CALM, STAMP, MOST, DICE = range(8, 15)
# In MOST: any number of blocking pairs is allowed.
UNLIMITED = 1099511627776


class Board(NamedTuple):
    """N needs, M offers, E edges; a party is what is to be served: a group or a single need.

    A pair blocks when need_key < need_limit and offer_key < offer_limit: the limit is NO_LIMIT
    with a free place, else the key of the worst unpinned partner.  With ceilings or reserved
    units (tally[TIGHT]) that is only necessary and `recheck` looks closer.
    """

    need_start: Ints
    edge_need: Ints
    edge_offer: Ints
    need_key: Ints
    offer_key: Ints
    offer_start: Ints
    offer_edge: Ints
    score: Ints
    pinned: Ints
    party: Ints
    party_start: Ints
    party_need: Ints
    group: Ints
    floor: Ints
    edge_ceiling_start: Ints
    edge_ceiling: Ints
    ceiling_start: Ints
    ceiling_edge: Ints
    ceiling_cap: Ints
    edge_reserve: Ints
    reserve_units: Ints
    need_slot_start: Ints
    offer_slot_start: Ints
    # What the moves change:
    inside: Ints
    blocked: Ints
    need_free: Ints
    offer_free: Ints
    need_limit: Ints
    offer_limit: Ints
    need_slots: Ints
    offer_slots: Ints
    need_count: Ints
    offer_count: Ints
    need_blocked: Ints
    offer_blocked: Ints
    party_pairs: Ints
    group_pairs: Ints
    ceiling_used: Ints
    ceiling_seen: Ints
    reserve_used: Ints
    queue: Ints
    queued: Ints
    journal: Ints
    visited: Ints
    via: Ints
    came: Ints
    picks: Ints
    pick_costs: Ints
    tally: Ints


def open_board(b: Board, edges: Ints) -> None:
    """Put the given edges on an empty board and find every blocking pair."""
    for place in range(len(edges)):
        put(b, edges[place])
    for i in range(len(b.need_count)):
        b.need_limit[i] = worst_need_key(b, i)
    for j in range(len(b.offer_count)):
        b.offer_limit[j] = worst_offer_key(b, j)
    for c in range(len(b.ceiling_seen)):
        b.ceiling_seen[c] = ceiling_room(b, c)
    for e in range(len(b.inside)):
        recheck(b, e)


def ceiling_room(b: Board, c: int) -> int:
    """1 with room under the ceiling, 0 at it: all that matters to the pairs it binds."""
    return max(-1, min(1, b.ceiling_cap[c] - b.ceiling_used[c]))


def put(b: Board, e: int) -> None:
    """Edge e into the plan: counts only, no limit is renewed."""
    i, j = b.edge_need[e], b.edge_offer[e]
    b.inside[e] = 1
    b.need_slots[b.need_slot_start[i] + b.need_count[i]] = e
    b.need_count[i] += 1
    b.offer_slots[b.offer_slot_start[j] + b.offer_count[j]] = e
    b.offer_count[j] += 1
    count_pair(b, e, 1)


def drop(b: Board, e: int) -> None:
    """Edge e out of the plan: counts only, no limit is renewed."""
    i, j = b.edge_need[e], b.edge_offer[e]
    b.inside[e] = 0
    b.need_count[i] -= 1
    b.offer_count[j] -= 1
    cut(b.need_slots, b.need_slot_start[i], b.need_count[i], e)
    cut(b.offer_slots, b.offer_slot_start[j], b.offer_count[j], e)
    count_pair(b, e, -1)


def cut(slots: Ints, first: int, count: int, e: int) -> None:
    """Take e out of slots[first : first + count + 1], the last one filling its place."""
    place = first
    while slots[place] != e:
        place += 1
    slots[place] = slots[first + count]


def count_pair(b: Board, e: int, change: int) -> None:
    p, g = b.party[b.edge_need[e]], b.group[b.edge_need[e]]
    b.need_free[b.edge_need[e]] -= change
    b.party_pairs[p] += change
    b.group_pairs[g] += change
    if b.party_pairs[p] == (1 + change) // 2:
        b.tally[SERVED] += change
    b.tally[UNITS] += change
    b.tally[SCORE] += change * b.score[e]
    if b.tally[TIGHT] == 1:
        count_tight(b, e, change)
    else:
        b.offer_free[b.edge_offer[e]] -= change
    if b.tally[LOGGING] == 1:
        b.journal[b.tally[LOGGED]] = change * (e + 1)
        b.tally[LOGGED] += 1


def count_tight(b: Board, e: int, change: int) -> None:
    """A pair of a group first takes the units reserved for it, then general ones."""
    r = b.edge_reserve[e]
    if r < 0:
        b.offer_free[b.edge_offer[e]] -= change
    else:
        before = b.reserve_used[r]
        b.reserve_used[r] = before + change
        if max(before, before + change) > b.reserve_units[r]:
            b.offer_free[b.edge_offer[e]] -= change
    for k in range(b.edge_ceiling_start[e], b.edge_ceiling_start[e + 1]):
        b.ceiling_used[b.edge_ceiling[k]] += change


def worst_need_key(b: Board, i: int) -> int:
    if b.need_free[i] > 0:
        return NO_LIMIT
    worst = 0
    for k in range(b.need_slot_start[i], b.need_slot_start[i] + b.need_count[i]):
        e = b.need_slots[k]
        if b.pinned[e] == 0 and b.need_key[e] > worst:
            worst = b.need_key[e]
    return worst


def worst_offer_key(b: Board, j: int) -> int:
    if b.offer_free[j] > 0 or b.tally[TIGHT] == 1:
        return NO_LIMIT
    worst = 0
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        e = b.offer_slots[k]
        if b.pinned[e] == 0 and b.offer_key[e] > worst:
            worst = b.offer_key[e]
    return worst


def refresh_need(b: Board, i: int) -> None:
    limit = worst_need_key(b, i)
    if limit != b.need_limit[i] or b.tally[TIGHT] == 1:
        b.need_limit[i] = limit
        b.tally[WORK] += b.need_start[i + 1] - b.need_start[i]
        for e in range(b.need_start[i], b.need_start[i + 1]):
            recheck(b, e)


def refresh_offer(b: Board, j: int) -> None:
    limit = worst_offer_key(b, j)
    if limit != b.offer_limit[j] or b.tally[TIGHT] == 1:
        b.offer_limit[j] = limit
        b.tally[WORK] += b.offer_start[j + 1] - b.offer_start[j]
        for k in range(b.offer_start[j], b.offer_start[j + 1]):
            recheck(b, b.offer_edge[k])


def refresh_edge(b: Board, e: int) -> None:
    """Renew everything that adding or dropping edge e can change."""
    recheck(b, e)
    refresh_need(b, b.edge_need[e])
    refresh_offer(b, b.edge_offer[e])
    if b.tally[TIGHT] == 1:
        for k in range(b.edge_ceiling_start[e], b.edge_ceiling_start[e + 1]):
            c = b.edge_ceiling[k]
            if b.ceiling_seen[c] == ceiling_room(b, c):
                continue
            b.ceiling_seen[c] = ceiling_room(b, c)
            b.tally[WORK] += b.ceiling_start[c + 1] - b.ceiling_start[c]
            for place in range(b.ceiling_start[c], b.ceiling_start[c + 1]):
                recheck(b, b.ceiling_edge[place])


def recheck(b: Board, e: int) -> None:
    """Renew whether edge e blocks; whoever has a blocking pair is queued."""
    i, j = b.edge_need[e], b.edge_offer[e]
    now = 0
    if b.inside[e] == 0 and b.need_key[e] < b.need_limit[i] and b.offer_key[e] < b.offer_limit[j]:
        now = 1
        if b.tally[TIGHT] == 1 and (not need_open(b, e) or not offer_open(b, e)):
            now = 0
    change = now - b.blocked[e]
    if change != 0:
        b.blocked[e] = now
        b.need_blocked[i] += change
        b.offer_blocked[j] += change
        b.tally[BLOCKING] += change
    if now == 1 and b.queued[i] == 0:
        b.queued[i] = 1
        b.queue[b.tally[QUEUED]] = i
        b.tally[QUEUED] += 1


def seat_for(b: Board, e: int, leaving: int) -> bool:
    """Whether the offer of e has a place for it once `leaving`, an edge or nobody, is gone."""
    j = b.edge_offer[e]
    if b.offer_free[j] > 0:
        return True
    if b.tally[TIGHT] == 0:
        return leaving >= 0
    r = b.edge_reserve[e]
    if r >= 0 and b.reserve_used[r] < b.reserve_units[r]:
        return True
    if leaving < 0:
        return False
    other = b.edge_reserve[leaving]
    return other < 0 or other == r or b.reserve_used[other] > b.reserve_units[other]


def fits(b: Board, e: int, leaving: int) -> bool:
    """Whether adding e breaks no ceiling once `leaving` is gone."""
    if b.tally[TIGHT] == 0:
        return True
    for k in range(b.edge_ceiling_start[e], b.edge_ceiling_start[e + 1]):
        c = b.edge_ceiling[k]
        used = b.ceiling_used[c]
        if leaving >= 0:
            for n in range(b.edge_ceiling_start[leaving], b.edge_ceiling_start[leaving + 1]):
                if b.edge_ceiling[n] == c:
                    used -= 1
        if used >= b.ceiling_cap[c]:
            return False
    return True


def need_open(b: Board, e: int) -> bool:
    return need_yield(b, e) != IMPOSSIBLE


def need_yield(b: Board, e: int) -> int:
    """Whom the need of e would let go for it: NOBODY, an edge, or IMPOSSIBLE."""
    i = b.edge_need[e]
    if b.need_free[i] > 0 and fits(b, e, NOBODY):
        return NOBODY
    first = b.need_slot_start[i]
    worst = b.need_key[e] + 1
    found = IMPOSSIBLE
    for k in range(first, first + b.need_count[i]):
        f = b.need_slots[k]
        if b.pinned[f] == 0 and b.need_key[f] > worst:
            worst = b.need_key[f]
    for k in range(first, first + b.need_count[i]):
        f = b.need_slots[k]
        if b.pinned[f] == 1 or b.need_key[f] != worst:
            continue
        if fits(b, e, f) and (found < 0 or b.score[f] < b.score[found]):
            found = f
    return found


def offer_open(b: Board, e: int) -> bool:
    """Whether the offer of e is open to it, whatever else the plan wants to keep."""
    if seat_for(b, e, NOBODY) and fits(b, e, NOBODY):
        return True
    worst = worst_partner_key(b, b.edge_offer[e])
    if worst <= b.offer_key[e]:
        return False
    first = b.offer_slot_start[b.edge_offer[e]]
    for k in range(first, first + b.offer_count[b.edge_offer[e]]):
        f = b.offer_slots[k]
        if b.pinned[f] == 0 and b.offer_key[f] == worst and seat_for(b, e, f) and fits(b, e, f):
            return True
    return False


def worst_partner_key(b: Board, j: int) -> int:
    worst = 0
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        f = b.offer_slots[k]
        if b.pinned[f] == 0 and b.offer_key[f] > worst:
            worst = b.offer_key[f]
    return worst


BOARDING = (
    cut,
    count_tight,
    count_pair,
    put,
    drop,
    worst_need_key,
    worst_offer_key,
    ceiling_room,
    seat_for,
    fits,
    need_yield,
    need_open,
    worst_partner_key,
    offer_open,
    recheck,
    refresh_need,
    refresh_offer,
    refresh_edge,
    open_board,
)
