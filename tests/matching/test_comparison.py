"""A plan beside what was signed: each signed pair once, each reason, fair figures and words."""

from __future__ import annotations

from typing import Any

from lianqiao.catalogue.records import Choice, NeedRecord, OfferRecord
from lianqiao.language import Text, Translator
from lianqiao.matching.comparison import compared, rows_not_taken
from lianqiao.matching.document import Comparison, ComparisonRow, PlanDocument, digest
from lianqiao.matching.planning import plan_round
from lianqiao.matching.recheck import findings
from lianqiao.matching.round import Round, prepare, relevance_of
from lianqiao.matching.solving import Settings


def need(id_: str, title: str, category: str, owner: str, **more: Any) -> NeedRecord:
    return NeedRecord(
        id=id_, title=title, category=category, organisation=owner, sub_district="甲街道", **more
    )


NEEDS = (
    need("N1", "老人学手机", "B3", "东社区"),
    need("N2", "晚上没处停车", "F4", "西社区"),
    need("N3", "修健身器材", "H3", "南社区"),
    need("N4", "教老人学手机拍照", "B3", "北社区"),
    need("N5", "想学手机", "B3", "北社区", time_window="2023-01-01/2023-01-31"),
)
OFFERS = (
    OfferRecord(id="O1", title="教老人学手机", category="B3", organisation="科协", capacity=1),
    OfferRecord(id="O2", title="停车位开放", category="F4", organisation="学校"),
    OfferRecord(id="O3", title="老人学手机课堂", category="B3", organisation="图书馆", capacity=1),
    OfferRecord(id="O4", title="健身器材维修", category="H3", organisation="文体局"),
)


def decided(need_id: str, offer_id: str, decision: str, by: str = "organiser") -> Choice:
    return Choice(by=by, chooser="", need_id=need_id, offer_id=offer_id, decision=decision)


def row(need_id: str, offer_id: str, verdict: str = "exact") -> ComparisonRow:
    is_taken = verdict in ("exact", "mended", "assumed")
    return {
        "row": 7,
        "sheet": "签约",
        "written": {"community": "?"},
        "verdict": verdict,
        "need": need_id if is_taken else "",
        "offer": offer_id if is_taken else "",
        "unclear": [] if is_taken else ["need"],
        "certainty": 1.0 if is_taken else 0.0,
        "alternatives": [],
    }


def planned(*choices: Choice) -> tuple[PlanDocument, Round]:
    round_ = prepare(NEEDS, OFFERS, choices, relevance_of(NEEDS, OFFERS, "lexical"))
    return plan_round(round_, Settings(), {}), round_


def beside(*rows: ComparisonRow, choices: tuple[Choice, ...] = ()) -> Comparison:
    document, round_ = planned(*choices)
    return compared(document, round_, rows, {})


def kinds(comparison: Comparison) -> dict[str, list[tuple[str, str]]]:
    return {
        "agreed": [(pair["need"], pair["offer"]) for pair in comparison["agreed"]],
        "different": [(pair["need"], pair["offer"]) for pair in comparison["different"]],
        "lost": [(pair["need"], pair["offer"]) for pair in comparison["lost"]],
    }


PINS = (decided("N1", "O1", "pinned"), decided("N2", "O2", "pinned"))


def test_each_signed_pair_is_of_one_kind() -> None:
    banned = (*PINS, decided("N3", "O4", "forbidden"))
    found = beside(row("N1", "O3"), row("N2", "O2"), row("N3", "O4"), choices=banned)
    assert kinds(found) == {
        "agreed": [("N2", "O2")],
        "different": [("N1", "O3")],
        "lost": [("N3", "O4")],
    }
    different, lost = found["different"][0], found["lost"][0]
    assert different["planned"] == ["O1"]
    assert different["reason"] == "served"
    assert lost["reason"] == "forbidden_by_organiser"
    assert lost["planned"] == []
    assert found["agreed"][0]["reason"] == ""


def test_who_has_the_offer_instead_is_named() -> None:
    found = beside(row("N4", "O1"), choices=PINS)
    (pair,) = [*found["different"], *found["lost"]]
    assert pair["holders"] == ["N1"]
    assert pair["reason"] == "offers_full"


def test_reasons_of_refusals_and_of_texts_that_do_not_meet() -> None:
    refused = (*PINS, decided("N4", "O3", "not_acceptable", by="institution"))
    found = beside(row("N4", "O3"), row("N2", "O4"), choices=refused)
    reasons = {pair["need"]: pair["reason"] for pair in (*found["lost"], *found["different"])}
    assert reasons == {"N4": "refused_by_offer_side", "N2": "no_fitting_offer"}


