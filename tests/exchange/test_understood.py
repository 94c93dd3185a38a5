"""How headings were understood, whose rows are, and files that are no lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lianqiao.catalogue.taxonomy import categories
from lianqiao.errors import InputError
from lianqiao.exchange.headings import KNOWN_EXTRA, meaning_of
from lianqiao.exchange.lists import ReadList, read_list
from lianqiao.exchange.planbook import write_planbook
from lianqiao.language import LANGUAGES, Translator
from tests.exchange.sample_plan import sample_plan

HEADINGS = {
    "Who is asking": "organisation",
    "From whom": "organisation",
    "Requested by": "organisation",
    "Who's offering this?": "organisation",
    "谁提的": "organisation",
    "哪个社区": "organisation",
    "Who is it for?": "target_group",
    "给谁用": "target_group",
    "Tell us more": "description",
    "Tell us more about it": "description",
    "What exactly": "description",
    "具体说说": "description",
    "Availability": "time_window",
    "Dates": "time_window",
    "When can you": "time_window",
    "什么时候方便": "time_window",
    "No. of days / items": "quantity",
    "Number of sessions": "quantity",
    "要多少": "quantity",
    "How many people will come": KNOWN_EXTRA,
    "No.": KNOWN_EXTRA,
}


def read(tmp_path: Path, *lines: str, name: str = "needs.csv") -> ReadList:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_list(path)


def said(found: ReadList, language: str = "en") -> list[str]:
    return [Translator(language).render(text) for text in found.notices]


@pytest.mark.parametrize(("heading", "field"), HEADINGS.items())
def test_headings_as_people_write_them(heading: str, field: str) -> None:
    assert meaning_of(heading).name == field


def test_one_line_says_how_the_headings_were_understood(tmp_path: Path) -> None:
    head = "Ref,Who is asking,What is needed?,Tell us more,Availability,Ring first"
    found = read(tmp_path, head, "R1,Hill Group,A van,for moving,Fridays,yes")
    (english,), (chinese,) = said(found), said(found, "zh-Hans")
    for part in ("needs", "Ref → id", "Who is asking → organisation", "used: Ring first"):
        assert part in english
    assert "Tell us more→内容" in chinese
    assert "Ring first" in chinese
    (need,) = found.records
    assert (need.organisation, need.description) == ("Hill Group", "for moving")
    assert need.time_window == "ongoing;1/week"


def test_the_line_stays_short_for_a_wide_list(tmp_path: Path) -> None:
    head = ["需求名称", "社区", *(f"另一{n}" * 9 for n in range(15))]
    (line,) = said(read(tmp_path, ",".join(head), "停车,甲社区,x"))
    assert "3 more" in line
    assert len(line) < 450


def test_number_is_an_amount_unless_it_counts_the_rows(tmp_path: Path) -> None:
    rows = ["3,a,甲社区", "10,b,甲社区", "2,c,乙社区"]
    amounts = read(tmp_path, "Number,需求名称,社区", *rows)
    assert [need.quantity for need in amounts.records] == [3, 10, 2]
    rows = ["1,a,甲社区", "2,b,甲社区", "3,c,乙社区"]
    serial = read(tmp_path, "Number,需求名称,社区", *rows)
    assert [need.quantity for need in serial.records] == [None] * 3
    assert serial.records[0].extra["Number"] == "1"


def test_a_list_without_owners_says_so_once(tmp_path: Path) -> None:
    none = read(tmp_path, "需求名称,需求内容", "a,x", "b,y")
    assert [line for line in said(none) if "no column that says whose" in line]
    assert not [issue for row in none.rows for issue in row.issues]
    rows = ["a,甲社区,x", "b,甲社区,x", *(f"{name},,x" for name in "cdef")]
    few = read(tmp_path, "需求名称,社区,内容", *rows)
    assert [line for line in said(few) if line.startswith("4 of 6 rows")]
    cells = [issue.cell for row in few.rows for issue in row.issues]
    assert cells == ["B4", "B5", "B6", "B7"]


def test_an_unknown_category_is_quoted_beside_those_that_are_known(tmp_path: Path) -> None:
    found = read(tmp_path, "需求名称,社区,类别", "a,甲社区,别的", "b,甲社区,安全")
    (issue,) = found.rows[0].issues
    groups = [one for one in categories() if not one.parent]
    for language in LANGUAGES:
        text = Translator(language).render(issue.text)
        assert "“别的”" in text
        assert all((g.en if language == "en" else g.zh_hans) in text for g in groups)
    assert [need.category for need in found.records] == ["", "G"]


PROGRAM = """from pathlib import Path
import csv
# title, need, organisation
def read(title, need):
    return title, need, 1
def write(title, need):
    return need, title, 2
"""
OTHERS = {
    "a.py": (PROGRAM, "a program"),
    "needs.csv": (PROGRAM, "a program"),
    "lines.jsonl": ('{"title": "a", "description": "b", "community": "c"}\n' * 3, "JSON"),
    "lines.csv": ('{"title": "a", "description": "b", "community": "c"}\n' * 3, "JSON"),
    "plan.json": (json.dumps({"format": "x", "needs": []}, indent=1), "JSON"),
    "page.html": ("Title, Need\na, b\n", "a web page"),
    "notes.txt": ("We need chairs\nand someone to carry them\n", "not a table"),
    "one": ("需求名称\n停车\n", "not a table"),
    "~$needs.xlsx": ("\x05clerk" + " " * 40, "Name the list itself: needs.xlsx"),
    ".~lock.needs.ods#": (",clerk,desk,01.02.2023 10:00,file:///x;", "itself: needs.ods"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_no_list_is_called_what_it_is(
    tmp_path: Path, name: str, language: str
) -> None:
    text, says = OTHERS[name]
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, name=name)
    line = caught.value.line(Translator(language))
    assert line.startswith(name)
    if language == "en":
        assert says in line
    else:
        assert line != caught.value.line(Translator("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_plan_is_no_list(tmp_path: Path, language: str) -> None:
    path = tmp_path / "plan.xlsx"
    write_planbook(sample_plan(), path, language=language)
    with pytest.raises(InputError, match="a plan that Lianqiao made"):
        read_list(path)


def test_no_line_about_text_names_an_empty_sheet(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("名称,内容\na,b\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_list(path)
    for language in LANGUAGES:
        assert "“”" not in caught.value.line(Translator(language))
