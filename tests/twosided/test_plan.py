"""A plan survives its file, refuses every other file, and says what another would change."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from twosided import Comparison, Market, Plan, solve

FIELDS = ("policy", "seed", "effort", "method", "proved", "bounds", "reproducible", "figures")
PAIRS = ((0, 1), (0, 3), (2, 0))


def plan_of(*pairs: tuple[int, int], **fields: Any) -> Plan:
    need, offer = np.array(pairs, np.int64).reshape(-1, 2).T
    return Plan(need=need, offer=offer, **{"policy": "balanced", **fields})


def random_plan(seed: int) -> Plan:
    r = random.Random(seed)
    every = [(i, j) for i in range(5) for j in range(5)]
    names = ("groups_served", "needs_served", "units", "score", "blocking_pairs")
    return plan_of(
        *sorted(r.sample(every, r.randrange(12))),
        policy=r.choice(["stability", "best_fit", "公平"]),
        seed=r.randrange(2**63),
        effort=r.randrange(3),
        method=r.choice(["", "local improvement"]),
        proved=r.random() < 0.5,
        bounds={name: r.randrange(10**6) for name in r.sample(names, 3)},
        reproducible=r.random() < 0.5,
        figures={name: r.randrange(10**6) for name in r.sample(names, 3)},
    )


@pytest.mark.parametrize("seed", range(30))
def test_a_saved_plan_comes_back_equal(seed: int, tmp_path: Path) -> None:
    plan = random_plan(seed)
    plan.save(tmp_path / "a")
    again = Plan.load(tmp_path / "a")
    again.save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert again.pairs == plan.pairs
    assert [getattr(again, name) for name in FIELDS] == [getattr(plan, name) for name in FIELDS]
    assert (again.need.dtype, again.offer.dtype) == (np.int64, np.int64)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    plan_of(seed=np.int64(3), proved=np.bool_(True), figures={"units": np.int32(0)}).save(
        tmp_path / "plan"
    )
    again = Plan.load(tmp_path / "plan")
    assert (again.seed, again.proved, again.figures) == (3, True, {"units": 0})


def test_layout_does_not_matter_but_every_word_does(tmp_path: Path) -> None:
    plan_of(*PAIRS, bounds={"units": 4}).save(tmp_path / "plan")
    content = json.loads((tmp_path / "plan").read_text())
    (tmp_path / "other").write_text(json.dumps(content, indent=8, sort_keys=True))
    assert Plan.load(tmp_path / "other").pairs == list(PAIRS)
    for changed in ({"seed": 1}, {"proved": True}, {"pairs": [[0, 1]]}, {"bounds": {"units": 5}}):
        (tmp_path / "other").write_text(json.dumps(content | changed))
        with pytest.raises(ValueError, match=r"^path: damaged \(checksum"):
            Plan.load(tmp_path / "other")


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    plan_of(*PAIRS, bounds={"units": 4}, figures={"score": 7}).save(tmp_path / "plan")
    whole = (tmp_path / "plan").read_bytes()
    for place in range(len(whole)):
        (tmp_path / "cut").write_bytes(whole[:place])
        (tmp_path / "damaged").write_bytes(
            whole[:place] + bytes([whole[place] ^ 0x11]) + whole[place + 1 :]
        )
        for name in ("cut", "damaged"):
            # The last byte is the end of a line.
            if place < len(whole) - 1:
                with pytest.raises(ValueError, match=r"^path: "):
                    Plan.load(tmp_path / name)


WRONG: list[dict[str, Any]] = [
    {"pairs": 3},
    {"pairs": None},
    {"pairs": {"0": 1}},
    {"pairs": [[0]]},
    {"pairs": [[0, 1, 2]]},
    {"pairs": [[0, -1]]},
    {"pairs": [[0, 2**31]]},
    {"pairs": [[0, 10**400]]},
    {"pairs": [[0, 1.0]]},
    {"pairs": [[False, True]]},
    {"pairs": ["01"]},
    {"pairs": [[0, 1], [0, 1]]},
    {"pairs": [[0, 1], [0, 0]]},
    {"policy": 3},
    {"policy": "a" * 2000},
    {"policy": "two\nlines"},
    {"policy": "\ud800"},
    {"method": None},
    {"seed": -1},
    {"seed": 2**63},
    {"seed": True},
    {"seed": 0.5},
    {"effort": 10**400},
    {"effort": "1"},
    {"proved": 1},
    {"reproducible": None},
    {"bounds": []},
    {"bounds": {"units": 0.5}},
    {"bounds": {"units": None}},
    {"figures": {"units": True}},
    {"figures": {"units": 10**400}},
    {"format": "twosided-plan/2"},
    {"format": ["twosided-plan/1"]},
    {"more": 1},
]


@pytest.mark.parametrize("changed", WRONG, ids=lambda changed: str(changed)[:40])
def test_what_has_a_right_checksum_but_is_malformed_is_refused(
    changed: dict[str, Any], tmp_path: Path
) -> None:
    plan_of(*PAIRS).save(tmp_path / "plan")
    content = json.loads((tmp_path / "plan").read_text()) | changed
    del content["sha256"]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    content["sha256"] = sha256(canonical.encode()).hexdigest()
    (tmp_path / "plan").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"^path: [^\n]{1,200}$"):
        Plan.load(tmp_path / "plan")


def fitting(line: str) -> bytes:
    return b'{"format": "twosided-plan/1", ' + line.encode() + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b"\xff\xfe\x00",
        b"PK\x03\x04",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        fitting('"seed": NaN'),
        fitting('"seed": -Infinity'),
        fitting(f'"seed": {"9" * 6000}'),
        fitting('"seed": 1, "seed": 1'),
        fitting('"bounds": {"a": 1, "a": 1}'),
        fitting('"sha256": {}'),
    ],
    ids=lambda body: repr(body[:40]),
)
def test_foreign_and_hostile_files_are_refused(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan").write_bytes(body)
    with pytest.raises(ValueError, match=r"^path: [^\n]{1,200}$"):
        Plan.load(tmp_path / "plan")


@pytest.mark.skipif(os.name != "posix", reason="only there are pipes files")
def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", tmp_path / "pipe"):
        with pytest.raises(ValueError, match=r"^path: .*no regular file"):
            Plan.load(path)
    with pytest.raises(OSError, match="plan"):
        Plan.load(tmp_path / "plan")


@pytest.mark.parametrize("path", [None, 3, b"name", "", "nul\0"])
def test_whatever_is_no_path_is_named(path: Any) -> None:
    for use in (Plan.load, plan_of().save):
        with pytest.raises(ValueError, match=r"^path: "):
            use(path)


@pytest.mark.parametrize(
    "fields",
    [
        {"need": [0]},
        {"need": None},
        {"need": np.zeros((3, 3))},
        {"need": np.array([0.0, 0.0, 2.0])},
        {"need": np.array([2, 0, 0])},
        {"policy": None},
        {"bounds": {"units": 1.5}},
        {"bounds": {1: 1}},
        {"effort": -1},
    ],
    ids=str,
)
def test_what_could_not_be_read_again_is_not_written(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"^plan: "):
        replace(plan_of(*PAIRS), **fields).save(tmp_path / "plan")
    assert list(tmp_path.iterdir()) == []


def test_compare_says_what_taking_the_other_plan_changes() -> None:
    here = plan_of((0, 0), (1, 1), (2, 2), (3, 3), (3, 4), figures={"score": 9, "units": 5})
    there = plan_of((0, 0), (1, 2), (3, 3), (4, 1), figures={"score": 11, "groups_served": 1})
    found = here.compare(there)
    assert found == Comparison(
        gained=((1, 2), (4, 1)),
        lost=((1, 1), (2, 2), (3, 4)),
        moved=(1, 3),
        kept=2,
        figures={"needs_served": (4, 4), "units": (5, 4), "score": (9, 11)},
    )
    assert str(found).splitlines() == [
        "2 pairs kept, 2 gained, 3 lost; 2 needs served by other offers",
        "needs served 4, the same",
        "pairs 5 -> 4 (-1)",
        "score 9 -> 11 (+2)",
    ]
    assert repr(found).startswith("<Comparison: 2 pairs kept")
    one = plan_of((0, 0), (1, 1)).compare(plan_of((0, 0), (1, 2)))
    assert str(one).startswith("1 pair kept, 1 gained, 1 lost; 1 need served by other offers\n")
    assert here.compare(here).gained == here.compare(here).lost == here.compare(here).moved == ()


@pytest.mark.parametrize("seed", range(20))
def test_compare_turned_round_swaps_everything(seed: int) -> None:
    here, there = random_plan(seed), random_plan(seed + 100)
    forth, back = here.compare(there), there.compare(here)
    assert (forth.gained, forth.lost) == (back.lost, back.gained)
    assert (forth.moved, forth.kept) == (back.moved, back.kept)
    assert set(here.pairs) - set(forth.lost) | set(forth.gained) == set(there.pairs)


@pytest.mark.parametrize("other", [None, 3, ([0], [0])])
def test_whatever_is_no_other_plan_is_named(other: Any) -> None:
    compare: Callable[[Any], object] = plan_of().compare
    with pytest.raises(ValueError, match=r"^other: "):
        compare(other)


def test_a_plan_tells_a_person_what_it_reached() -> None:
    plan = plan_of(
        *PAIRS,
        method="local improvement",
        bounds={"units": 4, "blocking_pairs": 1},
        figures={"groups_served": 2, "needs_served": 2, "units": 3, "blocking_pairs": 1},
    )
    assert repr(plan) == (
        "<Plan: balanced, by local improvement, not proved optimal; groups served 2; "
        "needs served 2; pairs 3 (at most 4); blocking pairs 1 (at least 1)>"
    )


def test_a_missing_folder_is_told_by_the_path_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no such folder") as caught:
        Market.from_edges([0], [0], [0.5]).save(tmp_path / "nowhere" / "a.market")
    assert caught.value.filename == str(tmp_path / "nowhere" / "a.market")


def test_swapped_files_are_told(tmp_path: Path) -> None:
    market = Market.from_edges([0], [0], [0.5])
    market.save(tmp_path / "market")
    solve(market).save(tmp_path / "plan")
    with pytest.raises(ValueError, match=r"^path: this is a saved plan, not a market$"):
        Market.load(tmp_path / "plan")
    with pytest.raises(ValueError, match=r"^path: this is a saved market, not a plan$"):
        Plan.load(tmp_path / "market")


@pytest.mark.skipif(os.name != "posix", reason="only there are pipes files")
def test_saving_never_takes_the_place_of_a_pipe_or_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match=r"^path: .*no regular file"):
        Market.from_edges([0], [0], [0.5]).save(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()
