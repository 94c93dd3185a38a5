"""The folder that a plan lives in: plan.json, its report and workbooks, the market behind them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lianqiao.errors import InputError
from lianqiao.exchange.circular import circular_of
from lianqiao.exchange.circular_book import write_circular
from lianqiao.exchange.files import write_aside
from lianqiao.exchange.planbook import write_planbook
from lianqiao.exchange.report import write_report
from lianqiao.exchange.swapping import locked, recover, replacing
from lianqiao.language import N_, Text
from lianqiao.matching.document import FORMAT, PlanDocument

PLAN, REPORT, MARKET = "plan.json", "report.html", "market.npz"
# The first is internal, the second goes out to everybody.
PLANBOOK, CIRCULAR = "plan.xlsx", "circular.xlsx"
MAX_PLAN_BYTES = 200 * 1024 * 1024


def refuse_to_overwrite(folder: Path, *, force: bool) -> None:
    """Raise InputError if the folder can't take a plan, or has one already and force is off."""
    if folder.exists() and not folder.is_dir():
        raise InputError(
            Text(N_("this is a file; name a folder for the plan with --out")), file=str(folder)
        )
    if (folder / PLAN).exists() and not force:
        raise InputError(
            Text(N_("a plan is here already; choose another folder or add --force")),
            file=str(folder / PLAN),
        )


def write_bundle(
    folder: Path,
    document: PlanDocument,
    *,
    market: bytes,
    language: str,
    force: bool,
) -> None:
    """Write the whole bundle aside, then move it into place; plan.json comes last.

    A reader never sees half a plan: until plan.json is there, the folder holds none. If anything
    fails the old bundle stays; after a kill in the middle the next run brings it back.
    """
    said = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    refuse_to_overwrite(folder, force=force)
    with locked(folder):
        recover(folder, PLAN)
        refuse_to_overwrite(folder, force=force)
        with replacing(folder, (MARKET, CIRCULAR, PLANBOOK, REPORT, PLAN)) as aside:
            write_aside(aside / MARKET, lambda stream: stream.write(market))
            write_report(document, aside / REPORT, language=language)
            write_circular(circular_of(document), aside / CIRCULAR, language=language)
            write_planbook(document, aside / PLANBOOK, language=language)
            write_aside(aside / PLAN, lambda stream: stream.write(said.encode()))


def read_plan(folder: Path) -> PlanDocument:
    """The plan of a bundle. Raises InputError if there is none or it is not one of ours."""
    path = folder / PLAN
    if not path.is_file():
        raise InputError(
            Text(N_("no plan.json is here; name a folder that `lianqiao match --out` wrote")),
            file=str(folder),
        )
    if path.stat().st_size > MAX_PLAN_BYTES:
        raise InputError(Text(N_("too large for a plan; make it again")), file=str(path))
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        text = N_("this is not a whole JSON file; make the plan again with `lianqiao match`")
        raise InputError(Text(text), file=str(path)) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        text = N_("this is not a plan of the format %(format)s; make it again")
        raise InputError(Text(text, {"format": FORMAT}), file=str(path))
    plan: PlanDocument = document  # type: ignore[assignment]  # shape is checked by its reader
    return plan
