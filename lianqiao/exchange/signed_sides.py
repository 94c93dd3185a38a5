"""Which need, and which offer, a row of signed pairs means: its names and titles read together.

A name that is misspelt is told by the title beside it, and the other way round. What is not clear
is never guessed: it is handed on with the nearest names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.exchange.name_matching import AHEAD, ALIKE, SAME, UNLIKE, NameList, Near
from lianqiao.exchange.signed_cells import TITLE_ALIKE, Known
from lianqiao.exchange.signed_headings import NEED, PROJECT
from lianqiao.exchange.signed_rows import SIDES

SETTLED, AMBIGUOUS, UNRECOGNISED, OUTSIDE = "settled", "ambiguous", "unrecognised", "outside"
NEAREST = 3
# A title as like as this tells a need or offer on its own, if no other comes near.
_SURE_TITLE = 0.85
# As like as this it does so against a name that nobody knows; shorter titles are too common.
_WHOLE_TITLE, _LONG_TITLE = 0.95, 6
# Of several titles of one organisation the likest is meant from here on.
_ONE_OF_FEW = 0.6


@dataclass(frozen=True)
class Side:
    """What a row says of one side. items: ids that may be meant, more than one where only the
    organisation is named; likeness: of what is written to what was taken, [0, 1].

    state: SETTLED, AMBIGUOUS, UNRECOGNISED or OUTSIDE (of the lists). is_assumed: the title is like
    none of the organisation's. nearest: ids of what else it could be.
    """

    state: str
    items: tuple[str, ...] = ()
    likeness: float = 0.0
    is_assumed: bool = False
    nearest: tuple[Near, ...] = ()


@dataclass(frozen=True)
class _Told:
    """The texts of one side, and what of the lists they are like."""

    owner_of: Mapping[str, str]
    items_of: Mapping[str, Sequence[str]]
    name: str
    title: str
    owners: tuple[Near, ...]
    titles: tuple[Near, ...]
    is_project: bool

    @property
    def is_named(self) -> bool:
        return bool(self.name)

    def of_owner(self, owner: str) -> list[Near]:
        """Titles of an organisation's items, the likest first, unlike ones as 0."""
        likeness = {near.key: near.likeness for near in self.titles}
        own = (Near(item, likeness.get(item, 0.0)) for item in self.items_of.get(owner, ()))
        return sorted(own, key=lambda near: -near.likeness)

    def likeness_of_owner(self, item: str) -> float:
        owner = self.owner_of[item]
        return next((near.likeness for near in self.owners if near.key == owner), 0.0)


class Sides:
    """Reads one side, NEED or OFFER, of written pairs against the list of that side."""

    def __init__(self, side: str, known: Known) -> None:
        self._id_role, self._name_role, self._title_role = SIDES[side]
        self._names: NameList = known.organisations[self._name_role]
        self._titles: NameList = known.titles[side]
        self._ids = known.ids[side]
        items: Sequence[NeedRecord | OfferRecord] = known.needs if side == NEED else known.offers
        self._owner_of = {item.id: item.organisation for item in items}
        self._items_of: dict[str, list[str]] = {}
        for item in items:
            self._items_of.setdefault(item.organisation, []).append(item.id)
        self._place_of = {item.id: item.sub_district for item in items}

    def told(self, texts: Mapping[str, str]) -> Side:
        """The side of a row as its texts tell it, by role."""
        name, title = texts.get(self._name_role, ""), texts.get(self._title_role, "")
        project = "" if title else texts.get(PROJECT, "")
        told = _Told(
            self._owner_of,
            self._items_of,
            name,
            title or project,
            self._names.ranked(name) if name else (),
            self._titles.ranked(title or project) if title or project else (),
            bool(project),
        )
        if item := self._ids.get(texts.get(self._id_role, "").casefold()):
            return _by_id(told, item)
        if told.is_named and (owner := _clear(told.owners, ALIKE)):
            return self._one_place(_of_owner(told, owner))
        if told.is_named:
            return _by_title_and_name(told)
        return _by_title(told)

    def _one_place(self, side: Side) -> Side:
        """Communities of two sub-districts may share a name: then the name alone tells neither."""
        places = {self._place_of[item] for item in side.items}
        if side.state == SETTLED and len(places) > 1:
            near = tuple(Near(item, side.likeness) for item in side.items[:NEAREST])
            return Side(AMBIGUOUS, nearest=near)
        return side


def _clear(found: Sequence[Near], least: float) -> Near | None:
    """The likest, if it is like enough and nothing else comes near."""
    if not found or found[0].likeness < least:
        return None
    others = [near.likeness for near in found[1:]]
    is_same = found[0].likeness == SAME and max(others, default=0.0) < SAME
    is_ahead = found[0].likeness - max(others, default=0.0) >= AHEAD
    return found[0] if is_same or is_ahead else None


