"""Evidence and missing fields: what is said is there to be found, and matters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from twosided.relevance import Encoder, Relevance, relate
from twosided.relevance.stopwords import STOP_WORDS

from tests.twosided.relevance.sample import DISTRICT, ENGLISH, Thing, read_lists

NEED = Thing(
    title="停车难",
    description="晚上没有停车的地方",
    category="F4",
    kind="venue",
    quantity=80,
    unit="个",
    time_window="../2023-06-30",
    target_group="有车居民",
    sub_district="甲街道",
)
OFFER = Thing(
    title="车位共享",
    description="夜间开放停车",
    category="F2",
    kind="venue",
    quantity=60,
    unit="个",
    time_window="2023-06-01/2023-12-31",
    target_group="居民",
    sub_district="甲街道、乙街道",
)


def test_words_of_every_pair_stand_in_the_texts(district: Relevance) -> None:
    needs, offers = read_lists(DISTRICT)
    for i, j in np.ndindex(district.score.shape):
        for fact in district.pair(i, j).evidence:
            if fact["part"] in ("words", "meaning"):
                one, other = str(fact["need"]), str(fact["offer"])
                assert one in needs[i].title + "\n" + needs[i].description
                assert other in offers[j].title + "\n" + offers[j].description
                assert {one, other}.isdisjoint(STOP_WORDS)
                assert min(len(one), len(other)) > 1
            if fact["part"] == "words":
                assert one == other or one.isascii()
            if fact["part"] == "meaning":
                assert fact["related"] is True


def test_english_words_meet_in_different_forms(encoder: Encoder) -> None:
    need = Thing(title="Somewhere to park", description="Residents want parking at night")
    offer = Thing(title="Car parks open late", description="For residents")
    evidence = relate([need], [offer], encoder=encoder).pair(0, 0).evidence
    shared = {(fact["need"], fact["offer"]) for fact in evidence if fact["part"] == "words"}
    assert ("Residents", "residents") in shared
    assert any(str(one).startswith("park") for one, _ in shared)


def test_every_field_speaks(encoder: Encoder) -> None:
    facts = {}
    for blanked in ({"title": "", "description": ""}, {"kind": "", "category": ""}):
        need, offer = replace(NEED, **blanked), replace(OFFER, **blanked)
        for fact in relate([need], [offer], encoder=encoder).pair(0, 0).evidence:
            facts[str(fact["part"])] = fact
    assert facts["category"] == {"part": "category", "code": "group", "value": "F"}
    assert facts["kind"] == {"part": "kind", "code": "same", "value": "venue"}
    assert facts["target_group"] == {"part": "target_group", "need": "有车居民", "offer": "居民"}
    assert facts["time"] == {"part": "time", "code": "overlap", "value": "2023-06-01/2023-06-30"}
    assert facts["place"] == {"part": "place", "code": "same", "value": "甲街道"}
    amount = {"part": "quantity", "code": "amount_short", "need": "80 个", "offer": "60 个"}
    assert facts["quantity"] == amount
    assert facts["words"] == {"part": "words", "need": "停车", "offer": "停车"}


def test_need_that_exceeds_the_offer_is_an_issue() -> None:
    assert relate([NEED], [OFFER], encoder=None).pair(0, 0).issues == ("amount_short",)
    for other in (
        replace(OFFER, unit="次"),
        replace(OFFER, quantity=80),
        replace(OFFER, quantity=None),
    ):
        assert relate([NEED], [other], encoder=None).pair(0, 0).issues == ()


def test_related_words_are_marked_as_such(district: Relevance) -> None:
    facts = [
        fact
        for i in range(20)
        for j in district.top(i, 3)
        for fact in district.pair(i, j).evidence
        if fact["part"] == "meaning"
    ]
    assert len(facts) > 10
    assert all(fact["related"] is True and 0.3 < float(str(fact["strength"])) < 1 for fact in facts)


@pytest.mark.parametrize(
    ("need", "offer", "missing"),
    [
        (NEED, OFFER, ()),
        (replace(NEED, time_window=""), OFFER, ("need.time_window",)),
        (replace(NEED, time_window=""), replace(OFFER, time_window="ongoing;2/week"), ()),
        (NEED, replace(OFFER, quantity=None), ("offer.quantity",)),
        (NEED, replace(OFFER, quantity=None, unit="次"), ()),
        (replace(NEED, sub_district=""), OFFER, ("need.sub_district",)),
        (NEED, replace(OFFER, sub_district=""), ()),
        (replace(NEED, kind="", category=""), OFFER, ("need.kind", "need.category")),
    ],
)
def test_missing_fields_are_those_that_matter(
    need: Thing, offer: Thing, missing: tuple[str, ...]
) -> None:
    assert relate([need], [offer], encoder=None).pair(0, 0).missing_fields == missing


def test_time_unknown_is_said(encoder: Encoder) -> None:
    needs, offers = read_lists(ENGLISH)
    pair = relate(
        [replace(needs[0], time_window="")], [replace(offers[1], category="")], encoder=encoder
    )
    assert {"part": "time", "code": "unknown"} in pair.pair(0, 0).evidence
