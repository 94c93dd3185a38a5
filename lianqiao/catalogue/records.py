"""What one row of a list says, once read: plain frozen records, no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

CLEAN_COLUMNS = (
    "id",
    "title",
    "description",
    "category",
    "organisation",
    "sub_district",
    "quantity",
    "unit",
    "time_window",
    "target_group",
    "kind",
)
KINDS = ("service", "works", "goods", "venue", "people", "information", "funds")
NOTHING_EXTRA: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ListItem:
    """The columns that needs and offers share.

    category: code of the taxonomy ("F4", or "F" where only the main group is said), "" unknown.
    quantity: the amount as the list states it (80 parking spaces), None if unsaid or 若干; never a
    number of partners. time_window: "2023-06-01/2023-09-30", "../2023-06-30", "ongoing", each with
    optional ";2/quarter"; "" unknown. kind: one of KINDS or "". extra: every other non-empty cell,
    by column heading as the list spells it. row: 1-based as the user sees it. time_said: the time
    in the list's own words, where time_window says it otherwise or not at all.
    """

    id: str
    title: str
    description: str = ""
    category: str = ""
    organisation: str = ""
    sub_district: str = ""
    quantity: float | None = None
    unit: str = ""
    time_window: str = ""
    target_group: str = ""
    kind: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: NOTHING_EXTRA)
    row: int = 0
    sheet: str = ""
    time_said: str = ""


@dataclass(frozen=True, kw_only=True)
class NeedRecord(ListItem):
    """A need of a community. partners_wanted: the list's own column, None if it has none."""

    partners_wanted: int | None = None


@dataclass(frozen=True, kw_only=True)
class OfferRecord(ListItem):
    """An offer of an institution. capacity: partners served, the list's own column or None."""

    capacity: int | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One line of the choices of both sides and of the organiser.

    by: "community", "institution" or "organiser". decision: "pick" (rank >= 1, equal ranks tie),
    "not_acceptable", or by the organiser "pinned", "forbidden".
    """

    by: str
    chooser: str
    need_id: str
    offer_id: str
    decision: str
    rank: int | None = None
    note: str = ""
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a side said to a proposed pair. accepted: else declined. row: 1-based, of the source."""

    need: NeedRecord
    offer: OfferRecord
    accepted: bool
    row: int = 0
