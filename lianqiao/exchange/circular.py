"""What a circular may say: the two lists, and who is proposed for whom. It has room for no more.

Choices, declines, scores, reasons and figures of a plan have no field here, so nothing that is
written from a Circular can give them away.
"""

from __future__ import annotations

from dataclasses import dataclass

from lianqiao.exchange.evidence import amount
from lianqiao.matching.document import PlanDocument, PlannedItem


@dataclass(frozen=True)
class CircularItem:
    """A need or an offer in the words of its own list.

    category: code of the taxonomy; amount: number and unit; time_window: as in the clean lists;
    time_said: in the list's own words; each "" if unsaid.
    """

    sub_district: str
    organisation: str
    title: str
    description: str
    category: str
    target_group: str
    amount: str
    time_window: str
    time_said: str


@dataclass(frozen=True, order=True)
class CircularPair:
    """A proposal: the places of a need and of an offer on their lists, from 0."""

    need: int
    offer: int


@dataclass(frozen=True)
class Circular:
    """needs, offers: in the order of the lists. pairs: by need, then by offer.

    partners_wanted: for each need, as its list says.
    """

    needs: tuple[CircularItem, ...]
    offers: tuple[CircularItem, ...]
    partners_wanted: tuple[int, ...]
    pairs: tuple[CircularPair, ...]


def circular_of(document: PlanDocument) -> Circular:
    """What of a plan goes out to everybody."""
    need_at = {need["id"]: at for at, need in enumerate(document["needs"])}
    offer_at = {offer["id"]: at for at, offer in enumerate(document["offers"])}
    return Circular(
        needs=tuple(_item(need) for need in document["needs"]),
        offers=tuple(_item(offer) for offer in document["offers"]),
        partners_wanted=tuple(need["partners_wanted"] for need in document["needs"]),
        pairs=tuple(
            sorted(
                CircularPair(need_at[pair["need"]], offer_at[pair["offer"]])
                for pair in document["pairs"]
            )
        ),
    )


def _item(item: PlannedItem) -> CircularItem:
    return CircularItem(
        sub_district=item["sub_district"],
        organisation=item["organisation"],
        title=item["title"],
        description=item["description"],
        category=item["category"],
        target_group=item["target_group"],
        amount=amount(item),
        time_window=item["time_window"],
        time_said=item.get("time_said", ""),
    )
