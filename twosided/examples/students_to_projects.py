"""Students to projects: strict lists, places per project, and supervisors with a limit over all.

A real year: 97 students who chose, 70 projects, 26 supervisors who prefer students by grade and
have ceilings over their projects' pairs. The `matching` library means something else by stable
(Abraham et al., J. Discrete Algorithms 5, 2007): there a full supervisor lets a student change
projects and weighs a newcomer against the worst student of *any* project, here against those of
the same project. What is stable there is stable here; not the other way round: four more students.
"""

import csv
from pathlib import Path

from twosided import Market, audit, solve


def rows(name: str) -> list[dict[str, str]]:
    path = Path(__file__).parent / "instances" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


PROJECTS = rows("matching_projects.csv")
PLACES = {row["code"]: int(row["capacity"]) for row in PROJECTS}
LED_BY = {row["code"]: row["supervisor"] for row in PROJECTS}
LIMIT = {row["name"]: int(row["capacity"]) for row in rows("matching_supervisors.csv")}
TEAMS = [([p for p in LED_BY if LED_BY[p] == who], limit) for who, limit in LIMIT.items()]
YEAR = rows("matching_students.csv")
GRADE = {row["name"]: int(row["rank"]) for row in YEAR}  # 1 is best
# A project that a student names twice counts where it stands first.
WISHES = {row["name"]: list(dict.fromkeys(filter(None, [*row.values()][2:]))) for row in YEAR}
STUDENT, PROJECT = ({name: k for k, name in enumerate(side)} for side in (WISHES, PLACES))


def project_market() -> Market:
    wishes = [(s, p, rank) for s in WISHES for rank, p in enumerate(WISHES[s], 1)]
    ceilings = [([e for e, w in enumerate(wishes) if w[1] in led], cap) for led, cap in TEAMS]
    return Market.from_edges(
        need=[STUDENT[s] for s, _, _ in wishes],
        offer=[PROJECT[p] for _, p, _ in wishes],
        score=[0] * len(wishes),
        need_rank=[rank for _, _, rank in wishes],
        offer_rank=[GRADE[s] for s, _, _ in wishes],
        quantity=[1] * len(STUDENT),
        capacity=list(PLACES.values()),
        ceilings=ceilings,
    )


def allocation_blocks(place: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs that block as that paper has it."""
    at: dict[str, list[str]] = {key: [] for key in [*PLACES, *LIMIT]}
    for student, project in place.items():
        at[project].append(student)
        at[LED_BY[project]].append(student)
    found = []
    for student, wishes in WISHES.items():
        mine = wishes.index(place[student]) if student in place else len(wishes)
        for project in wishes[:mine]:
            who, crowded = LED_BY[project], len(at[project]) == PLACES[project]
            welcome = not crowded and (len(at[who]) < LIMIT[who] or student in at[who])
            if welcome or GRADE[student] < max(GRADE[s] for s in at[project if crowded else who]):
                found.append((student, project))
    return found


def main() -> None:
    market = project_market()
    theirs = {row["student"]: row["project"] for row in rows("matching_plan.csv")}
    plan = solve(market, "stability", effort=0)  # quick, and proved all the same
    ours = {list(STUDENT)[i]: list(PROJECT)[j] for i, j in plan.pairs}
    for title, place in (("matching", theirs), ("twosided", ours)):
        found = audit(market, ([STUDENT[s] for s in place], [PROJECT[p] for p in place.values()]))
        wish = sum(WISHES[s].index(p) + 1 for s, p in place.items()) / len(place)
        blocking = f"{len(found.blocking_pairs)} here, {len(allocation_blocks(place))} there"
        print(f"{title}: {len(place)} students, mean wish {wish:.2f}, blocking {blocking}")


if __name__ == "__main__":
    main()
