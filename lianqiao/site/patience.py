"""What the command line says while a person waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from lianqiao.language import Text, Translator

# Below this nobody wonders whether anything happens.
SECONDS = 2.0


@contextmanager
def saying_if_long(
    text: Text, translator: Translator, *, seconds: float = SECONDS
) -> Iterator[None]:
    """Say one line on standard error if what is done inside takes longer than some seconds."""
    line = translator.render(text)
    timer = threading.Timer(seconds, lambda: click.echo(line, err=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