def test_needs_and_communities_that_only_one_side_serves() -> None:
    found = beside(row("N1", "O1"), row("N5", "O3"), choices=PINS)
    newly = {each["need"]: each["new_community"] for each in found["newly_served"]}
    assert newly["N2"] is True
    assert "N1" not in newly
    assert newly.get("N4") in (None, False)
    assert "西社区" in found["communities_newly_served"]
    assert "北社区" not in found["communities_newly_served"]


def test_a_need_whose_signed_offer_nobody_could_tell_is_not_newly_served() -> None:
    unclear: ComparisonRow = {**row("", "", "ambiguous"), "need_told": "N2", "unclear": ["offer"]}
    found = beside(row("N1", "O1"), unclear, choices=PINS)
    assert "N2" not in {each["need"] for each in found["newly_served"]}
    assert "西社区" not in found["communities_newly_served"]
    assert found["figures"]["signed"]["units"] == 1


def test_no_community_is_told_of_where_there_is_none() -> None:
    document, round_ = planned()
    pairs = [(pair["need"], pair["offer"]) for pair in document["pairs"]]
    north = next(need for need, _ in pairs if need in ("N4", "N5"))
    other = {"N4": "N5", "N5": "N4"}[north]
    rows = [row(other if need == north else need, offer) for need, offer in pairs]
    said = sentences(compared(document, round_, rows, {}), "counts")
    assert "Needs with nothing signed that the plan would also reach: 1." in said


def test_figures_of_both_sides_are_counted_alike() -> None:
    document, round_ = planned(*PINS)
    same = [row(pair["need"], pair["offer"]) for pair in document["pairs"]]
    figures = compared(document, round_, same, {})["figures"]
    assert figures["signed"] == figures["plan"]
    assert figures["plan"]["units"] == document["figures"]["units"]
    assert figures["plan"]["needs_served"] == document["figures"]["needs_served"]
    assert figures["plan"]["communities_served"] == document["figures"]["communities_served"]
    assert figures["plan"]["blocking_pairs"] == document["figures"]["blocking_pairs"]


def test_a_pair_written_twice_counts_once() -> None:
    again: ComparisonRow = {**row("N2", "O2"), "verdict": "duplicate", "of": 0}
    found = beside(row("N2", "O2"), again, choices=PINS)
    assert found["figures"]["signed"]["units"] == 1
    assert found["agreed"][0]["written"] == [0, 1]


def test_rows_that_were_not_taken_count_nowhere_but_are_told() -> None:
    rows = (row("N2", "O2"), row("", "", "ambiguous"), row("", "", "not_signed"))
    found = beside(*rows, choices=PINS)
    assert found["figures"]["signed"]["units"] == 1
    assert rows_not_taken(found["rows"]) == 1
    assert "not taken" in sentences(found, "counts")[-1]


def sentences(comparison: Comparison, about: str) -> list[str]:
    said = [each for each in comparison["summary"] if each["about"] == about]
    return [Translator("en").render(Text(each["text"], each["values"])) for each in said]


def test_the_summary_counts_what_the_lists_hold_and_is_fair() -> None:
    found = beside(row("N1", "O3"), row("N2", "O2"), choices=PINS)
    counts = sentences(found, "counts")
    assert counts[0] == "Signed pairs: 2; in the plan as well: 1."
    assert counts[1] == "Signed pairs whose need has another partner in the plan: 1."
    fair = " ".join(sentences(found, "fairness"))
    assert "talks that the lists don't show" in fair
    assert "no mistake of anybody" in fair
    blame = ("better than", "wrong", "should have", "failed", "worse off", "missed")
    assert not [word for word in blame if word in " ".join(counts) + fair]


def test_fewer_signatures_are_no_worse_result() -> None:
    few = sentences(beside(row("N2", "O2"), choices=PINS), "fairness")
    assert any("not a worse result" in sentence for sentence in few)
    document, round_ = planned(*PINS)
    same = [row(pair["need"], pair["offer"]) for pair in document["pairs"]]
    as_many = sentences(compared(document, round_, same, {}), "fairness")
    assert not any("not a worse result" in sentence for sentence in as_many)


def test_the_digest_covers_the_comparison_but_no_numbers_of_rows() -> None:
    document, round_ = planned(*PINS)
    rows = [row("N2", "O2")]
    whole: PlanDocument = {**document, "comparison": compared(document, round_, rows, {})}
    assert digest(whole) != digest(document)
    moved: PlanDocument = {
        **whole,
        "comparison": {**whole["comparison"], "rows": [{**rows[0], "row": 70}]},
    }
    assert digest(moved) == digest(whole)
    other: PlanDocument = {
        **whole,
        "comparison": {**whole["comparison"], "rows": [{**rows[0], "verdict": "mended"}]},
    }
    assert digest(other) != digest(whole)
    whole["digest"] = digest(whole)
    assert findings(whole, round_.market, "") == []
