"""The comparison with what was signed as sheets of the internal workbook."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.exchange.compare_view import BesideRow, CompareView, ReadRow, compare_view
from lianqiao.exchange.entries import Entry
from lianqiao.exchange.office_sheets import Column, Row, Sheet
from lianqiao.exchange.plan_view import PlanView
from lianqiao.language import N_, Text

AGREED = N_("Signed and in the plan")


def compare_sheets(view: PlanView) -> tuple[Sheet, ...]:
    """Beside what was signed, and what each row was taken for; none where nothing was compared."""
    compared = compare_view(view)
    return (_beside(compared), _readings(compared)) if compared else ()


def _beside(compared: CompareView) -> Sheet:
    columns = (
        Column(N_("What"), 18),
        Column(N_("Sub-district"), 10),
        Column(N_("Community"), 13),
        Column(N_("Need no."), 7),
        Column(N_("Need"), 26),
        Column(N_("Signed with"), 14),
        Column(N_("Offer no."), 7),
        Column(N_("Signed offer"), 24),
        Column(N_("Planned with"), 14),
        Column(N_("Planned offer"), 24),
        Column(N_("Why the plan differs"), 26),
        Column(N_("Row of the signed list"), 9),
    )
    rows = tuple(_rows(compared))
    return Sheet(N_("Signed and planned"), columns, rows, frozen_columns=5)


def _rows(compared: CompareView) -> Iterator[Row]:
    for _kind, name, found in compared.kinds:
        for row in found:
            yield _beside_cells(name, row, compared)
    for row in compared.agreed:
        yield _beside_cells(Text(AGREED), row, compared)


def _beside_cells(name: Text, row: BesideRow, compared: CompareView) -> Row:
    signed = row.signed
    return (
        name,
        row.need.sub_district,
        row.need.organisation,
        row.need.id,
        row.need.title,
        *((signed.organisation, signed.id, signed.title) if signed else (None, None, None)),
        tuple(offer.organisation for offer in row.planned) or None,
        tuple(offer.title for offer in row.planned) or None,
        row.why or None,
        compared.read[row.written[0]].row if row.written else None,
    )


def _readings(compared: CompareView) -> Sheet:
    columns = (
        Column(N_("Row of the signed list"), 9),
        Column(N_("Sheet"), 12),
        Column(N_("Written"), 44),
        Column(N_("Taken for"), 40),
        Column(N_("Verdict"), 22),
        Column(N_("Certainty"), 9),
        Column(N_("Nearest"), 36),
    )
    rows = tuple(_reading(row) for row in compared.read)
    return Sheet(N_("Rows as read"), columns, rows, frozen_columns=1)


def _reading(row: ReadRow) -> Row:
    return (
        row.row,
        row.sheet,
        row.written,
        tuple(_named(entry) for entry in (row.need, row.offer) if entry) or None,
        row.verdict,
        row.certainty,
        row.nearest or None,
    )


def _named(entry: Entry) -> Text:
    values = {"id": entry.id, "organisation": entry.organisation, "title": entry.title}
    return Text(N_("%(id)s %(organisation)s: %(title)s"), values)
