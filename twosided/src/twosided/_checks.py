"""Checks at the door: whatever is malformed becomes one ValueError that names the argument."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, MappingView
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

# Ranks and keys share 31 bits with the 1,001 possible scores (see _keys.py).
HIGHEST_RANK = 2**30
HIGHEST_INDEX = 2**31 - 2
HIGHEST_GROUP = 2**62
# What converting a stranger's object may raise; its own code runs then (__array__, __iter__).
UNREADABLE = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RuntimeError)


def as_array(name: str, value: Any) -> npt.NDArray[Any]:
    """Any one-dimensional array-like of plain numbers; ValueError otherwise."""
    if isinstance(value, Iterator | Mapping | MappingView | AbstractSet):
        raise ValueError(f"{name}: is of type {type(value).__name__}; give a list")
    try:
        array = np.asarray(value)
    except UNREADABLE as error:
        raise ValueError(f"{name}: not an array of numbers ({error})") from None
    if array.ndim != 1:
        raise ValueError(f"{name}: must be one-dimensional, has shape {array.shape}")
    if np.ma.isMaskedArray(value) and np.ma.is_masked(value):
        raise ValueError(f"{name}: has masked entries")
    return array


def check_length(name: str, array: npt.NDArray[Any], length: int, like: str = "") -> None:
    """ValueError unless the array is as long; like: the argument that says how long."""
    if len(array) == length:
        return
    if like:
        raise ValueError(f"{name}: has {len(array)} entries, but {like} has {length}")
    raise ValueError(f"{name}: must have {length} entries, has {len(array)}")


def whole_numbers(name: str, value: Any, *, low: int, high: int, length: int | None = None) -> Ints:
    """A one-dimensional int64 array with low <= entries <= high, of the given length."""
    checked = checked_whole(name, value, low=low, high=high, length=length)
    return checked.astype(np.int64, copy=False)


def checked_whole(
    name: str, value: Any, *, low: int, high: int, length: int | None = None, like: str = ""
) -> npt.NDArray[Any]:
    """The same in the type it came in, and not copied."""
    array = as_array(name, value)
    if length is not None:
        check_length(name, array, length, like)
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: {_not_whole(name, array)}")
    if array.min() < low or array.max() > high:
        place = int(np.argmax((array < low) | (array > high)))
        told = f"entry [{place}] is {array[place]}, must lie between {low} and {high}"
        raise ValueError(f"{name}: {told}")
    return array


def _not_whole(name: str, array: npt.NDArray[Any]) -> str:
    """What is wrong with entries that are no whole numbers, and where."""
    if array.dtype.kind == "U":
        return f"entries are text ({array[0].item()[:20]!r}); give positions or numbers from 0"
    hint = "; give 0 where nothing was said" if name.endswith("_rank") else ""
    if array.dtype.kind == "f":
        odd = ~(np.isfinite(array) & (array == np.rint(array)))
        if odd.any():
            place = int(np.argmax(odd))
            return f"entry [{place}] is {array[place]}, no whole number{hint}"
    missing = [place for place, entry in enumerate(array.tolist()) if entry is None]
    if array.dtype.kind == "O" and missing:
        return f"entry [{missing[0]}] is None{hint or ', no whole number'}"
    return f"must be whole numbers, are {array.dtype}"


def whole_number(name: str, value: Any, *, low: int, high: int) -> int:
    """One plain whole number in [low, high]; ValueError otherwise."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name}: must be a whole number, is {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{name}: must lie between {low} and {high}, is {value}")
    return int(value)


