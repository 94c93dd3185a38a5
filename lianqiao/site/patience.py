"""What the command line says while a person waits: the step that is under way, and since when."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from lianqiao.language import N_, Text, Translator

# Below this nobody wonders whether anything happens.
SECONDS = 1.0
_SINCE = N_("%(step)s %(seconds)d s")
_ERASE = "\r\033[K"


class Progress:
    """Names each step that takes longer than a second, on standard error.

    On a terminal the line counts the seconds and goes when the step is done; elsewhere it is
    written once. Steps may be nested: the inner one's line follows the outer one's.
    """

    def __init__(self, translator: Translator, *, seconds: float | None = None) -> None:
        self._translator = translator
        self._seconds = SECONDS if seconds is None else seconds
        self._is_live = sys.stderr.isatty()

    @contextmanager
    def __call__(self, text: Text) -> Iterator[None]:
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(text, done), daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()

    def _watch(self, text: Text, done: threading.Event) -> None:
        if done.wait(self._seconds):
            return
        if not self._is_live:
            click.echo(self._translator.render(text), err=True)
            return
        since = int(self._seconds)
        while True:
            said = Text(_SINCE, {"step": text, "seconds": since})
            click.echo(_ERASE + self._translator.render(said), err=True, nl=False)
            if done.wait(1.0):
                break
            since += 1
        click.echo(_ERASE, err=True, nl=False)
