"""Times as lists write them, read into `time_window`: 6月底前, 2023.7-9, 第三季度, 每月两次, Q3 …

A window is "START/END" (ISO dates), "../END" (by then) or "ongoing", each with optional ";N/month",
";N/quarter" or ";N/week". A frequency alone spans its year. A year comes from the text or from
`year`, never from a clock; a frequency alone is "ongoing" where no year is known.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lianqiao.exchange.frequencies import find_frequency
from lianqiao.exchange.script import simplified
from lianqiao.exchange.spans import NoYearError, Span, find_span

_ONGOING = re.compile(
    r"长期|常年|常态|随时|不限|持续|日常|一直|长年|\b(?:ongoing|on-going|all year(?: round)?|"
    r"year[- ]round|any ?time|"
    r"always|continuous(?:ly)?|permanent(?:ly)?|long[- ]term|open[- ]ended|rolling)\b"
)
_CLEAN = re.compile(
    r"(?:\.\.|\d{4}-\d\d-\d\d)/\d{4}-\d\d-\d\d(?:;\d+/(?:month|quarter|week))?"
    r"|ongoing(?:;\d+/(?:month|quarter|week))?"
)
# The patterns take quadratic time in long runs of numerals.
_LONGEST = 200


@dataclass(frozen=True)
class Reading:
    """What a time text says. window: "" if nothing; needs_year: it would say more with a year."""

    window: str
    needs_year: bool = False


@lru_cache(maxsize=65_536)
def read_time(text: str, year: int | None, *, by: bool = False) -> Reading:
    """The window of a text. by: the column is a deadline, so a bare date or month is an end.

    A text of more than 200 characters says nothing.
    """
    clean = text.strip()
    if len(clean) > _LONGEST:
        return Reading("")
    if _CLEAN.fullmatch(clean):
        return Reading(clean if _in_calendar(clean) else "")
    said = simplified(unicodedata.normalize("NFKC", clean)).lower()
    rate, rest = find_frequency(said)
    suffix = f";{rate}" if rate else ""
    try:
        base = _base(rest, year, by=by)
    except NoYearError:
        if _ONGOING.search(rest):
            return Reading("ongoing" + suffix)
        return Reading("", needs_year=True)
    if base:
        return Reading(base if _is_one_day(base) else base + suffix)
    if not rate:
        return Reading("")
    return Reading((_year(year) if year else "ongoing") + suffix)


def _base(said: str, year: int | None, *, by: bool) -> str:
    span = find_span(said, year)
    if span:
        return _write(span, by=by)
    return "ongoing" if _ONGOING.search(said) else ""


def _write(span: Span, *, by: bool) -> str:
    if span.open_start or (by and not span.ranged):
        return f"../{span.end}"
    return f"{span.start}/{span.end}"


def _is_one_day(window: str) -> bool:
    """Whether nothing can happen again within it."""
    start, _, end = window.partition("/")
    return start == end


def _year(year: int) -> str:
    return f"{year:04d}-01-01/{year:04d}-12-31"


def _in_calendar(window: str) -> bool:
    dates = [part for part in re.split("[/;]", window) if re.fullmatch(r"\d{4}-\d\d-\d\d", part)]
    try:
        days = [dt.date.fromisoformat(part) for part in dates]
    except ValueError:
        return False
    return days == sorted(days)
