"""`lianqiao learn`: decisions in, figures out, and a file only where one is named."""

from __future__ import annotations

import csv
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from twosided.relevance.logistic import load_weights

from lianqiao.exchange.decisions import read_decisions
from lianqiao.exchange.wording import PARTS
from lianqiao.site.lesson import FEATURES
from tests.site.conftest import EXAMPLE, Run, plan_of

DISTRICT = Path(__file__).parent.parent / "data" / "district-a"
LISTS = ("--needs", EXAMPLE.needs, "--offers", EXAMPLE.offers)
Row = tuple[str, str, str, str]


def rows() -> list[Row]:
    """Every judged pair as a decision; some declined because there was no room."""
    draw = random.Random(5)
    with (DISTRICT / "relevance.csv").open(encoding="utf-8") as lines:
        return [
            _row(line["need_id"], line["offer_id"], int(line["grade"]), draw)
            for line in csv.DictReader(lines)
        ]


def _row(need: str, offer: str, grade: int, draw: random.Random) -> Row:
    if grade >= 2:
        return (need, offer, draw.choice(["接受", "已签约", "accepted"]), "")
    reason = "名额已满" if grade == 1 and draw.random() < 0.3 else ""
    return (need, offer, draw.choice(["暂不对接", "婉拒", "declined"]), reason)


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    return write_table(tmp_path / "decisions.csv", rows())


def write_table(path: Path, lines: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("需求编号", "资源编号", "决定", "原因"), *lines])
    return path


def test_figures_are_printed_and_nothing_is_written(
    run: Run, decisions: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    said = run("learn", decisions, *LISTS, "--model", "lexical", lang="zh")
    assert (said.status, said.err) == (0, "")
    set_aside = sum(1 for row in rows() if row[3])
    assert f"不计入的行（与合适与否无关）：{set_aside} 条" in said.out
    assert f"答复：{len(rows()) - set_aside} 条" in said.out
    assert said.out.count("→") >= 6
    assert "没有写入任何文件" in said.out
    assert sorted(tmp_path.iterdir()) == before


def test_weights_are_written_on_request_and_used(run: Run, decisions: Path, tmp_path: Path) -> None:
    weights = tmp_path / "ours.json"
    said = run("learn", decisions, *LISTS, "--model", "lexical", "--write", weights)
    assert said.status == 0, said.err
    assert f"Written: {weights}" in said.out
    again = run("learn", decisions, *LISTS, "--write", weights)
    assert again.status == 2
    assert "--force" in again.err
    lists = (EXAMPLE.needs, EXAMPLE.offers, "--model", "lexical")
    arguments = ("match", *lists, "--effort", 0)
    for folder, more in (("with", ("--weights", weights)), ("without", ())):
        assert run(*arguments, *more, "--out", tmp_path / folder).status == 0
    with_them, without = plan_of(tmp_path / "with"), plan_of(tmp_path / "without")
    assert with_them["inputs"]["weights"]["file"] == "ours.json"
    assert "weights" not in without["inputs"]
    assert with_them["engine"]["model_digest"] != without["engine"]["model_digest"]
    assert run("audit", tmp_path / "with").status == 0
    scored = run("score", *lists, "--weights", weights, "--json", "-")
    assert scored.status == 0
    other = run("score", EXAMPLE.needs, EXAMPLE.offers, "--weights", weights)
    assert (other.status, other.err.count("\n")) == (2, 1)


def test_lines_with_texts_need_no_lists(run: Run, tmp_path: Path) -> None:
    sides: dict[str, dict[str, Any]] = {}
    for name in ("needs", "offers"):
        with (DISTRICT / f"{name}.clean.csv").open(encoding="utf-8") as lines:
            sides |= {line["id"]: _clean(line) for line in csv.DictReader(lines)}
    path = tmp_path / "decisions.jsonl"
    spoken = [
        {"need": sides[need], "offer": sides[offer], "decision": decision, "reason": reason}
        for need, offer, decision, reason in rows()
    ]
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in spoken)
    path.write_text(text, encoding="utf-8")
    read = read_decisions(path)
    assert len(read.decided) + read.set_aside == len(rows())
    assert read.decided[0].need.title == sides[rows()[0][0]]["title"]
    said = run("learn", path, "--model", "lexical")
    assert said.status == 0, said.err
    assert "Nothing was written" in said.out


def _clean(line: dict[str, str]) -> dict[str, Any]:
    quantity = float(line["quantity"]) if line["quantity"] else None
    return {**line, "quantity": quantity}


