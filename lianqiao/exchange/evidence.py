"""Why a pair fits and where it does not, in words: the evidence of a plan as sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import FIELDS, KINDS, PARTS, Category, Said, listed, word
from lianqiao.language import N_, Text
from lianqiao.matching.document import (
    OtherOffer,
    PlannedItem,
    PlannedNeed,
    PlannedOffer,
    PlannedPair,
)

TIMES_DIFFER = N_("needed %(need)s, offered %(offer)s")
# More words than these convince nobody; the first are the weightiest.
WORDS_SHOWN, RELATED_SHOWN, MISSING_SHOWN = 6, 3, 2
# Weaker than this, words that a comparison of meanings relates are seldom related for a reader.
LEAST_RELATED = 0.55
_NUMBER_WORD = re.compile(
    r"[第约近]?[\d０-９零〇一二三四五六七八九十百千万两几半]+\D{0,2}"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand)\b.*",
    re.IGNORECASE,
)

Evidence = Mapping[str, Any]
Words = Text | str


@dataclass(frozen=True)
class Grounds:
    """Why a pair is worth a talk, a sentence each.

    met: which words met which; agrees: what the columns have in common; caveats: what differs or
    falls short; missing: what to ask, most useful first, "" if nothing.
    """

    met: tuple[Words, ...]
    agrees: tuple[Words, ...]
    caveats: tuple[Words, ...]
    missing: Words

    @property
    def speaks_for(self) -> tuple[Words, ...]:
        """All that brings the two together."""
        return self.met + self.agrees


def stated_fields(side: str, items: Iterable[PlannedItem]) -> frozenset[str]:
    """The fields that some item of a side has, as "need.unit"."""
    return frozenset(
        f"{side}.{field}"
        for item in items
        for field, value in item.items()
        if value not in ("", None)
    )


def grounds(
    pair: PlannedPair | OtherOffer,
    need: PlannedNeed,
    offer: PlannedOffer,
    stated: frozenset[str],
) -> Grounds:
    """The grounds of a pair or of a candidate.

    Evidence of an unknown kind is shown as it is, never dropped. stated: the fields that the lists
    have at all; nobody is asked for a column that there is not.
    """
    missing = _worth_asking(pair["missing_fields"], stated)
    agrees: list[Words] = []
    caveats: list[Words] = []
    for evidence in pair["evidence"]:
        if evidence.get("part") in ("words", "meaning"):
            continue
        if evidence.get("code") == "unknown" and not _is_open(evidence, missing, need, offer):
            continue
        bank = caveats if str(evidence.get("code")) in _CAVEATS else agrees
        bank.append(_sentence(evidence))
    caveats += _unsaid_differences(pair, need, offer)
    met = (*_words(pair["evidence"]), *_related(pair["evidence"]))
    return Grounds(met, tuple(agrees), tuple(caveats), _missing(missing))


def _worth_asking(missing: list[str], stated: frozenset[str]) -> list[str]:
    """A category is ours to tell, not theirs; what no row of a list says is no gap of this one."""
    known = {name for name in FIELDS if name not in stated} | _OURS
    return [name for name in missing if name not in known][:MISSING_SHOWN]


def _is_open(
    evidence: Evidence, missing: list[str], need: PlannedNeed, offer: PlannedOffer
) -> bool:
    """Whether something unknown is worth a word: one side says it, nobody is asked for it yet."""
    field = _FIELD_OF_PART.get(str(evidence.get("part")), "")
    if not field:
        return True
    is_asked = field in {name.partition(".")[2] for name in missing}
    is_one_sided = (need.get(field) in ("", None)) != (offer.get(field) in ("", None))
    return is_one_sided and not is_asked


def _of(evidence: list[dict[str, Any]], part: str) -> Iterator[Evidence]:
    return (item for item in evidence if item.get("part") == part)


def _words(evidence: list[dict[str, Any]]) -> Iterator[Words]:
    quoted = [_quoted(item) for item in _of(evidence, "words")]
    if quoted:
        yield Text(N_("in both: %(words)s"), {"words": listed(quoted[:WORDS_SHOWN])})


def _related(evidence: list[dict[str, Any]]) -> Iterator[Words]:
    related = [_quoted(item) for item in _of(evidence, "meaning") if _is_telling(item)]
    if related:
        text = N_("words that may be related: %(words)s")
        yield Text(text, {"words": listed(related[:RELATED_SHOWN])})


def _is_telling(item: Evidence) -> bool:
    both = (str(item.get("need", "")), str(item.get("offer", "")))
    if all(_NUMBER_WORD.fullmatch(word) for word in both):
        return False
    strength = item.get("strength")
    return isinstance(strength, int | float) and strength >= LEAST_RELATED


def _quoted(item: Evidence) -> Text:
    here, there = Said(item.get("need", "")), Said(item.get("offer", ""))
    if here == there or not there:
        return Text(N_("“%(words)s”"), {"words": here})
    return Text(N_("“%(need)s” ↔ “%(offer)s”"), {"need": here, "offer": there})


def _category(code: object) -> Category:
    return Category("" if code is None else code)


def _when(value: object) -> Words:
    return time_words(str(value))


def _kind(value: object) -> Words:
    return word(KINDS, str(value))


# (part, code): the sentence, and how its value is shown.
_SENTENCES: dict[tuple[str, str], tuple[str, Callable[[object], object]]] = {
    ("category", "same"): (N_("same category: %(value)s"), _category),
    ("category", "group"): (N_("same main category: %(value)s"), _category),
    ("kind", "same"): (N_("same kind: %(value)s"), _kind),
    ("time", "overlap"): (N_("times overlap: %(value)s"), _when),
    ("place", "same"): (N_("same sub-district: %(value)s"), Said),
}
# What differs, by part: the sentence, and how the two sides are shown.
_DIFFERENCES: dict[str, tuple[str, Callable[[object], object]]] = {
    "category": (N_("categories differ: %(need)s, %(offer)s"), _category),
    "kind": (N_("needed: %(need)s, offered: %(offer)s"), _kind),
    "target_group": (N_("needed for %(need)s, offered to %(offer)s"), Said),
    "time": (TIMES_DIFFER, _when),
    "place": (N_("needed in %(need)s, offered in %(offer)s"), Said),
    "quantity": (N_("counted differently: %(need)s needed, %(offer)s offered"), Said),
}
_FIELD_OF_PART = {
    "category": "category",
    "kind": "kind",
    "target_group": "target_group",
    "time": "time_window",
    "place": "sub_district",
    "quantity": "quantity",
}
_OURS = {"need.category", "offer.category"}
_CAVEATS = frozenset({"differs", "amount_short", "unknown"})


def _sentence(evidence: Evidence) -> Words:
    """The fact as a sentence; what was read out of the text, not out of a column, is marked so."""
    said = _fact(evidence)
    if evidence.get("extracted"):
        return Text(N_("%(fact)s (from the text)"), {"fact": said})
    return said


def _fact(evidence: Evidence) -> Words:
    part, code = str(evidence.get("part", "")), str(evidence.get("code", ""))
    need, offer, value = (evidence.get(name) for name in ("need", "offer", "value"))
    if code == "differs" and part in _DIFFERENCES and need and offer:
        return _difference(part, need, offer)
    if part == "target_group" and (need or offer or value):
        return Text(N_("people served: %(groups)s"), {"groups": _groups_served(evidence)})
    if part == "quantity" and need and offer:
        return _amounts(code, Said(need), Said(offer))
    if (part, code) in _SENTENCES and value not in (None, ""):
        msgid, shown = _SENTENCES[part, code]
        return Text(msgid, {"value": shown(value)})
    if (part, code) == ("time", "unknown"):
        return Text(N_("nothing said about the time"))
    return _as_it_is(evidence)


def _difference(part: str, need: object, offer: object) -> Text:
    msgid, shown = _DIFFERENCES[part]
    return Text(msgid, {"need": shown(need), "offer": shown(offer)})


def _groups_served(evidence: Evidence) -> object:
    here, there = (str(evidence.get(side) or "") for side in ("need", "offer"))
    if here == there or not (here and there):
        return Said(here or there or str(evidence.get("value") or ""))
    return Text(N_("%(need)s ↔ %(offer)s"), {"need": Said(here), "offer": Said(there)})


def _amounts(code: str, need: Said, offer: Said) -> Text:
    if code == "amount_short":
        msgid = N_("the amount falls short: %(need)s needed, %(offer)s offered")
    else:
        msgid = N_("amount: %(need)s needed, %(offer)s offered")
    return Text(msgid, {"need": need, "offer": offer})


def _as_it_is(evidence: Evidence) -> Words:
    part = str(evidence.get("part", ""))
    known = ("part", "extracted")
    rest = [Said(v) for k, v in evidence.items() if k not in known and v not in (None, "")]
    if not rest:
        return word(PARTS, part)
    return Text(N_("%(what)s: %(value)s"), {"what": word(PARTS, part), "value": listed(rest)})


def _unsaid_differences(
    pair: PlannedPair | OtherOffer, need: PlannedNeed, offer: PlannedOffer
) -> Iterator[Words]:
    """What differs in the lists and is not in the evidence already."""
    said = {item.get("part") for item in pair["evidence"]}
    if "kind" not in said and _both_say(need["kind"], offer["kind"]):
        yield _difference("kind", need["kind"], offer["kind"])
    if "category" not in said and _both_say(need["category"][:1], offer["category"][:1]):
        yield _difference("category", need["category"], offer["category"])
    issues: object = pair.get("issues")
    for issue in issues if isinstance(issues, list) else ():
        if issue != "amount_short":
            yield issue
        elif "quantity" not in said:
            yield _amounts("amount_short", amount(need), amount(offer))


def _both_say(here: str, there: str) -> bool:
    return bool(here and there and here != there)


def amount(item: PlannedItem) -> Said:
    """Number and unit as the list states them, "" if it states none."""
    quantity = item["quantity"]
    return Said("" if quantity is None else f"{quantity:.10g} {item['unit']}".strip())


def _missing(fields: list[str]) -> Words:
    if not fields:
        return ""
    names = listed(word(FIELDS, name) for name in fields)
    return Text(N_("to settle it, ask: %(fields)s"), {"fields": names})
