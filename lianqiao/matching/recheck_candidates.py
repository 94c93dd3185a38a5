"""Check what a plan says of other offers, as far as its market can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import twosided
from twosided import Market
from twosided import reasons as codes

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc
from lianqiao.matching.candidates import (
    LEAST_SHOWN,
    MOST_CANDIDATES,
    are_told,
    state_of,
)
from lianqiao.matching.round import Pair

PARTS_TOLERANCE = 1e-9
NOTHING_FITS = codes.REASONS[codes.NOTHING_FITS]
NOT_EACH = N_("the plan doesn't tell the other offers of every need once, in the list's order")
NOT_THE_BEST = N_("%(need)s: the other offers told are not the best that it could have had")
DOES_NOT_HOLD = N_("%(need)s – %(offer)s: what is said of this candidate does not hold")


@dataclass(frozen=True)
class _Market:
    """The market behind a plan, asked by pairs of positions. why: the plan's own account."""

    document: doc.PlanDocument
    market: Market
    why: twosided.Explanation

    @cached_property
    def edges(self) -> dict[Pair, int]:
        ends = zip(self.market.edge_need.tolist(), self.market.edge_offer.tolist(), strict=True)
        return {pair: edge for edge, pair in enumerate(ends)}

    @cached_property
    def removed(self) -> dict[Pair, str]:
        """What ruled a pair out, of those that somebody picked or whose texts fit."""
        said = zip(self.market.removed.tolist(), self.market.removed_code.tolist(), strict=True)
        return {(i, j): codes.REASONS[code] for (i, j), code in said}

    @cached_property
    def least_unpicked(self) -> int:
        """No pair that does not fit scores as much as a candidate that nobody picked."""
        market = self.market
        is_picked = (market.need_rank > 0) | (market.offer_rank > 0) | market.pinned
        return int(market.score[~is_picked].min(initial=1000))

    @cached_property
    def needs(self) -> dict[str, int]:
        return {need["id"]: i for i, need in enumerate(self.document["needs"])}

    @cached_property
    def offers(self) -> dict[str, int]:
        return {offer["id"]: j for j, offer in enumerate(self.document["offers"])}

    @cached_property
    def known(self) -> dict[int, set[int]]:
        """Of each need, the offers outside the plan that the market knows."""
        planned = {
            (self.needs[pair["need"]], self.offers[pair["offer"]])
            for pair in self.document["pairs"]
        }
        found: defaultdict[int, set[int]] = defaultdict(set)
        for i, j in (self.edges.keys() | self.removed.keys()) - planned:
            found[i].add(j)
        return found


def wrong_candidates(
    document: doc.PlanDocument, market: Market, why: twosided.Explanation
) -> Iterator[Text]:
    """One finding for each candidate that disagrees and each need that lacks one.

    Of an offer that does not fit, the market knows no score: it may be missing, not invented.
    Raises KeyError, TypeError or ValueError if it isn't shaped as lianqiao-plan/1.
    """
    beside = _Market(document, market, why)
    yield from _of_open_needs(beside)
    if "candidates" not in document:
        return  # plans were once made without
    told = [each["need"] for each in document["candidates"]]
    if told != (list(beside.needs) if are_told(len(beside.needs)) else []):
        yield Text(NOT_EACH)
    for each in document["candidates"]:
        yield from _of_need(beside, each)


def _of_need(beside: _Market, told: doc.Candidates) -> Iterator[Text]:
    need, seen = told["need"], set[str]()
    for other in told["offers"]:
        pair = (beside.needs[need], beside.offers[other["offer"]])
        if other["offer"] in seen or not _holds(beside, pair, other):
            yield Text(DOES_NOT_HOLD, {"need": need, "offer": other["offer"]})
        seen.add(other["offer"])
    if not _are_best(beside, told):
        yield Text(NOT_THE_BEST, {"need": need})


