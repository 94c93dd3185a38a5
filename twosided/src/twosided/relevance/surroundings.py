"""What the features of a pair take from the lists around it: rarity, hubs, rivals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.lexical import Rarity, measure_rarity, share_terms
from twosided.relevance.reading import Reading

_NEIGHBOURS, _PRIOR = 10, 5
_KEPT = 8_192
Table = NDArray[np.float64]
Cut = Callable[[str], list[str]]


def measure_hubs(likeness: Table, usual: float) -> Table:
    """Return the mean likeness of each row to its ten nearest columns, (N,).

    `usual` counts as five further neighbours, so that in a list of one or two the pair is hardly
    measured against itself.
    """
    near = min(_NEIGHBOURS, likeness.shape[1])
    highest = np.partition(likeness, -near, axis=1)[:, -near:] if near else likeness
    return np.asarray((np.sort(highest, axis=1).sum(axis=1) + _PRIOR * usual) / (near + _PRIOR))


@lru_cache(_KEPT)
def _count(cut: Cut, text: str) -> Mapping[str, int]:
    """Return how often each term occurs in a text."""
    return Counter(cut(text))


class Surroundings:
    """The two lists that are compared, as they stand: each pair is measured against all of them.

    Long lists are compared piece by piece; what a piece takes from the whole is then given.
    """

    def weigh_words(self, needs: Sequence[Reading], offers: Sequence[Reading]) -> Rarity:
        """Return how rare the keys of all words are."""
        return measure_rarity([[word.key for word in one.words] for one in (*needs, *offers)])

    def share(self, cut: Cut, needs: Sequence[Reading], offers: Sequence[Reading]) -> Table:
        """Return how much of the terms that `cut` makes of a text is shared, (N, M) 0 to 1."""
        left = [_count(cut, one.text) for one in needs]
        right = [_count(cut, one.text) for one in offers]
        return share_terms(left, right, measure_rarity([*left, *right]))

    def discount_hubs(self, name: str, likeness: Table, usual: float) -> Table:
        """Subtract, of each side, half the mean likeness to its ten nearest on the other side.

        A vague text is a little like everything and says little by it (cross-domain similarity
        local scaling, Conneau et al. 2018).
        """
        if not likeness.size:
            return likeness
        rows, columns = measure_hubs(likeness, usual), measure_hubs(likeness.T, usual)
        return likeness - (rows[:, None] + columns[None, :]) / 2.0

    def find_best(self, near: Table) -> Table | None:
        """Return how near each offer is to the need it is nearest to, (1, M); None: no rivals."""
        return near.max(axis=0, keepdims=True) if len(near) > 1 else None


# Nothing but the lists themselves.
ALONE = Surroundings()
