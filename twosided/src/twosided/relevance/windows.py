"""Time windows: when a need or an offer holds, and whether two can meet."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
OPEN = ".."


@dataclass(frozen=True, slots=True)
class Window:
    """The days from start to end, both included."""

    start: date = date.min
    end: date = date.max

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        if self == Window():
            return "ongoing"
        start = OPEN if self.start == date.min else self.start.isoformat()
        end = OPEN if self.end == date.max else self.end.isoformat()
        return f"{start}/{end}"


def read_window(text: str) -> Window | None:
    """Read "2023-06-01/2023-09-30", "../2023-06-30", "2023-06", "ongoing"; None if unknown.

    What follows ";" says how often and does not limit when.
    """
    span = text.partition(";")[0].strip().lower()
    if span == "ongoing":
        return Window()
    start, slash, end = (piece.strip() for piece in span.partition("/"))
    first = _read_day(start, last=False)
    final = _read_day(end if slash else start, last=True)
    if first is None or final is None or first > final:
        return None
    return Window(first, final)


def meet(one: Window | None, other: Window | None) -> Window | None:
    """Return the days that both windows share, None if there are none; unknown meets everything."""
    one, other = one or Window(), other or Window()
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Window(start, end) if start <= end else None


def share_days(one: Window | None, other: Window | None) -> float:
    """Return the share of the shorter window that both have, 0 where one is unknown."""
    common = meet(one, other)
    if one is None or other is None or common is None:
        return 0.0
    return common.days / min(one.days, other.days)


def _read_day(text: str, *, last: bool) -> date | None:
    if text == OPEN:
        return date.max if last else date.min
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(piece) if piece else None for piece in match.groups())
    assert year is not None
    month = month or (12 if last else 1)
    try:
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (ValueError, calendar.IllegalMonthError):
        return None
