"""A plan set beside what was signed: what both have, what differs, whom only one of them serves.

Signed pairs rest on talks that no list shows. The comparison says what differs and what stood in
the way of the plan, and leaves it to the reader what to make of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import twosided
from twosided import Explanation, Plan
from twosided import reasons as codes

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc
from lianqiao.matching.candidates import state_of
from lianqiao.matching.round import Pair, Round, communities

BOTH = N_("Signed pairs: %(signed)d; in the plan as well: %(agreed)d.")
OTHERWISE = N_("Signed pairs whose need has another partner in the plan: %(count)d.")
WITHOUT = N_("Signed pairs whose need has no partner in the plan: %(count)d.")
NEWLY = N_(
    "Needs with nothing signed that the plan would also reach: %(needs)d; communities with "
    "nothing signed at all that it would reach: %(communities)d."
)
NEEDS_NEWLY = N_("Needs with nothing signed that the plan would also reach: %(count)d.")
NONE_NEWLY = N_("Every need that the plan serves has something signed.")
LEFT_OUT = N_(
    "Communities with something signed, but nothing in the plan: %(communities)d. Ask before "
    "anything is changed."
)
TALKS = N_(
    "Signed pairs rest on talks that the lists don't show: people who know each other, dates, "
    "money, trust. Where the plan differs, that is a question to both sides and no mistake of "
    "anybody."
)
FEWER = N_(
    "Fewer signed pairs than planned ones are not a worse result: a plan promises nothing, a "
    "signature does."
)
FITS = N_(
    "As far as the texts tell, a signed pair fits by %(signed).2f on average and a planned one by "
    "%(planned).2f; the plan was made to fit by the texts, the talks were not."
)
UNREAD = N_(
    "Rows of the signed list that were not taken, and so are missing on the signed side: "
    "%(count)d. Where several could be meant, the title or the number of the need and of the offer "
    "in that row settles it."
)


@dataclass(frozen=True)
class _Beside:
    """The plan, what was signed, and the market behind them; pairs by position."""

    document: doc.PlanDocument
    round: Round
    rows: Sequence[doc.ComparisonRow]
    signed: Mapping[Pair, list[int]]
    planned: frozenset[Pair]
    why: Explanation
    removed: Mapping[Pair, str]

    def need(self, at: int) -> str:
        return self.round.needs[at].id

    def offer(self, at: int) -> str:
        return self.round.offers[at].id

    def fit(self, pair: Pair) -> int:
        return self.round.relevance.unfiltered_of(*pair)


def compared(
    document: doc.PlanDocument,
    round_: Round,
    rows: Sequence[doc.ComparisonRow],
    passed_over: Mapping[str, int],
) -> doc.Comparison:
    """The plan beside the signed pairs that the rows were taken for.

    Deterministic; time O(E) for the account of the plan, then the signed pairs.
    """
    beside = _beside(document, round_, rows)
    agreed, different, lost = _sorted_pairs(beside)
    newly = _newly_served(beside)
    reached = _communities_of(beside, beside.planned)
    had = _communities_of(beside, beside.signed)
    in_doubt = _communities_of(beside, _in_doubt(beside))
    figures = {
        "signed": _figures(beside, tuple(beside.signed)),
        "plan": _figures(beside, tuple(sorted(beside.planned))),
    }
    comparison: doc.Comparison = {
        "rows": list(rows),
        "passed_over": dict(passed_over),
        "agreed": agreed,
        "different": different,
        "newly_served": newly,
        "lost": lost,
        "communities_newly_served": _names(reached, had | in_doubt),
        "communities_lost": _names(had, reached),
        "figures": figures,
        "summary": [],
    }
    comparison["summary"] = summary_of(comparison)
    return comparison


def summary_of(comparison: doc.Comparison) -> list[dict[str, Any]]:
    """What its lists and figures come to, in sentences."""
    return [
        {"about": about, "text": text.msgid, "values": dict(text.values)}
        for about, said in (("counts", _counts(comparison)), ("fairness", _fairness(comparison)))
        for text in said
    ]


def _beside(
    document: doc.PlanDocument, round_: Round, rows: Sequence[doc.ComparisonRow]
) -> _Beside:
    need_at = {need.id: i for i, need in enumerate(round_.needs)}
    offer_at = {offer.id: j for j, offer in enumerate(round_.offers)}
    signed: defaultdict[Pair, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row["verdict"] in (*doc.TAKEN, "duplicate"):
            signed[need_at[row["need"]], offer_at[row["offer"]]].append(at)
    planned = [(need_at[pair["need"]], offer_at[pair["offer"]]) for pair in document["pairs"]]
    ends = np.array(planned, dtype=np.int64).reshape(-1, 2)
    plan = Plan(ends[:, 0], ends[:, 1], document["policy"])
    market = round_.market
    removed = zip(market.removed.tolist(), market.removed_code.tolist(), strict=True)
    return _Beside(
        document,
        round_,
        rows,
        dict(sorted(signed.items())),
        frozenset(planned),
        twosided.explain(market, plan),
        {(i, j): codes.REASONS[code] for (i, j), code in removed},
    )


def _sorted_pairs(
    beside: _Beside,
) -> tuple[list[doc.ComparedPair], list[doc.ComparedPair], list[doc.ComparedPair]]:
    """Signed pairs that the plan has, that it has differently, and that it has not."""
    offers_of: defaultdict[int, list[int]] = defaultdict(list)
    needs_of: defaultdict[int, list[int]] = defaultdict(list)
    for need, offer in sorted(beside.planned, key=lambda pair: (-beside.fit(pair), pair)):
        offers_of[need].append(offer)
        needs_of[offer].append(need)
    agreed: list[doc.ComparedPair] = []
    different: list[doc.ComparedPair] = []
    lost: list[doc.ComparedPair] = []
    edges = set(zip(*_ends(beside), strict=True))
    for (need, offer), written in beside.signed.items():
        is_planned = (need, offer) in beside.planned
        pair: doc.ComparedPair = {
            "need": beside.need(need),
            "offer": beside.offer(offer),
            "score": beside.fit((need, offer)) / 1000,
            "written": written,
            "certainty": max(beside.rows[at]["certainty"] for at in written),
            "planned": [beside.offer(each) for each in offers_of[need]],
            "holders": [beside.need(each) for each in needs_of[offer]],
            "reason": "" if is_planned else _reason(beside, (need, offer), edges),
        }
        (agreed if is_planned else different if offers_of[need] else lost).append(pair)
    return agreed, different, lost


def _ends(beside: _Beside) -> tuple[list[int], list[int]]:
    market = beside.round.market
    return market.edge_need.tolist(), market.edge_offer.tolist()


def _reason(beside: _Beside, pair: Pair, edges: set[tuple[int, int]]) -> str:
    """Why the plan has not the pair, as of any other pair outside it."""
    if pair in edges:
        return state_of(beside.why.alternative(*pair))
    return beside.removed.get(pair) or _filtered(beside, pair)


def _filtered(beside: _Beside, pair: Pair) -> str:
    """Of pairs that never met: what time, kind or place say, else that the texts do not fit."""
    return beside.round.relevance.reason(*pair) or codes.REASONS[codes.NOTHING_FITS]


def _newly_served(beside: _Beside) -> list[doc.NewlyServed]:
    doubtful = _in_doubt(beside)
    had = {need for need, _ in (*beside.signed, *doubtful)}
    names = list(communities(beside.document["needs"]))
    reached = _communities_of(beside, beside.signed) | _communities_of(beside, doubtful)
    offers_of: defaultdict[int, list[str]] = defaultdict(list)
    for need, offer in sorted(beside.planned):
        offers_of[need].append(beside.offer(offer))
    return [
        {
            "need": beside.need(need),
            "offers": offers_of[need],
            "new_community": names[need] not in reached,
        }
        for need in sorted(offers_of)
        if need not in had
    ]


def _in_doubt(beside: _Beside) -> frozenset[Pair]:
    """Needs of rows whose offer nobody could tell: something is signed for them all the same."""
    need_at = {need.id: i for i, need in enumerate(beside.round.needs)}
    return frozenset(
        (need_at[row["need_told"]], -1)
        for row in beside.rows
        if row["verdict"] in doc.NOT_TAKEN and "need_told" in row
    )


def _communities_of(beside: _Beside, pairs: Mapping[Pair, Any] | frozenset[Pair]) -> set[Any]:
    names = list(communities(beside.document["needs"]))
    return {names[need] for need, _ in pairs}


def _names(those: set[tuple[str, str]], without: set[tuple[str, str]]) -> list[str]:
    return [name for _place, name in sorted(those - without)]


def _figures(beside: _Beside, pairs: Sequence[Pair]) -> doc.ComparisonFigures:
    """Counted the same way for both sides, pairs that the market never had included."""
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    needs, offers = ({pair[side] for pair in pairs} for side in (0, 1))
    audit = twosided.audit(beside.round.market, (ends[:, 0], ends[:, 1]))
    return {
        "needs_served": len(needs),
        "communities_served": len(_communities_of(beside, frozenset(pairs))),
        "units": len(pairs),
        "score": sum(beside.fit(pair) for pair in pairs),
        "blocking_pairs": len(audit.blocking_pairs),
        "would_swap": sum(
            int(need) in needs and int(offer) in offers for need, offer in audit.blocking_pairs
        ),
    }


def _counts(comparison: doc.Comparison) -> list[Text]:
    """What both have first, then what differs, then what could not be read."""
    signed = comparison["figures"]["signed"]
    said = [Text(BOTH, {"signed": signed["units"], "agreed": len(comparison["agreed"])})]
    for msgid, pairs in ((OTHERWISE, comparison["different"]), (WITHOUT, comparison["lost"])):
        said += [Text(msgid, {"count": len(pairs)})] if pairs else []
    newly = {
        "needs": len(comparison["newly_served"]),
        "communities": len(comparison["communities_newly_served"]),
    }
    said.append(_newly_said(**newly))
    if left := len(comparison["communities_lost"]):
        said.append(Text(LEFT_OUT, {"communities": left}))
    if unread := rows_not_taken(comparison["rows"]):
        said.append(Text(UNREAD, {"count": unread}))
    return said


def _newly_said(needs: int, communities: int) -> Text:
    if needs and communities:
        return Text(NEWLY, {"needs": needs, "communities": communities})
    return Text(NEEDS_NEWLY, {"count": needs}) if needs else Text(NONE_NEWLY)


def _fairness(comparison: doc.Comparison) -> list[Text]:
    """What no list shows, for those who signed."""
    signed, planned = comparison["figures"]["signed"], comparison["figures"]["plan"]
    said = [Text(TALKS)]
    if signed["units"] < planned["units"]:
        said.append(Text(FEWER))
    if signed["units"] and planned["units"]:
        means = {"signed": mean_fit(signed), "planned": mean_fit(planned)}
        said.append(Text(FITS, means))
    return said


def rows_not_taken(rows: Sequence[doc.ComparisonRow]) -> int:
    """How many written pairs nobody could tell."""
    return sum(row["verdict"] in doc.NOT_TAKEN for row in rows)


def mean_fit(figures: doc.ComparisonFigures) -> float:
    """How well the texts of a side's pairs fit on average, [0, 1] in thousandths; 0 for none."""
    return round(figures["score"] / figures["units"] / 1000, 3) if figures["units"] else 0.0
