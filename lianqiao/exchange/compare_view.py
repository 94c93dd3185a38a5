"""A plan beside what was signed, as the report and the workbook show it: rows with their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Words
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import WHY_NOT, Said, listed, word
from lianqiao.language import N_, Text
from lianqiao.matching.comparison import mean_fit
from lianqiao.matching.document import (
    SERVED,
    TAKEN,
    ComparedPair,
    Comparison,
    ComparisonFigures,
    ComparisonNear,
    ComparisonRow,
)

# What a row was taken for, in few words.
VERDICTS = {
    "exact": N_("as written"),
    "mended": N_("taken for another spelling"),
    "assumed": N_("assumed: the best fit among several"),
    "duplicate": N_("the same pair again"),
    "ambiguous": N_("not taken: several could be meant"),
    "unrecognised": N_("not taken: not recognised"),
    "outside": N_("not taken: not on the lists"),
    "not_signed": N_("not taken: marked as not signed"),
}
# Why the plan has not a signed pair; without a code nothing in the lists stood in the way.
NOT_PLANNED = {
    **WHY_NOT,
    SERVED: N_("the need has a partner that it likes at least as well"),
    "offers_full": N_("the offer's places are taken"),
    "no_fitting_offer": N_("the texts alone do not tell that they fit"),
    "held_for_community": N_("the place is held for another community"),
}
# A list longer than this is folded on a phone; of one longer than MOST_SHOWN the workbook has the
# rest, else the report of a long signed list would open in no browser.
FOLDED_FROM, MOST_SHOWN = 6, 500
# A pair that stands in more rows than this is led to by the first of them.
MOST_LED_TO = 3
KINDS = {
    "different": N_("Another partner in the plan"),
    "lost": N_("Signed, no partner in the plan"),
    "newly_served": N_("Only the plan has a partner"),
}


@dataclass(frozen=True)
class BesideRow:
    """A need with what was signed for it and what the plan gives it. why: why the plan has not
    what was signed, "" if there is nothing signed; written: positions among the rows read.
    """

    need: Entry
    signed: Entry | None
    planned: tuple[Entry, ...]
    why: Words
    written: tuple[int, ...]
    is_new_community: bool


@dataclass(frozen=True)
class ReadRow:
    """A written pair and what it was taken for. anchor: where the report shows it.

    written: what the row says, piece by piece; certainty: [0, 1], None where nothing was taken.
    """

    anchor: str
    row: int
    sheet: Said
    written: tuple[Said, ...]
    verdict: Words
    is_taken: bool
    need: Entry | None
    offer: Entry | None
    certainty: float | None
    nearest: tuple[Words, ...]


@dataclass(frozen=True)
class FigureRow:
    name: Text
    signed: int | str
    planned: int | str


class CompareView:
    """The rows of a comparison, in the order of the lists."""

    folded_from, most_shown = FOLDED_FROM, MOST_SHOWN

    def __init__(self, comparison: Comparison, view: PlanView) -> None:
        self.comparison, self._view = comparison, view

    @property
    def summary(self) -> tuple[Text, ...]:
        """What came of it, then what to bear in mind: a paragraph each."""
        paragraphs: dict[str, Text] = {}
        for said in self.comparison["summary"]:
            text, about = Text(said["text"], said["values"]), said["about"]
            if about in paragraphs:
                both = {"some": paragraphs[about], "next": text}
                text = Text(N_("%(some)s %(next)s"), both)
            paragraphs[about] = text
        return tuple(paragraphs.values())

    @cached_property
    def figures(self) -> tuple[FigureRow, ...]:
        """What both sides come to."""
        signed, plan = (self.comparison["figures"][side] for side in ("signed", "plan"))
        names = {
            "needs_served": N_("Needs with a partner"),
            "communities_served": N_("Communities with a partner"),
            "units": N_("Pairs"),
            "would_swap": N_("Pairs that would rather swap partners"),
        }
        counts: list[FigureRow] = [
            FigureRow(Text(name), _count(signed, key), _count(plan, key))
            for key, name in names.items()
        ]
        return (*counts, FigureRow(Text(N_("Mean fit by the texts")), _mean(signed), _mean(plan)))

    @cached_property
    def kinds(self) -> tuple[tuple[str, Text, tuple[BesideRow, ...]], ...]:
        """What differs, by kind: its code, its name, its rows; empty kinds are left out."""
        rows = {
            "different": tuple(self._beside(pair) for pair in self.comparison["different"]),
            "lost": tuple(self._beside(pair) for pair in self.comparison["lost"]),
            "newly_served": self.newly,
        }
        return tuple((kind, Text(KINDS[kind]), found) for kind, found in rows.items() if found)

    @property
    def differing(self) -> tuple[tuple[str, Text, tuple[BesideRow, ...]], ...]:
        """The kinds of which something is signed."""
        return tuple(kind for kind in self.kinds if kind[0] != "newly_served")

    @cached_property
    def newly(self) -> tuple[BesideRow, ...]:
        """Needs of which nothing is signed, but that have a partner in the plan."""
        return tuple(self._newly())

    @cached_property
    def agreed(self) -> tuple[BesideRow, ...]:
        """Pairs that were signed and are in the plan."""
        return tuple(self._beside(pair) for pair in self.comparison["agreed"])

    def _beside(self, pair: ComparedPair) -> BesideRow:
        offers = self._view.offers
        return BesideRow(
            need=self._view.needs[pair["need"]],
            signed=offers[pair["offer"]],
            planned=tuple(offers[each] for each in pair["planned"]),
            why=self._why(pair),
            written=tuple(pair["written"]),
            is_new_community=False,
        )

    def _why(self, pair: ComparedPair) -> Words:
        if not pair["reason"]:
            return ""
        why = word(NOT_PLANNED, pair["reason"])
        holders = [self._view.needs[each] for each in pair["holders"]]
        if pair["reason"] not in ("offers_full", "held_for_community") or not holders:
            return why
        names = listed(each.organisation or each.title for each in holders)
        return Text(N_("%(why)s, given to %(holder)s"), {"why": why, "holder": names})

    def _newly(self) -> Iterator[BesideRow]:
        for newly in self.comparison["newly_served"]:
            yield BesideRow(
                need=self._view.needs[newly["need"]],
                signed=None,
                planned=tuple(self._view.offers[each] for each in newly["offers"]),
                why="",
                written=(),
                is_new_community=newly["new_community"],
            )

    @cached_property
    def read(self) -> tuple[ReadRow, ...]:
        """Every written pair, in the order of the signed list."""
        return tuple(self._read(at, row) for at, row in enumerate(self.comparison["rows"]))

    @cached_property
    def not_exact(self) -> tuple[ReadRow, ...]:
        """The written pairs that need a look, those that were not taken first."""
        verdicts = [row["verdict"] for row in self.comparison["rows"]]
        rows = [row for row, v in zip(self.read, verdicts, strict=True) if v != "exact"]
        return tuple(sorted(rows, key=lambda row: row.is_taken))

    @cached_property
    def exact(self) -> int:
        """How many written pairs were taken as written."""
        return len(self.read) - len(self.not_exact)

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(row.anchor for row in self.not_exact[:MOST_SHOWN])

    def led_to(self, row: BesideRow) -> tuple[tuple[int, str], ...]:
        """Where a signed pair stands: rows of the signed list as seen, and the anchor of each in
        the report, "" for one that it does not list.
        """
        rows = [self.read[at] for at in row.written[:MOST_LED_TO]]
        return tuple((one.row, one.anchor if one.anchor in self._shown else "") for one in rows)

    def _read(self, at: int, row: ComparisonRow) -> ReadRow:
        is_taken = row["verdict"] in (*TAKEN, "duplicate")
        return ReadRow(
            anchor=f"signed-{at}",
            row=row["row"],
            sheet=Said(row["sheet"]),
            written=tuple(Said(text) for text in row["written"].values()),
            verdict=word(VERDICTS, row["verdict"]),
            is_taken=is_taken,
            need=self._view.needs.get(row["need"]),
            offer=self._view.offers.get(row["offer"]),
            certainty=row["certainty"] if is_taken else None,
            nearest=tuple(self._near(near, row) for near in row["alternatives"]),
        )

    def _near(self, near: ComparisonNear, row: ComparisonRow) -> Words:
        """A name that could be meant; with its title where the row has one for that side."""
        sides = (
            ("need", self._view.needs.get(near.get("need", ""))),
            ("offer", self._view.offers.get(near.get("offer", ""))),
        )
        found = [_called(each, _has_title(row, side, near)) for side, each in sides if each]
        return _beside_each_other(found)


def _has_title(row: ComparisonRow, side: str, near: ComparisonNear) -> bool:
    """Whether titles are what is unclear: the row has one, or both organisations are known."""
    return side in row["written"] or "project" in row["written"] or {"need", "offer"} <= set(near)


def _called(entry: Entry, with_title: bool) -> Words:
    if not with_title or not entry.organisation:
        return entry.organisation or entry.title
    text = N_("%(title)s (%(organisation)s)")
    return Text(text, {"title": entry.title, "organisation": entry.organisation})


def _beside_each_other(found: Sequence[Words]) -> Words:
    if len(found) == 1:
        return found[0]
    return Text(N_("%(need)s ↔ %(offer)s"), {"need": found[0], "offer": found[1]})


def _count(figures: Any, key: str) -> int:
    count: int = figures[key]
    return count


def _mean(figures: ComparisonFigures) -> str:
    return f"{mean_fit(figures):.2f}" if figures["units"] else "–"


def compare_view(view: PlanView) -> CompareView | None:
    """The comparison of a plan, None if nothing signed was set beside it."""
    comparison = view.document.get("comparison")
    return CompareView(comparison, view) if comparison else None
