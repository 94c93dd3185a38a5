"""Opening a list's file: what it is decides its content, never its suffix."""

from __future__ import annotations

import hashlib
import io
import stat
from pathlib import Path

import python_calamine as calamine

from lianqiao.errors import InputError
from lianqiao.exchange import biff, delimited
from lianqiao.exchange.archives import DAMAGED, PASSWORD, Archive
from lianqiao.exchange.biff import NOT_A_WORKBOOK
from lianqiao.exchange.foreign import refuse_lock_file, refuse_own_plan
from lianqiao.exchange.grids import MAX_FILE_BYTES, Book, Sheet
from lianqiao.exchange.limits import check_cells, check_file_size, check_room
from lianqiao.exchange.markup import BrokenMarkupError
from lianqiao.exchange.ooxml import SheetFacts, scan_workbook
from lianqiao.exchange.opendocument import scan_document
from lianqiao.language import N_, Text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RAW_BIFF = (b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PAGES = (b"<!doctype", b"<html", b"<table", b"<head", b"<meta", b"<?xml", b"<workbook")
_OTHER_TYPES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8")

MISSING = N_("There is no such file. Check the name and the folder.")
NOT_A_FILE = N_("This is a folder. Name the file of the list in it.")
UNREADABLE = N_(
    "The file can't be read (%(reason)s). Close it in other programs, check who may read it, and "
    "try again."
)
EMPTY_FILE = N_("The file is empty. Export the list again.")
WEB_PAGE = N_(
    "The file is a web page or XML with the name of a workbook. Open it in Excel or WPS and save "
    "it as .xlsx."
)
BINARY = N_("The workbook is in the binary form of Excel (.xlsb). Save it as .xlsx and try again.")


def open_book(path: Path) -> Book:
    """All sheets of a list's file: .xlsx, .xls, .ods, or text with delimiters.

    Raises InputError for anything that isn't such a file or passes a limit.
    """
    content = _content(path)
    refuse_lock_file(path.name)
    sheets = _sheets(content, path.name)
    refuse_own_plan(sheets, path.name)
    for sheet in sheets:
        check_cells(path.name, sheet)
    return Book(file=path.name, sha256=hashlib.sha256(content).hexdigest(), sheets=sheets)


def _content(path: Path) -> bytes:
    file = path.name
    try:
        if path.is_dir():
            raise InputError(Text(NOT_A_FILE), file=file)
        status = path.stat()
        # A pipe may never end, nor may a device.
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Text(NOT_A_WORKBOOK), file=file)
        check_file_size(status.st_size, file)
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        check_file_size(len(content), file)
    except FileNotFoundError as error:
        raise InputError(Text(MISSING), file=file) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(Text(UNREADABLE, {"reason": reason}), file=file) from error
    if not content.strip(b"\0 \t\r\n"):
        raise InputError(Text(EMPTY_FILE), file=file)
    return content


def _sheets(content: bytes, file: str) -> tuple[Sheet, ...]:
    if content.startswith(_ZIP):
        return _zipped(content, file)
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise InputError(Text(PASSWORD), file=file)
        return biff.read_sheets(content, file)
    if content.startswith(_RAW_BIFF):
        return biff.read_sheets(content, file)
    if content.startswith(_OTHER_TYPES):
        raise InputError(Text(NOT_A_WORKBOOK), file=file)
    if content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        raise InputError(Text(WEB_PAGE), file=file)
    return (delimited.read_sheet(content, file),)


def _zipped(content: bytes, file: str) -> tuple[Sheet, ...]:
    archive = Archive(content, file)
    try:
        if archive.find("xl/workbook.xml"):
            facts = scan_workbook(archive, file)
        elif archive.find("content.xml") and "mimetype" in archive.names:
            if b"opendocument.spreadsheet" not in archive.read("mimetype"):
                raise InputError(Text(NOT_A_WORKBOOK), file=file)
            facts = scan_document(archive, file)
        elif archive.find("xl/workbook.bin"):
            raise InputError(Text(BINARY), file=file)
        else:
            raise InputError(Text(NOT_A_WORKBOOK), file=file)
    except (BrokenMarkupError, ValueError) as error:
        raise InputError(Text(DAMAGED), file=file) from error
    for fact in facts.values():
        check_room(file, fact.name, fact.last_row, fact.last_column, fact.filled)
    return _values(content, facts, file)


def _values(content: bytes, facts: dict[str, SheetFacts], file: str) -> tuple[Sheet, ...]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return tuple(
            _sheet(book, at, facts[at.name])
            for at in book.sheets_metadata
            if at.typ == calamine.SheetTypeEnum.WorkSheet
        )
    except BaseException as error:
        # A Rust panic derives from BaseException and can't be named in an except clause.
        broken = isinstance(error, calamine.CalamineError | KeyError | ValueError | OSError)
        if broken or type(error).__name__ == "PanicException":
            raise InputError(Text(DAMAGED), file=file) from error
        raise


def _sheet(book: calamine.CalamineWorkbook, at: calamine.SheetMetadata, facts: SheetFacts) -> Sheet:
    return Sheet(
        name=at.name,
        rows=book.get_sheet_by_name(at.name).to_python(skip_empty_area=False),
        merges=tuple(facts.merges),
        hidden_rows=frozenset(facts.hidden_rows),
        hidden_columns=frozenset(facts.hidden_columns),
        formulas=facts.formulas,
        errors=facts.errors,
        months=frozenset(facts.months),
        visible=at.visible == calamine.SheetVisibleEnum.Visible,
    )
