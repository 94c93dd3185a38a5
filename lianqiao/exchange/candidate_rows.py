"""What each need could also have had, with what is in the way: for the picture and the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Grounds, Words, grounds
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import WHY_NOT, Said, comes_near, near_strength, word
from lianqiao.language import N_, Text
from lianqiao.matching.document import SERVED, OtherOffer

HAS_ROOM = N_("has room")
NONE_NEAR = N_("no offer comes near")
STATES = {**WHY_NOT, SERVED: N_("has room; the need has the partners it wants")}
_BARS = {
    "refused_by_need_side": "decline",
    "refused_by_offer_side": "decline",
    "forbidden_by_organiser": "ban",
}


@dataclass(frozen=True)
class CandidateRow:
    """An offer that a need is not paired with.

    strength: None where the texts do not fit and nobody chose it; then no line leads to it.
    bar: "ban" or "decline" where a side or the organiser ruled it out, else "". parts: of the
    score, by name.
    """

    offer: Entry
    score: float
    sign: str
    strength: Text | None
    state: Words
    holder: Entry | None
    bar: str
    is_exception: bool
    need_rank: int | None
    offer_rank: int | None
    grounds: Grounds
    parts: Mapping[str, float]


class CandidateRows:
    """The candidates of a plan, need by need."""

    def __init__(self, view: PlanView) -> None:
        self._view = view
        self._others = _others(view)
        self._open = {row.need.id for row in view.open}
        self._rather = {(row.need.id, row.offer.id) for row in view.exceptions}

    def of(self, need: Said, most: int | None = None) -> tuple[CandidateRow, ...]:
        """Best fit first, all of them or at most so many; none where the plan tells none."""
        return tuple(self._row(need, other) for other in self._others.get(need, [])[:most])

    @property
    def longest(self) -> int:
        """How many candidates the need with the most of them has."""
        return max(map(len, self._others.values()), default=0)

    def _row(self, need: Said, other: OtherOffer) -> CandidateRow:
        view, offer, state = self._view, other["offer"], other["state"]
        is_ranked = bool(other["need_rank"] or other["offer_rank"])
        sign, strength_word = near_strength(other["score"], state, is_ranked=is_ranked)
        has_room = state == SERVED and need in self._open
        return CandidateRow(
            offer=view.offers[offer],
            score=other["score"],
            sign=sign,
            strength=strength_word,
            state=Text(HAS_ROOM) if has_room else word(STATES, state),
            holder=view.needs.get(other.get("holder", "")),
            bar=_BARS.get(state, ""),
            is_exception=(need, offer) in self._rather,
            need_rank=other["need_rank"],
            offer_rank=other["offer_rank"],
            grounds=grounds(other, view.need_records[need], view.offer_records[offer], view.stated),
            parts=other["parts"],
        )


def _others(view: PlanView) -> Mapping[str, list[OtherOffer]]:
    """The candidates of each need that come near at all."""
    return {
        need: [other for other in others if comes_near(other["score"], other["state"])]
        for need, others in _told(view).items()
    }


def _told(view: PlanView) -> Mapping[str, list[OtherOffer]]:
    """The candidates of each need; of an older plan, those that it kept for the open needs."""
    if told := view.document.get("candidates"):
        return {row["need"]: row["offers"] for row in told}
    found: dict[str, list[OtherOffer]] = {}
    for row in view.document["unmet"]:
        for near in row["candidates"]:
            other: OtherOffer = {
                "offer": near["offer"],
                "score": near["score"],
                "state": near["why_not"],
                "need_rank": None,
                "offer_rank": None,
                "parts": {},
                "evidence": [],
                "missing_fields": [],
            }
            if "holder" in near:
                other["holder"] = near["holder"]
            found.setdefault(row["need"], []).append(other)
    return found
