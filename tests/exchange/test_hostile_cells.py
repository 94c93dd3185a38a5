"""Small files and short cells that once took minutes or all memory."""

from __future__ import annotations

import os
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from lianqiao.catalogue.taxonomy import find_category
from lianqiao.errors import InputError
from lianqiao.exchange.amounts import read_amount
from lianqiao.exchange.lists import read_list
from lianqiao.exchange.times import read_time
from lianqiao.exchange.workbooks import open_book

_SOON = 2.0


def test_a_category_of_very_many_parts_is_unknown_at_once() -> None:
    begun = time.process_time()
    assert find_category("1-" * 500) == ""
    assert find_category("1-" * 49) == ""
    assert find_category("环境与院落-停车与出行") == "F4"
    assert time.process_time() - begun < _SOON


@pytest.mark.parametrize("piece", ["一", "twenty-", "1", "9"])
def test_a_very_long_amount_or_time_is_unclear_at_once(piece: str) -> None:
    text = (piece * 32_000)[:32_000]
    begun = time.process_time()
    assert read_amount(text).quantity is None
    assert read_time(text, 2024).window == ""
    assert time.process_time() - begun < _SOON


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
    begun = time.process_time()
    assert len(read_list(path, kind="needs").rows) == 10_000
    assert time.process_time() - begun < 4


def _workbook(folder: Path, before: str, rows: str, after: str) -> Path:
    """A workbook whose only sheet has these elements before, in and after its rows."""
    plain, path = folder / "plain.xlsx", folder / "hostile.xlsx"
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                body = f"{before}<sheetData>{rows}</sheetData>{after}"
                text = re.sub(r"<sheetData ?/>|<sheetData>.*</sheetData>", body, text)
            new.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("before", "rows", "after"),
    [
        ("<cols>" + '<col min="1" max="16384" hidden="1"/>' * 20_000 + "</cols>", "", ""),
        ("", "", "<mergeCells>" + '<mergeCell ref="A1:A40000"/>' * 200 + "</mergeCells>"),
        ("", "", "<mergeCells>" + '<mergeCell ref="A1:A2"/>' * 100_001 + "</mergeCells>"),
        ("", "<row>" + "<c/>" * 5_000_001 + "</row>", ""),
        ("", "<row/>" * 5_000_001, ""),
    ],
    ids=["columns", "merged cells", "merges", "cells", "rows"],
)
def test_a_sheet_of_countless_empty_elements_is_refused(
    tmp_path: Path, before: str, rows: str, after: str
) -> None:
    with pytest.raises(InputError, match="nearly empty"):
        open_book(_workbook(tmp_path, before, rows, after))


def test_a_pipe_or_a_device_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "needs.csv"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(InputError, match="workbook"):
            open_book(path)
