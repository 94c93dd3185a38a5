"""Whatever comes in: one ValueError that names its argument, or a plan that the audit accepts."""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twosided import REASONS, Market, Plan, audit, explain, solve

from tests.twosided.oracle import POLICIES, Edge

PROVE = os.environ.get("PROVE") == "1"
# Far more than any of these markets needs.
HANGS_AFTER = 60


def often(few: int) -> settings:
    return settings(deadline=None, max_examples=30 * few if PROVE else few)


def names_of(function: Callable[..., Any]) -> set[str]:
    return {name for name in inspect.signature(function).parameters if name != "self"}


MARKET_NAMES = names_of(Market.from_edges) | names_of(Market.from_csr)
# What only a search can tell: these are named although another argument was the last to come.
FOUND_LATER = {"floors", "max_exceptions"}


@contextmanager
def no_hanging() -> Iterator[None]:
    def stop(_number: int, _frame: Any) -> None:
        raise TimeoutError(f"no answer after {HANGS_AFTER} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANGS_AFTER)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def answered(names: set[str], question: Callable[[], Any]) -> Any:
    """The answer, or None where an argument was named."""
    with no_hanging():
        try:
            return question()
        except ValueError as error:
            told = str(error)
    name, _, said = told.partition(": ")
    assert name in names, told
    assert said.strip(), told
    assert "\n" not in told, told
    return None


def assert_sound(market: Market, plan: Plan) -> None:
    found = audit(market, plan)
    assert found.clean, found.violations
    assert plan.pairs == sorted(set(plan.pairs))
    assert plan.figures == {
        "groups_served": found.groups_served,
        "needs_served": found.needs_served,
        "units": found.units,
        "score": found.score,
        "blocking_pairs": len(found.blocking_pairs),
    }
    assert len(explain(market, plan).pairs) == len(plan)
    assert repr(plan)
    assert repr(market)


# Values of a wrong kind for any argument.
numbers = st.integers(-3, 4) | st.sampled_from([2**31, 2**62, 2**63, 2**64, -(2**63) - 1, 10**30])
leaves = (
    st.none()
    | st.booleans()
    | numbers
    | st.floats(width=16)
    | st.text(max_size=2)
    | st.binary(max_size=2)
    | st.complex_numbers(max_magnitude=2)
    | st.builds(object)
)
arrays = st.sampled_from(
    [
        np.zeros((0, 0)),
        np.zeros((2, 2), np.int64),
        np.array(1),
        np.array([True, False]),
        np.array([2**63], np.uint64),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.array([1, 2], "timedelta64[s]"),
        np.array([1, 2], ">i2"),
        np.array([0.5, np.nan], np.float16),
        np.array([0.5, 2.5], np.longdouble),
        np.array([(1, 2)], [("a", int), ("b", int)]),
        np.array([None, 1], object),
        np.ma.masked_array([0, 1], [True, False]),
        np.array([b"a"]),
        np.arange(6)[::3],
        np.iinfo(np.int64).min * np.ones(1, np.int64),
    ]
)
junk = st.recursive(
    leaves | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.tuples(inner, inner, inner)
        | st.dictionaries(st.integers(0, 2), inner, max_size=2)
        | st.sets(st.integers(-1, 3), max_size=3)
    ),
    max_leaves=8,
)

# Values of the right kind, most of them possible and many at a limit.
ranks = st.sampled_from([0, 0, 0, 1, 2, 2**30, -1])
places = st.sampled_from([0, 1, 1, 2, 10**9, 2**31 - 2])
groups = st.sampled_from([0, 1, 1, 2**62])
often_true = st.sampled_from([True, True, True, False])
weights = st.sampled_from([0.5, 1.0, 1.0, 0.1, 1e-300, 1e300, 5e-324])


@st.composite
def market_arguments(draw: Callable[..., Any]) -> dict[str, Any]:
    """A market at the limits, often impossible in one way or another."""
    needs, offers = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    every = [(i, j) for i in range(needs) for j in range(offers)]
    edges = [pair for pair in every if draw(st.booleans())]
    pair = st.sampled_from(every) if every else st.nothing()
    position = st.integers(0, max(len(edges) - 1, 0))
    positions = st.lists(position, max_size=3, unique=draw(often_true))

    def some(*parts: Any) -> Any:
        return [] if draw(often_true) else draw(st.lists(st.tuples(*parts), max_size=2))

    def column(values: Any, length: int) -> Any:
        return draw(st.none() | st.lists(values, min_size=length, max_size=length))

    scores = draw(st.sampled_from([st.floats(0, 1), st.integers(0, 1000)]))
    foreign = sorted(set(every) - set(edges)) if draw(often_true) else every
    filtered = draw(st.lists(st.sampled_from(foreign), max_size=2)) if foreign else []
    return {
        "need": [i for i, _ in edges],
        "offer": [j for _, j in edges],
        "score": draw(st.lists(scores, min_size=len(edges), max_size=len(edges))),
        "need_rank": column(ranks, len(edges)),
        "offer_rank": column(ranks, len(edges)),
        "quantity": draw(st.lists(places, min_size=needs, max_size=needs)),
        "capacity": draw(st.lists(places, min_size=offers, max_size=offers)),
        "need_group": column(groups, needs),
        "offer_group": column(groups, offers),
        "need_weight": column(weights, needs),
        "pins": draw(st.lists(pair, max_size=1)) if every else [],
        "bans": draw(st.lists(pair, max_size=2)) if every else [],
        "ceilings": some(positions, st.integers(0, 3)),
        "floors": some(groups, st.integers(0, 2)),
        "reserved": some(st.integers(0, max(offers - 1, 0)), groups, st.integers(0, 2)),
        "excluded": (
            [i for i, _ in filtered],
            [j for _, j in filtered],
            [draw(st.sampled_from(REASONS)) for _ in filtered],
        ),
    }


