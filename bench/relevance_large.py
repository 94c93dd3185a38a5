"""Candidates for long lists: how many of the best are found, and what it costs.

    python bench/relevance_large.py [--size 100000] [--sample 300]     the shortlist
    python bench/relevance_large.py --related 1500                     scores beside dense ones

The shortlist is held against the exact fast score of every offer, nothing left out, for a sample of
needs; "words only" and "vectors and fields only" show what each half finds without the other.
Seconds are processor seconds, summed over both threads; a calibration loop is printed beside them.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from relevance_judged import Row
from relevance_lists import make_lists
from timing import calibration, timed
from twosided.relevance import Encoder, load_encoder, relate
from twosided.relevance._shortlist_best import pick_best
from twosided.relevance._shortlist_recalled import recall
from twosided.relevance._shortlist_relation import relate_large
from twosided.relevance.logistic import load_weights
from twosided.relevance.reading import read_item
from twosided.relevance.shortlist import score_block, shortlist_readings, terms_of

DEPTH = 30


@dataclass
class TimedEncoder:
    """The shipped encoder, and the seconds spent in it."""

    inner: Encoder
    seconds: float = 0.0
    texts: int = 0

    def __post_init__(self) -> None:
        self.id, self.digest = self.inner.id, self.inner.digest
        self.mean, self.word_mean = self.inner.mean, self.inner.word_mean

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        start = time.process_time()
        vectors = self.inner.encode(texts)
        self.seconds += time.process_time() - start
        self.texts += len(texts)
        return vectors


def measure_shortlist(needs: list[Row], offers: list[Row], sample: int) -> None:
    inner = load_encoder("default")
    assert inner is not None
    counted = TimedEncoder(inner)
    encoder = recall(counted)
    weights = load_weights("default")
    start, wall = time.process_time(), time.perf_counter()
    left, right = [tuple(read_item(row) for row in rows) for rows in (needs, offers)]
    found = shortlist_readings(left, right, encoder, k=DEPTH, barred=0, weights=weights)
    seconds, wall = time.process_time() - start, time.perf_counter() - wall
    print(f"{len(needs)} x {len(offers)}: {seconds:.0f} processor s ({wall:.0f} s by the clock),")
    print(f"  of which encoding {counted.texts} texts {counted.seconds:.0f} s;", _peak())
    step = max(1, len(needs) // sample)
    terms = terms_of(left, right, encoder, weights, exact=True)
    halves = {"all terms": terms, "words only": terms[1:3], "without words": [terms[0], *terms[3:]]}
    picked = {
        name: [_best(part, i, len(right)) for i in range(0, len(left), step)]
        for name, part in halves.items()
    }
    exact = picked["all terms"]
    listed = [found.of(i) for i in range(0, len(left), step)]
    print(f"  recall@{DEPTH} of {len(exact)} needs: {_recall(listed, exact):.4f}")
    for name in ("words only", "without words"):
        print(f"  recall@{DEPTH}, {name}: {_recall(picked[name], exact):.4f}")


def measure_scores(needs: list[Row], offers: list[Row]) -> None:
    """Hold the scores of candidates against those of all pairs."""
    inner = load_encoder("default")
    assert inner is not None
    encoder = recall(inner)
    assert encoder is not None
    dense_seconds, dense = timed(lambda: relate(needs, offers, encoder=encoder))
    large_seconds, large = timed(lambda: relate_large(needs, offers, encoder=encoder))
    print(f"{len(needs)} x {len(offers)}: all pairs {dense_seconds:.0f} s with encoding,")
    print(f"  candidates {large_seconds:.0f} s without; {_peak()}")
    tops = [(i, j) for i in range(len(needs)) for j in dense.top(i, 10)]
    fitting = [pair for pair in tops if dense.score_of(*pair) >= dense.floor]
    for name, pairs in (("ten best", tops), ("of these above the floor", fitting)):
        kept = np.mean([large.listed.find(i, j) is not None for i, j in pairs])
        print(f"  listed of the {name}: {kept:.4f} of {len(pairs)}")
    listed = [(i, int(j)) for i in range(len(needs)) for j in large.listed.of(i)]
    gaps = np.array([large.unfiltered_of(*pair) - dense.unfiltered_of(*pair) for pair in listed])
    size = np.abs(gaps)
    print(f"  score of {len(listed)} listed pairs less that of all pairs, thousandths:")
    print(f"  mean {gaps.mean():.2f}, mean size {size.mean():.2f}, largest {size.max()},")
    print(f"  more than 20: {(size > 20).mean():.4f}")


def _best(terms: Sequence, i: int, offers: int) -> NDArray[np.intp]:
    return pick_best(score_block(terms, slice(i, i + 1), offers), DEPTH)[1]


def _recall(found: Sequence[NDArray], exact: Sequence[NDArray]) -> float:
    hits = [np.isin(best, some).mean() for some, best in zip(found, exact, strict=True)]
    return float(np.mean(hits))


def _peak() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--related", type=int, default=0)
    chosen = parser.parse_args()
    print(f"calibration {calibration():.3f} s")
    if chosen.related:
        measure_scores(*make_lists(chosen.related))
    else:
        measure_shortlist(*make_lists(chosen.size), chosen.sample)


if __name__ == "__main__":
    main()
