"""No half-written output: a file under its final name is whole."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pytest

from lianqiao.exchange.files import write_aside


def test_the_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    write_aside(tmp_path / "plan.json", lambda stream: stream.write(b"new"))
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("plan.json", b"new")]


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"old")

    def fail(stream: BinaryIO) -> None:
        stream.write(b"ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_aside(path, fail)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("plan.json", b"old")]


def test_a_shared_folder_stays_readable_for_colleagues(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    write_aside(tmp_path / "plan.json", lambda stream: stream.write(b"new"))
    modes = {p.stat().st_mode for p in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_aside(tmp_path / "nowhere" / "plan.json", lambda stream: stream.write(b""))
