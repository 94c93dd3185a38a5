"""Fit the shipped relevance weights on judged lists; prints fresh figures, --write ships them.

    python bench/relevance_fit.py [FOLDER …] [--write] [--background]

A folder holds needs.clean.csv, offers.clean.csv and relevance.csv; without any, the lists that the
shipped weights were fitted on. Every figure printed is of weights that never saw what they score:
"fresh needs" leaves out an eighth of the needs of every list at a time, "fresh list" the whole
list. Lists that are held out for good are measured by relevance_report.py, never here.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import twosided.relevance
from numpy.typing import NDArray
from relevance_judged import FITTED, GOOD, HELD_OUT, Judged, Row, measure, read_judged
from scipy.optimize import minimize
from twosided.relevance import Encoder, load_encoder
from twosided.relevance.concepts import centre_concepts
from twosided.relevance.features import (
    CONCEPT_FEATURES,
    FIELD_FEATURES,
    MEANING_FEATURES,
    READ_FEATURES,
    WORD_FEATURES,
    compare_fields,
    compare_lists,
)
from twosided.relevance.item import describe
from twosided.relevance.logistic import sigmoid
from twosided.relevance.meaning import normalise
from twosided.relevance.reading import read_item
from twosided.relevance.thesaurus import load_thesaurus
from twosided.relevance.words import cut_pairs, cut_pieces, cut_words

PACKAGE = Path(twosided.relevance.__file__).parent
FOLDS = 8
RIDGE = 0.3
BACKGROUND_LEAST = 3
Matrix = NDArray[np.float64]

# What the lists cannot teach, because every one of their pairs is alike in it, is set by hand:
# small, so that it decides only between pairs that are otherwise equal.
BY_HAND = {
    "place.same": 0.4,
    "place.read": 0.2,
    "time.overlap": 0.2,
    "time.read": 0.1,
    "time.apart": -0.2,
    "quantity.short": -0.3,
}
COLUMNS = {
    "category": ("category",),
    "kind": ("kind",),
    "target_group": ("target_group",),
    "time": ("time_window",),
    "place": ("sub_district",),
    "quantity": ("quantity", "unit"),
}
EVERY_FIELD = ("category", "kind", "target_group", "time", "place", "quantity")


@dataclass(frozen=True)
class Pattern:
    """A way in which lists may be filled in, learnt from with its share of the weight.

    fields: parts kept, the others blank. apart: needs and offers in different languages. coarse:
    one side of each pair names only the main category.
    """

    title: str
    fields: tuple[str, ...]
    share: float
    apart: bool = False
    coarse: bool = False


PATTERNS = (
    Pattern("all fields", EVERY_FIELD, 0.4),
    Pattern("all fields, main category", EVERY_FIELD, 0.2, coarse=True),
    Pattern("category", ("category",), 0.1),
    Pattern("category, group", ("category", "target_group"), 0.1),
    Pattern("kind, group, amount", ("kind", "target_group", "quantity"), 0.1),
    Pattern("text only", (), 0.2),
    Pattern("all fields, apart", EVERY_FIELD, 0.1, apart=True),
    Pattern("text only, apart", (), 0.1, apart=True),
)


def name_features(encoder: Encoder | None) -> tuple[str, ...]:
    texts = WORD_FEATURES + CONCEPT_FEATURES + (MEANING_FEATURES if encoder else ())
    return texts + FIELD_FEATURES + READ_FEATURES


def sign(name: str) -> tuple[float | None, float | None]:
    """Return the bounds of a weight: likeness never speaks against a pair, difference never for."""
    if name in BY_HAND:
        return BY_HAND[name], BY_HAND[name]
    if name == "meaning.apart":
        return None, None
    if name.endswith(".other"):
        return None, 0.0
    return (None, None) if name.endswith((".near", ".within")) else (0.0, None)


def stack(judged: Judged, encoder: Encoder | None, names: Sequence[str]) -> Matrix:
    """Return the features of a list by pattern: (P, N, M, F), each as that list would be read."""
    tables = compare_lists(judged.needs, judged.offers, encoder).tables
    views = []
    for pattern in usable(names):
        sides = [
            [read_item(blank(row, pattern)) for row in rows]
            for rows in (judged.needs, judged.offers)
        ]
        seen = {**tables, **compare_fields(*sides)}
        views.append(view(np.stack([seen[name] for name in names], axis=-1), names, pattern))
    return np.stack(views)


def blank(row: Row, pattern: Pattern) -> Row:
    """Return the row without the fields that the pattern leaves out."""
    gone = [name for part, held in COLUMNS.items() if part not in pattern.fields for name in held]
    return replace(row, **{name: None if name == "quantity" else "" for name in gone})


def view(seen: Matrix, names: Sequence[str], pattern: Pattern) -> Matrix:
    """Return the features (…, F) as they would be with coarse categories, or across languages."""
    column = {name: at for at, name in enumerate(names)}
    if pattern.coarse:
        fine = [column["category.same"], column["category.near"]]
        seen[..., column["category.within"]] += seen[..., fine].sum(axis=-1)
        seen[..., fine] = 0.0
    if pattern.apart:
        seen[..., [column[name] for name in WORD_FEATURES]] = 0.0
        if "meaning.apart" in column:
            seen[..., column["meaning.apart"]] = 1.0
            seen[..., column["meaning.across"]] = seen[..., column["meaning.text"]]
    return seen


def fit(features: Matrix, good: Matrix, names: Sequence[str]) -> Matrix:
    """Return base and weights of a ridge logistic with sign bounds.

    features: (P, pairs, F), one view a usable pattern; good: (pairs,).
    """
    shares = [pattern.share for pattern in usable(names)]

    def loss(theta: Matrix) -> tuple[float, Matrix]:
        total, slope = 0.5 * RIDGE * float(theta[1:] @ theta[1:]), np.r_[0.0, RIDGE * theta[1:]]
        for share, seen in zip(shares, features, strict=True):
            odds = seen @ theta[1:] + theta[0]
            gap = share * (sigmoid(odds) - good)
            total += share * float((np.logaddexp(0.0, odds) - good * odds).sum())
            slope += np.r_[gap.sum(), seen.T @ gap]
        return total, slope

    bounds = [(None, None), *(sign(name) for name in names)]
    start = np.r_[-5.0, [BY_HAND.get(name, 0.0) for name in names]]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def usable(names: Sequence[str]) -> list[Pattern]:
    """Return the patterns that can be learnt: without an encoder, none across languages."""
    return [pattern for pattern in PATTERNS if not pattern.apart or "meaning.text" in names]


def score_fresh_needs(
    tables: Sequence[Matrix], goods: Sequence[Matrix], names: Sequence[str], shuffle: int = 0
) -> list[list[Matrix]]:
    """Return out-of-fold scores by list and pattern, folds over the needs of every list."""
    fold_of = [np.random.default_rng(shuffle).permutation(len(good)) % FOLDS for good in goods]
    scores = [[np.zeros(good.shape) for _ in usable(names)] for good in goods]
    for fold in range(FOLDS):
        learnt = [of != fold for of in fold_of]
        theta = fit_lists(
            [table[:, rows] for table, rows in zip(tables, learnt, strict=True)],
            [good[rows] for good, rows in zip(goods, learnt, strict=True)],
            names,
        )
        for at, (table, rows) in enumerate(zip(tables, learnt, strict=True)):
            for number, seen in enumerate(score_views(table[:, ~rows], theta)):
                scores[at][number][~rows] = seen
    return scores


def score_fresh_lists(
    tables: Sequence[Matrix], goods: Sequence[Matrix], names: Sequence[str]
) -> list[list[Matrix]]:
    """Return scores by list and pattern, of weights fitted to all the other lists."""
    scores = []
    for at, table in enumerate(tables):
        others = [other for other in range(len(tables)) if other != at]
        theta = fit_lists([tables[other] for other in others], [goods[o] for o in others], names)
        scores.append(score_views(table, theta))
    return scores


def fit_lists(tables: Sequence[Matrix], goods: Sequence[Matrix], names: Sequence[str]) -> Matrix:
    x = np.concatenate([table.reshape(len(table), -1, len(names)) for table in tables], axis=1)
    return fit(x, np.concatenate([good.ravel() for good in goods]), names)


def score_views(table: Matrix, theta: Matrix) -> list[Matrix]:
    """Return the scores of a list as it is filled in by each usable pattern."""
    return [sigmoid(seen @ theta[1:] + theta[0]) for seen in table]


def choose_floor(scores: Sequence[Matrix], goods: Sequence[Matrix]) -> int:
    """Return the floor (thousandths) that 95 % of the needs that have a fitting offer pass."""
    best = [score.max(axis=1)[good.any(axis=1)] for score, good in zip(scores, goods, strict=True)]
    return int(1000 * np.quantile(np.concatenate(best), 0.05))


def learn(judged: Sequence[Judged], encoder: Encoder | None) -> dict[str, object]:
    """Print fresh figures of one mode and return its weights fitted on everything."""
    names = name_features(encoder)
    tables = [stack(lists, encoder, names) for lists in judged]
    goods = [(lists.grades >= GOOD).astype(float) for lists in judged]
    fresh = score_fresh_needs(tables, goods, names)
    print_fresh("fresh needs", judged, fresh, names)
    if len(judged) > 1:
        print_fresh("fresh list", judged, score_fresh_lists(tables, goods, names), names)
    unseen = [
        (score, good)
        for each, good in zip(fresh, goods, strict=True)
        for score, pattern in zip(each, usable(names), strict=True)
        if not pattern.apart
    ]
    floor = choose_floor(*zip(*unseen, strict=True))
    theta = fit_lists(tables, goods, names)
    weights = {name: round(float(w), 3) for name, w in zip(names, theta[1:], strict=True)}
    return {"base": round(float(theta[0]), 3), "floor": floor, "weights": weights}


def print_fresh(
    title: str, judged: Sequence[Judged], scores: list[list[Matrix]], names: Sequence[str]
) -> None:
    for lists, each in zip(judged, scores, strict=True):
        for score, pattern in zip(each, usable(names), strict=True):
            print_figures(lists.name, f"{title}, {pattern.title}", measure(score, lists.grades))


def print_figures(name: str, title: str, figures: dict[str, float]) -> None:
    shown = "  ".join(f"{key} {value:.3f}" for key, value in figures.items())
    print(f"  {name:<14}{title:<40}{shown}")


def write_background(judged: Sequence[Judged]) -> None:
    """Count common terms over all judged texts, for lists too small to count for themselves."""
    texts = [describe(row) for lists in judged for row in (*lists.needs, *lists.offers)]
    holding = Counter(term for text in texts for term in background_terms(text))
    common = {term: count for term, count in sorted(holding.items()) if count >= BACKGROUND_LEAST}
    write_json("background.json", {"items": len(texts), "holding": common})


def background_terms(text: str) -> set[str]:
    return {*cut_pairs(text), *cut_pieces(text), *(word.key for word in cut_words(text))}


def write_means(judged: Sequence[Judged], encoder: Encoder) -> None:
    """Write what a usual text and a usual word are encoded as, and where the concepts lie."""
    texts = [describe(row) for lists in judged for row in (*lists.needs, *lists.offers)]
    words = sorted({word.form for text in texts for word in cut_words(text)})
    means = np.stack([encoder.encode(texts).mean(axis=0), encoder.encode(words).mean(axis=0)])
    np.save(PACKAGE / "use_means.npy", means.astype(np.float32))
    places = centre_concepts(
        np.concatenate([_place(said, encoder, means[1]) for said in load_thesaurus().words])
    )
    np.save(PACKAGE / "concepts.npy", places.astype(np.float16))


def _place(said: tuple[tuple[str, ...], ...], encoder: Encoder, mean: Matrix) -> Matrix:
    """Return where a concept lies, (1, d): the middle of its words, both languages alike."""
    middles = [
        normalise(encoder.encode(words).astype(np.float64) - mean).mean(axis=0, keepdims=True)
        for words in said
    ]
    return np.asarray(sum(normalise(middle) for middle in middles))


def write_json(name: str, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (PACKAGE / name).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true", help="ship the weights")
    parser.add_argument(
        "--background", action="store_true", help="recount background and means first"
    )
    options = parser.parse_args()
    judged = [read_judged(folder) for folder in options.folders or FITTED]
    encoder = load_encoder("default")
    assert encoder is not None
    if options.background:
        write_background(judged)
        write_means(judged, encoder)
        print("background and means written: run again to fit")
        return
    modes: dict[str, object] = {}
    for mode, model in (("default", encoder), ("lexical", None)):
        print(f"{mode}:")
        modes[mode] = learn(judged, model)
    print(json.dumps(modes, indent=1))
    if options.write:
        write_json("weights.json", {"fitted": describe_fit(judged), "modes": modes})


def describe_fit(judged: Sequence[Judged]) -> dict[str, object]:
    return {
        "target": "grade >= 2",
        "lists": [describe_size(lists) for lists in judged],
        "how": "ridge logistic over all pairs, sign bounds, each list also with fields left blank",
        "ridge": RIDGE,
        "by_hand": BY_HAND,
        "held_out": [describe_size(read_judged(folder)) for folder in HELD_OUT],
    }


def describe_size(lists: Judged) -> str:
    return f"{lists.name} ({len(lists.needs)} × {len(lists.offers)})"


if __name__ == "__main__":
    main()
