"""Writing whole files or none: what stands under the final name is always complete."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from lianqiao.language import N_

IS_A_FOLDER = N_("this is a folder; name a file for the result")


def write_aside(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a file beside `path`, then give it that name in one step.

    Until then a file that stood there stays as it was; if `write` raises, nothing is left behind.
    Raises OSError if the folder can't be written to, and whatever `write` raises.
    """
    # Not tempfile: its files are readable by their owner only, a plan is shared with colleagues.
    aside = path.with_name(f".lianqiao-{secrets.token_hex(6)}.part")
    try:
        with aside.open("xb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        if isinstance(error, OSError):
            error.filename = str(path)  # the name that the user knows
        raise
