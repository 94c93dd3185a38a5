"""Texts that are not yet in any language, and the two ways to give them one.

Layers below the door (command line, report, page) never choose a language: they make a `Text`, and
the door renders it with the translator of the reader's language.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("zh-Hans", "en")
_LOCALE_DIR = Path(__file__).parent / "locale"
_DOMAIN = "lianqiao"


def N_(msgid: str) -> str:  # noqa: N802 -- the name that translation tools look for
    """Mark a msgid for extraction; returns it unchanged."""
    return msgid


@dataclass(frozen=True)
class Text:
    """A sentence as an English msgid with `%(name)s` places, and the values that fill them.

    A value may itself be a `Text`; it is rendered in the same language first.
    """

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)


class Translator:
    """Renders texts in one language. English is the source language and needs no catalogue."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {LANGUAGES}, not {language!r}")
        self.language = language
        self._catalogue = gettext.translation(
            _DOMAIN, _LOCALE_DIR, [language.replace("-", "_")], fallback=language == "en"
        )

    def gettext(self, msgid: str) -> str:
        """The sentence of this language, places unfilled."""
        return self._catalogue.gettext(msgid) if msgid else ""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The sentence of this language for n things, places unfilled."""
        return self._catalogue.ngettext(singular, plural, n)

    def render(self, text: Text) -> str:
        """The sentence of this language with its places filled."""
        values = {
            name: self.render(value) if isinstance(value, Text) else value
            for name, value in text.values.items()
        }
        sentence = self.gettext(text.msgid)
        return sentence % values if values else sentence


def language_of_locale(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the user's locale asks for: Chinese of any kind, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return "zh-Hans" if value.lower().startswith("zh") else "en"
    return "en"
