"""Why a pair scores as it does, in facts that any language can render, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter

from twosided.relevance import logistic
from twosided.relevance.extraction import conflict, find_amount
from twosided.relevance.features import Comparison, meet_groups
from twosided.relevance.fields import (
    Fit,
    compare_categories,
    compare_kinds,
    compare_places,
    compare_units,
)
from twosided.relevance.groups import EVERYONE, name_groups
from twosided.relevance.reading import DESCRIBING, Reading
from twosided.relevance.stopwords import STOP_WORDS
from twosided.relevance.windows import Window, meet
from twosided.relevance.words import FIRST_HAN, Word

AT_MOST = 6
# So many facts are kept for words, if there are so many: fields alone convince nobody.
FOR_WORDS = 3
_RELATED_BY_A_CHARACTER = 0.6
_DISCOUNT = 0.5  # of what is read from a text
_TELLING = 1.5  # what a description may well move, in log-odds
_NAMED = 0.8  # the list of concepts says that the words speak of one thing
# Alike to an encoder, silly to a reader: counts, spans of time, words that only join others.
_SAY_LITTLE = re.compile(
    r"[第约近]?[\d〇零一二三四五六七八九十百千万两几半]+.{0,2}|(?:mon|tues|wednes|thurs|fri|satur|sun)?days?"
    r"|hours?(?:'s)?|minutes?|weeks?|weekdays?|weekly|months?|years?|times?|dates?|age|old|end"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|.+teen|.+ty|hundred)"
    r"|since|through|among|put|see|bring|brings|brought|willing|he'll|they'll|we'll|wills?"
    r"|things?|way|lot|lots|bit|come|start|use|used|using|run|keep|kept|set|place|folk",
    re.IGNORECASE,
)
_KEPT = 65_536
_ONGOING = Window()

Fact = dict[str, object]
Weighed = tuple[float, Fact]
Weights = Mapping[str, float]
_WORTH: Callable[[Weighed], float] = itemgetter(0)


def find_evidence(
    need: Reading, offer: Reading, comparison: Comparison, weights: Weights
) -> tuple[Fact, ...]:
    """Return at most six facts about the pair, strongest first."""
    worded = _find_words(need, offer, comparison, weights)
    worded.sort(key=_WORTH, reverse=True)
    fielded = [*_find_fields(need, offer, weights), *_find_amount(need, offer, weights)]
    fielded.extend(_find_time(need, offer, weights))
    fielded.sort(key=_WORTH, reverse=True)
    kept = fielded[: AT_MOST - min(len(worded), FOR_WORDS)]
    kept += worded[: AT_MOST - len(kept)]
    kept.sort(key=_WORTH, reverse=True)
    return tuple(fact for _, fact in kept)


def _find_words(
    need: Reading, offer: Reading, comparison: Comparison, weights: Weights
) -> list[Weighed]:
    """Return the shared and the related words, each weighed by its share of the need's words."""
    weigh = comparison.rarity.weights.__getitem__
    total = sum(map(weigh, need.telling_keys)) or 1.0
    shared = _share_words(need, offer)
    worth = (weights["words.pairs"] + weights["words.pieces"]) / total
    found: list[Weighed] = [
        (
            weigh(one.key) * worth,
            {"part": "words", "need": one.surface, "offer": other.surface},
        )
        for one, other in shared
    ]
    said = {word.surface for couple in shared for word in couple}
    for mine, theirs in _meet_concepts(need, offer):
        if said.isdisjoint((mine, theirs)) and len(found) < AT_MOST:
            said |= {mine, theirs}
            worth = weights.get("meaning.concepts", 0.0) / (1 + len(need.concepts))
            found.append((worth * _NAMED, _relate(mine, theirs, _NAMED)))
    worth = weights.get("meaning.words", 0.0) / total
    for one, other, strength in _relate_words(need, offer, said, comparison):
        found.append(
            (strength * weigh(one.key) * worth, _relate(one.surface, other.surface, strength))
        )
    return found


def _relate(need: str, offer: str, strength: float) -> Fact:
    fact: Fact = {"part": "meaning", "need": need, "offer": offer}
    return fact | {"related": True, "strength": round(strength, 2)}


def _meet_concepts(need: Reading, offer: Reading) -> Iterator[tuple[str, str]]:
    """Yield the words by which both name one concept, the longest ones, where they differ."""
    for concept in sorted(need.concepts.keys() & offer.concepts.keys()):
        here, there = need.concepts[concept], offer.concepts[concept]
        if {word.casefold() for word in here} & {word.casefold() for word in there}:
            continue
        mine, theirs = _pick_longest(here), _pick_longest(there)
        if mine and theirs and not (mine in theirs or theirs in mine):
            yield mine, theirs


