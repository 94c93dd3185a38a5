"""Going through the rows of a list: items, duplicates, subtotals, notes, ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lianqiao.exchange.bodies import Body
from lianqiao.exchange.cells import compact
from lianqiao.exchange.columns import Columns
from lianqiao.exchange.findings import Issue, SourceRow, issue
from lianqiao.exchange.grids import cell_name
from lianqiao.exchange.headers import Header
from lianqiao.exchange.interpretation import Context, Draft, RowReader, raw_record
from lianqiao.exchange.row_kinds import (
    is_example,
    is_note,
    is_numbering,
    is_repeated_header,
    is_total,
    section_of,
)

_PREFIX = {"needs": "N", "offers": "O"}
_OWN_ID_SHARE = 0.9
_SAME = ("organisation", "title", "description")


@dataclass
class Listing:
    """One pass over a list's body."""

    context: Context
    header: Header
    kind: str
    body: Body
    _seen: dict[tuple[str, str, str], SourceRow] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)
    _count: int = 0
    _section: dict[str, str] = field(default_factory=dict)

    def rows(self) -> tuple[SourceRow, ...]:
        """Every row of the body, in order."""
        self._columns = self._with_ids(self.context.columns)
        texts = {part for c in self._columns.all for part in (c.heading, *c.heading.split("/"))}
        self._header_texts = frozenset(texts)
        return tuple(self._row(at) for at in range(len(self.body.own)))

    def _with_ids(self, columns: Columns) -> Columns:
        """A column 编号 counts as ids only where nearly every item has one."""
        column = columns.fields.get("id")
        if column is None:
            return columns
        title = columns.fields["title"].index
        titled = [row for row in self.body.own if row[title]]
        with_id = sum(1 for row in titled if row[column.index])
        if titled and with_id >= _OWN_ID_SHARE * len(titled):
            return columns
        del columns.fields["id"]
        return columns

    def _row(self, at: int) -> SourceRow:
        own = self.body.own[at]
        if not any(own):
            return self._source(at, "blank")
        if is_total(own, self._columns):
            return self._raw(at, "subtotal")
        if is_repeated_header(own, self._header_texts):
            return self._raw(at, "note", "repeated_header")
        if at < 2 and is_numbering(own):
            return self._raw(at, "note")
        if is_note(own, self._columns):
            self._enter_section(own)
            return self._raw(at, "note")
        if is_example(own):
            return self._raw(at, "note", "example_row")
        return self._item(at)

    def _item(self, at: int) -> SourceRow:
        texts = self.body.filled[at]
        title = self._columns.fields["title"]
        if not texts[title.index]:
            return self._raw(at, "rejected", "missing_title", title.index)
        reader = RowReader(self.context, self.body.first + at, self.body.values[at], texts)
        draft = reader.read()
        for name, value in self._section.items():
            if name not in self._columns.fields:
                draft.record[name] = value
        return self._placed(at, draft)

    def _placed(self, at: int, draft: Draft) -> SourceRow:
        record = draft.record
        organisation, title, text = (compact(str(record[n])) for n in _SAME)
        key = (organisation, title, text)
        first = self._seen.get(key)
        if first is not None:
            record["id"] = record["id"] or (first.record["id"] if first.record else "")
            return self._source(at, "duplicate", draft, of=first.row)
        own_id = str(record["id"])
        if own_id and own_id in self._ids:
            return self._repeated_id(at, own_id)
        self._count += 1
        record["id"] = own_id or self._next_id()
        self._ids[str(record["id"])] = self.body.first + at + 1
        if not record["organisation"] and "organisation" in self._columns.fields:
            draft.issues.append(self._issue_at(at, "missing_organisation", "organisation"))
        source = self._source(at, "record", draft)
        self._seen[key] = source
        return source

    def _next_id(self) -> str:
        number = self._count
        while (made := f"{_PREFIX[self.kind]}{number:03d}") in self._ids:
            number += 1
        return made

    def _repeated_id(self, at: int, own_id: str) -> SourceRow:
        column = self._columns.fields["id"]
        found = issue(
            "repeated_id",
            cell=cell_name(self.body.first + at, column.index),
            column=column.heading,
            value=own_id,
            of=self._ids[own_id],
        )
        return self._raw(at, "rejected", extra_issues=(found,))

    def _issue_at(self, at: int, code: str, name: str) -> Issue:
        column = self._columns.fields.get(name)
        index = column.index if column else 0
        cell = cell_name(self.body.first + at, index)
        return issue(code, cell=cell, column=column.heading if column else "")

    def _enter_section(self, own: Sequence[str]) -> None:
        name, value = section_of(own)
        if name:
            self._section[name] = value

    def _raw(
        self,
        at: int,
        status: str,
        code: str = "",
        column: int = 0,
        extra_issues: tuple[Issue, ...] = (),
    ) -> SourceRow:
        """A row that is no item: its own texts in extra, its formulas found."""
        reader = RowReader(self.context, self.body.first + at, (), self.body.own[at])
        draft = Draft(raw_record(self.body.own[at], self._columns))
        reader.find_formulas(draft)
        if code:
            cell = cell_name(self.body.first + at, column)
            heading = self._columns.heading(column) if code == "missing_title" else ""
            draft.issues.append(issue(code, cell=cell, column=heading))
        draft.issues.extend(extra_issues)
        return self._source(at, status, draft)

    def _source(
        self, at: int, status: str, draft: Draft | None = None, of: int | None = None
    ) -> SourceRow:
        row = self.body.first + at
        issues = list(draft.issues) if draft else []
        for column, text in enumerate(self.body.own[at]):
            if (at, column) in self.body.masked:
                heading = self.context.columns.heading(column)
                cell = cell_name(row, column)
                issues.append(issue("id_number", cell=cell, column=heading, value=text))
        if row in self.context.sheet.hidden_rows and status != "blank":
            issues.append(issue("hidden_row", cell=cell_name(row, 0)))
        return SourceRow(
            row=row + 1,
            sheet=self.context.sheet.name,
            status=status,
            of=of,
            record=draft.record if draft else None,
            issues=tuple(issues),
        )
