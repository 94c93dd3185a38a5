"""Finding the header of a list: one to three rows, merged or not, anywhere near the top."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lianqiao.exchange.cells import cell_text
from lianqiao.exchange.grids import Cell, Merge, Sheet, column_letters
from lianqiao.exchange.headings import (
    GENERIC_TITLES,
    KNOWN_EXTRA,
    REFUSED,
    UNKNOWN,
    Meaning,
    meaning_of,
)
from lianqiao.exchange.refused import without_identity_numbers

ROWS_SEARCHED = 30
_MAX_BAND = 3
_LONG = 40
_WEIGHTS = {"title": 4.0, "description": 2.0, KNOWN_EXTRA: 0.75, REFUSED: 0.75}
_GROUP = re.compile(
    r"信息|情况|要求|方式|安排|基本|需求|资源|时间|联系|单位|项目|内容|其他|"
    r"\b(?:information|details?|contact|when|where|who|what|basic|general|need|offer|other|time|"
    r"about)\b"
)
_SENTENCE = re.compile(r"[:：。；;!?]|\d{3}|\d年|清单|一览表|汇总表|统计表|登记表")


@dataclass(frozen=True)
class Column:
    """A column of a list. index: 0-based; heading: as the list spells it, unique, its letter
    if it has none (then not named); field: what it means ("" unknown); sure: how surely, 0 to 3.
    """

    index: int
    heading: str
    field: str
    sure: int
    named: bool = True


@dataclass(frozen=True)
class Header:
    """first, last: its rows, 0-based, both in; main: the row with the most headings."""

    first: int
    last: int
    main: int
    score: float
    columns: tuple[Column, ...]


def find_header(sheet: Sheet) -> Header | None:
    """The best header in the first 30 rows of a sheet, None if no row is one."""
    top = [[_said(value) for value in row] for row in sheet.rows[: ROWS_SEARCHED + _MAX_BAND]]
    scores = [_score(row, sheet.rows[at]) for at, row in enumerate(top[:ROWS_SEARCHED])]
    best = max(range(len(scores)), key=lambda at: (scores[at], -at), default=None)
    if best is None or scores[best] <= 0:
        return None
    first, last = _band(top, best, sheet.merges)
    columns = _columns(top, first, last, sheet.merges)
    return Header(first, last, best, scores[best], columns)


def heading_column(sheet: Sheet) -> int | None:
    """The column that holds headings one below the other, as in a list laid on its side."""
    width = max((len(row) for row in sheet.rows[:60]), default=0)
    for at in range(min(width, 4)):
        texts = [_said(row[at]) for row in sheet.rows[:60] if at < len(row)]
        fields = {meaning_of(t).name for t in texts if t and meaning_of(t).sure >= 2}
        if "title" in fields and len(fields - {""}) >= 4:
            return at
    return None


def _said(value: Cell) -> str:
    return cell_text(value) if isinstance(value, str) else ""


def _score(texts: Sequence[str], cells: Sequence[Cell]) -> float:
    """How much a row looks like a header; 0 if it can't be one."""
    best: dict[str, Meaning] = {}
    for text in texts:
        meaning = meaning_of(text) if text else UNKNOWN
        if meaning.name and meaning.sure > best.get(meaning.name, UNKNOWN).sure:
            best[meaning.name] = meaning
    filled = [text for text in texts if text]
    names = set(best) - {KNOWN_EXTRA, REFUSED}
    if not _is_list(best, names, filled):
        return 0.0
    score = sum(_WEIGHTS.get(name, 1.5) * meaning.sure / 3 for name, meaning in best.items())
    others = sum(1 for v in cells if v not in (None, "") and not isinstance(v, str))
    longs = sum(1 for text in filled if len(text) > _LONG)
    unknown = sum(1 for text in filled if not meaning_of(text).name)
    return max(score - 2.0 * others - 2.0 * longs - 0.25 * unknown, 0.0)


def _is_list(best: dict[str, Meaning], names: set[str], filled: list[str]) -> bool:
    if not names & {"title", "description"}:
        return False
    if len(best) == 1:
        return len(filled) == 1 and best.get("title", UNKNOWN).sure == 3 and _specific(filled[0])
    return (
        len(best) >= 3
        or "description" in names
        or any(meaning_of(text).name == "title" and _specific(text) for text in filled)
    )


def _specific(text: str) -> bool:
    return text.strip().lower() not in GENERIC_TITLES


