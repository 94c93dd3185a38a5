"""A comparison is checked again from its rows: junk is found, whatever its digest says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from twosided import Market

from lianqiao.language import Text
from lianqiao.matching.comparison import compared
from lianqiao.matching.document import PlanDocument, digest
from lianqiao.matching.recheck import findings
from lianqiao.matching.recheck_comparison import DOES_NOT_HOLD, PARTS
from tests.matching.test_comparison import PINS, decided, planned, row


@pytest.fixture(scope="module")
def whole() -> tuple[PlanDocument, Market]:
    """One signed pair of each kind, one row that nobody could tell, one written twice."""
    document, round_ = planned(*PINS, decided("N4", "O3", "pinned"))
    doubtful = {**row("N3", "O9", "outside"), "need_told": "N3"}
    twice = {**row("N1", "O1"), "verdict": "duplicate", "of": 0}
    rows: Any = [row("N1", "O1"), row("N2", "O4"), row("N5", "O3"), doubtful, twice]
    document["comparison"] = compared(document, round_, rows, {"total": 1})
    document["digest"] = digest(document)
    return document, round_.market


def test_an_honest_comparison_is_clean(whole: tuple[PlanDocument, Market]) -> None:
    document, market = whole
    comparison = document["comparison"]
    assert [len(comparison["agreed"]), len(comparison["different"])] == [1, 1]
    assert len(comparison["lost"]) == 1
    assert findings(document, market, "") == []


JUNK: dict[str, tuple[str, Callable[[Any], object]]] = {
    "a row of nobody": ("rows", lambda said: said["rows"][0].update(need="N9")),
    "a verdict of nobody": ("rows", lambda said: said["rows"][3].update(verdict="fine")),
    "a certainty of two": ("rows", lambda said: said["rows"][0].update(certainty=2)),
    "a row for another pair": ("agreed", lambda said: said["rows"][0].update(offer="O2")),
    "agreed dropped": ("agreed", lambda said: said["agreed"].clear()),
    "agreed invented": ("agreed", lambda said: said["agreed"].append(said["lost"][0])),
    "score": ("different", lambda said: said["different"][0].update(score=1.5)),
    "reason": ("different", lambda said: said["different"][0].update(reason="withdrawn")),
    "partner": ("different", lambda said: said["different"][0].update(planned=[])),
    "holder": ("lost", lambda said: said["lost"][0].update(holders=["N1"])),
    "rows of a pair": ("agreed", lambda said: said["agreed"][0].update(written=[0])),
    "certainty of a pair": ("lost", lambda said: said["lost"][0].update(certainty=0.1)),
    "newly": ("newly_served", lambda said: said["newly_served"].pop()),
    "community": (
        "communities_newly_served",
        lambda said: said["communities_newly_served"].append("中社区"),
    ),
    "left out": ("communities_lost", lambda said: said["communities_lost"].append("中社区")),
    "swaps": ("figures", lambda said: said["figures"]["signed"].update(would_swap=9)),
    "fit": ("figures", lambda said: said["figures"]["plan"].update(score=1)),
    "signed fit": ("figures", lambda said: said["figures"]["signed"].update(score=1)),
    "sentences": ("summary", lambda said: said["summary"].pop(0)),
    "a sentence": ("summary", lambda said: said["summary"][0]["values"].update(agreed=3)),
}


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_found_under_a_fresh_digest(whole: tuple[PlanDocument, Market], junk: str) -> None:
    part, change = JUNK[junk]
    document = copy.deepcopy(whole[0])
    change(document["comparison"])
    document["digest"] = digest(document)
    assert Text(DOES_NOT_HOLD, {"part": Text(PARTS[part])}) in findings(document, whole[1], "")
