"""The numbers that the score is made of: one (N, M) table a feature, named "part.feature"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.concepts import compare_concepts, find_rivals
from twosided.relevance.encoder import Encoder
from twosided.relevance.extraction import conflict
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_groups,
    compare_kinds,
    compare_places,
    compare_units,
    tabulate,
    tabulate_fits,
)
from twosided.relevance.groups import EVERYONE, relate_groups
from twosided.relevance.item import Item
from twosided.relevance.lexical import Rarity
from twosided.relevance.meaning import Alignment, align_words, compare_texts
from twosided.relevance.reading import Reading, read_item
from twosided.relevance.surroundings import ALONE, Surroundings
from twosided.relevance.windows import share_days
from twosided.relevance.words import cut_pairs, cut_pieces

Table = NDArray[np.float64]
_MOSTLY, _HARDLY = 0.6, 0.1
PARTS = (
    "base", "words", "meaning", "category", "kind", "target_group", "time", "place", "quantity",
)  # fmt: skip
WORD_FEATURES = ("words.pairs", "words.pieces")
# Measured by the shipped list of concepts, with an encoder or without.
CONCEPT_FEATURES = ("meaning.concepts", "meaning.rival")
MEANING_FEATURES = ("meaning.text", "meaning.words", "meaning.across", "meaning.apart")
FIELD_FEATURES = (
    "category.same",
    "category.within",
    "category.near",
    "category.other",
    "kind.same",
    "kind.near",
    "kind.other",
    "target_group.same",
    "target_group.near",
    "target_group.other",
    "time.overlap",
    "place.same",
    "quantity.unit",
    "quantity.short",
)
# Where a field is blank and the text tells.
READ_FEATURES = (
    "kind.read", "target_group.read", "time.read", "time.apart", "place.read",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Everything measured between two lists, kept to explain the scores made of it.

    tables: feature name → (N, M). needs, offers: the items as read. rarity: weights of their
    words' keys. alignment: None without an encoder.
    """

    tables: Mapping[str, Table]
    needs: tuple[Reading, ...]
    offers: tuple[Reading, ...]
    rarity: Rarity
    alignment: Alignment | None


def compare_lists(
    needs: Sequence[Item], offers: Sequence[Item], encoder: Encoder | None
) -> Comparison:
    """Measure every need against every offer; O(N·M) memory a feature."""
    left = tuple(read_item(item) for item in needs)
    right = tuple(read_item(item) for item in offers)
    return compare_readings(left, right, encoder, ALONE)


def compare_readings(
    left: tuple[Reading, ...],
    right: tuple[Reading, ...],
    encoder: Encoder | None,
    around: Surroundings,
) -> Comparison:
    """Measure items that are read already, within the lists around them."""
    rarity = around.weigh_words(left, right)
    tables = compare_fields(left, right)
    for name, cut in (("words.pairs", cut_pairs), ("words.pieces", cut_pieces)):
        tables[name] = around.share(cut, left, right)
    tables["meaning.concepts"] = compare_concepts(
        [(one.text, one.concepts) for one in left],
        [(one.text, one.concepts) for one in right],
        encoder,
        around,
    )
    alignment = None
    if encoder is not None:
        alignment = align_words(left, right, rarity, encoder, around)
        tables["meaning.words"] = alignment.coverage
        texts = [one.text for one in left], [one.text for one in right]
        tables["meaning.text"] = compare_texts(*texts, encoder, around)
        # Across languages no words can be shared, so that the meaning must carry more.
        tables["meaning.apart"] = tabulate(
            [one.han for one in left], [one.han for one in right], differ_in_script
        )
        tables["meaning.across"] = tables["meaning.apart"] * tables["meaning.text"]
    tables["meaning.rival"] = find_rivals(tables, around)
    _leave_unknown_what_no_word_says(tables, left, right)
    return Comparison(tables, left, right, rarity, alignment)


def _leave_unknown_what_no_word_says(
    tables: dict[str, Table], left: Sequence[Reading], right: Sequence[Reading]
) -> None:
    """An encoder finds 「。。」 and "!!" alike; without a word there is no meaning to compare."""
    worded = [np.array([bool(one.telling) for one in side], dtype=bool) for side in (left, right)]
    if worded[0].all() and worded[1].all():
        return
    for name, table in tables.items():
        if name.startswith("meaning."):
            tables[name] = table * np.outer(worded[0], worded[1])


