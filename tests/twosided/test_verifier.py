"""The verifier that stands alone agrees with the audit and with the definitions."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from twosided import Market, Plan, audit, verifier

from tests.twosided.oracle import Rules, Tiny, tiny_market

SOURCE = Path(verifier.__file__)
MARKETS = 400
Edge = tuple[int, int]


def plan_of(pairs: list[Edge], **fields: Any) -> Plan:
    need, offer = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    return Plan(need=need, offer=offer, **{"policy": "balanced", **fields})


def random_plan(tiny: Tiny, r: random.Random) -> list[Edge]:
    """A feasible plan, one that lacks or adds something, or anything at all."""
    needs, offers = range(len(tiny.quantity)), range(len(tiny.capacity))
    every = [(i, j) for i in needs for j in offers]
    if r.random() < 0.2:
        return r.sample(every, r.randint(0, len(every)))
    rules = Rules(tiny)
    plans = rules.plans()
    plan = set(r.choice(plans)) if plans else set(tiny.pins)
    if r.random() < 0.5:
        plan ^= set(r.sample(every, 1))
    return sorted(plan)


@dataclass(frozen=True)
class Case:
    """A market and a plan in files, and what is to be found in them."""

    market: str
    plan: str
    violations: list[str]
    figures: dict[str, int]
    # None where the plan is no plan at all.
    blocking: int | None


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    folder = tmp_path_factory.mktemp("cases")
    found = []
    for seed in range(MARKETS):
        tiny = tiny_market(seed, limited=seed % 2 == 0)
        try:
            market = Market.from_edges(**tiny.arguments())
        except ValueError:
            continue  # a floor that cannot be met
        pairs = random_plan(tiny, random.Random(seed))
        plan, paths = plan_of(pairs), [str(folder / f"{seed}.{name}") for name in ("m", "p")]
        market.save(paths[0])
        plan.save(paths[1])
        audited, rules, chosen = audit(market, plan), Rules(tiny), frozenset(pairs)
        figures = {name: getattr(audited, name) for name in verifier.FIGURES}
        figures["blocking_pairs"] = len(audited.blocking_pairs)
        possible = set(tiny.pins) <= chosen <= {*rules.free, *tiny.pins} and rules.feasible(chosen)
        blocking = len(rules.blocking(chosen)) if possible else None
        found.append(Case(*paths, comparable(audited.violations), figures, blocking))
    return found


def comparable(findings: Any) -> list[str]:
    """Without what one puts into other words than the other."""
    return sorted(text.split(" gives ")[0].replace("excluded", "refused") for text in findings)


def disagreements(checker: ModuleType, cases: list[Case]) -> Iterator[str]:
    """Where a verifier differs from the audit, or from the definitions in plain loops."""
    for case in cases:
        findings, figures = checker.verify(case.market, case.plan)
        if comparable(findings) != case.violations or figures != case.figures:
            yield f"{case}: {findings} {figures}"
        if case.blocking is not None and (findings or figures["blocking_pairs"] != case.blocking):
            yield f"{case}: {findings} {figures}"


def test_it_agrees_with_the_audit_and_the_definitions(cases: list[Case]) -> None:
    assert list(disagreements(verifier, cases)) == []


def test_the_random_plans_are_of_all_kinds(cases: list[Case]) -> None:
    """Agreement over clean plans only would say little."""
    rules = {text.split(":")[0] for case in cases for text in case.violations}
    assert rules == {
        *("quantity", "capacity", "pin", "banned", "refused", "not a candidate"),
        *("ceiling", "floor", "reserved"),
    }
    assert sum(case.blocking is not None for case in cases) > MARKETS / 4


# One comparison turned round at a time: what the agreement above must not survive.
FLIPPED = [
    ("(bad[side][:-1] < worst[side]", "(bad[side][:-1] <= worst[side]"),
    ("np.where(rank > 0, rank", "np.where(rank > 1, rank"),
    ("< market[limit]\n        may", "<= market[limit]\n        may"),
    ("if bad[e] < bad[", "if bad[e] <= bad["),
    ("+ (c in freed) < 1", "+ (c in freed) < 0"),
    ("if self.left[number] <= 0", "if self.left[number] < 0"),
    ("return beyond <=", "return beyond <"),
    ("if count > cap", "if count >= cap"),
    ("if groups[group] < least", "if groups[group] <= least"),
    ("used > market[limit]", "used >= market[limit]"),
    ("max(0, count - held[group])", "count"),
    ("all(self._open(e", "any(self._open(e"),
]


@pytest.mark.parametrize(("right", "wrong"), FLIPPED, ids=[right for right, _ in FLIPPED])
def test_a_flipped_comparison_is_caught(
    right: str, wrong: str, cases: list[Case], tmp_path: Path
) -> None:
    text = SOURCE.read_text("utf-8")
    assert text.count(right) == 1
    (tmp_path / "flipped.py").write_text(text.replace(right, wrong), "utf-8")
    spec = importlib.util.spec_from_file_location("flipped", tmp_path / "flipped.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["flipped"] = module
    try:
        spec.loader.exec_module(module)
        assert next(disagreements(module, cases), None) is not None
    finally:
        del sys.modules["flipped"]


def scarce() -> Market:
    """Needs 0 and 1 want offer 0; it would rather have need 1."""
    return Market.from_edges([0, 0, 1], [0, 1, 0], [0.9, 0.8, 0.7], offer_rank=[0, 0, 1])


def run_alone(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """A copy of the file, in a folder of its own, where no package of ours can be imported."""
    shutil.copy(SOURCE, folder / "alone.py")
    packages = str(Path(np.__file__).parents[1])
    only_numpy = folder / "packages"
    only_numpy.mkdir(exist_ok=True)
    for name in ("numpy", "numpy.libs"):
        if (Path(packages) / name).exists() and not (only_numpy / name).exists():
            (only_numpy / name).symlink_to(Path(packages) / name)
    run = subprocess.run(
        [sys.executable, "-S", "-E", "-c", START, str(only_numpy), "alone.py", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


# Without site-packages: only the folder named first, which holds numpy and nothing else.
START = """
import runpy, sys
sys.path.append(sys.argv[1])
try:
    import twosided
