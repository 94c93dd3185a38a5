"""Concepts, groups of people, and what is read from a text where a field is blank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from twosided.relevance import Encoder, PairRelevance, relate
from twosided.relevance.concepts import find_rivals
from twosided.relevance.extraction import conflict, extract, find_amount
from twosided.relevance.features import READ_FEATURES
from twosided.relevance.fields import Fit
from twosided.relevance.groups import find_groups, name_groups, relate_groups
from twosided.relevance.logistic import load_weights
from twosided.relevance.surroundings import ALONE
from twosided.relevance.thesaurus import find_concepts, load_thesaurus

from tests.twosided.relevance.sample import Thing

RATS = Thing(title="Rats in the bin store", description="Seen at midday by the back door.")
BAITING = Thing(title="Visits by pest control", description="A qualified person lays bait.")
SINGING = Thing(title="Choir on Fridays", description="Come and sing, no audition.")
STROLL = Thing(title="想有人陪着说说话", description="独自在家，儿女在外地。")


def explain(need: Thing, offer: Thing, encoder: Encoder | None = None) -> PairRelevance:
    return relate([need], [offer], encoder=encoder).pair(0, 0)


def facts_of(pair: PairRelevance, part: str) -> list[dict[str, object]]:
    return [fact for fact in pair.evidence if fact["part"] == part]


def test_every_concept_has_words_of_both_languages_and_one_name() -> None:
    thesaurus = load_thesaurus()
    assert len(set(thesaurus.names)) == len(thesaurus.names) > 150
    for chinese, english in thesaurus.words:
        assert chinese
        assert all(english)


def test_a_concept_is_found_by_any_of_its_words_in_either_language() -> None:
    name = load_thesaurus().names.index("vermin")
    assert find_concepts("Rats by the bins")[name] == ("Rats",)
    assert find_concepts("蟑螂耗子泛滥")[name] == ("蟑螂", "耗子")
    assert find_concepts("a kind of Pest Control, please")[name][-1] == "Pest Control"
    assert name not in find_concepts("separate the pirates")


def test_words_of_one_concept_bring_a_pair_together_and_are_marked(encoder: Encoder) -> None:
    for model in (None, encoder):
        relevance = relate([RATS], [BAITING, SINGING], encoder=model)
        assert relevance.score[0, 0] > 3 * relevance.score[0, 1]
        related = {
            (fact["need"], fact["offer"]) for fact in facts_of(relevance.pair(0, 0), "meaning")
        }
        assert ("Rats", "pest control") in related
        assert all(fact["related"] for fact in facts_of(relevance.pair(0, 0), "meaning"))


def test_concepts_meet_across_languages_without_a_model() -> None:
    companions = Thing(title="Befriending visits", description="Someone to talk to at home.")
    relevance = relate([STROLL], [SINGING, companions], encoder=None)
    assert relevance.top(0, 1) == [1]
    assert relevance.pair(0, 1).parts["meaning"] > 0


def test_a_nearer_need_is_a_rival_and_a_single_need_has_none() -> None:
    tables = {"meaning.concepts": np.array([[0.5, 0.1], [0.2, 0.1], [0.0, 0.0]])}
    standing = find_rivals(tables, ALONE)
    assert standing[0, 0] == pytest.approx(0.1)
    assert standing[1, 0] == pytest.approx(0.1 - 0.85 * 0.3)
    assert standing[1, 0] < standing[0, 0]
    assert standing[0, 1] == standing[1, 1]
    assert standing[2].tolist() == [0.0, 0.0]
    single = {"meaning.concepts": np.array([[0.5, 0.1]])}
    assert not find_rivals(single, ALONE).any()


@pytest.mark.parametrize(
    ("need", "offer", "fit"),
    [
        ("老年人", "seniors", Fit.SAME),
        ("residents over 70", "高龄老人", Fit.SAME),
        ("七十岁以上居民", "pensioners", Fit.SAME),
        ("小学生", "teenagers", Fit.NEAR),
        ("妇女", "adults", Fit.NEAR),
        ("fishes", "老人", Fit.UNKNOWN),
        ("骑手", "children", Fit.OTHER),
    ],
)
def test_groups_of_people_meet_by_whom_they_mean(need: str, offer: str, fit: Fit) -> None:
    assert relate_groups(find_groups(need), find_groups(offer)) is fit


def test_stated_groups_in_two_languages_count_as_the_same() -> None:
    need = replace(STROLL, target_group="独居老人")
    same = explain(need, replace(BAITING, target_group="older people"))
    other = explain(need, replace(BAITING, target_group="teenagers"))
    assert same.parts["target_group"] > 0 > other.parts["target_group"]
    differs = {"part": "target_group", "code": "differs", "need": "独居老人", "offer": "teenagers"}
    assert differs in other.evidence


def test_a_blank_group_is_read_from_the_text_weaker_than_a_stated_one() -> None:
    need = Thing(title="Lunch", description="Our pensioners eat alone.")
    offer = Thing(title="Lunch club", target_group="老年人")
    read, stated = explain(need, offer), explain(replace(need, target_group="pensioners"), offer)
    assert 0 < read.parts["target_group"] < stated.parts["target_group"]
    fact = {"part": "target_group", "need": "pensioners", "offer": "老年人", "extracted": True}
    assert fact in read.evidence
    assert "extracted" not in facts_of(stated, "target_group")[0]
    assert "need.target_group" in read.missing_fields


def test_what_is_read_never_excludes_and_weighs_less_than_what_is_stated() -> None:
    need = Thing(title="借一间会议室", kind="venue", time_window="2023-06")
    offer = Thing(title="捐赠图书", time_window="2023-06")
    assert relate([need], [offer], encoder=None).excluded == {}
    for mode in ("default", "lexical"):
        weights = load_weights(mode).weights
        for name in READ_FEATURES:
            part = name.partition(".")[0]
            stated = [abs(w) for key, w in weights.items() if key.startswith(part + ".")]
            assert abs(weights[name]) <= max(stated)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("想借一间会议室", "venue"),
        ("Volunteers and a coach, please", "people"),
        ("企业捐赠图书", "goods"),
        ("天黑了", ""),
        ("", ""),
    ],
)
def test_kinds_are_read(text: str, kind: str) -> None:
    assert extract(text).kind == kind


def test_times_amounts_and_places_are_read() -> None:
    said = extract("每周六晚上，东湖街道三十二户，另有 40 laptops 和 5 laptops")
    assert said.slots == {"weekend", "evening"}
    assert any(place.endswith("东湖街道") for place in said.places)
    assert find_amount(said, "户") == 32
    assert find_amount(said, "laptops") is None
    assert find_amount(said, "场") is None
    assert conflict(said.slots, extract("weekday mornings").slots) == ("weekend", "weekday")
    assert conflict(said.slots, extract("Saturday evening").slots) is None


def test_times_that_differ_are_said_and_speak_against_the_pair() -> None:
    need = Thing(title="Football after work", description="We can only come in the evening.")
    day = Thing(title="Football pitch", description="Free on weekday mornings.")
    night = Thing(title="Football pitch", description="Free overnight and in the evening.")
    early, late = explain(need, day), explain(need, night)
    fact = {"part": "time", "code": "differs", "need": "evening", "offer": "daytime"}
    assert {**fact, "extracted": True} in early.evidence
    assert {"part": "time", "code": "overlap", "value": "evening", "extracted": True} in (
        late.evidence
    )
    assert early.parts["time"] < 0 < late.parts["time"]


def test_an_amount_read_from_the_text_is_marked() -> None:
    need = Thing(title="书", quantity=60, unit="册")
    fact = facts_of(explain(need, Thing(title="赠书五十册", unit="")), "quantity")[0]
    assert fact["code"] == "amount_short"
    assert fact["extracted"] is True
    assert (fact["need"], fact["offer"]) == ("60 册", "50 册")


def test_group_is_shown_in_the_words_of_the_text() -> None:
    assert name_groups("For our Pensioners only", frozenset({"older"})) == "Pensioners"
    assert name_groups("给爷爷奶奶", frozenset({"older"})) == "爷爷奶奶"
    assert name_groups("nobody", frozenset({"older"})) == ""


def test_missing_fields_come_first_that_could_move_the_score_most() -> None:
    need = Thing(title="晚上停车", target_group="居民", category="F4", kind="venue")
    offer = Thing(title="停车场夜间停车", quantity=30, unit="个")
    missing = explain(replace(need, unit="个"), offer).missing_fields
    assert missing.index("offer.category") < missing.index("offer.target_group")
    assert missing[-1] == "need.quantity"
    late = replace(offer, time_window="2023-06")
    assert explain(need, late).missing_fields[0] == "need.time_window"


def test_counts_and_spans_of_time_never_stand_as_related_words(encoder: Encoder) -> None:
    need = Thing(title="Tea once a week", description="A timid guest drinks on any day.")
    offer = Thing(title="A weekly beverage", description="Shy visitors drank it on Monday.")
    related = {
        (fact["need"], fact["offer"]) for fact in facts_of(explain(need, offer, encoder), "meaning")
    }
    assert ("timid", "Shy") in related
    assert related.isdisjoint({("week", "weekly"), ("day", "Monday"), ("week", "Monday")})
