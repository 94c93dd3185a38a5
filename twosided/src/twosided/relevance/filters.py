"""Hard filters: pairs that cannot be, each with its reason code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.fields import Fit, compare_places, tabulate
from twosided.relevance.reading import Reading
from twosided.relevance.windows import meet

Barred = NDArray[np.float64]

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


def exclude_pairs(
    needs: Sequence[Reading], offers: Sequence[Reading]
) -> dict[tuple[int, int], str]:
    """Return {(need index, offer index): code} of the impossible pairs; the first code counts.

    Each distinct couple of values is compared once. A missing kind, time or place never excludes.
    """
    excluded: dict[tuple[int, int], str] = {}
    # The last to be written stays, so the reasons come in reverse order.
    for code, barred in (
        (OUT_OF_AREA, _tabulate_places(needs, offers)),
        (TIME_DOES_NOT_MEET, _tabulate_times(needs, offers)),
        (KIND_CANNOT_SERVE, _tabulate_kinds(needs, offers)),
    ):
        excluded.update(((int(i), int(j)), code) for i, j in np.argwhere(barred))
    return dict(sorted(excluded.items()))


def _tabulate_kinds(needs: Sequence[Reading], offers: Sequence[Reading]) -> Barred:
    return tabulate(
        [need.kind for need in needs],
        [offer.kind for offer in offers],
        lambda need, offer: offer in CANNOT_SERVE.get(need, frozenset()),
    )


def _tabulate_times(needs: Sequence[Reading], offers: Sequence[Reading]) -> Barred:
    return tabulate(
        [need.window for need in needs],
        [offer.window for offer in offers],
        lambda need, offer: meet(need, offer) is None,
    )


def _tabulate_places(needs: Sequence[Reading], offers: Sequence[Reading]) -> Barred:
    return tabulate(
        [need.places for need in needs],
        [offer.places for offer in offers],
        lambda need, offer: compare_places(need, offer) is Fit.OTHER,
    )
