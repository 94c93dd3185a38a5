"""Improving a plan: settle blocking pairs, serve who was left out, move who stands in the way.

One source: runs on lists as it is, or compiled on arrays.  The functions check nothing.
"""

from __future__ import annotations

from twosided._board import (
    BLOCKING,
    BUDGET,
    CALM,
    IMPOSSIBLE,
    KEEP,
    LOGGED,
    LOGGING,
    MOST,
    NOBODY,
    QUEUED,
    SCORE,
    SERVED,
    STAMP,
    UNITS,
    WORK,
    Board,
    drop,
    fits,
    need_yield,
    put,
    refresh_edge,
    seat_for,
    worst_partner_key,
)

PICKS = 4
CHAIN = 4
SETTLE_STEPS = 60
# A cost no estimate reaches.
UNPLACEABLE = 4611686018427387904


def standing(b: Board) -> tuple[int, int, int, int, int]:
    """What the policy compares, the larger the better; first, not too many blocking pairs."""
    t = b.tally
    within = min(0, t[MOST] - t[BLOCKING])
    if t[CALM] == 1:
        return (within, -t[BLOCKING], t[SERVED], t[UNITS], t[SCORE])
    return (within, t[SERVED], -t[BLOCKING], t[UNITS], t[SCORE])


def exchange(b: Board, e: int, leaves_offer: int, leaves_need: int) -> None:
    """Edge e into the plan, for up to two that leave it."""
    if leaves_offer >= 0:
        drop(b, leaves_offer)
    if leaves_need >= 0:
        drop(b, leaves_need)
    put(b, e)
    refresh_edge(b, e)
    if leaves_offer >= 0:
        refresh_edge(b, leaves_offer)
    if leaves_need >= 0:
        refresh_edge(b, leaves_need)


def releasable(b: Board, f: int, e: int, leaves_need: int, keep: int) -> bool:
    """Whether f may leave for e within the floors and, if `keep`, without its party going bare."""
    i, k = b.edge_need[f], b.edge_need[e]
    gain = 1
    if leaves_need >= 0:
        gain = 0
    p, g = b.party[i], b.group[i]
    pairs = b.party_pairs[p] - 1
    if p == b.party[k]:
        pairs += gain
    if keep == 1 and pairs < 1:
        return False
    pairs = b.group_pairs[g] - 1
    if g == b.group[k]:
        pairs += gain
    return pairs >= b.floor[g]


def offer_yield(b: Board, e: int, leaves_need: int) -> int:
    """Whom the offer of e would let go for it, as far as the plan allows."""
    if seat_for(b, e, NOBODY) and fits(b, e, NOBODY):
        return NOBODY
    j = b.edge_offer[e]
    worst = worst_partner_key(b, j)
    found, keep = IMPOSSIBLE, b.tally[KEEP]
    if worst <= b.offer_key[e]:
        return found
    # A party that has nothing may take the place of another: as many are served as before.
    if b.party_pairs[b.party[b.edge_need[e]]] == 0:
        keep = 0
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        f = b.offer_slots[k]
        if b.pinned[f] == 1 or b.offer_key[f] != worst:
            continue
        if found >= 0 and b.score[f] >= b.score[found]:
            continue
        if seat_for(b, e, f) and fits(b, e, f) and releasable(b, f, e, leaves_need, keep):
            found = f
    return found


def settle_one(b: Board, i: int) -> bool:
    """Give need i the blocking pair it likes best among those that may be settled."""
    best, best_offer, best_need = NOBODY, NOBODY, NOBODY
    b.tally[WORK] += b.need_start[i + 1] - b.need_start[i]
    for e in range(b.need_start[i], b.need_start[i + 1]):
        if b.blocked[e] == 0 or (best >= 0 and b.need_key[e] >= b.need_key[best]):
            continue
        leaves_need = need_yield(b, e)
        leaves_offer = offer_yield(b, e, leaves_need)
        if leaves_offer != IMPOSSIBLE and leaves_need != IMPOSSIBLE:
            best, best_offer, best_need = e, leaves_offer, leaves_need
    if best < 0:
        return False
    exchange(b, best, best_offer, best_need)
    return True


def settle(b: Board, steps: int) -> None:
    """Settle queued blocking pairs one after the other, at most `steps` of them."""
    while b.tally[QUEUED] > 0 and steps > 0 and b.tally[WORK] < b.tally[BUDGET]:
        b.tally[QUEUED] -= 1
        i = b.queue[b.tally[QUEUED]]
        b.queued[i] = 0
        if b.need_blocked[i] > 0 and settle_one(b, i):
            steps -= 1
            if b.need_blocked[i] > 0:
                queue_need(b, i)


