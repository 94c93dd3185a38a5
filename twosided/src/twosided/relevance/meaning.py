"""Likeness of meaning by an encoder: of whole texts, and word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.encoder import Encoder
from twosided.relevance.lexical import Rarity
from twosided.relevance.reading import Reading
from twosided.relevance.surroundings import Surroundings
from twosided.relevance.words import FIRST_HAN

Number = TypeVar("Number", np.float32, np.float64)

_NOISE = 0.2  # below it, two words are as alike as any two words
USUAL_TEXT, _USUAL_COVERAGE = 0.13, 0.11  # what a text has with its ten nearest, on average
RELATED = 0.45  # two words so alike may stand for one thing
_SHARED_CHARACTER = 0.8  # 腿脚 and 跑腿 look alike to an encoder for one character only


def compare_texts(
    needs: Sequence[str], offers: Sequence[str], encoder: Encoder, around: Surroundings
) -> NDArray[np.float64]:
    """Return how alike the texts are, (N, M) about -0.5 to 0.9; 0 where a text is empty.

    Cosine of the vectors, centred, less what each text has with its neighbours (see below).
    """
    vectors = encoder.encode([*needs, *offers]).astype(np.float64)
    written = np.array([bool(text.strip()) for text in (*needs, *offers)])
    centred = normalise(vectors - encoder.mean) * written[:, None]
    cosines = centred[: len(needs)] @ centred[len(needs) :].T
    known = np.outer(written[: len(needs)], written[len(needs) :])
    return np.where(known, around.discount_hubs("text", cosines, USUAL_TEXT), 0.0)


@dataclass(frozen=True)
class Alignment:
    """How alike each word of the needs is to each word of the offers.

    likeness: (V, W) in [0, 1], 1 for the same word, noise cut away. need_words, offer_words: row
    and column of a word's form. coverage: (N, M), the weighed share of each side's words that
    the other side meets, mean of both directions, less what each side has with its neighbours.
    """

    likeness: NDArray[np.float32]
    need_words: dict[str, int]
    offer_words: dict[str, int]
    coverage: NDArray[np.float64]

    @cached_property
    def related(self) -> Mapping[str, Mapping[str, float]]:
        """Form of a need's word → forms of the offers' words related to it, and how alike."""
        mine, theirs = list(self.need_words), list(self.offer_words)
        found: dict[str, dict[str, float]] = {}
        rows, columns = np.nonzero(self.likeness >= RELATED)
        alike = self.likeness[rows, columns].tolist()
        for row, column, strength in zip(rows.tolist(), columns.tolist(), alike, strict=True):
            found.setdefault(mine[row], {})[theirs[column]] = strength
        return found


def align_words(
    needs: Sequence[Reading],
    offers: Sequence[Reading],
    rarity: Rarity,
    encoder: Encoder,
    around: Surroundings,
) -> Alignment:
    """Align the words of all needs with those of all offers: O(V·W·d + V·total offer words)."""
    rows, row_keys = _number_forms(needs)
    columns, column_keys = _number_forms(offers)
    likeness = _compare_words(row_keys, column_keys, encoder)
    row_weights = np.array([rarity.weigh(key) for key in row_keys.values()])
    column_weights = np.array([rarity.weigh(key) for key in column_keys.values()])
    forward = _cover(needs, offers, rows, columns, likeness, row_weights)
    backward = _cover(offers, needs, columns, rows, likeness.T, column_weights).T
    coverage = around.discount_hubs("words", (forward + backward) / 2.0, _USUAL_COVERAGE)
    worded = _say_worded(needs), _say_worded(offers)
    return Alignment(
        likeness, rows, columns, np.where(worded[0][:, None] & worded[1], coverage, 0.0)
    )


def _say_worded(items: Sequence[Reading]) -> NDArray[np.bool_]:
    return np.array([bool(item.telling) for item in items], dtype=np.bool_)


def _number_forms(items: Sequence[Reading]) -> tuple[dict[str, int], dict[str, str]]:
    keys = {word.form: word.key for item in items for word in item.telling.values()}
    keys = {form: keys[form] for form in sorted(keys)}
    return {form: at for at, form in enumerate(keys)}, keys


def _compare_words(
    rows: dict[str, str], columns: dict[str, str], encoder: Encoder
) -> NDArray[np.float32]:
    centred = normalise(encoder.encode([*rows, *columns]) - encoder.word_mean)
    likeness = centred[: len(rows)] @ centred[len(rows) :].T
    alike = _share_one_character(rows, columns)
    np.multiply(likeness, np.float32(_SHARED_CHARACTER), out=likeness, where=alike)
    likeness -= _NOISE
    likeness /= 1.0 - _NOISE
    np.clip(likeness, 0.0, 1.0, out=likeness)
    same: dict[str, list[int]] = {}
    for at, key in enumerate(columns.values()):
        same.setdefault(key, []).append(at)
    for at, key in enumerate(rows.values()):
        if key in same:
            likeness[at, same[key]] = 1.0
    return likeness


def _share_one_character(rows: dict[str, str], columns: dict[str, str]) -> NDArray[np.bool_]:
    """Say of every couple of words whether they have exactly one Chinese character in common."""
    shared = np.zeros((len(rows), len(columns)), dtype=np.int16)
    holding = _index_characters(columns)
    for character, words in _index_characters(rows).items():
        if character in holding:
            shared[np.array(words)[:, None], holding[character]] += 1
    return np.asarray(shared == 1)


def _index_characters(words: dict[str, str]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        for character in set(word):
            if character >= FIRST_HAN:
                index.setdefault(character, []).append(at)
    return index


def _cover(
    items: Sequence[Reading],
    others: Sequence[Reading],
    rows: dict[str, int],
    columns: dict[str, int],
    likeness: NDArray[np.float32],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the weighed share of each item's words that the best word of each other one meets."""
    nearest = np.zeros((len(others), len(rows)))
    by_column = np.ascontiguousarray(likeness.T)
    for at, other in enumerate(others):
        if other.telling:
            nearest[at] = by_column[[columns[form] for form in other.telling]].max(axis=0)
    best = np.ascontiguousarray(nearest.T)
    shares = np.zeros((len(items), len(rows)))
    for at, item in enumerate(items):
        held = sorted({rows[word.form] for word in item.telling.values()})
        if held:
            shares[at, held] = weights[held] / weights[held].sum()
    return np.asarray(shares @ best)


def normalise(vectors: NDArray[Number]) -> NDArray[Number]:
    """Return the rows at unit length; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=vectors.dtype)
