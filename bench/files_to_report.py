"""From two lists to the report: cold and warm, and where the time goes.

    python bench/files_to_report.py [NEEDS OFFERS [CHOICES]]

Cold is the whole command in a new process without kept vectors, warm the same with them, both at
--effort 0: the last step of planning is measured by bench/quality.py. Then the steps in one
process. Processor seconds, children included; the calibration loop says how fast this machine is.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from timing import calibration

from lianqiao.language import Text, Translator
from lianqiao.matching.solving import Settings
from lianqiao.site.example import example_sources
from lianqiao.site.journey import Sources, match_files

RUNS = 3
QUICK = Settings(effort=0)


def sources_of(arguments: list[str]) -> Sources:
    return Sources(*map(Path, arguments)) if arguments else example_sources()


def command_seconds(sources: Sources, folder: Path, cache: Path) -> tuple[float, float]:
    """Processor and wall seconds of `lianqiao match` in a new process."""
    choices = ["--choices", str(sources.choices)] if sources.choices else []
    lists = [str(sources.needs), str(sources.offers)]
    call = [sys.executable, "-c", "from lianqiao.site.start import main; main()", "match", *lists]
    call += [*choices, "--effort", "0", "--force", "--out", str(folder), "--lang", "zh"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    environment = {**os.environ, "LIANQIAO_CACHE": str(cache)}
    subprocess.run(call, check=True, capture_output=True, env=environment)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return spent, wall


class Steps:
    """Adds up the processor seconds of each named step."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, text: Text) -> Iterator[None]:
        start = time.process_time()
        yield
        self.spent[Translator("en").render(text)] = time.process_time() - start


def main() -> None:
    sources = sources_of(sys.argv[1:])
    loop = calibration()
    print(f"calibration loop: {loop:.3f} s")
    with tempfile.TemporaryDirectory() as place:
        print_commands(sources, Path(place), loop)
        os.environ["LIANQIAO_CACHE"] = str(Path(place) / "cache")
        for title in ("in one process, first time", "in one process, again"):
            print_steps(sources, Path(place) / "steps", title)


def print_commands(sources: Sources, place: Path, loop: float) -> None:
    cold = sorted(
        command_seconds(sources, place / "plan", place / f"cache-{run}") for run in range(RUNS)
    )[RUNS // 2]
    kept = place / "cache"
    command_seconds(sources, place / "plan", kept)
    warm = sorted(command_seconds(sources, place / "plan", kept) for _ in range(RUNS))[RUNS // 2]
    for name, (spent, wall) in (("cold", cold), ("warm", warm)):
        print(
            f"{name:<6}{spent:7.2f} processor s  {wall:6.2f} s by the clock  {spent / loop:5.1f} ×"
        )


def print_steps(sources: Sources, folder: Path, title: str) -> None:
    steps = Steps()
    settings = {"model": "default", "language": "zh-Hans", "force": True}
    match_files(sources, folder, QUICK, step=steps, **settings)
    total = sum(steps.spent.values())
    print(f"{title}: {total:.2f} processor s")
    for name, spent in steps.spent.items():
        print(f"  {spent:6.2f} s  {spent / total:5.0%}  {name}")


if __name__ == "__main__":
    main()
