"""Names with slips in lists of many layouts: what is taken is right, what isn't clear is reported.

The pairs that are really meant are known; each list is made anew from a seed.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from lianqiao.exchange.signed import read_signed, settled_rows
from lianqiao.matching.document import TAKEN, ComparisonRow
from tests.exchange.signed_writer import LAYOUTS, Town, misspelt, some_pairs, town, written

ROOT = Path(__file__).parents[2]
TOWNS = {
    "district-a": town(ROOT / "tests/data/district-a", "zh"),
    "county": town(ROOT / "bench/judged/county-zh", "zh"),
    "borough": town(ROOT / "bench/judged/borough-en", "en"),
}
SUFFIXES = (".xlsx", ".csv", ".ods", ".xls")
SLIPS = 0.35
PAIRS = 25


def counted(of: Town, layout: str, seed: int, folder: Path) -> Counter[str]:
    """How many pairs of a made list were written, taken rightly and taken wrongly."""
    chance = random.Random(f"{layout}{seed}")
    sheet = LAYOUTS[layout](of, some_pairs(of, PAIRS, chance), chance, SLIPS)
    path = written(sheet, folder, f"signed{SUFFIXES[seed % len(SUFFIXES)]}")
    rows = settled_rows(read_signed(path, of.needs, of.offers), of.fit)
    by_row: defaultdict[int, list[ComparisonRow]] = defaultdict(list)
    for row in rows:
        by_row[row["row"]].append(row)
    found: Counter[str] = Counter()
    for number, meant in sheet.truth.items():
        taken = {(r["need"], r["offer"]) for r in by_row[number] if r["verdict"] in TAKEN}
        found["written"] += len(meant or ())
        found["right"] += len(taken & set(meant or ()))
        found["wrong"] += len(taken - set(meant or ()))
        found["silent"] += not by_row[number]
    found["wrong"] += sum(
        row["verdict"] in TAKEN
        for number, others in by_row.items()
        if number not in sheet.truth
        for row in others
    )
    return found


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Counter[str]]:
    """Counts by town and layout; each list has 25 rows, a third of the names with a slip."""
    folder = tmp_path_factory.mktemp("signed")
    return {
        (name, layout): counted(of, layout, at, folder)
        for at, layout in enumerate(LAYOUTS)
        for name, of in TOWNS.items()
    }


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", TOWNS)
def test_nothing_is_taken_for_what_it_is_not(
    name: str, layout: str, measured: dict[tuple[str, str], Counter[str]]
) -> None:
    found = measured[name, layout]
    assert found["wrong"] == 0
    assert found["silent"] == 0
    assert found["right"] >= 0.8 * found["written"]


def test_of_many_rows_nearly_all_are_taken_and_none_wrongly(
    measured: dict[tuple[str, str], Counter[str]],
) -> None:
    found = sum(measured.values(), Counter[str]())
    assert found["written"] >= 500
    assert found["wrong"] == 0
    assert found["right"] / found["written"] >= 0.96


def test_the_slips_are_slips() -> None:
    """Otherwise the tests above would prove nothing."""
    chance = random.Random(1)
    names = [need.organisation for need in TOWNS["district-a"].needs]
    changed = [misspelt(name, chance) != name for name in names]
    assert sum(changed) > 0.8 * len(changed)