def test_odd_lines_are_read_as_they_are(tmp_path: Path) -> None:
    """A number that is too large counts nothing; a line ends with a line feed only."""
    need = {"title": "停车\u2028难\u0085", "quantity": 10**400}
    line = {"need": need, "offer": {"title": "车库"}, "decision": "accepted"}
    path = tmp_path / "decisions.jsonl"
    path.write_text((json.dumps(line, ensure_ascii=False) + "\r\n") * 2, encoding="utf-8")
    decided = read_decisions(path).decided
    assert [one.need.title for one in decided] == ["停车\u2028难"] * 2
    assert decided[0].need.quantity is None


def test_weights_never_take_the_place_of_what_was_read(
    run: Run, decisions: Path, tmp_path: Path
) -> None:
    before = decisions.read_bytes()
    same = tmp_path / "same.csv"
    same.symlink_to(decisions)
    for path in (decisions, same):
        said = run("learn", decisions, *LISTS, "--write", path, "--force")
        assert (said.status, said.err.count("\n")) == (2, 1)
        assert "one of the files that are read" in said.err
    assert decisions.read_bytes() == before


def test_weights_never_take_the_place_of_a_device(
    run: Run, decisions: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    said = run("learn", decisions, *LISTS, "--write", pipe, "--force")
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert pipe.is_fifo()


BAD_TABLES = {
    "no such decision": ([("N001", "O001", "也许", "")], "C2"),
    "no decision": ([("N001", "O001", "", "")], "C2"),
    "no such need": ([("N999", "O001", "接受", "")], "A2"),
    "no such offer": ([("N001", "O999", "接受", "")], "B2"),
    "no lines": ([], ""),
    "too few": ([("N001", "O001", "接受", "")], ""),
}


@pytest.mark.parametrize("case", BAD_TABLES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_bad_table_is_one_clear_line(run: Run, tmp_path: Path, case: str, lang: str) -> None:
    lines, cell = BAD_TABLES[case]
    path = write_table(tmp_path / "decisions.csv", lines)
    said = run("learn", path, *LISTS, "--write", tmp_path / "w.json", lang=lang)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert cell in said.err
    assert not (tmp_path / "w.json").exists()


BAD_LINES = {
    "no JSON": "{",
    "no object": '{"need": 1, "offer": 2, "decision": "accepted"}',
    "no title": '{"need": {}, "offer": {"title": "b"}, "decision": "accepted"}',
    "no decision": '{"need": {"title": "a"}, "offer": {"title": "b"}}',
    "deep": '{"need": ' + "[" * 100_000,
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_named(run: Run, tmp_path: Path, case: str) -> None:
    good = '{"need": {"title": "a"}, "offer": {"title": "b"}, "decision": "accepted"}'
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{good}\n{BAD_LINES[case]}\n", encoding="utf-8")
    said = run("learn", path)
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert "Line 2" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("learn", "nowhere.csv"),
        ("learn", EXAMPLE.needs),
        ("learn", EXAMPLE.choices),
        ("learn", EXAMPLE.choices, "--needs", EXAMPLE.needs),
        ("learn", "."),
        ("learn", EXAMPLE.choices, *LISTS, "--weights", EXAMPLE.needs),
        ("learn", EXAMPLE.choices, *LISTS, "--weights", "nowhere.json"),
        ("learn", EXAMPLE.choices, *LISTS, "--write", "."),
    ],
)
def test_bad_use_is_one_line(run: Run, arguments: tuple[object, ...]) -> None:
    said = run(*arguments)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)


def test_choices_of_a_round_can_be_learnt_from(run: Run) -> None:
    said = run("learn", EXAMPLE.choices, *LISTS, "--model", "lexical")
    assert said.status == 0, said.err
    assert "Lines left out, because they say nothing about the fit: 6" in said.out


@pytest.mark.parametrize("model", ["default", "lexical"])
def test_every_feature_that_may_move_has_words(model: str) -> None:
    parts = {name.partition(".")[::2] for name in load_weights(model).weights}
    assert {part for part, _feature in parts} <= set(PARTS)
    assert {feature for _part, feature in parts if feature} <= set(FEATURES)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_in_no_folder_is_refused_before_the_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr("lianqiao.site.lesson.read_lists", lambda *_: pytest.fail("worked"))
    path = tmp_path / "nowhere" / "w.json"
    said = run("learn", EXAMPLE.choices, *LISTS, "--write", path, lang=lang)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert "w.json" in said.err
