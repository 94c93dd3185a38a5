"""The exceptions of a plan as its readers go through them: who, for whose sake, at what price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lianqiao.exchange.entries import Entry
from lianqiao.exchange.evidence import Words
from lianqiao.exchange.remedy_words import cost_words
from lianqiao.exchange.wording import Said, listed
from lianqiao.language import N_, Text
from lianqiao.matching.document import PlanDocument

FOR_OTHERS = N_(
    "%(community)s and %(institution)s would rather have each other; they were not paired so that "
    "%(others)s is served too."
)
FOR_THE_WHOLE = N_(
    "%(community)s and %(institution)s would rather have each other; they were not paired for the "
    "sake of the whole."
)
FOR_THE_FIT = N_(
    "%(community)s and %(institution)s would rather have each other; they were not paired because "
    "that would not raise the total fit."
)


@dataclass(frozen=True)
class ExceptionRow:
    """A need and an offer that would rather have each other.

    sentence: for whose sake they were not paired. cost: what removing it would take, said with the
    last row of those that go together, "" if nobody looked for a way.
    """

    need: Entry
    offer: Entry
    sentence: Text
    cost: Words


def exception_rows(
    document: PlanDocument, needs: Mapping[str, Entry], offers: Mapping[str, Entry]
) -> tuple[ExceptionRow, ...]:
    """Each blocking pair once."""
    communities: dict[tuple[str, str], list[str]] = {}
    costs: dict[tuple[str, str], Words] = {}
    for pair in document["pairs"]:
        if exception := pair["exception"]:
            for need, offer in exception["blocks"]:
                communities.setdefault((need, offer), []).append(exception["for"])
            last = exception["blocks"][-1]
            names = {need: _name(entry) for need, entry in needs.items()}
            costs[last[0], last[1]] = cost_words(exception, document["figures"], names)
    return tuple(
        ExceptionRow(
            needs[need],
            offers[offer],
            _sentence(document["policy"], needs[need], offers[offer], served),
            costs.get((need, offer), ""),
        )
        for (need, offer), served in communities.items()
    )


def _name(need: Entry) -> Words:
    if not need.organisation:
        return need.id
    return Text(N_("%(community)s (%(need)s)"), {"community": need.organisation, "need": need.id})


def _sentence(policy: str, need: Entry, offer: Entry, served: list[str]) -> Text:
    names: dict[str, object] = {
        "community": need.organisation or need.title,
        "institution": offer.organisation or offer.title,
    }
    if policy == "best_fit":
        return Text(FOR_THE_FIT, names)
    # A need that would rather change its own offer is nobody's sacrifice for its own community.
    others = [Said(name) for name in dict.fromkeys(served) if name and name != need.organisation]
    if not others:
        return Text(FOR_THE_WHOLE, names)
    return Text(FOR_OTHERS, {**names, "others": listed(others)})
