"""Finding the span of days that a text names, Chinese or English, with or without its year.

The text is cut into points (a day, a month, a quarter, a season ...) from left to right; two points
with a connector between them are a range; words before and after say "by then" or "from then on".
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lianqiao.exchange.numerals import number
from lianqiao.exchange.seasons import ENGLISH_MONTHS, NAMED, Part, months, quarter

_WIDE = "\u3400-\u9fff"
_SPACE = re.compile(
    rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])|(?<=[\d.])\s*(?=[-—–~.])|(?<=[-—–~.])\s+(?=\d)"
)
_CLOCK = re.compile(
    r"\d{1,2}(?::\d{2}|点半?|时)(?:\d{1,2}分|半)?(?:\s*[-—–~至到]+\s*\d{1,2}(?::\d{2}|点半?|"
    r"时)(?:\d{1,2}分)?)?"
    r"|\d{1,2}\s*[-—–~至到]\s*\d{1,2}(?:点|时)|\b\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|a\.m\.|p\.m\.)"
)
_CHINESE_YEAR = re.compile("[〇零一二三四五六七八九]{4}(?=年)")
_CHINESE_COUNT = re.compile(
    "[一二三四五六七八九十]{1,3}(?=(?:[、,和及至到-]+第?[一二三四五六七八九十]{1,3})*(?:月|季度|日|号))"
)
_TWO_MONTHS = re.compile("([一二三四五六七八九])([二三四五六七八九])(?=月|季度)")
_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0"}

_YEAR = (
    r"(?:(?P<y>\d{4}|(?<!\d)\d{2}(?=年))(?:年度?的?|[./-])?|(?P<next>次年|明年|翌年|来年|第二年|"
    r"next year)|"
    r"今年|本年度?|当年|this year)?"
)
_THIRD = r"(?P<third>上旬|中旬|下旬|月初|月中|月底|月末|初|中(?!秋)|底|末)?"
_ENGLISH_MONTH = "|".join(sorted(ENGLISH_MONTHS, key=len, reverse=True))
_ENGLISH_THIRD = (
    r"(?:(?P<third>early|beginning of|start of|mid|middle of|late|end of|the end of|end)[\s-]*)?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_NAMED = "|".join(re.escape(name) for name in sorted(NAMED, key=len, reverse=True))
_THIRDS = {
    "early": ("上旬", "初", "月初", "early", "beginning of", "start of"),
    "mid": ("中旬", "中", "月中", "mid", "middle of"),
    "late": ("下旬", "底", "末", "月底", "月末", "late", "end of", "the end of", "end"),
}
_CONNECTOR = re.compile(
    r"^(?:日|号|份|起|开始|期间|,|\s)*(?:[-—–~/]+|至|到|to|until|till|through|and|&|、|及|和|与|"
    r"or|或)(?:\s|the)*$"
)
_AND_ALSO = re.compile(r"^\s*[,;]\s*$")
_UNTIL = re.compile(
    r"(?:\b(?:by|(?<!not )before|until|till|up to|no later than|not later than|due|deadline)|"
    r"截至|截止至?|"
    r"不晚于|(?<!\d)至|前于)"
    r"(?:\s*(?:the|of|于|到|[:：]))*\s*$"
)
_STRICTLY = re.compile(r"\bbefore\b[^a-z]*$|\bbefore the$")
_BEFORE = re.compile(r"^(?:日|号|份|期间)*(?:之前|以前|前(?!后)|止|为止|截止|内完成|(?:以|之)?内)")
_FROM = re.compile(
    r"(?:\b(?:from|not before|not? earlier than|since|starting|as of|beginning|after|onwards from)|"
    r"自|从)\s*(?:the|in|on)?\s*$"
)
_ONWARDS = re.compile(
    r"^\s*(?:日|号|份|期间)*(?:起|开始|以后|之后|后(?!续)|onwards?|on\b|and (?:later|after))"
)


# What still speaks of days outside the points found: then none of it is understood.
_LEFT_OVER = re.compile(
    rf"\d|[一二三四五六七八九十]月|季度|学期|寒|暑|\b(?:{_ENGLISH_MONTH})\b|\bq[1-4]\b|\beaster\b"
)


class NoYearError(ValueError):
    """The text names days of a year that isn't known."""


