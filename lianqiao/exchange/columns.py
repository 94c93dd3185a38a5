"""Which column of a list holds what, settled by headings and, where these fail, values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lianqiao.catalogue.taxonomy import find_category
from lianqiao.exchange.amounts import read_amount
from lianqiao.exchange.cells import cell_text
from lianqiao.exchange.grids import Cell, Sheet, column_letters
from lianqiao.exchange.headers import Column, Header
from lianqiao.exchange.headings import DEADLINE, KNOWN_EXTRA, REFUSED
from lianqiao.exchange.item_kinds import find_kind
from lianqiao.exchange.refused import holds_identity_numbers

_SAMPLE = 200
_MEASURE = re.compile(r"[^\W\d_]{1,3}|[a-z]{1,12}")
_COUNT_OR_SERIAL = ("number", "numbers", "个数")
_BODY = re.compile(r"社区|单位|局|委|院|中心|街道|公司|学校|部|会|村|所|队|馆|处")
_COMMUNITY = re.compile(r"社区|社區|村|communit|requested|\bask|organi[sz]ation")
_INSTITUTION = re.compile(r"单位|机构|部门|机关|institution|agency|provider|department|offered")


@dataclass(frozen=True)
class Columns:
    """fields: column by field; refused: columns whose values are dropped; all: every column."""

    all: tuple[Column, ...]
    fields: dict[str, Column]
    refused: tuple[Column, ...]
    deadline: bool

    def heading(self, index: int) -> str:
        """The heading of a column, its letter beyond the header's width."""
        return self.all[index].heading


def settle_columns(sheet: Sheet, header: Header, kind: str, width: int) -> Columns:
    """The columns of a list of a kind ("needs" or "offers"); width: of its widest row."""
    body = sheet.rows[header.last + 1 :]
    columns = [_by_values(column, body) for column in _widened(header, width)]
    refused = _refused(columns, body)
    open_columns = [c for c in columns if c not in refused]
    fields: dict[str, Column] = {}
    for column in open_columns:
        best = fields.get(column.field)
        if column.field and (best is None or _rank(column, kind) > _rank(best, kind)):
            fields[column.field] = column
    fields.pop(KNOWN_EXTRA, None)
    _keep_one_of_kind(fields, kind)
    if "title" not in fields and "description" in fields:
        fields["title"] = fields.pop("description")
    time = fields.get("time_window")
    deadline = time is not None and bool(DEADLINE.search(time.heading.lower()))
    return Columns(tuple(columns), fields, refused, deadline)


def _widened(header: Header, width: int) -> list[Column]:
    from_header = list(header.columns[:width])
    taken = {column.heading for column in from_header}
    for index in range(len(from_header), width):
        letter = column_letters(index)
        from_header.append(
            Column(index, letter if letter not in taken else f"{letter}*", "", 0, False)
        )
    return from_header


def _keep_one_of_kind(fields: dict[str, Column], kind: str) -> None:
    """An offer has no partners wanted, a need no capacity: such columns stay in extra."""
    fields.pop("capacity" if kind == "needs" else "partners_wanted", None)


def _rank(column: Column, kind: str) -> tuple[int, int, int]:
    own = _COMMUNITY if kind == "needs" else _INSTITUTION
    mine = column.field == "organisation" and bool(own.search(column.heading.lower()))
    return int(mine), column.sure, -column.index


def _refused(columns: Sequence[Column], body: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """Columns refused by heading or values, but for the only one that can name the items: its cells
    are masked one by one.
    """
    refused = [c for c in columns if c.field == REFUSED or _is_private(c, body)]
    naming = [c for c in columns if c.field in ("title", "description")]
    if all(c in refused for c in naming):
        refused = [c for c in refused if c not in naming]
    return tuple(refused)


def _is_private(column: Column, body: Sequence[Sequence[Cell]]) -> bool:
    return holds_identity_numbers(row[column.index] for row in body if column.index < len(row))


def _by_values(column: Column, body: Sequence[Sequence[Cell]]) -> Column:
    """The column with its meaning mended where the heading has two: 单位, 类别, 类型."""
    if column.field == "organisation" and column.heading.strip() in ("单位", "單位"):
        values = _sample(column, body)
        measures = sum(_is_measure(value) for value in values)
        return replace(column, field="unit", sure=2) if 2 * measures > len(values) else column
    if column.field == "quantity" and column.heading.strip().lower() in _COUNT_OR_SERIAL:
        values = _sample(column, body)
        return replace(column, field="quantity" if _are_amounts(values) else KNOWN_EXTRA, sure=2)
    if column.field in ("category", "kind"):
        values = _sample(column, body)
        categories, kinds = _count(find_category, values), _count(find_kind, values)
        if column.field == "category" and kinds > categories:
            return replace(column, field="kind", sure=column.sure - 1)
        if column.field == "kind" and categories > kinds:
            return replace(column, field="category", sure=column.sure - 1)
    return column


def _count(find: Callable[[str], str], values: list[str]) -> int:
    return sum(bool(find(value)) for value in values)


def _are_amounts(values: list[str]) -> bool:
    """Whether most values are amounts and they don't just count the rows: 1, 2, 3 ..."""
    counts = [int(value) if value.isdecimal() else None for value in values]
    steps = sum(one is not None and other == one + 1 for one, other in pairwise(counts))
    amounts = sum(read_amount(value).quantity is not None for value in values)
    return 2 * amounts > len(values) and 2 * steps < len(values)


def _is_measure(value: str) -> bool:
    return bool(_MEASURE.fullmatch(value.lower())) and not _BODY.search(value)


def _sample(column: Column, body: Sequence[Sequence[Cell]]) -> list[str]:
    texts = (cell_text(row[column.index]) for row in body[:_SAMPLE] if column.index < len(row))
    return [text for text in texts if text]
