"""Two lists and the choices of a round, turned into a market that the engine can plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from twosided import Market
from twosided.relevance import Related, Weights, relate_lists, unpack_weights

from lianqiao.catalogue.records import Choice, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.language import N_, Text
from lianqiao.matching.document import PlannedItem, item_of
from lianqiao.matching.models import encoder_of, in_words
from lianqiao.matching.numbers import capacity, partners_wanted

# In long lists a need keeps its best offers only: more than anybody reads. In lists of no more than
# so many pairs it keeps all that fit, so that needs which are alike never all keep the same ones.
CANDIDATES_PER_NEED = 40
MOST_PAIRS_KEPT = 250_000

Pair = tuple[int, int]
OTHER_WEIGHTS = N_(
    "these weights can't be used here (%(why)s); learn them again, or leave --weights out"
)


@dataclass(frozen=True)
class Round:
    """A round ready to be planned.

    needs, offers: as listed. market: the engine's view, needs and offers by position.
    communities: names of the market's need groups. notices: what a person should know.
    """

    needs: tuple[NeedRecord, ...]
    offers: tuple[OfferRecord, ...]
    relevance: Related
    market: Market
    communities: tuple[str, ...]
    notices: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class _Wishes:
    """The choices by position: ranks of both sides (-1 refuses), pins and bans."""

    need_rank: dict[Pair, int]
    offer_rank: dict[Pair, int]
    pins: tuple[Pair, ...]
    bans: tuple[Pair, ...]

    @property
    def picked(self) -> set[Pair]:
        """Pairs that at least one side ranked."""
        ranks = (self.need_rank, self.offer_rank)
        return {pair for side in ranks for pair, rank in side.items() if rank > 0}


def relevance_of(
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    model: str,
    learnt: Any = None,
) -> Related:
    """How well every need and offer fit. model: see `encoder_of`.

    learnt: the values of a file of weights, None for the shipped ones. Raises InputError if the
    model or the weights can't be used.
    """
    encoder = encoder_of(model)
    weights = None if learnt is None else _weights(learnt, is_lexical=encoder is None)
    with in_words():
        return relate_lists(needs, offers, encoder=encoder, weights=weights)


def _weights(learnt: Any, *, is_lexical: bool) -> Weights:
    try:
        return unpack_weights(learnt, mode_of(is_lexical=is_lexical))
    except ValueError as error:
        raise InputError(Text(OTHER_WEIGHTS, {"why": str(error)})) from error


def mode_of(*, is_lexical: bool) -> str:
    """The mode that weights are for: with vectors, or by words and fields alone."""
    return "lexical" if is_lexical else "default"


def prepare(
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    choices: Sequence[Choice],
    relevance: Related,
) -> Round:
    """The market of a round.

    Candidates are the best fits above the engine's floor, every pair that a side ranked, and pins;
    pairs that can't serve (time, kind, place) are left out and remembered with their reason.
    """
    wishes = _wishes(needs, offers, choices)
    quantities = np.array([partners_wanted(need) for need in needs], dtype=np.int64)
    capacities = np.array([capacity(offer) for offer in offers], dtype=np.int64)
    notices = _make_room_for_pins(needs, offers, wishes.pins, quantities, capacities)
    notices += _filtered_picks(needs, offers, wishes, relevance)
    communities, need_group = _groups(needs)
    _institutions, offer_group = _groups(offers)
    edges = _edges(relevance, wishes)
    excluded = _worth_telling(relevance, wishes)
    notices += _overriding_pins(needs, offers, wishes, relevance)
    market = Market.from_edges(
        _column(edges, 0),
        _column(edges, 1),
        np.array([relevance.score_of(*pair) for pair in edges], dtype=np.uint16),
        need_rank=np.array([wishes.need_rank.get(pair, 0) for pair in edges], dtype=np.int64),
        offer_rank=np.array([wishes.offer_rank.get(pair, 0) for pair in edges], dtype=np.int64),
        quantity=quantities,
        capacity=capacities,
        need_group=need_group,
        offer_group=offer_group,
        pins=wishes.pins,
        bans=wishes.bans,
        excluded=([i for i, _ in excluded], [j for _, j in excluded], list(excluded.values())),
    )
    return Round(tuple(needs), tuple(offers), relevance, market, communities, tuple(notices))


def _column(pairs: Sequence[Pair], side: int) -> NDArray[np.int64]:
    return np.array([pair[side] for pair in pairs], dtype=np.int64)


def _edges(relevance: Related, wishes: _Wishes) -> list[Pair]:
    needs, offers = relevance.shape
    most = offers if needs * offers <= MOST_PAIRS_KEPT else CANDIDATES_PER_NEED
    fits = {
        (i, j)
        for i in range(needs)
        for j in relevance.top(i, most)
        if relevance.score_of(i, j) >= relevance.floor
    }
    said = {*wishes.need_rank, *wishes.offer_rank}
    allowed = {pair for pair in said if not relevance.reason(*pair)}
    return sorted(fits | allowed | set(wishes.pins))


def _worth_telling(relevance: Related, wishes: _Wishes) -> dict[Pair, str]:
    """Filtered pairs that somebody picked or whose texts fit; the others would never have met.

    Without this a need that nothing fits would be told that "the times do not meet".
    """
    said = {*wishes.need_rank, *wishes.offer_rank}
    excluded = {**relevance.excluded, **{pair: relevance.reason(*pair) for pair in said}}
    return {
        pair: code
        for pair, code in sorted(excluded.items())
        if code
        and pair not in wishes.pins
        and (pair in said or relevance.unfiltered_of(*pair) >= relevance.floor)
    }


def _wishes(
    needs: Sequence[NeedRecord], offers: Sequence[OfferRecord], choices: Sequence[Choice]
) -> _Wishes:
    need_at = {need.id: i for i, need in enumerate(needs)}
    offer_at = {offer.id: j for j, offer in enumerate(offers)}
    ranks: dict[str, dict[Pair, int]] = {"community": {}, "institution": {}}
    locks: dict[str, list[Pair]] = {"pinned": [], "forbidden": []}
    for choice in choices:
        pair = (need_at[choice.need_id], offer_at[choice.offer_id])
        if choice.decision in locks:
            locks[choice.decision].append(pair)
        else:
            ranks[choice.by][pair] = choice.rank or -1
    return _Wishes(
        ranks["community"],
        ranks["institution"],
        tuple(sorted(set(locks["pinned"]))),
        tuple(sorted(set(locks["forbidden"]))),
    )


def communities(needs: Iterable[PlannedItem]) -> Iterator[tuple[str, str]]:
    """Which community each need belongs to, as (sub-district, organisation).

    Communities of two sub-districts may share a name; a need without one stands for itself.
    """
    for need in needs:
        if need["organisation"]:
            yield need["sub_district"], need["organisation"]
        else:
            yield "", need["id"]


def _groups(items: Iterable[NeedRecord | OfferRecord]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the organisations and each item's position among them."""
    numbers: dict[tuple[str, str], int] = {}
    group = [
        numbers.setdefault(key, len(numbers))
        for key in communities(item_of(item) for item in items)
    ]
    return tuple(name for _place, name in numbers), np.array(group, dtype=np.int64)


