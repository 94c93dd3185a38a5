"""What is said of a whole list: how its headings were understood, whose its rows are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lianqiao.exchange.columns import Columns
from lianqiao.exchange.findings import SourceRow
from lianqiao.language import N_, Text

_MOST_NAMED = 12
_LONGEST = 24
_MANY = 3
_MANY_SHARE = 0.2

FIELD_NAMES = {
    "id": N_("id"),
    "title": N_("title"),
    "description": N_("description"),
    "category": N_("category"),
    "organisation": N_("organisation"),
    "sub_district": N_("sub-district"),
    "quantity": N_("quantity"),
    "unit": N_("unit of quantity"),
    "time_window": N_("time"),
    "time_start": N_("start of the time"),
    "time_end": N_("end of the time"),
    "frequency": N_("how often"),
    "target_group": N_("people served"),
    "kind": N_("kind of help"),
    "partners_wanted": N_("partners wanted"),
    "capacity": N_("communities that can be served"),
}
LISTS = {"needs": N_("needs"), "offers": N_("offers")}
UNDERSTOOD = N_("Headings of the list of %(list)s: %(understood)s.")
UNDERSTOOD_AND_KEPT = N_(
    "Headings of the list of %(list)s: %(understood)s; kept as they are, not used: %(kept)s."
)
ONE_HEADING = N_("%(heading)s → %(field)s")
ENUMERATED = N_("%(some)s, %(next)s")
AND_MORE = N_("%(some)s and %(count)s more")
NO_ORGANISATION = N_(
    "The list has no column that says whose each row is. Add one, such as Organisation."
)
FEW_ORGANISATIONS = N_(
    "%(count)s of %(all)s rows name nobody in the column %(heading)s. Fill it in, else they can't "
    "be told apart by whose they are."
)


def headings_understood(kind: str, columns: Columns) -> Text:
    """One line: each heading with the field it was taken for, then those that are only kept."""
    taken = {column.index: name for name, column in columns.fields.items()}
    pairs = [
        Text(ONE_HEADING, {"heading": _short(column.heading), "field": Text(FIELD_NAMES[name])})
        for column in columns.all
        if (name := taken.get(column.index)) in FIELD_NAMES
    ]
    kept = [
        _short(column.heading)
        for column in columns.all
        if column.index not in taken and column not in columns.refused and column.named
    ]
    values = {"list": Text(LISTS[kind]), "understood": _listed(pairs)}
    if not kept:
        return Text(UNDERSTOOD, values)
    return Text(UNDERSTOOD_AND_KEPT, {**values, "kept": _listed(kept)})


def owners_missing(columns: Columns, rows: Sequence[SourceRow]) -> Iterator[Text]:
    """At most one line: no column says whose the rows are, or many rows leave it empty."""
    records = [row.record for row in rows if row.status == "record" and row.record]
    nameless = sum(not record["organisation"] for record in records)
    column = columns.fields.get("organisation")
    if column is None:
        if nameless or not records:
            yield Text(NO_ORGANISATION)
    elif nameless >= max(_MANY, _MANY_SHARE * len(records)):
        values = {"count": nameless, "all": len(records), "heading": column.heading}
        yield Text(FEW_ORGANISATIONS, values)


def _listed(items: Sequence[object]) -> object:
    """The items as an enumeration, cut short where it would be endless."""
    said = _joined(items[:_MOST_NAMED])
    more = len(items) - _MOST_NAMED
    return Text(AND_MORE, {"some": said, "count": more}) if more > 0 else said


def _joined(items: Iterable[object]) -> object:
    said: object = None
    for item in items:
        said = item if said is None else Text(ENUMERATED, {"some": said, "next": item})
    return "" if said is None else said


def _short(heading: str) -> str:
    return heading if len(heading) <= _LONGEST else heading[: _LONGEST - 1] + "…"
