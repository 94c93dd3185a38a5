"""--model: which model compared the texts, said on the screen and in the plan; its vectors kept."""

from __future__ import annotations

import string
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twosided.relevance import ModelError, encoder
from twosided.relevance._model_error import SAID
from twosided.relevance._vectors import FILE

from lianqiao.errors import InputError
from lianqiao.language import Translator
from lianqiao.matching.models import WRONG, encoder_of, in_words, model_notices
from tests.site.conftest import Run, plan_of
from tests.twosided.relevance.test_other_models import Service

CODES = {"model_sends_texts", "model_missing", "model_lexical"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIANQIAO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    needs, offers = tmp_path / "needs.csv", tmp_path / "offers.csv"
    needs.write_text("id,title,description\nN1,晚上没地方停车,车位太少\nN2,合唱老师,\n", "utf-8")
    offers.write_text("id,title,description\nO1,车库夜间开放,空余车位\nO2,声乐教师,\n", "utf-8")
    return needs, offers


@pytest.fixture
def without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder._load_built_in.cache_clear()
    monkeypatch.setattr("twosided.relevance._universal.find_package", lambda _name: None)


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def plan(run: Run, lists: tuple[Path, Path], *more: object) -> tuple[str, dict[str, Any]]:
    """Plan quickly; return what was said on standard error and the plan."""
    folder = lists[0].parent / "plan"
    said = run("match", *lists, "--effort", 0, "--force", "--out", folder, *more)
    assert said.status == 0, said
    return said.err, plan_of(folder)


def told(document: dict[str, Any]) -> set[str]:
    return {notice["code"] for notice in document["notices"]} & CODES


def test_by_default_nothing_is_said(run: Run, lists: tuple[Path, Path]) -> None:
    said, document = plan(run, lists)
    assert said == ""
    assert told(document) == set()
    assert document["engine"]["model"].startswith("use-multilingual-3/")


@pytest.mark.usefixtures("without_the_model")
def test_a_missing_model_is_said_on_the_screen_and_in_the_plan(
    run: Run, lists: tuple[Path, Path]
) -> None:
    said, document = plan(run, lists)
    assert "is not installed" in said
    assert said.count("\n") == 1
    assert told(document) == {"model_missing"}
    assert document["engine"]["model"] == "lexical"
    report = (lists[0].parent / "plan" / "report.html").read_text("utf-8")
    assert "is not installed" in report
    assert "is not installed" in run("score", *lists, "--json", "-").err


def test_words_alone_when_asked_for_are_no_alarm_but_in_the_plan(
    run: Run, lists: tuple[Path, Path]
) -> None:
    said, document = plan(run, lists, "--model", "lexical")
    assert said == ""
    assert told(document) == {"model_lexical"}
    assert document["engine"]["model"] == "lexical"


def test_a_service_is_named_before_texts_leave(
    run: Run, lists: tuple[Path, Path], service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANQIAO_MODEL_KEY", "secret")
    said, document = plan(run, lists, "--model", service.address)
    assert "leave this computer" in said
    assert "127.0.0.1" in said
    assert told(document) == {"model_sends_texts"}
    assert document["engine"]["model"] == "endpoint/127.0.0.1/small"
    assert {headers["Authorization"] for _, headers, _ in service.asked} == {"Bearer secret"}
    assert "secret" not in (lists[0].parent / "plan" / "plan.json").read_text("utf-8")


def test_a_service_that_refuses_is_one_line_and_nothing_is_written(
    run: Run, lists: tuple[Path, Path], service: Service
) -> None:
    service.answers = [(401, {})] * 9
    folder = lists[0].parent / "plan"
    said = run("match", *lists, "--model", service.address, "--out", folder, lang="zh")
    assert said.status == 2
    assert "LIANQIAO_MODEL_KEY" in said.err.splitlines()[-1]
    assert not folder.exists()


@pytest.mark.parametrize("key", ["钥匙甲", "sk-“quoted”", "two\nlines"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_key_that_no_header_can_hold_is_one_line(
    run: Run,
    lists: tuple[Path, Path],
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    lang: str,
) -> None:
    monkeypatch.setenv("LIANQIAO_MODEL_KEY", key)
    folder = lists[0].parent / "plan"
    said = run("match", *lists, "--model", service.address, "--out", folder, lang=lang)
    assert (said.status, said.out) == (2, "")
    assert "LIANQIAO_MODEL_KEY" in said.err.splitlines()[-1]
    assert "Error" not in said.err
    assert key not in said.err
    assert not service.asked
    assert not folder.exists()
    assert run("match", *lists, "--model", "lexical", "--effort", 0, "--out", folder).status == 0


@pytest.mark.parametrize(
    "address",
    ["http://[::1#m", "https://host:99999/v1?key=secret#m", "https://℀.org/v1#m",
     "http://example.org/v1#m", "https:///v1#m", "https://host/v1"],
)  # fmt: skip
def test_a_wrong_address_is_one_line_before_anything_is_said_of_sending(
    run: Run, lists: tuple[Path, Path], address: str
) -> None:
    said = run("score", *lists, "--model", address)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert "secret" not in said.err
    assert "leave this computer" not in said.err


def test_the_plan_is_the_same_with_and_without_kept_vectors(
    run: Run, lists: tuple[Path, Path], cache: Path
) -> None:
    digests = []
    for _ in range(2):
        encoder._load_built_in.cache_clear()
        digests.append(plan(run, lists)[1]["digest"])
    assert (cache / FILE).stat().st_size > 0
    (cache / FILE).write_bytes(b"spoilt" * 999)
    encoder._load_built_in.cache_clear()
    digests.append(plan(run, lists)[1]["digest"])
    assert len(set(digests)) == 1


def test_every_failure_of_a_model_has_its_words() -> None:
    assert set(WRONG) == set(SAID)
    for code, said in SAID.items():
        names = [name for _, name, _, _ in string.Formatter().parse(said) if name]
        with pytest.raises(InputError) as refusal, in_words():
            raise ModelError(code, **dict.fromkeys(names, "X"))
        for language in ("en", "zh-Hans"):
            line = refusal.value.line(Translator(language))
            assert "--model" in line
            assert "\n" not in line


def test_another_model_that_is_missing_is_no_reason_to_use_words_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder._load_built_in.cache_clear()
    monkeypatch.setattr("twosided.relevance._e5.find_package", lambda _name: None)
    with pytest.raises(InputError) as refusal:
        encoder_of("e5")
    assert "twosided[e5]" in refusal.value.line(Translator("en"))
    assert model_notices("e5") == []
