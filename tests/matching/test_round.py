"""From records and choices to the market: candidates, groups, pins, bans and what is reported."""

from __future__ import annotations

import pytest
from twosided.relevance import Relevance, related

from lianqiao.catalogue.records import Choice, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.language import Translator
from lianqiao.matching.marketfile import market_bytes
from lianqiao.matching.planning import plan_round
from lianqiao.matching.recheck import findings
from lianqiao.matching.round import Round, prepare, relevance_of
from lianqiao.matching.solving import Settings

NEEDS = (
    NeedRecord(
        id="N001", title="老人学手机", category="B3", organisation="东街社区", sub_district="甲街道"
    ),
    NeedRecord(
        id="N002",
        title="晚上没处停车",
        category="F4",
        organisation="西街社区",
        sub_district="甲街道",
    ),
    NeedRecord(
        id="N003", title="修健身器材", category="H3", organisation="东街社区", sub_district="乙街道"
    ),
)
OFFERS = (
    OfferRecord(id="O001", title="教老人学手机", category="B3", organisation="区科协"),
    OfferRecord(id="O002", title="大院停车位开放", category="F4", organisation="机关事务中心"),
    OfferRecord(
        id="O003",
        title="停车位开放",
        category="F4",
        organisation="学校",
        sub_district="丙街道",
    ),
)


def pick(need: str, offer: str, rank: int = 1, by: str = "community") -> Choice:
    return Choice(by=by, chooser="", need_id=need, offer_id=offer, decision="pick", rank=rank)


def decided(need: str, offer: str, decision: str, by: str = "organiser") -> Choice:
    return Choice(by=by, chooser="", need_id=need, offer_id=offer, decision=decision)


def round_with(*choices: Choice, offers: tuple[OfferRecord, ...] = OFFERS) -> Round:
    return prepare(NEEDS, offers, choices, relevance_of(NEEDS, offers, "lexical"))


def pairs(round_: Round) -> set[tuple[str, str]]:
    document = plan_round(round_, Settings(), {})
    assert findings(document, round_.market, "") == []
    return {(pair["need"], pair["offer"]) for pair in document["pairs"]}


def reason(round_: Round, need: str) -> str:
    document = plan_round(round_, Settings(), {})
    return next(unmet["reason"] for unmet in document["unmet"] if unmet["need"] == need)


def test_fitting_pairs_are_planned_and_the_others_say_why() -> None:
    round_ = round_with()
    assert pairs(round_) == {("N001", "O001"), ("N002", "O002")}
    assert reason(round_, "N003") == "no_fitting_offer"


def test_communities_of_two_sub_districts_with_one_name_are_two() -> None:
    assert round_with().communities == ("东街社区", "西街社区", "东街社区")


def test_a_ban_takes_the_only_candidate_away() -> None:
    round_ = round_with(decided("N001", "O001", "forbidden"))
    assert ("N001", "O001") not in pairs(round_)
    assert reason(round_, "N001") == "forbidden_by_organiser"


@pytest.mark.parametrize(
    ("by", "code"),
    [("community", "refused_by_need_side"), ("institution", "refused_by_offer_side")],
)
def test_a_refusal_is_the_reason(by: str, code: str) -> None:
    round_ = round_with(decided("N001", "O001", "not_acceptable", by=by))
    assert reason(round_, "N001") == code


def test_a_pick_makes_a_candidate_of_a_pair_that_texts_would_not_bring_together() -> None:
    assert ("N003", "O002") in pairs(
        round_with(pick("N003", "O002"), decided("N002", "O002", "not_acceptable", by="community"))
    )


def test_a_filtered_pick_is_reported_and_not_planned() -> None:
    round_ = round_with(pick("N002", "O003"), pick("N002", "O003", by="institution"))
    assert ("N002", "O003") not in pairs(round_)
    assert [code for code, _text in round_.notices] == ["pick_filtered"]


def test_a_pin_wins_over_everything() -> None:
    pinned = decided("N002", "O003", "pinned")
    assert ("N002", "O003") in pairs(round_with(pinned))


@pytest.mark.parametrize(
    ("pair", "by", "code"),
    [
        (("N001", "O001"), "community", "refused_by_need_side"),
        (("N001", "O001"), "institution", "refused_by_offer_side"),
    ],
)
def test_a_pin_over_a_refusal_is_reported(pair: tuple[str, str], by: str, code: str) -> None:
    round_ = round_with(decided(*pair, "pinned"), decided(*pair, "not_acceptable", by=by))
    assert pair in pairs(round_)
    assert [(name, text.values["reason"]) for name, text in round_.notices] == [
        ("pin_overrides", code)
    ]


def test_a_pin_over_a_filter_is_reported() -> None:
    round_ = round_with(decided("N002", "O003", "pinned"))
    assert [text.values["reason"] for _name, text in round_.notices] == ["out_of_area"]


def test_pins_raise_an_assumed_number_and_say_so() -> None:
    round_ = round_with(decided("N001", "O001", "pinned"), decided("N002", "O001", "pinned"))
    assert {("N001", "O001"), ("N002", "O001")} <= pairs(round_)
    assert [code for code, _text in round_.notices] == ["raised_for_pins"]


def test_pins_over_a_stated_number_are_refused() -> None:
    stated = (OfferRecord(id="O001", title="教老人学手机", capacity=1), *OFFERS[1:])
    with pytest.raises(InputError) as refused:
        round_with(
            decided("N001", "O001", "pinned"), decided("N002", "O001", "pinned"), offers=stated
        )
    assert "O001" in refused.value.line(Translator("zh-Hans"))


def test_an_unknown_model_is_bad_input() -> None:
    with pytest.raises(InputError, match="model"):
        relevance_of(NEEDS, OFFERS, "no-such-model")


def test_long_lists_make_the_same_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a size only candidates are scored; with short lists that is every pair."""
    choices = pick("N001", "O002"), decided("N003", "O003", "pinned")
    short = round_with(*choices)
    monkeypatch.setattr(related, "MOST_PAIRS", 0)
    long = round_with(*choices)
    assert isinstance(short.relevance, Relevance)
    assert not isinstance(long.relevance, Relevance)
    assert market_bytes(long.market) == market_bytes(short.market)
    assert long.notices == short.notices
    assert pairs(long) == pairs(short)


def test_needs_that_are_alike_do_not_all_keep_the_same_offers() -> None:
    """Fifty of each: whoever keeps only the first forty offers leaves ten needs with nothing."""
    text = {"title": "老人学手机", "category": "B3", "kind": "service"}
    needs = tuple(NeedRecord(id=f"N{at}", organisation=f"社区{at}", **text) for at in range(50))
    offers = tuple(OfferRecord(id=f"O{at}", organisation=f"单位{at}", **text) for at in range(50))
    round_ = prepare(needs, offers, (), relevance_of(needs, offers, "lexical"))
    assert len(pairs(round_)) == 50
