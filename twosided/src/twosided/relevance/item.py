"""What relevance reads of a need or an offer."""

from __future__ import annotations

from typing import Protocol


class Item(Protocol):
    """One entry of a list. Every text may be empty (unknown); nothing here is ever changed.

    category: a code of letter and digits ("F4", "F") or free text. sub_district: a place, or
    several separated by 、 , ; or /. quantity: the stated amount in `unit`, None if unsaid.
    time_window: "2023-06-01/2023-09-30", "../2023-06-30", "ongoing", optionally ";2/quarter".
    """

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def sub_district(self) -> str: ...
    @property
    def quantity(self) -> float | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def time_window(self) -> str: ...
    @property
    def target_group(self) -> str: ...
    @property
    def kind(self) -> str: ...


def describe(item: Item) -> str:
    """Return title and description as the one text that is compared."""
    return "\n".join(part for part in (item.title.strip(), item.description.strip()) if part)
