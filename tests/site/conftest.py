"""The example district planned once, and a way to run the command line as a user does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lianqiao.site import door, patience
from lianqiao.site.cli import root
from lianqiao.site.example import example_sources

EXAMPLE = example_sources()


@dataclass(frozen=True)
class Said:
    """What a command came to: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def _at_leisure(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine any step may take long; what is said of it has tests of its own."""
    monkeypatch.setattr(patience, "SECONDS", 3600.0)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: object, lang: str = "en") -> Said:
        status = door.run(root, [str(a) for a in arguments] + ["--lang", lang])
        out, err = capfd.readouterr()
        return Said(status, out, err)

    return run_command


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the example district with choices."""
    folder = tmp_path_factory.mktemp("round") / "plan"
    status = door.run(root, [*map(str, match_arguments(folder)), "--lang", "zh"])
    assert status == door.DONE
    return folder


def match_arguments(folder: Path) -> list[object]:
    return ["match", EXAMPLE.needs, EXAMPLE.offers, "--choices", EXAMPLE.choices, "--out", folder]


def plan_of(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return document
