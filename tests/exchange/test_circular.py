"""circular.xlsx: the three lists for everybody, laid out as an office sends them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lianqiao.exchange.circular import circular_of
from lianqiao.exchange.circular_book import write_circular
from lianqiao.language import Translator
from lianqiao.matching.document import PlanDocument
from lianqiao.site.summary import of_plan
from tests.exchange.sample_plan import planned, sample_plan

LANGUAGES = ("zh-Hans", "en")
SHEETS = ["对接项目清单", "需求清单", "资源清单", "尚待对接的需求"]
HEADS = {
    "对接项目清单": "序号 街道 社区 需求名称 需求内容 共建单位 资源名称 资源内容 数量 时间 备注",
    "需求清单": "序号 街道 社区 需求名称 类别 需求内容 服务对象 数量 期望时间 对接情况",
    "资源清单": "序号 单位 资源名称 类别 资源内容 服务对象 数量 可提供时间 对接情况",
    "尚待对接的需求": (
        "序号 街道 社区 需求名称 类别 需求内容 服务对象 数量 期望时间 对接情况 意向单位"
    ),
}


def write(document: PlanDocument, folder: Path, language: str = "zh-Hans") -> Path:
    path = folder / "circular.xlsx"
    write_circular(circular_of(document), path, language=language)
    return path


def book_of(document: PlanDocument, folder: Path, language: str = "zh-Hans") -> Workbook:
    book: Workbook = load_workbook(write(document, folder, language))
    return book


def column(sheet: Worksheet, head: str) -> list[Any]:
    heads = [cell.value for cell in sheet[3]]
    return [row[heads.index(head)].value for row in sheet.iter_rows(min_row=4)]


def test_the_sheets_are_laid_out_as_an_office_sends_them(tmp_path: Path) -> None:
    book = book_of(sample_plan(), tmp_path)
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert [cell.value for cell in sheet[3]] == HEADS[sheet.title].split()
        assert "注：" in sheet["A2"].value
        assert column(sheet, "序号") == list(range(1, sheet.max_row - 2))
        # Only the two lines above the table are merged, so that the table can be sorted.
        last = sheet.cell(3, sheet.max_column).column_letter
        tops = {f"A{row}:{last}{row}" for row in (1, 2)}
        assert {str(area) for area in sheet.merged_cells.ranges} == tops
        assert [table.ref for table in sheet.tables.values()] == [f"A3:{last}{sheet.max_row}"]
    assert "拟对接，待双方确认" in book[SHEETS[0]]["A1"].value


def test_it_prints_as_an_office_prints(tmp_path: Path) -> None:
    for sheet in book_of(sample_plan(), tmp_path):
        page = sheet.page_setup
        assert (page.orientation, str(page.paperSize)) == ("landscape", "9")
        assert (page.fitToWidth or 1, page.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.freeze_panes == "A4"
        assert "第 &P 页" in sheet.oddFooter.center.text
        assert sheet["A1"].font.name == "方正小标宋简体"
        assert {cell.font.name for cell in sheet[3]} == {"黑体"}
        assert {cell.font.name for cell in sheet[4]} == {"宋体"}
        assert all(cell.border.left.style == "thin" for row in sheet["A3:D9"] for cell in row)


def test_a_row_is_as_high_as_its_text(tmp_path: Path) -> None:
    document = sample_plan()
    document["needs"][0]["description"] = "字" * 200
    document["needs"][1]["description"] = "word " * 80
    sheet = book_of(document, tmp_path)["需求清单"]
    width = sheet.column_dimensions["F"].width
    for row, least in ((4, 400 / width), (5, 400 / width)):
        assert sheet.row_dimensions[row].height >= least * 15
    assert sheet.row_dimensions[6].height < 80


def test_the_lists_are_whole_and_in_their_order(tmp_path: Path) -> None:
    document = sample_plan()
    book = book_of(document, tmp_path)
    assert column(book["需求清单"], "需求名称") == [need["title"] for need in document["needs"]]
    assert column(book["资源清单"], "资源名称") == [each["title"] for each in document["offers"]]
    assert column(book["需求清单"], "社区") == [need["organisation"] for need in document["needs"]]
    needs = {need["id"]: at for at, need in enumerate(document["needs"])}
    pairs = sorted(document["pairs"], key=lambda pair: needs[pair["need"]])
    offers = {offer["id"]: offer for offer in document["offers"]}
    sheet = book["对接项目清单"]
    assert column(sheet, "需求名称") == [
        document["needs"][needs[p["need"]]]["title"] for p in pairs
    ]
    assert column(sheet, "共建单位") == [offers[p["offer"]]["organisation"] for p in pairs]
    assert set(column(sheet, "备注")) == {"待双方确认"}


def test_each_side_reads_where_it_stands(tmp_path: Path) -> None:
    document = sample_plan()
    book = book_of(document, tmp_path)
    offers = {offer["id"]: offer["organisation"] for offer in document["offers"]}
    partner = {pair["need"]: offers[pair["offer"]] for pair in document["pairs"]}
    assert column(book["需求清单"], "对接情况") == [
        f"拟对接：{partner[need['id']]}" if need["id"] in partner else "待对接"
        for need in document["needs"]
    ]
    used = {pair["offer"] for pair in document["pairs"]}
    standing = column(book["资源清单"], "对接情况")
    assert [said.startswith("拟对接：") for said in standing] == [
        offer["id"] in used for offer in document["offers"]
    ]
    assert {said for said in standing if not said.startswith("拟")} == {"待对接"}
    still_open = book["尚待对接的需求"]
    assert column(still_open, "需求名称") == [
        need["title"] for need in document["needs"] if need["id"] not in partner
    ]
    # One sentence for all of them, whatever the reason, and a column to fill in.
    assert set(column(still_open, "对接情况")) == {"本轮暂不具备条件\n欢迎认领"}
    assert set(column(still_open, "意向单位")) == {None}


def test_a_need_that_wants_more_partners_is_still_open(tmp_path: Path) -> None:
    document = sample_plan()
    need = document["needs"][0]
    need["partners_wanted"], need["title"] = 3, "要三家"
    sheet = book_of(document, tmp_path)["尚待对接的需求"]
    at = column(sheet, "需求名称").index("要三家")
    said = column(sheet, "对接情况")[at].split("\n")
    assert said[0].startswith("拟对接：")
    assert said[1] == "还可再对接 2 家"


def test_amount_and_time_name_their_side_unless_they_agree(tmp_path: Path) -> None:
    document = sample_plan()
    pair = document["pairs"][0]
    need = next(each for each in document["needs"] if each["id"] == pair["need"])
    offer = next(each for each in document["offers"] if each["id"] == pair["offer"])
    need |= {"quantity": 80.0, "unit": "个", "time_window": "ongoing"}
    offer |= {"quantity": 60.0, "unit": "个", "time_window": "ongoing"}
    sheet = book_of(document, tmp_path)["对接项目清单"]
    assert column(sheet, "数量")[0] == "需要：80 个\n可提供：60 个"
    assert column(sheet, "时间")[0] == "长期"


@pytest.mark.parametrize(
    "payload", ["=1+1", "\t=1+1", "＝1", "-2+3", "@A1", "https://example.org/"]
)
def test_formula_like_text_stays_text(tmp_path: Path, payload: str) -> None:
    whole = sample_plan()
    needs, offers = whole["needs"][:2], whole["offers"][:2]
    for item in [*needs, *offers]:
        item["title"] = item["organisation"] = item["sub_district"] = payload
        item["description"] = item["time_window"] = item["target_group"] = item["unit"] = payload
    document = planned(needs, offers, [(needs[0]["id"], offers[0]["id"], 0.9)], policy="balanced")
    exact = 0
    for sheet in book_of(document, tmp_path):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type in ("s", "n")
            assert cell.hyperlink is None
            exact += cell.value == payload
            if isinstance(cell.value, str) and cell.value.strip().startswith(tuple("=＝-@")):
                assert cell.quotePrefix
    assert exact >= 20
    with zipfile.ZipFile(tmp_path / "circular.xlsx") as unpacked:
        pages = [name for name in unpacked.namelist() if "worksheets/sheet" in name]
        assert not any(b"<f" in unpacked.read(name) for name in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_of_nothing_is_still_a_workbook(tmp_path: Path, language: str) -> None:
    book = book_of(planned([], [], [], policy="balanced"), tmp_path, language)
    assert [sheet.max_row for sheet in book] == [3, 3, 3, 3]


def test_an_unknown_language_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language must be one of"):
        write(sample_plan(), tmp_path, "tlh")
    assert list(tmp_path.iterdir()) == []


def test_the_summary_says_which_file_goes_out() -> None:
    said = of_plan(sample_plan(), Path("plan"), Translator("zh-Hans")).splitlines()
    assert "清单（印发版）：plan/circular.xlsx" in said
    assert said[-1].startswith("对外只发 circular.xlsx")
    assert "plan.xlsx" in said[-1]
    assert "report.html" in said[-1]


def test_times_that_are_no_dates_stand_as_the_list_says_them(tmp_path: Path) -> None:
    document = sample_plan()
    said = {
        0: ("ongoing;2/week", "周末及夜间", "周末及夜间"),
        1: ("", "9月-11月", "9月-11月"),
        2: ("2026-06-01/2026-06-30", "6月", "2026年6月"),
        3: ("", "", ""),
    }
    for at, (window, text, _shown) in said.items():
        document["needs"][at] |= {"time_window": window, "time_said": text}
    shown = column(book_of(document, tmp_path)["需求清单"], "期望时间")
    assert shown[:4] == [shown for _window, _text, shown in said.values()]


def test_a_column_in_which_nothing_is_said_is_left_out(tmp_path: Path) -> None:
    document = sample_plan()
    for item in (*document["needs"], *document["offers"]):
        item |= {"sub_district": "", "category": "", "quantity": None}
    book = book_of(document, tmp_path)
    heads = {sheet.title: [cell.value for cell in sheet[3]] for sheet in book}
    for title, whole in HEADS.items():
        assert heads[title] == [
            head for head in whole.split() if head not in ("街道", "类别", "数量")
        ]
