"""Exceptions as a plan's document tells them: for whom, what they block, what removal costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import twosided
from twosided import Exemption, Pair

from lianqiao.matching import document as doc
from lianqiao.matching.round import Round

# A remedy is worth its time to somebody who reads it; nobody reads more of them than this.
MOST_REMEDIES = 100


def exceptions_of(round_: Round, pairs: Sequence[Pair]) -> dict[tuple[int, int], doc.PairException]:
    """By (need, offer) of the pair that stands in the way; the first 100 with their remedy."""
    told: dict[tuple[int, int], doc.PairException] = {}
    served = {pair.need for pair in pairs}
    for pair in pairs:
        if pair.exception is None:
            continue
        told[pair.need, pair.offer] = {
            "for": round_.communities[pair.exception.for_group],
            "blocks": _named(round_, pair.exception.blocks),
        }
        if len(told) <= MOST_REMEDIES:
            told[pair.need, pair.offer]["remedy"] = _remedy(round_, pair.exception, served)
    return told


def _remedy(round_: Round, exemption: Exemption, served: set[int]) -> doc.Remedy | None:
    found = exemption.remedy
    if not found.removed:
        return None
    return {
        "gained": _named(round_, found.gained),
        "lost": _named(round_, found.lost),
        "needs_newly_served": _needs(round_, set(found.needs_gaining) - served),
        "needs_left_out": _needs(round_, found.needs_left_out),
        "communities_left_out": [round_.communities[g] for g in found.groups_left_out],
        "figures": _figures(found.after),
    }


def _figures(after: twosided.Figures) -> doc.PlanFigures:
    return {
        "needs_served": after.needs_served,
        "communities_served": after.groups_served,
        "units": after.units,
        "score": after.score,
        "blocking_pairs": after.blocking_pairs,
    }


def _named(round_: Round, pairs: Iterable[tuple[int, int]]) -> list[list[str]]:
    return [[round_.needs[i].id, round_.offers[j].id] for i, j in pairs]


def _needs(round_: Round, needs: Iterable[int]) -> list[str]:
    return [round_.needs[i].id for i in sorted(needs)]
