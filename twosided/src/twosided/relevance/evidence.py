"""Why a pair scores as it does, in facts that any language can render, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from twosided.relevance.features import Comparison
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_groups,
    compare_kinds,
    compare_places,
    compare_units,
)
from twosided.relevance.reading import Reading
from twosided.relevance.windows import Window, meet
from twosided.relevance.words import Word

AT_MOST = 6
# So many facts are kept for words, if there are so many: fields alone convince nobody.
FOR_WORDS = 3
_RELATED = 0.35
_FIRST_HAN = "\u3000"

Fact = dict[str, object]
Weighed = tuple[float, Fact]
Weights = Mapping[str, float]


def find_evidence(
    need: Reading, offer: Reading, comparison: Comparison, weights: Weights
) -> tuple[Fact, ...]:
    """Return at most six facts about the pair, strongest first."""
    worded = _find_words(need, offer, comparison, weights)
    worded.sort(key=lambda weighed: -weighed[0])
    fielded = [*_find_fields(need, offer, weights), *_find_amount(need, offer, weights)]
    fielded.extend(_find_time(need, offer, weights))
    fielded.sort(key=lambda weighed: -weighed[0])
    kept = fielded[: AT_MOST - min(len(worded), FOR_WORDS)]
    kept += worded[: AT_MOST - len(kept)]
    kept.sort(key=lambda weighed: -weighed[0])
    return tuple(fact for _, fact in kept)


def _find_words(
    need: Reading, offer: Reading, comparison: Comparison, weights: Weights
) -> list[Weighed]:
    """Return the shared and the related words, each weighed by its share of the need's words."""
    weigh = comparison.rarity.weigh
    total = sum(weigh(word.key) for word in need.telling.values()) or 1.0
    shared = _share_words(need, offer)
    worth = (weights["words.pairs"] + weights["words.pieces"]) / total
    found: list[Weighed] = [
        (
            weigh(one.key) * worth,
            {"part": "words", "need": one.surface, "offer": other.surface},
        )
        for one, other in shared
    ]
    said = {word.key for couple in shared for word in couple}
    worth = weights.get("meaning.words", 0.0) / total
    for one, other, strength in _relate_words(need, offer, said, comparison):
        fact: Fact = {"part": "meaning", "need": one.surface, "offer": other.surface}
        fact |= {"related": True, "strength": round(strength, 2)}
        found.append((strength * weigh(one.key) * worth, fact))
    return found


def _share_words(need: Reading, offer: Reading) -> list[tuple[Word, Word]]:
    """Return couples of words with one key, and words that stand inside the other's text."""
    keys = {word.key: word for word in offer.telling.values()}
    mine = need.telling.values()
    couples = [(word, keys[word.key]) for word in mine if word.key in keys]
    inside = [word for word in mine if _stands_in(word, offer.text)]
    inside += [word for word in offer.telling.values() if _stands_in(word, need.text)]
    said = [one.surface for one, _ in couples]
    for word in inside:
        if not any(word.surface in known for known in said):
            said.append(word.surface)
            couples.append((word, word))
    return couples


def _stands_in(word: Word, text: str) -> bool:
    return word.surface[0] >= _FIRST_HAN and word.surface in text


def _relate_words(
    need: Reading, offer: Reading, said: set[str], comparison: Comparison
) -> Iterator[tuple[Word, Word, float]]:
    """Yield, for each word of the need not said yet, the most alike word of the offer."""
    alignment = comparison.alignment
    mine = [word for word in need.telling.values() if word.key not in said]
    theirs = [word for word in offer.telling.values() if word.key not in said]
    if alignment is None or not mine or not theirs:
        return
    rows = [alignment.need_words[word.form] for word in mine]
    columns = [alignment.offer_words[word.form] for word in theirs]
    likeness = alignment.likeness[rows][:, columns]
    best = likeness.argmax(axis=1)
    for at in np.flatnonzero(likeness.max(axis=1) >= _RELATED):
        yield mine[at], theirs[best[at]], float(likeness[at, best[at]])


def _find_fields(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    code = need.item.category.strip()
    category = compare_categories(code, offer.item.category)
    if category is Fit.SAME:
        yield weights["category.same"], {"part": "category", "code": "same", "value": code}
    elif category in (Fit.NEAR, Fit.WITHIN):
        value = code.rstrip("0123456789.")
        yield weights[f"category.{category}"], {"part": "category", "code": "group", "value": value}
    if compare_kinds(need.kind, offer.kind) is Fit.SAME:
        yield weights["kind.same"], {"part": "kind", "code": "same", "value": need.kind}
    group = compare_groups(need.groups, offer.groups)
    if group in (Fit.SAME, Fit.NEAR):
        names = {"need": need.item.target_group.strip(), "offer": offer.item.target_group.strip()}
        yield weights[f"target_group.{group}"], {"part": "target_group", **names}
    if compare_places(need.places, offer.places) is Fit.SAME:
        value = need.item.sub_district.strip()
        yield weights["place.same"], {"part": "place", "code": "same", "value": value}


def _find_time(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    common = meet(need.window, offer.window)
    if need.window and offer.window and common:
        yield weights["time.overlap"], {"part": "time", "code": "overlap", "value": str(common)}
    elif Window() not in (need.window, offer.window):
        yield 0.0, {"part": "time", "code": "unknown"}


def _find_amount(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    wanted, given = need.item.quantity, offer.item.quantity
    if wanted is None or given is None:
        return
    if compare_units(need.item.unit, offer.item.unit) is Fit.SAME:
        short = wanted > given
        worth = weights["quantity.unit"] - (weights["quantity.short"] if short else 0.0)
        fact: Fact = {"part": "quantity", "code": "amount_short" if short else "amount_enough"}
        fact["need"] = _spell(wanted, need.item.unit)
        fact["offer"] = _spell(given, offer.item.unit)
        yield worth, fact


def _spell(amount: float, unit: str) -> str:
    return f"{amount:.10g} {unit.strip()}"


def find_missing(need: Reading, offer: Reading) -> tuple[str, ...]:
    """Return the blank fields of either side that would make this pair's score surer."""
    sides = (("need", need), ("offer", offer))
    missing = [
        f"{side}.{name}"
        for name in ("description", "category", "kind", "target_group")
        for side, reading in sides
        if not getattr(reading.item, name).strip()
    ]
    if Window() not in (need.window, offer.window):
        missing += [f"{side}.time_window" for side, one in sides if one.window is None]
    if offer.places and not need.places:
        missing.append("need.sub_district")
    units = {need.item.unit.strip(), offer.item.unit.strip()} - {""}
    wanted, given = need.item.quantity, offer.item.quantity
    if len(units) == 1 and (wanted is None) != (given is None):
        missing.append("need.quantity" if wanted is None else "offer.quantity")
    return tuple(missing)
