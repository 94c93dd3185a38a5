"""The one error that bad input raises."""

from __future__ import annotations

import re
import unicodedata

from lianqiao.language import Text, Translator

# Control characters (line feed, escape), line and paragraph separators.
BREAKS = frozenset({"Cc", "Zl", "Zp"})
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[ -]?[\dXx](?![0-9A-Za-z])")


class InputError(Exception):
    """What the user gave can't be used.

    text: what is wrong and what to do about it, in one sentence or two; file, sheet and cell say
    where, as the user sees them ("needs.xlsx", "需求清单", "H17"), empty where they don't apply.
    """

    def __init__(self, text: Text, *, file: str = "", sheet: str = "", cell: str = "") -> None:
        super().__init__(text.msgid)
        self.text, self.file, self.sheet, self.cell = text, file, sheet, cell

    def line(self, translator: Translator) -> str:
        """One line in the reader's language: place first, then what is wrong and the remedy.

        Whatever may be a person's ID number is masked.
        """
        place = " · ".join(part for part in (self.file, self.sheet, self.cell) if part)
        said = translator.render(self.text)
        line = in_one_line(f"{place}: {said}" if place else said)
        return _ID_NUMBER.sub("＊＊＊", line)


def in_one_line(text: str) -> str:
    """The text without line breaks and control characters, which names and cells may hold.

    A terminal would obey them, and one error must stay one line.
    """
    return "".join(" " if unicodedata.category(c) in BREAKS else c for c in text)
