"""The score: a logistic of the features with the weights shipped in weights.json."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.features import PARTS

THOUSAND = 1_000
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

    def odds(self, features: Mapping[str, float]) -> float:
        """Return the log-odds of one pair."""
        return self.base + sum(weight * features[name] for name, weight in self.weights.items())

    def divide(self, features: Mapping[str, float], score: int) -> dict[str, float]:
        """Divide a score (thousandths) among the parts: Aumann–Shapley values of the logistic.

        Walking straight from "nothing known" to the pair, each feature earns its share of the
        climb: w·x·(σ(z) − σ(b)) / (z − b). The largest part absorbs the rounding, so that the
        parts sum to score / 1000. (Aumann & Shapley 1974; Sundararajan et al. 2017.)
        """
        gains = dict.fromkeys(PARTS, 0.0)
        for name, weight in self.weights.items():
            gains[name.partition(".")[0]] += weight * features[name]
        start = _chance(self.base)
        slope = _slope(self.base, sum(gains.values()))
        parts = {name: round(gain * slope, 6) for name, gain in gains.items()}
        parts["base"] = round(start, 6)
        largest = max(parts, key=lambda name: abs(parts[name]))
        rest = math.fsum(value for name, value in parts.items() if name != largest)
        parts[largest] = round(score / THOUSAND - rest, 6)
        return parts


def sigmoid(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * odds)))


def _chance(odds: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * odds))


def _slope(base: float, climb: float) -> float:
    """Return the mean slope of the logistic over the climb."""
    start = _chance(base)
    if abs(climb) < _FLAT:
        return start * (1.0 - start)
    return (_chance(base + climb) - start) / climb


@cache
def load_weights(mode: str) -> Weights:
    """Return the shipped weights of a mode, "default" (with an encoder) or "lexical"."""
    fitted = json.loads(_shipped("weights.json"))["modes"][mode]
    return Weights(fitted["base"], fitted["weights"], fitted["floor"])


@cache
def digest_weights() -> str:
    """Return a SHA-256 of everything shipped that scores depend on."""
    return hashlib.sha256(_shipped("weights.json") + _shipped("background.json")).hexdigest()


def _shipped(name: str) -> bytes:
    return (resources.files("twosided.relevance") / name).read_bytes()
