"""Products of chosen rows of two sparse tables: millions of pairs, each by one walk along both."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

# scipy loads its submodules on first use, so that `import twosided.relevance` stays quick.
import scipy
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Places = NDArray[np.intp]


def multiply_pairs(
    left: scipy.sparse.csr_array,
    right: scipy.sparse.csr_array,
    kept: NDArray[np.bool_],
    rows: Places,
    columns: Places,
) -> tuple[Scores, Scores]:
    """Return for each pair the product of its rows over the kept terms, and over all terms.

    left: (N, V), right: (M, V), indices sorted. kept: (V,). rows, columns: (n,) positions.
    Time O(n · terms of a row).
    """
    some = np.zeros(len(rows), dtype=np.float32)
    every = np.zeros(len(rows), dtype=np.float32)
    sides = [part for side in (left, right) for part in (side.indptr, side.indices, side.data)]
    _compiled()(*sides, kept, rows, columns, some, every)
    return some, every


@cache
def _compiled() -> Callable[..., Any]:
    # Only lists of more than a hundred million pairs come here.
    import numba  # noqa: PLC0415 -- slow, only for long lists

    compiled: Callable[..., Any] = numba.njit(nogil=True)(walk_pairs)
    return compiled


def walk_pairs(
    left_start: Any, left_term: Any, left_share: Any,
    right_start: Any, right_term: Any, right_share: Any,
    kept: Any, rows: Any, columns: Any, some: Any, every: Any,
) -> None:  # fmt: skip
    """Fill `some` and `every`, as `multiply_pairs` says; runs compiled and uncompiled."""
    for pair in range(len(rows)):
        at, end = left_start[rows[pair]], left_start[rows[pair] + 1]
        there, stop = right_start[columns[pair]], right_start[columns[pair] + 1]
        while at < end and there < stop:
            if left_term[at] < right_term[there]:
                at += 1
            elif left_term[at] > right_term[there]:
                there += 1
            else:
                product = left_share[at] * right_share[there]
                every[pair] += product
                if kept[left_term[at]]:
                    some[pair] += product
                at += 1
                there += 1
