"""Check what a plan says the other policies would give: its own figures, and theirs made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import twosided
from twosided import Market

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc
from lianqiao.matching.outlook import outlook
from lianqiao.matching.planning import own_figures
from lianqiao.matching.solving import Settings

NOT_ALL = N_("the plan doesn't set the policies side by side as the engine orders them")
NOT_OWN = N_("policy %(policy)s: its figures are not those of the plan")
NOT_AGAIN = N_("policy %(policy)s: made again, it gives other figures")
OUT_OF_BOUNDS = N_("policy %(policy)s: no plan of this round can have such figures")


def wrong_outlook(document: doc.PlanDocument, market: Market) -> Iterator[Text]:
    """One finding for each policy that disagrees; older plans tell of none.

    The others are made again only by the engine that made them: another version may plan
    otherwise, and stays within what any plan can have. Raises KeyError, TypeError or ValueError
    if it isn't shaped as lianqiao-plan/1.
    """
    if "policies" not in document:
        return  # plans were once made without
    settings = Settings(policy=document["policy"], seed=document["seed"])
    again = outlook(market, settings, own_figures(document["figures"]))
    if [_kind(each) for each in document["policies"]] != [_kind(each) for each in again]:
        yield Text(NOT_ALL)
        return
    is_same_engine = document["engine"]["version"] == f"twosided {twosided.__version__}"
    for told, counted in zip(document["policies"], again, strict=True):
        name = {"policy": told["policy"]}
        if told["chosen"]:
            is_quick = document.get("quick", told["quick"])
            if (told["figures"], told["quick"]) != (counted["figures"], is_quick):
                yield Text(NOT_OWN, name)
        elif is_same_engine and (told["figures"], told["quick"]) != (counted["figures"], True):
            yield Text(NOT_AGAIN, name)
        elif not _can_be(told["figures"], document, market):
            yield Text(OUT_OF_BOUNDS, name)


def _kind(told: doc.PolicyOutlook) -> tuple[str, bool]:
    return told["policy"], told["chosen"]


def _can_be(figures: doc.PlanFigures, document: doc.PlanDocument, market: Market) -> bool:
    """Whether a plan of the round could have these figures, by what all plans have in common."""
    said: dict[str, Any] = dict(figures)
    places = min(int(market.quantity.sum()), int(market.capacity.sum()), market.edge_count)
    served, units = said["needs_served"], said["units"]
    most = {
        "needs_served": min(units, market.need_count),
        "communities_served": min(served, document["figures"]["communities_possible"]),
        "units": places,
        "score": min(1000 * units, document["figures"]["score_best"]),
        "blocking_pairs": market.edge_count - units,
    }
    return said.keys() == most.keys() and all(
        type(said[name]) is int and 0 <= said[name] <= bound for name, bound in most.items()
    )
