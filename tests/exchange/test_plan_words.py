"""Evidence, times, strengths and shares as a reader meets them."""

from __future__ import annotations

from typing import Any

import pytest

from lianqiao.exchange.evidence import amount, grounds
from lianqiao.exchange.plan_figures import percent
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import STRENGTHS, rendered, strength
from lianqiao.language import Text, Translator
from tests.exchange.sample_plan import sample_plan


def said(value: object, language: str = "en") -> str:
    return rendered(value, Translator(language), str)


def said_grounds(
    evidence: list[dict[str, Any]], *, offer: dict[str, str] | None = None, **changes: Any
) -> tuple[list[str], list[str], str]:
    """What is said of the first pair with other evidence; its offer is as its need by default."""
    document = sample_plan()
    pair: Any = {**document["pairs"][0], "evidence": evidence, "missing_fields": [], "issues": []}
    other: Any = {**document["offers"][0], **(offer or {"kind": "venue", "category": "F4"})}
    found = grounds(pair | changes, document["needs"][0], other)
    return [*map(said, found.speaks_for)], [*map(said, found.caveats)], said(found.missing)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"part": "words", "need": "停车", "offer": "停车"}, "in both: “停车”"),
        (
            {"part": "meaning", "need": "晚上", "offer": "假日", "related": True},
            "words that may be related: “晚上” ↔ “假日”",
        ),
        (
            {"part": "category", "code": "same", "value": "F4"},
            "same category: Parking and mobility",
        ),
        ({"part": "category", "code": "same", "value": "?7"}, "same category: ?7"),
        ({"part": "kind", "code": "same", "value": "venue"}, "same kind: venue"),
        ({"part": "time", "code": "overlap", "value": "ongoing"}, "times overlap: at any time"),
        ({"part": "time", "code": "overlap", "value": None}, "times overlap"),
        ({"part": "target_group", "need": "a", "offer": "b"}, "people served: a ↔ b"),
        ({"part": "weather", "code": "sunny", "value": 3}, "weather: sunny, 3"),
        ({"part": "quantity", "code": "plenty"}, "amount: plenty"),
        ({"part": "place"}, "place"),
    ],
)
def test_evidence_in_words(evidence: dict[str, Any], words: str) -> None:
    assert said_grounds([evidence]) == ([words], [], "")


def test_what_falls_short_and_what_is_missing() -> None:
    short = {"part": "quantity", "code": "amount_short", "need": "80 个", "offer": "60 个"}
    unknown = {"part": "time", "code": "unknown", "value": ""}
    fields = ["need.time_window", "offer.shoe_size"]
    found = said_grounds([short, unknown], missing_fields=fields, issues=["amount_short", "odd"])
    assert found == (
        [],
        ["the amount falls short: 80 个 needed, 60 个 offered", "odd"],
        "not said: when it is needed, offer.shoe_size",
    )
    assert said_grounds([unknown])[1] == ["nothing said about the time"]
    amounts = said_grounds([], issues=["amount_short"])[1]
    assert amounts == ["the amount falls short: 80 个 needed, 1 处 offered"]


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
        ("2023-06-01/2023-09-30;2/quarter", "1 June 2023 – 30 September 2023, 2× a quarter", None),
        ("../2023-06-30", "until 30 June 2023", "2023年6月30日前"),
        ("2023-06-01/..", "from 1 June 2023", "2023年6月1日起"),
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


def test_shares_are_never_rounded_up_to_whole() -> None:
    assert percent(9999, 10000) == "99.9%"
    assert percent(962, 1000) == "96.2%"
    assert percent(47127, 58618) == "80.4%"
    assert percent(1000, 1000) == "100.0%"
    assert percent(0, 0) == "—"


def test_a_sentence_whose_places_are_not_filled_is_shown_unfilled() -> None:
    assert said(Text("%(a)s", {"b": 1})) == "%(a)s"
    assert said(Text("%(n)d of %(m)s", {"n": 2, "m": "x"})) == "2 of x"
