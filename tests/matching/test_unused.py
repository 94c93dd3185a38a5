"""Why an offer has no bridge: by how well it fits, and by what ruled out a better need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from twosided.relevance import Relevance

from lianqiao.catalogue.records import Choice
from lianqiao.exchange.wording import STRENGTHS
from lianqiao.matching.planning import plan_round
from lianqiao.matching.reasons import LEAST_FAIR, LEAST_STRONG, SERVED_BY_OTHERS, UNUSED
from lianqiao.matching.round import prepare, relevance_of
from lianqiao.matching.solving import Settings
from tests.matching.test_comparison import NEEDS, OFFERS, decided

CHOSEN, FAINT, FAIR, STRONG = SERVED_BY_OTHERS


def said_of_spare(scores: tuple[int, int], *choices: Choice) -> str:
    """Two needs, each fitting an offer of its own; what is said of a third that fits them so."""
    needs, offers = NEEDS[:2], OFFERS[:3]
    fit = np.array([[900, 0, scores[0]], [0, 900, scores[1]]], dtype=np.uint16)
    measured = relevance_of(needs, offers, "lexical")
    assert isinstance(measured, Relevance)
    relevance = replace(measured, score=fit, unfiltered=fit, excluded={}, floor=80)
    document = plan_round(prepare(needs, offers, choices, relevance), Settings(), {})
    (unused,) = document["unused"]
    assert unused["offer"] == "O3"
    return unused["text"]


@pytest.mark.parametrize(
    ("best", "text"),
    [
        (80, FAINT),
        (399, FAINT),
        (400, FAIR),
        (749, FAIR),
        (750, STRONG),
        (79, UNUSED["no_fitting_offer"]),
    ],
)
def test_it_is_said_as_strongly_as_it_fits(best: int, text: str) -> None:
    assert said_of_spare((best, 0)) == text
    assert said_of_spare((0, best)) == text


def test_what_nothing_but_a_choice_speaks_for_fits_no_need() -> None:
    first = replace(decided("N1", "O1", "pick", "community"), rank=1)
    second = replace(decided("N1", "O3", "pick", "community"), rank=2)
    assert said_of_spare((0, 0), first, second) == CHOSEN


def test_a_need_that_was_ruled_out_says_more_than_one_that_hardly_fits() -> None:
    refused = decided("N2", "O3", "not_acceptable", "institution")
    assert said_of_spare((100, 800), refused) == UNUSED["refused_by_offer_side"]
    assert said_of_spare((800, 100), refused) == STRONG
    assert said_of_spare((800, 790), refused) == STRONG
    assert said_of_spare((0, 800), refused) == UNUSED["refused_by_offer_side"]


def test_the_steps_are_those_of_the_words() -> None:
    assert [least for least, *_ in STRENGTHS] == [LEAST_STRONG, LEAST_FAIR, 0.0]
