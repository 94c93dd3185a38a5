"""Check a saved plan against its saved market, with nothing but Python and numpy.

    python verifier.py MARKET PLAN

This one file stands alone: copy it wherever a plan is doubted.  It shares no code with what makes
plans, checks every rule, counts the blocking pairs and compares the figures with what the plan
claims: one line for each finding, then a summary.  Exit status: 0 clean, 1 with findings, 2 if a
file cannot be read.  Time O(E log E): some seconds for three million candidate pairs.
`python -m twosided.verifier` does the same, but loads the solvers with the package first.

`proved` and `bounds` cannot be checked without solving: only what contradicts them is found.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import re
import struct
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Members = dict[str, Array]

MARKET_FORMAT, PLAN_FORMAT = "twosided-market/1", "twosided-plan/1"
# Members of the market file by type and dimensions.
KINDS = {
    ("<i8", 1): "need offer quantity capacity need_group offer_group ceiling_start ceiling_edge"
    " ceiling_cap excluded_need excluded_offer excluded_code",
    ("<i8", 2): "pins bans floors reserved",
    ("<i4", 1): "need_rank offer_rank",
    ("<u2", 1): "score",
    ("<f8", 1): "need_weight",
}
MEMBERS = {name: kind for kind, names in KINDS.items() for name in names.split()}
PLAN_KINDS = {"policy": str, "proved": bool, "figures": dict, "bounds": dict, "pairs": list}
FIGURES = ("groups_served", "needs_served", "units", "score", "blocking_pairs")
UNREADABLE = (
    *(ValueError, LookupError, ArithmeticError, RuntimeError, TypeError, EOFError, MemoryError),
    *(zipfile.BadZipFile, struct.error, OSError),
)
SIDES = {"need": "quantity", "offer": "capacity"}
# How a member begins.  numpy reads this line as Python: never do that with a stranger's.
BEGINNING = re.compile(
    rb"\x93NUMPY\x01\0(?s:..)"
    rb"\{'descr': '(<\w\d)', 'fortran_order': False, 'shape': \((\d{1,19}), ?([1-9]?)\), \} *\n"
)
HIGHEST, GROUPS = 2**31, 2**62 + 1
# Worse than any rank, and worse than any score.
UNRANKED, STRANGER = 2**40, 2**41
# Members as long as another one, and what their entries stay below: a number, or a length.
LENGTHS = {
    "need": ("offer", "score", "need_rank", "offer_rank"),
    "quantity": ("need_group", "need_weight"),
    "capacity": ("offer_group",),
    "excluded_need": ("excluded_offer", "excluded_code"),
}
RANGES: dict[str, tuple[str | int, ...]] = {
    **dict.fromkeys(["need", "excluded_need"], ("quantity",)),
    **dict.fromkeys(["offer", "excluded_offer"], ("capacity",)),
    **dict.fromkeys(["quantity", "capacity", "need_rank", "offer_rank"], (HIGHEST,)),
    **dict.fromkeys(["pins", "bans"], ("quantity", "capacity")),
    "score": (1001,),
    "ceiling_edge": ("need",),
    "floors": (GROUPS, HIGHEST),
    "reserved": ("capacity", GROUPS, HIGHEST),
}


@dataclass(frozen=True)
class Pairs:
    """The planned pairs: where among the edges (-1: nowhere), which are pins; edges inside."""

    need: Array
    offer: Array
    edge: Array
    pinned: Array
    inside: Array

    def at(self, side: str) -> Array:
        return self.need if side == "need" else self.offer


def verify(market_path: str, plan_path: str) -> tuple[list[str], dict[str, int]]:
    """The findings, each one line, and the figures; ValueError for a file that cannot be read."""
    market, plan = _read("market", market_path, _market), _read("plan", plan_path, _plan)
    pairs = np.array(plan["pairs"], np.int64).reshape(-1, 2)
    sizes = len(market["quantity"]), len(market["capacity"])
    _require((pairs < sizes).all(), "plan: an index is beyond the market")
    keys = np.unique(pairs[:, 0] * sizes[1] + pairs[:, 1])
    planned, findings = _placed(market, keys)
    if len(keys) < len(pairs):
        findings.append(f"repeated: {len(pairs) - len(keys)} pairs occur more than once")
    findings += [*_over_places(market, planned), *_over_limits(market, planned)]
    figures = {
        "groups_served": len(np.unique(market["need_group"][planned.need])),
        "needs_served": len(np.unique(planned.need)),
        "units": len(keys),
        "score": int(market["score"][planned.inside].sum(dtype=np.int64)),
        "blocking_pairs": _count_blocking(market, planned),
    }
    return [*findings, *_false_claims(market, plan, figures)], figures


def _read(name: str, path: str, reader: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        _require(Path(path).is_file(), "no such file")
        return reader(Path(path).read_bytes())
    except UNREADABLE as error:
        told = " ".join(ascii(str(error))[1:-1].split())[:200]
        raise ValueError(f"{name}: {told or type(error).__name__}") from None


def _require(holds: Any, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _json(body: bytes) -> Any:
    def once(entries: list[tuple[str, Any]]) -> dict[str, Any]:
        _require(len(dict(entries)) == len(entries), "a key occurs twice")
        return dict(entries)

    return json.loads(body, object_pairs_hook=once)


def _market(body: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        expected = ["market.json", *(f"{name}.npy" for name in MEMBERS)]
        _require(sorted(archive.namelist()) == sorted(expected), "not a saved market")
        # Nothing is compressed, so nothing can unpack to more than the file itself.
        plain = {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        sizes = sum(entry.file_size for entry in archive.infolist())
        _require(plain and sizes <= len(body), "members are compressed or overlap")
        header = _json(archive.read("market.json"))
        members = {name: archive.read(f"{name}.npy") for name in MEMBERS}
    _require(isinstance(header, dict) and header.get("format") == MARKET_FORMAT, "another format")
    digest = hashlib.sha256()
    for name in sorted(members):
        digest.update(f"{name}:{len(members[name])}\n".encode() + members[name])
    _require(header.get("sha256") == digest.hexdigest(), "the checksum differs")
    market = {name: _array(name, members[name]) for name in MEMBERS}
    _check_market(market)
    return market


def _array(name: str, body: bytes) -> Array:
    kind = np.dtype(MEMBERS[name][0])
    start = 10 + int.from_bytes(body[8:10], "little")
    found = BEGINNING.fullmatch(body, 0, start)
    shape = [int(length) for length in found.groups()[1:] if length] if found else []
    _require(found and (found[1].decode(), len(shape)) == MEMBERS[name], f"{name}: type or shape")
    _require(math.prod(shape) * kind.itemsize == len(body) - start, f"{name}: length")
    return np.frombuffer(body, kind, offset=start).reshape(shape)


def _check_market(market: Members) -> None:
    """What the counting below relies on: lengths, ranges, no pair twice."""
    for of, names in LENGTHS.items():
        for name in names:
            _require(len(market[name]) == len(market[of]), f"{name}: not as long as {of}")
    start = market["ceiling_start"]
    _require(len(start) == len(market["ceiling_cap"]) + 1, "ceiling_start: length")
    ends = start[0] == 0 and start[-1] == len(market["ceiling_edge"])
    _require(ends and (start[1:] >= start[:-1]).all(), "ceiling_start: out of range")
    for name, limits in RANGES.items():
        highs = [len(market[high]) if isinstance(high, str) else high for high in limits]
        entries = market[name] if market[name].ndim == 2 else market[name][:, None]
        _require(entries.shape[1] == len(highs), f"{name}: width")
        low = -1 if name.endswith("rank") else 0
        _require(((entries >= low) & (entries < highs)).all(), f"{name}: out of range")
    keys = np.sort(_keys(market, market["need"], market["offer"]), kind="stable")
    _require((keys[1:] > keys[:-1]).all(), "need: a pair occurs twice")


def _plan(body: bytes) -> dict[str, Any]:
    plan: dict[str, Any] = _json(body)
    _require(type(plan) is dict and plan.get("format") == PLAN_FORMAT, "not a saved plan")
    claimed = plan.pop("sha256", None)
    canonical = json.dumps(plan, sort_keys=True, separators=(",", ":")).encode()
    _require(claimed == hashlib.sha256(canonical).hexdigest(), "the checksum differs")
    for name, kind in PLAN_KINDS.items():
        _require(type(plan.get(name)) is kind, f"{name}: must be a {kind.__name__}")
    counts = [*plan["figures"].values(), *plan["bounds"].values()]
    _require(all(type(count) is int for count in counts), "figures, bounds: whole numbers")
    for pair in plan["pairs"]:
        _require(isinstance(pair, list) and len(pair) == 2, "pairs: not two by two")
        _require(all(type(x) is int and 0 <= x < HIGHEST for x in pair), "pairs: out of range")
    return plan


def _keys(market: Members, need: Array, offer: Array) -> Array:
    """One number for each pair."""
    return need * len(market["capacity"]) + offer


def _placed(market: Members, keys: Array) -> tuple[Pairs, list[str]]:
    """The pairs of the plan; those that may not be in it, and the pins that are not."""
    width = max(len(market["capacity"]), 1)
    edge_keys = _keys(market, market["need"], market["offer"])
    order = np.argsort(edge_keys, kind="stable")
    nearest = np.append(order, -1)[np.searchsorted(edge_keys, keys, sorter=order)]
    edge = np.where(np.append(edge_keys, -1)[nearest] == keys, nearest, -1)
    pins = _keys(market, *market["pins"].T)
    refused = np.minimum(market["need_rank"], market["offer_rank"]) < 0
    words = {
        "banned": np.isin(keys, _keys(market, *market["bans"].T)),
        "refused": np.append(refused, False)[edge],
        "excluded": np.isin(keys, _keys(market, market["excluded_need"], market["excluded_offer"])),
        "not a candidate": edge < 0,
    }
    pinned = np.isin(keys, pins)
    wrong = ~pinned & np.any(list(words.values()), axis=0)
    found = []
    for k in np.flatnonzero(wrong).tolist():
        word = next(word for word, holds in words.items() if holds[k])
        found.append(f"{word}: need {keys[k] // width} with offer {keys[k] % width}")
    missing = np.setdiff1d(pins, keys).tolist()
    found += [f"pin: need {k // width} with offer {k % width} is missing" for k in missing]
    edge[wrong] = -1
    inside = np.isin(np.arange(len(order)), edge)
    return Pairs(keys // width, keys % width, edge, pinned, inside), found


def _over_places(market: Members, planned: Pairs) -> Iterator[str]:
    for side, limit in SIDES.items():
        used = np.bincount(planned.at(side), minlength=len(market[limit]))
        for x in np.flatnonzero(used > market[limit]).tolist():
            yield f"{limit}: {side} {x} has {used[x]} of {market[limit][x]}"


def _over_limits(market: Members, planned: Pairs) -> Iterator[str]:
    """Ceilings, floors, reserved units."""
    for number, (edges, cap) in enumerate(_ceilings(market)):
        count = int(planned.inside[edges].sum())
        if count > cap:
            yield f"ceiling: number {number} has {count} of {cap}"
    groups = Counter(market["need_group"][planned.need].tolist())
    for group, least in market["floors"].tolist():
        if groups[group] < least:
            yield f"floor: group {group} has {groups[group]} of {least}"
    held, at_offer = _reserved(market), _groups_at_offers(market, planned)
    for j in sorted(held):
        if not _seated(market, held[j], at_offer[j], j):
            yield f"reserved: offer {j} gives units away that are held for others"


def _ceilings(market: Members) -> Iterator[tuple[Array, int]]:
    parts = np.split(market["ceiling_edge"], market["ceiling_start"][1:-1])
    # Without any ceiling there is still one part, an empty one.
    return zip(parts, market["ceiling_cap"].tolist(), strict=False)


def _reserved(market: Members) -> dict[int, Counter[int]]:
    """offer -> group -> units held for it."""
    held: dict[int, Counter[int]] = defaultdict(Counter)
    for j, group, units in market["reserved"][market["reserved"][:, 2] > 0].tolist():
        held[j][group] += units
    return held


def _groups_at_offers(market: Members, planned: Pairs) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = defaultdict(Counter)
    at = np.flatnonzero(np.isin(planned.offer, market["reserved"][:, 0]))
    groups = market["need_group"][planned.need[at]].tolist()
    for j, group in zip(planned.offer[at].tolist(), groups, strict=True):
        found[j][group] += 1
    return found


def _seated(market: Members, held: Counter[int], groups: Counter[int], j: int) -> bool:
    """Whether the pairs of each group, beyond the units held for it, fit what nobody holds."""
    beyond = sum(max(0, count - held[group]) for group, count in groups.items())
    return beyond <= int(market["capacity"][j]) - held.total()


def _false_claims(market: Members, plan: dict[str, Any], counted: dict[str, int]) -> Iterator[str]:
    for name in FIGURES:
        claimed = plan["figures"].get(name, counted[name])
        if claimed != counted[name]:
            yield f"figures: {name} is {counted[name]}, the plan says {claimed}"
        sign, bound = -1 if name == "blocking_pairs" else 1, plan["bounds"].get(name, counted[name])
        if sign * counted[name] > sign * bound:
            yield f"bounds: {name} is {counted[name]}, beyond the bound {bound}"
    limited = any(len(market[name]) for name in ("ceiling_cap", "floors", "reserved"))
    calm = plan["proved"] and plan["policy"] == "stability" and not limited
    if calm and counted["blocking_pairs"]:
        # Without these limits a plan without blocking pairs always exists.
        yield "proved: the plan claims the fewest blocking pairs, but has some"


def _badness(market: Members, side: str) -> Array:
    """For each edge, the larger the worse: ranks before scores; and last, who is no candidate."""
    rank, score = (market[name].astype(np.int64) for name in (f"{side}_rank", "score"))
    return np.append(np.where(rank > 0, rank, UNRANKED - score), STRANGER)


def _count_blocking(market: Members, planned: Pairs) -> int:
    """How many candidate pairs outside the plan have both sides open to them."""
    settled = _keys(market, *np.concatenate([market["pins"], market["bans"]]).T)
    keys = _keys(market, market["need"], market["offer"])
    may = ~planned.inside & ~np.isin(keys, settled)
    may &= np.minimum(market["need_rank"], market["offer_rank"]) >= 0
    bad = {side: _badness(market, side) for side in SIDES}
    worst = {}
    for side, limit in SIDES.items():
        at, loose = planned.at(side), ~planned.pinned
        worst[side] = np.full(len(market[limit]), -1)  # nobody may go
        np.maximum.at(worst[side], at[loose], bad[side][planned.edge[loose]])
        free = np.bincount(at, minlength=len(market[limit])) < market[limit]
        may &= free[market[side]] | (bad[side][:-1] < worst[side][market[side]])
    if len(market["ceiling_cap"]) or len(market["reserved"]):
        closer = Closer(market, planned, bad, worst)
        unclear = np.isin(market["offer"], list(closer.held))
        unclear[list(closer.full)] = True
        edges = np.flatnonzero(unclear & may).tolist()
        may[edges] = [closer.blocks(e) for e in edges]
    return int(may.sum())


class Closer:
    """One pair at a time, where a full ceiling or a held unit may forbid a move."""

    def __init__(self, market: Members, planned: Pairs, bad: Members, worst: Members) -> None:
        self.market, self.planned, self.bad = market, planned, bad
        self.held = _reserved(market)
        self.at_offer = _groups_at_offers(market, planned)
        self.full: dict[int, set[int]] = {}
        self.left: list[int] = []
        for number, (edges, cap) in enumerate(_ceilings(market)):
            self.left.append(cap - int(planned.inside[edges].sum()))
            for e in edges.tolist() if self.left[number] <= 0 else ():
                self.full.setdefault(e, set()).add(number)
        self.used = {side: Counter(planned.at(side).tolist()) for side in SIDES}
        self.worst = {side: self._tied(side, worst[side]) for side in SIDES}

    def _tied(self, side: str, worst: Array) -> dict[int, list[int]]:
        """Everybody's worst partners that may go, as positions in the plan."""
        at, bad = self.planned.at(side), self.bad[side][self.planned.edge]
        rows: dict[int, list[int]] = {}
        for k in np.flatnonzero(~self.planned.pinned & (bad == worst[at])).tolist():
            rows.setdefault(int(at[k]), []).append(k)
        return rows

    def blocks(self, e: int) -> bool:
        return all(self._open(e, side, limit) for side, limit in SIDES.items())

    def _open(self, e: int, side: str, limit: str) -> bool:
        x, bad = int(self.market[side][e]), self.bad[side]
        if self.used[side][x] < self.market[limit][x] and self._allowed(e, side, None):
            return True
        worst = [k for k in self.worst[side].get(x, []) if bad[e] < bad[self.planned.edge[k]]]
        return any(self._allowed(e, side, k) for k in worst)

    def _allowed(self, e: int, side: str, leaving: int | None) -> bool:
        """Whether e may come, and another pair go, as far as ceilings and held units say."""
        gone = -1 if leaving is None else int(self.planned.edge[leaving])
        freed = self.full.get(gone, set())
        if any(self.left[c] + (c in freed) < 1 for c in self.full.get(e, set())):
            return False
        j = int(self.market["offer"][e])
        if side == "need" or j not in self.held:
            return True
        groups, group = Counter(self.at_offer[j]), self.market["need_group"]
        groups[int(group[self.market["need"][e]])] += 1
        if leaving is not None:
            groups[int(group[self.planned.need[leaving]])] -= 1
        return _seated(self.market, self.held[j], groups, j)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("market", help="the file that Market.save wrote")
    parser.add_argument("plan", help="the file that Plan.save wrote")
    asked = parser.parse_args(arguments)
    try:
        findings, figures = verify(asked.market, asked.plan)
    except ValueError as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    summary = f"{len(findings)} findings" if findings else "clean"
    told = ", ".join(f"{name} {figures[name]}" for name in FIGURES)
    sys.stdout.write("\n".join([*findings, f"{summary}: {told}", ""]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
