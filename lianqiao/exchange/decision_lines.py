"""Decisions as JSON Lines: each line holds a need, an offer and what was decided."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from lianqiao.catalogue.records import CLEAN_COLUMNS, Decision, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.decision_words import decided, is_not_decided
from lianqiao.exchange.grids import MAX_FILE_BYTES, MAX_ROWS
from lianqiao.language import N_, Text

# A decision with its stated reason; None where neither side has decided.
Line = tuple[Decision | None, str]
_ENDS = re.compile(r"\r\n|\r|\n")
Record = TypeVar("Record", NeedRecord, OfferRecord)

NOT_A_LINE = N_(
    "Line %(line)s isn't a decision. Each line is a JSON object with need, offer and decision."
)
NO_TITLE = N_("Line %(line)s: the %(side)s has no title. Give it one, or delete the line.")
NO_ANSWER = N_("Line %(line)s: the decision is neither accepted nor declined.")
TOO_LARGE = N_("The file is larger than 20 MB or has more than 50,000 lines. Divide it.")
NO_LINES = N_("The list of decisions has no lines. Fill it in and try again.")


def is_lines(path: Path) -> bool:
    """Whether a file begins like JSON Lines; False where it can't be read or is a folder."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_lines(path: Path) -> list[Line]:
    """Each decision with its stated reason. Raises InputError for the first unusable line."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InputError(Text(TOO_LARGE), file=path.name)
    # Not splitlines: a text may hold U+2028 and its like, which end no line of JSON.
    whole = path.read_text(encoding="utf-8-sig", errors="replace")
    texts = _ENDS.split(whole.rstrip("\r\n"))
    if len(texts) > MAX_ROWS:
        raise InputError(Text(TOO_LARGE), file=path.name)
    lines = [_read(text, at, path.name) for at, text in enumerate(texts, 1) if text.strip()]
    if not lines:
        raise InputError(Text(NO_LINES), file=path.name)
    return lines


def _read(text: str, line: int, file: str) -> Line:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(Text(NOT_A_LINE, {"line": line}), file=file) from error
    if not isinstance(said, dict):
        raise InputError(Text(NOT_A_LINE, {"line": line}), file=file)
    if is_not_decided(str(said.get("decision", ""))):
        return None, ""
    accepted = decided(str(said.get("decision", "")))
    if accepted is None:
        raise InputError(Text(NO_ANSWER, {"line": line}), file=file)
    need = _record(NeedRecord, _side(said, N_("need"), line, file), f"N{line:03}")
    offer = _record(OfferRecord, _side(said, N_("offer"), line, file), f"O{line:03}")
    decision = Decision(need=need, offer=offer, accepted=accepted, row=line)
    return decision, str(said.get("reason") or "")


def _side(said: Mapping[str, Any], name: str, line: int, file: str) -> Mapping[str, Any]:
    side = said.get(name)
    if not isinstance(side, dict):
        raise InputError(Text(NOT_A_LINE, {"line": line}), file=file)
    if not _text(side.get("title")):
        raise InputError(Text(NO_TITLE, {"line": line, "side": Text(name)}), file=file)
    return side


def _record(kind: type[Record], said: Mapping[str, Any], default_id: str) -> Record:
    """The clean columns of one side; whatever else it holds is not read."""
    columns: dict[str, Any] = {name: _text(said.get(name)) for name in CLEAN_COLUMNS}
    columns["id"] = columns["id"] or default_id
    columns["quantity"] = _number(said.get("quantity"))
    return kind(**columns)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        # A whole number of hundreds of digits counts nothing.
        return None