except ImportError:
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_copy_runs_alone_with_numpy_only(tmp_path: Path) -> None:
    market, plan = scarce(), plan_of([(0, 1), (1, 0)], figures={"units": 2, "blocking_pairs": 0})
    market.save(tmp_path / "market")
    plan.save(tmp_path / "plan")
    status, told, complaint = run_alone(tmp_path, "market", "plan")
    counted = "groups_served 2, needs_served 2, units 2, score 1500, blocking_pairs 0"
    assert (status, told, complaint) == (0, f"clean: {counted}\n", "")
    plan_of([(0, 0), (1, 1)], figures={"units": 3}).save(tmp_path / "wrong")
    status, told, complaint = run_alone(tmp_path, "market", "wrong")
    assert (status, complaint) == (1, "")
    assert told.splitlines() == [
        "not a candidate: need 1 with offer 1",
        "figures: units is 2, the plan says 3",
        "2 findings: groups_served 2, needs_served 2, units 2, score 900, blocking_pairs 1",
    ]
    for pair in (("plan", "market"), ("market", "gone"), ("market", "alone.py")):
        status, told, complaint = run_alone(tmp_path, *pair)
        assert (status, told) == (2, "")
        assert complaint.startswith("cannot be read: ")
        assert complaint.count("\n") == 1


def rewrite(path: Path, changed: dict[str, Any]) -> None:
    """Another content with a right checksum."""
    content = json.loads(path.read_text()) | changed
    del content["sha256"]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    content["sha256"] = sha256(canonical.encode()).hexdigest()
    path.write_text(json.dumps(content))


def claims(market: Market, plan: Plan, folder: Path) -> list[str]:
    market.save(folder / "market")
    plan.save(folder / "plan")
    return verifier.verify(str(folder / "market"), str(folder / "plan"))[0]


def test_what_the_plan_claims_is_compared(tmp_path: Path) -> None:
    market, pairs = scarce(), [(0, 0)]
    right = {"groups_served": 1, "needs_served": 1, "units": 1, "score": 900, "blocking_pairs": 1}
    assert claims(market, plan_of(pairs, figures=right, bounds=right), tmp_path) == []
    for name, count in right.items():
        wrong = plan_of(pairs, figures=right | {name: count + 1})
        told = f"figures: {name} is {count}, the plan says {count + 1}"
        assert claims(market, wrong, tmp_path) == [told]
        beyond = count + 1 if name == "blocking_pairs" else count - 1
        kept = count - 1 if name == "blocking_pairs" else count + 1
        told = f"bounds: {name} is {count}, beyond the bound {beyond}"
        assert claims(market, plan_of(pairs, bounds={name: beyond}), tmp_path) == [told]
        assert claims(market, plan_of(pairs, bounds={name: kept}), tmp_path) == []


