"""Plan a round and say why: the market's plan as the document that every reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import twosided
from twosided import Audit, Explanation, Market, Plan, WhyNot

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.language import Text
from lianqiao.matching import document as doc
from lianqiao.matching.candidates import candidates_of
from lianqiao.matching.numbers import is_capacity_assumed
from lianqiao.matching.outlook import outlook
from lianqiao.matching.reasons import is_stronger, sentence_of_need, sentence_of_offer
from lianqiao.matching.remedies import exceptions_of
from lianqiao.matching.round import Round
from lianqiao.matching.solving import Settings, solved

# Below this many candidates a person who looks at an open need wants to see what came close.
NEAREST = 3
# The engine groups needs; here a group is a community.
BOUNDS = {"groups_served": "communities_served"}


@dataclass(frozen=True)
class _Planned:
    round: Round
    plan: Plan
    audit: Audit
    why: Explanation


def plan_round(
    round_: Round,
    settings: Settings,
    inputs: Mapping[str, doc.InputFile],
    notices: Sequence[tuple[str, Text]] = (),
    *,
    market_sha256: str = "",
) -> doc.PlanDocument:
    """The plan of the round as a complete document, digest included.

    Deterministic without a time limit. Raises InputError if no plan has as few exceptions as asked.

    notices: (code, text) about the inputs, shown before those of the round. market_sha256: of the
    saved market, which binds the plan to what it can be checked against.
    """
    planned = _solved(round_, settings)
    figures = _figures(planned)
    document: doc.PlanDocument = {
        "format": doc.FORMAT,
        "policy": settings.policy,
        "max_exceptions": settings.max_exceptions,
        "seed": settings.seed,
        "reproducible": planned.plan.reproducible,
        "quick": settings.is_quick,
        "engine": {**_engine(planned), "time_limit": settings.time_limit},
        "inputs": dict(inputs),
        "market": market_sha256,
        "needs": [_planned_need(need, planned, i) for i, need in enumerate(round_.needs)],
        "offers": [_planned_offer(offer, planned, j) for j, offer in enumerate(round_.offers)],
        "pairs": _pairs(planned),
        "unmet": _unmet(planned),
        "unused": _unused(planned),
        "candidates": candidates_of(round_, planned.plan, planned.why),
        "policies": outlook(round_.market, settings, own_figures(figures)),
        "figures": figures,
        "notices": [_notice(code, text) for code, text in (*notices, *round_.notices)],
        "digest": "",
    }
    document["digest"] = doc.digest(document)
    return document


def _notice(code: str, text: Text) -> doc.Notice:
    return {"code": code, "text": text.msgid, "values": _plain(text)["values"]}


def _plain(text: Text) -> dict[str, Any]:
    """A text for the document; texts among its values likewise."""
    values = {
        name: _plain(value) if isinstance(value, Text) else value
        for name, value in text.values.items()
    }
    return {"text": text.msgid, "values": values}


def _solved(round_: Round, settings: Settings) -> _Planned:
    plan = solved(round_.market, settings)
    audit = twosided.audit(round_.market, plan)
    return _Planned(round_, plan, audit, twosided.explain(round_.market, plan))


def _engine(planned: _Planned) -> doc.Engine:
    return {
        "version": f"twosided {twosided.__version__}",
        "model": planned.round.relevance.model_id,
        "model_digest": planned.round.relevance.model_digest,
        "method": planned.plan.method,
        "effort": planned.plan.effort,
    }


def _planned_need(need: NeedRecord, planned: _Planned, i: int) -> doc.PlannedNeed:
    return {**doc.item_of(need), "partners_wanted": int(planned.round.market.quantity[i])}


def _planned_offer(offer: OfferRecord, planned: _Planned, j: int) -> doc.PlannedOffer:
    return {
        **doc.item_of(offer),
        "capacity": int(planned.round.market.capacity[j]),
        "capacity_assumed": is_capacity_assumed(offer),
    }


def _pairs(planned: _Planned) -> list[doc.PlannedPair]:
    round_ = planned.round
    pairs: list[doc.PlannedPair] = []
    exceptions = exceptions_of(round_, planned.why.pairs)
    for pair in planned.why.pairs:
        fit = round_.relevance.pair(pair.need, pair.offer)
        pairs.append(
            {
                "need": round_.needs[pair.need].id,
                "offer": round_.offers[pair.offer].id,
                "score": fit.score,
                "parts": fit.parts,
                "evidence": list(fit.evidence),
                "missing_fields": list(fit.missing_fields),
                "issues": list(fit.issues),
                "need_rank": pair.need_rank or None,
                "offer_rank": pair.offer_rank or None,
                "pinned": pair.pinned,
                "exception": exceptions.get((pair.need, pair.offer)),
            }
        )
    return pairs


def _unmet(planned: _Planned) -> list[doc.UnmetNeed]:
    round_ = planned.round
    return [
        {
            "need": round_.needs[unmet.need].id,
            "reason": unmet.code,
            "text": sentence_of_need(unmet.code),
            "candidates": [
                *(_candidate(round_, unmet.need, why) for why in unmet.candidates),
                *_nearest(round_, unmet.need, {why.offer for why in unmet.candidates}),
            ],
        }
        for unmet in planned.why.unmet
    ]


def _candidate(round_: Round, need: int, why: WhyNot) -> doc.Candidate:
    candidate: doc.Candidate = {
        "offer": round_.offers[why.offer].id,
        # The market knows no score of pairs that were filtered out; their texts still fit.
        "score": round_.relevance.unfiltered_of(need, why.offer) / 1000,
        "why_not": why.code,
    }
    if why.holder is not None:
        candidate["holder"] = round_.needs[why.holder].id
    return candidate


def _nearest(round_: Round, need: int, known: set[int]) -> Iterator[doc.Candidate]:
    """The nearest offers that do not fit well enough, so that a person can look for more."""
    relevance = round_.relevance
    for offer in relevance.top(need, NEAREST):
        score = relevance.score_of(need, offer)
        if len(known) < NEAREST and offer not in known and score < relevance.floor:
            known = {*known, offer}
            yield {
                "offer": round_.offers[offer].id,
                "score": score / 1000,
                "why_not": "no_fitting_offer",
            }


def _unused(planned: _Planned) -> list[doc.UnusedOffer]:
    round_ = planned.round
    best, ruled_out = _best_fits(round_.market), _best_ruled_out(planned)
    unused: list[doc.UnusedOffer] = []
    for each in planned.why.unused:
        fit, (better, code) = best.get(each.offer), ruled_out.get(each.offer, (0.0, ""))
        floor = round_.relevance.floor / 1000
        text = sentence_of_offer(each.code, fit, floor=floor)
        # A need that fits well and was ruled out says more than one that hardly fits.
        if fit is not None and better >= floor and is_stronger(better, fit, floor=floor):
            text = sentence_of_offer(code)
        unused.append({"offer": round_.offers[each.offer].id, "reason": each.code, "text": text})
    return unused


def _best_fits(market: Market) -> dict[int, float]:
    """How well each offer that has candidates fits the best of them."""
    best = np.full(market.offer_count, -1, dtype=np.int64)
    np.maximum.at(best, market.edge_offer, market.score.astype(np.int64))
    return {j: int(best[j]) / 1000 for j in np.flatnonzero(best >= 0).tolist()}


def _best_ruled_out(planned: _Planned) -> dict[int, tuple[float, str]]:
    """Of each unused offer, how well it fits the best need that was ruled out, and why it was."""
    market, fit = planned.round.market, planned.round.relevance.unfiltered_of
    idle = {each.offer for each in planned.why.unused}
    found: dict[int, tuple[float, str]] = {}
    removed = zip(market.removed.tolist(), market.removed_code.tolist(), strict=True)
    for (i, j), code in removed:
        if j in idle:
            found[j] = max(found.get(j, (0.0, "")), (fit(i, j) / 1000, twosided.REASONS[code]))
    return found


def own_figures(figures: doc.Figures) -> doc.PlanFigures:
    """The figures of a plan that can be set beside those of another."""
    return {
        "needs_served": figures["needs_served"],
        "communities_served": figures["communities_served"],
        "units": figures["units"],
        "score": figures["score"],
        "blocking_pairs": figures["blocking_pairs"],
    }


def _figures(planned: _Planned) -> doc.Figures:
    audit, plan, round_ = planned.audit, planned.plan, planned.round
    return {
        "needs": len(round_.needs),
        "needs_served": audit.needs_served,
        "communities": len(round_.communities),
        "communities_served": audit.groups_served,
        "communities_possible": audit.groups_possible,
        "offers": len(round_.offers),
        "offers_used": len(set(plan.offer.tolist())),
        "units": audit.units,
        "score": audit.score,
        "score_best": int(plan.bounds.get("score", audit.score)),
        "blocking_pairs": len(audit.blocking_pairs),
        "proved": plan.proved,
        "bounds": {BOUNDS.get(name, name): float(bound) for name, bound in plan.bounds.items()},
    }
