"""What an .xlsx workbook holds beside its values: extents, formulas, errors, hidden rows, columns.

The scan runs before the values are read, because a reader of values sets aside room for every cell
between the first and the last: two cells at opposite corners of a sheet would fill the memory.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import partial
from xml.parsers import expat

from lianqiao.exchange.archives import Archive
from lianqiao.exchange.grids import (
    MAX_CELL_CHARACTERS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    Merge,
    Spot,
    column_number,
)
from lianqiao.exchange.limits import (
    check_elements,
    check_extent,
    check_filled,
    check_merges,
    check_text,
    long_cell,
    merged_reach,
    too_sparse,
)
from lianqiao.exchange.markup import BrokenMarkupError, Collector, follow, local_name

# A character takes at most ten bytes of XML (&#x10FFFF;).
_LONGEST_TEXT_BYTES = 10 * MAX_CELL_CHARACTERS
_DIGITS = "0123456789"
_MONTH_FORMATS = frozenset({"17", "55", "57"})
_TRUE = frozenset({"1", "true", "on"})
_MOST_COLUMN_ELEMENTS = 16_384


@dataclass
class SheetFacts:
    """What the scan of one sheet found; rows and columns 0-based."""

    name: str
    last_row: int = -1
    last_column: int = -1
    filled: int = 0
    shared: int = 0
    formulas: dict[Spot, str] = field(default_factory=dict)
    errors: dict[Spot, str] = field(default_factory=dict)
    months: set[Spot] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)


class _SheetScan:
    """Follows one worksheet. Raises InputError when a limit is passed."""

    def __init__(self, facts: SheetFacts, file: str, months: frozenset[str]) -> None:
        self.facts, self._file, self._months = facts, file, months
        self._row, self._column, self._type = -1, -1, ""
        self._previous_byte = 0
        self._elements = self._column_elements = self._merged = 0
        self._columns: dict[str, int] = {}
        self._masters: dict[str, str] = {}
        self._collector = Collector(MAX_CELL_CHARACTERS + 1)
        self._starts = {
            "row": self._start_row,
            "c": self._start_cell,
            "v": self._start_value,
            "is": self._start_value,
            "f": self._start_formula,
            "col": self._start_column,
            "mergeCell": self._start_merge,
        }

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        byte = self._parser.CurrentByteIndex
        if byte - self._previous_byte > _LONGEST_TEXT_BYTES:
            self.finish(byte)
        self._previous_byte = byte
        if begin := self._starts.get(name) or self._starts.get(local_name(name)):
            begin(attributes)

    def finish(self, byte: int) -> None:
        if byte - self._previous_byte > _LONGEST_TEXT_BYTES:
            raise long_cell(self._file, self.facts.name, self._row, self._column)
        self._previous_byte = byte

    def _count(self) -> None:
        self._elements += 1
        check_elements(self._file, self.facts.name, self._elements, (self._row, self._column))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._count()
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isdecimal() else self._row + 1
        self._column = -1
        if attributes.get("hidden") in _TRUE:
            self.facts.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._count()
        self._type = attributes.get("t", "")
        if ref := attributes.get("r"):
            self._row, self._column = self._spot(ref)
        else:
            self._column += 1
        if self._months and attributes.get("s") in self._months:
            self.facts.months.add((self._row, self._column))

    def _spot(self, ref: str) -> Spot:
        letters = ref.rstrip(_DIGITS)
        column = self._columns.get(letters)
        try:
            if column is None:
                column = self._columns[letters] = column_number(letters)
            return int(ref[len(letters) :]) - 1, column
        except ValueError as error:
            raise BrokenMarkupError(f"not a cell: {ref[:20]!r}") from error

    def _start_value(self, _: dict[str, str]) -> None:
        facts = self.facts
        facts.filled += 1
        if self._row > facts.last_row or self._column > facts.last_column:
            facts.last_row = max(facts.last_row, self._row)
            facts.last_column = max(facts.last_column, self._column)
            check_extent(self._file, facts.name, facts.last_row, facts.last_column)
            check_filled(self._file, facts.name, facts.filled)
        if self._type == "e":
            self._collect(facts.errors)
        elif self._type == "s":
            facts.shared += 1

    def _collect(self, into: dict[Spot, str]) -> None:
        self._collector.begin(self._parser, partial(into.__setitem__, (self._row, self._column)))

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._start_value(attributes)
        spot, shared = (self._row, self._column), attributes.get("si", "")

        def keep(text: str) -> None:
            if shared and text:
                self._masters[shared] = text
            formula = text or self._masters.get(shared, "")
            self.facts.formulas[spot] = f"={formula}"

        self._collector.begin(self._parser, keep)

    def _start_column(self, attributes: dict[str, str]) -> None:
        self._column_elements += 1
        if self._column_elements > _MOST_COLUMN_ELEMENTS:
            raise too_sparse(self._file, self.facts.name, 0, _MOST_COLUMN_ELEMENTS - 1)
        if attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.facts.hidden_columns.update(range(max(first - 1, 0), min(last, MAX_COLUMNS)))

    def _start_merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        top, left = self._spot(first)
        bottom, right = self._spot(last or first)
        merge = Merge(top, left, bottom, right)
        self.facts.merges.append(merge)
        self._merged += merged_reach(merge)
        check_merges(self._file, self.facts.name, len(self.facts.merges), self._merged, merge)


class _StringsScan:
    """Follows the shared strings; `too_long` becomes the index of the first overlong one, `sizes`
    the bytes of each with its markup, at least those of its text.
    """

    def __init__(self) -> None:
        self.too_long: int | None = None
        self.sizes: list[int] = []
        self._index, self._previous_byte, self._first_byte = -1, 0, 0

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser

    def start(self, name: str, _: dict[str, str]) -> None:
        byte = self._parser.CurrentByteIndex
        self._check(byte)
        self._previous_byte = byte
        if local_name(name) == "si":
            self._index += 1
            if self._index:
                self.sizes.append(byte - self._first_byte)
            self._first_byte = byte

    def finish(self, length: int) -> None:
        self._check(length)
        if self._index >= 0:
            self.sizes.append(length - self._first_byte)

    def _check(self, byte: int) -> None:
        if self.too_long is None and byte - self._previous_byte > _LONGEST_TEXT_BYTES:
            self.too_long = self._index


class _StringUse:
    """Finds the first cell that shows a given shared string."""

    def __init__(self, index: int) -> None:
        self.spot = ""
        self._wanted, self._ref, self._type = str(index), "", ""
        self._collector = Collector(20)

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local_name(name):
            case "c":
                self._ref, self._type = attributes.get("r", ""), attributes.get("t", "")
            case "v" if self._type == "s" and not self.spot:
                self._collector.begin(self._parser, self._compare)

    def finish(self, length: int) -> None:
        """Nothing is left to do."""

    def _compare(self, text: str) -> None:
        if text.strip() == self._wanted and not self.spot:
            self.spot = self._ref


class _SharedText:
    """Sums up the sizes of the shared strings that the cells of a sheet show."""

    def __init__(self, sizes: list[int]) -> None:
        self.total = 0
        self._sizes, self._type = sizes, ""
        self._collector = Collector(12)

    def attach(self, parser: expat.XMLParserType) -> None:
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local_name(name):
            case "c":
                self._type = attributes.get("t", "")
            case "v" if self._type == "s":
                self._collector.begin(self._parser, self._add)

    def finish(self, length: int) -> None:
        """Nothing is left to do."""

    def _add(self, text: str) -> None:
        index = int(text) if text.strip().isdecimal() else -1
        if 0 <= index < len(self._sizes):
            self.total += self._sizes[index]


class _Attributes:
    """Collects (element, attributes) of the named elements."""

    def __init__(self, *names: str) -> None:
        self._names, self.found = frozenset(names), list[tuple[str, dict[str, str]]]()

    def attach(self, parser: expat.XMLParserType) -> None:
        """Nothing to keep."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local in self._names:
            plain = {local_name(key): value for key, value in attributes.items()}
            self.found.append((local, plain))

    def finish(self, length: int) -> None:
        """Nothing is left to do."""


