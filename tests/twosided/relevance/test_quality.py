"""Whether the right offers come first: on the example district and on lists never learnt from."""

from __future__ import annotations

from pathlib import Path

import pytest
from twosided.relevance import Encoder, Relevance, relate

from tests.twosided.relevance.sample import (
    CROSSED,
    DISTRICT,
    ENGLISH,
    GOOD,
    OTHER_CITY,
    Grades,
    Thing,
    read_grades,
    read_lists,
)

PUBLISHED = (("N081", "O001"), ("N063", "O003"), ("N090", "O005"), ("N096", "O007"))
# English needs and the Chinese offers of the example district that fit them.
ACROSS = (
    ("N01", "O056 O060"), ("N02", "O068"), ("N03", "O062 O008"), ("N04", "O031 O049"),
    ("N05", "O091"), ("N07", "O090"), ("N08", "O071"), ("N09", "O064 O032"), ("N10", "O073 O054"),
    ("N11", "O015"), ("N12", "O081"), ("N13", "O083"), ("N16", "O063"), ("N18", "O026 O027"),
    ("N19", "O016"), ("N20", "O069"), ("N25", "O008"), ("N26", "O052"),
)  # fmt: skip


def share_hit(
    needs: list[Thing], offers: list[Thing], grades: Grades, relevance: Relevance, depth: int = 5
) -> float:
    """Return the share of needs that have a good offer which show one among the first."""
    hits = []
    for i, need in enumerate(needs):
        good = {offer for (one, offer), grade in grades.items() if one == need.id and grade >= GOOD}
        if good:
            hits.append(any(offers[j].id in good for j in relevance.top(i, depth)))
    return sum(hits) / len(hits)


@pytest.mark.parametrize("mode", ["district", "worded_district"])
def test_published_pairs_are_among_the_first_three(
    mode: str, request: pytest.FixtureRequest
) -> None:
    relevance: Relevance = request.getfixturevalue(mode)
    needs, offers = read_lists(DISTRICT)
    for need_id, offer_id in PUBLISHED:
        i = [need.id for need in needs].index(need_id)
        assert offer_id in [offers[j].id for j in relevance.top(i, 3)]


@pytest.mark.parametrize(
    ("folder", "lexical", "least"),
    [
        (DISTRICT, False, 0.98),
        (DISTRICT, True, 0.97),
        (OTHER_CITY, False, 1.0),
        (OTHER_CITY, True, 1.0),
        (ENGLISH, False, 1.0),
        (ENGLISH, True, 1.0),
    ],
)
def test_good_offers_come_among_the_first_five(
    encoder: Encoder, folder: Path, lexical: bool, least: float
) -> None:
    needs, offers = read_lists(folder)
    relevance = relate(needs, offers, encoder=None if lexical else encoder)
    assert share_hit(needs, offers, read_grades(folder), relevance) >= least


def blank(things: list[Thing]) -> list[Thing]:
    return [Thing(id=one.id, title=one.title, description=one.description) for one in things]


@pytest.mark.parametrize(
    ("folder", "least"), [(DISTRICT, 0.95), (OTHER_CITY, 0.95), (ENGLISH, 0.95)]
)
def test_bare_texts_suffice_with_the_default_model(
    encoder: Encoder, folder: Path, least: float
) -> None:
    needs, offers = (blank(things) for things in read_lists(folder))
    relevance = relate(needs, offers, encoder=encoder)
    assert share_hit(needs, offers, read_grades(folder), relevance) >= least


def test_english_needs_find_chinese_offers_by_text_alone(encoder: Encoder) -> None:
    wanted = {need: offers.split() for need, offers in ACROSS}
    needs = [need for need in blank(read_lists(ENGLISH)[0]) if need.id in wanted]
    offers = blank(read_lists(DISTRICT)[1])
    relevance = relate(needs, offers, encoder=encoder)
    grades = {(need, offer): 3 for need, good in wanted.items() for offer in good}
    assert share_hit(needs, offers, grades, relevance) >= 0.8
    # Though no word is shared, most of them must pass the floor.
    assert (relevance.score.max(axis=1) >= relevance.floor).mean() >= 0.7


@pytest.mark.parametrize("folder", [*CROSSED, ENGLISH, OTHER_CITY])
def test_lists_held_out_are_ranked_and_their_gaps_told(encoder: Encoder, folder: Path) -> None:
    needs, offers = read_lists(folder)
    grades = read_grades(folder)
    relevance = relate(needs, offers, encoder=encoder)
    assert share_hit(needs, offers, grades, relevance, depth=3) == 1.0
    best = relevance.score.max(axis=1).tolist()
    served = {need for (need, _), grade in grades.items() if grade >= GOOD}
    yes = [best[i] for i, need in enumerate(needs) if need.id in served]
    no = [best[i] for i, need in enumerate(needs) if need.id not in served]
    above = sum((one > other) + 0.5 * (one == other) for one in yes for other in no)
    assert above / (len(yes) * len(no)) >= 0.92


@pytest.mark.parametrize("folder", [*CROSSED, DISTRICT, ENGLISH, OTHER_CITY])
def test_no_good_pair_is_filtered(encoder: Encoder, folder: Path) -> None:
    needs, offers = read_lists(folder)
    relevance = relate(needs, offers, encoder=None)
    grades = read_grades(folder)
    lost = [
        (needs[i].id, offers[j].id)
        for i, j in relevance.excluded
        if grades.get((needs[i].id, offers[j].id), 0) > 0
    ]
    assert lost == []


def test_floor_keeps_needs_that_have_a_good_offer(district: Relevance) -> None:
    needs, offers = read_lists(DISTRICT)
    grades = read_grades(DISTRICT)
    best = district.score.max(axis=1)
    served = [any(grades.get((n.id, o.id), 0) >= GOOD for o in offers) for n in needs]
    kept = [best[i] >= district.floor for i, good in enumerate(served) if good]
    told = [best[i] < district.floor for i, good in enumerate(served) if not good]
    assert sum(kept) / len(kept) >= 0.97
    assert sum(told) / len(told) >= 0.4
