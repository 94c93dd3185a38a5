"""The example district's two workbooks, row by row against what a careful reader found."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.catalogue.taxonomy import find_category
from lianqiao.errors import InputError
from lianqiao.exchange.lists import ReadList, read_list

DISTRICT = Path(__file__).parents[1] / "data" / "district-a"
KINDS = ("needs", "offers")
STATUS = {"data": "record", "duplicate": "duplicate", "subtotal": "subtotal"}
FIELDS = (
    "title",
    "description",
    "organisation",
    "sub_district",
    "unit",
    "time_window",
    "target_group",
    "kind",
)
# Cells that the clerk left empty: nothing in the workbook says what the clean form knows.
BLANKED = {
    ("N021", "target_group"),
    ("N036", "time_window"),
    ("N071", "quantity"),
    ("N071", "unit"),
    ("N099", "target_group"),
    ("N104", "category"),
    ("O011", "time_window"),
    ("O045", "target_group"),
    ("O077", "quantity"),
    ("O077", "unit"),
}


@cache
def listed(kind: str) -> ReadList:
    return read_list(DISTRICT / f"{kind}.xlsx")


@cache
def expected(kind: str) -> dict[str, Any]:
    found = json.loads((DISTRICT / "import_expected.json").read_text(encoding="utf-8"))[kind]
    assert isinstance(found, dict)
    return found


@cache
def clean(kind: str) -> dict[str, dict[str, str]]:
    with (DISTRICT / f"{kind}.clean.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("kind", KINDS)
def test_list_sheet_and_header_are_found(kind: str) -> None:
    found = listed(kind)
    assert (found.kind, found.sheet) == (kind, expected(kind)["sheet"])
    assert list(found.header_rows) == expected(kind)["header_rows"]
    assert len(found.records) == expected(kind)["distinct"] == {"needs": 104, "offers": 93}[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_what_the_careful_reader_found(kind: str) -> None:
    rows = {row.row: row for row in listed(kind).rows}
    wanted = {row["excel_row"]: row for row in expected(kind)["rows"]}
    assert rows.keys() == wanted.keys()
    first: dict[str, int] = {}
    for number, row in wanted.items():
        found = rows[number]
        assert found.status == STATUS[row["kind"]], number
        if row["kind"] == "subtotal":
            continue
        assert found.record is not None
        assert found.record["id"] == row["id"], number
        assert found.of == (first[row["id"]] if row["kind"] == "duplicate" else None)
        first.setdefault(row["id"], number)


@pytest.mark.parametrize("kind", KINDS)
def test_records_equal_the_clean_form_but_for_blank_cells(kind: str) -> None:
    wrong = []
    for record in listed(kind).records:
        wanted = clean(kind)[record.id]
        quantity = "" if record.quantity is None else f"{record.quantity:g}"
        pairs = [(name, getattr(record, name), wanted[name]) for name in FIELDS]
        pairs.append(("quantity", quantity, wanted["quantity"]))
        # The workbook often says just the main group.
        exact = record.category in (wanted["category"], wanted["category"][:1])
        pairs.append(("category", exact, True))
        wrong += [
            (record.id, *pair)
            for pair in pairs
            if pair[1] != pair[2] and (record.id, pair[0]) not in BLANKED
        ]
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_blanked_cells_are_empty_and_nothing_is_made_up(kind: str) -> None:
    by_id = {record.id: record for record in listed(kind).records}
    for item, name in BLANKED:
        if item in by_id:
            assert getattr(by_id[item], name) in ("", None)


@pytest.mark.parametrize("kind", KINDS)
def test_formula_like_text_stays_text_and_is_reported(kind: str) -> None:
    found = [issue for row in listed(kind).rows for issue in row.issues]
    formulas = [issue for issue in found if issue.code == "formula_text"]
    assert len(formulas) == len(expected(kind)["formula_like"]) == 1
    assert formulas[0].value.startswith("=HYPERLINK(")
    assert formulas[0].cell in ("M35", "L58")


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif value is not None:
        yield f"{value:g}" if isinstance(value, float) else str(value)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_lost(kind: str) -> None:
    """Walks the workbook with openpyxl; 80个 may be kept as 80 and 个."""
    sheet = openpyxl.load_workbook(DISTRICT / f"{kind}.xlsx")[expected(kind)["sheet"]]
    lost, seen = [], Counter[str]()
    for row in listed(kind).rows:
        line = row.as_json()
        kept = {squeezed(leaf) for leaf in leaves(line)}
        record = row.record or {}
        kept.add(squeezed("".join(leaves([record.get("quantity"), record.get("unit")]))))
        for cell in sheet[row.row]:
            if cell.value is not None:
                seen[row.status] += 1
                if squeezed(str(cell.value)) not in kept:
                    lost.append((cell.coordinate, cell.value))
    assert lost == []
    assert seen["record"] > 900


@pytest.mark.parametrize("kind", KINDS)
def test_clean_form_comes_back_unchanged(kind: str) -> None:
    found = read_list(DISTRICT / f"{kind}.clean.csv")
    assert found.kind == kind
    assert [record.id for record in found.records] == list(clean(kind))
    for record in found.records:
        wanted = clean(kind)[record.id]
        for name in (*FIELDS, "category"):
            assert getattr(record, name) == wanted[name], (record.id, name)
        assert record.extra == {"synthetic": "true"}
    assert not any(issue for row in found.rows for issue in row.issues)


def test_rows_are_lines_of_json_with_the_promised_keys() -> None:
    for row in listed("needs").rows:
        line = json.loads(json.dumps(row.as_json(), ensure_ascii=False))
        assert line.keys() - {"of", "record"} == {"row", "sheet", "status", "issues"}
        for issue in line["issues"]:
            assert issue.keys() == {"column", "cell", "code", "text", "value"}
        assert ("of" in line) == (line["status"] == "duplicate")


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_partners_wanted_and_capacity_come_from_their_own_columns(tmp_path: Path) -> None:
    needs = write(tmp_path / "a.csv", "需求名称,社区,数量,拟对接单位数", "停车,甲社区,80个,2")
    offers = write(
        tmp_path / "b.csv", "资源名称,单位,可对接社区数", "车位,乙局,5个", "讲座,乙局,若干"
    )
    (need,) = read_list(needs).records
    assert isinstance(need, NeedRecord)
    assert (need.partners_wanted, need.quantity, need.unit) == (2, 80, "个")
    one, other = read_list(offers).records
    assert isinstance(one, OfferRecord)
    assert isinstance(other, OfferRecord)
    assert (one.capacity, other.capacity) == (5, None)
    assert other.extra["可对接社区数"] == "若干"
    english = write(tmp_path / "c.csv", "Offer,Organisation,How many groups", "Gardening,Bank,2")
    (third,) = read_list(english).records
    assert isinstance(third, OfferRecord)
    assert (third.capacity, third.quantity) == (2, None)


def test_the_time_is_kept_in_the_words_of_the_list(tmp_path: Path) -> None:
    offers = write(
        tmp_path / "a.csv",
        "资源名称,单位,可提供时间,频次",
        "车位,乙局,周末,",
        "义诊,乙局,,每月一次",
    )
    assert [offer.time_said for offer in read_list(offers).records] == ["周末", "每月一次"]


def test_left_out_names_are_filled_down_only_where_it_is_clear(tmp_path: Path) -> None:
    head = "需求名称,社区,内容"
    once = ["a,甲社区,x", "b,,x", "c,,x", "d,乙社区,x", "e,,x"]
    filled = read_list(write(tmp_path / "once.csv", head, *once))
    assert [r.organisation for r in filled.records] == ["甲社区"] * 3 + ["乙社区"] * 2
    assert len(filled.notices) == 2
    gaps = ["a,甲社区,x", "b,甲社区,x", "c,,x", "d,乙社区,x", "e,,x", "f,,x"]
    left = read_list(write(tmp_path / "gaps.csv", head, *gaps))
    assert [r.organisation for r in left.records][2] == ""
    assert [i.code for row in left.rows for i in row.issues] == ["missing_organisation"] * 3


def test_identity_numbers_are_refused_whatever_the_heading(tmp_path: Path) -> None:
    number = "11010519491231002X"
    path = write(
        tmp_path / "n.csv", "需求名称,社区,附注二", f"a,甲社区,{number}", f"b,甲社区,{number}"
    )
    found = read_list(path)
    assert number not in json.dumps([row.as_json() for row in found.rows])
    assert [i.code for i in found.rows[0].issues] == ["refused_column"]
    assert len(found.records) == 2


def test_year_comes_from_the_list_never_from_today(tmp_path: Path) -> None:
    rows = ["需求名称,社区,期望时间", "a,甲社区,6月底前"]
    unknown = read_list(write(tmp_path / "x.csv", *rows))
    assert unknown.records[0].time_window == ""
    assert [i.code for i in unknown.rows[0].issues] == ["unknown_year"]
    assert unknown.records[0].extra["期望时间"] == "6月底前"
    titled = read_list(write(tmp_path / "y.csv", "2019年需求清单,,", *rows))
    assert titled.records[0].time_window == "../2019-06-30"


def test_a_list_on_its_side_is_named_as_such(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", "需求名称,a,b", "社区,甲,乙", "需求内容,x,y", "数量,1,2")
    with pytest.raises(InputError, match="one below the other"):
        read_list(path)


def test_sections_name_the_sub_district_where_no_column_does(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv",
        "序号,需求名称,社区,内容",
        "一、东街街道,,,",
        "1,a,甲社区,x",
        "二、西街街道,,,",
        "2,b,乙社区,y",
    )
    assert [r.sub_district for r in read_list(path).records] == ["东街街道", "西街街道"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("环境与院落-停车与出行", "F4"),
        ("文化、阅读与科普（全民健身）", "H3"),
        ("文化、阅读与科普", "H"),
        ("科普", "H4"),
        ("微心愿", "A3"),
        ("法治与权益类", "E"),
        ("F4", "F4"),
        ("F4 停车与出行", "F4"),
        ("Parking and mobility", "F4"),
        ("Homes and public space / Parking and mobility", "F4"),
        ("停车与出行、消防安全", ""),
        ("法治与权益-停车与出行", ""),
        ("安全", "G"),
        ("法治", "E"),
        ("环境类", "F"),
        ("就业", "D"),
        ("消防", "G1"),
        ("安全/消防", "G1"),
        ("Safety", "G"),
        ("Fire", "G1"),
        ("Health", "C"),
        ("助老", "B"),
        ("一小", "B"),
        ("医疗健康", "C"),
        ("就业创业", "D"),
        ("环保", "F"),
        ("党建", "I"),
        ("助残", "A2"),
        ("适老化改造", "B2"),
        ("社区", ""),
        ("家庭", ""),
        ("安全、文化", ""),
        ("物资", ""),
        ("Support", ""),
        ("别的", ""),
        ("", ""),
    ],
)
def test_categories_in_any_form(text: str, code: str) -> None:
    assert find_category(text) == code
