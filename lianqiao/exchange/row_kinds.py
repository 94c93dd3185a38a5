"""What a row below the header is: an item, a subtotal, a note, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lianqiao.exchange.columns import Columns
from lianqiao.exchange.script import simplified

_ENGLISH_TOTAL = r"(?:sub-?\s?|grand\s)?totals?"
_TOTAL = re.compile(
    r"(?:本页|本表|以上|全区|全部|全街道|各?街道)?(?:小\s*计|合\s*计|总\s*计|共\s*计|累\s*计|"
    r"总\s*数)"
    rf"(?:[\s/]*{_ENGLISH_TOTAL})?(?:[:：\s]*(?:共|约)?\s*\d.*|[:：].*|\s*[(（].*)?"
    rf"|{_ENGLISH_TOTAL}(?:\s*[:：\d(].*|\s+(?:of|for|number|needs|offers|items)\b.*)?",
    re.IGNORECASE,
)
_MAY_TOTAL = re.compile(r"[计計共总總]|total", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?:以上|前|本|全|合计|其中).{0,20}共?计?\s*\d+\s*[项条个件].{0,12}|"
    r"共\s*\d+\s*[项条个件家].{0,12}"
)
_NOTE = re.compile(
    r"(?:备?注|说明|填表说明|填报说明|注意|注意事项|提示|附|附件|附注|联系人|制表人?|填表人?|"
    r"填报人|填报单位|"
    r"审核人?|负责人|单位负责人|日期|填报日期|制表日期|盖章|签字|咨询电话|联系电话|"
    r"数据来源)\d*\s*[:：.、(（]"
    r"|[*※★]|(?:notes?|remarks?|n\.?b\.?|please note|contact|prepared by|checked by|source|date|"
    r"instructions?)\s*[:：.\-–]",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[(（][一二三四五六七八九十]{1,3}[)）]、?|"
    r"[IVX]{1,4}\.\s|"
    r"Part \w+\b|Section \w+\b)\s*(.{1,40})"
)
_EXAMPLE = re.compile(
    r"(?:填写|填报)?(?:示?例|样例|范例|举例)(?:\d+)?|e\.?g\.?|examples?(?: \d+)?|sample",
    re.IGNORECASE,
)
_AREA = re.compile(r"(?:街道|镇|乡|街道办事处|ward|sub-?district)$", re.IGNORECASE)
_BODY = re.compile(
    r"(?:社区|村|局|委|院|中心|公司|学校|会|馆|队|部|community|institution)$", re.IGNORECASE
)


def is_total(own: Sequence[str], columns: Columns) -> bool:
    """Whether a row sums up others rather than being an item."""
    if not _MAY_TOTAL.search("\n".join(own)):
        return False
    title, description = _at(own, columns, "title"), _at(own, columns, "description")
    for index, text in enumerate(own):
        if text and len(text) <= 60 and _TOTAL.fullmatch(simplified(text)):
            in_title = index in _indexes(columns, "title", "description")
            return not (in_title and description and description != text) or not title
    filled = [text for text in own if text]
    return bool(title) and len(filled) <= 2 and bool(_COUNTED.fullmatch(simplified(title)))


def is_repeated_header(own: Sequence[str], header_texts: frozenset[str]) -> bool:
    """Whether the header comes once more, as on a second printed page."""
    filled = [text for text in own if text]
    return len(filled) >= 2 and all(text in header_texts for text in filled)


def is_numbering(own: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 ... or A, B, C ..."""
    filled = [text.strip("()（）") for text in own if text]
    if len(filled) < 3:
        return False
    return filled in (
        [str(n) for n in range(1, len(filled) + 1)],
        list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(filled)]),
    )


def is_example(own: Sequence[str]) -> bool:
    """Whether the row's first cell marks it as an example."""
    first = next((text for text in own if text), "")
    return bool(_EXAMPLE.fullmatch(first.strip("()（）[]【】:：")))


def is_note(own: Sequence[str], columns: Columns) -> bool:
    """Whether a row holds a remark about the list rather than an item."""
    filled = [(index, text) for index, text in enumerate(own) if text]
    first_index, first = filled[0]
    if len(filled) <= 4 and _NOTE.match(simplified(first)) and not _at(own, columns, "description"):
        return True
    title = columns.fields["title"].index
    if len(filled) == 1:
        if first_index != title:
            return True
        return bool(_SECTION.fullmatch(first)) and len(columns.fields) > 2
    return len(filled) <= 3 and not own[title] and not _holds_item(own, columns) and len(first) > 1


def _holds_item(own: Sequence[str], columns: Columns) -> bool:
    names = ("id", "description", "organisation", "quantity", "category", "target_group", "kind")
    return any(_at(own, columns, name) for name in names)


def section_of(own: Sequence[str]) -> tuple[str, str]:
    """("sub_district" or "organisation", name) of a row that heads a section, else two blanks."""
    filled = [text for text in own if text]
    if len(set(filled)) != 1:
        return "", ""
    match = _SECTION.fullmatch(filled[0])
    name = (match[1] if match else filled[0]).strip()
    if _AREA.search(name):
        return "sub_district", name
    return ("organisation", name) if _BODY.search(name) and len(name) <= 30 else ("", "")


def _at(own: Sequence[str], columns: Columns, name: str) -> str:
    column = columns.fields.get(name)
    return own[column.index] if column else ""


def _indexes(columns: Columns, *names: str) -> set[int]:
    return {columns.fields[name].index for name in names if name in columns.fields}
