"""Makes the messy lists of this folder from the drawings in NAME.expected.json.

Run by hand (`python -m tests.exchange.layouts.make_layouts`); what it writes is committed, so that
the tests need neither xlwt nor odfpy. Every file is read back by a reader of its own and compared
with its drawing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import openpyxl
import xlrd
from odf import opendocument, table, text

from tests.exchange.layouts.grids import Drawing, drawing_of, load, shown
from tests.exchange.layouts.writers import write

HERE = Path(__file__).parent
Cells = dict[tuple[int, int], str]


def main() -> None:
    """Write every list, and complain where what is read back isn't what was drawn."""
    for source in sorted(HERE.glob("*.expected.json")):
        expected = load(source)
        drawing = drawing_of(expected)
        path = write(drawing, HERE)
        drawn = _gather((*at, shown(value)) for at, value in drawing.listed.cells.items())
        found = READ_BACK[path.suffix](path, drawing)
        if drawn != found:
            raise SystemExit(f"{path.name}: {set(drawn.items()) ^ set(found.items())}")
        _check_repeats(expected)
        print(f"{path.name}: {len(expected['rows'])} rows")


def _check_repeats(expected: dict) -> None:
    records = {row["row"] for row in expected["rows"] if row["status"] == "record"}
    astray = [row["row"] for row in expected["rows"] if "of" in row and row["of"] not in records]
    if astray:
        raise SystemExit(f"{expected['file']}: rows {astray} repeat no record")


def _xlsx(path: Path, drawing: Drawing) -> Cells:
    sheet = openpyxl.load_workbook(path)[drawing.listed.name]
    return _gather((cell.row, cell.column, _plain(cell.value)) for row in sheet for cell in row)


def _plain(value: object) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else shown(value)


def _xls(path: Path, drawing: Drawing) -> Cells:
    book = xlrd.open_workbook(str(path))
    sheet = book.sheet_by_name(drawing.listed.name)
    cells = []
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row), 1):
            value = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(value, book.datemode).date().isoformat()
            cells.append((row + 1, column, shown(value)))
    return _gather(cells)


def _ods(path: Path, drawing: Drawing) -> Cells:
    document = opendocument.load(str(path))
    tables = document.getElementsByType(table.Table)
    sheet = next(t for t in tables if t.getAttribute("name") == drawing.listed.name)
    cells, row = [], 0
    for element in sheet.getElementsByType(table.TableRow):
        cells += [(row + 1, column, value) for column, value in _ods_values(element)]
        row += int(element.getAttribute("numberrowsrepeated") or 1)
    return _gather(cells)


def _ods_values(row: table.TableRow) -> list[tuple[int, str]]:
    values, at = [], 0
    for cell in row.childNodes:
        times = int(cell.getAttribute("numbercolumnsrepeated") or 1)
        said = "\n".join(str(p) for p in cell.getElementsByType(text.P))
        values += [(at + 1 + i, said) for i in range(times)] if said else []
        at += times
    return values


def _csv(path: Path, drawing: Drawing) -> Cells:
    said = path.read_bytes().decode(drawing.encoding)
    rows = csv.reader(io.StringIO(said, newline=""), delimiter=drawing.delimiter)
    return _gather((r, c, v) for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1))


def _gather(cells: Iterable[tuple[int, int, str]]) -> Cells:
    return {(row, column): value for row, column, value in cells if value.strip()}


READ_BACK = {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods, ".csv": _csv}

if __name__ == "__main__":
    main()