def _make_room_for_pins(
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    pins: Sequence[Pair],
    quantities: NDArray[np.int64],
    capacities: NDArray[np.int64],
) -> list[tuple[str, Text]]:
    """Raise assumed numbers to what is signed already; a stated number too small is an error."""
    notices = []
    for side, items, limits in ((0, needs, quantities), (1, offers, capacities)):
        for position, pinned in Counter(pair[side] for pair in pins).items():
            if pinned <= limits[position]:
                continue
            item = items[position]
            if _stated_limit(item) is not None:
                raise InputError(
                    Text(
                        N_(
                            "%(id)s is pinned %(pinned)d times, but its list allows "
                            "%(limit)d; unpin a pair or raise the number in the list"
                        ),
                        {"id": item.id, "pinned": pinned, "limit": int(limits[position])},
                    )
                )
            limits[position] = pinned
            text = N_("%(id)s is pinned %(pinned)d times, so its number of partners was raised")
            notices.append(("raised_for_pins", Text(text, {"id": item.id, "pinned": pinned})))
    return notices


def _stated_limit(item: NeedRecord | OfferRecord) -> int | None:
    return item.partners_wanted if isinstance(item, NeedRecord) else item.capacity


def _overriding_pins(
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    wishes: _Wishes,
    relevance: Related,
) -> list[tuple[str, Text]]:
    """Pins that go against what a side said or what time, kind and place allow."""
    text = N_("%(need)s and %(offer)s are pinned although: %(reason)s")
    notices = []
    for pair in wishes.pins:
        codes = (
            "refused_by_need_side" if wishes.need_rank.get(pair, 0) < 0 else "",
            "refused_by_offer_side" if wishes.offer_rank.get(pair, 0) < 0 else "",
            relevance.reason(*pair),
        )
        values = {"need": needs[pair[0]].id, "offer": offers[pair[1]].id}
        notices += [
            ("pin_overrides", Text(text, {**values, "reason": code})) for code in codes if code
        ]
    return notices


def _filtered_picks(
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    wishes: _Wishes,
    relevance: Related,
) -> list[tuple[str, Text]]:
    text = N_("%(need)s and %(offer)s were chosen, but can't serve each other: %(reason)s")
    return [
        (
            "pick_filtered",
            Text(
                text,
                {"need": needs[i].id, "offer": offers[j].id, "reason": relevance.reason(i, j)},
            ),
        )
        for i, j in sorted(wishes.picked - set(wishes.pins))
        if relevance.reason(i, j)
    ]
