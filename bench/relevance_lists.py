"""Long lists for the relevance benches, recombined from the judged ones; always the same ones.

An item takes its fields and title from one judged item of its side and language, and two to five
clauses from that item and others of its main category. Numbers are drawn anew, one of 120 made-up
sub-districts and places is named, and a fifth of the fields are left blank.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from relevance_judged import Row, read_judged

HERE = Path(__file__).parent
FOLDERS = (HERE.parent / "tests/data/district-a", *sorted((HERE / "judged").iterdir()))
OWN_CLAUSES = 0.6
BLANK = 0.2
BLANKED = ("category", "sub_district", "unit", "time_window", "target_group", "kind")
_CLAUSE = re.compile(r"(?<=[，。；！？;!?])|(?<=[,.] )")
_NUMBER = re.compile(r"\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENDS = {"zh": ("东", "西", "南", "北", "中"), "en": ("East", "West", "North", "South", "Mid")}
_NAMES = {
    "zh": [
        "柳荫",
        "石桥",
        "清溪",
        "白塔",
        "云顶",
        "枫林",
        "望江",
        "古井",
        "长坡",
        "青羊",
        "临河",
        "双槐",
    ],
    "en": [
        "Alder",
        "Brook",
        "Cedar",
        "Dale",
        "Elm",
        "Ford",
        "Grange",
        "Heath",
        "Ivy",
        "Kiln",
        "Lock",
        "Mill",
    ],
}


@dataclass(frozen=True)
class Pool:
    """The judged items of one side in one language, and their clauses by main category."""

    language: str
    rows: Sequence[Row]
    clauses: dict[str, list[str]]


def make_lists(size: int, *, seed: int = 0, english: float = 0.3) -> tuple[list[Row], list[Row]]:
    """Return `size` needs and as many offers; `english` is the share of English items."""
    judged = [read_judged(folder) for folder in FOLDERS]
    sides = [[row for one in judged for row in one.needs]]
    sides.append([row for one in judged for row in one.offers])
    made = []
    for side, rows in zip("NO", sides, strict=True):
        pools = [_pool(language, rows) for language in ("zh", "en")]
        draw = random.Random(f"{side}{seed}")
        names = [f"{side}{at}" for at in range(size)]
        made.append([_make(name, pools[draw.random() < english], draw) for name in names])
    return made[0], made[1]


def _pool(language: str, rows: Sequence[Row]) -> Pool:
    own = [row for row in rows if bool(_HAN.search(row.title)) == (language == "zh")]
    clauses: dict[str, list[str]] = {}
    for row in own:
        clauses.setdefault(row.category[:1], []).extend(_clauses(row))
    return Pool(language, own, clauses)


def _clauses(row: Row) -> list[str]:
    return [piece for piece in _CLAUSE.split(row.description) if piece.strip()] or [row.title]


def _make(name: str, pool: Pool, draw: random.Random) -> Row:
    row = draw.choice(pool.rows)
    own, others = _clauses(row), pool.clauses[row.category[:1]]
    picked = [
        draw.choice(own if draw.random() < OWN_CLAUSES else others)
        for _ in range(draw.randint(2, 5))
    ]
    place = draw.choice(_NAMES[pool.language]), draw.choice(_ENDS[pool.language])
    gap = " " if pool.language == "en" else ""
    text = gap.join([gap.join(place), *(piece.strip() for piece in dict.fromkeys(picked))])
    blank = {field: "" for field in BLANKED if draw.random() < BLANK}
    street = gap.join((place[0], place[1])) if row.sub_district else ""
    amount = None if row.quantity is None else float(draw.randint(1, 200))
    return replace(
        row,
        id=name,
        title=_renumber(row.title, draw),
        description=_renumber(text, draw),
        **{"sub_district": street, **blank},
        quantity=amount,
    )


def _renumber(text: str, draw: random.Random) -> str:
    return _NUMBER.sub(lambda _: str(draw.randint(2, 400)), text)
