"""The rules of the architecture, each a function from a source to what it finds there.

A rule takes text, not a file, so that a test can show it a bad example and see it speak.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

FILE_LINES, FUNCTION_LINES, TEST_FUNCTION_LINES, COMPLEXITY = 400, 40, 60, 8
KERNEL_LINES, SETTINGS_LINES, DECISION_LINES = 600, 150, 40

BANNED_MODULES = {"utils", "util", "helpers", "helper", "services", "managers", "mixins", "signals"}
BANNED_NAMES = {"process", "handle", "manage", "data", "info", "utils", "helper"}
BANNED_VERBS = ("process_", "handle_", "manage_")
BANNED_CLASS_ENDINGS = ("Manager", "Helper", "Handler", "Processor", "Mixin", "Util", "Utils")

# What a suppression names, codes included; what stands behind it is the reason.
_SUPPRESSION = re.compile(
    r"\b(?:noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[^\]]*\])?|nosec|pylint:\s*\S+)"
)
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
_WORKPLACE = re.compile(r"/work/(?:share[d]|mai[n])|\.\./share[d]")
_DECISION_NAME = re.compile(r"\d{4}-[a-z0-9-]+\.md")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file of the checkout. path: relative to the root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def comments(self) -> Iterator[tuple[int, str]]:
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


Findings = Iterator[str]
Rule = Callable[[Source], Findings]
TreeRule = Callable[[Iterable[Source]], Findings]


def at(source: Source, line: int, said: str) -> str:
    return f"{source.path}:{line}: {said}"


def long_file(source: Source) -> Findings:
    if len(source.lines) > FILE_LINES:
        yield at(source, 1, f"{len(source.lines)} lines, at most {FILE_LINES}")


def _functions_over(source: Source, limit: int) -> Findings:
    for function in source.functions:
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > limit:
            yield at(source, function.lineno, f"{function.name}: {length} lines, at most {limit}")


def long_function(source: Source) -> Findings:
    yield from _functions_over(source, FUNCTION_LINES)


def long_test_function(source: Source) -> Findings:
    yield from _functions_over(source, TEST_FUNCTION_LINES)


def _decisions(node: ast.AST) -> int:
    """Paths that a node adds, counted as ruff's C901 counts them."""
    if isinstance(node, ast.match_case):
        wildcard = isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None
        return 0 if wildcard else 1
    if isinstance(node, ast.Try):
        return bool(node.orelse)
    return isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler)


def complexity(function: Function) -> int:
    """McCabe's number of a function; a function inside it counts as its own paths and one more."""
    inside = [node for statement in function.body for node in ast.walk(statement)]
    return 1 + sum(_decisions(node) + isinstance(node, Function) for node in inside)


def complex_function(source: Source) -> Findings:
    for function in source.functions:
        if (paths := complexity(function)) > COMPLEXITY:
            said = f"{function.name}: complexity {paths}, at most {COMPLEXITY}"
            yield at(source, function.lineno, said)


def is_explained(line: str) -> bool:
    """Whether a suppression on this line is followed by at least two words."""
    found = _SUPPRESSION.search(line)
    return found is not None and len(re.findall(r"\w+", line[found.end() :])) > 1


def import_inside_function(source: Source) -> Findings:
    """Allowed for a slow optional extra, when the line says why behind its noqa."""
    for function in source.functions:
        for node in ast.walk(function):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            statement = source.lines[node.lineno - 1 : node.end_lineno]
            if not any(is_explained(line) for line in statement):
                yield at(source, node.lineno, f"import inside {function.name} without a reason")


def vague_module(source: Source) -> Findings:
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if part in BANNED_MODULES:
            yield at(source, 1, f"a module is named for its concept, not {part!r}")


def _bound_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def vague_name(source: Source) -> Findings:
    for line, name in _bound_names(source.tree):
        bare = name.lstrip("_")
        vague = bare in BANNED_NAMES or bare.startswith(BANNED_VERBS)
        if vague or bare.endswith(BANNED_CLASS_ENDINGS):
            yield at(source, line, f"{name!r} says nothing of what it is or does")


def bare_suppression(source: Source) -> Findings:
    for line, comment in source.comments():
        if _SUPPRESSION.search(comment) and not is_explained(comment):
            yield at(source, line, f"a suppression gives its reason: {comment}")


def unfinished(source: Source) -> Findings:
    for number, line in enumerate(source.lines, 1):
        if found := _UNFINISHED.search(line):
            yield at(source, number, f"{found[0]}: finish it, or open an issue")


def workplace_path(source: Source) -> Findings:
    for number, line in enumerate(source.lines, 1):
        if found := _WORKPLACE.search(line):
            yield at(source, number, f"the product stands alone: {found[0]}")


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module or ""


def engine_import(source: Source) -> Findings:
    """Only the matching slice imports the engine; the engine imports nothing of the product."""
    if source.path.startswith("lianqiao/matching/"):
        return
    forbidden = {"lianqiao": "twosided", "twosided": "lianqiao"}.get(source.path.split("/")[0])
    for line, module in _imported(source.tree):
        if module.split(".")[0] == forbidden:
            yield at(source, line, f"imports {module}")


def long_settings(source: Source) -> Findings:
    if PurePosixPath(source.path).name == "settings.py" and len(source.lines) > SETTINGS_LINES:
        yield at(source, 1, f"settings: {len(source.lines)} lines, at most {SETTINGS_LINES}")


def bad_decision(source: Source) -> Findings:
    """A decision record is NNNN-title.md, at most 40 lines, and names its status and date."""
    if not _DECISION_NAME.fullmatch(PurePosixPath(source.path).name):
        yield at(source, 1, "a decision record is called NNNN-title.md")
    if len(source.lines) > DECISION_LINES:
        yield at(source, 1, f"{len(source.lines)} lines, at most {DECISION_LINES}")
    for word in ("Status:", "Date:", "## Context", "## Decision", "## Consequences"):
        if word not in source.text:
            yield at(source, 1, f"no {word!r}")


def large_kernel(sources: Iterable[Source]) -> Findings:
    kernel = [source for source in sources if source.path.startswith("lianqiao/kernel/")]
    lines = sum(len(source.lines) for source in kernel)
    if lines > KERNEL_LINES:
        yield f"lianqiao/kernel: {lines} lines, at most {KERNEL_LINES}"


def empty_slice(sources: Iterable[Source]) -> Findings:
    """A package comes when something needs it: one with nothing but __init__.py is a promise."""
    modules = [PurePosixPath(source.path) for source in sources]
    packages = {module.parent for module in modules if module.name == "__init__.py"}
    contents = [module for module in modules if module.name != "__init__.py"]
    filled = {folder for module in contents for folder in module.parents}
    for package in sorted(packages - filled):
        yield f"{package}: nothing but __init__.py"


CODE_RULES: tuple[Rule, ...] = (
    long_file,
    long_function,
    complex_function,
    import_inside_function,
    vague_module,
    vague_name,
    bare_suppression,
    engine_import,
    long_settings,
)
TEST_RULES: tuple[Rule, ...] = (long_file, long_test_function, complex_function)
TEXT_RULES: tuple[Rule, ...] = (unfinished, workplace_path)
DECISION_RULES: tuple[Rule, ...] = (bad_decision,)
TREE_RULES: tuple[TreeRule, ...] = (large_kernel, empty_slice)
