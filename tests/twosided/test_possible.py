"""How many groups any plan could serve: three ways that must agree."""

from __future__ import annotations

import numpy as np
import pytest
from twosided import Market, _possible
from twosided._possible import groups_possible


def random_market(seed: int) -> Market:
    r = np.random.default_rng(seed)
    needs, offers = int(r.integers(1, 40)), int(r.integers(1, 25))
    need, offer = np.divmod(r.permutation(needs * offers)[: needs * offers // 4], offers)
    return Market.from_edges(
        need,
        offer,
        r.random(len(need)),
        quantity=r.integers(0, 3, needs),
        capacity=r.integers(0, 4, offers),
        need_group=r.integers(0, needs, needs),
    )


@pytest.mark.parametrize("seed", range(60))
def test_loops_matching_and_flow_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    market = random_market(seed)
    by_loops = groups_possible(market)
    monkeypatch.setattr(_possible, "LOAD_SCIPY_FROM", 1)
    by_matching = groups_possible(market)
    monkeypatch.setattr(_possible, "MOST_LINKS", -1)
    assert by_loops == by_matching == groups_possible(market)


def test_no_pair_serves_nobody() -> None:
    assert groups_possible(Market.from_edges([], [], [], quantity=[1], capacity=[1])) == 0
