"""Checks at the door: whatever is malformed becomes one ValueError that names the argument."""

from __future__ import annotations

from collections.abc import Collection
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
    try:
        array = np.asarray(value)
    except UNREADABLE as error:
        raise ValueError(f"{name}: not an array of numbers ({error})") from None
    if array.ndim != 1:
        raise ValueError(f"{name}: must be one-dimensional, has shape {array.shape}")
    if np.ma.isMaskedArray(value) and np.ma.is_masked(value):
        raise ValueError(f"{name}: has masked entries")
    return array


def whole_numbers(name: str, value: Any, *, low: int, high: int, length: int | None = None) -> Ints:
    """A one-dimensional int64 array with low <= entries <= high, of the given length."""
    checked = checked_whole(name, value, low=low, high=high, length=length)
    return checked.astype(np.int64, copy=False)


def checked_whole(
    name: str, value: Any, *, low: int, high: int, length: int | None = None
) -> npt.NDArray[Any]:
    """The same in the type it came in, and not copied."""
    array = as_array(name, value)
    if length is not None and len(array) != length:
        raise ValueError(f"{name}: must have {length} entries, has {len(array)}")
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: must be whole numbers, are {array.dtype}")
    if array.min() < low or array.max() > high:
        raise ValueError(f"{name}: must lie between {low} and {high}")
    return array


def whole_number(name: str, value: Any, *, low: int, high: int) -> int:
    """One plain whole number in [low, high]; ValueError otherwise."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name}: must be a whole number, is {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{name}: must lie between {low} and {high}, is {value}")
    return int(value)


def thousandths(value: Any, length: int, *, copy: bool = True) -> npt.NDArray[np.uint16]:
    """Whole thousandths: floats in [0, 1] are rounded, integers are thousandths already.

    copy: False to hand uint16 back as it came.
    """
    array = as_array("score", value)
    if len(array) != length:
        raise ValueError(f"score: must have {length} entries, has {len(array)}")
    if array.size == 0:
        return np.zeros(0, np.uint16)
    if array.dtype.kind in "iu":
        if array.min() < 0 or array.max() > 1000:
            raise ValueError("score: thousandths must lie between 0 and 1000")
        return array.astype(np.uint16, copy=copy)
    if array.dtype.kind != "f":
        raise ValueError(f"score: must be numbers, are {array.dtype}")
    # Written so that NaN fails too.
    if not (array.min() >= 0 and array.max() <= 1):
        raise ValueError("score: must lie between 0 and 1, without NaN")
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
            if isinstance(entry, str | bytes) or np.shape(_shaped(name, entry)) != (width,):
                raise ValueError(f"{name}: each entry must have {width} parts")
        columns = [[entry[c] for entry in entries] for c in range(width)]
    checked = [
        whole_numbers(name, column, low=0, high=high)
        for column, high in zip(columns, highs, strict=True)
    ]
    return np.stack(checked, axis=1) if len(columns[0]) else np.zeros((0, width), np.int64)


def _shaped(name: str, entry: Any) -> npt.NDArray[Any]:
    if not isinstance(entry, tuple | list | np.ndarray):
        raise ValueError(f"{name}: each entry must be a tuple")
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
