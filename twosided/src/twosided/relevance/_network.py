"""The network of the Universal Sentence Encoder, worked out once for what texts have in common."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._pieces import Ids

Floats = NDArray[np.float32]
Places = NDArray[np.intp]
Keys = NDArray[np.uint64]

WIDTH = 512  # of a vector, and of a token before the network sees its neighbours
_BRANCH = 256
# A branch sees a token with so many neighbours on its left and on its right.
_BRANCHES = {2: (0, 1), 3: (-1, 0, 1), 5: (-2, -1, 0, 1, 2)}
_CHUNKS = 17  # of the table of tokens: token t is row t // 17 of chunk t % 17
_SEATS = 32
_ROWS_AT_ONCE = 256  # of a table of numbers that are gone through several times
_SPREAD, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_HIGH = np.uint64(40)
_THREADS = 2


def multiply(
    rows: Floats, weights: Floats, keys: Keys, wanted: Places | slice = slice(None)
) -> Floats:
    """Return the wanted rows of rows @ weights; their bytes depend on the row and its key alone.

    A product of matrices rounds by their shapes and by the row's position. So every row has a
    fixed seat, found from its key, in a block of fixed shape; empty seats are zero.
    """
    place = _seat(keys)
    blocks = int(place.max(initial=-1)) // _SEATS + 1
    seated = np.zeros((blocks * _SEATS, len(weights)), dtype=np.float32)
    seated[place] = rows
    product: Floats = np.matmul(seated.reshape(blocks, _SEATS, len(weights)), weights)
    return product.reshape(blocks * _SEATS, weights.shape[1])[place[wanted]]


def _seat(keys: Keys) -> Places:
    """Return block · seats + seat of each row; of one seat in blocks one after another."""
    seats = ((keys * _MIX >> _HIGH) % np.uint64(_SEATS)).astype(np.intp)
    taken = np.bincount(seats, minlength=_SEATS)
    order = np.argsort(seats, kind="stable")
    place = np.empty(len(keys), dtype=np.intp)
    place[order] = np.arange(len(keys)) - np.repeat(np.cumsum(taken) - taken, taken)
    return place * _SEATS + seats


@dataclass(frozen=True)
class _Windows:
    """The distinct windows of one branch: a token and those around it, within one text.

    tokens: (n, width), numbers among the distinct tokens, their count where the text has ended.
    keys: made of the tokens alone. at: (tokens of all texts,), the window around each.
    """

    tokens: Places
    keys: Keys
    at: Places


@dataclass(frozen=True)
class _Flat:
    """The tokens of several texts, one after another.

    distinct: the different ones. ids: of each token, its number among them. starts, lengths: of
    the texts. first, last: of each token, where its text begins and ends.
    """

    distinct: NDArray[np.int64]
    ids: Places
    starts: Places
    lengths: Places
    first: Places
    last: Places

    def look(self, offset: int) -> Places:
        """Return the token that stands so far from each, the length of all where none does."""
        at = np.arange(len(self.ids)) + offset
        return np.where((at >= self.first) & (at <= self.last), at, len(self.ids))


def _flatten(texts: Sequence[Ids]) -> _Flat:
    lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    tokens = np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=int(lengths.sum()))
    distinct, ids = np.unique(tokens, return_inverse=True)
    starts = np.cumsum(lengths) - lengths
    first = np.repeat(starts, lengths)
    return _Flat(distinct, ids, starts, lengths, first, np.repeat(starts + lengths - 1, lengths))


def _find_windows(flat: _Flat) -> dict[int, _Windows]:
    """Return the distinct windows of each branch; a wider one is a narrower one and more."""
    ids = np.append(flat.ids, len(flat.distinct))
    spelt = np.append(flat.distinct, -1).astype(np.uint64)
    columns: dict[int, Places] = {}
    at = np.zeros(len(flat.ids), dtype=np.intp)
    keys = np.zeros(len(flat.ids), dtype=np.uint64)
    found: dict[int, _Windows] = {}
    for width, offsets in _BRANCHES.items():
        for offset in offsets:
            if offset not in columns:
                columns[offset] = ids[flat.look(offset)]
                at = np.unique(at * len(ids) + columns[offset], return_inverse=True)[1]
                keys = (keys + spelt[columns[offset]] + np.uint64(1)) * _SPREAD
        _, samples = np.unique(at, return_index=True)
        tokens = np.stack([columns[offset][samples] for offset in offsets], axis=1)
        found[width] = _Windows(tokens, keys[samples], at)
    return found


class Network:
    """Word pieces to vectors, (n, 512), of unit length; a vector's bytes depend on its text alone.

    What a token, or a token with its neighbours, comes to is worked out once for all texts that
    are encoded together.
    """

    def __init__(self, path: Path) -> None:
        """Read the weights; about 0.2 s."""
        with zipfile.ZipFile(path) as file, ThreadPoolExecutor(_THREADS) as pool:
            names = [name.removesuffix(".npy") for name in file.namelist()]
            # Reading is mostly decompression, which lets other threads run.
            tables = pool.map(lambda name: _read_table(file.read(f"{name}.npy")), names)
            self._tables = dict(zip(names, tables, strict=True))
        self._eps = np.float32(self._tables["eps"])
        for name in ("proj_b", "ln_g", "ln_b"):
            self._tables[f"{name}s"] = self._join([f"{name}{width}" for width in _BRANCHES], axis=0)
        self._tables["projs"] = self._join([f"proj{width}" for width in _BRANCHES], axis=1)
        for nth in (1, 3):
            self._tables[f"past{nth}"] = self._join([f"p{nth}", f"d{nth}"], axis=0)
        for width in _BRANCHES:
            # One product for all places within the window.
            weights = self._tables[f"w1_{width}"].reshape(width, _BRANCH, _BRANCH)
            self._tables[f"w1_{width}"] = np.ascontiguousarray(np.hstack(list(weights)))

    def _join(self, names: list[str], *, axis: int) -> Floats:
        return np.ascontiguousarray(np.concatenate([self._tables[name] for name in names], axis))

    def encode(self, texts: Sequence[Ids]) -> Floats:
        """Encode texts of at least one token each; memory 10 kB a token."""
        flat = _flatten(texts)
        windows = _find_windows(flat)
        tokens = self._read_tokens(flat.distinct)
        features = np.empty((len(flat.ids), WIDTH + len(_BRANCHES) * _BRANCH), dtype=np.float32)
        features[:, :WIDTH] = tokens[flat.ids]
        narrow = self._narrow(tokens, flat.distinct.astype(np.uint64))
        for nth, (width, found) in enumerate(windows.items()):
            mine = narrow[:, nth * _BRANCH : (nth + 1) * _BRANCH]
            first = self._see_tokens(width, mine, found, flat.distinct.astype(np.uint64))
            end = WIDTH + (nth + 1) * _BRANCH
            features[:, end - _BRANCH : end] = self._see_windows(width, first, found, flat)
        keys = np.add.reduceat(windows[5].keys[windows[5].at], flat.starts)
        return self._conclude(self._sum_up(features, flat), flat.lengths, keys)

    def _read_tokens(self, tokens: NDArray[np.int64]) -> Floats:
        """Return the shipped numbers of distinct tokens, (n, 512)."""
        found = np.empty((len(tokens), WIDTH), dtype=np.float32)
        for chunk in range(_CHUNKS):
            mine = np.flatnonzero(tokens % _CHUNKS == chunk)
            rows = self._tables[f"q{chunk + 1}"][tokens[mine] // _CHUNKS]
            scale, low = self._tables["scale"][chunk], self._tables["lo"][chunk]
            found[mine] = rows.astype(np.float32) * scale + low
        return found

    def _narrow(self, tokens: Floats, keys: Keys) -> Floats:
        """Return what each branch takes from a token, side by side, (n, 3 · 256)."""
        narrow = multiply(tokens, self._tables["projs"], keys) + self._tables["proj_bs"]
        self._level(narrow)
        return narrow * self._tables["ln_gs"] + self._tables["ln_bs"]

    def _see_tokens(self, width: int, tokens: Floats, windows: _Windows, keys: Keys) -> Floats:
        """Return what each window of tokens comes to, (windows, 256)."""
        product = multiply(tokens, self._tables[f"w1_{width}"], keys)
        # A row of zeros for what stands beyond the text's end.
        product = np.append(product, np.zeros((1, product.shape[1]), np.float32), axis=0)
        met = np.zeros((len(windows.tokens), _BRANCH), dtype=np.float32)
        for nth in range(width):
            met += product[windows.tokens[:, nth], nth * _BRANCH : (nth + 1) * _BRANCH]
        own = windows.tokens[:, _BRANCHES[width].index(0)]
        return np.asarray(np.maximum(met + self._tables[f"b1_{width}"], 0.0) + tokens[own])

    def _see_windows(self, width: int, rows: Floats, windows: _Windows, flat: _Flat) -> Floats:
        """Return what each token comes to with the windows around it, (tokens, 256)."""
        weights = self._tables[f"w2_{width}"].reshape(width, _BRANCH, _BRANCH)
        met = np.zeros((len(flat.ids), _BRANCH), dtype=np.float32)
        for offset, each in zip(_BRANCHES[width], weights, strict=True):
            seen = flat.look(offset)
            inside = np.flatnonzero(seen < len(flat.ids))
            distinct, at = np.unique(windows.at[seen[inside]], return_inverse=True)
            met[inside] += multiply(rows[distinct], each, windows.keys[distinct], at)
        return np.asarray(np.maximum(met + self._tables[f"b2_{width}"], 0.0) + rows[windows.at])

    def _sum_up(self, features: Floats, flat: _Flat) -> Floats:
        """Return the sum of the levelled features of each text's tokens, (texts, 1280)."""
        for at in range(0, len(features), _ROWS_AT_ONCE):
            self._level(features[at : at + _ROWS_AT_ONCE])
        ends = flat.starts + flat.lengths
        summed = np.stack(
            [features[start:end].sum(axis=0) for start, end in zip(flat.starts, ends, strict=True)]
        )
        counts = flat.lengths.astype(np.float32)[:, None]
        return np.asarray(summed * self._tables["ln_g"] + counts * self._tables["ln_b"])

    def _conclude(self, summed: Floats, lengths: Places, keys: Keys) -> Floats:
        """Return the vectors of texts by the last four layers."""
        tables, counts = self._tables, lengths.astype(np.float32)[:, None]
        mean = multiply(summed, tables["cnn_W"], keys) + counts * tables["cnn_b"]
        mean *= 1.0 / np.sqrt(counts)
        once = np.maximum(multiply(mean, tables["d0"], keys), 0.0)
        twice = np.maximum(multiply(np.hstack([mean, once]), tables["past1"], keys), 0.0)
        thrice = np.maximum(multiply(twice, tables["d2"], keys), 0.0)
        vectors = np.tanh(multiply(np.hstack([twice, thrice]), tables["past3"], keys))
        squares = np.square(vectors).sum(axis=1, keepdims=True)
        return np.asarray(vectors / np.sqrt(np.maximum(squares, self._eps)))

    def _level(self, rows: Floats) -> None:
        """Bring rows to mean 0 and variance 1, in place."""
        rows -= rows.mean(axis=1, keepdims=True)
        rows /= np.sqrt(np.square(rows).mean(axis=1, keepdims=True) + self._eps)


def _read_table(content: bytes) -> NDArray[np.float32]:
    table: NDArray[np.float32] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return table
