"""The words of a plan: its codes as sentences, and texts given a language for pages and sheets.

Policies, strengths, reasons, fields: one table each, so that the report and the workbook say the
same. A code that no table knows is shown as it is and never stops a report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

from lianqiao.catalogue.taxonomy import categories
from lianqiao.language import N_, Text, Translator
from lianqiao.matching.reasons import LEAST_FAIR, LEAST_STRONG

Out = TypeVar("Out", bound=str)

# From this score on a pair is called so: (least score, sign of the strength, word). Scores are
# calibrated: of judged pairs above 0.75 nearly all are good, between 0.4 and 0.75 about six in ten.
STRENGTHS = (
    (LEAST_STRONG, "strong", N_("fits well")),
    (LEAST_FAIR, "fair", N_("worth a talk")),
    (0.0, "faint", N_("possibly related")),
)
# Below this a fit makes no candidate: such a pair is there because somebody chose or pinned it.
LEAST_FIT = 0.08
# Below this a number says nothing that a reader could use.
LEAST_SHOWN = 0.05
# Below this the nearest offer is merely the least far off: a pair of that score fits once in fifty.
LEAST_NEAR = 0.02
# What is in the way where somebody else has the place.
_HOLDING = frozenset({"offers_full", "held_for_community"})
BY_CHOICE = ("chosen", N_("by choice"))
PINNED = ("chosen", N_("pinned"))
POLICY_NAMES = {
    "stability": N_("stability"),
    "balanced": N_("balanced"),
    "coverage": N_("coverage"),
    "fairness": N_("fairness"),
    "best_fit": N_("best fit"),
}
POLICY_AIMS = {
    "stability": N_("nobody would rather swap, then as many needs as possible"),
    "balanced": N_("every community first, then as few would-rather-swap pairs as possible"),
    "coverage": N_("as many needs as possible, then as few would-rather-swap pairs as possible"),
    "fairness": N_("the worst-off communities first"),
    "best_fit": N_("the best total fit, whoever would rather swap"),
}
# What is proved of a plan that is the best of its policy.
POLICY_PROOFS = {
    "stability": N_("no plan has fewer exceptions, and none with as few serves more needs"),
    "balanced": N_(
        "no plan serves more communities, and none that serves as many has fewer exceptions"
    ),
    "coverage": N_("no plan serves more needs, and none that serves as many has fewer exceptions"),
    "fairness": N_(
        "no plan does more for the worst-off communities, and none that does as much has fewer "
        "exceptions"
    ),
    "best_fit": N_("no plan has a better total fit"),
}
# A plan whose exceptions are the fewest that its policy leaves room for.
FEWEST = {
    "stability": N_("as few exceptions as possible"),
    "balanced": N_("as few exceptions as possible with so many communities"),
    "coverage": N_("as few exceptions as possible with so many needs"),
    "fairness": N_("as few exceptions as possible with shares as fair"),
}
# Of which plans the bound of the exceptions is known.
EXCEPTIONS_AMONG = {
    "balanced": N_("Exceptions, with as many communities"),
    "coverage": N_("Exceptions, with as many needs"),
    "fairness": N_("Exceptions, with shares as fair"),
}
METHODS = {
    "deferred acceptance": N_("round by round, each side keeps the best (deferred acceptance)"),
    "local improvement": N_("a first plan, then improved pair by pair (local improvement)"),
    "integer programme": N_("all pairs weighed together (integer programme)"),
    "min-cost flow": N_("the best total fit in one reckoning (min-cost flow)"),
}
WHY_NOT = {
    "withdrawn": N_("was withdrawn"),
    "forbidden_by_organiser": N_("ruled out by the organiser"),
    "refused_by_need_side": N_("the community did not want it this round"),
    "refused_by_offer_side": N_("the institution could not do it this round"),
    "kind_cannot_serve": N_("is of another kind than what is needed"),
    "time_does_not_meet": N_("the times do not meet"),
    "out_of_area": N_("does not reach this sub-district"),
    "held_for_community": N_("held for another community"),
    "offers_full": N_("full"),
    "no_fitting_offer": N_("does not fit well enough"),
}
LISTS = {
    "needs": N_("needs"),
    "offers": N_("offers"),
    "choices": N_("choices"),
    "weights": N_("learnt weights"),
}
KINDS = {
    "service": N_("service"),
    "works": N_("works"),
    "goods": N_("goods"),
    "venue": N_("venue"),
    "people": N_("people"),
    "information": N_("information"),
    "funds": N_("funds"),
}
FIELDS = {
    "need.title": N_("the need's title"),
    "need.description": N_("the need's description"),
    "need.kind": N_("the kind of help needed"),
    "need.target_group": N_("whom the need is for"),
    "need.time_window": N_("when it is needed"),
    "need.quantity": N_("how much is needed"),
    "need.unit": N_("the unit of what is needed"),
    "need.sub_district": N_("the need's sub-district"),
    "offer.title": N_("the offer's title"),
    "offer.description": N_("the offer's description"),
    "offer.kind": N_("the kind of help offered"),
    "offer.target_group": N_("whom the offer is for"),
    "offer.time_window": N_("when it is offered"),
    "offer.quantity": N_("how much is offered"),
    "offer.unit": N_("the unit of what is offered"),
    "offer.sub_district": N_("where it is offered"),
}
# The parts of a score.
PARTS = {
    "base": N_("to begin with"),
    "words": N_("words"),
    "meaning": N_("meaning"),
    "category": N_("category"),
    "kind": N_("kind"),
    "target_group": N_("people served"),
    "time": N_("time"),
    "place": N_("place"),
    "quantity": N_("amount"),
}
BOUNDS = {
    "needs_served": N_("Needs served"),
    "communities_served": N_("Communities served"),
    "groups_served": N_("Communities served"),
    "units": N_("Bridges"),
    "score": N_("Total fit"),
    "blocking_pairs": N_("Exceptions"),
}


class Said(str):
    """Words that a user wrote: shown as written, in the language they were written in."""

    __slots__ = ()


class Category(str):
    """A code of the taxonomy, shown by its name in the reader's language."""

    __slots__ = ()


