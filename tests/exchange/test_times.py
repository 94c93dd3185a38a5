"""Phrases of time as lists write them, Chinese and English, into windows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.exchange.times import read_time

YEAR = 2023
WHOLE = "2023-01-01/2023-12-31"
WINDOW = re.compile(
    r"(?:(?:\.\.|\d{4}-\d\d-\d\d)/\d{4}-\d\d-\d\d|ongoing)(?:;\d{1,3}/(?:week|month|quarter))?"
)
# Phrases that name no year of their own.
YEARLESS = {
    "6月底前": "../2023-06-30",
    "7月底以前 ": "../2023-07-31",
    "6月前": "../2023-05-31",
    "6月中旬前": "../2023-06-20",
    "二季度末前": "../2023-06-30",
    "年底前": "../2023-12-31",
    "即日起至年底": "../2023-12-31",
    "七一前": "../2023-06-30",
    "9—11月": "2023-09-01/2023-11-30",
    "6、7月": "2023-06-01/2023-07-31",
    "七八月": "2023-07-01/2023-08-31",
    "10月份": "2023-10-01/2023-10-31",
    "5月上旬": "2023-05-01/2023-05-10",
    "6月1日至15日": "2023-06-01/2023-06-15",
    "7.1-8.31": "2023-07-01/2023-08-31",
    "第三季度": "2023-07-01/2023-09-30",
    "三、四季度": "2023-07-01/2023-12-31",
    "上半年": "2023-01-01/2023-06-30",
    "下半年": "2023-07-01/2023-12-31",
    "全年": WHOLE,
    "暑假期间": "2023-07-01/2023-08-31",
    "11月至次年2月": "2023-11-01/2024-02-29",
    "9月起": "2023-09-01/2023-12-31",
    "明年3月": "2024-03-01/2024-03-31",
    "by end of June": "../2023-06-30",
    "not before September": "2023-09-01/2023-12-31",
    "3—5月，9—11月": "2023-03-01/2023-11-30",
    "before June": "../2023-05-31",
    "before Christmas": "../2023-12-24",
    "from September": "2023-09-01/2023-12-31",
    "September onwards": "2023-09-01/2023-12-31",
    "mid-June to late August": "2023-06-11/2023-08-31",
    "Sat, 12 June": "2023-06-12/2023-06-12",
    "Mondays in June": "2023-06-01/2023-06-30;1/week",
    "Q3": "2023-07-01/2023-09-30",
    "Sept to Nov": "2023-09-01/2023-11-30",
}
# How often, without a time: the whole year, or at any time where no year is known.
HABITS = {
    "每月两次": "2/month",
    "每季度 1 次": "1/quarter",
    "每周2次": "2/week",
    "每周二、四": "2/week",
    "每周一次": "1/week",
    "每周一至周五": "5/week",
    "一个月两回": "2/month",
    "2次/月": "2/month",
    "周六上午9:00-11:00": "1/week",
    "every other Tuesday": "2/month",
    "Tuesdays in term": "1/week",
    "every Tuesday and Thursday": "2/week",
    "first Friday of each month": "1/month",
    "weekly": "1/week",
    "twice a month": "2/month",
    "2 sessions per month": "2/month",
    "fortnightly": "2/month",
    "Fridays": "1/week",
    "Tues mornings": "1/week",
    "Sat am": "1/week",
    "每周三": "1/week",
    "Mon/Wed/Fri": "3/week",
    "Mon–Fri": "5/week",
    "Monday to Friday": "5/week",
    "Tue & Thu": "2/week",
    "weekday evenings": "5/week",
    "every other Sat": "2/month",
    "Fridays 10-12": "1/week",
}
# Phrases that need no year from outside.
DATED = {
    "2023.6.30前": "../2023-06-30",
    "2023.7-9": "2023-07-01/2023-09-30",
    "2023年7月至8月": "2023-07-01/2023-08-31",
    "2023年6-9月，每月一次": "2023-06-01/2023-09-30;1/month",
    "2023 年 6 月 — 9 月": "2023-06-01/2023-09-30",
    "二〇二三年六月": "2023-06-01/2023-06-30",
    "2023.11-2024.2": "2023-11-01/2024-02-29",
    "2023年第三季度": "2023-07-01/2023-09-30",
    "2023年全年": WHOLE,
    "2024/5/1-2024/6/30": "2024-05-01/2024-06-30",
    "2024.6.3/2024.6.5": "2024-06-03/2024-06-05",
    "2024-06-01 至 2024-06-30": "2024-06-01/2024-06-30",
    "20240501": "2024-05-01/2024-05-01",
    "31/08/2024": "2024-08-31/2024-08-31",
    "07/31/2024": "2024-07-31/2024-07-31",
    "12-14 July 2024": "2024-07-12/2024-07-14",
    "July 12-14, 2024": "2024-07-12/2024-07-14",
    "June 30, 2024": "2024-06-30/2024-06-30",
    "until 31 July 2024": "../2024-07-31",
    "by the end of 2024": "../2024-12-31",
    "Spring 2024": "2024-03-01/2024-05-31",
    "July–September 2024": "2024-07-01/2024-09-30",
    "2024 Q1-Q2": "2024-01-01/2024-06-30",
    "Monthly, from March 2024": "2024-03-01/2024-12-31;1/month",
    "Friday 12 July 2024": "2024-07-12/2024-07-12",
    "by Fri, July 12, 2024": "../2024-07-12",
    "2023-06-01/2023-09-30": "2023-06-01/2023-09-30",
    "../2023-06-30;2/quarter": "../2023-06-30;2/quarter",
}
TIMELESS = {
    "长期": "ongoing",
    "常态化开展": "ongoing",
    "ongoing": "ongoing",
    "长期，每周一次": "ongoing;1/week",
}
UNCLEAR = (
    "寒暑假",
    "2024年13月",
    "6月31日前",
    "待定",
    "尽快",
    "3个月",
    "05/06/2024",
    "2023-13-01/2023-14-01",
    "自签约之日起一年",
    "tbc",
    "5-6",
    "99月",
)


@pytest.mark.parametrize(("text", "window"), [*YEARLESS.items(), *DATED.items(), *TIMELESS.items()])
def test_phrase_with_a_known_year(text: str, window: str) -> None:
    assert read_time(text, YEAR).window == window


@pytest.mark.parametrize("text", YEARLESS)
def test_phrase_without_a_year_is_not_guessed(text: str) -> None:
    found = read_time(text, None)
    assert (found.window, found.needs_year) == ("", True)


@pytest.mark.parametrize(("text", "rate"), HABITS.items())
def test_habit_needs_no_year(text: str, rate: str) -> None:
    assert read_time(text, None).window == f"ongoing;{rate}"
    assert read_time(text, YEAR).window == f"{WHOLE};{rate}"


@pytest.mark.parametrize(("text", "window"), [*DATED.items(), *TIMELESS.items()])
def test_phrase_with_its_own_year_needs_no_other(text: str, window: str) -> None:
    assert read_time(text, None).window == window


@pytest.mark.parametrize("text", UNCLEAR)
def test_unclear_phrase_gives_nothing(text: str) -> None:
    assert read_time(text, YEAR).window == ""


def test_a_deadline_column_makes_a_date_an_end() -> None:
    assert read_time("2023年6月30日", None, by=True).window == "../2023-06-30"
    assert read_time("6-9月", YEAR, by=True).window == "2023-06-01/2023-09-30"


WORDS = (
    "2023 年 6 月 日 底 前 至 - — ~ / . 、 第 三 季度 每 两 次 周 长期 起 上旬 次年 2月30日 "
    "June Q3 31 13 ; , ，"
)
PIECES = st.sampled_from([*WORDS.split(), " ", " by ", " end of ", " to "])


@given(st.text(max_size=60) | st.lists(PIECES, max_size=14).map("".join), st.none() | st.just(YEAR))
def test_any_text_gives_a_window_or_nothing(text: str, year: int | None) -> None:
    window = read_time(text, year).window
    assert window == "" or WINDOW.fullmatch(window)
    start, slash, end = window.partition(";")[0].partition("/")
    assert not slash or start == ".." or start <= end
