"""Plans for the tests of the bridge picture: with candidates of every state, small and large."""

from __future__ import annotations

from lianqiao.matching.document import OtherOffer, PlanDocument, PlannedNeed, PlannedOffer
from tests.exchange.sample_plan import planned, sample_plan

STATES = (
    "served",
    "offers_full",
    "refused_by_need_side",
    "refused_by_offer_side",
    "forbidden_by_organiser",
    "no_fitting_offer",
    "",
)
SCORES = (0.912, 0.534, 0.214, 0.02)


def plan_with_candidates() -> PlanDocument:
    """The example district; each need has four candidates, every state and strength occurs."""
    return with_candidates(sample_plan())


def with_candidates(document: PlanDocument) -> PlanDocument:
    """The document with up to four candidates a need, pairs of the plan left out."""
    paired = {(pair["need"], pair["offer"]) for pair in document["pairs"]}
    holder = {pair["offer"]: pair["need"] for pair in document["pairs"]}
    offers = [offer["id"] for offer in document["offers"]]
    document["candidates"] = []
    for at, need in enumerate(document["needs"]):
        near = [offers[(at * 7 + step * 11) % len(offers)] for step in range(4)] if offers else []
        document["candidates"].append(
            {
                "need": need["id"],
                "offers": [
                    _other(offer, at + step, holder.get(offer))
                    for step, offer in enumerate(dict.fromkeys(near))
                    if (need["id"], offer) not in paired
                ],
            }
        )
    return document


def _other(offer: str, at: int, holder: str | None) -> OtherOffer:
    state = STATES[at % len(STATES)]
    other: OtherOffer = {
        "offer": offer,
        "score": SCORES[-1] if state == "no_fitting_offer" else SCORES[at % len(SCORES)],
        "state": state,
        "need_rank": 2 if at % 3 == 0 else None,
        "offer_rank": None,
        "parts": {},
        "evidence": [
            {"part": "words", "need": "停车", "offer": "车位"},
            {"part": "category", "code": "same", "value": "F4"},
        ],
        "missing_fields": ["need.time_window"] if at % 2 else [],
    }
    if state == "offers_full" and holder:
        other["holder"] = holder
    return other


def invented_plan(
    needs: int, offers: int, *, sub_districts: int, communities: int, institutions: int
) -> PlanDocument:
    """A plan of any size: three needs of four are paired, offers serve as many as it takes."""
    like_need, like_offer = sample_plan()["needs"][0], sample_plan()["offers"][0]
    asked: list[PlannedNeed] = [
        {
            **like_need,
            "id": f"N{at:04}",
            "title": f"第{at}项需求：院坝里没有地方停车",
            "organisation": f"第{at % communities}社区" if communities else "",
            "sub_district": f"第{at % communities % sub_districts}街道" if sub_districts else "",
        }
        for at in range(needs)
    ]
    given: list[PlannedOffer] = [
        {
            **like_offer,
            "id": f"O{at:04}",
            "title": f"第{at}项资源",
            "organisation": f"第{at % institutions}单位" if institutions else "",
            "capacity": needs,
        }
        for at in range(offers)
    ]
    chosen = [
        (need["id"], given[at * 5 % (offers * 4 // 5 or 1)]["id"], 0.3 + at % 6 / 10)
        for at, need in enumerate(asked)
        if at % 4 and given
    ]
    return with_candidates(planned(asked, given, chosen, policy="balanced"))
