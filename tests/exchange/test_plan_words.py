"""Evidence, times, strengths and shares as a reader meets them."""

from __future__ import annotations

from typing import Any

import pytest

from lianqiao.exchange.evidence import amount, grounds, stated_fields
from lianqiao.exchange.notice_words import noticed
from lianqiao.exchange.plan_figures import (
    budget_words,
    certainty,
    is_at_every_bound,
    is_quick,
    limits,
    method_words,
    percent,
    proof,
)
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import (
    FIELDS,
    STRENGTHS,
    pair_strength,
    rendered,
    shown_score,
    strength,
)
from lianqiao.language import Text, Translator
from lianqiao.matching.document import PlanDocument
from lianqiao.matching.solving import POLICIES
from tests.exchange.sample_plan import sample_plan


def said(value: object, language: str = "en") -> str:
    return rendered(value, Translator(language), str)


EVERY_FIELD = frozenset(FIELDS)


def said_grounds(
    evidence: list[dict[str, Any]],
    *,
    need: dict[str, str] | None = None,
    offer: dict[str, str] | None = None,
    stated: frozenset[str] = EVERY_FIELD,
    **changes: Any,
) -> tuple[list[str], list[str], str]:
    """What is said of the first pair with other evidence; its offer is as its need by default."""
    document = sample_plan()
    pair: Any = {**document["pairs"][0], "evidence": evidence, "missing_fields": [], "issues": []}
    other: Any = {**document["offers"][0], **(offer or {"kind": "venue", "category": "F4"})}
    first: Any = {**document["needs"][0], **(need or {})}
    found = grounds(pair | changes, first, other, stated)
    return [*map(said, found.speaks_for)], [*map(said, found.caveats)], said(found.missing)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"part": "words", "need": "停车", "offer": "停车"}, "in both: “停车”"),
        (
            {"part": "meaning", "need": "晚上", "offer": "假日", "related": True, "strength": 0.55},
            "words that may be related: “晚上” ↔ “假日”",
        ),
        (
            {"part": "category", "code": "same", "value": "F4"},
            "same category: Parking and mobility",
        ),
        ({"part": "category", "code": "same", "value": "?7"}, "same category: ?7"),
        ({"part": "kind", "code": "same", "value": "venue"}, "same kind: venue"),
        ({"part": "time", "code": "overlap", "value": "ongoing"}, "times overlap: at any time"),
        (
            {"part": "time", "code": "overlap", "value": "ongoing", "extracted": True},
            "times overlap: at any time (from the text)",
        ),
        (
            {"part": "target_group", "value": "older people", "extracted": True},
            "people served: older people (from the text)",
        ),
        ({"part": "time", "code": "overlap", "value": None}, "time: overlap"),
        ({"part": "target_group", "need": "a", "offer": "b"}, "people served: a ↔ b"),
        ({"part": "weather", "code": "sunny", "value": 3}, "weather: sunny, 3"),
        ({"part": "quantity", "code": "plenty"}, "amount: plenty"),
        ({"part": "place"}, "place"),
    ],
)
def test_evidence_in_words(evidence: dict[str, Any], words: str) -> None:
    assert said_grounds([evidence]) == ([words], [], "")


@pytest.mark.parametrize(
    ("part", "sides", "words"),
    [
        (
            "time",
            ("2023-06-01/2023-09-30", "2023-10-01/.."),
            "needed June to September 2023, offered from 1 October 2023",
        ),
        ("place", ("锦华路街道", "沙河街道"), "needed in 锦华路街道, offered in 沙河街道"),
        (
            "quantity",
            ("80 个", "3 场"),
            "counted differently: 80 个 needed, 3 场 offered",
        ),
        ("target_group", ("老人", "儿童"), "needed for 老人, offered to 儿童"),
        ("kind", ("venue", "people"), "needed: venue, offered: people"),
        ("category", ("F4", "E1"), "categories differ: Parking and mobility, Legal advice"),
        ("weather", ("sun", "rain"), "weather: differs, sun, rain"),
    ],
)
def test_what_differs_is_said_as_a_sentence(part: str, sides: tuple[str, str], words: str) -> None:
    fact = {"part": part, "code": "differs", "need": sides[0], "offer": sides[1]}
    alike = {"kind": "venue", "category": "F4"}
    assert said_grounds([fact], need=alike, offer=alike) == ([], [words], "")


