"""Long lists, scored by their candidates: the same answers as all pairs of short lists give."""

from __future__ import annotations

from itertools import product

import pytest
from twosided.relevance import Encoder, Relevance, load_encoder, relate, relate_lists, related
from twosided.relevance._shortlist_relation import LargeRelevance, relate_large

from tests.twosided.relevance.sample import DISTRICT, OTHER_CITY, read_lists

K = 25


@pytest.fixture(scope="module")
def large(encoder: Encoder) -> LargeRelevance:
    return relate_large(*read_lists(DISTRICT), encoder=encoder, k=K)


def test_listed_scores_and_reasons_are_those_of_all_pairs(
    large: LargeRelevance, district: Relevance
) -> None:
    listed = [(i, int(j)) for i in range(large.shape[0]) for j in large.listed.of(i)]
    assert large.shape == district.shape
    assert len(listed) < 0.5 * district.score.size
    assert [large.score_of(*pair) for pair in listed] == [district.score[pair] for pair in listed]
    assert [large.unfiltered_of(*pair) for pair in listed] == [
        district.unfiltered[pair] for pair in listed
    ]
    assert large.excluded == {
        pair: code for pair, code in district.excluded.items() if pair in set(listed)
    }


def test_whatever_fits_is_listed(large: LargeRelevance, district: Relevance) -> None:
    for i in range(district.shape[0]):
        fitting = [j for j in district.top(i, 10) if district.score[i, j] >= district.floor]
        assert large.top(i, len(fitting)) == fitting


def test_any_other_pair_is_worked_out_when_asked_for(
    large: LargeRelevance, district: Relevance
) -> None:
    unlisted = [
        (i, j)
        for i, j in product(range(0, 104, 9), range(0, 93, 7))
        if large.listed.find(i, j) is None
    ]
    assert len(unlisted) > 50
    for pair in unlisted:
        assert large.score_of(*pair) == district.score_of(*pair)
        assert large.unfiltered_of(*pair) == district.unfiltered_of(*pair)
        assert large.reason(*pair) == district.reason(*pair)
        assert large.features(*pair) == pytest.approx(district.features(*pair), abs=1e-6)


def test_explanations_are_those_of_all_pairs(large: LargeRelevance, district: Relevance) -> None:
    barred = list(large.excluded)[:5]
    for i, j in [*((i, district.top(i, 1)[0]) for i in range(0, 104, 4)), *barred]:
        ours, theirs = large.pair(i, j), district.pair(i, j)
        assert ours.parts == pytest.approx(theirs.parts, abs=2e-6)
        assert abs(sum(ours.parts.values()) - ours.score) < 1e-9
        assert (ours.score, ours.missing_fields, ours.issues) == (
            theirs.score,
            theirs.missing_fields,
            theirs.issues,
        )
        assert [fact["part"] for fact in ours.evidence] == [
            fact["part"] for fact in theirs.evidence
        ]


def test_a_shortlist_of_one_knows_its_rivals(encoder: Encoder) -> None:
    """The nearest need of an offer counts as a rival even where the offer is no candidate of it."""
    needs, offers = read_lists(OTHER_CITY)
    dense, few = (
        relate(needs, offers, encoder=encoder),
        relate_large(needs, offers, encoder=encoder, k=1),
    )
    listed = [(i, int(j)) for i in range(len(needs)) for j in few.listed.of(i)]
    assert all(few.unfiltered_of(*pair) == dense.unfiltered_of(*pair) for pair in listed)


@pytest.mark.parametrize("mode", ["default", "lexical"])
@pytest.mark.parametrize("sizes", [(0, 0), (0, 3), (3, 0), (1, 1), (1, 4), (4, 1)])
def test_the_smallest_lists_are_scored_alike(mode: str, sizes: tuple[int, int]) -> None:
    needs, offers = read_lists(OTHER_CITY)
    few = needs[: sizes[0]], offers[: sizes[1]]
    dense = relate(*few, encoder=load_encoder(mode))
    large = relate_large(*few, encoder=load_encoder(mode))
    assert (large.shape, large.floor, large.model_id, large.model_digest) == (
        dense.shape,
        dense.floor,
        dense.model_id,
        dense.model_digest,
    )
    assert large.excluded == dense.excluded
    for i, j in product(*map(range, sizes)):
        assert large.score_of(i, j) == dense.score_of(i, j)


def test_only_beyond_a_size_are_lists_scored_by_candidates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs, offers = read_lists(OTHER_CITY)
    monkeypatch.setattr(related, "MOST_PAIRS", len(needs) * len(offers))
    assert isinstance(relate_lists(needs, offers, encoder=None), Relevance)
    assert isinstance(relate_lists([*needs, needs[0]], offers, encoder=None), LargeRelevance)


def test_progress_is_told() -> None:
    done: list[tuple[int, int]] = []
    needs, offers = read_lists(DISTRICT)
    relate_large(needs, offers, encoder=None, progress=lambda *step: done.append(step))
    assert done == [(32, 104), (64, 104), (96, 104), (104, 104)]
