"""The kind of help: service, works, goods, venue, people, information or funds."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from lianqiao.exchange.script import simplified

_WORDS = {
    "service": "服务 活动 服务类 技术 技术支持 志愿服务 services activity activities support",
    "works": "工程 维修 建设 施工 改造 work construction building repair repairs maintenance",
    "goods": "实物 物资 物品 物料 设备 捐赠 器材 good materials material equipment supplies "
    "supply in-kind donation donations item items things",
    "venue": "场地 场所 空间 阵地 场馆 设施 venues space spaces room rooms place facility premises",
    "people": "人才 师资 专家 人力 人员 志愿者 队伍 讲师 person staff volunteers volunteer experts "
    "expert expertise trainer trainers teacher teachers skills talent instructor personnel",
    "information": "信息 资讯 政策 宣传 info data advice-leaflet",
    "funds": "资金 经费 款项 捐款 钱款 fund funding money grant cash finance",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in (kind, *words.split())}


@lru_cache(maxsize=65_536)
def find_kind(text: str) -> str:
    """The one kind that a text names (服务, 场地类, "goods"), "" for none or several."""
    said = simplified(unicodedata.normalize("NFKC", text)).strip().lower()
    if kind := _one(said):
        return kind
    kinds = {_one(part) for part in re.split(r"[、,;/+&和及与|\s()]+|\band\b|\bor\b", said) if part}
    return kinds.pop() if len(kinds) == 1 else ""


def _one(said: str) -> str:
    bare = re.sub(r"(?:类|型|支持|资源|需求|形式|方面)$", "", said)
    return _KIND_OF.get(said) or _KIND_OF.get(bare, "")
