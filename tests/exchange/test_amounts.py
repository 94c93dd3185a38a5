"""Amounts as lists write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.exchange.amounts import read_amount
from lianqiao.exchange.numerals import number

EXACT = {
    "80个": (80, "个"),
    "２１户": (21, "户"),
    "15 份": (15, "份"),
    "两场": (2, "场"),
    "十二场": (12, "场"),
    "一百二十册": (120, "册"),
    "12个单元": (12, "个单元"),
    "1批": (1, "批"),
    "一批": (1, "批"),
    "200人次": (200, "人次"),
    "1,200册": (1200, "册"),
    "2.5万元": (2.5, "万元"),
    "80": (80, ""),
    "15 boxes": (15, "boxes"),
    "two sessions": (2, "sessions"),
    "a dozen": (12, ""),
    "half a dozen": (6, ""),
    "twenty-five chairs": (25, "chairs"),
    "one hundred and twenty books": (120, "books"),
}
ABOUT = {
    "约40人": (40, "人"),
    "40余人": (40, "人"),
    "百余册": (100, "册"),
    "40人左右": (40, "人"),
    "不少于3场": (3, "场"),
    "2场/60人次": (2, "场"),
    "12次（每次2小时）": (12, "次"),
    "about 40 people": (40, "people"),
    "up to 20 participants": (20, "participants"),
    "10+ volunteers": (10, "volunteers"),
}
VAGUE = {
    "若干": "",
    "3-5场": "场",
    "三至五场": "场",
    "两三场": "场",
    "十几户": "户",
    "数十人": "人",
    "several": "",
    "3 or 4 talks": "talks",
    "-5": "",
    "不限": "",
    "": "",
}


@pytest.mark.parametrize(("text", "wanted"), EXACT.items())
def test_exact_amount(text: str, wanted: tuple[float, str]) -> None:
    found = read_amount(text)
    assert (found.quantity, found.unit, found.exact) == (*wanted, True)


@pytest.mark.parametrize(("text", "wanted"), ABOUT.items())
def test_approximate_amount_counts_but_is_not_exact(text: str, wanted: tuple[float, str]) -> None:
    found = read_amount(text)
    assert (found.quantity, found.unit, found.exact) == (*wanted, False)


@pytest.mark.parametrize(("text", "unit"), VAGUE.items())
def test_vague_amount_has_no_number(text: str, unit: str) -> None:
    found = read_amount(text)
    assert (found.quantity, found.unit) == (None, unit)


@given(st.integers(0, 9999))
def test_chinese_numerals_are_read_back(n: int) -> None:
    digits = "零一二三四五六七八九"
    text = ""
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            text += digits[digit] + name
        elif text and n % power and not text.endswith("零"):
            text += "零"
    assert number(text or "零") == n


@given(st.text(max_size=40))
def test_any_text_gives_an_amount_or_none(text: str) -> None:
    found = read_amount(text)
    assert found.quantity is None or found.quantity >= 0
