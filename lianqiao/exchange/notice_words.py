"""What was noticed about the inputs, as words: a notice may hold texts and lists within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lianqiao.exchange.wording import LISTS, WHY_NOT, Said, listed, word
from lianqiao.language import Text


@dataclass(frozen=True)
class Noticed:
    """A notice that can be counted: equal ones are equal, and have a hash. values: by name."""

    msgid: str
    values: tuple[tuple[str, object], ...]

    @property
    def text(self) -> Text:
        """The notice for a reader: codes in words, nested texts and lists as such."""
        return Text(self.msgid, {name: _worded(value) for name, value in self.values})


def noticed(msgid: str, values: Mapping[str, object]) -> Noticed:
    """A notice of a plan; a value may be a text with values of its own, or a list of any."""
    return Noticed(msgid, tuple((name, _frozen(value)) for name, value in values.items()))


def _frozen(value: object) -> object:
    if isinstance(value, Text):
        return noticed(value.msgid, value.values)
    if isinstance(value, Mapping):
        return _frozen_mapping(value)
    if isinstance(value, list | tuple):
        return tuple(_frozen(inner) for inner in value)
    return value if isinstance(value, int | float) else Said("" if value is None else value)


def _frozen_mapping(value: Mapping[str, object]) -> object:
    msgid = value.get("text", value.get("msgid"))
    inner = value.get("values", {})
    if isinstance(msgid, str) and isinstance(inner, Mapping):
        return noticed(msgid, inner)
    return tuple(_frozen(each) for each in value.values())


def _worded(value: object) -> object:
    if isinstance(value, Noticed):
        return value.text
    if isinstance(value, tuple):
        return listed(_worded(inner) for inner in value)
    return word(WHY_NOT | LISTS, value) if isinstance(value, str) else value
