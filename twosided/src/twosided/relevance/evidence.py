"""Why a pair scores as it does, in facts that any language can render, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from twosided.relevance.features import Comparison
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_groups,
    compare_kinds,
    compare_places,
    split_names,
)
from twosided.relevance.item import Item, describe
from twosided.relevance.windows import Window, meet, read_window
from twosided.relevance.words import Word

AT_MOST = 6
AT_MOST_WORDS = 3
_RELATED = 0.35
_CJK = "\u3000"

Fact = dict[str, object]
Weighed = tuple[float, Fact]


def find_evidence(
    need: Item, offer: Item, i: int, j: int, comparison: Comparison, weights: Mapping[str, float]
) -> tuple[Fact, ...]:
    """Return at most six facts about the pair, strongest first."""
    facts = [
        *_find_words(need, offer, i, j, comparison, weights),
        *_find_fields(need, offer, weights),
        *_find_time(need, offer, weights),
        *_find_amount(need, offer, weights),
    ]
    facts.sort(key=lambda weighed: -weighed[0])
    return tuple(fact for _, fact in facts[:AT_MOST])


def _find_words(
    need: Item, offer: Item, i: int, j: int, comparison: Comparison, weights: Mapping[str, float]
) -> list[Weighed]:
    """Return the shared words and the related words that carry most weight."""
    mine = _readable(comparison.need_words[i])
    theirs = _readable(comparison.offer_words[j])
    shared = _share_words(mine, theirs, describe(need), describe(offer))
    total = sum(comparison.rarity.weigh(word.key) for word in mine.values()) or 1.0
    worth = weights["words.characters"] / total
    found: list[Weighed] = [
        (
            comparison.rarity.weigh(one.key) * worth,
            {"part": "words", "need": one.surface, "offer": other.surface},
        )
        for one, other in shared
    ]
    found.sort(key=lambda weighed: -weighed[0])
    said = {word.key for couple in shared for word in couple}
    rest = {form: word for form, word in mine.items() if word.key not in said}
    others = {form: word for form, word in theirs.items() if word.key not in said}
    worth = weights.get("meaning.words", 0.0) / total
    related = sorted(_relate_words(rest, others, comparison, worth), key=lambda fact: -fact[0])
    return found[:AT_MOST_WORDS] + related[:AT_MOST_WORDS]


def _readable(words: list[Word]) -> dict[str, Word]:
    """Return the distinct words by form, without single characters, which say little alone."""
    return {word.form: word for word in reversed(words) if len(word.surface) > 1}


def _share_words(
    mine: dict[str, Word], theirs: dict[str, Word], need: str, offer: str
) -> list[tuple[Word, Word]]:
    """Return couples of words with one key, and words that stand inside the other's text."""
    keys = {word.key: word for word in theirs.values()}
    couples = [(word, keys[word.key]) for word in mine.values() if word.key in keys]
    said = [one.surface for one, _ in couples]
    inside = [
        word
        for word, text in (
            *((word, offer) for word in mine.values()),
            *((word, need) for word in theirs.values()),
        )
        if word.surface[0] >= _CJK and word.surface in text
    ]
    for word in inside:
        if not any(word.surface in known for known in said):
            said.append(word.surface)
            couples.append((word, word))
    return couples


def _relate_words(
    mine: dict[str, Word], theirs: dict[str, Word], comparison: Comparison, worth: float
) -> Iterator[Weighed]:
    """Yield, for each word of the need, the most alike word of the offer, if alike enough."""
    alignment = comparison.alignment
    if alignment is None or not theirs:
        return
    for form, word in mine.items():
        row = alignment.likeness[alignment.need_words[form]]
        best = max(theirs, key=lambda other: (row[alignment.offer_words[other]], other))
        strength = float(row[alignment.offer_words[best]])
        if strength >= _RELATED:
            yield (
                strength * comparison.rarity.weigh(word.key) * worth,
                {
                    "part": "meaning",
                    "need": word.surface,
                    "offer": theirs[best].surface,
                    "related": True,
                    "strength": round(strength, 2),
                },
            )


def _find_fields(need: Item, offer: Item, weights: Mapping[str, float]) -> Iterator[Weighed]:
    category = compare_categories(need.category, offer.category)
    if category in (Fit.SAME, Fit.NEAR):
        code = "same" if category is Fit.SAME else "group"
        value = need.category.strip() if code == "same" else need.category.strip()[:1]
        worth = weights[f"category.{category.value}"]
        yield worth, {"part": "category", "code": code, "value": value}
    if compare_kinds(need.kind, offer.kind) is Fit.SAME:
        fact: Fact = {"part": "kind", "code": "same", "value": need.kind.strip()}
        yield weights["kind.same"], fact
    group = compare_groups(split_names(need.target_group), split_names(offer.target_group))
    if group in (Fit.SAME, Fit.NEAR):
        fact = {
            "part": "target_group",
            "need": need.target_group.strip(),
            "offer": offer.target_group.strip(),
        }
        yield weights[f"target_group.{group.value}"], fact
    if compare_places(split_names(need.sub_district), split_names(offer.sub_district)) is Fit.SAME:
        fact = {"part": "place", "code": "same", "value": need.sub_district.strip()}
        yield weights["place.same"], fact


def _find_time(need: Item, offer: Item, weights: Mapping[str, float]) -> Iterator[Weighed]:
    one, other = read_window(need.time_window), read_window(offer.time_window)
    common = meet(one, other)
    if one and other and common:
        yield weights["time.overlap"], {"part": "time", "code": "overlap", "value": str(common)}
    elif Window() not in (one, other):
        yield 0.0, {"part": "time", "code": "unknown"}


def _find_amount(need: Item, offer: Item, weights: Mapping[str, float]) -> Iterator[Weighed]:
    wanted, given = need.quantity, offer.quantity
    if wanted is None or given is None or not need.unit.strip():
        return
    if need.unit.strip().casefold() == offer.unit.strip().casefold():
        code = "amount_short" if wanted > given else "amount_enough"
        fact: Fact = {
            "part": "quantity",
            "code": code,
            "need": _spell(wanted, need.unit),
            "offer": _spell(given, offer.unit),
        }
        yield max(weights["quantity.unit"], -weights["quantity.short"]), fact


def _spell(quantity: float, unit: str) -> str:
    return f"{quantity:g} {unit.strip()}"


def find_missing(need: Item, offer: Item) -> tuple[str, ...]:
    """Return the blank fields of either side that would make this pair's score surer."""
    sides = (("need", need), ("offer", offer))
    missing = [
        f"{side}.{name}"
        for name in ("description", "category", "kind", "target_group")
        for side, item in sides
        if not getattr(item, name).strip()
    ]
    if "ongoing" not in (need.time_window.strip(), offer.time_window.strip()):
        missing += [f"{side}.time_window" for side, item in sides if not item.time_window.strip()]
    if offer.sub_district.strip() and not need.sub_district.strip():
        missing.append("need.sub_district")
    units = {need.unit.strip(), offer.unit.strip()}
    if len(units - {""}) == 1 and (need.quantity is None) != (offer.quantity is None):
        missing.append("need.quantity" if need.quantity is None else "offer.quantity")
    return tuple(missing)
