"""What a solver returns, and what the verifier says about it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """The pairs of a plan, sorted by need, then offer, and how they came about.

    need, offer: (K,) int64.
    policy, seed: as asked for.  effort: int >= 0, the deterministic budget; 0 is quick, without
    the exact rung of the ladder.
    method: the rung that gave the plan: "deferred acceptance", "local improvement",
    "integer programme" or "min-cost flow".
    proved: every key of the policy's objective is known to be optimal.
    bounds: what no plan can exceed: groups_served, needs_served, units, score (thousandths);
    blocking_pairs is what no plan can stay below.
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

    def __len__(self) -> int:
        return len(self.need)

    def __repr__(self) -> str:
        proof = "proved" if self.proved else "not proved optimal"
        return f"<Plan: {len(self)} pairs, {self.policy}, by {self.method}, {proof}>"


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