def thousandths(
    value: Any, length: int, *, copy: bool = True, like: str = ""
) -> npt.NDArray[np.uint16]:
    """Whole thousandths: floats in [0, 1] are rounded, integers are thousandths already.

    copy: False to hand uint16 back as it came.  like: the argument that says how long.
    """
    array = as_array("score", value)
    check_length("score", array, length, like)
    if array.size == 0:
        return np.zeros(0, np.uint16)
    if array.dtype.kind in "iu":
        if array.min() < 0 or array.max() > 1000:
            place = int(np.argmax((array < 0) | (array > 1000)))
            told = f"entry [{place}] is {array[place]}; thousandths must lie between 0 and 1000"
            raise ValueError(f"score: {told}")
        return array.astype(np.uint16, copy=copy)
    if array.dtype.kind != "f":
        raise ValueError(f"score: must be numbers, are {array.dtype}")
    # Written so that NaN fails too.
    fits = (array >= 0) & (array <= 1)
    if not fits.all():
        place = int(np.argmin(fits))
        hint = "; divide by 100" if array.min() >= 0 and 2 < array.max() <= 100 else ""
        told = f"entry [{place}] is {array[place]}, must lie between 0 and 1{hint}"
        raise ValueError(f"score: {told}")
    scaled: npt.NDArray[np.uint16] = np.rint(array.astype(np.float64) * 1000).astype(np.uint16)
    return scaled


def weights(value: Any, length: int) -> npt.NDArray[np.float64]:
    """Positive finite weights, 1 by default."""
    if value is None:
        return np.ones(length)
    array = as_array("need_weight", value)
    if len(array) != length:
        raise ValueError(f"need_weight: must have {length} entries, has {len(array)}")
    if array.size and array.dtype.kind not in "iuf":
        raise ValueError(f"need_weight: must be numbers, are {array.dtype}")
    array = array.astype(np.float64)
    if not (np.isfinite(array) & (array > 0)).all():
        raise ValueError("need_weight: must be finite and above 0")
    return array


def listed(name: str, value: Any) -> list[Any]:
    """A finite collection as a list; None counts as empty."""
    if value is None:
        return []
    if isinstance(value, np.ndarray) and value.ndim == 0:
        raise ValueError(f"{name}: must be a list")
    if isinstance(value, str | bytes | dict) or not isinstance(value, Collection | np.ndarray):
        raise ValueError(f"{name}: must be a list, is {type(value).__name__}")
    try:
        return list(value)
    except UNREADABLE as error:
        raise ValueError(f"{name}: not a list ({error})") from None


def rows(name: str, value: Any, highs: tuple[int, ...]) -> Ints:
    """(K, len(highs)) whole numbers, column c between 0 and highs[c]."""
    width = len(highs)
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[1] == width:
        columns: list[Any] = [value[:, c] for c in range(width)]
    else:
        entries = listed(name, value)
        for entry in entries:
            if isinstance(entry, str | bytes) or np.shape(_shaped(name, entry, width)) != (width,):
                raise ValueError(f"{name}: each entry must have {width} parts{_as(name, width)}")
        columns = [[entry[c] for entry in entries] for c in range(width)]
    checked = [
        whole_numbers(name, column, low=0, high=high)
        for column, high in zip(columns, highs, strict=True)
    ]
    return np.stack(checked, axis=1) if len(columns[0]) else np.zeros((0, width), np.int64)


def _as(name: str, width: int) -> str:
    return f", as in {name}=[{tuple(range(width))}]"


def _shaped(name: str, entry: Any, width: int) -> npt.NDArray[Any]:
    if not isinstance(entry, tuple | list | np.ndarray):
        raise ValueError(f"{name}: give a list of tuples{_as(name, width)}")
    try:
        return np.asarray(entry)
    except UNREADABLE as error:
        raise ValueError(f"{name}: malformed entry ({error})") from None


def side_size(name: str, index: Ints, lengths: list[int]) -> int:
    """How many needs (or offers) there are: as the per-item arrays say, else as the edges say."""
    if lengths:
        return lengths[0]
    if not len(index):
        return 0
    size = int(index.max()) + 1
    # One stray index would otherwise allocate gigabytes.
    if size > 10 * len(index) + 1_000_000:
        raise ValueError(f"{name}: index {size - 1} is far beyond the number of edges; give sizes")
    return size
