"""What an .ods workbook holds beside its values: extents, spans, formulas, hidden rows, columns.

Repeated rows and cells ("the next 1,048,576 rows are the same") are counted, not unrolled.
"""

from __future__ import annotations

from xml.parsers import expat

from lianqiao.errors import InputError
from lianqiao.exchange.archives import PASSWORD, Archive
from lianqiao.exchange.grids import MAX_CELL_CHARACTERS, Merge
from lianqiao.exchange.limits import check_extent, check_filled, check_text, long_cell
from lianqiao.exchange.markup import follow, local_name
from lianqiao.exchange.ooxml import SheetFacts
from lianqiao.language import Text

_LONGEST_TEXT_BYTES = 10 * MAX_CELL_CHARACTERS
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_HIDDEN = frozenset({"collapse", "filter"})
_MAX_REPEAT = 1 << 24


class _ContentScan:
    """Follows content.xml. Raises InputError when a limit is passed."""

    def __init__(self, file: str) -> None:
        self.facts: dict[str, SheetFacts] = {}
        self._file, self._sheet = file, SheetFacts("")
        self._row, self._next_row, self._row_repeat = -1, 0, 1
        self._column, self._next_column, self._next_defined = -1, 0, 0
        self._previous_byte = 0
        self._characters, self._copies, self._spaces = 0, 1, 0
        self._counted: tuple[int, int] = (-1, -1)

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._add_text(self._parser.CurrentByteIndex)
        local = local_name(name)
        if local == "s":
            self._add_spaces(attributes)
        if local in _CELLS:
            self._start_cell({local_name(k): v for k, v in attributes.items()})
        elif local == "p":
            self._fill(self._column)
        elif local in {"table", "table-row", "table-column"}:
            plain = {local_name(k): v for k, v in attributes.items()}
            {"table": self._start_table, "table-row": self._start_row}.get(
                local, self._start_column
            )(plain)

    def finish(self, length: int) -> None:
        self._add_text(length)
        check_text(self._file, self._sheet.name, self._characters)

    def _add_text(self, byte: int) -> None:
        """Count what stands between the last element's beginning and here, once for each copy."""
        gap, self._previous_byte = byte - self._previous_byte, byte
        if gap > _LONGEST_TEXT_BYTES:
            raise long_cell(self._file, self._sheet.name, self._row, self._column)
        self._characters += gap * self._copies

    def _add_spaces(self, attributes: dict[str, str]) -> None:
        """A run of spaces is written as its number."""
        plain = {local_name(key): value for key, value in attributes.items()}
        self._spaces += _repeat(plain, "c")
        if self._spaces > MAX_CELL_CHARACTERS:
            raise long_cell(self._file, self._sheet.name, self._row, self._column)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._sheet = SheetFacts(attributes.get("name", ""))
        self.facts[self._sheet.name] = self._sheet
        self._row, self._next_row, self._next_defined = -1, 0, 0

    def _start_column(self, attributes: dict[str, str]) -> None:
        repeat = _repeat(attributes, "number-columns-repeated")
        if attributes.get("visibility") in _HIDDEN:
            first = self._next_defined
            self._sheet.hidden_columns.update(range(first, min(first + repeat, 16_384)))
        self._next_defined += repeat

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row_repeat = _repeat(attributes, "number-rows-repeated")
        self._row, self._next_row = self._next_row, self._next_row + self._row_repeat
        self._column, self._next_column = -1, 0
        if attributes.get("visibility") in _HIDDEN:
            last = min(self._next_row, 65_536)
            self._sheet.hidden_rows.update(range(self._row, last))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        repeat = _repeat(attributes, "number-columns-repeated")
        self._column, self._next_column = self._next_column, self._next_column + repeat
        self._copies, self._spaces = 1, 0
        down, across = (
            _repeat(attributes, f"number-{what}-spanned") for what in ("rows", "columns")
        )
        if down > 1 or across > 1:
            bottom, right = self._row + down - 1, self._column + across - 1
            self._sheet.merges.append(Merge(self._row, self._column, bottom, right))
        if attributes.get("value-type") or attributes.get("formula"):
            self._fill(self._next_column - 1)
        if formula := attributes.get("formula"):
            text = formula.partition(":")[2] if ":=" in formula[:6] else formula
            self._sheet.formulas[self._row, self._column] = text

    def _fill(self, column: int) -> None:
        sheet, last = self._sheet, self._next_row - 1
        if (last, column) == self._counted or column < 0:
            return
        self._counted = (last, column)
        self._copies = (self._next_column - self._column) * self._row_repeat
        check_text(self._file, sheet.name, self._characters)
        sheet.filled += (column - self._column + 1) * self._row_repeat
        sheet.last_row = max(sheet.last_row, last)
        sheet.last_column = max(sheet.last_column, column)
        check_extent(self._file, sheet.name, sheet.last_row, sheet.last_column)
        check_filled(self._file, sheet.name, sheet.filled)


def _repeat(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return min(int(text), _MAX_REPEAT) if text.isdecimal() else 1


def scan_document(archive: Archive, file: str) -> dict[str, SheetFacts]:
    """Facts of every sheet by its name; every entry of the archive is verified on the way.

    Raises InputError past a limit or for a password, BrokenMarkupError for parts not well-formed.
    """
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise InputError(Text(PASSWORD), file=file)
    scan = _ContentScan(file)
    follow(archive.chunks("content.xml"), scan)
    for entry in archive.names - {"content.xml", manifest or ""}:
        archive.drain(entry)
    return scan.facts
