"""How long a best fit and a re-plan take: beside OR-tools flow, and beside a full solve.

    python bench/speed.py [--quick] [--largest N]

Best fit on sparse markets with 30 candidates a need; the totals must be equal.  A re-plan follows
when 1 % of the pairs of a plan are declined: the market without them is solved from the old plan
(`warm`) and from nothing.  Seconds are processor seconds; read the ratios.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import markets
import numpy as np
import peer_flows
from timing import calibration, timed
from twosided import Market, Plan, audit, solve

SIZES = (10_000, 100_000, 300_000)
USUAL = 100_000
QUICK = 10_000
DEGREE = 30
DECLINED = 0.01
REPLANS = (
    ("104 x 93 scarce", "balanced"),
    ("2,000 x 2,000 scarce", "balanced"),
    ("10,000 x 10,000 scarce", "stability"),
    ("10,000 x 10,000 scarce", "balanced"),
)
EVERY_NEED = 10**6


@dataclass(frozen=True)
class FitRun:
    """Best fit at one size: seconds of both, their total scores, what ours says of its own."""

    size: int
    ours: float
    peer: float
    score: int
    peer_score: int
    bound: int
    proved: bool


@dataclass(frozen=True)
class Replan:
    """A re-plan after declines: seconds from the old plan and from nothing, and both plans."""

    shape: str
    policy: str
    declined: int
    warm: float
    full: float
    figures: dict[str, tuple[int, int]]


def fit_runs(largest: int, effort: int = 1) -> Iterator[FitRun]:
    """Best fit at each size; a first solve lets a compiler finish before anything is timed."""
    first = Market.from_edges(*markets.sparse_edges(SIZES[0], DEGREE, 1))
    solve(first, policy="best_fit", effort=effort)
    for size in (size for size in SIZES if size <= largest):
        market = Market.from_edges(*markets.sparse_edges(size, DEGREE, 0))
        ours, plan = timed(partial(solve, market, policy="best_fit", effort=effort))
        peer, edges = timed(partial(peer_flows.best_fit, market))
        reached = audit(market, plan).score
        best = int(market.score[edges].sum(dtype=np.int64))
        yield FitRun(size, ours, peer, reached, best, plan.bounds["score"], plan.proved)


def replan(shape: str, policy: str, effort: int = 1) -> Replan:
    """Decline 1 % of the pairs, at least one, drawn evenly, and plan again both ways."""
    market = markets.make(shape, 0)
    plan = solve(market, policy=policy, effort=effort)
    count = max(1, round(DECLINED * len(plan)))
    declined = np.random.default_rng(0).choice(len(plan), count, replace=False)
    later = without(market, plan, declined)
    warm, warm_plan = timed(partial(solve, later, policy=policy, effort=effort, warm=plan))
    full, full_plan = timed(partial(solve, later, policy=policy, effort=effort))
    both = audit(later, warm_plan), audit(later, full_plan)
    assert all(found.clean for found in both)
    names = "groups_served", "needs_served", "units"
    figures = {name: (getattr(both[0], name), getattr(both[1], name)) for name in names}
    figures["blocking"] = len(both[0].blocking_pairs), len(both[1].blocking_pairs)
    return Replan(shape, policy, count, warm, full, figures)


def without(market: Market, plan: Plan, declined: Any) -> Market:
    """The market after the needs' sides refused these pairs of the plan."""
    key = market.edge_need.astype(np.int64) * market.offer_count + market.edge_offer
    gone = np.isin(key, plan.need[declined] * market.offer_count + plan.offer[declined])
    kept = ("quantity", "capacity", "need_group")
    return Market.from_edges(
        market.edge_need,
        market.edge_offer,
        market.score,
        np.where(gone, -1, market.need_rank),
        market.offer_rank,
        **{name: getattr(market, name) for name in kept},
    )


def compare_fit(largest: int) -> None:
    print(
        "\n| best fit, n x n x 30 | ours s | OR-tools flow s | flow / ours | score | of best |"
        " proved |"
    )
    print("|---|---|---|---|---|---|---|")
    for run in fit_runs(largest):
        told = f"{run.ours:.2f} | {run.peer:.2f} | {run.peer / run.ours:.2f}"
        of_best = f"{run.score / run.peer_score:.5f}"
        answer = "yes" if run.proved else "no"
        print(f"| {run.size:,} | {told} | {run.score:,} | {of_best} | {answer} |", flush=True)


def compare_replans(largest: int) -> None:
    print(
        "\n| re-plan after 1 % declines | declined | warm s | full s | warm / full |"
        " warm, full: communities | needs | units | blocking |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for shape, policy in REPLANS:
        name = shape.rsplit(" ", 1)[0]
        if name in markets.SHAPES and markets.SHAPES[name].needs > largest:
            continue
        run = replan(shape, policy)
        both = " | ".join(f"{warm}, {full}" for warm, full in run.figures.values())
        told = f"{run.declined} | {run.warm:.3f} | {run.full:.3f} | {run.warm / run.full:.3f}"
        print(f"| {shape}, {policy} | {told} | {both} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="nothing above 2,000 or 10,000")
    parser.add_argument("--largest", type=int, help="needs of the largest best fit")
    asked = parser.parse_args()
    print(f"calibration loop: {calibration():.3f} s", flush=True)
    compare_fit(asked.largest or (QUICK if asked.quick else USUAL))
    compare_replans(2_000 if asked.quick else EVERY_NEED)


if __name__ == "__main__":
    main()
