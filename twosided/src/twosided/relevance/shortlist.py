"""Candidates for long lists: for each need the offers worth scoring in full.

The fast score of a pair is the part of its log-odds that needs no word to be compared with every
other: likeness of the texts' vectors, shared characters and pieces, typed fields. It is computed
for every pair, in blocks of needs. What long lists leave out of it (directions of the vectors, the
commonest characters) is made good for the few hundred best of each need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._shortlist_best import Places, first_of_each, pick_best
from twosided.relevance._shortlist_meaning import MeaningTerm, meaning_term
from twosided.relevance._shortlist_recalled import recall
from twosided.relevance._shortlist_terms import (
    BARRED,
    EVERYTHING,
    WORK_PER_NEED,
    Scores,
    SharedTerm,
    field_terms,
    shared_term,
)
from twosided.relevance._threads import run_side_by_side
from twosided.relevance.encoder import Encoder
from twosided.relevance.item import Item
from twosided.relevance.logistic import Weights, load_weights
from twosided.relevance.reading import Reading, read_item
from twosided.relevance.words import cut_pairs, cut_pieces

CANDIDATES = 60
_BLOCK_SCORES = 8_000_000  # scores held at a time by each thread, 4 bytes each
_MOST_ROWS = 256
# Beyond so many pairs something is left out first, and so many more are then compared in full.
EXACT_PAIRS = 200_000_000
_SPARE = 600

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Shortlist:
    """Candidates by need: offer[start[i]:start[i + 1]] are those of need i, best first.

    start: (N + 1,) int64. offer: (start[-1],) int32, positions in the list of offers.
    """

    start: NDArray[np.int64]
    offer: NDArray[np.int32]

    def of(self, i: int) -> NDArray[np.int32]:
        """The candidates of need i, best first."""
        return self.offer[self.start[i] : self.start[i + 1]]


class Term(Protocol):
    """A part of the fast score."""

    def add(self, needs: slice, scores: Scores) -> None: ...


def shortlist(
    needs: Sequence[Item],
    offers: Sequence[Item],
    encoder: Encoder | None,
    *,
    k: int = CANDIDATES,
    barred: int = 0,
    weights: Weights | None = None,
    progress: Progress | None = None,
) -> Shortlist:
    """Return for each need the k offers with the best fast score, by an encoder or None.

    Pairs that cannot be (time, kind, place) come after all others; `barred` more of them are
    taken, the best first. weights: those of the score, as shipped unless given. progress: called
    with (needs done, needs) now and then.

    Deterministic; equal scores in list order. Either list may be empty. ValueError naming `k` or
    `barred` if below 1 or 0. Time O(N·M), about 25 nanoseconds a pair on one core, and encoding;
    memory O((N + M) · d + N·k) and 100 MB of blocks.
    """
    if k < 1:
        raise ValueError(f"k: {k} candidates; at least 1 is wanted")
    if barred < 0:
        raise ValueError(f"barred: {barred}; none or more are wanted")
    weights = weights or load_weights("lexical" if encoder is None else "default")
    left = tuple(read_item(item) for item in needs)
    right = tuple(read_item(item) for item in offers)
    return shortlist_readings(
        left, right, encoder, k=k, barred=barred, weights=weights, progress=progress
    )


def shortlist_readings(
    needs: Sequence[Reading],
    offers: Sequence[Reading],
    encoder: Encoder | None,
    *,
    k: int,
    barred: int,
    weights: Weights,
    fields: bool = True,
    progress: Progress | None = None,
) -> Shortlist:
    """Return the shortlist of items that are read already; see `shortlist` and `terms_of`."""
    terms = terms_of(needs, offers, recall(encoder), weights, fields=fields)
    size = max(1, min(_MOST_ROWS, _BLOCK_SCORES // max(1, len(offers))))
    blocks = [slice(at, min(at + size, len(needs))) for at in range(0, len(needs), size)]
    counts, found = [np.zeros(1, dtype=np.int64)], [np.zeros(0, dtype=np.int32)]

    def pick(block: slice) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        return _pick(terms, block, score_block(terms, block, len(offers)), k, barred)

    for block, (count, offer) in zip(blocks, run_side_by_side(pick, blocks), strict=True):
        counts.append(count)
        found.append(offer)
        if progress:
            progress(block.stop, len(needs))
    return Shortlist(np.cumsum(np.concatenate(counts)), np.concatenate(found))


def terms_of(
    needs: Sequence[Reading],
    offers: Sequence[Reading],
    encoder: Encoder | None,
    weights: Weights,
    *,
    exact: bool = False,
    fields: bool = True,
) -> list[Term]:
    """The parts of the fast score: meaning, shared terms, fields.

    exact: with nothing left out, however long the lists. fields: with typed fields and filters.
    """
    brief = len(needs) * len(offers) > EXACT_PAIRS and not exact
    work = WORK_PER_NEED if brief else EVERYTHING
    terms: list[Term] = [meaning_term(needs, offers, encoder, weights.weights, brief=brief)]
    for name, cut in (("words.pairs", cut_pairs), ("words.pieces", cut_pieces)):
        texts = [cut(one.text) for one in needs], [cut(one.text) for one in offers]
        terms.append(shared_term(*texts, weights.weights.get(name, 0.0), work))
    return [*terms, *(field_terms(needs, offers, weights.weights) if fields else ())]


def score_block(terms: Sequence[Term], needs: slice, offers: int) -> Scores:
    """Return the fast scores of a block of needs with all offers, log-odds but for a constant."""
    scores = np.zeros((needs.stop - needs.start, offers), dtype=np.float32)
    for term in terms:
        term.add(needs, scores)
    return scores


def _pick(
    terms: Sequence[Term], needs: slice, scores: Scores, k: int, barred: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return how many offers each need of the block has, and which, best first."""
    meaning = next(term for term in terms if isinstance(term, MeaningTerm))
    rows, columns = pick_best(scores, k + _SPARE if meaning.is_brief else k)
    if meaning.is_brief:
        for term in terms:
            if isinstance(term, MeaningTerm | SharedTerm):
                scores[rows, columns] += term.refine(rows + needs.start, columns)
        rows, columns = first_of_each(rows, columns, scores[rows, columns], k)
    if barred:
        rows, columns = _append(rows, columns, *_pick_barred(scores, rows, columns, barred))
    return np.bincount(rows, minlength=len(scores)), columns.astype(np.int32)


def _pick_barred(
    scores: Scores, rows: Places, columns: Places, barred: int
) -> tuple[Places, Places]:
    """The best of the pairs that cannot be, as far as their texts fit like one picked."""
    worst = np.full(len(scores), -BARRED, dtype=np.float32)
    np.minimum.at(worst, rows, np.maximum(scores[rows, columns], BARRED / 2))
    near = (scores < BARRED / 2) & (scores >= (worst + BARRED)[:, None])
    near[rows, columns] = False
    also, there = np.nonzero(near)
    return first_of_each(also, there, scores[also, there], barred)


def _append(
    rows: Places, columns: Places, more_rows: Places, more_columns: Places
) -> tuple[Places, Places]:
    order = np.argsort(np.r_[rows, more_rows], kind="stable")
    return np.r_[rows, more_rows][order], np.r_[columns, more_columns][order]
