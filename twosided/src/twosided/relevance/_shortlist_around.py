"""What the whole of two long lists gives to the comparison of a few of their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# scipy loads its submodules on first use, so that `import twosided.relevance` stays quick.
import scipy
from numpy.typing import NDArray
from twosided.relevance._shortlist_terms import EVERYTHING, shared_term
from twosided.relevance.encoder import Encoder
from twosided.relevance.features import Comparison, compare_readings
from twosided.relevance.lexical import Rarity
from twosided.relevance.reading import Reading
from twosided.relevance.surroundings import Cut, Surroundings, Table, measure_hubs
from twosided.relevance.words import cut_pairs, cut_pieces

# Hubs are measured against so many of the other side, taken evenly.
MOST_OTHERS = 1_024
_BLOCK = 128
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Whole:
    """Two lists as read, and their statistics.

    rarity: of the words' keys. terms: cut → weighed terms of the needs (N, V) and of the offers
    (V, M). hubs: name → what each need (N,) and each offer (M,) has in common with anything.
    """

    needs: tuple[Reading, ...]
    offers: tuple[Reading, ...]
    rarity: Rarity
    terms: dict[Cut, tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]]
    hubs: Mapping[str, tuple[Table, Table]]


@dataclass(frozen=True)
class Part(Surroundings):
    """Some needs and some offers of the whole, by position."""

    whole: Whole
    rows: Places
    columns: Places

    def weigh_words(self, needs: Sequence[Reading], offers: Sequence[Reading]) -> Rarity:
        return self.whole.rarity

    def share(self, cut: Cut, needs: Sequence[Reading], offers: Sequence[Reading]) -> Table:
        left, right = self.whole.terms[cut]
        shared = (left[self.rows] @ right[self.columns].T).toarray()
        return np.asarray(np.sqrt(np.clip(shared.astype(np.float64), 0.0, 1.0)))


@dataclass(frozen=True)
class Measured(Part):
    """A part that takes hubs and the nearest needs from the whole.

    best: (M,) how near each offer of the whole is to the need it is nearest to; None: not known,
    and then rivals count for nothing. near: filled with how near each pair is.
    """

    best: Table | None
    near: list[Table]

    def discount_hubs(self, name: str, likeness: Table, usual: float) -> Table:
        rows, columns = self.whole.hubs[name]
        return likeness - (rows[self.rows][:, None] + columns[self.columns][None, :]) / 2.0

    def find_best(self, near: Table) -> Table | None:
        self.near.append(near)
        return None if self.best is None else self.best[self.columns][None, :]


@dataclass(frozen=True)
class _Measuring(Part):
    """A part whose hubs are being measured: name → those of its needs and of its offers."""

    found: dict[str, tuple[Table, Table]]

    def discount_hubs(self, name: str, likeness: Table, usual: float) -> Table:
        self.found[name] = measure_hubs(likeness, usual), measure_hubs(likeness.T, usual)
        return likeness


def survey(
    needs: tuple[Reading, ...], offers: tuple[Reading, ...], encoder: Encoder | None
) -> Whole:
    """Read the statistics of two lists; hubs against at most 1,024 of the other side."""
    terms: dict[Cut, tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]] = {}
    for cut in (cut_pairs, cut_pieces):
        texts = [cut(one.text) for one in needs], [cut(one.text) for one in offers]
        term = shared_term(*texts, 1.0, EVERYTHING)
        terms[cut] = term.needs, scipy.sparse.csr_array(term.offers.T)
    rarity = Surroundings().weigh_words(needs, offers)
    whole = Whole(needs, offers, rarity, terms, {})
    return Whole(needs, offers, rarity, terms, _measure(whole, encoder))


def _measure(whole: Whole, encoder: Encoder | None) -> dict[str, tuple[Table, Table]]:
    some = _evenly(len(whole.needs)), _evenly(len(whole.offers))
    left, right = [], []
    for at in range(0, len(whole.needs), _BLOCK):
        rows = np.arange(at, min(at + _BLOCK, len(whole.needs)))
        left.append({name: hubs[0] for name, hubs in _hubs(whole, rows, some[1], encoder).items()})
    for at in range(0, len(whole.offers), _BLOCK):
        columns = np.arange(at, min(at + _BLOCK, len(whole.offers)))
        found = _hubs(whole, some[0], columns, encoder)
        right.append({name: hubs[1] for name, hubs in found.items()})
    return {
        name: (
            np.concatenate([each[name] for each in left]),
            np.concatenate([each[name] for each in right]),
        )
        for name in (left[0] if left and right else ())
    }


def _hubs(
    whole: Whole, rows: Places, columns: Places, encoder: Encoder | None
) -> dict[str, tuple[Table, Table]]:
    part = _Measuring(whole, rows, columns, {})
    compare_part(part, encoder)
    return part.found


def _evenly(size: int) -> Places:
    return np.arange(0, size, max(1, -(-size // MOST_OTHERS)))


def compare_part(part: Part, encoder: Encoder | None) -> Comparison:
    """Measure every need of a part against every offer of it, within the whole."""
    return compare_readings(
        tuple(part.whole.needs[i] for i in part.rows.tolist()),
        tuple(part.whole.offers[j] for j in part.columns.tolist()),
        encoder,
        part,
    )
