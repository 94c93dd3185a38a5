"""circular.xlsx gives nothing away: no choice, decline, reason, score, figure in any part of it."""

from __future__ import annotations

import copy
import csv
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from lianqiao.exchange.choices import read_choices
from lianqiao.exchange.circular import Circular, CircularItem, CircularPair
from lianqiao.exchange.planbook import write_planbook
from lianqiao.matching.document import PlanDocument
from lianqiao.matching.planning import plan_round
from lianqiao.matching.round import prepare, relevance_of
from lianqiao.matching.solving import Settings
from lianqiao.site.journey import read_lists
from tests.exchange.leak_search import leaks
from tests.exchange.sample_plan import DISTRICT, planned, sample_plan
from tests.exchange.test_circular import LANGUAGES, book_of, column, write


def notes() -> list[str]:
    with (DISTRICT / "choices.csv").open(encoding="utf-8") as stream:
        return [row["note"] for row in csv.DictReader(stream) if row["note"]]


@pytest.fixture(scope="module")
def district() -> PlanDocument:
    """The example district as it is really planned, with its choices and refusals."""
    lists = read_lists(DISTRICT / "needs.xlsx", DISTRICT / "offers.xlsx")
    choices = read_choices(DISTRICT / "choices.csv", lists.needs, lists.offers)
    relevance = relevance_of(lists.needs, lists.offers, "lexical")
    round_ = prepare(lists.needs, lists.offers, choices, relevance)
    return plan_round(round_, Settings(effort=0), {})


def refusing_plan() -> PlanDocument:
    """Half of the needs go without, each because somebody declined it, by one score each."""
    whole = sample_plan()
    needs, offers = whole["needs"][:40], whole["offers"][:20]
    chosen = [
        (need["id"], offer["id"], 0.873 - at / 1000)
        for at, (need, offer) in enumerate(zip(needs, offers, strict=False))
    ]
    document = planned(needs, offers, chosen, policy="coverage")
    for at, row in enumerate(document["unmet"]):
        side = "need" if at % 2 else "offer"
        row["reason"], row["text"] = f"refused_by_{side}_side", "The institution declined: no time."
        row["candidates"] = [
            {"offer": offer["id"], "score": 0.641, "why_not": row["reason"]} for offer in offers[:6]
        ]
    return document


def test_a_circular_has_no_room_for_what_is_internal() -> None:
    """A new field here is a new thing that everybody reads; think twice, then change this test."""
    assert [field.name for field in fields(Circular)] == [
        *("needs", "offers", "partners_wanted", "pairs")
    ]
    assert [field.name for field in fields(CircularPair)] == ["need", "offer"]
    assert [field.name for field in fields(CircularItem)] == [
        *("sub_district", "organisation", "title", "description"),
        *("category", "target_group", "amount", "time_window", "time_said"),
    ]


def scrambled(document: PlanDocument) -> PlanDocument:
    """The same lists and pairs; all else of the plan is other than it was."""
    other: Any = copy.deepcopy(document)
    rng = random.Random(4711)
    for pair in other["pairs"]:
        pair |= {"score": rng.random(), "need_rank": rng.randrange(1, 9), "offer_rank": None}
        pair |= {"parts": {}, "evidence": [], "missing_fields": ["need.unit"], "pinned": True}
        pair |= {"issues": ["amount_short"], "exception": None}
    rng.shuffle(other["pairs"])
    for at, row in enumerate(other["unmet"]):
        row |= {"reason": ("withdrawn", "out_of_area")[at % 2], "text": "?", "candidates": []}
    other |= {"unused": [], "notices": [], "policy": "best_fit", "seed": 99, "inputs": {}}
    other |= {"engine": {}, "figures": {}, "digest": "", "market": "", "quick": True}
    other |= {"candidates": [], "policies": [], "comparison": {"lost": ["N001"]}}
    for item in (*other["needs"], *other["offers"]):
        item["row"] = rng.randrange(99)
        item["kind"] = "goods"
    for offer in other["offers"]:
        offer |= {"capacity": rng.randrange(1, 99), "capacity_assumed": False}
    result: PlanDocument = other
    return result


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_lists_and_pairs_moves_a_single_byte(
    district: PlanDocument, tmp_path: Path, language: str
) -> None:
    """The strongest proof that nothing else is in it: two plans that share only these are equal."""
    for document in (district, refusing_plan()):
        one = write(document, tmp_path, language).read_bytes()
        assert one == write(scrambled(document), tmp_path, language).read_bytes()
    document["pairs"] = document["pairs"][1:]
    assert one != write(document, tmp_path, language).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_part_of_the_file_gives_anything_away(
    district: PlanDocument, tmp_path: Path, language: str
) -> None:
    for document in (district, refusing_plan(), sample_plan()):
        assert leaks(write(document, tmp_path, language), document, notes()) == []


