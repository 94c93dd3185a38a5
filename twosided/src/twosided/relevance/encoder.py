"""Sentence encoders: texts to vectors, by a model on this machine or by a service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._e5 import E5Model
from twosided.relevance._endpoint import EndpointModel
from twosided.relevance._folder import open_folder
from twosided.relevance._kept import KeptEncoder, Model
from twosided.relevance._model_error import ModelError
from twosided.relevance._universal import UniversalModel

MODEL_NAMES = ("default", "lexical", "e5")
_BUILT_IN: dict[str, Callable[[], Model]] = {"default": UniversalModel, "e5": E5Model}


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
        """Return one vector a text, (n, d); a text's bytes depend on nothing but the text."""
        ...


def is_address(name: str) -> bool:
    """Say whether a model's name is the address of a service: then texts leave this machine."""
    return name.lower().startswith(("http://", "https://"))


def load_encoder(
    name: str = "default", *, cache_folder: Path | None = None, key: str = ""
) -> Encoder | None:
    """Return the encoder of that name; None for "lexical", words alone.

    name: "default" (Universal Sentence Encoder), "lexical", "e5" (multilingual E5, small), a
    folder with a model of one's own, or the address of a service that speaks the OpenAI API,
    "https://host/v1#model". cache_folder: where vectors are kept by the SHA-256 of their text and
    the digest of the model, never those of a service, whose model may change behind its name; None
    keeps them for the life of this process only. key: what a service asks for.

    Raises ModelError, a ValueError, in one line. The models named here are loaded when they
    are first asked, once a process; a service is asked nothing before that.
    """
    if name == "lexical":
        return None
    if name in _BUILT_IN:
        return _load_built_in(name, cache_folder)
    if is_address(name):
        return KeptEncoder(EndpointModel(name, key))
    if "/" in name or "\\" in name or (name and Path(name).is_dir()):
        return KeptEncoder(open_folder(Path(name)), cache_folder)
    known = ", ".join(f'"{one}"' for one in MODEL_NAMES)
    raise ModelError("unknown", model=name, known=known)


@cache
def _load_built_in(name: str, cache_folder: Path | None) -> Encoder:
    return KeptEncoder(_BUILT_IN[name](), cache_folder)
