"""Tables as text: finds the encoding and the delimiter, then reads."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from lianqiao.errors import InputError
from lianqiao.exchange.foreign import refuse_lines, refuse_other_text
from lianqiao.exchange.grids import (
    HEADER_ALLOWANCE,
    MAX_FILE_BYTES,
    MAX_ROWS,
    Sheet,
    cell_name,
)
from lianqiao.exchange.limits import check_extent, too_many_rows
from lianqiao.language import N_, Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;|"
_LINES_TO_JUDGE = 60
_FEW = 20  # characters that no text has: more make it no text at all
_UTF16_SHARE = 0.005  # delimiters and line ends have one zero byte in UTF-16
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")

NOT_TEXT = N_(
    "The file is neither a workbook nor a table as text. Give an .xlsx, .xls, .ods or .csv file."
)
STRANGE = N_(
    "The cell holds a character that is not text (%(code)s). Delete it, or save the list as .xlsx."
)
UNKNOWN_ENCODING = N_(
    "The text is in none of UTF-8, UTF-16 and GB18030. Save the file as CSV UTF-8 and try again."
)
BROKEN_TABLE = N_(
    "Line %(line)s of the table can't be read. Save the list as .xlsx or as CSV UTF-8 and try "
    "again."
)


def read_sheet(content: bytes, file: str) -> Sheet:
    """The one sheet of a delimited text, without a name. Raises InputError."""
    text = decode(content, file)
    strange = len(_NOT_TEXT.findall(text))
    if strange > _FEW:
        raise InputError(Text(NOT_TEXT), file=file)
    refuse_other_text(text, file)
    limit = csv.field_size_limit(MAX_FILE_BYTES)
    try:
        rows = _rows(text, file)
    finally:
        csv.field_size_limit(limit)
    check_extent(file, "", len(rows) - 1, max(map(len, rows), default=0) - 1)
    if strange:
        raise _strange_cell(rows, file)
    refuse_lines(rows, file)
    return Sheet(name="", rows=rows)


def _rows(text: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MAX_ROWS + HEADER_ALLOWANCE:
                raise too_many_rows(file, "", len(rows) - 1)
    except csv.Error as error:
        values = {"line": reader.line_num}
        raise InputError(Text(BROKEN_TABLE, values), file=file) from error
    return rows


def _strange_cell(rows: list[list[str]], file: str) -> InputError:
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if found := _NOT_TEXT.search(text):
                values = {"code": f"U+{ord(found[0]):04X}"}
                cell = cell_name(row, column)
                return InputError(Text(STRANGE, values), file=file, cell=cell)
    return InputError(Text(NOT_TEXT), file=file)


def decode(content: bytes, file: str) -> str:
    """The text of a file in UTF-8 or UTF-16 (either with or without a mark) or GB18030."""
    for encoding in _encodings(content):
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    unknown = UNKNOWN_ENCODING if b"\0" not in content else NOT_TEXT
    raise InputError(Text(unknown), file=file)


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (encoding,)
    even, odd = content[::2].count(0), content[1::2].count(0)
    if even + odd > max(_FEW / 4, _UTF16_SHARE * len(content)):
        return ("utf-16-le",) if odd >= even else ("utf-16-be",)
    return ("utf-8", "gb18030")


def _delimiter(text: str) -> str:
    """The delimiter that splits the most lines into the same number of cells, more than one."""
    lines = text[:200_000].splitlines()[:_LINES_TO_JUDGE]

    def agreement(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            return 0, 0
        width, lines_alike = max(
            ((w, n) for w, n in widths.items() if w > 1),
            key=lambda at: at[0] * at[1],
            default=(0, 0),
        )
        return width * lines_alike, lines_alike

    return max(_DELIMITERS, key=agreement)
