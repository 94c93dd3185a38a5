"""Check what a plan says of the pairs that were signed, from its rows and its market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import twosided
from twosided import Market

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc
from lianqiao.matching.candidates import state_of
from lianqiao.matching.comparison import summary_of
from lianqiao.matching.round import Pair, communities

DOES_NOT_HOLD = N_("beside what was signed: %(part)s – what is said does not hold")
PARTS = {
    "rows": N_("rows"),
    "agreed": N_("in both"),
    "different": N_("different"),
    "lost": N_("only signed"),
    "newly_served": N_("newly served"),
    "communities_newly_served": N_("communities newly served"),
    "communities_lost": N_("communities left out"),
    "figures": N_("figures"),
    "summary": N_("summary"),
}
# Of pairs that the market does not know.
_NEVER_MET = ("kind_cannot_serve", "time_does_not_meet", "out_of_area", "no_fitting_offer")
Names = set[tuple[str, str]]


@dataclass(frozen=True)
class _Beside:
    """A plan, its comparison and the market behind both; pairs by position."""

    document: doc.PlanDocument
    comparison: doc.Comparison
    market: Market
    why: twosided.Explanation

    @cached_property
    def needs(self) -> dict[str, int]:
        return {need["id"]: i for i, need in enumerate(self.document["needs"])}

    @cached_property
    def offers(self) -> dict[str, int]:
        return {offer["id"]: j for j, offer in enumerate(self.document["offers"])}

    @cached_property
    def planned(self) -> dict[Pair, doc.PlannedPair]:
        return {
            (self.needs[pair["need"]], self.offers[pair["offer"]]): pair
            for pair in self.document["pairs"]
        }

    @cached_property
    def signed(self) -> dict[Pair, list[int]]:
        """The pairs that the rows were taken for, and which rows."""
        found: defaultdict[Pair, list[int]] = defaultdict(list)
        for at, row in enumerate(self.comparison["rows"]):
            if row["verdict"] in (*doc.TAKEN, "duplicate"):
                found[self.needs[row["need"]], self.offers[row["offer"]]].append(at)
        return dict(sorted(found.items()))

    @cached_property
    def doubtful(self) -> set[int]:
        """Needs of rows whose offer nobody could tell."""
        return {
            self.needs[row["need_told"]]
            for row in self.comparison["rows"]
            if row["verdict"] in doc.NOT_TAKEN and "need_told" in row
        }

    @cached_property
    def edges(self) -> dict[Pair, int]:
        ends = zip(self.market.edge_need.tolist(), self.market.edge_offer.tolist(), strict=True)
        return {pair: edge for edge, pair in enumerate(ends)}

    @cached_property
    def removed(self) -> dict[Pair, str]:
        said = zip(self.market.removed.tolist(), self.market.removed_code.tolist(), strict=True)
        return {(i, j): twosided.REASONS[code] for (i, j), code in said}

    @cached_property
    def partners(self) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
        """The offers of each need, and the needs of each offer."""
        offers, needs = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
        for (i, j), pair in self.planned.items():
            offers[i].add(pair["offer"])
            needs[j].add(pair["need"])
        return dict(offers), dict(needs)

    @cached_property
    def communities(self) -> list[tuple[str, str]]:
        return list(communities(self.document["needs"]))

    def communities_of(self, needs: Iterable[int]) -> Names:
        return {self.communities[need] for need in needs}


def wrong_comparison(
    document: doc.PlanDocument, market: Market, why: twosided.Explanation
) -> Iterator[Text]:
    """One finding for each part that its rows, the pairs of the plan or the market contradict.

    What a row was taken for rests on the signed list, which is not beside the plan.
    Raises KeyError, TypeError or ValueError if it isn't shaped as lianqiao-plan/1.
    """
    if "comparison" not in document:
        return
    beside = _Beside(document, document["comparison"], market, why)
    for part in _wrong_parts(beside):
        yield Text(DOES_NOT_HOLD, {"part": Text(PARTS[part])})


def _wrong_parts(beside: _Beside) -> Iterator[str]:
    if not all(_row_holds(row, beside) for row in beside.comparison["rows"]):
        yield "rows"
        return  # nothing else can be told from them
    said: dict[str, Any] = dict(beside.comparison)
    served = {need for need, _ in beside.planned}
    sorted_into = {
        "agreed": [pair for pair in beside.signed if pair in beside.planned],
        "different": [p for p in beside.signed if p not in beside.planned and p[0] in served],
        "lost": [p for p in beside.signed if p[0] not in served],
    }
    for part, pairs in sorted_into.items():
        ends = [(beside.needs[each["need"]], beside.offers[each["offer"]]) for each in said[part]]
        if ends != pairs or not all(map(_pair_holds, said[part], pairs, [beside] * len(pairs))):
            yield part
    counted = {**_newly(beside), "summary": summary_of(beside.comparison)}
    yield from (part for part, value in counted.items() if said[part] != value)
    if not _figures_hold(beside):
        yield "figures"


def _row_holds(row: doc.ComparisonRow, beside: _Beside) -> bool:
    """Whether a row that was taken names a need and an offer, and any other row none."""
    is_certain = 0 <= row["certainty"] <= 1
    if row["verdict"] in (*doc.TAKEN, "duplicate"):
        return is_certain and row["need"] in beside.needs and row["offer"] in beside.offers
    is_known = "need_told" not in row or row["need_told"] in beside.needs
    verdicts = (*doc.NOT_TAKEN, "not_signed")
    return is_certain and is_known and row["verdict"] in verdicts


def _pair_holds(said: doc.ComparedPair, pair: Pair, beside: _Beside) -> bool:
    rows, written = beside.comparison["rows"], beside.signed[pair]
    offers, needs = beside.partners
    counted = {
        "written": written,
        "certainty": max(rows[at]["certainty"] for at in written),
        "planned": offers.get(pair[0], set()),
        "holders": needs.get(pair[1], set()),
    }
    told = {
        "written": said["written"],
        "certainty": said["certainty"],
        "planned": set(said["planned"]),
        "holders": set(said["holders"]),
    }
    return told == counted and _fit_holds(said, pair, beside) and _reason_holds(said, pair, beside)


def _fit_holds(said: doc.ComparedPair, pair: Pair, beside: _Beside) -> bool:
    """The market knows how candidates fit; a pinned one may fit though it scores nothing."""
    edge = beside.edges.get(pair)
    if edge is None or beside.market.pinned[edge]:
        return 0 <= said["score"] <= 1
    return said["score"] == int(beside.market.score[edge]) / 1000


def _reason_holds(said: doc.ComparedPair, pair: Pair, beside: _Beside) -> bool:
    if pair in beside.planned:
        return said["reason"] == ""
    if pair in beside.edges:
        return said["reason"] == state_of(beside.why.alternative(*pair))
    if pair in beside.removed:
        return said["reason"] == beside.removed[pair]
    return said["reason"] in _NEVER_MET


def _newly(beside: _Beside) -> dict[str, object]:
    had, served = {need for need, _ in beside.signed}, {need for need, _ in beside.planned}
    before = beside.communities_of(had)
    maybe = before | beside.communities_of(beside.doubtful)
    reached = beside.communities_of(served)
    offers = defaultdict[int, list[str]](list)
    for (need, _), pair in sorted(beside.planned.items()):
        offers[need].append(pair["offer"])
    return {
        "newly_served": [
            {
                "need": beside.document["needs"][need]["id"],
                "offers": offers[need],
                "new_community": beside.communities[need] not in maybe,
            }
            for need in sorted(served - had - beside.doubtful)
        ],
        "communities_newly_served": [name for _place, name in sorted(reached - maybe)],
        "communities_lost": [name for _place, name in sorted(before - reached)],
    }


def _figures_hold(beside: _Beside) -> bool:
    figures = beside.comparison["figures"]
    compared = (beside.comparison[part] for part in ("agreed", "different", "lost"))
    fit = sum(round(each["score"] * 1000) for part in compared for each in part)
    pinned = [pair for pair in beside.document["pairs"] if pair["pinned"]]
    counted = {
        "signed": {**_counted(beside, list(beside.signed)), "score": fit},
        "plan": {
            **_counted(beside, sorted(beside.planned)),
            "score": figures["plan"]["score"],
        },
    }
    # Pinned pairs may fit though they score nothing.
    beyond = figures["plan"]["score"] - beside.document["figures"]["score"]
    return counted == figures and 0 <= beyond <= 1000 * len(pinned)


def _counted(beside: _Beside, pairs: list[Pair]) -> dict[str, int]:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    needs, offers = ({pair[side] for pair in pairs} for side in (0, 1))
    blocking = twosided.audit(beside.market, (ends[:, 0], ends[:, 1])).blocking_pairs
    return {
        "needs_served": len(needs),
        "communities_served": len(beside.communities_of(needs)),
        "units": len(pairs),
        "blocking_pairs": len(blocking),
        "would_swap": sum(int(i) in needs and int(j) in offers for i, j in blocking),
    }
