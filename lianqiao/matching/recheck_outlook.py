"""Check what a plan says of other offers and other policies, as far as its market can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import twosided
from twosided import Market

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc
from lianqiao.matching.candidates import state_of


def wrong_outlook(
    document: doc.PlanDocument, market: Market, why: twosided.Explanation
) -> Iterator[Text]:
    """One finding for each candidate or policy that disagrees; older plans tell of neither.

    Raises KeyError, TypeError or ValueError if it isn't shaped as lianqiao-plan/1.
    """
    yield from _candidates(document, market, why)
    figures: dict[str, Any] = dict(document["figures"])
    for outlook in document.get("policies", []):
        own = {name: figures[name] for name in outlook["figures"]}
        if outlook["chosen"] and (own != outlook["figures"] or not _is_own(outlook, document)):
            yield Text(
                N_("policy %(policy)s: its figures are not those of the plan"),
                {"policy": outlook["policy"]},
            )


def _is_own(outlook: doc.PolicyOutlook, document: doc.PlanDocument) -> bool:
    return outlook["policy"] == document["policy"]


def _candidates(
    document: doc.PlanDocument, market: Market, why: twosided.Explanation
) -> Iterator[Text]:
    need_at = {need["id"]: i for i, need in enumerate(document["needs"])}
    offer_at = {offer["id"]: j for j, offer in enumerate(document["offers"])}
    told = {(pair["need"], pair["offer"]) for pair in document["pairs"]}
    ends = zip(market.edge_need.tolist(), market.edge_offer.tolist(), strict=True)
    edge_at = {pair: edge for edge, pair in enumerate(ends)}
    for candidates in document.get("candidates", []):
        for other in candidates["offers"]:
            names = {"need": candidates["need"], "offer": other["offer"]}
            pair = (need_at[names["need"]], offer_at[names["offer"]])
            is_told = (names["need"], names["offer"]) in told
            told.add((names["need"], names["offer"]))
            edge = edge_at.get(pair)
            holder = _holder(document, pair, edge, other["state"], why)
            is_held_so = other.get("holder") == holder
            if is_told or not is_held_so or not _holds(other, pair, edge, market, why):
                text = N_("%(need)s – %(offer)s: what is said of this candidate does not hold")
                yield Text(text, names)


def _holder(
    document: doc.PlanDocument,
    pair: tuple[int, int],
    edge: int | None,
    state: str,
    why: twosided.Explanation,
) -> str | None:
    """Which need has the offer of a candidate of the market, if that stands in its way."""
    has = () if edge is None or state == doc.SERVED else why.alternative(*pair).offer_has
    return document["needs"][has[0]]["id"] if len(has) else None


def _holds(
    other: doc.OtherOffer,
    pair: tuple[int, int],
    edge: int | None,
    market: Market,
    why: twosided.Explanation,
) -> bool:
    """Whether score, ranks and state of a candidate are the market's; a removed pair has none."""
    if edge is None:
        return other["state"] in twosided.REASONS and other["need_rank"] is None
    counted = (
        int(market.score[edge]) / 1000,
        int(market.need_rank[edge]) or None,
        int(market.offer_rank[edge]) or None,
        state_of(why.alternative(*pair)),
    )
    return counted == (other["score"], other["need_rank"], other["offer_rank"], other["state"])
