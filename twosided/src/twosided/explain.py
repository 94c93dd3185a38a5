"""Why each pair, why not each need: codes from closed lists, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from twosided._evidence import STATES, Alternative, Figures, Remedy, Standing, WhyNot
from twosided._seating import FREE, NEED, OFFER
from twosided._why import View
from twosided.audit import pairs_of
from twosided.market import Market
from twosided.plan import Plan
from twosided.reasons import REASONS

__all__ = [
    "STATES",
    "Alternative",
    "Exemption",
    "Explanation",
    "Figures",
    "Pair",
    "Remedy",
    "Standing",
    "Unmet",
    "Unused",
    "WhyNot",
    "explain",
]

MOST_NAMED = 10

Ends = tuple[tuple[int, int], ...]


@dataclass(frozen=True, repr=False)
class Exemption:
    """A pair that stands in the way of blocking pairs, and the group it is there for."""

    for_group: int
    blocks: Ends
    _view: View = field(compare=False)
    _edge: int = field(compare=False)

    @cached_property
    def remedy(self) -> Remedy:
        """A way to remove it and what that costs: an upper bound, not the least.

        The blocking pairs are put into the plan, whoever stands in the way leaves, and those who
        lost a partner look for another; the best plan met within 30 steps counts.  Found when
        asked for.  Time O(E) for a copy of the plan, then the edges of the parties that change.
        """
        return self._view.remedy(self._edge)

    def __str__(self) -> str:
        named = ", ".join(f"need {i} – offer {j}" for i, j in self.blocks[:MOST_NAMED])
        more = f" and {len(self.blocks) - MOST_NAMED} more" if len(self.blocks) > MOST_NAMED else ""
        return f"exception for group {self.for_group}: blocks {named}{more}"

    def __repr__(self) -> str:
        return f"<Exemption: {self}>"


@dataclass(frozen=True, repr=False)
class Pair:
    """One pair of the plan.  Ranks are the stated ones, 0 where none was stated.

    Everything further is found when asked for, in time O(candidates of the need and the offer),
    for next best offers and needs O(E) to copy the plan.
    """

    need: int
    offer: int
    score: int
    need_rank: int
    offer_rank: int
    pinned: bool
    exception: Exemption | None
    _view: View = field(compare=False)
    _edge: int = field(compare=False)

    @cached_property
    def need_standing(self) -> Standing:
        """Where the offer stands among the need's candidates, as the need prefers."""
        return self._view.standing(self._edge, NEED)

    @cached_property
    def offer_standing(self) -> Standing:
        """Where the need stands among the offer's candidates, as the offer prefers."""
        return self._view.standing(self._edge, OFFER)

    @cached_property
    def need_would_rather(self) -> tuple[Alternative, ...]:
        """Pairs outside the plan that the need likes strictly better: the best 5, best first."""
        return self._view.would_rather(self._edge, NEED)

    @cached_property
    def offer_would_rather(self) -> tuple[Alternative, ...]:
        """Pairs outside the plan that the offer likes strictly better: the best 5, best first."""
        return self._view.would_rather(self._edge, OFFER)

    @cached_property
    def next_best_offers(self) -> tuple[Alternative, ...]:
        """What the need could have had: if this pair left and all others stayed, both sides would
        be open to each of these; the 5 that the need likes best, best first, as they stand then.
        """
        return self._view.next_best(self._edge, NEED)

    @cached_property
    def next_best_needs(self) -> tuple[Alternative, ...]:
        """What the offer could have had, likewise."""
        return self._view.next_best(self._edge, OFFER)

    def __str__(self) -> str:
        sides = f"its {self.need_standing}; the offer's {self.offer_standing}"
        marks = f"{', pinned' if self.pinned else ''}; score {self.score / 1000:.3f}"
        exception = f"; {self.exception}" if self.exception else ""
        return f"need {self.need} – offer {self.offer}, {sides}{marks}{exception}"

    def __repr__(self) -> str:
        return f"<Pair: {self}>"


@dataclass(frozen=True, repr=False)
class Unmet:
    """A need without any partner, why, and how many candidates and removed pairs it has."""

    need: int
    code: str
    candidate_count: int
    removed_count: int
    _view: View = field(compare=False)

    @cached_property
    def candidates(self) -> tuple[WhyNot, ...]:
        """Its most fitting offers, best first, at most 5: candidates as the need likes them, then
        removed pairs by score.  The first that has the deciding code is among them.
        """
        return self._view.why_not(self.need, self.code)

    def __str__(self) -> str:
        counts = f"{self.candidate_count} candidates, {self.removed_count} removed"
        offers = "".join(f"; {why}" for why in self.candidates)
        return f"need {self.need} goes without: {self.code} ({counts}){offers}"

    def __repr__(self) -> str:
        return f"<Unmet: {self}>"


