"""A service that encodes texts, by the embeddings part of the OpenAI API."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray
from twosided.relevance._model_error import ModelError
from twosided.relevance._packages import find_package

if TYPE_CHECKING:
    import httpx

EXTRA = "twosided[endpoint]"
_AT_ONCE = 64
_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 60.0
_WHOLE_SECONDS = 180.0  # until the last byte of an answer
_LARGEST = 64 * 2**20  # bytes of an answer; 64 vectors of 16,384 numbers take a third of it
_WAITS = (1.0, 2.0, 4.0)  # seconds before the second, third and last attempt
_LONGEST_WAIT = 30.0
_ABSURD = 1e18
_NUMERIC = re.compile("0[xX][0-9a-fA-F]+|[0-9]+")
_OWN_NETWORK = (".local", ".internal", ".lan", ".home.arpa")
_OK, _REDIRECTS, _TOO_MANY, _FAULTY = 200, 300, 429, 500
_CODES = {401: "unauthorised", 403: "unauthorised", 404: "no_such_model"}


@dataclass(frozen=True)
class _Answer:
    """What a service answered. waits: its header retry-after."""

    status: int
    waits: str
    content: bytes


class EndpointModel:
    """Texts to vectors by POST {address}/embeddings. The texts leave this machine.

    The address carries the model's name behind "#", which is never sent as part of an address.
    It may be plain http only within one's own network.
    """

    means = None

    def __init__(
        self, address: str, key: str = "", *, wait: Callable[[float], None] = time.sleep
    ) -> None:
        """Check the address; nothing is sent yet. key: sent as a bearer token if not empty."""
        parts = _split(address)
        self._url = parts._replace(
            path=parts.path.rstrip("/") + "/embeddings", fragment=""
        ).geturl()
        self._host = parts.hostname or ""
        self._name = parts.fragment
        self.id = f"endpoint/{self._host}/{self._name}"
        # The weights are out of sight: this names the service, and vectors of it are not kept.
        self.digest = hashlib.sha256(f"{self._url}\n{self._name}".encode()).hexdigest()
        self._key, self._wait = key, wait
        self._dimension = 0

    @property
    def dimension(self) -> int:
        """How long its vectors are; 0 before the first answer."""
        return self._dimension

    def encode_distinct(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, (n, d); raises ModelError if the service fails."""
        # Imported on first use: a slow optional extra.
        import httpx  # noqa: PLC0415  (see above)

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        limits = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        try:
            with httpx.Client(headers=headers, timeout=limits) as client:
                return np.vstack(list(self._ask_all(client, texts)))
        except httpx.TimeoutException as error:
            seconds = f"{_ANSWER_SECONDS:.0f}"
            raise ModelError("too_slow", host=self._host, seconds=seconds) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            why = type(error).__name__
            raise ModelError("unreachable", host=self._host, why=why) from error

    def _ask_all(self, client: httpx.Client, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        for at in range(0, len(texts), _AT_ONCE):
            # Services refuse empty texts; a blank one means as little.
            asked = [text if text.strip() else "-" for text in texts[at : at + _AT_ONCE]]
            vectors = self._read(self._ask(client, asked), len(asked))
            if self._dimension not in (0, vectors.shape[1]):
                raise ModelError("uneven", host=self._host)
            self._dimension = vectors.shape[1]
            yield vectors

    def _ask(self, client: httpx.Client, texts: list[str]) -> _Answer:
        """Ask once, and again after a while if the service is busy or faulty."""
        asked = {"model": self._name, "input": texts, "encoding_format": "float"}
        answer = self._post(client, asked)
        for seconds in _WAITS:
            if answer.status != _TOO_MANY and answer.status < _FAULTY:
                break
            self._wait(_seconds_asked_for(answer.waits, seconds))
            answer = self._post(client, asked)
        return answer

    def _post(self, client: httpx.Client, asked: dict[str, Any]) -> _Answer:
        """One answer as a whole; one that is endless or far too large is broken off."""
        content = bytearray()
        until = time.monotonic() + _WHOLE_SECONDS
        with client.stream("POST", self._url, json=asked) as answer:
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > _LARGEST:
                    raise ModelError("nonsense", host=self._host)
                if time.monotonic() > until:
                    raise ModelError("too_slow", host=self._host, seconds=f"{_WHOLE_SECONDS:.0f}")
            waits = answer.headers.get("retry-after", "")
        return _Answer(answer.status_code, waits, bytes(content))

    def _read(self, answer: _Answer, sent: int) -> NDArray[np.float32]:
        status = answer.status
        if status == _TOO_MANY or status >= _FAULTY:
            times = str(1 + len(_WAITS))
            raise ModelError("busy", host=self._host, status=str(status), times=times)
        if not _OK <= status < _REDIRECTS:
            code = _CODES.get(status, "refused")
            raise ModelError(code, host=self._host, status=str(status))
        rows = self._rows(answer.content, sent)
        if len({len(row) for row in rows}) != 1:
            raise ModelError("uneven", host=self._host)
        return self._normalise(rows)

    def _rows(self, content: bytes, sent: int) -> list[list[float]]:
        """The vectors in the order of the texts; each text must have one of its own."""
        try:
            listed: Any = json.loads(content)["data"]
            rows = {int(one["index"]): _numbers(one["embedding"]) for one in listed}
            got = len(listed)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise ModelError("nonsense", host=self._host) from error
        if got != sent:
            raise ModelError("miscounted", host=self._host, got=str(got), sent=str(sent))
        if sorted(rows) != list(range(sent)):
            raise ModelError("nonsense", host=self._host)
        return [rows[at] for at in range(sent)]

    def _normalise(self, rows: list[list[float]]) -> NDArray[np.float32]:
        vectors = np.array(rows, dtype=np.float64)
        # NaN is no number below the limit either.
        if not (np.abs(vectors) < _ABSURD).all():
            raise ModelError("not_finite", model=self._host)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            raise ModelError("not_finite", model=self._host)
        return np.asarray(vectors / lengths, dtype=np.float32)


def _numbers(row: Any) -> list[float]:
    if not isinstance(row, list) or any(isinstance(number, str) for number in row):
        raise TypeError("no list of numbers")
    return [float(number) for number in row]


def _split(address: str) -> SplitResult:
    """Return the parts of an address that texts may be sent to; no error repeats a secret."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
        shown = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "") + parts.path
        address.encode()
    except ValueError as error:
        # Nobody can tell which part of it is a secret.
        raise ModelError("bad_address", model=address.partition(":")[0] + "://…") from error
    if not host or parts.username is not None:
        raise ModelError("bad_address", model=shown)
    if not parts.fragment:
        raise ModelError("unnamed", model=shown)
    if parts.scheme != "https" and not _is_own_network(host):
        raise ModelError("insecure", model=shown)
    if find_package("httpx") is None:
        raise ModelError("not_installed", model=shown, extra=EXTRA)
    return parts


def _is_own_network(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        # A whole number without dots is an address too, of any network.
        is_bare = "." not in host and not _NUMERIC.fullmatch(host)
        return is_bare or host.endswith(_OWN_NETWORK)


def _seconds_asked_for(stated: str, usual: float) -> float:
    """Return the seconds that the service asks to wait, within reason."""
    is_number = stated.isascii() and stated.isdigit()
    return min(float(stated), _LONGEST_WAIT) if is_number else usual
