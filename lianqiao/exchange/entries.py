"""A need or an offer as a row of a report names it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lianqiao.exchange.wording import Said
from lianqiao.matching.document import PlannedItem


@dataclass(frozen=True)
class Entry:
    """A need or an offer as a row names it. anchor: where the report shows it."""

    id: Said
    title: Said
    organisation: Said
    sub_district: Said
    anchor: str


def entries(items: Iterable[PlannedItem], side: str) -> dict[str, Entry]:
    """By id, in the order of the list. side: "need" or "offer"."""
    # Anchors count: ids come from users' lists and may hold anything.
    return {
        item["id"]: Entry(
            Said(item["id"]),
            Said(item["title"]),
            Said(item["organisation"]),
            Said(item["sub_district"]),
            f"{side}-{at}",
        )
        for at, item in enumerate(items, 1)
    }
