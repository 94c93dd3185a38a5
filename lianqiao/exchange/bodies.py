"""The rows below the header as clean texts, merged and left-out cells filled down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lianqiao.exchange.columns import Columns
from lianqiao.exchange.grids import Cell, Merge, Sheet, Spot
from lianqiao.exchange.refused import open_text

_MIN_BLANKS = 3
_MIN_BLANK_SHARE = 0.15


@dataclass(frozen=True)
class Body:
    """first: 0-based row of the sheet of the first entry; values: cells as read; own: their clean
    texts; filled: the same after filling down; filled_columns: filled without a merge; masked:
    entry and column of cells that held an ID number.
    """

    first: int
    values: Sequence[Sequence[Cell]]
    own: Sequence[Sequence[str]]
    filled: Sequence[Sequence[str]]
    filled_columns: tuple[int, ...]
    masked: frozenset[Spot]


def body_end(sheet: Sheet, first: int) -> int:
    """Row after the last that holds anything."""
    end = len(sheet.rows)
    spots = (*sheet.formulas, *sheet.errors)
    least = max((row + 1 for row, _ in spots), default=0)
    while end > max(first, least) and not any(v not in (None, "") for v in sheet.rows[end - 1]):
        end -= 1
    return max(min(end, len(sheet.rows)), first)


def read_body(sheet: Sheet, first: int, end: int, columns: Columns) -> Body:
    """The rows from first to end (not in), refused columns emptied."""
    refused = {column.index for column in columns.refused}
    width = len(columns.all)
    values = [sheet.rows[row] for row in range(first, end)]
    masked: set[Spot] = set()
    own = []
    for row in range(first, end):
        texts, held = _texts(sheet, row, width, refused)
        own.append(texts)
        masked.update((row - first, at) for at in held)
    filled = [list(texts) for texts in own]
    merged = _fill_merges(filled, sheet.merges, first, refused)
    left_out = []
    for name in ("sub_district", "organisation"):
        column = columns.fields.get(name)
        if column and column.index not in merged and _fill_left_out(filled, own, column.index):
            left_out.append(column.index)
    return Body(first, values, own, filled, tuple(left_out), frozenset(masked))


def _texts(sheet: Sheet, row: int, width: int, refused: set[int]) -> tuple[list[str], list[int]]:
    """A row's texts and the columns whose cell held an ID number."""
    pairs = [open_text(value) for value in sheet.rows[row][:width]]
    pairs.extend([("", False)] * (width - len(pairs)))
    if sheet.formulas or sheet.errors:
        for column, (text, _) in enumerate(pairs):
            if not text:
                spot = (row, column)
                pairs[column] = open_text(sheet.errors.get(spot) or sheet.formulas.get(spot, ""))
    for column in refused:
        pairs[column] = ("", False)
    return [text for text, _ in pairs], [at for at, (_, held) in enumerate(pairs) if held]


def _fill_merges(
    filled: list[list[str]], merges: Sequence[Merge], first: int, refused: set[int]
) -> set[int]:
    """Copy the top of every vertical merge down; the columns that have one."""
    found: set[int] = set()
    for merge in merges:
        top, bottom = merge.top - first, min(merge.bottom - first, len(filled) - 1)
        if top < 0 or bottom <= top or merge.left in refused or merge.left >= len(filled[top]):
            continue
        found.add(merge.left)
        for row in range(top + 1, bottom + 1):
            filled[row][merge.left] = filled[row][merge.left] or filled[top][merge.left]
    return found


def _fill_left_out(filled: list[list[str]], own: list[list[str]], column: int) -> bool:
    """Fill a column down where the clerk clearly wrote each name once, above its rows."""
    names = [(at, row[column]) for at, row in enumerate(own) if any(row)]
    if not names or not names[0][1]:
        return False
    blanks = sum(1 for _, name in names if not name)
    written = [name for _, name in names if name]
    repeats = sum(
        1
        for (_, name), (_, before) in zip(names[1:], names, strict=False)
        if name and name == before
    )
    if blanks < _MIN_BLANKS or blanks < _MIN_BLANK_SHARE * len(names) or repeats:
        return False
    if len(set(written)) < len(written):
        return False
    name = ""
    for row, texts in zip(filled, own, strict=True):
        name = texts[column] or (name if any(texts) else "")
        row[column] = name
    return True
