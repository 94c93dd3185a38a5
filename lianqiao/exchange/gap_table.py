"""Where needs are still open: by main category and sub-district, as numbers and as a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Words
from lianqiao.exchange.wording import Category, Said, listed
from lianqiao.language import N_, Text
from lianqiao.matching.document import PlannedNeed

NO_SUB_DISTRICT = N_("sub-district not stated")
NO_CATEGORY = N_("category not stated")
# The biggest gaps that one sentence names; more would be the table again.
MOST_NAMED = 3
# A single open need is no pattern, and a single place no comparison.
LEAST_NAMED = 2
_SPREAD_OVER_CATEGORIES = N_("They are spread over %(n)d categories, at most %(most)d in each.")
_SPREAD_OVER_PLACES = N_("They are spread over %(n)d sub-districts, at most %(most)d in each.")
# "Sub-district" at the end of a Chinese name: above a column of such names it says nothing.
_ENDING = "街道"


@dataclass(frozen=True)
class Gap:
    """Needs of one category in one sub-district: open of all; anchor: where the open ones are."""

    open: int
    all: int
    anchor: str

    @property
    def tint(self) -> int:
        """0 nothing open, then three steps by number."""
        return min(3, self.open) if self.open else 0


@dataclass(frozen=True)
class GapTable:
    """rows: (main category, one Gap a sub-district, their sum); sums: one Gap a sub-district.

    marks: of each open need by its id, the classes of its category and of its sub-district.
    """

    sub_districts: tuple[Said | Text, ...]
    rows: tuple[tuple[Category | Text, tuple[Gap, ...], Gap], ...]
    sums: tuple[Gap, ...]
    whole: Gap
    marks: Mapping[str, tuple[str, str]]

    @property
    def has_categories(self) -> bool:
        """Whether some need has a category."""
        return any(isinstance(name, Category) for name, _cells, _total in self.rows)

    @property
    def has_sub_districts(self) -> bool:
        """Whether some need has a sub-district."""
        return any(isinstance(name, Said) for name in self.sub_districts)

    @property
    def names(self) -> list[tuple[tuple[str, ...], Words]]:
        """The marks that the needs of a number of the table share, and what they are called."""
        columns = [((f"d{at}",), name) for at, name in enumerate(self.sub_districts, 1)]
        rows = [((f"c{at}",), name) for at, (name, _cells, _sum) in enumerate(self.rows, 1)]
        cells = [
            ((*row, *column), Text(N_("%(category)s, %(place)s"), {"category": name, "place": at}))
            for row, name in rows
            for column, at in columns
        ]
        return [*columns, *rows, *cells]

    @property
    def biggest(self) -> tuple[Text, ...]:
        """Where most needs are open, a sentence each for categories and sub-districts."""
        rows = [(name, total) for name, _cells, total in self.rows if isinstance(name, Category)]
        columns = zip(self.sub_districts, self.sums, strict=True)
        places = [(name, total) for name, total in columns if isinstance(name, Said)]
        said = (
            _most(rows, N_("Most are in %(places)s."), _SPREAD_OVER_CATEGORIES),
            _most(places, N_("By sub-district, most are in %(places)s."), _SPREAD_OVER_PLACES),
        )
        return tuple(text for text in said if text)

    @property
    def heads(self) -> tuple[Words, ...]:
        """The sub-districts as heads of narrow columns: without an ending that all share."""
        if all(
            isinstance(n, Said) and n.endswith(_ENDING) and n != _ENDING for n in self.sub_districts
        ):
            return tuple(Said(str(name).removesuffix(_ENDING)) for name in self.sub_districts)
        return self.sub_districts


def gap_table(
    records: Sequence[PlannedNeed], needs: Mapping[str, Entry], open_ids: frozenset[str]
) -> GapTable:
    """Open and all needs by main category and sub-district, sub-districts in the list's order."""
    places = list(dict.fromkeys(record["sub_district"] for record in records))
    codes = sorted({record["category"][:1] for record in records}, key=lambda c: (not c, c))
    marks = {
        record["id"]: (
            f"c{codes.index(record['category'][:1]) + 1}",
            f"d{places.index(record['sub_district']) + 1}",
        )
        for record in records
    }
    found: defaultdict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for need, (row, column) in marks.items():
        for shared in ((row, column), (row,), (column,), ()):
            found[shared].append(needs[need])

    def gap(*shared: str) -> Gap:
        return _gap(found.get(shared, []), open_ids, "-".join(("open", *shared)))

    rows, columns = range(1, len(codes) + 1), range(1, len(places) + 1)
    return GapTable(
        tuple(Said(place) if place else Text(NO_SUB_DISTRICT) for place in places),
        tuple(
            (
                Category(codes[at - 1]) if codes[at - 1] else Text(NO_CATEGORY),
                tuple(gap(f"c{at}", f"d{column}") for column in columns),
                gap(f"c{at}"),
            )
            for at in rows
        ),
        tuple(gap(f"d{column}") for column in columns),
        gap(),
        {need: marks[need] for need in marks if need in open_ids},
    )


def _gap(needs: list[Entry], open_ids: frozenset[str], anchor: str) -> Gap:
    open_needs = [need for need in needs if need.id in open_ids]
    if len(open_needs) == 1:
        anchor = open_needs[0].anchor
    return Gap(len(open_needs), len(needs), anchor if open_needs else "")


def _most(named: Sequence[tuple[Words, Gap]], standing_out: str, spread: str) -> Text | None:
    """Those with most open needs, each with its numbers; or that none stands out."""
    found = sorted((each for each in named if each[1].open), key=lambda each: -each[1].open)
    if len(named) < LEAST_NAMED or not found or found[0][1].open < LEAST_NAMED:
        return None
    if len(found) <= MOST_NAMED:
        most = [each for each in found if each[1].open >= LEAST_NAMED]
    else:
        # Where several are alike at the border, naming some of them would be arbitrary.
        most = [each for each in found if each[1].open > found[MOST_NAMED][1].open]
    if not most:
        return Text(spread, {"n": len(found), "most": found[0][1].open})
    return Text(standing_out, {"places": listed(_counted(*each) for each in most)})


def _counted(name: Words, gap: Gap) -> Text:
    text = N_("%(name)s (%(open)d of %(all)d)")
    return Text(text, {"name": name, "open": gap.open, "all": gap.all})
