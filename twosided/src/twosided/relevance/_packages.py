"""Optional packages: whether they are there, and where, without importing them."""

from __future__ import annotations

from importlib import util
from pathlib import Path


def find_package(name: str) -> Path | None:
    """Return the folder of a package; None if it is not installed."""
    try:
        found = util.find_spec(name)
    except (ImportError, ValueError):
        return None  # kept out on purpose, or half imported
    return Path(found.origin).parent if found and found.origin else None