def scan_workbook(archive: Archive, file: str) -> dict[str, SheetFacts]:
    """Facts of every worksheet by its name; every entry of the archive is verified on the way.

    Raises InputError past a limit, BrokenMarkupError for parts that aren't well-formed. Memory is
    that of the facts; time is linear in the unpacked size.
    """
    parts = _sheet_parts(archive)
    months = _month_styles(archive)
    strings = _shared_strings(archive)
    too_long = strings.too_long
    scanned = {"xl/workbook.xml", *parts.values()}
    facts: dict[str, SheetFacts] = {}
    characters = 0
    for name, part in parts.items():
        if too_long is not None:
            use = _StringUse(too_long)
            follow(archive.chunks(part), use)
            if use.spot:
                raise long_cell(file, name, spot=use.spot)
        facts[name] = SheetFacts(name)
        follow(archive.chunks(part), _SheetScan(facts[name], file, months))
        # Most lists are cleared by this bound; only the others are read a second time.
        if facts[name].shared * max(strings.sizes, default=0) > MAX_CHARACTERS:
            text = _SharedText(strings.sizes)
            follow(archive.chunks(part), text)
            characters += text.total
            check_text(file, name, characters)
    for entry in archive.names - scanned:
        archive.drain(entry)
    if too_long is not None:
        raise long_cell(file)
    return facts


def _sheet_parts(archive: Archive) -> dict[str, str]:
    sheets = _elements(archive, "xl/workbook.xml", "sheet")
    relations = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {a.get("Id", ""): a.get("Target", "") for _, a in relations}
    parts: dict[str, str] = {}
    for _, attributes in sheets:
        target = targets.get(attributes.get("id", ""), "")
        path = posixpath.normpath(posixpath.join("xl", target)).lstrip("/") if target else ""
        if part := archive.find(path):
            parts[attributes.get("name", "")] = part
    return parts


def _elements(archive: Archive, part: str, *names: str) -> list[tuple[str, dict[str, str]]]:
    found = archive.find(part)
    if found is None:
        return []
    collected = _Attributes(*names)
    follow(archive.chunks(found), collected)
    return collected.found


def _month_styles(archive: Archive) -> frozenset[str]:
    """Indexes of the cell styles that show a month and a year but no day."""
    elements = _elements(archive, "xl/styles.xml", "numFmt", "cellXfs", "cellStyles", "xf")
    formats = set(_MONTH_FORMATS)
    styles: set[str] = set()
    index = -1
    for name, attributes in elements:
        if name == "numFmt":
            if _shows_month_only(attributes.get("formatCode", "")):
                formats.add(attributes.get("numFmtId", ""))
        elif name != "xf":
            index = 0 if name == "cellXfs" else -1
        elif index >= 0:
            if attributes.get("numFmtId") in formats:
                styles.add(str(index))
            index += 1
    return frozenset(styles)


def _shows_month_only(code: str) -> bool:
    letters = code.lower().split(";")[0]
    return "y" in letters and "m" in letters and not any(c in letters for c in "dhs")


def _shared_strings(archive: Archive) -> _StringsScan:
    scan = _StringsScan()
    if part := archive.find("xl/sharedStrings.xml"):
        follow(archive.chunks(part), scan)
    return scan
