"""The directive {command-line}: every command as its own --help says it, in the given language."""

from __future__ import annotations

import contextlib
import io
import os
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lianqiao.site.cli import root
from lianqiao.site.door import run


def help_of(command: str, language: str) -> str:
    """What a user sees who asks the command for help; "" asks lianqiao itself."""
    os.environ["COLUMNS"] = "80"
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run(root, [*command.split(), "--help", f"--lang={language}"])
    return said.getvalue().rstrip()


class CommandLine(SphinxDirective):
    """`{command-line} en`: one section a command, and the group's own help before them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        language = self.arguments[0]
        self.env.note_reread()
        overview = nodes.literal_block(text=help_of("", language), language="text")
        return [overview, *(self._section(name, language) for name in sorted(root.commands))]

    def _section(self, name: str, language: str) -> nodes.section:
        section = nodes.section(ids=[f"lianqiao-{name}-{language}"])
        section += nodes.title(text=f"lianqiao {name}")
        section += nodes.literal_block(text=help_of(name, language), language="text")
        return section


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("command-line", CommandLine)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
