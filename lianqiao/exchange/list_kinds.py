"""Telling a list of needs from a list of offers."""

from __future__ import annotations

import re

from lianqiao.exchange.cells import cell_text
from lianqiao.exchange.grids import Sheet
from lianqiao.exchange.headers import Header
from lianqiao.exchange.headings import KNOWN_EXTRA
from lianqiao.exchange.script import simplified

_NEEDS = re.compile(
    r"需求|微?心愿|诉求|\bneed(?:s|ed)?\b|\brequests?\b|\bask(?:s|ed|ing)?\b|\bwanted\b|\bwish(?:es)?\b"
)
_OFFERS = re.compile(
    r"资源|供给|可提供|\boffer(?:s|ed|ing)?\b|\bresources?\b|\bsuppl(?:y|ies)\b|\bprovider\b"
)
_COMMUNITY = re.compile(r"社区|村|communit|neighbou?rhood")
_INSTITUTION = re.compile(r"单位|机关|部门|机构|institution|agency|department")
_STRONG = 3


def lean_of(sheet: Sheet, header: Header) -> int:
    """Above 0 for a list of needs, below 0 for one of offers; 3 and more is strong."""
    lean = 0
    for column in header.columns:
        if column.field not in ("", KNOWN_EXTRA):
            lean += 3 * _side(column.heading)
        if column.field == "organisation" and column.sure >= 2:
            lean += _sign(_COMMUNITY, _INSTITUTION, column.heading)
    for text in _titles(sheet, header):
        lean += 4 * _side(text)
    lean += 4 * _side(sheet.name)
    return lean + 5 * _id_side(sheet, header)


def is_strong(lean: int) -> bool:
    """Whether the list itself says what it is."""
    return abs(lean) >= _STRONG


def name_lean(file: str) -> int:
    """What a file's name says: 2 needs, -2 offers, 0 nothing."""
    return 2 * _side(re.sub(r"[_.\-]", " ", file))


def _titles(sheet: Sheet, header: Header) -> list[str]:
    rows = sheet.rows[: header.first]
    return [text for row in rows for value in row if (text := cell_text(value))]


def _side(text: str) -> int:
    return _sign(_NEEDS, _OFFERS, text)


def _sign(plus: re.Pattern[str], minus: re.Pattern[str], text: str) -> int:
    low = simplified(text).lower()
    return bool(plus.search(low)) - bool(minus.search(low))


def _id_side(sheet: Sheet, header: Header) -> int:
    column = next((c.index for c in header.columns if c.field == "id"), None)
    if column is None:
        return 0
    rows = sheet.rows[header.last + 1 : header.last + 21]
    ids = [cell_text(row[column]) for row in rows if column < len(row)]
    ids = [text for text in ids if text]
    needs = sum(bool(re.match(r"[Nn]\W?\d", text)) for text in ids)
    offers = sum(bool(re.match(r"[Oo]\W?\d", text)) for text in ids)
    return (needs > len(ids) / 2) - (offers > len(ids) / 2)
