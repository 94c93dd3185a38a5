"""The score: a logistic of the features with the weights shipped in weights.json."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.features import PARTS

THOUSAND = 1_000
# Everything beside the code that a score may depend on.
SHIPPED = (
    "background.json",
    "concepts.npy",
    "concepts.txt",
    "groups.txt",
    "neutral.json",
    "use_means.npy",
    "weights.json",
)
_FLAT = 1e-9


@dataclass(frozen=True)
class Weights:
    """base: the log-odds of a pair of which nothing is known. floor: thousandths."""

    base: float
    weights: Mapping[str, float]
    floor: int

    def score(self, tables: Mapping[str, NDArray[np.float64]]) -> NDArray[np.uint16]:
        """Return the scores in thousandths, (N, M)."""
        odds = np.full(next(iter(tables.values())).shape, self.base)
        for name, weight in self.weights.items():
            odds += weight * tables[name]
        return np.rint(THOUSAND * sigmoid(odds)).astype(np.uint16)

    @cached_property
    def spans(self) -> Mapping[str, tuple[float, float]]:
        """Part → the least and the greatest weight of its features."""
        held: dict[str, list[float]] = {}
        for name, weight in self.weights.items():
            held.setdefault(name.partition(".")[0], []).append(weight)
        return {part: (min(weights), max(weights)) for part, weights in held.items()}

    def gain(self, tables: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return how far each part moves the log-odds, (parts, N, M), from nothing known."""
        gains = np.zeros((len(PARTS), *next(iter(tables.values())).shape))
        for name, weight in self.weights.items():
            gains[PARTS.index(name.partition(".")[0])] += weight * tables[name]
        return gains

    def divide(self, gains: Sequence[float], score: int) -> dict[str, float]:
        """Divide a score (thousandths) among the parts: Aumann–Shapley values of the logistic.

        gains: of each part, see `gain`. Walking straight from "nothing known" to the pair, each
        feature earns its share of the climb: w·x·(σ(z) − σ(b)) / (z − b). The largest part absorbs
        the rounding, so that the parts sum to score / 1000. (Aumann & Shapley 1974; Sundararajan
        et al. 2017.)
        """
        slope = _slope(self.base, sum(gains))
        parts = {name: round(gain * slope, 6) for name, gain in zip(PARTS, gains, strict=True)}
        parts["base"] = round(chance(self.base), 6)
        sizes = list(map(abs, parts.values()))
        largest = list(parts)[sizes.index(max(sizes))]
        parts[largest] = 0.0
        parts[largest] = round(score / THOUSAND - math.fsum(parts.values()), 6)
        return parts


def sigmoid(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * odds)))


def chance(odds: float) -> float:
    """Return the probability that log-odds stand for, of one number; `sigmoid` takes tables."""
    return 0.5 * (1.0 + math.tanh(0.5 * odds))


def _slope(base: float, climb: float) -> float:
    """Return the mean slope of the logistic over the climb."""
    start = chance(base)
    if abs(climb) < _FLAT:
        return start * (1.0 - start)
    return (chance(base + climb) - start) / climb


@cache
def load_weights(mode: str) -> Weights:
    """Return the shipped weights of a mode, "default" (with an encoder) or "lexical"."""
    fitted = json.loads(_shipped("weights.json"))["modes"][mode]
    return Weights(fitted["base"], fitted["weights"], fitted["floor"])


@cache
def digest_weights() -> str:
    """Return a SHA-256 of everything shipped that scores depend on."""
    return hashlib.sha256(b"".join(map(_shipped, SHIPPED))).hexdigest()


def _shipped(name: str) -> bytes:
    return (resources.files("twosided.relevance") / name).read_bytes()
