"""Why each pair, why not each need: codes from closed lists, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from twosided._evidence import (
    ROOM,
    STATES,
    Alternative,
    Figures,
    PartlyServed,
    Remedy,
    Standing,
    WhyNot,
    counted,
)
from twosided._seating import FREE, NEED, OFFER
from twosided._why import View
from twosided.audit import pairs_of
from twosided.market import Market
from twosided.plan import Plan
from twosided.reasons import FULL, NOTHING_FITS, REASONS, REFUSED_BY_NEED, REFUSED_BY_OFFER

__all__ = [
    "STATES",
    "Alternative",
    "Exemption",
    "Explanation",
    "Figures",
    "Pair",
    "PartlyServed",
    "Remedy",
    "Standing",
    "Unmet",
    "Unused",
    "WhyNot",
    "explain",
]

MOST_NAMED = 10
ALTHOUGH = {
    REASONS[REFUSED_BY_NEED]: "the need side refused it",
    REASONS[REFUSED_BY_OFFER]: "the offer side refused it",
}

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
        exception = f"; {self.exception}" if self.exception else ""
        score = f"; score {self.score / 1000:.3f}"
        return f"need {self.need} – offer {self.offer}, {self._stands()}{score}{exception}"

    def _stands(self) -> str:
        code = self._view.overridden.get((self.need, self.offer)) if self.pinned else None
        if code is not None:
            return f"pinned, although {ALTHOUGH.get(code, f'it was filtered out: {code}')}"
        # The market does not tell a pin that was no candidate from one without score and ranks.
        if self.pinned and not (self.score or self.need_rank or self.offer_rank):
            return "pinned, without fit or rank"
        sides = f"its {self.need_standing}; the offer's {self.offer_standing}"
        return f"{sides}{', pinned' if self.pinned else ''}"

    def __repr__(self) -> str:
        return f"<Pair: {self}>"


@dataclass(frozen=True, repr=False)
class Unmet:
    """A need without any partner, why, and how many candidates and removed pairs it has.

    open_count: how many of the candidates have room on both sides: blocking pairs that displace
    nobody, as a plan made by hand may leave, and `best_fit` where the score is 0.
    """

    need: int
    code: str
    candidate_count: int
    removed_count: int
    open_count: int
    _view: View = field(compare=False)

    @cached_property
    def candidates(self) -> tuple[WhyNot, ...]:
        """Its most fitting offers, best first, at most 5: candidates as the need likes them, then
        removed pairs by score.  The first that has the deciding code is among them.
        """
        return self._view.why_not(self.need, self.code)

    def __str__(self) -> str:
        counts = f"{counted(self.candidate_count, 'candidate')}, {self.removed_count} removed"
        offers = "".join(f"; {why}" for why in self.candidates)
        reason = ROOM if self.open_count and self.code == REASONS[FULL] else self.code
        return f"need {self.need} goes without: {reason} ({counts}){offers}"

    def __repr__(self) -> str:
        return f"<Unmet: {self}>"


@dataclass(frozen=True, repr=False)
class Unused:
    """An offer with places that serves nobody, and why."""

    offer: int
    code: str
    _view: View = field(compare=False)

    @cached_property
    def candidates(self) -> tuple[Alternative, ...]:
        """The needs that it fits, the 5 that it likes best, best first, and what keeps each."""
        return self._view.wanting(self.offer)

    def __str__(self) -> str:
        fits = ", ".join(f"need {other.need} ({other.hindrance})" for other in self.candidates)
        if self.code != REASONS[NOTHING_FITS]:
            reason = f"{self.code}; fits {fits}" if fits else self.code
        else:
            reason = f"fits {fits}" if fits else "no need fits"
        return f"offer {self.offer} serves nobody: {reason}"

    def __repr__(self) -> str:
        return f"<Unused: {self}>"


@dataclass(frozen=True, repr=False)
class Explanation:
    """Every pair, every need without a partner, every offer without one.

    unattached: blocking pairs that displace nobody.  A plan of `solve` leaves none without
    ceilings or reserved units, but for pairs of score 0 under `best_fit`.
    partly_served: needs with fewer partners than they want, as (need, has, wanted).
    """

    pairs: tuple[Pair, ...]
    unmet: tuple[Unmet, ...]
    unused: tuple[Unused, ...]
    unattached: Ends
    partly_served: tuple[PartlyServed, ...] = ()
    _view: View | None = field(default=None, compare=False)

    def alternative(self, need: int, offer: int) -> Alternative:
        """One candidate pair and what keeps each side from it, as things stand in the plan.

        ValueError naming `pair` if it is no candidate.  Time O(candidates of both sides).
        """
        if self._view is None:
            raise ValueError("pair: this explanation was not made by explain()")
        market = self._view.market
        at = stop = 0
        if 0 <= need < market.need_count:
            start, stop = market.need_start[need : need + 2].tolist()
            at = start + int(np.searchsorted(market.edge_offer[start:stop], offer))
        if at == stop or market.edge_offer[at] != offer:
            raise ValueError(f"pair: need {need} and offer {offer} are no candidate pair")
        return self._view.alternative(at)

    @property
    def exceptions(self) -> tuple[Pair, ...]:
        """The pairs that stand in the way of blocking pairs."""
        return tuple(pair for pair in self.pairs if pair.exception)

    def __str__(self) -> str:
        every = [*self.exceptions, *self.unmet, *self.partly_served, *self.unused]
        more = [f"… and {len(every) - MOST_NAMED} more"] if len(every) > MOST_NAMED else []
        return "\n".join([self._summary(), *map(str, every[:MOST_NAMED]), *more])

    def _summary(self) -> str:
        unattached = f", {len(self.unattached)} unattached blocking" if self.unattached else ""
        exceptions = counted(len(self.exceptions), "exception")
        partly = len(self.partly_served)
        told = [
            f"{counted(len(self.pairs), 'pair')} ({exceptions}{unattached})",
            f"{counted(len(self.unmet), 'need')} without",
            *([f"{counted(partly, 'need')} partly served"] if partly else []),
            f"{counted(len(self.unused), 'offer')} unused",
        ]
        return ", ".join(told)

    def __repr__(self) -> str:
        return f"<Explanation: {self._summary()}>"


def explain(market: Market, plan: Plan | tuple[Any, Any]) -> Explanation:
    """Codes and evidence for everything in a plan, or two arrays (need, offer), and all left out.

    A need that still has candidates goes without for their sake, whatever was removed besides:
    `held_for_community` if it blocks the plan with the offer of an exception, or an offer would be
    open but for units reserved for others; else `offers_full` (pins, ceilings or partners liked
    as much: see `WhyNot.state`).  Where every candidate has room and a score of 0, as `best_fit`
    leaves them, the code is `no_fitting_offer`.  A need without any candidate: the first code,
    in the order of `REASONS`, among its removed pairs, or `no_fitting_offer`.  A blocking pair
    is attached to the pair that it would displace at the offer, else at the need.  Needs that
    want 0 and offers that serve 0 are not listed.

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
            Unused(j, REASONS[view.code_of_offer(j)], view) for j in np.flatnonzero(unused).tolist()
        ),
        unattached=attached.get(FREE, ()),
        partly_served=_partly_served(view),
        _view=view,
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


def _partly_served(view: View) -> tuple[PartlyServed, ...]:
    has, wanted = view.seating.count[NEED], view.market.quantity
    needs = np.flatnonzero((has > 0) & (has < wanted))
    columns = (needs.tolist(), has[needs].tolist(), wanted[needs].tolist())
    return tuple(PartlyServed(*row) for row in zip(*columns, strict=True))


def _unmet(view: View, i: int) -> Unmet:
    code, count = REASONS[view.code_of_need(i)], len(view.seating.row(NEED, i))
    room = int(view.open_counts[i])
    return Unmet(i, code, count, view.removals.count(NEED, i), room, view)
