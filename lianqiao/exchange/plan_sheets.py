"""What stands in the sheets of plan.xlsx: columns, and rows of numbers, texts, lines of texts."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.exchange.candidate_rows import NONE_NEAR
from lianqiao.exchange.compare_sheet import compare_sheets
from lianqiao.exchange.evidence import amount
from lianqiao.exchange.office_sheets import Column, Row, Sheet
from lianqiao.exchange.plan_cells import (
    in_a_row,
    part_cells,
    part_columns,
    part_names,
    score_cell,
)
from lianqiao.exchange.plan_figures import (
    budget_words,
    certainty,
    input_files,
    limits,
    method_words,
    share_of_best,
)
from lianqiao.exchange.plan_side_sheets import (
    candidate_sheet,
    exception_sheet,
    gap_sheet,
    policy_sheet,
)
from lianqiao.exchange.plan_view import NearRow, PairRow, PlanView
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import (
    POLICY_AIMS,
    POLICY_NAMES,
    Category,
    Said,
    shown_score,
    word,
)
from lianqiao.language import N_, Text


def plan_sheets(view: PlanView) -> tuple[Sheet, ...]:
    """The workbook's sheets in order; of those beside the lists, the empty ones are left out."""
    further = (
        candidate_sheet(view),
        _unused(view),
        gap_sheet(view),
        exception_sheet(view),
        policy_sheet(view.document),
        *compare_sheets(view),
        _overview(view),
    )
    return (_pairs(view), _open(view), *(sheet for sheet in further if sheet is not None))


def _pairs(view: PlanView) -> Sheet:
    columns = (
        Column(N_("No."), 5),
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
        Column(N_("Why"), 34),
        Column(N_("To note"), 20),
        Column(N_("Remarks"), 14),
    )
    parts_of = {(p["need"], p["offer"]): p["parts"] for p in view.document["pairs"]}
    names = part_names(parts_of.values())
    rows = tuple(
        (*_pair(row, at), *part_cells(parts_of[row.need.id, row.offer.id], names))
        for at, row in enumerate(view.pairs, 1)
    )
    return Sheet(N_("Pairs"), (*columns, *part_columns(names)), rows, frozen_columns=5)


def _pair(row: PairRow, at: int) -> Row:
    missing = (row.grounds.missing,) if row.grounds.missing else ()
    return (
        at,
        row.need.sub_district,
        row.need.organisation,
        row.need.id,
        row.need.title,
        row.offer.organisation,
        row.offer.id,
        row.offer.title,
        row.strength,
        score_cell(row.score),
        row.need_rank,
        row.offer_rank,
        in_a_row(row.grounds.speaks_for),
        in_a_row((*row.grounds.caveats, *missing)),
        in_a_row(_remarks(row)),
    )


def _remarks(row: PairRow) -> Iterator[Text]:
    if row.pinned:
        yield Text(N_("pinned"))
    if row.exception_for is not None:
        text = N_("exception, so that %(community)s is served")
        yield Text(text, {"community": row.exception_for})


def _open(view: PlanView) -> Sheet:
    columns = (
        Column(N_("No."), 5),
        Column(N_("Sub-district"), 12),
        Column(N_("Community"), 14),
        Column(N_("Need no."), 8),
        Column(N_("Need"), 30),
        Column(N_("Reason"), 26),
        Column(N_("Nearest offers"), 60),
    )
    rows = tuple(
        (
            at,
            row.need.sub_district,
            row.need.organisation,
            row.need.id,
            row.need.title,
            row.reason,
            tuple(_near(near) for near in row.near) or Text(NONE_NEAR),
        )
        for at, row in enumerate(view.open, 1)
    )
    return Sheet(N_("Still open"), columns, rows, frozen_columns=5)