def queue_need(b: Board, i: int) -> None:
    if b.queued[i] == 0:
        b.queued[i] = 1
        b.queue[b.tally[QUEUED]] = i
        b.tally[QUEUED] += 1


def settle_all(b: Board, steps: int) -> None:
    """Settle from everywhere; where that runs in circles, go back to the best plan seen."""
    b.tally[LOGGING], b.tally[LOGGED] = 1, 0
    best = standing(b)
    for _ in range(3):
        for i in range(len(b.need_blocked)):
            if b.need_blocked[i] > 0:
                queue_need(b, i)
        start = standing(b)
        left = steps
        while b.tally[QUEUED] > 0 and left > 0 and b.tally[WORK] < b.tally[BUDGET]:
            settle(b, 1)
            left -= 1
            if standing(b) > best:
                best = standing(b)
                b.tally[LOGGED] = 0
            if b.tally[LOGGED] + 8 > len(b.journal):
                left = 0
        if left == 0 or standing(b) <= start:
            break
    undo(b, 0)
    b.tally[LOGGING] = 0


def undo(b: Board, mark: int) -> None:
    """Take back every move logged since `mark`."""
    logging = b.tally[LOGGING]
    b.tally[LOGGING] = 0
    while b.tally[LOGGED] > mark:
        b.tally[LOGGED] -= 1
        entry = b.journal[b.tally[LOGGED]]
        e = abs(entry) - 1
        if entry > 0:
            drop(b, e)
        else:
            put(b, e)
        refresh_edge(b, e)
    b.tally[LOGGING] = logging


def victim(b: Board, e: int) -> int:
    """Who would leave the offer for e: its worst partner that may go, else just its worst."""
    j = b.edge_offer[e]
    found, found_free = IMPOSSIBLE, 0
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        f = b.offer_slots[k]
        if b.pinned[f] == 1 or not seat_for(b, e, f) or not fits(b, e, f):
            continue
        free = 0
        if releasable(b, f, e, NOBODY, b.tally[KEEP]):
            free = 1
        if free > found_free or (free == found_free and worse_partner(b, f, found)):
            found, found_free = f, free
    return found


def worse_partner(b: Board, f: int, found: int) -> bool:
    return found < 0 or (b.offer_key[f], -b.score[f]) > (b.offer_key[found], -b.score[found])


def envy(b: Board, e: int) -> int:
    """What placing e may cost in blocking pairs, in quarters; UNPLACEABLE if it can't be."""
    if seat_for(b, e, NOBODY) and fits(b, e, NOBODY):
        return 0
    f = victim(b, e)
    if f < 0:
        return UNPLACEABLE
    j = b.edge_offer[e]
    limit = b.offer_key[e]
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        other = b.offer_slots[k]
        if other != f and b.pinned[other] == 0 and b.offer_key[other] > limit:
            limit = b.offer_key[other]
    cost = envious(b, e, f, limit) - b.offer_blocked[j]
    if releasable(b, f, e, NOBODY, b.tally[KEEP]):
        return 4 * cost
    return 4 * cost + 6


def envious(b: Board, e: int, f: int, limit: int) -> int:
    """How many would block at the offer of e if f left and its worst partner had key `limit`."""
    j = b.edge_offer[e]
    count = 0
    b.tally[WORK] += b.offer_start[j + 1] - b.offer_start[j]
    for k in range(b.offer_start[j], b.offer_start[j + 1]):
        x = b.offer_edge[k]
        if b.offer_key[x] >= limit or x == e:
            continue
        if x == f or (b.inside[x] == 0 and b.need_key[x] < b.need_limit[b.edge_need[x]]):
            count += 1
    return count


def shortlist(b: Board, p: int) -> int:
    """The PICKS most promising edges for party p, in b.picks; how many there are."""
    found = 0
    for n in range(b.party_start[p], b.party_start[p + 1]):
        i = b.party_need[n]
        if b.need_free[i] <= 0:
            continue
        for e in range(b.need_start[i], b.need_start[i + 1]):
            if b.inside[e] == 1 or b.visited[b.edge_offer[e]] == b.tally[STAMP]:
                continue
            cost = envy(b, e)
            if cost < UNPLACEABLE:
                found = enter_pick(b, found, e, cost)
    return found


