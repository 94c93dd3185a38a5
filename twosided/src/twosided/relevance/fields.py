"""Comparing the typed fields of a need and an offer: each says same, near, other or unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

N = TypeVar("N")
M = TypeVar("M")
V = TypeVar("V")

EVERYWHERE = frozenset(
    """
    全区,全市,全县,全省,全国,全域,全部,所有,不限,不限区域,不限地区,各街道,所有街道,各社区,各乡镇,all,any,everywhere,
    anywhere,citywide,city-wide,districtwide,district-wide,countywide,county-wide,nationwide,
    whole city,whole district,all districts,all areas
    """.replace("\n", "")
    .replace("    ", "")
    .split(",")
)
GENERAL_GROUPS = frozenset(
    """
    居民,全体居民,社区居民,周边居民,辖区居民,群众,社区群众,市民,公众,大众,全体,所有人,不限,社区,小区,everyone,everybody,all,
    anyone,public,the public,general public,residents,all residents,local residents,community,
    neighbours,neighbors,people,citizens,all ages
    """.replace("\n", "")
    .replace("    ", "")
    .split(",")
)
_KEPT = 65_536  # comparisons of field values: the same few come again for every pair
_CODE = re.compile(r"([A-Z]{1,2})(\d{0,3}(?:\.\d+)*)")
_SEPARATORS = re.compile(r"[、，,;；/|\n]+|\s+(?:and|&)\s+|和|及")


class Fit(StrEnum):
    SAME = "same"
    NEAR = "near"
    WITHIN = "within"
    OTHER = "other"
    UNKNOWN = "unknown"


def split_names(text: str) -> frozenset[str]:
    """Return the names of a list such as "居民、商户" or "parents, pupils", folded."""
    return frozenset(
        name for piece in _SEPARATORS.split(text) if (name := piece.strip().casefold())
    )


def names_everywhere(places: frozenset[str]) -> bool:
    return not places or not places.isdisjoint(EVERYWHERE)


def can_compare(need: frozenset[str], offer: frozenset[str]) -> bool:
    """Say whether both name something, and in the same script: 老年人 may well be "seniors"."""
    return not {name.isascii() for name in need}.isdisjoint(name.isascii() for name in offer)


@lru_cache(_KEPT)
def compare_categories(need: str, offer: str) -> Fit:
    """Compare two codes, or words where a list has no codes.

    SAME code or words; NEAR: another code of the same main group; WITHIN: the same main group, and
    one side says no more than that, so that the codes may well be the same; OTHER: another group;
    free text that differs, or a blank, is UNKNOWN.
    """
    need, offer = need.strip().casefold(), offer.strip().casefold()
    one, other = _CODE.fullmatch(need.upper()), _CODE.fullmatch(offer.upper())
    if one and other:
        return _compare_codes(one, other)
    return Fit.SAME if need and need == offer else Fit.UNKNOWN


def _compare_codes(need: re.Match[str], offer: re.Match[str]) -> Fit:
    if need[1] != offer[1]:
        return Fit.OTHER
    if not need[2] or not offer[2]:
        return Fit.WITHIN
    return Fit.SAME if need[2] == offer[2] else Fit.NEAR


@lru_cache(_KEPT)
def compare_kinds(need: str, offer: str) -> Fit:
    need, offer = need.strip().casefold(), offer.strip().casefold()
    if not need or not offer:
        return Fit.UNKNOWN
    if need == offer:
        return Fit.SAME
    return Fit.NEAR if {need, offer} == {"service", "people"} else Fit.OTHER


@lru_cache(_KEPT)
def compare_groups(need: frozenset[str], offer: frozenset[str]) -> Fit:
    """SAME: a name of both; NEAR: one names everybody, or one name holds the other."""
    if not can_compare(need, offer):
        return Fit.UNKNOWN
    special = (need & offer) - GENERAL_GROUPS
    if special:
        return Fit.SAME
    if not GENERAL_GROUPS.isdisjoint(need | offer):
        return Fit.NEAR
    within = any(one in other or other in one for one in need for other in offer)
    return Fit.NEAR if within else Fit.OTHER


@lru_cache(_KEPT)
def compare_places(need: frozenset[str], offer: frozenset[str]) -> Fit:
    """SAME: a named place of both; OTHER: the offer names places, the need's is not among them."""
    if names_everywhere(need) or names_everywhere(offer) or not can_compare(need, offer):
        return Fit.UNKNOWN
    return Fit.OTHER if need.isdisjoint(offer) else Fit.SAME


@lru_cache(_KEPT)
def compare_units(need: str, offer: str) -> Fit:
    need, offer = need.strip().casefold(), offer.strip().casefold()
    if not need or not offer:
        return Fit.UNKNOWN
    return Fit.SAME if need == offer else Fit.OTHER


def tabulate(
    needs: Sequence[N], offers: Sequence[M], compare: Callable[[N, M], float]
) -> NDArray[np.float64]:
    """Return the comparison of every pair, (N, M); each couple of distinct values is met once."""
    rows, columns = _number(needs), _number(offers)
    table = np.array(
        [[float(compare(need, offer)) for offer in columns] for need in rows], dtype=np.float64
    ).reshape(len(rows), len(columns))
    row_of = np.array([rows[need] for need in needs], dtype=np.intp)
    column_of = np.array([columns[offer] for offer in offers], dtype=np.intp)
    return table[np.ix_(row_of, column_of)]


def tabulate_fits(
    needs: Sequence[N], offers: Sequence[M], compare: Callable[[N, M], Fit]
) -> dict[Fit, NDArray[np.float64]]:
    """Return for each fit a table that is 1 where the pair compares so, else 0, (N, M)."""
    place = {fit: at for at, fit in enumerate(Fit)}
    places = tabulate(needs, offers, lambda need, offer: place[compare(need, offer)])
    return {fit: (places == at).astype(np.float64) for fit, at in place.items()}


def _number(values: Sequence[V]) -> dict[V, int]:
    numbers: dict[V, int] = {}
    for value in values:
        numbers.setdefault(value, len(numbers))
    return numbers
