"""Files that a person names by mistake: scripts, JSON, lock files, our own plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from lianqiao.errors import InputError
from lianqiao.exchange.grids import Cell, Sheet
from lianqiao.language import N_, Text

_SORTS = {
    N_("a program"): ".py .pyw .ipynb .js .ts .jsx .tsx .java .c .h .cpp .cs .go .rs .rb .php .pl "
    ".sh .bash .bat .ps1 .sql .r .lua .vbs .css",
    N_("JSON"): ".json .jsonl .ndjson .geojson",
    N_("a web page or XML"): ".html .htm .xhtml .xml .svg .mht",
    N_("a text with marks"): ".md .rst .tex .adoc .rtf",
    N_("settings"): ".toml .yaml .yml .ini .cfg .conf .env .lock .properties",
    N_("a log or messages"): ".log .eml .ics .vcf .po",
}
_SORT_OF = {suffix: sort for sort, suffixes in _SORTS.items() for suffix in suffixes.split()}
_JSON = re.compile(
    r'\s*(?:\{\s*(?:"[^"\n]{0,200}"\s*:|\})|\[\s*(?:[\[{\]]|"[^"\n]{0,200}"\s*[,\]]))'
)
_PROGRAM = re.compile(
    r"#!|(?:from [\w.]+ import |import [\w.]+(?: as \w+)?\s*$|def \w+\(|class \w+[(:]|#include\b|"
    r"package [\w.]+;|using [\w.]+;|(?:const|let|var) \w+ = |function \w+\()",
    re.MULTILINE,
)
_PROGRAM_LINES = 3
_JUDGED = 20_000
_LOCK = re.compile(r"~\$|\.~lock\.")
_PLAN_SHEET = re.compile(r"[(（](?:internal|内部)[)）]$", re.IGNORECASE)
_PLAN_TITLE = re.compile(r"(?:Internal|内部) · ")

OTHER_TEXT = N_(
    "This is %(sort)s, not a list. Lists are read from .xlsx, .xls, .ods and .csv files; name one "
    "of these."
)
NO_TABLE = N_(
    "This text is not a table: it has no row of two or more headings. Lists are read from .xlsx, "
    ".xls, .ods and .csv files; name one of these."
)
LOCK_FILE = N_(
    "This is a file that Excel, WPS or LibreOffice keeps only while the list is open. Name the "
    "list itself: %(file)s."
)
OWN_PLAN = N_(
    "This is a plan that Lianqiao made, not a list. Name the list of needs or offers that was "
    "filled in."
)


def refuse_lock_file(file: str) -> None:
    """Raise InputError for `~$needs.xlsx` and `.~lock.needs.xlsx#`."""
    if _LOCK.match(file):
        listed = _LOCK.sub("", file, count=1).removesuffix("#")
        raise InputError(Text(LOCK_FILE, {"file": listed}), file=file)


def refuse_other_text(text: str, file: str) -> None:
    """Raise InputError for text whose name or first lines show that it is no table."""
    start = text[:_JUDGED]
    sort = _SORT_OF.get(PurePath(file).suffix.lower(), "")
    if not sort and _JSON.match(start):
        sort = "JSON"
    if not sort and (start.startswith("#!") or len(_lines_of_program(start)) >= _PROGRAM_LINES):
        sort = "a program"
    if sort:
        raise InputError(Text(OTHER_TEXT, {"sort": Text(sort)}), file=file)


def _lines_of_program(text: str) -> list[str]:
    return [line for line in text.splitlines() if _PROGRAM.match(line)]


def refuse_lines(rows: Iterable[Sequence[Cell]], file: str) -> None:
    """Raise InputError for text that holds something, but no line with two filled cells."""
    widest = max((sum(1 for v in row if str(v).strip()) for row in rows), default=0)
    if widest == 1:
        raise InputError(Text(NO_TABLE), file=file)


def refuse_own_plan(sheets: Sequence[Sheet], file: str) -> None:
    """Raise InputError for a plan.xlsx: every sheet is marked internal in its name and title."""
    if sheets and all(_is_of_plan(sheet) for sheet in sheets):
        raise InputError(Text(OWN_PLAN), file=file)


def _is_of_plan(sheet: Sheet) -> bool:
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else ""
    return bool(_PLAN_SHEET.search(sheet.name) and _PLAN_TITLE.match(str(first)))
