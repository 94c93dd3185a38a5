"""Several tables one below the other on a sheet of signed pairs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from lianqiao.exchange.signed import read_signed, settled_rows
from tests.exchange.test_signed import NEEDS, OFFERS, fit


def found_and_passed_over(
    rows: Sequence[Sequence[str]], folder: Path
) -> tuple[list[tuple[int, str, str]], dict[str, int]]:
    """Of each row read its number, need and offer; and what was passed over."""
    path = folder / "signed.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    signed = read_signed(path, NEEDS, OFFERS)
    told = [(r["row"], r["need"], r["offer"]) for r in settled_rows(signed, fit)]
    return told, {name: count for name, count in signed.passed_over.items() if count}


SECOND = ["序号", "共建单位", "资源项目", "社区名称", "需求项目", "签约时间"]


def test_rows_above_a_second_heading_row_are_read(tmp_path: Path) -> None:
    rows = [
        ["2023年共建项目签约汇总表"],
        ["序号", "社区", "共建单位"],
        ["1", "汇泉路社区", "区法院"],
        ["2", "红砂社区", "区发改局"],
        ["二、补签"],
        SECOND,
        ["1", "区图书馆", "流动图书车与馆藏配送", "锦和社区", "书架上的书太旧了", "2023-07-01"],
        SECOND,
        ["2", "区图书馆", "流动图书车与馆藏配送", "锦东社区", "垃圾房味道冲鼻子", "2023-07-02"],
    ]
    found, passed_over = found_and_passed_over(rows, tmp_path)
    assert found == [(3, "N4", "O3"), (4, "N3", "O4"), (7, "N6", "O5"), (9, "N5", "O5")]
    assert passed_over == {"note": 1, "header": 1}


def test_rows_above_the_only_heading_row_are_read(tmp_path: Path) -> None:
    rows = [
        ["汇泉路社区", "区法院"],
        ["红砂社区", "区发改局"],
        ["共建单位", "社区"],
        ["区图书馆", "锦和社区"],
    ]
    found, _ = found_and_passed_over(rows, tmp_path)
    assert found == [(1, "N4", "O3"), (2, "N3", "O4"), (4, "N6", "O5")]


def test_rows_of_another_table_on_the_sheet_are_counted(tmp_path: Path) -> None:
    rows = [
        ["社区", "需求项目", "联系人"],
        ["天府新苑社区", "想请人唱戏", ""],
        ["海棠社区", "想请人跳舞", ""],
        [],
        SECOND,
        ["1", "区图书馆", "流动图书车与馆藏配送", "锦和社区", "书架上的书太旧了", "2023-07-01"],
    ]
    found, passed_over = found_and_passed_over(rows, tmp_path)
    assert found == [(6, "N6", "O5")]
    assert passed_over == {"elsewhere": 2}
