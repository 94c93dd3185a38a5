"""The directive {issue-codes}: every code that reading a list can give, in both languages."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lianqiao.exchange.findings import SAYS
from lianqiao.language import LANGUAGES, Translator


class IssueCodes(SphinxDirective):
    """`{issue-codes}`: one entry a code, its sentence in each language below it."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        translators = [Translator(language) for language in sorted(LANGUAGES)]
        return [self._entry(code, sentence, translators) for code, sentence in SAYS.items()]

    @staticmethod
    def _entry(code: str, sentence: str, translators: list[Translator]) -> nodes.Node:
        name = nodes.term("", "", nodes.literal(text=code))
        sentences = dict.fromkeys(each.gettext(sentence) for each in translators)
        said = [nodes.paragraph(text=one) for one in sentences]
        entry = nodes.definition_list_item("", name, nodes.definition("", *said))
        return nodes.definition_list("", entry)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("issue-codes", IssueCodes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
