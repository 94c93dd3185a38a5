"""What stands in the sheets of circular.xlsx: the three lists and the needs still open.

All of it comes from a Circular; the same sentences are said of every need and of every offer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lianqiao.exchange.circular import Circular, CircularItem, CircularPair
from lianqiao.exchange.office_sheets import Cell, Column, Row, Sheet
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import Category, Said, listed
from lianqiao.language import N_, Text

TO_CONFIRM = N_("both sides to confirm")
OPEN = N_("still open")
NOT_YET, WELCOME = N_("not yet possible this round"), N_("offers welcome")
PARTNERS = N_("proposed: %(partners)s")
MORE_WELCOME = N_("%(places)d more welcome")
# Columns for writing in stay when they are empty, as do these of a list that has no rows.
_TO_FILL_IN = "Institution interested"


@dataclass(frozen=True)
class CircularSheet:
    """title, note: msgids of the lines above the table."""

    title: str
    note: str
    table: Sheet


@dataclass(frozen=True)
class _Partners:
    """Who is proposed for each need and for each offer, by their places on the lists."""

    of_need: dict[int, Cell]
    of_offer: dict[int, Cell]
    number: dict[int, int]


def circular_sheets(circular: Circular) -> tuple[CircularSheet, ...]:
    """Pairs, needs, offers, needs still open, each in the order of the lists."""
    partners = _partners(circular)
    return (
        _pairs(circular),
        _needs(circular, partners),
        _offers(circular, partners),
        _open(circular, partners),
    )


def _filled(title: str, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> Sheet:
    """The sheet without the columns in which neither list says anything."""
    kept = [
        at
        for at, column in enumerate(columns)
        if not rows or column.head == _TO_FILL_IN or any(row[at] for row in rows)
    ]
    shown = tuple(tuple(row[at] for at in kept) for row in rows)
    return Sheet(title, tuple(columns[at] for at in kept), shown)


def _partners(circular: Circular) -> _Partners:
    of_need: defaultdict[int, list[CircularItem]] = defaultdict(list)
    of_offer: defaultdict[int, list[CircularItem]] = defaultdict(list)
    for pair in circular.pairs:
        of_need[pair.need].append(circular.offers[pair.offer])
        of_offer[pair.offer].append(circular.needs[pair.need])
    return _Partners(
        {at: _names(items) for at, items in of_need.items()},
        {at: _names(items) for at, items in of_offer.items()},
        {at: len(items) for at, items in of_need.items()},
    )


def _names(items: Iterable[CircularItem]) -> Cell:
    return listed(dict.fromkeys(Said(item.organisation or item.title) for item in items))


def _pairs(circular: Circular) -> CircularSheet:
    columns = (
        Column(N_("No."), 5),
        Column(N_("Sub-district"), 10),
        Column(N_("Community"), 11),
        Column(N_("Name of the need"), 16),
        Column(N_("What is needed"), 28.5),
        Column(N_("Partner institution"), 13),
        Column(N_("Name of the offer"), 16),
        Column(N_("What is offered"), 28.5),
        Column(N_("Amount"), 12),
        Column(N_("Time"), 18.5),
        Column(N_("Remarks"), 11.5),
    )
    rows = tuple(_pair(circular, pair, at) for at, pair in enumerate(circular.pairs, 1))
    return CircularSheet(
        N_("Project list (proposed, both sides to confirm)"),
        N_(
            "Note: every line is a proposal and holds once both sides have confirmed it; they "
            "settle amount, time and place between them. In the order of the need list."
        ),
        _filled(N_("Project list"), columns, rows),
    )


def _pair(circular: Circular, pair: CircularPair, at: int) -> Row:
    need, offer = circular.needs[pair.need], circular.offers[pair.offer]
    return (
        at,
        Said(need.sub_district),
        Said(need.organisation),
        Said(need.title),
        Said(need.description),
        Said(offer.organisation),
        Said(offer.title),
        Said(offer.description),
        _of_both(Said(need.amount), Said(offer.amount)),
        _of_both(_when(need), _when(offer)),
        Text(TO_CONFIRM),
    )


def _of_both(need: Cell, offer: Cell) -> Cell:
    """What both lists say, each side named unless they say the same."""
    if need == offer:
        return need
    sides = ((N_("needed: %(what)s"), need), (N_("offered: %(what)s"), offer))
    return tuple(Text(msgid, {"what": what}) for msgid, what in sides if what)


def _when(item: CircularItem) -> Cell:
    """Dates in words; what is no date (weekends, evenings, once a month) as the list says it."""
    is_dated = item.time_window and ";" not in item.time_window
    if item.time_said and not is_dated:
        return Said(item.time_said)
    when = time_words(item.time_window)
    return when if isinstance(when, Text) else Said(when)


_NEED_COLUMNS = (
    Column(N_("No."), 5),
    Column(N_("Sub-district"), 11),
    Column(N_("Community"), 12),
    Column(N_("Name of the need"), 19),
    Column(N_("Category"), 13),
    Column(N_("What is needed"), 38),
    Column(N_("For whom"), 13),
    Column(N_("Amount"), 9),
    Column(N_("When needed"), 18),
)


def _need(need: CircularItem, at: int) -> Row:
    return (
        at,
        Said(need.sub_district),
        Said(need.organisation),
        Said(need.title),
        Category(need.category) if need.category else None,
        Said(need.description),
        Said(need.target_group),
        Said(need.amount),
        _when(need),
    )


def _needs(circular: Circular, partners: _Partners) -> CircularSheet:
    rows = tuple(
        (*_need(need, at + 1), _standing(partners.of_need.get(at)))
        for at, need in enumerate(circular.needs)
    )
    return CircularSheet(
        N_("Need list"),
        N_("Note: in the order of the need list. A proposal holds once both sides confirm it."),
        _filled(N_("Need list"), (*_NEED_COLUMNS, Column(N_("Standing"), 18)), rows),
    )


def _standing(partners: Cell) -> Text:
    return Text(PARTNERS, {"partners": partners}) if partners else Text(OPEN)


def _offers(circular: Circular, partners: _Partners) -> CircularSheet:
    columns = (
        Column(N_("No."), 5),
        Column(N_("Institution"), 16),
        Column(N_("Name of the offer"), 19),
        Column(N_("Category"), 14),
        Column(N_("What is offered"), 44),
        Column(N_("For whom"), 14),
        Column(N_("Amount"), 9),
        Column(N_("When available"), 16),
        Column(N_("Standing"), 18),
    )
    rows = tuple(
        (
            at + 1,
            Said(offer.organisation),
            Said(offer.title),
            Category(offer.category) if offer.category else None,
            Said(offer.description),
            Said(offer.target_group),
            Said(offer.amount),
            _when(offer),
            _standing(partners.of_offer.get(at)),
        )
        for at, offer in enumerate(circular.offers)
    )
    return CircularSheet(
        N_("Offer list"),
        N_("Note: in the order of the offer list. Open offers can still be asked for."),
        _filled(N_("Offer list"), columns, rows),
    )


def _open(circular: Circular, partners: _Partners) -> CircularSheet:
    waiting = [
        (at, wanted - partners.number.get(at, 0))
        for at, wanted in enumerate(circular.partners_wanted)
        if partners.number.get(at, 0) < wanted
    ]
    columns = (*_NEED_COLUMNS, Column(N_("Standing"), 18), Column(N_("Institution interested"), 16))
    rows = tuple(
        (*_need(circular.needs[at], no), _invitation(partners.of_need.get(at), places), None)
        for no, (at, places) in enumerate(waiting, 1)
    )
    return CircularSheet(
        N_("Needs still open"),
        N_(
            "Note: institutions that can take one of these on are welcome at any time; please fill "
            "in the last column and send the list back."
        ),
        _filled(N_("Needs still open"), columns, rows),
    )


def _invitation(partners: Cell, places: int) -> Cell:
    """Two lines that are the same for all that have nobody, whatever the reason."""
    if not partners:
        return Text(NOT_YET), Text(WELCOME)
    return _standing(partners), Text(MORE_WELCOME, {"places": places})