@dataclass(frozen=True)
class Span:
    """Days from start to end, both in. open_start: only the end is said. ranged: it has two ends
    of its own or spans more than a month.
    """

    start: dt.date
    end: dt.date
    open_start: bool = False
    ranged: bool = False


@dataclass(frozen=True)
class _Point:
    """A named piece of a year at text[at:to]; level "day", "month" or "part"; year None: unsaid."""

    at: int
    to: int
    year: int | None
    part: Part
    level: str
    third: str = ""
    shift: int = 0


def find_span(said: str, year: int | None) -> Span | None:
    """The span that a lower-case NFKC text names, or None. Raises NoYearError."""
    text = _even(said)
    points = [] if _UNCLEAR_DAY.search(text) else list(_points(text))
    if not points:
        return None
    run = _connected(points, text)
    if _LEFT_OVER.search(f"{text[: points[0].at]} {text[run[-1].to :]}"):
        return None
    first, last = _dated(run[0], run[-1], year)
    return _framed(text[: run[0].at], text[run[-1].to :], first, last, run)


def _even(said: str) -> str:
    text = _CHINESE_YEAR.sub(lambda m: "".join(_DIGITS[c] for c in m[0]), said)
    text = _TWO_MONTHS.sub(lambda m: f"{_DIGITS[m[1]]}-{_DIGITS[m[2]]}", text)
    text = _CHINESE_COUNT.sub(_counted, text)
    return _SPACE.sub("", _CLOCK.sub(" ", text)).strip()


def _counted(match: re.Match[str]) -> str:
    value = number(match[0])
    return match[0] if value is None else f"{value:.0f}"


def _points(text: str) -> Iterator[_Point]:
    at, previous = 0, None
    while at < len(text):
        point = _point_at(text, at, previous)
        if point is None:
            at += 1
        else:
            yield point
            previous, at = point, max(point.to, at + 1)


def _point_at(text: str, at: int, previous: _Point | None) -> _Point | None:
    if text[at].isdigit() and at and text[at - 1].isdigit():
        return None
    for pattern, build in _GRAMMAR:
        match = pattern.match(text, at)
        if match and match.end() > at and (point := build(match)):
            return point
    return _tail(text, at, previous)


def _build_day(match: re.Match[str]) -> _Point | None:
    return _day(match, int(match["m"]), int(match["d"]))


def _day(match: re.Match[str], month: int, day: int) -> _Point | None:
    longest = calendar.monthrange(2000, month)[1] if 1 <= month <= 12 else 0
    if not 1 <= day <= longest:
        return None
    return _point(match, (month, day, month, day), "day")


def _build_month(match: re.Match[str]) -> _Point | None:
    month = int(match["m"])
    return _point(match, months(month, month), "month") if 1 <= month <= 12 else None


def _build_quarters(match: re.Match[str]) -> _Point | None:
    first, last = int(match["q"]), int(match["q2"] or match["q"])
    if not 1 <= first <= last <= 4:
        return None
    return _point(match, (quarter(first)[0], 1, quarter(last)[2], 0), "part")


def _build_english_day(match: re.Match[str]) -> _Point | None:
    return _day(match, ENGLISH_MONTHS[match["name"]], int(match["d"]))


def _build_english_month(match: re.Match[str]) -> _Point | None:
    month = ENGLISH_MONTHS[match["name"]]
    return _point(match, months(month, month), "month")


def _build_named(match: re.Match[str]) -> _Point | None:
    return _point(match, NAMED[match["name"]], "part")


def _build_december(match: re.Match[str]) -> _Point | None:
    return _point(match, months(12, 12), "part")


def _build_year(match: re.Match[str]) -> _Point | None:
    return _point(match, months(1, 12), "part")


