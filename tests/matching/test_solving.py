"""Settings on their way to the engine, and its refusals in the reader's words."""

from __future__ import annotations

import pytest
import twosided
from twosided import Market

from lianqiao.errors import InputError
from lianqiao.language import Translator
from lianqiao.matching.solving import Settings, solved


def market() -> Market:
    return Market.from_edges([0, 1], [0, 0], [0.9, 0.5])


def refusal(monkeypatch: pytest.MonkeyPatch, said: str, language: str = "en") -> str:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError(said)

    monkeypatch.setattr(twosided, "solve", refuse)
    with pytest.raises(InputError) as refused:
        solved(market(), Settings(max_exceptions=1))
    return refused.value.line(Translator(language))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "max_exceptions: 3 is the least that is possible, not 1",
            "every plan of these lists and choices has 3 or more; allow 3,",
        ),
        (
            "max_exceptions: no plan with at most 1 was found; the best has 14",
            "the best plan found has 14; allow 14,",
        ),
        (
            "max_exceptions: no plan with at most 1 was found; none can have fewer than 2",
            "no such plan was found and none has fewer than 2; allow more",
        ),
        ("max_exceptions: something new", "no such plan was found; allow more"),
    ],
)
def test_too_few_exceptions_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    line = refusal(monkeypatch, said)
    assert line.startswith("--max-exceptions: exceptions allowed: 1, but ")
    assert words in line
    chinese = refusal(monkeypatch, said, "zh-Hans")
    assert "限定例外不超过 1 处" in chinese
    assert "请放宽" in chinese


def without_a_stable_plan() -> Market:
    """Every need likes another offer than the offers like, and of two pairs that would go together
    a ceiling lets one happen: whichever two are taken, somebody would rather swap.
    """
    return Market.from_edges(
        [0, 0, 1, 1],
        [0, 1, 0, 1],
        [0.5] * 4,
        need_rank=[1, 2, 2, 1],
        offer_rank=[2, 1, 1, 3],
        ceilings=[([0, 3], 1), ([1, 2], 1)],
    )


def test_the_engine_refuses_in_the_words_that_are_understood() -> None:
    with pytest.raises(InputError) as refused:
        solved(without_a_stable_plan(), Settings(max_exceptions=0))
    assert "has 1 or more; allow 1," in refused.value.line(Translator("en"))


def test_other_mistakes_are_not_hidden() -> None:
    with pytest.raises(ValueError, match="policy"):
        solved(market(), Settings(policy="martian"))


def test_every_setting_reaches_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(twosided, "solve", lambda _market, **named: given.update(named))
    solved(market(), Settings("fairness", 5, 3, 2.5, 7))
    assert given == {
        "policy": "fairness",
        "seed": 5,
        "effort": 3,
        "time_limit": 2.5,
        "max_exceptions": 7,
    }
    assert not Settings().is_quick
    assert Settings(effort=0).is_quick
