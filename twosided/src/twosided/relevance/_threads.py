"""One thread for linear algebra on small tables: more only wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

try:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types
except ImportError:  # the extra is not installed: as many threads as the library likes
    threadpool_limits = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS to one thread inside; without threadpoolctl, nothing changes."""
    if threadpool_limits is None:
        yield
        return
    with threadpool_limits(1, user_api="blas"):
        yield
