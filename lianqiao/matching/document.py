"""plan.json as types: the plan of a round as every reader of it sees it (format lianqiao-plan/1).

Nothing here is in a language: reasons are codes, notes are msgids with values.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NotRequired, TypedDict

from lianqiao.catalogue.records import NeedRecord, OfferRecord

FORMAT = "lianqiao-plan/1"
# The state of a candidate that only its need stands apart from: it has the partners it wants.
SERVED = "served"


class Engine(TypedDict):
    """What made the plan: same versions, same inputs, same seed, same effort → same plan.

    time_limit: seconds, where a clock and not the effort ended the search.
    """

    version: str
    model: str
    model_digest: str
    method: str
    effort: int
    time_limit: NotRequired[float | None]


class InputFile(TypedDict):
    file: str
    sha256: str


class PlannedItem(TypedDict):
    """What needs and offers share; row is the row of the user's sheet.

    time_said: the time in the list's own words, where time_window says it otherwise.
    """

    id: str
    row: int
    title: str
    description: str
    organisation: str
    sub_district: str
    category: str
    kind: str
    quantity: float | None
    unit: str
    time_window: str
    time_said: NotRequired[str]
    target_group: str


class PlannedNeed(PlannedItem):
    partners_wanted: int


class PlannedOffer(PlannedItem):
    """capacity_assumed: the number does not come from the list's own column."""

    capacity: int
    capacity_assumed: bool


class PlanFigures(TypedDict):
    """The figures of another plan of the same round; see Figures."""

    needs_served: int
    communities_served: int
    units: int
    score: int
    blocking_pairs: int


class Remedy(TypedDict):
    """One way to remove an exception, and its price; a cheaper way may exist.

    gained, lost: (need, offer) pairs that the plan would get and lose. needs_newly_served,
    needs_left_out: ids; communities_left_out: names, of those that would have nothing then.
    """

    gained: list[list[str]]
    lost: list[list[str]]
    needs_newly_served: list[str]
    needs_left_out: list[str]
    communities_left_out: list[str]
    figures: PlanFigures


# Keyword "for" needs the functional form. for: the community whose need this pair serves; blocks:
# the (need, offer) pairs that would rather have each other than the plan; remedy: None if no way
# was found, left out where none was looked for.
PairException = TypedDict(
    "PairException",
    {"for": str, "blocks": list[list[str]], "remedy": NotRequired[Remedy | None]},
)


class PlannedPair(TypedDict):
    """One bridge. score: [0, 1] by thousandths, the sum of parts; ranks: stated ones or None."""

    need: str
    offer: str
    score: float
    parts: dict[str, float]
    evidence: list[dict[str, Any]]
    missing_fields: list[str]
    issues: list[str]
    need_rank: int | None
    offer_rank: int | None
    pinned: bool
    exception: PairException | None


class Candidate(TypedDict):
    """An offer that an unmet need might have had. holder: the need that has it instead."""

    offer: str
    score: float
    why_not: str
    holder: NotRequired[str]


class UnmetNeed(TypedDict):
    """reason: a code of REASONS; text: its English sentence."""

    need: str
    reason: str
    text: str
    candidates: list[Candidate]


class OtherOffer(TypedDict):
    """A candidate that a need is not paired with. state: what keeps them apart: a code of REASONS,
    or SERVED; holder: the need that has its place."""

    offer: str
    score: float
    state: str
    holder: NotRequired[str]
    need_rank: int | None
    offer_rank: int | None
    parts: dict[str, float]
    evidence: list[dict[str, Any]]
    missing_fields: list[str]


class Candidates(TypedDict):
    """The best offers of a need outside the plan, best fit first."""

    need: str
    offers: list[OtherOffer]


class PolicyOutlook(TypedDict):
    """What a policy gives. quick: reckoned without the last step, so it may still improve."""

    policy: str
    chosen: bool
    quick: bool
    figures: PlanFigures


class UnusedOffer(TypedDict):
    offer: str
    reason: str
    text: str


class Figures(TypedDict):
    """communities_possible: what any plan could reach. score: thousandths, the sum over pairs;
    score_best: upper bound of it. bounds: what no plan can exceed; for blocking_pairs, what no
    plan can stay below that is as good in what the policy puts first."""

    needs: int
    needs_served: int
    communities: int
    communities_served: int
    communities_possible: int
    offers: int
    offers_used: int
    units: int
    score: int
    score_best: int
    blocking_pairs: int
    proved: bool
    bounds: dict[str, float]


class ComparisonNear(TypedDict):
    """What else a row could mean: a need, an offer, or both. likeness: [0, 1], of the names, or how
    well the two fit where both are named."""

    need: NotRequired[str]
    offer: NotRequired[str]
    likeness: float


# Verdicts by which a row stands for a pair, and those by which nobody could tell, the worse last.
TAKEN = ("exact", "mended", "assumed")
NOT_TAKEN = ("ambiguous", "unrecognised", "outside")


