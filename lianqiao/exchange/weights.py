"""Files of learnt weights: JSON, written on request only."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lianqiao.errors import InputError
from lianqiao.exchange.files import IS_A_FOLDER, write_aside
from lianqiao.language import N_, Text

_MOST_BYTES = 1_000_000
MISSING = N_("There is no such file. Check the name and the folder.")
NOT_WEIGHTS = N_("This is no file of weights. `lianqiao learn … --write FILE` makes one.")
IS_A_SOURCE = N_("this is one of the files that are read; name another file for the weights")
IS_NO_FILE = N_("this is a device or a pipe; name a file for the weights")
NO_FOLDER = N_(
    "the folder for this file is not there or can't be written to; make it, or name another file"
)
IS_THERE = N_("this file is there already; name another one, or overwrite it with --force")


def read_weights(path: Path) -> tuple[Any, str]:
    """The values of a file and the sha256 of its bytes. Raises InputError if it is no JSON."""
    if not path.is_file():
        raise InputError(Text(MISSING), file=path.name)
    content = path.read_bytes()
    if len(content) > _MOST_BYTES:
        raise InputError(Text(NOT_WEIGHTS), file=path.name)
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(Text(NOT_WEIGHTS), file=path.name) from error
    return values, hashlib.sha256(content).hexdigest()


def check_room(path: Path, sources: Iterable[Path], *, force: bool) -> None:
    """Raises InputError if a file of weights can't go there; never onto one of the sources."""
    if path.is_dir() or not path.name:
        raise InputError(Text(IS_A_FOLDER), file=str(path))
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(Text(NO_FOLDER), file=str(path))
    if path.exists() and any(one.exists() and path.samefile(one) for one in sources):
        raise InputError(Text(IS_A_SOURCE), file=str(path))
    if path.exists() and not path.is_file():
        # A device or a pipe: putting a file in its place would break other programs.
        raise InputError(Text(IS_NO_FILE), file=str(path))
    if path.exists() and not force:
        raise InputError(Text(IS_THERE), file=str(path))


def write_weights(values: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_aside(path, lambda stream: stream.write(text.encode()))
