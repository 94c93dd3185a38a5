"""The main road on files: two lists and choices in, the bundle of a planned round out."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from lianqiao.catalogue.records import Choice, NeedRecord, OfferRecord
from lianqiao.errors import InputError
from lianqiao.exchange.bundle import refuse_to_overwrite, write_bundle
from lianqiao.exchange.choices import read_choices
from lianqiao.exchange.lists import ReadList, read_list
from lianqiao.exchange.signed import SignedList, read_signed
from lianqiao.exchange.weights import read_weights
from lianqiao.language import N_, Text
from lianqiao.matching.document import InputFile, PlanDocument
from lianqiao.matching.marketfile import market_bytes
from lianqiao.matching.models import model_notices
from lianqiao.matching.planning import plan_round
from lianqiao.matching.round import prepare, relevance_of
from lianqiao.matching.solving import Settings
from lianqiao.site.signed import beside_signed

NO_RECORD = N_(
    "none of the %(rows)d rows can be used. %(why)s Every row and its reason: lianqiao read "
    "%(file)s --as %(kind)s --json -"
)
MOSTLY = N_("Most often (%(count)d rows, here first): %(reason)s")
NO_TITLE = N_("No row says in a title or a description what it is about.")
# What makes a row of a list be rejected.
REJECTING = frozenset({"missing_title", "repeated_id"})
READING = N_("Reading the lists …")
COMPARING = N_("Comparing every need with every offer …")
PLANNING = N_("Planning … this may take a minute. --effort 0 gives a quick plan.")
WRITING = N_("Writing the plan, the report and the workbooks …")
LIST_READ = N_(
    "List of %(list)s: %(records)d records, %(duplicates)d duplicates, %(subtotals)d subtotals, "
    "%(rejected)d rows rejected, %(cells)d cells to look at."
)


# Surrounds a step that may take long, named by its text.
Steps = Callable[[Text], AbstractContextManager[None]]


@dataclass(frozen=True)
class Sources:
    """The files of a round; all but the lists may be absent."""

    needs: Path
    offers: Path
    choices: Path | None = None
    weights: Path | None = None
    signed: Path | None = None


@dataclass(frozen=True)
class Lists:
    """Both lists as read, and their records by kind."""

    needs_list: ReadList
    offers_list: ReadList
    needs: tuple[NeedRecord, ...]
    offers: tuple[OfferRecord, ...]


def read_lists(needs: Path, offers: Path) -> Lists:
    """Both lists; raises InputError naming the file if one can't be read, is the other kind or has
    no row that can be used.
    """
    needs_list, offers_list = read_list(needs, kind="needs"), read_list(offers, kind="offers")
    for listed in (needs_list, offers_list):
        _refuse_if_unusable(listed)
    return Lists(
        needs_list,
        offers_list,
        tuple(r for r in needs_list.records if isinstance(r, NeedRecord)),
        tuple(r for r in offers_list.records if isinstance(r, OfferRecord)),
    )


def _refuse_if_unusable(listed: ReadList) -> None:
    """A plan of nothing would look like an answer."""
    if listed.records:
        return
    rejected = [row for row in listed.rows if row.status == "rejected"]
    found = [issue for row in rejected for issue in row.issues if issue.code in REJECTING]
    codes = Counter(issue.code for issue in found)
    why, cell = Text(NO_TITLE), ""
    if found:
        code, count = codes.most_common(1)[0]
        first = next(issue for issue in found if issue.code == code)
        why, cell = Text(MOSTLY, {"count": count, "reason": first.text}), first.cell
    values = {"rows": len(listed.rows), "why": why, "file": listed.file, "kind": listed.kind}
    raise InputError(Text(NO_RECORD, values), file=listed.file, sheet=listed.sheet, cell=cell)


def match_files(
    sources: Sources,
    folder: Path,
    settings: Settings,
    *,
    model: str,
    language: str,
    force: bool,
    step: Steps,
) -> PlanDocument:
    """Read, relate, plan, write. Writes nothing on bad input."""
    refuse_to_overwrite(folder, force=force)
    choices_sha256 = _sha256(sources.choices) if sources.choices else ""
    learnt, weights_sha256 = read_weights(sources.weights) if sources.weights else (None, "")
    with step(Text(READING)):
        lists = read_lists(sources.needs, sources.offers)
        choices = _choices(sources, lists)
        signed = _signed(sources, lists)
    with step(Text(COMPARING)):
        relevance = relevance_of(lists.needs, lists.offers, model, learnt)
        round_ = prepare(lists.needs, lists.offers, choices, relevance)
    market = market_bytes(round_.market)
    digests = {"choices": choices_sha256, "weights": weights_sha256}
    digests["signed"] = signed.sha256 if signed else ""
    with step(Text(PLANNING)):
        document = plan_round(
            round_,
            settings,
            _inputs(sources, lists, digests),
            [*_list_notices(lists), *model_notices(model)],
            market_sha256=hashlib.sha256(market).hexdigest(),
        )
        document = beside_signed(document, signed, round_)
    with step(Text(WRITING)):
        write_bundle(folder, document, market=market, language=language, force=force)
    return document


def _choices(sources: Sources, lists: Lists) -> tuple[Choice, ...]:
    if not sources.choices:
        return ()
    return read_choices(sources.choices, lists.needs, lists.offers)


def _signed(sources: Sources, lists: Lists) -> SignedList | None:
    """What was signed, if a file of it is given; the two lists themselves are refused."""
    if not sources.signed:
        return None
    digests = {"needs": lists.needs_list.sha256, "offers": lists.offers_list.sha256}
    return read_signed(sources.signed, lists.needs, lists.offers, lists=digests)


def _sha256(path: Path) -> str:
    """Of the file as it is now, so that it is taken before reading; "" if it can't be read."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _shown(path: Path) -> str:
    """The file's name; bytes that are no text become question marks."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _inputs(sources: Sources, lists: Lists, others: Mapping[str, str]) -> dict[str, InputFile]:
    """Each list with the digest of the bytes that were read; others: sha256 by name."""
    inputs: dict[str, InputFile] = {
        "needs": {"file": _shown(sources.needs), "sha256": lists.needs_list.sha256},
        "offers": {"file": _shown(sources.offers), "sha256": lists.offers_list.sha256},
    }
    further = {"choices": sources.choices, "weights": sources.weights, "signed": sources.signed}
    for name, path in further.items():
        if path:
            inputs[name] = {"file": _shown(path), "sha256": others[name]}
    return inputs


def _list_notices(lists: Lists) -> list[tuple[str, Text]]:
    """What reading each list came to; file names stay out, since a plan's digest has none."""
    named = ((N_("needs"), lists.needs_list), (N_("offers"), lists.offers_list))
    notices = []
    for name, listed in named:
        counted = Counter(row.status for row in listed.rows)
        values = {
            "list": name,
            "records": counted["record"],
            "duplicates": counted["duplicate"],
            "subtotals": counted["subtotal"],
            "rejected": counted["rejected"],
            "cells": sum(len(row.issues) for row in listed.rows),
        }
        notices.append(("list_read", Text(LIST_READ, values)))
        notices += [("list", text) for text in listed.notices]
    return notices
