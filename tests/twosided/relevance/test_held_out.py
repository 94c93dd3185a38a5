"""What is said to be held out is never seen: neither a decision nor another one of its need."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from twosided.relevance._threads import one_thread
from twosided.relevance.learning import FOLDS, _fold, _foretell

NEEDS = np.repeat(np.arange(100, 112), 6)
OLD = np.array([-0.5, 1.0, 0.5])


def measured() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two features and a taste for the second one, with exceptions."""
    chance = np.random.default_rng(7)
    rows = chance.random((len(NEEDS), 2))
    return rows, (rows[:, 1] + 0.4 * chance.random(len(NEEDS)) > 0.7).astype(np.float64)


def test_all_decisions_about_a_need_are_of_one_fold() -> None:
    folds = _fold(NEEDS)
    assert set(folds.tolist()) == set(range(FOLDS))
    assert all(len(set(folds[need == NEEDS].tolist())) == 1 for need in NEEDS)


@pytest.mark.parametrize("fold", [0, FOLDS - 1])
def test_decisions_held_out_change_nothing_that_is_foretold_of_them(fold: int) -> None:
    rows, kept = measured()
    folds = _fold(NEEDS)
    mine = folds == fold
    other = np.where(mine, 1.0 - kept, kept)
    with one_thread():
        before, after = _foretell(rows, kept, folds, OLD), _foretell(rows, other, folds, OLD)
    assert before[mine].tolist() == after[mine].tolist()
    assert before[~mine].tolist() != after[~mine].tolist()
