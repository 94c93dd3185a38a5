"""Hard filters, time windows, places and fields."""

from __future__ import annotations

from dataclasses import replace

import pytest
from twosided.relevance import relate
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_groups,
    compare_kinds,
    compare_places,
    split_names,
)
from twosided.relevance.windows import Window, meet, read_window, share_days

from tests.twosided.relevance.sample import Thing

TITLE = Thing(title="停车")


@pytest.mark.parametrize(
    ("need", "offer", "code"),
    [
        ({"kind": "works"}, {"kind": "information"}, "kind_cannot_serve"),
        ({"kind": "people"}, {"kind": "service"}, None),
        ({"kind": "works"}, {"kind": ""}, None),
        ({"time_window": "../2023-06-30"}, {"time_window": "2023-07-01/.."}, "time_does_not_meet"),
        ({"time_window": "../2023-06-30"}, {"time_window": "2023-06-30/.."}, None),
        ({"time_window": "../2023-06-30"}, {"time_window": "ongoing"}, None),
        ({"time_window": "../2023-06-30"}, {"time_window": ""}, None),
        ({"time_window": "../2023-06-30"}, {"time_window": "next week"}, None),
        ({"sub_district": "甲街道"}, {"sub_district": "乙街道、丙街道"}, "out_of_area"),
        ({"sub_district": "甲街道"}, {"sub_district": "乙街道/甲街道"}, None),
        ({"sub_district": "甲街道"}, {"sub_district": "全区"}, None),
        ({"sub_district": "Mill Lane"}, {"sub_district": "Citywide"}, None),
        ({"sub_district": "甲街道"}, {"sub_district": ""}, None),
        ({"sub_district": ""}, {"sub_district": "乙街道"}, None),
    ],
)
def test_filters(need: dict[str, str], offer: dict[str, str], code: str | None) -> None:
    relevance = relate([replace(TITLE, **need)], [replace(TITLE, **offer)], encoder=None)
    assert relevance.excluded == ({(0, 0): code} if code else {})
    assert bool(relevance.score[0, 0] == 0) is bool(code)


def test_first_reason_in_order_is_named() -> None:
    need = replace(TITLE, kind="goods", time_window="2023-01", sub_district="甲")
    offer = replace(TITLE, kind="information", time_window="2024-01", sub_district="乙")
    for field, code in (
        ("", "kind_cannot_serve"),
        ("kind", "time_does_not_meet"),
        ("time_window", "out_of_area"),
    ):
        offer = replace(offer, **({field: ""} if field else {}))
        assert relate([need], [offer], encoder=None).excluded == {(0, 0): code}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2023-06-01/2023-09-30", "2023-06-01/2023-09-30"),
        ("../2023-06-30;2/quarter", "../2023-06-30"),
        ("2023-06-01/..", "2023-06-01/.."),
        ("ongoing", "ongoing"),
        ("Ongoing ;1/week", "ongoing"),
        ("2023-02", "2023-02-01/2023-02-28"),
        ("2023", "2023-01-01/2023-12-31"),
        ("2023-06-15", "2023-06-15/2023-06-15"),
        ("", "None"),
        ("2023-13-01/2023-14-01", "None"),
        ("2023-09-01/2023-06-01", "None"),
        ("长期", "None"),
    ],
)
def test_windows_are_read(text: str, shown: str) -> None:
    assert str(read_window(text)) == shown


def test_unknown_window_meets_everything() -> None:
    june = read_window("2023-06")
    assert meet(None, june) == june
    assert meet(None, None) == Window()
    assert share_days(None, june) == 0.0
    assert share_days(june, read_window("2023-06-16/2023-12-31")) == 0.5


@pytest.mark.parametrize(
    ("need", "offer", "fit"),
    [
        ("F4", "f4", Fit.SAME),
        ("F4", "F2", Fit.NEAR),
        ("F", "F2", Fit.WITHIN),
        ("F", "F", Fit.WITHIN),
        ("F4", "A4", Fit.OTHER),
        ("F4", "", Fit.UNKNOWN),
        ("F4", "停车", Fit.UNKNOWN),
        ("Parking", "parking", Fit.SAME),
        ("停车", "养老", Fit.UNKNOWN),
    ],
)
def test_categories(need: str, offer: str, fit: Fit) -> None:
    assert compare_categories(need, offer) is fit


@pytest.mark.parametrize(
    ("need", "offer", "fit"),
    [
        ("老年人、儿童", "儿童", Fit.SAME),
        ("老年人", "全体居民", Fit.NEAR),
        ("older people and children", "Children", Fit.SAME),
        ("高龄老人", "失能高龄老人", Fit.NEAR),
        ("妇女", "中小学生", Fit.OTHER),
        ("seniors", "老年人", Fit.UNKNOWN),
        ("", "居民", Fit.UNKNOWN),
    ],
)
def test_target_groups(need: str, offer: str, fit: Fit) -> None:
    assert compare_groups(split_names(need), split_names(offer)) is fit


def test_kinds_and_places() -> None:
    assert compare_kinds("Service", "service") is Fit.SAME
    assert compare_kinds("people", "service") is Fit.NEAR
    assert compare_kinds("goods", "works") is Fit.OTHER
    assert compare_places(split_names("甲"), split_names("甲；乙")) is Fit.SAME
