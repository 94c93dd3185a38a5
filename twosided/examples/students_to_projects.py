"""Students to projects: strict lists, places per project, and supervisors with a limit over all.

A real year: 97 students who chose, 70 projects, 26 supervisors who prefer students by grade. A
supervisor's limit is a ceiling over all candidate pairs of the supervisor's projects. The plan of
the `matching` library stands beside it and means something else by stable: there a full supervisor
lets a student change projects and weighs a newcomer against the worst student of *any* project;
here a project weighs newcomers against its own. What is stable there is stable here, not the other
way round; that leaves room for four more students. (Abraham et al. 2007,
doi:10.1016/j.jda.2006.03.006)
"""

import csv
from pathlib import Path

from twosided import Market, audit, solve

FOLDER = Path(__file__).parent / "instances"


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


PROJECTS = rows("matching_projects.csv")
PLACES = {row["code"]: int(row["capacity"]) for row in PROJECTS}
LED_BY = {row["code"]: row["supervisor"] for row in PROJECTS}
LIMIT = {row["name"]: int(row["capacity"]) for row in rows("matching_supervisors.csv")}
YEAR = rows("matching_students.csv")
GRADE = {row["name"]: int(row["rank"]) for row in YEAR}  # 1 is best
# A project that a student names twice counts where it stands first.
WISHES = {row["name"]: list(dict.fromkeys(filter(None, [*row.values()][2:]))) for row in YEAR}
STUDENT = {name: number for number, name in enumerate(WISHES)}
PROJECT = {code: number for number, code in enumerate(PLACES)}


def project_market() -> Market:
    wishes = [(s, p, rank) for s in WISHES for rank, p in enumerate(WISHES[s], 1)]
    return Market.from_edges(
        need=[STUDENT[s] for s, _, _ in wishes],
        offer=[PROJECT[p] for _, p, _ in wishes],
        score=[0] * len(wishes),
        need_rank=[rank for _, _, rank in wishes],
        offer_rank=[GRADE[s] for s, _, _ in wishes],
        quantity=[1] * len(STUDENT),
        capacity=list(PLACES.values()),
        ceilings=[
            ([e for e, w in enumerate(wishes) if LED_BY[w[1]] == who], LIMIT[who]) for who in LIMIT
        ],
    )


def allocation_blocks(place: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs that block in the sense of student-project allocation."""
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
            rivals = at[project] if crowded else at[who]
            if welcome or GRADE[student] < max(GRADE[s] for s in rivals):
                found.append((student, project))
    return found


def main() -> None:
    market, students, projects = project_market(), list(STUDENT), list(PROJECT)
    theirs = {row["student"]: row["project"] for row in rows("matching_plan.csv")}
    plan = solve(market, policy="stability")
    ours = {students[i]: projects[j] for i, j in plan.pairs}
    for title, place in (("matching", theirs), ("twosided", ours)):
        found = audit(market, ([STUDENT[s] for s in place], [PROJECT[p] for p in place.values()]))
        mean = sum(WISHES[s].index(p) + 1 for s, p in place.items()) / len(place)
        blocking = f"{len(found.blocking_pairs)} here, {len(allocation_blocks(place))} there"
        print(f"{title}: {found.needs_served} students, mean wish {mean:.2f}, blocking {blocking}")


if __name__ == "__main__":
    main()
