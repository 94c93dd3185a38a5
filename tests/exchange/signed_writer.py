"""Lists of signed pairs as offices keep them, with the slips that people make, and the truth.

Nothing here knows how the reader works: the slips are written down by hand.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lianqiao.catalogue.records import NeedRecord, OfferRecord
from tests.exchange.layouts.grids import Drawing, Grid, Value
from tests.exchange.layouts.writers import write

# What a keyboard or a copyist makes of a character: same sound, or nearly the same look.
_MADE_OF = """
 辉晖 红洪 砂沙 桥侨 锦绵 汇会 泉全 路陆 庆清 星新 塔搭 子紫 山珊
石时 琉流 璃离 福富 得德 胜盛 华桦 和合 馨欣 东冬 洪红 怡宜 逸毅 柳抑
江汪 包句 净静 居屈 寺诗 槐愧 国围 粮良 丰峰 龙尤 舟丹 莲连 桂挂 牛午
心必 井并 慈磁 亭享 耿耽 巷港 仙先 将浆 盐严 市巿 口囗 总忌 府附 袜抹
兴新 春青 熙西 云去 圣胜 祠词 字宇 武式 成戍 门闩 梓锌 潼童 王玉 落洛
虹红 检捡 察查 院园 委萎 组祖 织职 宣宜 传转 统桶 政正 法发 治冶 局居
教叫 育玉 司斯 公工 民明 财才 人入 社设 住往 建健 交郊 商尚 务雾 卫未
健建 审申 计记 税说 科料 协胁 残浅 联连 图途 书舒 馆管 文闻 化花 体休
站战 前钱 铁帖 河何 沿延 老佬 砖专 昌冒 靠告 村材 岭领 沟购 条调
"""
_SLIPS = {pair[0]: pair[1] for pair in _MADE_OF.split()}
_OUTSIDERS = {
    "zh": (
        ("晨光社区", "区体育局"),
        ("龙泉湖社区", "区气象局"),
        ("天府新苑社区", "区供销社"),
        ("海棠社区", "市第七中学"),
    ),
    "en": (
        ("Harbour Lights Tenants", "Northern Rail"),
        ("Elmtree Gardeners", "Quayside Brewery"),
        ("Weir Cottage Friends", "County Archives Trust"),
    ),
}
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Town:
    """Two lists and the pairs that make sense between them, as ids."""

    language: str
    needs: tuple[NeedRecord, ...]
    offers: tuple[OfferRecord, ...]
    fitting: tuple[tuple[str, str], ...]

    def fit(self, need: str, offer: str) -> float:
        return 0.9 if (need, offer) in self.fitting else 0.05


@dataclass
class SignedSheet:
    """rows: cells of the pairs; truth: by 1-based row the pairs that were meant, None for a row
    whose names are on no list. is_told: whether titles or ids say which need and offer is meant.
    """

    rows: list[list[Value]]
    truth: dict[int, list[tuple[str, str]] | None]
    is_told: bool
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def town(folder: Path, language: str) -> Town:
    """The lists of a folder that holds needs.clean.csv, offers.clean.csv and relevance.csv."""

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    names = ("id", "title", "description", "organisation", "sub_district")
    return Town(
        language,
        tuple(NeedRecord(**{n: r[n] for n in names}) for r in rows("needs.clean.csv")),
        tuple(OfferRecord(**{n: r[n] for n in names}) for r in rows("offers.clean.csv")),
        tuple((r["need_id"], r["offer_id"]) for r in rows("relevance.csv") if r["grade"] in "23"),
    )


def some_pairs(of: Town, count: int, chance: random.Random) -> list[tuple[str, str]]:
    """Pairs that might be signed: each need once."""
    pairs = list(of.fitting)
    chance.shuffle(pairs)
    once: dict[str, tuple[str, str]] = {}
    for pair in pairs:
        once.setdefault(pair[0], pair)
    return list(once.values())[:count]


def misspelt(text: str, chance: random.Random) -> str:
    """One slip: a wrong, missing, added, doubled or swapped sign."""
    signs = list(text)
    at = [i for i, sign in enumerate(signs) if sign.isalpha()]
    body = [i for i in at if signs[i] not in "社区村局委院区市"]
    if not _HAN.search(text):
        return _mistyped(signs, at, chance)
    slips = [i for i in body if signs[i] in _SLIPS]
    kind = chance.choice(("wrong", "wrong", "missing", "added", "swapped"))
    if kind == "wrong" and slips:
        place = chance.choice(slips)
        signs[place] = _SLIPS[signs[place]]
    elif kind == "missing" and len(body) >= 3:
        del signs[chance.choice(body)]
    elif kind == "swapped" and len(body) >= 2:
        place = chance.randrange(len(body) - 1)
        i, j = body[place], body[place + 1]
        signs[i], signs[j] = signs[j], signs[i]
    elif kind == "added" and body:
        signs.insert(chance.choice(body), chance.choice("小新的"))
    return "".join(signs)


def _mistyped(signs: list[str], at: list[int], chance: random.Random) -> str:
    place = chance.choice(at[1:-1])
    kind = chance.choice(("missing", "doubled", "wrong", "swapped"))
    if kind == "missing":
        del signs[place]
    elif kind == "doubled":
        signs.insert(place, signs[place])
    elif kind == "wrong":
        signs[place] = chance.choice("aeioustr")
    elif place + 1 < len(signs) and signs[place + 1].isalpha():
        signs[place], signs[place + 1] = signs[place + 1], signs[place]
    return "".join(signs)


def reworded(name: str, side: str, chance: random.Random) -> str:
    """The same organisation as other people write it: no slip."""
    if not _HAN.search(name):
        forms = [
            name,
            name.upper(),
            name.lower(),
            name.replace("'", "’"),
            name.replace(" and ", " & "),
        ]
        return chance.choice([*forms, f"The {name}"])
    bare = name.removesuffix("社区") if side == "need" else name
    if side == "need":
        forms = [name, f"{bare}社区居委会", f"{bare}社区党委", f"锦江区{name}", f" {name}　", bare]
        return chance.choice(forms if name.endswith("社区") else [name, f"{name}党支部"])
    return chance.choice([name, f"{name}机关党委", f"{name}党支部", f" {name} "])


def requoted(title: str, chance: random.Random) -> str:
    """The same title with other marks around it."""
    if not _HAN.search(title):
        return chance.choice([title, title.upper(), f'"{title}"', f"{title}."])
    return chance.choice([title, f"《{title}》", f"“{title}”项目", title.replace("“", '"')])


Layout = Callable[[Town, Sequence[tuple[str, str]], random.Random, float], SignedSheet]


def _words(of: Town, pair: tuple[str, str], chance: random.Random, slips: float) -> dict[str, str]:
    """The names and titles of a pair as a clerk might write them."""
    need = next(n for n in of.needs if n.id == pair[0])
    offer = next(o for o in of.offers if o.id == pair[1])
    said = {
        "community": reworded(need.organisation, "need", chance),
        "institution": reworded(offer.organisation, "offer", chance),
        "need": requoted(need.title, chance),
        "offer": requoted(offer.title, chance),
    }
    return {k: misspelt(v, chance) if chance.random() < slips else v for k, v in said.items()}


def _outsiders(of: Town, chance: random.Random) -> dict[str, str]:
    community, institution = chance.choice(_OUTSIDERS[of.language])
    return {"community": community, "institution": institution, "need": "—", "offer": "—"}


HEADS = {
    "zh": {
        "serial": "序号",
        "community": "社区名称",
        "institution": "共建单位",
        "need": "需求项目",
        "offer": "资源项目",
        "project": "项目名称",
        "first": "甲方",
        "second": "乙方",
        "date": "签约时间",
        "remark": "备注",
        "title": "2023年共建项目签约情况汇总表",
        "total": "合计",
        "note": "注：名单以现场签约为准",
        "parties": "结对双方",
    },
    "en": {
        "serial": "No.",
        "community": "Community",
        "institution": "Institution",
        "need": "Need",
        "offer": "Offer",
        "project": "Project",
        "first": "Party A",
        "second": "Party B",
        "date": "Signed on",
        "remark": "Remarks",
        "title": "Agreements signed this round",
        "total": "Total",
        "note": "Note: as signed on stage",
        "parties": "Parties",
    },
}


def table(columns: Sequence[str], *, header: bool = True, extras: bool = True) -> Layout:
    """A row a pair. columns: keys of HEADS in their order; "first" holds the institution."""

    def lay_out(
        of: Town, pairs: Sequence[tuple[str, str]], chance: random.Random, slips: float
    ) -> SignedSheet:
        heads = HEADS[of.language]
        rows: list[list[Value]] = []
        if extras:
            rows += [[heads["title"]], [None]]
        if header:
            rows.append([heads[column] for column in columns])
        truth: dict[int, list[tuple[str, str]] | None] = {}
        for at, pair in enumerate(pairs, 1):
            is_outside = chance.random() < 0.06
            said = _outsiders(of, chance) if is_outside else _words(of, pair, chance, slips)
            rows.append([_cell(column, said, at) for column in columns])
            truth[len(rows)] = None if is_outside else [pair]
            if extras and at == len(pairs) // 2:
                rows.append([None])
        if extras:
            rows += [[heads["total"], None, len(pairs)], [heads["note"]]]
        is_told = {"need", "offer"} <= set(columns)
        return SignedSheet(rows, truth, is_told)

    return lay_out


def _cell(column: str, said: dict[str, str], at: int) -> Value:
    named = {
        "serial": at,
        "first": said["institution"],
        "second": said["community"],
        "project": said["offer"],
        "date": {"date": "2023-06-26"},
        "remark": None,
        "parties": f"{said['institution']}×{said['community']}",
    }
    return named.get(column, said.get(column))


def grouped(
    of: Town, pairs: Sequence[tuple[str, str]], chance: random.Random, slips: float
) -> SignedSheet:
    """Institutions in merged cells beside the rows of their communities."""
    heads = HEADS[of.language]
    rows: list[list[Value]] = [[heads[c] for c in ("institution", "offer", "community", "need")]]
    truth: dict[int, list[tuple[str, str]] | None] = {}
    merges = []
    by_offer: dict[str, list[tuple[str, str]]] = {}
    for pair in pairs:
        by_offer.setdefault(pair[1], []).append(pair)
    for same in by_offer.values():
        top = len(rows) + 1
        for at, pair in enumerate(same):
            said = _words(of, pair, chance, slips)
            ours = [said["institution"], said["offer"]] if not at else [None, None]
            rows.append([*ours, said["community"], said["need"]])
            truth[len(rows)] = [pair]
        if len(same) > 1:
            merges += [(top, 1, len(rows), 1), (top, 2, len(rows), 2)]
    return SignedSheet(rows, truth, True, merges)


def several_a_cell(
    of: Town, pairs: Sequence[tuple[str, str]], chance: random.Random, slips: float
) -> SignedSheet:
    """An institution and its offer once, all its communities and their needs in one cell each."""
    heads = HEADS[of.language]
    rows: list[list[Value]] = [[heads[c] for c in ("institution", "offer", "community", "need")]]
    truth: dict[int, list[tuple[str, str]] | None] = {}
    by_offer: dict[str, list[tuple[str, str]]] = {}
    for pair in pairs:
        by_offer.setdefault(pair[1], []).append(pair)
    for same in by_offer.values():
        said = [_words(of, pair, chance, slips) for pair in same]
        between = "、" if of.language == "zh" else "; "
        communities = between.join(one["community"].strip() for one in said)
        rows.append(
            [
                said[0]["institution"],
                said[0]["offer"],
                communities,
                "\n".join(one["need"] for one in said),
            ]
        )
        truth[len(rows)] = list(same)
    return SignedSheet(rows, truth, True)


def by_id(
    of: Town, pairs: Sequence[tuple[str, str]], chance: random.Random, slips: float
) -> SignedSheet:
    """Ids beside the names of the organisations."""
    rows: list[list[Value]] = [["need_id", "offer_id", "community", "institution"]]
    truth: dict[int, list[tuple[str, str]] | None] = {}
    for pair in pairs:
        said = _words(of, pair, chance, slips)
        rows.append([*pair, said["community"], said["institution"]])
        truth[len(rows)] = [pair]
    return SignedSheet(rows, truth, True)


LAYOUTS: dict[str, Layout] = {
    "both titles": table(("serial", "community", "need", "institution", "offer", "date")),
    "one project": table(("serial", "institution", "community", "project", "remark")),
    "party a and b": table(("serial", "first", "second", "need", "offer")),
    "no header": table(("community", "need", "institution", "offer"), header=False, extras=False),
    "names only": table(("serial", "community", "institution", "date")),
    "one cell": table(("serial", "parties", "need", "offer")),
    "grouped": grouped,
    "several a cell": several_a_cell,
    "by id": by_id,
}


def written(sheet: SignedSheet, folder: Path, name: str) -> Path:
    """The sheet as a file; the suffix of the name says of which kind."""
    cells = {
        (r, c): value
        for r, row in enumerate(sheet.rows, 1)
        for c, value in enumerate(row, 1)
        if value is not None
    }
    if name.endswith(".csv"):
        for top, left, bottom, _right in sheet.merges:
            cells |= {(row, left): cells[top, left] for row in range(top, bottom + 1)}
    grid = Grid("签约", cells, tuple(sheet.merges))
    return write(Drawing(name, (grid,), grid, "utf-8-sig", ","), folder)
