"""Exceptions as a reader meets them: for whose sake, and what removing them would cost."""

from __future__ import annotations

from typing import Any

import pytest

from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import rendered
from lianqiao.language import Translator
from lianqiao.matching.document import PlanDocument
from tests.exchange.sample_plan import sample_plan


def said(value: object, language: str = "en") -> str:
    return rendered(value, Translator(language), str)


def with_remedy(**changes: Any) -> tuple[PlanDocument, Any]:
    """The sample, with a change in the remedy of its first exception."""
    document = sample_plan()
    first: Any = next(pair["exception"] for pair in document["pairs"] if pair["exception"])
    figures = {**first["remedy"]["figures"], **changes.pop("figures", {})}
    first["remedy"] = {**first["remedy"], **changes, "figures": figures}
    return document, first


def cost(document: PlanDocument, language: str = "en") -> str:
    return said(PlanView(document).exceptions[0].cost, language)


def test_who_would_go_without() -> None:
    document, _ = with_remedy(needs_left_out=["N002"], needs_newly_served=[])
    assert cost(document) == "To remove it: 水井坊社区 (N002) would go without."
    assert cost(document, "zh-Hans") == "如要消除：水井坊社区（N002）将没有着落。"
    document, _ = with_remedy(needs_left_out=["N002"], needs_newly_served=["N003"])
    assert cost(document) == (
        "To remove it: 水井坊社区 (N002) would go without, 交子社区 (N003) would be served instead."
    )


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (-0.01, "; the total fit would fall by 1.0%"),
        (0.02, "; the total fit would rise by 2.0%"),
        (-0.0001, ", and the total fit would hardly change"),
    ],
)
def test_what_it_costs_where_nobody_goes_without(by: float, words: str) -> None:
    score = sample_plan()["figures"]["score"]
    figures = {"score": score + round(score * by)}
    document, _ = with_remedy(needs_left_out=[], figures=figures)
    assert cost(document) == f"To remove it: nobody would go without{words}."


def test_new_exceptions_are_part_of_the_price() -> None:
    document, _ = with_remedy(needs_left_out=["N002"], figures={"blocking_pairs": 4})
    assert cost(document).endswith("would go without; new exceptions: 3.")


def test_no_way_and_no_search_are_told_apart() -> None:
    document, first = with_remedy()
    first["remedy"] = None
    assert cost(document) == "To remove it: no small change that would do it was found."
    del first["remedy"]
    assert cost(document) == ""


def test_pairs_of_one_exception_share_one_price() -> None:
    document, first = with_remedy(needs_left_out=["N002"])
    first["blocks"].append(["N009", first["blocks"][0][1]])
    rows = PlanView(document).exceptions
    assert said(rows[0].cost) == ""
    assert said(rows[1].cost).startswith("To remove these 2: ")


def sentence(document: PlanDocument) -> str:
    return said(PlanView(document).exceptions[0].sentence)


def test_nobody_is_said_to_go_back_for_their_own_sake() -> None:
    document, first = with_remedy()
    own = next(n for n in document["needs"] if n["id"] == first["blocks"][0][0])["organisation"]
    assert "so that" in sentence(document)
    first["for"] = own
    assert sentence(document).endswith("they were not paired for the sake of the whole.")


def near_words(document: PlanDocument) -> str:
    return said(PlanView(document).open[0].near[0].why_not)


def test_an_offer_with_room_is_not_called_full() -> None:
    document = sample_plan()
    free = next(row["offer"] for row in document["unused"])
    document["policy"] = "best_fit"
    near = document["unmet"][0]["candidates"] = [
        {"offer": free, "score": 0.0, "why_not": "offers_full"}
    ]
    document["unmet"] = [document["unmet"][0]]
    assert near_words(document) == "has room, but adds nothing to the total fit"
    near[0]["score"] = 0.1
    assert near_words(document) == "full"
    near[0]["score"] = 0.0
    near[0]["offer"] = document["pairs"][0]["offer"]
    for offer in document["offers"]:
        offer["capacity"] = 1
    assert near_words(document) == "full"


def test_under_best_fit_the_total_is_the_reason() -> None:
    document, _ = with_remedy()
    document["policy"] = "best_fit"
    assert sentence(document).endswith("because that would not raise the total fit.")
