"""The features of listed pairs, measured block by block within the whole of two long lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._shortlist_around import Measured, Places, Whole, compare_part
from twosided.relevance.concepts import RIVALRY, compare_rivals
from twosided.relevance.encoder import Encoder
from twosided.relevance.filters import exclude_pairs
from twosided.relevance.logistic import Weights
from twosided.relevance.shortlist import Progress, Shortlist, shortlist_readings

# Each offer's nearest needs are listed too: against them the other needs are measured as rivals.
NEAREST_NEEDS = 5
_BLOCK = 32
_SCORED_AT_ONCE = 100_000
Pairs = dict[tuple[int, int], str]


@dataclass(frozen=True)
class Listed:
    """Pairs by need: offer[start[i]:start[i + 1]] are the offers of need i, in list order.

    order: the needs, those with the same best offer together, so that a block shares offers.
    """

    start: NDArray[np.int64]
    offer: NDArray[np.int64]
    order: Places

    def of(self, i: int) -> NDArray[np.int64]:
        return self.offer[self.start[i] : self.start[i + 1]]

    def find(self, i: int, j: int) -> int | None:
        """Return the position of a pair, None if it is not listed."""
        offers = self.of(i)
        at = int(np.searchsorted(offers, j))
        return int(self.start[i]) + at if at < len(offers) and offers[at] == j else None


@dataclass(frozen=True)
class ListedScores:
    """thousandths: of each listed pair, as if nothing were excluded. excluded: of the listed pairs
    those that cannot be → reason code. best: (M,) how near each offer is to its nearest need.
    """

    thousandths: NDArray[np.uint16]
    excluded: Pairs
    best: NDArray[np.float64]


def list_pairs(whole: Whole, encoder: Encoder | None, found: Shortlist) -> Listed:
    """The candidates of every need, and the nearest needs of every offer."""
    size = max(1, len(whole.offers))
    nearest = shortlist_readings(
        whole.offers,
        whole.needs,
        encoder,
        k=NEAREST_NEEDS,
        barred=0,
        weights=Weights(0.0, RIVALRY, 0),
        fields=False,
    )
    counts = np.diff(found.start)
    ours = np.repeat(np.arange(len(counts)), counts) * size + found.offer
    theirs = nearest.offer.astype(np.int64) * size
    theirs += np.repeat(np.arange(len(whole.offers)), np.diff(nearest.start))
    pairs = np.unique(np.concatenate([ours, theirs]))
    start = np.searchsorted(pairs, np.arange(len(counts) + 1) * size)
    first = np.full(len(counts), -1, dtype=np.int64)
    first[counts > 0] = found.offer[found.start[:-1][counts > 0]]
    return Listed(start.astype(np.int64), pairs % size, np.argsort(first, kind="stable"))


def score_pairs(
    whole: Whole,
    encoder: Encoder | None,
    listed: Listed,
    weights: Weights,
    progress: Progress | None = None,
) -> ListedScores:
    """Score every listed pair; rivals are compared once all pairs are measured."""
    features = {name: np.zeros(len(listed.offer), np.float32) for name in weights.weights}
    near = np.zeros(len(listed.offer))
    excluded: Pairs = {}
    done = 0
    for rows in _blocks(listed):
        excluded |= _measure(whole, encoder, listed, rows, features, near)
        done += len(rows)
        if progress:
            progress(done, len(whole.needs))
    best = np.full(len(whole.offers), -np.inf)
    np.maximum.at(best, listed.offer, near)
    best[np.isinf(best)] = 0.0
    if len(whole.needs) > 1:
        features["meaning.rival"][:] = compare_rivals(near, best[listed.offer])
    return ListedScores(_score(features, weights, len(near)), dict(sorted(excluded.items())), best)


def _blocks(listed: Listed) -> Iterator[Places]:
    if not len(listed.offer):
        return
    for at in range(0, len(listed.order), _BLOCK):
        yield np.sort(listed.order[at : at + _BLOCK])


def _measure(
    whole: Whole,
    encoder: Encoder | None,
    listed: Listed,
    rows: Places,
    features: dict[str, NDArray[np.float32]],
    near: NDArray[np.float64],
) -> Pairs:
    """Fill in the features of a block of needs, and return its pairs that cannot be."""
    offers = [listed.of(i) for i in rows.tolist()]
    columns = np.unique(np.concatenate(offers))
    part = Measured(whole, rows, columns, None, [])
    comparison = compare_part(part, encoder)
    pick = (
        np.repeat(np.arange(len(rows)), [len(each) for each in offers]),
        np.searchsorted(columns, np.concatenate(offers)),
    )
    spans = [np.arange(listed.start[i], listed.start[i + 1]) for i in rows.tolist()]
    place = np.concatenate(spans)
    for name, column in features.items():
        column[place] = comparison.tables[name][pick]
    near[place] = part.near[0][pick]
    barred = exclude_pairs(comparison.needs, comparison.offers)
    wanted = set(zip(pick[0].tolist(), pick[1].tolist(), strict=True))
    return {
        (int(rows[i]), int(columns[j])): code for (i, j), code in barred.items() if (i, j) in wanted
    }


def _score(
    features: dict[str, NDArray[np.float32]], weights: Weights, pairs: int
) -> NDArray[np.uint16]:
    thousandths = np.zeros(pairs, dtype=np.uint16)
    for at in range(0, pairs, _SCORED_AT_ONCE):
        some = slice(at, at + _SCORED_AT_ONCE)
        thousandths[some] = weights.score(
            {name: column[some].astype(np.float64) for name, column in features.items()}
        )
    thousandths.setflags(write=False)
    return thousandths
