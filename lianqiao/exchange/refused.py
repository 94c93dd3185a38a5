"""Columns that are refused: people's ID numbers and home addresses. Their values are never kept."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

from lianqiao.exchange.cells import cell_text
from lianqiao.exchange.grids import Cell
from lianqiao.exchange.script import simplified

MASK = "＊＊＊"
_CHINESE = re.compile(
    r"身[份分]证|身份号|身份信息|证件号|公民身份|公民号|护照|社会保障号|社保号|户口|户籍|家庭住址|家庭地址|"
    r"家庭详细|居住地(?!所属|所在|社区|街道)|居住住址|现居住?地|现住|常住地|住址|住宅地址|住处|门牌|"
    r"(?<!单位)(?<!机构)住所|残疾人?证|军官证|士兵证|驾驶证|驾照|通行证号"
)
# ASCII: a word also ends where Chinese begins.
_ENGLISH = re.compile(
    r"\bid ?card|\bid ?(?:numbers?|num|no|nos|nr)\b|\bidentity|\bidentification|"
    r"\bnational ?id\b|\bpersonal (?:id|number)|\bpassport|\bssn\b|\bsocial security|\bnino\b|"
    r"\bnational insurance|\bni ?(?:number|num|no)\b|\bdriv\w+ licen[cs]e|"
    r"\bhome ?add(?:r|ress|resses)?\b|\b(?:residential|private) ?addr|"
    r"\baddr(?:ess)? (?:at )?home\b|"
    r"\bdomicile|(?<!\bin )\bresidence\b|\bwhere (?:they|he|she|you|people|residents?) lives?\b|"
    r"\baadh?aar\b|\baadhar\b|\bnric\b|\btax ?(?:payer )?(?:id|number|no)\b",
    re.ASCII,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SINGLE = re.compile(r"(?<![a-z0-9])[a-z](?: [a-z])+(?![a-z0-9])")
_IN_TEXT = re.compile(r"(?<!\d)[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![\dXx])")
_SMALLEST = 10**17
_ID = re.compile(r"\d{17}[\dXx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LENGTH = 18
_CHECK = "10X98765432"


def is_refused_heading(heading: str) -> bool:
    """Whether a heading of any length names ID numbers or home addresses, however it is spaced,
    dotted or run together. Time linear in its length.
    """
    even = simplified(unicodedata.normalize("NFKC", heading)).replace("#", " number ")
    if _CHINESE.search("".join(c for c in even if c.isalnum())):
        return True
    return any(_ENGLISH.search(_words(text)) for text in (even, _CAMEL.sub(" ", even)))


def _words(text: str) -> str:
    """Lower-case words with single spaces; letters that stand alone are joined: S.S.N. is ssn."""
    spaced = "".join(c if c.isalnum() else " " for c in text.replace("'", "").casefold())
    return _SINGLE.sub(lambda run: run[0].replace(" ", ""), " ".join(spaced.split()))


def without_identity_numbers(text: str) -> str:
    """The text with each valid PRC identity number in it replaced by MASK."""
    if len(text) < _LENGTH:
        return text
    return _IN_TEXT.sub(lambda found: MASK if is_identity_number(found[0]) else found[0], text)


def open_text(value: Cell) -> tuple[str, bool]:
    """The clean text of a cell without identity numbers, and whether it held one."""
    text = cell_text(value)
    if len(text) < _LENGTH:
        return text, False
    masked = MASK if is_identity_number(value) else without_identity_numbers(text)
    return masked, masked != text


def is_identity_number(value: Cell) -> bool:
    """Whether a value is an 18-digit PRC identity number: region, birth date, check character.

    A number cell has lost its last digits, so only the date is checked there.
    """
    if isinstance(value, str) and len(value) < _LENGTH:
        return False
    if isinstance(value, int | float) and not _SMALLEST <= value < 10 * _SMALLEST:
        return False
    text = re.sub(r"[\s-]", "", cell_text(value))
    if not _ID.fullmatch(text) or text[0] == "0" or not _is_birth_date(text[6:14]):
        return False
    if isinstance(value, int | float):
        return True
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == text[17].upper()


def _is_birth_date(digits: str) -> bool:
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2100


def holds_identity_numbers(values: Iterable[Cell]) -> bool:
    """Whether most filled cells of a column are PRC identity numbers."""
    filled = [value for value in values if value not in (None, "")]
    return bool(filled) and 2 * sum(open_text(value)[1] for value in filled) > len(filled)
