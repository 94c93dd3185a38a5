"""Reading the choices of both sides and of the organiser: who picks whom, in which order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lianqiao.catalogue.records import Choice, ListItem, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.cells import cell_text, compact, squeezed
from lianqiao.exchange.findings import Issue, SourceRow, issue
from lianqiao.exchange.grids import Cell, Sheet, cell_name, column_letters
from lianqiao.exchange.refused import (
    holds_identity_numbers,
    is_refused_heading,
    open_text,
    without_identity_numbers,
)
from lianqiao.exchange.script import simplified
from lianqiao.exchange.workbooks import open_book
from lianqiao.language import N_, Text

_COLUMNS = {
    "by": "by side 立场 方 哪方 哪一方 由谁 由谁选择 提出方 填报方 身份",
    "chooser": "chooser who organisation organization 选择单位 选择者 选择人 单位 社区 组织 机构 "
    "单位名称 社区名称 单位社区 选择主体",
    "need_id": "needid need needno 需求编号 需求id 需求 需求号 需求代码",
    "offer_id": "offerid offer offerno 资源编号 资源id 资源 资源号 资源代码",
    "rank": "rank order preference 排序 顺序 意向顺序 意向排序 意向次序 次序 志愿顺序 名次 排名",
    "decision": "decision choice 决定 意向 选择 意见 选择结果 对接意向 结果",
    "note": "note notes remark remarks comment 备注 说明 理由 原因",
}
# Who chooses, or, where another column says that, on which side they stand.
_EITHER = "选择方"
_CHINESE = {
    "by": "立场",
    "chooser": "选择方",
    "need_id": "需求编号",
    "offer_id": "资源编号",
    "rank": "意向顺序",
    "decision": "决定",
}
_COLUMN_OF = {word: name for name, words in _COLUMNS.items() for word in words.split()}
_SIDES = {
    word: side
    for side, words in {
        "community": "community communities 社区 需求方 社区方 村",
        "institution": "institution institutions 单位 机关 机关单位 机构 资源方 单位方 企业",
        "organiser": "organiser organizer coordinator 组织方 组织者 统筹方 统筹员 统筹 "
        "主办方 区级 牵头方",
    }.items()
    for word in words.split()
}
_DECISIONS = {
    word: decision
    for decision, words in {
        "pick": "pick picked choose 选择 意向 愿意 同意 选 选中 有意向 接受",
        "not_acceptable": "notacceptable no refuse refused decline notok "
        "不接受 不考虑 婉拒 暂不对接 不选 不愿意 不同意",
        "pinned": "pinned pin locked 锁定 固定 指定",
        "forbidden": "forbidden ban banned 不安排 禁止 不得安排",
    }.items()
    for word in words.split()
}
_NEEDED = ("by", "chooser", "need_id", "offer_id", "decision")
_HEADINGS = (*_NEEDED, "rank")
_CELLS_NAMED = 8
_RANK = re.compile(r"\d{1,9}(?:\.0+)?")

NO_HEADER = N_(
    "No header of choices is found. The first rows must name the columns by (立场), chooser "
    "(选择方), need_id (需求编号), offer_id (资源编号), rank (意向顺序) and decision (决定)."
)
NO_COLUMN = N_(
    "The column %(column)s is missing. A list of choices has by (立场), chooser (选择方), "
    "need_id (需求编号), offer_id (资源编号), rank (意向顺序) and decision (决定)."
)
NO_LINES = N_("The list of choices has no lines. Leave the file out, or fill it in.")
NOTHING_SAID = N_("The cell is empty. Fill it in, or delete the line.")
UNKNOWN_SIDE = N_("%(value)s isn't a side. Write community, institution or organiser.")
UNKNOWN_DECISION = N_(
    "%(value)s isn't a decision. Write pick, not_acceptable, pinned or forbidden."
)
BAD_RANK = N_("%(value)s isn't a rank. Write a whole number from 1 (the best).")
NO_RANK = N_("A pick needs a rank. Write a whole number from 1 (the best).")
NOT_THEIRS = N_(
    "Only the organiser may say %(decision)s. Write pick or not_acceptable, or organiser in the "
    "column by."
)
ORGANISER_PICKS = N_("The organiser doesn't pick. Write pinned or forbidden.")
UNKNOWN_NEED = N_(
    "There is no need %(id)s in the list of needs. Correct the id, or delete the line."
)
UNKNOWN_OFFER = N_(
    "There is no offer %(id)s in the list of offers. Correct the id, or delete the line."
)
NO_OWNER_OF_NEED = N_(
    "%(id)s has no organisation in the list of needs. Fill it in there, in row %(row)s."
)
NO_OWNER_OF_OFFER = N_(
    "%(id)s has no organisation in the list of offers. Fill it in there, in row %(row)s."
)
NOT_CHOOSER = N_("%(id)s is of %(owner)s, not of %(chooser)s. Correct the chooser or the id.")
TWICE = N_("Row %(row)s says something else about the same pair. Keep one of the two lines.")
PINNED_AND_FORBIDDEN = N_(
    "Row %(row)s pins or forbids the same pair the other way round. Keep one of the two lines."
)
AND_MORE_LINES = N_(
    "%(first)s (%(more)s more can't be used either: %(cells)s. `lianqiao read %(file)s --as "
    "choices --json -` lists the lines whose words or ranks aren't understood.)"
)
AND_MANY_LINES = N_(
    "%(first)s (%(more)s more can't be used either: %(cells)s … `lianqiao read %(file)s --as "
    "choices --json -` lists the lines whose words or ranks aren't understood.)"
)

_Owners = Mapping[str, Mapping[str, ListItem]]


@dataclass(frozen=True)
class _Line:
    """One line with the place of each of its cells."""

    file: str
    sheet: str
    row: int
    columns: Mapping[str, int]
    texts: Mapping[str, str]
    found: tuple[Issue, ...] = ()

    def cell(self, name: str) -> str:
        return cell_name(self.row, self.columns.get(name, 0))

    def error(self, name: str, msgid: str, **values: object) -> InputError:
        return InputError(
            Text(msgid, values), file=self.file, sheet=self.sheet, cell=self.cell(name)
        )


def read_choices(
    path: Path, needs: Sequence[NeedRecord], offers: Sequence[OfferRecord]
) -> tuple[Choice, ...]:
    """All choices of a file, each once. Raises InputError for the first line that can't be used:
    unknown side, decision, id or chooser, bad rank, or two lines that contradict each other.
    """
    owners = _owners(needs, offers)
    kept: dict[tuple[str, str, str], Choice] = {}
    errors: list[InputError] = []
    for line in _lines(path):
        try:
            _keep(line, owners, kept)
        except InputError as error:
            errors.append(error)
    if errors:
        raise _first_of(errors)
    return tuple(kept.values())


def _keep(line: _Line, owners: _Owners, kept: dict[tuple[str, str, str], Choice]) -> None:
    choice = _choice(line)
    _check_owner(line, choice, owners)
    key = (choice.by, choice.need_id, choice.offer_id)
    before = kept.get(key)
    if before is None:
        kept[key] = choice
    elif (before.decision, before.rank) != (choice.decision, choice.rank):
        opposed = {before.decision, choice.decision} == {"pinned", "forbidden"}
        msgid = PINNED_AND_FORBIDDEN if opposed else TWICE
        raise line.error("decision", msgid, row=before.row)


def _first_of(errors: Sequence[InputError]) -> InputError:
    """The first error, with the number and the first cells of the others."""
    first, *rest = errors
    if not rest:
        return first
    values = {
        "first": first.text,
        "more": len(rest),
        "cells": ", ".join(error.cell for error in rest[:_CELLS_NAMED]),
        "file": first.file,
    }
    msgid = AND_MORE_LINES if len(rest) <= _CELLS_NAMED else AND_MANY_LINES
    return InputError(Text(msgid, values), file=first.file, sheet=first.sheet, cell=first.cell)


def read_rows_of_choices(path: Path, *, sheet: str | None = None) -> tuple[SourceRow, ...]:
    """Every line of a file of choices by itself: "record", or "rejected" with the reason."""
    return tuple(_source_row(line) for line in _lines(path, sheet))


def _source_row(line: _Line) -> SourceRow:
    record: dict[str, object] = {name: line.texts.get(name, "") for name in _COLUMNS}
    extra = {name: text for name, text in line.texts.items() if name not in _COLUMNS and text}
    row = line.row + 1
    try:
        choice = _choice(line)
    except InputError as error:
        found = Issue(column="", cell=error.cell, code="unclear_choice", text=error.text, value="")
        record["extra"] = extra
        return SourceRow(
            row=row, sheet=line.sheet, status="rejected", record=record, issues=(found, *line.found)
        )
    record |= {"by": choice.by, "decision": choice.decision, "rank": choice.rank, "extra": extra}
    return SourceRow(row=row, sheet=line.sheet, status="record", record=record, issues=line.found)


def _lines(path: Path, wanted: str | None = None) -> Iterator[_Line]:
    book = open_book(path)
    sheets = [s for s in book.sheets if wanted in (None, s.name) or not s.name]
    found = next(((s, *at) for s in sheets if (at := _header(s))), None)
    if found is None:
        raise InputError(Text(NO_HEADER), file=book.file)
    sheet, header, columns = found
    names = {at: _named(v) or column_letters(at) for at, v in enumerate(sheet.rows[header])}
    for name in _HEADINGS:
        if name not in columns:
            cell = cell_name(header, 0)
            raise InputError(
                Text(NO_COLUMN, {"column": f"{name} ({_CHINESE[name]})"}),
                file=book.file,
                sheet=sheet.name,
                cell=cell,
            )
    names |= {at: name for name, at in columns.items()}
    refused = _refused(sheet, header, columns)
    found_in_header = tuple(
        issue("refused_column", cell=cell_name(header, at), column=heading, heading=heading)
        for at in sorted(refused)
        for heading in (names.get(at, column_letters(at)),)
    )
    empty = True
    for row in range(header + 1, len(sheet.rows)):
        texts, found_in_row = _texts(sheet, row, names, refused)
        if any(texts.values()):
            issues = (*found_in_header, *found_in_row) if empty else found_in_row
            empty = False
            yield _Line(book.file, sheet.name, row, columns, texts, issues)
    if empty:
        raise InputError(Text(NO_LINES), file=book.file, sheet=sheet.name)


def _named(value: Cell) -> str:
    return without_identity_numbers(cell_text(value))


def _refused(sheet: Sheet, header: int, columns: Mapping[str, int]) -> set[int]:
    """Columns of ID numbers and home addresses; those that a choice needs are masked instead."""
    needed = {columns[name] for name in _HEADINGS}
    body = sheet.rows[header + 1 :]
    width = max((len(row) for row in sheet.rows[header:]), default=0)
    heads = [cell_text(value) for value in sheet.rows[header]]
    return {
        at
        for at in set(range(width)) - needed
        if (at < len(heads) and is_refused_heading(heads[at]))
        or holds_identity_numbers(row[at] for row in body if at < len(row))
    }


def _texts(
    sheet: Sheet, row: int, names: dict[int, str], refused: set[int]
) -> tuple[dict[str, str], tuple[Issue, ...]]:
    texts: dict[str, str] = {}
    found = []
    for at, value in enumerate(sheet.rows[row]):
        if at in refused:
            continue
        name = names.setdefault(at, column_letters(at))
        texts[name], held = open_text(value)
        if held:
            cell = cell_name(row, at)
            found.append(issue("id_number", cell=cell, column=name, value=texts[name]))
    return texts, tuple(found)


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The first of the top rows that names at least four columns of choices."""
    for row, cells in enumerate(sheet.rows[:30]):
        columns: dict[str, int] = {}
        for at, value in enumerate(cells):
            name = _column(value) if isinstance(value, str) else ""
            if name:
                columns.setdefault(name, at)
        if (either := columns.pop(_EITHER, None)) is not None:
            columns.setdefault("chooser" if "chooser" not in columns else "by", either)
        if len(columns) >= 4 and {"need_id", "offer_id"} & set(columns):
            return row, columns
    return None


