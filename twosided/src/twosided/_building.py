"""From an unchecked list of edges to the arrays of a `Market`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._checks import (
    HIGHEST_GROUP,
    HIGHEST_INDEX,
    HIGHEST_RANK,
    as_array,
    checked_whole,
    listed,
    rows,
    side_size,
    thousandths,
    weights,
    whole_number,
    whole_numbers,
)
from twosided._order import pair_order, row_starts, stable_order
from twosided._rules import check_ceilings, check_floors, check_pins, check_reserved
from twosided.reasons import FORBIDDEN, REASONS, REFUSED_BY_NEED, REFUSED_BY_OFFER

Ints = npt.NDArray[np.int64]
Anys = npt.NDArray[Any]

# Arrays that may come from the caller unchanged: one entry a need or offer, or one an edge.
GIVEN = ("quantity", "capacity", "need_group", "offer_group", "need_weight")
GIVEN_EDGES = ("edge_offer", "score", "need_rank", "offer_rank")


@dataclass(frozen=True)
class Drafted:
    """The arguments of `Market.from_edges` or `from_csr`, unchecked; need or need_start is None."""

    need_start: Any
    need: Any
    offer: Any
    score: Any
    need_rank: Any
    offer_rank: Any
    quantity: Any
    capacity: Any
    need_group: Any
    offer_group: Any
    need_weight: Any
    pins: Any
    bans: Any
    ceilings: Any
    floors: Any
    reserved: Any
    excluded: Any


@dataclass(frozen=True)
class _Edges:
    """Edges sorted by (need, offer); origin is their position in the caller's list, -1 if none."""

    need: Anys
    offer: Anys
    score: Anys
    need_rank: Anys
    offer_rank: Anys
    origin: Anys | None

    def taken(self, where: Anys) -> _Edges:
        return self._changed(lambda column: column[where])

    def inserted(self, where: Ints, pairs: Ints) -> _Edges:
        """With more pairs before the given positions, of score 0 and without ranks."""
        changed = self._changed(lambda column: np.insert(column, where, 0))
        place = where + np.arange(len(where))
        changed.need[place], changed.offer[place] = pairs[:, 0], pairs[:, 1]
        if changed.origin is not None:
            changed.origin[place] = -1
        return changed

    def _changed(self, change: Callable[[Anys], Anys]) -> _Edges:
        need_rank = change(self.need_rank)
        # Where no side states ranks, both share one array of zeros.
        shared = self.offer_rank is self.need_rank
        return _Edges(
            change(self.need),
            change(self.offer),
            change(self.score),
            need_rank,
            need_rank if shared else change(self.offer_rank),
            None if self.origin is None else change(self.origin),
        )


def build(drafted: Drafted) -> dict[str, Any]:
    """All fields of a `Market`; ValueError naming the argument for anything malformed."""
    edges, sides = _from_list(drafted) if drafted.need_start is None else _from_rows(drafted)
    count, sizes = len(edges.offer), (len(sides["quantity"]), len(sides["capacity"]))
    highest = sizes[0] - 1, sizes[1] - 1
    pins = _sorted_rows(rows("pins", drafted.pins, highest))
    bans = np.unique(rows("bans", drafted.bans, highest), axis=0)
    check_pins(pins, bans, sides["quantity"], sides["capacity"])
    excluded = _excluded(drafted.excluded, highest)
    edges, removed = _without_removed(edges, pins, bans, excluded, sizes)
    found: dict[str, Any] = {**sides, **_arrays(edges, sizes, pins), **removed}
    found |= {"pins": pins, "bans": bans}
    found["ceilings"] = _ceilings(drafted.ceilings, edges.origin, count, found["pinned"])
    found["reserved"] = check_reserved(rows_of_three(drafted.reserved, sizes[1]), found)
    found["floors"] = check_floors(_floors(drafted.floors), found)
    _freeze(found)
    return found


