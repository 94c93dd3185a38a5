"""The terms of the fast score: what can be had of any pair without comparing all words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

# scipy loads its submodules on first use, so that `import twosided.relevance` stays quick.
import scipy
from numpy.typing import NDArray
from twosided.relevance._shortlist_products import Places, multiply_pairs
from twosided.relevance.features import meet_groups
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_kinds,
    compare_places,
    compare_units,
    tabulate,
)
from twosided.relevance.filters import CANNOT_SERVE
from twosided.relevance.lexical import SATURATION, measure_rarity
from twosided.relevance.reading import Reading
from twosided.relevance.windows import Window, meet, share_days

# Far below any sum of log-odds: a pair that cannot be comes after all that can.
BARRED = -64.0
# The commonest values of a field; the others, each too rare to matter, count as unsaid.
_MOST_VALUES = 1_000
# Multiplications a need is worth: terms are taken rarest first, the commonest may be left out.
WORK_PER_NEED = 10_000
EVERYTHING = 2**40

Value = TypeVar("Value", bound=Hashable)
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class FieldTerm:
    """One typed field. rows, columns: (N,), (M,) codes of the values; log_odds: (codes, codes)."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    log_odds: Scores

    def add(self, needs: slice, scores: Scores) -> None:
        """Add the field's log-odds of a block of needs, in place."""
        for at, row in enumerate(self.rows[needs].tolist()):
            scores[at] += self.log_odds[row].take(self.columns)


@dataclass(frozen=True)
class SharedTerm:
    """Shared pairs of characters, or pieces. needs: (N, V), offers: (V, M), weighed shares.

    whole: (N, W) and (M, W) with the commonest terms, kept: (W,) which of these are among V.
    """

    needs: scipy.sparse.csr_array
    offers: scipy.sparse.csr_array
    weight: float
    whole: tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]
    kept: NDArray[np.bool_]

    def add(self, needs: slice, scores: Scores) -> None:
        """Add weight times the root of the cosines of a block of needs, in place."""
        cosines = self.needs[needs] @ self.offers
        rows = np.repeat(np.arange(len(scores)), np.diff(cosines.indptr))
        scores[rows, cosines.indices] += self.weight * np.sqrt(cosines.data)

    def refine(self, needs: Places, offers: Places) -> Scores:
        """Return what the terms left out add to these pairs, (n,) log-odds."""
        if self.kept.all():
            return np.zeros(len(needs), dtype=np.float32)
        some, every = multiply_pairs(*self.whole, self.kept, needs, offers)
        gain: Scores = np.float32(self.weight) * (np.sqrt(every) - np.sqrt(some))
        return gain


def field_terms(
    needs: Sequence[Reading], offers: Sequence[Reading], weights: Mapping[str, float]
) -> list[FieldTerm]:
    """The typed fields that the weights know, and the filters as terms of BARRED."""
    odds = _FieldOdds(weights)

    def term(
        read: Callable[[Reading], Value], compare: Callable[[Value, Value], float]
    ) -> FieldTerm:
        return _tabulate([read(one) for one in needs], [read(one) for one in offers], compare)

    return [
        term(lambda one: one.item.category, odds.of_categories),
        term(lambda one: one.kind, odds.of_kinds),
        term(lambda one: (one.groups, one.people), odds.of_groups),
        term(lambda one: one.places, odds.of_places),
        term(lambda one: one.window, odds.of_times),
        term(lambda one: one.item.unit, odds.of_units),
    ]


