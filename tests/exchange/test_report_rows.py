"""Numbers lead to their very rows; gaps, policies, unused offers, the name of the round."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lianqiao.exchange.gap_table import GapTable
from lianqiao.exchange.plan_figures import round_title
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.policy_rows import policy_rows
from lianqiao.exchange.report import report_text
from lianqiao.exchange.wording import rendered
from lianqiao.language import Translator
from lianqiao.matching.document import PlanDocument
from tests.exchange.sample_plan import planned, sample_plan
from tests.exchange.test_report import halves


def said(value: object, language: str = "en") -> str:
    return rendered(value, Translator(language), str)


def rows_of(html: str, table: str) -> list[set[str]]:
    """The marks of each row of a table of one half; heads of groups have none."""
    body = re.search(f'<table class="{table} stack">.*?</table>', html, re.DOTALL)
    assert body
    return [set(found.split()) for found in re.findall('<tr class="([^"]+)">', body[0])]


@pytest.fixture(scope="module")
def html() -> str:
    return report_text(sample_plan(), language="en")


@pytest.mark.parametrize(("table", "name"), [("pairs", "pairs"), ("open", "opens")])
def test_an_excerpt_shows_as_many_rows_as_its_number_says(html: str, table: str, name: str) -> None:
    style = html.partition("</style>")[0]
    for half in halves(html):
        lines = re.findall(
            rf'<p class="only" id="(\w+-{table}-[\w-]+)">.*?<span class="num mute">(\d+) / (\d+)<',
            half,
        )
        assert len(lines) > 1
        for anchor, shown, whole in lines:
            marks = set(anchor.split("-")[2:])
            rows = [row for row in rows_of(half, name) if row != {"sub"}]
            assert (sum(marks <= row for row in rows), len(rows)) == (int(shown), int(whole))
            assert f"#{anchor}:target~table>tbody>tr:not(.sub):not(." in style
            assert half.count(f'href="#{anchor}"') >= 1


def test_strengths_and_reasons_add_up() -> None:
    view = PlanView(sample_plan())
    assert sum(each.rows for _sign, each in view.fits) == len(view.pairs)
    counts = [each.rows for each in view.reasons]
    assert sum(counts) == len(view.open)
    assert counts == sorted(counts, reverse=True)


def test_a_sub_district_tells_its_pairs_and_what_is_open() -> None:
    view = PlanView(sample_plan())
    assert sum(len(group.rows) for group in view.pair_groups) == len(view.pairs)
    for group in view.pair_groups:
        assert {row.need.sub_district for row in group.rows} == {group.name}
        needs = [need for need in view.document["needs"] if need["sub_district"] == group.name]
        assert group.gap.all == len(needs)
        assert group.gap.open == sum(row.need.sub_district == group.name for row in view.open)


def with_open(*groups: tuple[str, str, int, int]) -> GapTable:
    """The gaps of needs (category, sub-district, open, all)."""
    whole = sample_plan()
    needs: list[Any] = []
    chosen = []
    for category, place, open_needs, every in groups:
        for at in range(every):
            need: Any = dict(whole["needs"][0])
            need |= {"id": f"n{len(needs)}", "category": category, "sub_district": place}
            needs.append(need)
            if at >= open_needs:
                chosen.append((need["id"], whole["offers"][0]["id"], 0.8))
    return PlanView(planned(needs, whole["offers"][:1], chosen, policy="balanced")).gaps


def test_gaps_and_their_sums() -> None:
    gaps = with_open(("A1", "东街", 2, 3), ("B", "西街", 1, 1), ("A2", "西街", 0, 2))
    rows = [[(gap.open, gap.all) for gap in cells] for _name, cells, _total in gaps.rows]
    assert rows == [[(2, 3), (0, 2)], [(0, 0), (1, 1)]]
    assert [(gap.open, gap.all) for gap in gaps.sums] == [(2, 3), (1, 3)]
    assert (gaps.whole.open, gaps.whole.all, gaps.whole.anchor) == (3, 6, "open")


def test_one_open_need_is_led_to_and_several_are_shown_alone() -> None:
    gaps = with_open(("A1", "东街", 2, 3), ("B", "西街", 1, 1), ("A2", "西街", 0, 2))
    (_a, (east, none), total), (_b, (empty, west), _sum) = gaps.rows
    assert (east.anchor, total.anchor) == ("open-c1-d1", "open-c1")
    assert (none.anchor, empty.anchor, west.anchor) == ("", "", "need-4")
    assert [gap.anchor for gap in gaps.sums] == ["open-d1", "need-4"]


def test_heads_of_columns_leave_out_what_all_say() -> None:
    same = with_open(("A", "锦华路街道", 1, 1), ("A", "沙河街道", 0, 1))
    assert [str(name) for name in same.heads] == ["锦华路", "沙河"]
    other = with_open(("A", "锦华路街道", 1, 1), ("A", "Harbour", 0, 1))
    assert [str(name) for name in other.heads] == ["锦华路街道", "Harbour"]


@pytest.mark.parametrize(
    ("groups", "sentences"),
    [
        (
            [("A", "a", 3, 4), ("B", "a", 2, 2), ("C", "b", 1, 9)],
            [
                "Most are in Hardship support (3 of 4), Older people and children (2 of 2).",
                "By sub-district, most are in a (5 of 6).",
            ],
        ),
        (
            [(code, "a", 2, 2) for code in "ABCD"],
            [
                "They are spread over 4 categories, at most 2 in each.",
            ],
        ),
        ([("A", "a", 1, 2), ("B", "b", 1, 3)], []),
        (
            [("", "a", 2, 2), ("", "b", 1, 2)],
            ["By sub-district, most are in a (2 of 2)."],
        ),
        ([("A", "a", 2, 2)], []),
        ([("", "", 2, 2)], []),
    ],
)
def test_the_biggest_gaps_in_a_sentence(
    groups: list[tuple[str, str, int, int]], sentences: list[str]
) -> None:
    assert [said(sentence) for sentence in with_open(*groups).biggest] == sentences


@pytest.mark.parametrize(
    ("blank", "heading"),
    [
        ({"category": ""}, "Gaps by sub-district"),
        ({"sub_district": ""}, "Gaps by category"),
        ({"category": "", "sub_district": ""}, "neither categories nor sub-districts"),
        ({}, "Gaps: category × sub-district"),
    ],
)
def test_gaps_are_told_where_the_lists_say_less(blank: dict[str, str], heading: str) -> None:
    whole = sample_plan()
    for need in whole["needs"]:
        need.update(blank)  # type: ignore[typeddict-item]  # by name
    document = planned(whole["needs"], whole["offers"], [], policy="balanced")
    _chinese, english = halves(report_text(document, language="en"))
    gaps = english.partition('id="en-gaps"')[2].partition("</section>")[0]
    assert heading in gaps
    assert ("heat" in gaps) == (len(blank) < 2)
    assert ("104 of 104 needs are still open." in gaps) == (len(blank) < 2)


def with_policies(**changes: dict[str, int]) -> PlanDocument:
    """A plan that tells of two policies; `coverage` differs by the changes from this plan."""
    document = sample_plan()
    own: Any = {
        name: document["figures"][name]  # type: ignore[literal-required]  # by name
        for name in ("needs_served", "communities_served", "units", "score", "blocking_pairs")
    }
    document["policies"] = [
        {"policy": "balanced", "chosen": True, "quick": False, "figures": own},
    ]
    for policy, change in changes.items():
        figures = {name: value + change.get(name, 0) for name, value in own.items()}
        told: Any = {"policy": policy, "chosen": False, "quick": True, "figures": figures}
        document["policies"].append(told)
    return document


def test_how_a_policy_differs_is_said_in_words() -> None:
    score = sample_plan()["figures"]["score_best"] // 100
    rows = policy_rows(
        with_policies(
            coverage={"needs_served": 2, "units": 2, "communities_served": -1, "score": -score},
            stability={"blocking_pairs": -2, "score": score * 3},
            fairness={"needs_served": -1, "units": -1, "communities_served": 1},
            best_fit={"score": 1},
        )
    )
    assert [said(row.change) for row in rows] == [
        "",
        "2 more needs, 1 community fewer, total fit 1.0 points lower",
        "total fit 3.0 points higher, 2 exceptions fewer",
        "1 need fewer, 1 more community",
        "the same figures as this plan",
    ]
    assert said(rows[1].change, "zh-Hans") == "需求多 2 项、社区少 1 个、匹配度低 1.0 个百分点"
    assert [row.is_quick for row in rows] == [False, True, True, True, True]
    assert [len(row.figures) for row in rows] == [4] * 5


def test_bridges_are_told_where_a_policy_builds_more_than_one_a_need() -> None:
    rows = policy_rows(with_policies(coverage={"units": 1}))
    assert [said(figure.name) for figure in rows[0].figures][2] == "Bridges"
    assert said(rows[1].change) == "1 more bridge"


def test_bars_stay_within_their_track() -> None:
    huge = with_policies(coverage={"needs_served": 900, "score": 10**9, "blocking_pairs": -2})
    for row in policy_rows(huge):
        assert all(0 <= figure.share <= 100 for figure in row.figures)
    assert policy_rows(huge)[1].figures[-1].share == 0


@pytest.mark.parametrize("policies", [None, [], ["own"]])
def test_a_plan_that_tells_of_no_other_policy_compares_none(policies: list[str] | None) -> None:
    document = with_policies()
    if policies is None:
        del document["policies"]
    elif not policies:
        document["policies"] = []
    assert policy_rows(document) == ()
    assert "-policies" not in report_text(document, language="en")


def test_the_policies_stand_in_the_report_with_the_chosen_one_marked() -> None:
    chinese, english = halves(report_text(with_policies(coverage={}), language="en"))
    table = re.search('<table class="pol stack">.*?</table>', english, re.DOTALL)
    assert table
    assert table[0].count('<tr class="cur">') == 1
    assert table[0].count('class="tag quick"') == 1
    assert table[0].count('class="bar"') == 8
    assert "本方案" in chinese
    assert 'href="#zh-policies"' in chinese


def titled(*windows: str) -> str:
    document = sample_plan()
    for need in document["needs"]:
        need["time_window"] = ""
    for need, window in zip(document["needs"], windows, strict=False):
        need["time_window"] = window
    return said(round_title(document))


@pytest.mark.parametrize(
    ("windows", "title"),
    [
        (["2023-06-01/2023-09-30"] * 3, "Plan of the 2023 round"),
        (["../2024-06-30", "2024-01-01/..", "2024-01-01/2025-01-01"], "Plan of the 2024 round"),
        (["2023-06-01/.."] * 4 + ["2024-06-01/.."], "Plan of the 2023 round"),
        (["2023-06-01/.."] * 3 + ["2024-06-01/.."], "Plan of the round"),
        (["2023-06-01/.."] * 2, "Plan of the round"),
        (["ongoing;2/quarter"] * 5, "Plan of the round"),
        ([], "Plan of the round"),
    ],
)
def test_the_round_is_called_by_its_year_if_the_lists_tell(windows: list[str], title: str) -> None:
    assert titled(*windows) == title


def open_with(why_not: str, reason: str) -> Any:
    """The nearest offer of an open need, the times of both known."""
    document = sample_plan()
    unmet, offer = document["unmet"][0], document["offers"][0]
    unmet["reason"] = reason
    unmet["candidates"] = [{"offer": offer["id"], "score": 0.5, "why_not": why_not}]
    need = next(need for need in document["needs"] if need["id"] == unmet["need"])
    need["time_window"], offer["time_window"] = "2023-06-01/2023-06-30", "2023-09-01/.."
    return next(row for row in PlanView(document).open if row.need.id == need["id"]).near[0]


def test_how_times_miss_each_other_is_said() -> None:
    near = open_with("time_does_not_meet", "time_does_not_meet")
    assert said(near.times) == "needed June 2023, offered from 1 September 2023"
    assert open_with("offers_full", "offers_full").times == ""


def test_what_the_needs_reason_says_is_not_said_of_each_offer() -> None:
    assert open_with("no_fitting_offer", "no_fitting_offer").is_as_said
    assert not open_with("no_fitting_offer", "offers_full").is_as_said


def test_unused_offers_stand_by_reason() -> None:
    view = PlanView(sample_plan())
    groups = view.unused_by_reason
    assert sum(len(rows) for _reason, rows in groups) == len(view.unused)
    assert [len(rows) for _reason, rows in groups] == sorted(
        (len(rows) for _reason, rows in groups), reverse=True
    )
    assert all(row.reason == reason for reason, rows in groups for row in rows)
