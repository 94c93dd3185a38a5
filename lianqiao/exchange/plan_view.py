"""A plan as its readers go through it: rows in order, codes as sentences, anchors for links.

One view serves the report and the workbook; nothing here is in a language yet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lianqiao.exchange.entries import Entry, entries
from lianqiao.exchange.evidence import TIMES_DIFFER, Grounds, Words, amount, grounds, stated_fields
from lianqiao.exchange.exception_rows import ExceptionRow, exception_rows
from lianqiao.exchange.excerpts import Excerpt, excerpts
from lianqiao.exchange.gap_table import Gap, GapTable, gap_table
from lianqiao.exchange.notice_words import noticed
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import (
    BY_CHOICE,
    LEAST_FIT,
    PINNED,
    STRENGTHS,
    WHY_NOT,
    Said,
    comes_near,
    near_strength,
    pair_strength,
    word,
)
from lianqiao.language import N_, Text
from lianqiao.matching.document import (
    Candidate,
    PlanDocument,
    PlannedNeed,
    PlannedOffer,
    PlannedPair,
    UnmetNeed,
    UnusedOffer,
)

_STRENGTH_ORDER = (*((sign, msgid) for _least, sign, msgid in STRENGTHS), BY_CHOICE, PINNED)
# Of an open need whose candidates are all taken: what is said by the strength of the best of them.
FAINT_ARE_FULL = N_("Only faintly related offers are on the list, and their places are taken, too.")
CHOSEN_ARE_FULL = N_("No offer on the list fits; the places of those that were chosen are taken.")
ADDS_NOTHING = N_("has room, but adds nothing to the total fit")
# An assumed number of places, where the list states an amount that could be taken for it.
ONE_PLACE = N_("1 place (the list says %(amount)s; one partner is assumed)")
SOME_PLACES = N_("%(places)s places (the list says %(amount)s; the number of partners is assumed)")


@dataclass(frozen=True)
class PairRow:
    """first_of_need, first_of_offer: whether the row carries that side's anchor.

    marks: of the excerpts that hold it.
    """

    need: Entry
    offer: Entry
    score: float
    sign: str
    strength: Text
    grounds: Grounds
    need_rank: int | None
    offer_rank: int | None
    pinned: bool
    exception_for: Said | None
    first_of_need: bool
    first_of_offer: bool
    marks: tuple[str, ...]


@dataclass(frozen=True)
class PairGroup:
    """The bridges of a sub-district. gap: of its needs, those that are open."""

    name: Said | Text
    anchor: str
    rows: tuple[PairRow, ...]
    gap: Gap


@dataclass(frozen=True)
class NearRow:
    """An offer that an open need might have had, and why it has not.

    strength: None where the offer does not fit and nobody chose it. is_as_said: whether the need's
    own reason says the same. places: why it is full, "" if its list says so itself or it is not.
    times: how the times differ, where that is what keeps the two apart.
    """

    offer: Entry
    score: float
    sign: str
    strength: Text | None
    why_not: Words
    is_as_said: bool
    holder: Entry | None
    places: Words
    times: Words


@dataclass(frozen=True)
class OpenRow:
    """marks: of the excerpts that hold it."""

    need: Entry
    reason: Words
    near: tuple[NearRow, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class UnusedRow:
    """places: how many are assumed, "" if the list states them or no amount."""

    offer: Entry
    reason: Text
    places: Words


class PlanView:
    """The rows of a plan, in the order of the user's lists."""

    def __init__(self, document: PlanDocument) -> None:
        self.document = document
        self.need_records = {need["id"]: need for need in document["needs"]}
        self.offer_records = {offer["id"]: offer for offer in document["offers"]}
        self.needs = entries(document["needs"], "need")
        self.offers = entries(document["offers"], "offer")
        # The fields that the lists have at all, as "need.unit".
        self.stated = stated_fields("need", document["needs"]) | stated_fields(
            "offer", document["offers"]
        )

    @cached_property
    def pairs(self) -> tuple[PairRow, ...]:
        """Every bridge, by the need's and then the offer's place on its list."""
        need_at = {need: at for at, need in enumerate(self.needs)}
        offer_at = {offer: at for at, offer in enumerate(self.offers)}
        pairs = sorted(
            self.document["pairs"], key=lambda row: (need_at[row["need"]], offer_at[row["offer"]])
        )
        seen_needs: set[str] = set()
        seen_offers: set[str] = set()
        rows = []
        for pair in pairs:
            is_first = (pair["need"] not in seen_needs, pair["offer"] not in seen_offers)
            rows.append(self._pair(pair, is_first))
            seen_needs.add(pair["need"])
            seen_offers.add(pair["offer"])
        return tuple(rows)

    def _pair(self, pair: PlannedPair, is_first: tuple[bool, bool]) -> PairRow:
        need: PlannedNeed = self.need_records[pair["need"]]
        offer: PlannedOffer = self.offer_records[pair["offer"]]
        sign, strength_word = pair_strength(
            pair["score"],
            is_ranked=bool(pair["need_rank"] or pair["offer_rank"]),
            is_pinned=pair["pinned"],
        )
        exception = pair["exception"]
        return PairRow(
            need=self.needs[pair["need"]],
            offer=self.offers[pair["offer"]],
            score=pair["score"],
            sign=sign,
            strength=strength_word,
            grounds=grounds(pair, need, offer, self.stated),
            need_rank=pair["need_rank"],
            offer_rank=pair["offer_rank"],
            pinned=pair["pinned"],
            exception_for=Said(exception["for"]) if exception else None,
            first_of_need=is_first[0],
            first_of_offer=is_first[1],
            marks=(_fit_mark((sign, strength_word.msgid)),),
        )

    @cached_property
    def pair_groups(self) -> tuple[PairGroup, ...]:
        """The bridges by sub-district, in the order of the need list."""
        groups: dict[Said, list[PairRow]] = {need.sub_district: [] for need in self.needs.values()}
        for row in self.pairs:
            groups[row.need.sub_district].append(row)
        named = zip(self.gaps.sub_districts, groups.values(), self.gaps.sums, strict=True)
        return tuple(
            PairGroup(name, f"pairs-d{at}", tuple(rows), gap)
            for at, (name, rows, gap) in enumerate(named, 1)
            if rows
        )

    @cached_property
    def exceptions(self) -> tuple[ExceptionRow, ...]:
        """Each blocking pair once, with whom it was not made for and what it would cost."""
        return exception_rows(self.document, self.needs, self.offers)

    @cached_property
    def open(self) -> tuple[OpenRow, ...]:
        """Every need that goes without, in the order of its list."""
        unmet = {row["need"]: row for row in self.document["unmet"]}
        return tuple(self._open(unmet[need]) for need in self.needs if need in unmet)

    def _open(self, row: UnmetNeed) -> OpenRow:
        reason = _reason(row)
        return OpenRow(
            self.needs[row["need"]],
            reason,
            tuple(
                self._near(near, row)
                for near in row["candidates"]
                if comes_near(near["score"], near["why_not"])
            ),
            (self._reason_marks[reason.msgid], *self.gaps.marks[row["need"]]),
        )

    @cached_property
    def _reason_marks(self) -> dict[str, str]:
        """A mark for each reason by its msgid."""
        said = dict.fromkeys(_reason(row).msgid for row in self.document["unmet"])
        return {msgid: f"r{at}" for at, msgid in enumerate(said, 1)}

    def _near(self, candidate: Candidate, row: UnmetNeed) -> NearRow:
        why_not = candidate["why_not"]
        need, offer = self.need_records[row["need"]], self.offer_records[candidate["offer"]]
        sign, strength_word = near_strength(candidate["score"], why_not, is_ranked=False)
        adds_nothing = self._adds_nothing(candidate)
        return NearRow(
            offer=self.offers[offer["id"]],
            score=candidate["score"],
            sign=sign,
            strength=strength_word,
            why_not=Text(ADDS_NOTHING) if adds_nothing else word(WHY_NOT, why_not),
            is_as_said=why_not == row["reason"] == "no_fitting_offer",
            holder=self.needs.get(candidate.get("holder", "")),
            places=_places(offer) if why_not == "offers_full" and not adds_nothing else "",
            times=_times(need, offer) if why_not == "time_does_not_meet" else "",
        )

    def _adds_nothing(self, candidate: Candidate) -> bool:
        """Whether there is room, but no fit: the policy that asks for fit alone leaves it out."""
        offer = candidate["offer"]
        has_room = self._pairs_of[offer] < self.offer_records[offer]["capacity"]
        is_left_out = candidate["why_not"] == "offers_full" and not candidate["score"]
        return self.document["policy"] == "best_fit" and is_left_out and has_room

    @cached_property
    def _pairs_of(self) -> Counter[str]:
        return Counter(pair["offer"] for pair in self.document["pairs"])

    @cached_property
    def unused(self) -> tuple[UnusedRow, ...]:
        """Every offer without a bridge, in the order of its list."""
        unused = {row["offer"]: row for row in self.document["unused"]}
        return tuple(
            UnusedRow(
                self.offers[offer], _sentence(unused[offer]), _places(self.offer_records[offer])
            )
            for offer in self.offers
            if offer in unused
        )

    @cached_property
    def unused_by_reason(self) -> tuple[tuple[Text, tuple[UnusedRow, ...]], ...]:
        """The offers without a bridge, those of the commonest reason first."""
        groups: defaultdict[str, list[UnusedRow]] = defaultdict(list)
        for row in self.unused:
            groups[row.reason.msgid].append(row)
        found = sorted(groups.items(), key=lambda group: -len(group[1]))
        return tuple((Text(msgid), tuple(rows)) for msgid, rows in found)

    @cached_property
    def communities_without(self) -> tuple[tuple[Entry, ...], ...]:
        """Communities that no bridge reaches: their needs, in the order of the list."""
        served = {_community(pair.need) for pair in self.pairs}
        without: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for need in self.needs.values():
            if _community(need) not in served:
                without[_community(need)].append(need)
        return tuple(tuple(needs) for needs in without.values())

    @cached_property
    def gaps(self) -> GapTable:
        """Open and all needs by main category and sub-district."""
        open_ids = frozenset(row["need"] for row in self.document["unmet"])
        return gap_table(self.document["needs"], self.needs, open_ids)

    @cached_property
    def fits(self) -> tuple[tuple[str, Excerpt], ...]:
        """The sign and the bridges of each strength, in the order of the strengths."""
        marks = [row.marks for row in self.pairs]
        return tuple(
            (fit[0], found)
            for fit in _STRENGTH_ORDER
            for found in excerpts("pairs", marks, [((_fit_mark(fit),), Text(fit[1]))])
        )

    @cached_property
    def reasons(self) -> tuple[Excerpt, ...]:
        """The open needs of each reason, the commonest first."""
        return tuple(sorted(self._open_by(self._reason_names), key=lambda each: -each.rows))

    @cached_property
    def open_excerpts(self) -> tuple[Excerpt, ...]:
        """The open needs that some number of the report counts, a single need left out."""
        found = (*self.reasons, *self._open_by(self.gaps.names))
        return tuple(each for each in found if each.rows > 1 or each in self.reasons)

    def _open_by(self, names: Iterable[tuple[tuple[str, ...], Words]]) -> Iterator[Excerpt]:
        return excerpts("open", [row.marks for row in self.open], names)

    @cached_property
    def _reason_names(self) -> list[tuple[tuple[str, ...], Words]]:
        return [((mark,), Text(msgid)) for msgid, mark in self._reason_marks.items()]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Anchors that some row of the report carries."""
        return frozenset(
            [pair.need.anchor for pair in self.pairs]
            + [pair.offer.anchor for pair in self.pairs]
            + [row.need.anchor for row in self.open]
            + [row.offer.anchor for row in self.unused]
        )

    @cached_property
    def notices(self) -> tuple[tuple[Text, int], ...]:
        """What a person should know about the inputs, and how often it was noticed."""
        counted = Counter(
            noticed(notice["text"], notice["values"]) for notice in self.document["notices"]
        )
        return tuple((notice.text, times) for notice, times in counted.items())

    @cached_property
    def strengths(self) -> tuple[tuple[Words, int], ...]:
        """How many bridges are of each strength, in the order of the strengths."""
        return tuple((each.name, each.rows) for _sign, each in self.fits)


def _sentence(row: UnmetNeed | UnusedOffer) -> Text:
    msgid = row["text"]
    return Text(msgid)


def _reason(row: UnmetNeed) -> Text:
    """The reason of an open need; "fitting offers" is said only where one fits."""
    full = [near["score"] for near in row["candidates"] if near["why_not"] == "offers_full"]
    faintest_fair = STRENGTHS[-2][0]
    if row["reason"] != "offers_full" or not full or max(full) >= faintest_fair:
        return _sentence(row)
    return Text(FAINT_ARE_FULL if max(full) >= LEAST_FIT else CHOSEN_ARE_FULL)


def _places(offer: PlannedOffer) -> Words:
    stated, places = offer["quantity"], offer["capacity"]
    if not offer["capacity_assumed"] or stated is None or stated == places:
        return ""
    if places == 1:
        return Text(ONE_PLACE, {"amount": amount(offer)})
    return Text(SOME_PLACES, {"places": places, "amount": amount(offer)})


def _times(need: PlannedNeed, offer: PlannedOffer) -> Words:
    here, there = need["time_window"], offer["time_window"]
    if not here or not there:
        return ""
    sides = {"need": time_words(here), "offer": time_words(there)}
    return Text(TIMES_DIFFER, sides)


def _fit_mark(fit: tuple[str, str]) -> str:
    return f"f{_STRENGTH_ORDER.index(fit) + 1}"


def _community(need: Entry) -> tuple[str, str]:
    """Communities of two sub-districts may share a name; a need without one stands for itself."""
    return (need.sub_district, need.organisation) if need.organisation else ("", need.id)
