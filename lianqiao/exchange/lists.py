"""Reading a list of needs or offers as a clerk sends it; every row is accounted for.

What the codes of issues mean stands in `lianqiao.exchange.findings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianqiao.catalogue.records import CLEAN_COLUMNS, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.bodies import body_end, read_body
from lianqiao.exchange.choosing import ChosenSheet, choose_sheet
from lianqiao.exchange.columns import Columns, settle_columns
from lianqiao.exchange.findings import SAYS, Issue, SourceRow, issue
from lianqiao.exchange.grids import MAX_ROWS, Cell, cell_name
from lianqiao.exchange.interpretation import TIME_FIELDS, Context
from lianqiao.exchange.limits import too_many_rows
from lianqiao.exchange.listing import Listing
from lianqiao.exchange.understood import headings_understood, owners_missing
from lianqiao.exchange.workbooks import open_book
from lianqiao.exchange.years import titles_with_dates, year_of
from lianqiao.language import N_, Text

__all__ = ["Issue", "ReadList", "SourceRow", "read_list"]

EMPTY_LIST = N_("The list has a header but no rows below it. Fill in the list and try again.")
FILLED_DOWN = N_("Empty cells of the column %(heading)s below a name were read as that name.")
HIDDEN_COLUMN = N_("The column %(heading)s is hidden in the file; it is read like the others.")
HIDDEN_ROWS = N_("%(count)s rows are hidden in the file; they are read like the others.")
OTHER_LISTS = N_(
    "Only the sheet %(sheet)s is read; these look like lists too: %(others)s. Name one with "
    "--sheet."
)


@dataclass(frozen=True, kw_only=True)
class ReadList:
    """A list once read. kind: "needs" or "offers"; header_rows: 1-based; notices: remarks about the
    whole list; records: the rows with status "record", in order; sha256: of the file's bytes.
    """

    kind: str
    file: str
    sheet: str
    header_rows: tuple[int, ...]
    rows: tuple[SourceRow, ...]
    notices: tuple[Text, ...]
    records: tuple[NeedRecord, ...] | tuple[OfferRecord, ...]
    sha256: str


def read_list(path: Path, *, kind: str | None = None, sheet: str | None = None) -> ReadList:
    """Read a list of needs or offers from .xlsx, .xls, .ods or text with delimiters.

    kind: "needs", "offers" or None to find out; sheet: a sheet's name or None to find it. Raises
    InputError for whatever isn't a list of that kind, passes a limit or can't be opened. Time is
    linear in the cells.
    """
    book = open_book(path)
    chosen = choose_sheet(book, kind=kind, sheet=sheet)
    body_rows = _body_rows(book.file, chosen)
    columns = _settled(chosen, body_rows)
    body = read_body(chosen.sheet, *body_rows, columns)
    context = Context(
        book.file, chosen.sheet, columns, _year(book.file, chosen, columns, body_rows)
    )
    rows = Listing(context, chosen.header, chosen.kind, body).rows()
    rows = _with_column_issues(rows, context, chosen)
    return ReadList(
        kind=chosen.kind,
        file=book.file,
        sheet=chosen.sheet.name,
        header_rows=tuple(range(chosen.header.first + 1, chosen.header.last + 2)),
        rows=rows,
        notices=tuple(_notices(chosen, context, body.filled_columns, rows)),
        records=_records(chosen.kind, rows, columns),
        sha256=book.sha256,
    )


def _body_rows(file: str, chosen: ChosenSheet) -> tuple[int, int]:
    first = chosen.header.last + 1
    end = body_end(chosen.sheet, first)
    if end - first > MAX_ROWS:
        raise too_many_rows(file, chosen.sheet.name, end - 1)
    if end == first:
        cell = cell_name(first, 0)
        raise InputError(Text(EMPTY_LIST), file=file, sheet=chosen.sheet.name, cell=cell)
    return first, end


def _settled(chosen: ChosenSheet, body_rows: tuple[int, int]) -> Columns:
    first, end = body_rows
    sheet = chosen.sheet
    computed = (at + 1 for row, at in (*sheet.formulas, *sheet.errors) if first <= row < end)
    widths = (_width(sheet.rows[row]) for row in range(first, end))
    width = max(len(_named(chosen)), *widths, *computed)
    return settle_columns(chosen.sheet, chosen.header, chosen.kind, width)


def _named(chosen: ChosenSheet) -> Sequence[object]:
    return [None] * (
        1 + max(c.index for c in chosen.header.columns if c.sure or c.field or c.heading)
    )


def _width(cells: Sequence[Cell]) -> int:
    width = len(cells)
    while width and cells[width - 1] in (None, ""):
        width -= 1
    return width


def _year(
    file: str, chosen: ChosenSheet, columns: Columns, body_rows: tuple[int, int]
) -> int | None:
    sheet = chosen.sheet
    rows = sheet.rows[body_rows[0] : body_rows[1]]
    at = [
        columns.fields[n].index
        for n in ("time_window", "time_start", "time_end")
        if n in columns.fields
    ]
    times = (row[index] for row in rows for index in at if index < len(row))
    refused = {column.index for column in columns.refused}
    last = [
        str(value)
        for row in rows[-3:]
        for index, value in enumerate(row)
        if isinstance(value, str) and index not in refused
    ]
    return year_of(
        titles_with_dates(sheet.rows[: chosen.header.first]), sheet.name, times, last, file
    )


def _with_column_issues(
    rows: tuple[SourceRow, ...], context: Context, chosen: ChosenSheet
) -> tuple[SourceRow, ...]:
    """Issues of whole columns stand with the first row, at the cell of the heading."""
    found: list[Issue] = []
    for column in context.columns.all:
        cell = cell_name(chosen.header.last, column.index)
        said = {"cell": cell, "column": column.heading, "heading": column.heading}
        if column in context.columns.refused:
            found.append(issue("refused_column", **said))
        elif column.index in context.sheet.hidden_columns:
            found.append(issue("hidden_column", **said))
    if not found:
        return rows
    first = rows[0]
    changed = SourceRow(
        row=first.row,
        sheet=first.sheet,
        status=first.status,
        of=first.of,
        record=first.record,
        issues=(*found, *first.issues),
    )
    return (changed, *rows[1:])


def _notices(
    chosen: ChosenSheet, context: Context, filled: Sequence[int], rows: Sequence[SourceRow]
) -> Iterable[Text]:
    columns, sheet = context.columns, context.sheet
    yield headings_understood(chosen.kind, columns)
    for column in columns.all:
        if column in columns.refused:
            yield Text(SAYS["refused_column"], {"heading": column.heading})
        elif column.index in sheet.hidden_columns:
            yield Text(HIDDEN_COLUMN, {"heading": column.heading})
    for index in filled:
        yield Text(FILLED_DOWN, {"heading": columns.heading(index)})
    if hidden := sum(1 for row in rows if row.row - 1 in sheet.hidden_rows):
        yield Text(HIDDEN_ROWS, {"count": hidden})
    yield from owners_missing(columns, rows)
    if chosen.others:
        yield Text(OTHER_LISTS, {"sheet": sheet.name, "others": ", ".join(chosen.others)})


def _records(
    kind: str, rows: Sequence[SourceRow], columns: Columns
) -> tuple[NeedRecord, ...] | tuple[OfferRecord, ...]:
    items = [row for row in rows if row.status == "record"]
    times = [columns.fields[name].heading for name in TIME_FIELDS if name in columns.fields]
    if kind == "needs":
        return tuple(NeedRecord(**_arguments(row, "partners_wanted", times)) for row in items)
    return tuple(OfferRecord(**_arguments(row, "capacity", times)) for row in items)


def _arguments(row: SourceRow, count: str, times: Sequence[str]) -> dict[str, Any]:
    record = row.record or {}
    extra = record.get("extra", {})
    assert isinstance(extra, dict)
    said = " ".join(extra[heading] for heading in times if heading in extra)
    names = (*CLEAN_COLUMNS, "extra", count)
    arguments = {name: record[name] for name in names if name in record}
    return {**arguments, "row": row.row, "sheet": row.sheet, "time_said": said}