def test_times_of_day_that_differ_are_said_as_a_sentence() -> None:
    sides = {"need": "evening", "offer": "daytime"}
    fact = {"part": "time", "code": "differs", "extracted": True, **sides}
    assert said_grounds([fact])[1] == [
        "needed in the evening, offered during the day (from the text)"
    ]


def test_a_side_of_a_difference_that_is_not_known_is_no_accident() -> None:
    fact = {"part": "time", "code": "differs", "value": "2023-06-01/.."}
    assert said_grounds([fact])[1] == ["time: differs, 2023-06-01/.."]


def test_what_falls_short_and_what_is_missing() -> None:
    short = {"part": "quantity", "code": "amount_short", "need": "80 个", "offer": "60 个"}
    unknown = {"part": "time", "code": "unknown", "value": ""}
    fields = ["need.time_window", "offer.shoe_size"]
    found = said_grounds([short, unknown], missing_fields=fields, issues=["amount_short", "odd"])
    assert found == (
        [],
        ["the amount falls short: 80 个 needed, 60 个 offered", "odd"],
        "to settle it, ask: when it is needed, offer.shoe_size",
    )
    no_time = {"kind": "venue", "category": "F4", "time_window": ""}
    assert said_grounds([unknown], offer=no_time)[1] == ["nothing said about the time"]
    assert said_grounds([unknown], need={"time_window": ""}, offer=no_time)[1] == []
    amounts = said_grounds([], issues=["amount_short"])[1]
    assert amounts == ["the amount falls short: 80 个 needed, 1 处 offered"]


def test_nobody_is_asked_for_a_column_that_no_list_has() -> None:
    fields = ["need.unit", "need.category", "offer.category", "offer.time_window", "offer.unit"]
    assert said_grounds([], missing_fields=fields, stated=EVERY_FIELD - {"need.unit"})[2] == (
        "to settle it, ask: when it is offered, the unit of what is offered"
    )
    assert said_grounds([], missing_fields=fields, stated=frozenset())[2] == ""


def test_at_most_two_things_are_asked_for() -> None:
    fields = ["need.time_window", "need.quantity", "offer.quantity"]
    assert said_grounds([], missing_fields=fields)[2] == (
        "to settle it, ask: when it is needed, how much is needed"
    )


def test_the_fields_of_a_side_are_those_that_some_row_has() -> None:
    item = sample_plan()["needs"][0]
    empty: Any = {**item, "unit": "", "quantity": None, "title": ""}
    other: Any = {**empty, "unit": "场"}
    stated = stated_fields("need", [empty, other])
    assert "need.unit" in stated
    assert not {"need.quantity", "need.title"} & stated


@pytest.mark.parametrize(
    ("need", "offer", "strength", "is_shown"),
    [
        ("异味", "除臭", 0.55, True),
        ("老屋", "小屋", 0.54, False),
        ("十点", "七点", 0.9, False),
        ("3场", "约二十次", 0.9, False),
        ("ten o'clock", "Seven", 0.9, False),
        ("一楼", "楼道", 0.9, True),
        ("often", "tenant", 0.9, True),
    ],
)
def test_related_words_must_tell_something(
    need: str, offer: str, strength: float, is_shown: bool
) -> None:
    fact = {"part": "meaning", "related": True}
    shown, _, _ = said_grounds([fact | {"need": need, "offer": offer, "strength": strength}])
    assert bool(shown) == is_shown


