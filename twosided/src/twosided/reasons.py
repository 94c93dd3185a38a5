"""Why a need goes without or a pair was not possible: a closed list, in the order that decides."""

REASONS = (
    "withdrawn",
    "forbidden_by_organiser",
    "refused_by_need_side",
    "refused_by_offer_side",
    "kind_cannot_serve",
    "time_does_not_meet",
    "out_of_area",
    "held_for_community",
    "offers_full",
    "no_fitting_offer",
)

FORBIDDEN = REASONS.index("forbidden_by_organiser")
REFUSED_BY_NEED = REASONS.index("refused_by_need_side")
REFUSED_BY_OFFER = REASONS.index("refused_by_offer_side")
HELD = REASONS.index("held_for_community")
FULL = REASONS.index("offers_full")
NOTHING_FITS = REASONS.index("no_fitting_offer")
