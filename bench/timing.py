"""Seconds that mean something on a shared machine: processor time, beside a calibration loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
LOOPS = 3_000_000


def timed(work: Callable[[], Result], repeat: int = 1) -> tuple[float, Result]:
    """The median processor time of `repeat` >= 1 runs, in seconds, and the last result."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 2], result


def calibration() -> float:
    """Seconds of a plain Python loop of LOOPS additions: hold all other seconds against it."""
    return timed(_add_up, 5)[0]


def _add_up() -> int:
    total = 0
    for n in range(LOOPS):
        total += n & 7
    return total
