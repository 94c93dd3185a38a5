"""Relating long lists: the same scores, worked out for the candidates of each need only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from twosided.relevance._shortlist_around import Measured, Whole, compare_part, survey
from twosided.relevance._shortlist_recalled import recall
from twosided.relevance._shortlist_scores import Listed, ListedScores, list_pairs, score_pairs
from twosided.relevance.encoder import Encoder
from twosided.relevance.features import Comparison
from twosided.relevance.filters import exclude_pairs
from twosided.relevance.item import Item
from twosided.relevance.logistic import Weights, load_weights
from twosided.relevance.reading import read_item
from twosided.relevance.relation import PairRelevance, Relevance, digest_model
from twosided.relevance.shortlist import CANDIDATES, Progress, shortlist_readings

# Pairs that cannot be, listed beside the candidates so that their reason can be told.
BARRED_CANDIDATES = 10


@dataclass(frozen=True)
class LargeRelevance:
    """How well N needs and M offers fit, known of the candidates of each need; as `Relevance`.

    excluded: of the listed pairs those that cannot be → reason code. Of a pair that is not listed
    the score is worked out when it is asked for, a few milliseconds each.
    """

    whole: Whole
    encoder: Encoder | None
    listed: Listed
    scores: ListedScores
    weights: Weights
    model_id: str
    model_digest: str

    @property
    def floor(self) -> int:
        """Thousandths; a pair below it is no candidate."""
        return self.weights.floor

    @property
    def shape(self) -> tuple[int, int]:
        """Needs and offers."""
        return len(self.whole.needs), len(self.whole.offers)

    @property
    def excluded(self) -> dict[tuple[int, int], str]:
        """Of the listed pairs those that cannot be → reason code."""
        return self.scores.excluded

    def reason(self, i: int, j: int) -> str:
        """Return why the pair cannot be, as a code; "" if it can."""
        if self.listed.find(i, j) is not None:
            return self.excluded.get((i, j), "")
        return exclude_pairs([self.whole.needs[i]], [self.whole.offers[j]]).get((0, 0), "")

    def score_of(self, i: int, j: int) -> int:
        """Return the score in thousandths, 0 if the pair cannot be."""
        return 0 if self.reason(i, j) else self.unfiltered_of(i, j)

    def unfiltered_of(self, i: int, j: int) -> int:
        """Return how well the pair would fit, in thousandths, if it could be."""
        at = self.listed.find(i, j)
        if at is not None:
            return int(self.scores.thousandths[at])
        return int(self.weights.score(self._compare(i, j).tables)[0, 0])

    def features(self, i: int, j: int) -> dict[str, float]:
        """Return the numbers that the score of the pair is made of."""
        return {name: float(table[0, 0]) for name, table in self._compare(i, j).tables.items()}

    def pair(self, i: int, j: int) -> PairRelevance:
        """Explain need i and offer j; a few milliseconds."""
        unfiltered = np.array([[self.unfiltered_of(i, j)]], dtype=np.uint16)
        reason = self.reason(i, j)
        return Relevance(
            score=np.zeros_like(unfiltered) if reason else unfiltered,
            unfiltered=unfiltered,
            excluded={(0, 0): reason} if reason else {},
            floor=self.floor,
            model_id=self.model_id,
            model_digest=self.model_digest,
            weights=self.weights,
            comparison=self._compare(i, j),
        ).pair(0, 0)

    def top(self, i: int, k: int) -> list[int]:
        """Return the k best candidates of need i, best first, equal ones in list order.

        Pairs that cannot be are left out; no more than the listed ones are known.
        """
        listed = slice(self.listed.start[i], self.listed.start[i + 1])
        order = np.argsort(-self.scores.thousandths[listed].astype(np.int64), kind="stable")
        best = self.listed.of(i)[order].tolist()
        return [j for j in best if (i, j) not in self.excluded][:k]

    def _compare(self, i: int, j: int) -> Comparison:
        best = self.scores.best if len(self.whole.needs) > 1 else None
        part = Measured(self.whole, np.array([i]), np.array([j]), best, [])
        return compare_part(part, self.encoder)


def relate_large(
    needs: Sequence[Item],
    offers: Sequence[Item],
    *,
    encoder: Encoder | None,
    weights: Weights | None = None,
    k: int = CANDIDATES,
    progress: Progress | None = None,
) -> LargeRelevance:
    """Score the k candidates of each need (see `shortlist`) by the same features and weights.

    Rarity of words is counted over both lists. What a text has in common with anything is measured
    against at most 1,024 texts of the other side, and an offer's nearest need is sought among the
    pairs listed: with more than 1,024 items the score differs a little from that of `relate`.
    weights, errors: as `relate`. progress: called with (needs scored, needs) now and then.

    Deterministic. Time O(N·M) of nanoseconds and O(N·k) of a tenth of a millisecond; memory
    O(N·k + (N + M + words)·d).
    """
    mode = "lexical" if encoder is None else "default"
    weights = weights or load_weights(mode)
    left = tuple(read_item(item) for item in needs)
    right = tuple(read_item(item) for item in offers)
    recalled = recall(encoder)
    found = shortlist_readings(
        left, right, recalled, k=k, barred=BARRED_CANDIDATES, weights=weights
    )
    whole = survey(left, right, recalled)
    listed = list_pairs(whole, recalled, found)
    return LargeRelevance(
        whole=whole,
        encoder=recalled,
        listed=listed,
        scores=score_pairs(whole, recalled, listed, weights, progress),
        weights=weights,
        model_id=mode if encoder is None else encoder.id,
        model_digest=digest_model(mode, encoder, weights),
    )
