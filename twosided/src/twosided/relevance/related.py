"""Relating two lists of any length: every pair of short ones, the candidates of long ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from twosided.relevance._shortlist_relation import relate_large
from twosided.relevance.encoder import Encoder
from twosided.relevance.item import Item
from twosided.relevance.logistic import Weights
from twosided.relevance.relation import PairRelevance, relate

# Beyond it, tables of every pair fill the memory of a small machine.
MOST_PAIRS = 4_000_000


class Related(Protocol):
    """How well N needs and M offers fit, however long the lists.

    Any pair can be asked for. In long lists only candidates are listed: `top` and `excluded` know
    of no others.
    """

    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def excluded(self) -> Mapping[tuple[int, int], str]: ...
    @property
    def floor(self) -> int: ...
    @property
    def model_id(self) -> str: ...
    @property
    def model_digest(self) -> str: ...
    @property
    def weights(self) -> Weights: ...
    def score_of(self, i: int, j: int) -> int: ...
    def unfiltered_of(self, i: int, j: int) -> int: ...
    def reason(self, i: int, j: int) -> str: ...
    def features(self, i: int, j: int) -> dict[str, float]: ...
    def pair(self, i: int, j: int) -> PairRelevance: ...
    def top(self, i: int, k: int) -> list[int]: ...


def relate_lists(
    needs: Sequence[Item],
    offers: Sequence[Item],
    *,
    encoder: Encoder | None,
    weights: Weights | None = None,
) -> Related:
    """Score every pair as `relate`, or beyond 4 million pairs the candidates of each need."""
    if len(needs) * len(offers) <= MOST_PAIRS:
        return relate(needs, offers, encoder=encoder, weights=weights)
    return relate_large(needs, offers, encoder=encoder, weights=weights)
