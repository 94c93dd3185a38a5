"""Whom a need or an offer is for: groups of people known by many names, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from twosided.relevance.fields import Fit
from twosided.relevance.words import find_spans

EVERYONE = "everyone"
_OLD, _YOUNG = 60, 17
_LONGEST = 4
_KEPT = 65_536
_AGE = re.compile(r"\b(?:over|above|aged?)\s+(?:the\s+age\s+of\s+)?(\d{1,2})\b|(\d{1,2})岁以上")

Groups = frozenset[str]
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class _Lexicon:
    """wider: group → the group that holds it, "" if none. han, latin: name → its groups."""

    wider: Mapping[str, str]
    han: Mapping[str, Groups]
    latin: Mapping[Phrase, Groups]


@cache
def _lexicon() -> _Lexicon:
    path = resources.files("twosided.relevance") / "groups.txt"
    wider: dict[str, str] = {}
    han: dict[str, Groups] = {}
    latin: dict[Phrase, Groups] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        heading, colon, rest = line.partition(": ")
        if line.startswith("#") or not colon:
            continue
        group, _, wider_one = heading.partition(" > ")
        chinese, _, english = rest.partition(" / ")
        wider[group] = wider_one
        for name in chinese.split():
            han[name] = han.get(name, frozenset()) | {group}
        for name in english.split(", "):
            phrase = tuple(span.stem for span in find_spans(name))
            latin[phrase] = latin.get(phrase, frozenset()) | {group}
    return _Lexicon(wider, han, latin)


@lru_cache(_KEPT)
def find_groups(text: str) -> Groups:
    """Return the groups of people that a text names; "高龄老人" and "seniors" are one."""
    lexicon = _lexicon()
    found = set[str]().union(*(held for name, held in lexicon.han.items() if name in text))
    stems = [span.stem for span in find_spans(text)]
    for first in range(len(stems)):
        for last in range(first + 1, min(first + _LONGEST, len(stems) + 1)):
            found |= lexicon.latin.get(tuple(stems[first:last]), frozenset())
    for age in _AGE.finditer(text.casefold()):
        years = int(age[1] or age[2])
        found |= {"older"} if years >= _OLD else {"children"} if years < _YOUNG else set()
    return frozenset(found)


def name_groups(text: str, groups: Groups) -> str:
    """Return the words of a text that name one of the groups, "" if none does."""
    lexicon = _lexicon()
    for name, held in lexicon.han.items():
        if name in text and held & groups:
            return name
    spans = find_spans(text)
    for size in range(_LONGEST, 0, -1):
        for first in range(len(spans) - size + 1):
            run = spans[first : first + size]
            if lexicon.latin.get(tuple(each.stem for each in run), frozenset()) & groups:
                return text[run[0].start : run[-1].end]
    return ""


@lru_cache(_KEPT)
def relate_groups(need: Groups, offer: Groups) -> Fit:
    """SAME: a group of both; NEAR: one is for everyone, or one group holds another of the other."""
    if not need or not offer:
        return Fit.UNKNOWN
    if (need & offer) - {EVERYONE}:
        return Fit.SAME
    if EVERYONE in need | offer:
        return Fit.NEAR
    return Fit.OTHER if _widen(need).isdisjoint(_widen(offer)) else Fit.NEAR


def _widen(groups: Groups) -> Groups:
    wider = _lexicon().wider
    return groups | {wider[group] for group in groups if wider[group]}
