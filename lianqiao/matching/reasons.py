"""The closed list of reasons, in the order in which the first that applies is given."""

from __future__ import annotations

from lianqiao.language import N_

REASONS = {
    "withdrawn": N_("It was withdrawn."),
    "forbidden_by_organiser": N_("The organiser ruled this pair out."),
    "refused_by_need_side": N_("The community did not want it this round."),
    "refused_by_offer_side": N_("The institution could not do it this round."),
    "kind_cannot_serve": N_("What is offered is of another kind than what is needed."),
    "time_does_not_meet": N_("The times do not meet."),
    "out_of_area": N_("The offer does not reach this sub-district."),
    "held_for_community": N_("The place is held for another community."),
    "offers_full": N_("Fitting offers are on the list, but all their places are taken."),
    "no_fitting_offer": N_("No offer on the list fits."),
}
UNUSED = {
    **REASONS,
    "forbidden_by_organiser": N_("The organiser ruled out the needs that it fits."),
    "refused_by_need_side": N_("The communities that it fits did not want it this round."),
    "refused_by_offer_side": N_("The institution could not do what fits it this round."),
    "no_fitting_offer": N_("No need on the list fits."),
}
# From this score on a pair is called so; see the words of a plan.
LEAST_STRONG, LEAST_FAIR = 0.75, 0.4
# Of an offer that some need might have had, by how well it fits the best of them.
SERVED_BY_OTHERS = (
    N_("No need on the list fits; there were choices, but they led to no pair."),
    N_("Only possibly related needs are on the list, and others serve them."),
    N_("The needs that would be worth a talk are served by others."),
    N_("The needs that it fits are served by others."),
)


def sentence_of_need(code: str) -> str:
    """Why a need goes without, as a msgid; a code that nobody worded stands for itself."""
    return REASONS.get(code, code)


def sentence_of_offer(code: str, best: float | None = None, *, floor: float = 0.0) -> str:
    """Why an offer serves nobody, as a msgid.

    best: how well it fits the best of the needs that might have had it, [0, 1]; None if there are
    none. floor: below it nothing fits.
    """
    if best is None:
        return UNUSED.get(code, code)
    return SERVED_BY_OTHERS[_step(best, floor)]


def is_stronger(one: float, other: float, *, floor: float) -> bool:
    """Whether a fit is called by a better word than another."""
    return _step(one, floor) > _step(other, floor)


def _step(fit: float, floor: float) -> int:
    return sum(fit >= least for least in (floor, LEAST_FAIR, LEAST_STRONG))
