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
        return int(round_.relevance.unfiltered[need_at[need], offer_at[offer]]) / 1000

    rows = settled_rows(signed, fit)
    whole: PlanDocument = {
        **document,
        "comparison": compared(document, round_, rows, signed.passed_over),
    }
    if count := rows_not_taken(rows):
        notice: Notice = {"code": "signed_rows", "text": UNREAD, "values": {"count": count}}
        whole["notices"] = [*document["notices"], notice]
    whole["digest"] = digest(whole)
    return whole
