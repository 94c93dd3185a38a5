"""Which column of a list of signed pairs holds what: by headings and, above all, by the values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lianqiao.exchange.grids import Sheet
from lianqiao.exchange.name_matching import ALIKE
from lianqiao.exchange.signed_cells import (
    TITLE_ALIKE,
    Known,
    column_texts,
    grid_of,
    names_in,
    parties_in,
)
from lianqiao.exchange.signed_headings import (
    COMMUNITY,
    EITHER,
    INSTITUTION,
    NEED,
    NEED_ID,
    OFFER,
    OFFER_ID,
    OTHER,
    PARTIES,
    PROJECT,
    ROLES,
    STATE,
    role_of_heading,
)

_ROWS_SEARCHED, _SAMPLE = 30, 40
_LEAST_SHARE = 0.3
_BOTH_SHARE = 0.2
_NAMED, _GENERAL, _OTHERWISE = 0.5, 0.2, -0.5
_GENERAL_FOR = {
    EITHER: (COMMUNITY, INSTITUTION, PARTIES),
    PROJECT: (PROJECT, NEED, OFFER, PARTIES),
}
_TITLES_OF = {COMMUNITY: NEED, INSTITUTION: OFFER}
_LONGEST_HEADING = 40
# Of the cells of a heading row in the midst of a sheet, this share may be unheard of.
_STRANGE_SHARE = 0.4
_CERTAINLY_VALUE = 0.95


@dataclass(frozen=True)
class SignedTable:
    """Rows of a sheet that may hold signed pairs. grid: their texts; above: how many rows of the
    sheet stand above them; first: the first row of the grid below the header, 0-based; roles:
    column by role; headings: the texts of the header.
    """

    name: str
    grid: Sequence[Sequence[str]]
    above: int
    first: int
    roles: dict[str, int]
    headings: frozenset[str]

    def has_side(self, side: str) -> bool:
        """Whether some column says something of the side of NEED or OFFER."""
        own = {NEED: (NEED_ID, COMMUNITY, NEED), OFFER: (OFFER_ID, INSTITUTION, OFFER)}
        return PARTIES in self.roles or any(role in self.roles for role in own[side])


def tables_of(sheet: Sheet, known: Known) -> tuple[SignedTable, ...]:
    """The tables of a sheet, one below the other, each under headings of its own; a table has no
    roles where nothing in it is known.
    """
    grid = grid_of(sheet)
    starts = _starts(grid, known)
    ends = (*starts[1:], len(grid))
    return tuple(
        _table(sheet.name, grid[start:end], start, known)
        for start, end in zip(starts, ends, strict=True)
    )


def _table(name: str, grid: list[list[str]], above: int, known: Known) -> SignedTable:
    header = _header(grid, known)
    first = header[-1] + 1 if header else 0
    hints = _hints([grid[row] for row in header])
    roles = _roles(grid, first, hints, known)
    headings = frozenset(text for row in header for text in grid[row] if text)
    return SignedTable(name, grid, above, first, roles, headings)


def _starts(grid: list[list[str]], known: Known) -> tuple[int, ...]:
    """The row that each table begins with; the first takes in the titles above its headings."""
    chief = _header(grid, known)
    starts: list[int] = []
    headings: set[str] = set()
    last = -2
    for at, row in enumerate(grid):
        if at not in chief and not _is_heading_row(row, known):
            continue
        texts = {text for text in row if text}
        if last == at - 1:
            headings |= texts
        elif not texts <= headings:
            starts.append(at)
            headings = texts
        last = at
    above = [row for row in grid[: starts[0]] if len({*row} - {""}) > 1] if starts else []
    if above and _is_whole(_table("", above, 0, known)):
        return (0, *starts)
    return (0, *starts[1:])


def _is_whole(table: SignedTable) -> bool:
    """Whether both sides have columns of their own; a title may name two parties."""
    return PARTIES not in table.roles and table.has_side(NEED) and table.has_side(OFFER)


def _is_heading_row(row: Sequence[str], known: Known) -> bool:
    """Whether most cells are headings, and of more than one thing that tells a pair."""
    filled = [text for text in row if text]
    roles: set[str] = set()
    unknown = 0
    for text in filled:
        role = role_of_heading(text)
        unknown += not role
        if unknown > _STRANGE_SHARE * len(filled):
            return False
        roles.add(role)
    tells = roles & {*ROLES, EITHER}
    return len(tells) > 1 and _count_of_headings(row, known) > 1


def _header(grid: list[list[str]], known: Known) -> tuple[int, ...]:
    counts = [_count_of_headings(row, known) for row in grid[:_ROWS_SEARCHED]]
    best = max(range(len(counts)), key=lambda at: (counts[at], -at), default=0)
    if not counts or counts[best] < 2:
        return ()
    rows = [best]
    if best and counts[best - 1] >= 1 and _is_over(grid[best - 1], grid[best]):
        rows.insert(0, best - 1)
    if best + 1 < len(counts) and counts[best + 1] >= 2 and len(rows) == 1:
        rows.append(best + 1)
    return tuple(rows)


def _is_over(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row groups the headings below it: fewer filled cells, more than a title."""
    filled = sum(map(bool, upper))
    return 2 <= filled < sum(map(bool, lower)) + 1


