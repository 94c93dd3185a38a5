"""How good are the plans: every policy beside every peer, on generated markets, in one run.

    python bench/quality.py [--quick] [--markets N] [--peer-limit S] [--largest N] [--out FILE]

Three tables.  Market by market, our default plan beside CP-SAT from scratch on scarce and loose
districts; the means of every method on the scarce ones; every method on one market of each larger
shape.  With --out, what the peers found is kept in a JSON file and taken from it the next time
(ours is always solved anew).  Seconds are processor seconds; read the ratios.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import markets
import methods
import numpy as np
import peer_cpsat
from methods import Case, Figures, Method, Outcome
from timing import calibration

DISTRICTS = ("104 x 93 scarce", "104 x 93 loose")
TABLED = 8
QUICK_SEEDS = 2
QUICK_LIMIT = 3.0
QUICK_NEEDS = 1_000
REFERENCE = "ours, balanced"
CPSAT = "CP-SAT, balanced"
Say = Callable[[str], None]


class Bench:
    """Methods on markets, each once; peers' outcomes are kept in a file where one is given."""

    def __init__(self, limit: float, workers: int = 2, kept: Path | None = None) -> None:
        self.limit, self.workers, self.kept = limit, workers, kept
        self.outcomes: dict[str, Outcome] = {}
        self.known = json.loads(kept.read_text("utf-8")) if kept and kept.exists() else {}

    def case(self, shape: str, seed: int) -> Case:
        return methods.case(shape, seed, self.limit, self.workers)

    def outcome(self, name: str, case: Case) -> Outcome:
        """What that method reaches on that market."""
        key = f"{name} | {case.shape} | {case.seed}"
        if key not in self.outcomes:
            self.outcomes[key] = self._kept(name, case) or methods.EVERY[name](case)
            if self.kept and name not in methods.OURS:
                self._keep(key, self.outcomes[key])
        return self.outcomes[key]

    def _kept(self, name: str, case: Case) -> Outcome | None:
        """From the file: as `_keep` wrote it, or as bench/peer_cpsat.py did."""
        if name in methods.OURS:
            return None
        found = self.known.get(f"{name} | {case.shape} | {case.seed}")
        if isinstance(found, dict):
            return Figures(**found)
        policy = name.removeprefix("CP-SAT, ")
        result = self.known.get(peer_cpsat.key(policy, case.shape, case.seed))
        return found or (methods.of_cpsat(result) if result else None)

    def _keep(self, key: str, outcome: Outcome) -> None:
        self.known[key] = outcome if isinstance(outcome, str) else asdict(outcome)
        assert self.kept
        self.kept.write_text(json.dumps(self.known), "utf-8")


def compare_districts(bench: Bench, seeds: Sequence[int], say: Say) -> None:
    """One line a market: our first plan and our default plan beside CP-SAT from scratch."""
    say("")
    say(
        "| market | possible | first: comm. | bl. | s | ours: comm. | bl. | at least | s |"
        " CP-SAT: comm. | bl. | at least | s | as good |"
    )
    say("|---|" + "---|" * 13)
    good = 0
    for shape in DISTRICTS:
        for seed in seeds:
            case = bench.case(shape, seed)
            first, best, peer = (
                bench.outcome(name, case) for name in ("ours, first balanced", REFERENCE, CPSAT)
            )
            assert isinstance(first, Figures)
            assert isinstance(best, Figures)
            as_good = is_as_good(best, peer)
            good += as_good
            told = f"{first.communities} | {first.blocking} | {first.seconds:.2f} | {told_of(best)}"
            possible = best.bounds.get("groups_served", "–")
            answer = "yes" if as_good else "NO"
            say(f"| {shape} {seed} | {possible} | {told} | {told_of(peer)} | {answer} |")
    say(
        f"\nAs many communities and no more blocking pairs than CP-SAT in {bench.limit:.0f} s x"
        f" {bench.workers} workers: {good} of {len(DISTRICTS) * len(seeds)} markets."
    )


