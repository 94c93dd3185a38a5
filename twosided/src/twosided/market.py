"""The market: needs x offers as sparse candidate pairs, checked once and then never changed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from os import PathLike
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from twosided._building import Drafted, build
from twosided._store import packed, read_arguments, write_arguments
from twosided.reasons import FORBIDDEN, REASONS, REFUSED_BY_NEED, REFUSED_BY_OFFER

Ints = npt.NDArray[np.int64]

AS_GIVEN = (
    "quantity",
    "capacity",
    "need_group",
    "offer_group",
    "need_weight",
    "pins",
    "bans",
    "ceilings",
    "floors",
    "reserved",
)


@dataclass(frozen=True, eq=False, repr=False)
class Market:
    """Candidate pairs ("edges") sorted by need, then offer, with everything that binds a plan.

    Build it with `Market.from_edges` or `Market.from_csr`, which check everything; the arrays are
    read-only.

    need_start: (N + 1,) int64, edges of need i are need_start[i]:need_start[i + 1].
    edge_need, edge_offer: (E,) int32.  score: (E,) uint16, thousandths.
    need_rank, offer_rank: (E,) int32, 0 unstated, 1 best.
    offer_start: (M + 1,) int64 and offer_edge: (E,) edge numbers, sorted by offer, then need.
    pinned: (E,) bool; pins without an edge were added with score 0.
    quantity (N,), capacity (M,), need_group (N,), offer_group (M,): int64.
    need_weight: (N,) float64 > 0.
    pins, bans: (P, 2), (B, 2) int64, sorted.  ceilings: ((edge numbers, cap), ...).
    floors: ((need_group, min_pairs), ...).  reserved: ((offer, need_group, units), ...).
    removed: (X, 2) int64 pairs that may not be, with removed_code (X,) the position in
    `twosided.REASONS` and removed_score (X,); a pinned pair stays here if the pin overrides it.
    """

    need_start: Ints
    edge_need: npt.NDArray[np.int32]
    edge_offer: npt.NDArray[np.int32]
    score: npt.NDArray[np.uint16]
    need_rank: npt.NDArray[np.int32]
    offer_rank: npt.NDArray[np.int32]
    offer_start: Ints
    offer_edge: npt.NDArray[np.int32]
    pinned: npt.NDArray[np.bool_]
    quantity: Ints
    capacity: Ints
    need_group: Ints
    offer_group: Ints
    need_weight: npt.NDArray[np.float64]
    pins: Ints
    bans: Ints
    ceilings: tuple[tuple[Ints, int], ...]
    floors: tuple[tuple[int, int], ...]
    reserved: tuple[tuple[int, int, int], ...]
    removed: Ints
    removed_code: npt.NDArray[np.uint8]
    removed_score: npt.NDArray[np.uint16]

    @classmethod
    def from_edges(
        cls,
        need: Any,
        offer: Any,
        score: Any,
        need_rank: Any = None,
        offer_rank: Any = None,
        quantity: Any = None,
        capacity: Any = None,
        need_group: Any = None,
        offer_group: Any = None,
        need_weight: Any = None,
        pins: Any = (),
        bans: Any = (),
        ceilings: Any = (),
        floors: Any = (),
        reserved: Any = (),
        excluded: Any = None,
    ) -> Self:
        """A checked market from a list of edges, in any order.

        need, offer: (E,) int >= 0, no pair twice.
        score: (E,) float in [0, 1], rounded to thousandths, or integer thousandths 0-1000.
        need_rank, offer_rank: (E,) int: 0 unstated, >= 1 rank (1 best, ties allowed), -1 refused.
        quantity (N,), capacity (M,): int >= 0, partners wanted and partners served; default 1.
        need_group (N,), offer_group (M,): int >= 0, default each its own.  need_weight: (N,) > 0.
        pins, bans: pairs (need, offer).  A pin needs no edge and overrides a refusal.
        ceilings: [(positions in the edge list, cap), ...].
        floors: [(need_group, min_pairs), ...].  reserved: [(offer, need_group, units), ...].
        excluded: (needs, offers, codes) of pairs filtered out before, codes from `REASONS`.

        N and M follow from quantity/need_group/need_weight and capacity/offer_group where given,
        else from the highest index among the edges.

        Raises ValueError, naming the argument, for anything malformed.  Time and memory O(E).
        """
        given = locals()
        drafted = {field.name: given.get(field.name) for field in fields(Drafted)}
        return cls(**build(Drafted(**drafted)))

    @classmethod
    def from_csr(
        cls,
        need_start: Any,
        offer: Any,
        score: Any,
        need_rank: Any = None,
        offer_rank: Any = None,
        quantity: Any = None,
        capacity: Any = None,
        need_group: Any = None,
        offer_group: Any = None,
        need_weight: Any = None,
        pins: Any = (),
        bans: Any = (),
        ceilings: Any = (),
        floors: Any = (),
        reserved: Any = (),
        excluded: Any = None,
    ) -> Self:
        """A checked market from edges in compressed rows, for markets of millions of edges.

        need_start: (N + 1,) int, from 0 and never falling: the edges of need i are
        need_start[i]:need_start[i + 1].
        offer: (E,) int >= 0, rising within each row.  Everything else is as for `from_edges`.

        Arrays offer (int32), score (uint16) and ranks (int32) that own their memory are taken
        over without a copy and made read-only; a view of an array is copied.  Do not write to
        them through views made before.  Beyond them a market keeps 9 bytes an edge, 13 without
        ranks, and building it takes 6 to 8 more for a moment.

        Raises ValueError, naming the argument, for anything malformed.  Time and memory O(E).
        """
        given = locals()
        drafted = {field.name: given.get(field.name) for field in fields(Drafted)}
        return cls(**build(Drafted(**drafted)))

    @property
    def need_count(self) -> int:
        return len(self.quantity)

    @property
    def offer_count(self) -> int:
        return len(self.capacity)

    @property
    def edge_count(self) -> int:
        return len(self.edge_offer)

    @property
    def warnings(self) -> tuple[str, ...]:
        """One text for each pin that overrides a refusal or a filter."""
        overridden = self._among(self.removed, self.pins)
        pairs, codes = self.removed[overridden].tolist(), self.removed_code[overridden].tolist()
        return tuple(
            f"pin ({i}, {j}) overrides {REASONS[code]}"
            for (i, j), code in zip(pairs, codes, strict=True)
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write one file, aside first and then renamed; equal markets give equal bytes."""
        write_arguments(path, self._arguments())

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read a market that `save` wrote.

        Every check of `from_edges` runs again.  ValueError naming `path` for a file that is
        damaged, of another format, or hostile (nothing in it is ever executed); OSError if it
        cannot be opened.
        """
        arguments = read_arguments(path)
        try:
            return cls.from_edges(**arguments)
        except ValueError as error:
            raise ValueError(f"path: damaged ({error})") from None

    def _arguments(self) -> dict[str, Any]:
        """What `from_edges` would need to build this market again."""
        edges = np.stack([self.edge_need, self.edge_offer], axis=1).astype(np.int64)
        pinned, banned = self._among(self.removed, self.pins), self._among(self.removed, self.bans)
        ranks = [self.need_rank.copy(), self.offer_rank.copy()]
        again = ~pinned & (
            np.isin(self.removed_code, (REFUSED_BY_NEED, REFUSED_BY_OFFER))
            | (banned & (self.removed_code == FORBIDDEN))
        )
        for side, code in enumerate((REFUSED_BY_NEED, REFUSED_BY_OFFER)):
            refused = self.removed_code == code
            overridden = self._among(edges, self.removed[refused & pinned])
            ranks[side][overridden] = -1
            ranks[side] = np.concatenate([ranks[side], -refused[again].astype(np.int32)])
        pairs = np.concatenate([edges, self.removed[again]])
        left = self.removed[~again], self.removed_code[~again]
        return {
            "need": pairs[:, 0],
            "offer": pairs[:, 1],
            "score": np.concatenate([self.score, self.removed_score[again]]),
            "need_rank": ranks[0],
            "offer_rank": ranks[1],
            **{name: getattr(self, name) for name in AS_GIVEN},
            "excluded": (left[0][:, 0], left[0][:, 1], left[1]),
        }

    def _among(self, pairs: Ints, others: Ints) -> npt.NDArray[np.bool_]:
        """Which of `pairs` occur among `others`."""
        width = max(self.offer_count, 1)
        return np.isin(pairs[:, 0] * width + pairs[:, 1], others[:, 0] * width + others[:, 1])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Market):
            return NotImplemented
        return packed(self._arguments()) == packed(other._arguments())

    __hash__ = None  # type: ignore[assignment]  # equality is by content, arrays have no hash

    def __repr__(self) -> str:
        """For people: how many, how much is wanted and offered, how many candidates a need has."""
        groups = len(np.unique(self.need_group))
        wanted, offered = int(self.quantity.sum()), int(self.capacity.sum())
        told = [
            f"{self.need_count:,} needs of {groups:,} groups want {wanted:,} units",
            f"{self.offer_count:,} offers have {offered:,} units",
            f"{self.edge_count:,} candidate pairs{self._per_need()}",
        ]
        extras = ("pins", "bans", "ceilings", "floors", "reserved")
        counts = [(len(getattr(self, name)), name) for name in extras]
        told += [f"{count:,} {name}" for count, name in counts if count]
        return f"<Market: {'; '.join(told)}>"

    def _per_need(self) -> str:
        if not self.need_count:
            return ""
        row = np.diff(self.need_start)
        return f", {row.min():,} to {row.max():,} a need, {np.median(row):,.0f} in the middle"
