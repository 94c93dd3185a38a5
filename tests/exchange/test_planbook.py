"""plan.xlsx: marked internal, printable, numbers as numbers, and no user text ever a formula."""

from __future__ import annotations

import math
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lianqiao.exchange.planbook import write_planbook
from lianqiao.matching.document import OtherOffer, PlanDocument, PlanFigures
from tests.exchange.sample_plan import planned, sample_plan

PAYLOADS = (
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "https://example.org/",
    "00123",
    "1e5",
)


SIGNS = tuple("=+-@＝＋－＠")


def book_of(document: PlanDocument, folder: Path, language: str = "zh-Hans") -> Workbook:
    write_planbook(document, folder / "plan.xlsx", language=language)
    book: Workbook = load_workbook(folder / "plan.xlsx", rich_text=False)
    return book


def column(sheet: Worksheet, head: str) -> list[Any]:
    heads = [cell.value for cell in sheet[2]]
    return [row[heads.index(head)].value for row in sheet.iter_rows(min_row=3)]


def told_plan() -> PlanDocument:
    """The sample plan with what else the first need could have had, and two policies."""
    document = sample_plan()
    pair = document["pairs"][0]
    other: OtherOffer = {
        "offer": document["offers"][5]["id"],
        "score": 0.873,
        "state": "refused_by_offer_side",
        "need_rank": 2,
        "offer_rank": None,
        "parts": {"words": 0.9, "time": -0.027},
        "evidence": [{"part": "words", "need": "车位", "offer": "车位"}],
        "missing_fields": [],
    }
    served: OtherOffer = {**other, "state": "served", "score": 0.04, "holder": pair["need"]}
    document["candidates"] = [{"need": pair["need"], "offers": [other, served]}]
    figures: PlanFigures = {
        "needs_served": 90,
        "communities_served": 70,
        "units": 90,
        "score": document["figures"]["score_best"] // 2,
        "blocking_pairs": 3,
    }
    document["policies"] = [
        {"policy": "balanced", "chosen": True, "quick": False, "figures": figures},
        {"policy": "coverage", "chosen": False, "quick": True, "figures": figures},
    ]
    return document


def test_every_sheet_and_page_says_internal(tmp_path: Path) -> None:
    book = book_of(told_plan(), tmp_path)
    names = ["对接", "待补", "备选资源", "未用资源", "缺口", "例外", "各种排法", "概况"]
    assert book.sheetnames == [f"{name}（内部）" for name in names]
    for sheet in book:
        assert sheet["A1"].value.startswith("内部 · 对接方案 · ")
        assert "内部" in sheet.oddHeader.left.text
        assert "内部" in sheet.oddFooter.left.text
    properties = book.properties
    assert "内部" in properties.title
    assert properties.category == properties.contentStatus == properties.keywords == "内部"


def test_a_need_that_nothing_comes_near_says_so(tmp_path: Path) -> None:
    document = told_plan()
    far: OtherOffer = {
        **document["candidates"][0]["offers"][0],
        "state": "no_fitting_offer",
        "score": 0.019,
    }
    empty = document["unmet"][0]["need"]
    document["candidates"].append({"need": empty, "offers": [far]})
    document["unmet"][0]["candidates"] = [
        {"offer": far["offer"], "score": 0.019, "why_not": "no_fitting_offer"}
    ]
    book = book_of(document, tmp_path)
    candidates = book["备选资源（内部）"]
    assert column(candidates, "需求编号")[-1] == empty
    assert column(candidates, "资源编号")[-1] is None
    assert column(candidates, "未对接的原因")[-1] == "没有相近的资源"
    assert column(book["待补（内部）"], "最近的资源")[0] == "没有相近的资源"


def test_a_quick_plan_says_so_on_every_sheet(tmp_path: Path) -> None:
    document = sample_plan()
    document["engine"]["effort"] = 0
    for sheet in book_of(document, tmp_path):
        assert sheet["A1"].value.startswith("内部 · 对接方案 · 快速 · ")


