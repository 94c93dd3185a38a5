"""What each need could also have had, as the bridge picture says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Grounds, Words, grounds, stated_fields
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import BY_CHOICE, LEAST_FIT, WHY_NOT, Said, strength, word
from lianqiao.language import N_, Text
from lianqiao.matching.document import SERVED, OtherOffer

# So many candidates of open needs, and so many of served ones, are written out in one language; in
# a larger round each need has fewer.
MOST_WRITTEN, MOST_OF_A_NEED = 1000, 6
HAS_ROOM = N_("has room")
STATES = {**WHY_NOT, SERVED: N_("has room; the need has the partners it wants")}
_BARS = {
    "refused_by_need_side": "decline",
    "refused_by_offer_side": "decline",
    "forbidden_by_organiser": "ban",
}
_HOLDING = frozenset({"offers_full", "held_for_community"})


@dataclass(frozen=True)
class CandidateRow:
    """An offer that a need is not paired with.

    strength: None where the texts do not fit and nobody chose it; then no line leads to it.
    bar: "ban" or "decline" where a side or the organiser ruled it out, else "".
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


class CandidateRows:
    """The candidates of a plan, need by need, as many as a page can hold."""

    def __init__(self, view: PlanView) -> None:
        self._view = view
        self._others = _others(view)
        self._open = {row.need.id for row in view.open}
        self._rather = {(row.need.id, row.offer.id) for row in view.exceptions}
        self._stated = stated_fields("need", view.document["needs"]) | stated_fields(
            "offer", view.document["offers"]
        )
        self._most_open = _most(len(self._open))
        self._most_served = _most(len(view.needs) - len(self._open))

    def of(self, need: Said) -> tuple[CandidateRow, ...]:
        """Best fit first; none where the plan tells none."""
        most = self._most_open if need in self._open else self._most_served
        return tuple(self._row(need, other) for other in self._others.get(need, [])[:most])

    @property
    def is_short(self) -> bool:
        """Whether the plan tells of more candidates than are written out."""
        least = min(self._most_open, self._most_served)
        return least < MOST_OF_A_NEED and any(len(told) > least for told in self._others.values())

    def _row(self, need: Said, other: OtherOffer) -> CandidateRow:
        view, offer, state = self._view, other["offer"], other["state"]
        sign, strength_word = _strength(other)
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
            grounds=grounds(
                other, view.need_records[need], view.offer_records[offer], self._stated
            ),
        )


def _most(needs: int) -> int:
    return max(1, min(MOST_OF_A_NEED, MOST_WRITTEN // max(1, needs)))


def _others(view: PlanView) -> Mapping[str, list[OtherOffer]]:
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


def _strength(other: OtherOffer) -> tuple[str, Text | None]:
    if other["score"] >= LEAST_FIT:
        return strength(other["score"])
    is_chosen = other["need_rank"] or other["offer_rank"] or other["state"] in _HOLDING
    return (BY_CHOICE[0], Text(BY_CHOICE[1])) if is_chosen else ("", None)
