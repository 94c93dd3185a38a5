"""What explanations are made of: standings, alternatives, reasons, remedies; plain and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from twosided.reasons import FULL, REASONS

STATES = (
    "open",
    "no_places",
    "ceiling",
    "reserved",
    "pinned",
    "likes_partners",
    "removed",
)

OPEN, NO_PLACES, CEILING, RESERVED, PINNED, LIKES_PARTNERS, REMOVED = STATES


ROOM = "both sides have room: a blocking pair"
ROOM_BUT_NO_FIT = "both sides have room, but its score is 0"


class Standing(NamedTuple):
    """Where one side of a pair stands among the candidates of the other side.

    position: 1 + how many of them are liked strictly better.  tied: how many others are liked
    equally.  of: how many candidates there are, this one included.
    """

    position: int
    tied: int
    of: int

    def __str__(self) -> str:
        others = "one other" if self.tied == 1 else f"{self.tied} others"
        tie = f", tied with {others}" if self.tied else ""
        return f"{ordinal(self.position)} of {self.of}{tie}"


class PartlyServed(NamedTuple):
    """A need that has partners, but fewer than it wants."""

    need: int
    has: int
    wanted: int

    def __str__(self) -> str:
        return f"need {self.need} is partly served: {self.has} of {self.wanted}"


class Figures(NamedTuple):
    """What `audit` counts in a plan; score in thousandths."""

    groups_served: int
    needs_served: int
    units: int
    score: int
    blocking_pairs: int


@dataclass(frozen=True)
class Alternative:
    """A candidate pair outside the plan, and what keeps each side from it.

    need_state, offer_state: from `STATES`, how the side stands to it in the plan; if several
    apply, the first:

    - `open`: free, or with a worst unpinned partner it likes strictly less, and the move breaks
      no ceiling and takes no unit reserved for others; two open sides make a blocking pair;
    - `no_places`: its quantity or capacity is 0;
    - `ceiling`: it would be open if there were no ceilings;
    - `reserved`: it would be open if, besides, no units were reserved;
    - `pinned`: full, and all its partners are pinned;
    - `likes_partners`: full, and it likes every unpinned partner at least as much.

    need_has: offers that serve the need instead; offer_has: needs that the offer serves instead;
    at most 5, the one liked least first.
    ceilings: numbers of the ceilings over this pair that are used up.
    """

    need: int
    offer: int
    score: int
    need_standing: Standing
    offer_standing: Standing
    need_state: str
    offer_state: str
    need_has: tuple[int, ...]
    offer_has: tuple[int, ...]
    ceilings: tuple[int, ...]

    @property
    def blocks(self) -> bool:
        """Whether both sides would rather have it than the plan."""
        return self.need_state == self.offer_state == OPEN

    @property
    def hindrance(self) -> str:
        """In words: what keeps the need from the offer, else the offer from the need."""
        if self.blocks:
            return "a blocking pair"
        return _STATED[self.offer_state if self.need_state == OPEN else self.need_state]

    def __str__(self) -> str:
        need = f"need {self.need} (the offer's {self.offer_standing}): {_STATED[self.need_state]}"
        offer = f"offer {self.offer} (the need's {self.need_standing}): {_STATED[self.offer_state]}"
        return f"{need}{_has('offer', self.need_has)}; {offer}{_has('need', self.offer_has)}"

    def __repr__(self) -> str:
        return f"<Alternative: {self}>"


@dataclass(frozen=True)
class WhyNot:
    """One offer that a need did not get.

    code: from `REASONS`; where both sides have room, what is wrong is the plan (a blocking pair)
    or the score (0, which adds nothing to the best fit), and `str` says so.
    holder: the need that has its place, if one has.
    state: from `STATES`, what keeps the offer from the need; what keeps the need, if the offer is
    open; `open` if both are, so that an exception alone stands between them; `removed` if the
    pair is no candidate.
    holders: needs that the offer serves, the one it likes least first, at most 5 of holder_count.
    ceilings: numbers of the ceilings over this pair that are used up.
    """

    offer: int
    score: int
    code: str
    holder: int | None
    state: str
    holders: tuple[int, ...] = ()
    holder_count: int = 0
    ceilings: tuple[int, ...] = ()

    def __str__(self) -> str:
        more = self.holder_count - len(self.holders)
        serves = f", serves {_listed('need', self.holders)}" if self.holders else ""
        hidden = f" and {more} more" if more else ""
        return f"offer {self.offer}: {self._stated()}{serves}{hidden}"

    def _stated(self) -> str:
        if self.state == REMOVED:
            return self.code
        if self.state == OPEN and self.code == REASONS[FULL]:
            return ROOM_BUT_NO_FIT if self.score == 0 else ROOM
        return f"{self.code} ({_STATED[self.state]})"

    def __repr__(self) -> str:
        return f"<WhyNot: {self}>"


@dataclass(frozen=True)
class Remedy:
    """One way to remove an exception, and exactly what it changes.

    Its price is an upper bound: a cheaper way may exist.  The plan without `lost` and with
    `gained` (pairs, sorted) has the figures `after`, as `audit` counts them.

    still_blocking: pairs of the exception that block even then; empty if the exception is gone.
    floors_broken: groups whose floor the change breaks; the plan is not allowed then.
    needs_gaining, needs_losing, groups_gaining, groups_losing: those with more or fewer partners
    than before.  needs_left_out, groups_left_out: those that had one and then have none.
    """

    gained: tuple[tuple[int, int], ...]
    lost: tuple[tuple[int, int], ...]
    before: Figures
    after: Figures
    still_blocking: tuple[tuple[int, int], ...]
    floors_broken: tuple[int, ...]
    needs_gaining: tuple[int, ...]
    needs_losing: tuple[int, ...]
    needs_left_out: tuple[int, ...]
    groups_gaining: tuple[int, ...]
    groups_losing: tuple[int, ...]
    groups_left_out: tuple[int, ...]

    @property
    def removed(self) -> bool:
        """Whether no pair of the exception blocks the changed plan, and no floor is broken."""
        return not self.still_blocking and not self.floors_broken

    @property
    def change(self) -> Figures:
        """after - before, figure by figure."""
        return Figures(*(b - a for a, b in zip(self.before, self.after, strict=True)))

    def __str__(self) -> str:
        figures = zip(Figures._fields, self.change, strict=True)
        told = [f"{name.replace('_', ' ')} {by:+d}" for name, by in figures if by]
        if self.groups_left_out:
            told.append(f"{_listed('group', self.groups_left_out)} left with nothing")
        if self.still_blocking:
            told.append(f"{len(self.still_blocking)} of its pairs still block")
        if self.floors_broken:
            told.append(f"breaks the floor of {_listed('group', self.floors_broken)}")
        moves = f"pairs: {len(self.lost)} out, {len(self.gained)} in"
        return f"{moves}; {', '.join(told) or 'no figure changes'}"

    def __repr__(self) -> str:
        return f"<Remedy: {self}>"


_STATED = {
    OPEN: "open",
    NO_PLACES: "takes nobody",
    CEILING: "kept out by a ceiling",
    RESERVED: "its places are reserved for others",
    PINNED: "full of pins",
    LIKES_PARTNERS: "has partners it likes at least as much",
}


def ordinal(position: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st, ..."""
    teen = position % 100 in (11, 12, 13)
    return f"{position}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(position % 10, 'th')}"


def counted(number: int, noun: str) -> str:
    """1 pair, 2 pairs."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _has(noun: str, partners: tuple[int, ...]) -> str:
    return f", has {_listed(noun, partners)}" if partners else ""


def _listed(noun: str, numbers: tuple[int, ...]) -> str:
    return f"{noun}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
