"""Likeness of what two texts speak of: the concepts they name, and their nearness to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.encoder import Encoder
from twosided.relevance.meaning import normalise
from twosided.relevance.surroundings import Surroundings
from twosided.relevance.thesaurus import load_thesaurus

Table = NDArray[np.float64]

_NAMED = 0.15  # a concept whose word stands in the text, beside the nearness of the rest
_NOISE = 0.05  # nearness below it is any text's nearness to any concept
USUAL_CONCEPTS = 0.3  # what a text shares with its ten nearest, on average
# How the text features together rank the needs that might want an offer.
RIVALRY = {
    "meaning.concepts": 0.85,
    "meaning.text": 0.4,
    "meaning.words": 0.5,
    "words.pieces": 0.3,
}
_MOST_RIVALRY = 0.3
_USUAL_RIVALRY = 0.1  # between any need and any offer


def compare_concepts(
    needs: Sequence[tuple[str, Mapping[int, object]]],
    offers: Sequence[tuple[str, Mapping[int, object]]],
    encoder: Encoder | None,
    around: Surroundings,
) -> Table:
    """Return how much the texts speak of the same, (N, M), 0 where nothing is known of a side.

    needs, offers: text, and the concepts named in it. Cosine of what each text is about: the
    concepts it names, and with an encoder how near it is to every concept; less what each text
    has with its neighbours.
    """
    rows, columns = find_profiles(needs, encoder), find_profiles(offers, encoder)
    known = np.outer(rows.any(axis=1), columns.any(axis=1))
    alike = around.discount_hubs("concepts", normalise(rows) @ normalise(columns).T, USUAL_CONCEPTS)
    return np.where(known, alike, 0.0)


def find_profiles(
    items: Sequence[tuple[str, Mapping[int, object]]], encoder: Encoder | None
) -> Table:
    """Return what each text is about, (n, concepts), not of unit length."""
    size = len(load_thesaurus().names)
    about = np.zeros((len(items), size))
    if encoder is not None and items:
        texts = [text for text, _ in items]
        vectors = normalise(encoder.encode(texts).astype(np.float64) - encoder.mean)
        written = np.array([bool(text.strip()) for text in texts])
        about = np.maximum(vectors @ place_concepts(encoder).T - _NOISE, 0.0) * written[:, None]
    for at, (_, named) in enumerate(items):
        about[at, list(named)] += _NAMED
    return about


@cache
def _shipped_places() -> Table:
    path = resources.files("twosided.relevance") / "concepts.npy"
    return np.asarray(np.load(str(path)), dtype=np.float64)


def place_concepts(encoder: Encoder) -> Table:
    """Return where each concept lies among the encoder's vectors, (concepts, d), unit length.

    Shipped for the default model; of any other it is worked out from the words of the list.
    """
    if encoder.id.startswith("use-multilingual-3/"):
        return _shipped_places()
    return _place_afresh(encoder)


def _place_afresh(encoder: Encoder) -> Table:
    """Encode all words of a language together: a few hundred texts, not thousands."""
    words = load_thesaurus().words
    sides = [
        normalise(encoder.encode(texts).astype(np.float64) - encoder.mean)
        for texts in ([" ".join(each[0]) for each in words], [", ".join(each[1]) for each in words])
    ]
    return centre_concepts(sides[0] + sides[1])


def centre_concepts(places: Table) -> Table:
    """Return unit vectors from the middle of all concepts to each."""
    unit = normalise(places)
    return normalise(unit - unit.mean(axis=0))


def find_rivals(tables: Mapping[str, Table], around: Surroundings) -> Table:
    """Return how this need's text stands to the offer beside its rivals', (N, M) -0.2 to 0.1.

    0.1 where no need of the list is nearer to the offer. An offer answers the need it is nearest
    to; one that merely looks like it (a fire drill beside blocked fire stairs) seldom has an offer
    of its own. 0 where there is no rival, or nothing to go by.
    """
    near = np.sum([tables[name] * weight for name, weight in RIVALRY.items() if name in tables], 0)
    best = around.find_best(near)
    return np.zeros(near.shape) if best is None else compare_rivals(near, best)


def compare_rivals(near: Table, best: Table) -> Table:
    """Return how near pairs stand beside the nearest ones of their offers."""
    standing = _USUAL_RIVALRY + np.maximum(near - best, -_MOST_RIVALRY)
    return np.where(near == 0.0, 0.0, standing)
