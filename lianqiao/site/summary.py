"""What the command line says when a job is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lianqiao.exchange.bundle import CIRCULAR, PLANBOOK, REPORT
from lianqiao.exchange.findings import SourceRow
from lianqiao.exchange.plan_figures import certainty, is_quick
from lianqiao.language import N_, Text, Translator
from lianqiao.matching.document import PlanDocument
from lianqiao.matching.reasons import sentence_of_need
from lianqiao.site.journey import Lists

# What a person may leave as it is: everything was understood, or the list simply says nothing.
MOST_ISSUES = 40
QUICK = N_("This is a quick plan; leave --effort 0 out for the one that you pass on.")
HARMLESS = frozenset({"formula_text", "unclear_amount", "hidden_column", "hidden_row"})


def of_rows(
    file: str, rows: Sequence[SourceRow], notices: Sequence[Text], translator: Translator
) -> str:
    """What reading a list came to: rows by status, then each cell that needs a look."""
    counted = Counter(row.status for row in rows)
    sheet = rows[0].sheet if rows else ""
    text = Text(
        N_(
            "%(place)s: %(records)d records, %(duplicates)d duplicates, "
            "%(subtotals)d subtotals, %(notes)d notes, %(blank)d blank, %(rejected)d rejected"
        ),
        {
            "place": f"{file} · {sheet}" if sheet else file,
            "records": counted["record"],
            "duplicates": counted["duplicate"],
            "subtotals": counted["subtotal"],
            "notes": counted["note"],
            "blank": counted["blank"],
            "rejected": counted["rejected"],
        },
    )
    said = [text, *notices]
    lines = [translator.render(one) for one in said]
    issues = [issue for row in rows for issue in row.issues]
    lines += [f"  {one.cell}: {translator.render(one.text)}" for one in issues[:MOST_ISSUES]]
    if len(issues) > MOST_ISSUES:
        more = Text(
            N_("… and %(count)d more cells, all in the JSON."), {"count": len(issues) - MOST_ISSUES}
        )
        lines.append(f"  {translator.render(more)}")
    return "\n".join(lines)


def needs_attention(rows: Sequence[SourceRow]) -> bool:
    """Whether a person should look: a row was rejected, or a cell was not understood."""
    return any(
        row.status == "rejected" or any(issue.code not in HARMLESS for issue in row.issues)
        for row in rows
    )


def of_plan(document: PlanDocument, folder: Path, translator: Translator) -> str:
    """The round in figures, the reasons of those that go without, and where the report lies."""
    figures = document["figures"]
    best = figures["score_best"]
    lines = [
        Text(
            N_("Needs with a partner: %(served)d of %(all)d"),
            {"served": figures["needs_served"], "all": figures["needs"]},
        ),
        Text(
            N_("Communities with a partner: %(served)d of %(all)d (%(possible)d at most)"),
            {
                "served": figures["communities_served"],
                "all": figures["communities"],
                "possible": figures["communities_possible"],
            },
        ),
        Text(
            N_("Pairs: %(units)d; fit: %(share).1f %% of the best possible; exceptions: %(calm)d"),
            {
                "units": figures["units"],
                "share": 100 * figures["score"] / best if best else 100.0,
                "calm": figures["blocking_pairs"],
            },
        ),
        Text(N_("Is it the best? %(answer)s"), {"answer": certainty(document)}),
        *([Text(QUICK)] if is_quick(document) else []),
        *_open_needs(document),
        *_beside_signed(document),
        *_unread_cells(document),
        Text(N_("Report: %(path)s"), {"path": folder / REPORT}),
        Text(N_("Workbook (internal): %(path)s"), {"path": folder / PLANBOOK}),
        Text(N_("Circular (for everyone): %(path)s"), {"path": folder / CIRCULAR}),
        Text(
            N_("Send only %(circular)s to everyone; %(workbook)s and %(report)s stay inside."),
            {"circular": CIRCULAR, "workbook": PLANBOOK, "report": REPORT},
        ),
    ]
    return "\n".join(translator.render(line) for line in lines)


def _open_needs(document: PlanDocument) -> list[Text]:
    reasons = Counter(unmet["reason"] for unmet in document["unmet"])
    return [
        Text(
            N_("Needs that go without: %(count)d. %(reason)s"),
            {"count": count, "reason": Text(sentence_of_need(code))},
        )
        for code, count in reasons.most_common()
    ]


def _beside_signed(document: PlanDocument) -> list[Text]:
    """What the plan and what was signed have in common, and what differs."""
    if "comparison" not in document:
        return []
    said = document["comparison"]["summary"]
    return [Text(each["text"], each["values"]) for each in said if each["about"] == "counts"]


def _unread_cells(document: PlanDocument) -> list[Text]:
    """A list whose cells were not all understood, and the command that names them."""
    text = N_(
        "Cells to look at in the list of %(list)s: %(count)d; "
        "lianqiao read %(file)s names each of them"
    )
    return [
        Text(
            text,
            {
                "list": Text(notice["values"]["list"]),
                "count": notice["values"]["cells"],
                "file": document["inputs"][notice["values"]["list"]]["file"],
            },
        )
        for notice in document["notices"]
        if notice["code"] == "list_read" and notice["values"]["cells"]
    ]


def of_scores(lists: Lists, lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The best offers of each need as a short table for the screen."""
    titles = {item.id: item.title for item in (*lists.needs, *lists.offers)}
    last = ""
    for line in lines:
        if line["need"] != last:
            last = line["need"]
            yield f"{last}  {titles[last]}"
        yield f"  {line['score']:.2f}  {line['offer']}  {titles[line['offer']]}"
