"""The k largest of each row, equal ones by position: exact, in a few passes over the row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Places = NDArray[np.intp]

_STRIDE = 16
# Rows too short for a sample are compared whole.
_SHORT = 8_192


def pick_best(scores: Scores, k: int) -> tuple[Places, Places]:
    """Return (rows, columns) of the k largest of each row, row by row and largest first.

    scores: (B, M), no NaN. Ties go to the lower column. k beyond M takes all. Time O(B·M).
    """
    k = min(k, scores.shape[1])
    if not k or not len(scores):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    rows, columns = np.nonzero(scores >= _floors(scores, k)[:, None])
    return first_of_each(rows, columns, scores[rows, columns], k)


def first_of_each(rows: Places, columns: Places, scores: Scores, k: int) -> tuple[Places, Places]:
    """Return, of pairs with their scores, the k best of each row, best first."""
    order = np.lexsort((columns, -scores, rows))
    rows, columns = rows[order], columns[order]
    kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < k
    return rows[kept], columns[kept]


def _floors(scores: Scores, k: int) -> Scores:
    """Return for each row a value that at least k reach, and not many more."""
    if scores.shape[1] <= _SHORT:
        return _kth(scores, k)
    # A value that twice as many should reach, seen in every sixteenth; the rare row where it
    # is too high after all is sorted out.
    sample = np.ascontiguousarray(scores[:, ::_STRIDE])
    floors = _kth(sample, min(2 * k // _STRIDE + 5, sample.shape[1]))
    short = np.flatnonzero((scores >= floors[:, None]).sum(axis=1) < k)
    floors[short] = _kth(scores[short], k)
    return floors


def _kth(scores: Scores, k: int) -> Scores:
    return np.array(np.partition(scores, -k, axis=1)[:, -k])
