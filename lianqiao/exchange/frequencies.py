"""How often: 每月两次, 每周二、四, 2次/月, weekly, twice a month, Tuesdays."""

from __future__ import annotations

import re
from collections.abc import Callable

from lianqiao.exchange.numerals import CHINESE, ENGLISH, number

_COUNT = rf"(?P<n>\d+|{CHINESE})"
_TIMES = "[次场期回节趟堂天批轮遍个]"
_UNITS = {
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
}
_UNIT = "(?P<unit>周|星期|礼拜|月|季度|季)"
_DAY = "[一二三四五六日天]"
_ENGLISH_UNIT = "(?P<unit>week|month|quarter)"
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*"
_ENGLISH_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mons?|tues?|weds?|thu(?:rs?)?|fris?|sats?|"
    r"suns?)\b\.?"
)
# Friday 12 June is a date, Fridays 10-12 is a habit.
_DAY_OF_A_DATE = re.compile(
    rf"\b{_ENGLISH_DAY},?\s*(?=(?:the\s+)?(?:{_MONTH}\b|\d{{1,2}}(?:st|nd|rd|th)\b|"
    rf"\d{{1,2}}[\s-]+(?:of\s+)?{_MONTH}\b|\d{{1,4}}[./-]\d{{1,2}}[./-]\d))"
)
_HALF_MONTHS = (
    r"每半个?月(?:一次)?|半月一次|每?两周一次|隔周|双周|每两周|每两个?星期|\bfortnightly\b|"
    r"\bbi-?weekly\b|"
    r"\bevery (?:two|2|other|second) weeks?\b|\bonce a fortnight\b|\btwice[- ]monthly\b"
)


def _counted(match: re.Match[str]) -> str:
    said = match["n"]
    count = 1.0 if not said else number(said)
    unit = _UNITS.get(match["unit"], match["unit"])
    return f"{count:.0f}/{unit}" if count and count == int(count) and count < 1000 else ""


def _weekdays(match: re.Match[str]) -> str:
    said = match["days"]
    names = re.findall(_DAY, said)
    if len(names) == 2 and re.search("[至到-]", said):
        order = "一二三四五六日"
        first, last = (order.index(n.replace("天", "日")) for n in names)
        return f"{max(last - first, 0) + 1}/week"
    return f"{len(set(names))}/week"


def _english_weekdays(match: re.Match[str]) -> str:
    days = [_DAY_NAMES.index(name[:3]) for name in re.findall(rf"\b{_ENGLISH_DAY}", match[0])]
    if len(days) == 2 and re.search(r"[-—–~]|\b(?:to|till|until|through)\b", match[0]):
        return f"{(days[1] - days[0]) % 7 + 1}/week"
    return f"{len(set(days))}/week"


def _always(rate: str) -> Callable[[re.Match[str]], str]:
    return lambda _: rate


_GRAMMAR: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (_HALF_MONTHS, _always("2/month")),
        (rf"\bevery (?:other|second) {_ENGLISH_DAY}", _always("2/month")),
        (
            r"每个?月的?(?:第[一二三四五]个?|最后一?个?)(?:周|星期)[一二三四五六日天]?|"
            r"每月\d{1,2}[日号]",
            _always("1/month"),
        ),
        (
            r"\b(?:first|second|third|fourth|last|1st|2nd|3rd|4th) "
            + _ENGLISH_DAY
            + r" (?:of|in) (?:each|every|the|a) month\b",
            _always("1/month"),
        ),
        (rf"每个?{_UNIT}(?:至少|不少于|约|各|开展|举办)*\s*{_COUNT}\s*{_TIMES}", _counted),
        (rf"(?<![\d年第])(?:一|1)个?{_UNIT}\s*{_COUNT}\s*{_TIMES}", _counted),
        (rf"{_COUNT}\s*{_TIMES}\s*[/每]\s*个?{_UNIT}", _counted),
        (rf"{_UNIT}均\s*{_COUNT}\s*{_TIMES}?", _counted),
        (
            rf"每?逢?(?:周|星期|礼拜)(?P<days>{_DAY}(?:\s*[、,和及至到-]?\s*(?:周|"
            rf"星期)?{_DAY})*)(?!{_TIMES})",
            _weekdays,
        ),
        (
            r"每个?工作日|工作日|周内每天|\bweekdays?\b|\bevery (?:working day|weekday)\b",
            _always("5/week"),
        ),
        (r"每个?周末|双休日|周末|\bweekends?\b|\bevery weekend\b", _always("2/week")),
        (r"每天|每日|天天|\bdaily\b|\bevery day\b", _always("7/week")),
        (
            rf"(?P<n>{ENGLISH}|\d+)\s*(?:x|×|times?|sessions?|visits?|talks?|days?|"
            rf"hours?)?\s*(?:a|per|each|every|/)\s*{_ENGLISH_UNIT}\b",
            _counted,
        ),
        (
            rf"\b(?P<n>)every {_ENGLISH_UNIT}\b|\beach (?P<unit2>week|month|quarter)\b",
            lambda m: f"1/{m['unit'] or m['unit2']}",
        ),
        (rf"\b(?P<n>)(?:once )?{_ENGLISH_UNIT}ly\b", _counted),
        (
            rf"(?:\b(?:every|on|each)\s+)?\b{_ENGLISH_DAY}"
            rf"(?:\s*(?:,|and|&|\+|/|[-—–~]|\bto\b|\btill\b|\bthrough\b)\s*{_ENGLISH_DAY})*",
            _english_weekdays,
        ),
        (rf"(?P<n>)每个?{_UNIT}(?!末|[一二三四五六日天\d])", _counted),
    )
)


def find_frequency(said: str) -> tuple[str, str]:
    """("2/month", rest of the text), or ("", text). The text is lower-case NFKC."""
    said = _DAY_OF_A_DATE.sub("", said)
    for pattern, build in _GRAMMAR:
        match = pattern.search(said)
        if match and (rate := build(match)):
            return rate, f"{said[: match.start()]} {said[match.end() :]}"
    return "", said