def test_differences_are_those_of_the_lists_only() -> None:
    assert said_grounds([], offer={"category": "F", "kind": ""})[1] == []
    differing = said_grounds([], offer={"category": "E1", "kind": "people"})[1]
    assert differing == [
        "needed: venue, offered: people",
        "categories differ: Parking and mobility, Legal advice",
    ]
    kind = {"part": "kind", "code": "same", "value": "venue"}
    assert said_grounds([kind], offer={"category": "F4", "kind": "people"})[1] == []


def test_amounts_keep_their_digits() -> None:
    item = {**sample_plan()["needs"][0], "quantity": 1234567.0}
    assert amount(item) == "1234567 个"  # type: ignore[arg-type]  # built by name


@pytest.mark.parametrize("odd", [{}, {"part": None}, {"part": 3, "code": []}, {"code": "same"}])
def test_malformed_evidence_is_no_accident(odd: dict[str, Any]) -> None:
    said_grounds([odd, {"part": "words"}, {"part": "meaning", "related": None}])


@pytest.mark.parametrize(
    ("window", "english", "chinese"),
    [
        (
            "2023-06-01/2023-09-30;2/quarter",
            "June to September 2023, 2× a quarter",
            "2023年6月至9月，每季度 2 次",
        ),
        ("2024-02-01/2024-02-29", "February 2024", "2024年2月"),
        ("weekend", "at weekends", "周末"),
        ("2023-02-01/2023-02-27", "1 February 2023 – 27 February 2023", None),
        ("2023-09-01/2023-06-30", "1 September 2023 – 30 June 2023", None),
        ("../2023-06-30", "until 30 June 2023", "2023年6月30日前"),
        ("2023-06-01/..", "from 1 June 2023", "2023年6月1日起"),
        ("2024-01-01/2024-12-31", "all of 2024", "2024年全年"),
        ("2024-01-01/2025-12-31", "1 January 2024 – 31 December 2025", None),
        ("-01-01/-12-31", "-01-01/-12-31", None),
        ("ongoing;1/week", "at any time, 1× a week", "长期，每周 1 次"),
        ("2023-13-01/..", "2023-13-01/..", "2023-13-01/.."),
        ("when the river is low", "when the river is low", "when the river is low"),
        ("ongoing;often", "ongoing;often", "ongoing;often"),
        ("", "", ""),
    ],
)
def test_time_windows_in_words(window: str, english: str, chinese: str | None) -> None:
    assert said(time_words(window)) == english
    if chinese is not None:
        assert said(time_words(window), "zh-Hans") == chinese


def test_strengths_are_stated_once_and_cover_every_score() -> None:
    assert [strength(least)[0] for least, _, _ in STRENGTHS] == ["strong", "fair", "faint"]
    assert strength(0.7499)[0] == "fair"
    assert strength(-1.0)[0] == "faint"


def test_what_put_a_pair_there_is_said_where_nothing_fits() -> None:
    def label(score: float, ranked: bool, pinned: bool) -> tuple[str, str]:
        sign, text = pair_strength(score, is_ranked=ranked, is_pinned=pinned)
        return sign, said(text)

    assert label(0.079, True, False) == ("chosen", "by choice")
    assert label(0.0, True, True) == ("chosen", "pinned")
    assert label(0.08, True, False) == ("faint", "possibly related")
    assert label(0.8, True, True) == ("strong", "fits well")


def test_a_shown_number_never_contradicts_its_word() -> None:
    scores = (0.049, 0.05, 0.098, 0.399, 0.4, 0.749, 0.75, 0.29, 1.0)
    shown = ["", "0.05", "0.09", "0.39", "0.40", "0.74", "0.75", "0.29", "1.00"]
    assert [shown_score(score) for score in scores] == shown


def with_figures(**figures: Any) -> PlanDocument:
    document = sample_plan()
    document["figures"] |= figures  # type: ignore[typeddict-item]  # by name
    return document


