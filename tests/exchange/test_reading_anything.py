"""Whatever a file or a cell holds, reading ends in records or in InputError, never otherwise."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.catalogue.taxonomy import find_category
from lianqiao.errors import InputError
from lianqiao.exchange.cells import cell_text, clean
from lianqiao.exchange.headings import meaning_of
from lianqiao.exchange.item_kinds import find_kind
from lianqiao.exchange.lists import read_list
from lianqiao.language import Translator

COUNT = 3000 if os.environ.get("PROVE") == "1" else 60
DISTRICT = Path(__file__).parents[1] / "data" / "district-a"
SEEN = settings(
    max_examples=COUNT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HEAD = [
    "序号",
    "街道",
    "社区",
    "需求名称",
    "需求类别",
    "需求内容",
    "数量",
    "期望时间",
    "需求形式",
    "备注",
]
CELL = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "小计",
        "注：",
        "6月底前",
        "每月两次",
        "两场",
        "若干",
        "=A1",
        "F4",
        "服务",
        "甲社区",
        "例",
        "一、东街街道",
        "#N/A",
    ]
)
MAGIC = st.sampled_from(
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf"]
)


def line_of(path: Path, kind: str | None = None) -> str:
    """The message of the refusal, one line in both languages, or "" where the list is read."""
    try:
        found = read_list(path, kind=kind)
    except InputError as error:
        lines = {error.line(Translator(language)) for language in ("zh-Hans", "en")}
        assert all(line and "\n" not in line for line in lines)
        return lines.pop()
    assert all(row.as_json() for row in found.rows)
    return ""


@SEEN
@given(MAGIC, st.binary(max_size=600))
def test_any_bytes_as_a_file(tmp_path: Path, magic: bytes, content: bytes) -> None:
    path = tmp_path / "any.xlsx"
    path.write_bytes(magic + content)
    line_of(path)


@SEEN
@given(st.lists(st.lists(CELL, min_size=len(HEAD), max_size=len(HEAD)), max_size=6))
def test_any_text_in_the_cells_is_kept(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "needs.csv"
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    if line_of(path, "needs"):
        return
    for row in read_list(path, kind="needs").rows:
        kept = "\n".join(map(str, _leaves(row.as_json())))
        for text_said in (
            rows[row.row - 2] if len(rows) == len(read_list(path, kind="needs").rows) else []
        ):
            said = clean(text_said)
            assert not said or said in kept or _is_understood(said, row.record), said


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return [value]


def _is_understood(said: str, record: object) -> bool:
    """Amounts with a unit are kept as number and unit."""
    assert isinstance(record, dict)
    return record.get("quantity") is not None


@SEEN
@given(st.integers(0, 2**31), st.integers(1, 40), st.sampled_from(["needs", "offers"]))
def test_a_damaged_workbook(tmp_path: Path, seed: int, flips: int, kind: str) -> None:
    content = bytearray((DISTRICT / f"{kind}.xlsx").read_bytes())
    for n in range(flips):
        content[(seed * (n + 1) * 2654435761) % len(content)] ^= 1 + (seed >> n) % 255
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(bytes(content))
    line_of(path)


@SEEN
@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
    ),
)
def test_any_bytes_as_a_part_of_a_workbook(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "part.xlsx"
    with zipfile.ZipFile(DISTRICT / "needs.xlsx") as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, content if name == part else good.read(name))
    line_of(path)


@given(st.text(max_size=60))
def test_any_text_as_heading_category_kind(text: str) -> None:
    assert meaning_of(text).sure in (0, 1, 2, 3)
    assert find_category(text) == "" or find_category(find_category(text)) == find_category(text)
    find_kind(text)
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (80.0, "80"),
        (2.5, "2.5"),
        (True, "TRUE"),
        (None, ""),
        ("\u3000a\u00a0 b\n", "a b"),
        ("一，\n二", "一，二"),
        ("１２ａ", "12a"),
        ("a,b", "a,b"),
        ("甲,乙", "甲，乙"),
        (float("nan"), "nan"),
        (1e300, format(1e300, ".0f")),
    ],
)
def test_text_of_a_cell(value: str | float | None, text: str) -> None:
    assert cell_text(value) == text
