"""`lianqiao audit`: a bundle checked from its files alone."""

from __future__ import annotations

from pathlib import Path

from lianqiao.errors import InputError
from lianqiao.exchange.bundle import MARKET, PLAN, read_plan
from lianqiao.language import N_, Text
from lianqiao.matching.marketfile import load_market
from lianqiao.matching.recheck import findings


def check_bundle(folder: Path) -> list[Text]:
    """All findings; empty when the plan is clean. Raises InputError if a file can't be read."""
    document = read_plan(folder)
    market, sha256 = load_market(folder / MARKET)
    try:
        return findings(document, market, sha256)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        text = N_("a part of the plan is missing or of another type; make it again")
        raise InputError(Text(text), file=str(folder / PLAN)) from error
