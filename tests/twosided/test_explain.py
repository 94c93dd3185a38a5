"""Reasons: a code from the closed list for everything, with the evidence behind it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from twosided import POLICIES, REASONS, Market, Plan, audit, explain, solve

from tests.twosided.oracle import tiny_market


def plan_of(*pairs: tuple[int, int]) -> Plan:
    need, offer = np.array(pairs, np.int64).reshape(-1, 2).T
    return Plan(need=need, offer=offer, policy="by hand")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("chunk", range(5))
def test_everything_is_accounted_for(policy: str, chunk: int) -> None:
    for seed in range(chunk * 20, chunk * 20 + 20):
        tiny = tiny_market(seed, limited=seed % 2 == 0)
        tiny.floors = []
        market = Market.from_edges(**tiny.arguments())
        plan = solve(market, policy=policy)
        found = explain(market, plan)
        assert [(pair.need, pair.offer) for pair in found.pairs] == plan.pairs
        unserved = set(np.flatnonzero(market.quantity).tolist()) - set(plan.need.tolist())
        assert {unmet.need for unmet in found.unmet} == unserved
        idle = set(np.flatnonzero(market.capacity).tolist()) - set(plan.offer.tolist())
        assert {unused.offer for unused in found.unused} == idle
        blocks = [b for pair in found.pairs if pair.exception for b in pair.exception.blocks]
        expected = [tuple(pair) for pair in audit(market, plan).blocking_pairs.tolist()]
        assert sorted([*blocks, *found.unattached]) == expected
        codes = {why.code for unmet in found.unmet for why in unmet.candidates}
        assert codes | {unmet.code for unmet in found.unmet} <= set(REASONS)


def test_a_pair_that_stands_in_the_way_names_its_group_and_whom_it_blocks() -> None:
    market = Market.from_edges([0, 1, 1], [0, 0, 1], [0.9, 0.4, 0.3], need_group=[7, 8])
    found = explain(market, plan_of((1, 0)))
    (pair,) = found.pairs
    assert pair.exception is not None
    assert (pair.exception.for_group, pair.exception.blocks) == (8, ((0, 0),))
    (unmet,) = found.unmet
    assert unmet.code == "held_for_community"
    (why,) = unmet.candidates
    assert (why.offer, why.score, why.code, why.holder) == (0, 900, "held_for_community", 1)
    assert [(unused.offer, unused.code) for unused in found.unused] == [(1, "no_fitting_offer")]


def test_a_full_offer_names_its_holder() -> None:
    market = Market.from_edges([0, 1], [0, 0], [0.9, 0.4])
    (unmet,) = explain(market, solve(market)).unmet
    assert (unmet.need, unmet.code, unmet.candidates[0].holder) == (1, "offers_full", 0)


def test_a_need_without_candidates_names_the_first_reason() -> None:
    market = Market.from_edges(
        [0, 0],
        [0, 1],
        [0.9, 0.8],
        need_rank=[-1, 0],
        offer_rank=[0, -1],
        quantity=[1, 1],
        capacity=[1, 1, 1],
        excluded=([0], [2], ["out_of_area"]),
    )
    first, second = explain(market, solve(market)).unmet
    assert first.code == "refused_by_need_side"
    assert [(why.offer, why.score, why.code) for why in first.candidates] == [
        (0, 900, "refused_by_need_side"),
        (1, 800, "refused_by_offer_side"),
        (2, 0, "out_of_area"),
    ]
    assert (second.code, second.candidates) == ("no_fitting_offer", ())


def test_reserved_units_are_held_for_their_community() -> None:
    market = Market.from_edges([0, 1], [0, 0], [0.9, 0.4], need_group=[1, 2], reserved=[(0, 2, 1)])
    plan = solve(market)
    assert plan.pairs == [(1, 0)]
    (unmet,) = explain(market, plan).unmet
    assert unmet.code == "held_for_community"
    (why,) = unmet.candidates
    assert (why.state, why.code, why.holder) == ("reserved", "held_for_community", 1)
    assert not len(audit(market, plan).blocking_pairs)


def test_a_full_ceiling_lets_nobody_swap_within_a_tie() -> None:
    edges = {"need": [0, 0, 1], "offer": [0, 1, 1], "quantity": [2, 1]}
    whole = [([0, 1, 2], 2)]
    tied = Market.from_edges(**edges, score=[0.5, 0.5, 0.1], ceilings=whole)
    assert not len(audit(tied, ([0, 1], [0, 1])).blocking_pairs)
    better = Market.from_edges(**edges, score=[0.5, 0.6, 0.1], ceilings=whole)
    assert audit(better, ([0, 1], [0, 1])).blocking_pairs.tolist() == [[0, 1]]


def test_a_foreign_pair_is_refused_by_explain_and_found_by_audit() -> None:
    market = Market.from_edges([0, 1], [0, 1], [0.9, 0.4], bans=[(0, 1)])
    with pytest.raises(ValueError, match=r"^plan: "):
        explain(market, plan_of((0, 1)))
    assert audit(market, plan_of((0, 1))).violations == ("banned: need 0 with offer 1",)


def test_places_reserved_for_nobody_or_for_the_need_itself_are_not_held() -> None:
    nothing = Market.from_edges([], [], [], quantity=[1], capacity=[1], reserved=[(0, 0, 0)])
    assert explain(nothing, solve(nothing)).unused[0].code == "no_fitting_offer"
    edges = {"need": [0], "offer": [0], "score": [0.9], "ceilings": [([0], 0)]}
    own = Market.from_edges(**edges, reserved=[(0, 0, 1)])
    found = explain(own, solve(own))
    assert [unmet.code for unmet in found.unmet] == ["offers_full"]
    assert [unused.code for unused in found.unused] == ["no_fitting_offer"]


def test_places_reserved_for_others_are_held() -> None:
    market = Market.from_edges([0, 1], [0, 1], [0.9, 0.4], need_group=[1, 2], reserved=[(0, 2, 1)])
    found = explain(market, solve(market))
    assert [(unmet.need, unmet.code) for unmet in found.unmet] == [(0, "held_for_community")]
    assert [(unused.offer, unused.code) for unused in found.unused] == [(0, "held_for_community")]


def test_reserved_units_in_use_are_counted_once() -> None:
    """Both reserved units of offer 0 are in use and its third place is free for anybody."""
    market = Market.from_edges(
        [0, 1, 2, 2],
        [0, 0, 0, 1],
        [0.5, 0.5, 0.9, 0.1],
        capacity=[3, 1],
        need_group=[0, 0, 1],
        reserved=[(0, 0, 2)],
    )
    found = explain(market, plan_of((0, 0), (1, 0), (2, 1)))
    blocked = {(pair.need, pair.offer) for pair in found.pairs if pair.exception}
    assert blocked == {(2, 1)}


def test_the_deciding_pair_is_listed() -> None:
    market = Market.from_edges(
        [0] * 6,
        range(6),
        [0.9, 0.8, 0.7, 0.6, 0.5, 0.1],
        need_rank=[0] * 5 + [-1],
        offer_rank=[-1] * 5 + [0],
    )
    (unmet,) = explain(market, solve(market)).unmet
    assert unmet.code == "refused_by_need_side"
    assert [why.offer for why in unmet.candidates] == [0, 1, 2, 3, 5]


def test_two_arrays_or_lists_are_a_plan_too() -> None:
    market = Market.from_edges([0, 1], [0, 1], [0.9, 0.4])
    plain: Any = Plan([0], [0], "by hand")  # type: ignore[arg-type]  # lists on purpose
    assert explain(market, ([0], [0])) == explain(market, plan_of((0, 0))) == explain(market, plain)
    assert audit(market, plain).units == 1


@pytest.mark.parametrize("reader", [audit, explain])
def test_whatever_is_no_market_or_plan_is_named(reader: Callable[[Any, Any], object]) -> None:
    market = Market.from_edges([0], [0], [0.9])
    for stranger in (None, 3, "x"):
        with pytest.raises(ValueError, match=r"^market: "):
            reader(stranger, ([0], [0]))
        with pytest.raises(ValueError, match=r"^plan: "):
            reader(market, stranger)
        with pytest.raises(ValueError, match=r"^plan: "):
            reader(market, Plan(stranger, stranger, "by hand"))  # type: ignore[arg-type]  # wrong


def test_many_reserved_units_are_counted_in_one_pass() -> None:
    count = 400
    every = range(count)
    market = Market.from_edges(
        every, every, [0.5] * count, reserved=[(j, j, 1) for j in every if j % 2]
    )
    plan = solve(market)
    passes = []

    class Counted(tuple):  # type: ignore[type-arg]  # a tuple that tells how often it is read
        def __iter__(self) -> Any:
            passes.append(1)
            return super().__iter__()

    read_often = dataclasses.replace(market, reserved=Counted(market.reserved))
    assert audit(read_often, plan).clean
    explain(read_often, plan)
    assert len(passes) < 20


@pytest.mark.parametrize(
    "plan", [None, 3, ([0], [0, 1]), ([-1], [0]), ([9], [0]), ([0.5], [0]), (["a"], [0]), ([0],)]
)
def test_a_malformed_plan_is_named(plan: object) -> None:
    market = Market.from_edges([0, 1], [0, 1], [0.9, 0.4])
    with pytest.raises(ValueError, match=r"^plan: "):
        audit(market, plan)  # type: ignore[arg-type]  # malformed on purpose
