"""A plan of the example district for the tests of what is written from a plan.

Put together by hand rules, not by the engine: every reason, every kind of evidence, exceptions and
pins occur in it.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from lianqiao.matching.document import (
    FORMAT,
    Candidate,
    Figures,
    PlanDocument,
    PlannedItem,
    PlannedNeed,
    PlannedOffer,
    PlannedPair,
    digest,
)
from lianqiao.matching.reasons import REASONS, UNUSED, sentence_of_need, sentence_of_offer

DISTRICT = Path(__file__).parent.parent / "data" / "district-a"
GRADE_SCORES = {"3": 0.9, "2": 0.7, "1": 0.45}
Rows = list[dict[str, str]]


def sample_plan() -> PlanDocument:
    """104 needs and 93 offers, most of them paired."""
    needs = [_need(row, at) for at, row in enumerate(_rows("needs.clean.csv"), 2)]
    offers = [_offer(row, at) for at, row in enumerate(_rows("offers.clean.csv"), 2)]
    return planned(needs, offers, _chosen(needs, offers), policy="balanced")


def planned(
    needs: list[PlannedNeed],
    offers: list[PlannedOffer],
    chosen: list[tuple[str, str, float]],
    *,
    policy: str,
) -> PlanDocument:
    """A document around pairs (need, offer, score)."""
    need_of, offer_of = {n["id"]: n for n in needs}, {o["id"]: o for o in offers}
    pairs = [_pair(need_of[n], offer_of[o], s, at) for at, (n, o, s) in enumerate(chosen)]
    _set_exceptions(pairs, need_of, _figures(needs, offers, pairs))
    document: PlanDocument = {
        "format": FORMAT,
        "policy": policy,
        "max_exceptions": None,
        "seed": 7,
        "reproducible": True,
        "quick": False,
        "engine": {
            "version": "twosided 0.1.0",
            "model": "default",
            "model_digest": "9f" * 32,
            "method": "integer programme",
            "effort": 1,
            "time_limit": None,
        },
        "inputs": {
            "needs": {"file": "needs.xlsx", "sha256": "5b1e" + "0" * 56 + "90c4"},
            "offers": {"file": "offers.xlsx", "sha256": "c27a" + "1" * 56 + "e81d"},
            "choices": {"file": "choices.csv", "sha256": "08f3" + "2" * 56 + "7b26"},
        },
        "market": "a7" * 32,
        "needs": needs,
        "offers": offers,
        "pairs": pairs,
        "unmet": [],
        "unused": [],
        "figures": _figures(needs, offers, pairs),
        "notices": NOTICES,
        "digest": "",
    }
    _set_leftovers(document)
    document["digest"] = digest(document)
    return document


NOTICES: list[Any] = [
    {
        "code": "raised_for_pins",
        "text": "%(id)s is pinned %(pinned)d times, so its number of partners was raised",
        "values": {"id": "O001", "pinned": 2},
    },
    {
        "code": "pick_filtered",
        "text": "%(need)s and %(offer)s were chosen, but can't serve each other: %(reason)s",
        "values": {"need": "N030", "offer": "O045", "reason": "time_does_not_meet"},
    },
]


def _rows(name: str) -> Rows:
    with (DISTRICT / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _item(row: dict[str, str], at: int) -> PlannedItem:
    return {
        "id": row["id"],
        "row": at,
        "title": row["title"],
        "description": row["description"],
        "organisation": row["organisation"],
        "sub_district": row["sub_district"],
        "category": row["category"],
        "kind": row["kind"],
        "quantity": float(row["quantity"]) if row["quantity"] else None,
        "unit": row["unit"],
        "time_window": row["time_window"],
        "target_group": row["target_group"],
    }


def _need(row: dict[str, str], at: int) -> PlannedNeed:
    return {**_item(row, at), "partners_wanted": 1}


def _offer(row: dict[str, str], at: int) -> PlannedOffer:
    return {**_item(row, at), "capacity": 1, "capacity_assumed": True}


def _chosen(needs: list[PlannedNeed], offers: list[PlannedOffer]) -> list[tuple[str, str, float]]:
    """Best grades first, then the list's order; each need once, each offer twice."""
    graded = [row for row in _rows("relevance.csv") if row["grade"] in GRADE_SCORES]
    graded.sort(key=lambda row: (-int(row["grade"]), row["need_id"], row["offer_id"]))
    room = {offer["id"]: 2 for offer in offers}
    without = {need["id"] for need in needs}
    chosen = []
    for at, row in enumerate(graded):
        need, offer = row["need_id"], row["offer_id"]
        if need in without and room[offer]:
            without.discard(need)
            room[offer] -= 1
            chosen.append((need, offer, GRADE_SCORES[row["grade"]] + at % 10 / 200))
    return sorted(chosen)


def _pair(need: PlannedNeed, offer: PlannedOffer, score: float, at: int) -> PlannedPair:
    return {
        "need": need["id"],
        "offer": offer["id"],
        "score": round(score, 3),
        "parts": {"words": round(score, 3)},
        "evidence": _evidence(need, offer, at),
        "missing_fields": [[], ["need.time_window"], ["offer.quantity", "need.unit"]][at % 3],
        "issues": ["amount_short"] if at % 7 == 0 else [],
        "need_rank": [1, None, 2][at % 3],
        "offer_rank": [None, 1][at % 2],
        "pinned": at % 20 == 3,
        "exception": None,
    }


