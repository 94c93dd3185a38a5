"""How fast is a list read: `read_list` beside pandas with openpyxl, in one run.

    python bench/reading.py [--rows 1000,10000,50000]

pandas only gives the cells of the sheet; `read_list` also finds the header, accounts for every row,
interprets times, amounts and categories, and checks the limits. Each figure is the best of
three runs (one for the largest). Read the ratios.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas
import xlsxwriter

from lianqiao.exchange.lists import read_list
from lianqiao.exchange.workbooks import open_book

SIZES = (1_000, 10_000, 50_000)
LARGE = 10_000  # above it once is enough
HEADINGS = (
    "序号 街道 社区 需求项目名称 需求类别 需求内容 服务对象 数量 期望时间 需求形式 联系人 电话 备注"
)
CATEGORIES = ("停车与出行", "法治与权益", "环境与院落（停车与出行）", "科普")
TIMES = ("6月底前", "2023年7-9月", "每月两次", "长期", "第三季度")


def write_list(path: Path, rows: int) -> None:
    """A list of so many needs, each title, text and telephone its own."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("需求清单")
        sheet.write(0, 0, "2023年需求清单")
        sheet.write_row(1, 0, HEADINGS.split())
        for n in range(rows):
            sheet.write_row(2 + n, 0, row_of(n))


def row_of(n: int) -> list[str | int]:
    return [
        n + 1,
        f"第{n // 200}街道",
        f"第{n // 3}社区",
        f"需要第{n}件事",
        CATEGORIES[n % len(CATEGORIES)],
        f"这里写的是第{n}项需求的内容，居民反映较多，希望有单位帮助解决。",
        "居民",
        f"{n % 90 + 1}场",
        TIMES[n % len(TIMES)],
        "服务",
        "王联络员",
        f"028-0000-{n:05d}",
        "急" if n % 5 == 0 else "",
    ]


def best(repeats: int, read: Callable[[], object]) -> float:
    """The shortest of some runs, in seconds."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        read()
        taken.append(time.perf_counter() - start)
    return min(taken)


def compare(size: int) -> tuple[float, float, float]:
    """Seconds of `read_list`, of its cells alone, and of pandas, on a list of so many rows."""
    repeats = 3 if size <= LARGE else 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{size}.xlsx"
        write_list(path, size)
        return (
            best(repeats, lambda: read_list(path, kind="needs")),
            best(repeats, lambda: open_book(path)),
            best(repeats, lambda: pandas.read_excel(path, engine="openpyxl")),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(str(size) for size in SIZES))
    sizes = [int(size) for size in parser.parse_args().rows.split(",")]
    print("\n| rows | read_list s | cells only s | pandas s | pandas / read_list |")
    print("|---|---|---|---|---|")
    for size in sizes:
        whole, cells, peer = compare(size)
        print(f"| {size:,} | {whole:.2f} | {cells:.2f} | {peer:.2f} | {peer / whole:.1f} |")


if __name__ == "__main__":
    main()
