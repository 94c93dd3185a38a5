"""A thin door to CP-SAT: integer programmes in plain numbers, solved the same way everywhere.

Reference: Perron, Didier, Gay 2023, doi:10.4230/LIPIcs.CP.2023.3.  `ortools.sat.python.cp_model`
would load pandas, two seconds that a district need not wait; this builds the same model in the wire
format, and the exact pin of ortools keeps it working.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

# Ends of a linear constraint that bind nothing, as the solver knows them.
NO_LOW, NO_HIGH = -(2**63), 2**63 - 1
# Beyond this a sum could overflow in the solver.
LARGEST_SUM = 2**60
# Subsolvers take turns in batches, so neither cores nor load change what is found; two threads.
TAKING_TURNS = "num_workers:2 interleave_search:true"
# A small programme, or a short search, is over before turns pay; a batch of turns also overruns.
ALONE = "num_workers:1"
ALONE_VARIABLES, ALONE_SECONDS = 300, 2.0


@dataclass(frozen=True)
class Answer:
    """values: of every variable, None if none was found; bound: none can be better, None unknown.

    proved: the values are the best, or no values exist.  spent: deterministic seconds.
    """

    values: list[int] | None
    bound: int | None
    proved: bool
    spent: float


class Programme:
    """Whole-numbered variables, clauses, linear constraints and one objective to maximise.

    A literal is the number of a 0–1 variable, or `negated` of it.
    """

    def __init__(self) -> None:
        self._cp = _library()
        self._model = self._cp.CpModelProto()
        self._count = 0

    def variable(self, low: int = 0, high: int = 1) -> int:
        self._model.variables.add().domain.extend([low, high])
        self._count += 1
        return self._count - 1

    def fix(self, variables: Sequence[int], values: Sequence[int]) -> None:
        """Give variables their values until they are released."""
        for variable, value in zip(variables, values, strict=True):
            self._restrict(variable, value, value)

    def release(self, variables: Sequence[int], values: Sequence[int], high: int = 1) -> None:
        """Let each variable be between its value here and `high` again."""
        for variable, value in zip(variables, values, strict=True):
            self._restrict(variable, value, high)

    def _restrict(self, variable: int, low: int, high: int) -> None:
        domain = self._model.variables[variable].domain
        domain.clear()
        domain.extend([low, high])

    def clause(self, literals: Sequence[int]) -> None:
        """At least one of them is true."""
        self._model.constraints.add().bool_or.literals.extend(literals)

    def linear(
        self,
        terms: Iterable[tuple[int, int]],
        low: int = NO_LOW,
        high: int = NO_HIGH,
    ) -> None:
        """low <= the sum of coefficient times variable <= high."""
        linear = self._model.constraints.add().linear
        pairs = list(terms)
        linear.vars.extend([variable for variable, _ in pairs])
        linear.coeffs.extend([coefficient for _, coefficient in pairs])
        linear.domain.extend([low, high])

    def maximise(
        self,
        terms: Iterable[tuple[int, int]],
        hint: Sequence[int] | None,
        budget: float,
        deadline: float | None = None,
    ) -> Answer:
        """The best values that are found in `budget` deterministic seconds.

        hint: a value for each of the first variables.  deadline: of time.monotonic(), or None.
        """
        pairs = list(terms)
        assert sum(abs(coefficient) for _, coefficient in pairs) < LARGEST_SUM
        self._model.clear_objective()
        objective = self._model.objective
        objective.vars.extend([variable for variable, _ in pairs])
        objective.coeffs.extend([-coefficient for _, coefficient in pairs])
        self._model.clear_solution_hint()
        if hint is not None:
            self._model.solution_hint.vars.extend(list(range(len(hint))))
            self._model.solution_hint.values.extend(list(hint))
        return self._solved(budget, deadline)

    def _solved(self, budget: float, deadline: float | None) -> Answer:
        alone = self._count < ALONE_VARIABLES or budget < ALONE_SECONDS
        settings = [
            ALONE if alone else TAKING_TURNS,
            # Ctrl-C ends the whole plan: a search cut short would not be reproducible.
            f"random_seed:0 catch_sigint_signal:false max_deterministic_time:{budget:.6f}",
        ]
        if deadline is not None:
            settings.append(f"max_time_in_seconds:{max(0.01, deadline - time.monotonic()):.3f}")
        parameters = self._cp.SatParameters()
        parameters.parse_text_format(" ".join(settings))
        solver = self._cp.SolveWrapper()
        solver.set_parameters(parameters)
        response = _interruptible(solver, self._model)
        status = response.status
        assert status != self._cp.MODEL_INVALID, "the integer programme is malformed"
        known = status in (self._cp.OPTIMAL, self._cp.FEASIBLE)
        return Answer(
            values=list(response.solution) if known else None,
            bound=int(-response.inner_objective_lower_bound) if known else None,
            proved=status in (self._cp.OPTIMAL, self._cp.INFEASIBLE),
            spent=float(response.deterministic_time),
        )


def _interruptible(solver: Any, model: Any) -> Any:
    """The answer of a search; beside it, so that Ctrl-C reaches this thread and ends both."""
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(solver.solve, model)
        try:
            return answer.result()
        except KeyboardInterrupt:
            solver.stop_search()
            raise


def negated(literal: int) -> int:
    return -literal - 1


def _library() -> Any:
    # Loaded with the first programme: large markets never come here.
    from ortools.sat.python import cp_model_helper  # noqa: PLC0415 -- only where it is needed

    return cp_model_helper