def _pick_longest(words: tuple[str, ...]) -> str:
    telling = (word for word in words if len(word) > 1 and word.casefold() not in STOP_WORDS)
    return max(telling, key=len, default="")


def _share_words(need: Reading, offer: Reading) -> list[tuple[Word, Word]]:
    """Return couples of words with one key, and words that stand inside the other's text."""
    keys = offer.keys
    couples = []
    if not keys.keys().isdisjoint(need.telling_keys):
        mine = need.telling.values()
        couples = [(word, keys[word.key]) for word in mine if word.key in keys]
    inside = [word for word in need.telling_han if word.surface in offer.text]
    inside += [word for word in offer.telling_han if word.surface in need.text]
    said = [one.surface for one, _ in couples]
    for word in inside:
        if not any(word.surface in known for known in said):
            said.append(word.surface)
            couples.append((word, word))
    return couples


def _relate_words(
    need: Reading, offer: Reading, said: set[str], comparison: Comparison
) -> Iterator[tuple[Word, Word, float]]:
    """Yield, for each word of the need not said yet, the most alike word of the offer."""
    if comparison.alignment is None:
        return
    related = comparison.alignment.related
    forms = offer.telling.keys()
    mine = [
        word
        for form, word in need.telling.items()
        if form in related and not forms.isdisjoint(related[form].keys())
    ]
    theirs = _pick_telling(offer.telling.values(), said) if mine else []
    for one in _pick_telling(mine, said):
        alike = related[one.form]
        near = [word for word in theirs if word.form in alike]
        if not near:
            continue
        other = max(near, key=lambda word: alike[word.form])
        strength = alike[other.form]
        if strength >= _RELATED_BY_A_CHARACTER or not _share_a_character(one, other):
            yield one, other, strength


def _pick_telling(words: Iterable[Word], said: set[str]) -> list[Word]:
    """Return the words that say much and neither hold what was said nor stand in it."""
    picked = [word for word in words if not _says_little(word.form)]
    if said:
        whole = "\n".join(said)
        picked = [word for word in picked if word.surface not in whole]
    for each in said:
        picked = [word for word in picked if each not in word.surface]
    return picked


@lru_cache(_KEPT)
def _says_little(form: str) -> bool:
    return _SAY_LITTLE.fullmatch(form) is not None


def _share_a_character(one: Word, other: Word) -> bool:
    return any(character >= FIRST_HAN and character in other.form for character in one.form)


