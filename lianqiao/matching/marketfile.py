"""The market behind a plan, kept beside it so that anybody can check the plan again."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from twosided import Market

from lianqiao.errors import InputError
from lianqiao.language import N_, Text

MOST_BYTES = 2 * 1024**3


def market_bytes(market: Market) -> bytes:
    """The market as the bytes of one file; equal markets give equal bytes."""
    with tempfile.TemporaryDirectory(prefix="lianqiao-") as folder:
        path = Path(folder) / "market.npz"
        market.save(path)
        return path.read_bytes()


def load_market(path: Path) -> tuple[Market, str]:
    """The market and the sha256 of its file. Raises InputError if it is missing or damaged."""
    if not path.is_file():
        text = N_("the market behind the plan is missing; make the plan again")
        raise InputError(Text(text), file=str(path))
    if path.stat().st_size > MOST_BYTES:
        text = N_("too large for the market behind a plan; make the plan again")
        raise InputError(Text(text), file=str(path))
    try:
        return Market.load(path), hashlib.sha256(path.read_bytes()).hexdigest()
    except ValueError as error:
        text = N_("the market behind the plan is damaged (%(why)s); make the plan again")
        raise InputError(Text(text, {"why": str(error)}), file=str(path)) from error