class ComparisonRow(TypedDict):
    """A pair as somebody wrote it down, and what it was taken for. row: 1-based as seen; written:
    texts by what they are (community, need, institution, offer, project, need_id, offer_id).

    verdict: "exact", "mended" (a name differs), "assumed" (among several), "duplicate" (of the
    pair at position `of`), or nothing was taken: "ambiguous", "unrecognised", "outside" (of the
    lists), "not_signed". need, offer: ids, "" if not taken; need_told: the need
    of a row in which only the offer is unclear; unclear: the sides, "need" or "offer", that kept it
    from being taken. certainty: [0, 1], how like the names are, lower where it was chosen among
    several.
    """

    row: int
    sheet: str
    written: dict[str, str]
    verdict: str
    need: str
    offer: str
    need_told: NotRequired[str]
    of: NotRequired[int]
    unclear: list[str]
    certainty: float
    alternatives: list[ComparisonNear]


class ComparedPair(TypedDict):
    """A signed pair. planned: offers that the plan gives the need, best fit first; holders: needs
    that the plan gives the offer. reason: why the plan has not the pair, a code of REASONS or
    SERVED, "" if it has it. score: how well the texts fit. written: positions among the rows."""

    need: str
    offer: str
    score: float
    written: list[int]
    certainty: float
    planned: list[str]
    holders: list[str]
    reason: str


class NewlyServed(TypedDict):
    """A need that only the plan serves. new_community: its community has nothing signed."""

    need: str
    offers: list[str]
    new_community: bool


class ComparisonFigures(TypedDict):
    """score: thousandths, the sum over pairs of how well their texts fit, filtered or not.
    would_swap: of the blocking pairs those whose need and offer both have a partner; the others
    only say that something is still open."""

    needs_served: int
    communities_served: int
    units: int
    score: int
    blocking_pairs: int
    would_swap: int


class Comparison(TypedDict):
    """A plan beside what was signed. Each signed pair is in one of agreed, different (the plan
    gives its need another partner) and lost (the plan gives its need none).

    communities_lost: names, of those that have something signed, but nothing in the plan.
    passed_over: rows that hold no pair, by what they are. figures: "signed" and "plan". summary:
    sentences as msgids with values, each about "counts" or "fairness".
    """

    rows: list[ComparisonRow]
    passed_over: dict[str, int]
    agreed: list[ComparedPair]
    different: list[ComparedPair]
    newly_served: list[NewlyServed]
    lost: list[ComparedPair]
    communities_newly_served: list[str]
    communities_lost: list[str]
    figures: dict[str, ComparisonFigures]
    summary: list[dict[str, Any]]


class Notice(TypedDict):
    """Something about the inputs that a person should know; text is a msgid, values fill it."""

    code: str
    text: str
    values: dict[str, Any]


class PlanDocument(TypedDict):
    """max_exceptions: as asked for, None if any number was allowed. quick: made without the last
    step of the search, which improves and proves."""

    format: str
    policy: str
    max_exceptions: NotRequired[int | None]
    seed: int
    reproducible: bool
    quick: NotRequired[bool]
    engine: Engine
    inputs: dict[str, InputFile]
    market: str
    needs: list[PlannedNeed]
    offers: list[PlannedOffer]
    pairs: list[PlannedPair]
    unmet: list[UnmetNeed]
    unused: list[UnusedOffer]
    candidates: NotRequired[list[Candidates]]
    policies: NotRequired[list[PolicyOutlook]]
    figures: Figures
    notices: list[Notice]
    comparison: NotRequired[Comparison]
    digest: str


def canonical(document: PlanDocument) -> bytes:
    """The bytes that the digest covers: no digest, file names or rows; sorted keys, no spaces."""
    rest: dict[str, Any] = {k: v for k, v in document.items() if k != "digest"}
    rest["inputs"] = {
        name: {"sha256": source["sha256"]} for name, source in document["inputs"].items()
    }
    for items in ("needs", "offers"):
        rest[items] = [{k: v for k, v in item.items() if k != "row"} for item in rest[items]]
    if "comparison" in rest:
        rows = [{k: v for k, v in row.items() if k != "row"} for row in rest["comparison"]["rows"]]
        rest["comparison"] = {**rest["comparison"], "rows": rows}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: PlanDocument) -> str:
    """sha256 of the canonical plan, lower-case hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def item_of(item: NeedRecord | OfferRecord) -> PlannedItem:
    """What the plan keeps of an item; its extra columns stay in the list."""
    planned: PlannedItem = {
        "id": item.id,
        "row": item.row,
        "title": item.title,
        "description": item.description,
        "organisation": item.organisation,
        "sub_district": item.sub_district,
        "category": item.category,
        "kind": item.kind,
        "quantity": item.quantity,
        "unit": item.unit,
        "time_window": item.time_window,
        "target_group": item.target_group,
    }
    if item.time_said:
        planned["time_said"] = item.time_said
    return planned
