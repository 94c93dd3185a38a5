"""Cutting Chinese, English and mixed text into words and character bigrams."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from twosided.relevance.stopwords import STOP_WORDS


def pair_characters(run: str) -> list[str]:
    """Return the overlapping character pairs of a run; a single character stays alone."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


try:
    import rjieba
except ImportError:  # the extra is not installed: pairs of characters stand in for words
    cut_han: Callable[[str], list[str]] = pair_characters
else:
    cut_han = rjieba.cut

HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|[^\W\d_{HAN}][^\W_{HAN}]*(?:['’][^\W\d_{HAN}]+)?")
_LATIN = re.compile(rf"[^\W\d_{HAN}][^\W_{HAN}]*")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
FIRST_HAN = "\u3000"  # what comes before it is spelt in letters
_MIN_STEM = 3
_KEPT = 4_096  # texts: an exchange's own come again with every round


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the text shows it, folded (width and case), and the key where equal words meet."""

    surface: str
    form: str
    key: str


@dataclass(frozen=True, slots=True)
class Span:
    """A word of a script other than Chinese: its stem, and where it stands in the text."""

    stem: str
    start: int
    end: int


def stem(word: str) -> str:
    """Return a lower-case English word without its commonest endings (parking, parks → park)."""
    word = re.sub(r"['’].*$", "", word)
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                break
            word = word[: -len(ending)] + replacement
            break
    if len(word) > _MIN_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > _MIN_STEM else word


def find_spans(text: str) -> list[Span]:
    """Return all words of other scripts than Chinese, stop words too, in order."""
    return [
        Span(stem(unicodedata.normalize("NFKC", each[0]).lower()), each.start(), each.end())
        for each in _LATIN.finditer(text)
    ]


def cut_words(text: str) -> list[Word]:
    """Return the words of a text in order, without stop words, digits and punctuation."""
    return list(_cut_once(text))


@lru_cache(_KEPT)
def _cut_once(text: str) -> tuple[Word, ...]:
    words: list[Word] = []
    for run in _RUNS.finditer(text):
        if run["han"]:
            pieces = cut_han(run["han"])
            words.extend(Word(one, one, one) for one in pieces if one not in STOP_WORDS)
        else:
            folded = unicodedata.normalize("NFKC", run[0]).lower()
            if folded not in STOP_WORDS:
                words.append(Word(run[0], folded, stem(folded)))
    return tuple(words)


def cut_pairs(text: str) -> list[str]:
    """Return the neighbouring characters of every Chinese run, and the words of other scripts."""
    pairs: list[str] = []
    for run in _RUNS.finditer(text):
        if han := run["han"]:
            pairs.extend(pair_characters(han))
    pairs.extend(word.key for word in cut_words(text) if word.form[0] < FIRST_HAN)
    return [pair for pair in pairs if pair not in STOP_WORDS]


def cut_pieces(text: str) -> list[str]:
    """Return single Chinese characters, and three letters in a row of the words of other scripts.

    停车 and 车位 share one, as do "charger" and "charging".
    """
    pieces = [one for one in text if _HAN_CHARACTER.match(one) and one not in STOP_WORDS]
    for word in cut_words(text):
        if word.form[0] < FIRST_HAN:
            framed = f"^{word.form}$"
            pieces.extend(framed[at : at + 3] for at in range(max(1, len(framed) - 2)))
    return pieces


def share_of_han(text: str) -> float:
    """Return the Chinese share of a text's letters, 0 to 1; 0.5 where it has no letters."""
    han = len(_HAN_CHARACTER.findall(text))
    letters = sum(character.isalpha() for character in text)
    return han / letters if letters else 0.5