def _by_id(told: _Told, item: str) -> Side:
    """An id counts unless the names beside it are clearly somebody else's."""
    owner, title = _clear(told.owners, ALIKE), _clear(told.titles, _SURE_TITLE)
    against_owner = owner is not None and owner.key != told.owner_of[item]
    against_title = title is not None and title.key != item and not told.is_project
    if against_owner or against_title:
        rivals = [near for near in (title, *told.of_owner(owner.key if owner else "")) if near]
        return Side(AMBIGUOUS, nearest=(Near(item, SAME), *rivals)[:NEAREST])
    return Side(SETTLED, (item,), SAME)


def _of_owner(told: _Told, owner: Near) -> Side:
    """The organisation is clear; the title says which of its items."""
    own = told.of_owner(owner.key)
    if not told.title:
        return Side(SETTLED, tuple(near.key for near in own), owner.likeness)
    likest = told.titles[0] if told.titles else Near("", 0.0)
    is_own = own[0].likeness >= _ONE_OF_FEW and own[0].likeness >= likest.likeness - AHEAD
    if is_own:
        near = tuple(n.key for n in own if n.likeness > own[0].likeness - AHEAD)
        exact = tuple(n.key for n in own if n.likeness == SAME)
        likeness = owner.likeness if told.is_project else min(owner.likeness, own[0].likeness)
        return Side(SETTLED, exact or near, likeness)
    if likest.likeness >= _SURE_TITLE and not told.is_project:
        return _against_title(told, owner, likest)
    items = tuple(near.key for near in own)
    return Side(SETTLED, items, owner.likeness, is_assumed=not told.is_project)


def _against_title(told: _Told, owner: Near, title: Near) -> Side:
    """The name is one organisation's, the title another's. Only a name that may be a slip for
    the title's own gives way to a title that is whole.
    """
    is_slip = owner.likeness < SAME and told.likeness_of_owner(title.key) >= UNLIKE
    if is_slip and title.likeness == SAME and _clear(told.titles, SAME):
        return Side(SETTLED, (title.key,), told.likeness_of_owner(title.key))
    own = [Near(near.key, owner.likeness) for near in told.of_owner(owner.key)]
    return Side(AMBIGUOUS, nearest=(title, *own)[:NEAREST])


def _by_title_and_name(told: _Told) -> Side:
    """The name is like several organisations or like none: the title decides, if it is clear."""
    title = _clear(told.titles, _SURE_TITLE)
    if title:
        likeness = told.likeness_of_owner(title.key)
        best = told.owners[0].likeness if told.owners else 0.0
        is_whole = title.likeness >= _WHOLE_TITLE and len(told.title) >= _LONG_TITLE
        if likeness >= UNLIKE or (is_whole and best < ALIKE):
            return Side(SETTLED, (title.key,), max(min(likeness, title.likeness), UNLIKE))
    both = _jointly(told)
    if both:
        return Side(SETTLED, (both.key,), both.likeness)
    return _unsettled(told)


def _jointly(told: _Told) -> Near | None:
    """Neither is clear by itself, but both are like the same item and no other."""
    joint = [
        Near(near.key, round((near.likeness + told.likeness_of_owner(near.key)) / 2, 3))
        for near in told.titles
        if near.likeness >= _ONE_OF_FEW
    ]
    joint.sort(key=lambda near: -near.likeness)
    likest = _clear(joint, TITLE_ALIKE)
    return likest if likest and told.likeness_of_owner(likest.key) >= UNLIKE else None


def _unsettled(told: _Told) -> Side:
    best = told.owners[0].likeness if told.owners else 0.0
    owners = [near for near in told.owners if near.likeness > 0][:NEAREST]
    near = [Near(own.key, owner.likeness) for owner in owners for own in told.of_owner(owner.key)]
    nearest = _one_of_each(told, near)
    if best >= ALIKE:
        return Side(AMBIGUOUS, nearest=nearest)
    return Side(UNRECOGNISED if best >= UNLIKE else OUTSIDE, nearest=nearest)


def _one_of_each(told: _Told, near: Sequence[Near]) -> tuple[Near, ...]:
    """The first item of each organisation: a name is told by one of them."""
    found: dict[str, Near] = {}
    for one in near:
        found.setdefault(told.owner_of[one.key], one)
    return tuple(found.values())[:NEAREST]


def _by_title(told: _Told) -> Side:
    """No organisation is named."""
    if title := _clear(told.titles, TITLE_ALIKE):
        return Side(SETTLED, (title.key,), title.likeness)
    best = told.titles[0].likeness if told.titles else 0.0
    nearest = told.titles[:NEAREST]
    if best >= TITLE_ALIKE:
        return Side(AMBIGUOUS, nearest=nearest)
    return Side(UNRECOGNISED if best >= UNLIKE or not told.title else OUTSIDE, nearest=nearest)
