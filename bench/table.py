"""One table of ratios: what this costs beside its peers, measured in one run.

    python bench/table.py [--quick]

Seconds on a shared machine mean little; read the ratios. Each question has a file of its own that
says more: deferred_acceptance.py, reading.py, relevance.py.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import deferred_acceptance
import reading


@dataclass(frozen=True)
class Row:
    """Seconds of ours and of a peer at one size; told: what the peer said instead of a result."""

    question: str
    size: str
    ours: float
    peer: str
    seconds: float | None
    told: str = ""


def acceptance_rows(limit: float) -> Iterator[Row]:
    """Stable plans of dense n × n markets with strict preferences; limit: seconds for a peer."""
    for run in deferred_acceptance.dense_runs(sys.executable, limit):
        size = f"{run.size} × {run.size}"
        yield Row("deferred acceptance", size, run.ours, run.peer, run.seconds, run.why)


def reading_rows(sizes: Sequence[int]) -> Iterator[Row]:
    """Reading a list of needs, everything interpreted, beside its bare cells."""
    for size in sizes:
        whole, _cells, peer = reading.compare(size)
        yield Row("reading a list", f"{size:,} rows", whole, "pandas + openpyxl", peer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="small sizes, short time boxes")
    quick = parser.parse_args().quick
    print("| question | size | ours s | peer | peer s | peer / ours |")
    print("|---|---|---|---|---|---|")
    sizes = reading.SIZES[:2] if quick else reading.SIZES
    for row in itertools.chain(acceptance_rows(20 if quick else 120), reading_rows(sizes)):
        ratio = f"{row.seconds:.3f} | {row.seconds / row.ours:.1f}" if row.seconds else ""
        found = ratio or f"{row.told} | –"
        print(
            f"| {row.question} | {row.size} | {row.ours:.3f} | {row.peer} | {found} |", flush=True
        )


if __name__ == "__main__":
    main()