def _from_list(drafted: Drafted) -> tuple[_Edges, dict[str, Anys]]:
    """Edges in any order, copied and sorted."""
    need = checked_whole("need", drafted.need, low=0, high=HIGHEST_INDEX).astype(np.int32)
    offer = checked_whole(
        "offer", drafted.offer, low=0, high=HIGHEST_INDEX, length=len(need), like="need"
    )
    offer = offer.astype(np.int32)
    sides = _sides(drafted, need, offer)
    edges = _edges(drafted, need, offer)
    order = pair_order(need, offer, (len(sides["quantity"]), len(sides["capacity"])))
    if order is not None:
        edges = edges.taken(order)
    twice = (edges.need[1:] == edges.need[:-1]) & (edges.offer[1:] == edges.offer[:-1])
    if twice.any():
        raise _occurs_twice("need", edges.need, edges.offer, int(np.argmax(twice)))
    return edges, sides


def _from_rows(drafted: Drafted) -> tuple[_Edges, dict[str, Anys]]:
    """Edges in compressed rows, sorted already; nothing of the right type is copied."""
    start = whole_numbers("need_start", drafted.need_start, low=0, high=HIGHEST_GROUP)
    if not len(start) or start[0] != 0 or (start[1:] < start[:-1]).any():
        raise ValueError("need_start: must begin with 0 and never fall")
    high, count = HIGHEST_INDEX, int(start[-1])
    offer = checked_whole("offer", drafted.offer, low=0, high=high, length=count)
    offer = offer.astype(np.int32, copy=False)
    need = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    sides = _sides(drafted, need, offer, len(start) - 1)
    follows = offer[1:] > offer[:-1]
    inner = start[(start > 0) & (start < count)]
    follows[inner - 1] = True
    if not follows.all():
        first = int(np.argmin(follows))
        if offer[first] == offer[first + 1]:
            raise _occurs_twice("offer", need, offer, first)
        raise ValueError(f"offer: not sorted in the row of need {need[first]}")
    return _edges(drafted, need, offer), sides


def _occurs_twice(name: str, need: Anys, offer: Anys, place: int) -> ValueError:
    pair = int(need[place]), int(offer[place])
    return ValueError(f"{name}: the pair {pair} occurs twice among the edges")


def _sides(drafted: Drafted, need: Anys, offer: Anys, count: int | None = None) -> dict[str, Anys]:
    """The arrays of needs and offers; count: of needs, where the rows tell it."""
    given = ("quantity", "need_group", "need_weight")
    sized = {name: getattr(drafted, name) for name in given if getattr(drafted, name) is not None}
    if count is None:
        lengths = [len(as_array(name, value)) for name, value in sized.items()]
        count = side_size("need", need, lengths)
    over = {name: getattr(drafted, name) for name in ("capacity", "offer_group")}
    over = {name: value for name, value in over.items() if value is not None}
    total = side_size("offer", offer, [len(as_array(name, value)) for name, value in over.items()])
    for name, index, size in (("need", need, count), ("offer", offer, total)):
        if len(index) and index.max() >= size:
            listed_in = next(iter(sized if name == "need" else over))
            raise ValueError(f"{name}: {index.max()} is used, but {listed_in} has {size} entries")
    return {
        "quantity": _numbers("quantity", drafted.quantity, count, np.ones(count, np.int64)),
        "capacity": _numbers("capacity", drafted.capacity, total, np.ones(total, np.int64)),
        "need_group": _numbers("need_group", drafted.need_group, count, np.arange(count)),
        "offer_group": _numbers("offer_group", drafted.offer_group, total, np.arange(total)),
        "need_weight": weights(drafted.need_weight, count),
    }


def _numbers(name: str, value: Any, length: int, default: Ints) -> Ints:
    if value is None:
        return default
    high = HIGHEST_GROUP if name.endswith("group") else HIGHEST_INDEX
    return whole_numbers(name, value, low=0, high=high, length=length)


def _edges(drafted: Drafted, need: Anys, offer: Anys) -> _Edges:
    """The edges in the order given; ranks that nobody states share one array."""
    count = len(need)
    copy = drafted.need_start is None
    like = "need" if copy else "offer"
    score = thousandths(drafted.score, count, copy=copy, like=like)
    nothing = np.zeros(count, np.int32)
    ranks = []
    for name in ("need_rank", "offer_rank"):
        value = getattr(drafted, name)
        if value is not None:
            limits = {"low": -1, "high": HIGHEST_RANK, "length": count}
            value = checked_whole(name, value, **limits, like=like)
        ranks.append(nothing if value is None else value.astype(np.int32, copy=copy))
    origin = np.arange(count) if len(listed("ceilings", drafted.ceilings)) else None
    return _Edges(need, offer, score, ranks[0], ranks[1], origin)


