"""The same plan again: in ten runs, in other processes, on fewer cores, on a busy machine.

The markets are too hard for the exact rung, so its searches, many subsolvers that take turns, are
cut short by the budget: there a plan could depend on the machine.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from twosided import POLICIES, Market, Plan, _cp, audit, solve

from tests.twosided.test_solve import district

PROVE = os.environ.get("PROVE") == "1"
# Runs in each of the three processes: ten in all, or as few as show something.
RUNS = (4, 3, 3) if PROVE else (2, 1, 1)
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

CHILD = """
from tests.twosided.test_determinism import report
report({policy!r}, {runs}, {cores})
"""


def hard_market() -> Market:
    """Ceilings over a third of the edges: fewest blocking pairs and best fit need a search."""
    if PROVE:
        return Market.from_edges(**district(0), ceilings=[(range(0, 900, 3), 20)])
    small = district(0, needs=40, offers=36, degree=8)
    return Market.from_edges(**small, ceilings=[(range(0, 280, 3), 8)])


def shorten() -> None:
    """The whole budget with PROVE; else a fraction of it, still with subsolvers that take turns."""
    if not PROVE:
        sys.modules["twosided.solve"].SECONDS_PER_EFFORT = 0.05
        sys.modules["twosided.solve"].SHAKES = 1
        _cp.ALONE_SECONDS = 0.0


class Watched(_cp._library().SolveWrapper):
    """Notes for each search whether subsolvers took turns, and whether it came to an end."""

    seen: ClassVar[list[tuple[bool, bool]]] = []

    def set_parameters(self, parameters: Any) -> None:
        self.turns = parameters.interleave_search
        super().set_parameters(parameters)

    def solve(self, model: Any) -> Any:
        response = super().solve(model)
        ended = response.status in (_cp._library().OPTIMAL, _cp._library().INFEASIBLE)
        self.seen.append((self.turns, ended))
        return response


def report(policy: str, runs: int, cores: list[int]) -> None:
    """Print what each run found; runs in a process of its own."""
    if cores:
        os.sched_setaffinity(0, cores)
    shorten()
    market = hard_market()
    _cp._library().SolveWrapper = Watched
    for _ in range(runs):
        Watched.seen.clear()
        plan = solve(market, policy, seed=7)
        assert plan.reproducible
        outcome = [plan.pairs, plan.bounds, plan.proved, plan.method, plan.figures, Watched.seen]
        print(json.dumps(outcome))


def outcomes(policy: str, runs: int, salt: str, cores: list[int]) -> list[Any]:
    child = subprocess.run(
        [sys.executable, "-c", CHILD.format(policy=policy, runs=runs, cores=cores)],
        env={**os.environ, "PYTHONHASHSEED": salt},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = child.stdout.splitlines()
    assert len(lines) == runs
    return [json.loads(line) for line in lines]


@contextmanager
def busy_machine() -> Iterator[None]:
    """A process for each core that does nothing but burn time."""
    burning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(max(1, len(CORES)))
    ]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_plan_does_not_depend_on_process_cores_or_load(policy: str) -> None:
    found = outcomes(policy, RUNS[0], "1", CORES)
    found += outcomes(policy, RUNS[1], "2", CORES[:1])
    with busy_machine():
        found += outcomes(policy, RUNS[2], "3", CORES[-1:])
    searches = found[0][-1]
    assert any(turns for turns, _ in searches)
    assert not all(ended for _, ended in searches), "no search was cut short"
    assert found == [found[0]] * sum(RUNS)


SLOW = """
from tests.twosided.test_determinism import solve_slowly
solve_slowly()
"""


class Announced(Watched):
    """Says when a search begins."""

    def solve(self, model: Any) -> Any:
        print("search", flush=True)
        return super().solve(model)


def solve_slowly() -> None:
    """A short search, then one that would take very long, then the plan."""
    sys.modules["twosided.solve"].SECONDS_PER_EFFORT = 1000.0
    _cp._library().SolveWrapper = Announced
    print(solve(hard_market(), "best_fit").pairs)


@pytest.mark.skipif(os.name != "posix", reason="signals to another process as POSIX has them")
def test_an_interrupt_ends_the_solve_and_gives_no_plan() -> None:
    """No plan of a search that was cut short is ever taken for the plan."""
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in range(2)] == ["search\n"] * 2
    child.send_signal(signal.SIGINT)
    said, errors = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGINT
    assert errors.endswith("\nKeyboardInterrupt\n")
    assert said == ""


def test_a_time_limit_ends_the_search() -> None:
    """Generous, for busy machines: three times the limit, or half of what it cuts short."""
    market = Market.from_edges(**district(2), ceilings=[(range(0, 900, 3), 20)])
    plan, short = timed(market, time_limit=0.5)
    assert not plan.reproducible
    assert audit(market, plan).clean
    unlimited, long = timed(market)
    assert unlimited.reproducible
    assert short < max(1.5, long / 2)


def timed(market: Market, **options: Any) -> tuple[Plan, float]:
    started = time.monotonic()
    return solve(market, **options), time.monotonic() - started
