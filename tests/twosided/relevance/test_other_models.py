"""Models of one's own: a folder, and a service that speaks the OpenAI API for embeddings."""

from __future__ import annotations

import json
import sys
import threading
import types
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers
from twosided.relevance import ModelError, load_encoder, relate
from twosided.relevance._endpoint import EndpointModel, _seconds_asked_for

from tests.twosided.relevance.sample import OTHER_CITY, read_lists

WORDS = ["[UNK]", "park", "car", "sing", "song"]
TABLE = np.array([[0, 0, 1], [1, 0, 0], [0.8, 0.2, 0], [0, 1, 0], [0.1, 0.9, 0]], np.float32)


def write_model(folder: Path, *, name: str = "model.onnx", pooled: bool = False) -> Path:
    """A model that looks each token up in a table; pooled: it gives one vector by itself."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    result = "sentence_embedding" if pooled else "last_hidden_state"
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["rows", "axes"], [result], keepdims=0))
    else:
        nodes.append(helper.make_node("Identity", ["rows"], [result]))
    graph = helper.make_graph(
        nodes,
        "lookup",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["b", "t"])],
        [helper.make_tensor_value_info(result, TensorProto.FLOAT, None)],
        [
            numpy_helper.from_array(TABLE, "table"),
            numpy_helper.from_array(np.array([1], np.int64), "axes"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, folder / name)
    tokenizer = Tokenizer(
        models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    # A folder may ask for padding, which would make vectors depend on their companions.
    tokenizer.enable_padding(length=16)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.mark.parametrize("name", ["model.onnx", "onnx/model.onnx"])
def test_a_folder_with_onnx_gives_the_mean_of_its_tokens(tmp_path: Path, name: str) -> None:
    encoder = load_encoder(str(write_model(tmp_path / "mine", name=name)))
    assert encoder is not None
    assert encoder.id == "onnx/mine"
    wanted = TABLE[[1, 3, 0]].mean(axis=0)
    got = encoder.encode(["park sing unheard"])
    assert np.allclose(got, wanted / np.linalg.norm(wanted))
    assert np.array_equal(got[0], encoder.encode(["car", "park sing unheard", "song " * 40])[1])


def test_first_token_or_the_model_s_own_vector_if_it_says_so(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "first")
    mean = load_encoder(str(folder))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    first = load_encoder(str(folder))
    own = load_encoder(str(write_model(tmp_path / "own", pooled=True)))
    assert mean is not None
    assert first is not None
    assert own is not None
    assert np.allclose(first.encode(["park sing"]), TABLE[1])
    assert np.allclose(own.encode(["park sing"]), np.array([1, 1, 0]) / np.sqrt(2))
    assert len({mean.digest, first.digest, own.digest}) == 3


def test_a_folder_s_vectors_are_kept_by_what_the_folder_holds(tmp_path: Path) -> None:
    folder, cache = write_model(tmp_path / "mine"), tmp_path / "cache"
    before = load_encoder(str(folder), cache_folder=cache)
    assert before is not None
    before.encode(["park"])
    changed = np.array(TABLE)
    changed[1] = [0, 0, 1]
    model = onnx.load(folder / "model.onnx")
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(changed, "table"))
    onnx.save(model, folder / "model.onnx")
    after = load_encoder(str(folder), cache_folder=cache)
    assert after is not None
    assert np.allclose(after.encode(["park"]), [[0, 0, 1]])


def test_lists_can_be_related_by_a_model_of_one_s_own(tmp_path: Path) -> None:
    needs, offers = read_lists(OTHER_CITY)
    relevance = relate(needs, offers, encoder=load_encoder(str(write_model(tmp_path / "mine"))))
    assert relevance.model_id == "onnx/mine"
    assert relevance.score.max() > 500


def test_folders_that_are_no_model_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"neither model\.onnx"):
        load_encoder(str(tmp_path))
    broken = write_model(tmp_path / "broken")
    (broken / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="cannot be used") as refusal:
        load_encoder(str(broken))
    assert "\n" not in str(refusal.value)
    torn = write_model(tmp_path / "torn")
    (torn / "tokenizer.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be used"):
        load_encoder(str(torn))


def test_sentence_transformers_loads_its_own_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SentenceTransformer:
        def __init__(self, folder: str, **_options: Any) -> None:
            assert folder == str(tmp_path)

        def encode(self, texts: list[str], *, batch_size: int, **_options: Any) -> Any:
            assert batch_size == 1
            return [[float(len(text)), 1.0] for text in texts]

    package = types.ModuleType("sentence_transformers")
    package.SentenceTransformer = SentenceTransformer  # type: ignore[attr-defined]  # made here
    monkeypatch.setitem(sys.modules, "sentence_transformers", package)
    monkeypatch.setattr(
        "twosided.relevance._folder.find_package", lambda name: Path(name) if name else None
    )
    (tmp_path / "modules.json").write_text("[]")
    encoder = load_encoder(str(tmp_path))
    assert encoder is not None
    assert encoder.encode(["ab", "a"]).tolist() == [[2.0, 1.0], [1.0, 1.0]]
    assert encoder.id.startswith("sentence-transformers/")


class Service(HTTPServer):
    """Answers as told: `answers` are (status, body or None for the right one), then the right."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1#small"


