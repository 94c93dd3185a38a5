"""Shared words and characters, weighed by how rare they are."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

import numpy as np
from numpy.typing import NDArray

# The shipped background counts as this many further items, so that a list of two items
# already knows that "residents" says less than "parking".
BACKGROUND_WEIGHT = 60.0
SATURATION = 1.2
_BLOCK = 4_096  # terms at a time, so that long lists need no huge table


@dataclass(frozen=True)
class Rarity:
    """Inverse document frequencies: the list's own counts, smoothed by the background's.

    weights: of every term of the list, > 0; the rarer the heavier.
    """

    weights: Mapping[str, float]

    def weigh(self, term: str) -> float:
        return self.weights[term]


@cache
def background() -> Mapping[str, float]:
    """Return the share of background items that hold each common term, as shipped."""
    path = resources.files("twosided.relevance") / "background.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    return {term: count / table["items"] for term, count in table["holding"].items()}


def measure_rarity(term_lists: Sequence[Iterable[str]]) -> Rarity:
    """Count in how many of the given items each term occurs, and weigh it."""
    seen = Counter(chain.from_iterable(map(set, term_lists)))
    usual = background()
    total = len(term_lists) + BACKGROUND_WEIGHT
    weights = {}
    for term, count in seen.items():
        holding = count + BACKGROUND_WEIGHT * usual.get(term, 0.0)
        weights[term] = math.log(1.0 + (total - holding + 0.5) / (holding + 0.5))
    return Rarity(weights)


def share_terms(
    needs: Sequence[Mapping[str, int]], offers: Sequence[Mapping[str, int]], rarity: Rarity
) -> NDArray[np.float64]:
    """Return how much of their terms each need and offer share: (N, M), 0 nothing, 1 all.

    needs, offers: term → how often it occurs, of each item.
    The root of the cosine of the weighed term vectors: the first shared words say more than
    the last ones.
    """
    shared = sorted(set(chain.from_iterable(needs)) & set(chain.from_iterable(offers)))
    cosines = np.zeros((len(needs), len(offers)))
    for at in range(0, len(shared), _BLOCK):
        columns = {term: column for column, term in enumerate(shared[at : at + _BLOCK])}
        cosines += _weigh_terms(needs, columns, rarity) @ _weigh_terms(offers, columns, rarity).T
    return np.sqrt(np.clip(cosines, 0.0, 1.0))


def _weigh_terms(
    items: Sequence[Mapping[str, int]], columns: Mapping[str, int], rarity: Rarity
) -> NDArray[np.float64]:
    """Return each item's weighed terms, as shares of its length, in the given columns."""
    table = np.zeros((len(items), len(columns)))
    rare = rarity.weights
    for at, counts in enumerate(items):
        weights = {
            term: rare[term] * count * (1 + SATURATION) / (count + SATURATION)
            for term, count in counts.items()
        }
        length = math.sqrt(sum([weight * weight for weight in weights.values()]))
        held = weights.keys() & columns.keys()
        table[at, [columns[term] for term in held]] = [weights[term] / length for term in held]
    return table
