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
    "no_fitting_need": N_("No need on the list fits."),
    "needs_served": N_("The needs that it fits are served by others."),
    "no_capacity": N_("The list gives it no place to fill."),
}


def sentence(code: str) -> str:
    """The English msgid of a reason; a code that nobody worded stands for itself."""
    return REASONS.get(code) or UNUSED.get(code) or code