def _count_of_headings(row: Sequence[str], known: Known) -> int:
    filled = [text for text in row if text]
    if any(len(text) > _LONGEST_HEADING for text in filled):
        return 0
    if any(_is_value(text, known) for text in filled):
        return 0
    return sum(bool(role_of_heading(text)) for text in filled)


def _is_value(text: str, known: Known) -> bool:
    lists = (*known.organisations.values(), *known.titles.values())
    return any(names.best(text) >= _CERTAINLY_VALUE for names in lists)


def _hints(header: list[list[str]]) -> list[str]:
    """What each heading says; below the heading of a side a title is that side's."""
    if not header:
        return []
    upper = _spread(header[0]) if len(header) > 1 else [""] * len(header[0])
    hints = []
    for above, text in zip(upper, header[-1], strict=True):
        role, group = role_of_heading(text), role_of_heading(above)
        if role in (PROJECT, "") and group in _TITLES_OF and text:
            role = _TITLES_OF[group]
        hints.append(role or group)
    return hints


def _spread(row: Sequence[str]) -> Iterator[str]:
    said = ""
    for text in row:
        said = text or said
        yield said


def _roles(grid: list[list[str]], first: int, hints: Sequence[str], known: Known) -> dict[str, int]:
    scores: list[tuple[float, int, int, str]] = []
    roles: dict[str, int] = {}
    is_known = False
    for column in range(len(grid[0]) if grid else 0):
        hint = hints[column] if column < len(hints) else ""
        texts = list(dict.fromkeys(column_texts(grid, first, column)))[:_SAMPLE]
        if hint == STATE:
            roles.setdefault(STATE, column)
        if not texts or hint in (OTHER, STATE):
            continue
        for role, share in _shares(texts, known).items():
            bonus = _bonus(hint, role)
            is_known = is_known or share > 0
            if share >= _LEAST_SHARE or hint == role:
                scores.append((share + bonus, -ROLES.index(role), -column, role))
    taken: set[int] = set()
    for score, _, at, role in sorted(scores, reverse=True):
        if score > 0 and role not in roles and -at not in taken:
            roles[role] = -at
            taken.add(-at)
    return _without_rivals(_completed(roles, hints)) if is_known else {}


def _completed(roles: dict[str, int], hints: Sequence[str]) -> dict[str, int]:
    """A column of organisations that nobody knows is that of the side that has none."""
    rest = [at for at, hint in enumerate(hints) if hint == EITHER and at not in roles.values()]
    missing = [side for side in (COMMUNITY, INSTITUTION) if side not in roles]
    if len(rest) == len(missing) == 1:
        return {**roles, missing[0]: rest[0]}
    return roles


def _bonus(hint: str, role: str) -> float:
    if hint == role:
        return _NAMED
    if not hint or role in _GENERAL_FOR.get(hint, ()):
        return _GENERAL if hint else 0.0
    return _OTHERWISE


def _without_rivals(roles: dict[str, int]) -> dict[str, int]:
    """Where both sides have a column of their own, none is needed that names both."""
    if COMMUNITY in roles and INSTITUTION in roles:
        return {role: column for role, column in roles.items() if role != PARTIES}
    return roles


def _shares(texts: Sequence[str], known: Known) -> dict[str, float]:
    """Which share of a column's values is what, by role."""
    counted = dict.fromkeys(ROLES, 0)
    for text in texts:
        for role in _roles_of_value(text, known):
            counted[role] += 1
    shares = {role: count / len(texts) for role, count in counted.items()}
    both = min(shares[NEED], shares[OFFER])
    if both >= _BOTH_SHARE:
        shares[PROJECT] = shares[NEED] + shares[OFFER]
    return shares


def _roles_of_value(text: str, known: Known) -> Iterator[str]:
    whole = text.casefold().strip()
    if whole in known.ids[NEED] and not whole.isdecimal():
        yield NEED_ID
    if whole in known.ids[OFFER] and not whole.isdecimal():
        yield OFFER_ID
    for side, names in known.organisations.items():
        if all(names.best(part) >= ALIKE for part in names_in(text, names)):
            yield side
    for side, titles in known.titles.items():
        if titles.best(" ".join(text.split("\n"))) >= TITLE_ALIKE:
            yield side
    communities, institutions, _ = parties_in(text, known)
    if communities and institutions:
        yield PARTIES
