"""Only type-checked, never run: every public name of `twosided` used rightly, and wrongly.

`make types` reads this file. A wrong use that mypy would let pass leaves its ignore unused, and an
unused ignore is an error: so the lines at the end are negative controls.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from twosided import (
    POLICIES,
    REASONS,
    STATES,
    Alternative,
    Audit,
    Comparison,
    Exemption,
    Explanation,
    Figures,
    Market,
    Pair,
    PartlyServed,
    Plan,
    Remedy,
    Standing,
    Unmet,
    Unused,
    WhyNot,
    __version__,
    audit,
    explain,
    solve,
)

version: str = __version__
policies: tuple[str, ...] = POLICIES
reasons: tuple[str, ...] = REASONS + STATES


def build(path: Path) -> Market:
    market: Market = Market.from_edges([0, 1], [0, 0], [0.9, 0.4], capacity=np.array([2]))
    Market.from_edges(
        need=np.array([0]),
        offer=(0,),
        score=[900],
        need_rank=[1],
        offer_rank=None,
        quantity=[1],
        need_group=[0],
        offer_group=[0],
        need_weight=[1.5],
        pins=[(0, 0)],
        bans=[],
        ceilings=[([0], 1)],
        floors=[(0, 1)],
        reserved=[(0, 0, 1)],
        excluded=([], [], []),
    )
    Market.from_csr([0, 1], np.array([0], np.int32), np.array([900], np.uint16), need_rank=[1])
    market.save(path)
    market.save(str(path))
    texts: tuple[str, ...] = market.warnings
    sizes: list[int] = [market.need_count, market.offer_count, market.edge_count, len(texts)]
    scores: npt.NDArray[np.uint16] = market.score
    print(sizes, scores)
    return Market.load(path)


def plan(market: Market) -> tuple[list[tuple[int, int]], dict[str, int]]:
    first: Plan = solve(market)
    again: Plan = solve(market, "coverage", seed=1, effort=0, time_limit=2.5)
    best: Plan = solve(market, policy=POLICIES[0], max_exceptions=3, warm=again)
    flags: list[bool] = [best.proved, best.reproducible]
    words: list[str] = [best.policy, best.method, repr(best)]
    numbers: list[int] = [len(best), best.seed, best.effort]
    needs: npt.NDArray[np.int64] = best.need
    offers: npt.NDArray[np.int64] = best.offer
    print(flags, words, numbers, needs, offers)
    return first.pairs, {**best.bounds, **best.figures}


def compare(first: Plan, path: Path) -> tuple[list[tuple[int, int]], str]:
    first.save(path)
    other: Plan = Plan.load(str(path))
    changes: Comparison = first.compare(other)
    pairs: list[tuple[int, int]] = [*changes.gained, *changes.lost]
    moved: tuple[int, ...] = changes.moved
    before, after = changes.figures["units"]
    return pairs, f"{changes.kept + len(moved)} {after - before:+d}"


def count(market: Market, made: Plan) -> tuple[int, bool]:
    found: Audit = audit(market, made)
    by_hand: Audit = audit(market, ([0], [0]))
    blocking: npt.NDArray[np.int64] = found.blocking_pairs
    numbers: list[int] = [found.needs_served, found.groups_served, found.groups_possible]
    numbers += [by_hand.units, by_hand.score, by_hand.pinned, len(found.violations)]
    return sum(numbers) + len(blocking), found.clean


def tell(market: Market, made: Plan) -> list[str]:
    told: Explanation = explain(market, made)
    pairs: tuple[Pair, ...] = told.pairs
    unmet: tuple[Unmet, ...] = told.unmet
    unused: tuple[Unused, ...] = told.unused
    exceptions: list[Exemption] = [pair.exception for pair in pairs if pair.exception]
    blocked: list[tuple[int, int]] = [b for e in exceptions for b in e.blocks]
    held: list[WhyNot] = [why for need in unmet for why in need.candidates if why.holder]
    return [str(len(blocked)), *(why.code for why in held), *(offer.code for offer in unused)]


def tell_partly(told: Explanation) -> tuple[PartlyServed, ...]:
    return told.partly_served


def tell_more(pair: Pair, exception: Exemption) -> list[str]:
    standings: tuple[Standing, Standing] = (pair.need_standing, pair.offer_standing)
    others: list[Alternative] = [*pair.need_would_rather, *pair.offer_would_rather]
    others += [*pair.next_best_offers, *pair.next_best_needs]
    remedy: Remedy = exception.remedy
    cost: Figures = remedy.change
    blocking: bool = any(other.blocks for other in others)
    return [str(standings[0].position), str(cost.needs_served), str(blocking), str(remedy.removed)]


def wrong(market: Market, made: Plan) -> None:
    Market()  # type: ignore[call-arg]  # a market comes from from_edges or load
    Market.from_edges([0], [0])  # type: ignore[call-arg]  # score is needed
    Market.from_edges([0], [0], [1], weight=[1])  # type: ignore[call-arg]  # need_weight is meant
    market.score = market.score  # type: ignore[misc]  # a market never changes
    made.proved = True  # type: ignore[misc]  # nor does a plan
    market.save(3)  # type: ignore[arg-type]  # a path, not a file number
    solve([0, 1])  # type: ignore[arg-type]  # a Market, not a list
    solve(market, policy=0)  # type: ignore[arg-type]  # a name from POLICIES
    solve(market, effort="high")  # type: ignore[arg-type]  # a whole number
    solve(market, seed=None)  # type: ignore[arg-type]  # a whole number, always
    solve(market, time_limit="2 s")  # type: ignore[arg-type]  # seconds
    solve(market, warm=made.pairs)  # type: ignore[arg-type]  # an earlier Plan
    solve(market, exceptions=3)  # type: ignore[call-arg]  # max_exceptions is meant
    made.compare(made.pairs)  # type: ignore[arg-type]  # another Plan, not its pairs
    made.save()  # type: ignore[call-arg]  # a path is needed
    Market.from_csr([0, 1], [0])  # type: ignore[call-arg]  # score is needed here too
    audit(made, market)  # type: ignore[arg-type]  # the market comes first
    print(audit(market, made).blocking)  # type: ignore[attr-defined]  # blocking_pairs is meant
    explain(market, None)  # type: ignore[arg-type]  # a plan is needed
    print(explain(market, made).unmet[0].reason)  # type: ignore[attr-defined]  # code is meant
    need: str = made.pairs[0][0]  # type: ignore[assignment]  # indices, not names
    score: float = made.bounds  # type: ignore[assignment]  # a dict of whole numbers
    print(need, score)
