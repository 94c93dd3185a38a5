"""What is said while a person waits: one line, and only if it takes long."""

from __future__ import annotations

import time

import pytest

from lianqiao.language import Text, Translator
from lianqiao.site.cli import PLANNING
from lianqiao.site.patience import saying_if_long

CHINESE = Translator("zh-Hans")


def test_a_long_wait_is_announced_once(capfd: pytest.CaptureFixture[str]) -> None:
    said = ""
    with saying_if_long(Text(PLANNING), CHINESE, seconds=0.01):
        give_up = time.monotonic() + 20
        while not said and time.monotonic() < give_up:
            time.sleep(0.01)
            said += capfd.readouterr().err
    time.sleep(0.05)
    said += capfd.readouterr().err
    assert said.startswith("正在排方案")
    assert said.count("\n") == 1


def test_a_short_wait_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    with saying_if_long(Text(PLANNING), CHINESE, seconds=0.2):
        pass
    time.sleep(0.4)
    assert capfd.readouterr() == ("", "")


def test_an_error_inside_stops_the_clock(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), saying_if_long(Text(PLANNING), CHINESE, seconds=0.2):
        raise KeyError
    time.sleep(0.4)
    assert capfd.readouterr() == ("", "")
