"""From the texts of one row to the clean columns of a record, with what was not understood."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lianqiao.catalogue.records import CLEAN_COLUMNS
from lianqiao.catalogue.taxonomy import find_category
from lianqiao.errors import InputError
from lianqiao.exchange.amounts import read_amount
from lianqiao.exchange.cells import compact
from lianqiao.exchange.columns import Columns
from lianqiao.exchange.findings import Issue, issue
from lianqiao.exchange.grids import Cell, Sheet, cell_name
from lianqiao.exchange.headers import Column
from lianqiao.exchange.item_kinds import find_kind
from lianqiao.exchange.refused import without_identity_numbers
from lianqiao.exchange.times import read_time
from lianqiao.language import N_, Text

_PLAIN = ("title", "description", "organisation", "sub_district", "target_group")
TIME_FIELDS = ("time_window", "time_start", "time_end", "frequency")
_COUNTS = ("partners_wanted", "capacity")
_MOST_DIGITS = 20  # int() refuses thousands of digits
_WHOLE = re.compile(
    r"([+-]?\d+)(?:\.0+)?\s*(?:个|家|社区|单位|个社区|家单位|个单位|communities|partners)?"
)
MOST_PARTNERS = 1_000_000  # beyond it the number says something else
NEGATIVE = N_(
    "%(heading)s is %(value)s, but it can't be below 0. Write how many, or leave the cell empty."
)


@dataclass(frozen=True)
class Context:
    """What all rows of a list share."""

    file: str
    sheet: Sheet
    columns: Columns
    year: int | None


@dataclass
class Draft:
    """A record in the making: clean columns, extra by heading, issues."""

    record: dict[str, object]
    extra: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def empty_record() -> dict[str, object]:
    """A record that says nothing."""
    return {name: None if name == "quantity" else "" for name in CLEAN_COLUMNS}


def raw_record(texts: Sequence[str], columns: Columns) -> dict[str, object]:
    """A record of a row that is no item: everything in extra, under its heading."""
    extra = {columns.heading(at): text for at, text in enumerate(texts) if text}
    return {**empty_record(), "extra": extra}


@dataclass(frozen=True)
class RowReader:
    """Reads one row. row: 0-based in the sheet; values: its cells; texts: after filling down."""

    context: Context
    row: int
    values: Sequence[Cell]
    texts: Sequence[str]

    def read(self) -> Draft:
        """The row's record with "extra" and its issues. Raises InputError for a negative count."""
        draft = Draft(empty_record())
        fields = self.context.columns.fields
        for name in (*_PLAIN, "id"):
            if column := fields.get(name):
                draft.record[name] = self.texts[column.index]
        self._amount(draft)
        self._time(draft)
        self._word(draft, "category", find_category)
        self._word(draft, "kind", find_kind)
        for name in _COUNTS:
            self._count(draft, name)
        self._rest(draft)
        draft.record["extra"] = draft.extra
        return draft

    def _text(self, name: str) -> str:
        column = self.context.columns.fields.get(name)
        return self.texts[column.index] if column else ""

    def _value(self, column: Column) -> Cell:
        return self.values[column.index] if column.index < len(self.values) else None

    def _find(self, draft: Draft, code: str, column: Column, text: str) -> None:
        cell = cell_name(self.row, column.index)
        draft.issues.append(issue(code, cell=cell, column=column.heading, value=text))

    def _amount(self, draft: Draft) -> None:
        fields = self.context.columns.fields
        column, unit_column = fields.get("quantity"), fields.get("unit")
        own_unit = self._text("unit")
        draft.record["unit"] = own_unit
        if column is None or not (text := self.texts[column.index]):
            return
        amount = read_amount(text)
        unit = amount.unit or own_unit
        draft.record["quantity"] = amount.quantity
        draft.record["unit"] = unit
        if amount.quantity is None:
            self._find(draft, "unclear_amount", column, text)
        if compact(amount.text) != compact(text):
            draft.extra[column.heading] = text
        if unit_column and own_unit and own_unit != unit:
            draft.extra[unit_column.heading] = own_unit

    def _time(self, draft: Draft) -> None:
        columns = self.context.columns
        fields = columns.fields
        names = [name for name in TIME_FIELDS if name in fields]
        said: dict[str, str] = {name: self.texts[fields[name].index] for name in names}
        said = {name: text for name, text in said.items() if text}
        if not said:
            return
        window, needs_year = self._window(said)
        draft.record["time_window"] = window
        for name, text in said.items():
            if text != window:
                draft.extra[fields[name].heading] = text
            if not window:
                self._find(
                    draft, "unknown_year" if needs_year else "unclear_time", fields[name], text
                )

    def _window(self, said: dict[str, str]) -> tuple[str, bool]:
        year, deadline = self.context.year, self.context.columns.deadline
        often = said.get("frequency", "")
        if "time_window" in said:
            text = self._as_month("time_window", said["time_window"])
            reading = read_time(text, year, by=deadline)
        else:
            reading = read_time(self._span_text(said), year)
        if not often or ";" in reading.window:
            return reading.window, reading.needs_year
        rate = read_time(often, year or 2000).window.partition(";")[2]
        if reading.needs_year:
            return "", True
        if reading.window and rate:
            return f"{reading.window};{rate}", False
        alone = read_time(often, year)
        return reading.window or alone.window, alone.needs_year

    def _span_text(self, said: dict[str, str]) -> str:
        start, end = said.get("time_start", ""), said.get("time_end", "")
        start, end = self._as_month("time_start", start), self._as_month("time_end", end)
        if start and end:
            return f"{start} 至 {end}" if not start.isascii() else f"{start} - {end}"
        return f"from {start}" if start else f"by {end}"

    def _as_month(self, name: str, text: str) -> str:
        """A date that the sheet shows as a month means the month."""
        column = self.context.columns.fields.get(name)
        if column is None or (self.row, column.index) not in self.context.sheet.months:
            return text
        value = self._value(column)
        return f"{value.year}年{value.month}月" if isinstance(value, dt.date) else text

    def _word(self, draft: Draft, name: str, find: object) -> None:
        column = self.context.columns.fields.get(name)
        if column is None or not (text := self.texts[column.index]):
            return
        assert callable(find)
        found = find(text)
        draft.record[name] = found
        if text != found:
            draft.extra[column.heading] = text
        if not found:
            self._find(draft, f"unknown_{name}", column, text)

    def _count(self, draft: Draft, name: str) -> None:
        column = self.context.columns.fields.get(name)
        if column is None:
            return
        draft.record[name] = None
        if not (text := self.texts[column.index]):
            return
        count = _whole(text)
        if count is not None and count < 0:
            values = {"heading": column.heading, "value": text}
            context = self.context
            cell = cell_name(self.row, column.index)
            raise InputError(
                Text(NEGATIVE, values), file=context.file, sheet=context.sheet.name, cell=cell
            )
        if count is not None and count > MOST_PARTNERS:
            count = None
        draft.record[name] = count
        if text != str(count):
            draft.extra[column.heading] = text
        if count is None:
            self._find(draft, "unclear_count", column, text)

    def _rest(self, draft: Draft) -> None:
        """Cells of other columns go into extra."""
        columns = self.context.columns
        used = {column.index for column in columns.fields.values()}
        for at, text in enumerate(self.texts):
            if text and at not in used:
                draft.extra[columns.heading(at)] = text
        self.find_formulas(draft)

    def find_formulas(self, draft: Draft) -> None:
        """Formulas, texts like formulas and errors, in any column."""
        sheet = self.context.sheet
        for at, text in enumerate(self.texts):
            if text and (text[0] == "=" or sheet.formulas or sheet.errors):
                self._formula(draft, self.context.columns.all[at], text)

    def _formula(self, draft: Draft, column: Column, text: str) -> None:
        spot = (self.row, column.index)
        sheet = self.context.sheet
        if spot in sheet.errors:
            self._find(draft, "cell_error", column, text)
        if formula := sheet.formulas.get(spot):
            self._find(draft, "formula", column, without_identity_numbers(formula))
        elif text.startswith("="):
            self._find(draft, "formula_text", column, text)


def _whole(text: str) -> int | None:
    match = _WHOLE.fullmatch(text.strip())
    if match and len(match[1]) > _MOST_DIGITS:
        return None
    if match:
        return int(match[1])
    quantity = read_amount(text).quantity
    exact = quantity is not None and quantity == math.floor(quantity) and read_amount(text).exact
    return int(quantity) if exact and quantity is not None else None
