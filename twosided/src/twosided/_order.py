"""Sorting edges by counting: linear in the number of edges, no comparison sort of them all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# scipy loads its submodules on first use, so that `import twosided` stays quick.
import scipy

Ints = npt.NDArray[np.int64]

COUNTING_FROM = 200_000
LARGEST_PART = 2**17


def row_starts(index: npt.NDArray[np.integer], size: int) -> Ints:
    """(size + 1,) where the entries of each index begin once sorted by it."""
    starts = np.zeros(size + 1, np.int64)
    # Counting turns its input into int64: in parts, so that it never all is.
    part = max(size, LARGEST_PART)
    for first in range(0, len(index), part):
        starts[1:] += np.bincount(index[first : first + part], minlength=size)
    np.cumsum(starts, out=starts)
    return starts


def stable_order(index: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.integer]:
    """The stable permutation that sorts `index` (0 <= index < size).  O(n + size)."""
    count = len(index)
    if count < COUNTING_FROM:
        return np.argsort(index, kind="stable")
    ones = np.ones(count, np.int8)
    # A matrix with one entry a row, turned to columns, is a counting sort in C.
    shape = (count, size)
    starts = np.arange(count + 1, dtype=np.int32 if count < 2**31 - 1 else np.int64)
    matrix = scipy.sparse.csr_matrix((ones, index, starts), shape=shape)
    order: npt.NDArray[np.integer] = matrix.tocsc().indices
    return order


def pair_order(
    need: npt.NDArray[np.integer], offer: npt.NDArray[np.integer], sizes: tuple[int, int]
) -> npt.NDArray[np.integer] | None:
    """The permutation that sorts edges by (need, offer); None if they already are.  O(E)."""
    if len(need) < 2:
        return None
    later = need[1:] > need[:-1]
    if (later | ((need[1:] == need[:-1]) & (offer[1:] >= offer[:-1]))).all():
        return None
    by_offer = stable_order(offer, sizes[1])
    order: npt.NDArray[np.integer] = by_offer[stable_order(need[by_offer], sizes[0])]
    return order
