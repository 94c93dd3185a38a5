"""The bridge picture as a table, and what is said of a need or an offer when it is selected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lianqiao.exchange.bridge_layout import number
from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Grounds, Words, amount, grounds, stated_fields
from lianqiao.exchange.plan_view import NO_SUB_DISTRICT, PairRow, PlanView
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import (
    BY_CHOICE,
    LEAST_FIT,
    WHY_NOT,
    Category,
    Said,
    strength,
    word,
)
from lianqiao.language import N_, Text
from lianqiao.matching.document import SERVED, OtherOffer

# So many candidates are written out in one language; in a larger round each need has fewer.
MOST_WRITTEN, MOST_OF_A_NEED = 2400, 6
STARTS_SHOWN = 5
STATES = {**WHY_NOT, SERVED: N_("has room; the need has the partners it wants")}
_REFUSED = frozenset({"refused_by_need_side", "refused_by_offer_side"})
_HOLDING = frozenset({"offers_full", "held_for_community"})


@dataclass(frozen=True)
class CandidateRow:
    """An offer that a need is not paired with.

    strength: None where the texts do not fit and nobody chose it; then no line leads to it.
    bar: "ban" or "decline" where a side or the organiser ruled it out, else "".
    """

    offer: Entry
    score: float
    sign: str
    strength: Text | None
    state: Words
    holder: Entry | None
    bar: str
    is_exception: bool
    need_rank: int | None
    offer_rank: int | None
    grounds: Grounds


@dataclass(frozen=True)
class NeedRow:
    """A need with all that is said of it. facts: (name, value), only what the list states."""

    need: Entry
    description: Said
    facts: tuple[tuple[Text, object], ...]
    pairs: tuple[PairRow, ...]
    reason: Words
    candidates: tuple[CandidateRow, ...]

    @property
    def number(self) -> str:
        return number(self.need)


@dataclass(frozen=True)
class OfferRow:
    offer: Entry
    pairs: tuple[PairRow, ...]
    reason: Words

    @property
    def number(self) -> str:
        return number(self.offer)


@dataclass(frozen=True)
class BridgeTable:
    """needs: in groups by sub-district. starts: open needs that are worth a look first.

    most: how many candidates a need has at most.
    """

    needs: tuple[tuple[Said | Text, tuple[NeedRow, ...]], ...]
    offers: tuple[OfferRow, ...]
    starts: tuple[NeedRow, ...]
    most: int


def bridge_table(view: PlanView) -> BridgeTable:
    """The rows of the table, needs and offers in the order of their lists."""
    most = max(1, min(MOST_OF_A_NEED, MOST_WRITTEN // max(1, len(view.needs))))
    rows = _need_rows(view, most)
    groups: dict[Said, list[NeedRow]] = {}
    for row in rows:
        groups.setdefault(row.need.sub_district, []).append(row)
    return BridgeTable(
        needs=tuple((name or Text(NO_SUB_DISTRICT), tuple(own)) for name, own in groups.items()),
        offers=_offer_rows(view),
        starts=_starts(rows),
        most=most,
    )


def _starts(rows: Iterable[NeedRow]) -> tuple[NeedRow, ...]:
    """Open needs with a candidate, the nearest candidate first."""
    found = [row for row in rows if not row.pairs and any(c.strength for c in row.candidates)]
    found.sort(key=lambda row: -max(c.score for c in row.candidates if c.strength))
    return tuple(found[:STARTS_SHOWN])


def _need_rows(view: PlanView, most: int) -> list[NeedRow]:
    others = _others(view)
    reasons = {row.need.id: row.reason for row in view.open}
    pairs = _grouped((pair.need.id, pair) for pair in view.pairs)
    rather = {(row.need.id, row.offer.id) for row in view.exceptions}
    documents = (view.document["needs"], view.document["offers"])
    stated = stated_fields("need", documents[0]) | stated_fields("offer", documents[1])
    return [
        NeedRow(
            need,
            Said(view.need_records[need.id]["description"]),
            _facts(view, need.id),
            tuple(pairs.get(need.id, ())),
            reasons.get(need.id, ""),
            tuple(
                _candidate(view, need.id, other, (stated, (need.id, other["offer"]) in rather))
                for other in others.get(need.id, [])[:most]
            ),
        )
        for need in view.needs.values()
    ]


def _grouped(items: Iterable[tuple[Said, PairRow]]) -> dict[Said, list[PairRow]]:
    groups: dict[Said, list[PairRow]] = {}
    for key, item in items:
        groups.setdefault(key, []).append(item)
    return groups


def _others(view: PlanView) -> Mapping[str, list[OtherOffer]]:
    """The candidates of each need; of an older plan, those that it kept for the open needs."""
    if "candidates" in view.document:
        return {row["need"]: row["offers"] for row in view.document["candidates"]}
    found: dict[str, list[OtherOffer]] = {}
    for row in view.document["unmet"]:
        for near in row["candidates"]:
            other: OtherOffer = {
                "offer": near["offer"],
                "score": near["score"],
                "state": near["why_not"],
                "need_rank": None,
                "offer_rank": None,
                "parts": {},
                "evidence": [],
                "missing_fields": [],
            }
            if "holder" in near:
                other["holder"] = near["holder"]
            found.setdefault(row["need"], []).append(other)
    return found


def _candidate(
    view: PlanView, need: str, other: OtherOffer, known: tuple[frozenset[str], bool]
) -> CandidateRow:
    stated, is_exception = known
    state = other["state"]
    sign, strength_word = _strength(other)
    return CandidateRow(
        offer=view.offers[other["offer"]],
        score=other["score"],
        sign=sign,
        strength=strength_word,
        state=word(STATES, state),
        holder=view.needs.get(other.get("holder", "")),
        bar="decline" if state in _REFUSED else "ban" if state == "forbidden_by_organiser" else "",
        is_exception=is_exception,
        need_rank=other["need_rank"],
        offer_rank=other["offer_rank"],
        grounds=grounds(
            other, view.need_records[need], view.offer_records[other["offer"]], stated
        ),
    )


def _strength(other: OtherOffer) -> tuple[str, Text | None]:
    if other["score"] >= LEAST_FIT:
        return strength(other["score"])
    is_chosen = other["need_rank"] or other["offer_rank"] or other["state"] in _HOLDING
    return (BY_CHOICE[0], Text(BY_CHOICE[1])) if is_chosen else ("", None)


def _facts(view: PlanView, need: str) -> tuple[tuple[Text, object], ...]:
    record = view.need_records[need]
    stated = (
        (N_("Category"), Category(record["category"])),
        (N_("Amount"), amount(record)),
        (N_("Time"), time_words(record["time_window"]) if record["time_window"] else ""),
        (N_("People served"), Said(record["target_group"])),
    )
    return tuple((Text(name), value) for name, value in stated if value)


def _offer_rows(view: PlanView) -> tuple[OfferRow, ...]:
    reasons = {row.offer.id: row.reason for row in view.unused}
    pairs = _grouped((pair.offer.id, pair) for pair in view.pairs)
    return tuple(
        OfferRow(offer, tuple(pairs.get(offer.id, ())), reasons.get(offer.id, ""))
        for offer in view.offers.values()
    )
