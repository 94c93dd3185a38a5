"""The report: everything said in both languages, nothing fetched, no user text taken for markup."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.report import report_text, write_report
from lianqiao.language import Translator
from lianqiao.matching.document import PlanDocument
from tests.exchange.sample_plan import planned, sample_plan

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "%(x)s %s %",
    "</style><style>*{display:none}",
    "' onmouseover='alert(1)",
    "http://example.org/?a=1&b=<2>",
    "javascript:alert(1)",
)
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "use"}


class Page(HTMLParser):
    """What a test asks of a page: its elements with attributes, its texts, unclosed elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.mismatched: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.mismatched.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]


@pytest.fixture(scope="module")
def html() -> str:
    return report_text(sample_plan(), language="zh-Hans")


@pytest.fixture(scope="module")
def known_tags(html: str) -> set[str]:
    return {tag for tag, _ in Page(html).elements}


def smaller_plan() -> PlanDocument:
    """Forty needs, so that a test of many payloads stays quick."""
    whole = sample_plan()
    chosen = [(p["need"], p["offer"], p["score"]) for p in whole["pairs"]]
    ids = {need["id"] for need in whole["needs"][:40]}
    chosen = [pair for pair in chosen if pair[0] in ids]
    return planned(whole["needs"][:40], whole["offers"], chosen, policy="balanced")


def halves(html: str) -> tuple[str, str]:
    """The Chinese half and the English half."""
    both = html.partition('<div class="half only-zh" lang="zh-Hans">')[2]
    chinese, _, english = both.partition('<div class="half only-en" lang="en">')
    assert chinese
    assert english
    return chinese, english


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))


def with_everywhere(document: PlanDocument, payload: str) -> PlanDocument:
    """The document with the payload in every text that comes from a user."""
    dirty = copy.deepcopy(document)
    for item in [*dirty["needs"], *dirty["offers"]]:
        for field in ("title", "organisation", "sub_district", "description", "unit"):
            item[field] = f"{payload} {item[field]}"  # type: ignore[literal-required] # by name
        item["category"], item["kind"], item["target_group"] = payload, payload, payload
    for source in dirty["inputs"].values():
        source["file"] = payload
    _in_pairs(dirty, payload)
    dirty["notices"] = [
        {"code": "x", "text": "%(a)s and %(b)s", "values": {"a": payload, "b": payload}},
        {"code": "y", "text": "%(lacking)s", "values": {"a": payload}},
    ]
    return dirty


def _in_pairs(document: PlanDocument, payload: str) -> None:
    for pair in document["pairs"]:
        for evidence in pair["evidence"]:
            for name in set(evidence) & {"need", "offer", "value"}:
                evidence[name] = payload
        pair["evidence"].append({"part": payload, "code": payload, "else": payload})
        pair["missing_fields"] = [payload]
        pair["issues"] = [payload]
        if pair["exception"]:
            pair["exception"]["for"] = payload
    for row in [*document["unmet"], *document["unused"]]:
        row["text"] = payload
    for unmet in document["unmet"]:
        for candidate in unmet["candidates"]:
            candidate["why_not"] = payload


def test_it_is_well_formed_and_says_internal(html: str) -> None:
    page = Page(html)
    assert (page.mismatched, page.open) == ([], [])
    said = "".join(page.texts)
    assert "内部" in said
    assert "Internal" in said
    assert html.startswith('<!doctype html>\n<html lang="zh-Hans">')


