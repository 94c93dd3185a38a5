"""What reading a list finds, row by row and cell by cell.

| code | the cell or row |
|---|---|
| missing_title | has no title: the row is rejected |
| missing_organisation | names nobody, though the list has a column for it |
| repeated_id | has an id that an earlier row has: the row is rejected |
| unknown_category, unknown_kind | names no category or kind that is known; kept in extra |
| unclear_amount | says no number (若干, 3-5场); kept in extra |
| unclear_time | says no time that can be understood; kept in extra |
| unknown_year | says a time whose year nothing in the file tells; kept in extra |
| unclear_count | partners wanted or capacity that isn't a whole number; kept in extra |
| formula_text | text that looks like a formula; kept as text |
| formula | a formula; its value is used, or its text where the file holds no value |
| cell_error | an error of the spreadsheet, such as #N/A; kept in extra |
| refused_column | people's ID numbers or home addresses: the column is dropped |
| id_number | holds a person's ID number: it is kept as ＊＊＊ |
| hidden_row, hidden_column | hidden in the file; read like the others |
| example_row, repeated_header | an example or the header once more: a note |
| unclear_choice | a line of choices that can't be used |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lianqiao.language import N_, Text, Translator

QUOTES = "%(value)s"
_QUOTED = 40
SAYS: Mapping[str, str] = {
    "missing_title": N_("The row has no title. Fill it in, or delete the row."),
    "missing_organisation": N_("The row doesn't say whose it is. Fill in the organisation."),
    "repeated_id": N_("The id is that of row %(of)s already. Give the row an id of its own."),
    "unknown_category": N_(
        "The category “%(value)s” isn't known; the text is kept. Say one of: Hardship support; "
        "Older people and children; Health and wellbeing; Work and enterprise; Law and rights; "
        "Homes and public space; Safety and emergencies; Culture, reading and science; Community "
        "organising; Digital and green."
    ),
    "unknown_kind": N_(
        "The kind isn't known; the text is kept. Say service, works, goods, venue, people, "
        "information or funds."
    ),
    "unclear_amount": N_(
        "No exact amount is said; the text is kept. Write one number with its unit where it "
        "matters."
    ),
    "unclear_time": N_(
        "The time isn't understood; the text is kept. Write it like 2023-06-01/2023-09-30 where "
        "it matters."
    ),
    "unknown_year": N_(
        "The year isn't said anywhere in the list; the text is kept. Write the year in the title "
        "or in the cell."
    ),
    "unclear_count": N_("A whole number is expected here; the text is kept."),
    "formula_text": N_("The text looks like a formula; it is kept as text and never run."),
    "formula": N_(
        "The cell is a formula; its stored value is used, or its text where none is stored."
    ),
    "cell_error": N_("The cell shows an error of the spreadsheet; it is kept as text."),
    "refused_column": N_(
        "The column %(heading)s holds people's ID numbers or home addresses. It is not read and "
        "nothing of it is kept. Delete it from the list."
    ),
    "id_number": N_(
        "The cell holds a person's ID number; ＊＊＊ is kept in its place. Delete it from the list."
    ),
    "hidden_row": N_("The row is hidden in the file; it is read like the others."),
    "hidden_column": N_(
        "The column %(heading)s is hidden in the file; it is read like the others."
    ),
    "example_row": N_("The row is marked as an example; it is not an item."),
    "repeated_header": N_("The header is repeated here."),
}


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One finding. column: its heading; cell: "H17"; value: the text meant, never a refused one."""

    column: str
    cell: str
    code: str
    text: Text
    value: str


def issue(code: str, *, cell: str, column: str = "", value: str = "", **values: object) -> Issue:
    """The finding of a code of the table above."""
    if QUOTES in SAYS[code]:
        values["value"] = value if len(value) <= _QUOTED else f"{value[:_QUOTED]}…"
    return Issue(column=column, cell=cell, code=code, text=Text(SAYS[code], values), value=value)


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A row between the header and the end. row: 1-based as seen; status: "record", "duplicate",
    "subtotal", "blank", "note", "rejected"; of: for a duplicate the first such row; record: clean
    columns and "extra" (for rows that are no items everything is in extra), None if blank.
    """

    row: int
    sheet: str
    status: str
    of: int | None = None
    record: Mapping[str, object] | None = None
    issues: tuple[Issue, ...] = ()

    def as_json(self, translator: Translator | None = None) -> dict[str, object]:
        """The row as one object of the JSON Lines of `read`; texts in the translator's language."""
        render = (translator or Translator("en")).render
        line: dict[str, object] = {"row": self.row, "sheet": self.sheet, "status": self.status}
        if self.of is not None:
            line["of"] = self.of
        if self.record is not None:
            line["record"] = dict(self.record)
        line["issues"] = [
            {
                "column": found.column,
                "cell": found.cell,
                "code": found.code,
                "text": render(found.text),
                "value": found.value,
            }
            for found in self.issues
        ]
        return line