def test_what_is_at_its_bound_is_said() -> None:
    here = with_figures()["figures"]
    proved = with_figures(proved=True)
    assert said(certainty(proved)) == (
        "proved: no plan serves more communities, and none that serves as many has fewer exceptions"
    )
    assert said(certainty(with_figures())) == "a better plan is not ruled out"
    reached = {"communities_possible": here["communities_served"]}
    assert said(certainty(with_figures(**reached))) == (
        "a better plan is not ruled out; already reached: as many communities as any plan can serve"
    )
    bounds = {"units": float(here["units"]), "score": float(here["score"])}
    full = with_figures(**reached, bounds=bounds, blocking_pairs=0)
    assert said(certainty(full)) == "no plan does better in any of the figures"
    assert said(certainty(full), "zh-Hans") == "各项数字都已到头，没有更好的排法"
    for worse in ({"blocking_pairs": 1}, {"bounds": bounds | {"score": here["score"] + 1.0}}):
        assert not is_at_every_bound(with_figures(**{**full["figures"], **worse}))
    assert not is_at_every_bound(with_figures(**{**full["figures"], "bounds": {}}))


def test_a_notice_may_hold_texts_and_lists() -> None:
    inner = {
        "text": "%(heading)s as %(field)s",
        "values": {"heading": "项目", "field": Text("time")},
    }
    values = {"list": "needs", "columns": [inner, Text("%(n)d", {"n": 3}), "甲"], "none": None}
    notice = noticed("%(list)s: %(columns)s%(none)s", values)
    assert said(notice.text) == "needs: 项目 as time, 3, 甲"
    assert said(notice.text, "zh-Hans") == "需求: 项目 as 时间、3、甲"
    assert hash(notice) == hash(noticed("%(list)s: %(columns)s%(none)s", dict(values)))


def test_shares_are_never_rounded_up_to_whole() -> None:
    assert percent(9999, 10000) == "99.9%"
    assert percent(962, 1000) == "96.2%"
    assert percent(47127, 58618) == "80.4%"
    assert percent(1000, 1000) == "100.0%"
    assert percent(0, 0) == "—"


def test_a_sentence_whose_places_are_not_filled_is_shown_unfilled() -> None:
    assert said(Text("%(a)s", {"b": 1})) == "%(a)s"
    assert said(Text("%(n)d of %(m)s", {"n": 2, "m": "x"})) == "2 of x"


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_proved_is_said_for_every_policy(policy: str) -> None:
    document = with_figures(proved=True)
    document["policy"] = policy
    plain = "no plan does better under this policy"
    assert said(certainty(document)).startswith("proved: no plan ")
    assert said(proof(document)) != plain
    assert said(proof(document), "zh-Hans") != said(proof(document))
    document["policy"] = "martian"
    assert said(certainty(document)) == f"proved: {plain}"


def test_what_is_said_holds_within_the_exceptions_allowed() -> None:
    document = with_figures(proved=True)
    document["max_exceptions"] = 3
    assert said(certainty(document)).startswith("within the exceptions allowed (3): proved: ")


def test_the_fewest_exceptions_are_said_to_be_so() -> None:
    bounds = {"blocking_pairs": float(with_figures()["figures"]["blocking_pairs"])}
    here = with_figures(bounds=bounds)
    assert "as few exceptions as possible with so many communities" in said(certainty(here))
    assert [said(limit.name) for limit in limits(here)] == ["Exceptions, with as many communities"]
    assert limits(with_figures(bounds={"blocking_pairs": 0.0})) == []


def test_the_step_and_the_budget_are_in_words() -> None:
    document = sample_plan()
    assert said(method_words(document)) == "all pairs weighed together (integer programme)"
    assert said(budget_words(document)) == "1"
    document["engine"]["time_limit"] = 20.0
    assert said(budget_words(document)) == "20 s by the clock"
    document["engine"] |= {"time_limit": None, "effort": 0, "method": "prayer"}
    assert (said(method_words(document)), said(budget_words(document))) == ("prayer", "0 (quick)")


def test_plans_of_before_are_read_as_they_were() -> None:
    document = sample_plan()
    del document["quick"], document["max_exceptions"], document["engine"]["time_limit"]
    assert not is_quick(document)
    assert said(budget_words(document)) == "1"
    assert "quick" not in said(certainty(document))
