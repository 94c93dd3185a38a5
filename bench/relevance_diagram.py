"""The reliability diagram: of pairs scored so, how many are good?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

BINS = 10
_SIDE, _LEFT, _TOP = 300, 56, 16
_COLOURS = ("#1f6f5c", "#b4531a")


@dataclass(frozen=True)
class Row:
    """A bin. score: the mean score of its pairs; share: of them that are good, in [0, 1]."""

    score: float
    share: float
    pairs: int


Reliability = list[Row]


def measure_reliability(scores: NDArray[np.float64], good: NDArray[np.bool_]) -> Reliability:
    """Return the ten equal bins of the score that hold any pairs."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    held = [bins == at for at in range(BINS) if (bins == at).any()]
    return [Row(float(scores[at].mean()), float(good[at].mean()), int(at.sum())) for at in held]


def draw_reliability(lines: Mapping[str, Reliability]) -> str:
    """Return an SVG: score to the right, share of good pairs upwards, the ideal a dashed line."""
    width, height = _LEFT + _SIDE + 150, _TOP + _SIDE + 48
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="12">',
        "<title>Share of good pairs by score</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_draw_axes(),
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#888" stroke-dasharray="4 4"/>',
    ]
    for at, (title, rows) in enumerate(lines.items()):
        pieces.extend(_draw_line(title, rows, _COLOURS[at % len(_COLOURS)], at))
    return "\n".join([*pieces, "</svg>"]) + "\n"


def _draw_axes() -> list[str]:
    pieces = []
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        across, up = _x(tick), _y(tick)
        pieces += [
            f'<path d="M{across} {_y(0)}V{_y(1)}M{_x(0)} {up}H{_x(1)}" stroke="#e2e2e2"/>',
            _say(f"{tick:.1f}", f'x="{across}" y="{_y(0) + 18}" text-anchor="middle"'),
            _say(f"{tick:.1f}", f'x="{_x(0) - 8}" y="{up + 4}" text-anchor="end"'),
        ]
    turned = f'transform="translate(16 {_y(0.5)}) rotate(-90)" text-anchor="middle"'
    return [
        *pieces,
        _say("score", f'x="{_x(0.5)}" y="{_y(0) + 38}" text-anchor="middle"'),
        _say("share of good pairs", turned),
    ]


def _say(words: str, where: str) -> str:
    return f'<text {where} fill="#333">{escape(words)}</text>'


def _draw_line(title: str, rows: Reliability, colour: str, at: int) -> list[str]:
    points = " ".join(f"{_x(row.score)},{_y(row.share)}" for row in rows)
    dots = [
        f'<circle cx="{_x(row.score)}" cy="{_y(row.share)}" r="4" fill="{colour}">'
        f"<title>{row.pairs} pairs</title></circle>"
        for row in rows
    ]
    across, up = _x(1) + 16, _TOP + 24 + 22 * at
    return [
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<circle cx="{across}" cy="{up}" r="4" fill="{colour}"/>',
        _say(title, f'x="{across + 10}" y="{up + 4}"'),
    ]


def _x(share: float) -> float:
    return round(_LEFT + share * _SIDE, 1)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIDE, 1)
