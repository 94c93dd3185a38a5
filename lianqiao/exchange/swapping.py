"""Putting a set of files in place of another: all of the new ones, or all of the old ones."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".lianqiao-"
_OLD = "old"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone; another run waits here. Made if missing; fsynced at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    directory = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
        os.fsync(directory)
    finally:
        os.close(directory)


def recover(folder: Path, key: str) -> None:
    """Finish what a run that was killed left behind; call it under the lock.

    key: the file whose presence says that a set is whole. If it is missing and an interrupted run
    had put the old set aside, the old set comes back.
    """
    for left in sorted(folder.glob(f"{_PREFIX}*")):
        if left.is_dir():
            if (left / _OLD / key).exists() and not (folder / key).exists():
                _bring_back(left / _OLD, folder)
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def replacing(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Gives an empty folder for the new files; at the end they take their places.

    names: the files of the set, the one that readers look for last. If anything fails, the folder
    is as it was.
    """
    aside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    old = aside / _OLD
    old.mkdir()
    try:
        yield aside
        for name in reversed(names):
            if (folder / name).exists():
                (folder / name).rename(old / name)
        for name in names:
            (aside / name).rename(folder / name)
    except BaseException:
        _bring_back(old, folder)
        shutil.rmtree(aside, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _bring_back(old: Path, folder: Path) -> None:
    for path in sorted(old.iterdir()):
        if (folder / path.name).is_file():
            (folder / path.name).unlink()
        path.rename(folder / path.name)
