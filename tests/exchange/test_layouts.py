"""Lists of other offices, drawn by another hand than the reader's, are read as a careful person
would read them: every row accounted for, every field right, no cell lost."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import xlsxwriter

from lianqiao.exchange.lists import ReadList, read_list
from tests.exchange.layouts.grids import load, shown

LAYOUTS = Path(__file__).parent / "layouts"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in LAYOUTS.glob("*.expected.json"))
# Columns whose cells are understood, not copied: the reading stands for the cell.
UNDERSTOOD = {
    "quantity": ("quantity",),
    "time_window": ("time_window",),
    "category": ("category",),
    "kind": ("kind",),
    "start": ("time_window",),
    "end": ("time_window",),
    "partners_wanted": ("partners_wanted",),
    "capacity": ("capacity",),
}

Row = dict[str, Any]


@cache
def expectation(name: str) -> Row:
    return load(LAYOUTS / f"{name}.expected.json")


@cache
def reading(name: str) -> ReadList:
    return read_list(LAYOUTS / expectation(name)["file"])


@cache
def rows_read(name: str) -> dict[int, Row]:
    return {row.row: row.as_json() for row in reading(name).rows}


EACH_RECORD = [
    pytest.param(name, row, id=f"{name}-row{row['row']}")
    for name in NAMES
    for row in expectation(name)["rows"]
    if row["status"] == "record"
]


def squeezed(value: object) -> str:
    """Text without the differences that cleaning may make: width, spaces, line breaks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))


def leaves(value: object) -> Iterator[str]:
    """Every text and number somewhere in a JSON value, keys left out."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield shown(value)
    elif isinstance(value, str):
        yield squeezed(value)


def holds(row: Row, said: object) -> bool:
    """Whether a row's record, extra or issues hold this text."""
    sought = re.escape(squeezed(shown(said)))
    if sought.isascii() and len(sought) < 4:
        # The 1 of an ordinal must not be found inside 12 or "H17".
        sought = rf"(?<![0-9A-Za-z]){sought}(?![0-9A-Za-z])"
    return any(
        re.search(sought, leaf) for part in ("record", "issues") for leaf in leaves(row.get(part))
    )


@pytest.mark.parametrize("name", NAMES)
def test_kind_sheet_and_header_are_found(name: str) -> None:
    expected, found = expectation(name), reading(name)
    assert found.kind == expected["kind"]
    assert list(found.header_rows) == expected["header_rows"]
    if expected["sheet"]:
        assert found.sheet == expected["sheet"]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_its_status(name: str) -> None:
    expected = {row["row"]: row["status"].split("|") for row in expectation(name)["rows"]}
    found = {number: row["status"] for number, row in rows_read(name).items()}
    assert found.keys() == expected.keys()
    assert [n for n in expected if found[n] not in expected[n]] == [], found


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_accounted_for_once_and_in_order(name: str) -> None:
    numbers = [row.row for row in reading(name).rows]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@pytest.mark.parametrize("name", NAMES)
def test_a_repeated_row_names_the_first(name: str) -> None:
    expected = {row["row"]: row["of"] for row in expectation(name)["rows"] if "of" in row}
    found = {n: row.get("of") for n, row in rows_read(name).items() if row["status"] == "duplicate"}
    assert {n: found.get(n) for n in expected} == expected


@pytest.mark.parametrize("name", NAMES)
def test_records_are_those_of_the_rows(name: str) -> None:
    found = reading(name)
    said = [
        (row["row"], row["record"]["id"], row["record"]["title"])
        for row in rows_read(name).values()
        if row["status"] == "record"
    ]
    assert [(record.row, record.id, record.title) for record in found.records] == said
    assert len({record.id for record in found.records}) == len(said)
    assert {record.sheet for record in found.records} == {found.sheet}


