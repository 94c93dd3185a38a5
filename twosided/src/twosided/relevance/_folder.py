"""A model of one's own in a folder: sentence-transformers, or ONNX with its tokenizer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._kept import Model, digest_files
from twosided.relevance._model_error import ModelError
from twosided.relevance._packages import find_package

if TYPE_CHECKING:
    from tokenizers import Encoding

EXTRA = "twosided[onnx]"
_ONNX_PLACES = ("model.onnx", "onnx/model.onnx")
_TOKENIZER, _MODULES = "tokenizer.json", "modules.json"
_SETTINGS, _POOLING = "tokenizer_config.json", "1_Pooling/config.json"
_MOST_TOKENS = 512
_TINY = 1e-12
_THREADS = 2


def open_folder(folder: Path) -> Model:
    """Return the model in a folder; raises ModelError if there is none or it is broken."""
    if not folder.is_dir():
        raise ModelError("no_folder", model=str(folder))
    if (folder / _MODULES).is_file() and find_package("sentence_transformers"):
        return SentenceTransformersModel(folder)
    onnx = next((folder / name for name in _ONNX_PLACES if (folder / name).is_file()), None)
    if onnx is None or not (folder / _TOKENIZER).is_file():
        raise ModelError("not_a_model", model=str(folder))
    if not (find_package("onnxruntime") and find_package("tokenizers")):
        raise ModelError("not_installed", model=str(folder), extra=EXTRA)
    return OnnxModel(folder, onnx)


class OnnxModel:
    """A transformer in ONNX form, run on this machine by onnxruntime.

    The vector of a text is the model's own "sentence_embedding" if it has one, else the mean of
    its tokens' vectors, or the first of them if 1_Pooling/config.json says so. Texts are run one
    by one and each by one thread, so that no padding and no neighbour touches a vector.
    """

    means = None

    def __init__(self, folder: Path, onnx: Path) -> None:
        """Load the model; takes as long as onnxruntime needs for its size."""
        self.id = f"onnx/{folder.resolve().name}"
        # Imported on first use: slow optional extras.
        import onnxruntime  # noqa: PLC0415  (see above)
        from tokenizers import Tokenizer  # noqa: PLC0415  (see above)

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self.digest = digest_files(*_files_of(folder, onnx))
            self._session = onnxruntime.InferenceSession(
                str(onnx), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            self._tokenizer.enable_truncation(_most_tokens(folder))
            self._tokenizer.no_padding()
            self._takes_first = bool(
                _read_settings(folder / _POOLING).get("pooling_mode_cls_token")
            )
            self._inputs = {one.name for one in self._session.get_inputs()}
            self._outputs = [one.name for one in self._session.get_outputs()]
            self.dimension = len(self._encode("a"))
        except Exception as error:  # the errors of both libraries share no base
            why = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
            raise ModelError("broken_folder", model=str(folder), why=why) from error

    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, d), of length 1."""
        with ThreadPoolExecutor(_THREADS) as pool:
            return np.stack(list(pool.map(self._encode, texts)))

    def _encode(self, text: str) -> NDArray[np.float32]:
        tokens = self._tokenizer.encode(text)
        has_own = "sentence_embedding" in self._outputs
        wanted = ["sentence_embedding"] if has_own else self._outputs[:1]
        result = np.asarray(self._session.run(wanted, self._feed(tokens))[0], dtype=np.float32)[0]
        if result.ndim > 1:
            mask = np.array(tokens.attention_mask, dtype=np.float32)[:, None]
            mean = (result * mask).sum(axis=0) / max(float(mask.sum()), 1.0)
            result = result[0] if self._takes_first else mean
        return np.asarray(result / max(float(np.linalg.norm(result)), _TINY), dtype=np.float32)

    def _feed(self, tokens: Encoding) -> dict[str, NDArray[np.int64]]:
        known = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        return {
            name: np.array([row], dtype=np.int64)
            for name, row in known.items()
            if name in self._inputs
        }


class SentenceTransformersModel:
    """A folder that the package sentence-transformers can load; texts are run one by one."""

    means = None

    def __init__(self, folder: Path) -> None:
        sentence_transformers: Any = import_module("sentence_transformers")

        self.id = f"sentence-transformers/{folder.resolve().name}"
        try:
            self.digest = digest_files(*sorted(one for one in folder.rglob("*") if one.is_file()))
            self._model: Any = sentence_transformers.SentenceTransformer(
                str(folder), device="cpu", local_files_only=True
            )
            self.dimension = self.encode_distinct(["a"]).shape[1]
        except Exception as error:  # whatever a model of any kind may raise
            raise ModelError("broken_folder", model=str(folder), why=str(error)) from error

    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, d)."""
        vectors = self._model.encode(
            list(texts), batch_size=1, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def _files_of(folder: Path, onnx: Path) -> list[Path]:
    """Return everything that a vector depends on, weights beside the model included."""
    settings = [folder / name for name in (_TOKENIZER, _POOLING, _SETTINGS)]
    beside = sorted(onnx.parent.glob(onnx.name + "[_.]data*"))
    return [onnx, *beside, *(one for one in settings if one.is_file())]


def _most_tokens(folder: Path) -> int:
    """Return how many tokens the model reads; some folders state an absurdly large number."""
    stated = _read_settings(folder / _SETTINGS).get("model_max_length")
    return min(int(stated), _MOST_TOKENS) if isinstance(stated, int | float) else _MOST_TOKENS


def _read_settings(path: Path) -> dict[str, Any]:
    settings = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return settings if isinstance(settings, dict) else {}
