"""The rows that a number counts: a link on the number shows these of a table's rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lianqiao.exchange.evidence import Words

# A row and what hides it are told apart by these classes alone, so the page needs no script.
_RULES = (
    "#{anchor}:target~table>tbody>tr:not(.sub):not({marks}){{display:none}}"
    "#{anchor}:target~table>tbody:not(:has({marks})),"
    "#{anchor}:target~table .tally{{display:none}}"
)


@dataclass(frozen=True)
class Excerpt:
    """Some rows of a table. anchor: the link to them; marks: classes that each of them bears.

    rows: how many there are.
    """

    anchor: str
    marks: tuple[str, ...]
    name: Words
    rows: int


def excerpts(
    table: str, marks: Sequence[tuple[str, ...]], names: Iterable[tuple[tuple[str, ...], Words]]
) -> Iterator[Excerpt]:
    """The excerpts of a table that show something.

    table: what its anchors begin with. marks: of each row of the table. names: the marks that the
    rows of an excerpt share, and what it is called.
    """
    counted: Counter[tuple[str, ...]] = Counter()
    wanted = list(names)
    for row in marks:
        counted.update(shared for shared, _name in wanted if set(shared) <= set(row))
    for shared, name in wanted:
        if counted[shared]:
            yield Excerpt("-".join((table, *shared)), shared, name, counted[shared])


def rules(shown: Iterable[Excerpt], prefixes: Sequence[str]) -> str:
    """The style that hides the other rows once an excerpt is followed; one set a prefix."""
    return "".join(
        _RULES.format(
            anchor=prefix + excerpt.anchor, marks="".join(f".{mark}" for mark in excerpt.marks)
        )
        for excerpt in shown
        for prefix in prefixes
    )
