"""From an unchecked list of edges to the arrays of a `Market`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided._checks import (
    HIGHEST_GROUP,
    HIGHEST_INDEX,
    HIGHEST_RANK,
    as_array,
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

# Arrays that may come from the caller unchanged.
GIVEN = ("quantity", "capacity", "need_group", "offer_group", "need_weight", "score")


@dataclass(frozen=True)
class Drafted:
    """The arguments of `Market.from_edges`, unchecked."""

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

    need: Ints
    offer: Ints
    score: Anys
    need_rank: Anys
    offer_rank: Anys
    origin: Anys | None

    def taken(self, where: Anys) -> _Edges:
        origin = None if self.origin is None else self.origin[where]
        return _Edges(
            self.need[where],
            self.offer[where],
            self.score[where],
            self.need_rank[where],
            self.offer_rank[where],
            origin,
        )


def build(drafted: Drafted) -> dict[str, Any]:
    """All fields of a `Market`; ValueError naming the argument for anything malformed."""
    need = whole_numbers("need", drafted.need, low=0, high=HIGHEST_INDEX)
    offer = whole_numbers("offer", drafted.offer, low=0, high=HIGHEST_INDEX, length=len(need))
    sides = _sides(drafted, need, offer)
    sizes = len(sides["quantity"]), len(sides["capacity"])
    edges = _sorted_edges(drafted, need, offer, sizes)
    highest = sizes[0] - 1, sizes[1] - 1
    pins = _sorted_rows(rows("pins", drafted.pins, highest))
    bans = np.unique(rows("bans", drafted.bans, highest), axis=0)
    check_pins(pins, bans, sides["quantity"], sides["capacity"])
    excluded = _excluded(drafted.excluded, highest)
    edges, removed = _without_removed(edges, pins, bans, excluded, sizes)
    arrays = _arrays(edges, sizes, _keys(pins, sizes))
    found: dict[str, Any] = {**sides, **arrays, **removed, "pins": pins, "bans": bans}
    found["ceilings"] = _ceilings(drafted.ceilings, edges.origin, len(need), found["pinned"])
    found["reserved"] = check_reserved(rows_of_three(drafted.reserved, sizes[1]), found)
    found["floors"] = check_floors(_floors(drafted.floors), found)
    _freeze(found)
    return found


def _sides(drafted: Drafted, need: Ints, offer: Ints) -> dict[str, Anys]:
    given = {"quantity": need, "need_group": need, "need_weight": need}
    sized = {name: getattr(drafted, name) for name in given if getattr(drafted, name) is not None}
    count = side_size("need", need, [len(as_array(name, value)) for name, value in sized.items()])
    over = {name: getattr(drafted, name) for name in ("capacity", "offer_group")}
    over = {name: value for name, value in over.items() if value is not None}
    total = side_size("offer", offer, [len(as_array(name, value)) for name, value in over.items()])
    for name, index, size in (("need", need, count), ("offer", offer, total)):
        if len(index) and index.max() >= size:
            raise ValueError(f"{name}: index {index.max()} is out of range, there are {size}")
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


def _sorted_edges(drafted: Drafted, need: Ints, offer: Ints, sizes: tuple[int, int]) -> _Edges:
    count = len(need)
    score = thousandths(drafted.score, count)
    ranks = []
    for name in ("need_rank", "offer_rank"):
        value = getattr(drafted, name)
        checked = (
            np.zeros(count, np.int32)
            if value is None
            else whole_numbers(name, value, low=-1, high=HIGHEST_RANK, length=count)
        )
        ranks.append(checked.astype(np.int32))
    origin = np.arange(count) if len(listed("ceilings", drafted.ceilings)) else None
    edges = _Edges(need, offer, score, ranks[0], ranks[1], origin)
    order = pair_order(need, offer, sizes)
    if order is not None:
        edges = edges.taken(order)
    twice = (edges.need[1:] == edges.need[:-1]) & (edges.offer[1:] == edges.offer[:-1])
    if twice.any():
        first = int(np.argmax(twice))
        pair = int(edges.need[first]), int(edges.offer[first])
        raise ValueError(f"need: the pair {pair} occurs twice among the edges")
    return edges


def _keys(pairs: Ints, sizes: tuple[int, int]) -> Ints:
    """One sortable number for each pair."""
    keys: Ints = pairs[:, 0] * max(sizes[1], 1) + pairs[:, 1]
    return keys


def _edge_keys(edges: _Edges, sizes: tuple[int, int]) -> Ints:
    keys: Ints = edges.need * max(sizes[1], 1) + edges.offer
    return keys


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
    refused = (edges.need_rank < 0) | (edges.offer_rank < 0)
    if not (refused.any() or len(pins) or len(bans) or len(excluded[1])):
        nothing = np.zeros(0, np.int64)
        return edges, _removed(edges, nothing, (bans, excluded[0]), excluded[1], sizes)
    keys = _edge_keys(edges, sizes)
    pinned = np.isin(keys, _keys(pins, sizes))
    clash = np.isin(keys, _keys(excluded[0], sizes)) & ~pinned
    if clash.any():
        first = int(np.argmax(clash))
        pair = int(edges.need[first]), int(edges.offer[first])
        raise ValueError(f"excluded: the pair {pair} is also among the edges")
    banned = np.isin(keys, _keys(bans, sizes))
    gone = np.flatnonzero(refused | banned)
    removed = _removed(edges, gone, (bans, excluded[0]), excluded[1], sizes)
    kept = edges.taken(~banned & (~refused | pinned))
    kept = _with_pins(kept, pins, sizes)
    return kept, removed


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
    keys, wanted = _edge_keys(edges, sizes), _keys(pins, sizes)
    new = pins[~np.isin(wanted, keys)]
    nothing = np.zeros(len(new), np.int32)
    where = np.searchsorted(keys, _keys(new, sizes))
    ranks = [np.maximum(rank, 0) for rank in (edges.need_rank, edges.offer_rank)]
    return _Edges(
        np.insert(edges.need, where, new[:, 0]),
        np.insert(edges.offer, where, new[:, 1]),
        np.insert(edges.score, where, nothing),
        np.insert(ranks[0], where, nothing),
        np.insert(ranks[1], where, nothing),
        None if edges.origin is None else np.insert(edges.origin, where, nothing - 1),
    )


def _arrays(edges: _Edges, sizes: tuple[int, int], pins: Ints) -> dict[str, Anys]:
    """Both compressed orders, from edges already sorted by (need, offer)."""
    pinned = np.zeros(len(edges.need), bool)
    if len(pins):
        pinned = np.isin(_edge_keys(edges, sizes), pins)
    return {
        "need_start": row_starts(edges.need, sizes[0]),
        "edge_need": edges.need.astype(np.int32),
        "edge_offer": edges.offer.astype(np.int32),
        "score": edges.score,
        "need_rank": edges.need_rank,
        "offer_rank": edges.offer_rank,
        "offer_start": row_starts(edges.offer, sizes[1]),
        "offer_edge": stable_order(edges.offer, sizes[1]).astype(np.int32),
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
        if not isinstance(entry, tuple | list) or len(entry) != 2:
            raise ValueError("ceilings: each entry must be (positions of edges, cap)")
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
    for name, value in list(found.items()):
        if isinstance(value, np.ndarray):
            # The caller may still hold this very array, or one that it is a view of.
            found[name] = value.copy() if name in GIVEN or value.base is not None else value
            found[name].setflags(write=False)
    for numbers, _ in found["ceilings"]:
        numbers.setflags(write=False)
