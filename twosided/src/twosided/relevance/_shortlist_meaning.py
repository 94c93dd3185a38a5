"""Likeness of meaning as a term of the fast score: whole texts, and what they speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.concepts import USUAL_CONCEPTS, find_profiles
from twosided.relevance.encoder import Encoder
from twosided.relevance.features import differ_in_script
from twosided.relevance.meaning import USUAL_TEXT, normalise
from twosided.relevance.reading import Reading
from twosided.relevance.surroundings import measure_hubs

Scores = NDArray[np.float32]
Places = NDArray[np.intp]

# Others that a text is measured against to see what it has in common with anything.
MOST_OTHERS = 2_048
# Directions kept of long lists' vectors; what they lose is made good for the pairs picked.
_DIRECTIONS = {"text": 112, "concepts": 48}
# More texts than these tell nothing new about the directions.
_MOST_SEEN = 20_000
_BLOCK = 1_024


@dataclass(frozen=True)
class Side:
    """One list. whole: likeness → (n, d) unit vectors; brief: the same in fewer directions.

    levels: likeness → (n,) half of what each has in common with anything. script: (n,) 1 mostly
    Chinese, 2 hardly, 0 between. written: (n,) 1 where there is a text, else 0.
    """

    whole: Mapping[str, Scores]
    brief: Mapping[str, Scores]
    levels: Mapping[str, Scores]
    script: NDArray[np.int8]
    written: Scores


@dataclass(frozen=True)
class MeaningTerm:
    """The log-odds of likeness: weight of each, and more between texts of different scripts.

    offers_for: script of a need → (M, d) vectors whose products with the need's are log-odds.
    """

    needs: Side
    offers: Side
    weights: Mapping[str, float]
    across: float
    needs_as: Scores
    offers_for: tuple[Scores, ...]

    @property
    def is_brief(self) -> bool:
        """Whether `add` leaves something out that `refine` knows."""
        return self.needs.brief is not self.needs.whole

    def add(self, needs: slice, scores: Scores) -> None:
        """Add the log-odds of a block of needs, in place."""
        script = self.needs.script[needs]
        for at in np.unique(script).tolist():
            rows = np.flatnonzero(script == at)
            products = self.needs_as[needs][rows] @ self.offers_for[at].T
            if len(rows) == len(scores):
                scores += products
            else:
                scores[rows] += products

    def refine(self, needs: Places, offers: Places) -> Scores:
        """Return what the brief vectors of these pairs leave out, (n,) log-odds."""
        rest = np.zeros(len(needs), dtype=np.float32)
        apart = _differ(self.needs.script[needs], self.offers.script[offers])
        for name, weight in self.weights.items():
            worth = weight + self.across * apart * (name == "text")
            for vectors, sign in (("whole", 1.0), ("brief", -1.0)):
                left, right = (
                    getattr(self.needs, vectors)[name],
                    getattr(self.offers, vectors)[name],
                )
                rest += sign * worth * np.einsum("nd,nd->n", left[needs], right[offers])
        return rest


def meaning_term(
    needs: Sequence[Reading],
    offers: Sequence[Reading],
    encoder: Encoder | None,
    weights: Mapping[str, float],
    *,
    brief: bool,
) -> MeaningTerm:
    """Encode both lists. brief: in fewer directions, to be refined for the pairs picked."""
    whole = _vectors(needs, encoder), _vectors(offers, encoder)
    short = _shorten(*whole) if brief else whole
    sides = []
    for at, readings in enumerate((needs, offers)):
        own, other = whole[at], whole[1 - at]
        sides.append(
            Side(
                whole=own,
                brief=short[at],
                levels={name: _levels(own[name], other[name], USUAL[name]) for name in own},
                script=_scripts(readings),
                written=np.array([bool(one.text.strip()) for one in readings], dtype=np.float32),
            )
        )
    return _join(sides[0], sides[1], weights)


USUAL = {"text": USUAL_TEXT, "concepts": USUAL_CONCEPTS}


def _vectors(readings: Sequence[Reading], encoder: Encoder | None) -> dict[str, Scores]:
    texts = [one.text for one in readings]
    found: dict[str, Scores] = {}
    if encoder is not None:
        found["text"] = normalise(encoder.encode(texts) - encoder.mean)
        found["text"][[not text.strip() for text in texts]] = 0.0
    profiles = [
        find_profiles([(one.text, one.concepts) for one in readings[at : at + _BLOCK]], encoder)
        for at in range(0, max(1, len(readings)), _BLOCK)
    ]
    return {**found, "concepts": normalise(np.vstack(profiles).astype(np.float32))}


def _shorten(
    needs: Mapping[str, Scores], offers: Mapping[str, Scores]
) -> tuple[dict[str, Scores], dict[str, Scores]]:
    """Return both sides in the directions in which the texts differ most (principal ones)."""
    short: tuple[dict[str, Scores], dict[str, Scores]] = ({}, {})
    for name in needs:
        sides = needs[name], offers[name]
        seen = np.vstack([side[:: -(-len(side) // _MOST_SEEN) or 1] for side in sides])
        _spread, directions = np.linalg.eigh((seen.T @ seen).astype(np.float64))
        kept = directions[:, -_DIRECTIONS[name] :].astype(np.float32)
        short[0][name], short[1][name] = sides[0] @ kept, sides[1] @ kept
    return short


def _levels(vectors: Scores, others: Scores, usual: float) -> Scores:
    """Return half the mean likeness to the nearest, among others taken evenly from the list."""
    others = others[:: -(-len(others) // MOST_OTHERS) or 1]
    levels = np.zeros(len(vectors), dtype=np.float32)
    for at in range(0, len(vectors) if len(others) else 0, _BLOCK):
        levels[at : at + _BLOCK] = (
            measure_hubs((vectors[at : at + _BLOCK] @ others.T).astype(np.float64), usual) / 2
        )
    return levels


def _scripts(readings: Sequence[Reading]) -> NDArray[np.int8]:
    return np.array(
        [
            1 if differ_in_script(one.han, 0.0) else 2 if differ_in_script(one.han, 1.0) else 0
            for one in readings
        ],
        dtype=np.int8,
    )


def _differ(script: NDArray[np.int8], other: NDArray[np.int8]) -> NDArray[np.bool_]:
    return np.asarray((script * other) == 2)


def _join(needs: Side, offers: Side, weights: Mapping[str, float]) -> MeaningTerm:
    """Lay everything linear side by side, so that one product of vectors is the log-odds."""
    worth = {name: weights.get(f"meaning.{name}", 0.0) for name in needs.brief}
    across, apart = weights.get("meaning.across", 0.0), weights.get("meaning.apart", 0.0)
    left = [needs.brief[name] for name in worth]
    left += [needs.written[:, None], (needs.levels.get("text", 0.0) * needs.written)[:, None]]
    offers_for = []
    for script in range(3):
        differ = _differ(np.full_like(offers.script, script), offers.script)
        value = {
            name: weight + across * differ * (name == "text") for name, weight in worth.items()
        }
        hubs = sum((value[name] * offers.levels[name] for name in worth), start=0.0)
        right = [value[name][:, None] * offers.brief[name] for name in worth]
        right += [((apart * differ - hubs) * offers.written)[:, None]]
        right += [(-value.get("text", 0.0) * offers.written)[:, None]]
        offers_for.append(np.hstack(right).astype(np.float32))
    return MeaningTerm(
        needs, offers, worth, across, np.hstack(left).astype(np.float32), tuple(offers_for)
    )
