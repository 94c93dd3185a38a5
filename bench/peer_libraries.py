"""The libraries `matching` and `algmatch`, each market in a process and with a time box of its own.

    python bench/peer_libraries.py matching "104 x 93 scarce" --seed 3

Both solve hospital/residents: one side takes one partner, lists are strict.  So that they can be
asked at all, a need that wants q partners becomes q residents with the same list, and ties are
broken by score, then at random.  Two residents of one need may get the same offer: such a pair
counts once.  They cannot be told of communities.  (algmatch has lists with ties, but only for super
and strong stability, where a plan may not exist.)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import markets
import numpy as np
from peer_plans import by_liking
from twosided import Market

Lists = dict[int, list[int]]
NAMES = ("matching", "algmatch")
STACK = 1 << 29


def lists_of(market: Market, seed: int = 0) -> tuple[Lists, Lists, list[int]]:
    """Wishes of each resident, wishes of each hospital, and the need behind each resident."""
    owner = np.repeat(np.arange(market.need_count), market.quantity)
    clones: Lists = {i: [] for i in range(market.need_count)}
    for resident, i in enumerate(owner.tolist()):
        clones[i].append(resident)
    asked, asking = market.edge_offer.tolist(), market.edge_need.tolist()
    residents: Lists = {}
    for e in by_liking(market, "need", seed).tolist():
        for resident in clones[asking[e]]:
            residents.setdefault(resident, []).append(asked[e])
    hospitals: Lists = {}
    for e in by_liking(market, "offer", seed).tolist():
        hospitals.setdefault(asked[e], []).extend(clones[asking[e]])
    return residents, hospitals, owner.tolist()


def match_with_matching(residents: Lists, hospitals: Lists, places: list[int]) -> Any:
    """Processor seconds and (resident, hospital) pairs."""
    from matching.games import HospitalResident  # noqa: PLC0415 -- a peer, in its own process

    wishes = {f"r{i}": [f"h{j}" for j in row] for i, row in residents.items()}
    answers = {f"h{j}": [f"r{i}" for i in row] for j, row in hospitals.items()}
    room = {f"h{j}": places[j] for j in hospitals}
    start = time.process_time()
    game = HospitalResident.create_from_dictionaries(wishes, answers, room)
    found = game.solve(optimal="resident")
    seconds = time.process_time() - start
    return seconds, [(int(r.name[1:]), int(h.name[1:])) for h, rs in found.items() for r in rs]


def match_with_algmatch(residents: Lists, hospitals: Lists, places: list[int]) -> Any:
    """Processor seconds and (resident, hospital) pairs; the library counts from 1."""
    from algmatch import HospitalResidentsProblem  # noqa: PLC0415 -- a peer, in its own process

    lists = {
        "residents": {i + 1: [j + 1 for j in row] for i, row in residents.items()},
        "hospitals": {
            j + 1: {"capacity": places[j], "preferences": [i + 1 for i in row]}
            for j, row in hospitals.items()
        },
    }
    start = time.process_time()
    problem = HospitalResidentsProblem(dictionary=lists, optimised_side="residents")
    found = problem.get_stable_matching()
    seconds = time.process_time() - start
    if found is None:
        raise SystemExit("says that it found no stable plan")
    sided = [(str(r), str(h)) for r, h in found["resident_sided"].items() if h]
    return seconds, [(int(r[1:]) - 1, int(h[1:]) - 1) for r, h in sided]


def run(name: str, shape: str, seed: int) -> None:
    """Print seconds and pairs as JSON; a thread with a large stack survives deep recursion."""
    found: list[Any] = []
    work: Callable[[Lists, Lists, list[int]], Any]
    work = match_with_matching if name == "matching" else match_with_algmatch
    market = markets.make(shape, seed)
    residents, hospitals, owner = lists_of(market)
    places = market.capacity.tolist()
    sys.setrecursionlimit(10**7)
    threading.stack_size(STACK)
    thread = threading.Thread(target=lambda: found.append(work(residents, hospitals, places)))
    thread.start()
    thread.join()
    seconds, pairs = found[0]
    print(json.dumps([seconds, sorted({(owner[resident], j) for resident, j in pairs})]))


def ask(python: str, name: str, shape: str, seed: int, limit: float) -> tuple[str, Any, Any]:
    """What the peer said instead of a plan (or ""), its seconds, its pairs (or None)."""
    command = [python, __file__, name, shape, "--seed", str(seed)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"over {limit:.0f} s", None, None
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return (lines[-1][:40] if lines else f"died ({done.returncode})"), None, None
    seconds, pairs = json.loads(done.stdout.splitlines()[-1])
    return "", seconds, pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("shape", help="a name of bench/markets.py")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    run(asked.name, asked.shape, asked.seed)


if __name__ == "__main__":
    main()
