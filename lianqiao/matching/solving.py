"""Ask the engine for a plan, and say in the reader's words why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

import twosided
from twosided import Market, Plan

from lianqiao.errors import InputError
from lianqiao.language import N_, Text

POLICIES = twosided.POLICIES
# How the engine says that no plan has so few exceptions: the least possible; the fewest found.
_LEAST = re.compile(r"max_exceptions: (?P<least>\d+) is the least")
_FOUND = re.compile(r"max_exceptions: no plan .* found; the best has (?P<found>\d+)")
_BELOW = re.compile(r"max_exceptions: no plan .* found; none can have fewer than (?P<below>\d+)")


@dataclass(frozen=True)
class Settings:
    """How a round is planned.

    effort: a budget that is the same on every machine; 0 is quick, without the last step, which
    proves. time_limit: seconds; the clock ends the search instead. max_exceptions: None for any.
    """

    policy: str = "balanced"
    seed: int = 0
    effort: int = 1
    time_limit: float | None = None
    max_exceptions: int | None = None

    @property
    def is_quick(self) -> bool:
        return self.effort == 0


def solved(market: Market, settings: Settings) -> Plan:
    """The engine's plan. Raises InputError if no plan with so few exceptions is found."""
    try:
        return twosided.solve(
            market,
            policy=settings.policy,
            seed=settings.seed,
            effort=settings.effort,
            time_limit=settings.time_limit,
            max_exceptions=settings.max_exceptions,
        )
    except ValueError as error:
        if settings.max_exceptions is None:
            raise
        raise InputError(
            _too_few(str(error), settings.max_exceptions), file="--max-exceptions"
        ) from error


def _too_few(said: str, asked: int) -> Text:
    if least := _LEAST.match(said):
        text = N_(
            "exceptions allowed: %(asked)d, but every plan of these lists and choices has "
            "%(least)d or more; allow %(least)d, or take back a pinned pair"
        )
        return Text(text, {"asked": asked, "least": int(least["least"])})
    if found := _FOUND.match(said):
        text = N_(
            "exceptions allowed: %(asked)d, but the best plan found has %(found)d; allow "
            "%(found)d, or search longer with a higher --effort"
        )
        return Text(text, {"asked": asked, "found": int(found["found"])})
    if below := _BELOW.match(said):
        text = N_(
            "exceptions allowed: %(asked)d, but no such plan was found and none has fewer than "
            "%(below)d; allow more, or search longer with a higher --effort"
        )
        return Text(text, {"asked": asked, "below": int(below["below"])})
    text = N_("exceptions allowed: %(asked)d, but no such plan was found; allow more")
    return Text(text, {"asked": asked})
