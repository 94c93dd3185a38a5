"""Inputs that must be refused in one line, each with what that line has to say.

Everything is built when a test asks for it; nothing here imports `lianqiao`.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msoffcrypto
import xlsxwriter

from tests.exchange.badfiles import bombs
from tests.exchange.badfiles.zips import A_ROW, HEADER, entry, sheet_xml, workbook, write_zip

PROSE = ("亲爱的居民朋友们", "今年的中秋晚会定在河边广场", "欢迎带上板凳和月饼")


@dataclass(frozen=True)
class Bad:
    """One bad input. says, says_zh: patterns for the two languages; cell, sheet: named exactly
    where not empty; kind: passed on to the reader."""

    name: str
    build: Callable[[Path], Path]
    says: str
    says_zh: str
    cell: str = ""
    sheet: str = ""
    kind: str | None = None
    ask_sheet: str | None = None


def missing(folder: Path) -> Path:
    return folder / "nowhere.xlsx"


def missing_with_line_break(folder: Path) -> Path:
    return folder / "no\nwhere.xlsx"


def directory(folder: Path) -> Path:
    path = folder / "folder.xlsx"
    path.mkdir()
    return path


def unreadable(folder: Path) -> Path:
    path = good_list(folder / "locked.xlsx")
    path.chmod(0)
    return path


def document(folder: Path, name: str = "letter.docx") -> Path:
    members = [
        entry("[Content_Types].xml", "<Types/>"),
        entry("word/document.xml", "<document><body>需求清单</body></document>"),
    ]
    return write_zip(folder / name, members)


def document_as_workbook(folder: Path) -> Path:
    return document(folder, "letter.xlsx")


def picture(folder: Path) -> Path:
    path = folder / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8)
    return path


def portable_document(folder: Path) -> Path:
    path = folder / "scan.pdf"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 500)
    return path


def page_as_sheet(folder: Path) -> Path:
    path = folder / "export.xls"
    cells = "".join(f"<td>{heading}</td>" for heading in HEADER)
    page = f'<html><meta charset="utf-8"><body><table><tr>{cells}</tr></table></body></html>'
    path.write_text(page, encoding="utf-8")
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.xlsx"
    path.touch()
    return path


def empty_csv(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.touch()
    return path


def white_csv(folder: Path) -> Path:
    return text(folder / "white.csv", b"\r\n  \r\n,,,\r\n")


def header_only(folder: Path) -> Path:
    return write_zip(folder / "needs.xlsx", workbook(sheet_xml([("需求清单",), HEADER])))


def header_only_csv(folder: Path) -> Path:
    return text(folder / "needs.csv", (",".join(HEADER) + "\r\n").encode("gb18030"))


def no_header(folder: Path) -> Path:
    rows = [PROSE, ("1", "2", "3"), ("4", "5", "6")]
    return write_zip(folder / "invitation.xlsx", workbook(sheet_xml(rows)))


def no_header_csv(folder: Path) -> Path:
    return text(folder / "letter.csv", "\n".join(PROSE).encode())


def offers_list(folder: Path) -> Path:
    rows = [
        ("区直单位资源清单（2024年）",),
        ("单位", "资源名称", "资源内容", "资源形式", "可提供时间"),
        ("区法院", "模拟法庭", "孩子当一回审判长。", "场地", "2024年全年"),
        ("区图书馆", "流动书车", "每季换一批书。", "实物", "长期"),
    ]
    return write_zip(folder / "offers.xlsx", workbook(sheet_xml(rows)))


def needs_list(folder: Path) -> Path:
    rows = [
        ("社区需求清单（2024年）",),
        ("街道", "社区", "需求名称", "需求内容", "期望时间"),
        ("城关街道", "东风社区", "补路灯", "菜市后巷太黑。", "6月底前"),
        ("城关街道", "西园社区", "换旧书", "孩子没书看。", "长期"),
    ]
    return write_zip(folder / "needs.xlsx", workbook(sheet_xml(rows)))


def negative_capacity(folder: Path) -> Path:
    rows = [
        ("单位", "资源名称", "资源内容", "可对接社区数"),
        ("区法院", "模拟法庭", "孩子当一回审判长。", "2"),
        ("区法院", "巡回审判", "小额纠纷就地办。", "-1"),
    ]
    return write_zip(folder / "offers.xlsx", workbook(sheet_xml(rows)))


def negative_partners(folder: Path) -> Path:
    said = "社区,需求名称,需求内容,拟对接单位数\n东风社区,补路灯,太黑。,-3\n"
    return text(folder / "needs.csv", said.encode())


def good_list(path: Path, rows: int = 3) -> Path:
    """A list that nothing is wrong with."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("需求清单")
    for row, cells in enumerate([HEADER, *[A_ROW] * rows]):
        sheet.write_row(row, 0, cells)
    book.close()
    return path


