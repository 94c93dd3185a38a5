"""The bridge picture as a table, and what is said of a need or an offer when it is selected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lianqiao.exchange.bridge_candidates import BridgeCandidates
from lianqiao.exchange.bridge_layout import number
from lianqiao.exchange.candidate_rows import CandidateRow
from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Words, amount
from lianqiao.exchange.gap_table import NO_SUB_DISTRICT
from lianqiao.exchange.plan_view import PairRow, PlanView
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import Category, Said
from lianqiao.language import N_, Text

STARTS_SHOWN = 5
# More needs than these: what the tables of pairs and open needs say is not said twice.
NEEDS_TOLD = 500


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
        """Its place on the list, as the page refers to it."""
        return number(self.need)


@dataclass(frozen=True)
class OfferRow:
    """An offer with its bridges. reason: why it has none, "" if it has."""

    offer: Entry
    pairs: tuple[PairRow, ...]
    reason: Words

    @property
    def number(self) -> str:
        """Its place on the list, as the page refers to it."""
        return number(self.offer)


@dataclass(frozen=True)
class BridgeTable:
    """needs: in groups by sub-district. starts: open needs that are worth a look first.

    is_short: some candidates that the plan tells of are not written out. is_brief: reasons of pairs
    are left to the table of pairs.
    """

    needs: tuple[tuple[Said | Text, tuple[NeedRow, ...]], ...]
    offers: tuple[OfferRow, ...]
    starts: tuple[NeedRow, ...]
    is_short: bool
    is_brief: bool


def bridge_table(view: PlanView) -> BridgeTable:
    """The rows of the table, needs and offers in the order of their lists."""
    candidates = BridgeCandidates(view)
    rows = _need_rows(view, candidates)
    groups: dict[Said, list[NeedRow]] = {}
    for row in rows:
        groups.setdefault(row.need.sub_district, []).append(row)
    return BridgeTable(
        needs=tuple((name or Text(NO_SUB_DISTRICT), tuple(own)) for name, own in groups.items()),
        offers=_offer_rows(view),
        starts=_starts(rows),
        is_short=candidates.is_short,
        is_brief=len(rows) > NEEDS_TOLD,
    )


def _starts(rows: Iterable[NeedRow]) -> tuple[NeedRow, ...]:
    """Open needs with a candidate, the nearest candidate first."""
    found = [row for row in rows if not row.pairs and any(c.strength for c in row.candidates)]
    found.sort(key=lambda row: -max(c.score for c in row.candidates if c.strength))
    return tuple(found[:STARTS_SHOWN])


def _need_rows(view: PlanView, candidates: BridgeCandidates) -> list[NeedRow]:
    reasons = {row.need.id: row.reason for row in view.open}
    pairs = _grouped(view.pairs, lambda pair: pair.need.id)
    return [
        NeedRow(
            need,
            Said(view.need_records[need.id]["description"]),
            _facts(view, need.id),
            tuple(pairs.get(need.id, ())),
            reasons.get(need.id, ""),
            candidates.of(need.id),
        )
        for need in view.needs.values()
    ]


def _grouped(pairs: Iterable[PairRow], key: Callable[[PairRow], Said]) -> dict[Said, list[PairRow]]:
    groups: dict[Said, list[PairRow]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    return groups


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
    pairs = _grouped(view.pairs, lambda pair: pair.offer.id)
    return tuple(
        OfferRow(offer, tuple(pairs.get(offer.id, ())), reasons.get(offer.id, ""))
        for offer in view.offers.values()
    )
