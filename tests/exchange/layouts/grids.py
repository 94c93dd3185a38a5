"""A list's expectation file is also the drawing it is made from: this reads the drawing.

The lists and their expectations are written by another hand than the reader's code; nothing here
imports `lianqiao`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Value = Any  # str, int, float, {"date": "2024-03-01"} or {"formula": "=SUM(A1:A3)"}
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Grid:
    """One sheet. cells: by 1-based row and column; merges: top, left, bottom, right."""

    name: str
    cells: dict[tuple[int, int], Value]
    merges: tuple[Merge, ...] = ()
    hidden: tuple[int, ...] = ()

    @property
    def height(self) -> int:
        return max(row for row, _ in self.cells)

    @property
    def width(self) -> int:
        return max(column for _, column in self.cells)

    def merge_from(self, row: int, column: int) -> Merge | None:
        """The merged range whose first cell this is."""
        return next((m for m in self.merges if m[:2] == (row, column)), None)

    def covers(self, row: int, column: int) -> bool:
        """Whether a merged range that begins elsewhere covers this cell."""
        return any(
            top <= row <= bottom and left <= column <= right and (top, left) != (row, column)
            for top, left, bottom, right in self.merges
        )


@dataclass(frozen=True)
class Drawing:
    """One file: its sheets in order, and how a CSV is to be written."""

    file: str
    sheets: tuple[Grid, ...]
    listed: Grid
    encoding: str
    delimiter: str


def drawing_of(expected: dict[str, Any]) -> Drawing:
    """The drawing that an expectation file holds."""
    layout = expected["layout"]
    cells = {int(row): by_letter for row, by_letter in layout["above"].items()}
    cells |= {row["row"]: row.get("cells", {}) for row in expected["rows"]}
    listed = Grid(
        expected["sheet"],
        {(r, column_of(name)): v for r, named in cells.items() for name, v in named.items()},
        tuple(_merge(said) for said in layout.get("merges", ())),
        tuple(column_of(name) for name in layout.get("hidden", ())),
    )
    before, after = (
        tuple(_plain(name, rows) for name, rows in layout.get(place, {}).items())
        for place in ("sheets_before", "sheets_after")
    )
    return Drawing(
        expected["file"],
        (*before, listed, *after),
        listed,
        layout.get("encoding", ""),
        layout.get("delimiter", ""),
    )


def load(path: Path) -> dict[str, Any]:
    """An expectation file."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(expected, dict)
    return expected


def column_of(name: str) -> int:
    """The 1-based number of a column: A is 1, AA is 27."""
    number = 0
    for character in name:
        number = number * 26 + ord(character) - 64
    return number


def letter(column: int) -> str:
    """The name of a 1-based column."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def shown(value: Value) -> str:
    """A cell as text: a date as ISO, a whole number without a point, a formula as its text."""
    if isinstance(value, dict):
        return str(next(iter(value.values())))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _merge(said: str) -> Merge:
    found = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", said)
    assert found, said
    left, top, right, bottom = found.groups()
    return int(top), column_of(left), int(bottom), column_of(right)


def _plain(name: str, rows: list[list[Value]]) -> Grid:
    return Grid(
        name,
        {
            (r, c): value
            for r, row in enumerate(rows, 1)
            for c, value in enumerate(row, 1)
            if value is not None
        },
    )
