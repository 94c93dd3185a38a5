"""Small files and short cells that once took minutes or all memory."""

from __future__ import annotations

import time
from pathlib import Path

import openpyxl
import pytest

from lianqiao.catalogue.taxonomy import find_category
from lianqiao.exchange.amounts import read_amount
from lianqiao.exchange.lists import read_list
from lianqiao.exchange.times import read_time

_SOON = 2.0


def test_a_category_of_very_many_parts_is_unknown_at_once() -> None:
    begun = time.monotonic()
    assert find_category("1-" * 500) == ""
    assert find_category("1-" * 49) == ""
    assert find_category("环境与院落-停车与出行") == "F4"
    assert time.monotonic() - begun < _SOON


@pytest.mark.parametrize("piece", ["一", "twenty-", "1", "9"])
def test_a_very_long_amount_or_time_is_unclear_at_once(piece: str) -> None:
    text = (piece * 32_000)[:32_000]
    begun = time.monotonic()
    assert read_amount(text).quantity is None
    assert read_time(text, 2024).window == ""
    assert time.monotonic() - begun < _SOON


def test_a_count_of_thousands_of_digits_is_kept_as_text(tmp_path: Path) -> None:
    path = tmp_path / "needs.csv"
    path.write_text(f"title,description,partners_wanted\nLamp,Dark,{'9' * 5000}\n", "utf-8")
    (row,) = read_list(path, kind="needs").rows
    assert row.record is not None
    assert row.record["partners_wanted"] is None
    assert row.record["extra"] == {"partners_wanted": "9" * 5000}


def test_a_column_of_formulas_is_read_soon(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "需求名称", "需求内容"])
    for at in range(10_000):
        sheet.append(["=ROW()-1", f"修路灯{at}", "路灯坏了"])
    path = tmp_path / "needs.xlsx"
    book.save(path)
    begun = time.monotonic()
    assert len(read_list(path, kind="needs").rows) == 10_000
    assert time.monotonic() - begun < 4
