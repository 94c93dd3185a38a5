"""A set of files replaces another wholly or not at all, whoever interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lianqiao.exchange.swapping import locked, recover, replacing

NAMES = ("a", "b", "plan")
KILLED = """
import os, signal, sys
from pathlib import Path
from lianqiao.exchange.swapping import replacing
count, limit = 0, int(sys.argv[2])
rename = Path.rename
def counted(self, target):
    global count
    if count == limit:
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
    return rename(self, target)
Path.rename = counted
with replacing(Path(sys.argv[1]), ("a", "b", "plan")) as aside:
    for name in ("a", "b", "plan"):
        (aside / name).write_text("new")
"""


def texts(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in sorted(folder.iterdir()) if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).write_text("old")
    return tmp_path


def replace(folder: Path) -> None:
    with locked(folder), replacing(folder, NAMES) as aside:
        for name in NAMES:
            (aside / name).write_text("new")


def test_all_new(folder: Path) -> None:
    replace(folder)
    assert texts(folder) == dict.fromkeys(NAMES, "new")
    assert sorted(p.name for p in folder.iterdir()) == list(NAMES)


def test_all_old_if_a_new_file_is_missing(folder: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(folder, NAMES) as aside:
        (aside / "a").write_text("new")
    assert texts(folder) == dict.fromkeys(NAMES, "old")
    assert sorted(p.name for p in folder.iterdir()) == list(NAMES)


def test_a_folder_in_the_place_of_a_file_goes_with_the_old_set(folder: Path) -> None:
    (folder / "b").unlink()
    (folder / "b").mkdir()
    replace(folder)
    assert texts(folder) == dict.fromkeys(NAMES, "new")


@pytest.mark.parametrize("at", range(7))
def test_a_kill_anywhere_leaves_one_whole_set_after_recovery(folder: Path, at: int) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(at)], check=False)
    assert run.returncode == (-signal.SIGKILL if at < 6 else 0)
    with locked(folder):
        recover(folder, "plan")
    assert texts(folder) == dict.fromkeys(NAMES, "new" if at == 6 else "old")
    assert sorted(p.name for p in folder.iterdir()) == list(NAMES)


def test_a_second_run_waits(folder: Path) -> None:
    command = (
        "import sys; from pathlib import Path; from lianqiao.exchange.swapping import locked\n"
    )
    command += "with locked(Path(sys.argv[1])): print('in')"
    with locked(folder):
        run = subprocess.Popen(
            [sys.executable, "-c", command, str(folder)], stdout=subprocess.PIPE, env=os.environ
        )
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(1.5)
    out, _ = run.communicate(timeout=30)
    assert out == b"in\n"
