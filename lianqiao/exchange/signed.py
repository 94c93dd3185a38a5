"""Reading a list of signed pairs as an office keeps it: any layout, names instead of ids.

Every row that names a pair gets a verdict; what is not clear is reported with what comes nearest,
never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.cells import cell_text, compact
from lianqiao.exchange.grids import MAX_ROWS, Book, Sheet
from lianqiao.exchange.limits import too_many_rows
from lianqiao.exchange.name_matching import SAME, Near
from lianqiao.exchange.signed_cells import Known
from lianqiao.exchange.signed_columns import SignedTable, tables_of
from lianqiao.exchange.signed_headings import NEED, OFFER
from lianqiao.exchange.signed_rows import SheetPairs, WrittenPair, written_pairs
from lianqiao.exchange.signed_sides import NEAREST, OUTSIDE, SETTLED, Side, Sides
from lianqiao.exchange.workbooks import open_book
from lianqiao.language import N_, Text
from lianqiao.matching.document import NOT_TAKEN, TAKEN, ComparisonNear, ComparisonRow

Fit = Callable[[str, str], float]
Signs = Sequence[frozenset[tuple[str, str]]]

# Among several pairs the one that fits best is assumed if it is so far ahead of the next.
_FITS_AHEAD = 0.1
_WRITTEN_MOST = 200
_HEADER_WITHIN = 30
_OF_CHOICES = {"by", "chooser", "decision", "立场", "选择方", "选择主体", "决定", "意向顺序"}
# What a circular says of every pair, and how many filled cells its title and notes never have.
_PROPOSED = frozenset({"待双方确认", "both sides to confirm"})
_HEAD_CELLS = 3

ONLY_PROPOSED = N_(
    "These pairs are proposed, not signed: this is the circular as it was sent. Keep the rows that "
    "were signed, empty their remarks, and delete the other sheets."
)
SAME_FILE = N_(
    "This is the list of %(list)s itself. Name the list of signed pairs: one that has a community "
    "and an institution in each row."
)
ONE_SIDE = N_(
    "This looks like a list of %(list)s: no column names the other side. A list of signed pairs "
    "has a community (or need) and an institution (or offer) in each row."
)
NOTHING_KNOWN = N_(
    "No signed pair is recognised: no sheet names communities and institutions of the two lists. "
    "Check that it is the list of what was signed, of the same round."
)
CHOICES = N_(
    "This is a list of choices: give it with --choices. A list of signed pairs says who signed."
)
NO_PAIR = N_(
    "No signed pair is recognised. The first row that was tried is row %(row)s (%(written)s). "
    "Write the names as they are in the lists."
)
NEEDS, OFFERS = N_("needs"), N_("offers")


@dataclass(frozen=True)
class SignedPair:
    """A written pair and what each of its sides means."""

    written: WrittenPair
    need: Side
    offer: Side

    @property
    def is_settled(self) -> bool:
        """Whether a pair was signed, and both sides are known but for which of a few items."""
        is_one = self.written.is_signed and not self.written.is_unclear
        return is_one and self.need.state == SETTLED and self.offer.state == SETTLED


@dataclass(frozen=True)
class SignedList:
    """passed_over: rows without a pair, by what they are: "blank", "subtotal", "note", "header",
    "elsewhere" (of a table on the same sheet that names no pairs).
    """

    file: str
    sha256: str
    pairs: tuple[SignedPair, ...]
    passed_over: dict[str, int]


def read_signed(
    path: Path,
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    *,
    lists: dict[str, str] | None = None,
) -> SignedList:
    """The signed pairs of a file, all sheets that have some.

    lists: sha256 of the list of "needs" and of "offers", to tell a mix-up of files. Raises
    InputError if the file can't be read or no pair of it is recognised. Time is linear in the rows
    times the length of the lists, each distinct text once.
    """
    book = open_book(path)
    _refuse_lists(book, lists or {})
    known = Known(needs, offers)
    tables = [table for sheet in book.sheets for table in tables_of(sheet, known)]
    whole = [table for table in tables if table.has_side(NEED) and table.has_side(OFFER)]
    if not whole:
        raise _no_table(book, tables)
    found = [_pairs_of(book, table, known) for table in whole]
    sides = {side: Sides(side, known) for side in (NEED, OFFER)}
    pairs = tuple(
        SignedPair(pair, sides[NEED].told(pair.texts), sides[OFFER].told(pair.texts))
        for sheet in found
        for pair in sheet.pairs
    )
    if not any(pair.is_settled for pair in pairs):
        raise _no_pair(book, pairs)
    return SignedList(book.file, book.sha256, pairs, _passed_over(tables, whole, found))


def _passed_over(
    tables: Sequence[SignedTable], whole: Sequence[SignedTable], found: Sequence[SheetPairs]
) -> dict[str, int]:
    passed_over: Counter[str] = Counter()
    for pairs in found:
        passed_over.update(pairs.passed_over)
    names = {table.name for table in whole}
    rest = [table for table in tables if table.name in names and table not in whole]
    elsewhere = sum(any(row) for table in rest for row in table.grid[table.first :])
    return {**passed_over, "elsewhere": elsewhere} if elsewhere else dict(passed_over)


def _pairs_of(book: Book, table: SignedTable, known: Known) -> SheetPairs:
    rows = table.above + len(table.grid)
    if rows - table.first > MAX_ROWS:
        raise too_many_rows(book.file, table.name, rows - 1)
    return written_pairs(table, known)


def _refuse_lists(book: Book, lists: dict[str, str]) -> None:
    names = {"needs": NEEDS, "offers": OFFERS}
    for name, sha256 in lists.items():
        if sha256 == book.sha256:
            raise InputError(Text(SAME_FILE, {"list": Text(names[name])}), file=book.file)
    for sheet in book.sheets:
        if _is_only_proposed(sheet):
            raise InputError(Text(ONLY_PROPOSED), file=book.file, sheet=sheet.name)
        for row in sheet.rows[:_HEADER_WITHIN]:
            if len(_OF_CHOICES & {compact(str(text)) for text in row}) > 1:
                raise InputError(Text(CHOICES), file=book.file, sheet=sheet.name)


def _is_only_proposed(sheet: Sheet) -> bool:
    """Whether this is a circular as it was sent: every pair is still to be confirmed."""
    filled = [[cell_text(value) for value in row] for row in sheet.rows]
    rows = [row for row in filled if sum(map(bool, row)) > _HEAD_CELLS]
    proposed = sum(not _PROPOSED.isdisjoint(row) for row in rows)
    return bool(proposed) and proposed >= len(rows) - 1


def _no_table(book: Book, tables: Sequence[SignedTable]) -> InputError:
    for side, name in ((NEED, NEEDS), (OFFER, OFFERS)):
        found = next((table for table in tables if table.has_side(side)), None)
        if found:
            text = Text(ONE_SIDE, {"list": Text(name)})
            return InputError(text, file=book.file, sheet=found.name)
    return InputError(Text(NOTHING_KNOWN), file=book.file)


def _no_pair(book: Book, pairs: Sequence[SignedPair]) -> InputError:
    if not pairs:
        return InputError(Text(NOTHING_KNOWN), file=book.file)
    first = pairs[0].written
    said = " · ".join(first.texts.values())
    values = {"row": first.row, "written": said[:_WRITTEN_MOST]}
    return InputError(Text(NO_PAIR, values), file=book.file, sheet=first.sheet)


def settled_rows(signed: SignedList, fit: Fit, signs: Signs = ()) -> list[ComparisonRow]:
    """Each written pair with its verdict.

    fit: how well a need and an offer fit, [0, 1]; it decides where a row names only organisations
    that have several needs or offers, never what a name means. signs: where several fit about as
    well, pairs (need, offer) that something else speaks for, the strongest sign first.
    """
    rows: list[ComparisonRow] = []
    seen: dict[tuple[str, str], int] = {}
    for pair in signed.pairs:
        row = _row(pair, fit, signs)
        if row["verdict"] in TAKEN:
            first = seen.setdefault((row["need"], row["offer"]), len(rows))
            if first != len(rows):
                row = _repeated(row, first, rows[first])
        rows.append(row)
    return rows


def _row(pair: SignedPair, fit: Fit, signs: Signs) -> ComparisonRow:
    written = pair.written
    row: ComparisonRow = {
        "row": written.row,
        "sheet": written.sheet,
        "written": {role: text[:_WRITTEN_MOST] for role, text in written.texts.items()},
        "verdict": "",
        "need": "",
        "offer": "",
        "unclear": [],
        "certainty": 0.0,
        "alternatives": [],
    }
    if not written.is_signed:
        return {**row, "verdict": "not_signed"}
    if written.is_unclear:
        return {**row, "verdict": "ambiguous", "unclear": [NEED, OFFER]}
    if not pair.is_settled:
        return _untaken(row, pair)
    return _taken(row, pair, _Choice.of(pair, fit, signs))


def _untaken(row: ComparisonRow, pair: SignedPair) -> ComparisonRow:
    """The side that is worst told gives the verdict; what comes near is named for each."""
    sides = {NEED: pair.need, OFFER: pair.offer}
    unclear = [name for name, side in sides.items() if side.state != SETTLED]
    worst = max((sides[name].state for name in unclear), key=NOT_TAKEN.index)
    return {
        **row,
        "verdict": worst,
        "unclear": unclear,
        **_told(pair),
        "alternatives": [
            _near(name, near)
            for name in unclear
            if sides[name].state != OUTSIDE
            for near in sides[name].nearest[:NEAREST]
        ],
    }


class _Told(TypedDict):
    need_told: NotRequired[str]


def _told(pair: SignedPair) -> _Told:
    """The need, where it is clear and only the offer is not."""
    side = pair.need
    is_one = side.state == SETTLED and len(side.items) == 1
    return {"need_told": side.items[0]} if is_one else {}


def _near(side: str, near: Near) -> ComparisonNear:
    likeness = near.likeness
    if side == NEED:
        return {"need": near.key, "likeness": likeness}
    return {"offer": near.key, "likeness": likeness}


@dataclass(frozen=True)
class _Choice:
    """What a row may mean, best fit first: (fit, need, offer). chosen: None if no pair is clear."""

    pairs: tuple[tuple[float, str, str], ...]
    chosen: tuple[str, str] | None

    @classmethod
    def of(cls, pair: SignedPair, fit: Fit, signs: Signs) -> _Choice:
        """The pair that fits clearly best, or the only one near it that a sign speaks for."""
        pairs = [(fit(n, o), n, o) for n in pair.need.items for o in pair.offer.items]
        pairs.sort(key=lambda each: -each[0])
        near = [(n, o) for score, n, o in pairs if pairs[0][0] - score < _FITS_AHEAD]
        shown = [near, *([each for each in near if each in sign] for sign in signs)]
        chosen = next((found[0] for found in shown if len(found) == 1), None)
        return cls(tuple(pairs), chosen)

    @property
    def share(self) -> float:
        """How surely the chosen pair was meant rather than the next, [0, 1]; 1 if it is alone."""
        mine = max((score for score, n, o in self.pairs if (n, o) == self.chosen), default=0.0)
        others = [score for score, n, o in self.pairs if (n, o) != self.chosen]
        if not others:
            return SAME
        return (mine + _FITS_AHEAD) / (mine + max(others) + 2 * _FITS_AHEAD)


def _taken(row: ComparisonRow, pair: SignedPair, choice: _Choice) -> ComparisonRow:
    others: list[ComparisonNear] = [
        {"need": n, "offer": o, "likeness": round(score, 3)}
        for score, n, o in choice.pairs
        if (n, o) != choice.chosen
    ]
    if choice.chosen is None:
        sides = {NEED: pair.need, OFFER: pair.offer}
        unclear = [name for name, side in sides.items() if len(side.items) > 1]
        return {
            **row,
            "verdict": "ambiguous",
            "unclear": unclear,
            "alternatives": others[:NEAREST],
            **_told(pair),
        }
    certainty = min(pair.need.likeness, pair.offer.likeness) * choice.share
    is_assumed = len(choice.pairs) > 1 or pair.need.is_assumed or pair.offer.is_assumed
    verdict = "assumed" if is_assumed or _is_guessed(pair) else "mended"
    if verdict == "mended" and certainty >= SAME:
        verdict = "exact"
    need, offer = choice.chosen
    taken: ComparisonRow = {
        **row,
        "verdict": verdict,
        "need": need,
        "offer": offer,
        "certainty": round(certainty, 2),
        "alternatives": others[: NEAREST - 1],
    }
    return taken


def _is_guessed(pair: SignedPair) -> bool:
    """Whether a name was filled in from above and no title or id beside it says the same."""
    told = {"community": ("need", "need_id"), "institution": ("offer", "offer_id")}
    return any(
        not any(role in pair.written.texts for role in told[name])
        for name in pair.written.guessed
        if name in told
    )


def _repeated(row: ComparisonRow, first: int, earlier: ComparisonRow) -> ComparisonRow:
    """The same pair again; if it was only assumed and another project is named, it isn't clear."""
    same = all(row["written"].get(k, "") == v for k, v in earlier["written"].items())
    if row["verdict"] == "assumed" and not same:
        near: ComparisonNear = {
            "need": row["need"],
            "offer": row["offer"],
            "likeness": row["certainty"],
        }
        unclear: ComparisonRow = {
            **row,
            "verdict": "ambiguous",
            "need": "",
            "offer": "",
            "unclear": [NEED, OFFER],
            "certainty": 0.0,
            "alternatives": [near, *row["alternatives"]][:NEAREST],
        }
        return unclear
    return {**row, "verdict": "duplicate", "of": first}
