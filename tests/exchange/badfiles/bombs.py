"""Small files that grow without bound when read carelessly. None takes longer than two seconds to
build; each must be refused quickly and in little memory."""

from __future__ import annotations

from pathlib import Path

import xlwt

from tests.exchange.badfiles.zips import (
    A_ROW,
    HEADER,
    MAIN,
    SHEET_OPEN,
    entry,
    row_xml,
    sheet_xml,
    swollen,
    workbook,
    write_zip,
)

SHEET = "xl/worksheets/sheet1.xml"
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
ODS_FIRST = (
    entry("mimetype", ODS_KIND),
    entry(
        "META-INF/manifest.xml",
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_KIND}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>",
    ),
)
ODS_OPEN = (
    '<?xml version="1.0"?>{doctype}<office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="需求清单">'
)
ODS_CELL = '<table:table-cell office:value-type="string">'
ODS_CLOSE = "</table:table></office:spreadsheet></office:body></office:document-content>"


def million_rows(folder: Path) -> Path:
    """An honest sheet of 1,000,001 rows, about 100 MB unpacked."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>1</v></c></row>'
        for n in range(2, 1_000_002)
    )
    strings = f'<sst xmlns="{MAIN}"><si><t>东风社区</t></si><si><t>补路灯</t></si></sst>'
    sheet = f"{SHEET_OPEN}{row_xml(1, HEADER)}{rows}</sheetData></worksheet>"
    return write_zip(folder / "million.xlsx", workbook(sheet, strings=strings))


def far_cell(folder: Path) -> Path:
    """Three rows and one stray cell in the last corner of the sheet."""
    stray = (
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    sheet = sheet_xml([HEADER, A_ROW]).replace("</sheetData></worksheet>", stray)
    return write_zip(folder / "far.xlsx", workbook(sheet))


def gigabyte_sheet(folder: Path) -> Path:
    sheet = swollen(SHEET, 1024, head=sheet_xml([HEADER, A_ROW])[:-12])
    return write_zip(folder / "gigabyte.xlsx", workbook(sheet))


def gigabyte_strings(folder: Path) -> Path:
    members = workbook(sheet_xml([HEADER, A_ROW]))
    head = f'<sst xmlns="{MAIN}"><si><t>'
    strings = swollen("xl/sharedStrings.xml", 1024, head=head, tail="</t></si></sst>")
    members = [strings if m.name == strings.name else m for m in members]
    return write_zip(folder / "strings.xlsx", members)


def gigabyte_ods(folder: Path) -> Path:
    content = swollen(
        "content.xml", 1024, head=ODS_OPEN.format(doctype=""), letter=" ", tail=ODS_CLOSE
    )
    return write_zip(folder / "gigabyte.ods", [*ODS_FIRST, content])


def lying_sizes(folder: Path) -> Path:
    """A gigabyte that the archive declares as one kilobyte."""
    head = sheet_xml([HEADER, A_ROW])[: -len("</sheetData></worksheet>")]
    tail = "</t></is></c></row></sheetData></worksheet>"
    head += '<row r="3"><c r="A3" t="inlineStr"><is><t>'
    sheet = swollen(SHEET, 1024, head=head, tail=tail, says=1000)
    return write_zip(folder / "lying.xlsx", workbook(sheet))


def overlapping(folder: Path) -> Path:
    """Two thousand members that are all the same 10 MB, each declared as such."""
    big = swollen("xl/media/image0.png", 10)
    shared = [
        type(big)(f"xl/worksheets/sheet{n}.xml", big.packed, big.size, big.crc, shares_first=True)
        for n in range(2, 2000)
    ]
    honest = workbook(sheet_xml([HEADER, A_ROW]))
    return write_zip(folder / "overlapping.xlsx", [big, *honest, *shared])


def many_entries(folder: Path) -> Path:
    more = tuple(entry(f"xl/media/{n}.png", b"") for n in range(60_000))
    return write_zip(folder / "entries.xlsx", workbook(sheet_xml([HEADER, A_ROW]), more=more))


def nested(folder: Path) -> Path:
    """Archives in an archive, none of them a workbook."""
    inner = write_zip(folder / "inner.zip", [swollen("zeros", 200)])
    packed = inner.read_bytes()
    inner.unlink()
    return write_zip(folder / "nested.xlsx", [entry(f"{n}.zip", packed) for n in range(16)])


def _laughs(root: str) -> str:
    """Ten entities, each ten times the one before: ten thousand million letters."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "哈哈哈哈哈哈哈哈哈哈">{entities}]>'


