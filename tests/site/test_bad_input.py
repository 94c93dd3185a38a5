"""Bad input at the door: one line in the user's language, exit 2, nothing written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from lianqiao.matching.solving import POLICIES
from lianqiao.site import door
from lianqiao.site.cli import POLICIES_IN_CHINESE, root
from tests.site.conftest import EXAMPLE, Run, Said

HEADER = "by,chooser,need_id,offer_id,rank,decision,note\n"
CHOICES = {
    "unknown need": ("community,水井坊社区,N999,O060,1,pick,", "N999"),
    "unknown offer": ("community,水井坊社区,N001,O999,1,pick,", "O999"),
    "not theirs": ("community,大慈寺社区,N001,O060,1,pick,", "大慈寺社区"),
    "rank 0": ("community,水井坊社区,N001,O060,0,pick,", "0"),
    "negative rank": ("community,水井坊社区,N001,O060,-2,pick,", "-2"),
    "rank text": ("community,水井坊社区,N001,O060,第一,pick,", "第一"),
    "no rank": ("community,水井坊社区,N001,O060,,pick,", "E2"),
    "unknown decision": ("community,水井坊社区,N001,O060,1,maybe,", "maybe"),
    "unknown side": ("neighbour,水井坊社区,N001,O060,1,pick,", "neighbour"),
    "pinned and forbidden": (
        "organiser,工委,N001,O060,,pinned,\norganiser,工委,N001,O060,,forbidden,",
        "F3",
    ),
}


def refused(said: Said, *names: str) -> None:
    """Exit 2, exactly one line, each name in it, no sign of a traceback."""
    assert said.status == door.BAD_INPUT, said
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert "Error(" not in said.err
    for name in names:
        assert name in said.err, said.err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CHOICES)
def test_choices_that_cannot_be_used(run: Run, tmp_path: Path, case: str, lang: str) -> None:
    lines, named = CHOICES[case]
    path = tmp_path / "意向.csv"
    path.write_text(HEADER + lines + "\n", encoding="utf-8")
    out = tmp_path / "plan"
    said = run("match", EXAMPLE.needs, EXAMPLE.offers, "--choices", path, "--out", out, lang=lang)
    refused(said, "意向.csv", named)
    assert not out.exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_missing_file_is_named(run: Run, tmp_path: Path, lang: str) -> None:
    refused(run("read", tmp_path / "没有.xlsx", "--json", "-", lang=lang), "没有.xlsx")


def test_lists_in_the_wrong_order(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    refused(run("match", EXAMPLE.offers, EXAMPLE.needs, "--out", out), "offers.xlsx")
    assert not out.exists()


def test_a_sheet_that_is_not_there(run: Run) -> None:
    refused(run("read", EXAMPLE.needs, "--sheet", "没有", "--json", "-"), "needs.xlsx", "没有")


def test_the_result_never_replaces_the_list(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "needs.xlsx"
    shutil.copy(EXAMPLE.needs, path)
    refused(run("read", path, "--json", path), "needs.xlsx")
    assert path.read_bytes() == EXAMPLE.needs.read_bytes()


def test_a_result_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    refused(run("score", EXAMPLE.needs, EXAMPLE.offers, "--json", tmp_path), tmp_path.name)
    nowhere = tmp_path / "no" / "scores.jsonl"
    said = run("score", EXAMPLE.needs, EXAMPLE.offers, "--json", nowhere)
    refused(said, str(nowhere))


def test_a_device_is_written_to_and_never_replaced(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        run("score", EXAMPLE.needs, EXAMPLE.offers, "--top", 1, "--json", pipe)
        read, _ = reader.communicate(timeout=60)
    assert pipe.is_fifo()
    assert read.count(b"\n") == 104


def test_a_plan_goes_into_a_folder(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine", encoding="utf-8")
    refused(run("match", EXAMPLE.needs, EXAMPLE.offers, "--out", path), "file", "--out")
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["match"], "NEEDS"),
        (["match", "a", "b", "--out", "c", "--policy", "best"], "best"),
        (["match", "a", "b", "--out", "c", "--effort", "-1"], "-1"),
        (["score", "a", "b", "--top", "0", "--json", "-"], "0"),
        (["match", "a", "b", "--out", "c", "--max-exceptions", "-1"], "-1"),
        (["match", "a", "b", "--out", "c", "--max-exceptions", "few"], "few"),
        (["match", "a", "b", "--out", "c", "--time-limit", "0"], "0"),
        (["match", "a", "b", "--out", "c", "--time-limit", "nan"], "nan"),
        (["match", "a", "b", "--out", "c", "--time-limit", "2", "--effort", "1"], "--effort"),
        (["match", "a", "b", "--out", "c", "--effort", "99999999999999"], "99999999999999"),
        (["match", "a", "b", "--out", "c", "--seed", "-1"], "-1"),
        (["match", "a", "b", "--out", "c", "--seed", "9" * 25], "999"),
        (["read", "my", "list.xlsx"], "list.xlsx"),
        (["match", "a", "b", "—out", "c"], "--out"),
        (["reed"], "reed"),
        (["read", "a", "--jsn", "-"], "--jsn"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bad_use_is_one_line(run: Run, arguments: list[str], named: str, lang: str) -> None:
    refused(run(*arguments, lang=lang), named, "--help")


def test_audit_of_a_folder_without_a_plan(run: Run, tmp_path: Path) -> None:
    refused(run("audit", tmp_path), "plan.json")
    refused(run("audit", tmp_path / "none"), "none")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": "other/1"}', "[" * 100_000, "\udcff\x00", "null"]
)
def test_audit_of_what_is_no_plan(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "plan.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    refused(run("audit", tmp_path), "plan.json")


@pytest.mark.parametrize(
    "parts",
    ["", ', "needs": 3', ', "needs": [], "offers": [], "pairs": 5, "figures": {}, "market": ""'],
)
def test_audit_of_a_plan_with_parts_missing(
    run: Run, planned: Path, tmp_path: Path, parts: str
) -> None:
    shutil.copy(planned / "market.npz", tmp_path)
    content = '{"format": "lianqiao-plan/1"' + parts + "}"
    (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    said = run("audit", tmp_path)
    assert said.status in (door.FINDINGS, door.BAD_INPUT)
    assert "Traceback" not in said.err


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped", "other"])
def test_audit_of_a_damaged_market(run: Run, planned: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(planned, folder)
    path = folder / "market.npz"
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "other":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.npy", b"not an array")
    else:
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        path.write_bytes({"empty": b"", "cut": whole[:middle], "flipped": flipped}[damage])
    refused(run("audit", folder), "market.npz")


def test_every_command_explains_itself_in_both_languages(run: Run) -> None:
    for command in ("read", "score", "match", "audit", "demo"):
        chinese, english = run(command, "--help", lang="zh"), run(command, "--help", lang="en")
        assert chinese.status == english.status == door.DONE
        assert "用法" in chinese.out
        assert "Usage" in english.out
        assert "--lang" in english.out


def test_usual_slips_get_a_hint(run: Run) -> None:
    assert "straight quotes around a name" in run("read", "my", "list.xlsx").err
    assert "英文直引号" in run("match", "“a”", "b", "—out", "c", lang="zh").err
    assert "缺少 OFFERS：资源清单。" in run("match", "a", lang="zh").err


def test_no_command_shows_the_commands(capfd: pytest.CaptureFixture[str]) -> None:
    assert door.run(root, []) == door.BAD_INPUT
    assert "match" in capfd.readouterr().err


def test_every_policy_has_a_name_in_chinese_and_an_unknown_one_is_told_all() -> None:
    assert sorted(POLICIES_IN_CHINESE.values()) == sorted(POLICIES)


def test_a_policy_may_be_named_in_chinese(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    match = ["match", EXAMPLE.needs, EXAMPLE.offers, "--out", out, "--effort", 0]
    assert run(*match, "--policy", "困难社区优先").status == door.DONE
    assert '"policy": "fairness"' in (out / "plan.json").read_text(encoding="utf-8")
    said = run(*match, "--policy", "谁先来谁先选", lang="zh")
    refused(said, "谁先来谁先选", "困难社区优先", "best_fit")


def test_no_exceptions_at_all_is_kept_by_a_quick_plan_too(run: Run, tmp_path: Path) -> None:
    """How a refusal reads is tested where it can happen: lists alone always leave a calm plan."""
    out = tmp_path / "plan"
    match = ["match", EXAMPLE.needs, EXAMPLE.offers, "--choices", EXAMPLE.choices, "--out", out]
    said = run(*match, "--policy", "fairness", "--effort", 0, "--max-exceptions", 0)
    assert said.status == door.DONE
    plan = json.loads((out / "plan.json").read_text("utf-8"))
    assert plan["figures"]["blocking_pairs"] == 0
    assert plan["max_exceptions"] == 0


def test_scores_are_shown_without_a_file(run: Run) -> None:
    said = run("score", EXAMPLE.needs, EXAMPLE.offers)
    assert said.status == door.DONE
    assert "O060" in said.out


UNUSABLE = {
    "no title": ("社区,需求名称,需求内容\n水井坊社区,,\n大慈寺社区,,\n", ("需求.csv: ", "2")),
    "amount only": (
        "社区,需求名称,需求内容,数量\n水井坊社区,,,3\n大慈寺社区,,,5\n合计,,,8\n",
        ("需求.csv · B2: ", "3", "2"),
    ),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", UNUSABLE)
def test_a_list_of_which_no_row_can_be_used(run: Run, tmp_path: Path, case: str, lang: str) -> None:
    lines, named = UNUSABLE[case]
    needs, out = tmp_path / "需求.csv", tmp_path / "plan"
    needs.write_text(lines, encoding="utf-8")
    remedy = "lianqiao read 需求.csv --as needs --json -"
    said = run("match", needs, EXAMPLE.offers, "--out", out, lang=lang)
    refused(said, *named, remedy)
    assert not out.exists()


def test_offers_of_which_none_can_be_used_and_an_empty_list(run: Run, tmp_path: Path) -> None:
    offers, out = tmp_path / "资源.csv", tmp_path / "plan"
    for lines in ("单位,资源名称,资源内容\n区法院,,\n区图书馆,,\n", "单位,资源名称,资源内容\n", ""):
        offers.write_text(lines, encoding="utf-8")
        refused(run("match", EXAMPLE.needs, offers, "--out", out), "资源.csv")
        refused(run("score", EXAMPLE.needs, offers), "资源.csv")
    assert not out.exists()
