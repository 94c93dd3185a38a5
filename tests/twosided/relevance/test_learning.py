"""Learning from decisions: it finds a taste, leaves good weights alone, and keeps its word."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from twosided.relevance import (
    Item,
    Relevance,
    judge,
    learn,
    pack_weights,
    relate,
    unpack_weights,
)

from tests.twosided.relevance.sample import Thing

TOPICS = ("parking", "reading", "gardens", "first aid", "music", "plumbing", "law", "cooking")
KINDS = ("service", "goods", "venue")


def lists() -> tuple[list[Item], list[Item]]:
    needs: list[Item] = [
        Thing(f"N{i}", f"Help with {topic} number {i}", kind=KINDS[i % 3])
        for i, topic in enumerate(TOPICS * 3)
    ]
    offers: list[Item] = [
        Thing(f"O{j}", f"We offer {topic}, round {j}", kind=KINDS[j % 3])
        for j, topic in enumerate(TOPICS * 3)
    ]
    return needs, offers


@pytest.fixture(scope="module")
def relevance() -> Relevance:
    needs, offers = lists()
    return relate(needs, offers, encoder=None)


Pairs = list[tuple[int, int]]


def by_kind(relevance: Relevance) -> tuple[Pairs, list[bool]]:
    """A taste that the shipped weights do not have: only the same kind will do."""
    rows, columns = relevance.score.shape
    pairs = [(i, j) for i in range(rows) for j in range(columns)]
    return pairs, [i % 3 == j % 3 for i, j in pairs]


def by_score(relevance: Relevance) -> tuple[Pairs, list[bool]]:
    """Decisions that are as likely as the shipped score says."""
    rows, columns = relevance.score.shape
    pairs = [(i, j) for i in range(rows) for j in range(columns)]
    chance = np.random.default_rng(3).random(len(pairs))
    accepted = [bool(c < relevance.score[p] / 1000) for c, p in zip(chance, pairs, strict=True)]
    return pairs, accepted


def test_a_taste_is_learnt_and_shows_on_decisions_held_out(relevance: Relevance) -> None:
    learnt = learn(relevance, *by_kind(relevance))
    assert learnt.is_better
    assert learnt.after.log_loss < 0.5 * learnt.before.log_loss
    assert learnt.after.auc > 0.95 > learnt.before.auc
    was, now = learnt.changed["kind.same"]
    assert now > was


def test_decisions_that_agree_with_the_weights_move_little(relevance: Relevance) -> None:
    learnt = learn(relevance, *by_score(relevance))
    assert learnt.after.log_loss < learnt.before.log_loss + 0.02
    assert all(abs(now - was) < 1.0 for was, now in learnt.changed.values())


def test_a_likeness_never_comes_to_speak_against_a_pair(relevance: Relevance) -> None:
    pairs, accepted = by_score(relevance)
    table = relevance.comparison.tables["words.pairs"]
    median = float(np.median([table[pair] for pair in pairs]))
    learnt = learn(relevance, pairs, [bool(table[pair] <= median) for pair in pairs])
    assert learnt.weights.weights["words.pairs"] == 0.0
    assert sum(accepted) > 0


def test_the_same_decisions_teach_the_same(relevance: Relevance) -> None:
    assert learn(relevance, *by_kind(relevance)) == learn(relevance, *by_kind(relevance))


def test_learnt_weights_change_scores_and_the_digest(relevance: Relevance) -> None:
    learnt = learn(relevance, *by_kind(relevance))
    needs, offers = lists()
    again = relate(needs, offers, encoder=None, weights=learnt.weights)
    assert again.model_digest != relevance.model_digest
    same, other = again.score[0, 0::3].mean(), again.score[0, 1::3].mean()
    assert same > other + 300
    assert sum(again.pair(0, 0).parts.values()) == pytest.approx(again.pair(0, 0).score, abs=1e-9)


@pytest.mark.parametrize(
    ("pairs", "accepted", "named"),
    [
        ([(0, 0)], [True], "accepted: 1 accepted and 0 declined"),
        ([(i, 0) for i in range(20)], [True] * 20, "accepted: 20 accepted and 0 declined"),
        ([(0, 0), (1, 1)], [True], "accepted: 1 decisions for 2 pairs"),
        ([(0, 99)] * 20, [True, False] * 10, "pairs: an index outside"),
        ([(-1, 0)] * 20, [True, False] * 10, "pairs: an index outside"),
        ([(0, 0)] * 20, [True, False] * 10, "pairs: decisions about at least 5 needs"),
    ],
)
def test_too_little_is_refused(
    relevance: Relevance, pairs: Pairs, accepted: list[bool], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        learn(relevance, pairs, accepted)


def test_figures_of_a_judgement() -> None:
    figures = judge([0.95, 0.85, 0.15, 0.05], [1, 1, 0, 0])
    assert figures.auc == 1.0
    assert figures.brier == pytest.approx(0.0125)
    assert figures.calibration == pytest.approx(0.1)
    assert figures.log_loss == pytest.approx(-(np.log(0.95) + np.log(0.85)) / 2)
    assert np.isnan(judge([0.5], [1]).auc)


def test_packed_weights_come_back(relevance: Relevance) -> None:
    learnt = learn(relevance, *by_kind(relevance))
    assert unpack_weights(pack_weights(learnt, "lexical"), "lexical") == learnt.weights


SPOILT: dict[str, Any] = {
    "format": lambda packed: packed.update(format="other"),
    "mode": lambda packed: packed.update(mode="default"),
    "a feature less": lambda packed: packed["weights"].pop("words.pairs"),
    "a feature more": lambda packed: packed["weights"].update({"x.y": 1.0}),
    "no number": lambda packed: packed["weights"].update({"words.pairs": "1"}),
    "a truth": lambda packed: packed["weights"].update({"words.pairs": True}),
    "not finite": lambda packed: packed.update(base=float("nan")),
    "too large": lambda packed: packed.update(base=1e9),
    "far too large": lambda packed: packed.update(base=10**400),
    "floor": lambda packed: packed.update(floor=1001),
    "floor as text": lambda packed: packed.update(floor="98"),
    "no weights": lambda packed: packed.pop("weights"),
}


@pytest.mark.parametrize("change", SPOILT)
def test_spoilt_weights_are_refused(relevance: Relevance, change: str) -> None:
    packed = pack_weights(learn(relevance, *by_kind(relevance)), "lexical")
    SPOILT[change](packed)
    with pytest.raises(ValueError, match=r"^weights: "):
        unpack_weights(packed, "lexical")
    with pytest.raises(ValueError, match=r"^weights: "):
        unpack_weights([packed], "lexical")


def test_learnt_is_frozen(relevance: Relevance) -> None:
    learnt = learn(relevance, *by_kind(relevance))
    with pytest.raises(dataclasses.FrozenInstanceError):
        learnt.hold = 1.0  # type: ignore[misc]  # that is what is tried