def laughs_in_sheet(folder: Path) -> Path:
    sheet = sheet_xml([HEADER, A_ROW, ("东风社区", "&l9;", "x", "1")])
    sheet = sheet.replace("<worksheet", _laughs("worksheet") + "<worksheet", 1)
    return write_zip(folder / "laughs.xlsx", workbook(sheet))


def laughs_in_strings(folder: Path) -> Path:
    strings = f'<?xml version="1.0"?>{_laughs("sst")}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    cell = '<row r="3"><c r="A3" t="s"><v>0</v></c></row></sheetData></worksheet>'
    sheet = sheet_xml([HEADER, A_ROW]).replace("</sheetData></worksheet>", cell)
    return write_zip(folder / "laughs.xlsx", workbook(sheet, strings=strings))


def laughs_in_ods(folder: Path) -> Path:
    rows = "".join(_ods_row(cells) for cells in (HEADER, A_ROW, ("东风社区", "&l9;", "x", "1")))
    content = ODS_OPEN.format(doctype=_laughs("office:document-content")) + rows + ODS_CLOSE
    return write_zip(folder / "laughs.ods", [*ODS_FIRST, entry("content.xml", content)])


def quadratic_entity(folder: Path) -> Path:
    """One entity of 100,000 letters, named 20,000 times."""
    doctype = f'<!DOCTYPE worksheet [<!ENTITY a "{"a" * 100_000}">]>'
    sheet = sheet_xml([HEADER, A_ROW, ("东风社区", "&a;" * 20_000, "x", "1")])
    sheet = sheet.replace("<worksheet", doctype + "<worksheet", 1)
    return write_zip(folder / "quadratic.xlsx", workbook(sheet))


def huge_cell(folder: Path) -> Path:
    """One cell of 200 MB."""
    head = sheet_xml([HEADER, A_ROW])[: -len("</sheetData></worksheet>")]
    head += '<row r="3"><c r="A3" t="inlineStr"><is><t>'
    tail = "</t></is></c></row></sheetData></worksheet>"
    sheet = swollen(SHEET, 200, head=head, letter="a", tail=tail)
    return write_zip(folder / "huge.xlsx", workbook(sheet))


def repeated_ods(folder: Path) -> Path:
    """One row of text that says it is repeated a million times, sixteen thousand cells wide."""
    row = (
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    return _ods(folder / "repeated.ods", _ods_row(HEADER) + row)


def merged_everywhere(folder: Path) -> Path:
    """A harmless list whose merged range reaches the last corner of the sheet."""
    merges = '<mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    return write_zip(
        folder / "merged.xlsx", workbook(sheet_xml([HEADER, A_ROW, A_ROW], after=merges))
    )


def many_merges(folder: Path) -> Path:
    """Fifty thousand merged ranges beside a list of three rows."""
    merges = "".join(f'<mergeCell ref="H{n}:H{n + 1}"/>' for n in range(10, 100_010, 2))
    after = f"<mergeCells>{merges}</mergeCells>"
    return write_zip(
        folder / "merges.xlsx", workbook(sheet_xml([HEADER, A_ROW, A_ROW], after=after))
    )


