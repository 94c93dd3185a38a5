"""The year of a list, from what the list itself says; never from a clock."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lianqiao.exchange.cells import cell_text
from lianqiao.exchange.grids import Cell

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=\D|$)|(?<!\d)(20\d{2})(?=[01]\d[0-3]\d(?!\d))")
_FILLED_IN = re.compile(
    r"日期|时间|填报|制表|更新|截至|\bdate|\bas of|\bupdated|\bprepared", re.IGNORECASE
)
_ENOUGH = 3


def year_of(
    titles: Sequence[str], sheet: str, times: Iterable[Cell], notes: Sequence[str], file: str
) -> int | None:
    """The year by the first of these that says one: a title, the sheet's name, three or more time
    cells (the commonest), the date of filling in, any time cell, notes, the file's name.
    """
    plain = [text for text in titles if not _FILLED_IN.search(text)]
    dated = [text for text in titles if _FILLED_IN.search(text)]
    cells = Counter(year for value in times for year in _years(cell_text(value))[:1])
    commonest = cells.most_common(1)
    if found := _first([*plain, sheet]):
        return found
    if commonest and commonest[0][1] >= _ENOUGH:
        return commonest[0][0]
    if found := _first(dated):
        return found
    return commonest[0][0] if commonest else _first([*notes, file])


def titles_with_dates(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The texts of the rows above a header; a date cell counts as a date of filling in."""
    return [
        f"日期 {cell_text(value)}" if isinstance(value, dt.date) else cell_text(value)
        for row in rows
        for value in row
        if value not in (None, "")
    ]


def _first(texts: Sequence[str]) -> int | None:
    return next((year for text in texts for year in _years(text)), None)


def _years(text: str) -> list[int]:
    return [int(a or b) for a, b in _YEAR.findall(text)]
