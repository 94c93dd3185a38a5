"""Learning from decisions: the weights of the score fitted again to accepted and declined pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# scipy loads its submodules on first use, so that `import twosided.relevance` stays quick.
import scipy
from numpy.typing import ArrayLike, NDArray
from twosided.relevance._threads import one_thread
from twosided.relevance.logistic import Weights, sigmoid
from twosided.relevance.related import Related

FOLDS = 5
LEAST_DECISIONS, LEAST_OF_EACH, LEAST_NEEDS = 20, 5, 5
# How strongly new weights are held to the old ones, each tried by cross-validation; the last is
# so strong that nothing moves.
HOLDS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1_000.0)
_BINS = 10
_SURE = 1e-6
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Fidelity:
    """How well scores foretell decisions.

    log_loss: mean of -log(chance given to what was decided), >= 0, lower is better. brier: mean
    squared error, 0 to 1, lower is better. auc: chance that an accepted pair scores above a
    declined one, 0.5 is guessing, NaN without both kinds. calibration: mean gap between score and
    share accepted over ten bins, 0 is right.
    """

    log_loss: float
    brier: float
    auc: float
    calibration: float


@dataclass(frozen=True)
class Learnt:
    """Weights fitted to all decisions, and what such weights do on decisions they never saw.

    weights: mode "default" or "lexical" as the relevance was. before, after: of the same held-out
    decisions, by the old weights and by weights fitted to the other folds. changed: name → (old,
    new) of every weight that moved, the base included, the largest move first. hold: how strongly
    the new weights are held to the old.
    """

    weights: Weights
    before: Fidelity
    after: Fidelity
    changed: Mapping[str, tuple[float, float]]
    hold: float
    decisions: int
    accepted: int

    @property
    def is_better(self) -> bool:
        """Whether the held-out decisions are foretold better than before."""
        return self.after.log_loss < self.before.log_loss


def learn(relevance: Related, pairs: Sequence[tuple[int, int]], accepted: Sequence[bool]) -> Learnt:
    """Fit the weights to decisions about pairs (need index, offer index), held to the old ones.

    A ridge logistic with its centre at the old weights, signs kept: a likeness that spoke for a
    pair never comes to speak against it. Folds keep all decisions about a need together; how
    strongly the weights are held is chosen within each fold. The floor stays. Deterministic.

    ValueError naming `accepted` or `pairs` for fewer than 20 decisions, 5 of a kind or 5 needs,
    or an index outside the lists. Time O(decisions · features) for each of about 200 fits.
    """
    needs, kept = _read(relevance, pairs, accepted)
    names = tuple(relevance.weights.weights)
    measured = [relevance.features(*pair) for pair in pairs]
    rows = np.array([[one[name] for name in names] for one in measured], dtype=np.float64)
    old = np.array([relevance.weights.base, *relevance.weights.weights.values()])
    folds = _fold(needs)
    with one_thread():
        unseen = _foretell(rows, kept, folds, old)
        hold = _choose_hold(rows, kept, folds, old)
        new = _fit(rows, kept, old, hold)
    moved = {
        name: (round(float(was), 3), round(float(now), 3))
        for name, was, now in zip(("base", *names), old, new, strict=True)
    }
    weights = {name: moved[name][1] for name in names}
    return Learnt(
        weights=Weights(moved["base"][1], weights, relevance.weights.floor),
        before=judge(_chance(rows, old), kept),
        after=judge(unseen, kept),
        changed=_largest_first(moved),
        hold=hold,
        decisions=len(kept),
        accepted=int(kept.sum()),
    )


def judge(scores: ArrayLike, accepted: ArrayLike) -> Fidelity:
    """Hold scores (n,) in [0, 1] against decisions (n,) of 0 and 1."""
    chance = np.asarray(scores, dtype=np.float64)
    kept = np.asarray(accepted, dtype=np.float64)
    yes, no = chance[kept > 0][:, None], chance[kept == 0][None, :]
    auc = float(np.mean((yes > no) + 0.5 * (yes == no))) if yes.size and no.size else float("nan")
    bins = np.minimum((chance * _BINS).astype(np.int64), _BINS - 1)
    count = np.bincount(bins, minlength=_BINS)
    gaps = np.bincount(bins, chance - kept, minlength=_BINS)
    return Fidelity(
        log_loss=float(_loss_each(chance, kept).mean()),
        brier=float(((chance - kept) ** 2).mean()),
        auc=auc,
        calibration=float(np.abs(gaps).sum() / count.sum()),
    )


def check_decisions(needs: ArrayLike, accepted: Sequence[bool]) -> None:
    """ValueError naming `accepted` or `pairs` if there are too few decisions to learn from.

    needs: (n,) index of the need of each decision.
    """
    yes = sum(map(bool, accepted))
    no = len(accepted) - yes
    if yes + no < LEAST_DECISIONS or min(yes, no) < LEAST_OF_EACH:
        raise ValueError(
            f"accepted: {yes} accepted and {no} declined; at least {LEAST_DECISIONS} decisions "
            f"are needed, {LEAST_OF_EACH} of each kind"
        )
    if len(np.unique(np.asarray(needs))) < LEAST_NEEDS:
        raise ValueError(f"pairs: decisions about at least {LEAST_NEEDS} needs are wanted")


def _read(
    relevance: Related, pairs: Sequence[tuple[int, int]], accepted: Sequence[bool]
) -> tuple[NDArray[np.int64], Vector]:
    ends = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    if len(ends) != len(accepted):
        raise ValueError(f"accepted: {len(accepted)} decisions for {len(ends)} pairs; one a pair")
    shape = np.array(relevance.shape)
    if ((ends < 0) | (ends >= shape)).any():
        raise ValueError(f"pairs: an index outside {shape[0]} needs and {shape[1]} offers")
    check_decisions(ends[:, 0], accepted)
    return ends[:, 0], np.asarray(accepted, dtype=np.float64)


def _fold(needs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fold of each decision: needs in the order of their index, dealt out by turns."""
    _distinct, place = np.unique(needs, return_inverse=True)
    return np.asarray(place % FOLDS, dtype=np.int64)


