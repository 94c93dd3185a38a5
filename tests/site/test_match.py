"""The main road end to end on the example district."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lianqiao.matching.document import PlanDocument, digest
from tests.site.conftest import EXAMPLE, Run, match_arguments, plan_of

PUBLISHED = {("N081", "O001"), ("N063", "O003"), ("N090", "O005"), ("N096", "O007")}
BUNDLE = {"plan.json", "report.html", "plan.xlsx", "circular.xlsx", "market.npz"}


def choices(decision: str) -> set[tuple[str, str]]:
    assert EXAMPLE.choices
    with EXAMPLE.choices.open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["decision"] == decision]
    return {(row["need_id"], row["offer_id"]) for row in rows}


def pairs_of(folder: Path) -> set[tuple[str, str]]:
    return {(pair["need"], pair["offer"]) for pair in plan_of(folder)["pairs"]}


def test_bundle_is_whole_and_nothing_else(planned: Path) -> None:
    assert {path.name for path in planned.iterdir()} == BUNDLE


def test_pinned_pairs_are_in_and_ruled_out_or_refused_pairs_are_not(planned: Path) -> None:
    pairs = pairs_of(planned)
    assert choices("pinned") == PUBLISHED
    assert pairs >= PUBLISHED
    assert len(choices("forbidden")) == 3
    assert not pairs & choices("forbidden")
    assert choices("not_acceptable")
    assert not pairs & choices("not_acceptable")


def test_every_need_and_offer_is_accounted_for_once(planned: Path) -> None:
    plan = plan_of(planned)
    needs = {need["id"] for need in plan["needs"]}
    served = {pair["need"] for pair in plan["pairs"]}
    unmet = [u["need"] for u in plan["unmet"]]
    assert len(plan["needs"]) == 104
    assert len(plan["offers"]) == 93
    assert sorted(unmet) == sorted(needs - served)
    used = {pair["offer"] for pair in plan["pairs"]}
    assert sorted(u["offer"] for u in plan["unused"]) == sorted(
        {offer["id"] for offer in plan["offers"]} - used
    )
    assert all(u["reason"] and u["text"] for u in plan["unmet"] + plan["unused"])


def test_figures_reconcile_with_their_rows(planned: Path) -> None:
    plan = plan_of(planned)
    figures, pairs = plan["figures"], plan["pairs"]
    community = {need["id"]: (need["sub_district"], need["organisation"]) for need in plan["needs"]}
    assert figures["units"] == len(pairs)
    assert figures["needs_served"] == len({pair["need"] for pair in pairs})
    assert figures["communities"] == len(set(community.values())) == 74
    assert figures["communities_served"] == len({community[pair["need"]] for pair in pairs})
    assert figures["score"] == sum(round(1000 * pair["score"]) for pair in pairs)
    assert figures["communities_served"] <= figures["communities_possible"]
    assert figures["score"] <= figures["score_best"]
    used = Counter(pair["offer"] for pair in pairs)
    capacity = {offer["id"]: offer["capacity"] for offer in plan["offers"]}
    assert all(count <= capacity[offer] for offer, count in used.items())


def test_parts_sum_to_the_score(planned: Path) -> None:
    for pair in plan_of(planned)["pairs"]:
        assert sum(pair["parts"].values()) == pytest.approx(pair["score"], abs=1e-9)


def test_candidates_are_what_a_need_did_not_get(planned: Path) -> None:
    plan = plan_of(planned)
    pairs = {(pair["need"], pair["offer"]) for pair in plan["pairs"]}
    served = {need for need, _ in pairs}
    assert [row["need"] for row in plan["candidates"]] == [need["id"] for need in plan["needs"]]
    for row in plan["candidates"]:
        named = [(row["need"], other["offer"]) for other in row["offers"]]
        assert 3 <= len(set(named)) == len(named) <= 6
        assert pairs.isdisjoint(named)
        for other in row["offers"]:
            assert other["state"] != "served" or row["need"] in served
            assert (other["state"] == "offers_full") <= ("holder" in other)


def test_every_policy_is_told_beside_the_chosen_one(planned: Path) -> None:
    plan = plan_of(planned)
    told = {outlook["policy"]: outlook for outlook in plan["policies"]}
    assert list(told) == ["stability", "balanced", "coverage", "fairness", "best_fit"]
    assert [name for name, outlook in told.items() if outlook["chosen"]] == ["balanced"]
    own = {name: plan["figures"][name] for name in told["balanced"]["figures"]}
    assert (told["balanced"]["figures"], told["balanced"]["quick"]) == (own, False)
    assert all(outlook["quick"] for name, outlook in told.items() if name != "balanced")
    figures = {name: outlook["figures"] for name, outlook in told.items()}
    assert figures["coverage"]["needs_served"] == max(f["needs_served"] for f in figures.values())
    assert figures["best_fit"]["score"] == max(f["score"] for f in figures.values())


def test_the_balanced_plan_serves_every_community_that_can_be(planned: Path) -> None:
    figures = plan_of(planned)["figures"]
    assert figures["communities_served"] == figures["communities_possible"]


def test_an_exception_names_pairs_outside_the_plan(planned: Path) -> None:
    plan = plan_of(planned)
    pairs = pairs_of(planned)
    blocking = {
        (need, offer)
        for pair in plan["pairs"]
        if pair["exception"]
        for need, offer in pair["exception"]["blocks"]
    }
    assert len(blocking) == plan["figures"]["blocking_pairs"]
    assert not blocking & pairs


def test_same_input_and_seed_give_the_same_bytes_in_another_process(
    planned: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    command = [sys.executable, "-c", "from lianqiao.site.start import main; main()"]
    arguments = [*map(str, match_arguments(again)), "--lang", "zh"]
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run(command + arguments, check=True, env=environment, capture_output=True)
    for name in sorted(BUNDLE):
        assert (again / name).read_bytes() == (planned / name).read_bytes(), name


def test_another_seed_is_recorded(run: Run, tmp_path: Path) -> None:
    assert run(*match_arguments(tmp_path / "p"), "--seed", 5, "--effort", 0).status == 0
    assert plan_of(tmp_path / "p")["seed"] == 5


KEEPS_ITS_WORD = {
    "stability": lambda figures, balanced: figures["blocking_pairs"] == 0,
    "coverage": lambda figures, balanced: figures["needs_served"] > balanced["needs_served"],
    "fairness": lambda figures, balanced: (
        figures["communities_served"] == balanced["communities_served"]
    ),
    "best_fit": lambda figures, balanced: figures["score"] == balanced["score_best"],
}


@pytest.mark.parametrize("policy", KEEPS_ITS_WORD)
def test_other_policies_keep_their_word(
    run: Run, planned: Path, tmp_path: Path, policy: str
) -> None:
    assert run(*match_arguments(tmp_path / "p"), "--policy", policy).status == 0
    figures, balanced = plan_of(tmp_path / "p")["figures"], plan_of(planned)["figures"]
    assert figures["proved"]
    assert KEEPS_ITS_WORD[policy](figures, balanced)
    assert run("audit", tmp_path / "p").status == 0


def test_the_balanced_plan_of_a_district_is_proved(planned: Path) -> None:
    plan = plan_of(planned)
    assert plan["figures"]["proved"]
    assert plan["figures"]["bounds"]["blocking_pairs"] == plan["figures"]["blocking_pairs"]
    assert (plan["quick"], plan["max_exceptions"], plan["reproducible"]) == (False, None, True)


def test_an_exception_says_what_removing_it_would_cost(planned: Path) -> None:
    plan = plan_of(planned)
    remedies = [pair["exception"]["remedy"] for pair in plan["pairs"] if pair["exception"]]
    assert remedies
    # The plan is the best of its policy: every way out costs a community its only partner.
    assert all(remedy is None or remedy["communities_left_out"] for remedy in remedies)


def test_exceptions_stay_within_what_is_allowed(run: Run, planned: Path, tmp_path: Path) -> None:
    assert plan_of(planned)["figures"]["blocking_pairs"] > 1
    folder = tmp_path / "p"
    assert run(*match_arguments(folder), "--max-exceptions", 1).status == 0
    plan = plan_of(folder)
    assert plan["max_exceptions"] == 1
    assert plan["figures"]["blocking_pairs"] <= 1
    # The other policies are told as they are without that limit.
    told = [
        [outlook for outlook in each["policies"] if not outlook["chosen"]]
        for each in (plan, plan_of(planned))
    ]
    assert told[0] == told[1]
    assert "within the exceptions allowed (1)" in (folder / "report.html").read_text("utf-8")
    assert run("audit", folder).status == 0


def test_a_quick_plan_says_so_everywhere(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    said = run(*match_arguments(folder), "--effort", 0)
    assert "quick plan" in said.out
    plan = plan_of(folder)
    assert (plan["quick"], plan["engine"]["effort"], plan["reproducible"]) == (True, 0, True)
    report = (folder / "report.html").read_text("utf-8")
    assert ">快速</span>" in report
    assert ">Quick</span>" in report
    assert run("audit", folder).status == 0


def test_a_plan_by_the_clock_is_not_repeatable(run: Run, planned: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    assert run(*match_arguments(folder), "--time-limit", 20).status == 0
    plan = plan_of(folder)
    assert (plan["reproducible"], plan["engine"]["time_limit"]) == (False, 20)
    assert "no: a time limit ended the search" in (folder / "report.html").read_text("utf-8")
    assert ">Quick</span>" not in (folder / "report.html").read_text("utf-8")


def test_audit_is_clean(run: Run, planned: Path) -> None:
    said = run("audit", planned, lang="zh")
    assert (said.status, said.out) == (0, "核对无误：对接、原因和数字都与底稿一致。\n")


def _candidate(plan: PlanDocument) -> Any:
    """A candidate of the market, not one that was only looked at."""
    others = [other for row in plan["candidates"] for other in row["offers"]]
    return next(other for other in others if other["state"] == "served")


def _told(plan: PlanDocument, state: str) -> Any:
    """What is told of a need whose best candidate is in this state."""
    return next(row for row in plan["candidates"] if row["offers"][0]["state"] == state)


def _other(plan: PlanDocument, state: str) -> Any:
    others = [other for row in plan["candidates"] for other in row["offers"]]
    return next(other for other in others if other["state"] == state)


def _several(plan: PlanDocument) -> Any:
    """The candidates of a need that has two of different scores."""
    told = [row["offers"] for row in plan["candidates"]]
    return next(
        offers
        for offers in told
        if [other["state"] for other in offers[:2]] == ["served"] * 2
        and offers[0]["score"] > offers[1]["score"]
    )


def _full(plan: PlanDocument) -> Any:
    return next(row for row in plan["unmet"] if row["reason"] == "offers_full")


def _unchosen(plan: PlanDocument) -> Any:
    return next(outlook for outlook in plan["policies"] if not outlook["chosen"])


def _partner(plan: PlanDocument, need: str) -> str:
    return next(pair["offer"] for pair in plan["pairs"] if pair["need"] == need)


def _chosen(plan: PlanDocument) -> Any:
    return next(outlook for outlook in plan["policies"] if outlook["chosen"])


TAMPERED = {
    "score": lambda plan: plan["pairs"][0].update(score=0.999),
    "pair dropped": lambda plan: plan["pairs"].pop(),
    "pair added": lambda plan: plan["pairs"].append({**plan["pairs"][0], "offer": "O093"}),
    "figure": lambda plan: plan["figures"].update(needs_served=104),
    "capacity": lambda plan: plan["offers"][0].update(capacity=99),
    "wanted": lambda plan: plan["needs"][0].update(partners_wanted=3),
    "title": lambda plan: plan["needs"][0].update(title="x"),
    "unmet": lambda plan: plan["unmet"].pop(),
    "pin": lambda plan: plan["pairs"][0].update(pinned=not plan["pairs"][0]["pinned"]),
    "exception": lambda plan: [pair.update(exception=None) for pair in plan["pairs"]],
    "price of an exception": lambda plan: [
        pair["exception"]["remedy"]["figures"].update(needs_served=104)
        for pair in plan["pairs"]
        if pair["exception"]
    ],
    "who pays for an exception": lambda plan: [
        pair["exception"]["remedy"].update(needs_left_out=[], communities_left_out=[])
        for pair in plan["pairs"]
        if pair["exception"]
    ],
    "reason of an open need": lambda plan: plan["unmet"][0].update(reason="withdrawn"),
    "reason of an unused offer": lambda plan: plan["unused"][0].update(reason="withdrawn"),
    "unused dropped": lambda plan: plan["unused"].clear(),
    "offers used": lambda plan: plan["figures"].update(offers_used=1),
    "organisation": lambda plan: plan["needs"][0].update(organisation="another"),
    "score of a candidate": lambda plan: _candidate(plan).update(score=0.123),
    "state of a candidate": lambda plan: _candidate(plan).update(state="withdrawn"),
    "a partner as a candidate": lambda plan: plan["candidates"][0]["offers"].append(
        {**_candidate(plan), "offer": _partner(plan, plan["candidates"][0]["need"])}
    ),
    "holder of a candidate's offer": lambda plan: _candidate(plan).update(holder="N001"),
    "a candidate twice": lambda plan: plan["candidates"].append(plan["candidates"][0]),
    "parts that are no number": lambda plan: plan["pairs"][0]["parts"].update(words=math.nan),
    "outlook": lambda plan: _chosen(plan)["figures"].update(needs_served=104),
    "outlook of another policy": lambda plan: _chosen(plan).update(policy="coverage"),
    "outlooks dropped": lambda plan: plan["policies"].clear(),
    "a policy that was not chosen": lambda plan: _unchosen(plan)["figures"].update(
        needs_served=_unchosen(plan)["figures"]["needs_served"] - 1
    ),
    "a policy that was not chosen, by another engine": lambda plan: (
        plan["engine"].update(version="twosided 0.0.1"),
        _unchosen(plan)["figures"].update(needs_served=104),
    ),
    "best candidate dropped": lambda plan: _told(plan, "served")["offers"].pop(0),
    "candidates of a need dropped": lambda plan: plan["candidates"].pop(),
    "all candidates dropped": lambda plan: plan["candidates"].clear(),
    "candidates in another order": lambda plan: _several(plan).reverse(),
    "parts of a candidate": lambda plan: _candidate(plan)["parts"].update(words=0.5),
    "why a candidate was refused": lambda plan: _other(plan, "refused_by_offer_side").update(
        state="out_of_area"
    ),
    "score of what does not fit": lambda plan: _other(plan, "no_fitting_offer").update(
        score=0.9, parts={"words": 0.9}
    ),
    "rank of what does not fit": lambda plan: _other(plan, "no_fitting_offer").update(need_rank=1),
    "nearest offer of an open need": lambda plan: _full(plan)["candidates"].pop(0),
    "nearest offer's score": lambda plan: _full(plan)["candidates"][0].update(score=0.123),
    "nearest offer's holder": lambda plan: _full(plan)["candidates"][0].update(holder="N001"),
    "foreign pair": lambda plan: plan["pairs"][0].update(offer="O999"),
}


@pytest.mark.parametrize("change", TAMPERED)
def test_audit_finds_what_was_changed(run: Run, planned: Path, tmp_path: Path, change: str) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(planned, folder)
    plan = plan_of(folder)
    TAMPERED[change](plan)
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    said = run("audit", folder)
    assert said.status == 1
    assert "digest" in said.out


@pytest.mark.parametrize("change", sorted(set(TAMPERED) - {"title"}))
def test_audit_is_not_fooled_by_a_fresh_digest(
    run: Run, planned: Path, tmp_path: Path, change: str
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(planned, folder)
    plan = plan_of(folder)
    TAMPERED[change](plan)
    plan["digest"] = digest(plan)
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    said = run("audit", folder)
    assert said.status == 1
    assert "digest" not in said.out


def test_audit_finds_another_market(run: Run, planned: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    run("match", EXAMPLE.needs, EXAMPLE.offers, "--out", other, "--effort", 0)
    shutil.copy(planned / "plan.json", other / "plan.json")
    said = run("audit", other)
    assert said.status == 1
    assert "market beside the plan" in said.out


def test_a_plan_is_not_overwritten_without_force(run: Run, planned: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    shutil.copytree(planned, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = run(*match_arguments(folder), "--policy", "stability")
    assert said.status == 2
    assert "--force" in said.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert run(*match_arguments(folder), "--policy", "stability", "--force").status == 0
    assert plan_of(folder)["policy"] == "stability"
    assert {path.name for path in folder.iterdir()} == BUNDLE


@pytest.mark.parametrize("model", ["default", "lexical"])
def test_published_pairs_rank_in_their_needs_top_three(
    run: Run, tmp_path: Path, model: str
) -> None:
    out = tmp_path / "scores.jsonl"
    said = run("score", EXAMPLE.needs, EXAMPLE.offers, "--top", 3, "--model", model, "--json", out)
    assert said.status == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 3 * 104
    found = {(line["need"], line["offer"]) for line in lines}
    assert found >= PUBLISHED
    assert set(lines[0]) == {"need", "offer", "score", "parts", "evidence", "missing_fields"}
