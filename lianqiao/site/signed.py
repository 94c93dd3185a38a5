"""The step of the main road that sets a plan beside what was signed."""

from __future__ import annotations

from lianqiao.exchange.signed import SignedList, settled_rows
from lianqiao.matching.comparison import UNREAD, compared, rows_not_taken
from lianqiao.matching.document import Notice, PlanDocument, digest
from lianqiao.matching.round import Round


def beside_signed(document: PlanDocument, signed: SignedList | None, round_: Round) -> PlanDocument:
    """The document with its comparison, and a digest that covers it."""
    if signed is None:
        return document
    need_at = {need.id: i for i, need in enumerate(round_.needs)}
    offer_at = {offer.id: j for j, offer in enumerate(round_.offers)}

    def fit(need: str, offer: str) -> float:
        return round_.relevance.unfiltered_of(need_at[need], offer_at[offer]) / 1000

    rows = settled_rows(signed, fit, _signs(document, round_))
    whole: PlanDocument = {
        **document,
        "comparison": compared(document, round_, rows, signed.passed_over),
    }
    if count := rows_not_taken(rows):
        notice: Notice = {"code": "signed_rows", "text": UNREAD, "values": {"count": count}}
        whole["notices"] = [*document["notices"], notice]
    whole["digest"] = digest(whole)
    return whole


def _signs(document: PlanDocument, round_: Round) -> tuple[frozenset[tuple[str, str]], ...]:
    """What else tells which pair a row means: both sides chose it or it is pinned, one chose it,
    and last, for the benefit of the doubt, the plan has it too.
    """
    market = round_.market
    edges = zip(market.edge_need.tolist(), market.edge_offer.tolist(), strict=True)
    ids = [(round_.needs[need].id, round_.offers[offer].id) for need, offer in edges]
    by_need, by_offer = (market.need_rank > 0).tolist(), (market.offer_rank > 0).tolist()
    chosen = list(zip(ids, by_need, by_offer, market.pinned.tolist(), strict=True))
    return (
        frozenset(pair for pair, need, offer, pinned in chosen if pinned or (need and offer)),
        frozenset(pair for pair, need, offer, _pinned in chosen if need or offer),
        frozenset((pair["need"], pair["offer"]) for pair in document["pairs"]),
    )