def far_column(folder: Path) -> Path:
    """A stray cell at the far right of a row that the limit allows: 655 million cells if dense."""
    stray = '<row r="40000"><c r="XFD40000" t="inlineStr"><is><t>x</t></is></c></row>'
    sheet = sheet_xml([HEADER, A_ROW]).replace("</sheetData>", stray + "</sheetData>")
    return write_zip(folder / "far-column.xlsx", workbook(sheet))


def wide_ods(folder: Path) -> Path:
    """Text repeated over 40,000 rows and 16,384 columns, both within what a sheet may have."""
    row = (
        '<table:table-row table:number-rows-repeated="40000">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    return _ods(folder / "wide.ods", _ods_row(HEADER) + row)


def spaces_ods(folder: Path) -> Path:
    """A paragraph of a thousand million spaces, written as a count."""
    cell = '<text:p>x<text:s text:c="1000000000"/></text:p>'
    row = f"<table:table-row>{ODS_CELL}{cell}</table:table-cell></table:table-row>"
    return _ods(folder / "spaces.ods", _ods_row(HEADER) + _ods_row(A_ROW) + row)


def shared_text(folder: Path) -> Path:
    """One text of 32,000 letters that 200,000 cells share: 6 GB if each gets its own."""
    cell = '<c t="s"><v>0</v></c>'
    rows = f"<row>{cell * 10}</row>" * 20_000
    strings = f'<sst xmlns="{MAIN}"><si><t>{"灯" * 32_000}</t></si></sst>'
    sheet = f"{SHEET_OPEN}{row_xml(1, HEADER)}{row_xml(2, A_ROW)}{rows}</sheetData></worksheet>"
    return write_zip(folder / "shared.xlsx", workbook(sheet, strings=strings))


def shared_text_xls(folder: Path) -> Path:
    """The same in the old binary form: 50,000 cells, 4.8 GB."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("需求清单")
    for column, (heading, value) in enumerate(zip(HEADER, A_ROW, strict=True)):
        sheet.write(0, column, heading)
        sheet.write(1, column, value)
    text = "灯" * 32_000
    for row in range(2, 10_002):
        for column in range(5):
            sheet.write(row, column, text)
    book.save(str(folder / "shared.xls"))
    return folder / "shared.xls"


def repeated_text_ods(folder: Path) -> Path:
    """A text of 32,000 letters in a row that is repeated 40,000 times: 3.8 GB."""
    row = (
        '<table:table-row table:number-rows-repeated="40000">'
        f"{ODS_CELL}<text:p>{'灯' * 32_000}</text:p></table:table-cell></table:table-row>"
    )
    return _ods(folder / "repeated-text.ods", _ods_row(HEADER) + _ods_row(A_ROW) + row)


def far_cell_xls(folder: Path) -> Path:
    """A stray cell in the last corner that the old form has."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("需求清单")
    for column, (heading, value) in enumerate(zip(HEADER, A_ROW, strict=True)):
        sheet.write(0, column, heading)
        sheet.write(1, column, value)
    sheet.write(65_535, 255, "x")
    book.save(str(folder / "far.xls"))
    return folder / "far.xls"


def _ods(path: Path, rows: str) -> Path:
    content = ODS_OPEN.format(doctype="") + rows + ODS_CLOSE
    return write_zip(path, [*ODS_FIRST, entry("content.xml", content)])


def _ods_row(cells: tuple[str, ...]) -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{inside}</table:table-row>"


BOMBS = (
    million_rows,
    far_cell,
    gigabyte_sheet,
    gigabyte_strings,
    gigabyte_ods,
    lying_sizes,
    overlapping,
    many_entries,
    nested,
    laughs_in_sheet,
    laughs_in_strings,
    laughs_in_ods,
    quadratic_entity,
    huge_cell,
    repeated_ods,
    merged_everywhere,
    many_merges,
    far_column,
    wide_ods,
    spaces_ods,
    shared_text,
    shared_text_xls,
    repeated_text_ods,
    far_cell_xls,
)
