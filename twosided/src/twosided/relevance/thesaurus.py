"""The shipped list of concepts: words of community life that speak of one thing.

"Rats in the bin store" and "pest control visits" share no word and one concept. The list is
Chinese and English, so that concepts also meet across the two languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from twosided.relevance.words import find_spans

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Thesaurus:
    """names: of the concepts, in the order of the list. words: of each, Chinese and English.

    han: first character → (word, concept) of the Chinese words. latin: stems of an English phrase
    → its concepts. longest: stems of the longest phrase.
    """

    names: tuple[str, ...]
    words: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    han: Mapping[str, tuple[tuple[str, int], ...]]
    latin: Mapping[Phrase, tuple[int, ...]]
    longest: int


@cache
def load_thesaurus() -> Thesaurus:
    """Read the shipped list of concepts."""
    path = resources.files("twosided.relevance") / "concepts.txt"
    names: list[str] = []
    words: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    han: dict[str, list[tuple[str, int]]] = {}
    latin: dict[Phrase, list[int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, colon, rest = line.partition(": ")
        if line.startswith("#") or not colon:
            continue
        chinese, _, english = rest.partition(" / ")
        phrases = tuple(phrase.strip() for phrase in english.split(","))
        for word in chinese.split():
            han.setdefault(word[0], []).append((word, len(names)))
        for stems in sorted(set(map(_stem, phrases))):
            latin.setdefault(stems, []).append(len(names))
        names.append(name)
        words.append((tuple(chinese.split()), phrases))
    return Thesaurus(
        names=tuple(names),
        words=tuple(words),
        han={character: tuple(held) for character, held in han.items()},
        latin={stems: tuple(held) for stems, held in latin.items()},
        longest=max(map(len, latin)),
    )


def _stem(phrase: str) -> Phrase:
    return tuple(each.stem for each in find_spans(phrase))


def find_concepts(text: str) -> dict[int, tuple[str, ...]]:
    """Return the concepts that a text names, each with its words as the text shows them."""
    found: dict[int, dict[str, None]] = {}
    for concept, shown in _find_words(text, load_thesaurus()):
        found.setdefault(concept, {})[shown] = None
    return {concept: tuple(shown) for concept, shown in sorted(found.items())}


def _find_words(text: str, thesaurus: Thesaurus) -> Iterator[tuple[int, str]]:
    for at, character in enumerate(text):
        for word, concept in thesaurus.han.get(character, ()):
            if text.startswith(word, at):
                yield concept, word
    spans = find_spans(text)
    for first in range(len(spans)):
        for last in range(first, min(first + thesaurus.longest, len(spans))):
            stems = tuple(each.stem for each in spans[first : last + 1])
            for concept in thesaurus.latin.get(stems, ()):
                yield concept, text[spans[first].start : spans[last].end]
