"""Dates as people write them: understood rightly or left as text, never wrongly understood.

A wrong window is worse than none, because a pair may be filtered out by it without anybody asking.
"""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest

from lianqiao.exchange.lists import read_list

# Each text, and what its window has to match; the list's title says that the year is 2024.
RIGHT = {
    "by 15 June": r"\.\./2024-06-15",
    "before 1 June": r"\.\./2024-0(5-31|6-01)",
    "June 15 to June 20": r"2024-06-15/2024-06-20",
    "Jan 2024 to Mar 2025": r"2024-01-01/2025-03-31",
    "May 1, 2024": r"2024-05-01/2024-05-01",
    "twice a week": r".*;2/week",
    "quarterly": r".*;1/quarter",
    "second half of 2024": r"2024-07-01/2024-12-31",
    "5月1日前": r"\.\./2024-0(4-30|5-01)",
    "6月15日-20日": r"2024-06-15/2024-06-20",
    "2024.5.1-5.7": r"2024-05-01/2024-05-07",
    "2024年3月至2025年2月": r"2024-03-01/2025-02-28",
    "11月-次年2月": r"2024-11-01/2025-02-28",
    "六月三十日前": r"\.\./2024-06-30",
    "二〇二四年六月": r"2024-06-01/2024-06-30",
    "三、四季度": r"2024-07-01/2024-12-31",
    "每周一、三、五": r".*;3/week",
    "7月至8月每周2次": r"2024-07-01/2024-08-31;2/week",
    "年底前": r"\.\./2024-12-31",
    "2025年底前": r"\.\./2025-12-31",
}
# Either what stands here or nothing; where nothing, an issue has to name the cell.
RIGHT_OR_UNKNOWN = {
    "31/08/2024": r"2024-08-31/2024-08-31",
    "by 31/08/2024": r"\.\./2024-08-31",
    "12-14 July 2024": r"2024-07-12/2024-07-14",
    "15-20 June": r"2024-06-15/2024-06-20",
    "not before September": r"2024-09-01/.*",
    "every other Tuesday": r".*;(2/month|6/quarter)",
    "2024-2025": r"2024-01-01/2025-12-31",
    "2024-2025年": r"2024-01-01/2025-12-31",
    "9月后": r"2024-(09|10)-01/.*",
    "3—5月，9—11月": r"2024-03-01/2024-11-30",
    "寒暑假": r"2024-0[12]-\d\d/2024-08-31",
    "2024年13月": r"(?!)",
    "2024年2月30日前": r"\.\./2024-02-29",
    "6月31日前": r"\.\./2024-06-30",
    "after Easter": r"(?!)",
    "until Christmas": r"\.\./2024-12-2[45]",
    "ASAP": r"(?!)",
    "尽快": r"(?!)",
    "待定": r"(?!)",
    "08:00-12:00": r"(?!)",
    "每年一次": r".*;1/year",
}
TEXTS = [*RIGHT, *RIGHT_OR_UNKNOWN]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each text, by the text."""
    path = tmp_path_factory.mktemp("dates") / "dates.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["2024年需求清单"])
        lines.writerow(["社区", "需求名称", "需求内容", "期望时间"])
        lines.writerows(["东风社区", f"第{n}件事", "", said] for n, said in enumerate(TEXTS))
    return dict(zip(TEXTS, (row.as_json() for row in read_list(path).rows), strict=True))


@pytest.mark.parametrize("said", RIGHT)
def test_a_plain_date_is_understood(said: str, rows: dict[str, dict[str, Any]]) -> None:
    window = rows[said]["record"]["time_window"]
    assert re.fullmatch(RIGHT[said], window), window


@pytest.mark.parametrize("said", RIGHT_OR_UNKNOWN)
def test_a_hard_date_is_understood_or_reported(said: str, rows: dict[str, dict[str, Any]]) -> None:
    window = rows[said]["record"]["time_window"]
    if window:
        assert re.fullmatch(RIGHT_OR_UNKNOWN[said], window), window
    else:
        assert [issue["column"] for issue in rows[said]["issues"]] == ["期望时间"]
    assert said in rows[said]["record"]["extra"].values()
