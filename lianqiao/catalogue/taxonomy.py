"""The two-level taxonomy of needs and offers, and reading a category however a list writes it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("taxonomy.json")
_CODE = re.compile(r"[a-z]\d{0,2}")
_LEADING_CODE = re.compile(r"([a-z]\d{0,2})[\s.、:：·-]+(?=\S)")
_PARTS = re.compile(r"[-_—–/>›»|:;,+·]+|\s-\s|\(|\)|\[|\]|【|】|、|;|。")
_SUFFIX = re.compile(r"(类|类别|方面|领域|项目|需求|资源|服务)$")
_AND = re.compile(r"[与和及、,]|\band\b")
_SHORTEST_LATIN = 3
# Trying every run of parts takes cubic time; no way of writing a category comes near these.
_LONGEST_TEXT = 100
_MOST_PARTS = 20
# Words that begin a category's name and yet name none.
_NO_NAMES = (
    "support help service services free joint small shared public home community general other "
    "social local 支持 帮助 服务 社区 公共 志愿 联合 临时 技能 组织 家庭"
)
_SAY_NOTHING = frozenset(_NO_NAMES.split())
_BRACKETS = re.compile(r"\(.*?\)")


@dataclass(frozen=True)
class Category:
    """A category. parent: the main group's code, "" for a main group itself."""

    code: str
    zh_hans: str
    en: str
    parent: str = ""
    also: tuple[str, ...] = ()


@cache
def categories() -> tuple[Category, ...]:
    """All categories, main groups each before its children, in the taxonomy's order."""
    groups = json.loads(_FILE.read_text(encoding="utf-8"))["taxonomy"]
    found: list[Category] = []
    for group in groups:
        found.append(_category(group, ""))
        found.extend(_category(child, group["code"]) for child in group["children"])
    return tuple(found)


def _category(entry: dict[str, object], parent: str) -> Category:
    also = entry.get("also", [])
    assert isinstance(also, list)
    return Category(
        str(entry["code"]), str(entry["zh_Hans"]), str(entry["en"]), parent, tuple(map(str, also))
    )


@lru_cache(maxsize=65_536)
def find_category(text: str) -> str:
    """The code that a text names: "F4" for 环境与院落-停车与出行, 停车与出行, F4, "Parking and
    mobility"; "F" for 环境与院落; "" if it names none or several that disagree.

    A child beside its own group gives the child; a child beside another group gives "". A text of
    more than 100 characters or 20 parts names none.
    """
    said = _even(text[: _LONGEST_TEXT + 1])
    if not said or len(text) > _LONGEST_TEXT or len(_PARTS.split(said)) > _MOST_PARTS:
        return ""
    whole = _code_of(said)
    codes = [code for part in _parts(said) if (code := _code_of(part))]
    if whole or codes:
        return whole or _agreed(codes)
    begun = _code_begun(said)
    return begun or _agreed([code for part in _parts(said) if (code := _code_begun(part))])


def _code_begun(said: str) -> str:
    """The category whose name a text begins, or the group that it is a part of; "" if several."""
    bare = _SUFFIX.sub("", _bare(said))
    if len(bare) < (_SHORTEST_LATIN if bare.isascii() else 2) or bare in _SAY_NOTHING:
        return ""
    groups = [one for one in categories() if not one.parent]
    children = [one for one in categories() if one.parent]
    for tier in (
        {one.code for one in groups if bare in _pieces(one)},
        {one.code for one in groups if _begins(bare, one)},
        {one.code for one in children if _begins(bare, one)},
    ):
        if tier:
            return tier.pop() if len(tier) == 1 else ""
    return ""


def _begins(bare: str, category: Category) -> bool:
    names = (category.zh_hans, category.en, *category.also)
    return any(_bare(_even(name)).startswith(bare) for name in names)


@cache
def _pieces(category: Category) -> frozenset[str]:
    """The parts of a group's names: 安全 and 应急, safety and emergencies."""
    names = (category.zh_hans, category.en, *category.also)
    return frozenset(_bare(piece) for name in names for piece in _AND.split(_even(name)))


def _agreed(codes: list[str]) -> str:
    deepest = {code for code in codes if not any(c != code and c.startswith(code) for c in codes)}
    return deepest.pop() if len(deepest) == 1 else ""


def _parts(said: str) -> Iterator[str]:
    """Every run of neighbouring parts, for names hold separators themselves."""
    pieces = [piece.strip() for piece in _PARTS.split(said)]
    pieces = [piece for piece in pieces if piece]
    joined = _names()
    at = 0
    while at < len(pieces):
        for end in range(len(pieces), at, -1):
            run = "".join(pieces[at:end])
            if _bare(run) in joined or end == at + 1:
                yield run
                at = end
                break


def _code_of(said: str) -> str:
    names = _names()
    if _CODE.fullmatch(said) and said.upper() in names.values():
        return said.upper()
    if (match := _LEADING_CODE.match(said)) and match[1].upper() in names.values():
        return match[1].upper()
    bare = _bare(said)
    return names.get(bare) or names.get(_SUFFIX.sub("", bare), "")


@cache
def _names() -> dict[str, str]:
    """Code by bare name. A group's name wins over a child's of the same name."""
    names: dict[str, str] = {}
    for category in sorted(categories(), key=lambda c: (len(c.code), c.code)):
        for name in (category.zh_hans, category.en, *category.also):
            even = _even(name)
            for form in (even, _BRACKETS.sub("", even)):
                names.setdefault(_bare(form), category.code)
    return names


def _even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
