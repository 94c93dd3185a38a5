"""Where everything stands in the bridge picture, in px; the same plan gives the same numbers.

The picture is three columns. The banks have a fixed width and are never scaled on a screen; the
river between them is drawn 1000 units wide and stretched to what room there is, so that a label is
as large on a laptop as on a wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lianqiao.exchange.bridge_banks import ALL_NEEDS, Group, Institution, Row
from lianqiao.exchange.bridge_text import fitted, text_width
from lianqiao.exchange.entries import Entry
from lianqiao.exchange.wording import Said
from lianqiao.language import Text

LEFT, RIGHT, RIVER = 268, 190, 1000
LABEL_SIZE, NAME_SIZE = 11, 12
OPEN_ROW, SERVED_ROW, OFFER_ROW = 12.2, 6.6, 12.5
# A group's name and count stand on two lines at its top; labels beside them keep clear of both.
HEAD, NAMED, NAME_WIDTH = 28, 24, 102
# Lianqiao's own names of groups are never cut, so labels leave room for the longest translation.
OWN_NAME_WIDTH = 158
GROUP_GAP = 9
MARK, STEP = 9, 9
LEAST_HEIGHT = 96
# Bridges that share a bridgehead stand this far apart at most.
FAN = 2.4
# Rows of a short bank move apart to meet a long one, but not out of sight of each other.
MOST_STRETCH = 2


@dataclass(frozen=True)
class Mark:
    """A disc or a diamond: one item, or all those of a block (count > 1 or is_block)."""

    items: tuple[Entry, ...]
    x: float
    y: float
    is_hollow: bool
    is_block: bool

    @property
    def numbers(self) -> str:
        """Places of the items on their list, as the page refers to them."""
        return " ".join(number(item) for item in self.items)


@dataclass(frozen=True)
class Label:
    """A line of text: what is shown of it and, where that is cut, the whole."""

    shown: Said | Text
    x: float
    y: float


@dataclass(frozen=True)
class LeftGroup:
    group: Group
    name: Said | Text
    top: float
    bottom: float
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class RightRow:
    """One institution; its marks are placed from its top, so that it can be moved as a whole.

    y: the middle of its rows, where candidates arrive.
    """

    institution: Institution
    name: Said | Text
    top: float
    height: float
    marks: tuple[Mark, ...]

    @property
    def y(self) -> float:
        return tidy(self.top + self.height / 2)

    @property
    def name_x(self) -> int:
        """Where its name begins."""
        return name_at(self.institution.rows)

    @property
    def numbers(self) -> str:
        """Places of its offers on their list."""
        return " ".join(number(offer) for offer in self.institution.offers)


def number(item: Entry) -> str:
    """The place of an item on its list, from 1, as its anchor has it."""
    return item.anchor.rpartition("-")[2]


def tidy(value: float) -> float | int:
    """To a tenth of a px, without a useless zero."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def left_bank(groups: Sequence[Group], bare: set[Said], height: float) -> tuple[LeftGroup, ...]:
    """The groups one below the other over the whole height. bare: ids of the open needs."""
    spare = max(0.0, height - left_height(groups))
    gap = min(GROUP_GAP + spare / max(1, len(groups)), GROUP_GAP * 4)
    top = (height - sum(map(_group_height, groups)) - gap * (len(groups) - 1)) / 2
    placed = []
    for group in groups:
        placed.append(_left_group(group, bare, top))
        top += _group_height(group) + gap
    return tuple(placed)


def left_height(groups: Sequence[Group]) -> float:
    """What the left bank needs."""
    return sum(map(_group_height, groups)) + GROUP_GAP * max(0, len(groups) - 1)


def _group_height(group: Group) -> float:
    return max(HEAD, sum(_left_row_height(row) for row in group.rows))


def _left_row_height(row: Row) -> float:
    return OPEN_ROW if row.is_hollow or row.is_block else SERVED_ROW