def _keys(pairs: Ints, sizes: tuple[int, int]) -> Ints:
    """One sortable number for each pair."""
    keys: Ints = pairs[:, 0] * max(sizes[1], 1) + pairs[:, 1]
    return keys


def _found(
    edges: _Edges, pairs: Ints, sizes: tuple[int, int]
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Where each pair is among the sorted edges, or would be; and whether it is there.

    Halving within the rows: O(pairs x log row), with no key for each edge.
    """
    if not len(pairs):
        return np.zeros(0, np.int64), np.zeros(0, bool)
    start = row_starts(edges.need, sizes[0])
    low, end = start[pairs[:, 0]], start[pairs[:, 0] + 1]
    high, last = end.copy(), max(len(edges.offer) - 1, 0)
    while (low < high).any():
        middle = (low + high) // 2
        before = (low < high) & (edges.offer[np.minimum(middle, last)] < pairs[:, 1])
        high = np.where(before | (low >= high), high, middle)
        low = np.where(before, middle + 1, low)
    there = low < end
    there[there] = edges.offer[low[there]] == pairs[there, 1]
    return low, there


def _sorted_rows(pairs: Ints) -> Ints:
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _excluded(value: Any, highest: tuple[int, int]) -> tuple[Ints, Ints]:
    """Pairs and codes; a code is a text of `REASONS` or its position there."""
    if value is None:
        return np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    if not isinstance(value, tuple | list) or len(value) != 3:
        raise ValueError("excluded: must be (needs, offers, codes)")
    codes = as_array("excluded", value[2])
    if codes.dtype.kind in "UO":
        known = {reason: position for position, reason in enumerate(REASONS)}
        texts = codes.tolist()
        unknown = [code for code in texts if not isinstance(code, str) or code not in known]
        if unknown:
            raise ValueError(f"excluded: unknown code {unknown[0]!r}")
        codes = np.array([known[code] for code in texts], np.int64)
    codes = whole_numbers("excluded", codes, low=0, high=len(REASONS) - 1)
    columns = [
        whole_numbers("excluded", value[side], low=0, high=highest[side], length=len(codes))
        for side in (0, 1)
    ]
    return np.stack(columns, axis=1), codes


def _without_removed(
    edges: _Edges,
    pins: Ints,
    bans: Ints,
    excluded: tuple[Ints, Ints],
    sizes: tuple[int, int],
) -> tuple[_Edges, dict[str, Anys]]:
    """The edges that may be planned, pins among them, and what may not be, with reasons."""
    gone = (edges.need_rank < 0) | (edges.offer_rank < 0)
    kept = ~gone
    where, there = _found(edges, pins, sizes)
    kept[where[there]] = True
    _check_excluded(edges, excluded[0], where[there], sizes)
    where, there = _found(edges, bans, sizes)
    gone[where[there]], kept[where[there]] = True, False
    numbers = np.flatnonzero(gone)
    removed = _removed(edges, numbers, (bans, excluded[0]), excluded[1], sizes)
    if len(numbers):
        edges = edges.taken(kept)
    return _with_pins(edges, pins, sizes), removed


def _check_excluded(edges: _Edges, pairs: Ints, pinned: Ints, sizes: tuple[int, int]) -> None:
    where, there = _found(edges, pairs, sizes)
    clash = np.setdiff1d(where[there], pinned)
    if len(clash):
        pair = int(edges.need[clash[0]]), int(edges.offer[clash[0]])
        raise ValueError(f"excluded: the pair {pair} is also among the edges")


def _removed(
    edges: _Edges, gone: Ints, others: tuple[Ints, Ints], codes: Ints, sizes: tuple[int, int]
) -> dict[str, Anys]:
    """Every pair that may not be, once, with its first code and its score where it had one."""
    lost = edges.taken(gone)
    refusal = np.where(lost.need_rank < 0, REFUSED_BY_NEED, REFUSED_BY_OFFER)
    refused = (lost.need_rank < 0) | (lost.offer_rank < 0)
    refusal[~refused] = FORBIDDEN
    bans, filtered = others
    pairs = np.concatenate([np.stack([lost.need, lost.offer], axis=1), bans, filtered])
    code = np.concatenate([refusal, np.full(len(bans), FORBIDDEN), codes])
    score = np.concatenate([lost.score, np.zeros(len(bans) + len(filtered), np.uint16)])
    keys = _keys(pairs, sizes)
    # Sorted by pair, then code: the first of each pair is the code that counts.
    order = np.lexsort((code, keys))
    first = np.ones(len(order), bool)
    first[1:] = keys[order][1:] != keys[order][:-1]
    starts = np.flatnonzero(first)
    best = np.maximum.reduceat(score[order], starts) if len(starts) else score
    chosen = order[first]
    return {
        "removed": pairs[chosen],
        "removed_code": code[chosen].astype(np.uint8),
        "removed_score": best.astype(np.uint16),
    }


def _with_pins(edges: _Edges, pins: Ints, sizes: tuple[int, int]) -> _Edges:
    """The edges with every pin among them; a pin that is no edge gets score 0 and no rank."""
    where, there = _found(edges, pins, sizes)
    if not there.all():
        edges = edges.inserted(where[~there], pins[~there])
    if len(pins):
        # A pin overrides refusals.
        stated = (edges.need_rank, edges.offer_rank)
        ranks = [np.maximum(rank, 0) if (rank < 0).any() else rank for rank in stated]
        edges = replace(edges, need_rank=ranks[0], offer_rank=ranks[1])
    return edges


def _arrays(edges: _Edges, sizes: tuple[int, int], pins: Ints) -> dict[str, Anys]:
    """Both compressed orders, from edges already sorted by (need, offer)."""
    pinned = np.zeros(len(edges.need), bool)
    pinned[_found(edges, pins, sizes)[0]] = True
    return {
        "need_start": row_starts(edges.need, sizes[0]),
        "edge_need": edges.need,
        "edge_offer": edges.offer,
        "score": edges.score,
        "need_rank": edges.need_rank,
        "offer_rank": edges.offer_rank,
        "offer_start": row_starts(edges.offer, sizes[1]),
        "offer_edge": stable_order(edges.offer, sizes[1]).astype(np.int32, copy=False),
        "pinned": pinned,
    }


def _ceilings(
    value: Any, origin: Anys | None, count: int, pinned: Anys
) -> tuple[tuple[Ints, int], ...]:
    """Ceilings over positions in the caller's list become ceilings over edge numbers."""
    entries = listed("ceilings", value)
    if origin is None:
        return ()
    # One place more: pins that no edge stood for have origin -1.
    place = np.full(count + 1, -1, np.int64)
    place[origin] = np.arange(len(origin))
    found = []
    for entry in entries:
        pair = isinstance(entry, tuple | list) and len(entry) == 2
        if not pair or isinstance(entry[0], int | np.integer):
            raise ValueError("ceilings: each entry is (positions, cap), as in [([0, 1], 3)]")
        positions = whole_numbers("ceilings", entry[0], low=0, high=count - 1)
        if len(np.unique(positions)) < len(positions):
            raise ValueError("ceilings: an edge occurs twice in one ceiling")
        cap = whole_number("ceilings", entry[1], low=0, high=HIGHEST_INDEX)
        numbers = np.sort(place[positions])
        found.append((numbers[numbers >= 0], cap))
    return check_ceilings(tuple(found), pinned)


def rows_of_three(value: Any, offers: int) -> Ints:
    return rows("reserved", value, (offers - 1, HIGHEST_GROUP, HIGHEST_INDEX))


def _floors(value: Any) -> Ints:
    return rows("floors", value, (HIGHEST_GROUP, HIGHEST_INDEX))


def _freeze(found: dict[str, Any]) -> None:
    """Nothing can be changed any more, neither here nor through an array that came from outside."""
    for name, value in list(found.items()):
        if isinstance(value, np.ndarray):
            # A view's owner could still be written to; what owns its memory is taken over.
            if name in GIVEN or (name in GIVEN_EDGES and value.base is not None):
                found[name] = value.copy()
            found[name].setflags(write=False)
    for numbers, _ in found["ceilings"]:
        numbers.setflags(write=False)
