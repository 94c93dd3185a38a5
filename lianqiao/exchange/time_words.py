"""Time windows of the lists ("2023-06-01/2023-09-30;2/quarter") as words."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from lianqiao.language import N_, Text

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR = re.compile(r"\d{4}").fullmatch
_MONTHS = (
    N_("%(day)s January %(year)s"),
    N_("%(day)s February %(year)s"),
    N_("%(day)s March %(year)s"),
    N_("%(day)s April %(year)s"),
    N_("%(day)s May %(year)s"),
    N_("%(day)s June %(year)s"),
    N_("%(day)s July %(year)s"),
    N_("%(day)s August %(year)s"),
    N_("%(day)s September %(year)s"),
    N_("%(day)s October %(year)s"),
    N_("%(day)s November %(year)s"),
    N_("%(day)s December %(year)s"),
)
_MONTH_NAMES = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_OFTEN = {
    "day": N_("%(when)s, %(times)s× a day"),
    "week": N_("%(when)s, %(times)s× a week"),
    "month": N_("%(when)s, %(times)s× a month"),
    "quarter": N_("%(when)s, %(times)s× a quarter"),
    "year": N_("%(when)s, %(times)s× a year"),
}


# Times that a text tells without a date.
_SLOTS = {
    "weekend": N_("at weekends"),
    "weekday": N_("on weekdays"),
    "evening": N_("in the evening"),
    "daytime": N_("during the day"),
    "summer": N_("in the summer holidays"),
    "winter": N_("in the winter holidays"),
}


def time_words(window: str) -> Text | str:
    """The window or time of day in words; what is not of the lists' form stays as it is."""
    if window in _SLOTS:
        return Text(_SLOTS[window])
    span, _, often = window.partition(";")
    when = _span(span)
    times, _, unit = often.partition("/")
    if when is None or (often and (unit not in _OFTEN or not times.isdecimal())):
        return window
    return Text(_OFTEN[unit], {"when": when, "times": times}) if often else when


def _span(span: str) -> Text | None:
    if span == "ongoing":
        return Text(N_("at any time"))
    start, _, end = span.partition("/")
    if (year := start.removesuffix("-01-01")) == end.removesuffix("-12-31") and _YEAR(year):
        return Text(N_("all of %(year)s"), {"year": year})
    if months := _months(start, end):
        return months
    first, last = _day(start), _day(end)
    if first and last:
        return Text(N_("%(start)s – %(end)s"), {"start": first, "end": last})
    if last and start == "..":
        return Text(N_("until %(end)s"), {"end": last})
    if first and end == "..":
        return Text(N_("from %(start)s"), {"start": first})
    return first if not end else None


def _months(start: str, end: str) -> Text | None:
    """Whole months of one year; None of any other span."""
    try:
        first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    except ValueError:
        return None
    is_whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if first.year != last.year or first.month > last.month or not is_whole:
        return None
    names: dict[str, object] = {
        "year": f"{first.year:04}",
        "start": Text(_MONTH_NAMES[first.month - 1]),
        "end": Text(_MONTH_NAMES[last.month - 1]),
    }
    if first.month == last.month:
        return Text(N_("%(start)s %(year)s"), names)
    return Text(N_("%(start)s to %(end)s %(year)s"), names)


def _day(day: str) -> Text | None:
    found = _DAY.fullmatch(day)
    if not found or not 1 <= int(found[2]) <= 12:
        return None
    return Text(_MONTHS[int(found[2]) - 1], {"day": int(found[3]), "year": found[1]})
