"""What single rows of a list of signed pairs are taken for, and what is never taken."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.name_matching import ALIKE, NameList
from lianqiao.exchange.name_sounds import look, sound
from lianqiao.exchange.name_spellings import COMMUNITY, INSTITUTION, TITLE
from lianqiao.exchange.signed import read_signed, settled_rows
from lianqiao.language import Translator
from lianqiao.matching.document import TAKEN, ComparisonRow
from tests.exchange.layouts.grids import Drawing, Grid
from tests.exchange.layouts.writers import write

NEEDS = tuple(
    NeedRecord(id=i, title=title, organisation=whose, sub_district=place)
    for i, title, whose, place in (
        ("N1", "给爷爷奶奶上防骗课", "晨辉社区", "锦华路街道"),
        ("N2", "楼道灯坏了半年没人管", "晨辉社区", "锦华路街道"),
        ("N3", "建设“爱粮节粮”点位", "红砂社区", "三圣街道"),
        ("N4", "想请懂法的人坐班", "汇泉路社区", "沙河街道"),
        ("N5", "垃圾房味道冲鼻子", "锦东社区", "东湖街道"),
        ("N6", "书架上的书太旧了", "锦和社区", "锦华路街道"),
        ("N7", "合唱队缺老师排练", "幸福社区", "三圣街道"),
        ("N8", "舞蹈队没得地方练", "幸福社区", "柳江街道"),
    )
)
OFFERS = tuple(
    OfferRecord(id=i, title=title, organisation=whose)
    for i, title, whose in (
        ("O1", "“芳华·舒颜”检察机关保护妇女权益进社区", "区检察院"),
        ("O2", "未检“护苗”法治课", "区检察院"),
        ("O3", "少年模拟法庭", "区法院"),
        ("O4", "“爱粮节粮树理念 粮食安全进社区”示范点", "区发改局"),
        ("O5", "流动图书车与馆藏配送", "区图书馆"),
        ("O6", "文史书刊捐赠与讲述", "区档案馆（地方志办）"),
        ("O7", "家门口的充电桩", "Lakemont University, Law Clinic"),
    )
)
HEADER = ["序号", "社区", "共建单位", "项目名称"]


def fit(need: str, offer: str) -> float:
    """N1 with O2 and N3 with O4 go well together."""
    return {("N1", "O2"): 0.8, ("N3", "O4"): 0.9}.get((need, offer), 0.05)


def read(rows: Sequence[Sequence[str]], folder: Path) -> list[ComparisonRow]:
    path = folder / "signed.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return settled_rows(read_signed(path, NEEDS, OFFERS), fit)


def verdict(row: Sequence[str], folder: Path) -> tuple[str, str, str]:
    """What a row under HEADER is taken for, beside one that is clear."""
    clear = ["1", "汇泉路社区", "区法院", ""]
    found = read([HEADER, clear, ["2", *row]], folder)[1]
    return found["verdict"], found["need"], found["offer"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("红砂社区", "区发改局", ""), ("exact", "N3", "O4")),
        (("锦江区红砂社区居委会", "区发改局机关党委", ""), ("exact", "N3", "O4")),
        (("红沙社区", "区发展和改革局", ""), ("mended", "N3", "O4")),
        (("红砂社区", "成都市锦江区发展和改革局", "爱粮节粮"), ("mended", "N3", "O4")),
        (("晨晖社区", "锦江区人民检察院", "给爷爷奶奶上防骗课"), ("assumed", "N1", "O2")),
        (("晨辉社区", "区检察院", "“芳华·舒颜”检察机关保护妇女权益进社区"), ("ambiguous", "", "")),
        (("晨辉社区", "区检察院", "未检护苗法制课"), ("assumed", "N1", "O2")),
        (("晨辉社区", "区检察院", ""), ("assumed", "N1", "O2")),
        (("会泉路社区", "区图书管", "流动图书车与管藏配送"), ("mended", "N4", "O5")),
        (("汇泉社区", "区地方志办公室", ""), ("mended", "N4", "O6")),
        (("红砂社区", "LAKEMONT UNIVERSITY, LAW CLINIC", ""), ("exact", "N3", "O7")),
        # Never taken: another community, another body, two that are as near, one name of two.
        (("晨光社区", "区法院", ""), ("unrecognised", "", "")),
        (("锦绣社区", "区法院", ""), ("unrecognised", "", "")),
        (("锦社区", "区法院", ""), ("outside", "", "")),
        (("天府新苑社区", "区供销社", ""), ("outside", "", "")),
        (("红砂社区", "市公安局", ""), ("outside", "", "")),
        (("幸福社区", "区法院", ""), ("ambiguous", "", "")),
        (("红砂社区", "", ""), ("unrecognised", "", "")),
    ],
)
def test_a_row_is_taken_for(
    row: tuple[str, ...], said: tuple[str, str, str], tmp_path: Path
) -> None:
    assert verdict(row, tmp_path) == said


def test_a_need_is_told_where_only_the_offer_is_not(tmp_path: Path) -> None:
    rows = [
        ["社区", "需求项目", "共建单位"],
        ["汇泉路社区", "想请懂法的人坐班", "市公安局"],
        ["天府新苑社区", "想请人唱戏", "市公安局"],
        ["红砂社区", "建设“爱粮节粮”点位", "区发改局"],
    ]
    told, untold, _clear = read(rows, tmp_path)
    need = next(need for need in NEEDS if need.title == "想请懂法的人坐班")
    assert (told["verdict"], told["need"], told["need_told"]) == ("outside", "", need.id)
    assert "need_told" not in untold


def test_a_title_of_somebody_else_is_a_question(tmp_path: Path) -> None:
    rows = [
        ["社区", "需求项目", "共建单位", "资源项目"],
        ["汇泉路社区", "想请懂法的人坐班", "区法院", "少年模拟法庭"],
        ["红砂社区", "书架上的书太旧了", "区图书馆", "流动图书车与馆藏配送"],
        ["锦合社区", "书架上的书太旧了", "区图书馆", "流动图书车与馆藏配送"],
    ]
    _, contradictory, slip = read(rows, tmp_path)
    assert contradictory["verdict"] == "ambiguous"
    assert contradictory["unclear"] == ["need"]
    assert [near.get("need") for near in contradictory["alternatives"]] == ["N6", "N3"]
    assert (slip["verdict"], slip["need"], slip["offer"]) == ("mended", "N6", "O5")


def test_titles_tell_pairs_that_name_nobody(tmp_path: Path) -> None:
    rows = [
        ["需求", "资源"],
        ["垃圾房味道冲鼻子", "少年模拟法庭"],
        ["书架上的书太旧", "流动图书车与馆藏"],
    ]
    assert [(r["need"], r["offer"]) for r in read(rows, tmp_path)] == [("N5", "O3"), ("N6", "O5")]


def test_several_parties_of_a_row_are_a_pair_each(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["1", "红砂社区、汇泉路社区", "区法院", ""],
        ["2", "锦东社区", "区图书馆；区发改局", ""],
        ["3", "锦东社区\n锦和社区", "区图书馆\n区发改局", ""],
        ["4", "锦东社区、红砂社区", "区图书馆、区法院", ""],
    ]
    found = [(r["row"], r["need"], r["offer"], r["verdict"]) for r in read(rows, tmp_path)]
    assert found == [
        (2, "N3", "O3", "exact"),
        (2, "N4", "O3", "exact"),
        (3, "N5", "O5", "exact"),
        (3, "N5", "O4", "exact"),
        (4, "N5", "O5", "duplicate"),
        (4, "N6", "O4", "exact"),
        (5, "", "", "ambiguous"),
    ]


def test_of_pairs_that_fit_as_well_the_one_that_was_chosen_is_assumed(tmp_path: Path) -> None:
    path = tmp_path / "signed.csv"
    path.write_text("社区,共建单位\n晨辉社区,区法院\n", encoding="utf-8")
    signed = read_signed(path, NEEDS, OFFERS)
    assert settled_rows(signed, fit)[0]["verdict"] == "ambiguous"
    nothing: frozenset[tuple[str, str]] = frozenset()
    both, second = frozenset({("N1", "O3"), ("N2", "O3")}), frozenset({("N2", "O3")})
    for signs in ((second,), (nothing, second), (both, second)):
        (row,) = settled_rows(signed, fit, signs)
        assert (row["verdict"], row["need"], row["offer"]) == ("assumed", "N2", "O3")
        assert row["certainty"] <= 0.5
        assert row["alternatives"] == [{"need": "N1", "offer": "O3", "likeness": 0.05}]
    assert settled_rows(signed, fit, (both, nothing))[0]["verdict"] == "ambiguous"


def test_a_clear_fit_needs_no_sign(tmp_path: Path) -> None:
    path = tmp_path / "signed.csv"
    path.write_text("社区,共建单位\n晨辉社区,区检察院\n", encoding="utf-8")
    signed = read_signed(path, NEEDS, OFFERS)
    (row,) = settled_rows(signed, fit, (frozenset({("N2", "O1")}),))
    assert (row["need"], row["offer"]) == ("N1", "O2")


def test_both_parties_in_one_cell(tmp_path: Path) -> None:
    rows = [
        ["序号", "结对双方", "签约时间"],
        ["1", "区法院×汇泉路社区", "2023-06-26"],
        ["2", "红砂社区与区发展和改革局", "2023-06-26"],
        ["3", "区图书馆—锦和社区《书架上的书太旧了》", "2023-06-26"],
    ]
    found = [(r["need"], r["offer"]) for r in read(rows, tmp_path)]
    assert found == [("N4", "O3"), ("N3", "O4"), ("N6", "O5")]


def test_rows_that_hold_no_pair_are_passed_over_and_counted(tmp_path: Path) -> None:
    rows = [
        ["2023年共建项目签约汇总表"],
        HEADER,
        ["1", "汇泉路社区", "区法院", ""],
        [],
        HEADER,
        ["2", "同上", "区图书馆", ""],
        ["小计", "", "2", ""],
        ["备注：名单以现场签约为准"],
    ]
    path = tmp_path / "signed.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    signed = read_signed(path, NEEDS, OFFERS)
    assert signed.passed_over == {"blank": 1, "subtotal": 1, "note": 1, "header": 1}
    found = [(r["need"], r["offer"]) for r in settled_rows(signed, fit)]
    assert found == [("N4", "O3"), ("N4", "O5")]


@pytest.mark.parametrize(
    "remark", ["未签约", "未签", "尚未签订", "暂未签约，待定", "未签约：单位退出", "not signed"]
)
def test_a_remark_of_not_signed_comes_before_a_name_that_nobody_knows(
    remark: str, tmp_path: Path
) -> None:
    rows = [
        ["社区", "共建单位", "备注"],
        ["汇泉路社区", "区法院", ""],
        ["红砂社区", "市第七中学", remark],
        ["天府新苑社区", "市第七中学", remark],
    ]
    assert [r["verdict"] for r in read(rows, tmp_path)] == ["exact", "not_signed", "not_signed"]


def test_a_title_that_many_have_is_found_for_each_of_them() -> None:
    names = {f"N{i}": "给老人做体检" for i in range(40)} | {
        f"M{i}": f"另一件事{i}" for i in range(40)
    }
    found = NameList(names, TITLE).ranked("给老人做体检")
    assert [near.key for near in found if near.likeness == 1] == [f"N{i}" for i in range(40)]


def test_a_row_that_says_so_is_not_signed(tmp_path: Path) -> None:
    rows = [
        ["社区", "共建单位", "签约状态"],
        ["汇泉路社区", "区法院", "已签约"],
        ["红砂社区", "区发改局", "未签约"],
        ["锦东社区", "区图书馆", "取消"],
    ]
    assert [r["verdict"] for r in read(rows, tmp_path)] == ["exact", "not_signed", "not_signed"]


def test_names_in_merged_cells_and_above_their_rows(tmp_path: Path) -> None:
    cells = {
        (1, 1): "需求方",
        (1, 3): "资源方",
        (2, 1): "社区",
        (2, 2): "项目名称",
        (2, 3): "单位",
        (2, 4): "项目名称",
        (3, 1): "汇泉路社区",
        (3, 2): "想请懂法的人坐班",
        (3, 3): "区法院",
        (4, 1): "红砂社区",
        (5, 1): "锦东社区",
        (3, 4): "少年模拟法庭",
    }
    grid = Grid("签约", cells, ((1, 1, 1, 2), (1, 3, 1, 4), (3, 3, 5, 3), (3, 4, 5, 4)))
    path = write(Drawing("signed.xlsx", (grid,), grid, "", ""), tmp_path)
    rows = settled_rows(read_signed(path, NEEDS, OFFERS), fit)
    assert [(r["row"], r["need"], r["offer"]) for r in rows] == [
        (3, "N4", "O3"),
        (4, "N3", "O3"),
        (5, "N5", "O3"),
    ]


def test_ids_count_unless_the_names_beside_them_are_somebody_elses(tmp_path: Path) -> None:
    rows = [
        ["需求编号", "资源编号", "社区", "单位"],
        ["N5", "o3", "锦东社区", "区法院"],
        ["N5", "O5", "红砂社区", "区图书馆"],
    ]
    found = [(r["verdict"], r["need"], r["offer"]) for r in read(rows, tmp_path)]
    assert found == [("exact", "N5", "O3"), ("ambiguous", "", "")]


def test_telephones_and_id_numbers_are_not_kept(tmp_path: Path) -> None:
    rows = [
        [*HEADER, "联系电话", "身份证号"],
        ["1", "汇泉路社区 11010519491231002X", "区法院", "", "028-1234567", "11010519491231002X"],
    ]
    said = str(read(rows, tmp_path))
    assert "028" not in said
    assert "11010519491231002X" not in said


def test_what_sounds_or_looks_alike_is_one() -> None:
    assert sound("晨晖") == sound("晨辉") != sound("晨光")
    assert look("锌潼桥") == look("梓潼桥") != look("铁潼桥")
    assert sound("N-1 号") == sound("N-1 号")


@pytest.mark.parametrize(
    ("sort", "listed", "written", "other"),
    [
        (INSTITUTION, "区卫健局", "卫生健康局", "区体育局"),
        (INSTITUTION, "团区委", "共青团锦江区委员会", "区委宣传部"),
        (INSTITUTION, "区人大机关", "区人民代表大会常务委员会", "区人社局"),
        (INSTITUTION, "第一小学", "第一小学党支部", "第二小学"),
        # As like as two names can be, but for a number or a direction that tells them apart.
        (INSTITUTION, "区第十一幼儿园", "区第十一幼儿园党支部", "区第十二幼儿园"),
        (
            COMMUNITY,
            "North Parkside Residents",
            "North Parkside Residnts",
            "South Parkside Residents",
        ),
        (INSTITUTION, "Borough Public Library", "BPL", "Borough Police"),
        (COMMUNITY, "Oak Street Residents", "Oak Steret Residents", "Elm Street Residents"),
        (COMMUNITY, "锦东社区", "绵东社区", "锦西社区"),
        (TITLE, "Home Fire Safety Visits", "home fire safty visits", "Home Library Service"),
    ],
)
def test_alike_and_not_alike(sort: str, listed: str, written: str, other: str) -> None:
    names = NameList({"it": listed, "else": "Something quite different 其他"}, sort)
    assert names.ranked(written)[0].key == "it"
    assert names.best(written) >= ALIKE
    assert names.best(other) < ALIKE


BAD = {
    "needs": (
        [["社区", "需求名称"], ["红砂社区", "建设“爱粮节粮”点位"]],
        "looks like a list of needs",
    ),
    "offers": ([["单位", "资源名称"], ["区法院", "少年模拟法庭"]], "looks like a list of offers"),
    "elsewhere": ([["社区", "单位"], ["东村", "西局"]], "no sheet names communities"),
    "choices": ([["by", "chooser", "need_id", "decision"], ["", "", "", ""]], "--choices"),
    "none signed": ([["社区", "单位", "状态"], ["红砂社区", "区法院", "未签"]], "No signed pair"),
    "blank": ([["社区", "单位"], ["", ""]], "no sheet names communities"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_list_of_signed_pairs_is_one_line(name: str, tmp_path: Path) -> None:
    rows, said = BAD[name]
    with pytest.raises(InputError) as raised:
        read(rows, tmp_path)
    line = raised.value.line(Translator("en"))
    assert said in line
    assert "\n" not in line
    assert line.startswith("signed.csv")


def test_every_verdict_that_is_taken_names_a_pair(tmp_path: Path) -> None:
    rows = [HEADER, ["1", "汇泉路社区", "区法院", ""], ["2", "晨光社区", "区法院", ""]]
    for row in read(rows, tmp_path):
        is_taken = row["verdict"] in TAKEN
        assert bool(row["need"] and row["offer"]) == is_taken
        assert bool(row["unclear"]) != is_taken
