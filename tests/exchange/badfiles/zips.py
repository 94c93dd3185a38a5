"""Zip archives written byte by byte: sizes may lie, entries may overlap, and a gigabyte of one
letter costs milliseconds because the same compressed block is repeated."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Entry:
    """One member. size: what the archive says it unpacks to; at: offset of another's bytes."""

    name: str
    packed: bytes
    size: int
    crc: int = 0
    shares_first: bool = False


def entry(name: str, content: str | bytes, *, says: int | None = None) -> Entry:
    """An honest member, or one whose declared size is a lie."""
    raw = content.encode() if isinstance(content, str) else content
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(raw) + packer.flush()
    return Entry(name, packed, len(raw) if says is None else says, zlib.crc32(raw))


def swollen(
    name: str,
    megabytes: int,
    *,
    head: str = "",
    letter: str = "0",
    tail: str = "",
    says: int | None = None,
) -> Entry:
    """A member of so many megabytes of one letter between a head and a tail."""
    block = letter.encode() * MEGABYTE
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    start = packer.compress(head.encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    middle = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(tail.encode()) + packer.flush()
    crc = zlib.crc32(head.encode())
    for _ in range(megabytes):
        crc = zlib.crc32(block, crc)
    size = len(head.encode()) + megabytes * MEGABYTE + len(tail.encode())
    packed = start + middle * megabytes + end
    return Entry(name, packed, size if says is None else says, zlib.crc32(tail.encode(), crc))


def write_zip(path: Path, entries: list[Entry]) -> Path:
    """Write the members; one that shares the first's bytes points at the first's header."""
    records, offset = [], 0
    with path.open("wb") as file:
        for member in entries:
            name = member.name.encode()
            sizes = struct.pack("<III", member.crc, len(member.packed), member.size)
            at = 0 if member.shares_first else offset
            records.append(
                struct.pack("<IHHHHHH", 0x02014B50, 20, 20, 0, 8, 0, 33)
                + sizes
                + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, at)
                + name
            )
            if not member.shares_first:
                header = struct.pack("<IHHHHH", 0x04034B50, 20, 0, 8, 0, 33) + sizes
                offset += file.write(header + struct.pack("<HH", len(name), 0) + name)
                offset += file.write(member.packed)
        directory = b"".join(records)
        file.write(directory)
        count = len(entries)
        sizes = struct.pack("<HHII", count, count, len(directory), offset)
        file.write(struct.pack("<IHH", 0x06054B50, 0, 0) + sizes + b"\0\0")
    return path


def workbook(sheet: str | Entry, *, strings: str = "", more: tuple[Entry, ...] = ()) -> list[Entry]:
    """The members of an .xlsx with one sheet, given as XML or as a ready member."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = [
        entry(
            "[Content_Types].xml",
            f'<?xml version="1.0"?><Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{kinds}.worksheet+xml"/>'
            '<Override PartName="/xl/sharedStrings.xml" '
            f'ContentType="{kinds}.sharedStrings+xml"/></Types>',
        ),
        entry(
            "_rels/.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        ),
        entry(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{relation}"><sheets>'
            '<sheet name="需求清单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        ),
        entry(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/worksheet" '
            'Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{relation}/sharedStrings" '
            'Target="sharedStrings.xml"/></Relationships>',
        ),
        entry("xl/sharedStrings.xml", strings or f'<sst xmlns="{MAIN}"/>'),
    ]
    first = sheet if isinstance(sheet, Entry) else entry("xl/worksheets/sheet1.xml", sheet)
    return [*members, first, *more]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = ("社区", "需求名称", "需求内容", "数量")


def sheet_xml(rows: list[tuple[str, ...]], *, after: str = "", first: int = 1) -> str:
    """A worksheet's XML with inline strings."""
    return (
        SHEET_OPEN
        + "".join(row_xml(n, row) for n, row in enumerate(rows, first))
        + (f"</sheetData>{after}</worksheet>")
    )


def row_xml(number: int, row: tuple[str, ...]) -> str:
    """One row's XML."""
    cells = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for i, value in enumerate(row)
    )
    return f'<row r="{number}">{cells}</row>'


SHEET_OPEN = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'
A_ROW = ("东风社区", "补路灯", "菜市后巷太黑。", "6盏")