def _evidence(need: PlannedNeed, offer: PlannedOffer, at: int) -> list[dict[str, Any]]:
    here, there = need["title"] + need["description"], offer["title"] + offer["description"]
    shared = [here[i : i + 2] for i in range(len(here) - 1) if here[i : i + 2] in there]
    evidence: list[dict[str, Any]] = [
        {"part": "words", "need": word, "offer": word} for word in shared[:2]
    ]
    evidence.append(
        {"part": "meaning", "need": here[:2], "offer": there[:2], "related": True, "strength": 0.8}
    )
    if need["category"] == offer["category"]:
        evidence.append({"part": "category", "code": "same", "value": need["category"]})
    if need["kind"] == offer["kind"]:
        evidence.append({"part": "kind", "code": "same", "value": need["kind"]})
    more: list[dict[str, Any]] = [
        {"part": "time", "code": "overlap", "value": "2023-06-01/2023-09-30;2/quarter"},
        {"part": "time", "code": "unknown", "value": ""},
        {"part": "target_group", "need": need["target_group"], "offer": offer["target_group"]},
        {"part": "place", "code": "same", "value": need["sub_district"]},
        {"part": "quantity", "code": "amount_short", "need": "80 个", "offer": "60 个"},
        {"part": "category", "code": "group", "value": "F"},
        {"part": "weather", "code": "sunny", "value": "大晴天"},
    ]
    return [*evidence, more[at % len(more)]]


def _set_exceptions(
    pairs: list[PlannedPair], need_of: dict[str, PlannedNeed], figures: Figures
) -> None:
    for here, there in ((1, 22), (4, 40)):
        if there < len(pairs):
            blocks = [[pairs[here]["need"], pairs[there]["offer"]]]
            pairs[there]["exception"] = {
                "for": need_of[pairs[there]["need"]]["organisation"],
                "blocks": blocks,
                "remedy": {
                    "gained": blocks,
                    "lost": [[pairs[there]["need"], pairs[there]["offer"]]],
                    "needs_newly_served": [],
                    "needs_left_out": [pairs[there]["need"]],
                    "communities_left_out": [],
                    "figures": {
                        "needs_served": figures["needs_served"] - 1,
                        "communities_served": figures["communities_served"],
                        "units": figures["units"],
                        "score": figures["score"],
                        "blocking_pairs": 1,
                    },
                },
            }


def _set_leftovers(document: PlanDocument) -> None:
    held: dict[str, str] = {pair["offer"]: pair["need"] for pair in document["pairs"]}
    served = {pair["need"] for pair in document["pairs"]}
    reasons, offers = list(REASONS), [offer["id"] for offer in document["offers"]]
    for at, need in enumerate(n["id"] for n in document["needs"] if n["id"] not in served):
        code = reasons[at % len(reasons)]
        near = [] if code == "no_fitting_offer" else offers[at : at + 2]
        document["unmet"].append(
            {
                "need": need,
                "reason": code,
                "text": sentence_of_need(code),
                "candidates": [_candidate(offer, code, held.get(offer)) for offer in near],
            }
        )
    codes = ["eaten_by_a_panda", "no_fitting_offer", *UNUSED]
    for at, offer in enumerate(offer for offer in offers if offer not in held):
        code = codes[at % len(codes)]
        text = sentence_of_offer(code, 0.9 if at % 2 == 0 else None)
        document["unused"].append({"offer": offer, "reason": code, "text": text})


def _candidate(offer: str, code: str, holder: str | None) -> Candidate:
    candidate: Candidate = {"offer": offer, "score": 0.612, "why_not": code}
    if holder and code == "offers_full":
        candidate["holder"] = holder
    return candidate


def _figures(needs: list[PlannedNeed], offers: list[PlannedOffer], pairs: list[PlannedPair]) -> Any:
    served = {pair["need"] for pair in pairs}
    communities = {(need["sub_district"], need["organisation"]) for need in needs}
    reached = {(n["sub_district"], n["organisation"]) for n in needs if n["id"] in served}
    score = sum(round(pair["score"] * 1000) for pair in pairs)
    blocking = sum(len(p["exception"]["blocks"]) for p in pairs if p["exception"])
    return {
        "needs": len(needs),
        "needs_served": len(served),
        "communities": len(communities),
        "communities_served": len(reached),
        "communities_possible": min(len(reached) + 1, len(communities)),
        "offers": len(offers),
        "offers_used": len({pair["offer"] for pair in pairs}),
        "units": len(pairs),
        "score": score,
        "score_best": score * 104 // 100,
        "blocking_pairs": blocking,
        "proved": False,
        "bounds": {
            "communities_served": float(min(len(reached) + 1, len(communities))),
            "blocking_pairs": 0.0,
            "units": float(len(pairs) + 4),
            "score": score * 1.04,
        },
    }
