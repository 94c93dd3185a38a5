"""The cells of a list of signed pairs: their lines, and the names that stand in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.exchange.grids import Cell, Sheet
from lianqiao.exchange.name_matching import ALIKE, NameList
from lianqiao.exchange.name_spellings import COMMUNITY, INSTITUTION, TITLE
from lianqiao.exchange.refused import open_text
from lianqiao.exchange.signed_headings import NEED, OFFER, PROJECT

# A whole cell that is as like a name as this is that name, whatever signs it holds; two names
# together may look like a long form of one of them, which is less.
WHOLE = 0.92
# A title may be told less surely than a name: it is longer, and one person rewords it.
TITLE_ALIKE = 0.7

_LINES = re.compile(r"\r\n|[\r\n\u2028\u2029\u0085]")
_BETWEEN = re.compile(r"[\n、;；,，|]+|\s*[/／]\s*")
_APART = (
    r"[\n、;；,，|/／:：+＋×✕✖*＊↔⇄~～—–]+|--+|\s[-xX&]\s|(?<=[\u3400-\u9fff])[-xX&]"
    r"(?=[\u3400-\u9fff])"
)
# The later ones may stand within a name: 发展和改革局.
_JOINTS = tuple(
    re.compile(pattern)
    for pattern in (
        _APART,
        rf"{_APART}|[与及暨]|\bwith\b",
        rf"{_APART}|[与及暨和]|\b(?:and|with)\b",
    )
)
_QUOTED = re.compile(r"[《“「『\"](.+?)[》”」』\"]")
_ITEM = re.compile(r"(?:\n|^|[;；])\s*(?:[(（]?\d{1,2}[)）.、．]|[①-⑳])?\s*")


class Known:
    """The names of both lists, to recognise what stands in a cell."""

    def __init__(self, needs: Iterable[NeedRecord], offers: Iterable[OfferRecord]) -> None:
        self.needs, self.offers = tuple(needs), tuple(offers)
        self.organisations = {
            COMMUNITY: NameList(_owners(self.needs), COMMUNITY),
            INSTITUTION: NameList(_owners(self.offers), INSTITUTION),
        }
        self.titles = {
            NEED: NameList({need.id: need.title for need in self.needs}, TITLE),
            OFFER: NameList({offer.id: offer.title for offer in self.offers}, TITLE),
        }
        self.ids = {
            NEED: {need.id.casefold(): need.id for need in self.needs},
            OFFER: {offer.id.casefold(): offer.id for offer in self.offers},
        }


def _owners(items: Iterable[NeedRecord | OfferRecord]) -> dict[str, str]:
    return {item.organisation: item.organisation for item in items if item.organisation}


def lines_of(value: Cell) -> str:
    """The clean text of a cell, its line breaks kept, people's ID numbers masked."""
    if not isinstance(value, str):
        return open_text(value)[0]
    lines = (open_text(line)[0] for line in _LINES.split(value))
    return "\n".join(line for line in lines if line)


def grid_of(sheet: Sheet) -> list[list[str]]:
    """The texts of a sheet, each cell of a merged column filled with what stands at its top."""
    grid = [[lines_of(value) for value in row] for row in sheet.rows]
    width = max((len(row) for row in grid), default=0)
    for row in grid:
        row.extend([""] * (width - len(row)))
    for merge in sheet.merges:
        if merge.left != merge.right or merge.top >= len(grid) or merge.left >= width:
            continue
        for at in range(merge.top + 1, min(merge.bottom, len(grid) - 1) + 1):
            grid[at][merge.left] = grid[at][merge.left] or grid[merge.top][merge.left]
    return grid


def names_in(text: str, names: NameList) -> list[str]:
    """The organisations that a cell names: itself, or several with signs between them."""
    whole = " ".join(text.split("\n"))
    if names.best(whole) >= WHOLE:
        return [whole]
    for between, share in ((_BETWEEN, 0.5), (_JOINTS[-1], 1.0)):
        parts = _parts(between, text)
        found = [near for part in parts for near in names.ranked(part)[:1]]
        known = [near for near in found if near.likeness >= ALIKE]
        if len(parts) < 2 or not known or len(known) < share * len(parts):
            continue
        # A name may hold such a sign itself; its parts then name nobody else.
        if len({near.key for near in known}) > 1 or names.best(whole) < ALIKE:
            return parts
    return [whole]


def titles_in(text: str, titles: NameList) -> list[str]:
    """The titles that a cell names: itself, or several on lines of their own."""
    whole = " ".join(text.split("\n"))
    parts = [part.strip() for part in _ITEM.split(text) if part.strip()]
    likeness = [titles.best(part) for part in parts]
    are_titles = len(parts) > 1 and all(each >= TITLE_ALIKE for each in likeness)
    if are_titles and titles.best(whole) < max(likeness):
        return parts
    return [whole] if whole else []


def parties_in(text: str, known: Known) -> tuple[list[str], list[str], str]:
    """Communities, institutions and the project that one cell names together."""
    projects = _QUOTED.findall(text)
    names = _QUOTED.sub("\n", text)
    found: dict[str, list[str]] = {}
    for between in _JOINTS:
        found = {COMMUNITY: [], INSTITUTION: [], PROJECT: []}
        for part in _parts(between, names):
            found[_side_of(part, known)].append(part)
        if found[COMMUNITY] and found[INSTITUTION]:
            break
    return found[COMMUNITY], found[INSTITUTION], " ".join((*projects, *found[PROJECT]))


def _side_of(part: str, known: Known) -> str:
    likeness = {side: names.best(part) for side, names in known.organisations.items()}
    side = COMMUNITY if likeness[COMMUNITY] >= likeness[INSTITUTION] else INSTITUTION
    return side if likeness[side] >= ALIKE else PROJECT


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    return [part.strip() for part in between.split(text) if part and part.strip()]


def column_texts(grid: list[list[str]], first: int, column: int) -> Iterator[str]:
    """The filled cells of a column from a row on."""
    return (row[column] for row in grid[first:] if row[column])
