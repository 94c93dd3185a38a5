"""What a cell says, as clean text: widths, spaces, line breaks and numbers made even."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata

from lianqiao.exchange.grids import Cell
from lianqiao.exchange.script import simplified

_HALF_WIDTH = {
    wide: wide - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for wide in range(ord(first), ord(last) + 1)
}
_SPACES = dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f\t\v\f"), " ")
_INVISIBLE = dict.fromkeys(
    [code for code in range(32) if chr(code) not in "\t\n\r\v\f"]
    + [0x7F, 0x200B, 0x2060, 0xFEFF, 0x00AD]
)
_TABLE = {**_HALF_WIDTH, **_SPACES, **_INVISIBLE}
_NEEDS_CLEANING = re.compile(
    r"[^\S ]|[\x00-\x1f\x7f\u200b\u2060\ufeff\u00ad０-９Ａ-Ｚａ-ｚ,]|  |^ | $"
)
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’…—"
_BREAK = re.compile(rf"(?P<left>[{_WIDE}]?) *[\r\n\u2028\u2029\u0085]\s*(?=(?P<right>[{_WIDE}])?)")
_RUN_OF_SPACES = re.compile(r" {2,}")
_NARROW_COMMA = re.compile(r"(?<=[\u3400-\u9fff]) ?, ?(?=[\u3400-\u9fff])")


def clean(text: str) -> str:
    """The text with half-width digits and letters, single spaces, one line, full-width commas
    between Chinese characters.

    Line breaks beside a Chinese character vanish, others become a space.
    """
    if not _NEEDS_CLEANING.search(text):
        return text
    text = _BREAK.sub(_joint, text.translate(_TABLE))
    text = _RUN_OF_SPACES.sub(" ", text).strip()
    return _NARROW_COMMA.sub("，", text)


def _joint(match: re.Match[str]) -> str:
    left = match["left"] or ""
    return left if left or match["right"] else " "


def cell_text(value: Cell) -> str:
    """The clean text of a cell's value; 80.0 gives "80", a date "2023-06-30", nothing ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    return _moment_text(value)


def _number_text(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    if math.isfinite(value) and value == int(value):
        return format(value, ".0f")
    return format(value, ".15g")


def _moment_text(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, dt.timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value.isoformat("minutes")


def compact(text: str) -> str:
    """The text for comparing: one width, lower case, without any space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def squeezed(text: str) -> str:
    """Letters and digits alone, in one width, lower case and simplified: to look a word up."""
    even = simplified(unicodedata.normalize("NFKC", text)).lower()
    return "".join(sign for sign in even if sign.isalnum())
