"""An encoder that asks its model only for texts that it has not met."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._model_error import ModelError
from twosided.relevance._neutral import read_neutral
from twosided.relevance._vectors import Vectors, VectorStore

try:
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # ships no types
except ImportError:  # the extra is not installed
    threadpool_info = None

LONGEST = 4_000  # characters; more say nothing new about a need
_KEPT = 128 * 2**20  # bytes
_MEGABYTE = 2**20


class Model(Protocol):
    """What a model must do; a vector may depend on nothing but its own text.

    means: (2, d), of typical texts and of typical words; None: found by encoding neutral ones.
    """

    @property
    def id(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def means(self) -> NDArray[np.float32] | None: ...
    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class KeptEncoder:
    """An Encoder around a model: vectors are kept in memory, and on disk if a folder is given.

    What was kept and what is encoded afresh are the same bytes, in any order, with any companions.
    """

    def __init__(self, model: Model, folder: Path | None = None) -> None:
        self._model = model
        self._vectors: Vectors = {}
        self._store = None
        if folder is not None:
            name = "\n".join((model.id, model.digest, arithmetic()))
            self._store = VectorStore(folder, name, model.dimension)

    @property
    def id(self) -> str:
        return self._model.id

    @property
    def digest(self) -> str:
        return self._model.digest

    @property
    def mean(self) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = self._means[0]
        return mean

    @property
    def word_mean(self) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = self._means[1]
        return mean

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, d)."""
        if not texts:
            return np.zeros((0, len(self.mean)), dtype=np.float32)
        # Half a character (a lone surrogate) is nothing that a model could read.
        shown = [text[:LONGEST].encode("utf-8", "replace").decode() for text in texts]
        keys = {text: hashlib.sha256(text.encode()).digest() for text in sorted(set(shown))}
        self._recall([key for key in keys.values() if key not in self._vectors])
        self._learn({text: key for text, key in keys.items() if key not in self._vectors})
        vectors = np.stack([self._vectors[keys[text]] for text in shown])
        self._forget()
        return vectors

    def _recall(self, keys: list[bytes]) -> None:
        if self._store is not None and keys:
            self._vectors.update(self._store.read(keys))

    def _learn(self, keys: dict[str, bytes]) -> None:
        if not keys:
            return
        vectors = self._model.encode_distinct(list(keys))
        if vectors.shape != (len(keys), self._model.dimension) or not np.isfinite(vectors).all():
            raise ModelError("not_finite", model=self.id)
        fresh = dict(zip(keys.values(), vectors, strict=True))
        self._vectors.update(fresh)
        if self._store is not None:
            self._store.write(fresh)

    def _forget(self) -> None:
        """Drop the oldest; a vector that is encoded again is the same."""
        most = max(1, _KEPT // (4 * self._model.dimension))
        for key in list(self._vectors)[: max(0, len(self._vectors) - most)]:
            del self._vectors[key]

    @cached_property
    def _means(self) -> NDArray[np.float32]:
        shipped = self._model.means
        if shipped is not None:
            return shipped
        texts, words = read_neutral()
        return np.stack([self.encode(texts).mean(axis=0), self.encode(words).mean(axis=0)])


def arithmetic() -> str:
    """Name what the last digits depend on: processor family and the way BLAS uses it.

    Only what does not change while other libraries, with a BLAS of their own, are loaded.
    """
    libraries = threadpool_info() if threadpool_info is not None else []
    kernels = {str(one["architecture"]) for one in libraries if one.get("architecture")}
    return "\n".join((platform.machine(), np.__version__, *sorted(kernels)))


def digest_files(*paths: Path) -> str:
    """Return the SHA-256 of the files' contents, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while piece := stream.read(_MEGABYTE):
                digest.update(piece)
    return digest.hexdigest()
