"""The figures of a plan as they are shown: shares, limits, short digests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lianqiao.exchange.wording import (
    BOUNDS,
    EXCEPTIONS_AMONG,
    FEWEST,
    METHODS,
    POLICY_PROOFS,
    listed,
    word,
)
from lianqiao.language import N_, Text
from lianqiao.matching.document import InputFile, PlanDocument

UNKNOWN = "—"
# The round is called by a year that so many of the needs' times begin in, of so many at least.
LEAST_SHARE, LEAST_TIMES = 0.8, 3
_YEAR = re.compile(r"\d{4}(?=-\d{2}-\d{2})")


@dataclass(frozen=True)
class Limit:
    """A figure of the plan and what is proved of any plan's. is_least: the bound is from below."""

    name: Text | str
    here: str
    bound: str
    is_least: bool


def round_title(document: PlanDocument) -> Text:
    """What the round is called: by its year, if the times of the needs tell it."""
    years = Counter(
        found[0] for need in document["needs"] if (found := _YEAR.findall(need["time_window"]))
    )
    year, times = years.most_common(1)[0] if years else ("", 0)
    if times >= LEAST_TIMES and times >= LEAST_SHARE * years.total():
        return Text(N_("Plan of the %(year)s round"), {"year": year})
    return Text(N_("Plan of the round"))


def share_of_best(document: PlanDocument) -> str:
    """Total fit as a share of what no plan can exceed; a dash where there is nothing to have."""
    figures = document["figures"]
    return percent(figures["score"], figures["score_best"])


def percent(part: float, whole: float) -> str:
    """With one decimal; 100.0% is never said of less."""
    if whole <= 0:
        return UNKNOWN
    share = part / whole
    return f"{share if share >= 1 else min(share, 0.999):.1%}"


def short_digest(digest: str) -> str:
    """First and last four digits: enough to tell two files apart on paper."""
    return f"{digest[:4]}…{digest[-4:]}" if len(digest) > 12 else digest


def input_files(document: PlanDocument) -> list[InputFile]:
    """Needs, offers, choices, then whatever else: a file's own order of keys means nothing."""
    known = ("needs", "offers", "choices")
    rest = sorted(set(document["inputs"]) - set(known))
    return [document["inputs"][name] for name in (*known, *rest) if name in document["inputs"]]


def at_bound(document: PlanDocument) -> list[Text]:
    """The figures in which no plan does better than this one."""
    figures, bounds = document["figures"], document["figures"]["bounds"]
    fewest = FEWEST.get(document["policy"], "")
    met = {
        N_("as many communities as any plan can serve"): (
            figures["communities_served"] >= figures["communities_possible"]
        ),
        N_("as many needs as any plan can serve"): _meets(
            figures["needs_served"], bounds, "needs_served"
        ),
        N_("as many bridges as any plan can build"): _meets(figures["units"], bounds, "units"),
        N_("the best total fit"): _meets(figures["score"], bounds, "score"),
        N_("no exception"): not figures["blocking_pairs"],
        fewest: 0 < figures["blocking_pairs"] == bounds.get("blocking_pairs"),
    }
    return [Text(msgid) for msgid, is_met in met.items() if is_met and msgid]


def is_at_every_bound(document: PlanDocument) -> bool:
    """Whether the plan meets the limit of every figure, without an exception."""
    figures = document["figures"]
    here = {"needs_served": figures["needs_served"], "units": figures["units"]}
    is_whole = figures["communities_served"] >= figures["communities_possible"]
    stated = [name for name in (*here, "score") if name in figures["bounds"]]
    here["score"] = figures["score"]
    return (
        bool(stated)
        and is_whole
        and not figures["blocking_pairs"]
        and all(_meets(here[name], figures["bounds"], name) for name in stated)
    )


def is_quick(document: PlanDocument) -> bool:
    """Whether the plan was made without the last step of the search."""
    return document["engine"]["effort"] == 0


def certainty(document: PlanDocument) -> Text:
    """Whether a better plan may exist, in one line; of which plans, where not any may be taken."""
    said, most = _certainty(document), document.get("max_exceptions")
    if most is None:
        return said
    text = N_("within the exceptions allowed (%(most)d): %(said)s")
    return Text(text, {"most": most, "said": said})


def _certainty(document: PlanDocument) -> Text:
    if document["figures"]["proved"]:
        return Text(N_("proved: %(claim)s"), {"claim": proof(document)})
    if is_at_every_bound(document):
        return Text(N_("no plan does better in any of the figures"))
    if not (best := at_bound(document)):
        return Text(N_("a better plan is not ruled out"))
    text = N_("a better plan is not ruled out; already reached: %(figures)s")
    return Text(text, {"figures": listed(best)})


def proof(document: PlanDocument) -> Text:
    """What is proved of a plan that is the best of its policy."""
    return Text(POLICY_PROOFS.get(document["policy"], N_("no plan does better under this policy")))


def method_words(document: PlanDocument) -> Text | str:
    """Which step of the search gave the plan."""
    return word(METHODS, document["engine"]["method"])


def budget_words(document: PlanDocument) -> Text | str:
    """How long the plan was looked for."""
    engine = document["engine"]
    if (seconds := engine.get("time_limit")) is not None:
        return Text(N_("%(seconds)s s by the clock"), {"seconds": f"{seconds:g}"})
    if is_quick(document):
        return Text(N_("0 (quick)"))
    return str(engine["effort"])


def _meets(value: float, bounds: Mapping[str, float], name: str) -> bool:
    return name in bounds and value >= bounds[name]


def limits(document: PlanDocument) -> list[Limit]:
    """Every bound that the engine states and that says something, beside the plan's figure."""
    figures = document["figures"]
    here: dict[str, float] = {
        "needs_served": figures["needs_served"],
        "communities_served": figures["communities_served"],
        "groups_served": figures["communities_served"],
        "units": figures["units"],
        "blocking_pairs": figures["blocking_pairs"],
    }
    rows = []
    unknown = sorted(set(figures["bounds"]) - set(BOUNDS))
    for name in [name for name in (*BOUNDS, *unknown) if name in figures["bounds"]]:
        bound, is_least = figures["bounds"][name], name == "blocking_pairs"
        if is_least and bound <= 0:
            continue  # no plan has fewer than none: that is no news
        if name == "score":
            # Thousandths mean nothing to a reader; the share of the best total does.
            said, most = percent(figures["score"], bound), "100%"
        else:
            said, most = (f"{here[name]:g}" if name in here else UNKNOWN), f"{bound:g}"
        names = EXCEPTIONS_AMONG if is_least else {}
        called = names.get(document["policy"], BOUNDS.get(name, ""))
        rows.append(Limit(Text(called) if called else name, said, most, is_least))
    return rows
