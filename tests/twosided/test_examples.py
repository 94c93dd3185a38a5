"""The examples run and reach the figures they tell of; every block of code on a page runs."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import runpy
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import twosided
from twosided import POLICIES, Market, Plan, audit, solve

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "twosided/examples"
PAGES = ("twosided/README.md", "twosided/README.zh.md", "docs/how-to/use-the-engine.md")

# A block of Python, and the block of text behind it, if there is one, that it prints.
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n?```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)


def blocks_of(text: str) -> list[tuple[str, str]]:
    return [(code, printed or "") for code, printed in _BLOCK.findall(text)]


def run_blocks(text: str, page: str) -> list[tuple[str, str]]:
    """What each block was to print and what it printed, run one after the other."""
    names: dict[str, Any] = {"__name__": page}
    found = []
    for code, printed in blocks_of(text):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, page, "exec"), names)
        found.append((printed, said.getvalue()))
    return found


def loaded(name: str) -> dict[str, Any]:
    """The names of an example, not run."""
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def told(name: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that an example prints when it runs."""
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_runs_and_prints_what_stands_behind_it(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run_blocks((ROOT / page).read_text(encoding="utf-8"), page)
    assert found
    assert [printed for _, printed in found] == [printed for printed, _ in found]


def test_the_verifier_finds_nothing_in_the_files_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "twosided/README.md").read_text(encoding="utf-8")
    command = "python verifier.py round.market round.plan"
    assert command in page
    monkeypatch.chdir(tmp_path)
    run_blocks(page, "README.md")
    shutil.copy(ROOT / "twosided/src/twosided/verifier.py", tmp_path)
    checked = subprocess.run(
        [sys.executable, *command.split()[1:]], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0
    assert checked.stdout


def test_a_block_that_prints_something_else_is_noticed() -> None:
    text = "```python\nx = 1\n```\n\n```python\nprint(x + 1)\n```\n```text\n3\n```\n"
    assert run_blocks(text, "a page") == [("", ""), ("3\n", "2\n")]
    with pytest.raises(ZeroDivisionError):
        run_blocks("```python\n1 / 0\n```\n", "a page")


@pytest.mark.parametrize("function", [Market.from_edges, solve], ids=["from_edges", "solve"])
def test_the_readme_has_every_argument_and_every_policy(function: Callable[..., Any]) -> None:
    page = (ROOT / "twosided/README.md").read_text(encoding="utf-8")
    in_tables = set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)))
    )
    assert set(inspect.signature(function).parameters) - {"market"} - in_tables == set()
    assert set(POLICIES) - in_tables == set()


def test_every_public_name_is_type_checked() -> None:
    source = (ROOT / "tests/typing/public_api.py").read_text(encoding="utf-8")
    assert {name for name in twosided.__all__ if not re.search(rf"\b{name}\b", source)} == set()