def _holds(beside: _Market, pair: Pair, other: doc.OtherOffer) -> bool:
    """Whether score, parts, ranks, state and holder are what the market says of the pair."""
    edge, offers = beside.edges.get(pair), beside.known.get(pair[0], set())
    total = sum(other["parts"].values())
    is_sum = abs(total - other["score"]) <= PARTS_TOLERANCE
    if edge is not None:
        return is_sum and pair[1] in offers and _edge_holds(beside, pair, edge, other)
    if "holder" in other or (other["need_rank"], other["offer_rank"]) != (None, None):
        return False
    if pair in beside.removed:
        # What was filtered out scores nothing, though its texts may fit.
        is_sum = is_sum or abs(total) <= PARTS_TOLERANCE
        return is_sum and other["state"] == beside.removed[pair] and 0 <= other["score"] <= 1
    is_below = 0 <= other["score"] * 1000 < beside.least_unpicked
    return is_sum and is_below and other["state"] == NOTHING_FITS


def _edge_holds(beside: _Market, pair: Pair, edge: int, other: doc.OtherOffer) -> bool:
    market, alternative = beside.market, beside.why.alternative(*pair)
    counted: dict[str, Any] = {
        "score": int(market.score[edge]) / 1000,
        "need_rank": int(market.need_rank[edge]) or None,
        "offer_rank": int(market.offer_rank[edge]) or None,
        "state": state_of(alternative),
    }
    if counted["state"] != doc.SERVED and len(alternative.offer_has):
        counted["holder"] = beside.document["needs"][alternative.offer_has[0]]["id"]
    said: dict[str, Any] = dict(other)
    return {name: said[name] for name in said if name in (*counted, "holder")} == counted


def _are_best(beside: _Market, told: doc.Candidates) -> bool:
    """Whether none that the market knows is missing, and they stand by how well they fit."""
    i = beside.needs[told["need"]]
    known = beside.known.get(i, set())
    listed = [(-other["score"], beside.offers[other["offer"]]) for other in told["offers"]]
    best = [key for key in listed if key[1] in known]
    near = listed[len(best) :]
    if best != sorted(listed[: len(best)]) or len(best) != min(MOST_CANDIDATES, len(known)):
        return False
    unlisted = known - {j for _score, j in best}
    scores = beside.market.score
    passed_over = [
        (-int(scores[beside.edges[i, j]]) / 1000, j) for j in unlisted if (i, j) in beside.edges
    ]
    return len(near) <= max(0, LEAST_SHOWN - len(known)) and all(
        best[-1] < key for key in passed_over
    )


def _of_open_needs(beside: _Market) -> Iterator[Text]:
    """What an open need might have had: the market's account first, then what does not fit."""
    needs, offers = list(beside.needs), list(beside.offers)
    counted = {needs[unmet.need]: unmet.candidates for unmet in beside.why.unmet}
    for unmet in beside.document["unmet"]:
        account = [
            (offers[why.offer], why.code, None if why.holder is None else needs[why.holder])
            for why in counted.get(unmet["need"], ())
        ]
        told = [
            (each["offer"], each["why_not"], each.get("holder")) for each in unmet["candidates"]
        ]
        far = told[len(account) :]
        if told[: len(account)] != account or len(far) > max(0, LEAST_SHOWN - len(account)):
            yield Text(NOT_THE_BEST, {"need": unmet["need"]})
        for each in unmet["candidates"]:
            if not _near_holds(beside, unmet["need"], each):
                yield Text(DOES_NOT_HOLD, {"need": unmet["need"], "offer": each["offer"]})


def _near_holds(beside: _Market, need: str, near: doc.Candidate) -> bool:
    pair = (beside.needs[need], beside.offers[near["offer"]])
    edge = beside.edges.get(pair)
    if edge is not None:
        return near["score"] == int(beside.market.score[edge]) / 1000
    if pair in beside.removed:
        return 0 <= near["score"] <= 1
    is_below = 0 <= near["score"] * 1000 < beside.least_unpicked
    return is_below and near["why_not"] == NOTHING_FITS
