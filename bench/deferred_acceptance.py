"""How fast and how good are the plans: deferred acceptance beside two peers, in one run.

    python bench/deferred_acceptance.py [--quick] [--peers-python PATH] [--largest N]

Dense markets with strict preferences (both peers, each in its own time-boxed process, with a deep
recursion limit as a courtesy), sparse ones with 30 candidates a need for growth, and eight scarce
district markets for quality.  Ratios matter, seconds depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from twosided import POLICIES, Market, audit, solve
from twosided import _prepare as prepare

DENSE = (100, 300, 1000)
SPARSE = (10_000, 100_000, 1_000_000)
DEGREE = 30
PEERS = ("matching", "algmatch")


def dense_ranks(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Two (size, size) tables: row i lists whom need (offer) i likes, best first."""
    r = np.random.default_rng(size)
    return tuple(np.argsort(r.random((size, size)), axis=1) for _ in range(2))


def dense_market(size: int) -> Market:
    likes, liked = dense_ranks(size)
    need_rank = np.empty((size, size), np.int64)
    offer_rank = np.empty((size, size), np.int64)
    order = np.arange(1, size + 1)[None, :]
    np.put_along_axis(need_rank, likes, np.broadcast_to(order, likes.shape), axis=1)
    np.put_along_axis(offer_rank, liked, np.broadcast_to(order, liked.shape), axis=1)
    need, offer = np.divmod(np.arange(size * size), size)
    ranks = {"need_rank": need_rank.ravel(), "offer_rank": offer_rank.T.ravel()}
    return Market.from_edges(need, offer, np.zeros(size * size), **ranks)


def match_with_matching(size: int) -> tuple[float, list[list[int]]]:
    from matching.games import HospitalResident  # noqa: PLC0415 -- a peer, in its own process

    likes, liked = dense_ranks(size)
    residents = {f"r{i}": [f"h{j}" for j in row] for i, row in enumerate(likes.tolist())}
    hospitals = {f"h{j}": [f"r{i}" for i in row] for j, row in enumerate(liked.tolist())}
    start = time.perf_counter()
    game = HospitalResident.create_from_dictionaries(
        residents, hospitals, dict.fromkeys(hospitals, 1)
    )
    found = game.solve(optimal="resident")
    seconds = time.perf_counter() - start
    pairs = [[int(r.name[1:]), int(h.name[1:])] for h, rs in found.items() for r in rs]
    return seconds, sorted(pairs)


def match_with_algmatch(size: int) -> tuple[float, list[list[int]]]:
    from algmatch import HospitalResidentsProblem  # noqa: PLC0415 -- a peer, in its own process

    likes, liked = dense_ranks(size)
    one_based = {i + 1: [j + 1 for j in row] for i, row in enumerate(likes.tolist())}
    hospitals = {
        j + 1: {"capacity": 1, "preferences": [i + 1 for i in row]}
        for j, row in enumerate(liked.tolist())
    }
    start = time.perf_counter()
    lists = {"residents": one_based, "hospitals": hospitals}
    problem = HospitalResidentsProblem(dictionary=lists, optimised_side="residents")
    found = problem.get_stable_matching()
    seconds = time.perf_counter() - start
    pairs = [[int(str(r)[1:]) - 1, int(str(h)[1:]) - 1] for r, h in found["resident_sided"].items()]
    return seconds, sorted(pairs)


def run_peer(name: str, size: int) -> None:
    """Print seconds and pairs as JSON; a thread with a large stack survives deep recursion."""
    found: list[Any] = []
    work: Callable[[int], Any] = {"matching": match_with_matching, "algmatch": match_with_algmatch}[
        name
    ]
    sys.setrecursionlimit(10**7)
    threading.stack_size(1 << 29)
    thread = threading.Thread(target=lambda: found.append(work(size)))
    thread.start()
    thread.join()
    print(json.dumps(found[0]))