@dataclass(frozen=True)
class _FieldOdds:
    """The log-odds of each couple of field values; BARRED where the pair cannot be."""

    weights: Mapping[str, float]

    def of_categories(self, need: str, offer: str) -> float:
        return self._weigh("category", compare_categories(need, offer))

    def of_kinds(self, need: str, offer: str) -> float:
        barred = offer in CANNOT_SERVE.get(need, frozenset())
        return BARRED if barred else self._weigh("kind", compare_kinds(need, offer))

    def of_groups(
        self,
        need: tuple[frozenset[str], frozenset[str]],
        offer: tuple[frozenset[str], frozenset[str]],
    ) -> float:
        return self._weigh("target_group", meet_groups(*need, *offer))

    def of_places(self, need: frozenset[str], offer: frozenset[str]) -> float:
        fit = compare_places(need, offer)
        return BARRED if fit is Fit.OTHER else self._weigh("place", fit)

    def of_times(self, need: Window | None, offer: Window | None) -> float:
        if meet(need, offer) is None:
            return BARRED
        return self.weights.get("time.overlap", 0.0) * share_days(need, offer)

    def of_units(self, need: str, offer: str) -> float:
        is_same = compare_units(need, offer) is Fit.SAME
        return self.weights.get("quantity.unit", 0.0) * is_same

    def _weigh(self, part: str, fit: Fit) -> float:
        return self.weights.get(f"{part}.{fit}", 0.0)


def _tabulate(
    needs: Sequence[Value], offers: Sequence[Value], compare: Callable[[Value, Value], float]
) -> FieldTerm:
    """Code 0 is a value too rare to be compared, which says nothing."""
    row_of, column_of = _number(needs), _number(offers)
    log_odds = np.zeros((len(row_of) + 1, len(column_of) + 1), dtype=np.float32)
    log_odds[1:, 1:] = tabulate(list(row_of), list(column_of), compare)
    return FieldTerm(
        np.array([row_of.get(value, 0) for value in needs], dtype=np.intp),
        np.array([column_of.get(value, 0) for value in offers], dtype=np.intp),
        log_odds,
    )


def _number(values: Sequence[Value]) -> dict[Value, int]:
    common = Counter(values).most_common(_MOST_VALUES)
    return {value: at for at, (value, _count) in enumerate(common, 1)}


def shared_term(
    needs: Sequence[list[str]], offers: Sequence[list[str]], weight: float, work: int
) -> SharedTerm:
    """Terms weighed as in the score itself, the commonest left out beyond `work` a need.

    needs, offers: the terms of each text, repeats included.
    """
    weigh = measure_rarity([*needs, *offers]).weigh
    number: dict[str, int] = {}
    left, right = _weigh(needs, weigh, number), _weigh(offers, weigh, number)
    left.resize((len(needs), len(number)))
    right.resize((len(offers), len(number)))
    for side in (left, right):
        side.sort_indices()
    within = _rarest(left, right, work * len(needs))
    kept = np.zeros(len(number), dtype=bool)
    kept[within] = True
    fewer = left[:, within], scipy.sparse.csr_array(right[:, within].T)
    return SharedTerm(*fewer, weight, (left, right), kept)


def _weigh(
    texts: Sequence[list[str]], weigh: Callable[[str], float], number: dict[str, int]
) -> scipy.sparse.csr_array:
    start: list[int] = [0]
    columns: list[int] = []
    shares: list[float] = []
    for terms in texts:
        counts = Counter(terms)
        heavy = [
            weigh(term) * count * (1 + SATURATION) / (count + SATURATION)
            for term, count in counts.items()
        ]
        length = math.sqrt(sum(weight * weight for weight in heavy))
        columns.extend(number.setdefault(term, len(number)) for term in counts)
        shares.extend(weight / length for weight in heavy)
        start.append(len(columns))
    return scipy.sparse.csr_array(
        (np.array(shares, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(start)),
        shape=(len(texts), len(number)),
    )


def _rarest(
    left: scipy.sparse.csr_array, right: scipy.sparse.csr_array, work: int
) -> NDArray[np.intp]:
    """The terms of both sides whose products come to no more than `work`, rarest first."""
    width = left.shape[1]
    products = np.bincount(left.indices, minlength=width).astype(np.int64)
    products *= np.bincount(right.indices, minlength=width)
    order = np.argsort(products, kind="stable")
    within = np.cumsum(products[order]) <= work
    kept = order[within & (products[order] > 0)]
    return np.sort(kept)
