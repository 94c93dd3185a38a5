"""The budgets and borders of the architecture, held over the whole checkout.

Every rule has a negative control: a bad example that it must report, a good one that it must not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import architecture_rules as rules
from tests.architecture_rules import Source

ROOT = Path(__file__).parents[1]
CODE_FOLDERS = ("lianqiao", "twosided/src", "tools", "bench", "docs")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".html", ".css", ".js", ".po", ".json", ".csv", ".txt", ""}
NOT_OURS = {
    ".venv",
    ".git",
    ".tmp",
    ".hypothesis",
    ".coverage",
    "_build",
    "__pycache__",
    "build",
    "dist",
    "demo",
}


def read(path: Path) -> Source:
    return Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8", "replace"))


def ours(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache") or path.is_symlink():
            continue
        if path.is_dir():
            yield from ours(path)
        else:
            yield path


def python_files(*folders: str) -> list[Source]:
    found = [ROOT / folder for folder in folders if (ROOT / folder).is_dir()]
    return [read(path) for folder in found for path in ours(folder) if path.suffix == ".py"]


def engine_as_seen(source: Source) -> Source:
    """The engine's files under the name of their package, as imports spell it."""
    return Source(source.path.removeprefix("twosided/src/"), source.text)


def code() -> list[Source]:
    return [engine_as_seen(source) for source in python_files(*CODE_FOLDERS)]


def texts() -> list[Source]:
    """Everything written by hand; the two files that spell out what is forbidden are left out."""
    skipped = {"LICENSE", "requirements.lock", "architecture_rules.py", "test_architecture.py"}
    written = (path for path in ours(ROOT) if path.suffix in TEXT_SUFFIXES)
    return [read(path) for path in written if path.name not in skipped]


def decisions() -> list[Source]:
    return [read(path) for path in ours(ROOT / "docs/adr") if path.name != "index.md"]


def findings(checks: Iterable[rules.Rule], sources: Iterable[Source]) -> list[str]:
    seen = list(sources)
    return [found for check in checks for source in seen for found in check(source)]


@pytest.mark.parametrize("rule", rules.CODE_RULES, ids=lambda rule: rule.__name__)
def test_code_keeps(rule: rules.Rule) -> None:
    assert findings([rule], code()) == []


@pytest.mark.parametrize("rule", rules.TEST_RULES, ids=lambda rule: rule.__name__)
def test_tests_keep(rule: rules.Rule) -> None:
    assert findings([rule], python_files("tests")) == []


@pytest.mark.parametrize("rule", rules.TEXT_RULES, ids=lambda rule: rule.__name__)
def test_every_text_keeps(rule: rules.Rule) -> None:
    assert findings([rule], texts()) == []


@pytest.mark.parametrize("rule", rules.TREE_RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule: rules.TreeRule) -> None:
    assert list(rule(code())) == []


def test_decision_records_are_short_and_numbered_without_gaps() -> None:
    records = decisions()
    assert findings(rules.DECISION_RULES, records) == []
    numbers = [int(Path(record.path).name[:4]) for record in records]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_whole_checkout_is_looked_at() -> None:
    """A rule over no files would hold for ever."""
    seen = {source.path for source in code()}
    assert {"lianqiao/errors.py", "twosided/relevance/__init__.py", "docs/conf.py"} <= seen
    assert {"README.md", "Makefile", "tools/lock"} <= {source.path for source in texts()}
    assert decisions()


LONG_BODY = "\n".join(f"    x{n} = {n}" for n in range(45))
LONGER_BODY = "\n".join(f"    x{n} = {n}" for n in range(65))
NINE_PATHS = "def f(x):\n" + "\n".join(f"    if x == {n}:\n        x = 0" for n in range(8))
EIGHT_PATHS = "def f(x):\n" + "\n".join(f"    if x == {n}:\n        x = 0" for n in range(7))
DECISION = "# 1\n\nStatus: accepted\nDate: 2026-11-23\n\n## Context\n## Decision\n## Consequences\n"

