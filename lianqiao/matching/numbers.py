"""How many partners a need wants and how many an offer can serve.

A list's amount is not a number of partners: "80 parking spaces" describes the thing. Only a stated
number of sessions says how often an offer can be given, and so how many partners it may serve.
"""

from __future__ import annotations

from lianqiao.catalogue.records import NeedRecord, OfferRecord

SESSION_UNITS = frozenset(
    {"场", "次", "期", "课时", "场次", "节", "堂", "讲", "session", "sessions", "class", "classes"}
    | {"talk", "talks", "lesson", "lessons", "workshop", "workshops", "visit", "visits"}
)
# More partners than this nobody has; a list that says so states something else.
MOST_PARTNERS = 1_000_000


def partners_wanted(need: NeedRecord) -> int:
    """Partners that a need takes: the list's own column, else 1."""
    return 1 if need.partners_wanted is None else need.partners_wanted


def capacity(offer: OfferRecord) -> int:
    """Needs that an offer can serve: the list's own column, else its sessions, else 1."""
    if offer.capacity is not None:
        return offer.capacity
    if offer.quantity is not None and offer.unit.strip().lower() in SESSION_UNITS:
        return max(1, int(min(offer.quantity, MOST_PARTNERS)))
    return 1


def is_capacity_assumed(offer: OfferRecord) -> bool:
    """Whether nobody stated the capacity as a number of partners."""
    return offer.capacity is None
