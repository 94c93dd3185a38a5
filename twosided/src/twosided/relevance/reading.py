"""An item once read: its text cut into words, its fields split and parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twosided.relevance.extraction import Extract, extract
from twosided.relevance.fields import split_names
from twosided.relevance.groups import find_groups
from twosided.relevance.item import Item, describe
from twosided.relevance.thesaurus import find_concepts
from twosided.relevance.windows import Window, read_window
from twosided.relevance.words import Word, cut_words, share_of_han


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


def read_item(item: Item) -> Reading:
    text = describe(item)
    words = tuple(cut_words(text))
    return Reading(
        item=item,
        text=text,
        words=words,
        telling={word.form: word for word in words if len(word.surface) > 1},
        groups=split_names(item.target_group),
        places=split_names(item.sub_district),
        window=read_window(item.time_window),
        kind=item.kind.strip().casefold(),
        han=share_of_han(text),
        concepts=find_concepts(text),
        people=find_groups(item.target_group),
        said=extract(text),
    )
