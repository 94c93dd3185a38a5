"""Threads for linear algebra: one on small tables, where more only wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

try:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types
except ImportError:  # the extra is not installed: as many threads as the library likes
    threadpool_limits = None

THREADS = 2
Batch = TypeVar("Batch")
Done = TypeVar("Done")


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS to one thread inside; without threadpoolctl, nothing changes."""
    if threadpool_limits is None:
        yield
        return
    with threadpool_limits(1, user_api="blas"):
        yield


def run_side_by_side(run: Callable[[Batch], Done], batches: Sequence[Batch]) -> Iterator[Done]:
    """Yield the results in order, two batches at a time with one BLAS thread each.

    Two levels of threads would fight: without threadpoolctl the batches run one by one.
    """
    if threadpool_limits is None:
        yield from map(run, batches)
        return
    with one_thread(), ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(run, batches)
