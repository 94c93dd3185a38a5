"""Texts and words of no particular subject, whose mean centres the vectors of a plug-in model."""

from __future__ import annotations

import json
from importlib import resources


def read_neutral() -> tuple[list[str], list[str]]:
    """Return the shipped texts and words, half of them Chinese, half English."""
    shipped = resources.files("twosided.relevance") / "neutral.json"
    neutral = json.loads(shipped.read_text(encoding="utf-8"))
    return neutral["texts"], neutral["words"]