class Request(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, None)
        if answer is None:
            rows = [[float(len(text)), 1.0, text.count("a")] for text in body["input"]]
            listed = [{"index": at, "embedding": row} for at, row in enumerate(rows)]
            answer = {"data": listed[::-1]}
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_service_is_asked_in_batches_and_read_by_index(service: Service) -> None:
    model = EndpointModel(service.address, "secret")
    texts = ["a" * count for count in range(1, 151)]
    vectors = model.encode_distinct(texts)
    wanted = np.array([[len(text), 1.0, len(text)] for text in texts])
    assert np.allclose(vectors, wanted / np.linalg.norm(wanted, axis=1, keepdims=True))
    assert [len(body["input"]) for _, _, body in service.asked] == [64, 64, 22]
    path, headers, body = service.asked[0]
    assert path == "/v1/embeddings"
    assert headers["Authorization"] == "Bearer secret"
    assert body["model"] == "small"


def test_without_a_key_none_is_sent_and_blank_texts_are_never(service: Service) -> None:
    EndpointModel(service.address).encode_distinct(["", "a"])
    _, headers, body = service.asked[0]
    assert "Authorization" not in headers
    assert all(text.strip() for text in body["input"])


def test_lists_can_be_related_by_a_service(service: Service) -> None:
    needs, offers = read_lists(OTHER_CITY)
    encoder = load_encoder(service.address)
    assert service.asked == []
    relevance = relate(needs, offers, encoder=encoder)
    assert relevance.model_id == "endpoint/127.0.0.1/small"
    assert relate([], offers, encoder=load_encoder(service.address)).score.shape == (0, len(offers))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {}), r"refuses the key \(401\)"),
        ((403, {}), r"refuses the key \(403\)"),
        ((404, {}), r"knows no such address or model \(404\)"),
        ((400, {"error": "too long"}), r"refuses the texts \(400\)"),
        ((302, {}), r"refuses the texts \(302\)"),
        ((200, b"<html>"), "no list of vectors"),
        ((200, {"error": "none"}), "no list of vectors"),
        ((200, []), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": "AAAA"}]}), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": 3}]}), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": [1.0, None]}]}), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": [1.0]}] * 2}), "2 vectors for 1 texts"),
        ((200, {"data": []}), "0 vectors for 1 texts"),
        ((200, {"data": [{"index": 0, "embedding": []}]}), "no numbers"),
        ((200, {"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), "no numbers"),
        ((200, {"data": [{"index": 0, "embedding": [float("nan"), 1]}]}), "no numbers"),
        ((200, {"data": [{"index": 0, "embedding": [1e200, 1e200]}]}), "no numbers"),
        ((200, b"[" * 100_000), "no list of vectors"),
        ((200, b'{"data": [{"index": Infinity, "embedding": [1.0]}]}'), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": [10**400]}]}), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": "123"}]}), "no list of vectors"),
        ((200, {"data": [{"index": 0, "embedding": ["1", "2"]}]}), "no list of vectors"),
        ((200, {"data": [{"index": 1, "embedding": [1.0]}]}), "no list of vectors"),
    ],
)
def test_an_answer_of_no_use_is_said_at_once(
    service: Service, answer: tuple[int, Any], said: str
) -> None:
    service.answers = [answer]
    model = EndpointModel(service.address, "secret", wait=lambda _seconds: pytest.fail("waited"))
    with pytest.raises(ModelError, match=said) as refusal:
        model.encode_distinct(["a"])
    assert len(service.asked) == 1
    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_after_a_while(service: Service, status: int) -> None:
    waited: list[float] = []
    service.answers = [(status, {})] * 3
    vectors = EndpointModel(service.address, wait=waited.append).encode_distinct(["a"])
    assert vectors.shape == (1, 3)
    assert waited == [1.0, 2.0, 4.0]


