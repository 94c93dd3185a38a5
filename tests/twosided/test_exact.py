"""Every policy and option against the definition's plan: the best of all plans, ties included."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import twosided
from twosided import Market, Plan, _prepare, audit, solve
from twosided.verifier import verify

from tests.twosided.oracle import POLICIES, Objectives, Rules, Tiny, tiny_market

Solver = Callable[..., Plan]

MARKETS = 5_000 if os.environ.get("PROVE") == "1" else 300
CHUNKS = 10
# A wrong solver is found within so many markets.
SOON = 40


@dataclass
class Case:
    """One market with all its plans."""

    tiny: Tiny
    seed: int

    def __post_init__(self) -> None:
        self.rules = Rules(self.tiny)
        self.objectives = Objectives(self.rules)

    @property
    def least(self) -> int:
        """The fewest blocking pairs of any plan."""
        return min(figures.blocking_pairs for figures in self.rules.figures.values())

    def answer(self, solver: Solver, policy: str, **options: Any) -> Plan | str:
        """The plan, or the text of the error."""
        try:
            market = Market.from_edges(**self.tiny.arguments())
            return solver(market, policy=policy, seed=self.seed, **options)
        except ValueError as error:
            return str(error)
        except AssertionError as error:
            return f"the solver's own check fails: {error}"


def case(market_seed: int) -> tuple[Case, random.Random]:
    r = random.Random(f"options {market_seed}")
    tiny = tiny_market(market_seed, limited=market_seed % 3 != 0)
    return Case(tiny, r.choice([0, 1, r.randrange(2**63), 2**63 - 1])), r


def differences(market_seed: int, solver: Solver) -> list[str]:
    """All that a solver does otherwise than the definition, on one market and drawn options."""
    whole, r = case(market_seed)
    found, plans = [], {}
    for policy in POLICIES:
        plans[policy] = whole.answer(solver, policy)
        found += wrong(whole, plans[policy], policy)
    some = r.choice(POLICIES)
    found += wrong_within(whole, solver, some, r)
    found += wrong_when_quick(whole, solver, some, r)
    first = plans[r.choice(POLICIES)]
    if isinstance(first, Plan):
        later = Case(declined(whole.tiny, first, r), whole.seed)
        answer = later.answer(solver, some, warm=first)
        found += [f"warm {said}" for said in wrong(later, answer, some)]
    return [f"market {market_seed}: {said}" for said in found]


def wrong(at: Case, answer: Plan | str, policy: str, most: int | None = None) -> list[str]:
    """How an answer differs from the one best plan, or from the error if there is none."""
    if (refusal := misnamed(at, answer, most)) is not None:
        return [f"{policy}: {text}" for text in refusal]
    assert isinstance(answer, Plan)
    plan = at.rules.mask(answer.pairs)
    best = at.objectives.best(policy, at.seed, most)
    said = []
    if plan not in best:
        keys = at.objectives.keys(policy)
        wanted = sorted(at.rules.pairs(best[0]))
        said.append(f"{answer.pairs} {keys.get(plan)}, not {wanted} {keys[best[0]]}")
    if answer.proved is not True:
        said.append("not proved")
    said += wrong_claims(at, answer, policy, most)
    return [f"{policy}: {text} (by {answer.method})" for text in said]


def misnamed(at: Case, answer: Plan | str, most: int | None) -> list[str] | None:
    """None where a plan exists and came; else what is wrong with the error."""
    if at.objectives.eligible(most):
        return None if isinstance(answer, Plan) else [f"refused: {answer}"]
    if isinstance(answer, Plan):
        return ["a plan where none exists"]
    if not at.rules.masks:
        return [] if answer.startswith("floors: ") else [f"not floors: {answer}"]
    known = re.findall(r"\d+", answer)
    if answer.startswith("max_exceptions: ") and str(at.least) in known:
        return []
    return [f"not max_exceptions with the least, {at.least}: {answer}"]


def wrong_claims(at: Case, plan: Plan, policy: str, most: int | None) -> list[str]:
    """Whatever does not hold for any plan: feasible, sorted, audited, counted, bounded."""
    said = []
    mask = at.rules.mask(plan.pairs)
    if plan.pairs != sorted(set(plan.pairs)):
        said.append(f"unsorted or repeated: {plan.pairs}")
    if mask not in at.objectives.eligible(most):
        return [*said, f"infeasible: {plan.pairs}"]
    found = audit(Market.from_edges(**at.tiny.arguments()), plan)
    if not found.clean:
        said.append(f"audit: {found.violations}")
    counted = asdict(at.rules.figures[mask])
    if plan.figures != counted:
        said.append(f"figures {plan.figures}, not {counted}")
    if not plan.reproducible or (plan.policy, plan.seed) != (policy, at.seed):
        said.append("another policy or seed, or not reproducible")
    return said + wrong_bounds(at, plan, policy, most)


def wrong_bounds(at: Case, plan: Plan, policy: str, most: int | None) -> list[str]:
    """A bound counts among the plans that are best in the keys before its own."""
    order = at.objectives.order[policy]
    keys = {p: at.objectives.keys(policy)[p] for p in at.objectives.eligible(most)}
    said = []
    for name, bound in plan.bounds.items():
        before = order.index(name) if name in order else 0
        top = max(key[:before] for key in keys.values())
        values = [
            getattr(at.rules.figures[p], name) for p, key in keys.items() if key[:before] == top
        ]
        best = min(values) if name == "blocking_pairs" else max(values)
        beaten = best < bound if name == "blocking_pairs" else best > bound
        loose = plan.proved and name == order[0] and best != bound
        if beaten or loose:
            said.append(f"bound of {name} is {bound}, the best {best}")
    if order[0] != "leximin" and order[0] not in plan.bounds:
        said.append(f"no bound of {order[0]}")
    return said


def wrong_within(at: Case, solver: Solver, policy: str, r: random.Random) -> list[str]:
    """max_exceptions: below, at and above what is possible."""
    if not at.rules.masks:
        return []
    worst = max(figures.blocking_pairs for figures in at.rules.figures.values())
    most = r.choice([0, max(0, at.least - 1), at.least, at.least + 1, r.randint(0, worst)])
    answer = at.answer(solver, policy, max_exceptions=most)
    return [f"max_exceptions={most} {said}" for said in wrong(at, answer, policy, most)]


def wrong_when_quick(at: Case, solver: Solver, policy: str, r: random.Random) -> list[str]:
    """effort=0: any feasible plan will do, but never a false claim."""
    most = r.choice([None, None, 0, 1, 2])
    answer = at.answer(solver, policy, effort=0, max_exceptions=most)
    if isinstance(answer, str):
        # Quick may fail to find what exists, where exceptions are bounded.
        excused = most is not None and answer.startswith("max_exceptions: ")
        if excused and at.rules.masks:
            return []
        return [f"quick {policy}: {said}" for said in misnamed(at, answer, most) or []]
    if not at.objectives.eligible(most):
        return [f"quick {policy}: a plan where none exists"]
    said = wrong_claims(at, answer, policy, most)
    keys, mask = at.objectives.keys(policy), at.rules.mask(answer.pairs)
    best = max(keys[plan] for plan in at.objectives.eligible(most))
    if answer.proved and keys.get(mask) != best:
        said.append("claims a proof that is false")
    return [f"quick {policy}: {text} (by {answer.method})" for text in said]


def declined(tiny: Tiny, plan: Plan, r: random.Random) -> Tiny:
    """The market after one or two pairs of a plan were refused or forbidden."""
    loose = [pair for pair in plan.pairs if pair not in tiny.pins]
    ranks = [list(tiny.need_rank), list(tiny.offer_rank)]
    bans = list(tiny.bans)
    for pair in r.sample(loose, min(len(loose), r.choice([1, 1, 2]))):
        way = r.randrange(3)
        if way == 2:
            bans.append(pair)
        else:
            ranks[way][tiny.edges.index(pair)] = -1
    return replace(tiny, need_rank=ranks[0], offer_rank=ranks[1], bans=bans)


def seeds(chunk: int) -> range:
    return range(chunk * MARKETS // CHUNKS, (chunk + 1) * MARKETS // CHUNKS)


def test_there_are_five_policies() -> None:
    assert twosided.POLICIES == POLICIES


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_plan_is_the_one_of_the_definition(chunk: int) -> None:
    found = [said for seed in seeds(chunk) for said in differences(seed, solve)]
    assert found == []


def saved(market: Market, plan: Plan, folder: Path) -> tuple[str, str]:
    paths = str(folder / "market"), str(folder / "plan")
    market.save(paths[0])
    plan.save(paths[1])
    return paths


@pytest.mark.parametrize("policy", POLICIES)
def test_the_verifier_that_stands_alone_accepts_what_is_solved(policy: str, tmp_path: Path) -> None:
    for seed in range(MARKETS // 10):
        at, _ = case(seed)
        if at.rules.masks:
            market = Market.from_edges(**at.tiny.arguments())
            plan = solve(market, policy, seed=at.seed, effort=seed % 2)
            findings, figures = verify(*saved(market, plan, tmp_path))
            assert (findings, figures) == ([], plan.figures), seed


def needs_upside_down(given: dict[str, Any]) -> None:
    """One side prefers what it should like less."""
    right = given["preference_keys"]
    calls: list[None] = []

    def keys(*columns: Any) -> Any:
        calls.append(None)
        found = right(*columns)
        return 2**31 - found if len(calls) % 2 else found

    given["preference_keys"] = keys


def hashes_upside_down(given: dict[str, Any]) -> None:
    right = given["tie_hash"]
    given["tie_hash"] = lambda *columns: 2**29 - 1 - right(*columns)


def ranks_are_scores(given: dict[str, Any]) -> None:
    right = given["preference_keys"]
    given["preference_keys"] = lambda rank, score: right(rank * 0, score)


FLIPPED = (needs_upside_down, hashes_upside_down, ranks_are_scores)


@pytest.mark.parametrize("flip", FLIPPED, ids=lambda flip: flip.__name__)
def test_a_solver_with_one_comparison_flipped_is_found(
    flip: Callable[[dict[str, Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {name: getattr(_prepare, name) for name in ("preference_keys", "tie_hash")}
    flip(given)
    for name, wrong_one in given.items():
        monkeypatch.setattr(_prepare, name, wrong_one)
    assert any(differences(seed, solve) for seed in range(SOON))
