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
FITS_ARE_SERVED = N_("The needs that it fits are served by others.")


def sentence_of_need(code: str) -> str:
    """Why a need goes without, as a msgid; a code that nobody worded stands for itself."""
    return REASONS.get(code, code)


def sentence_of_offer(code: str, *, has_candidates: bool) -> str:
    """Why an offer serves nobody, as a msgid. has_candidates: some need might have had it."""
    return FITS_ARE_SERVED if has_candidates else UNUSED.get(code, code)
