"""What a solver returns, and what the verifier says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from twosided._checks import as_array
from twosided._evidence import counted
from twosided._plan_file import KEYS, plan_bytes, plan_content
from twosided._store import read_whole, write_whole

Ints = npt.NDArray[np.int64]
Pairs = tuple[tuple[int, int], ...]

# The figures in the order in which people read them, and what they are called then.
NAMES = {
    "groups_served": "groups served",
    "needs_served": "needs served",
    "units": "pairs",
    "score": "score",
    "blocking_pairs": "blocking pairs",
}


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """The pairs of a plan, sorted by need, then offer, and how they came about.

    need, offer: (K,) int64.
    policy, seed: as asked for.  effort: int >= 0, the deterministic budget; 0 is quick, without
    the exact rung of the ladder.
    method: the rung that gave the plan: "deferred acceptance", "local improvement",
    "integer programme" or "min-cost flow".
    proved: every key of the objective is known to be the best possible (remaining ties follow the
    tie rule where the exact rung had the time).
    bounds: what no plan can exceed: groups_served, needs_served, units (pairs), score
    (thousandths); blocking_pairs: what no plan that is as good in the keys before it can stay
    below; with max_exceptions all of them only among the plans that it allows.
    reproducible: the same input, seed, effort and versions give the same plan again; False where
    a time limit was given.
    figures: what was counted after the solve, from the definitions alone: groups_served,
    needs_served, units, score (thousandths), blocking_pairs.
    """

    need: Ints
    offer: Ints
    policy: str
    seed: int = 0
    effort: int = 1
    method: str = ""
    proved: bool = False
    bounds: dict[str, int] = field(default_factory=dict)
    reproducible: bool = True
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return list(zip(self.need.tolist(), self.offer.tolist(), strict=True))

    def save(self, path: str | PathLike[str]) -> None:
        """Write one file of JSON, aside first and then renamed; equal plans give equal bytes.

        ValueError naming `path` if it is none, or `plan` if a field is not what it should be;
        OSError if it cannot be written.  Time and memory O(K).
        """
        write_whole(path, lambda: plan_bytes(self._content()))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read a plan that `save` wrote.

        Whether it fits a market is for `audit` to say.  ValueError naming `path` for a file that
        is damaged, of another format, or hostile; OSError if it cannot be opened.
        """
        content = plan_content(read_whole(path))
        pairs = np.array(content.pop("pairs"), np.int64).reshape(-1, 2)
        need, offer = np.ascontiguousarray(pairs.T)
        return cls(need=need, offer=offer, **content)

    def compare(self, other: Plan) -> Comparison:
        """What changes if `other` were taken instead of this plan.

        ValueError naming `other` if it is no Plan.  Time O(K log K).
        """
        if not isinstance(other, Plan):
            raise ValueError(f"other: must be a Plan, is {type(other).__name__}")
        here, there = set(self.pairs), set(other.pairs)
        gained, lost = sorted(there - here), sorted(here - there)
        # A need with a pair in both counts as served in both, whatever else it gains or loses.
        served = {i for i, _ in here} & {i for i, _ in there}
        changed = {i for i, _ in gained} | {i for i, _ in lost}
        before, after = self._counts(), other._counts()
        return Comparison(
            gained=tuple(gained),
            lost=tuple(lost),
            moved=tuple(sorted(served & changed)),
            kept=len(here & there),
            figures={name: (before[name], after[name]) for name in before if name in after},
        )

    def _content(self) -> dict[str, Any]:
        """What a file says, as plain lists and numbers where the fields hold what they should."""
        sides = [as_array("plan", side).tolist() for side in (self.need, self.offer)]
        if len(sides[0]) != len(sides[1]):
            raise ValueError("plan: needs and offers differ in number")
        pairs = [list(pair) for pair in zip(*sides, strict=True)]
        return {**{name: _plain(getattr(self, name)) for name in KEYS}, "pairs": pairs}

    def _counts(self) -> dict[str, int]:
        """The figures in their order; pairs and needs can be told without a market."""
        found = {"needs_served": len(set(self.need.tolist())), "units": len(self)} | self.figures
        return {name: found[name] for name in (*NAMES, *found) if name in found}

    def __len__(self) -> int:
        return len(self.need)

    def __repr__(self) -> str:
        proof = "proved optimal" if self.proved else "not proved optimal"
        made = f"by {self.method}, {proof}" if self.method else proof
        told = [f"{self.policy}, {made}", *map(self._told, self._counts())]
        return f"<Plan: {'; '.join(told)}>"

    def _told(self, name: str) -> str:
        limit = "at least" if name == "blocking_pairs" else "at most"
        bound = f" ({limit} {self.bounds[name]:,})" if name in self.bounds else ""
        return f"{NAMES.get(name, name)} {self._counts()[name]:,}{bound}"


def _plain(value: Any) -> Any:
    """numpy's numbers, alone or by name, as Python's."""
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    return value.item() if isinstance(value, np.generic) else value


@dataclass(frozen=True, repr=False)
class Comparison:
    """What changes if another plan were taken instead of this one.

    gained, lost: (need, offer) pairs only in the other plan, and only in this one; sorted.
    moved: the needs that both plans serve, but not by the same offers; sorted.
    kept: how many pairs are in both.
    figures: name -> (this plan, the other), where both know the figure.
    """

    gained: Pairs
    lost: Pairs
    moved: tuple[int, ...]
    kept: int
    figures: dict[str, tuple[int, int]]

    def __repr__(self) -> str:
        return f"<Comparison: {'; '.join(self._lines())}>"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        pairs = (
            f"{counted(self.kept, 'pair')} kept, {len(self.gained)} gained, {len(self.lost)} lost"
        )
        moved = f"{counted(len(self.moved), 'need')} served by other offers"
        figures = [
            f"{NAMES.get(name, name)} {here:,} -> {there:,} ({there - here:+,})"
            if here != there
            else f"{NAMES.get(name, name)} {here:,}, the same"
            for name, (here, there) in self.figures.items()
        ]
        return [f"{pairs}; {moved}", *figures]


@dataclass(frozen=True, eq=False)
class Audit:
    """What an independent count finds in a plan.

    violations: one text for each broken rule, starting with the name of the rule; empty if clean.
    blocking_pairs: (B, 2) int64, sorted: pairs outside the plan that both sides would rather have.
    needs_served, groups_served: how many have at least one partner.
    groups_possible: no plan can serve more groups (a matching of groups to places left by pins).
    units: pairs.  score: the sum of thousandths.  pinned: how many of the pairs are pins.
    """

    violations: tuple[str, ...]
    blocking_pairs: Ints
    needs_served: int
    groups_served: int
    groups_possible: int
    units: int
    score: int
    pinned: int

    @property
    def clean(self) -> bool:
        return not self.violations
