"""Learning from what both sides decided: weights for the score, and how well they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from twosided.relevance import Learnt, check_decisions, learn, pack_weights

from lianqiao.catalogue.records import CLEAN_COLUMNS, Decision, ListItem, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.language import N_, Text
from lianqiao.matching.round import mode_of, relevance_of

Item = TypeVar("Item", bound=ListItem)
TOO_FEW = N_(
    "%(accepted)d accepted and %(declined)d declined are too few to learn from; at least "
    "20 decisions about 5 needs are wanted, 5 of each kind"
)


@dataclass(frozen=True)
class Lesson:
    """What was learnt. packed: for a file of weights."""

    learnt: Learnt
    packed: Mapping[str, Any]


def learn_from(
    decisions: Sequence[Decision],
    needs: Sequence[NeedRecord] | None,
    offers: Sequence[OfferRecord] | None,
    model: str,
    begin_with: Any = None,
) -> Lesson:
    """Fit weights to decisions, in the setting of both lists if they are known.

    begin_with: values of a file of weights, None for the shipped ones. Raises InputError if there
    are too few decisions.
    """
    left, place = _places(needs, (one.need for one in decisions))
    right, spot = _places(offers, (one.offer for one in decisions))
    pairs = [(place[_key(one.need)], spot[_key(one.offer)]) for one in decisions]
    accepted = [one.accepted for one in decisions]
    _check_enough([need for need, _ in pairs], accepted)
    relevance = relevance_of(left, right, model, begin_with)
    learnt = learn(relevance, pairs, accepted)
    mode = mode_of(is_lexical=relevance.model_id == "lexical")
    return Lesson(learnt, pack_weights(learnt, mode))


def _check_enough(needs: Sequence[int], accepted: Sequence[bool]) -> None:
    """Said before anything is compared, which takes a while."""
    try:
        check_decisions(needs, accepted)
    except ValueError as error:
        yes = sum(accepted)
        values = {"accepted": yes, "declined": len(accepted) - yes}
        raise InputError(Text(TOO_FEW, values)) from error


def _places(
    listed: Sequence[Item] | None, decided: Iterable[Item]
) -> tuple[list[Item], dict[tuple[object, ...], int]]:
    """Every item once, those of a list first, and where each stands."""
    items: list[Item] = []
    place: dict[tuple[object, ...], int] = {}
    for item in [*(listed or ()), *decided]:
        if _key(item) not in place:
            place[_key(item)] = len(items)
            items.append(item)
    return items, place


def _key(item: ListItem) -> tuple[object, ...]:
    """What an item says; with lines of JSON its id may be nothing but the number of its line."""
    return tuple(getattr(item, name) for name in CLEAN_COLUMNS if name != "id")
