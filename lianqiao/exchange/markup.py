"""Reading XML parts of workbooks as a stream, without document types, hence without entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol
from xml.parsers import expat


class BrokenMarkupError(ValueError):
    """The part is not well-formed XML or declares a document type."""


class Listener(Protocol):
    """What follows a document: gets the parser first, then every element's beginning."""

    def attach(self, parser: expat.XMLParserType) -> None:
        """Keep the parser; further handlers may be set on it at any time."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins. name: as written, prefix included."""

    def finish(self, length: int) -> None:
        """The document has ended after so many bytes."""


def follow(chunks: Iterable[bytes], listener: Listener) -> None:
    """Feed a document to the listener. Raises BrokenMarkupError; memory is that of one chunk."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = listener.start
    listener.attach(parser)
    length = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            length += len(chunk)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise BrokenMarkupError(str(error)) from error
    listener.finish(length)


def _refuse_doctype(*_: object) -> None:
    raise BrokenMarkupError("a document type is declared")


def local_name(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


class Collector:
    """Collects the text inside the element that has just begun, then gives it to `done`.

    max_characters: what lies beyond is dropped.
    """

    def __init__(self, max_characters: int) -> None:
        self._max, self._parts, self._length, self._depth = max_characters, [""], 0, 0

    def begin(self, parser: expat.XMLParserType, done: Callable[[str], None]) -> None:
        """Start collecting; the parser's text and end handlers are taken until the end."""
        self._parts, self._length = [], 0

        def text(piece: str) -> None:
            if self._length < self._max:
                self._parts.append(piece)
            self._length += len(piece)

        def end(_: str) -> None:
            parser.CharacterDataHandler = None
            parser.EndElementHandler = None
            done("".join(self._parts)[: self._max])

        parser.CharacterDataHandler = text
        parser.EndElementHandler = end
