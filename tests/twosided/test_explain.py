"""Reasons: a code from the closed list for everything, with the evidence behind it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from twosided import POLICIES, REASONS, Figures, Market, Plan, audit, explain, solve
from twosided._evidence import ordinal

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


def test_of_equal_partners_the_one_whose_leaving_helps_is_in_the_way() -> None:
    """A ceiling over needs 0 and 2 is full: only need 0 can make way at offer 0 for need 2."""
    market = Market.from_edges(
        [0, 1, 2, 2],
        [0, 0, 0, 1],
        [0.3, 0.3, 0.9, 0.1],
        capacity=[2, 1],
        ceilings=[([0, 2, 3], 2)],
    )
    blocked = explain(market, plan_of((0, 0), (1, 0), (2, 1))).exceptions
    assert [(pair.need, pair.offer) for pair in blocked] == [(0, 0)]


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


def crowded() -> Market:
    """Two offers for three needs, each of a group of its own; both like need 0 best, then 1."""
    return Market.from_edges(
        [0, 0, 1, 1, 2], [0, 1, 0, 1, 1], [0.9, 0.8, 0.4, 0.3, 0.2], need_group=[7, 8, 9]
    )


def test_an_exception_tells_what_its_removal_costs() -> None:
    found = explain(crowded(), plan_of((1, 0), (2, 1)))
    first, second = (pair.exception for pair in found.pairs)
    assert first is not None
    assert second is not None
    remedy = first.remedy
    assert (remedy.gained, remedy.lost, remedy.removed) == (
        ((0, 0), (1, 1)),
        ((1, 0), (2, 1)),
        True,
    )
    assert remedy.before == Figures(2, 2, 2, 600, 2)
    assert remedy.change == Figures(0, 0, 0, 600, -2)
    assert (remedy.groups_gaining, remedy.groups_left_out) == ((7,), (9,))
    assert (remedy.needs_gaining, remedy.needs_losing, remedy.needs_left_out) == ((0,), (2,), (2,))
    assert second.blocks == ((0, 1),)
    assert second.remedy.removed


def test_a_remedy_says_which_floor_it_breaks() -> None:
    market = Market.from_edges(
        [0, 1], [0, 0], [0.9, 0.4], need_group=[7, 8], floors=[(8, 1)], offer_rank=[1, 2]
    )
    (pair,) = explain(market, plan_of((1, 0))).pairs
    assert pair.exception is not None
    remedy = pair.exception.remedy
    assert (remedy.floors_broken, remedy.still_blocking, remedy.removed) == ((8,), (), False)
    assert str(remedy).endswith("group 8 left with nothing, breaks the floor of group 8")


def test_those_who_lost_a_partner_look_for_another() -> None:
    """Need 1 goes on to offer 1, where nobody is; offer 2, which need 0 leaves, takes need 2."""
    market = Market.from_edges(
        [0, 0, 1, 1, 2], [0, 2, 0, 1, 2], [0.9, 0.5, 0.4, 0.3, 0.2], capacity=[1, 1, 1]
    )
    (pair,) = explain(market, plan_of((0, 2), (1, 0))).exceptions
    assert pair.exception is not None
    remedy = pair.exception.remedy
    assert (remedy.gained, remedy.lost) == (((0, 0), (1, 1), (2, 2)), ((0, 2), (1, 0)))
    assert remedy.change == Figures(1, 1, 1, 500, -1)


def test_at_most_five_of_everything_is_listed() -> None:
    every = range(9)
    market = Market.from_edges(
        [*every, *[9] * 9],
        [0] * 9 + [*every],
        [*[0.5] * 9, *(0.1 * j for j in every)],
        capacity=[9] * 9,
    )
    found = explain(market, plan_of(*((i, 0) for i in every)))
    (unmet,) = found.unmet
    assert (unmet.candidate_count, len(unmet.candidates)) == (9, 5)
    assert (unmet.candidates[0].offer, unmet.candidates[0].holder_count) == (8, 0)
    (pair,) = explain(market, plan_of((9, 0))).pairs
    assert [other.offer for other in pair.need_would_rather] == [8, 7, 6, 5, 4]
    assert [other.offer for other in pair.next_best_offers] == [8, 7, 6, 5, 4]
    assert [other.need for other in pair.offer_would_rather] == [0, 1, 2, 3, 4]


def test_everything_reads_as_a_sentence() -> None:
    found = explain(crowded(), plan_of((1, 0), (2, 1)))
    assert repr(found) == "<Explanation: 2 pairs (2 exceptions), 1 need without, 0 offers unused>"
    assert str(found.pairs[0]) == (
        "need 1 – offer 0, its 1st of 2; the offer's 2nd of 2; score 0.400; "
        "exception for group 8: blocks need 0 – offer 0"
    )
    assert repr(found.unmet[0]).startswith(
        "<Unmet: need 0 goes without: held_for_community (2 candidates, 0 removed); "
        "offer 0: held_for_community (open), serves need 1; "
    )
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th")
    ]
    assert str(found).splitlines()[1:] == [*map(str, found.pairs), *map(str, found.unmet)]


def test_an_offer_with_room_is_never_called_full() -> None:
    market = Market.from_edges([0, 1], [0, 1], [0.5, 0.0])
    found = explain(market, solve(market, "best_fit"))
    assert found.unmet[0].code == "no_fitting_offer"
    assert str(found.unmet[0]) == (
        "need 1 goes without: no_fitting_offer (1 candidate, 0 removed); "
        "offer 1: both sides have room, but its score is 0"
    )
    market = Market.from_edges([0, 1], [0, 1], [0.5, 0.4])
    found = explain(market, ([0], [0]))
    room = "both sides have room: a blocking pair"
    assert str(found.unmet[0]) == (
        f"need 1 goes without: {room} (1 candidate, 0 removed); offer 1: {room}"
    )
    assert str(found.unused[0]) == "offer 1 serves nobody: fits need 1 (a blocking pair)"


def test_an_idle_offer_tells_whom_it_fits_and_what_keeps_them() -> None:
    market = Market.from_edges(
        [0, 0, 1, 1],
        [0, 1, 0, 1],
        [0.9, 0.4, 0.8, 0.3],
        capacity=[2, 1, 1],
        offer_rank=[0, 2, 0, 1],
    )
    first, second = explain(market, solve(market)).unused
    assert first.code == second.code == "no_fitting_offer"
    likes = "has partners it likes at least as much"
    assert str(first) == f"offer 1 serves nobody: fits need 1 ({likes}), need 0 ({likes})"
    assert str(second) == "offer 2 serves nobody: no need fits"


def test_needs_that_are_partly_served_are_told() -> None:
    market = Market.from_edges([0, 1], [0, 1], [0.9, 0.4], quantity=[3, 1])
    found = explain(market, solve(market))
    assert found.partly_served == ((0, 1, 3),)
    assert str(found) == (
        "2 pairs (0 exceptions), 0 needs without, 1 need partly served, 0 offers unused\n"
        "need 0 is partly served: 1 of 3"
    )


def test_a_pin_says_what_it_overrides() -> None:
    market = Market.from_edges(
        [0, 0, 1],
        [0, 1, 1],
        [0.9, 0.8, 0.7],
        need_rank=[0, -1, 0],
        offer_rank=[0, 0, -1],
        quantity=[3, 2],
        capacity=[2, 2, 2],
        pins=[(0, 1), (1, 1), (0, 2), (1, 0)],
        excluded=([1], [0], ["out_of_area"]),
    )
    pairs = explain(market, solve(market)).pairs
    assert [str(pair).partition(", ")[2] for pair in pairs] == [
        "its 1st of 3; the offer's 1st of 2; score 0.900",
        "pinned, although the need side refused it; score 0.800",
        "pinned, without fit or rank; score 0.000",
        "pinned, although it was filtered out: out_of_area; score 0.000",
        "pinned, although the offer side refused it; score 0.700",
    ]


def test_ties_are_counted_in_words() -> None:
    market = Market.from_edges([0, 0, 0, 1, 1], [0, 1, 2, 0, 1], [0.5, 0.5, 0.5, 0.2, 0.2])
    first, second = explain(market, ([0, 1], [0, 1])).pairs
    assert str(first.need_standing) == "1st of 3, tied with 2 others"
    assert str(second.need_standing) == "1st of 2, tied with one other"


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


def test_any_candidate_pair_can_be_asked_about() -> None:
    market = Market.from_edges([0, 0, 1], [0, 1, 0], [0.9, 0.5, 0.4])
    why = explain(market, plan_of((0, 0)))
    full = why.alternative(1, 0)
    assert (full.need_state, full.offer_state, full.offer_has) == ("open", "likes_partners", (0,))
    assert why.alternative(0, 1).offer_state == "open"
    for need, offer in ((1, 1), (2, 0), (-1, 0)):
        with pytest.raises(ValueError, match=r"^pair: "):
            why.alternative(need, offer)
