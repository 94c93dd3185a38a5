"""The bridge picture as it is laid out: all are there once, nothing covers anything."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pytest

from lianqiao.exchange.bridge import BridgePicture, bridge_picture
from lianqiao.exchange.bridge_candidates import MOST_WRITTEN
from lianqiao.exchange.bridge_layout import LABEL_SIZE, LEFT, OWN_NAME_WIDTH, RIGHT, Mark, number
from lianqiao.exchange.bridge_rows import bridge_table
from lianqiao.exchange.bridge_text import fitted, text_width
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.report import report_text
from lianqiao.language import Text
from lianqiao.matching.document import PlanDocument
from tests.exchange.bridge_plans import invented_plan, plan_with_candidates, with_candidates
from tests.exchange.sample_plan import planned, sample_plan

LONG = "一个特别长而且没有任何停顿的需求名称要放进一行里面去看看会不会盖住别的字" * 2
PLANS = {
    "district": plan_with_candidates,
    "one": lambda: invented_plan(1, 1, sub_districts=1, communities=1, institutions=1),
    "nameless": lambda: invented_plan(30, 20, sub_districts=0, communities=0, institutions=0),
    "few institutions": lambda: invented_plan(
        90, 12, sub_districts=9, communities=45, institutions=3
    ),
    "wide": lambda: invented_plan(759, 53, sub_districts=16, communities=300, institutions=40),
    "huge": lambda: invented_plan(2000, 1500, sub_districts=120, communities=900, institutions=600),
}


Drawn = tuple[PlanDocument, BridgePicture]


def picture_of(document: PlanDocument) -> BridgePicture:
    return bridge_picture(PlanView(document))


@cache
def made(name: str) -> Drawn:
    """A plan that no test changes, and its picture."""
    document = PLANS[name]()
    return document, picture_of(document)


@pytest.fixture(params=PLANS)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return made(str(request.param))


def marks_of(picture: BridgePicture) -> tuple[list[Mark], list[Mark]]:
    left = [mark for group in picture.left for mark in group.marks]
    return left, [mark for row in picture.right for mark in row.marks]


def test_every_need_and_offer_has_its_mark_once(drawn: Drawn) -> None:
    document, picture = drawn
    lists = (document["needs"], document["offers"])
    for marks, items in zip(marks_of(picture), lists, strict=True):
        shown = [item.id for mark in marks for item in mark.items]
        assert sorted(shown) == sorted(item["id"] for item in items)


def test_a_mark_is_hollow_where_there_is_no_bridge(drawn: Drawn) -> None:
    document, picture = drawn
    without = {row["need"] for row in document["unmet"]} | {r["offer"] for r in document["unused"]}
    for mark in [mark for bank in marks_of(picture) for mark in bank]:
        assert {item.id in without for item in mark.items} in (
            [{mark.is_hollow}] if mark.is_hollow or not mark.is_block else [{False}, {False, True}]
        )


def test_every_pair_is_drawn_once(drawn: Drawn) -> None:
    document, picture = drawn
    lines = [(bridge.need, bridge.offer) for bridge in picture.bridges]
    pairs = [(number(p.need), number(p.offer)) for p in PlanView(document).pairs]
    assert sorted(lines) == sorted(pairs)
    assert len(set(lines)) == len(lines)


def test_marks_stand_apart_and_labels_cover_nothing(drawn: Drawn) -> None:
    _document, picture = drawn
    places = [(mark.x, mark.y) for mark in marks_of(picture)[0]]
    assert len(set(places)) == len(places)
    for group in picture.left:
        assert all(group.top <= mark.y <= group.bottom for mark in group.marks)
        heights = [label.y for label in group.labels]
        assert all(after - before >= LABEL_SIZE for before, after in pairwise(heights))
        for label in group.labels:
            ends = label.x - text_width(str(label.shown), LABEL_SIZE)
            assert ends >= (100 if label.y < group.top + 28 else 0)
            beside = [mark.x for mark in group.marks if abs(mark.y + 4 - label.y) < 0.2]
            assert label.x <= min(beside) - 5
    assert all(here.bottom < there.top for here, there in pairwise(picture.left))
    assert all(
        here.top + here.height <= there.top + 0.11 for here, there in pairwise(picture.right)
    )
    for row in picture.right:
        assert not isinstance(row.name, str) or (
            row.name_x + text_width(row.name, LABEL_SIZE) <= RIGHT
        )
        assert row.top >= 0
        assert row.top + row.height <= picture.height + 0.1


def test_a_list_without_sub_districts_is_one_bank_and_its_name_keeps_clear_of_the_titles() -> None:
    _, picture = made("nameless")
    (group,) = picture.left
    assert isinstance(group.name, Text)
    assert group.name.msgid == "all needs"
    district = sample_plan()
    for need in district["needs"][:40]:
        need["sub_district"] = ""
        need["title"] = LONG
    unsaid = next(g for g in picture_of(district).left if isinstance(g.name, Text))
    beside = [label for label in unsaid.labels if label.y < unsaid.top + 24]
    assert beside
    for label in beside:
        assert label.x - text_width(str(label.shown), LABEL_SIZE) >= OWN_NAME_WIDTH - 1


def test_open_needs_stand_first_and_are_labelled() -> None:
    for group in picture_of(plan_with_candidates()).left:
        hollow = [mark.y for mark in group.marks if mark.is_hollow]
        assert len(group.labels) == len(hollow) == group.group.open
        filled = [mark.y for mark in group.marks if not mark.is_hollow]
        assert not hollow or not filled or max(hollow) <= max(filled)
        assert [round(label.y - 4, 1) for label in group.labels] == hollow


def test_institutions_without_a_bridge_come_last() -> None:
    idle = [row.institution.is_idle for row in picture_of(plan_with_candidates()).right]
    assert idle == sorted(idle)
    assert True in idle


def test_bridges_of_one_bridgehead_do_not_cross_at_it() -> None:
    picture = picture_of(invented_plan(40, 2, sub_districts=4, communities=40, institutions=1))
    ends = [tuple(map(float, re.findall(r"-?[\d.]+", b.path))) for b in picture.bridges]
    ends.sort(key=lambda numbers: numbers[1])
    arrivals = [numbers[-1] for numbers in ends]
    assert arrivals == sorted(arrivals)


def test_signs_of_pins_and_exceptions_stand_apart() -> None:
    picture = picture_of(plan_with_candidates())
    assert {sign.kind for sign in picture.signs} == {"pin", "exception"}
    assert len(picture.exceptions) == 2
    places = [(sign.x * 4.3, sign.y / 100 * picture.height) for sign in picture.signs]
    for at, here in enumerate(places):
        for there in places[at + 1 :]:
            assert abs(here[0] - there[0]) + abs(here[1] - there[1]) > 15


def test_the_picture_of_a_district_fits_a_screen_and_collapses_nothing() -> None:
    picture = picture_of(plan_with_candidates())
    assert picture.height < 900
    assert not picture.is_collapsed
    assert picture.is_tall
    assert max(mark.x for mark in marks_of(picture)[0]) < LEFT


@pytest.mark.parametrize("name", ["wide", "huge"])
def test_a_large_round_is_collapsed_and_stays_a_picture(name: str) -> None:
    document, picture = made(name)
    assert picture.is_collapsed
    assert picture.height < 2600
    rows = bridge_table(PlanView(document))
    written = [row for _name, group in rows.needs for row in group]
    assert sorted(row.need.id for row in written) == [need["id"] for need in document["needs"]]
    assert rows.is_short
    assert sum(len(row.candidates) for row in written) <= 2 * MOST_WRITTEN + len(written)


def test_two_thousand_needs_stay_a_file_that_opens() -> None:
    html = report_text(made("huge")[0], language="en")
    assert len(html.encode()) < 20_000_000
    assert "a mark with a number stands for so many" in html


def test_equal_plans_give_equal_pictures() -> None:
    assert picture_of(plan_with_candidates()) == picture_of(plan_with_candidates())
    assert report_text(plan_with_candidates(), language="en") == report_text(
        plan_with_candidates(), language="en"
    )


def test_an_empty_plan_says_so_and_half_a_plan_is_drawn() -> None:
    html = report_text(planned([], [], [], policy="balanced"), language="en")
    assert "Both lists are empty, so there is nothing to draw." in html
    assert "bp-left" not in html.partition("</style>")[2].partition("<script>")[0]
    lonely = planned(sample_plan()["needs"][:1], [], [], policy="balanced")
    picture = picture_of(with_candidates(lonely))
    assert [len(bank) for bank in marks_of(picture)] == [1, 0]


def test_long_titles_are_cut_to_their_room() -> None:
    document = plan_with_candidates()
    for item in [*document["needs"], *document["offers"]]:
        item["title"], item["organisation"] = LONG, f"{LONG}{item['id'][1:]}"
        item["sub_district"] = item["sub_district"] and f"{item['sub_district']}{LONG}"
    picture = picture_of(document)
    test_marks_stand_apart_and_labels_cover_nothing((document, picture))
    assert str(picture.left[0].name).endswith("…")


def test_a_line_is_cut_only_where_it_must() -> None:
    assert fitted("停车", 22, 11) == "停车"
    assert fitted("停车难", 22, 11) == "停…"
    assert fitted(" a\n b ", 100, 11) == "a b"
    assert text_width("e\u0301", 10) == text_width("e", 10)


def test_a_candidate_says_how_it_stands() -> None:
    document = plan_with_candidates()
    table = bridge_table(PlanView(document))
    found = [near for _n, rows in table.needs for row in rows for near in row.candidates]
    assert {near.bar for near in found} == {"", "ban", "decline"}
    assert any(near.holder for near in found)
    assert {near.sign for near in found} == {"strong", "fair", "faint", "chosen", ""}
    refused = next(near for near in found if near.bar == "decline" and near.score > 0.9)
    assert refused.sign == "strong"
    assert all(near.grounds.speaks_for for near in found)


def test_an_older_plan_shows_the_candidates_of_its_open_needs() -> None:
    document = sample_plan()
    told = {row["need"]: [c["offer"] for c in row["candidates"]] for row in document["unmet"]}
    for _name, rows in bridge_table(PlanView(document)).needs:
        for row in rows:
            assert [near.offer.id for near in row.candidates] == told.get(row.need.id, [])


def test_what_merely_is_the_least_far_off_is_no_candidate() -> None:
    document = plan_with_candidates()
    for row in document["candidates"]:
        for other in row["offers"]:
            other["state"], other["score"] = "no_fitting_offer", 0.019
    table = bridge_table(PlanView(document))
    assert not [near for _n, rows in table.needs for row in rows for near in row.candidates]
    assert "No other offer comes near." in report_text(document, language="en")


def test_where_to_begin_are_open_needs_with_something_near() -> None:
    table = bridge_table(PlanView(plan_with_candidates()))
    assert 0 < len(table.starts) <= 5
    assert not [row for row in table.starts if row.pairs]
    best = [max(near.score for near in row.candidates) for row in table.starts]
    assert best == sorted(best, reverse=True)


def test_no_word_of_a_user_is_markup_in_the_picture() -> None:
    document = plan_with_candidates()
    hostile = "</title></svg><script>alert(1)</script>\"'"
    for item in [*document["needs"], *document["offers"]]:
        item["title"] = item["organisation"] = item["sub_district"] = hostile
        item["description"] = hostile
    for row in document["candidates"]:
        for other in row["offers"]:
            other["state"] = hostile
            other["evidence"] = [{"part": hostile, "code": hostile}]
    html = report_text(document, language="en")
    assert html.count("<script>") == 1
    assert html.count("</svg>") == html.count("<svg ")
