"""Cells that several sheets of plan.xlsx have: phrases in a row, the parts of a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lianqiao.exchange.evidence import Words
from lianqiao.exchange.office_sheets import Cell, Column
from lianqiao.exchange.wording import LEAST_SHOWN, PARTS, Said, cut_score
from lianqiao.language import N_, Text


def in_a_row(phrases: Iterable[Words]) -> Words:
    """On one line as long as there is room: paper is scarcer than on a page of the report."""
    said: Words = ""
    for at, phrase in enumerate(phrases):
        said = Text(N_("%(some)s; %(more)s"), {"some": said, "more": phrase}) if at else phrase
    return said


def score_cell(score: float) -> float | None:
    """Hundredths, cut; None where a number says nothing."""
    return cut_score(score) if score >= LEAST_SHOWN else None


def part_names(parts: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    """The parts that some score has: the known ones in their order, then the others by name."""
    found = {name for each in parts for name in each}
    return (*(name for name in PARTS if name in found), *sorted(found - set(PARTS)))


def part_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """A folded column for each; in a row they sum to the score."""
    return tuple(Column(PARTS.get(name, Said(name)), 9, is_folded=True) for name in names)


def part_cells(parts: Mapping[str, float], names: Sequence[str]) -> tuple[Cell, ...]:
    """The score's parts, None where it has no such part."""
    # Adding nought makes a nought of minus nought.
    return tuple(round(parts[name], 3) + 0.0 if name in parts else None for name in names)
