"""Choices of both sides: the example, and every line that can't be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lianqiao.catalogue.records import Choice, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.choices import read_choices, read_rows_of_choices
from lianqiao.exchange.lists import read_list
from lianqiao.language import LANGUAGES, Translator

DISTRICT = Path(__file__).parents[1] / "data" / "district-a"
HEAD = "by,chooser,need_id,offer_id,rank,decision,note"
NEEDS = (NeedRecord(id="N1", title="a", organisation="甲社区"),)
OFFERS = (
    OfferRecord(id="O1", title="b", organisation="乙局"),
    OfferRecord(id="O2", title="c", organisation="乙局"),
)
GOOD = "community,甲社区,N1,O1,1,pick,"


def read(tmp_path: Path, *lines: str, head: str = HEAD) -> tuple[Choice, ...]:
    path = tmp_path / "choices.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return read_choices(path, NEEDS, OFFERS)


def test_the_example_is_read_whole() -> None:
    needs, offers = (read_list(DISTRICT / f"{kind}.xlsx").records for kind in ("needs", "offers"))
    found = read_choices(
        DISTRICT / "choices.csv",
        [need for need in needs if isinstance(need, NeedRecord)],
        [offer for offer in offers if isinstance(offer, OfferRecord)],
    )
    assert len(found) == 290
    assert Counter(choice.by for choice in found) == {
        "community": 157,
        "institution": 126,
        "organiser": 7,
    }
    assert all((choice.rank is not None) == (choice.decision == "pick") for choice in found)
    rows = read_rows_of_choices(DISTRICT / "choices.csv")
    assert [row.status for row in rows] == ["record"] * 290


def test_chinese_headings_and_words(tmp_path: Path) -> None:
    lines = ("社区,甲社区,N1,O1,1,选择,", "组织方,区级,N1,O2,,锁定,会议定")
    found = read(tmp_path, *lines, head="选择方,选择单位,需求编号,资源编号,排序,决定,备注")
    assert [(c.by, c.rank, c.decision) for c in found] == [
        ("community", 1, "pick"),
        ("organiser", None, "pinned"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "立场,选择方,需求编号,资源编号,意向顺序,决定,备注",
        "由谁,单位,需求编号,资源编号,名次,意向,备注",
        "方,社区,需求编号,资源编号,排序,决定,备注",
        "立場,選擇方,需求編號,資源編號,意向順序,決定,備註",
    ],
)
def test_chinese_headings_of_any_office(tmp_path: Path, head: str) -> None:
    lines = (
        "社区,甲社区,N1,O1,1,选,",
        "机构,乙局,N1,O1,2,意向,",
        "单位,乙局,N1,O2,,暂不对接,",
        "统筹方,区级,N1,O1,,锁定,",
        "组织方,区级,N1,O2,,不安排,会议定",
    )
    found = read(tmp_path, *lines, head=head)
    assert [(c.by, c.decision) for c in found] == [
        ("community", "pick"),
        ("institution", "pick"),
        ("institution", "not_acceptable"),
        ("organiser", "pinned"),
        ("organiser", "forbidden"),
    ]
    assert found[-1].note == "会议定"


def test_a_missing_column_is_named_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "社区,甲社区,N1,O1,选", head="立场,选择方,需求编号,资源编号,决定")
    for language in LANGUAGES:
        assert "rank (意向顺序)" in caught.value.line(Translator(language))


def test_an_item_without_an_organisation_is_named_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_choices(path, (NeedRecord(id="N1", title="a", row=7),), OFFERS)
    line = caught.value.line(Translator("en"))
    assert "N1 has no organisation" in line
    assert "row 7" in line
    assert caught.value.cell == "B2"


def test_the_first_bad_line_is_said_and_the_others_counted(tmp_path: Path) -> None:
    bad = ("community,甲社区,N9,O1,1,pick,", "mayor,甲社区,N1,O1,1,pick,")
    with pytest.raises(InputError) as caught:
        read(tmp_path, bad[0], GOOD, bad[1])
    line = caught.value.line(Translator("en"))
    assert caught.value.cell == "C2"
    assert "N9" in line
    assert "1 more" in line
    assert "A4" in line
    assert "lianqiao read choices.csv --as choices --json -" in line
    with pytest.raises(InputError) as many:
        read(tmp_path, *([bad[1]] * 30))
    assert "29 more" in many.value.line(Translator("en"))
    assert len(many.value.line(Translator("en"))) < 400


def test_ties_gaps_and_the_same_line_twice_are_fine(tmp_path: Path) -> None:
    assert len(read(tmp_path, GOOD, GOOD, "community,甲社区,N1,O2,1,pick,")) == 2
    assert read(tmp_path, "community,甲社区,N1,O1,7.0,pick,")[0].rank == 7


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("community,甲社区,N9,O1,1,pick,", "C2"),
        ("community,甲社区,N1,O9,1,pick,", "D2"),
        ("community,丙社区,N1,O1,1,pick,", "B2"),
        ("institution,甲社区,N1,O1,1,pick,", "B2"),
        ("community,甲社区,N1,O1,0,pick,", "E2"),
        ("community,甲社区,N1,O1,-1,pick,", "E2"),
        ("community,甲社区,N1,O1,first,pick,", "E2"),
        ("community,甲社区,N1,O1,1.5,pick,", "E2"),
        ("community,甲社区,N1,O1,,pick,", "E2"),
        ("community,甲社区,N1,O1,1,maybe,", "F2"),
        ("mayor,甲社区,N1,O1,1,pick,", "A2"),
        ("community,甲社区,N1,O1,,pinned,", "F2"),
        ("organiser,区级,N1,O1,1,pick,", "F2"),
        (",甲社区,N1,O1,1,pick,", "A2"),
    ],
)
def test_a_bad_line_is_refused_by_its_cell(tmp_path: Path, line: str, cell: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, line)
    assert (caught.value.file, caught.value.cell) == ("choices.csv", cell)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (GOOD, "community,甲社区,N1,O1,2,pick,"),
        (GOOD, "community,甲社区,N1,O1,,not_acceptable,"),
        ("organiser,区级,N1,O1,,pinned,", "organiser,区级,N1,O1,,forbidden,"),
    ],
)
def test_lines_that_contradict_each_other_are_refused(tmp_path: Path, one: str, other: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, one, other)
    assert caught.value.cell == "F3"


def test_rows_of_choices_keep_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{HEAD}\n{GOOD}\ncommunity,甲社区,N1,O1,0,pick,x\n", encoding="utf-8")
    good, bad = read_rows_of_choices(path)
    assert (good.status, bad.status) == ("record", "rejected")
    assert bad.issues[0].cell == "E3"
    assert bad.record is not None
    assert bad.record["note"] == "x"
