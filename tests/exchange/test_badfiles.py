"""Bad input of every kind is refused in one line that names the place and the remedy, in both
languages; a bomb is refused quickly and in little memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.choices import read_choices
from lianqiao.exchange.lists import read_list
from lianqiao.language import LANGUAGES, Translator
from tests.exchange.badfiles import bombs
from tests.exchange.badfiles.bad_choices import BAD_CHOICES, BadChoices
from tests.exchange.badfiles.make_badfiles import BAD_LISTS, Bad, good_list

SECONDS, MEGABYTES = 5, 150
TECHNICAL = re.compile(
    r"Traceback|Exception|\w+Error\b|File \"|, line \d+|calamine|openpyxl|zipfile|expat|odfpy"
    r"|\bxlrd\b|0x[0-9a-f]{4}|<class|NoneType|\bpanic|codec|byte offset|errno",
    re.IGNORECASE,
)
CJK = re.compile(r"[\u4e00-\u9fff]")
NEEDS = (
    NeedRecord(id="N001", title="补路灯", organisation="东风社区"),
    NeedRecord(id="N002", title="换旧书", organisation="西园社区"),
)
OFFERS = (
    OfferRecord(id="O001", title="零星修缮", organisation="区城投公司"),
    OfferRecord(id="O002", title="流动书车", organisation="区图书馆"),
)
# Reads a list in a process of its own and says how long it took and how much memory it added.
# Linux hands the parent's peak down in ru_maxrss, which would hide the growth: VmHWM starts anew.
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from lianqiao.errors import InputError
from lianqiao.exchange.lists import read_list
from lianqiao.language import Translator
def peak():
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 ** 2
# A reader that fails this test must not take the machine with it.
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
read_list(Path(sys.argv[2]))
before, start = peak(), time.perf_counter()
try:
    said = str(len(read_list(Path(sys.argv[1])).records))
except InputError as error:
    said = error.line(Translator("en"))
seconds = time.perf_counter() - start
print(json.dumps({"said": said, "seconds": seconds, "megabytes": peak() - before}))
"""


Built = Callable[[Callable[[Path], Path]], Path]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Makes each file once a session: some take seconds."""
    return cache(lambda build: build(tmp_path_factory.mktemp("bad")))


def refused(build: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        build()
    return caught.value


def check_line(error: InputError, language: str, file: str, says: str, cell: str) -> None:
    """One line, free of technical words, that names the place, in the language asked for."""
    line, said = error.line(Translator(language)), Translator(language).render(error.text)
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", line), repr(line)
    assert file in line
    assert len(line) < 400, line
    assert not TECHNICAL.search(line.replace(file, "")), line
    assert re.search(says, line.replace(file, ""), re.IGNORECASE), line
    assert re.search(rf"(?<![A-Z0-9]){cell}(?![0-9])", line.replace(file, "")), line
    if language == "zh-Hans":
        assert said != Translator("en").render(error.text), "not translated"
        assert CJK.search(said), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bad", BAD_LISTS, ids=lambda bad: bad.name)
def test_a_bad_list_is_refused_in_one_line(bad: Bad, language: str, built: Built) -> None:
    path = built(bad.build)
    if bad.name == "unreadable" and os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    error = refused(lambda: read_list(path, kind=bad.kind, sheet=bad.ask_sheet))
    # A line break in a file's name is the one thing that may be shown in another way.
    file = path.name.rpartition("\n")[2]
    check_line(error, language, file, bad.says if language == "en" else bad.says_zh, bad.cell)
    assert bad.sheet in error.line(Translator(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bad", BAD_CHOICES, ids=lambda bad: bad.name)
def test_bad_choices_are_refused_in_one_line(
    bad: BadChoices, language: str, tmp_path: Path
) -> None:
    path = bad.build(tmp_path)
    error = refused(lambda: read_choices(path, NEEDS, OFFERS))
    check_line(error, language, path.name, bad.says, bad.cell)


def test_good_choices_are_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    path.write_text(
        "by,chooser,need_id,offer_id,rank,decision,note\n"
        "community,东风社区,N001,O001,1,pick,\n"
        "community,东风社区,N001,O002,1,pick,同样合适\n"
        "institution,区图书馆,N002,O002,3,pick,\n"
        "institution,区图书馆,N001,O002,,not_acceptable,\n"
        "organiser,区直机关工委,N002,O002,,pinned,已签约\n",
        encoding="utf-8",
    )
    choices = read_choices(path, NEEDS, OFFERS)
    assert [(c.by, c.need_id, c.offer_id, c.rank, c.decision, c.row) for c in choices] == [
        ("community", "N001", "O001", 1, "pick", 2),
        ("community", "N001", "O002", 1, "pick", 3),
        ("institution", "N002", "O002", 3, "pick", 4),
        ("institution", "N001", "O002", None, "not_acceptable", 5),
        ("organiser", "N002", "O002", None, "pinned", 6),
    ]


def test_a_good_list_is_not_refused(tmp_path: Path) -> None:
    assert [r.title for r in read_list(good_list(tmp_path / "good.xlsx", 1)).records] == ["补路灯"]


@pytest.mark.parametrize("bomb", bombs.BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_costs_little_time_and_memory(
    bomb: Callable[[Path], Path], built: Built, tmp_path: Path
) -> None:
    path, good = built(bomb), good_list(tmp_path / "good.xlsx")
    command = [sys.executable, "-c", MEASURED, str(path), str(good)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    measured = json.loads(ended.stdout)
    assert measured["said"].startswith(path.name) or measured["said"].isdecimal(), measured
    assert measured["seconds"] < SECONDS, measured
    assert measured["megabytes"] < MEGABYTES, measured


@pytest.mark.parametrize("build", [bombs.merged_everywhere, bombs.many_merges])
def test_wide_merges_do_no_harm(build: Callable[[Path], Path], built: Built) -> None:
    assert read_list(built(build)).records[0].title == "补路灯"
