"""Columns that are refused: people's ID numbers and home addresses. Their values are never kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from lianqiao.exchange.cells import cell_text
from lianqiao.exchange.grids import Cell

_ID = re.compile(r"\d{17}[\dXx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LENGTH = 18
_CHECK = "10X98765432"


def is_identity_number(value: Cell) -> bool:
    """Whether a value is an 18-digit PRC identity number: region, birth date, check character.

    A number cell has lost its last digits, so only the date is checked there.
    """
    if isinstance(value, str) and len(value) < _LENGTH:
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
    return bool(filled) and 2 * sum(map(is_identity_number, filled)) > len(filled)
