"""Reading decisions about proposed pairs: a table of ids, or JSON Lines with their texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lianqiao.catalogue.records import Decision, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.cells import cell_text, squeezed
from lianqiao.exchange.decision_lines import NO_LINES, Line, is_lines, read_lines
from lianqiao.exchange.decision_words import NO_FIT_REASONS, decided, is_not_decided
from lianqiao.exchange.grids import Sheet, cell_name
from lianqiao.exchange.script import simplified
from lianqiao.exchange.workbooks import open_book
from lianqiao.language import N_, Text

_HEADINGS = {
    "need_id": "needid need needno 需求编号 需求id 需求 需求号",
    "offer_id": "offerid offer offerno 资源编号 资源id 资源 资源号",
    "decision": "decision answer outcome result 决定 答复 结果 对接结果 意见 选择 对接情况",
    "reason": "reason why note notes remark 原因 理由 备注 说明",
}
_COLUMN_OF = {word: name for name, words in _HEADINGS.items() for word in words.split()}
_NEEDED = ("need_id", "offer_id", "decision")
_TOP_ROWS = 30

NO_HEADER = N_(
    "No header of decisions is found. The first rows must name the columns need_id (需求编号), "
    "offer_id (资源编号) and decision (决定)."
)
NO_LISTS = N_(
    "The decisions name needs and offers by their ids. Give both lists with --needs and --offers."
)
UNKNOWN_DECISION = N_("%(value)s isn't a decision. Write accepted (接受) or declined (暂不对接).")
UNKNOWN_ID = N_("There is no %(id)s in the list of %(list)s. Correct the id, or delete the line.")
LISTS = {"need_id": N_("needs"), "offer_id": N_("offers")}


@dataclass(frozen=True)
class Decisions:
    """decided: every line that says how well a pair fits; set_aside: how many others there are:
    still undecided, or declined for another reason than the fit (no room, no time, no money)."""

    decided: tuple[Decision, ...]
    set_aside: int


def read_decisions(
    path: Path,
    needs: Sequence[NeedRecord] | None = None,
    offers: Sequence[OfferRecord] | None = None,
) -> Decisions:
    """All decisions of a file. Raises InputError naming the first line that can't be used.

    A table names ids of both lists; JSON Lines hold the needs and offers themselves.
    """
    lines = read_lines(path) if is_lines(path) else _read_table(path, needs, offers)
    kept = tuple(one for one, reason in lines if one and (one.accepted or not _is_no_fit(reason)))
    return Decisions(kept, len(lines) - len(kept))


def _is_no_fit(reason: str) -> bool:
    said = simplified(unicodedata.normalize("NFKC", reason)).casefold()
    return any(word in said for word in NO_FIT_REASONS)


def _read_table(
    path: Path, needs: Sequence[NeedRecord] | None, offers: Sequence[OfferRecord] | None
) -> list[Line]:
    book = open_book(path)
    found = next(((s, *at) for s in book.sheets if (at := _header(s))), None)
    if found is None:
        raise InputError(Text(NO_HEADER), file=book.file)
    sheet, header, columns = found
    if needs is None or offers is None:
        raise InputError(Text(NO_LISTS), file=book.file)
    table = _Table(
        book.file,
        sheet,
        columns,
        {need.id: need for need in needs},
        {offer.id: offer for offer in offers},
    )
    lines = [table.line(row) for row in range(header + 1, len(sheet.rows)) if table.texts(row)]
    if not lines:
        raise InputError(Text(NO_LINES), file=book.file, sheet=sheet.name)
    return lines


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for row, cells in enumerate(sheet.rows[:_TOP_ROWS]):
        columns: dict[str, int] = {}
        for at, value in enumerate(cells):
            if name := _COLUMN_OF.get(squeezed(value)) if isinstance(value, str) else None:
                columns.setdefault(name, at)
        if set(_NEEDED) <= columns.keys():
            return row, columns
    return None


@dataclass(frozen=True)
class _Table:
    file: str
    sheet: Sheet
    columns: Mapping[str, int]
    needs: Mapping[str, NeedRecord]
    offers: Mapping[str, OfferRecord]

    def texts(self, row: int) -> dict[str, str]:
        """The line's texts by column, empty where all of them are."""
        cells = self.sheet.rows[row]
        said = {
            name: cell_text(cells[at]) if at < len(cells) else ""
            for name, at in self.columns.items()
        }
        return said if any(said.values()) else {}

    def line(self, row: int) -> Line:
        said = self.texts(row)
        if is_not_decided(said["decision"]):
            return None, ""
        accepted = decided(said["decision"])
        if accepted is None:
            text = Text(UNKNOWN_DECISION, {"value": said["decision"] or "–"})
            raise self._error(row, "decision", text)
        if said["need_id"] not in self.needs:
            raise self._error(row, "need_id", _unknown(said, "need_id"))
        if said["offer_id"] not in self.offers:
            raise self._error(row, "offer_id", _unknown(said, "offer_id"))
        need, offer = self.needs[said["need_id"]], self.offers[said["offer_id"]]
        decision = Decision(need=need, offer=offer, accepted=accepted, row=row + 1)
        return decision, said.get("reason", "")

    def _error(self, row: int, name: str, text: Text) -> InputError:
        cell = cell_name(row, self.columns[name])
        return InputError(text, file=self.file, sheet=self.sheet.name, cell=cell)


def _unknown(said: Mapping[str, str], name: str) -> Text:
    return Text(UNKNOWN_ID, {"id": said[name] or "–", "list": Text(LISTS[name])})
