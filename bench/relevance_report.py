"""How good relevance is, and where it fails: every figure from weights that never saw the list.

    python bench/relevance_report.py [--svg FILE]

Fitted lists are scored by weights fitted to the others, held-out lists by the shipped weights.
Prints quality, what the floor does, calibration, what each part is worth, and the worst needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import relevance_fit
from relevance_diagram import Reliability, draw_reliability, measure_reliability
from relevance_judged import FITTED, GOOD, HELD_OUT, Judged, measure, ndcg_of, read_judged
from twosided.relevance import Encoder, load_encoder
from twosided.relevance.features import PARTS
from twosided.relevance.logistic import load_weights, sigmoid

SHOWN = ("all fields", "text only")
WORST = 3
Matrix = relevance_fit.Matrix


class Bench:
    """All lists with their features by pattern, and the names of the features."""

    def __init__(self, encoder: Encoder) -> None:
        self.names = relevance_fit.name_features(encoder)
        self.titles = [pattern.title for pattern in relevance_fit.usable(self.names)]
        self.fitted = [read_judged(folder) for folder in FITTED]
        self.held_out = [read_judged(folder) for folder in HELD_OUT]
        self.tables = [
            relevance_fit.stack(judged, encoder, self.names)
            for judged in (*self.fitted, *self.held_out)
        ]
        self.goods = [(judged.grades >= GOOD).astype(float) for judged in self.fitted]

    @property
    def lists(self) -> list[Judged]:
        return [*self.fitted, *self.held_out]

    def fit_without(self, left_out: int, dropped: str = "") -> Matrix:
        """Return base and weights of all fitted lists but one, without the features of a part."""
        kept = [at for at in range(len(self.fitted)) if at != left_out]
        tables = [self.mask(self.tables[at], dropped) for at in kept]
        return relevance_fit.fit_lists(tables, [self.goods[at] for at in kept], self.names)

    def mask(self, table: Matrix, part: str) -> Matrix:
        kept = [float(name.partition(".")[0] != part) for name in self.names]
        return np.asarray(table * np.array(kept))

    def fresh(self) -> list[Matrix]:
        """Return base and weights for each list, of which none saw its list."""
        shipped = load_weights("default")
        held = np.array([shipped.base, *(shipped.weights[name] for name in self.names)])
        return [self.fit_without(at) for at in range(len(self.fitted))] + [held] * len(
            self.held_out
        )

    def score(self, at: int, theta: Matrix, title: str, dropped: str = "") -> Matrix:
        seen = self.mask(self.tables[at][self.titles.index(title)], dropped)
        return sigmoid(seen @ theta[1:] + theta[0])


def print_quality(bench: Bench, fresh: Sequence[Matrix]) -> None:
    for title in SHOWN:
        print(f"{title}:")
        for at, judged in enumerate(bench.lists):
            scores = bench.score(at, fresh[at], title)
            figures = measure(scores, judged.grades)
            kept = "held out" if at >= len(bench.fitted) else "left out"
            relevance_fit.print_figures(judged.name, kept, figures)


def print_floor(bench: Bench, fresh: Sequence[Matrix]) -> None:
    floor = load_weights("default").floor / 1000
    for title in SHOWN:
        told, lost = [], []
        for at, judged in enumerate(bench.lists):
            best = bench.score(at, fresh[at], title).max(axis=1)
            fitting = (judged.grades >= GOOD).any(axis=1)
            told.extend(best[~fitting] < floor)
            lost.extend(best[fitting] < floor)
        print(
            f"floor {floor:.3f}, {title}: {np.mean(told):.0%} of {len(told)} needs without a "
            f"fitting offer are told, {np.mean(lost):.1%} of {len(lost)} with one are lost"
        )


def print_reliability(bench: Bench, fresh: Sequence[Matrix]) -> dict[str, Reliability]:
    found = {}
    for title in SHOWN:
        pairs = [
            (bench.score(at, fresh[at], title).ravel(), (judged.grades >= GOOD).ravel())
            for at, judged in enumerate(bench.lists)
        ]
        found[title] = measure_reliability(
            np.concatenate([score for score, _ in pairs]),
            np.concatenate([good for _, good in pairs]),
        )
        print(f"calibration, {title}: score, share of good pairs, pairs")
        for row in found[title]:
            print(f"  {row.score:.3f}  {row.share:.3f}  {row.pairs}")
    return found


def print_ablation(bench: Bench) -> None:
    """Print the mean over the fitted lists, each scored by the others without one part."""
    for title in SHOWN:
        print(f"left out, {title}: mean nDCG@10, AUC of the fitted lists")
        for part in ("", *(PARTS[1:] if title == SHOWN[0] else ("words", "meaning"))):
            figures = []
            for at, judged in enumerate(bench.fitted):
                theta = bench.fit_without(at, part)
                figures.append(measure(bench.score(at, theta, title, part), judged.grades))
            means = [float(np.mean([each[key] for each in figures])) for key in ("nDCG@10", "AUC")]
            print(f"  {part or 'nothing':<14}{means[0]:.3f}  {means[1]:.3f}")


def print_worst(bench: Bench, fresh: Sequence[Matrix]) -> None:
    """Print the fitted lists' worst needs of all: what came first, what should have, and why."""
    ranked = []
    for at, judged in enumerate(bench.fitted):
        scores = bench.score(at, fresh[at], "all fields")
        for i, (row, grades) in enumerate(zip(scores, judged.grades, strict=True)):
            if (grades >= GOOD).any():
                ranked.append((ndcg_of(row, grades), at, i))
    for figure, at, i in sorted(ranked)[:WORST]:
        judged, scores = bench.fitted[at], bench.score(at, fresh[at], "all fields")[i]
        first, right = int(scores.argmax()), int(judged.grades[i].argmax())
        print(f"{judged.name} {judged.needs[i].id} {judged.needs[i].title}: nDCG@10 {figure:.2f}")
        for say, j in (("first", first), ("should be", right)):
            parts = _share_odds(bench, at, fresh[at], i, j)
            offer = judged.offers[j]
            print(f"  {say}: {offer.id} {offer.title} {scores[j]:.2f}  {parts}")


def _share_odds(bench: Bench, at: int, theta: Matrix, i: int, j: int) -> str:
    seen = bench.tables[at][bench.titles.index("all fields"), i, j] * theta[1:]
    parts: dict[str, float] = {}
    for name, odds in zip(bench.names, seen, strict=True):
        parts[name.partition(".")[0]] = parts.get(name.partition(".")[0], 0.0) + float(odds)
    return " ".join(f"{part} {odds:+.1f}" for part, odds in parts.items() if abs(odds) > 0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--svg", type=Path, help="draw the reliability diagram into this file")
    options = parser.parse_args()
    encoder = load_encoder("default")
    assert encoder is not None
    bench = Bench(encoder)
    fresh = bench.fresh()
    print_quality(bench, fresh)
    print_floor(bench, fresh)
    reliability = print_reliability(bench, fresh)
    if options.svg:
        options.svg.write_text(draw_reliability(reliability), encoding="utf-8")
    print_worst(bench, fresh)
    print_ablation(bench)


if __name__ == "__main__":
    main()
