"""A market from compressed rows is the market from the list of its edges, without copies."""

from __future__ import annotations

import random
import tracemalloc
from typing import Any

import numpy as np
import pytest
from twosided import Market

from tests.twosided.oracle import tiny_market

HUGE = 2**70


def as_rows(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same edges, sorted by (need, offer), in compressed rows."""
    edges = list(zip(arguments["need"], arguments["offer"], strict=True))
    order = sorted(range(len(edges)), key=edges.__getitem__)
    count = len(arguments["quantity"])
    rows = {name: value for name, value in arguments.items() if name != "need"}
    for name in ("offer", "score", "need_rank", "offer_rank"):
        if rows.get(name) is not None:
            rows[name] = [rows[name][k] for k in order]
    rows["need_start"] = [sum(i < n for i, _ in edges) for n in range(count + 1)]
    place = {k: position for position, k in enumerate(order)}
    rows["ceilings"] = [([place[k] for k in edges], cap) for edges, cap in arguments["ceilings"]]
    return rows


def built(maker: Any, arguments: dict[str, Any]) -> Market | str:
    try:
        market = maker(**arguments)
    except ValueError as error:
        return str(error)
    assert isinstance(market, Market)
    return market


@pytest.mark.parametrize("seed", range(120))
def test_rows_and_lists_give_the_same_market_or_the_same_error(seed: int) -> None:
    r = random.Random(seed)
    arguments = tiny_market(seed, limited=seed % 2 == 0).arguments()
    for name in r.sample(["need_rank", "offer_rank"], r.randrange(3)):
        arguments[name] = None
    if seed % 5 == 0:
        free = sorted({(0, 0), (0, 1)} & {(0, j) for j in range(len(arguments["capacity"]))})
        arguments["excluded"] = ([i for i, _ in free], [j for _, j in free], [6] * len(free))
    if seed % 7 == 0:
        name = r.choice(["capacity", "pins", "bans", "need_group", "reserved"])
        arguments[name] = r.choice([[-1], [0.5], [(0, 99)], "x"])
    listed, rows = built(Market.from_edges, arguments), built(Market.from_csr, as_rows(arguments))
    if isinstance(listed, str):
        assert rows == listed
        return
    assert isinstance(rows, Market)
    for name, value in vars(listed).items():
        other = getattr(rows, name)
        assert str(value) == str(other), name
        if isinstance(value, np.ndarray):
            assert (value.dtype, value.shape) == (other.dtype, other.shape), name
            assert not other.flags.writeable


ROWS: dict[str, Any] = {"need_start": [0, 2, 3], "offer": [0, 1, 1], "score": [0.5, 0.25, 1.0]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("need_start", []),
        ("need_start", [1, 2, 3]),
        ("need_start", [0, 3, 2, 3]),
        ("need_start", [0, -1, 3]),
        ("need_start", [0.0, 3.0]),
        ("need_start", [[0], [3]]),
        ("need_start", 3),
        ("need_start", [0, HUGE]),
        ("offer", [0, 1]),
        ("offer", [1, 0, 1]),
        ("offer", [0, 0, 1]),
        ("offer", [0, 1, -1]),
        ("offer", [0, 1, 2**31 - 2]),
        ("offer", [0, 1, 0.5]),
        ("score", [1, 2]),
        ("score", [0.5, 0.25, float("nan")]),
        ("need_rank", [0, 0, -2]),
        ("offer_rank", [0, 0]),
        ("quantity", [1]),
        ("quantity", [1, 1, 1]),
        ("need_group", [1]),
        ("capacity", [1]),
        ("pins", [(2, 0)]),
        ("ceilings", [([3], 1)]),
    ],
)
def test_malformed_rows_name_their_argument(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{'offer' if name == 'capacity' else name}: "):
        Market.from_csr(**{**ROWS, name: value})


def test_rows_of_the_right_type_are_taken_over_and_others_copied() -> None:
    offer, score = np.array([0, 1, 1], np.int32), np.array([5, 6, 7], np.uint16)
    rank = np.array([1, 2, 0], np.int8)
    market = Market.from_csr([0, 2, 3], offer, score, need_rank=rank)
    assert market.edge_offer is offer
    assert market.score is score
    assert (market.need_rank.dtype, market.need_rank.tolist()) == (np.int32, [1, 2, 0])
    assert rank.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        offer[0] = 3
    larger = np.zeros(6, np.uint16)
    viewed = Market.from_csr([0, 2, 3], [0, 1, 1], larger[:3])
    larger[:] = 9999
    assert viewed.score.tolist() == [0, 0, 0]


def test_a_refused_call_leaves_the_arrays_of_the_caller_alone() -> None:
    offer = np.array([0, 1, 1], np.int32)
    with pytest.raises(ValueError, match=r"^pins: "):
        Market.from_csr([0, 2, 3], offer, [0, 0, 0], pins=[(9, 9)])
    assert offer.flags.writeable


def test_arrays_of_any_whole_type_are_copied_from_lists_of_edges() -> None:
    need, offer = np.array([0, 0, 1], np.int32), np.array([0, 1, 1], np.int32)
    score, rank = np.array([5, 6, 7], np.uint16), np.array([1, 2, 0], np.int32)
    market = Market.from_edges(need, offer, score, rank, rank)
    for array in (need, offer, score, rank):
        array[:] = 1
    assert (market.edge_need.tolist(), market.edge_offer.tolist()) == ([0, 0, 1], [0, 1, 1])
    assert (market.score.tolist(), market.offer_rank.tolist()) == ([5, 6, 7], [1, 2, 0])


def test_building_from_rows_copies_no_large_array() -> None:
    """What is kept beyond the caller's arrays is 13 bytes an edge, and 8 more are used."""
    needs, row = 3_000, 100
    offer = np.tile(np.arange(row, dtype=np.int32), needs).copy()
    start, score = np.arange(needs + 1) * row, np.zeros(len(offer), np.uint16)
    Market.from_csr(start, offer.copy(), score.copy())
    tracemalloc.start()
    try:
        market = Market.from_csr(start, offer, score)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert market.edge_count == len(offer) >= 200_000
    assert kept < 15 * len(offer)
    assert peak < 23 * len(offer)
