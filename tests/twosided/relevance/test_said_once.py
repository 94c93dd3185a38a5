"""No module of relevance keeps its own copy of a function or of a text that another one has."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import twosided.relevance


def definitions(path: Path) -> Iterator[str]:
    """The functions and texts at the top of a module, as they are written, without docstrings."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield f"{ast.dump(node.args)}: {[ast.dump(each) for each in body]}"
        if isinstance(node, ast.Assign) and isinstance(getattr(node.value, "value", None), str):
            yield ast.dump(node)


def test_what_two_modules_need_stands_in_one() -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(twosided.relevance.__file__).parent.glob("*.py")):
        for written in definitions(path):
            found[written].append(path.name)
    assert not {written: names for written, names in found.items() if len(names) > 1}
