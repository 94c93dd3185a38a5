"""What binds a plan: pins, ceilings, floors, reserved units, checked against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def check_pins(pins: Ints, bans: Ints, quantity: Ints, capacity: Ints) -> None:
    """No pin twice, none banned, none beyond a quantity or capacity."""
    if len(np.unique(pins, axis=0)) < len(pins):
        raise ValueError("pins: a pair is pinned twice")
    banned = {(i, j) for i, j in bans.tolist()}
    for pair in pins.tolist():
        if tuple(pair) in banned:
            raise ValueError(f"pins: the pair {tuple(pair)} is also banned")
    for column, limits, word in ((0, quantity, "quantity"), (1, capacity, "capacity")):
        used = np.bincount(pins[:, column], minlength=len(limits))
        over = np.flatnonzero(used > limits)
        if len(over):
            raise ValueError(f"pins: over the {word} of {('need', 'offer')[column]} {over[0]}")


def check_ceilings(
    ceilings: tuple[tuple[Ints, int], ...], pinned: npt.NDArray[np.bool_]
) -> tuple[tuple[Ints, int], ...]:
    """No ceiling that the pins alone break."""
    for number, (edges, cap) in enumerate(ceilings):
        if int(pinned[edges].sum()) > cap:
            raise ValueError(f"pins: over the cap {cap} of ceiling {number}")
    return ceilings


def check_reserved(reserved: Ints, found: dict[str, Any]) -> tuple[tuple[int, int, int], ...]:
    """Known groups, no pair (offer, group) twice, no more than the capacity, room for the pins."""
    _check_groups("reserved", reserved[:, 1], found["need_group"])
    if len(np.unique(reserved[:, :2], axis=0)) < len(reserved):
        raise ValueError("reserved: an offer is reserved twice for one group")
    capacity = found["capacity"]
    held: dict[int, int] = {}
    for offer, _, units in reserved.tolist():
        held[offer] = held.get(offer, 0) + units
    for offer, units in held.items():
        if units > capacity[offer]:
            raise ValueError(f"reserved: {units} units over the capacity of offer {offer}")
    general = {offer: int(capacity[offer]) - units for offer, units in held.items()}
    _check_room(reserved, general, found)
    return tuple(sorted((offer, group, units) for offer, group, units in reserved.tolist()))


def _check_room(reserved: Ints, general: dict[int, int], found: dict[str, Any]) -> None:
    """The pins of an offer fit its reserved units and, beyond them, its general ones."""
    groups, pins = found["need_group"], found["pins"].tolist()
    room = {(offer, group): units for offer, group, units in reserved.tolist()}
    for need, offer in pins:
        if room.get((offer, int(groups[need])), 0) > 0:
            room[offer, int(groups[need])] -= 1
        elif offer in general:
            general[offer] -= 1
            if general[offer] < 0:
                raise ValueError(f"reserved: the pins of offer {offer} leave too few units")


def check_floors(floors: Ints, found: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """Known groups, none twice, none above what its needs could ever receive."""
    _check_groups("floors", floors[:, 0], found["need_group"])
    if len(np.unique(floors[:, 0])) < len(floors):
        raise ValueError("floors: a group has two floors")
    if not len(floors):
        return ()
    possible = np.minimum(found["quantity"], np.diff(found["need_start"]))
    for group, least in floors.tolist():
        most = int(possible[found["need_group"] == group].sum())
        if least > most:
            raise ValueError(f"floors: group {group} can have at most {most} pairs, not {least}")
    return tuple(sorted((group, least) for group, least in floors.tolist()))


def _check_groups(name: str, wanted: Ints, groups: Ints) -> None:
    unknown = np.setdiff1d(wanted, groups)
    if len(unknown):
        raise ValueError(f"{name}: no need belongs to group {unknown[0]}")
