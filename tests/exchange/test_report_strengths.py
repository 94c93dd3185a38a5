"""What the report says of strong, faint and merely chosen pairs, and of places that are assumed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from twosided.relevance.logistic import load_weights

from lianqiao.exchange.plan_view import CHOSEN_ARE_FULL, FAINT_ARE_FULL, SOME_PLACES, PlanView
from lianqiao.exchange.report import report_text
from lianqiao.exchange.wording import LEAST_FIT, LEAST_NEAR
from lianqiao.language import Text
from lianqiao.matching.document import PlanDocument
from lianqiao.matching.reasons import sentence_of_need
from tests.exchange.sample_plan import planned, sample_plan
from tests.exchange.test_report import halves, plain


def chosen_plan() -> PlanDocument:
    """Four pairs: a good one, a faint one, one by choice, a pinned one; places 1 and 6 of 6."""
    whole = sample_plan()
    needs, offers = whole["needs"][:8], whole["offers"][:8]
    scores = (0.9, 0.3, 0.001, 0.02)
    ids = zip(needs[:4], offers[:4], scores, strict=True)
    document = planned(needs, offers, [(n["id"], o["id"], s) for n, o, s in ids], policy="x")
    for pair, rank in zip(document["pairs"], (None, None, 1, None), strict=True):
        pair["need_rank"], pair["offer_rank"], pair["pinned"] = rank, None, False
    document["pairs"][3]["pinned"] = True
    return document


def test_the_bridges_are_counted_by_strength() -> None:
    html = report_text(chosen_plan(), language="en")
    counted = [plain(part) for part in re.findall('<ul class="fits".*?</ul>', html, re.DOTALL)]
    chinese, english = (re.sub(" +", " ", part).strip() for part in counted)
    assert chinese == "很合适 1 可能相关 1 因意向对接 1 锁定 1"
    assert english == "fits well 1 possibly related 1 by choice 1 pinned 1"


def pair_tables(html: str) -> list[str]:
    return re.findall('<table class="pairs stack">.*?</table>', html, re.DOTALL)


def test_no_number_stands_where_it_would_say_nothing() -> None:
    html = report_text(chosen_plan(), language="en")
    said = re.findall(r'class="num mute sc">([\d.]+)<', pair_tables(html)[1])
    assert said == ["0.90", "0.30"]
    assert pair_tables(html)[1].count('href="#chosen"') == 2


def with_candidates(*candidates: tuple[str, float]) -> PlanDocument:
    """The first open need is told "full", with candidates (why_not, score)."""
    document = chosen_plan()
    unmet = document["unmet"][0]
    unmet["reason"], unmet["text"] = "offers_full", sentence_of_need("offers_full")
    unmet["candidates"] = [
        {"offer": document["offers"][at]["id"], "score": score, "why_not": why}
        for at, (why, score) in enumerate(candidates)
    ]
    return document


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        (0.4, "Fitting offers are on the list, but all their places are taken."),
        (0.399, FAINT_ARE_FULL),
        (LEAST_FIT, FAINT_ARE_FULL),
        (LEAST_FIT - 0.001, CHOSEN_ARE_FULL),
    ],
)
def test_full_is_said_by_how_well_the_best_fits(score: float, reason: str) -> None:
    document = with_candidates(("offers_full", 0.0), ("offers_full", score))
    view = PlanView(document)
    assert view.open[0].reason == Text(reason)
    assert document["unmet"][0]["reason"] == "offers_full"
    assert reason in report_text(document, language="en")


def test_only_what_fits_has_a_word_for_its_strength() -> None:
    document = with_candidates(
        ("offers_full", 0.5),
        ("offers_full", 0.0),
        ("held_for_community", 0.02),
        ("refused_by_need_side", 0.001),
        ("no_fitting_offer", 0.06),
    )
    said = [near.strength and near.strength.msgid for near in PlanView(document).open[0].near]
    assert said == ["worth a talk", "by choice", "by choice", None, None]


def test_what_is_merely_least_far_off_is_not_named() -> None:
    far = with_candidates(*[("no_fitting_offer", LEAST_NEAR - 0.001)] * 2)
    assert PlanView(far).open[0].near == ()
    chinese, english = map(plain, halves(report_text(far, language="en")))
    assert "没有相近的资源" in chinese
    assert "no offer comes near" in english
    near = with_candidates(("no_fitting_offer", LEAST_NEAR), ("refused_by_need_side", 0.0))
    assert len(PlanView(near).open[0].near) == 2
    whole = plain(report_text(far, language="en")).count("no offer comes near")
    assert plain(report_text(near, language="en")).count("no offer comes near") == whole - 1


def test_the_least_fit_is_the_lower_floor_of_the_engine() -> None:
    assert min(load_weights(mode).floor for mode in ("default", "lexical")) / 1000 == LEAST_FIT


def test_an_assumed_number_of_places_is_explained_by_what_the_list_says() -> None:
    document = with_candidates(*[("offers_full", 0.5)] * 4, ("refused_by_need_side", 0.5))
    amounts: Any = [
        (5.0, 1, True),
        (6.0, 6, True),
        (None, 1, True),
        (5.0, 1, False),
        (5.0, 1, True),
    ]
    for offer, (quantity, places, is_assumed) in zip(document["offers"], amounts, strict=False):
        offer["quantity"], offer["unit"] = quantity, "个"
        offer["capacity"], offer["capacity_assumed"] = places, is_assumed
    rows = PlanView(document).open[0].near
    assert [bool(row.places) for row in rows] == [True, False, False, False, False]
    chinese, english = map(plain, halves(report_text(document, language="en")))
    assert "名额 1 家（清单写“ 5 个 ”，按 1 家计）" in chinese
    assert "1 place (the list says 5 个 ; one partner is assumed)" in english
    document["offers"][0]["capacity"] = 2
    places = Text(SOME_PLACES, {"places": 2, "amount": "5 个"})
    assert PlanView(document).open[0].near[0].places == places
