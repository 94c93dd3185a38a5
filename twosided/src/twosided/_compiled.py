"""The same kernels, compiled: for large markets only, because that takes seconds to load."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

from twosided._board import BOARDING
from twosided._defer import DEFERRING
from twosided._moves import MOVING
from twosided._paths import PATHING
from twosided._shakes import SHAKING

KERNELS: tuple[Callable[..., Any], ...] = (*DEFERRING, *BOARDING, *MOVING, *PATHING, *SHAKING)

ENTRIES = (
    "defer",
    "sort_rows",
    "open_board",
    "settle_all",
    "serve_all",
    "relocate_all",
    "augment_all",
    "shake_all",
)


@cache
def compiled() -> dict[str, Callable[..., Any]]:
    """Every kernel by name, compiled on its first call and cached on disk."""
    # A slow optional extra: loading numba takes longer than planning a district.
    import numba  # noqa: PLC0415 -- slow, only for large markets

    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(_cache_folder(before))
    try:
        return _compile_all(numba.njit)
    finally:
        settings.CACHE_DIR = before


def _compile_all(compiler: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """A kernel that calls another must find the compiled one under that name."""
    names: dict[str, Any] = {}
    for kernel in KERNELS:
        names.update({k: v for k, v in kernel.__globals__.items() if isinstance(v, int)})
        names["__name__"] = kernel.__module__
    ready: dict[str, Callable[..., Any]] = {}
    for kernel in KERNELS:
        assert isinstance(kernel, FunctionType)
        copy = FunctionType(kernel.__code__, names, kernel.__name__)
        copy.__module__ = kernel.__module__
        inner = kernel.__name__ not in ENTRIES
        # Kernels allocate nothing, and only the entries are ever called from Python.
        options = {"_nrt": False, "no_cpython_wrapper": inner, "no_cfunc_wrapper": True}
        ready[kernel.__name__] = names[kernel.__name__] = compiler(
            cache=not inner, nogil=True, **options
        )(copy)
    return ready


def _cache_folder(chosen: str) -> Path:
    """A writable folder named after the source of all kernels: one kernel inlines others."""
    sources = sorted({kernel.__code__.co_filename for kernel in KERNELS})
    digest = hashlib.sha256(b"".join(Path(source).read_bytes() for source in sources)).hexdigest()
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    wanted = Path(chosen) if chosen else Path(home) / "twosided"
    folder = wanted / f"kernels-{digest[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="twosided-"))
