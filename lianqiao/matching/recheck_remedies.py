"""Check what a plan says of removing its exceptions: the changed plan counted anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import twosided
from twosided import Market

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc

Pair = tuple[str, str]


def wrong_remedies(document: doc.PlanDocument, market: Market) -> Iterator[Text]:
    """One finding for each remedy that breaks a rule, leaves its exception or counts wrongly.

    Raises KeyError, TypeError or ValueError if a remedy isn't shaped as lianqiao-plan/1.
    """
    check = _Check(document, market)
    for pair in document["pairs"]:
        exception = pair["exception"]
        remedy = exception.get("remedy") if exception else None
        if exception and remedy and not check.holds(remedy, exception):
            yield Text(
                N_(
                    "%(need)s – %(offer)s: what removing the exception would cost is not what the "
                    "check finds"
                ),
                {"need": pair["need"], "offer": pair["offer"]},
            )


class _Check:
    def __init__(self, document: doc.PlanDocument, market: Market) -> None:
        self.market = market
        self.needs = [need["id"] for need in document["needs"]]
        self.offers = [offer["id"] for offer in document["offers"]]
        self.need_at = {need: i for i, need in enumerate(self.needs)}
        self.offer_at = {offer: j for j, offer in enumerate(self.offers)}
        self.community = {need["id"]: need["organisation"] for need in document["needs"]}
        self.group = dict(zip(self.needs, market.need_group.tolist(), strict=True))
        self.pairs = {(pair["need"], pair["offer"]) for pair in document["pairs"]}

    def holds(self, remedy: doc.Remedy, exception: doc.PairException) -> bool:
        gained, lost = _ends(remedy["gained"]), _ends(remedy["lost"])
        known = all(n in self.need_at and o in self.offer_at for n, o in gained)
        if gained & self.pairs or not lost <= self.pairs or not known:
            return False
        after = (self.pairs | gained) - lost
        return self._figures_hold(remedy, exception, after) and self._names_hold(remedy, after)

    def _figures_hold(
        self, remedy: doc.Remedy, exception: doc.PairException, after: set[Pair]
    ) -> bool:
        placed = np.array(sorted((self.need_at[n], self.offer_at[o]) for n, o in after), np.int64)
        placed = placed.reshape(-1, 2)
        audit = twosided.audit(self.market, (placed[:, 0], placed[:, 1]))
        blocking = {(self.needs[i], self.offers[j]) for i, j in audit.blocking_pairs.tolist()}
        counted = {
            "needs_served": audit.needs_served,
            "communities_served": audit.groups_served,
            "units": audit.units,
            "score": audit.score,
            "blocking_pairs": len(blocking),
        }
        is_gone = not blocking & _ends(exception["blocks"])
        return audit.clean and is_gone and remedy["figures"] == counted

    def _names_hold(self, remedy: doc.Remedy, after: set[Pair]) -> bool:
        before, then = ({need for need, _ in pairs} for pairs in (self.pairs, after))
        groups = [{self.group[need] for need in served} for served in (before, then)]
        first = {group: self.community[need] for need, group in reversed(self.group.items())}
        left = sorted(first[group] for group in groups[0] - groups[1])
        return (
            sorted(remedy["needs_left_out"]) == sorted(before - then)
            and sorted(remedy["needs_newly_served"]) == sorted(then - before)
            and sorted(remedy["communities_left_out"]) == left
        )


def _ends(pairs: list[list[str]]) -> set[Pair]:
    return {(need, offer) for need, offer in pairs}
