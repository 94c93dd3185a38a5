"""The pairs that the rows of a list of signed pairs write down, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lianqiao.exchange.name_matching import ALIKE
from lianqiao.exchange.script import simplified
from lianqiao.exchange.signed_cells import Known, names_in, parties_in, titles_in
from lianqiao.exchange.signed_columns import SignedTable
from lianqiao.exchange.signed_headings import (
    COMMUNITY,
    INSTITUTION,
    NEED,
    NEED_ID,
    OFFER,
    OFFER_ID,
    PARTIES,
    PROJECT,
    ROLES,
    STATE,
)

_TOTAL = re.compile(
    r"(?:本页|以上|全区)?(?:小计|合计|总计|共计|累计)[:：]?.{0,20}|"
    r"(?:sub-?|grand )?totals?\b.{0,20}",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:备?注|说明|填表|制表|填报|审核|联系人|盖章|日期)\S{0,6}[:：]|[*※★]|"
    r"(?:notes?|remarks?|source|prepared by|n\.?b\.?)\s*[:：]",
    re.IGNORECASE,
)
_DITTO = re.compile(r"同上|〃|″|”|\"|''|ditto|do\.|as above", re.IGNORECASE)
_NOT_SIGNED = re.compile(
    r"(?:未|否|没|待|暂|取消|终止|解除|不|无)|(?:no|not|pending|cancel\w*|withdrawn|open|n)\b",
    re.IGNORECASE,
)
# Whatever the column: a cell that says so speaks for its row.
_SAYS_NOT_SIGNED = re.compile(
    r"(?:尚未|暂未|还未|未|没有?|待)签(?:约|订|署)?(?:[，,。；;：:（(\s].*)?|待双方确认|"
    r"both sides to confirm|not (?:yet )?signed(?:[,.;(].*)?|unsigned",
    re.IGNORECASE,
)
_MIN_BLANKS, _MIN_BLANK_SHARE = 3, 0.15
SIDES = {NEED: (NEED_ID, COMMUNITY, NEED), OFFER: (OFFER_ID, INSTITUTION, OFFER)}


@dataclass(frozen=True)
class WrittenPair:
    """What a row says of one pair. row: 1-based as seen; texts: by role, only filled ones; guessed:
    roles whose name was taken from a row above though no merged cell says so.

    is_signed: False where the row says that nothing was signed yet. is_unclear: several parties
    stand on both sides and nothing tells who signed with whom.
    """

    sheet: str
    row: int
    texts: Mapping[str, str]
    guessed: frozenset[str] = frozenset()
    is_signed: bool = True
    is_unclear: bool = False


@dataclass(frozen=True)
class SheetPairs:
    """passed_over: how many rows were "blank", "subtotal", "note" or "header" ones."""

    pairs: tuple[WrittenPair, ...]
    passed_over: Mapping[str, int]


def written_pairs(table: SignedTable, known: Known) -> SheetPairs:
    """The pairs that a table's rows write down, in their order."""
    sorts = [_sort_of_row(table, row, known) for row in range(len(table.grid))]
    filled, guessed = _filled_down(table, sorts)
    passed_over = dict.fromkeys(("blank", "subtotal", "note", "header"), 0)
    pairs: list[WrittenPair] = []
    section: dict[str, str] = {}
    for row in range(table.first, len(table.grid)):
        if sorts[row]:
            passed_over[sorts[row]] += 1
            section |= _section(table, row, known) if sorts[row] == "note" else {}
            continue
        texts = {role: filled[row][at] for role, at in table.roles.items() if filled[row][at]}
        is_signed = not (_NOT_SIGNED.match(texts.pop(STATE, "")) or _says_not_signed(table, row))
        own = frozenset(role for role, at in table.roles.items() if (row, at) in guessed)
        common = _Row(table.name, table.above + row + 1, own, is_signed)
        pairs += _pairs_of(common, {**section, **texts}, known)
    return SheetPairs(tuple(pairs), passed_over)


def _says_not_signed(table: SignedTable, row: int) -> bool:
    return any(_SAYS_NOT_SIGNED.fullmatch(simplified(text.strip())) for text in table.grid[row])


def _sort_of_row(table: SignedTable, row: int, known: Known) -> str:
    """Why a row holds no pair: "blank", "subtotal", "header", "note"; "" if it may hold one."""
    own = [text for text in table.grid[row] if text]
    if not own:
        return "blank"
    if any(_TOTAL.fullmatch(simplified(text.strip())) for text in own[:2]):
        return "subtotal"
    if len(own) > 1 and all(text in table.headings for text in own):
        return "header"
    roles = {role: table.grid[row][at] for role, at in table.roles.items() if role in ROLES}
    is_remark = len(own) <= 2 and bool(_NOTE.match(simplified(own[0])))
    is_alone = len(set(own)) == 1 and len(roles) > 1 and not _is_known(roles, known)
    return "note" if is_remark or is_alone or not any(roles.values()) else ""


def _is_known(roles: Mapping[str, str], known: Known) -> bool:
    """Whether some cell names an organisation of its own side, or is the only one of its row that
    could tell a pair.
    """
    names = known.organisations
    return PARTIES in roles or any(
        role in names and text and names[role].best(text) >= ALIKE for role, text in roles.items()
    )