def allowed(text: str) -> str:
    """What a content security policy calls an inline style or script."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_nothing_is_fetched_and_only_the_pages_own_script_runs(html: str) -> None:
    page = Page(html)
    assert {tag for tag, _ in page.elements} & {"link", "img", "iframe", "form"} == set()
    assert "http" not in re.sub("http-equiv|http://www.w3.org/2000/svg", "", html)
    assert [attrs for tag, attrs in page.elements if tag == "script"] == [{}]
    assert not [value for value in page.values("href") if not value.startswith("#")]
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []
    assert page.values("style") == []
    assert "url(" not in html
    assert "@import" not in html
    policy = next(value for value in page.values("content") if "default-src" in value)
    style, script = (
        re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL) for tag in ("style", "script")
    )
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src {allowed(style[0])}",
        f"script-src {allowed(script[0])}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_every_link_has_its_row(html: str) -> None:
    page = Page(html)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = [value[1:] for value in page.values("href")]
    assert set(links) <= set(ids)
    assert set(page.values("for")) <= set(ids)
    figures = re.findall(r'<a href="#(\S+)"><b class="num">', html)
    assert figures == [
        f"{code}-{name}"
        for code in ("zh", "en")
        for name in ("pairs", "pairs", "pairs", "proof", "exceptions")
    ]


def test_every_need_and_offer_is_accounted_for(html: str) -> None:
    document, ids = sample_plan(), set(Page(html).values("id"))
    for code in ("zh", "en"):
        assert ids >= {f"{code}-need-{at}" for at in range(1, len(document["needs"]) + 1)}
        assert ids >= {f"{code}-offer-{at}" for at in range(1, len(document["offers"]) + 1)}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_users_text_is_never_markup(payload: str, known_tags: set[str]) -> None:
    page = Page(report_text(with_everywhere(smaller_plan(), payload), language="en"))
    assert (page.mismatched, page.open) == ([], [])
    assert "".join(page.texts).count(payload) > 400
    assert {tag for tag, _ in page.elements} <= known_tags
    assert [name for _, attrs in page.elements for name in attrs if name.startswith("on")] == []
    assert not [value for value in page.values("href") if not value.startswith("#")]


def test_each_half_speaks_its_language(html: str) -> None:
    chinese, english = halves(html)
    own_words = re.sub(r"<bdi[^>]*>.*?</bdi>|<code>.*?</code>|<[^>]+>|&\S+;", " ", chinese)
    technical = "sha twosided ladder levelled deferred acceptance default sunny Esc"
    foreign = set(re.findall(r"[A-Za-z]{3,}", own_words)) - set(technical.split())
    assert foreign <= {"weather", "eaten_by_a_panda", "eaten", "panda"}
    said = r'<svg class="bp.*?</svg>|<bdi[^>]*>.*?</bdi>|<[^>]+>'
    own_words = re.sub(said, " ", english, flags=re.DOTALL)
    assert re.findall("[\u4e00-\u9fff]+", own_words) == []


def test_users_words_keep_their_language(html: str) -> None:
    chinese, english = halves(html)
    assert '<bdi lang="zh-Hans">一到晚上就找不到位置停车</bdi>' in english
    assert "<bdi>一到晚上就找不到位置停车</bdi>" in chinese
    assert '<bdi lang="en">needs.xlsx</bdi>' in chinese


def test_the_micro_copy_stands_as_agreed(html: str) -> None:
    chinese, english = (re.sub("<[^>]+>", "", half) for half in halves(html))
    assert "更愿意对到一起；为了让" in chinese
    assert "would rather have each other; they were not paired so that" in english
    for said in ("社区第 1 意向", "单位第 1 意向", "锁定", "很合适", "可以谈谈", "可能相关"):
        assert said in chinese
    for said in ("community’s choice 1", "pinned", "fits well", "worth a talk"):
        assert said in english
    assert re.search("名额已满，给了.{2,8}社区", chinese)


def test_bridges_are_a_figure_only_where_they_are_not_the_needs_served() -> None:
    document = smaller_plan()
    label = '<span class="lb">bridges</span>'
    assert label not in report_text(document, language="en")
    document["figures"]["units"] += 1
    assert label in report_text(document, language="en")


def test_digests_stand_where_the_plan_is_checked() -> None:
    for half in halves(report_text(smaller_plan(), language="en")):
        head, _, rest = half.partition('<div id="')
        assert "needs.xlsx" in head
        assert "sha256" not in head
        assert "sha256 5b1e…90c4" in plain(rest)


def test_every_section_leads_back_to_the_top(html: str) -> None:
    for code, half in zip(("zh", "en"), halves(html), strict=True):
        assert half.count(f'href="#{code}-top"') == half.count("<section")


def test_it_says_what_to_run(html: str) -> None:
    chinese, english = halves(html)
    assert "<code>lianqiao read FILE --json -</code>" in english
    assert "<code>lianqiao read 清单文件 --json -</code>" in chinese
    assert "<code>lianqiao audit</code>，后面加上本报告所在的文件夹" in chinese


def test_equal_plans_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_report(smaller_plan(), tmp_path / name, language="en")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_plan_read_from_its_file_gives_the_same_report() -> None:
    document = smaller_plan()
    again = json.loads(json.dumps(document, sort_keys=True))
    assert report_text(again, language="en") == report_text(document, language="en")


def test_the_language_asked_for_shows_first() -> None:
    document = smaller_plan()
    for language, shown in (("zh-Hans", "show-zh"), ("en", "show-en")):
        page = Page(report_text(document, language=language))
        checked = [attrs["id"] for _, attrs in page.elements if "checked" in attrs]
        assert checked == [shown]
        assert page.elements[0] == ("html", {"lang": language})


def empty_plan() -> PlanDocument:
    return planned([], [], [], policy="balanced")


def nobody_paired() -> PlanDocument:
    whole = sample_plan()
    return planned(whole["needs"], whole["offers"], [], policy="stability")


def everybody_paired() -> PlanDocument:
    whole = sample_plan()
    needs, offers = whole["needs"][:4], whole["offers"][:4]
    chosen = [(n["id"], o["id"], 0.0) for n, o in zip(needs, offers, strict=True)]
    return planned(needs, offers, chosen, policy="martian")


@pytest.mark.parametrize("make", [empty_plan, nobody_paired, everybody_paired])
def test_plans_with_nothing_in_some_part_still_read_well(make: Any) -> None:
    page = Page(report_text(make(), language="zh-Hans"))
    assert (page.mismatched, page.open) == ([], [])
    assert {value[1:] for value in page.values("href")} <= set(page.values("id"))
    assert "None" not in "".join(page.texts).replace("None:", "")


def test_ids_of_a_users_own_do_not_break_links() -> None:
    whole = sample_plan()
    for at, item in enumerate([*whole["needs"], *whole["offers"]]):
        item["id"] = f'{at} "#<x>'
    chosen = [(whole["needs"][0]["id"], whole["offers"][0]["id"], 0.5)]
    page = Page(
        report_text(planned(whole["needs"], whole["offers"], chosen, policy="x"), language="en")
    )
    assert {value[1:] for value in page.values("href")} <= set(page.values("id"))
    assert all(re.fullmatch(r"[a-z0-9-]+", value) for value in page.values("id"))


def test_a_need_and_an_offer_may_share_an_id() -> None:
    whole = sample_plan()
    need, offer = whole["needs"][0], whole["offers"][0]
    need["id"] = offer["id"] = "1"
    view = PlanView(planned([need], [offer], [("1", "1", 0.9)], policy="balanced"))
    assert (view.pairs[0].need.title, view.pairs[0].offer.title) == (need["title"], offer["title"])


def test_texts_that_no_encoding_holds_are_written_all_the_same(tmp_path: Path) -> None:
    document = sample_plan()
    document["needs"][0]["title"] = "半个字\ud800 全字𠮷 \x00"
    write_report(document, tmp_path / "report.html", language="zh-Hans")
    assert "全字𠮷" in (tmp_path / "report.html").read_text("utf-8")


def catalogue_msgids() -> Iterator[str]:
    folder = Path(__file__).parent.parent.parent / "lianqiao" / "exchange" / "templates"
    for path in sorted(folder.rglob("*.html")):
        found = re.findall(
            r"{% trans[^%]*%}(.*?){% (?:endtrans|pluralize)", path.read_text("utf-8")
        )
        yield from (re.sub(r"{{ (\w+) }}", r"%(\1)s", msgid) for msgid in found)


def test_every_text_of_the_templates_is_translated() -> None:
    chinese = Translator("zh-Hans")
    msgids = list(catalogue_msgids())
    assert len(msgids) > 60
    plural = {"bridge", "exception"}
    assert [m for m in msgids if m not in plural and chinese.gettext(m) == m] == []
