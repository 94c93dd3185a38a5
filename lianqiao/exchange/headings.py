"""What a column's heading means, in Chinese, English or both at once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lianqiao.exchange.refused import is_refused_heading
from lianqiao.exchange.script import simplified

# "number", "contact" and the like are known for telling headers from rows; they stay in extra.
KNOWN_EXTRA = "known_extra"
REFUSED = "refused"
TIME_START, TIME_END, FREQUENCY = "time_start", "time_end", "frequency"

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_FIELD_OF = {word: name for name, words in _WORDS.items() for word in words.split()}

_LOOSE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(?:单位|机构|伙伴)(?:个)?数量?$|^partners? (?:wanted|needed)", "partners_wanted"),
        (
            r"(?:社区|村)(?:个)?数量?$|\bcapacity\b|(?:number of|how many|"
            r"max\w*) (?:communities|partners|groups|neighbou?rhoods|organi[sz]ations|charities)",
            "capacity",
        ),
        (
            r"意向|对接|联系|电话|手机|备注|姓名|负责|邮箱|地址|审核|填报|登记|提交|上报|发布|"
            r"更新|责任人|附件|是否|人数|图片|意见|"
            r"\b(?:number|no\.?|how many) (?:of )?(?:people|participants|beneficiaries|residents|"
            r"attendees|households)\b|"
            r"\b(?:contact|phone|e-?mail|remarks?|notes?|comments?|address|submitted|created|"
            r"updated|updated|status|attachments?|submission)\b",
            KNOWN_EXTRA,
        ),
        (r"(?:开始|起始)(?:时间|日期|月份)|\bstarts?\b", TIME_START),
        (r"(?:结束|终止)(?:时间|日期|月份)|\bend(?:s|ing)?\b(?! user)", TIME_END),
        (
            r"时间|时限|日期|何时|时段|期限|什么时候|啥时候|\b(?:when|times?|dates?|period|availability|"
            r"available|timing|deadline|schedule)\b",
            "time_window",
        ),
        (r"频次|频率|\b(?:frequency|how often)\b", FREQUENCY),
        (
            r"数量|规模|场次|多少(?!人)|\b(?:quantity|amount|qty|how many|how much|number of)\b|"
            r"\bno\.? of\b",
            "quantity",
        ),
        (
            r"谁(?:提|要|需要|求)|\bwho(?:'s| is| was)? (?:ask|request|offer|propos|apply|"
            r"applied|giv|provid|need|want)\w*|\b(?:asked|requested|offered|proposed) by\b|"
            r"\bfrom whom\b|\bon behalf of\b",
            "organisation",
        ),
        (
            r"对象|人群|群体|受众|\b(?:beneficiar\w+|audience|target|for whom|who for|"
            r"who is (?:it|this|that|served|helped))\b",
            "target_group",
        ),
        (
            r"(?:社区|单位|机构|部门|组织|党委|支部)(?:\(.*\))?(?:名称|全称)?$|"
            r"\b(?:organi[sz]ations?|institution|community|neighbou?rhood|agency|"
            r"provider)\b(?! need)",
            "organisation",
        ),
        (
            r"\b(?:tell us|tell me|what exactly|in more detail|more about|explain)\b|说说",
            "description",
        ),
        (r"街道|乡镇|镇街|\bsub-?district\b|\bward\b", "sub_district"),
        (r"名称|标题|题目|\b(?:title|name)\b", "title"),
        (r"类别|分类|领域|\bcategor(?:y|ies)\b|\btheme\b", "category"),
        (r"形式|类型|种类|\b(?:kind|type|form)\b", "kind"),
        (
            r"内容|描述|说明|简介|详情|情况|\b(?:description|details?|about|summary|describe)\b",
            "description",
        ),
        (
            r"^(?:需求|资源|供给|服务|拟提供|可提供|希望|需要)\S{0,6}$|\b(?:what|needs?|offers?|"
            r"request|resource|service)\b",
            "title",
        ),
    )
)
_BRACKETS = re.compile(r"[(\[【<《].*?[)\]】>》]")
_INSIDE = re.compile(r"[(\[【](.*?)[)\]】]")
_LATIN = re.compile(r"[a-z][a-z0-9 '&/_.#-]*")
_CHINESE = re.compile(r"[\u3400-\u9fff、()/]+")
DEADLINE = re.compile(r"完成|截止|时限|办结|最迟|限期|deadline|\bdue\b|\bby\b|until")
_GENERAL = "名称 标题 题目 主题 事项 项目 服务 name title item topic project heading service"
GENERIC_TITLES = frozenset(_GENERAL.split())


class Meaning(NamedTuple):
    """A heading's field ("" unknown) and how sure: 3 the whole, 2 a part of it, 1 a word in it."""

    name: str
    sure: int


UNKNOWN = Meaning("", 0)


@lru_cache(maxsize=4096)
def meaning_of(heading: str) -> Meaning:
    """What a heading means. Time linear in its length; long texts mean nothing."""
    if is_refused_heading(heading):
        return Meaning(REFUSED, 3)
    even = simplified(unicodedata.normalize("NFKC", heading)).lower()
    said = " ".join(even.replace("_", " ").split())
    if not said or len(said) > 80:
        return UNKNOWN
    if name := _FIELD_OF.get(_squeezed(said)):
        return Meaning(name, 3)
    for part in _parts(said):
        if name := _FIELD_OF.get(_squeezed(part)):
            return Meaning(name, 2)
    if len(said) > 40:
        return UNKNOWN
    return next((Meaning(name, 1) for pattern, name in _LOOSE if pattern.search(said)), UNKNOWN)


def _parts(said: str) -> list[str]:
    outside = _BRACKETS.sub("", said)
    chinese = "".join(_CHINESE.findall(outside))
    latin = " ".join(_LATIN.findall(outside))
    pieces = re.split(r"[/|｜\n:]", outside)
    # 单位 is an organisation or a unit: the other language tells.
    both = [latin, chinese] if chinese.strip() == "单位" else [chinese, latin]
    return [outside, *both, *pieces, *_INSIDE.findall(said)]


def _squeezed(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
