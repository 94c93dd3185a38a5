"""Old .xls workbooks, through xlrd: it alone gives hidden rows and columns of this format."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from datetime import datetime

import xlrd

from lianqiao.errors import InputError
from lianqiao.exchange.archives import DAMAGED, PASSWORD
from lianqiao.exchange.grids import Cell, Merge, Sheet
from lianqiao.exchange.limits import check_extent, check_room
from lianqiao.language import N_, Text

NOT_A_WORKBOOK = N_("The file is not a workbook. Give an .xlsx, .xls, .ods or .csv file.")

# xlrd trusts what it reads: damaged files surface as any of these.
_DAMAGE = (
    xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, IndexError, KeyError, ValueError,
    AssertionError, TypeError, AttributeError, OverflowError, NotImplementedError, MemoryError,
    RecursionError, ZeroDivisionError, UnboundLocalError,
)  # fmt: skip


def read_sheets(content: bytes, file: str) -> tuple[Sheet, ...]:
    """The worksheets of an .xls file. Raises InputError for damage, passwords and limits."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return tuple(_sheet(book, sheet, file) for sheet in book.sheets())
    except _DAMAGE as error:
        raise InputError(Text(_what(error)), file=file) from error


def _what(error: BaseException) -> str:
    said = str(error).lower()
    if "encrypted" in said:
        return PASSWORD
    if "can't find workbook" in said or "unsupported format" in said:
        return NOT_A_WORKBOOK
    return DAMAGED


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet, file: str) -> Sheet:
    lengths = [sheet.row_len(row) for row in range(sheet.nrows)]
    check_extent(file, sheet.name, sheet.nrows - 1, max(lengths, default=0) - 1)
    check_room(file, sheet.name, sheet.nrows - 1, max(lengths, default=0) - 1, sum(lengths))
    rows = tuple(_row(book, sheet, row) for row in range(sheet.nrows))
    return Sheet(
        name=sheet.name,
        rows=rows,
        merges=tuple(
            Merge(top, left, bottom - 1, right - 1)
            for top, bottom, left, right in sheet.merged_cells
        ),
        hidden_rows=frozenset(row for row, at in sheet.rowinfo_map.items() if at.hidden),
        hidden_columns=frozenset(col for col, at in sheet.colinfo_map.items() if at.hidden),
        visible=sheet.visibility == 0,
    )


def _row(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int) -> Sequence[Cell]:
    return [
        _value(book, kind, value)
        for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
    ]


def _value(book: xlrd.Book, kind: int, value: str | float) -> Cell:
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE and isinstance(value, float):
        return _moment(value, book.datemode)
    return value


def _moment(value: float, datemode: int) -> Cell:
    try:
        moment: datetime = xlrd.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
        return value
    return moment
