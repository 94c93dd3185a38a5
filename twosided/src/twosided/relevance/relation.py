"""Relating two lists: every pair's score, why, and which pairs cannot be."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.encoder import Encoder
from twosided.relevance.evidence import find_evidence, find_missing
from twosided.relevance.features import PARTS, Comparison, compare_lists
from twosided.relevance.filters import exclude_pairs
from twosided.relevance.item import Item
from twosided.relevance.logistic import THOUSAND, Weights, digest_weights, load_weights

AMOUNT_SHORT = "amount_short"


@dataclass(frozen=True)
class PairRelevance:
    """One pair, explained.

    score: thousandths in [0, 1]; of pairs scored 0.8, about 80 % are good. parts: sum to the score
    (to 1e-9); negative where a feature speaks against the pair. evidence: at most six facts,
    strongest first, language-neutral. missing_fields: "need.time_window" and the like, which would
    make the score surer. issues: codes.
    """

    score: float
    parts: dict[str, float]
    evidence: tuple[dict[str, object], ...]
    missing_fields: tuple[str, ...]
    issues: tuple[str, ...]


@dataclass(frozen=True)
class Relevance:
    """How well each of N needs and M offers fit.

    score: (N, M) uint16 thousandths, excluded pairs 0. unfiltered: the same before pairs were
    excluded: how well they would fit. excluded: (need, offer) index → reason
    code. floor: thousandths; a pair below it is no candidate.
    """

    score: NDArray[np.uint16]
    unfiltered: NDArray[np.uint16]
    excluded: dict[tuple[int, int], str]
    floor: int
    model_id: str
    model_digest: str
    weights: Weights
    comparison: Comparison

    @property
    def shape(self) -> tuple[int, int]:
        """Needs and offers."""
        return len(self.comparison.needs), len(self.comparison.offers)

    def score_of(self, i: int, j: int) -> int:
        """Return the score in thousandths, 0 if the pair cannot be."""
        return int(self.score[i, j])

    def unfiltered_of(self, i: int, j: int) -> int:
        """Return how well the pair would fit, in thousandths, if it could be."""
        return int(self.unfiltered[i, j])

    def reason(self, i: int, j: int) -> str:
        """Return why the pair cannot be, as a code; "" if it can."""
        return self.excluded.get((i, j), "")

    @cached_property
    def _gains(self) -> NDArray[np.float64]:
        return self.weights.gain(self.comparison.tables)

    def features(self, i: int, j: int) -> dict[str, float]:
        """Return the numbers that the score of the pair is made of."""
        return {name: table.item(i, j) for name, table in self.comparison.tables.items()}

    def pair(self, i: int, j: int) -> PairRelevance:
        """Explain need i and offer j; less than 0.1 ms."""
        short = (AMOUNT_SHORT,) if self.comparison.tables["quantity.short"][i, j] else ()
        if (i, j) in self.excluded:
            return PairRelevance(0.0, dict.fromkeys(PARTS, 0.0), (), (), short)
        need, offer = self.comparison.needs[i], self.comparison.offers[j]
        score = int(self.score[i, j])
        gains = self._gains[:, i, j].tolist()
        return PairRelevance(
            score=score / THOUSAND,
            parts=self.weights.divide(gains, score),
            evidence=find_evidence(need, offer, self.comparison, self.weights.weights),
            missing_fields=find_missing(need, offer, self.weights, self.weights.base + sum(gains)),
            issues=short,
        )

    def top(self, i: int, k: int) -> list[int]:
        """Return the k best offers of need i, best first, equal ones in list order.

        Excluded pairs are left out.
        """
        found: list[int] = []
        for j in np.argsort(-self.score[i].astype(np.int32), kind="stable").tolist():
            if len(found) == k:
                break
            if (i, j) not in self.excluded:
                found.append(j)
        return found


def relate(
    needs: Sequence[Item],
    offers: Sequence[Item],
    *,
    encoder: Encoder | None,
    weights: Weights | None = None,
) -> Relevance:
    """Score every need against every offer, with an encoder or (None) by words and fields alone.

    weights: learnt ones (see `learn`) instead of those that are shipped.
    Deterministic: the same lists, encoder and processor family give the same bytes. Either list
    may be empty. O(N·M) time and memory; 104 × 93 takes about a second the first time.
    """
    mode = "lexical" if encoder is None else "default"
    weights = weights or load_weights(mode)
    comparison = compare_lists(needs, offers, encoder)
    excluded = exclude_pairs(comparison.needs, comparison.offers)
    unfiltered = weights.score(comparison.tables)
    score = unfiltered.copy()
    for pair in excluded:
        score[pair] = 0
    for table in (score, unfiltered):
        table.setflags(write=False)
    return Relevance(
        score=score,
        unfiltered=unfiltered,
        excluded=excluded,
        floor=weights.floor,
        model_id=mode if encoder is None else encoder.id,
        model_digest=digest_model(mode, encoder, weights),
        weights=weights,
        comparison=comparison,
    )


def digest_model(mode: str, encoder: Encoder | None, weights: Weights) -> str:
    parts = [mode, encoder.digest if encoder else "", digest_weights()]
    if weights != load_weights(mode):
        parts.append(repr((weights.base, sorted(weights.weights.items()), weights.floor)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
