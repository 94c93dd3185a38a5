"""Judged lists for the relevance benches: reading them, and what is measured on them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GOOD = 2
_ROOT = Path(__file__).parent.parent
_JUDGED = _ROOT / "bench" / "judged"
_TESTED = _ROOT / "tests" / "twosided" / "relevance"
# The weights are fitted on these; the authors of the list of concepts had read the first three.
FITTED = (
    _ROOT / "tests" / "data" / "district-a",
    _JUDGED / "county-zh",
    _JUDGED / "borough-en",
    _JUDGED / "company-zh",
    _JUDGED / "volunteers-en",
)
# Never fitted on, never read by whoever wrote the list of concepts.
HELD_OUT = (
    _JUDGED / "cross-en-zh",
    _JUDGED / "cross-zh-en",
    _TESTED / "other_city",
    _TESTED / "english",
)
Scores = NDArray[np.float64]
Grades = NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """One line of a clean list."""

    id: str
    title: str
    description: str = ""
    category: str = ""
    organisation: str = ""
    sub_district: str = ""
    quantity: float | None = None
    unit: str = ""
    time_window: str = ""
    target_group: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Judged:
    """Two lists and the grade of every pair, (N, M), 0 where nobody judged."""

    name: str
    needs: list[Row]
    offers: list[Row]
    grades: Grades

    def text_only(self) -> Judged:
        blank = dict.fromkeys(
            ("category", "sub_district", "unit", "time_window", "target_group", "kind"), ""
        )
        needs = [replace(row, quantity=None, **blank) for row in self.needs]
        return replace(
            self, needs=needs, offers=[replace(row, quantity=None, **blank) for row in self.offers]
        )


def read_judged(folder: Path) -> Judged:
    """Read needs.clean.csv, offers.clean.csv and relevance.csv of a folder."""
    needs, offers = _read_rows(folder / "needs.clean.csv"), _read_rows(folder / "offers.clean.csv")
    row = {need.id: at for at, need in enumerate(needs)}
    column = {offer.id: at for at, offer in enumerate(offers)}
    grades = np.zeros((len(needs), len(offers)), dtype=np.int64)
    with (folder / "relevance.csv").open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            grades[row[line["need_id"]], column[line["offer_id"]]] = int(line["grade"])
    return Judged(folder.name, needs, offers, grades)


def _read_rows(path: Path) -> list[Row]:
    rows = []
    with path.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            known = {name: line[name] for name in Row.__annotations__ if line.get(name)}
            quantity = float(known.pop("quantity")) if "quantity" in known else None
            rows.append(Row(**{"title": "", **known}, quantity=quantity))
    return rows


def measure(scores: Scores, grades: Grades) -> dict[str, float]:
    """Return nDCG@10, hit@5, MRR, AUC of "no fitting offer" and calibration error."""
    fitting = (grades >= GOOD).any(axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(grades, order, axis=1)[fitting]
    first = (ranked >= GOOD).argmax(axis=1)
    return {
        "nDCG@10": float(np.mean([_ndcg(row, 10) for row in ranked])),
        "hit@5": float(np.mean(first < 5)),
        "MRR": float(np.mean(1.0 / (1 + first))),
        "AUC": _auc(scores.max(axis=1), fitting),
        "ECE": calibration_error(scores, grades),
        "ECE top 5": calibration_error(
            np.take_along_axis(scores, order[:, :5], axis=1),
            np.take_along_axis(grades, order[:, :5], axis=1),
        ),
    }


def ndcg_of(scores: Scores, grades: Grades) -> float:
    """Return nDCG@10 of one need: scores (M,), grades (M,)."""
    return _ndcg(grades[np.argsort(-scores, kind="stable")], 10)


def _ndcg(grades: Grades, depth: int) -> float:
    discount = 1.0 / np.log2(np.arange(2, depth + 2))
    gain = 2.0 ** grades[:depth] - 1.0
    best = 2.0 ** np.sort(grades)[::-1][:depth] - 1.0
    return float((gain * discount[: len(gain)]).sum() / (best * discount[: len(best)]).sum())


def _auc(best: Scores, fitting: NDArray[np.bool_]) -> float:
    if fitting.all() or not fitting.any():
        return float("nan")
    yes, no = best[fitting][:, None], best[~fitting][None, :]
    return float(np.mean((yes > no) + 0.5 * (yes == no)))


def calibration_error(scores: Scores, grades: Grades) -> float:
    """Return the mean gap between score and share of good pairs, over ten equal bins."""
    share, good = scores.ravel(), (grades >= GOOD).ravel()
    bins = np.minimum((share * 10).astype(int), 9)
    gaps = [
        abs(share[bins == at].mean() - good[bins == at].mean()) * (bins == at).sum()
        for at in range(10)
        if (bins == at).any()
    ]
    return float(sum(gaps) / share.size)
