"""circular.xlsx: the lists as an office sends them to everybody.

Nothing in it is hidden, merged cells stand above the tables only, so that these can be sorted, and
the same circular gives the same bytes. Text stays text, also where it looks like a formula.
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

from lianqiao.exchange.circular import Circular
from lianqiao.exchange.circular_sheets import CircularSheet, circular_sheets
from lianqiao.exchange.files import write_aside
from lianqiao.exchange.office_sheets import (
    DAY,
    FONTS,
    PAGES,
    Column,
    Written,
    cell_of,
    head_of,
    is_formula_like,
    row_points,
    write_cell,
)
from lianqiao.language import N_, Translator

_TITLE = N_("Lists of the round")
# An office without the first font gets the song typeface in its place.
_TITLE_FONTS = {"zh-Hans": "方正小标宋简体", "en": "Calibri"}
# Tells an office program without the font that a Chinese one must stand in.
_CHARSETS = {"zh-Hans": 134, "en": 0}
_TITLE_ROW, _NOTE_ROW, _HEAD_ROW = 0, 1, 2
_LINE_POINTS = 15.0
# Columns no wider than this hold names and short words, which stand in the middle.
_NARROW = 19


@dataclass(frozen=True)
class Looks:
    """The cell formats: each with a twin for text that must never be evaluated."""

    formats: dict[str, Format]

    def of(self, column: Column, cell: Written) -> Format:
        name = "middle" if column.width <= _NARROW else "text"
        quoted = " quoted" if isinstance(cell, str) and is_formula_like(cell) else ""
        return self.formats[name + quoted]


def write_circular(circular: Circular, path: Path, *, language: str) -> None:
    """Write the workbook in one language ("zh-Hans" or "en").

    Raises ValueError for another language and OSError if the file can't be written.
    """
    translator = Translator(language)
    sheets = circular_sheets(circular)
    write_aside(path, partial(_write, sheets=sheets, translator=translator))


def _write(stream: BinaryIO, sheets: Sequence[CircularSheet], translator: Translator) -> None:
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": translator.gettext(_TITLE), "created": DAY})
        looks = _looks(book, translator.language)
        for sheet in sheets:
            page = book.add_worksheet(translator.gettext(sheet.table.name))
            _lay_out(page, sheet, translator)
            _write_top(page, sheet, looks, translator)
            _write_rows(page, sheet, looks, translator)


def _looks(book: Any, language: str) -> Looks:
    body, head = FONTS[language]
    charset = {"font_charset": _CHARSETS[language]}
    title = {"font_name": _TITLE_FONTS[language], "font_size": 20, "valign": "vcenter", **charset}
    text = {"font_name": body, "font_size": 10, "valign": "vcenter", "text_wrap": True, **charset}
    cell = {**text, "border": 1}
    middle = {**cell, "align": "center"}
    formats = {
        "title": {**title, "align": "center"},
        "note": text,
        "head": {**middle, "font_name": head, "font_size": 11, "bold": language == "en"},
        "text": cell,
        "text quoted": {**cell, "quote_prefix": True},
        "middle": middle,
        "middle quoted": {**middle, "quote_prefix": True},
    }
    return Looks({name: book.add_format(look) for name, look in formats.items()})


def _lay_out(page: Worksheet, sheet: CircularSheet, translator: Translator) -> None:
    """A4 landscape, one page wide, heads on every page, page numbers below."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer(f"&C{translator.gettext(PAGES)}")
    page.repeat_rows(_HEAD_ROW)
    page.freeze_panes(_HEAD_ROW + 1, 0)
    for at, column in enumerate(sheet.table.columns):
        page.set_column(at, at, column.width)


def _write_top(page: Worksheet, sheet: CircularSheet, looks: Looks, translator: Translator) -> None:
    columns = sheet.table.columns
    last, wide = len(columns) - 1, Column("", sum(column.width for column in columns))
    note = translator.gettext(sheet.note)
    page.set_row(_TITLE_ROW, 36)
    page.merge_range(
        _TITLE_ROW, 0, _TITLE_ROW, last, translator.gettext(sheet.title), looks.formats["title"]
    )
    page.set_row(_NOTE_ROW, row_points([note], [wide], _LINE_POINTS))
    page.merge_range(_NOTE_ROW, 0, _NOTE_ROW, last, note, looks.formats["note"])
    heads = [head_of(column, translator) for column in columns]
    page.set_row(_HEAD_ROW, row_points(heads, columns, _LINE_POINTS) + 6)
    for at, head in enumerate(heads):
        page.write_string(_HEAD_ROW, at, head, looks.formats["head"])
    if rows := len(sheet.table.rows):
        # A table of its own: else the merged lines above keep an office from sorting.
        heads_too = [{"header": head, "header_format": looks.formats["head"]} for head in heads]
        plain = {"columns": heads_too, "autofilter": False, "style": None}
        page.add_table(_HEAD_ROW, 0, _HEAD_ROW + rows, last, plain)


def _write_rows(
    page: Worksheet, sheet: CircularSheet, looks: Looks, translator: Translator
) -> None:
    columns = sheet.table.columns
    for row_at, row in enumerate(sheet.table.rows, _HEAD_ROW + 1):
        cells = [cell_of(value, translator) for value in row]
        page.set_row(row_at, row_points(cells, columns, _LINE_POINTS))
        for at, cell in enumerate(cells):
            write_cell(page, (row_at, at), cell, looks.of(columns[at], cell))
