"""What each need could also have had: its best offers outside the plan, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from twosided import Alternative, Explanation, Plan
from twosided import reasons as codes

from lianqiao.matching import document as doc
from lianqiao.matching.round import Pair, Round

# As many as a person compares before choosing; fewer than three are filled up with the nearest
# offers that do not fit well enough, so that a person can look further.
MOST_CANDIDATES, LEAST_SHOWN = 6, 3
# Beyond so many pairs a plan is no longer read need by need, and its file would not open.
MOST_PAIRS_TOLD = 30_000
_HELD = codes.REASONS[codes.HELD]
_FULL = codes.REASONS[codes.FULL]


def candidates_of(round_: Round, plan: Plan, why: Explanation) -> list[doc.Candidates]:
    """For each need, in list order, at most six offers; none at all in very large rounds."""
    if not are_told(len(round_.needs)):
        return []
    planned = set(zip(plan.need.tolist(), plan.offer.tolist(), strict=True))
    edges = _edges(round_)
    removed = {
        (i, j): codes.REASONS[code]
        for (i, j), code in zip(
            round_.market.removed.tolist(), round_.market.removed_code.tolist(), strict=True
        )
    }
    by_need: list[list[Pair]] = [[] for _ in round_.needs]
    for pair in sorted((edges.keys() | removed.keys()) - planned):
        by_need[pair[0]].append(pair)
    return [
        {
            "need": need.id,
            "offers": [
                *(_other(round_, why, pair, edges, removed) for pair in _best(round_, by_need[i])),
                *(_unfitting(round_, pair) for pair in _near(round_, i, by_need[i], planned)),
            ],
        }
        for i, need in enumerate(round_.needs)
    ]


def are_told(needs: int) -> bool:
    """Whether a plan of so many needs tells their candidates."""
    return needs * MOST_CANDIDATES <= MOST_PAIRS_TOLD


def _edges(round_: Round) -> dict[Pair, int]:
    market = round_.market
    ends = zip(market.edge_need.tolist(), market.edge_offer.tolist(), strict=True)
    return {pair: at for at, pair in enumerate(ends)}


def _best(round_: Round, pairs: list[Pair]) -> Iterator[Pair]:
    scores = np.array([round_.relevance.unfiltered_of(*pair) for pair in pairs], dtype=np.int64)
    for at in np.argsort(-scores, kind="stable")[:MOST_CANDIDATES].tolist():
        yield pairs[at]


def _near(round_: Round, need: int, known: list[Pair], planned: set[Pair]) -> list[Pair]:
    top = [(need, offer) for offer in round_.relevance.top(need, LEAST_SHOWN + len(known) + 1)]
    unknown = [pair for pair in top if pair not in planned and pair not in set(known)]
    return unknown[: max(0, LEAST_SHOWN - len(known))]


def _unfitting(round_: Round, pair: Pair) -> doc.OtherOffer:
    return {**_fit(round_, pair), "state": codes.REASONS[codes.NOTHING_FITS]}


def _other(
    round_: Round, why: Explanation, pair: Pair, edges: dict[Pair, int], removed: dict[Pair, str]
) -> doc.OtherOffer:
    other: doc.OtherOffer = {**_fit(round_, pair), "state": removed.get(pair, "")}
    if pair not in edges:
        return other
    market, at = round_.market, edges[pair]
    other["need_rank"] = int(market.need_rank[at]) or None
    other["offer_rank"] = int(market.offer_rank[at]) or None
    alternative = why.alternative(*pair)
    other["state"] = state_of(alternative)
    if other["state"] != doc.SERVED and alternative.offer_has:
        other["holder"] = round_.needs[alternative.offer_has[0]].id
    return other


def _fit(round_: Round, pair: Pair) -> doc.OtherOffer:
    fit = round_.relevance.pair(*pair)
    return {
        "offer": round_.offers[pair[1]].id,
        # What was filtered out scores nothing; how well its texts fit is still worth knowing.
        "score": round_.relevance.unfiltered_of(*pair) / 1000,
        "state": "",
        "need_rank": None,
        "offer_rank": None,
        "parts": fit.parts,
        "evidence": list(fit.evidence),
        "missing_fields": list(fit.missing_fields),
    }


def state_of(alternative: Alternative) -> str:
    """Why a candidate is no pair: held where both would rather, full where the offer is, served."""
    if alternative.blocks or alternative.offer_state == "reserved":
        return _HELD
    return doc.SERVED if alternative.offer_state == "open" else _FULL
