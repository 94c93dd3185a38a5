"""Docstrings here are plain text with `backticks`; Sphinx reads reStructuredText: the bridge.

A line like "need, offer: (E,) int" becomes an item of a list, an indented block is shown as typed,
and characters that reStructuredText would take for markup are shown as themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sphinx.application import Sphinx

_CODE = re.compile(r"(`+)(.+?)\1")
_MARKUP = re.compile(r"([\\*|_`])")
_NAMES = r"[a-z_]\w*(?:, [a-z_]\w*)*"
_FIELD = re.compile(rf"({_NAMES}): (?=\S)")
_BEFORE_FIELD = re.compile(rf"(?:\n|(?<=[.;]) +)(?={_NAMES}: \S)")


def as_markup(text: str) -> str:
    """One paragraph or line: code stays code, everything else is text."""
    pieces, end = [], 0
    for code in _CODE.finditer(text):
        pieces += [_MARKUP.sub(r"\\\1", text[end : code.start()]), f"``{code[2].strip()}``\\ "]
        end = code.end()
    return "".join([*pieces, _MARKUP.sub(r"\\\1", text[end:])])


def _items(lines: list[str]) -> list[str]:
    """A paragraph in pieces: a "name: …" that begins a line or a sentence begins an item."""
    text = "\n".join(line.strip() for line in lines)
    return [piece.replace("\n", " ") for piece in _BEFORE_FIELD.split(text)]


def paragraph(lines: list[str]) -> Iterator[str]:
    """A paragraph of plain text as reStructuredText, blank line included."""
    if lines[0].startswith((" ", "\t")):
        yield from ["::", "", *(f"    {line}" for line in lines), ""]
        return
    for item in _items(lines):
        if field := _FIELD.match(item):
            yield f"* **{as_markup(field[1])}**: {as_markup(item[field.end() :])}"
        else:
            yield as_markup(item)
        yield ""


def rewrite(
    _app: Sphinx, _what: str, _name: str, _object: object, _options: object, lines: list[str]
) -> None:
    """Turn one docstring into reStructuredText, in place, as autodoc wants it."""
    blocks = groupby(lines, key=lambda line: (bool(line.strip()), line.startswith(" ")))
    lines[:] = [new for (filled, _), block in blocks if filled for new in paragraph(list(block))]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("autodoc-process-docstring", rewrite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
