"""Names and titles in even spelling: what tells one from the other, without the rest.

区检察院, 锦江区人民检察院 and 区检察院机关党委 name the same institution; 晨辉社区居委会 and 晨辉
name the same community.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from lianqiao.exchange.name_sounds import look, sound
from lianqiao.exchange.script import simplified

COMMUNITY, INSTITUTION, TITLE = "community", "institution", "title"

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[a-z]+|\d+")
_BRACKETS = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
_BODY_OF_COMMUNITY = re.compile(
    r"(?<=..)社区[居民委员会村党总支部群服务中心工作站]{0,9}$|村?(?:居民委员会|村民委员会|居委会|村委会|党群服务中心)?"
    r"(?:党委|党总支|党支部|党组织)?$"
)
_BODY_OF_INSTITUTION = re.compile(
    r"(?:机关|联合|第[一二三四五]|在职)*(?:党委|党总支|党支部|党组织|党组)?$"
)
_PLACE = re.compile(
    r"(?:中共|中国共产党)?(?:[^省市区县]{2,5}省)?(?:[^省市区县]{0,4}市(?![场政民]))?(?:[^省市区县]{0,4}(?:(?<!社)区|县))?"
)
_STREET = re.compile(r".{1,5}(?:街道|镇|乡)(?:办事处)?(?=.{2})")
_TAIL_OF_TITLE = re.compile(r"(?:共建)?(?:项目|活动)$")
_SMALL_WORDS = frozenset(
    ("the", "of", "and", "for", "a", "an", "in", "at", "to", "with", "on", "s")
)
_GENERAL = """
community communities neighbourhood neighborhood association committee council city borough district
county office ltd limited inc plc
"""
_GENERAL_WORDS = frozenset(_GENERAL.split())
_LONG_WORD, _MISTYPED = 6, 0.8
_SHORT_FORMS = {
    "st": "saint",
    "rd": "road",
    "ave": "avenue",
    "centre": "center",
    "dept": "department",
    "assoc": "association",
    "assn": "association",
    "univ": "university",
    "hosp": "hospital",
    "lib": "library",
    "sch": "school",
    "comm": "community",
    "nbhd": "neighbourhood",
    "svc": "service",
    "svcs": "services",
}


@dataclass(frozen=True)
class Spelling:
    """whole: letters and digits only; core: without what many names share; sound and look: of the
    core; words: of the core where it is in Latin letters, else none; initials: of all its words.
    """

    whole: str
    core: str
    sound: str
    look: str
    words: tuple[str, ...]
    initials: str


@lru_cache(maxsize=65536)
def spelling(text: str, sort: str) -> Spelling:
    """The even spelling of a name. sort: COMMUNITY, INSTITUTION or TITLE. Time linear in it."""
    even = simplified(unicodedata.normalize("NFKC", text)).casefold()
    whole = "".join(char for char in even if char.isalnum())
    if whole and len(_HAN.findall(whole)) * 3 < len(whole):
        return _latin(even, whole, sort)
    core = _core(whole, sort)
    return Spelling(whole, core, sound(core), look(core), (), "")


def spellings(text: str, sort: str) -> tuple[Spelling, ...]:
    """The ways to say a name of a list: as it is, without what is in brackets, and that alone."""
    even = unicodedata.normalize("NFKC", text)
    texts = [text, _BRACKETS.sub("", even)]
    if sort != TITLE:
        texts += [inside for inside in _BRACKETS.findall(even) if len(inside) > 2]
    found = (spelling(each, sort) for each in texts)
    return tuple(dict.fromkeys(one for one in found if one.core))


def _core(whole: str, sort: str) -> str:
    if sort == TITLE:
        return _unless_bare(_TAIL_OF_TITLE.sub("", whole), whole, least=4)
    if sort == COMMUNITY:
        core = _unless_bare(_BODY_OF_COMMUNITY.sub("", whole, count=1), whole)
        core = _unless_bare(_STREET.sub("", core, count=1), core)
    else:
        core = _unless_bare(_BODY_OF_INSTITUTION.sub("", whole, count=1), whole)
    return _unless_bare(_PLACE.sub("", core, count=1), core)


def _unless_bare(shorter: str, longer: str, *, least: int = 2) -> str:
    return shorter if len(shorter) >= least else longer


def _latin(even: str, whole: str, sort: str) -> Spelling:
    said = _WORD.findall(even.replace("'", "").replace("’", ""))
    words = [_SHORT_FORMS.get(word, word) for word in said]
    ignored = _SMALL_WORDS if sort == TITLE else _SMALL_WORDS | _GENERAL_WORDS
    core = [word for word in words if not _is_ignored(word, ignored)] or words
    initials = "".join(word[0] for word in words if word not in _SMALL_WORDS)
    joined = " ".join(core)
    return Spelling(whole, joined, joined, joined, tuple(core), initials)


@lru_cache(maxsize=8192)
def _is_ignored(word: str, ignored: frozenset[str]) -> bool:
    """Whether a word is one of those, mistyped perhaps if it is a long one."""
    if word in ignored or len(word) < _LONG_WORD:
        return word in ignored
    long = (other for other in ignored if len(other) >= _LONG_WORD)
    return any(OSA.normalized_similarity(word, other) >= _MISTYPED for other in long)
