"""Generated markets, one call for each shape; the same seed gives the same market everywhere.

Every distribution is stated here and, in words, in docs/explanation/benchmarks.md.  Two kinds of
supply: in a *scarce* market about 0.7 places are offered for each one wanted, in a *loose* one
about 1.4.  `named()` gives every shape and supply by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from twosided import Market

Array = npt.NDArray[Any]

SUPPLY = {"scarce": 0.7, "loose": 1.4}
# Places that 93 offers have beyond one each: 140 and 281 places for 201 wanted.
DISTRICT_EXTRA = {"scarce": 47, "loose": 188}
RANKED = 0.2


@dataclass(frozen=True)
class Shape:
    """How large a market is.

    degree: mean candidates of a need, geometric, before repeats are dropped.  wanted: partners
    wanted in all.  uneven: sizes of offers are lognormal, as their popularity is; otherwise places
    are spread evenly at random.
    """

    needs: int
    offers: int
    communities: int
    wanted: int
    degree: int
    uneven: bool = False


SHAPES = {
    "759 x 53": Shape(759, 53, 520, 1_100, 5, uneven=True),
    "2,000 x 2,000": Shape(2_000, 2_000, 1_423, 3_865, 30),
    "10,000 x 10,000": Shape(10_000, 10_000, 7_115, 19_327, 30),
}


def district(seed: int, supply: str = "scarce") -> Market:
    """104 needs of 74 communities, 93 offers, 201 places wanted, 140 (scarce) or 281 offered.

    Communities: one need each, the other 30 drawn evenly.  Quantity and capacity: one each, the
    rest drawn evenly.  Candidates of a need: 3 to 11, drawn evenly, without repeats, offers with
    chances in proportion to exp(U(0, 1)).  Ranks: each side states one for a fifth of its
    candidates, 1, 2 or 3, drawn evenly, so that ties occur.  Score: normal, 0.65 +- 0.15, cut to
    [0, 1], the same for both sides.
    """
    r = np.random.default_rng(seed)
    group = np.concatenate([np.arange(74), r.integers(0, 74, 30)])
    quantity = 1 + np.bincount(r.integers(0, 104, 97), minlength=104)
    extra = r.integers(0, 93, DISTRICT_EXTRA[supply])
    capacity = 1 + np.bincount(extra, minlength=93)
    liking = np.exp(r.random(93))
    degree = r.integers(3, 12, 104)
    need = np.repeat(np.arange(104), degree)
    rows = [r.choice(93, k, replace=False, p=liking / liking.sum()) for k in degree]
    edges = need, np.concatenate(rows)
    return Market.from_edges(
        *edges, **_opinions(r, len(need)), **_places(quantity, capacity, group)
    )


def large(shape: Shape, seed: int, supply: str) -> Market:
    """Quantities, ranks, scores and communities as in `district`, at another size.

    Candidates of a need: geometric in number, offers with chances in proportion to a lognormal
    popularity (sigma 1); repeats are dropped.  Capacity: at least one; the rest spread evenly, or
    in proportion to the popularity where the shape is uneven.
    """
    r = np.random.default_rng(seed)
    needs, offers = shape.needs, shape.offers
    rest = r.integers(0, shape.communities, needs - shape.communities)
    group = np.concatenate([np.arange(shape.communities), rest])
    quantity = 1 + np.bincount(r.integers(0, needs, shape.wanted - needs), minlength=needs)
    popularity = r.lognormal(0.0, 1.0, offers)
    popularity /= popularity.sum()
    extra = round(SUPPLY[supply] * shape.wanted) - offers
    chances = popularity if shape.uneven else np.full(offers, 1 / offers)
    capacity = 1 + r.multinomial(extra, chances)
    degree = r.geometric(1 / shape.degree, needs)
    drawn = r.choice(offers, int(degree.sum()), p=popularity)
    need, offer = np.divmod(np.unique(np.repeat(np.arange(needs), degree) * offers + drawn), offers)
    opinions = _opinions(r, len(need))
    return Market.from_edges(need, offer, **opinions, **_places(quantity, capacity, group))


def dense(size: int, seed: int) -> Market:
    """size x size, every pair a candidate, strict ranks evenly at random, one place each."""
    r = np.random.default_rng([size, seed])
    order = np.arange(1, size + 1)[None, :]
    ranks = []
    for _ in range(2):
        rank = np.empty((size, size), np.int64)
        likes = np.argsort(r.random((size, size)), axis=1)
        np.put_along_axis(rank, likes, np.broadcast_to(order, likes.shape), axis=1)
        ranks.append(rank)
    need, offer = np.divmod(np.arange(size * size), size)
    return Market.from_edges(
        need, offer, np.zeros(size * size), ranks[0].ravel(), ranks[1].T.ravel()
    )


def sparse_edges(size: int, degree: int, seed: int) -> tuple[Array, Array, Array]:
    """Needs, offers and scores of shuffled edges: about `degree` even draws a need, scores even."""
    r = np.random.default_rng([size, seed])
    keys = np.repeat(np.arange(size), degree) * size + r.integers(0, size, size * degree)
    keys = np.unique(keys)
    r.shuffle(keys)
    need, offer = np.divmod(keys, size)
    return need, offer, r.integers(0, 1001, len(keys)).astype(np.uint16)


def named() -> dict[str, Callable[[int], Market]]:
    """From the name of a shape and supply to the market of a seed, smallest first."""
    found: dict[str, Callable[[int], Market]] = {}
    for supply in SUPPLY:
        found[f"104 x 93 {supply}"] = partial(district, supply=supply)
    for name, shape in SHAPES.items():
        for supply in SUPPLY:
            found[f"{name} {supply}"] = partial(large, shape, supply=supply)
    return found


def make(name: str, seed: int) -> Market:
    """The market of a name of `named()`, or of "dense SIZE"."""
    if name.startswith("dense "):
        return dense(int(name.removeprefix("dense ")), seed)
    return named()[name](seed)


def _opinions(r: np.random.Generator, count: int) -> dict[str, Any]:
    """Ranks of both sides and scores of so many candidate pairs."""
    ranks = [np.where(r.random(count) < RANKED, r.integers(1, 4, count), 0) for _ in range(2)]
    score = np.clip(r.normal(0.65, 0.15, count), 0, 1)
    return {"score": score, "need_rank": ranks[0], "offer_rank": ranks[1]}


def _places(quantity: Array, capacity: Array, group: Array) -> dict[str, Any]:
    return {"quantity": quantity, "capacity": capacity, "need_group": group}