def word(table: dict[str, str], code: str) -> Text | str:
    """The table's words for a code; an unknown code stands for itself."""
    return Text(table[code]) if code in table else code


def strength(score: float) -> tuple[str, Text]:
    """Sign and word of the strength of a score in [0, 1]."""
    for least, sign, msgid in STRENGTHS:
        if score >= least:
            return sign, Text(msgid)
    _least, sign, msgid = STRENGTHS[-1]
    return sign, Text(msgid)


def pair_strength(score: float, *, is_ranked: bool, is_pinned: bool) -> tuple[str, Text]:
    """Sign and word of a pair of a plan: its fit, or what put it there where nothing fits."""
    if score < LEAST_FIT and (is_ranked or is_pinned):
        sign, msgid = PINNED if is_pinned else BY_CHOICE
        return sign, Text(msgid)
    return strength(score)


def near_strength(score: float, state: str, *, is_ranked: bool) -> tuple[str, Text | None]:
    """Sign and word of an offer that a need is not paired with. state: what is in the way.

    Without a fit, a place that somebody else has was wanted only because it was chosen; where
    nobody chose it either, there is nothing to say: "" and None.
    """
    if state != "no_fitting_offer" and score >= LEAST_FIT:
        return strength(score)
    is_chosen = is_ranked or state in _HOLDING
    return (BY_CHOICE[0], Text(BY_CHOICE[1])) if is_chosen else ("", None)


def comes_near(score: float, state: str) -> bool:
    """Whether naming the offer helps; one that merely is the least far off does not."""
    return state != "no_fitting_offer" or score >= LEAST_NEAR


def shown_score(score: float) -> str:
    """Two decimals, cut and not rounded: 0.749 is not yet 0.75. "" where it says nothing."""
    return "" if score < LEAST_SHOWN else f"{cut_score(score):.2f}"


def cut_score(score: float) -> float:
    """The score in whole hundredths, never more than it is."""
    return math.floor(score * 100 + 1e-6) / 100


def listed(items: Iterable[object]) -> object:
    """The items as an enumeration of the reader's language; "" if there are none."""
    said: object = ""
    for position, item in enumerate(items):
        said = Text(N_("%(some)s, %(next)s"), {"some": said, "next": item}) if position else item
    return said


def rendered(value: object, translator: Translator, show: Callable[[object], Out]) -> Out:
    """A value in the reader's language.

    show: how a plain value or a user's words appear, escaped on a page, as they are in a cell; the
    kind of string that it returns keeps `%` on it safe. A sentence whose places its values do not
    fill is shown unfilled.
    """
    if isinstance(value, Category):
        return show(_category_name(str(value), translator.language))
    if not isinstance(value, Text):
        return show(value)
    sentence = show(translator.gettext(value.msgid))
    if not value.values:
        return sentence
    filled = {
        name: inner if isinstance(inner, int | float) else rendered(inner, translator, show)
        for name, inner in value.values.items()
    }
    try:
        return type(sentence)(sentence % filled)
    except (KeyError, TypeError, ValueError):
        return sentence


@cache
def _category_names(language: str) -> dict[str, str]:
    return {each.code: each.en if language == "en" else each.zh_hans for each in categories()}


def _category_name(code: str, language: str) -> str:
    return _category_names(language).get(code, code)
