"""plan.xlsx: the plan as the office prints and sorts it, marked internal on every sheet and page.

Numbers are numbers; everything else is text, also where a user's words look like a formula. The
same plan gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lianqiao.exchange.files import write_aside
from lianqiao.exchange.plan_figures import is_quick
from lianqiao.exchange.plan_sheets import Column, Sheet, plan_sheets
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import rendered
from lianqiao.language import N_, Translator
from lianqiao.matching.document import PlanDocument

# Excel's limit for a cell, in UTF-16 units; some are kept for saying that a text was cut.
CELL_UNITS, CUT_UNITS = 32_767, 32_700
_CUT = N_("… (cut here: longer than a cell can be)")
_TITLE, _INTERNAL = N_("Plan of the round"), N_("Internal")
_QUICK = N_("Quick")
_SHEET = N_("%(sheet)s (internal)")
_PAGES = N_("page &P of &N")
# What a spreadsheet takes for a formula when the cell is edited; full-width signs included.
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
_FONTS = {"zh-Hans": ("宋体", "黑体"), "en": ("Calibri", "Calibri")}
_HEAD_ROWS = 2
# A line of 10 points, and the most that a row may have.
_LINE_POINTS, _ROW_POINTS = 14.5, 409.0


@dataclass(frozen=True)
class Looks:
    """The cell formats of a workbook, by name; `quoted` marks text that must never be evaluated."""

    formats: dict[str, Format]

    def of_text(self, text: str) -> Format:
        is_formula_like = text.lstrip().startswith(_FORMULA_SIGNS)
        return self.formats["quoted" if is_formula_like else "text"]


def write_planbook(document: PlanDocument, path: Path, *, language: str) -> None:
    """Write the workbook in one language ("zh-Hans" or "en").

    Raises ValueError for another language and OSError if the file can't be written.
    """
    translator = Translator(language)
    sheets = plan_sheets(PlanView(document))
    heading = [translator.gettext(_INTERNAL), translator.gettext(_TITLE)]
    if is_quick(document):
        heading.append(translator.gettext(_QUICK))
    write_aside(
        path, partial(_write, sheets=sheets, translator=translator, heading=" · ".join(heading))
    )


def _write(stream: BinaryIO, sheets: Sequence[Sheet], translator: Translator, heading: str) -> None:
    with Workbook(stream, {"in_memory": True}) as book:
        # A fixed day: the plan says what it was made from, a clock would make equal plans differ.
        day = datetime(2000, 1, 1, tzinfo=UTC)
        title = translator.gettext(_TITLE)
        internal = translator.gettext(_INTERNAL)
        book.set_properties({"title": title, "category": internal, "created": day})
        for sheet in sheets:
            looks = _looks(book, translator.language, "center" if sheet.is_list else "left")
            name = translator.gettext(sheet.name)
            page = book.add_worksheet(translator.gettext(_SHEET) % {"sheet": name})
            _lay_out(page, sheet, translator)
            page.write_string(0, 0, f"{heading} · {name}", looks.formats["title"])
            _fill(page, sheet, looks, translator)


def _looks(book: Any, language: str, numbers: str) -> Looks:
    body, head = _FONTS[language]
    text = {
        "font_name": body,
        "font_size": 10,
        "valign": "top",
        "text_wrap": True,
        "border": 4,
        "border_color": "#857C6B",
    }
    header = {**text, "font_name": head, "bold": True, "bg_color": "#F0EBE0", "bottom": 2}
    formats = {
        "title": {"font_name": head, "font_size": 14, "bold": True},
        "header": {**header, "valign": "vcenter", "align": "center", "bottom_color": "#23201B"},
        "text": text,
        "quoted": {**text, "quote_prefix": True},
        "number": {**text, "align": numbers, "num_format": "0"},
        "share": {**text, "align": numbers, "num_format": "0.00"},
    }
    return Looks({name: book.add_format(look) for name, look in formats.items()})


def _lay_out(page: Worksheet, sheet: Sheet, translator: Translator) -> None:
    """A4 landscape, one page wide, title and heads on every page, internal in its corner."""
    internal = translator.gettext(_INTERNAL)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    page.set_header(f"&L&B{internal}&R{translator.gettext(_TITLE)}")
    page.set_footer(f"&C{translator.gettext(_PAGES)}")
    page.repeat_rows(0, _HEAD_ROWS - 1)
    page.freeze_panes(_HEAD_ROWS, sheet.frozen_columns)
    page.set_row(0, 24)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
    if sheet.is_list and sheet.rows:
        page.autofilter(1, 0, len(sheet.rows) + 1, len(sheet.columns) - 1)


def _fill(page: Worksheet, sheet: Sheet, looks: Looks, translator: Translator) -> None:
    heads = [translator.gettext(column.head) for column in sheet.columns]
    page.set_row(1, _height(heads, sheet.columns))
    for at, head in enumerate(heads):
        page.write_string(1, at, head, looks.formats["header"])
    for row_at, row in enumerate(sheet.rows, _HEAD_ROWS):
        cells = [_cell(value, translator) for value in row]
        page.set_row(row_at, _height(cells, sheet.columns))
        for at, cell in enumerate(cells):
            _write_cell(page, (row_at, at), cell, looks)


def _write_cell(
    page: Worksheet, place: tuple[int, int], cell: str | int | float | None, looks: Looks
) -> None:
    row, column = place
    if isinstance(cell, str):
        page.write_string(row, column, cell, looks.of_text(cell))
    elif cell is None:
        page.write_blank(row, column, None, looks.formats["text"])
    else:
        look = looks.formats["share" if isinstance(cell, float) else "number"]
        page.write_number(row, column, cell, look)


def _height(cells: Sequence[str | int | float | None], columns: Sequence[Column]) -> float:
    """Points that the row's longest cell takes: not every office program finds that out itself."""
    lines = max(
        (
            sum(math.ceil(_width(line) / (column.width - 1)) or 1 for line in cell.split("\n"))
            for cell, column in zip(cells, columns, strict=True)
            if isinstance(cell, str)
        ),
        default=1,
    )
    return min(lines * _LINE_POINTS + 4, _ROW_POINTS)


def _width(line: str) -> int:
    """Columns of half a Chinese character; what may be either is as wide as one."""
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line)


def _cell(value: object, translator: Translator) -> str | int | float | None:
    if value is None or isinstance(value, int | float):
        return value
    lines = value if isinstance(value, tuple) else (value,)
    text = "\n".join(rendered(line, translator, str) for line in lines)
    # A cell knows one kind of line break; a lone carriage return would be lost in the XML.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    units = text.encode("utf-16-le", "replace")
    if len(units) > CELL_UNITS * 2:
        kept = units[: CUT_UNITS * 2].decode("utf-16-le", "ignore")
        return kept + translator.gettext(_CUT)
    return units.decode("utf-16-le")