def test_it_prints_as_an_office_prints(tmp_path: Path) -> None:
    for sheet in book_of(sample_plan(), tmp_path):
        page = sheet.page_setup
        assert (page.orientation, str(page.paperSize)) == ("landscape", "9")
        assert (page.fitToWidth or 1, page.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith("3")
        assert "第 &P 页" in sheet.oddFooter.center.text
        assert all(sheet.row_dimensions[row].height > 10 for row in range(3, sheet.max_row + 1))


def test_the_pairs_are_those_of_the_plan(tmp_path: Path) -> None:
    document = sample_plan()
    sheet = book_of(document, tmp_path)["对接（内部）"]
    pairs = {(pair["need"], pair["offer"]): pair for pair in document["pairs"]}
    shown = list(zip(column(sheet, "需求编号"), column(sheet, "资源编号"), strict=True))
    assert sorted(shown) == sorted(pairs)
    cut = [math.floor(round(pairs[pair]["score"] * 1000) / 10) / 100 for pair in shown]
    assert column(sheet, "匹配度") == cut
    assert column(sheet, "社区意向") == [pairs[pair]["need_rank"] for pair in shown]
    assert column(sheet, "单位意向") == [pairs[pair]["offer_rank"] for pair in shown]
    assert column(sheet, "序号") == list(range(1, len(shown) + 1))
    pinned = [said for said in column(sheet, "备注") if said and "锁定" in said]
    assert len(pinned) == sum(pair["pinned"] for pair in document["pairs"])


def test_open_needs_and_unused_offers_have_their_reasons(tmp_path: Path) -> None:
    document = sample_plan()
    book = book_of(document, tmp_path)
    open_needs, unused = book["待补（内部）"], book["未用资源（内部）"]
    assert column(open_needs, "需求编号") == [row["need"] for row in document["unmet"]]
    assert all(column(open_needs, "原因"))
    assert any("名额已满，给了" in (near or "") for near in column(open_needs, "最近的资源"))
    assert column(unused, "资源编号") == [row["offer"] for row in document["unused"]]
    assert all(column(unused, "原因"))


def test_what_says_nothing_is_left_out_and_places_are_explained(tmp_path: Path) -> None:
    document = sample_plan()
    document["pairs"][0] |= {"score": 0.049, "need_rank": 1, "pinned": False}
    offers = {offer["id"]: offer for offer in document["offers"]}
    stated, unstated = (offers[row["offer"]] for row in document["unused"][:2])
    stated["quantity"], stated["unit"] = 5.0, "个"
    unstated["capacity"], unstated["capacity_assumed"] = 3, False
    book = book_of(document, tmp_path)
    assert column(book["对接（内部）"], "匹配度")[0] is None
    assert column(book["对接（内部）"], "合适程度")[0] == "因意向对接"
    places = column(book["未用资源（内部）"], "名额")
    assert places[:2] == ["名额 1 家（清单写“5 个”，按 1 家计）", 3]


def test_an_older_plan_without_candidates_has_no_sheet_of_them(tmp_path: Path) -> None:
    names = ["对接", "待补", "未用资源", "缺口", "例外", "概况"]
    assert book_of(sample_plan(), tmp_path).sheetnames == [f"{name}（内部）" for name in names]


def test_the_parts_of_a_score_are_folded_and_sum_to_it(tmp_path: Path) -> None:
    document = sample_plan()
    document["pairs"][0] |= {"score": 0.873, "parts": {"words": 0.9, "time": -0.027}}
    sheet = book_of(document, tmp_path)["对接（内部）"]
    heads = [cell.value for cell in sheet[2]]
    assert heads[-2:] == ["词语", "时间"]
    assert [cell.value for cell in sheet[3]][-2:] == [0.9, -0.027]
    for at, head in enumerate(heads, 1):
        letter = sheet.cell(2, at).column_letter
        # Neighbours that look alike share one entry, found under the first of them.
        shared = [d for d in sheet.column_dimensions.values() if d.min <= at <= d.max]
        assert [d.outlineLevel for d in shared] == [int(head in heads[-2:])], letter
        assert [bool(d.hidden) for d in shared] == [head in heads[-2:]], letter
    after = [d for d in sheet.column_dimensions.values() if d.min == len(heads) + 1]
    assert [d.collapsed for d in after] == [True]


def test_candidates_say_what_is_in_the_way(tmp_path: Path) -> None:
    document = told_plan()
    sheet = book_of(document, tmp_path)["备选资源（内部）"]
    need = document["candidates"][0]["need"]
    assert column(sheet, "需求编号") == [need, need]
    assert column(sheet, "匹配度") == [0.87, None]
    assert column(sheet, "社区意向") == [2, 2]
    assert column(sheet, "未对接的原因")[0] == "单位本轮暂不具备条件"
    assert all(column(sheet, "未对接的原因"))
    holder = next(each for each in document["needs"] if each["id"] == need)
    assert column(sheet, "已对接给") == [None, holder["organisation"]]
    assert column(sheet, "词语") == [0.9, 0.9]


def test_an_offer_with_room_is_told_by_what_its_need_has(tmp_path: Path) -> None:
    document = told_plan()
    free = document["candidates"][0]["offers"][0]
    free |= {"state": "served", "score": 0.01, "need_rank": 2}
    free.pop("holder", None)
    paired, unmet = document["pairs"][0]["need"], document["unmet"][0]["need"]
    document["candidates"] = [{"need": need, "offers": [free]} for need in (paired, unmet)]
    sheet = book_of(document, tmp_path)["备选资源（内部）"]
    assert column(sheet, "未对接的原因") == ["还有名额；这项需求已有着落", "还有名额"]
    assert column(sheet, "合适程度") == ["因意向对接"] * 2


def test_gaps_are_told_by_sub_district_and_category(tmp_path: Path) -> None:
    document = sample_plan()
    sheet = book_of(document, tmp_path)["缺口（内部）"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    unmet, needs = len(document["unmet"]), len(document["needs"])
    assert rows[-1][0] == "全区"
    assert rows[-1][-1] == f"缺 {unmet} / 共 {needs}"
    places = {need["sub_district"] for need in document["needs"]}
    assert {row[0] for row in rows[1:-1]} == {place or "未写明街道" for place in places}
    grounds = {cell.fill.fgColor.rgb for cell in sheet[sheet.max_row][1:]}
    assert "FFDDA79C" in grounds


def test_exceptions_and_policies_have_their_figures(tmp_path: Path) -> None:
    document = told_plan()
    book = book_of(document, tmp_path)
    blocks = [b for p in document["pairs"] if p["exception"] for b in p["exception"]["blocks"]]
    exceptions = book["例外（内部）"]
    shown = zip(column(exceptions, "需求编号"), column(exceptions, "资源编号"), strict=True)
    assert sorted(shown) == sorted((need, offer) for need, offer in blocks)
    assert all(column(exceptions, "消除它的代价"))
    policies = book["各种排法（内部）"]
    assert column(policies, "排法") == ["社区优先", "能对尽对"]
    assert column(policies, "有着落的需求") == [90, 90]
    assert column(policies, "留意") == ["本方案", "试算，还可能更好"]


def test_the_overview_has_the_figures_as_numbers(tmp_path: Path) -> None:
    document = sample_plan()
    rows = [
        [cell.value for cell in row]
        for row in book_of(document, tmp_path, "en")["Overview (internal)"].iter_rows(min_row=3)
    ]
    figures = document["figures"]
    assert ["Needs served", figures["needs_served"], figures["needs"]] in rows
    assert ["Communities served", figures["communities_served"], figures["communities"]] in rows
    assert ["Exceptions", figures["blocking_pairs"], None] in rows
    assert ["Digest", document["digest"], None] in rows


def dirty_plan(payload: str) -> PlanDocument:
    whole = sample_plan()
    needs, offers = whole["needs"][:3], whole["offers"][:3]
    for item in [*needs, *offers]:
        item["id"] = f"{payload} {item['id']}"
        item["title"] = item["organisation"] = item["sub_district"] = payload
        item["time_window"] = item["unit"] = payload
    chosen = [(needs[0]["id"], offers[0]["id"], 0.9)]
    document = planned(needs, offers, chosen, policy=payload)
    document["inputs"]["needs"]["file"] = payload
    document["pairs"][0]["issues"] = [payload]
    document["unmet"][0]["text"] = document["unused"][0]["text"] = payload
    return document


@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_like_text_stays_text(tmp_path: Path, payload: str) -> None:
    book = book_of(dirty_plan(payload), tmp_path)
    exact = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr"), cell
                assert cell.hyperlink is None
                exact += cell.value == payload.replace("\r", "\n")
                if isinstance(cell.value, str) and cell.value.strip().startswith(SIGNS):
                    assert cell.quotePrefix
    assert exact >= 10
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as unpacked:
        pages = [name for name in unpacked.namelist() if "worksheets/" in name]
        assert not any(b"<f" in unpacked.read(name) for name in pages)


def test_equal_plans_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_planbook(sample_plan(), tmp_path / name, language="zh-Hans")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    # Two files of one second would be equal with the clock's time in them, too.
    with zipfile.ZipFile(tmp_path / "one") as unpacked:
        assert {entry.date_time[0] for entry in unpacked.infolist()} == {1980}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT", unpacked.read("docProps/core.xml"))) == {
            b"2000-01-01T"
        }


@pytest.mark.parametrize("sign", ["长", "𠮷", "é"])
def test_a_text_longer_than_a_cell_is_cut_where_one_sees_it(tmp_path: Path, sign: str) -> None:
    document = sample_plan()
    document["needs"][0]["title"] = sign * 40_000
    document["needs"][1]["title"] = "a" * 32_767
    titles = column(book_of(document, tmp_path)["对接（内部）"], "需求")
    assert titles[0].startswith(sign * 10_000)
    assert titles[0].endswith("以下截断）")
    assert len(titles[0].encode("utf-16-le")) // 2 <= 32_767
    assert titles[1] == "a" * 32_767


def test_signs_that_xml_forbids_do_not_break_the_file(tmp_path: Path) -> None:
    document = sample_plan()
    document["needs"][0]["title"] = "a\x00b\x0bc\ud800d_x0041_"
    title = column(book_of(document, tmp_path)["对接（内部）"], "需求")[0]
    assert title[-1] == "_"
    assert "b" in title


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_plan_of_nothing_is_still_a_workbook(tmp_path: Path, language: str) -> None:
    book = book_of(planned([], [], [], policy="balanced"), tmp_path, language)
    assert [sheet.max_row for sheet in book][:3] == [2, 2, 2]


def test_an_unknown_language_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language must be one of"):
        write_planbook(sample_plan(), tmp_path / "plan.xlsx", language="tlh")
    assert list(tmp_path.iterdir()) == []
