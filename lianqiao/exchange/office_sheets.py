"""What the workbooks for the office share: sheets as plain tables, cells that stay as they are.

Numbers are numbers; everything else is text, also where a user's words look like a formula.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from unicodedata import east_asian_width

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lianqiao.exchange.wording import Category, Said, rendered
from lianqiao.language import N_, Text, Translator

# A fixed day: a workbook says what it was made from, a clock would make equal ones differ.
DAY = datetime(2000, 1, 1, tzinfo=UTC)
PAGES = N_("page &P of &N")
# Text and headings, by language.
FONTS = {"zh-Hans": ("宋体", "黑体"), "en": ("Calibri", "Calibri")}
# Excel's limit for a cell, in UTF-16 units; some are kept for saying that a text was cut.
CELL_UNITS, CUT_UNITS = 32_767, 32_700
# The most points that a row may have.
ROW_POINTS = 409.0
_CUT = N_("… (cut here: longer than a cell can be)")
# What a spreadsheet takes for a formula when the cell is edited; full-width signs included.
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
# A word, or one sign between which and the next a line may break.
_WIDE = frozenset("WFA")
_PIECES = re.compile(r"[!-\u024F]+|.", re.DOTALL)

Cell = object
Row = tuple[Cell, ...]
Written = str | int | float | None


@dataclass(frozen=True)
class Tinted:
    """Words on a ground that is the darker the higher the tint: 0 (none) to 3."""

    words: Text | str
    tint: int


@dataclass(frozen=True)
class Column:
    """head: a msgid, a text, or a user's words as Said; width: in characters.

    is_folded: closed in an outline; one click opens it, and it doesn't print until then.
    """

    head: Text | str
    width: float
    is_folded: bool = False


@dataclass(frozen=True)
class Sheet:
    """rows: int and float are written as numbers, a tuple as lines of one cell, None as nothing.

    is_list: whether sorting and filtering it makes sense.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    frozen_columns: int = 0
    is_list: bool = True


def head_of(column: Column, translator: Translator) -> str:
    """The column's heading in the reader's language."""
    head = column.head
    if isinstance(head, Text | Said | Category):
        return written(head, translator)
    return translator.gettext(head)


def cell_of(value: Cell, translator: Translator) -> Written:
    """What is written for a value; texts that are longer than a cell are cut and say so."""
    if isinstance(value, Tinted):
        return written(value.words, translator)
    if value is None or isinstance(value, int | float):
        return value
    return written(value, translator)


def written(value: Cell, translator: Translator) -> str:
    """The text of a cell; a tuple makes lines."""
    lines = value if isinstance(value, tuple) else (value,)
    text = "\n".join(rendered(line, translator, str) for line in lines)
    # A cell knows one kind of line break; a lone carriage return would be lost in the XML.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    units = text.encode("utf-16-le", "replace")
    if len(units) > CELL_UNITS * 2:
        kept = units[: CUT_UNITS * 2].decode("utf-16-le", "ignore")
        return kept + translator.gettext(_CUT)
    return units.decode("utf-16-le")


def write_cell(page: Worksheet, place: tuple[int, int], cell: Written, look: Format) -> None:
    """Write a cell as what it is; place: row and column from 0."""
    row, column = place
    if isinstance(cell, str):
        page.write_string(row, column, cell, look)
    elif cell is None:
        page.write_blank(row, column, None, look)
    else:
        page.write_number(row, column, cell, look)


def is_formula_like(text: str) -> bool:
    """Whether the text needs the mark that keeps it from ever being evaluated."""
    return text.lstrip().startswith(_FORMULA_SIGNS)


def row_points(cells: Sequence[Written], columns: Sequence[Column], line_points: float) -> float:
    """Points that the row's longest cell takes: not every office program finds that out itself.

    line_points: the height of one line of the font.
    """
    lines = max(
        (
            _lines(cell, column.width)
            for cell, column in zip(cells, columns, strict=True)
            if isinstance(cell, str) and not column.is_folded
        ),
        default=1,
    )
    return min(lines * line_points + 4, ROW_POINTS)


def _lines(text: str, width: float) -> int:
    return sum(_wrapped(line, width - 1) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    """Lines that a line takes where words stay whole and Chinese breaks anywhere."""
    if _width(line) <= room:
        return 1
    lines, used = 1, 0
    for piece in _PIECES.findall(line):
        wide = _width(piece)
        if used + wide <= room:
            used += wide
        elif wide > room:
            more = math.ceil((used + wide) / room) - 1
            lines, used = lines + more, math.ceil(used + wide - more * room)
        elif not piece.isspace():
            lines, used = lines + 1, wide
    return lines


def _width(line: str) -> int:
    """Columns of half a Chinese character; what may be either is as wide as one."""
    if line.isascii():
        return len(line)
    return len(line) + sum(map(_WIDE.__contains__, map(east_asian_width, line)))
