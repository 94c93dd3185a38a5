"""Shared words and characters, weighed by how rare they are."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# The shipped background counts as this many further items, so that a list of two items
# already knows that "residents" says less than "parking".
BACKGROUND_WEIGHT = 60.0
_SATURATION = 1.2


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
    seen = Counter(term for terms in term_lists for term in set(terms))
    usual = background()
    total = len(term_lists) + BACKGROUND_WEIGHT
    weights = {}
    for term, count in seen.items():
        holding = count + BACKGROUND_WEIGHT * usual.get(term, 0.0)
        weights[term] = math.log(1.0 + (total - holding + 0.5) / (holding + 0.5))
    return Rarity(weights)


def share_terms(needs: Sequence[list[str]], offers: Sequence[list[str]]) -> NDArray[np.float64]:
    """Return how much of their terms each need and offer share: (N, M), 0 nothing, 1 all.

    The root of the cosine of the weighed term vectors: the first shared words say more than
    the last ones.
    """
    rarity = measure_rarity([*needs, *offers])
    columns: dict[str, int] = {}
    for terms in (*needs, *offers):
        for term in terms:
            columns.setdefault(term, len(columns))
    cosines = _vectors(needs, columns, rarity) @ _vectors(offers, columns, rarity).T
    return np.sqrt(np.clip(np.asarray(cosines.toarray(), dtype=np.float64), 0.0, 1.0))


def _vectors(
    items: Sequence[list[str]], columns: Mapping[str, int], rarity: Rarity
) -> sparse.csr_array:
    indices: list[int] = []
    values: list[float] = []
    starts = [0]
    for terms in items:
        weights = {
            term: rarity.weigh(term) * count * (1 + _SATURATION) / (count + _SATURATION)
            for term, count in Counter(terms).items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        indices.extend(columns[term] for term in weights)
        values.extend(weight / length for weight in weights.values())
        starts.append(len(indices))
    shape = (len(items), max(1, len(columns)))
    return sparse.csr_array(
        (np.array(values), np.array(indices, dtype=np.int64), starts), shape=shape
    )
