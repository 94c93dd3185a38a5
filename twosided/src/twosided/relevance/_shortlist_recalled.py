"""Vectors kept in memory while long lists are compared piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from twosided.relevance.encoder import Encoder


class RecalledEncoder:
    """An encoder that is asked once for each text; the vectors stay in memory."""

    def __init__(self, inner: Encoder) -> None:
        self.id, self.digest = inner.id, inner.digest
        self.mean, self.word_mean = inner.mean, inner.word_mean
        self._inner = inner
        self._place: dict[str, int] = {}
        self._vectors = np.zeros((0, len(inner.mean)), dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, d); those not known yet are encoded all at once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._place]
        if new:
            self._place |= {text: at for at, text in enumerate(new, len(self._place))}
            self._vectors = np.vstack([self._vectors, self._inner.encode(new)])
        return self._vectors[[self._place[text] for text in texts]]


def recall(encoder: Encoder | None) -> RecalledEncoder | None:
    """Return the encoder with a memory; one that has it already is returned as it is."""
    if encoder is None or isinstance(encoder, RecalledEncoder):
        return encoder
    return RecalledEncoder(encoder)
