"""Learnt weights as plain values for a JSON file, and back, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twosided.relevance.learning import Learnt
from twosided.relevance.logistic import THOUSAND, Weights, load_weights

FORMAT = "twosided-weights/1"
# Larger ones come from no fit; they would drown every other part of a score.
_MOST = 1_000.0


def pack_weights(learnt: Learnt, mode: str) -> dict[str, Any]:
    """Plain values for a file. mode: "default" or "lexical", as the relevance was made."""
    return {
        "format": FORMAT,
        "mode": mode,
        "base": learnt.weights.base,
        "weights": dict(learnt.weights.weights),
        "floor": learnt.weights.floor,
        "learnt": {
            "decisions": learnt.decisions,
            "accepted": learnt.accepted,
            "hold": learnt.hold,
            "before": {"log_loss": learnt.before.log_loss, "brier": learnt.before.brier},
            "after": {"log_loss": learnt.after.log_loss, "brier": learnt.after.brier},
        },
    }


def unpack_weights(packed: Any, mode: str) -> Weights:
    """The weights of a file for a mode.

    ValueError naming `weights` if it is no such file, for another mode, made for other features
    than this version has, or holds a number that is none.
    """
    if not isinstance(packed, Mapping) or packed.get("format") != FORMAT:
        raise ValueError(f"weights: this is no file of weights ({FORMAT})")
    if packed.get("mode") != mode:
        raise ValueError(f'weights: learnt for "{packed.get("mode")}", not for "{mode}"')
    shipped = load_weights(mode)
    weights = packed.get("weights")
    if not isinstance(weights, Mapping) or set(weights) != set(shipped.weights):
        raise ValueError("weights: made for another version; learn them again")
    numbers = {str(name): _number(weights[name], str(name)) for name in shipped.weights}
    floor = packed.get("floor")
    if not isinstance(floor, int) or isinstance(floor, bool) or not 0 <= floor <= THOUSAND:
        raise ValueError("weights: floor is not a whole number from 0 to 1000")
    return Weights(_number(packed.get("base"), "base"), numbers, floor)


def _number(value: Any, name: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # NaN is no number below the limit either.
    if not is_number or not abs(value) <= _MOST:
        raise ValueError(f"weights: {name} is not a number from -1000 to 1000")
    return float(value)
