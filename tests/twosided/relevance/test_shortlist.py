"""Shortlists for long lists: nothing that counts is left out, and the scores stay the same."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from twosided.relevance import Encoder, load_encoder, shortlist
from twosided.relevance._shortlist_best import pick_best
from twosided.relevance._shortlist_meaning import MeaningTerm
from twosided.relevance._shortlist_products import walk_pairs
from twosided.relevance._shortlist_terms import BARRED, SharedTerm
from twosided.relevance.features import Comparison, compare_readings
from twosided.relevance.logistic import load_weights
from twosided.relevance.reading import Reading, read_item
from twosided.relevance.shortlist import Shortlist, Term, score_block, terms_of
from twosided.relevance.shortlist import shortlist as make_shortlist
from twosided.relevance.surroundings import ALONE

from tests.twosided.relevance.sample import DISTRICT, OTHER_CITY, Thing, read_lists

JUDGED = DISTRICT.parents[2] / "bench" / "judged"
LISTS = ("county-zh", "company-zh", "borough-en", "volunteers-en")
DEPTH = 30
# What the fast score knows of a pair; the rest needs all words or all rivals.
KNOWN = ("words.", "meaning.concepts", "meaning.text", "meaning.across", "meaning.apart")
KNOWN += ("category.", "kind.same", "kind.near", "kind.other", "target_group.same")
KNOWN += ("target_group.near", "target_group.other", "place.same", "time.overlap", "quantity.unit")

Readings = tuple[Reading, ...]
Scores = NDArray[np.float64]


@pytest.fixture(scope="module")
def lists() -> tuple[list[Thing], list[Thing]]:
    """Several judged lists in both languages as one: 300 and more on each side."""
    needs, offers = read_lists(DISTRICT)
    for name in LISTS:
        more = read_lists(JUDGED / name)
        needs, offers = needs + more[0], offers + more[1]
    return needs, offers


@pytest.fixture(scope="module")
def readings(lists: tuple[list[Thing], list[Thing]]) -> tuple[Readings, Readings]:
    return tuple(map(read_item, lists[0])), tuple(map(read_item, lists[1]))


@pytest.fixture(scope="module")
def comparison(readings: tuple[Readings, Readings], encoder: Encoder) -> Comparison:
    return compare_readings(*readings, encoder, ALONE)


@pytest.fixture(scope="module")
def known_odds(comparison: Comparison) -> Scores:
    """The fast score by the tables of all pairs; nothing of it is shared with the shortlist."""
    odds = np.zeros(next(iter(comparison.tables.values())).shape)
    for name, weight in load_weights("default").weights.items():
        if name.startswith(KNOWN):
            odds += weight * comparison.tables[name]
    return odds


def digest(found: Shortlist) -> str:
    return hashlib.sha256(found.start.tobytes() + found.offer.tobytes()).hexdigest()


def recall(terms: list[Term], odds: Scores) -> float:
    scores = score_block(terms, slice(0, len(odds)), odds.shape[1])
    return recall_of(np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH], scores, odds)


def recall_of(found: NDArray[np.intp], fast: Scores, odds: Scores) -> float:
    allowed = np.where(fast < BARRED / 2, -np.inf, odds)
    best = np.argsort(-allowed, axis=1, kind="stable")[:, :DEPTH]
    return float(np.mean([np.isin(*rows).mean() for rows in zip(best, found, strict=True)]))


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 3), min_size=width, max_size=width), max_size=4
        )
    ),
    st.integers(1, 7),
)
def test_the_best_of_each_row_are_those_of_a_plain_sort(rows: list[list[int]], k: int) -> None:
    scores = np.array(rows, dtype=np.float32).reshape(len(rows), len(rows[0]) if rows else 1)
    found = list(zip(*(places.tolist() for places in pick_best(scores, k)), strict=True))
    assert found == [
        (i, j)
        for i, row in enumerate(rows)
        for j in sorted(range(len(row)), key=lambda j: (-row[j], j))[:k]
    ]


def test_the_best_of_long_rows_are_those_of_a_plain_sort() -> None:
    rng = np.random.default_rng(5)
    scores = rng.integers(0, 4_000, size=(6, 20_000)).astype(np.float32)
    scores[0] = 7.0
    scores[1, ::16] = 9_000.0
    scores[2, : 16 * 20 : 16] = 9_000.0
    _rows, columns = pick_best(scores, 60)
    expected = [np.lexsort((np.arange(20_000), -row))[:60] for row in scores]
    assert columns.reshape(6, 60).tolist() == [one.tolist() for one in expected]


@pytest.mark.parametrize("mode", ["default", "lexical"])
def test_with_room_for_all_every_pair_is_listed_once(mode: str) -> None:
    needs, offers = read_lists(OTHER_CITY)
    found = make_shortlist(needs, offers, load_encoder(mode), k=len(offers), barred=3)
    assert found.start.tolist() == [len(offers) * i for i in range(len(needs) + 1)]
    assert all(sorted(found.of(i)) == list(range(len(offers))) for i in range(len(needs)))


def test_the_fast_score_is_the_known_part_of_the_log_odds(
    readings: tuple[Readings, Readings], encoder: Encoder, known_odds: Scores
) -> None:
    """But for a constant of each need, and pairs that cannot be."""
    terms = terms_of(*readings, encoder, load_weights("default"), exact=True)
    fast = score_block(terms, slice(0, len(known_odds)), known_odds.shape[1])
    gaps = np.where(fast < BARRED / 2, np.nan, fast - known_odds)
    assert np.nanmax(np.nanmax(gaps, axis=1) - np.nanmin(gaps, axis=1)) < 1e-3


def test_neither_half_finds_alone_what_both_find(
    readings: tuple[Readings, Readings], encoder: Encoder, known_odds: Scores
) -> None:
    terms = terms_of(*readings, encoder, load_weights("default"))
    meaning, words, fields = terms[:1], terms[1:3], terms[3:]
    assert recall(terms, known_odds) >= 0.995
    assert recall(meaning + fields, known_odds) < 0.9
    assert recall(words + fields, known_odds) < 0.9
    assert recall(meaning + words, known_odds) < 0.9


def test_long_lists_leave_something_out_first_and_lose_next_to_nothing(
    lists: tuple[list[Thing], list[Thing]],
    readings: tuple[Readings, Readings],
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terms = terms_of(*readings, encoder, load_weights("default"), exact=True)
    exact = score_block(terms, slice(0, len(lists[0])), len(lists[1]))
    monkeypatch.setattr(shortlist, "EXACT_PAIRS", 0)
    monkeypatch.setattr(shortlist, "WORK_PER_NEED", 100)
    monkeypatch.setattr(shortlist, "_SPARE", 60)
    found = make_shortlist(*lists, encoder, k=DEPTH)
    listed = np.array([found.of(i) for i in range(len(lists[0]))], dtype=np.intp)
    assert recall_of(listed, exact, exact.astype(np.float64)) >= 0.99


def test_what_was_left_out_is_made_good_to_the_last_digit(
    readings: tuple[Readings, Readings], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs, offers = len(readings[0]), len(readings[1])
    exact = terms_of(*readings, encoder, load_weights("default"), exact=True)
    monkeypatch.setattr(shortlist, "EXACT_PAIRS", 0)
    monkeypatch.setattr(shortlist, "WORK_PER_NEED", 100)
    brief = terms_of(*readings, encoder, load_weights("default"))
    rows, columns = (at.ravel() for at in np.indices((needs, offers)))
    scores = score_block(brief, slice(0, needs), offers)
    assert np.abs(scores - score_block(exact, slice(0, needs), offers)).max() > 0.5
    for term in brief:
        if isinstance(term, MeaningTerm | SharedTerm):
            scores[rows, columns] += term.refine(rows, columns)
    assert np.abs(scores - score_block(exact, slice(0, needs), offers)).max() < 1e-3


def test_a_walk_along_two_rows_multiplies_what_both_hold() -> None:
    """The kernel as plain Python, beside the product of the whole tables."""
    chance = np.random.default_rng(5)
    left, right = (scipy.sparse.csr_array(chance.random((9, 30)) * (chance.random((9, 30)) < 0.4))
                   for _ in range(2))  # fmt: skip
    kept = chance.random(30) < 0.5
    rows, columns = (at.ravel() for at in np.indices((9, 9)))
    some, every = np.zeros(81), np.zeros(81)
    sides = [part for side in (left, right) for part in (side.indptr, side.indices, side.data)]
    walk_pairs(*sides, kept, rows, columns, some, every)
    assert np.allclose(every, (left @ right.T).toarray().ravel())
    assert np.allclose(some, (left[:, kept] @ right[:, kept].T).toarray().ravel())


def test_blocks_threads_and_processes_change_nothing(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[int, int]] = []
    monkeypatch.setattr(shortlist, "_MOST_ROWS", 7)
    needs, offers = read_lists(OTHER_CITY)
    here = make_shortlist(
        needs, offers, encoder, k=5, barred=2, progress=lambda *step: done.append(step)
    )
    script = (
        "from tests.twosided.relevance.test_shortlist import *\n"
        "lists = read_lists(OTHER_CITY)\n"
        "print(digest(make_shortlist(*lists, load_encoder(), k=5, barred=2)))"
    )
    there = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert there.stdout.strip() == digest(here)
    assert done == [(7, len(needs)), (14, len(needs)), (21, len(needs)), (len(needs), len(needs))]


@pytest.mark.parametrize("mode", ["default", "lexical"])
@pytest.mark.parametrize("sizes", [(0, 0), (0, 3), (3, 0)])
def test_an_empty_list_has_no_candidates(mode: str, sizes: tuple[int, int]) -> None:
    needs, offers = read_lists(OTHER_CITY)
    found = make_shortlist(needs[: sizes[0]], offers[: sizes[1]], load_encoder(mode), barred=1)
    assert found.start.tolist() == [0] * (sizes[0] + 1)
    assert found.offer.tolist() == []


@pytest.mark.parametrize(("k", "barred", "name"), [(0, 0, "k"), (1, -1, "barred")])
def test_a_number_that_makes_no_sense_is_named(k: int, barred: int, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: "):
        make_shortlist([], [], None, k=k, barred=barred)


def test_what_cannot_be_comes_after_all_that_can_and_has_places_of_its_own() -> None:
    need = Thing(title="停车位", sub_district="甲街道", kind="venue")
    offers = [
        Thing(title="停车位", sub_district="乙街道", kind="venue"),
        Thing(title="停车位开放", sub_district="甲街道", kind="venue"),
        Thing(title="合唱队", sub_district="甲街道", kind="venue"),
        Thing(title="车位", sub_district="丙街道", kind="venue"),
    ]
    assert make_shortlist([need], offers, None, k=2).of(0).tolist() == [1, 2]
    assert make_shortlist([need], offers, None, k=2, barred=1).of(0).tolist() == [1, 2, 0]
    assert make_shortlist([need], offers, None, k=4).of(0).tolist()[:2] == [1, 2]