def _point(match: re.Match[str], part: Part, level: str) -> _Point:
    said = match.groupdict()
    year = said.get("y") or said.get("y2")
    third = next((name for name, words in _THIRDS.items() if said.get("third") in words), "")
    return _Point(
        at=match.start(),
        to=match.end(),
        year=None if not year else int(year) + (2000 if len(year) == 2 else 0),
        part=part,
        level=level,
        third=third,
        shift=1 if said.get("next") else 0,
    )


def _build_written_day(match: re.Match[str]) -> _Point | None:
    """31/08/2024 and 08/31/2024 are clear, 05/06/2024 isn't."""
    first, second = int(match["a"]), int(match["b"])
    if first > 12 or first == second:
        return _day(match, second, first)
    return _day(match, first, second) if second > 12 else None


_Y2 = r"(?:,?\s*(?:of\s+)?(?P<y2>\d{4}))?"
_DAY_OF_RANGE = (
    rf"(?P<d>\d{{1,2}}){_ORDINAL}(?=\s*(?:[-—–~&]|to|and)\s*\d{{1,2}}{_ORDINAL}\s*(?:of\s+)?"
    rf"(?P<name>{_ENGLISH_MONTH})\b\.?{_Y2})"
)
_GRAMMAR: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Point | None]], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (r"(?P<y>\d{4})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)[日号]?", _build_day),
        (r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)", _build_day),
        (r"\b(?:the )?(?P<name>end of) (?P<y>\d{4})", _build_december),
        (rf"{_YEAR}(?P<m>\d{{1,2}})月份?(?P<d>\d{{1,2}})[日号]?(?![\d月])", _build_day),
        (r"(?P<y>\d{4})[./-](?P<m>\d{1,2})(?![\d./年])月?份?" + _THIRD, _build_month),
        (rf"{_YEAR}(?P<m>\d{{1,2}})月份?{_THIRD}", _build_month),
        (rf"{_YEAR}(?P<m>\d{{1,2}})(?=[-—–~至到、]+\d{{1,2}}月(?!\d))", _build_month),
        (
            rf"{_YEAR}第?(?P<q>[1-4])(?:[-—–~至到、,和及]+第?(?P<q2>[1-4]))?季度?{_THIRD}",
            _build_quarters,
        ),
        (
            r"(?P<y>\d{4})\s*[-.]?\s*q(?P<q>[1-4])(?:\s*[-—–~]\s*q?(?P<q2>[1-4]))?\b",
            _build_quarters,
        ),
        (rf"q(?P<q>[1-4])(?:\s*[-—–~]\s*q?(?P<q2>[1-4]))?\b{_Y2}", _build_quarters),
        (r"(?P<a>\d{1,2})(?P<s>[./])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})(?!\d)", _build_written_day),
        (_DAY_OF_RANGE, _build_english_day),
        (
            rf"(?P<d>\d{{1,2}}){_ORDINAL}\s*(?:of\s+)?(?P<name>{_ENGLISH_MONTH})\b\.?{_Y2}",
            _build_english_day,
        ),
        (
            rf"\b(?P<name>{_ENGLISH_MONTH})\b\.?\s*(?P<d>\d{{1,2}}){_ORDINAL}(?!\d){_Y2}",
            _build_english_day,
        ),
        (rf"(?P<y>\d{{4}})\s+(?P<name>{_ENGLISH_MONTH})\b", _build_english_month),
        (rf"{_ENGLISH_THIRD}\b(?P<name>{_ENGLISH_MONTH})\b\.?{_Y2}", _build_english_month),
        (rf"{_YEAR}(?:(?<![a-z])|(?<=\d))\s*(?P<name>{_NAMED})(?![a-z0-9]){_Y2}", _build_named),
        (r"(?P<m>\d{1,2})[./](?P<d>\d{1,2})(?![\d./])[日号]?", _build_day),
        (r"(?P<y>20\d{2})(?:年度?内?|(?![\d.]))", _build_year),
    )
)
_TAIL_MONTH = re.compile(r"(?P<m>\d{1,2})(?![\d./年:])月?份?" + _THIRD)
_TAIL_DAY = re.compile(rf"(?P<d>\d{{1,2}})(?![\d./年月:])(?:[日号]|{_ORDINAL}{_Y2})")
_UNCLEAR_DAY = re.compile(
    r"(?<![\d./])(0?[1-9]|1[0-2])[./](?!0?\1[./])(?:0?[1-9]|1[0-2])[./]\d{4}(?!\d)"
)


