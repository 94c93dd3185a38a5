"""JSON Lines out: written aside, then moved into place; never onto one of the sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from lianqiao.errors import InputError
from lianqiao.exchange.files import IS_A_FOLDER, write_aside
from lianqiao.language import N_, Text
from lianqiao.matching.round import relevance_of
from lianqiao.site.journey import Lists


def write_lines(
    objects: Iterable[Mapping[str, Any]], out: Path, *, sources: Sequence[Path]
) -> None:
    """One JSON object a line, UTF-8; "-" is the screen. Raises InputError if out is a source."""
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    if str(out) == "-":
        for line in lines:
            click.echo(line, nl=False)
        return
    if out.is_dir() or not out.name:
        raise InputError(Text(IS_A_FOLDER), file=str(out))
    if out.exists() and any(out.samefile(source) for source in sources):
        text = N_("this is the list itself; name another file for the result")
        raise InputError(Text(text), file=str(out))
    if out.exists() and not out.is_file():
        # A device or a pipe, such as /dev/stdout: it is written to, never replaced.
        with out.open("wb") as stream:
            stream.writelines(line.encode() for line in lines)
        return
    write_aside(out, lambda stream: stream.writelines(line.encode() for line in lines))


def scored_lines(
    lists: Lists, model: str, top: int, learnt: Any = None
) -> Iterator[dict[str, Any]]:
    """The best offers of each need with score, parts, evidence and missing fields."""
    relevance = relevance_of(lists.needs, lists.offers, model, learnt)
    for i, need in enumerate(lists.needs):
        for j in relevance.top(i, top):
            fit = relevance.pair(i, j)
            yield {
                "need": need.id,
                "offer": lists.offers[j].id,
                "score": fit.score,
                "parts": fit.parts,
                "evidence": list(fit.evidence),
                "missing_fields": list(fit.missing_fields),
            }
