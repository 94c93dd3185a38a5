"""Texts in both languages: complete, with the same places, rendered at the door."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import lianqiao
from lianqiao.errors import InputError
from lianqiao.language import Text, Translator, language_of_locale
from lianqiao.site.door import language_of
from tools.translations import mo_bytes

CATALOGUE = Path(lianqiao.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "lianqiao.po"
PERCENT_PLACE = re.compile(r"%\(\w+\)[-+#0 ]*\d*(?:\.\d+)?[a-z]|%%")


def places(sentence: str) -> list[str]:
    """Every place of a sentence, %(name)s and {name} alike, sorted."""
    braces = [f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(sentence) if name]
    return sorted(set(PERCENT_PLACE.findall(sentence)) - {"%%"}) + sorted(set(braces))


def test_every_translation_has_the_places_of_its_text() -> None:
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream, locale="zh_Hans")
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        targets = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = {tuple(places(source)) for source in sources}
        wrong += [target for target in targets if tuple(places(target)) not in allowed]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_texts_whatever_the_clock_says() -> None:
    compiled = CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == mo_bytes(CATALOGUE.read_bytes(), "zh_Hans")
    assert b"2026-01-01" in compiled
    assert compiled.count(b"-Date:") == compiled.count(b"-Date: 2026-01-01")


def test_places_are_told_apart() -> None:
    assert places("%(a)s of %(b)d, 5 %%") == ["%(a)s", "%(b)d"]
    assert places("{x} and %(a)s") != places("%(a)s")


def test_a_text_in_a_text_is_rendered_in_the_same_language() -> None:
    text = Text(
        "Needs that go without: %(count)d. %(reason)s",
        {
            "count": 3,
            "reason": Text("No offer on the list fits."),
        },
    )
    assert Translator("zh-Hans").render(text) == "待补 3 项：清单上没有合适的资源。"
    assert Translator("en").render(text) == ("Needs that go without: 3. No offer on the list fits.")


def test_values_are_never_read_as_texts() -> None:
    hostile = "%(reason)s %d 100%"
    text = Text("Report: %(path)s", {"path": hostile})
    assert Translator("en").render(text) == f"Report: {hostile}"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language"):
        Translator("fr")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh-Hans"),
        ({}, "en"),
    ],
)
def test_the_locale_decides(environment: dict[str, str], language: str) -> None:
    assert language_of_locale(environment) == language


def test_lang_decides_before_the_locale() -> None:
    assert language_of(["read", "x", "--lang", "zh"]) == "zh-Hans"
    assert language_of(["--lang=en", "read"]) == "en"


def test_an_error_is_one_line_with_its_place_first() -> None:
    error = InputError(
        Text("this is the list itself; name another file for the result"),
        file="needs.xlsx",
        sheet="需求清单",
        cell="H17",
    )
    assert error.line(Translator("zh-Hans")) == (
        "needs.xlsx · 需求清单 · H17: 这是清单本身；请为结果另起一个文件名"
    )


def test_an_error_stays_one_line_whatever_names_and_values_hold() -> None:
    said = Text("Report: %(path)s", {"path": "a\nb\u2028c\x1b[31md"})
    error = InputError(said, file="two\r\nlines.xlsx")
    assert error.line(Translator("en")) == "two  lines.xlsx: Report: a b c [31md"
