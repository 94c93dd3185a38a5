"""Looks through every part of a workbook for what a circular must never say.

What the two lists themselves say is public and taken out of a text before it is searched, so that
a need about "refused parcels" is no leak, and a score of 0.200 is not taken for "200 copies".
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from lianqiao.exchange.evidence import amount
from lianqiao.exchange.office_sheets import written
from lianqiao.exchange.time_words import time_words
from lianqiao.exchange.wording import POLICY_AIMS, POLICY_NAMES, STRENGTHS, WHY_NOT, Category
from lianqiao.language import Translator
from lianqiao.matching.document import PlanDocument
from lianqiao.matching.reasons import REASONS, SERVED_BY_OTHERS, UNUSED

TRANSLATORS = (Translator("zh-Hans"), Translator("en"))
WORDS = (
    *("婉拒", "拒绝", "不接受", "暂不对接", "refus", "declin", "not_acceptable", "not acceptable"),
    *("意向顺序", "意向排序", "第一意向", "社区意向", "单位意向", "排名", "名次", "优先级", "rank"),
    *("匹配度", "合适程度", "得分", "评分", "分数", "因意向对接", "by choice", "score"),
    *("内部", "intern", "例外", "换意", "exception", "blocking", "swap"),
    *("锁定", "不安排", "pinned", "forbidden", "banned", "organiser", "统筹"),
    *("sha256", "twosided", "quick", "试算", "快速", "plan.json", "plan.xlsx", "market.npz"),
)
# Attributes that place and size things; their numbers say nothing about a plan.
PLACING = frozenset(
    re.findall(
        r"\w+",
        """r s ref ht customHeight spans count uniqueCount min max width sqref id rgb val x y
        xWindow yWindow windowWidth windowHeight topLeftCell activeCell ySplit xSplit
        numFmtId fontId fillId borderId xfId charset family theme tint indexed lat lon rev dir
        dist rot pos algn cap w rad dx defaultThemeVersion calcId lastEdited
        lowestEdited rupBuild panose pitchFamily script""",
    )
)
HEAD_ROWS = 3
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def leaks(path: Path, document: PlanDocument, notes: Iterable[str] = ()) -> list[str]:
    """What was found and where; empty if the workbook gives nothing away.

    notes: what people wrote beside their choices.
    """
    public = _public(document)
    words = [word.casefold() for word in (*WORDS, *_told(document), *notes)]
    numbers = _scores(document)
    found = []
    for part, text, is_number_telling in _texts(path):
        rest = _without(text, public).casefold()
        found += [f"{part}: {word!r} in {text!r}" for word in words if word in rest]
        if is_number_telling and (hit := numbers.search(rest)):
            found.append(f"{part}: score {hit[0]} in {text!r}")
    return found


def _texts(path: Path) -> Iterator[tuple[str, str, bool]]:
    """(part, text, whether a number in it may be a score) of names, texts and attributes."""
    with zipfile.ZipFile(path) as unpacked:
        yield "", unpacked.comment.decode("utf-8", "replace"), True
        for name in unpacked.namelist():
            yield name, name, False
            raw = unpacked.read(name)
            if not name.endswith((".xml", ".rels", ".vml")):
                yield name, raw.decode("utf-8", "replace"), True
                continue
            root = ElementTree.fromstring(raw)
            ordinary = _ordinary(root)
            for element in root.iter():
                said = element.text or ""
                yield name, said + (element.tail or ""), element not in ordinary
                for key, value in element.attrib.items():
                    yield name, value, key.rpartition("}")[2] not in PLACING
            yield from ((name, said, True) for said in re.findall(r"<!--.*?-->", raw.decode()))


def _ordinary(root: ElementTree.Element) -> set[ElementTree.Element | None]:
    """Numbers that any table has: places in the table of strings, and 1, 2, 3 down the side."""
    found = set()
    for cell in root.iter(f"{SHEET}c"):
        value = cell.find(f"{SHEET}v")
        place = re.fullmatch(r"A(\d+)", cell.get("r", ""))
        counts = place and value is not None and value.text == str(int(place[1]) - HEAD_ROWS)
        if cell.get("t") == "s" or counts:
            found.add(value)
    return found


def _public(document: PlanDocument) -> list[str]:
    """What the lists say, in every form that a cell may have it; the longest first."""
    said: set[str] = set()
    for item in (*document["needs"], *document["offers"]):
        said |= {item["title"], item["description"], item["organisation"], item["sub_district"]}
        said |= {item["target_group"], amount(item)}
        for translator in TRANSLATORS:
            said.add(written(time_words(item["time_window"]), translator))
            said.add(written(Category(item["category"]), translator))
    said |= {text.replace("\r\n", "\n").replace("\r", "\n") for text in said}
    return sorted(said - {""}, key=len, reverse=True)


def _without(text: str, public: list[str]) -> str:
    for said in public:
        if said in text:
            text = text.replace(said, "\x1f")
    return text


def _told(document: PlanDocument) -> set[str]:
    """Reasons, strengths, policies as codes and as sentences of both languages; files, digests."""
    msgids = {*REASONS.values(), *UNUSED.values(), *SERVED_BY_OTHERS, *WHY_NOT.values()} - {"full"}
    msgids |= {*POLICY_NAMES.values(), *POLICY_AIMS.values(), *(word for *_, word in STRENGTHS)}
    told = {translator.gettext(msgid) for msgid in msgids for translator in TRANSLATORS}
    told |= {*REASONS, *POLICY_NAMES, document["digest"], document["market"]}
    told |= {row["text"] for row in (*document["unmet"], *document["unused"])}
    for source in document["inputs"].values():
        told |= {source["file"], source["sha256"]}
    return told - {""}


def _scores(document: PlanDocument) -> re.Pattern[str]:
    """Every score of the plan in every spelling: 0.873, .873, 873, 87.3, 0.87, 87 %."""
    found = {pair["score"] for pair in document["pairs"]}
    found |= {near["score"] for row in document["unmet"] for near in row["candidates"]}
    found |= {o["score"] for row in document.get("candidates", []) for o in row["offers"]}
    spelt = {s for score in found for s in _spellings(round(score * 1000))}
    any_of = "|".join(re.escape(s) for s in sorted(spelt, key=len, reverse=True))
    return re.compile(rf"(?<![\d.a-z])(?:{any_of or '(?!)'})(?![\d.a-z])")


def _spellings(thousandths: int) -> Iterator[str]:
    yield f"{thousandths / 1000:.3f}"
    yield f"{thousandths / 1000:.3f}"[1:]
    if thousandths >= 100:
        yield str(thousandths)
        yield f"{thousandths / 10:.1f}"
    for hundredths in {thousandths // 10, round(thousandths / 10)} - {0}:
        yield f"{hundredths / 100:.2f}"
        yield from (f"{hundredths}%", f"{hundredths} %", f"{hundredths}％")
