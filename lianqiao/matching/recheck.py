"""Check a plan again from its files, with the verifier that knows nothing of the solvers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import twosided
from numpy.typing import NDArray
from twosided import Market

from lianqiao.language import N_, Text
from lianqiao.matching import document as doc
from lianqiao.matching.recheck_candidates import wrong_candidates
from lianqiao.matching.recheck_comparison import wrong_comparison
from lianqiao.matching.recheck_outlook import wrong_outlook
from lianqiao.matching.recheck_remedies import wrong_remedies
from lianqiao.matching.round import communities

PARTS_TOLERANCE = 1e-9
NEED_AT, OFFER_AT = re.compile(r"\bneed (\d+)"), re.compile(r"\boffer (\d+)")
RULES = {
    "repeated": N_("a pair occurs twice"),
    "not a candidate": N_("a pair was no candidate"),
    "quantity": N_("a need has more partners than it wants"),
    "capacity": N_("an offer serves more than it can"),
    "pin": N_("a pinned pair is missing"),
    "banned": N_("a pair was ruled out"),
    "refused": N_("one side had refused, or the offer can't serve"),
}
FIELDS = {
    "needs_served": N_("needs served"),
    "communities_served": N_("communities served"),
    "communities_possible": N_("communities that any plan can serve"),
    "units": N_("pairs in all"),
    "score": N_("fit"),
    "blocking_pairs": N_("exceptions"),
    "need_rank": N_("choice of the community"),
    "offer_rank": N_("choice of the institution"),
    "pinned": N_("pinned"),
    "parts": N_("parts of the fit"),
    "partners_wanted": N_("partners wanted"),
    "capacity": N_("capacity"),
    "needs": N_("needs in all"),
    "offers": N_("offers in all"),
    "offers_used": N_("offers used"),
    "communities": N_("communities in all"),
    "exception": N_("exception"),
    "reason": N_("reason"),
}


def findings(document: doc.PlanDocument, market: Market, market_sha256: str) -> list[Text]:
    """Everything in the document that the market or arithmetic contradicts; empty when clean.

    Raises KeyError, TypeError or ValueError if the document isn't shaped as lianqiao-plan/1.
    """
    if len(document["needs"]) != market.need_count or len(document["offers"]) != market.offer_count:
        return [Text(N_("the plan and its market have different numbers of needs or offers"))]
    found = list(_changed(document, market_sha256))
    need_at = {need["id"]: i for i, need in enumerate(document["needs"])}
    offer_at = {offer["id"]: j for j, offer in enumerate(document["offers"])}
    pairs = [(need_at.get(p["need"]), offer_at.get(p["offer"])) for p in document["pairs"]]
    if any(i is None or j is None for i, j in pairs):
        return [*found, Text(N_("the plan has a pair whose need or offer is not on its lists"))]
    placed = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    audit = twosided.audit(market, (placed[:, 0], placed[:, 1]))
    found += [_broken(violation, document) for violation in audit.violations]
    found += _figures(document, audit)
    found += _pairs(document, market, placed)
    found += _numbers(document, market)
    found += _served(document)
    if not audit.violations:
        found += _reasons(document, market, placed)
        found += wrong_remedies(document, market)
    return found


def _broken(violation: str, document: doc.PlanDocument) -> Text:
    """A violation of the engine in the reader's words, with ids for its positions."""
    rule, _, where = violation.partition(": ")
    where = NEED_AT.sub(lambda found: document["needs"][int(found[1])]["id"], where)
    where = OFFER_AT.sub(lambda found: document["offers"][int(found[1])]["id"], where)
    for words, sign in ((" with ", " – "), (" is missing", ""), (" has ", " "), (" of ", "/")):
        where = where.replace(words, sign)
    known = RULES.get(rule)
    values = {"rule": Text(known) if known else rule, "where": where}
    return Text(N_("the plan breaks a rule: %(rule)s (%(where)s)"), values)


def _changed(document: doc.PlanDocument, market_sha256: str) -> Iterator[Text]:
    if document["market"] != market_sha256:
        yield Text(N_("the market beside the plan is not the one that the plan was made from"))
    if document["digest"] != doc.digest(document):
        yield Text(N_("the plan was changed after it was made: its digest does not fit"))


def _figures(document: doc.PlanDocument, audit: twosided.Audit) -> Iterator[Text]:
    counted = {
        "needs_served": audit.needs_served,
        "communities_served": audit.groups_served,
        "communities_possible": audit.groups_possible,
        "units": audit.units,
        "score": audit.score,
        "blocking_pairs": len(audit.blocking_pairs),
        "needs": len(document["needs"]),
        "offers": len(document["offers"]),
        "offers_used": len({pair["offer"] for pair in document["pairs"]}),
        "communities": len(set(communities(document["needs"]))),
    }
    said: dict[str, Any] = dict(document["figures"])
    for name, value in counted.items():
        if said.get(name) != value:
            yield _differs("", name, said.get(name), value)