def test_examples_are_short_and_all_of_them_are_tested() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    names = [path.stem for path in sorted(EXAMPLES.glob("*.py"))]
    assert len(names) == 5
    for name in names:
        assert f'told("{name}", capsys)' in source
        assert len((EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()) < 80


def test_school_choice_leaves_nobody_enviously_out(capsys: pytest.CaptureFixture[str]) -> None:
    first, _, envious, calm, seats = told("school_choice", capsys)
    assert first == "first choices first: 9 of 10 placed, 7 first choices"
    assert envious == "   Ada and Hill would rather have each other"
    assert calm.startswith("nobody would rather swap: 10 of 10 placed, ")
    assert "Jan Park" in seats
    names = loaded("school_choice")
    market: Market = names["school_market"]()
    old = names["first_choices_first"]()
    children = [names["CHILD"][child] for child, _ in old]
    schools = [names["SCHOOL"][school] for _, school in old]
    assert audit(market, (children, schools)).violations == ()
    assert audit(market, solve(market, "stability")).violations == ()


def test_volunteers_keep_floors_and_the_minibus(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told("volunteers_to_shifts", capsys)
    middle = lines.index(next(line for line in lines if line.startswith("with floors")))
    assert lines[0] == "without limits: 6 of 6 shifts, 9 turns"
    assert "   shelter  2 (floor 3)" in lines[:middle]
    assert "   5 turns by students (minibus 4)" in lines[:middle]
    assert lines[middle].startswith("with floors and minibus: 6 of 6 shifts, ")
    assert "   shelter  3 (floor 3)" in lines[middle:]
    assert "   4 turns by students (minibus 4)" in lines[middle:]
    names = loaded("volunteers_to_shifts")
    market: Market = names["rota_market"]()
    plan = solve(market, policy="coverage")
    assert audit(market, plan).violations == ()
    shifts = list(names["SHIFTS"])
    worked = [(j, shifts[i][:3]) for i, j in plan.pairs]
    assert len(worked) == len(set(worked))
    assert len(market.ceilings) == 1 + sum(
        len(who[2].split()) for who in names["VOLUNTEERS"].values()
    )


def test_fairness_gives_no_paper_less_than_two_reviews(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told("reviewers_to_papers", capsys)
    figures = [line for line in lines if not line.startswith(" ")]
    words = [line.split(",")[:2] for line in figures]
    assert words[1] == ["coverage: 12 reviews", " the worst-off paper has 1"]
    assert words[2] == ["fairness: 12 reviews", " the worst-off paper has 2"]
    assert words[0] == ["stability: 12 reviews", " the worst-off paper has 1"]
    names = loaded("reviewers_to_papers")
    market: Market = names["review_market"]()
    plan = solve(market, policy="fairness")
    assert audit(market, plan).violations == ()
    given = names["reviews"](plan)
    assert sorted(len(who) for who in given.values()) == [2, 2, 2, 3, 3]
    assert "Lee" not in given["beams"]
    assert "Mao" not in given["enzymes"]


def test_students_to_projects_beside_the_matching_library(
    capsys: pytest.CaptureFixture[str],
) -> None:
    theirs, ours = told("students_to_projects", capsys)
    assert theirs == "matching: 93 students, mean wish 2.18, blocking 0 here, 0 there"
    assert re.fullmatch(
        r"twosided: 97 students, mean wish \d\.\d\d, blocking 0 here, [1-9]\d* there", ours
    )
    names = loaded("students_to_projects")
    market: Market = names["project_market"]()
    plan = solve(market, policy="stability", effort=0)
    assert audit(market, plan).violations == ()
    assert plan.proved
    assert plan.bounds["needs_served"] == 97 == sum(bool(w) for w in names["WISHES"].values())


def test_residents_to_hospitals_is_the_plan_of_the_matching_library(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert told("residents_to_hospitals", capsys) == [
        "86 wishes, 64 of them ranked by both sides",
        "37 residents placed, 0 blocking pairs",
        "the same plan as matching's",
    ]


def recorded(name: str) -> list[tuple[str, str]]:
    lines = (EXAMPLES / "instances" / name).read_text(encoding="utf-8").splitlines()
    return [(line.split(",")[0], line.split(",")[1]) for line in lines[1:]]


def pairs_of(game: Any, **options: str) -> list[tuple[str, str]]:
    solution = game.solve(**options)
    return sorted((str(one), str(key)) for key, all_of_it in solution.items() for one in all_of_it)


def allocation_game(names: dict[str, Any]) -> Any:
    """The year of `students_to_projects` as the matching library takes it."""
    games = pytest.importorskip("matching.games")
    wishes = {student: listed for student, listed in names["WISHES"].items() if listed}
    led_by, by_grade = names["LED_BY"], sorted(wishes, key=names["GRADE"].__getitem__)
    ranking = {
        who: [s for s in by_grade if any(led_by[project] == who for project in wishes[s])]
        for who in names["LIMIT"]
    }
    places, limits = dict(names["PLACES"]), dict(names["LIMIT"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one for each capacity that it cleans
        return games.StudentAllocation.create_from_dictionaries(
            wishes, ranking, led_by, places, limits, clean=True
        )


def test_the_recorded_allocation_is_what_the_matching_library_answers() -> None:
    names = loaded("students_to_projects")
    game = allocation_game(names)
    answer = pairs_of(game, optimal="student")
    assert game.check_stability()
    assert answer == recorded("matching_plan.csv")
    assert names["allocation_blocks"](dict(answer)) == []
    sides = ([names["STUDENT"][s] for s, _ in answer], [names["PROJECT"][p] for _, p in answer])
    found = audit(names["project_market"](), sides)
    assert found.violations == ()
    assert found.blocking_pairs.tolist() == []


def library_blocks(names: dict[str, Any], place: dict[str, str]) -> list[tuple[str, str]]:
    """What the matching library finds to block an allocation."""
    game = allocation_game(names)
    by_code = {project.name: project for project in game.projects}
    for student in game.students:
        if student.name in place:
            student._match(by_code[place[student.name]])
            by_code[place[student.name]]._match(student)
    game.check_stability()
    return sorted((student.name, project.name) for student, project in game.blocking_pairs)


@pytest.mark.parametrize("seed", range(4))
def test_the_matching_library_counts_the_same_allocation_blocks_in_our_plan(seed: int) -> None:
    names = loaded("students_to_projects")
    students, projects = list(names["STUDENT"]), list(names["PROJECT"])
    plan: Plan = solve(names["project_market"](), policy="stability", seed=seed, effort=0)
    place, led = {}, set()
    for i, j in plan.pairs:
        # Some go without, so that there are free places; the library wants one for each supervisor.
        if i % 3 != seed or names["LED_BY"][projects[j]] not in led:
            place[students[i]] = projects[j]
            led.add(names["LED_BY"][projects[j]])
    found = sorted(names["allocation_blocks"](place))
    assert found
    assert found == library_blocks(names, place)


def test_a_student_who_could_change_projects_within_a_full_supervisor_blocks() -> None:
    names = loaded("students_to_projects")
    place, led_by = dict(recorded("matching_plan.csv")), names["LED_BY"]
    for student, project in list(place.items()):
        for worse in names["WISHES"][student]:
            free = list(place.values()).count(worse) < names["PLACES"][worse]
            if free and led_by[worse] == led_by[project]:
                place[student] = worse
    found = sorted(names["allocation_blocks"](place))
    assert any(led_by[project] == led_by.get(place.get(student)) for student, project in found)
    assert found == library_blocks(names, place)


def test_the_recorded_residents_are_what_the_matching_library_answers() -> None:
    games = pytest.importorskip("matching.games")
    names = loaded("residents_to_hospitals")
    hospitals = names["HOSPITALS"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one for each list that it cleans
        game = games.HospitalResident.create_from_dictionaries(
            names["RESIDENTS"], hospitals, dict.fromkeys(hospitals, 1), clean=True
        )
        answer = pairs_of(game, optimal="resident")
    assert sorted(answer) == sorted(recorded("matching_plan_159.csv"))
