"""`lianqiao match --compare` from files to the report, with slips and deliberate differences."""

from __future__ import annotations

import csv
import json
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lianqiao.exchange.compare_view import MOST_SHOWN, compare_view
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.report import report_text
from lianqiao.matching.comparison import mean_fit
from lianqiao.matching.document import PlanDocument
from lianqiao.site import door
from lianqiao.site.cli import root
from tests.exchange.signed_writer import misspelt
from tests.site.conftest import EXAMPLE, Run, match_arguments, plan_of

DIFFERENT, MISSPELT, SIGNED = 12, 5, 60
OUTSIDER = "天府新苑社区"


def slip_of(name: str, chance: random.Random) -> str:
    """The name with a slip that shows."""
    while (slip := misspelt(name, chance)) == name:
        pass
    return slip


@pytest.fixture(scope="module")
def signed(planned: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A signed list made from a plan: 12 needs have another partner, 5 communities are misspelt,
    one row is of nobody on the lists.
    """
    plan = plan_of(planned)
    needs = {need["id"]: need for need in plan["needs"]}
    offers = {offer["id"]: offer for offer in plan["offers"]}
    chance = random.Random(7)
    once = {pair["need"]: (pair["need"], pair["offer"]) for pair in plan["pairs"]}
    pairs = sorted(once.values())
    chance.shuffle(pairs)
    swapped = [offer for _, offer in pairs[:DIFFERENT]]
    changed = [
        (need, offer)
        for (need, _), offer in zip(pairs[:DIFFERENT], swapped[1:] + swapped[:1], strict=True)
    ]
    pairs = changed + pairs[DIFFERENT:SIGNED]
    path = tmp_path_factory.mktemp("signed") / "签约名单.csv"
    slips = {}
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["2023年共建项目签约名单"])
        rows.writerow(["序号", "社区", "需求项目", "共建单位", "资源项目"])
        for at, (need, offer) in enumerate(pairs, 1):
            community = needs[need]["organisation"]
            if 20 <= at < 20 + MISSPELT:
                slips[at + 2] = slip_of(community, chance)
            rows.writerow(
                [
                    at,
                    slips.get(at + 2, community),
                    needs[need]["title"],
                    offers[offer]["organisation"],
                    offers[offer]["title"],
                ]
            )
        rows.writerow([SIGNED + 1, OUTSIDER, "老年食堂", "区供销社", "平价菜"])
    return {"path": path, "pairs": pairs, "changed": changed, "slips": slips}


@pytest.fixture(scope="module")
def folder(signed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside") / "plan"
    arguments = [*map(str, match_arguments(folder)), "--compare", str(signed["path"])]
    assert door.run(root, [*arguments, "--lang", "zh"]) == door.DONE
    return folder


def test_twelve_different_pairs_and_five_slips_are_read_right(
    folder: Path, signed: dict[str, Any]
) -> None:
    comparison = plan_of(folder)["comparison"]
    rows = comparison["rows"]
    taken = [(row["need"], row["offer"]) for row in rows[:-1]]
    assert taken == signed["pairs"]
    assert {row["row"] for row in rows if row["verdict"] == "mended"} == set(signed["slips"])
    assert rows[-1]["verdict"] == "outside"
    assert rows[-1]["written"]["community"] == OUTSIDER
    different = {(pair["need"], pair["offer"]) for pair in comparison["different"]}
    assert different == set(signed["changed"])
    assert len(comparison["agreed"]) == SIGNED - DIFFERENT
    assert comparison["lost"] == []


def test_lists_and_figures_reconcile(folder: Path, signed: dict[str, Any]) -> None:
    plan = plan_of(folder)
    comparison, pairs = plan["comparison"], {(p["need"], p["offer"]) for p in plan["pairs"]}
    assert {(p["need"], p["offer"]) for p in comparison["agreed"]} == pairs & set(signed["pairs"])
    newly = {each["need"] for each in comparison["newly_served"]}
    assert newly == {need for need, _ in pairs} - {need for need, _ in signed["pairs"]}
    figures = comparison["figures"]
    assert figures["signed"]["needs_served"] == SIGNED
    assert figures["plan"]["needs_served"] == plan["figures"]["needs_served"]
    assert figures["plan"]["communities_served"] == plan["figures"]["communities_served"]
    notices = {notice["code"]: notice["values"] for notice in plan["notices"]}
    assert notices["signed_rows"] == {"count": 1}
    assert plan["inputs"]["signed"]["file"] == "签约名单.csv"


def test_the_plan_itself_is_the_same_as_without_it(planned: Path, folder: Path) -> None:
    with_it, without = plan_of(folder), plan_of(planned)
    for key in ("needs", "offers", "pairs", "unmet", "unused", "figures", "candidates"):
        assert with_it[key] == without[key], key


def test_the_audit_is_clean(run: Run, folder: Path) -> None:
    assert run("audit", folder).status == door.DONE


def test_the_report_shows_both_sides_in_both_languages(folder: Path) -> None:
    report = (folder / "report.html").read_text(encoding="utf-8")
    for text in (
        "与已签约结果对照",
        "Beside what was signed",
        OUTSIDER,
        "not on the lists",
        "就能确定",
    ):
        assert text in report, text
    anchors = set(re.findall(r'id="([^"]+)"', report))
    links = set(re.findall(r'href="#([^"]+)"', report))
    assert {link for link in links if "signed" in link or "compared" in link} <= anchors
    assert links & {anchor for anchor in anchors if anchor.startswith("zh-signed-")}


def test_the_circular_says_nothing_of_it(planned: Path, folder: Path) -> None:
    with zipfile.ZipFile(folder / "circular.xlsx") as book:
        said = b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "ignore")
    assert OUTSIDER not in said
    assert "签约名单.csv" not in said
    assert (folder / "circular.xlsx").read_bytes() == (planned / "circular.xlsx").read_bytes()


def test_the_workbook_has_every_row_as_read(folder: Path, signed: dict[str, Any]) -> None:
    with zipfile.ZipFile(folder / "plan.xlsx") as book:
        said = book.read("xl/sharedStrings.xml").decode()
        assert "签约与方案对照" in book.read("xl/workbook.xml").decode()
    assert OUTSIDER in said
    assert all(slip in said for slip in signed["slips"].values())


def test_what_came_of_it_is_said(run: Run, signed: dict[str, Any], tmp_path: Path) -> None:
    options = ("--effort", 0, "--compare", signed["path"])
    said = run(*match_arguments(tmp_path / "plan"), *options)
    assert said.status == door.DONE
    assert re.search(r"Signed pairs: 60; in the plan as well: \d+\.", said.out)
    assert "Rows of the signed list that were not taken" in said.out
    assert "the title or the number of the need and of the offer in that row settles it" in said.out


def many_rows(folder: Path, count: int) -> PlanDocument:
    """The plan beside a list whose last row, which nobody knows, stands there so many times."""
    document: PlanDocument = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    comparison = document["comparison"]
    comparison["rows"] += [{**comparison["rows"][-1], "row": 100 + at} for at in range(count)]
    return document


def test_of_a_long_signed_list_the_report_shows_some_and_says_so(folder: Path) -> None:
    count = 3 * MOST_SHOWN
    document = many_rows(folder, count)
    report = report_text(document, language="en")
    assert report.count('id="en-signed-') == MOST_SHOWN
    rest = count + 1 + MISSPELT - MOST_SHOWN
    assert f"Further rows in plan.xlsx: {rest}" in report
    anchors = set(re.findall(r'id="([^"]+)"', report))
    links = set(re.findall(r'href="#([^"]+)"', report))
    assert {link for link in links if "signed" in link or "readings" in link} <= anchors
    view = compare_view(PlanView(document))
    assert view is not None
    # Each row of the report asks for them: counted anew each time, 50,000 rows took many minutes.
    assert view.not_exact is view.not_exact


def test_the_mean_fit_is_the_same_wherever_it_is_said(folder: Path) -> None:
    document = many_rows(folder, 0)
    comparison = document["comparison"]
    comparison["figures"]["signed"] |= {"score": 58_973, "units": 59}
    comparison["figures"]["plan"] |= {"score": 0, "units": 0}
    view = compare_view(PlanView(document))
    assert view is not None
    assert (view.figures[-1].signed, view.figures[-1].planned) == ("1.00", "–")
    said = mean_fit(comparison["figures"]["signed"])
    assert f"{said:.2f}" == view.figures[-1].signed


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", ["missing", "needs", "choices", "text", "empty", "nobody"])
def test_bad_lists_are_one_line_and_nothing_is_written(
    run: Run, tmp_path: Path, case: str, lang: str
) -> None:
    made = tmp_path / "signed.csv"
    texts = {"text": "一行字，不是表格\n", "empty": "", "nobody": "社区,单位\n东村社区,西海局\n"}
    if case in texts:
        made.write_text(texts[case], encoding="utf-8")
    path = {"needs": EXAMPLE.needs, "choices": EXAMPLE.choices}.get(case, made)
    out = tmp_path / "plan"
    said = run(*match_arguments(out), "--effort", 0, "--compare", path, lang=lang)
    assert said.status == door.BAD_INPUT
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert path is not None
    assert path.name in said.err
    assert "Traceback" not in said.err
    assert not out.exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_circular_as_it_was_sent_is_no_list_of_what_was_signed(
    run: Run, tmp_path: Path, lang: str
) -> None:
    lists = ("match", EXAMPLE.needs, EXAMPLE.offers, "--model", "lexical", "--effort", 0)
    assert run(*lists, "--out", tmp_path / "a", lang=lang).status == 0
    circular = tmp_path / "a" / "circular.xlsx"
    said = run(*lists, "--compare", circular, "--out", tmp_path / "b", lang=lang)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert ("原样的印发版" if lang == "zh" else "proposed, not signed") in said.err
    assert not (tmp_path / "b").exists()