def test_a_service_that_stays_busy_is_given_up(service: Service) -> None:
    service.answers = [(503, {})] * 9
    with pytest.raises(ModelError, match=r"busy or faulty 4 times \(503\)"):
        EndpointModel(service.address, wait=lambda _seconds: None).encode_distinct(["a"])
    assert len(service.asked) == 4


def test_two_texts_never_get_the_vector_of_one(service: Service) -> None:
    service.answers = [(200, {"data": [{"index": 0, "embedding": [1.0]}] * 2})]
    with pytest.raises(ModelError, match="no list of vectors"):
        EndpointModel(service.address).encode_distinct(["a", "b"])


def test_an_enormous_answer_is_broken_off(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twosided.relevance._endpoint._LARGEST", 10_000)
    service.answers = [(200, b" " * 20_000)]
    with pytest.raises(ModelError, match="no list of vectors"):
        EndpointModel(service.address).encode_distinct(["a"])


def test_an_endless_answer_is_broken_off(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def trickle(request: Request) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b" ")
            threading.Event().wait(0.02)

    monkeypatch.setattr("twosided.relevance._endpoint._WHOLE_SECONDS", 0.2)
    monkeypatch.setattr(Request, "do_POST", trickle)
    with pytest.raises(ModelError, match="did not answer within"):
        EndpointModel(service.address).encode_distinct(["a"])


def test_a_strange_time_to_wait_is_not_followed() -> None:
    assert _seconds_asked_for("7", 1.0) == 7.0
    assert _seconds_asked_for("999999999", 1.0) == 30.0
    for stated in ("²", "", "-1", "nan", "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert _seconds_asked_for(stated, 1.0) == 1.0


def test_vectors_of_changing_length_are_refused(service: Service) -> None:
    model = EndpointModel(service.address)
    model.encode_distinct(["a"])
    service.answers = [(200, {"data": [{"index": 0, "embedding": [1.0]}]})]
    with pytest.raises(ModelError, match="different lengths"):
        model.encode_distinct(["b"])
    rows = [{"index": 0, "embedding": [1.0, 2.0]}, {"index": 1, "embedding": [1.0]}]
    service.answers = [(200, {"data": rows})]
    with pytest.raises(ModelError, match="different lengths"):
        model.encode_distinct(["b", "c"])


def test_nobody_at_the_address() -> None:
    with pytest.raises(ModelError, match="cannot be reached"):
        EndpointModel("http://127.0.0.1:9/v1#m").encode_distinct(["a"])


def test_a_silent_service_is_not_waited_for(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twosided.relevance._endpoint._ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(Request, "do_POST", lambda _self: threading.Event().wait(0.5))
    with pytest.raises(ModelError, match="did not answer within"):
        EndpointModel(service.address).encode_distinct(["a"])


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://api.example.org/v1", "does not say which model"),
        ("http://api.example.org/v1#m", "not encrypted"),
        ("http://8.8.8.8/v1#m", "not encrypted"),
        ("https:///v1#m", "no address"),
        ("https://me:secret@api.example.org/v1#m", "no address"),
        ("https://host:99999999/v1#m", "no address"),
        ("https://[::1/v1#m", "no address"),
        ("https://host:99999/v1?key=secret#m", "no address"),
        ("https://secret@[x/v1#m", "no address"),
        ("https://\u2100.example.org/v1#m", "no address"),
        ("https://host/\udcff#m", "no address"),
        ("http://134744072/v1#m", "not encrypted"),
        ("http://0x08080808/v1#m", "not encrypted"),
    ],
)
def test_addresses_that_texts_must_not_be_sent_to(address: str, said: str) -> None:
    with pytest.raises(ModelError, match=said) as refusal:
        load_encoder(address)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["https://api.example.org/v1#m", "http://localhost:1/#m", "http://10.0.0.7#m", "http://gpu#m",
     "http://models.lan/v1/#m", "http://[::1]:8080/v1#m"],
)  # fmt: skip
def test_own_networks_may_do_without_encryption(address: str) -> None:
    assert load_encoder(address) is not None
