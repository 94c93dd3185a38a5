"""The one error that bad input raises."""

from __future__ import annotations

from lianqiao.language import Text, Translator


class InputError(Exception):
    """What the user gave can't be used.

    text: what is wrong and what to do about it, in one sentence or two; file, sheet and cell say
    where, as the user sees them ("needs.xlsx", "需求清单", "H17"), empty where they don't apply.
    """

    def __init__(self, text: Text, *, file: str = "", sheet: str = "", cell: str = "") -> None:
        super().__init__(text.msgid)
        self.text, self.file, self.sheet, self.cell = text, file, sheet, cell

    def line(self, translator: Translator) -> str:
        """One line in the reader's language: place first, then what is wrong and the remedy."""
        place = " · ".join(part for part in (self.file, self.sheet, self.cell) if part)
        said = translator.render(self.text).replace("\n", " ")
        return f"{place}: {said}" if place else said