def _column(text: str) -> str:
    if is_refused_heading(text):
        return ""
    said = simplified(unicodedata.normalize("NFKC", text)).lower()
    if said.strip() == _EITHER:
        return _EITHER
    for part in (said, *re.split(r"[/|(（)）\n]|(?<=[\u3400-\u9fff])\s+", said)):
        if name := _COLUMN_OF.get(squeezed(part)):
            return name
    return ""


def _choice(line: _Line) -> Choice:
    for name in _NEEDED:
        if not line.texts.get(name):
            raise line.error(name, NOTHING_SAID)
    by = _SIDES.get(squeezed(line.texts["by"]))
    if by is None:
        raise line.error("by", UNKNOWN_SIDE, value=line.texts["by"])
    decision = _DECISIONS.get(squeezed(line.texts["decision"]))
    if decision is None:
        raise line.error("decision", UNKNOWN_DECISION, value=line.texts["decision"])
    _check_right(line, by, decision)
    return Choice(
        by=by,
        chooser=line.texts["chooser"],
        need_id=line.texts["need_id"],
        offer_id=line.texts["offer_id"],
        decision=decision,
        rank=_rank(line, decision),
        note=line.texts.get("note", ""),
        row=line.row + 1,
    )


def _check_right(line: _Line, by: str, decision: str) -> None:
    if by == "organiser" and decision in ("pick", "not_acceptable"):
        raise line.error("decision", ORGANISER_PICKS)
    if by != "organiser" and decision in ("pinned", "forbidden"):
        raise line.error("decision", NOT_THEIRS, decision=decision)