def peer(python: str, name: str, size: int, limit: float) -> tuple[str, float | None, Any]:
    command = [python, __file__, "--peer", name, "--size", str(size)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"over {limit:.0f} s", None, None
    if run.returncode:
        lines = run.stderr.strip().splitlines()
        return (lines[-1][:40] if lines else f"died ({run.returncode})"), None, None
    seconds, pairs = json.loads(run.stdout.splitlines()[-1])
    return "", seconds, pairs


def timed(work: Callable[[], Any], repeat: int = 1) -> tuple[float, Any]:
    """The median time of `repeat` runs and the last result."""
    times = []
    result = None
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], result


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
        market = dense_market(size)
        solve(market, policy="stability")
        ours, plan = timed(lambda m=market: stable_pairs(m), 3)
        blocking = len(audit(market, (plan[:, 0], plan[:, 1])).blocking_pairs)
        for name in PEERS:
            why, seconds, pairs = peer(python, name, size, limit)
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


def sparse_lists(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shuffled edges: each need with about DEGREE random offers, no pair twice."""
    r = np.random.default_rng(size)
    keys = np.repeat(np.arange(size), DEGREE) * size + r.integers(0, size, size * DEGREE)
    keys = np.unique(keys)
    r.shuffle(keys)
    need, offer = np.divmod(keys, size)
    return need, offer, r.integers(0, 1001, len(keys)).astype(np.uint16)


def measure_growth(largest: int) -> None:
    warm = Market.from_edges(*sparse_lists(10_000))
    stable_pairs(warm)
    print("\n| sparse n x n x 30 | from_edges s | two sorts | prepare s | defer s | ns/proposal |")
    print("|---|---|---|---|---|---|")
    for size in (size for size in SPARSE if size <= largest):
        need, offer, score = sparse_lists(size)
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


def district(seed: int) -> Market:
    """104 needs of 74 communities, 93 offers, 201 wanted and 140 offered places, few candidates."""
    r = np.random.default_rng(seed)
    group = np.concatenate([np.arange(74), r.integers(0, 74, 30)])
    quantity = 1 + np.bincount(r.integers(0, 104, 97), minlength=104)
    capacity = 1 + np.bincount(r.integers(0, 93, 47), minlength=93)
    liking = np.exp(r.random(93))
    degree = r.integers(3, 12, 104)
    need = np.repeat(np.arange(104), degree)
    rows = [r.choice(93, k, replace=False, p=liking / liking.sum()) for k in degree]
    count = len(need)
    ranks = [np.where(r.random(count) < 0.2, r.integers(1, 4, count), 0) for _ in range(2)]
    score = np.clip(r.normal(0.65, 0.15, count), 0, 1)
    return Market.from_edges(
        need, np.concatenate(rows), score, *ranks, quantity, capacity, need_group=group
    )


def measure_quality() -> None:
    markets = [district(seed) for seed in range(8)]
    print("\n| 8 district markets | needs | communities | units | score | of best | blocking | s |")
    print("|---|---|---|---|---|---|---|---|")
    for policy in POLICIES:
        rows = []
        for market in markets:
            seconds, plan = timed(lambda m=market, p=policy: solve(m, policy=p))
            found = audit(market, plan)
            assert found.clean
            served = found.needs_served / 104, found.groups_served / 74
            best = found.score / plan.bounds["score"]
            counts = found.units, found.score, best, len(found.blocking_pairs)
            rows.append((*served, *counts, seconds))
        n, g, u, s, b, blocking, seconds = np.mean(rows, axis=0)
        told = f"{n:.3f} | {g:.3f} | {u:.1f} | {s / 1000:.1f}k | {b:.3f} | {blocking:.1f}"
        print(f"| {policy} | {told} | {seconds:.3f} |", flush=True)
    possible = np.mean([audit(m, ([], [])).groups_possible / 74 for m in markets])
    print(f"communities that any plan can serve: {possible:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="short time boxes, nothing above 10,000"
    )
    parser.add_argument("--peers-python", default=sys.executable, help="python that has the peers")
    parser.add_argument("--largest", type=int, default=SPARSE[-1])
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=100, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        run_peer(asked.peer, asked.size)
        return
    measure_quality()
    compare_dense(asked.peers_python, 20 if asked.quick else 120)
    measure_growth(10_000 if asked.quick else asked.largest)


if __name__ == "__main__":
    main()
