"""What is said while a person waits: one line a step, and only if it takes long."""

from __future__ import annotations

import sys
import time

import pytest

from lianqiao.language import Text, Translator
from lianqiao.site.journey import PLANNING
from lianqiao.site.patience import Progress

CHINESE = Translator("zh-Hans")


def wait_for(capfd: pytest.CaptureFixture[str], sign: str, times: int = 1) -> str:
    """What stands on standard error once it holds the sign so often, or after 20 s."""
    said = ""
    give_up = time.monotonic() + 20
    while said.count(sign) < times and time.monotonic() < give_up:
        time.sleep(0.01)
        said += capfd.readouterr().err
    return said


def test_a_long_wait_is_announced_once(capfd: pytest.CaptureFixture[str]) -> None:
    with Progress(CHINESE, seconds=0.01)(Text(PLANNING)):
        said = wait_for(capfd, "\n")
        time.sleep(0.05)
    said += capfd.readouterr().err
    assert said.startswith("正在排方案")
    assert said.count("\n") == 1


def test_a_terminal_counts_the_seconds_and_is_left_clean(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress(CHINESE, seconds=0.01)(Text(PLANNING)):
        said = wait_for(capfd, "秒", times=2)
    said += capfd.readouterr().err
    assert "0 秒" in said
    assert "1 秒" in said
    assert said.endswith("\r\033[K")
    assert "\n" not in said


def test_a_short_wait_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    with Progress(CHINESE, seconds=0.2)(Text(PLANNING)):
        pass
    time.sleep(0.4)
    assert capfd.readouterr() == ("", "")


def test_an_error_inside_stops_the_clock(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), Progress(CHINESE, seconds=0.2)(Text(PLANNING)):
        raise KeyError
    time.sleep(0.4)
    assert capfd.readouterr() == ("", "")
