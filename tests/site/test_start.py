"""The overview comes at once and says what the commands themselves would say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lianqiao.site import door
from lianqiao.site.cli import root
from lianqiao.site.overview import COMMANDS, overview
from lianqiao.site.start import asks_for_overview

HEAVY = {"numpy", "scipy", "twosided", "jinja2", "xlsxwriter", "xlrd", "rjieba", "ortools"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("asked", [["--help"], ["--version"], [], ["nonsense", "--help"]])
def test_the_overview_is_that_of_the_commands(
    asked: list[str], language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    said = []
    for group in (overview(), root):
        status = door.run(group, [*asked, "--lang", language])
        said.append((status, *capfd.readouterr()))
    assert said[0] == said[1]


def test_every_command_is_listed() -> None:
    assert list(COMMANDS) == list(root.commands)


@pytest.mark.parametrize(
    ("arguments", "is_overview"),
    [
        ([], True),
        (["--help"], True),
        (["--lang", "zh", "--help"], True),
        (["--version"], True),
        (["match", "--help"], False),
        (["--lang=zh", "match"], False),
        (["nonsense"], False),
    ],
)
def test_only_the_overview_is_answered_without_the_commands(
    arguments: list[str], is_overview: bool
) -> None:
    assert asks_for_overview(arguments) == is_overview


def test_the_overview_loads_nothing_heavy() -> None:
    script = f"""
import sys
from lianqiao.site import start
sys.argv = ["lianqiao", "--help"]
try:
    start.main()
except SystemExit as end:
    assert end.code == 0, end.code
loaded = {HEAVY!r} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, capture_output=True)