def differ_in_script(need: float, offer: float) -> bool:
    """Say whether one text is mostly Chinese and the other hardly (shares of letters)."""
    return max(need, offer) > _MOSTLY and min(need, offer) < _HARDLY


def compare_fields(needs: Sequence[Reading], offers: Sequence[Reading]) -> dict[str, Table]:
    """Return the features of the typed fields; 0 wherever a field is unknown on either side."""
    categories = [one.item.category for one in needs], [one.item.category for one in offers]
    kinds = [one.kind for one in needs], [one.kind for one in offers]
    places = [one.places for one in needs], [one.places for one in offers]
    units = [one.item.unit for one in needs], [one.item.unit for one in offers]
    windows = [one.window for one in needs], [one.window for one in offers]
    category = tabulate_fits(*categories, compare_categories)
    tables = {"category.within": category[Fit.WITHIN]}
    for part, fits in (
        ("category", category),
        ("kind", tabulate_fits(*kinds, compare_kinds)),
        ("target_group", _compare_people(needs, offers)),
    ):
        tables |= {f"{part}.{fit}": fits[fit] for fit in (Fit.SAME, Fit.NEAR, Fit.OTHER)}
    tables["place.same"] = tabulate_fits(*places, compare_places)[Fit.SAME]
    tables["quantity.unit"] = tabulate_fits(*units, compare_units)[Fit.SAME]
    tables["time.overlap"] = tabulate(*windows, share_days)
    tables |= _compare_extracts(needs, offers)
    tables["quantity.short"] = tables["quantity.unit"] * _exceed(needs, offers)
    return tables


def _compare_people(needs: Sequence[Reading], offers: Sequence[Reading]) -> dict[Fit, Table]:
    """Compare the stated groups, by what they are called or else by whom they mean."""
    stated = (
        [(one.groups, one.people) for one in needs],
        [(one.groups, one.people) for one in offers],
    )
    return tabulate_fits(
        *stated,
        lambda need, offer: meet_groups(*need, *offer),
    )


def meet_groups(
    need: frozenset[str], people: frozenset[str], offer: frozenset[str], others: frozenset[str]
) -> Fit:
    """Return how two stated fields compare: their names, and the groups that they mean."""
    named = compare_groups(need, offer)
    meant = relate_groups(people, others)
    return named if named is Fit.SAME or meant is Fit.UNKNOWN else meant


def _compare_extracts(needs: Sequence[Reading], offers: Sequence[Reading]) -> dict[str, Table]:
    """Return the features of what texts tell where a field is blank on either side."""
    kinds = [(one.kind, one.said.kind) for one in needs], [(o.kind, o.said.kind) for o in offers]
    people = (
        [(one.people, one.said.groups) for one in needs],
        [(one.people, one.said.groups) for one in offers],
    )
    places = (
        [(one.places, one.said.places) for one in needs],
        [(one.places, one.said.places) for one in offers],
    )
    slots = [one.said.slots for one in needs], [one.said.slots for one in offers]
    return {
        "kind.read": tabulate(*kinds, _agree_on_kind),
        "target_group.read": tabulate(*people, _overlap),
        "place.read": tabulate(*places, _overlap),
        "time.read": tabulate(*slots, lambda need, offer: bool(need & offer)),
        "time.apart": tabulate(*slots, lambda need, offer: conflict(need, offer) is not None),
    }


def _agree_on_kind(need: tuple[str, str], offer: tuple[str, str]) -> bool:
    is_stated = bool(need[0] and offer[0])
    return not is_stated and (need[0] or need[1]) == (offer[0] or offer[1]) != ""


Stated = tuple[frozenset[str], frozenset[str]]


def _overlap(need: Stated, offer: Stated) -> bool:
    is_stated = bool(need[0] and offer[0])
    return not is_stated and bool((need[0] or need[1]) & (offer[0] or offer[1]) - {EVERYONE})


def _exceed(needs: Sequence[Reading], offers: Sequence[Reading]) -> NDArray[np.bool_]:
    """Say where the need's amount is known to be larger than the offer's."""
    wanted, given = _amounts(needs), _amounts(offers)
    return np.asarray(wanted[:, None] > given[None, :])


def _amounts(readings: Sequence[Reading]) -> Table:
    stated = [one.item.quantity for one in readings]
    return np.array([np.nan if amount is None else amount for amount in stated], dtype=np.float64)