def protected(folder: Path) -> Path:
    plain, path = good_list(folder / "plain.xlsx"), folder / "protected.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt("secret", target)
    plain.unlink()
    return path


def protected_ods(folder: Path) -> Path:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:size="900">'
        '<manifest:encryption-data manifest:checksum="AAAA"/>'
        "</manifest:file-entry></manifest:manifest>"
    )
    members = [
        entry("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        entry("META-INF/manifest.xml", manifest),
        entry("content.xml", random.Random(1).randbytes(900)),
    ]
    return write_zip(folder / "protected.ods", members)


def truncated(folder: Path) -> Path:
    path = good_list(folder / "truncated.xlsx", 200)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def flipped(folder: Path) -> Path:
    """Bytes changed in the middle of the sheet's packed data."""
    path = write_zip(folder / "flipped.xlsx", workbook(sheet_xml([HEADER, *[A_ROW] * 500])))
    whole = bytearray(path.read_bytes())
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    for offset in range(12):
        whole[at + offset] ^= 0xA5
    path.write_bytes(whole)
    return path


def broken_xml(folder: Path) -> Path:
    cut = sheet_xml([HEADER, A_ROW, A_ROW])[:-60]
    return write_zip(folder / "cut.xlsx", workbook(cut))


def broken_xls(folder: Path) -> Path:
    path = folder / "broken.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(2).randbytes(4000))
    return path


def empty_ods(folder: Path) -> Path:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return write_zip(folder / "hollow.ods", [entry("mimetype", kind)])


def nul_csv(folder: Path) -> Path:
    said = ",".join(HEADER) + "\r\n东风社区,补路\0灯,太黑,6盏\r\n"
    return text(folder / "nul.csv", said.encode())


def unknown_encoding(folder: Path) -> Path:
    said = "Organisation,Need,Description\r\nCafé naïve,Ramp,Two steps à l'entrée ÿ \r\n"
    return text(folder / "latin.csv", said.encode("latin-1") + b"\xff\xff\x80 \xff\r\n")


def long_cell(folder: Path) -> Path:
    rows = [HEADER, A_ROW, ("东风社区", "补路灯", "灯" * 40_000, "6盏")]
    return write_zip(folder / "long.xlsx", workbook(sheet_xml(rows)))


def long_cell_csv(folder: Path) -> Path:
    """Longer than what Python's csv module accepts for a field."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, A_ROW, ("东风社区", "补" * 200_000, "太黑。", "6盏")])
    return text(folder / "long.csv", out.getvalue().encode())


def many_csv_rows(folder: Path) -> Path:
    rows = [HEADER, *(("东风社区", f"第{n}盏灯", "太黑。", "1盏") for n in range(50_001))]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return text(folder / "many.csv", out.getvalue().encode())


def large_file(folder: Path) -> Path:
    line = ",".join(A_ROW).encode() + b"\r\n"
    said = ",".join(HEADER).encode() + b"\r\n" + line * (21 * 1024 * 1024 // len(line))
    return text(folder / "large.csv", said)


def text(path: Path, said: bytes) -> Path:
    """Write the bytes and return the path."""
    path.write_bytes(said)
    return path


_DAMAGED = r"damaged|corrupt|broken|incomplete|cannot be (opened|read)|can't be (opened|read)"
_DAMAGED_ZH = r"损坏|不完整|无法打开|打不开|无法读取|读不出"
_TYPE, _TYPE_ZH = r"\.xlsx|xlsx|CSV", r"xlsx|CSV"
_NO_ROWS, _NO_ROWS_ZH = r"empty|no (rows|entries|records|items)|nothing", r"空|没有"
_HEADER, _HEADER_ZH = r"head(er|ing)", r"表头|列名|标题"
_ROWS = r"50[, ]?000"
_LIMIT = r"\d+ ?M(i)?B|unpack|too (large|big|many|much)|limit|at most|bomb|larger|more than"
_LIMIT_ZH = r"\d+ ?M(i)?B|解压|过大|太大|过多|太多|上限|最多|超过|超出"

BAD_LISTS = (
    Bad(
        "missing",
        missing,
        r"not found|does(n't| not) exist|no such|missing|no file|isn't there",
        r"找不到|不存在|没有",
    ),
    Bad("missing_with_line_break", missing_with_line_break, "", ""),
    Bad("directory", directory, r"folder|director", r"文件夹|目录"),
    Bad("unreadable", unreadable, r"permission|allowed|open|read", r"权限|打开|读取"),
    Bad("document", document, _TYPE, _TYPE_ZH),
    Bad(
        "document_as_workbook",
        document_as_workbook,
        rf"{_TYPE}|{_DAMAGED}",
        rf"{_TYPE_ZH}|{_DAMAGED_ZH}",
    ),
    Bad("picture", picture, rf"{_TYPE}|{_DAMAGED}", rf"{_TYPE_ZH}|{_DAMAGED_ZH}"),
    Bad("portable_document", portable_document, _TYPE, _TYPE_ZH),
    Bad("page_as_sheet", page_as_sheet, r"HTML|web page", r"HTML|网页"),
    Bad("empty", empty, _NO_ROWS, _NO_ROWS_ZH),
    Bad("empty_csv", empty_csv, _NO_ROWS, _NO_ROWS_ZH),
    Bad("white_csv", white_csv, rf"{_NO_ROWS}|{_HEADER}", rf"{_NO_ROWS_ZH}|{_HEADER_ZH}"),
    Bad("header_only", header_only, _NO_ROWS, _NO_ROWS_ZH, sheet="需求清单"),
    Bad("header_only_csv", header_only_csv, _NO_ROWS, _NO_ROWS_ZH),
    Bad("no_header", no_header, _HEADER, _HEADER_ZH),
    Bad("no_header_csv", no_header_csv, _HEADER, _HEADER_ZH),
    Bad("offers_for_needs", offers_list, r"offer", r"资源", kind="needs"),
    Bad("needs_for_offers", needs_list, r"need", r"需求", kind="offers"),
    Bad("unknown_sheet", needs_list, r"需求清单", r"需求清单", ask_sheet="第三张"),
    Bad(
        "negative_capacity",
        negative_capacity,
        r"-1|negative|less than 0|below 0",
        r"-1|负",
        cell="D3",
        sheet="需求清单",
    ),
    Bad(
        "negative_partners",
        negative_partners,
        r"-3|negative|less than 0|below 0",
        r"-3|负",
        cell="D2",
    ),
    Bad("protected", protected, r"password|encrypt", r"密码|加密"),
    Bad("protected_ods", protected_ods, r"password|encrypt", r"密码|加密"),
    Bad("truncated", truncated, _DAMAGED, _DAMAGED_ZH),
    Bad("flipped", flipped, _DAMAGED, _DAMAGED_ZH),
    Bad("broken_xml", broken_xml, _DAMAGED, _DAMAGED_ZH),
    Bad("broken_xls", broken_xls, _DAMAGED, _DAMAGED_ZH),
    Bad("empty_ods", empty_ods, rf"{_TYPE}|{_DAMAGED}", rf"{_TYPE_ZH}|{_DAMAGED_ZH}"),
    Bad("nul_csv", nul_csv, r"NUL|zero|\\0|character|binary|text", r"NUL|空字符|字符|文本"),
    Bad("unknown_encoding", unknown_encoding, r"UTF-8", r"UTF-8"),
    Bad("long_cell", long_cell, r"32[, ]?767", r"32[, ]?767", cell="C3", sheet="需求清单"),
    Bad("long_cell_csv", long_cell_csv, r"32[, ]?767", r"32[, ]?767", cell="B3"),
    Bad("many_csv_rows", many_csv_rows, _ROWS, _ROWS),
    Bad("large_file", large_file, r"20 ?M", r"20 ?M"),
    Bad("million_rows", bombs.million_rows, _ROWS, _ROWS),
    Bad("far_cell", bombs.far_cell, rf"{_ROWS}|{_LIMIT}", rf"{_ROWS}|{_LIMIT_ZH}"),
    Bad("gigabyte_sheet", bombs.gigabyte_sheet, _LIMIT, _LIMIT_ZH),
    Bad("gigabyte_strings", bombs.gigabyte_strings, _LIMIT, _LIMIT_ZH),
    Bad("gigabyte_ods", bombs.gigabyte_ods, _LIMIT, _LIMIT_ZH),
    Bad("lying_sizes", bombs.lying_sizes, rf"{_LIMIT}|{_DAMAGED}", rf"{_LIMIT_ZH}|{_DAMAGED_ZH}"),
    Bad("overlapping", bombs.overlapping, rf"{_LIMIT}|{_DAMAGED}", rf"{_LIMIT_ZH}|{_DAMAGED_ZH}"),
    Bad("many_entries", bombs.many_entries, rf"{_LIMIT}|{_DAMAGED}", rf"{_LIMIT_ZH}|{_DAMAGED_ZH}"),
    Bad(
        "nested",
        bombs.nested,
        rf"{_TYPE}|{_DAMAGED}|{_LIMIT}",
        rf"{_TYPE_ZH}|{_DAMAGED_ZH}|{_LIMIT_ZH}",
    ),
    Bad("laughs_in_sheet", bombs.laughs_in_sheet, "", ""),
    Bad("laughs_in_strings", bombs.laughs_in_strings, "", ""),
    Bad("laughs_in_ods", bombs.laughs_in_ods, "", ""),
    Bad("quadratic_entity", bombs.quadratic_entity, "", ""),
    Bad("huge_cell", bombs.huge_cell, rf"32[, ]?767|{_LIMIT}", rf"32[, ]?767|{_LIMIT_ZH}"),
    Bad("far_column", bombs.far_column, rf"column|{_LIMIT}", rf"列|{_LIMIT_ZH}", cell="XFD40000"),
    Bad("far_cell_xls", bombs.far_cell_xls, rf"{_ROWS}|{_LIMIT}", rf"{_ROWS}|{_LIMIT_ZH}"),
    Bad("repeated_ods", bombs.repeated_ods, rf"{_ROWS}|{_LIMIT}", rf"{_ROWS}|{_LIMIT_ZH}"),
    Bad("shared_text", bombs.shared_text, rf"{_LIMIT}|32[, ]?767", rf"{_LIMIT_ZH}|32[, ]?767"),
    Bad("shared_text_xls", bombs.shared_text_xls, _LIMIT, _LIMIT_ZH),
    Bad("repeated_text_ods", bombs.repeated_text_ods, _LIMIT, _LIMIT_ZH),
    Bad("spaces_ods", bombs.spaces_ods, r"32[, ]?767", r"32[, ]?767", cell="A3", sheet="需求清单"),
)
