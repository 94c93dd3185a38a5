"""What README and docs name exists: links, make targets, commands, options, codes and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_type_hints

import click
import pytest

from lianqiao.catalogue import records
from lianqiao.matching import document, reasons
from lianqiao.site.cli import root

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), ROOT / "twosided/README.md", *ROOT.glob("docs/**/*.md")])
PAGES = [page for page in PAGES if "_build" not in page.parts]

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
_MAKE = re.compile(r"(?:^|\s)make ((?:[a-z]+ ?)+)")
_COMMAND = re.compile(r"(?:^|\s|/)lianqiao (?=[a-z-])([^\n|]*)")


def code_of(text: str) -> list[str]:
    """Everything in backticks, fenced or inline, with continued lines joined."""
    snippets = (fenced or inline for fenced, inline in _CODE.findall(text))
    return [snippet.replace("\\\n", " ") for snippet in snippets]


def broken_links(text: str, folder: Path) -> list[str]:
    targets = (target.split("#")[0] for target in _LINK.findall(text) if "://" not in target)
    return [target for target in targets if target and not (folder / target).exists()]


def make_targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z]+):(?!=)", makefile, re.MULTILINE))


def unknown_targets(text: str, targets: set[str]) -> list[str]:
    code = (re.sub(r"#.*", "", snippet) for snippet in code_of(text))
    named = (name for snippet in code for line in _MAKE.findall(snippet) for name in line.split())
    return [name for name in named if name not in targets]


def _unknown_words(line: str, commands: Mapping[str, click.Command]) -> Iterator[str]:
    name, *words = line.split()
    if name.startswith("-"):
        return
    if name not in commands:
        yield name
        return
    known = {option for parameter in commands[name].params for option in parameter.opts} | {
        "--help"
    }
    for word in words:
        if word.startswith("--") and word.split("=")[0] not in known:
            yield f"{name} {word}"


def unknown_commands(text: str, commands: Mapping[str, click.Command]) -> list[str]:
    lines = (line for snippet in code_of(text) for line in _COMMAND.findall(snippet))
    return [word for line in lines for word in _unknown_words(line, commands)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_names_only_what_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert broken_links(text, page.parent) == []
    assert unknown_targets(text, make_targets((ROOT / "Makefile").read_text())) == []
    assert unknown_commands(text, root.commands) == []


def test_pages_and_their_commands_are_found() -> None:
    """The checks above hold for nothing if nothing is found."""
    assert {"README.md", "README.zh.md", "first-round.md"} <= {page.name for page in PAGES}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(unknown_targets(readme, set())) == {"demo", "test", "docs"}
    assert set(unknown_commands(readme, {})) == {"match", "read", "score"}
    assert "docs/tutorial/first-round.md" in broken_links(readme, ROOT / "nowhere")


def test_what_does_not_exist_is_reported(tmp_path: Path) -> None:
    (tmp_path / "here.md").touch()
    links = "[a](here.md#top) [b](gone.md) ![c](gone.png) [d](https://example.org/gone)"
    assert broken_links(links, tmp_path) == ["gone.md", "gone.png"]
    targets = "make peace; `make demo` `make gone`\n```bash\nmake demo  # make up\nmake lost\n```"
    assert unknown_targets(targets, {"demo"}) == ["gone", "lost"]
    commands = {"read": click.Command("read", params=[click.Option(["--json"])])}
    inline = "`lianqiao read x --json y` or `lianqiao reed`; lianqiao sleeps"
    fenced = "```bash\n.venv/bin/lianqiao read x \\\n  --sheet=y\n```"
    assert unknown_commands(f"{inline}\n{fenced}", commands) == ["reed", "read --sheet=y"]


def test_every_command_is_described() -> None:
    described = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in root.commands if f"lianqiao {name}" not in described] == []


def _row_keys(text: str) -> set[str]:
    """Words in backticks in the first cell of table rows, and in running text."""
    return set(re.findall(r"`([a-z_]+)`", text))


@pytest.mark.parametrize(
    "shape",
    [
        document.PlanDocument,
        document.Engine,
        document.PlannedPair,
        document.UnmetNeed,
        document.Candidate,
        document.UnusedOffer,
        document.Figures,
        document.Notice,
        document.PairException,
        document.Remedy,
        document.PlanFigures,
        document.Candidates,
        document.OtherOffer,
        document.PolicyOutlook,
        document.Comparison,
        document.ComparisonRow,
        document.ComparisonNear,
        document.ComparedPair,
        document.NewlyServed,
        document.ComparisonFigures,
    ],
    ids=lambda shape: shape.__name__,
)
def test_every_key_of_the_plan_is_described(shape: type) -> None:
    page = (ROOT / "docs/reference/plan.md").read_text(encoding="utf-8")
    assert set(get_type_hints(shape)) - _row_keys(page) == set()


def test_every_reason_is_described_in_its_order() -> None:
    page = (ROOT / "docs/reference/plan.md").read_text(encoding="utf-8")
    section = page.split("## Reasons")[1].split("##")[0]
    assert re.findall(r"^\| `([a-z_]+)`", section, re.MULTILINE) == list(reasons.REASONS)


def test_every_column_of_a_record_is_described() -> None:
    page = (ROOT / "docs/reference/records.md").read_text(encoding="utf-8")
    assert {*records.CLEAN_COLUMNS, "extra"} - _row_keys(page) == set()
