"""Preferences as integers, for the solvers: lower is better, equal is a tie."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from twosided._checks import HIGHEST_RANK

Ints = npt.NDArray[np.int64]

# Every stated rank is at most HIGHEST_RANK, so each beats every unstated edge.
UNSTATED = HIGHEST_RANK + 1
NO_LIMIT = 2**31
TIE_BITS = 29


def preference_keys(rank: npt.NDArray[np.int32], score: npt.NDArray[np.uint16]) -> Ints:
    """(E,) int64 in [1, 2**31): the stated rank, else beyond all ranks by falling score."""
    unstated = UNSTATED + 1000 - score.astype(np.int64)
    keys: Ints = np.where(rank > 0, rank.astype(np.int64), unstated)
    return keys


def tie_hash(seed: int, need: npt.NDArray[np.int32], offer: npt.NDArray[np.int32]) -> Ints:
    """(E,) int64 in [0, 2**29): hash(seed, need, offer), the same everywhere (SplitMix64)."""
    with np.errstate(over="ignore"):
        state = _mixed(np.full(len(need), seed % 2**64, np.uint64))
        state = _mixed(state + need.astype(np.uint64))
        state = _mixed(state + offer.astype(np.uint64))
    return (state >> np.uint64(64 - TIE_BITS)).astype(np.int64)


def _mixed(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """One step of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