def _section(table: SignedTable, row: int, known: Known) -> dict[str, str]:
    """An organisation that stands alone above the rows of its partners, by its role."""
    text = next(text for text in table.grid[row] if text)
    for side, names in known.organisations.items():
        if side not in table.roles and names.best(text) >= ALIKE:
            return {side: text}
    return {}


def _filled_down(
    table: SignedTable, sorts: Sequence[str]
) -> tuple[list[list[str]], set[tuple[int, int]]]:
    """The grid with dittos, and names written once above their rows, filled in; and where names
    were filled in without a sign that says so.
    """
    grid = [list(row) for row in table.grid]
    guessed: set[tuple[int, int]] = set()
    rows = [row for row in range(table.first, len(grid)) if not sorts[row]]
    for role in (COMMUNITY, INSTITUTION):
        column = table.roles.get(role, -1)
        if column < 0:
            continue
        is_left_out = _is_left_out([grid[row][column] for row in rows])
        name, is_guessed = "", False
        for row in rows:
            is_gap = not grid[row][column] and is_left_out
            if grid[row][column] and not _DITTO.fullmatch(grid[row][column]):
                name, is_guessed = grid[row][column], False
            elif is_gap or grid[row][column]:
                grid[row][column], is_guessed = name, is_guessed or is_gap
            if is_guessed:
                guessed.add((row, column))
    return grid, guessed


def _is_left_out(names: Sequence[str]) -> bool:
    """Whether the clerk clearly wrote each name once, above its rows."""
    written = [name for name in names if name]
    blanks = len(names) - len(written)
    if not names or not names[0] or len(set(written)) < len(written):
        return False
    return blanks >= _MIN_BLANKS and blanks >= _MIN_BLANK_SHARE * len(names)


@dataclass(frozen=True)
class _Row:
    sheet: str
    row: int
    guessed: frozenset[str]
    is_signed: bool

    def pair(self, texts: Mapping[str, str], *, is_unclear: bool = False) -> WrittenPair:
        filled = {role: text for role, text in texts.items() if text}
        return WrittenPair(self.sheet, self.row, filled, self.guessed, self.is_signed, is_unclear)


def _pairs_of(row: _Row, texts: dict[str, str], known: Known) -> Iterator[WrittenPair]:
    """Each pair of a row; several parties on one side make a pair each."""
    texts = _parties_apart(texts, known)
    sides = [_side_texts(texts, side, known) for side in (NEED, OFFER)]
    rest = {PROJECT: texts.get(PROJECT, "")}
    if min(map(len, sides)) > 1:
        if not _is_aligned(texts, sides):
            yield row.pair(_in_one_line({**texts, **rest}), is_unclear=True)
            return
        yield from (row.pair({**n, **o, **rest}) for n, o in zip(*sides, strict=True))
        return
    for need_side in sides[0]:
        for offer_side in sides[1]:
            yield row.pair(_in_one_line({**need_side, **offer_side, **rest}))


def _in_one_line(texts: Mapping[str, str]) -> dict[str, str]:
    return {role: " ".join(text.split("\n")) for role, text in texts.items()}


def _is_aligned(texts: Mapping[str, str], sides: Sequence[Sequence[object]]) -> bool:
    """Whether the parties of both sides stand line by line beside each other."""
    lines = [
        max(len(texts.get(role, "").split("\n")) for role in (role_of, title_of))
        for role_of, title_of in ((COMMUNITY, NEED), (INSTITUTION, OFFER))
    ]
    return lines[0] == lines[1] == len(sides[0]) == len(sides[1])


def _parties_apart(texts: dict[str, str], known: Known) -> dict[str, str]:
    """Both parties of one cell as if they had a column each."""
    if PARTIES not in texts:
        return texts
    communities, institutions, project = parties_in(texts[PARTIES], known)
    apart = {
        COMMUNITY: "、".join(communities),
        INSTITUTION: "、".join(institutions),
        PROJECT: project,
    }
    rest = {role: text for role, text in texts.items() if role != PARTIES}
    if not communities and not institutions:
        apart = {PROJECT: texts[PARTIES]}
    return {**{role: text for role, text in apart.items() if text}, **rest}


def _side_texts(texts: Mapping[str, str], side: str, known: Known) -> list[dict[str, str]]:
    """What a row says of one side, once for each party or title there."""
    id_role, name_role, title_role = SIDES[side]
    ids = [part for part in re.split(r"[\s、;；,，/]+", texts.get(id_role, "")) if part]
    names = _names(texts.get(name_role, ""), known, name_role)
    titles = _titles(texts.get(title_role, ""), known, side)
    most = max(len(ids), len(names), len(titles), 1)
    columns = [_stretched(found, most) for found in (ids, names, titles)]
    roles = (id_role, name_role, title_role)
    return [dict(zip(roles, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _stretched(found: list[str], count: int) -> list[str]:
    """As many as asked for: one stands for all, a number that fits nothing becomes one."""
    return found if len(found) == count else [" ".join(found)] * count


def _names(text: str, known: Known, role: str) -> list[str]:
    return names_in(text, known.organisations[role]) if text else []


def _titles(text: str, known: Known, side: str) -> list[str]:
    return titles_in(text, known.titles[side]) if text else []
