"""The numbers that the score is made of: one (N, M) table a feature, named "part.feature"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.encoder import Encoder
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_groups,
    compare_kinds,
    compare_places,
    compare_units,
    split_names,
    tabulate,
)
from twosided.relevance.item import Item, describe
from twosided.relevance.lexical import (
    Rarity,
    character_terms,
    measure_rarity,
    shared_share,
)
from twosided.relevance.meaning import Alignment, align_words, compare_texts
from twosided.relevance.windows import Window, meet, read_window
from twosided.relevance.words import Word, cut_words

Table = NDArray[np.float64]
PARTS = (
    "base", "words", "meaning", "category", "kind", "target_group", "time", "place", "quantity",
)  # fmt: skip
WORD_FEATURES = ("words.characters", "words.words")
MEANING_FEATURES = ("meaning.text", "meaning.words")
FIELD_FEATURES = (
    "category.same", "category.near", "category.other",
    "kind.same", "kind.near", "kind.other",
    "target_group.same", "target_group.near", "target_group.other",
    "time.overlap", "place.same", "quantity.unit", "quantity.short",
)  # fmt: skip
FEATURES = WORD_FEATURES + MEANING_FEATURES + FIELD_FEATURES


@dataclass(frozen=True)
class Comparison:
    """Everything measured between two lists, kept to explain the scores made of it.

    tables: feature name → (N, M). need_words, offer_words: the words of each item's text in order.
    rarity: weights of those words' keys. alignment: None without an encoder.
    """

    tables: Mapping[str, Table]
    need_words: list[list[Word]]
    offer_words: list[list[Word]]
    rarity: Rarity
    alignment: Alignment | None


def compare_lists(
    needs: Sequence[Item], offers: Sequence[Item], encoder: Encoder | None
) -> Comparison:
    """Measure every need against every offer; O(N·M) memory a feature."""
    need_texts = [describe(item) for item in needs]
    offer_texts = [describe(item) for item in offers]
    need_words = [cut_words(text) for text in need_texts]
    offer_words = [cut_words(text) for text in offer_texts]
    need_keys = [[word.key for word in words] for words in need_words]
    offer_keys = [[word.key for word in words] for words in offer_words]
    rarity = measure_rarity(need_keys + offer_keys)
    tables = compare_fields(needs, offers)
    tables["words.words"] = np.sqrt(shared_share(need_keys, offer_keys, rarity))
    tables["words.characters"] = _share_characters(need_texts, offer_texts)
    alignment = None
    if encoder is not None:
        alignment = align_words(need_words, offer_words, rarity, encoder)
        tables["meaning.words"] = alignment.coverage
        tables["meaning.text"] = compare_texts(need_texts, offer_texts, encoder)
    return Comparison(tables, need_words, offer_words, rarity, alignment)


def _share_characters(needs: list[str], offers: list[str]) -> Table:
    left = [character_terms(text) for text in needs]
    right = [character_terms(text) for text in offers]
    # The root, because the first shared words say more than the last ones.
    return np.sqrt(shared_share(left, right, measure_rarity(left + right)))


def compare_fields(needs: Sequence[Item], offers: Sequence[Item]) -> dict[str, Table]:
    """Return the features of the typed fields; 0 wherever a field is unknown on either side."""
    category = tabulate(
        [item.category for item in needs], [item.category for item in offers], compare_categories
    )
    kind = tabulate([item.kind for item in needs], [item.kind for item in offers], compare_kinds)
    group = tabulate(
        [split_names(item.target_group) for item in needs],
        [split_names(item.target_group) for item in offers],
        compare_groups,
    )
    place = tabulate(
        [split_names(item.sub_district) for item in needs],
        [split_names(item.sub_district) for item in offers],
        compare_places,
    )
    unit = tabulate([item.unit for item in needs], [item.unit for item in offers], compare_units)
    tables = {
        f"{part}.{fit.value}": (fits == fit.value).astype(np.float64)
        for part, fits in (("category", category), ("kind", kind), ("target_group", group))
        for fit in (Fit.SAME, Fit.NEAR, Fit.OTHER)
    }
    tables["place.same"] = (place == Fit.SAME.value).astype(np.float64)
    tables["quantity.unit"] = (unit == Fit.SAME.value).astype(np.float64)
    tables["quantity.short"] = tables["quantity.unit"] * _exceed(needs, offers)
    tables["time.overlap"] = _overlap(needs, offers)
    return tables


def _exceed(needs: Sequence[Item], offers: Sequence[Item]) -> NDArray[np.bool_]:
    wanted = np.array([np.nan if n.quantity is None else n.quantity for n in needs], dtype=float)
    given = np.array([np.nan if o.quantity is None else o.quantity for o in offers], dtype=float)
    return np.asarray(wanted[:, None] > given[None, :])


def _overlap(needs: Sequence[Item], offers: Sequence[Item]) -> Table:
    """Return the share of the shorter window that both have; 0 where a window is unknown."""

    def share(need: Window | None, offer: Window | None) -> float:
        common = meet(need, offer) if need and offer else None
        return common.days / min(need.days, offer.days) if common and need and offer else 0.0

    left = [read_window(item.time_window) for item in needs]
    right = [read_window(item.time_window) for item in offers]
    known: dict[tuple[Window | None, Window | None], float] = {}
    for pair in {(need, offer) for need in left for offer in right}:
        known[pair] = share(*pair)
    return np.array([[known[need, offer] for offer in right] for need in left]).reshape(
        len(left), len(right)
    )