def _tail(text: str, at: int, previous: _Point | None) -> _Point | None:
    """A bare number after a connector: the 9 of 2023.7-9, the 15 of 7月1日-15日."""
    if previous is None or not _CONNECTOR.match(text[previous.to : at]):
        return None
    if previous.level == "month" and (match := _TAIL_MONTH.match(text, at)):
        return _build_month(match)
    if previous.level == "day" and (match := _TAIL_DAY.match(text, at)):
        return _day(match, previous.part[2], int(match["d"]))
    return None


def _connected(points: list[_Point], text: str) -> list[_Point]:
    run = [points[0]]
    for point in points[1:]:
        between = text[run[-1].to : point.at]
        if not (_CONNECTOR.match(between) or _AND_ALSO.match(between)):
            break
        run.append(point)
    if len(run) > 1 and run[0].part == months(1, 12) and run[1].year is None:
        return [replace(run[1], year=run[0].year), *run[2:]]
    return _year_before(run, points)


def _year_before(run: list[_Point], points: list[_Point]) -> list[_Point]:
    """A year that stands alone before the rest ("2023 全年", "2024: June") belongs to the rest."""
    alone = len(run) == 1 and run[0].part == months(1, 12) and run[0].year is not None
    if not alone or len(points) == 1 or points[1].year is not None:
        return run
    return [replace(points[1], year=run[0].year), *points[2:3]]


def _dated(first: _Point, last: _Point, year: int | None) -> tuple[dt.date, dt.date]:
    stated = first.year or last.year
    base = stated or year
    if base is None:
        raise NoYearError("no year is known")
    start_year = first.year or base
    if first.year is None and last.year is not None and first.part[:2] > last.part[:2]:
        start_year = last.year - 1
    start_year += first.shift if first is last else 0
    end_year = last.year or start_year + last.shift * (first is not last)
    start = _start(first, start_year)
    end = _end(last, end_year)
    if end < start and last.year is None:
        end = _end(last, end_year + 1)
    return (start, end) if start <= end else (end, end)


def _start(point: _Point, year: int) -> dt.date:
    month, day = point.part[0], point.part[1]
    day = {"mid": 11, "late": 21}.get(point.third, day)
    return _date(year, month if point.level == "month" or not point.third else point.part[2], day)


def _end(point: _Point, year: int) -> dt.date:
    return _date(year, point.part[2], {"early": 10, "mid": 20}.get(point.third, point.part[3]))


def _date(year: int, month: int, day: int) -> dt.date:
    """A date; months beyond 12 lie in the next year, day 0 or too large is the month's last."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    year = min(max(year, 1), 9998)
    longest = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day, longest) if day else longest)


def _framed(
    before: str, after: str, start: dt.date, end: dt.date, run: list[_Point]
) -> Span | None:
    single, last = len(run) == 1, run[-1]
    strict = single and last.level != "day" and not last.third and last.part != months(12, 12)
    if single and _BEFORE.match(after):
        literal = re.match("^(?:日|号|份|期间)*(?:之前|以前|前)", after)
        return _open(start - dt.timedelta(days=1) if strict and literal else end)
    if single and _UNTIL.search(before):
        return _open(start - dt.timedelta(days=1) if _STRICTLY.search(before) else end)
    if single and (_FROM.search(before) or _ONWARDS.match(after)):
        return Span(start, dt.date(start.year, 12, 31), ranged=True)
    if single and re.search(r"即日起?|现在起|\bnow\b", before):
        return _open(end)
    return Span(start, end, ranged=not single or last.level == "part")


def _open(end: dt.date) -> Span:
    return Span(end, end, open_start=True)