@dataclass(frozen=True)
class Unused:
    """An offer with places that serves nobody, and why."""

    offer: int
    code: str

    def __str__(self) -> str:
        return f"offer {self.offer} serves nobody: {self.code}"

    def __repr__(self) -> str:
        return f"<Unused: {self}>"


@dataclass(frozen=True, repr=False)
class Explanation:
    """Every pair, every need without a partner, every offer without one.

    unattached: blocking pairs that displace nobody, which a plan of `solve` never leaves without
    ceilings or reserved units.
    """

    pairs: tuple[Pair, ...]
    unmet: tuple[Unmet, ...]
    unused: tuple[Unused, ...]
    unattached: Ends

    @property
    def exceptions(self) -> tuple[Pair, ...]:
        """The pairs that stand in the way of blocking pairs."""
        return tuple(pair for pair in self.pairs if pair.exception)

    def __str__(self) -> str:
        every = [*self.exceptions, *self.unmet, *self.unused]
        more = [f"… and {len(every) - MOST_NAMED} more"] if len(every) > MOST_NAMED else []
        return "\n".join([self._summary(), *map(str, every[:MOST_NAMED]), *more])

    def _summary(self) -> str:
        unattached = f", {len(self.unattached)} unattached blocking" if self.unattached else ""
        return (
            f"{len(self.pairs)} pairs ({len(self.exceptions)} exceptions{unattached}), "
            f"{len(self.unmet)} needs without, {len(self.unused)} offers unused"
        )

    def __repr__(self) -> str:
        return f"<Explanation: {self._summary()}>"


def explain(market: Market, plan: Plan | tuple[Any, Any]) -> Explanation:
    """Codes and evidence for everything in a plan, or two arrays (need, offer), and all left out.

    A need that still has candidates goes without for their sake, whatever was removed besides:
    `held_for_community` if it blocks the plan with the offer of an exception, or an offer would be
    open but for units reserved for others; else `offers_full` (pins, ceilings or partners liked
    as much: see `WhyNot.state`).  A need without any candidate: the first code, in the order of
    `REASONS`, among its removed pairs, or `no_fitting_offer`.  A blocking pair is attached to the
    pair that it would displace at the offer, else at the need.  Needs that want 0 and offers that
    serve 0 are not listed.

    ValueError naming `market`, or `plan` if it is malformed or holds a pair that is no
    candidate.  Time O(E) and a small cost for each pair, blocking pair and reserved unit; details
    of single pairs and needs are found when asked for.
    """
    need, offer = pairs_of(market, plan)
    view = View(market, _edges(market, need, offer))
    unserved = (view.seating.count[NEED] == 0) & (market.quantity > 0)
    unused = (view.seating.count[OFFER] == 0) & (market.capacity > 0)
    attached = view.attached()
    return Explanation(
        pairs=_pairs(view, attached),
        unmet=tuple(_unmet(view, i) for i in np.flatnonzero(unserved).tolist()),
        unused=tuple(
            Unused(j, REASONS[view.code_of_offer(j)]) for j in np.flatnonzero(unused).tolist()
        ),
        unattached=attached.get(FREE, ()),
    )


def _edges(market: Market, need: Any, offer: Any) -> list[int]:
    """The edge numbers of pairs; ValueError naming `plan` for a pair that is no candidate."""
    width = max(market.offer_count, 1)
    keys = market.edge_need.astype(np.int64) * width + market.edge_offer
    wanted = need * width + offer
    place = np.searchsorted(keys, wanted)
    known = place < len(keys)
    known[known] = keys[place[known]] == wanted[known]
    if not known.all():
        k = int(np.flatnonzero(~known)[0])
        raise ValueError(f"plan: the pair ({need[k]}, {offer[k]}) is no candidate")
    edges: list[int] = place.tolist()
    return edges


def _pairs(view: View, attached: dict[int, Ends]) -> tuple[Pair, ...]:
    market, at = view.market, view.planned
    columns = (
        market.edge_need[at].tolist(),
        market.edge_offer[at].tolist(),
        market.score[at].tolist(),
        market.need_rank[at].tolist(),
        market.offer_rank[at].tolist(),
        market.pinned[at].tolist(),
    )
    groups = market.need_group

    def exemption(e: int) -> Exemption | None:
        if e not in attached:
            return None
        return Exemption(int(groups[market.edge_need[e]]), attached[e], view, e)

    return tuple(
        Pair(i, j, score, need_rank, offer_rank, pinned, exemption(e), view, e)
        for e, i, j, score, need_rank, offer_rank, pinned in zip(at, *columns, strict=True)
    )


def _unmet(view: View, i: int) -> Unmet:
    code, count = REASONS[view.code_of_need(i)], len(view.seating.row(NEED, i))
    return Unmet(i, code, count, view.removals.count(NEED, i), view)
