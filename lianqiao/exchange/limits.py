"""The limits of a list, and what is said when a file passes one."""

from __future__ import annotations

from lianqiao.errors import InputError
from lianqiao.exchange.grids import (
    HEADER_ALLOWANCE,
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    MAX_ROWS,
    Merge,
    Sheet,
    Spot,
    cell_name,
)
from lianqiao.language import N_, Text

# Cells between the corners that are set aside even where nearly all are empty: about 80 MB.
_MAX_ROOM = 2_500_000
_MIN_FILLED_SHARE = 8
_MOST_ELEMENTS = 5_000_000
_MOST_MERGES = 100_000
_MOST_MERGED_REACH = 5_000_000

TOO_BIG = N_(
    "The file has %(size)s MB; at most %(limit)s MB can be read. Copy just the list into a new "
    "workbook and try again."
)
TOO_MANY_ROWS = N_(
    "The sheet goes on beyond row %(limit)s. Delete what lies below the list, or split the list, "
    "and try again."
)
TOO_MANY_COLUMNS = N_(
    "The sheet goes on beyond column %(limit)s. Delete the columns to the right of the list and "
    "try again."
)
TOO_SPARSE = N_(
    "The sheet is nearly empty but reaches as far as this cell. Delete what lies outside the "
    "list and try again."
)
TOO_MANY_CELLS = N_(
    "The sheet has more than %(limit)s filled cells. Keep the columns of the list only, or split "
    "it, and try again."
)
TOO_MUCH_TEXT = N_(
    "The texts of all cells have more than %(limit)s million characters. Split the list and try "
    "again."
)
TOO_LONG = N_("The cell holds more than %(limit)s characters. Shorten it and try again.")


def check_file_size(size: int, file: str) -> None:
    """Raise InputError for a file of more than 20 MB."""
    if size > MAX_FILE_BYTES:
        megabyte = 1024 * 1024
        values = {"size": -(-size // megabyte), "limit": MAX_FILE_BYTES // megabyte}
        raise InputError(Text(TOO_BIG, values), file=file)


def check_extent(file: str, sheet: str, last_row: int, last_column: int) -> None:
    """Raise InputError when a filled cell lies outside the limits; 0-based."""
    if last_row >= MAX_ROWS + HEADER_ALLOWANCE:
        raise too_many_rows(file, sheet, last_row)
    if last_column >= MAX_COLUMNS:
        cell = cell_name(max(last_row, 0), last_column)
        raise InputError(
            Text(TOO_MANY_COLUMNS, {"limit": MAX_COLUMNS}), file=file, sheet=sheet, cell=cell
        )


def check_room(file: str, sheet: str, last_row: int, last_column: int, filled: int) -> None:
    """Raise InputError for a nearly empty sheet whose corners lie far apart."""
    room = (last_row + 1) * (last_column + 1)
    if room > _MAX_ROOM and filled * _MIN_FILLED_SHARE < room:
        raise too_sparse(file, sheet, last_row, last_column)


def check_elements(file: str, sheet: str, elements: int, spot: Spot) -> None:
    """Raise InputError for a sheet with too many rows and cells, empty ones included."""
    if elements > _MOST_ELEMENTS:
        raise too_sparse(file, sheet, *spot)


def check_merges(file: str, sheet: str, merges: int, reach: int, last: Merge) -> None:
    """Raise InputError for too many merged blocks, or for blocks that reach too far in all."""
    if merges > _MOST_MERGES or reach > _MOST_MERGED_REACH:
        raise too_sparse(file, sheet, last.top, last.left)


def merged_reach(merge: Merge) -> int:
    """The rows and the columns of a merged block within the limits of a list: what filling its
    text down and across costs.
    """
    bottom = min(merge.bottom, MAX_ROWS + HEADER_ALLOWANCE)
    right = min(merge.right, MAX_COLUMNS)
    return max(bottom - merge.top + 1, 0) + max(right - merge.left + 1, 0)


def check_filled(file: str, sheet: str, filled: int) -> None:
    """Raise InputError for a sheet with too many filled cells."""
    if filled > MAX_CELLS:
        raise InputError(Text(TOO_MANY_CELLS, {"limit": MAX_CELLS}), file=file, sheet=sheet)


def check_text(file: str, sheet: str, characters: int) -> None:
    """Raise InputError where the texts of all cells together are too long: a text that many cells
    share is stored once but read once for each.
    """
    if characters > MAX_CHARACTERS:
        values = {"limit": MAX_CHARACTERS // 1_000_000}
        raise InputError(Text(TOO_MUCH_TEXT, values), file=file, sheet=sheet)


def check_cells(file: str, sheet: Sheet) -> None:
    """Raise InputError for the first cell that is too long and for too much text in all."""
    characters = 0
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                characters += len(value)
                if len(value) > MAX_CELL_CHARACTERS:
                    raise long_cell(file, sheet.name, row, column)
    check_text(file, sheet.name, characters)


def too_sparse(file: str, sheet: str, row: int, column: int) -> InputError:
    """The error for a sheet that goes far beyond its list."""
    cell = cell_name(max(row, 0), max(column, 0))
    return InputError(Text(TOO_SPARSE), file=file, sheet=sheet, cell=cell)


def too_many_rows(file: str, sheet: str, row: int) -> InputError:
    """The error for a list that is too long."""
    cell = cell_name(row, 0)
    return InputError(Text(TOO_MANY_ROWS, {"limit": MAX_ROWS}), file=file, sheet=sheet, cell=cell)


def long_cell(
    file: str, sheet: str = "", row: int = -1, column: int = -1, *, spot: str = ""
) -> InputError:
    """The error for a cell that is too long."""
    if row >= 0 and column >= 0:
        spot = cell_name(row, column)
    text = Text(TOO_LONG, {"limit": MAX_CELL_CHARACTERS})
    return InputError(text, file=file, sheet=sheet, cell=spot)