@pytest.mark.parametrize(("name", "row"), EACH_RECORD)
def test_fields_of_a_record(name: str, row: Row) -> None:
    found = rows_read(name)[row["row"]].get("record")
    assert found is not None
    wrong = {
        field: (found.get(field), wanted)
        for field, wanted in row["record"].items()
        if not same(found.get(field), wanted)
    }
    assert wrong == {}, "(found, expected)"
    for field, pattern in row.get("like", {}).items():
        assert re.fullmatch(pattern, found.get(field) or ""), (field, found.get(field))


def same(found: object, wanted: object) -> bool:
    """Equal but for spaces and width in texts; "" and None both say unknown."""
    if isinstance(wanted, str) or isinstance(found, str):
        return squeezed(found or "") == squeezed(wanted or "")
    return found == wanted


@pytest.mark.parametrize(("name", "row"), EACH_RECORD)
def test_what_is_not_understood_is_kept(name: str, row: Row) -> None:
    found = rows_read(name)[row["row"]]
    assert [said for said in row.get("kept", ()) if not holds(found, said)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_lost(name: str) -> None:
    lost = [
        f"{letter}{row['row']}: {value!r}"
        for row in expectation(name)["rows"]
        for letter, value in row.get("cells", {}).items()
        if is_lost(name, row, letter, value)
    ]
    assert lost == []


def is_lost(name: str, row: Row, letter: str, value: object) -> bool:
    field, found = expectation(name)["columns"].get(letter, "extra"), rows_read(name)[row["row"]]
    if field == "refused" or not shown(value).strip() or holds(found, value):
        return False
    if row["status"] == "duplicate":
        # A repeated row adds nothing but its own ordinal to the row that it repeats.
        found = rows_read(name)[row["of"]]
    record = found.get("record") or {}
    understood = any(record.get(clean) not in (None, "") for clean in UNDERSTOOD.get(field, ()))
    return not understood and not holds(found, value)


REFUSING = [name for name in NAMES if expectation(name)["refused_columns"]]


@pytest.mark.parametrize("name", REFUSING)
def test_a_refused_column_is_named_once_and_never_echoed(name: str) -> None:
    expected, rows = expectation(name), rows_read(name)
    refused = [letter for letter, field in expected["columns"].items() if field == "refused"]
    values = [
        squeezed(row["cells"][letter])
        for row in expected["rows"]
        for letter in refused
        if letter in row.get("cells", {})
    ]
    assert len(values) >= 10
    for written in (json.dumps(list(rows.values()), ensure_ascii=False), repr(reading(name))):
        assert [value for value in values if value in squeezed(written)] == []
    named = Counter(issue["column"] for row in rows.values() for issue in row.get("issues", ()))
    assert {heading: named[heading] for heading in expected["refused_columns"]} == dict.fromkeys(
        expected["refused_columns"], 1
    )


def test_three_thousand_rows(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    write_many(path, 3000)
    before = perf_counter()
    found = read_list(path)
    assert perf_counter() - before < 10
    statuses = Counter(row.status for row in found.rows)
    assert statuses == {"record": 2940, "subtotal": 30, "blank": 29}
    assert [row.row for row in found.rows] == list(range(4, 3003))
    ids = [record.id for record in found.records]
    assert ids == [f"N{ordinal:03d}" for ordinal in range(1, 2941)]
    assert [record.row for record in found.records if record.quantity != record.row] == []


def write_many(path: Path, rows: int) -> None:
    """Thirty sub-districts of 98 needs, each closed by a subtotal and a blank row."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("需求清单")
    sheet.write_row(0, 0, ["二〇二四年全市需求清单"])
    sheet.write_row(2, 0, ["街道", "社区", "需求名称", "需求内容", "数量", "期望时间"])
    for offset in range(rows):
        place, position = divmod(offset, 100)
        if position < 98:
            community = f"第{place + 1}街道{position + 1}号社区"
            title = f"{community}想借场地"
            told = f"第{offset + 1}件事，说清楚为谁、在哪里。"
            line = [f"第{place + 1}街道", community, title, told, f"{offset + 4}个", "长期"]
            sheet.write_row(offset + 3, 0, line)
        elif position == 98:
            sheet.write_row(offset + 3, 0, ["小计", "", "98项"])
    book.close()