def _pairs(document: doc.PlanDocument, market: Market, placed: NDArray[np.int64]) -> Iterator[Text]:
    """Each pair's score, parts, ranks and pin against the market's edge."""
    at = {pair: e for e, pair in enumerate(zip(*_ends(market), strict=True))}
    for pair, (i, j) in zip(document["pairs"], placed.tolist(), strict=True):
        edge = at.get((i, j))
        if edge is None:
            continue  # not a candidate: the audit has said so
        counted = {
            "score": int(market.score[edge]) / 1000,
            "need_rank": int(market.need_rank[edge]) or None,
            "offer_rank": int(market.offer_rank[edge]) or None,
            "pinned": bool(market.pinned[edge]),
        }
        said: dict[str, Any] = dict(pair)
        name = _name(pair)
        for field, value in counted.items():
            if said[field] != value:
                yield _differs(name, field, said[field], value)
        total = sum(pair["parts"].values())
        # NaN is not within the tolerance either.
        if not abs(total - pair["score"]) <= PARTS_TOLERANCE:
            yield _differs(name, "parts", total, pair["score"])


def _ends(market: Market) -> tuple[list[int], list[int]]:
    return market.edge_need.tolist(), market.edge_offer.tolist()


def _reasons(
    document: doc.PlanDocument, market: Market, placed: NDArray[np.int64]
) -> Iterator[Text]:
    """Exceptions, open needs and unused offers, each with its reason, against a fresh account."""
    plan = twosided.Plan(placed[:, 0], placed[:, 1], document["policy"])
    why = twosided.explain(market, plan)
    needs = [need["id"] for need in document["needs"]]
    offers = [offer["id"] for offer in document["offers"]]
    blocks = {
        (needs[pair.need], offers[pair.offer]): [
            [needs[i], offers[j]] for i, j in pair.exception.blocks
        ]
        for pair in why.pairs
        if pair.exception
    }
    for pair in document["pairs"]:
        said = (pair["exception"] or {"blocks": []})["blocks"]
        counted = blocks.get((pair["need"], pair["offer"]), [])
        if said != counted:
            yield _differs(_name(pair), "exception", said, counted)
    yield from _codes(
        {unmet["need"]: unmet["reason"] for unmet in document["unmet"]},
        {needs[unmet.need]: unmet.code for unmet in why.unmet},
    )
    yield from _codes(
        {unused["offer"]: unused["reason"] for unused in document["unused"]},
        {offers[unused.offer]: unused.code for unused in why.unused},
    )
    yield from wrong_candidates(document, market, why)
    yield from wrong_outlook(document, market)
    yield from wrong_comparison(document, market, why)


def _codes(said: Mapping[str, str], counted: Mapping[str, str]) -> Iterator[Text]:
    for name in sorted({*said, *counted}):
        if said.get(name) != counted.get(name):
            yield _differs(name, "reason", said.get(name, "–"), counted.get(name, "–"))


def _name(pair: doc.PlannedPair) -> str:
    return f"{pair['need']} – {pair['offer']}"


def _numbers(document: doc.PlanDocument, market: Market) -> Iterator[Text]:
    """Partners wanted and capacities against the market's."""
    for need, wanted in zip(document["needs"], market.quantity.tolist(), strict=True):
        if need["partners_wanted"] != wanted:
            yield _differs(need["id"], "partners_wanted", need["partners_wanted"], wanted)
    for offer, places in zip(document["offers"], market.capacity.tolist(), strict=True):
        if offer["capacity"] != places:
            yield _differs(offer["id"], "capacity", offer["capacity"], places)


def _served(document: doc.PlanDocument) -> Iterator[Text]:
    """Every need is in a pair or among those that go without, never both, never neither."""
    served = {pair["need"] for pair in document["pairs"]}
    open_needs = {unmet["need"] for unmet in document["unmet"]}
    for need in document["needs"]:
        wanted = need["partners_wanted"] > 0
        if wanted and (need["id"] in served) == (need["id"] in open_needs):
            yield Text(N_("%(need)s is not accounted for exactly once"), {"need": need["id"]})


def _differs(whose: str, field: str, said: object, counted: object) -> Text:
    return Text(
        N_("%(whose)s %(field)s: the plan says %(said)s, the check finds %(counted)s"),
        {"whose": whose, "field": Text(FIELDS[field]), "said": said, "counted": counted},
    )
