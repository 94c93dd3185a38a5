"""The figures of the example district that the documents tell are those that a plan gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lianqiao.site.cli import POLICIES_IN_CHINESE
from tests.site.conftest import Run, match_arguments, plan_of

DOCS = Path(__file__).parent.parent.parent / "docs"
ENGLISH = DOCS / "how-to" / "choose-a-policy.md"
TUTORIAL = DOCS / "tutorial" / "first-round.md"


@pytest.mark.parametrize(("chinese", "policy"), POLICIES_IN_CHINESE.items())
def test_the_tables_of_policies(run: Run, tmp_path: Path, chinese: str, policy: str) -> None:
    said = run(*match_arguments(tmp_path / "plan"), "--policy", policy)
    assert said.status == 0, said.err
    figures = plan_of(tmp_path / "plan")["figures"]
    counts = [figures[each] for each in ("needs_served", "communities_served", "blocking_pairs")]
    share = re.search(r"fit: ([\d.]+) %", said.out)
    assert share
    row = f"{' | '.join(map(str, counts))} | {share[1]}"
    assert f"| `{policy}` | {row} % |" in ENGLISH.read_text("utf-8")
    assert f"| {chinese} | {row}% |" in (DOCS / "zh.md").read_text("utf-8")
    if policy == "balanced":
        served, reached, exceptions = counts
        told = " ".join(TUTORIAL.read_text("utf-8").split())
        assert f"{served} of 104 needs and {reached} of 74 communities" in told
        assert f"{exceptions} exceptions, a fit of {share[1]} %" in told
