"""The bridge picture of a plan: needs on the left bank, offers on the right, what joins them.

Everything is laid out here, so that the page can be drawn without a script and the same plan gives
the same bytes. Nothing is in a language yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from statistics import fmean

from lianqiao.exchange.bridge_banks import Group, Institution, institutions, need_groups
from lianqiao.exchange.bridge_layout import (
    LEAST_HEIGHT,
    LEFT,
    OPEN_ROW,
    RIGHT,
    RIVER,
    SERVED_ROW,
    LeftGroup,
    RightRow,
    curve,
    left_bank,
    left_height,
    number,
    on_curve,
    quays,
    right_bank,
    right_height,
    tidy,
)
from lianqiao.exchange.plan_view import PairRow, PlanView
from lianqiao.exchange.wording import PINNED, Said

# More exceptions than these would hide the bridges: they show with the need that is selected.
EXCEPTIONS_SHOWN = 24
# More bridges than these would be one dark patch.
BRIDGES_AT_REST = 250
# Places along a bridge where its sign may stand, in order of liking; signs keep this far apart.
SIGN_PLACES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68)
SIGNS_APART = 15
# The river is stretched; about this wide it is on most screens.
USUAL_RIVER = 430
# What 136 mm of paper hold at the size of the screen; anything taller is made to fit them.
TALLEST_PRINTED = 514


@dataclass(frozen=True)
class Bridge:
    """One pair, or one exception: a need and an offer that would rather have each other."""

    need: str
    offer: str
    sign: str
    path: str


@dataclass(frozen=True)
class Sign:
    """What stands on a bridge: "pin", "chosen" or "exception". x, y: per cent of the river."""

    need: str
    offer: str
    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class BridgePicture:
    """is_collapsed: some items share a mark. is_tall: to be made smaller for paper."""

    left: tuple[LeftGroup, ...]
    right: tuple[RightRow, ...]
    bridges: tuple[Bridge, ...]
    exceptions: tuple[Bridge, ...]
    signs: tuple[Sign, ...]
    height: float
    is_collapsed: bool

    left_width: int = LEFT
    right_width: int = RIGHT
    river: int = RIVER

    @property
    def is_tall(self) -> bool:
        return self.height > TALLEST_PRINTED

    @property
    def is_dense(self) -> bool:
        """Whether the bridges are so many that each is drawn fainter."""
        return len(self.bridges) > BRIDGES_AT_REST

    @property
    def is_crowded(self) -> bool:
        """Whether the exceptions are too many to stand among the bridges."""
        return len(self.exceptions) > EXCEPTIONS_SHOWN


def bridge_picture(view: PlanView) -> BridgePicture:
    """The picture of a plan. Time and size grow with needs, offers and pairs, not their product."""
    groups, found = need_groups(view), institutions(view)
    height = max(LEAST_HEIGHT, left_height(groups), right_height(found)) + 8
    left = left_bank(groups, {row.need.id for row in view.open}, height)
    right = right_bank(
        _by_partners(found, view.pairs, _need_heights(left)),
        {row.offer.id for row in view.unused},
        height,
    )
    bridges, signs = _bridges(view.pairs, left, right, height)
    exceptions, rings = _exceptions(view, left, right, (signs, height))
    return BridgePicture(
        left=left,
        right=right,
        bridges=bridges,
        exceptions=exceptions,
        signs=(*signs, *rings),
        height=tidy(height),
        is_collapsed=_is_collapsed(groups, found),
    )


def _is_collapsed(groups: Sequence[Group], found: Sequence[Institution]) -> bool:
    return any(row.is_block for bank in (groups, found) for each in bank for row in each.rows)


def _need_heights(left: Iterable[LeftGroup]) -> dict[str, float]:
    return {number(need): mark.y for each in left for mark in each.marks for need in mark.items}


def _by_partners(
    found: Sequence[Institution], pairs: Sequence[PairRow], need_y: dict[str, float]
) -> list[Institution]:
    """By the mean height of the partners, which keeps crossings few; those without come last."""
    heights: dict[Said, list[float]] = {}
    for pair in pairs:
        heights.setdefault(pair.offer.id, []).append(need_y[number(pair.need)])
    means = []
    for at, each in enumerate(found):
        partners = [y for offer in each.offers for y in heights.get(offer.id, [])]
        means.append((not partners, fmean(partners) if partners else 0, at))
    return [found[at] for _idle, _mean, at in sorted(means)]


def _bridges(
    pairs: Sequence[PairRow], left: Sequence[LeftGroup], right: Sequence[RightRow], height: float
) -> tuple[tuple[Bridge, ...], list[Sign]]:
    """Every pair once. What stands on a bridge is put where it covers no other sign."""
    mark_of = {number(n): mark for each in left for mark in each.marks for n in mark.items}
    # Marks side by side share a bridgehead; a block has a row to itself.
    mark_y = {str(mark.y): float(mark.y) for mark in mark_of.values()}
    mark_room = {str(m.y): OPEN_ROW if m.is_block else SERVED_ROW for m in mark_of.values()}
    row_of = {number(o): str(at) for at, row in enumerate(right) for o in row.institution.offers}
    row_y = {str(at): float(row.y) for at, row in enumerate(right)}
    row_room = {str(at): row.height for at, row in enumerate(right)}
    names = {f"{number(p.need)}-{number(p.offer)}": p for p in pairs}
    heads = {
        name: (str(mark_of[number(p.need)].y), row_of[number(p.offer)]) for name, p in names.items()
    }
    by_right = sorted(names, key=lambda name: (row_y[heads[name][1]], name))
    by_left = sorted(names, key=lambda name: (mark_y[heads[name][0]], name))
    here = quays(((name, heads[name][0]) for name in by_right), mark_y, mark_room)
    there = quays(((name, heads[name][1]) for name in by_left), row_y, row_room)
    bridges, signs = [], list[Sign]()
    for name, pair in names.items():
        ends = (here[name, heads[name][0]], there[name, heads[name][1]])
        bridges.append(Bridge(number(pair.need), number(pair.offer), pair.sign, curve(*ends)))
        if kind := _kind(pair):
            signs.append(_sign(bridges[-1], kind, ends, (signs, height)))
    return tuple(bridges), signs


def _kind(pair: PairRow) -> str:
    """A pinned pair stands on a pier; one that only a choice put there has its own sign."""
    if pair.pinned:
        return "pin"
    return "chosen" if pair.sign == PINNED[0] else ""


def _exceptions(
    view: PlanView,
    left: Sequence[LeftGroup],
    right: Sequence[RightRow],
    among: tuple[list[Sign], float],
) -> tuple[tuple[Bridge, ...], list[Sign]]:
    need_y = _need_heights(left)
    offer_y = {number(o): row.y for row in right for o in row.institution.offers}
    signs, height = among
    rings: list[Sign] = []
    bridges = []
    for row in view.exceptions:
        need, offer = number(row.need), number(row.offer)
        ends = (need_y[need], offer_y[offer])
        bridges.append(Bridge(need, offer, "exception", curve(*ends)))
        rings.append(_sign(bridges[-1], "exception", ends, ([*signs, *rings], height)))
    return tuple(bridges), rings


def _sign(
    bridge: Bridge, kind: str, ends: tuple[float, float], among: tuple[Sequence[Sign], float]
) -> Sign:
    """The first place along the bridge that is far enough from all signs, else the middle."""
    signs, height = among
    places = [_share(on_curve(*ends, t), height) for t in SIGN_PLACES]
    x, y = next((place for place in places if _is_free(place, signs, height)), places[0])
    return Sign(bridge.need, bridge.offer, kind, x, y)


def _share(point: tuple[float, float], height: float) -> tuple[float, float]:
    return round(point[0] / RIVER * 100, 2), round(point[1] / height * 100, 2)


def _is_free(place: tuple[float, float], signs: Sequence[Sign], height: float) -> bool:
    return all(
        hypot((place[0] - sign.x) / 100 * USUAL_RIVER, (place[1] - sign.y) / 100 * height)
        > SIGNS_APART
        for sign in signs
    )
