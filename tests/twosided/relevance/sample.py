"""Items and judged lists for the tests of relevance."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DISTRICT = HERE.parents[1] / "data" / "district-a"
ENGLISH = HERE / "english"
OTHER_CITY = HERE / "other_city"
JUDGED = HERE.parents[2] / "bench" / "judged"
CROSSED = (JUDGED / "cross-en-zh", JUDGED / "cross-zh-en")
GOOD = 2

Grades = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Thing:
    """A need or an offer."""

    id: str = "X"
    title: str = ""
    description: str = ""
    category: str = ""
    organisation: str = ""
    sub_district: str = ""
    quantity: float | None = None
    unit: str = ""
    time_window: str = ""
    target_group: str = ""
    kind: str = ""


def read_things(path: Path) -> list[Thing]:
    with path.open(encoding="utf-8") as lines:
        return [read_thing(line) for line in csv.DictReader(lines)]


def read_thing(line: dict[str, str]) -> Thing:
    known = {name: line[name] for name in Thing.__annotations__ if name != "quantity"}
    return Thing(**known, quantity=float(line["quantity"]) if line["quantity"] else None)


def read_lists(folder: Path) -> tuple[list[Thing], list[Thing]]:
    return read_things(folder / "needs.clean.csv"), read_things(folder / "offers.clean.csv")


def read_grades(folder: Path) -> Grades:
    with (folder / "relevance.csv").open(encoding="utf-8") as lines:
        return {
            (line["need_id"], line["offer_id"]): int(line["grade"])
            for line in csv.DictReader(lines)
        }