# rule, path, a source that breaks it, a source that keeps it
CONTROLS: list[tuple[rules.Rule, str, str, str]] = [
    (rules.long_file, "lianqiao/a.py", "x = 1\n" * 401, "x = 1\n" * 400),
    (rules.long_function, "lianqiao/a.py", f"def f():\n{LONG_BODY}", "def f():\n    pass"),
    (rules.long_test_function, "tests/a.py", f"def f():\n{LONGER_BODY}", f"def f():\n{LONG_BODY}"),
    (rules.complex_function, "lianqiao/a.py", NINE_PATHS, EIGHT_PATHS),
    (
        rules.import_inside_function,
        "lianqiao/a.py",
        "def f():\n    import json",
        "def f():\n    import json  # noqa: PLC0415 -- slow optional extra",
    ),
    (rules.vague_name, "lianqiao/a.py", "def handle_row(row): ...", "def read_row(row): ..."),
    (rules.vague_name, "lianqiao/a.py", "def f(data): ...", "def f(rows): ..."),
    (rules.vague_name, "lianqiao/a.py", "for info in x: ...", "for fact in x: ..."),
    (rules.vague_name, "lianqiao/a.py", "class RowManager: ...", "class Rows: ..."),
    (
        rules.bare_suppression,
        "lianqiao/a.py",
        "x = 1  # noqa: E501",
        "x = 1  # noqa: E501 -- a long address",
    ),
    (
        rules.bare_suppression,
        "lianqiao/a.py",
        "x = 1  # type: ignore[misc]",
        "x = 1  # type: ignore[misc]  # the stub is wrong here",
    ),
    (rules.bare_suppression, "lianqiao/a.py", "x = 1  # noqa", "x = '# noqa'"),
    (rules.engine_import, "lianqiao/exchange/a.py", "import twosided.audit", "import json"),
    (
        rules.engine_import,
        "lianqiao/site/a.py",
        "from twosided import solve",
        "from . import twosided",
    ),
    (
        rules.engine_import,
        "twosided/a.py",
        "from lianqiao.errors import X",
        "from twosided import X",
    ),
    (rules.long_settings, "lianqiao/site/settings.py", "x = 1\n" * 151, "x = 1\n" * 150),
    (rules.unfinished, "docs/a.md", "later: TO" + "DO", "a method of todos"),
    (rules.workplace_path, "docs/a.md", "see /work" + "/shared/mission.md", "see the shared list"),
    (rules.workplace_path, "Makefile", "cp .." + "/shared/x .", "cp ../share/x ."),
    (rules.bad_decision, "docs/adr/0001-a.md", DECISION + "\n" * 40, DECISION),
    (rules.bad_decision, "docs/adr/0001-a.md", DECISION.replace("Date", "When"), DECISION),
]
# rule, paths that break it (ten lines each), paths that keep it
TREE_CONTROLS: list[tuple[rules.TreeRule, list[str], list[str]]] = [
    (rules.large_kernel, [f"lianqiao/kernel/a{n}.py" for n in range(61)], ["lianqiao/kernel/a.py"]),
    (
        rules.empty_slice,
        ["lianqiao/__init__.py", "lianqiao/people/__init__.py", "lianqiao/errors.py"],
        ["lianqiao/people/__init__.py", "lianqiao/people/accounts.py"],
    ),
]


def short_ids(rows: list[tuple[Any, ...]]) -> list[str]:
    return [f"{row[0].__name__}-{number}" for number, row in enumerate(rows)]


@pytest.mark.parametrize(("rule", "path", "bad", "good"), CONTROLS, ids=short_ids(CONTROLS))
def test_rule_reports_the_bad_and_only_the_bad(
    rule: rules.Rule, path: str, bad: str, good: str
) -> None:
    assert len(list(rule(Source(path, bad)))) == 1
    assert list(rule(Source(path, good))) == []


@pytest.mark.parametrize("name", ["lianqiao/utils.py", "lianqiao/helpers/a.py", "bench/signals.py"])
def test_vague_module_names_are_reported(name: str) -> None:
    assert len(list(rules.vague_module(Source(name, "")))) == 1
    assert list(rules.vague_module(Source("lianqiao/exchange/headers.py", ""))) == []


@pytest.mark.parametrize(("rule", "bad", "good"), TREE_CONTROLS, ids=short_ids(TREE_CONTROLS))
def test_tree_rule_reports_the_bad_and_only_the_bad(
    rule: rules.TreeRule, bad: list[str], good: list[str]
) -> None:
    ten_lines = "x = 1\n" * 10
    assert len(list(rule([Source(path, ten_lines) for path in bad]))) == 1
    assert list(rule([Source(path, ten_lines) for path in good])) == []


def test_every_rule_has_its_control() -> None:
    every: set[Callable[..., object]] = {
        *rules.CODE_RULES,
        *rules.TEST_RULES,
        *rules.TEXT_RULES,
        *rules.DECISION_RULES,
        *rules.TREE_RULES,
    }
    controlled = {row[0] for row in CONTROLS} | {row[0] for row in TREE_CONTROLS}
    assert every - controlled == {rules.vague_module}


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("def f(): ...", 1),
        ("def f(x):\n if x: ...\n elif x > 1: ...\n else: ...", 3),
        ("def f(x):\n for y in x: ...\n while x: ...", 3),
        ("def f(x):\n try: ...\n except A: ...\n except B: ...\n else: ...", 4),
        ("def f(x):\n match x:\n  case 1: ...\n  case 2: ...\n  case _: ...", 3),
        ("def f(x):\n def g():\n  if x: ...", 3),
    ],
)
def test_complexity_counts_paths(source: str, paths: int) -> None:
    assert rules.complexity(Source("a.py", source).functions[0]) == paths
