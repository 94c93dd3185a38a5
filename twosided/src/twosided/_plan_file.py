"""One file for a plan: JSON to be read by people too, with a checksum of what it says."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any, NoReturn

from twosided._checks import HIGHEST_INDEX

FORMAT = "twosided-plan/1"
# Larger than any sum of scores.
LARGEST = 2**62
LONGEST_TEXT = 1000

# What comes before the pairs, in the order of the file.
KEYS = ("policy", "seed", "effort", "method", "proved", "reproducible", "bounds", "figures")


def plan_bytes(content: dict[str, Any]) -> bytes:
    """The file: a line for each key and for each pair.  ValueError, naming `plan`, if malformed."""
    try:
        _check(content)
    except ValueError as error:
        raise ValueError(f"plan: {error}") from None
    shown = {"format": FORMAT, "sha256": _digest(content)} | {key: content[key] for key in KEYS}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in shown.items()]
    pairs = ",\n".join(f"  [{i}, {j}]" for i, j in content["pairs"])
    listed = f"[\n{pairs}\n ]" if pairs else "[]"
    return "\n".join(["{", *lines, f' "pairs": {listed}', "}", ""]).encode()


def plan_content(body: bytes) -> dict[str, Any]:
    """What the file says; ValueError, naming `path`, if it is damaged, foreign or hostile."""
    try:
        content = _parsed(body)
        claimed = content.pop("sha256")
        _check(content)
        if claimed != _digest(content):
            raise ValueError("damaged (checksum differs)")
    except ValueError as error:
        raise ValueError(f"path: {error}") from None
    del content["format"]
    return content


def _parsed(body: bytes) -> dict[str, Any]:
    if body.startswith(b"PK") and b"market.json" in body[:100]:
        raise ValueError("this is a saved market, not a plan")
    try:
        content = json.loads(body, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        # Neither quoted nor counted: what such a file says about itself may be very long.
        raise ValueError("not a saved plan, or damaged (no JSON with every key once)") from None
    if not isinstance(content, dict) or "format" not in content:
        raise ValueError("not a saved plan")
    if content["format"] != FORMAT:
        raise ValueError(f"another format than {FORMAT!r}, which this version reads")
    if content.keys() != {"format", "sha256", "pairs", *KEYS}:
        raise ValueError("damaged (keys)")
    return content


def _once(entries: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(entries)
    if len(found) < len(entries):
        raise ValueError("a key occurs twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _digest(content: dict[str, Any]) -> str:
    """Over sorted keys and no spaces, so that layout does not matter."""
    canonical = {"format": FORMAT} | content
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _check(content: dict[str, Any]) -> None:
    for key in ("policy", "method"):
        text = content[key]
        if type(text) is not str or len(text) > LONGEST_TEXT or not text.isprintable():
            raise ValueError(f"{key} must be a short text")
    for key, high in (("seed", 2**63 - 1), ("effort", 10**9)):
        if not _is_whole(content[key], 0, high):
            raise ValueError(f"{key} must be a whole number between 0 and {high}")
    for key in ("proved", "reproducible"):
        if type(content[key]) is not bool:
            raise ValueError(f"{key} must be true or false")
    _check_counts(content)
    _check_pairs(content["pairs"])


def _check_counts(content: dict[str, Any]) -> None:
    for key in ("bounds", "figures"):
        counts = content[key]
        if type(counts) is not dict or not all(type(name) is str for name in counts):
            raise ValueError(f"{key} must hold numbers by name")
        if not all(_is_whole(value, -LARGEST, LARGEST) for value in counts.values()):
            raise ValueError(f"{key} must be whole numbers")


def _check_pairs(pairs: Any) -> None:
    if type(pairs) is not list:
        raise ValueError("pairs must be a list")
    for pair in pairs:
        whole = type(pair) is list and len(pair) == 2
        if not whole or not all(_is_whole(index, 0, HIGHEST_INDEX) for index in pair):
            raise ValueError("each of the pairs must be [need, offer], whole numbers from 0")
    if any(pair >= following for pair, following in pairwise(pairs)):
        raise ValueError("pairs must be sorted, none twice")


def _is_whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high
