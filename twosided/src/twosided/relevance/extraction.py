"""What a text says that its list has no column for, or left blank: kind, time, place and amount.

Less sure than a stated field: it never excludes a pair, weighs less, and evidence marks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from twosided.relevance.groups import EVERYONE, find_groups
from twosided.relevance.words import find_spans

_KINDS: Mapping[str, str] = {
    "venue": r"场地|房间|会议室|球场|车位|礼堂|泳池|教室"
    r"|\b(?:hall|halls|rooms?|venue|premises|car park|parking|bays|pitch|courts?|lettings?)\b",
    "goods": r"捐赠|赠送|物资|图书|轮椅|设备|大米|粮油|发放"
    r"|\b(?:donat\w+|laptops?|furniture|wheelchairs?|equipment|kit|parcels?|books|boxes|surplus)\b",
    "funds": r"资助|贷款|资金|助学金|补助|经费"
    r"|\b(?:grants?|funds?|funding|loans?|bursar\w+|awards? of|sponsor\w*|£\d+)\b",
    "works": r"改造|安装|加装|修缮|更换|翻修|铺设|维修|施工|修补"
    r"|\b(?:install\w*|repairs?|replac\w+|resurfac\w+|fitted|refurbish\w*|carpentry|rebuil\w+)\b",
    "people": r"老师|教练|师傅|讲师|教员|志愿者|指导员|辅导员|带队"
    r"|\b(?:instructors?|tutors?|coach\w*|volunteers?|mentors?|speakers?|teachers?|trainers?)\b",
    "information": r"解读|宣传册|明白纸|建议书|预警|指南"
    r"|\b(?:leaflets?|briefings?|guides?|factsheets?|recommendations|newsletters?)\b",
}
_SLOTS: Mapping[str, str] = {
    "weekend": r"周末|周六|周日|星期[六天日]|双休|\b(?:weekends?|saturdays?|sundays?)\b",
    "weekday": r"工作日|平日|周[一二三四五]|星期[一二三四五]"
    r"|\b(?:weekdays?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?)\b",
    "evening": r"晚上|夜间|夜校|晚间|傍晚|下班后|晚饭后"
    r"|\b(?:evenings?|overnight|at night|after work|night-?time)\b",
    "daytime": r"白天|上午|下午|午间|中午|\b(?:mornings?|afternoons?|daytime|midday|lunchtimes?)\b",
    "summer": r"暑假|暑期|七八月|夏令营|\b(?:summer holidays?|in august|in july)\b",
    "winter": r"寒假|腊月|正月|冬令营|\b(?:christmas|winter holidays?|in december|in january)\b",
}
# Slots of one row cannot both be meant by one who names only one of them.
_ROWS = (("weekend", "weekday"), ("evening", "daytime"), ("summer", "winter"))
_KEPT = 65_536
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:街道|镇|乡)(?![\u4e00-\u9fff]?[道路])")
_DIGITS = re.compile(r"(\d+(?:\.\d+)?)\s*([\u4e00-\u9fff]{1,2}|[A-Za-z]+)?")
_NUMERALS = {numeral: at for at, numeral in enumerate("零一二三四五六七八九")} | {"两": 2}
_CHINESE = re.compile(
    r"([一二两三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九])([\u4e00-\u9fff])"
)
_FIND_KINDS = {kind: re.compile(cues, re.IGNORECASE) for kind, cues in _KINDS.items()}
_FIND_SLOTS = {slot: re.compile(cues, re.IGNORECASE) for slot, cues in _SLOTS.items()}


@dataclass(frozen=True)
class Extract:
    """What a text tells. kind: "" if unclear. groups: of people; slots: "evening" and the like.

    places: names of sub-districts. amounts: (number, unit as written), in order.
    """

    kind: str
    groups: frozenset[str]
    slots: frozenset[str]
    places: frozenset[str]
    amounts: tuple[tuple[float, str], ...]


def extract(text: str) -> Extract:
    """Read a text of any length once: O(length)."""
    return Extract(
        kind=_read_kind(text),
        groups=find_groups(text) - {EVERYONE},
        slots=frozenset(slot for slot, cues in _FIND_SLOTS.items() if cues.search(text)),
        places=frozenset(_PLACE.findall(text)),
        amounts=tuple(_read_amounts(text)),
    )


def _read_kind(text: str) -> str:
    """Return the kind that most words point to, "" where two are level or none does."""
    counts = {kind: len(set(cues.findall(text))) for kind, cues in _FIND_KINDS.items()}
    most = max(counts.values())
    named = [kind for kind, count in counts.items() if count == most]
    return named[0] if most and len(named) == 1 else ""


def _read_amounts(text: str) -> list[tuple[float, str]]:
    found = [(float(each[1]), each[2] or "") for each in _DIGITS.finditer(text)]
    found += [(float(_read_numeral(each[1])), each[2]) for each in _CHINESE.finditer(text)]
    return [(amount, unit) for amount, unit in found if unit]


def _read_numeral(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _NUMERALS[numeral]
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)


def find_amount(extracted: Extract, unit: str) -> float | None:
    """Return the one amount that a text gives in a unit, None if it gives none or several."""
    wanted = _stem_unit(unit)
    found = {amount for amount, each in extracted.amounts if wanted and _stem_unit(each) == wanted}
    return found.pop() if len(found) == 1 else None


def _stem_unit(unit: str) -> str:
    spans = find_spans(unit)
    return spans[-1].stem if spans else unit.strip()[:1]


@lru_cache(_KEPT)
def conflict(one: frozenset[str], other: frozenset[str]) -> tuple[str, str] | None:
    """Return the two slots that differ, as ("evening", "daytime"), None if none do."""
    for row in _ROWS:
        here, there = [slot for slot in row if slot in one], [slot for slot in row if slot in other]
        if len(here) == len(there) == 1 and here != there:
            return here[0], there[0]
    return None