def test_the_search_finds_what_the_internal_workbook_says(tmp_path: Path) -> None:
    document = refusing_plan()
    for language in LANGUAGES:
        write_planbook(document, tmp_path / "plan.xlsx", language=language)
        found = "\n".join(leaks(tmp_path / "plan.xlsx", document, notes()))
        for part in ("docProps/core.xml", "xl/worksheets/sheet1.xml", "sharedStrings", "workbook"):
            assert part in found
        assert "score 0." in found


def _hide_column(book: Workbook) -> None:
    book.worksheets[0]["M4"] = 0.873
    book.worksheets[0].column_dimensions["M"].hidden = True


def _hide_sheet(book: Workbook) -> None:
    page = book.create_sheet("x")
    page["A1"], page.sheet_state = "区图书馆婉拒", "veryHidden"


def _comment(book: Workbook) -> None:
    book.worksheets[1]["D9"].comment = Comment("专家档期已满", "")


def _append(book: Workbook) -> None:
    book.worksheets[3]["J4"] = f"{book.worksheets[3]['J4'].value}（87.3%）"


def _thousandths(book: Workbook) -> None:
    book.worksheets[0]["K5"] = "873"


def _property(book: Workbook) -> None:
    book.custom_doc_props.append(StringProperty(name="policy", value="best_fit"))


def _author(book: Workbook) -> None:
    book.properties.description = "内部"


def _name(book: Workbook) -> None:
    book.defined_names["x"] = DefinedName("x", attr_text='"refused"')


def _footer(book: Workbook) -> None:
    book.worksheets[2].oddFooter.left.text = "ranks"


@pytest.mark.parametrize(
    "leak",
    [
        *(_hide_column, _hide_sheet, _comment, _append, _thousandths, _property, _author),
        *(_name, _footer),
    ],
)
def test_the_search_finds_a_single_leak_anywhere(
    tmp_path: Path, leak: Callable[[Workbook], None]
) -> None:
    document = refusing_plan()
    path = write(document, tmp_path)
    book = load_workbook(path)
    book.save(path)
    assert leaks(path, document, notes()) == []
    leak(book)
    book.save(path)
    assert leaks(path, document, notes()) != []


def test_a_row_names_only_the_partners_that_the_plan_gives_it(
    district: PlanDocument, tmp_path: Path
) -> None:
    """An institution that declined a need is nowhere on that need's rows."""
    book = book_of(district, tmp_path)
    institutions = {offer["organisation"] for offer in district["offers"]}
    offers = {offer["id"]: offer["organisation"] for offer in district["offers"]}
    for need, said in zip(district["needs"], column(book["需求清单"], "对接情况"), strict=True):
        partners = {offers[p["offer"]] for p in district["pairs"] if p["need"] == need["id"]}
        named = set(said.removeprefix("拟对接：").split("、")) & institutions
        assert named == partners
    for said in column(book["尚待对接的需求"], "对接情况"):
        assert not any(name in said for name in institutions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_hidden_and_nobody_is_named(tmp_path: Path, language: str) -> None:
    path = write(sample_plan(), tmp_path, language)
    with zipfile.ZipFile(path) as unpacked:
        names = {re.sub(r"\d+", "#", name) for name in unpacked.namelist()}
        parts = "".join(unpacked.read(name).decode() for name in unpacked.namelist())
        core = unpacked.read("docProps/core.xml").decode()
        defined = re.findall(
            r"<definedName name=\"(.*?)\"", unpacked.read("xl/workbook.xml").decode()
        )
    assert names == {
        *("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml"),
        *("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/theme/theme#.xml"),
        *("xl/sharedStrings.xml", "xl/worksheets/sheet#.xml", "xl/tables/table#.xml"),
        "xl/worksheets/_rels/sheet#.xml.rels",
    }
    assert "hidden" not in parts.lower()
    assert set(defined) == {"_xlnm.Print_Titles"}
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) in ([], [""])
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}


def test_contacts_do_not_go_out(district: PlanDocument, tmp_path: Path) -> None:
    with zipfile.ZipFile(write(district, tmp_path)) as unpacked:
        strings = unpacked.read("xl/sharedStrings.xml").decode()
    assert "水井坊社区" in strings
    assert "联络员" not in strings
    assert "028-0000" not in strings
