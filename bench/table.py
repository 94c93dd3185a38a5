"""One table of ratios: what this costs beside its peers, measured in one run.

    python bench/table.py [--quick]

Seconds on a shared machine mean little; read the ratios. Each question has a file of its own that
says more: deferred_acceptance.py, quality.py, speed.py, reading.py, relevance.py.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import deferred_acceptance
import methods
import reading
import speed
from timing import calibration

# Where both libraries still answer; deferred_acceptance.py goes further.
DENSE = (100, 300)


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
    for run in deferred_acceptance.dense_runs(sys.executable, limit, DENSE):
        size = f"{run.size} × {run.size}"
        yield Row("deferred acceptance", size, run.ours, run.peer, run.seconds, run.why)


def district_rows(limit: float) -> Iterator[Row]:
    """The default plan of one scarce district, first and final; limit: seconds for CP-SAT."""
    case = methods.case("104 x 93 scarce", 0, limit)
    peer = methods.CPSAT["CP-SAT, balanced"](case)
    for name in ("ours, first balanced", "ours, balanced"):
        ours = methods.OURS[name](case)
        assert isinstance(ours, methods.Figures)
        told = peer if isinstance(peer, str) else ""
        seconds = None if isinstance(peer, str) else peer.seconds
        reached = f"104 × 93, {ours.blocking} blocking"
        rival = "CP-SAT" if isinstance(peer, str) else f"CP-SAT, {peer.blocking} blocking"
        yield Row(name.removeprefix("ours, "), reached, ours.seconds, rival, seconds, told)


def fit_rows(largest: int) -> Iterator[Row]:
    """The best total fit beside OR-tools flow."""
    for run in speed.fit_runs(largest):
        yield Row("best fit", f"{run.size:,} × 30", run.ours, "OR-tools flow", run.peer)


def replan_rows(shapes: Sequence[str]) -> Iterator[Row]:
    """A plan after 1 % of its pairs were declined, beside a full solve."""
    for shape in shapes:
        run = speed.replan(shape, "balanced")
        yield Row("re-plan, balanced", shape, run.warm, "ours from nothing", run.full)


def reading_rows(sizes: Sequence[int]) -> Iterator[Row]:
    """Reading a list of needs, everything interpreted, beside its bare cells."""
    for size in sizes:
        whole, _cells, peer = reading.compare(size)
        yield Row("reading a list", f"{size:,} rows", whole, "pandas + openpyxl", peer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="small sizes, short time boxes")
    quick = parser.parse_args().quick
    print(f"calibration loop: {calibration():.3f} s\n")
    print("| question | size | ours s | peer | peer s | peer / ours |")
    print("|---|---|---|---|---|---|")
    sizes = reading.SIZES[:2] if quick else reading.SIZES
    rows = itertools.chain(
        acceptance_rows(20 if quick else 60),
        district_rows(3 if quick else 25),
        fit_rows(speed.QUICK),
        replan_rows(["104 x 93 scarce"]),
        reading_rows(sizes),
    )
    for row in rows:
        ratio = f"{row.seconds:.3f} | {row.seconds / row.ours:.1f}" if row.seconds else ""
        found = ratio or f"{row.told} | –"
        print(
            f"| {row.question} | {row.size} | {row.ours:.3f} | {row.peer} | {found} |", flush=True
        )


if __name__ == "__main__":
    main()
