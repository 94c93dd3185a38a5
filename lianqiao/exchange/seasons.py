"""Named parts of a year: months, quarters, halves, seasons, school terms and holidays by name.

Each name stands for (first month, first day, last month, last day); day 0 is the month's last day,
a last month beyond 12 lies in the next year.
"""

from __future__ import annotations

Part = tuple[int, int, int, int]

_NAMES = "january february march april may june july august september october november december"
_MONTHS = _NAMES.split()
ENGLISH_MONTHS: dict[str, int] = {
    **{name: n for n, name in enumerate(_MONTHS, start=1)},
    **{name[:3]: n for n, name in enumerate(_MONTHS, start=1)},
    "sept": 9,
}
_ORDINALS = (("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th"))


def months(first: int, last: int) -> Part:
    """Whole months from first to last."""
    return first, 1, last, 0


def quarter(n: int) -> Part:
    """The n-th quarter, 1 to 4."""
    return months(3 * n - 2, 3 * n)


NAMED: dict[str, Part] = {
    "上半年": months(1, 6),
    "下半年": months(7, 12),
    "first half of the year": months(1, 6),
    "second half of the year": months(7, 12),
    "first half": months(1, 6),
    "second half": months(7, 12),
    "h1": months(1, 6),
    "h2": months(7, 12),
    "全年度": months(1, 12),
    "全年": months(1, 12),
    "年度内": months(1, 12),
    "年内": months(1, 12),
    "all year round": months(1, 12),
    "all year": months(1, 12),
    "whole year": months(1, 12),
    "full year": months(1, 12),
    "all of": months(1, 12),
    "throughout": months(1, 12),
    "年初": months(1, 1),
    "年中": months(6, 6),
    "年底": months(12, 12),
    "年末": months(12, 12),
    "年终": months(12, 12),
    "end of the year": months(12, 12),
    "end of year": months(12, 12),
    "year end": months(12, 12),
    "year-end": months(12, 12),
    "暑假": months(7, 8),
    "暑期": months(7, 8),
    "暑期档": months(7, 8),
    "summer holidays": months(7, 8),
    "summer holiday": months(7, 8),
    "summer vacation": months(7, 8),
    "summer break": months(7, 8),
    "寒假": (1, 15, 2, 0),
    "winter holidays": (1, 15, 2, 0),
    "winter vacation": (1, 15, 2, 0),
    "winter break": (1, 15, 2, 0),
    "春季学期": months(2, 6),
    "秋季学期": months(9, 13),
    "上学期": months(9, 13),
    "下学期": months(2, 6),
    "spring term": months(2, 6),
    "spring semester": months(2, 6),
    "autumn term": months(9, 13),
    "fall term": months(9, 13),
    "fall semester": months(9, 13),
    "autumn semester": months(9, 13),
    "summer term": months(4, 7),
    "春季": months(3, 5),
    "春天": months(3, 5),
    "夏季": months(6, 8),
    "夏天": months(6, 8),
    "秋季": months(9, 11),
    "秋天": months(9, 11),
    "冬季": months(12, 14),
    "冬天": months(12, 14),
    "spring": months(3, 5),
    "summer": months(6, 8),
    "autumn": months(9, 11),
    "fall": months(9, 11),
    "winter": months(12, 14),
    "christmas": (12, 25, 12, 25),
    "new year": (1, 1, 1, 1),
    "halloween": (10, 31, 10, 31),
    "元旦": (1, 1, 1, 1),
    "三八": (3, 8, 3, 8),
    "五一": (5, 1, 5, 1),
    "五四": (5, 4, 5, 4),
    "六一": (6, 1, 6, 1),
    "七一": (7, 1, 7, 1),
    "八一": (8, 1, 8, 1),
    "国庆": (10, 1, 10, 7),
    "十一": (10, 1, 10, 7),
    **{f"{word} quarter": quarter(n) for n, pair in enumerate(_ORDINALS, 1) for word in pair},
    **{f"q{n}": quarter(n) for n in range(1, 5)},
}
