"""How many candidates of each need the bridge picture has room for."""

from __future__ import annotations

from lianqiao.exchange.candidate_rows import CandidateRow, CandidateRows
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import Said

# So many candidates of open needs, and so many of served ones, are written out in one language; in
# a larger round each need has fewer.
MOST_WRITTEN, MOST_OF_A_NEED = 1000, 6


class BridgeCandidates:
    """The candidates of a plan, need by need, as many as a page can hold."""

    def __init__(self, view: PlanView) -> None:
        self._rows = CandidateRows(view)
        self._open = {row.need.id for row in view.open}
        self._most_open = _most(len(self._open))
        self._most_served = _most(len(view.needs) - len(self._open))

    def of(self, need: Said) -> tuple[CandidateRow, ...]:
        """Best fit first; none where the plan tells none."""
        return self._rows.of(need, self._most_open if need in self._open else self._most_served)

    @property
    def is_short(self) -> bool:
        """Whether the plan tells of more candidates than are written out."""
        least = min(self._most_open, self._most_served)
        return least < MOST_OF_A_NEED and self._rows.longest > least


def _most(needs: int) -> int:
    return max(1, min(MOST_OF_A_NEED, MOST_WRITTEN // max(1, needs)))