def enter_pick(b: Board, found: int, e: int, cost: int) -> int:
    place = found
    while place > 0 and b.pick_costs[place - 1] > cost:
        if place < PICKS:
            b.pick_costs[place], b.picks[place] = b.pick_costs[place - 1], b.picks[place - 1]
        place -= 1
    if place < PICKS:
        b.pick_costs[place], b.picks[place] = cost, e
    return min(found + 1, PICKS)


def place_chain(b: Board, e: int) -> bool:
    """Put e in; whoever then has nothing is placed elsewhere, up to CHAIN times."""
    for _ in range(CHAIN):
        leaving = NOBODY
        if not (seat_for(b, e, NOBODY) and fits(b, e, NOBODY)):
            leaving = victim(b, e)
            if leaving < 0:
                return False
        over = leaving < 0 or releasable(b, leaving, e, NOBODY, b.tally[KEEP])
        b.visited[b.edge_offer[e]] = b.tally[STAMP]
        exchange(b, e, leaving, NOBODY)
        if over:
            return True
        if shortlist(b, b.party[b.edge_need[leaving]]) == 0:
            return False
        e = b.picks[0]
    return False


def attempt(b: Board, e: int) -> bool:
    """Place e and settle what follows."""
    if not place_chain(b, e):
        return False
    settle(b, SETTLE_STEPS)
    return True


def place_best(b: Board, p: int, banned_offer: int, base: tuple[int, int, int, int, int]) -> bool:
    """Try the most promising edges for party p; keep the best result if it beats `base`."""
    mark = b.tally[LOGGED]
    best_edge, best = NOBODY, base
    stamp_offer(b, banned_offer)
    count = shortlist(b, p)
    for k in range(count):
        b.picks[PICKS + k] = b.picks[k]
    for k in range(count):
        stamp_offer(b, banned_offer)
        e = b.picks[PICKS + k]
        if attempt(b, e) and standing(b) > best:
            best_edge, best = e, standing(b)
        undo(b, mark)
        forget_queue(b)
    if best_edge < 0:
        return False
    stamp_offer(b, banned_offer)
    attempt(b, best_edge)
    if standing(b) > base:
        return True
    undo(b, mark)
    return False


def stamp_offer(b: Board, j: int) -> None:
    """A new round of visited offers, with j among them unless it is NOBODY."""
    b.tally[STAMP] += 1
    if j >= 0:
        b.visited[j] = b.tally[STAMP]


def forget_queue(b: Board) -> None:
    while b.tally[QUEUED] > 0:
        b.tally[QUEUED] -= 1
        b.queued[b.queue[b.tally[QUEUED]]] = 0


def serve_all(b: Board) -> None:
    """Place every party that has nothing, wherever that makes a better plan."""
    b.tally[LOGGING] = 1
    for p in range(len(b.party_pairs)):
        if b.party_pairs[p] == 0 and b.tally[WORK] < b.tally[BUDGET]:
            b.tally[LOGGED] = 0
            forget_queue(b)
            place_best(b, p, NOBODY, standing(b))
    b.tally[LOGGING] = 0


def relocate_all(b: Board) -> bool:
    """Move, once through, every pair that stands in the way of blocking ones; True if any moved."""
    moved = False
    b.tally[LOGGING] = 1
    for j in range(len(b.offer_blocked)):
        if b.offer_blocked[j] > 0 and b.tally[WORK] < b.tally[BUDGET]:
            moved = relocate(b, j) or moved
    b.tally[LOGGING] = 0
    return moved


def relocate(b: Board, j: int) -> bool:
    """Find another place for the weakest partner of offer j."""
    base = standing(b)
    b.tally[LOGGED] = 0
    forget_queue(b)
    f = NOBODY
    for k in range(b.offer_slot_start[j], b.offer_slot_start[j] + b.offer_count[j]):
        other = b.offer_slots[k]
        if b.pinned[other] == 0 and worse_partner(b, other, f):
            f = other
    if f < 0 or b.group_pairs[b.group[b.edge_need[f]]] <= b.floor[b.group[b.edge_need[f]]]:
        return False
    drop(b, f)
    refresh_edge(b, f)
    if place_best(b, b.party[b.edge_need[f]], j, base):
        return True
    undo(b, 0)
    return False


MOVING = (
    standing,
    exchange,
    releasable,
    offer_yield,
    settle_one,
    queue_need,
    settle,
    undo,
    settle_all,
    worse_partner,
    victim,
    envious,
    envy,
    enter_pick,
    shortlist,
    place_chain,
    attempt,
    stamp_offer,
    forget_queue,
    place_best,
    serve_all,
    relocate,
    relocate_all,
)
