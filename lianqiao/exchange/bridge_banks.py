"""The two banks of the bridge picture: who stands on them, in which rows, and what is collapsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lianqiao.exchange.entries import Entry
from lianqiao.exchange.gap_table import NO_SUB_DISTRICT
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import Said
from lianqiao.language import N_, Text

MARKS_IN_ROW = 3
# More rows than these on one bank no longer fit a screen: what needs no attention is collapsed.
ROWS_SHOWN = 150
GROUPS_SHOWN = 60
# The whole bank of a list that states no sub-district at all.
ALL_NEEDS = N_("all needs")
OTHER_SUB_DISTRICTS = N_("other sub-districts")
OTHER_INSTITUTIONS = N_("other institutions")
WITHOUT_BRIDGE = N_("institutions without a bridge")


@dataclass(frozen=True)
class Row:
    """Marks side by side. is_hollow: the first has no bridge (and, on the left, a label).

    is_block: the items share one mark, with their number beside it.
    """

    items: tuple[Entry, ...]
    is_hollow: bool
    is_block: bool = False


@dataclass(frozen=True)
class Group:
    """One sub-district on the left bank. open: how many of its needs have no bridge."""

    name: Said | Text
    needs: int
    open: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Institution:
    """One institution on the right bank, or one offer whose institution is not stated."""

    name: Said | Text
    rows: tuple[Row, ...]
    is_idle: bool

    @property
    def offers(self) -> tuple[Entry, ...]:
        """All its offers, those with a bridge first."""
        return tuple(offer for row in self.rows for offer in row.items)


def need_groups(view: PlanView) -> tuple[Group, ...]:
    """The left bank: sub-districts in the list's order, open needs first in each.

    A row holds a community's needs, the open one first; a second open need has a row of its own,
    so that each can be labelled. Above ROWS_SHOWN rows served communities are collapsed.
    """
    open_ids = {row.need.id for row in view.open}
    by_place: dict[Said, list[Entry]] = {}
    for need in view.needs.values():
        by_place.setdefault(need.sub_district, []).append(need)
    unsaid = Text(NO_SUB_DISTRICT if any(by_place) else ALL_NEEDS)
    groups = [_group(name or unsaid, needs, open_ids) for name, needs in by_place.items()]
    return _collapsed(_joined(groups))


def _group(name: Said | Text, needs: list[Entry], open_ids: set[Said]) -> Group:
    communities: dict[str, list[Entry]] = {}
    for need in needs:
        # A need that names no community stands for itself; a name is never a tuple's text.
        communities.setdefault(need.organisation or f"\0{need.id}", []).append(need)
    rows = [row for mates in communities.values() for row in _community_rows(mates, open_ids)]
    rows.sort(key=lambda row: not row.is_hollow)
    return Group(name, len(needs), sum(row.is_hollow for row in rows), tuple(rows))


def _community_rows(needs: list[Entry], open_ids: set[Said]) -> Iterator[Row]:
    without = [need for need in needs if need.id in open_ids]
    served = [need for need in needs if need.id not in open_ids]
    if without:
        beside = MARKS_IN_ROW - 1
        yield Row((without[0], *served[:beside]), is_hollow=True)
        yield from (Row((need,), is_hollow=True) for need in without[1:])
        served = served[beside:]
    for at in range(0, len(served), MARKS_IN_ROW):
        yield Row(tuple(served[at : at + MARKS_IN_ROW]), is_hollow=False)


def _joined(groups: list[Group]) -> list[Group]:
    """More sub-districts than a picture can name: the last of the list stand together."""
    if len(groups) <= GROUPS_SHOWN:
        return groups
    rest = groups[GROUPS_SHOWN - 1 :]
    rows = sorted((row for group in rest for row in group.rows), key=lambda row: not row.is_hollow)
    together = Group(
        Text(OTHER_SUB_DISTRICTS),
        sum(group.needs for group in rest),
        sum(group.open for group in rest),
        tuple(rows),
    )
    return [*groups[: GROUPS_SHOWN - 1], together]


def _collapsed(groups: list[Group]) -> tuple[Group, ...]:
    """Served groups first, then served rows, then open rows beyond what each group can show."""
    if _rows_of(groups) > ROWS_SHOWN:
        groups = [group if group.open else _folded(group, 0) for group in groups]
    if _rows_of(groups) > ROWS_SHOWN:
        groups = [_folded(group, group.open) for group in groups]
    if _rows_of(groups) > ROWS_SHOWN:
        shown = max(1, (ROWS_SHOWN - 2 * len(groups)) // len(groups))
        groups = [_folded(group, shown) for group in groups]
    return tuple(groups)


def _rows_of(groups: Iterable[Group]) -> int:
    return sum(len(group.rows) for group in groups)


def _folded(group: Group, shown: int) -> Group:
    """At most `shown` open rows stay; the other open needs and all served ones are a block each."""
    open_rows = [row for row in group.rows if row.is_hollow]
    kept = [Row(row.items[:1], is_hollow=True) for row in open_rows[:shown]]
    unseen = [row.items[0] for row in open_rows[shown:]]
    standing = {need.id for row in kept for need in row.items} | {need.id for need in unseen}
    served = [need for row in group.rows for need in row.items if need.id not in standing]
    blocks = [
        Row(tuple(items), is_hollow=is_hollow, is_block=True)
        for items, is_hollow in ((unseen, True), (served, False))
        if items
    ]
    return replace(group, rows=(*kept, *blocks))


def institutions(view: PlanView) -> tuple[Institution, ...]:
    """The right bank in the list's order; above ROWS_SHOWN rows institutions are collapsed."""
    unused = {row.offer.id for row in view.unused}
    by_name: dict[str, list[Entry]] = {}
    for offer in view.offers.values():
        by_name.setdefault(offer.organisation or f"\0{offer.id}", []).append(offer)
    found = [_institution(offers, unused) for offers in by_name.values()]
    if sum(len(each.rows) for each in found) <= ROWS_SHOWN:
        return tuple(found)
    busy = [each for each in found if not each.is_idle]
    idle = [each for each in found if each.is_idle]
    shown = ROWS_SHOWN - 2
    kept, rest = busy[:shown], busy[shown:]
    together = [(Text(OTHER_INSTITUTIONS), rest, False), (Text(WITHOUT_BRIDGE), idle, True)]
    return (
        *(_one_row(each) for each in kept),
        *(
            Institution(name, (_block(many, is_idle),), is_idle)
            for name, many, is_idle in together
            if many
        ),
    )


def _institution(offers: list[Entry], unused: set[Said]) -> Institution:
    ordered = sorted(offers, key=lambda offer: offer.id in unused)
    rows = tuple(
        Row(tuple(part), is_hollow=part[0].id in unused)
        for part in (ordered[at : at + MARKS_IN_ROW] for at in range(0, len(ordered), MARKS_IN_ROW))
    )
    name = offers[0].organisation or offers[0].title
    whole = Institution(name, rows, is_idle=ordered[0].id in unused)
    return whole if len(rows) <= MARKS_IN_ROW else _one_row(whole)


def _one_row(institution: Institution) -> Institution:
    if len(institution.rows) == 1:
        return institution
    return replace(institution, rows=(_block([institution], institution.is_idle),))


def _block(many: list[Institution], is_idle: bool) -> Row:
    return Row(tuple(o for each in many for o in each.offers), is_hollow=is_idle, is_block=True)