def test_a_stable_plan_that_could_have_been_is_missed(tmp_path: Path) -> None:
    calm = plan_of([(0, 0)], policy="stability", proved=True)
    assert [text.split(":")[0] for text in claims(scarce(), calm, tmp_path)] == ["proved"]
    assert claims(scarce(), replace(calm, policy="coverage"), tmp_path) == []
    assert claims(scarce(), replace(calm, proved=False), tmp_path) == []


@pytest.mark.parametrize("name", ["market", "plan"])
def test_a_damaged_file_is_never_a_traceback(name: str, tmp_path: Path) -> None:
    scarce().save(tmp_path / "market")
    plan_of([(0, 0)]).save(tmp_path / "plan")
    whole, paths = (tmp_path / name).read_bytes(), [str(tmp_path / n) for n in ("market", "plan")]
    before = verifier.verify(*paths)
    for place in range(0, len(whole), 1 + len(whole) // 300):
        for body in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :]):
            (tmp_path / name).write_bytes(body)
            try:
                again = verifier.verify(*paths)
            except ValueError as error:
                told = str(error)
            else:
                # Some bytes of a zip mean nothing; then the answer must be the same.
                told = f"{name}: " if again == before else "changed"
            assert told.startswith(f"{name}: ")
            assert "\n" not in told


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"format": "twosided-plan/1"}', b'{"a": 1, "a": 1}', b"null"]
)
def test_a_hostile_plan_is_unreadable(body: bytes, tmp_path: Path) -> None:
    scarce().save(tmp_path / "market")
    (tmp_path / "plan").write_bytes(body)
    with pytest.raises(ValueError, match=r"^plan: "):
        verifier.verify(str(tmp_path / "market"), str(tmp_path / "plan"))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"pairs": [[0, 9]]}, "an index is beyond the market"),
        ({"pairs": [[0, -1]]}, "pairs: out of range"),
        ({"pairs": [[0, 10**300]]}, "pairs: out of range"),
        ({"pairs": [0]}, "pairs: not two by two"),
        ({"figures": {"units": 0.5}}, "figures, bounds: whole numbers"),
        ({"proved": 1}, "proved: must be a bool"),
    ],
)
def test_a_malformed_plan_is_unreadable(
    changed: dict[str, Any], named: str, tmp_path: Path
) -> None:
    scarce().save(tmp_path / "market")
    plan_of([(0, 0)]).save(tmp_path / "plan")
    rewrite(tmp_path / "plan", changed)
    with pytest.raises(ValueError, match=rf"^plan: {named}$"):
        verifier.verify(str(tmp_path / "market"), str(tmp_path / "plan"))


def test_a_pair_that_is_there_twice_is_a_finding(tmp_path: Path) -> None:
    scarce().save(tmp_path / "market")
    plan_of([(0, 0)]).save(tmp_path / "plan")
    rewrite(tmp_path / "plan", {"pairs": [[0, 0], [0, 0]]})
    found = verifier.verify(str(tmp_path / "market"), str(tmp_path / "plan"))[0]
    assert found == ["repeated: 1 pairs occur more than once"]


def test_the_highest_group_is_a_legal_one(tmp_path: Path) -> None:
    highest = {"need_group": [2**62], "floors": [(2**62, 1)], "reserved": [(0, 2**62, 1)]}
    market = Market.from_edges([0], [0], [0.5], **highest)
    assert claims(market, plan_of([(0, 0)]), tmp_path) == []


def test_holding_no_units_is_no_limit(tmp_path: Path) -> None:
    """An offer with more pairs than places breaks its capacity, and nothing else."""
    market = Market.from_edges([0, 1], [0, 0], [0.9, 0.8], need_group=[0, 1], reserved=[(0, 1, 0)])
    plan = plan_of([(0, 0), (1, 0)])
    found = claims(market, plan, tmp_path)
    assert found == list(audit(market, plan).violations) == ["capacity: offer 0 has 2 of 1"]
