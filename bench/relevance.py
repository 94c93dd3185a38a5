"""Relevance beside plain BM25: quality on fresh folds, and time from a cold and a warm start.

    python bench/relevance.py FOLDER [FOLDER …]

A folder holds needs.clean.csv, offers.clean.csv and relevance.csv. On the lists that the weights
were fitted on, "refitted" is the honest line: weights that never saw the need. Seconds depend on
the machine; read the ratios.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import relevance_fit
from relevance_judged import GOOD, Judged, Scores, measure, read_judged
from twosided.relevance import Encoder, load_encoder, relate
from twosided.relevance.item import describe
from twosided.relevance.words import cut_pairs, cut_words

SATURATION, LENGTH = 1.2, 0.75
EXPLAINED = 20
COLD_RUNS = 3
COLD = """
import time
start = time.perf_counter()
import sys
sys.path.insert(0, {bench!r})
from pathlib import Path
import relevance_judged
judged = relevance_judged.read_judged(Path({folder!r}))
from twosided.relevance import load_encoder, relate
relevance = relate(judged.needs, judged.offers, encoder=load_encoder({model!r}))
for i in range(len(judged.needs)):
    for j in relevance.top(i, {explained}):
        relevance.pair(i, j)
print(time.perf_counter() - start)
"""


def score_bm25(judged: Judged) -> Scores:
    """Return BM25 of words and character pairs, needs as queries, offers as documents."""
    documents = [Counter(terms_of(describe(offer))) for offer in judged.offers]
    lengths = np.array([document.total() for document in documents])
    norm = SATURATION * (1 - LENGTH + LENGTH * lengths / lengths.mean())
    holding = Counter(term for document in documents for term in document)
    scores = np.zeros((len(judged.needs), len(documents)))
    for i, need in enumerate(judged.needs):
        for term in set(terms_of(describe(need))) & holding.keys():
            count = np.array([document[term] for document in documents])
            rarity = np.log(1 + (len(documents) - holding[term] + 0.5) / (holding[term] + 0.5))
            scores[i] += rarity * count * (SATURATION + 1) / (count + norm)
    return scores


def terms_of(text: str) -> list[str]:
    return [word.key for word in cut_words(text)] + cut_pairs(text)


def refit(judged: Judged, encoder: Encoder | None) -> list[tuple[str, Scores]]:
    """Return out-of-fold scores of all fields and of text only."""
    names = relevance_fit.name_features(encoder)
    tables = [relevance_fit.stack(judged, encoder, names)]
    good = [(judged.grades >= GOOD).astype(float)]
    unseen = relevance_fit.score_fresh_needs(tables, good, names)[0]
    titles = [pattern.title for pattern in relevance_fit.usable(names)]
    return [
        (title, scores)
        for title, scores in zip(titles, unseen, strict=True)
        if title in ("all fields", "text only")
    ]


def print_quality(judged: Judged, encoder: Encoder) -> None:
    figures = measure(score_bm25(judged), judged.grades)
    shown = {key: value for key, value in figures.items() if not key.startswith("ECE")}
    relevance_fit.print_figures(judged.name, "BM25", shown)
    for mode, model in (("default", encoder), ("lexical", None)):
        for title, lists in (("all fields", judged), ("text only", judged.text_only())):
            score = relate(lists.needs, lists.offers, encoder=model).score / 1000.0
            line = f"{mode}, shipped, {title}"
            relevance_fit.print_figures(judged.name, line, measure(score, judged.grades))
        for title, scores in refit(judged, model):
            line = f"{mode}, refitted, {title}"
            relevance_fit.print_figures(judged.name, line, measure(scores, judged.grades))


def print_times(folder: Path, judged: Judged, encoder: Encoder) -> None:
    bm25 = median_seconds(lambda: score_bm25(judged))
    print(f"  BM25 alone, warm{bm25:>26.3f} s   1.0 ×")
    for mode, model in (("default", encoder), ("lexical", None)):
        cold = sorted(run_cold(folder, mode) for _ in range(COLD_RUNS))[COLD_RUNS // 2]
        warm = median_seconds(lambda model=model: explain(judged, model))
        print(f"  {mode}, new process, explained{cold:>12.3f} s  {cold / bm25:4.1f} ×")
        print(f"  {mode}, again, explained      {warm:>12.3f} s  {warm / bm25:4.1f} ×")


def explain(judged: Judged, encoder: Encoder | None) -> None:
    relevance = relate(judged.needs, judged.offers, encoder=encoder)
    for i in range(len(judged.needs)):
        for j in relevance.top(i, EXPLAINED):
            relevance.pair(i, j)


def run_cold(folder: Path, mode: str) -> float:
    script = COLD.format(
        bench=str(Path(__file__).parent), folder=str(folder), model=mode, explained=EXPLAINED
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def median_seconds(run: object, times: int = 5) -> float:
    assert callable(run)
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[times // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path)
    here = Path(__file__).parent.parent / "tests"
    usual = [
        here / "data" / "district-a",
        here / "twosided" / "relevance" / "other_city",
        here / "twosided" / "relevance" / "english",
    ]
    folders = parser.parse_args().folders or usual
    encoder = load_encoder("default")
    assert encoder is not None
    for folder in folders:
        judged = read_judged(folder)
        print(f"{judged.name}: {len(judged.needs)} needs, {len(judged.offers)} offers")
        print_quality(judged, encoder)
    print(f"{folders[0].name}, scored and the top {EXPLAINED} of each need explained:")
    print_times(folders[0], read_judged(folders[0]), encoder)


if __name__ == "__main__":
    main()
