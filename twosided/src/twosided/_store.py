"""One file for a market: a plain zip of .npy members, stored, without times, with a checksum."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import math
import os
import re
import secrets
import stat
import struct
import zipfile
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = "twosided-market/1"
HEADER = "market.json"
LONGEST_HEADER = 4096
# What reading a damaged zip may raise.
UNREADABLE = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
)

# name of the member -> (type, dimensions)
MEMBERS = {
    "need": ("<i8", 1),
    "offer": ("<i8", 1),
    "score": ("<u2", 1),
    "need_rank": ("<i4", 1),
    "offer_rank": ("<i4", 1),
    "quantity": ("<i8", 1),
    "capacity": ("<i8", 1),
    "need_group": ("<i8", 1),
    "offer_group": ("<i8", 1),
    "need_weight": ("<f8", 1),
    "pins": ("<i8", 2),
    "bans": ("<i8", 2),
    "floors": ("<i8", 2),
    "reserved": ("<i8", 2),
    "ceiling_start": ("<i8", 1),
    "ceiling_edge": ("<i8", 1),
    "ceiling_cap": ("<i8", 1),
    "excluded_need": ("<i8", 1),
    "excluded_offer": ("<i8", 1),
    "excluded_code": ("<i8", 1),
}
# How a member begins: version 1.0 and one line, as numpy writes it.  numpy reads it as Python, and
# a hostile line makes that warn or run out of memory.
BEGINNING = re.compile(
    rb"\x93NUMPY\x01\0(?s:..)"
    rb"\{'descr': '(<\w\d)', 'fortran_order': False, 'shape': \((\d{1,19}), ?([1-9]?)\), \} *\n"
)


def packed(arguments: dict[str, Any]) -> bytes:
    """The bytes of the file: equal for equal arguments."""
    bodies = {name: _npy(array) for name, array in _flattened(arguments).items()}
    header = json.dumps({"format": FORMAT, "sha256": _checksum(bodies)}, sort_keys=True).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        # A fixed date: the default of ZipInfo, 1980-01-01.
        archive.writestr(zipfile.ZipInfo(HEADER), header)
        for name, body in bodies.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), body)
    return buffer.getvalue()


def write_arguments(path: str | PathLike[str], arguments: dict[str, Any]) -> None:
    """The file of a market, whole or not at all."""
    write_whole(path, lambda: packed(arguments))


def write_whole(path: str | PathLike[str], body: Callable[[], bytes]) -> None:
    """Write aside, flush to disk, then rename: a reader sees the old file or the whole new one."""
    target = _checked_path(path)
    _check_target(target)
    written = body()
    aside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        # Opened plainly, so that the umask decides who may read it.
        with aside.open("xb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _check_target(target: Path) -> None:
    """ValueError for a device or a pipe, which renaming would replace; OSError without a folder."""
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to save in", str(target))
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise ValueError(f"path: {target.name!r} is no regular file")


def read_whole(path: str | PathLike[str]) -> bytes:
    """A regular file's bytes; ValueError naming `path` for a pipe or a device: it may never end."""
    source = _checked_path(path)
    kind = source.stat().st_mode
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise ValueError(f"path: {source.name!r} is no regular file")
    return source.read_bytes()


def read_arguments(path: str | PathLike[str]) -> dict[str, Any]:
    """The arguments for `Market.from_edges`; ValueError for a damaged or foreign file."""
    body = read_whole(path)
    try:
        bodies = _members(body)
        arrays = {name: _array(name, bodies[name]) for name in MEMBERS}
    except UNREADABLE as error:
        told = str(error)
        named = (
            told if told.startswith("path: ") else f"path: not a saved market, or damaged ({told})"
        )
        if body[:40].lstrip(b"{ \r\n").startswith(b'"format": "twosided-plan'):
            named = "path: this is a saved plan, not a market"
        raise ValueError(named) from None
    return _restored(arrays)


def _checked_path(path: Any) -> Path:
    if not isinstance(path, str | PathLike):
        raise ValueError(f"path: must be a path, is {type(path).__name__}")
    name = os.fspath(path)
    if not isinstance(name, str) or not Path(name).name or "\0" in name or not _encodable(name):
        raise ValueError(f"path: {name!r} is no file name")
    return Path(name)