def _foretell(rows: Vector, kept: Vector, folds: NDArray[np.int64], old: Vector) -> Vector:
    """The chance of each decision by weights that never saw its need."""
    unseen = np.zeros(len(kept))
    for fold in range(FOLDS):
        known = folds != fold
        hold = _choose_hold(rows[known], kept[known], folds[known], old)
        unseen[~known] = _chance(rows[~known], _fit(rows[known], kept[known], old, hold))
    return unseen


def _choose_hold(rows: Vector, kept: Vector, folds: NDArray[np.int64], old: Vector) -> float:
    """The strongest hold whose held-out loss is no more than chance above the least.

    Few decisions say little, and then little should move: one standard error of the paired
    difference is allowed (after Breiman et al. 1984).
    """
    losses = []
    for hold in HOLDS:
        chance = np.zeros(len(kept))
        for fold in np.unique(folds):
            known = folds != fold
            chance[~known] = _chance(rows[~known], _fit(rows[known], kept[known], old, hold))
        losses.append(_loss_each(chance, kept))
    least = min(losses, key=lambda each: float(each.mean()))
    more = [each - least for each in losses]
    return next(
        hold
        for hold, each in reversed(list(zip(HOLDS, more, strict=True)))
        if each.mean() <= each.std() / np.sqrt(len(kept))
    )


def _loss_each(scores: Vector, kept: Vector) -> Vector:
    chance = np.clip(scores, _SURE, 1.0 - _SURE)
    return np.asarray(-np.log(np.where(kept > 0, chance, 1.0 - chance)))


def _fit(rows: Vector, kept: Vector, old: Vector, hold: float) -> Vector:
    def loss(theta: Vector) -> tuple[float, Vector]:
        odds = rows @ theta[1:] + theta[0]
        away = theta - old
        gap = sigmoid(odds) - kept
        total = float((np.logaddexp(0.0, odds) - kept * odds).sum() + 0.5 * hold * away @ away)
        return total, np.r_[gap.sum(), rows.T @ gap] + hold * away

    bounds = [(None, None), *(_keep_sign(weight) for weight in old[1:])]
    return np.asarray(
        scipy.optimize.minimize(loss, old, jac=True, method="L-BFGS-B", bounds=bounds).x
    )


def _keep_sign(weight: float) -> tuple[float | None, float | None]:
    return (0.0, None) if weight > 0 else (None, 0.0) if weight < 0 else (0.0, 0.0)


def _chance(rows: Vector, theta: Vector) -> Vector:
    return sigmoid(rows @ theta[1:] + theta[0])


def _largest_first(moved: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    changed = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    return dict(sorted(changed.items(), key=lambda one: (-abs(one[1][1] - one[1][0]), one[0])))
