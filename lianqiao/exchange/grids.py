"""Sheets as plain grids of cells, whatever file they came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
Spot: TypeAlias = tuple[int, int]

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 1_000
MAX_CELLS = 2_000_000
MAX_CHARACTERS = MAX_UNPACKED_BYTES
MAX_CELL_CHARACTERS = 32_767
HEADER_ALLOWANCE = 100  # rows above a full list: titles, notes, header

_NOTHING: Mapping[Spot, str] = MappingProxyType({})


class Merge(NamedTuple):
    """A merged block, 0-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: `rows[r][c]` 0-based from A1, rows may differ in length.

    formulas: formula text ("=SUM(A1:A3)") by (row, column) for real formulas; errors: error text
    ("#N/A"); months: dates shown as a month without a day.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: Mapping[Spot, str] = field(default_factory=lambda: _NOTHING)
    errors: Mapping[Spot, str] = field(default_factory=lambda: _NOTHING)
    months: frozenset[Spot] = frozenset()
    visible: bool = True


@dataclass(frozen=True, kw_only=True)
class Book:
    """A file's sheets in the file's order. sha256: of the file's bytes, hexadecimal."""

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]


def column_letters(column: int) -> str:
    """Name of a 0-based column: 0 -> "A", 26 -> "AA"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """0-based column of a name: "A" -> 0, "AA" -> 26. Raises ValueError for other texts."""
    number = 0
    for letter in letters:
        place = ord(letter) - 64
        if not 1 <= place <= 26:
            raise ValueError(f"not a column name: {letters!r}")
        number = number * 26 + place
    return number - 1


def cell_name(row: int, column: int) -> str:
    """Name of a 0-based cell: (16, 7) -> "H17"."""
    return f"{column_letters(column)}{row + 1}"
