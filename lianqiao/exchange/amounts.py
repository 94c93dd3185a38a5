"""Amounts as lists write them: 80个, ２场, 两栋, 约40人, "a dozen", 若干."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lianqiao.exchange.numerals import ARABIC, CHINESE, ENGLISH, number
from lianqiao.exchange.script import simplified

_NUMBER = rf"(?:{ARABIC}|{CHINESE}|{ENGLISH})"
_ABOUT = (
    r"(?:大约|大概|约|近|将近|接近|不少于|至少|不超过|不多于|最多|最少|超过|超|逾|共计|共|总计|"
    r"合计|计|每年|全年|"
    r"\b(?:about|around|approx(?:imately|\.)?|roughly|nearly|almost|up to|at least|at most|over|"
    r"more than|some|ca?\.|circa|total(?: of)?|maximum|max\.?|minimum|min\.?)(?=\W|\d)|[~≈≥≤<>])"
)
_MORE = r"(?:余|多|来|\+|左右|上下|以上|以内|以下)"
_AMOUNT = re.compile(
    rf"^(?P<before>{_ABOUT}\s*)*(?P<number>{_NUMBER})\s*(?P<more>{_MORE})?\s*(?P<unit>.*)$",
    re.DOTALL,
)
_AFTER_UNIT = re.compile(r"(?:左右|上下|以上|以内|以下|不等|\+|or so|or more|or fewer)$")
_PLAIN = rf"(?:{ARABIC}|{CHINESE})"
_RANGE = re.compile(
    rf"^(?:{_ABOUT}\s*)*(?:{_PLAIN}\s*[^\d\s,;/]{{0,3}}\s*[-—–~至到或]+\s*{_PLAIN}"
    rf"|{_NUMBER}\s*[^\d\s,;/]*\s*\b(?:to|or)\b\s*{_NUMBER})\s*(?P<unit>[^\d]*)$"
)
_COUPLE = re.compile(r"^(?:a )?(?:couple|pair)(?: of)?\b", re.IGNORECASE)
_HALF_DOZEN = re.compile(r"^(?:half a dozen|a half[- ]dozen|half[- ]dozen)\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"^(?:若干|适量|不限|不定|待定|视情况?|视情而定|根据需要|按需|按实际|多|少量|大量|一批次?|"
    r"一些|部分|数[十百千]?|几[十百千]?|"
    r"十几|[一二两三四五六七八九]{2}|several|some|many|a few|few|various|tbc|tbd|unlimited|"
    r"as needed|"
    r"as required|any|open|n/?a)(?P<unit>.*)$"
)
_VAGUE_TENS = re.compile(rf"^{CHINESE}几(?P<unit>.*)$")
_UNIT = re.compile(r"^(?:[^\W\d_]|人次|['’ -]){1,24}$")
_OF = re.compile(r"^(?:of\s+)")
# The patterns take quadratic time in long runs of numerals.
_LONGEST = 200


@dataclass(frozen=True)
class Amount:
    """quantity: the number or None if none is said. exact: the text says nothing beyond it."""

    quantity: float | None
    unit: str
    exact: bool

    @property
    def text(self) -> str:
        """The plainest way to write the amount."""
        return "" if self.quantity is None else f"{self.quantity:.15g}{self.unit}"


_NONE = Amount(None, "", exact=False)


@lru_cache(maxsize=65_536)
def read_amount(text: str) -> Amount:
    """The amount of a cell. An approximate number counts (约40人, 百余册: 40, 100, not exact); a
    range (3-5场), a vague word (若干, 十几, several), a text of more than 200 characters or other
    text has no quantity.
    """
    if len(text) > _LONGEST:
        return _NONE
    said = _even(text)
    low = simplified(said.lower())
    if not low:
        return _NONE
    if match := _RANGE.match(low):
        return Amount(None, _unit(match["unit"]), exact=False)
    if match := _VAGUE_TENS.match(low) or _vague(low):
        return Amount(None, _unit(match["unit"]), exact=False)
    match = _AMOUNT.match(low)
    return _counted(match, said) if match else _NONE


def _even(text: str) -> str:
    said = unicodedata.normalize("NFKC", text).strip().rstrip("。.;,")
    return _COUPLE.sub("2", _HALF_DOZEN.sub("6", said))


def _vague(low: str) -> re.Match[str] | None:
    """A vague word; 一批 and 两处 are amounts, 两三处 isn't."""
    return None if low.startswith("一批") else _VAGUE.match(low)


def _counted(match: re.Match[str], said: str) -> Amount:
    quantity = number(match["number"])
    if quantity is None or quantity > 1e12:
        return _NONE
    rest = said[len(said) - len(match["unit"]) :] if match["unit"] else ""
    unit = _AFTER_UNIT.sub("", _OF.sub("", rest.strip())).strip()
    plain = not match["before"] and not match["more"] and unit == rest.strip()
    whole = _unit(unit)
    return Amount(quantity, whole or _first_word(unit), exact=plain and whole == unit)


def _unit(text: str) -> str:
    text = _AFTER_UNIT.sub("", _OF.sub("", text.strip())).strip()
    return text if _UNIT.match(text) else ""


def _first_word(text: str) -> str:
    """The unit before whatever else is said: 场(每场50人) -> 场; "sessions, 2 hours each"."""
    return _unit(re.split(r"[^\w\s'’-]|\d|\s{2,}|每", text, maxsplit=1)[0])