def _find_fields(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    yield from _find_category(need, offer, weights)
    yield from _find_kind(need, offer, weights)
    yield from _find_groups(need, offer, weights)
    if compare_places(need.places, offer.places) is Fit.SAME:
        value = need.item.sub_district.strip()
        yield weights["place.same"], {"part": "place", "code": "same", "value": value}
    elif both := _said_of_both(need.places, need.said.places, offer.places, offer.said.places):
        fact: Fact = {"part": "place", "code": "same", "value": min(both), "extracted": True}
        yield weights.get("place.read", 0.0), fact


def _find_category(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    code, other = need.item.category.strip(), offer.item.category.strip()
    category = compare_categories(code, other)
    if category is Fit.SAME:
        yield weights["category.same"], {"part": "category", "code": "same", "value": code}
    elif category in (Fit.NEAR, Fit.WITHIN):
        value = code.rstrip("0123456789.")
        yield weights[f"category.{category}"], {"part": "category", "code": "group", "value": value}
    elif category is Fit.OTHER:
        yield -weights["category.other"], _differ("category", code, other)


def _find_kind(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    kind = compare_kinds(need.kind, offer.kind)
    if kind is Fit.SAME:
        yield weights["kind.same"], {"part": "kind", "code": "same", "value": need.kind}
    elif kind is not Fit.UNKNOWN:
        yield -weights[f"kind.{kind}"], _differ("kind", need.kind, offer.kind)
    else:
        here, there = need.kind or need.said.kind, offer.kind or offer.said.kind
        if here and here == there:
            fact: Fact = {"part": "kind", "code": "same", "value": here, "extracted": True}
            yield weights.get("kind.read", 0.0), fact


def _find_groups(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    names = need.item.target_group.strip(), offer.item.target_group.strip()
    group = meet_groups(need.groups, need.people, offer.groups, offer.people)
    if group in (Fit.SAME, Fit.NEAR):
        fact: Fact = {"part": "target_group", "need": names[0], "offer": names[1]}
        yield weights[f"target_group.{group}"], fact
    elif group is Fit.OTHER:
        yield -weights["target_group.other"], _differ("target_group", *names)
    elif not all(names):
        both = _said_of_both(need.people, need.said.groups, offer.people, offer.said.groups)
        if met := both - {EVERYONE}:
            sides = zip(("need", "offer"), (need, offer), names, strict=True)
            told = {side: name or name_groups(one.text, met) for side, one, name in sides}
            fact = {"part": "target_group", **told, "extracted": True}
            yield weights.get("target_group.read", 0.0), fact


def _said_of_both(
    need: frozenset[str], told: frozenset[str], offer: frozenset[str], also: frozenset[str]
) -> frozenset[str]:
    """Return what both name where a field is blank: the field's value, else what the text tells."""
    return frozenset() if need and offer else (need or told) & (offer or also)


def _differ(part: str, need: str, offer: str) -> Fact:
    return {"part": part, "code": "differs", "need": need, "offer": offer}


def _find_time(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    common = meet(need.window, offer.window)
    slots = conflict(need.said.slots, offer.said.slots)
    if slots:
        yield -weights.get("time.apart", 0.0), _differ("time", *slots) | {"extracted": True}
    elif need.window and offer.window and common:
        yield weights["time.overlap"], {"part": "time", "code": "overlap", "value": str(common)}
    elif both := need.said.slots & offer.said.slots:
        fact: Fact = {"part": "time", "code": "overlap", "value": min(both), "extracted": True}
        yield weights.get("time.read", 0.0), fact
    elif _ONGOING not in (need.window, offer.window):
        yield 0.0, {"part": "time", "code": "unknown"}


def _find_amount(need: Reading, offer: Reading, weights: Weights) -> Iterator[Weighed]:
    wanted, given = need.item.quantity, offer.item.quantity
    unit = need.item.unit if wanted is not None else offer.item.unit
    is_extracted = wanted is None or given is None
    if wanted is None:
        wanted = find_amount(need.said, unit)
    if given is None:
        given = find_amount(offer.said, unit)
    same_unit = compare_units(need.item.unit, offer.item.unit) is Fit.SAME
    if wanted is None or given is None or not (same_unit or is_extracted):
        return
    short = wanted > given
    worth = weights["quantity.unit"] - (weights["quantity.short"] if short else 0.0)
    fact: Fact = {"part": "quantity", "code": "amount_short" if short else "amount_enough"}
    fact |= {"need": _spell(wanted, unit), "offer": _spell(given, unit)}
    yield (worth * _DISCOUNT, fact | {"extracted": True}) if is_extracted else (worth, fact)


def _spell(amount: float, unit: str) -> str:
    return f"{amount:.10g} {unit.strip()}"


def find_missing(
    need: Reading, offer: Reading, weights: logistic.Weights, odds: float = 0.0
) -> tuple[str, ...]:
    """Return the blank fields of either side that would make this pair's score surer.

    First the one that could move the score furthest. odds: of the pair, as log-odds.
    """
    blank = _find_blank(need, offer)
    return tuple(sorted(blank, key=lambda name: -_span(name, odds, weights)))


def _span(name: str, odds: float, weights: logistic.Weights) -> float:
    """Return how far apart the best and the worst answer would leave the score, in [0, 1]."""
    field = name.partition(".")[2]
    if field in ("time_window", "sub_district"):
        return logistic.chance(odds)  # the worst answer excludes the pair
    least, most = weights.spans.get("quantity" if field == "unit" else field, (0.0, 0.0))
    if field == "description":
        least, most = -_TELLING, _TELLING
    return logistic.chance(odds + most) - logistic.chance(odds + least)


def _find_blank(need: Reading, offer: Reading) -> list[str]:
    sides = (("need", need), ("offer", offer))
    missing = []
    if need.blank or offer.blank:
        missing = [
            f"{side}.{name}" for name in DESCRIBING for side, one in sides if name in one.blank
        ]
    if _ONGOING not in (need.window, offer.window):
        missing += [f"{side}.time_window" for side, one in sides if one.window is None]
    if offer.places and not need.places:
        missing.append("need.sub_district")
    wanted, given = need.item.quantity, offer.item.quantity
    if (wanted is None) != (given is None):
        units = {need.item.unit.strip(), offer.item.unit.strip()} - {""}
        if len(units) == 1:
            missing.append("need.quantity" if wanted is None else "offer.quantity")
    return missing