def as_rows(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same market for `from_csr`: its edges are listed by need, then offer, already."""
    need = arguments["need"]
    starts = [sum(i < row for i in need) for row in range(len(arguments["quantity"]) + 1)]
    return {"need_start": starts, **{k: v for k, v in arguments.items() if k != "need"}}


def market_of(arguments: dict[str, Any], *, by_rows: bool) -> Market:
    if by_rows:
        return Market.from_csr(**as_rows(arguments))
    return Market.from_edges(**arguments)


@often(80)
@given(arguments=market_arguments(), policy=st.sampled_from(POLICIES), by_rows=st.booleans())
def test_markets_at_the_limits_are_named_or_planned(
    arguments: dict[str, Any], policy: str, by_rows: bool
) -> None:
    market = answered(MARKET_NAMES, lambda: market_of(arguments, by_rows=by_rows))
    if market is None:
        return
    plan = answered(FOUND_LATER, lambda: solve(market, policy, seed=2**63 - 1))
    if plan is not None:
        assert_sound(market, plan)


@often(80)
@given(
    arguments=market_arguments(),
    changes=st.dictionaries(st.sampled_from(sorted(MARKET_NAMES)), junk, min_size=1, max_size=2),
    by_rows=st.booleans(),
)
def test_values_of_a_wrong_kind_are_named(
    arguments: dict[str, Any], changes: dict[str, Any], by_rows: bool
) -> None:
    build, base = Market.from_edges, arguments
    if by_rows:
        build, base = Market.from_csr, as_rows(arguments)
    changed = base | {name: value for name, value in changes.items() if name in base}
    market = answered(MARKET_NAMES, lambda: build(**changed))
    if market is not None:
        plan = answered(FOUND_LATER, lambda: solve(market, effort=0))
        if plan is not None:
            assert_sound(market, plan)


pairs_of_three = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=3)


@often(100)
@given(
    pins=pairs_of_three,
    bans=pairs_of_three,
    quantity=st.lists(st.integers(0, 2), min_size=3, max_size=3),
    capacity=st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_pins_hold_or_are_named(
    pins: list[Edge], bans: list[Edge], quantity: list[int], capacity: list[int]
) -> None:
    possible = (
        len(set(pins)) == len(pins)
        and not set(pins) & set(bans)
        and all(sum(i == need for need, _ in pins) <= quantity[i] for i in range(3))
        and all(sum(j == offer for _, offer in pins) <= capacity[j] for j in range(3))
    )
    edges: dict[str, Any] = {"need": [0, 1, 2, 0], "offer": [0, 1, 2, 1], "score": [1, 2, 3, 4]}
    limits = {"quantity": quantity, "capacity": capacity, "pins": pins, "bans": bans}
    market = answered({"pins"}, lambda: Market.from_edges(**edges, **limits))
    assert (market is not None) == possible
    if market is not None:
        planned = set(solve(market, effort=0).pairs)
        assert set(pins) <= planned
        assert not planned & set(bans)


def small_market() -> Market:
    return Market.from_edges([0, 0, 1, 2], [0, 1, 0, 1], [0.9, 0.4, 0.7, 0.8], need_group=[0, 1, 1])


plans = st.builds(
    Plan,
    need=junk | st.lists(numbers, max_size=3).map(np.array),
    offer=junk | st.lists(numbers, max_size=3).map(np.array),
    policy=st.sampled_from(POLICIES),
)
options = st.fixed_dictionaries(
    {},
    optional={
        "policy": st.sampled_from(POLICIES) | junk,
        "seed": st.sampled_from([0, 2**63 - 1, 2**63, -1, np.int8(3), np.uint64(2**64 - 1)]) | junk,
        "effort": st.sampled_from([0, 1, 10**9, 10**9 + 1, -1]) | junk,
        "time_limit": st.sampled_from([1e-9, 5e-324, 0, -1, 1e300, 10**400, float("inf")]) | junk,
        "max_exceptions": st.sampled_from([0, 1, 2**40, 2**62, -1]) | junk,
        "warm": plans | junk,
    },
)


@often(150)
@given(options=options)
def test_options_of_solve_are_named_or_obeyed(options: dict[str, Any]) -> None:
    market = small_market()
    plan = answered(set(options), lambda: solve(market, **options))
    if plan is not None:
        assert_sound(market, plan)
        assert plan.reproducible == (options.get("time_limit") is None)


ODD_SIDES = [[[0], 1], ["a"], [[0]], [0.5], [None], None, 3, [2**63], [10**30], [True]]


@pytest.mark.parametrize("side", ODD_SIDES, ids=repr)
@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("warm", lambda plan: solve(small_market(), warm=plan)),
        ("plan", lambda plan: audit(small_market(), plan)),
        ("plan", lambda plan: explain(small_market(), plan)),
    ],
)
def test_a_plan_of_odd_arrays_is_named_or_does_no_harm(
    name: str, question: Callable[[Plan], Any], side: Any
) -> None:
    odd: Any = side
    for plan in (Plan(odd, odd, "balanced"), Plan(np.array([0]), odd, "balanced")):
        answered({name}, lambda plan=plan: question(plan))


@often(50)
@given(market=junk)
def test_only_a_market_can_be_solved(market: Any) -> None:
    assert answered({"market"}, lambda: solve(market)) is None


@often(150)
@given(market=st.builds(small_market) | junk, plan=plans | junk | st.tuples(junk, junk))
@pytest.mark.parametrize("question", [audit, explain])
def test_what_cannot_be_audited_or_explained_is_named(
    question: Callable[..., Any], market: Any, plan: Any
) -> None:
    answered({"market", "plan"}, lambda: question(market, plan))


@often(60)
@given(other=market_arguments(), policy=st.sampled_from(POLICIES))
def test_a_warm_start_from_any_market_keeps_every_limit(other: Any, policy: str) -> None:
    """A plan of another market: pairs out of range, too many, or no candidates here."""
    need = np.array([i for i, _ in zip(other["need"], other["offer"], strict=True)] * 2, np.int64)
    warm = Plan(need, np.array(other["offer"] * 2, np.int64), policy)
    market = small_market()
    plan = solve(market, policy, warm=warm)
    assert_sound(market, plan)
    assert plan.pairs == solve(market, policy).pairs


ONE: dict[str, Any] = {"need": [0], "offer": [0], "score": [1.0]}
TWO: dict[str, Any] = {"need": [0, 1], "offer": [0, 0], "score": [1000, 0]}
NONE: dict[str, Any] = {"need": [], "offer": [], "score": []}
EXTREMES: dict[str, dict[str, Any]] = {
    "nobody": NONE,
    "needs alone": NONE | {"quantity": [1, 10**9]},
    "offers alone": NONE | {"capacity": [0, 10**9]},
    "no candidates": NONE | {"quantity": [1, 2], "capacity": [3], "need_weight": [0.5, 2]},
    "only pins": NONE | {"quantity": [2, 1], "capacity": [1, 2], "pins": [(0, 1), (1, 1)]},
    "groups far apart": TWO | {"need_group": [2**62, 0], "offer_group": [2**62]},
    "places without end": TWO | {"quantity": [10**9, 10**9], "capacity": [10**9]},
    "highest places": TWO | {"quantity": [2**31 - 2] * 2, "capacity": [2**31 - 2]},
    "highest ranks": TWO | {"need_rank": [2**30, 2**30], "offer_rank": [2**30, 2**30 - 1]},
    "ceiling of nothing": TWO | {"ceilings": [([], 0)]},
    "ceiling at 0": TWO | {"ceilings": [([0, 1], 0)]},
    "ceiling without end": TWO | {"ceilings": [([0, 1], 2**31 - 2)]},
    "ceilings that repeat": TWO | {"ceilings": [([0, 1], 1)] * 5},
    "all refused": TWO | {"need_rank": [-1, -1], "offer_rank": [-1, -1]},
    "all banned": TWO | {"bans": [(0, 0), (1, 0), (0, 0)]},
    "all held for nobody": TWO | {"reserved": [(0, 1, 1)], "offer_rank": [0, -1]},
    "nothing held": TWO | {"reserved": [(0, 1, 0)]},
    "weights far apart": TWO | {"need_weight": [5e-324, 1.7e308]},
    "floors that bind": TWO | {"floors": [(0, 0), (1, 1)]},
    "pin against all": TWO | {"pins": [(1, 0)], "need_rank": [1, -1], "offer_rank": [1, -1]},
    "one of each": ONE,
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_are_planned(name: str, policy: str) -> None:
    market = Market.from_edges(**EXTREMES[name])
    extreme_options = (
        {},
        {"effort": 0, "seed": 2**63 - 1},
        {"effort": 10**9},
        {"time_limit": 1e-9},
        {"max_exceptions": 2**40},
    )
    for asked in extreme_options:
        with no_hanging():
            plan = solve(market, policy, **asked)
        assert_sound(market, plan)
        assert set(plan.pairs) >= set(EXTREMES[name].get("pins", ()))


def endless() -> None:
    while True:
        pass


def test_a_hang_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "HANGS_AFTER", 1)
    with pytest.raises(TimeoutError):
        answered(set(), endless)
