"""Finding the sheet of a workbook that holds the list, and which kind of list it is."""

from __future__ import annotations

from dataclasses import dataclass

from lianqiao.errors import InputError
from lianqiao.exchange.cells import compact
from lianqiao.exchange.grids import Book, Sheet, column_letters
from lianqiao.exchange.headers import Header, find_header, heading_column
from lianqiao.exchange.list_kinds import is_strong, lean_of, name_lean
from lianqiao.language import N_, Text

NO_SUCH_SHEET = N_("There is no sheet %(sheet)s. The workbook has: %(sheets)s.")
NO_HEADER = N_(
    "No header is found in the first 30 rows. A list needs a row of headings with at least the "
    "title "
    "of each need or offer (such as 需求名称 or Title)."
)
ON_ITS_SIDE = N_(
    "The headings stand one below the other in column %(column)s. Copy the list, paste it with "
    "Transpose so that each item is a row, and try again."
)
UNKNOWN_KIND = N_(
    "The list doesn't say whether it holds needs or offers. Say which with --as needs or --as "
    "offers."
)
WRONG_KIND = N_(
    "This is a list of %(found)s; a list of %(wanted)s was expected. Swap the files, or name "
    "another sheet."
)
EMPTY_BOOK = N_("The workbook is empty. Export the list again.")
NEEDS, OFFERS = N_("needs"), N_("offers")


@dataclass(frozen=True)
class ChosenSheet:
    """others: names of further sheets that look like lists."""

    sheet: Sheet
    header: Header
    kind: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    sheet: Sheet
    header: Header
    lean: int

    def merit(self, wanted: str | None) -> float:
        rows = sum(1 for row in self.sheet.rows[self.header.last + 1 :][:200] if any(row))
        merit = self.header.score + min(rows, 20) / 4 - (0 if self.sheet.visible else 8)
        if wanted and self.lean:
            merit += 10 if (self.lean > 0) == (wanted == "needs") else -10
        return merit


def choose_sheet(book: Book, *, kind: str | None, sheet: str | None) -> ChosenSheet:
    """The sheet of a book that holds the list of a kind. Raises InputError if there is none."""
    sheets = _named(book, sheet)
    candidates = [
        _Candidate(one, header, lean_of(one, header))
        for one in sheets
        if (header := find_header(one)) is not None and _is_table(one, header)
    ]
    if not candidates:
        raise _nothing(book, sheets, sheet)
    best = max(candidates, key=lambda c: c.merit(kind))
    found = _kind(book, best, kind)
    others = tuple(c.sheet.name for c in candidates if c is not best and _rivals(c, best, found))
    return ChosenSheet(best.sheet, best.header, found, others)


def _is_table(sheet: Sheet, header: Header) -> bool:
    """Text can be anything: only two headings make it a table. Its sheet has no name."""
    return bool(sheet.name) or sum(column.named for column in header.columns) >= 2


def _rivals(one: _Candidate, best: _Candidate, kind: str) -> bool:
    has_rows = any(any(row) for row in one.sheet.rows[one.header.last + 1 :])
    other_kind = one.lean and (one.lean > 0) != (kind == "needs")
    return has_rows and not other_kind and one.header.score >= 0.7 * best.header.score


def _named(book: Book, wanted: str | None) -> tuple[Sheet, ...]:
    if wanted is None:
        return book.sheets
    found = tuple(one for one in book.sheets if one.name == wanted) or tuple(
        one for one in book.sheets if compact(one.name) == compact(wanted)
    )
    if found or (len(book.sheets) == 1 and not book.sheets[0].name):
        return found or book.sheets
    names = ", ".join(one.name for one in book.sheets)
    raise InputError(Text(NO_SUCH_SHEET, {"sheet": wanted, "sheets": names}), file=book.file)


def _nothing(book: Book, sheets: tuple[Sheet, ...], wanted: str | None) -> InputError:
    name = wanted or (sheets[0].name if len(sheets) == 1 else "")
    if not any(value not in (None, "") for one in sheets for row in one.rows for value in row):
        return InputError(Text(EMPTY_BOOK), file=book.file, sheet=name)
    for one in sheets:
        column = heading_column(one)
        if column is not None:
            text = Text(ON_ITS_SIDE, {"column": column_letters(column)})
            return InputError(text, file=book.file, sheet=one.name)
    return InputError(Text(NO_HEADER), file=book.file, sheet=name)


def _kind(book: Book, best: _Candidate, wanted: str | None) -> str:
    place = {"file": book.file, "sheet": best.sheet.name}
    if wanted is None:
        lean = best.lean or name_lean(book.file)
        if not lean:
            raise InputError(Text(UNKNOWN_KIND), **place)
        return "needs" if lean > 0 else "offers"
    found = "needs" if best.lean > 0 else "offers"
    if is_strong(best.lean) and found != wanted:
        said = {"needs": Text(NEEDS), "offers": Text(OFFERS)}
        raise InputError(Text(WRONG_KIND, {"found": said[found], "wanted": said[wanted]}), **place)
    return wanted
