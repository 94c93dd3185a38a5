"""What each policy would give, beside this plan: figures, and how they differ in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lianqiao.exchange.evidence import Words
from lianqiao.exchange.plan_figures import percent
from lianqiao.exchange.wording import POLICY_AIMS, POLICY_NAMES, listed, word
from lianqiao.language import N_, Text
from lianqiao.matching.document import Figures, PlanDocument, PlanFigures, PolicyOutlook

# By figure: what is said of one more, of more, of one fewer, of fewer than in this plan.
_CHANGES = {
    "needs_served": (
        N_("1 more need"),
        N_("%(n)d more needs"),
        N_("1 need fewer"),
        N_("%(n)d needs fewer"),
    ),
    "communities_served": (
        N_("1 more community"),
        N_("%(n)d more communities"),
        N_("1 community fewer"),
        N_("%(n)d communities fewer"),
    ),
    "units": (
        N_("1 more bridge"),
        N_("%(n)d more bridges"),
        N_("1 bridge fewer"),
        N_("%(n)d bridges fewer"),
    ),
    "blocking_pairs": (
        N_("1 more exception"),
        N_("%(n)d more exceptions"),
        N_("1 exception fewer"),
        N_("%(n)d exceptions fewer"),
    ),
}
_NEEDS = N_("Needs")
_COMMUNITIES = N_("Communities")
_BRIDGES = N_("Bridges")
_FIT = N_("Total fit")
_EXCEPTIONS = N_("Exceptions")


@dataclass(frozen=True)
class Figure:
    """A number of a policy. share: the length of its bar, 0 to 100."""

    name: Text
    shown: str
    share: float


@dataclass(frozen=True)
class PolicyRow:
    """change: how the figures differ from this plan's, "" of this plan itself."""

    name: Words
    aim: Words
    is_chosen: bool
    is_quick: bool
    figures: tuple[Figure, ...]
    change: object


def policy_rows(document: PlanDocument) -> tuple[PolicyRow, ...]:
    """The policies in the plan's order; none where it does not tell of any but its own."""
    told = document.get("policies", [])
    chosen = next((each for each in told if each["chosen"]), None)
    if chosen is None or len(told) == 1:
        return ()
    are_bridges_shown = any(_has_more_bridges(each["figures"]) for each in told)
    most = max(each["figures"]["blocking_pairs"] for each in told)
    return tuple(
        PolicyRow(
            word(POLICY_NAMES, each["policy"]),
            word(POLICY_AIMS, each["policy"]),
            each["chosen"],
            each["quick"],
            tuple(_figures(each["figures"], document["figures"], are_bridges_shown, most)),
            _change(each, chosen, document["figures"]["score_best"], are_bridges_shown),
        )
        for each in told
    )


def _has_more_bridges(figures: PlanFigures) -> bool:
    return figures["units"] != figures["needs_served"]


def _figures(
    here: PlanFigures, whole: Figures, are_bridges_shown: bool, most_exceptions: int
) -> Iterator[Figure]:
    yield _counted(_NEEDS, here["needs_served"], whole["needs"])
    yield _counted(_COMMUNITIES, here["communities_served"], whole["communities"])
    if are_bridges_shown:
        yield _counted(_BRIDGES, here["units"], int(max(here["units"], _most_units(whole))))
    share = _share(here["score"], whole["score_best"])
    yield Figure(Text(_FIT), percent(here["score"], whole["score_best"]), share)
    yield _counted(_EXCEPTIONS, here["blocking_pairs"], most_exceptions)


def _most_units(whole: Figures) -> float:
    return whole["bounds"].get("units", whole["units"])


def _counted(name: str, count: int, whole: int) -> Figure:
    return Figure(Text(name), str(count), _share(count, whole))


def _share(part: float, whole: float) -> float:
    return round(100 * min(1.0, part / whole), 1) if whole > 0 else 0.0


def _change(
    other: PolicyOutlook, chosen: PolicyOutlook, score_best: int, are_bridges_shown: bool
) -> object:
    if other["chosen"]:
        return ""
    here, there = chosen["figures"], other["figures"]
    said = [
        _difference("needs_served", there["needs_served"] - here["needs_served"]),
        _difference("communities_served", there["communities_served"] - here["communities_served"]),
        _difference("units", there["units"] - here["units"]) if are_bridges_shown else "",
        _fit_change(there["score"] - here["score"], score_best),
        _difference("blocking_pairs", there["blocking_pairs"] - here["blocking_pairs"]),
    ]
    if not any(said):
        return Text(N_("the same figures as this plan"))
    return listed(each for each in said if each)


def _difference(figure: str, change: int) -> Words:
    if not change:
        return ""
    one_more, more, one_fewer, fewer = _CHANGES[figure]
    one, many = (one_more, more) if change > 0 else (one_fewer, fewer)
    return Text(one) if abs(change) == 1 else Text(many, {"n": abs(change)})


def _fit_change(change: int, best: int) -> Words:
    points = f"{abs(100 * change / best):.1f}" if best > 0 else "0.0"
    if points == "0.0":
        return ""
    if change > 0:
        return Text(N_("total fit %(points)s points higher"), {"points": points})
    return Text(N_("total fit %(points)s points lower"), {"points": points})