def _rank(line: _Line, decision: str) -> int | None:
    text = line.texts.get("rank", "")
    if not text:
        if decision == "pick":
            raise line.error("rank" if "rank" in line.columns else "decision", NO_RANK)
        return None
    if not _RANK.fullmatch(text) or float(text) < 1:
        raise line.error("rank", BAD_RANK, value=text)
    return int(float(text)) if decision == "pick" else None


def _owners(needs: Sequence[NeedRecord], offers: Sequence[OfferRecord]) -> _Owners:
    return {
        "need_id": {need.id: need for need in needs},
        "offer_id": {offer.id: offer for offer in offers},
    }


def _check_owner(line: _Line, choice: Choice, owners: _Owners) -> None:
    if choice.need_id not in owners["need_id"]:
        raise line.error("need_id", UNKNOWN_NEED, id=choice.need_id)
    if choice.offer_id not in owners["offer_id"]:
        raise line.error("offer_id", UNKNOWN_OFFER, id=choice.offer_id)
    if choice.by == "organiser":
        return
    ours = choice.by == "community"
    item = owners["need_id"][choice.need_id] if ours else owners["offer_id"][choice.offer_id]
    if not item.organisation:
        msgid = NO_OWNER_OF_NEED if ours else NO_OWNER_OF_OFFER
        raise line.error("chooser", msgid, id=item.id, row=item.row)
    if compact(item.organisation) != compact(choice.chooser):
        values = {"id": item.id, "owner": item.organisation, "chooser": choice.chooser}
        raise line.error("chooser", NOT_CHOOSER, **values)
