"""What a newcomer hands over by mistake is told with its place, and with what to give instead."""

from __future__ import annotations

from typing import Any

import pytest
from twosided import Market, audit, solve

# What people hand over by mistake, and what it says to them.
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"capacity": {"a": 1}.values()}, "capacity: is of type dict_values; give a list"),
    ({"need": (i for i in (0, 1))}, "need: is of type generator; give a list"),
    ({"score": {0.5, 0.4}}, "score: is of type set; give a list"),
    (
        {"need": ["maths5", "art"]},
        "need: entries are text ('maths5'); give positions or numbers from 0",
    ),
    (
        {"need_rank": [1.0, float("nan")]},
        "need_rank: entry [1] is nan, no whole number; give 0 where nothing was said",
    ),
    (
        {"offer_rank": [None, 1]},
        "offer_rank: entry [0] is None; give 0 where nothing was said",
    ),
    ({"quantity": [1, None]}, "quantity: entry [1] is None, no whole number"),
    (
        {"score": [0.5, 80.0]},
        "score: entry [1] is 80.0, must lie between 0 and 1; divide by 100",
    ),
    ({"score": [0.5, -0.1]}, "score: entry [1] is -0.1, must lie between 0 and 1"),
    ({"score": [1, 1200]}, "score: entry [1] is 1200; thousandths must lie between 0 and 1000"),
    ({"need": [0, -3]}, "need: entry [1] is -3, must lie between 0 and 2147483646"),
    ({"need": [0]}, "offer: has 2 entries, but need has 1"),
    ({"score": [0.5]}, "score: has 1 entries, but need has 2"),
    ({"need_rank": [1]}, "need_rank: has 1 entries, but need has 2"),
    ({"capacity": [1]}, "offer: 1 is used, but capacity has 1 entries"),
    ({"quantity": [1]}, "need: 1 is used, but quantity has 1 entries"),
    ({"pins": (0, 1)}, "pins: give a list of tuples, as in pins=[(0, 1)]"),
    ({"bans": [(0, 1, 1)]}, "bans: each entry must have 2 parts, as in bans=[(0, 1)]"),
    ({"pins": [(0, 1), (8, 12)]}, "pins: entry [1] is 8, must lie between 0 and 1"),
    (
        {"ceilings": [(0, 3)]},
        "ceilings: each entry is (positions, cap), as in [([0, 1], 3)]",
    ),
]


@pytest.mark.parametrize(("changed", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_what_to_give(
    changed: dict[str, Any], said: str
) -> None:
    arguments: dict[str, Any] = {"need": [0, 1], "offer": [0, 1], "score": [0.5, 0.4]}
    with pytest.raises(ValueError, match=r"^\w+: ") as caught:
        Market.from_edges(**(arguments | changed))
    assert str(caught.value) == said


def test_a_list_of_pairs_is_no_plan() -> None:
    market = Market.from_edges([0, 0, 1], [0, 1, 0], [0.9, 0.4, 0.7], need_group=[0, 1])
    pairs = solve(market).pairs
    for handed in (pairs, tuple(pairs)):
        with pytest.raises(ValueError, match=r"^plan: is a list of pairs; give "):
            audit(market, handed)  # type: ignore[arg-type]  # malformed on purpose