def _band(top: list[list[str]], main: int, merges: Sequence[Merge]) -> tuple[int, int]:
    """First and last row of the header around its main row."""
    first = last = main
    width = len([text for text in top[main] if text])
    while first > 0 and main - first < _MAX_BAND - 1 and _joins_above(top, first, merges, width):
        first -= 1
    while (
        last + 1 < len(top)
        and last - first < _MAX_BAND - 1
        and _joins_below(top, main, last, merges)
    ):
        last += 1
    return first, last


def _joins_above(top: list[list[str]], row: int, merges: Sequence[Merge], width: int) -> bool:
    if any(m.top < row <= m.bottom and top[m.top][m.left : m.left + 1] != [""] for m in merges):
        return True
    above = row - 1
    filled = [(at, text) for at, text in enumerate(top[above]) if text]
    if not filled or any(_SENTENCE.search(text) or len(text) > 15 for _, text in filled):
        return False
    spans = {at: _span_of(above, at, merges) for at, _ in filled}
    if len(filled) == 1 and (filled[0][0] == 0 or spans[filled[0][0]] >= max(0.8 * width, 2)):
        return False
    return all(spans[at] > 1 or _is_group(text) for at, text in filled)


def _joins_below(top: list[list[str]], main: int, row: int, merges: Sequence[Merge]) -> bool:
    if any(m.top <= row < m.bottom <= main + 2 and m.top >= main - 2 for m in merges):
        return any(top[row + 1]) or True
    below = row + 1
    filled = [(at, text) for at, text in enumerate(top[below]) if text]
    if not filled or any(_SENTENCE.search(text) or len(text) > 15 for _, text in filled):
        return False
    if any(_span_of(below, at, merges) > 1 for at, _ in filled) and len(filled) > 1:
        return all(_span_of(below, at, merges) > 1 or _is_group(text) for at, text in filled)
    titles = [at for at, text in enumerate(top[main]) if meaning_of(text).name == "title"]
    if any(at in titles for at, _ in filled):
        return False
    return all(meaning_of(text).sure >= 2 for _, text in filled)


def _is_group(text: str) -> bool:
    return meaning_of(text).sure >= 2 or bool(_GROUP.search(text.lower()))


def _span_of(row: int, column: int, merges: Sequence[Merge]) -> int:
    """How many columns the cell at the head of a merge covers."""
    found = next((m for m in merges if m.top == row and m.left == column), None)
    return found.right - found.left + 1 if found else 1


def _columns(
    top: list[list[str]], first: int, last: int, merges: Sequence[Merge]
) -> tuple[Column, ...]:
    band = [list(row) for row in top[first : last + 1]]
    width = max(len(row) for row in band)
    for row in band:
        row.extend([""] * (width - len(row)))
    for merge in merges:
        if first <= merge.top <= last:
            text = band[merge.top - first][merge.left] if merge.left < width else ""
            for filled in range(merge.top, min(merge.bottom, last) + 1):
                for column in range(merge.left, min(merge.right + 1, width)):
                    band[filled - first][column] = text
    taken: dict[str, int] = {}
    columns = []
    for index in range(width):
        texts = list(dict.fromkeys(row[index] for row in band if row[index]))
        said = without_identity_numbers("/".join(texts))
        heading = _unique(said or column_letters(index), index, taken)
        meaning = _meaning(texts)
        columns.append(Column(index, heading, meaning.name, meaning.sure, bool(texts)))
    return tuple(columns)


def _unique(heading: str, index: int, taken: dict[str, int]) -> str:
    if heading in taken:
        heading = f"{heading} ({column_letters(index)})"
    taken[heading] = index
    return heading


def _meaning(texts: list[str]) -> Meaning:
    """The meaning of a column's headings, top to bottom: a lower one counts first, unless it is as
    general as 名称 and the whole says more.
    """
    if not texts:
        return UNKNOWN
    whole = meaning_of("".join(texts)) if not texts[0].isascii() else meaning_of(" ".join(texts))
    candidates = [meaning_of(text) for text in reversed(texts)]
    refused = [m for m in (whole, *candidates) if m.name == REFUSED]
    if refused:
        return refused[0]
    if len(texts) > 1 and whole.name and not _specific(texts[-1]):
        return whole
    return max((*candidates[:1], whole, *candidates[1:]), key=lambda m: m.sure)
