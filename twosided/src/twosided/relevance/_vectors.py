"""Vectors kept on disk, so that a text is encoded once; without the disk everything still works."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = "vectors-2.sqlite"  # a new number when the code gives other numbers for the same model
LARGEST = 256 * 2**20  # bytes; about 120,000 vectors of the default model
_PATIENCE = 0.5  # seconds that another process may hold the file
_ASKED_AT_ONCE = 500
_SEAL = 8
_TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
    number INTEGER PRIMARY KEY, model BLOB, text BLOB, vector BLOB, UNIQUE (model, text)
)
"""
_WRITE = "INSERT OR REPLACE INTO vectors (model, text, vector) VALUES (?, ?, ?)"
_FORGET = """
DELETE FROM vectors WHERE number <= (SELECT (min(number) + max(number)) / 2 FROM vectors)
"""

Vectors = dict[bytes, NDArray[np.float32]]


class VectorStore:
    """Vectors of one model by the SHA-256 of their text, in a file that several models share.

    The file holds digests and numbers, never a text. Each vector is sealed together with its
    model and text, so that a damaged or foreign row is as good as none. Whatever the disk does
    (full, read-only, locked, corrupt), `read` finds less and `write` keeps less; nothing raises.
    When the file is larger than LARGEST, the older half goes.
    """

    def __init__(self, folder: Path, model: str, dimension: int) -> None:
        """model: names model, digest and arithmetic; vectors of another one are never found."""
        self._path = folder / FILE
        self._model = hashlib.sha256(model.encode()).digest()
        self._dimension = dimension

    def read(self, texts: Sequence[bytes]) -> Vectors:
        """Return what is kept of these texts (digests)."""
        found: Vectors = {}
        for text, vector in self._find(texts):
            kept = self._unseal(text, vector)
            if kept is not None:
                found[text] = kept
        return found

    def write(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep these vectors, by digest of text."""
        rows = [(self._model, text, self._seal(text, vector)) for text, vector in vectors.items()]
        with self._forgiving(), closing(self._create()) as file:
            with file:
                file.executemany(_WRITE, rows)
            if self._path.stat().st_size > LARGEST:
                with file:
                    file.execute(_FORGET)

    def _find(self, texts: Sequence[bytes]) -> list[tuple[bytes, object]]:
        rows: list[tuple[bytes, object]] = []
        with self._forgiving():
            # Asked here: in a folder that may not be looked into even this fails.
            if not self._path.is_file():
                return rows
        with self._forgiving(), closing(self._open()) as file:
            for at in range(0, len(texts), _ASKED_AT_ONCE):
                asked = texts[at : at + _ASKED_AT_ONCE]
                marks = ",".join("?" * len(asked))
                statement = (
                    f"SELECT text, vector FROM vectors WHERE model = ? AND text IN ({marks})"  # noqa: S608  (nothing but question marks is put in)
                )
                rows += file.execute(statement, (self._model, *asked))
        return rows

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, timeout=_PATIENCE)
        # A vector that a power cut damages is found by its seal.
        file.execute("PRAGMA synchronous = OFF")
        return file

    def _create(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        file = self._open()
        file.execute("PRAGMA auto_vacuum = FULL")
        file.execute(_TABLE)
        return file

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError:
            return  # locked, full or read-only: another time
        except sqlite3.DatabaseError:
            _remove(self._path)
        except OSError:
            return

    def _seal(self, text: bytes, vector: NDArray[np.float32]) -> bytes:
        numbers = vector.astype("<f4").tobytes()
        return hashlib.sha256(self._model + text + numbers).digest()[:_SEAL] + numbers

    def _unseal(self, text: bytes, sealed: object) -> NDArray[np.float32] | None:
        if not isinstance(sealed, bytes) or len(sealed) != _SEAL + 4 * self._dimension:
            return None
        vector = np.frombuffer(sealed[_SEAL:], "<f4").astype(np.float32)
        return vector if self._seal(text, vector) == sealed else None


def _remove(path: Path) -> None:
    """Remove a file that is no database any more, so that the next run can start afresh."""
    try:
        path.unlink()
    except OSError:
        return