def is_as_good(ours: Figures, peer: Outcome) -> bool:
    if isinstance(peer, str):
        return True
    return (-ours.communities, ours.blocking) <= (-peer.communities, peer.blocking)


def told_of(found: Outcome) -> str:
    if isinstance(found, str):
        return f"{found} | – | – | –"
    least = found.bounds.get("blocking_pairs", found.bounds.get("blocking", "–"))
    return f"{found.communities} | {found.blocking} | {least} | {found.seconds:.1f}"


HEAD = "| market | method | communities | needs | units | score | blocking | time / ours | proved |"


def mean_rows(
    bench: Bench, shape: str, seeds: Iterable[int], names: Iterable[str]
) -> Iterator[str]:
    """One line a method: means over the markets of a shape."""
    cases = [bench.case(shape, seed) for seed in seeds]
    base = [bench.outcome(REFERENCE, case) for case in cases]
    for name in names:
        found = [bench.outcome(name, case) for case in cases]
        yield f"| {shape} | {name} | {told_mean(found, base)} |"


def told_mean(found: Sequence[Outcome], base: Sequence[Outcome]) -> str:
    """Cells of the means of these outcomes; the time ratio is that of the sums."""
    reached = [outcome for outcome in found if isinstance(outcome, Figures)]
    if len(reached) < len(found):
        why = next(outcome for outcome in found if isinstance(outcome, str))
        return f"– | – | – | – | – | – | {why}"
    columns = ("communities", "needs", "units", "score", "blocking")
    c, n, u, s, b = (np.mean([getattr(each, name) for each in reached]) for name in columns)
    ratio = total_seconds(found) / max(total_seconds(base), 1e-9)
    proved = f"{sum(each.proved for each in reached)} of {len(reached)}"
    return f"{c:.1f} | {n:.1f} | {u:.1f} | {s / 1000:.1f}k | {b:.1f} | {ratio:.2g} | {proved}"


def total_seconds(outcomes: Iterable[Outcome]) -> float:
    return sum(each.seconds for each in outcomes if isinstance(each, Figures))


def compare_methods(bench: Bench, seeds: Sequence[int], largest: int, say: Say) -> None:
    """Every method: means over the districts, then one market of each larger shape."""
    say(f"\n{HEAD}\n|---|" + "---|" * 8)
    for shape in DISTRICTS:
        for row in mean_rows(bench, shape, seeds, methods.EVERY):
            say(row)
    for shape in markets.named():
        if shape not in DISTRICTS and needs_of(shape) <= largest:
            warm_up(bench.case(shape, 0))
            for row in mean_rows(bench, shape, [0], methods.EVERY):
                say(row)


def needs_of(shape: str) -> int:
    return markets.SHAPES[shape.rsplit(" ", 1)[0]].needs


def warm_up(case: Case) -> None:
    """Let a compiler finish before anything is timed."""
    first: Method = methods.OURS["ours, first balanced"]
    first(case)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few markets, short time boxes")
    parser.add_argument("--markets", type=int, help="districts of each supply; default 10")
    parser.add_argument("--peer-limit", type=float, help="seconds for CP-SAT; default 25")
    parser.add_argument("--workers", type=int, default=2, help="of CP-SAT from scratch")
    parser.add_argument("--largest", type=int, help="needs of the largest shape")
    parser.add_argument("--out", type=Path, help="JSON of the peers' results, reused as they are")
    asked = parser.parse_args()
    quick = asked.quick
    count = asked.markets or (QUICK_SEEDS if quick else 10)
    bench = Bench(asked.peer_limit or (QUICK_LIMIT if quick else 25.0), asked.workers, asked.out)
    largest = asked.largest if asked.largest is not None else QUICK_NEEDS if quick else 10**6
    print(f"calibration loop: {calibration():.3f} s", flush=True)
    compare_districts(bench, range(count), say)
    compare_methods(bench, range(1 if quick else min(count, TABLED)), largest, say)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
