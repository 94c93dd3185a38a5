"""How much of a text a picture has room for, reckoned without a font.

Widths are those of the system fonts that the picture asks for, taken generously: a label that is
cut a little early is legible, one that runs into its neighbour is not.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
# Widths in em of what is not a full square.
_NARROW = frozenset("ijlIt.,:;'|![]() ")
_WIDE = frozenset("mwMW@%")


def text_width(text: str, size: float) -> float:
    """Width of a line in px. size: of the font, in px."""
    return size * sum(_em(character) for character in text)


def fitted(text: str, width: float, size: float) -> str:
    """The text in one line of at most so many px, cut with an ellipsis if it is longer."""
    line = " ".join(text.split())
    if text_width(line, size) <= width:
        return line
    room, kept = width - size * _em(ELLIPSIS), []
    for character in line:
        room -= size * _em(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.95
    return 0.7 if character.isupper() else 0.6
