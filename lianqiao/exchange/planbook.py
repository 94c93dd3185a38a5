"""plan.xlsx: the plan as the office prints and sorts it, marked internal on every sheet and page.

Numbers are numbers; everything else is text, also where a user's words look like a formula. The
same plan gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lianqiao.exchange.files import write_aside
from lianqiao.exchange.office_sheets import (
    DAY,
    FONTS,
    PAGES,
    Cell,
    Sheet,
    Tinted,
    Written,
    cell_of,
    head_of,
    is_formula_like,
    row_points,
    write_cell,
)
from lianqiao.exchange.plan_figures import is_quick
from lianqiao.exchange.plan_sheets import plan_sheets
from lianqiao.exchange.plan_view import PlanView
from lianqiao.language import N_, Translator
from lianqiao.matching.document import PlanDocument

_TITLE, _INTERNAL = N_("Plan of the round"), N_("Internal")
_QUICK = N_("Quick")
_SHEET = N_("%(sheet)s (internal)")
_HEAD_ROWS = 2
# A line of 10 points.
_LINE_POINTS = 14.5
# The grounds of tinted cells, from tint 1 on.
_TINTS = ("#F6E6E1", "#EBCBC3", "#DDA79C")


@dataclass(frozen=True)
class Looks:
    """The cell formats of a workbook, by name; `quoted` marks text that must never be evaluated."""

    formats: dict[str, Format]

    def of(self, value: Cell, cell: Written) -> Format:
        """The format of a value that is written as this cell."""
        if isinstance(value, Tinted):
            return self.formats[f"tint {value.tint}"]
        if isinstance(cell, str):
            return self.formats["quoted" if is_formula_like(cell) else "text"]
        if isinstance(cell, float):
            return self.formats["share"]
        return self.formats["text" if cell is None else "number"]


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
        book.set_properties(_properties(translator))
        looks = {
            is_list: _looks(book, translator.language, "center" if is_list else "left")
            for is_list in (True, False)
        }
        for sheet in sheets:
            name = translator.gettext(sheet.name)
            page = book.add_worksheet(translator.gettext(_SHEET) % {"sheet": name})
            _lay_out(page, sheet, translator)
            page.write_string(0, 0, f"{heading} · {name}", looks[True].formats["title"])
            _fill(page, sheet, looks[sheet.is_list], translator)


def _properties(translator: Translator) -> dict[str, object]:
    internal = translator.gettext(_INTERNAL)
    title = f"{internal} · {translator.gettext(_TITLE)}"
    return {
        "title": title,
        "category": internal,
        "keywords": internal,
        "status": internal,
        "created": DAY,
    }


def _looks(book: Any, language: str, numbers: str) -> Looks:
    body, head = FONTS[language]
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
        "tint 0": {**text, "align": "center"},
    }
    for tint, ground in enumerate(_TINTS, 1):
        formats[f"tint {tint}"] = {**text, "align": "center", "bg_color": ground}
    return Looks({name: book.add_format(look) for name, look in formats.items()})


def _lay_out(page: Worksheet, sheet: Sheet, translator: Translator) -> None:
    """A4 landscape, one page wide, title and heads on every page, internal in its corners."""
    internal = translator.gettext(_INTERNAL)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    page.set_header(f"&L&B{internal}&R{translator.gettext(_TITLE)}")
    page.set_footer(f"&L{internal}&C{translator.gettext(PAGES)}")
    page.repeat_rows(0, _HEAD_ROWS - 1)
    page.freeze_panes(_HEAD_ROWS, sheet.frozen_columns)
    page.set_row(0, 24)
    _set_columns(page, sheet)
    if sheet.is_list and sheet.rows:
        page.autofilter(1, 0, len(sheet.rows) + 1, len(sheet.columns) - 1)


def _set_columns(page: Worksheet, sheet: Sheet) -> None:
    """Widths; a run of folded columns is closed behind a sign over the column after it."""
    for at, column in enumerate(sheet.columns):
        folded = {"level": 1, "hidden": True} if column.is_folded else {}
        is_after = at > 0 and sheet.columns[at - 1].is_folded and not column.is_folded
        page.set_column(at, at, column.width, None, folded or {"collapsed": is_after})
    if sheet.columns[-1].is_folded:
        after = len(sheet.columns)
        page.set_column(after, after, None, None, {"collapsed": True})


def _fill(page: Worksheet, sheet: Sheet, looks: Looks, translator: Translator) -> None:
    heads = [head_of(column, translator) for column in sheet.columns]
    page.set_row(1, row_points(heads, sheet.columns, _LINE_POINTS))
    for at, head in enumerate(heads):
        page.write_string(1, at, head, looks.formats["header"])
    for row_at, row in enumerate(sheet.rows, _HEAD_ROWS):
        cells = [cell_of(value, translator) for value in row]
        page.set_row(row_at, row_points(cells, sheet.columns, _LINE_POINTS))
        for at, (value, cell) in enumerate(zip(row, cells, strict=True)):
            write_cell(page, (row_at, at), cell, looks.of(value, cell))
