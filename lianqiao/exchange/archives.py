"""Zipped workbooks, unpacked with a cap that counts real bytes: declared sizes may lie."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lianqiao.errors import InputError
from lianqiao.exchange.grids import MAX_UNPACKED_BYTES
from lianqiao.language import N_, Text

_MAX_ENTRIES = 10_000
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_CHUNK = 1 << 16
_ENCRYPTED = 0x1

DAMAGED = N_(
    "The file is damaged and can't be opened. Open it in Excel or WPS, save it again and try "
    "once more."
)
PASSWORD = N_(
    "The workbook is protected with a password. Save it without a password and try again."
)
TOO_BIG_UNPACKED = N_(
    "The workbook unpacks to more than %(limit)s MB. Copy just the list into a new workbook and "
    "try again."
)


def _stated_entries(content: bytes) -> int:
    """The number of entries by the end record, which is read before all of them are."""
    at = content.rfind(b"PK\x05\x06")
    record = content[at : at + 12]
    return int.from_bytes(record[10:12], "little") if at >= 0 and len(record) == 12 else 0


class Archive:
    """A zip file held in memory; every entry's size, place and checksum is verified as it is read.

    Raises InputError for damaged, encrypted, overlapping, repeated or too large entries.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self._content, self._file, self._unpacked = content, file, 0
        self._counted: set[str] = set()
        if _stated_entries(content) > _MAX_ENTRIES:
            raise InputError(Text(DAMAGED), file=file)
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                entries = opened.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            struct.error,
            NotImplementedError,
            OSError,
        ) as error:
            raise InputError(Text(DAMAGED), file=file) from error
        self._check_entries(entries)
        self._entries = {entry.filename: entry for entry in entries}

    @property
    def names(self) -> frozenset[str]:
        """The names of all entries."""
        return frozenset(self._entries)

    def find(self, name: str) -> str | None:
        """The entry's name as the archive spells it, whatever the case and slashes, or None."""
        if name in self._entries:
            return name
        wanted = name.replace("\\", "/").lower()
        return next((n for n in self._entries if n.replace("\\", "/").lower() == wanted), None)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The entry's bytes, piece by piece. Its first reading counts against the cap."""
        entry = self._entries[name]
        length, checksum, fresh = 0, 0, name not in self._counted
        self._counted.add(name)
        for piece in self._inflate(entry):
            length += len(piece)
            self._unpacked += len(piece) if fresh else 0
            if length > entry.file_size:
                raise self._damaged()
            if self._unpacked > MAX_UNPACKED_BYTES:
                raise self._too_big()
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if length != entry.file_size or checksum != entry.CRC:
            raise self._damaged()

    def drain(self, name: str) -> None:
        """Verify an entry that nobody reads here but a later reader of the file may."""
        for _ in self.chunks(name):
            pass

    def read(self, name: str) -> bytes:
        """The whole entry; for small parts."""
        return b"".join(self.chunks(name))

    def _check_entries(self, entries: list[zipfile.ZipInfo]) -> None:
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise InputError(Text(PASSWORD), file=self._file)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise self._too_big()
        if len(entries) > _MAX_ENTRIES or len({e.filename for e in entries}) < len(entries):
            raise self._damaged()
        if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
            raise self._damaged()
        end = 0
        for entry in sorted(entries, key=lambda e: e.header_offset):
            if entry.header_offset < end:
                raise self._damaged()
            end = entry.header_offset + _LOCAL_HEADER.size + entry.compress_size

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(entry)
        if entry.compress_type == zipfile.ZIP_STORED:
            for at in range(0, len(packed), _CHUNK):
                yield bytes(packed[at : at + _CHUNK])
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for at in range(0, len(packed), _CHUNK):
                rest: bytes | memoryview = packed[at : at + _CHUNK]
                while rest:
                    yield inflater.decompress(rest, 4 * _CHUNK)
                    rest = inflater.unconsumed_tail
            while tail := inflater.decompress(b"", 4 * _CHUNK):
                yield tail
        except zlib.error as error:
            raise self._damaged() from error

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        at = entry.header_offset
        header = self._content[at : at + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise self._damaged()
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = at + _LOCAL_HEADER.size + name_length + extra_length
        packed = memoryview(self._content)[start : start + entry.compress_size]
        if len(packed) < entry.compress_size:
            raise self._damaged()
        return packed

    def _damaged(self) -> InputError:
        return InputError(Text(DAMAGED), file=self._file)

    def _too_big(self) -> InputError:
        limit = {"limit": MAX_UNPACKED_BYTES // (1024 * 1024)}
        return InputError(Text(TOO_BIG_UNPACKED, limit), file=self._file)
