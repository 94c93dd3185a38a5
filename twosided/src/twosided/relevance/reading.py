"""An item once read: its text cut into words, its fields split and parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from twosided.relevance.extraction import Extract, extract
from twosided.relevance.fields import split_names
from twosided.relevance.groups import find_groups
from twosided.relevance.item import Item, describe
from twosided.relevance.thesaurus import find_concepts
from twosided.relevance.windows import Window, read_window
from twosided.relevance.words import FIRST_HAN, Word, cut_words, share_of_han

_KEPT = 4_096  # texts: an exchange's own come again with every round
DESCRIBING = ("description", "category", "kind", "target_group")


@dataclass(frozen=True)
class Reading:
    """words: in order, stop words left out. telling: the distinct ones by form that a reader can
    be shown, without single characters, which say little alone. window: None if unknown.
    han: Chinese share of the letters. concepts: what the text names → the words that name it.
    people: the groups that the field names, whatever it calls them. said: what the text tells,
    for where a field is blank.
    """

    item: Item
    text: str
    words: tuple[Word, ...]
    telling: Mapping[str, Word]
    groups: frozenset[str]
    places: frozenset[str]
    window: Window | None
    kind: str
    han: float
    concepts: Mapping[int, tuple[str, ...]]
    people: frozenset[str]
    said: Extract

    @cached_property
    def blank(self) -> frozenset[str]:
        """Those of the fields of `DESCRIBING` that say nothing."""
        return frozenset(name for name in DESCRIBING if not getattr(self.item, name).strip())

    @cached_property
    def keys(self) -> Mapping[str, Word]:
        """The telling words by key; of several the last."""
        return {word.key: word for word in self.telling.values()}

    @cached_property
    def telling_keys(self) -> tuple[str, ...]:
        """The keys of the telling words, in their order; one key may come several times."""
        return tuple(word.key for word in self.telling.values())

    @cached_property
    def telling_han(self) -> tuple[Word, ...]:
        """The telling words in Chinese characters."""
        return tuple(word for word in self.telling.values() if word.surface[0] >= FIRST_HAN)


def read_item(item: Item) -> Reading:
    text = describe(item)
    told = _read_text(text)
    return Reading(
        item=item,
        text=text,
        words=told.words,
        telling=told.telling,
        groups=split_names(item.target_group),
        places=split_names(item.sub_district),
        window=read_window(item.time_window),
        kind=item.kind.strip().casefold(),
        han=told.han,
        concepts=told.concepts,
        people=find_groups(item.target_group),
        said=told.said,
    )


class _Told(NamedTuple):
    """What an item's text alone gives; see `Reading`."""

    words: tuple[Word, ...]
    telling: Mapping[str, Word]
    han: float
    concepts: Mapping[int, tuple[str, ...]]
    said: Extract


@lru_cache(_KEPT)
def _read_text(text: str) -> _Told:
    words = tuple(cut_words(text))
    telling = {word.form: word for word in words if len(word.surface) > 1}
    return _Told(words, telling, share_of_han(text), find_concepts(text), extract(text))
