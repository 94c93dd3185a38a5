"""Hard filters: pairs that cannot be, each with its reason code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twosided.relevance.fields import Fit, compare_places, split_names
from twosided.relevance.item import Item
from twosided.relevance.windows import meet, read_window

KIND_CANNOT_SERVE = "kind_cannot_serve"
TIME_DOES_NOT_MEET = "time_does_not_meet"
OUT_OF_AREA = "out_of_area"

# Kinds of an offer that cannot serve a kind of need. Different kinds alone do not filter: a need
# for "people" is often served by a "service", a need for "goods" by "funds".
CANNOT_SERVE: Mapping[str, frozenset[str]] = {
    "goods": frozenset({"information"}),
    "venue": frozenset({"information"}),
    "works": frozenset({"information", "venue"}),
    "funds": frozenset({"information", "venue", "works"}),
    "information": frozenset({"works"}),
}


def exclude_pairs(needs: Sequence[Item], offers: Sequence[Item]) -> dict[tuple[int, int], str]:
    """Return {(need index, offer index): code} of the impossible pairs; the first code counts.

    O(N·M) cheap comparisons. A missing kind, time or place never excludes.
    """
    kinds = [item.kind.strip().casefold() for item in offers]
    windows = [read_window(item.time_window) for item in offers]
    places = [split_names(item.sub_district) for item in offers]
    excluded: dict[tuple[int, int], str] = {}
    for i, need in enumerate(needs):
        barred = CANNOT_SERVE.get(need.kind.strip().casefold(), frozenset())
        window = read_window(need.time_window)
        home = split_names(need.sub_district)
        for j, kind in enumerate(kinds):
            if kind in barred:
                excluded[i, j] = KIND_CANNOT_SERVE
            elif meet(window, windows[j]) is None:
                excluded[i, j] = TIME_DOES_NOT_MEET
            elif compare_places(home, places[j]) is Fit.OTHER:
                excluded[i, j] = OUT_OF_AREA
    return excluded
