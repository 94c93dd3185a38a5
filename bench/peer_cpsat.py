"""OR-tools CP-SAT from scratch: the peer that knows only the definitions of the policies.

    python bench/peer_cpsat.py balanced --shape "104 x 93 scarce" --seeds 0-9 --out results.json

One Boolean a candidate pair.  One Boolean "closed" for each side and each level of its liking:
true only if the side is filled with partners that it likes at least as well.  A pair outside the
plan counts as blocking unless one of its sides is closed to it.  The aims are solved one after the
other, each fixed before the next begins, within one limit; a stage starts from the plan of the one
before.

The limit is seconds x workers of processor time, so that a busy machine does not starve the peer;
alone on a machine that is the limit in wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import markets
import numpy as np
from ortools.sat.python import cp_model
from twosided import Market, audit

# The aims of each policy, first to last; "-" marks what is kept small.
AIMS = {
    "stability": ("-blocking", "needs", "units", "score"),
    "stable, most units": ("-blocking", "units", "score"),
    "stable, communities first": ("-blocking", "communities", "units", "score"),
    "balanced": ("communities", "-blocking", "units", "score"),
    "coverage": ("needs", "-blocking", "units", "score"),
    "best_fit": ("score",),
}
# A search is stopped after so many times its limit in wall time, however busy the machine is.
PATIENCE = 60


@dataclass(frozen=True)
class Found:
    """What the peer reached; bound: on the aim that it last worked on, proved: all aims are.

    cpu: processor seconds, to be held against wall x workers on a shared machine.
    """

    communities: int
    needs: int
    units: int
    score: int
    blocking: int
    bounds: dict[str, int]
    proved: bool
    seconds: float
    cpu: float
    workers: int
    pairs: list[tuple[int, int]]


@dataclass
class Model:
    """The market as a constraint model; terms: what each aim counts."""

    cp: cp_model.CpModel
    chosen: list[cp_model.IntVar]
    every: list[cp_model.IntVar]
    terms: dict[str, Any]


def build(market: Market, aims: Sequence[str]) -> Model:
    """The model of a market without ceilings, floors, reserved units or pins."""
    cp = cp_model.CpModel()
    chosen = [cp.new_bool_var("") for _ in range(market.edge_count)]
    for index, places in (
        (market.edge_need, market.quantity),
        (market.edge_offer, market.capacity),
    ):
        for party, edges in _edges_of(index):
            cp.add(sum(chosen[e] for e in edges) <= int(places[party]))
    terms: dict[str, Any] = {
        "units": sum(chosen),
        "score": sum(int(s) * x for s, x in zip(market.score, chosen, strict=True)),
    }
    every = list(chosen)
    for name, party in (
        ("needs", market.edge_need),
        ("communities", market.need_group[market.edge_need]),
    ):
        if name in aims:
            served = _served(cp, chosen, party)
            every += served
            terms[name] = sum(served)
    if "-blocking" in aims:
        blocking, closed = _blocking(cp, chosen, market)
        every += blocking + closed
        terms["-blocking"] = sum(blocking)
    return Model(cp, chosen, every, terms)


def _edges_of(index: Any) -> list[tuple[int, list[int]]]:
    edges: dict[int, list[int]] = {}
    for e, party in enumerate(index.tolist()):
        edges.setdefault(party, []).append(e)
    return list(edges.items())


def _served(cp: cp_model.CpModel, chosen: list[Any], party: Any) -> list[Any]:
    served = []
    for _, edges in _edges_of(party):
        one = cp.new_bool_var("")
        cp.add_bool_or([chosen[e] for e in edges]).only_enforce_if(one)
        for e in edges:
            cp.add_implication(chosen[e], one)
        served.append(one)
    return served


def _blocking(cp: cp_model.CpModel, chosen: list[Any], market: Market) -> tuple[list[Any], ...]:
    sides = (
        _closed(cp, chosen, market.edge_need, market.quantity, _liking(market, "need")),
        _closed(cp, chosen, market.edge_offer, market.capacity, _liking(market, "offer")),
    )
    blocking = []
    for x, by_need, by_offer in zip(chosen, *sides, strict=True):
        blocks = cp.new_bool_var("")
        cp.add_bool_or([blocks, x, by_need, by_offer])
        blocking.append(blocks)
    return blocking, list({var.index: var for side in sides for var in side}.values())


def _liking(market: Market, side: str) -> Any:
    """The larger the dearer: any stated rank above every score, the best rank above all."""
    rank = getattr(market, f"{side}_rank").astype(np.int64)
    return np.where(rank > 0, 2**40 - rank, market.score.astype(np.int64))


def _closed(cp: cp_model.CpModel, chosen: list[Any], index: Any, places: Any, liking: Any) -> Any:
    """For each edge the Boolean that says its side is filled at its level or above."""
    closed: list[Any] = [None] * len(chosen)
    for party, edges in _edges_of(index):
        room = int(places[party])
        better: list[Any] = []
        above = None
        for level in sorted({int(liking[e]) for e in edges}, reverse=True):
            here = [e for e in edges if liking[e] == level]
            better += [chosen[e] for e in here]
            full = cp.new_bool_var("")
            cp.add(sum(better) >= room).only_enforce_if(full)
            if above is not None:
                cp.add_implication(above, full)
            above = full
            for e in here:
                closed[e] = full
    return closed


def solve_from_scratch(market: Market, policy: str, limit: float, workers: int = 2) -> Found:
    """The best plan for a policy that CP-SAT finds in so many seconds, model included.

    An aim that is not proved when the time is up ends the search: the later aims keep what they
    have.  That is how the peer does most for the aims that come first.
    """
    start, cpu = time.monotonic(), time.process_time()
    aims = AIMS[policy]
    model = build(market, aims)
    bounds: dict[str, int] = {}
    best: list[int] = []
    proved = False
    until = cpu + limit * workers, start + limit * PATIENCE
    for aim in aims:
        status, values, bound = _stage(model, aim, (*until, workers), best)
        proved = status == cp_model.OPTIMAL
        if values:
            best = values
            bounds[aim.lstrip("-")] = bound
        if not proved:
            break
    edges = np.flatnonzero(best[: market.edge_count]) if best else np.zeros(0, np.int64)
    spent = time.monotonic() - start, time.process_time() - cpu
    return _found(market, edges, (bounds, proved), (*spent, workers))


def _stage(
    model: Model, aim: str, limits: tuple[float, float, int], best: list[int]
) -> tuple[Any, list[int], int]:
    """Solve for one aim and fix what it reached; status, values of every variable, bound."""
    cp, term = model.cp, model.terms[aim]
    cp.clear_hints()
    for var, value in zip(model.every, best, strict=bool(best)):
        cp.add_hint(var, value)
    (cp.minimize if aim.startswith("-") else cp.maximize)(term)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = limits[2]
    over = threading.Event()
    watch = threading.Thread(target=_stop_at, args=(solver, over, limits[0], limits[1]))
    watch.start()
    status = solver.solve(cp)
    over.set()
    watch.join()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return status, [], 0
    reached = round(solver.objective_value)
    cp.add(term <= reached if aim.startswith("-") else term >= reached)
    values = [solver.value(var) for var in model.every]
    return status, values, round(solver.best_objective_bound)


def _stop_at(solver: cp_model.CpSolver, over: threading.Event, cpu: float, wall: float) -> None:
    """Stop the search when the process has had its processor time."""
    while not over.wait(0.05):
        if time.process_time() >= cpu or time.monotonic() >= wall:
            solver.stop_search()


def _found(market: Market, edges: Any, proof: Any, spent: tuple[float, float, int]) -> Found:
    pairs = market.edge_need[edges], market.edge_offer[edges]
    counted = audit(market, pairs)
    assert counted.clean, counted.violations
    return Found(
        communities=counted.groups_served,
        needs=counted.needs_served,
        units=counted.units,
        score=counted.score,
        blocking=len(counted.blocking_pairs),
        bounds=proof[0],
        proved=proof[1],
        seconds=round(spent[0], 2),
        cpu=round(spent[1], 2),
        workers=spent[2],
        pairs=sorted(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("policy", choices=AIMS)
    parser.add_argument("--shape", default="104 x 93 scarce", help="a name of bench/markets.py")
    parser.add_argument("--seeds", default="0-9", help="first-last")
    parser.add_argument("--limit", type=float, default=25.0, help="seconds a market")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, help="JSON, added to after every market")
    asked = parser.parse_args()
    first, last = (int(n) for n in asked.seeds.split("-"))
    for seed in range(first, last + 1):
        market = markets.make(asked.shape, seed)
        found = solve_from_scratch(market, asked.policy, asked.limit, asked.workers)
        name = key(asked.policy, asked.shape, seed)
        told = {k: v for k, v in asdict(found).items() if k != "pairs"}
        print(name, json.dumps(told), f"load {os.getloadavg()[0]:.1f}", flush=True)
        if asked.out:
            remember(asked.out, name, found)


def key(policy: str, shape: str, seed: int) -> str:
    """Under what a result is kept."""
    return f"{policy} | {shape} | {seed}"


def remember(path: Path, name: str, found: Found) -> None:
    """Add one result to a JSON file of results by key."""
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known[name] = asdict(found)
    path.write_text(json.dumps(known), "utf-8")


if __name__ == "__main__":
    main()
