"""Sheets of plan.xlsx beside the lists: candidates, gaps, exceptions, what each policy would give.

Each is None where the plan has nothing to put into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lianqiao.exchange.candidate_rows import NONE_NEAR, CandidateRow, CandidateRows
from lianqiao.exchange.entries import Entry
from lianqiao.exchange.gap_table import Gap
from lianqiao.exchange.office_sheets import Column, Row, Sheet, Tinted
from lianqiao.exchange.plan_cells import (
    in_a_row,
    part_cells,
    part_columns,
    part_names,
    score_cell,
)
from lianqiao.exchange.plan_figures import percent
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import POLICY_AIMS, POLICY_NAMES, Said, word
from lianqiao.language import N_, Text
from lianqiao.matching.document import PlanDocument

_NOTHING_NEAR: Row = (*(None,) * 7, Text(NONE_NEAR), *(None,) * 3)


def candidate_sheet(view: PlanView) -> Sheet | None:
    """For each need, the best offers that it is not paired with, and what is in the way."""
    candidates, told = CandidateRows(view), view.document.get("candidates", [])
    found = [(view.needs[each["need"]], candidates.of(Said(each["need"]))) for each in told]
    names = part_names(row.parts for _need, rows in found for row in rows)
    columns = (
        Column(N_("Sub-district"), 9),
        Column(N_("Community"), 11),
        Column(N_("Need no."), 7),
        Column(N_("Need"), 22),
        Column(N_("Institution"), 13),
        Column(N_("Offer no."), 7),
        Column(N_("Offer"), 22),
        Column(N_("Fit"), 9),
        Column(N_("Score"), 7),
        Column(N_("Community’s choice"), 10),
        Column(N_("Institution’s choice"), 10),
        Column(N_("Why not paired"), 18),
        Column(N_("Given to"), 13),
        Column(N_("Why"), 34),
        Column(N_("To note"), 20),
        *part_columns(names),
    )
    rows = tuple(
        (*_need_cells(need), *(_candidate(row) if row else _NOTHING_NEAR), *_parts(row, names))
        for need, rows_of_need in found
        for row in rows_of_need or (None,)
    )
    return Sheet(N_("Candidates"), columns, rows, frozen_columns=4) if rows else None


def _parts(row: CandidateRow | None, names: Sequence[str]) -> Row:
    return part_cells(row.parts if row else {}, names)


def _need_cells(need: Entry) -> Row:
    return need.sub_district, need.organisation, need.id, need.title


def _candidate(row: CandidateRow) -> Row:
    why, holder = row.grounds, row.holder
    return (
        row.offer.organisation,
        row.offer.id,
        row.offer.title,
        row.strength,
        score_cell(row.score),
        row.need_rank,
        row.offer_rank,
        row.state,
        (holder.organisation or holder.title) if holder else None,
        in_a_row(why.speaks_for),
        in_a_row((*why.caveats, *((why.missing,) if why.missing else ()))),
    )


def gap_sheet(view: PlanView) -> Sheet | None:
    """Open of all needs: a row for each sub-district, a column for each main category."""
    table = view.gaps
    if not table.rows:
        return None
    columns = (
        Column(N_("Sub-district"), 16),
        *(Column(name, 12) for name, _cells, _total in table.rows),
        Column(N_("All categories"), 12),
    )
    rows: list[Row] = [
        (
            place,
            *(_open_of_all(cells[at]) for _name, cells, _total in table.rows),
            _open_of_all(_sum([cells[at] for _name, cells, _total in table.rows])),
        )
        for at, place in enumerate(table.sub_districts)
    ]
    totals = [total for _name, _cells, total in table.rows]
    last = (*(_open_of_all(total) for total in totals), _open_of_all(_sum(totals)))
    rows.append((Text(N_("Whole district")), *last))
    return Sheet(N_("Gaps"), columns, tuple(rows), frozen_columns=1, is_list=False)


def _sum(gaps: list[Gap]) -> Gap:
    return Gap(sum(gap.open for gap in gaps), sum(gap.all for gap in gaps), "")


def _open_of_all(gap: Gap) -> Tinted | None:
    if not gap.all:
        return None
    msgid = N_("%(open)d of %(all)d open") if gap.open else N_("%(all)d, none open")
    return Tinted(Text(msgid, {"open": gap.open, "all": gap.all}), gap.tint)


def exception_sheet(view: PlanView) -> Sheet | None:
    """Each exception with whom it was made for and what it would cost to remove it."""
    columns = (
        Column(N_("No."), 5),
        Column(N_("Sub-district"), 12),
        Column(N_("Community"), 14),
        Column(N_("Need no."), 8),
        Column(N_("Need"), 26),
        Column(N_("Institution"), 14),
        Column(N_("Offer no."), 8),
        Column(N_("Offer"), 26),
        Column(N_("Exception"), 40),
        Column(N_("What it would cost to remove it"), 44),
    )
    rows = tuple(
        (
            at,
            *_need_cells(row.need),
            row.offer.organisation,
            row.offer.id,
            row.offer.title,
            row.sentence,
            row.cost or None,
        )
        for at, row in enumerate(view.exceptions, 1)
    )
    return Sheet(N_("Exceptions"), columns, rows, frozen_columns=5) if rows else None


def policy_sheet(document: PlanDocument) -> Sheet | None:
    """What each policy would give; the quick ones may still improve."""
    columns = (
        Column(N_("Policy"), 20),
        Column(N_("What it puts first"), 60),
        Column(N_("Needs served"), 14),
        Column(N_("Communities served"), 14),
        Column(N_("Bridges"), 10),
        Column(N_("Share of the best total fit"), 14),
        Column(N_("Exceptions"), 10),
        Column(N_("To note"), 40),
    )
    rows = tuple(_policies(document))
    return Sheet(N_("Policies"), columns, rows, frozen_columns=1, is_list=False) if rows else None


def _policies(document: PlanDocument) -> Iterator[Row]:
    for each in document.get("policies", []):
        figures = each["figures"]
        notes = [Text(N_("this plan"))] if each["chosen"] else []
        notes += [Text(N_("quick: may still improve"))] if each["quick"] else []
        yield (
            word(POLICY_NAMES, each["policy"]),
            word(POLICY_AIMS, each["policy"]),
            figures["needs_served"],
            figures["communities_served"],
            figures["units"],
            percent(figures["score"], document["figures"]["score_best"]),
            figures["blocking_pairs"],
            in_a_row(notes) or None,
        )
