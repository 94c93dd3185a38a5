"""How fast is a stable plan: deferred acceptance beside two libraries, and how its time grows.

    python bench/deferred_acceptance.py [--quick] [--peers-python PATH] [--largest N]

Dense markets with strict preferences (both libraries, each in its own time-boxed process, with a
deep recursion limit as a courtesy), and sparse ones with 30 candidates a need for growth.  Ratios
matter, seconds depend on the machine.  How good the plans are: quality.py.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import markets
import numpy as np
import peer_libraries
from timing import timed
from twosided import Market, audit, solve
from twosided import _prepare as prepare

DENSE = (100, 300, 1000)
SPARSE = (10_000, 100_000, 1_000_000)
DEGREE = 30


@dataclass(frozen=True)
class DenseRun:
    """One peer beside ours: seconds None and why, where the peer gave no plan."""

    size: int
    ours: float
    blocking: int
    peer: str
    seconds: float | None
    why: str
    same: str


def dense_runs(python: str, limit: float, sizes: Sequence[int] = DENSE) -> Iterator[DenseRun]:
    """Stable plans of dense strict markets; limit: seconds that a peer has."""
    for size in sizes:
        market = markets.dense(size, 0)
        solve(market, policy="stability")
        ours, plan = timed(lambda m=market: stable_pairs(m), 3)
        blocking = len(audit(market, (plan[:, 0], plan[:, 1])).blocking_pairs)
        for name in peer_libraries.NAMES:
            why, seconds, pairs = peer_libraries.ask(python, name, f"dense {size}", 0, limit)
            same = "–" if pairs is None else "yes" if pairs == plan.tolist() else "NO"
            yield DenseRun(size, ours, blocking, name, seconds, why, same)


def compare_dense(python: str, limit: float) -> None:
    print("\n| dense n x n, strict | twosided s | blocking | peer | peer s | ratio | same plan |")
    print("|---|---|---|---|---|---|---|")
    for run in dense_runs(python, limit):
        told = f"{run.seconds:.2f} | {run.seconds / run.ours:.0f} x" if run.seconds else run.why
        told = told if run.seconds else f"{told} | –"
        print(
            f"| {run.size} | {run.ours:.4f} | {run.blocking} | {run.peer} | {told} | {run.same} |",
            flush=True,
        )


def stable_pairs(market: Market) -> np.ndarray:
    """Only what the peers do too: preparation and deferred acceptance, no bounds."""
    notes = prepare.sheet(market, "stability", 0)
    tools = prepare.engine(market)
    desk = prepare.desk(market, notes, tools)
    tools.kernels["defer"](desk)
    edges = np.sort(np.asarray(desk.slot_edge))[-int(np.sum(desk.slot_count)) :]
    return np.stack([market.edge_need[edges], market.edge_offer[edges]], axis=1)


def measure_growth(largest: int) -> None:
    warm = Market.from_edges(*markets.sparse_edges(10_000, DEGREE, 0))
    stable_pairs(warm)
    print("\n| sparse n x n x 30 | from_edges s | two sorts | prepare s | defer s | ns/proposal |")
    print("|---|---|---|---|---|---|")
    for size in (size for size in SPARSE if size <= largest):
        need, offer, score = markets.sparse_edges(size, DEGREE, 0)
        sorting, _ = timed(lambda n=need, o=offer: (np.argsort(n), np.argsort(o)))
        building, market = timed(lambda n=need, o=offer, s=score: Market.from_edges(n, o, s))
        del need, offer, score
        tools = prepare.engine(market)
        notes_time, notes = timed(lambda m=market: prepare.sheet(m, "stability", 0))
        desk_time, desk = timed(lambda m=market, n=notes, t=tools: prepare.desk(m, n, t))
        deferring, _ = timed(lambda d=desk, t=tools: t.kernels["defer"](d))
        rate = deferring / desk.tally[0] * 1e9
        told = f"{building:.2f} | {sorting:.2f} | {notes_time + desk_time:.2f} | {deferring:.3f}"
        print(f"| {size:,} | {told} | {rate:.0f} ({desk.tally[0]:,}) |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--quick", action="store_true", help="short time boxes, nothing above 10,000"
    )
    parser.add_argument("--peers-python", default=sys.executable, help="python that has the peers")
    parser.add_argument("--largest", type=int, default=SPARSE[-1])
    asked = parser.parse_args()
    compare_dense(asked.peers_python, 20 if asked.quick else 60)
    measure_growth(10_000 if asked.quick else asked.largest)


if __name__ == "__main__":
    main()