def _near(near: NearRow) -> Text:
    why: object = near.why_not
    if near.holder:
        holder = near.holder.organisation or near.holder.title
        why = Text(N_("%(why)s, given to %(holder)s"), {"why": why, "holder": holder})
    if near.places:
        why = Text(N_("%(some)s; %(more)s"), {"some": why, "more": near.places})
    names: dict[str, object] = {
        "offer": near.offer.title,
        "institution": near.offer.organisation,
        "fit": _fit(near),
        "why": why,
    }
    if not names["fit"]:
        return Text(N_("%(offer)s (%(institution)s): %(why)s"), names)
    return Text(N_("%(offer)s (%(institution)s): %(fit)s, %(why)s"), names)


def _fit(near: NearRow) -> object:
    score = shown_score(near.score)
    if near.strength and score:
        return Text(N_("%(strength)s %(score)s"), {"strength": near.strength, "score": score})
    return near.strength or score


def _unused(view: PlanView) -> Sheet:
    columns = (
        Column(N_("No."), 5),
        Column(N_("Institution"), 18),
        Column(N_("Offer no."), 8),
        Column(N_("Offer"), 34),
        Column(N_("Category"), 20),
        Column(N_("Time"), 26),
        Column(N_("Amount"), 10),
        Column(N_("Places"), 22),
        Column(N_("Reason"), 34),
    )
    rows = []
    for at, row in enumerate(view.unused, 1):
        record = view.offer_records[row.offer.id]
        rows.append(
            (
                at,
                row.offer.organisation,
                row.offer.id,
                row.offer.title,
                Category(record["category"]) if record["category"] else None,
                time_words(record["time_window"]),
                amount(record),
                row.places or record["capacity"],
                row.reason,
            )
        )
    return Sheet(N_("Unused offers"), columns, tuple(rows), frozen_columns=4)


def _overview(view: PlanView) -> Sheet:
    columns = (Column(N_("What"), 30), Column(N_("Here"), 60), Column(N_("Of or at most"), 72))
    rows = (*_figures(view), *_limits(view), *_sources(view), *_notices(view))
    return Sheet(N_("Overview"), columns, rows, is_list=False)


def _figures(view: PlanView) -> Iterator[Row]:
    document, figures = view.document, view.document["figures"]
    policy = document["policy"]
    yield Text(N_("Policy")), word(POLICY_NAMES, policy), word(POLICY_AIMS, policy)
    yield Text(N_("Needs served")), figures["needs_served"], figures["needs"]
    for strength, pairs in view.strengths:
        yield Text(N_("Pairs: %(strength)s"), {"strength": strength}), pairs, figures["units"]
    yield Text(N_("Communities served")), figures["communities_served"], figures["communities"]
    yield Text(N_("Communities within reach")), figures["communities_possible"], None
    yield Text(N_("Offers used")), figures["offers_used"], figures["offers"]
    yield Text(N_("Bridges")), figures["units"], None
    yield Text(N_("Share of the best total fit")), share_of_best(document), "100%"
    yield Text(N_("Exceptions")), figures["blocking_pairs"], None
    yield Text(N_("Is it the best?")), certainty(document), None


def _limits(view: PlanView) -> Iterator[Row]:
    for limit in limits(view.document):
        msgid = N_("at least %(bound)s") if limit.is_least else N_("at most %(bound)s")
        name = Text(N_("Any plan: %(figure)s"), {"figure": limit.name})
        yield name, limit.here, Text(msgid, {"bound": limit.bound})


def _sources(view: PlanView) -> Iterator[Row]:
    document = view.document
    for source in input_files(document):
        yield Text(N_("Inputs")), Said(source["file"]), f"sha256 {source['sha256']}"
    engine = document["engine"]
    yield Text(N_("Engine")), engine["version"], method_words(document)
    yield Text(N_("Model")), engine["model"], engine["model_digest"]
    yield Text(N_("Seed and effort")), document["seed"], budget_words(document)
    yield Text(N_("Digest")), document["digest"], None


def _notices(view: PlanView) -> Iterator[Row]:
    for text, times in view.notices:
        yield Text(N_("About the lists")), text, times if times > 1 else None