def _encodable(name: str) -> bool:
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True


def _flattened(arguments: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    ceilings = arguments["ceilings"]
    lengths = [len(edges) for edges, _ in ceilings]
    excluded = dict(zip(("need", "offer", "code"), arguments["excluded"], strict=True))
    flat = {
        **arguments,
        "floors": np.array(arguments["floors"], np.int64).reshape(-1, 2),
        "reserved": np.array(arguments["reserved"], np.int64).reshape(-1, 3),
        "ceiling_start": np.cumsum([0, *lengths]),
        "ceiling_edge": np.concatenate([np.zeros(0, np.int64), *(edges for edges, _ in ceilings)]),
        "ceiling_cap": np.array([cap for _, cap in ceilings], np.int64),
        **{f"excluded_{part}": values for part, values in excluded.items()},
    }
    return {name: np.asarray(flat[name]).astype(kind) for name, (kind, _) in MEMBERS.items()}


def _npy(array: npt.NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    plain = np.ascontiguousarray(array)
    np.lib.format.write_array(buffer, plain, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def _checksum(bodies: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(bodies):
        digest.update(f"{name}:{len(bodies[name])}\n".encode())
        digest.update(bodies[name])
    return digest.hexdigest()


def _members(body: bytes) -> dict[str, bytes]:
    """The checked members of the archive, unpacked."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        entries = archive.infolist()
        expected = {HEADER, *(f"{name}.npy" for name in MEMBERS)}
        if {entry.filename for entry in entries} != expected or len(entries) != len(expected):
            raise ValueError("path: not a saved market")
        # Nothing is compressed, so nothing can unpack to more than the file itself.
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise ValueError("path: not a saved market (compressed members)")
        if sum(entry.file_size for entry in entries) > len(body):
            raise ValueError("path: damaged (members overlap)")
        if archive.getinfo(HEADER).file_size > LONGEST_HEADER:
            raise ValueError("path: damaged (header too long)")
        header = _header(archive.read(HEADER))
        bodies = {name: archive.read(f"{name}.npy") for name in MEMBERS}
    if header.get("format") != FORMAT:
        raise ValueError(f"path: format {header.get('format')!r}, this version reads {FORMAT!r}")
    if header.get("sha256") != _checksum(bodies):
        raise ValueError("path: damaged (checksum differs)")
    return bodies


def _header(body: bytes) -> dict[str, Any]:
    try:
        header = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("path: damaged (header)") from None
    if not isinstance(header, dict):
        raise ValueError("path: damaged (header)")
    return header


def _array(name: str, body: bytes) -> npt.NDArray[Any]:
    """One member, its type, shape and length compared before any memory is taken."""
    kind, dimensions = MEMBERS[name]
    start = 10 + int.from_bytes(body[8:10], "little")
    found = BEGINNING.fullmatch(body, 0, start)
    shape = [int(length) for length in found.groups()[1:] if length] if found else []
    if not found or found[1].decode() != kind or len(shape) != dimensions:
        raise ValueError(f"path: damaged ({name}: type or shape)")
    if math.prod(shape) * np.dtype(kind).itemsize != len(body) - start:
        raise ValueError(f"path: damaged ({name}: length)")
    return np.frombuffer(body, kind, offset=start).reshape(shape)


def _restored(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    start, caps = arrays.pop("ceiling_start"), arrays.pop("ceiling_cap")
    edges = arrays.pop("ceiling_edge")
    bounds_hold = len(start) == len(caps) + 1 and start[0] == 0 and start[-1] == len(edges)
    if not bounds_hold or (np.diff(start) < 0).any():
        raise ValueError("path: damaged (ceilings)")
    parts = [arrays.pop(f"excluded_{part}") for part in ("need", "offer", "code")]
    ceilings = [
        (edges[first:last], int(cap))
        for first, last, cap in zip(start[:-1], start[1:], caps, strict=True)
    ]
    return {**arrays, "ceilings": ceilings, "excluded": tuple(parts)}
