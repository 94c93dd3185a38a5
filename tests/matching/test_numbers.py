"""A list's amount is not a number of partners."""

from __future__ import annotations

import pytest

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.matching.numbers import capacity, is_capacity_assumed, partners_wanted


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        (80.0, "个", 1),
        (12.0, "场", 12),
        (10.0, "课时", 10),
        (3.0, "期", 3),
        (2.0, "sessions", 2),
        (0.5, "场", 1),
        (None, "场", 1),
        (200.0, "人次", 1),
    ],
)
def test_capacity_counts_sessions_only(quantity: float | None, unit: str, expected: int) -> None:
    offer = OfferRecord(id="O1", title="t", quantity=quantity, unit=unit)
    assert capacity(offer) == expected
    assert is_capacity_assumed(offer)


def test_the_lists_own_column_wins() -> None:
    offer = OfferRecord(id="O1", title="t", quantity=12, unit="场", capacity=0)
    assert capacity(offer) == 0
    assert not is_capacity_assumed(offer)
    assert partners_wanted(NeedRecord(id="N1", title="t", quantity=80, unit="个")) == 1
    assert partners_wanted(NeedRecord(id="N1", title="t", partners_wanted=3)) == 3
