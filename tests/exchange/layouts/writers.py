"""Writes a drawing as .xlsx, .xls, .ods or CSV; two runs give the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

from tests.exchange.layouts.grids import Drawing, Grid, Value, shown

A_DAY = date(2024, 1, 1)


def write(drawing: Drawing, folder: Path) -> Path:
    """Write the drawing's file into the folder and return its path."""
    path = folder / drawing.file
    {".xlsx": write_xlsx, ".xls": write_xls, ".ods": write_ods, ".csv": write_csv}[path.suffix](
        drawing, path
    )
    return path


def write_xlsx(drawing: Drawing, path: Path) -> None:
    """Merged ranges, hidden columns, real dates, live formulas without a cached value; text that
    looks like a formula is written as text."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime.combine(A_DAY, time())})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for grid in drawing.sheets:
        sheet = book.add_worksheet(grid.name)
        for top, left, bottom, right in grid.merges:
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
        for (row, column), value in grid.cells.items():
            _put_xlsx(sheet, row - 1, column - 1, value, day)
        for column in grid.hidden:
            sheet.set_column(column - 1, column - 1, 8, None, {"hidden": True})
    book.close()


def _put_xlsx(sheet, row: int, column: int, value: Value, day) -> None:
    if isinstance(value, dict) and "formula" in value:
        sheet.write_formula(row, column, value["formula"], None, "")
    elif isinstance(value, dict):
        sheet.write_datetime(row, column, date.fromisoformat(value["date"]), day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)


def write_xls(drawing: Drawing, path: Path) -> None:
    """The old binary form."""
    book = xlwt.Workbook(encoding="utf-8")
    day, plain = xlwt.easyxf(num_format_str="YYYY-MM-DD"), xlwt.easyxf()
    for grid in drawing.sheets:
        sheet = book.add_sheet(grid.name)
        for (row, column), value in grid.cells.items():
            style = day if isinstance(value, dict) else plain
            said = date.fromisoformat(value["date"]) if isinstance(value, dict) else value
            merge = grid.merge_from(row, column)
            if merge:
                sheet.write_merge(row - 1, merge[2] - 1, column - 1, merge[3] - 1, said, style)
            else:
                sheet.write(row - 1, column - 1, said, style)
    book.save(str(path))


def write_ods(drawing: Drawing, path: Path) -> None:
    """Spans with covered cells; runs of equal cells and of empty rows written as repeats."""
    document = OpenDocumentSpreadsheet()
    for grid in drawing.sheets:
        document.spreadsheet.addElement(_ods_table(grid))
    written = io.BytesIO()
    document.write(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            # The moment of writing would make every run a change.
            still = zipfile.ZipInfo(entry.filename, (*A_DAY.timetuple()[:3], 0, 0, 0))
            still.compress_type = entry.compress_type
            target.writestr(still, source.read(entry))


def _ods_table(grid: Grid) -> Table:
    table = Table(name=grid.name)
    table.addElement(TableColumn(numbercolumnsrepeated=grid.width))
    used, row = {r for r, _ in grid.cells}, 1
    while row <= grid.height:
        empty = next(n for n in range(grid.height) if row + n in used)
        table.addElement(_ods_blank(empty, grid.width) if empty else _ods_row(grid, row))
        row += empty or 1
    # What LibreOffice writes below every list: the rest of the sheet as one repeated row.
    table.addElement(_ods_blank(1048576 - grid.height, 16384))
    return table


def _ods_blank(rows: int, width: int) -> TableRow:
    row = TableRow(numberrowsrepeated=rows)
    row.addElement(TableCell(numbercolumnsrepeated=width))
    return row


def _ods_row(grid: Grid, row: int) -> TableRow:
    element, column = TableRow(), 1
    while column <= grid.width:
        run = 1
        if grid.covers(row, column):
            element.addElement(CoveredTableCell())
        else:
            run = _ods_run(grid, row, column)
            element.addElement(_ods_cell(grid, row, column, run))
        column += run
    return element


def _ods_run(grid: Grid, row: int, column: int) -> int:
    """How many cells from here on are equal and stand in no merged range."""
    value, run = grid.cells.get((row, column)), 1
    while column + run <= grid.width and not grid.merge_from(row, column):
        at = column + run
        if grid.covers(row, at) or grid.merge_from(row, at) or grid.cells.get((row, at)) != value:
            break
        run += 1
    return run


def _ods_cell(grid: Grid, row: int, column: int, run: int) -> TableCell:
    value, merge = grid.cells.get((row, column)), grid.merge_from(row, column)
    options: dict[str, object] = {"numbercolumnsrepeated": run} if run > 1 else {}
    if merge:
        options["numberrowsspanned"] = merge[2] - row + 1
        options["numbercolumnsspanned"] = merge[3] - column + 1
    if isinstance(value, dict):
        options.update(valuetype="date", datevalue=value["date"])
    elif isinstance(value, int | float):
        options.update(valuetype="float", value=value)
    elif value is not None:
        options.update(valuetype="string")
    cell = TableCell(**options)
    for paragraph in shown(value).split("\n") if value is not None else ():
        cell.addElement(P(text=paragraph))
    return cell


def write_csv(drawing: Drawing, path: Path) -> None:
    """Text in the drawing's encoding, with a byte-order mark where the codec writes one."""
    grid, out = drawing.listed, io.StringIO()
    writer = csv.writer(out, delimiter=drawing.delimiter, lineterminator="\r\n")
    for row in range(1, grid.height + 1):
        writer.writerow([shown(grid.cells.get((row, c))) for c in range(1, grid.width + 1)])
    path.write_bytes(out.getvalue().encode(drawing.encoding))
