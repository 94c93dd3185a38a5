"""Which name of a list is meant by a name as somebody wrote it, and how surely."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from lianqiao.exchange.name_spellings import INSTITUTION, TITLE, Spelling, spelling, spellings

# From here on a name is taken for one of the list, if no other comes near; below UNLIKE it has
# nothing to do with it.
ALIKE, UNLIKE = 0.78, 0.5
# What the best must be ahead of the next to be taken.
AHEAD = 0.1
SAME = 1.0

_LIKE_AT_MOST = 0.97
_HEARD = 0.8
_SWAPPED = 0.88
_SHORTENED, _CONTRACTED = 0.9, 0.82
_CONTAINED = 0.92
_INITIALS = 0.85
_TOLD_APART = 0.6
_WORD_ALIKE, _WORD_BEGUN = 0.72, 0.9
_ALL_COMPARED, _COMPARED = 30, 8
# In percent: a part that is less like the rest of a title is no part of it.
_PART_ALIKE = 80
_TELLING = re.compile(
    r"\d+|[一二三四五六七八九十东西南北上下]|"
    r"\b(?:north|south|east|west|upper|lower)\b"
)

Scorer = Callable[..., float]


class Near(NamedTuple):
    """A name of the list, by its key, and how like it is: 1 the same, 0 nothing in common."""

    key: str
    likeness: float


class NameList:
    """The names or titles of one side, to be found however they are written.

    names: texts by key; several keys may have the same text. sort: COMMUNITY, INSTITUTION or TITLE.
    """

    def __init__(self, names: Mapping[str, str], sort: str) -> None:
        self._sort = sort
        said = [(key, one) for key, text in names.items() for one in spellings(text, sort)]
        self._weight = _weights(one for _, one in said)
        # Names that many share are compared once, and none of them is crowded out by the others.
        self._keys: dict[Spelling, list[str]] = {}
        for key, one in said:
            self._keys.setdefault(one, []).append(key)
        self._said = list(self._keys)
        self._cores = [one.core for one in self._said]
        self._sounds = [one.sound for one in self._said]
        self._order = {key: at for at, key in enumerate(names)}
        self._found: dict[str, tuple[Near, ...]] = {}

    def ranked(self, text: str) -> tuple[Near, ...]:
        """Every name that has anything in common with a text, the likest first, the list's order
        among equals. Time linear in the list, remembered for each text.
        """
        if text not in self._found:
            self._found[text] = self._ranked(text)
        return self._found[text]

    def best(self, text: str) -> float:
        """How like the likest name is."""
        return max((near.likeness for near in self.ranked(text)[:1]), default=0.0)

    def _ranked(self, text: str) -> tuple[Near, ...]:
        written = spelling(text, self._sort)
        if not written.core:
            return ()
        best: dict[str, float] = {}
        for at in self._compared(written):
            one = self._said[at]
            likeness = round(self._likeness(written, one), 3)
            if likeness > 0:
                best.update({k: max(best.get(k, 0.0), likeness) for k in self._keys[one]})
        order = self._order
        found = sorted(best.items(), key=lambda pair: (-pair[1], order[pair[0]]))
        return tuple(Near(key, likeness) for key, likeness in found)

    def _compared(self, written: Spelling) -> Iterable[int]:
        """Which names are worth a closer look."""
        if len(self._said) <= _ALL_COMPARED:
            return range(len(self._said))
        likest: set[int] = set()
        for said, texts, scorer, least in self._searches(written):
            likest.update(
                at
                for _, _, at in process.extract(
                    said, texts, scorer=scorer, limit=_COMPARED, score_cutoff=least
                )
            )
        if self._sort == INSTITUTION:
            likest.update(at for at, one in enumerate(self._said) if _is_short(written, one))
        return sorted(likest)

    def _searches(self, written: Spelling) -> Iterator[tuple[str, list[str], Scorer, int]]:
        """What is looked for where, by which measure, and how like it must be in percent."""
        yield written.core, self._cores, fuzz.ratio, 0
        yield written.sound, self._sounds, fuzz.ratio, 0
        if written.words:
            yield written.core, self._cores, fuzz.token_sort_ratio, 0
        if self._sort == TITLE:
            yield written.core, self._cores, fuzz.partial_ratio, _PART_ALIKE

    def _likeness(self, written: Spelling, listed: Spelling) -> float:
        if written.whole == listed.whole or written.core == listed.core:
            return SAME
        if written.words and listed.words:
            likeness = _likeness_of_words(written, listed, self._weight)
        else:
            likeness = _likeness_of_signs(written, listed, self._sort)
        if _are_told_apart(written, listed):
            likeness = min(likeness, _TOLD_APART)
        if self._sort == INSTITUTION:
            likeness = max(likeness, _shortened(written.core, listed.core))
        return min(likeness, _LIKE_AT_MOST)


def _is_short(written: Spelling, listed: Spelling) -> bool:
    """Whether one is a short form of the other: 发改局, or the first letters of all words."""
    if written.words:
        return written.whole == listed.initials or written.initials == listed.whole
    return _shortened(written.core, listed.core) > 0


def _are_told_apart(written: Spelling, listed: Spelling) -> bool:
    """Whether numbers or directions differ and that is no slip of the ear: 一小 and 二小."""
    if written.sound == listed.sound:
        return False
    return _telling(written.core) != _telling(listed.core)


@lru_cache(maxsize=65536)
def _telling(core: str) -> tuple[str, ...]:
    return tuple(_TELLING.findall(core))


def _likeness_of_signs(written: Spelling, listed: Spelling, sort: str) -> float:
    here, there = written.core, listed.core
    seen = max(fuzz.ratio(here, there) / 100, OSA.normalized_similarity(here, there))
    heard = max(
        OSA.normalized_similarity(written.sound, listed.sound),
        OSA.normalized_similarity(written.look, listed.look),
    )
    likeness = seen + _HEARD * max(0.0, heard - seen)
    if len(here) == len(there) and sorted(here) == sorted(there):
        likeness = max(likeness, _SWAPPED)
    if sort == TITLE:
        # What is the same sounds the same, so the sounds tell both.
        likeness = max(likeness, _contained(written.sound, listed.sound))
    return likeness


def _shortened(here: str, there: str) -> float:
    """发改局 of 发展和改革局: the signs of the shorter in their order, its ends at the ends."""
    short, long = sorted((here, there), key=len)
    if len(short) < 2 or len(long) > 6 * len(short):
        return 0.0
    rest = iter(long)
    if not all(sign in rest for sign in short):
        return 0.0
    same_ends = short[0] == long[0] and short[-1] == long[-1]
    return _SHORTENED if same_ends else _CONTRACTED


def _contained(here: str, there: str) -> float:
    short, long = sorted((here, there), key=len)
    if len(short) < 4:
        return 0.0
    return _CONTAINED * fuzz.partial_ratio(short, long, score_cutoff=_PART_ALIKE) / 100


def _likeness_of_words(written: Spelling, listed: Spelling, weight: Mapping[str, float]) -> float:
    joined = (written.core.replace(" ", ""), listed.core.replace(" ", ""))
    likeness = _shared_weight(written.words, listed.words, weight)
    if fuzz.ratio(*joined) >= 93:
        likeness = max(likeness, fuzz.ratio(*joined) / 100)
    initials = {written.initials, listed.initials}
    if {written.whole, listed.whole} & {one for one in initials if len(one) > 2}:
        likeness = max(likeness, _INITIALS)
    return likeness


def _shared_weight(
    here: tuple[str, ...], there: tuple[str, ...], weight: Mapping[str, float]
) -> float:
    """The weight that both have in common, of all; a word typed wrong counts for nearly one."""
    shared, rest = 0.0, list(there)
    weight_here = 0.0
    for word in here:
        likest = max(rest, key=lambda other: _word_likeness(word, other), default="")
        likeness = _word_likeness(word, likest) if likest else 0.0
        if likeness:
            rest.remove(likest)
            shared += 2 * likeness * weight.get(likest, 1.0)
        weight_here += weight.get(likest if likeness else word, 1.0)
    whole = weight_here + sum(weight.get(word, 1.0) for word in there)
    return shared / whole if whole else 0.0


@lru_cache(maxsize=65536)
def _word_likeness(here: str, there: str) -> float:
    if here == there:
        return 1.0
    if here.isdecimal() or there.isdecimal() or min(len(here), len(there)) < 3:
        return 0.0
    if there.startswith(here) or here.startswith(there):
        return _WORD_BEGUN
    likeness = OSA.normalized_similarity(here, there)
    return likeness if likeness >= _WORD_ALIKE else 0.0


def _weights(said: Iterable[Spelling]) -> dict[str, float]:
    """How much each word tells: one that every name has tells little."""
    names = [set(one.words) for one in said if one.words]
    counted = Counter(word for words in names for word in words)
    most = math.log(1 + len(names)) or 1.0
    return {word: math.log(1 + len(names) / count) / most for word, count in counted.items()}