def _left_group(group: Group, bare: set[Said], top: float) -> LeftGroup:
    marks: list[Mark] = []
    labels: list[Label] = []
    y = top
    for row in group.rows:
        middle = tidy(y + _left_row_height(row) / 2)
        in_row = _marks(row, bare, lambda at: LEFT - 14 - at * STEP, middle)
        marks += in_row
        if row.is_hollow and not row.is_block:
            x = in_row[-1].x - MARK
            room = x - (_name_width(group) if y < top + NAMED else 0)
            labels.append(
                Label(Said(fitted(row.items[0].title, room, LABEL_SIZE)), x, tidy(middle + 4))
            )
        y += _left_row_height(row)
    bottom = top + _group_height(group)
    name = _line(group.name, NAME_WIDTH + 40 if not labels else NAME_WIDTH, NAME_SIZE)
    return LeftGroup(group, name, tidy(top), tidy(bottom), tuple(marks), tuple(labels))


def _name_width(group: Group) -> float:
    is_long = isinstance(group.name, Text) and group.name.msgid != ALL_NEEDS
    return OWN_NAME_WIDTH if is_long else NAME_WIDTH


def _marks(row: Row, bare: set[Said], x_of: Callable[[int], float], y: float) -> list[Mark]:
    if row.is_block:
        return [Mark(row.items, x_of(0), y, row.is_hollow, is_block=True)]
    return [
        Mark((item,), x_of(at), y, item.id in bare, is_block=False)
        for at, item in enumerate(row.items)
    ]


def _line(name: Said | Text, width: float, size: float) -> Said | Text:
    return Said(fitted(name, width, size)) if isinstance(name, str) else name


def right_bank(
    found: Sequence[Institution], bare: set[Said], height: float
) -> tuple[RightRow, ...]:
    """The institutions one below the other, in the order given, rows apart as the height allows."""
    least = right_height(found)
    pitch = OFFER_ROW * min(MOST_STRETCH, height / least) if least else OFFER_ROW
    top = (height - pitch * sum(len(each.rows) for each in found)) / 2
    placed = []
    for each in found:
        placed.append(_right_row(each, bare, top, pitch))
        top += pitch * len(each.rows)
    return tuple(placed)


def right_height(found: Sequence[Institution]) -> float:
    """What the right bank needs."""
    return OFFER_ROW * sum(len(each.rows) for each in found)


def _right_row(each: Institution, bare: set[Said], top: float, pitch: float) -> RightRow:
    marks: list[Mark] = []
    for at, row in enumerate(each.rows):
        marks += _marks(row, bare, lambda place: 13 + place * STEP, tidy(pitch * (at + 0.5)))
    name = _line(each.name, RIGHT - name_at(each.rows), LABEL_SIZE)
    return RightRow(each, name, tidy(top), tidy(pitch * len(each.rows)), tuple(marks))


def name_at(rows: Iterable[Row]) -> int:
    """Where an institution's name begins: after three marks, or after a block and its number."""
    counts = [f"{len(row.items)}" for row in rows if row.is_block]
    widest = max((text_width(count, LABEL_SIZE) for count in counts), default=0)
    return max(40, round(24 + widest + 6) if counts else 0)


def quays(
    ends: Iterable[tuple[str, str]], at: Mapping[str, float], room: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """Where each bridge leaves a quay, fanned out so that bridges of one bridgehead don't cross.

    ends: (bridge, bridgehead) in the order in which they should stand; at, room: middle and height
    of each bridgehead.
    """
    sharing: dict[str, list[str]] = {}
    for bridge, head in ends:
        sharing.setdefault(head, []).append(bridge)
    return {
        (bridge, head): tidy(at[head] + offset)
        for head, bridges in sharing.items()
        for bridge, offset in zip(bridges, _fan(len(bridges), room[head]), strict=True)
    }


def _fan(many: int, room: float) -> Iterator[float]:
    step = min(FAN, (room - 2) / max(1, many - 1))
    return ((at - (many - 1) / 2) * step for at in range(many))


def curve(here: float, there: float) -> str:
    """A bridge from quay to quay; its control points stand at 46 % of the width."""
    return f"M0 {here}C460 {here} 540 {there} {RIVER} {there}"


def on_curve(here: float, there: float, t: float) -> tuple[float, float]:
    """The point of that bridge at t in [0, 1]: x in RIVER units, y in px."""
    s = 1 - t
    x = 3 * s * s * t * 460 + 3 * s * t * t * 540 + t**3 * RIVER
    return x, here * (s**3 + 3 * s * s * t) + there * (t**3 + 3 * s * t * t)
