"""The report in Debian's chromium: phone and desk, light and dark, keyboard only, no network."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from lianqiao.exchange.report import write_report
from lianqiao.matching.document import PlanDocument, PlanFigures
from tests.exchange.sample_plan import planned, sample_plan

pytestmark = pytest.mark.browser
LONG = "一个特别长而且没有任何停顿的需求名称" * 12 + "AnEndlessWordWithoutAnySpaceInIt" * 8

# Contrast of every visible text against the first painted background behind it, WCAG 2.2 formula.
FAINT_TEXTS = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return [255, 255, 255]; };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.getClientRects().length) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([walker.currentNode.data, ratio]);
  }
  return found; }"""
OVERFLOWING = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest('.vh, .skip, .wrap, caption, thead'))
  .map(e => e.outerHTML.slice(0, 200))"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3')]
  .filter(e => e.getClientRects().length).map(e => +e.tagName[1])"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    document = sample_plan()
    for language in ("zh-Hans", "en"):
        write_report(document, folder / f"{language}.html", language=language)
    write_report(long_texts(document), folder / "long.html", language="zh-Hans")
    write_report(planned([], [], [], policy="balanced"), folder / "empty.html", language="en")
    for language in ("zh-Hans", "en"):
        write_report(small_plan(), folder / f"small-{language}.html", language=language)
    return folder


def small_plan() -> PlanDocument:
    """A plan that shows every part of the page, quickly looked at."""
    whole = sample_plan()
    needs, offers = whole["needs"][:12], whole["offers"][:12]
    scores = (0.9, 0.5, 0.2, 0.01, 0.8, 0.7)
    chosen = [
        (n["id"], o["id"], s) for n, o, s in zip(needs[::2], offers[::2], scores, strict=True)
    ]
    document = planned(needs, offers, chosen, policy="balanced")
    figures = document["figures"]
    own: PlanFigures = {
        "needs_served": figures["needs_served"],
        "communities_served": figures["communities_served"],
        "units": figures["units"],
        "score": figures["score"],
        "blocking_pairs": figures["blocking_pairs"],
    }
    document["policies"] = [
        {"policy": "balanced", "chosen": True, "quick": False, "figures": own},
        {"policy": "coverage", "chosen": False, "quick": True, "figures": own},
    ]
    return document


def long_texts(document: PlanDocument) -> PlanDocument:
    needs, offers = document["needs"][:6], document["offers"][:6]
    for item in [*needs, *offers]:
        item["title"], item["organisation"] = LONG, LONG[100:200]
    needs[0]["sub_district"] = LONG[:60]
    needs[4]["sub_district"] = "Anendlessnamewithoutanyspacein" * 2
    chosen = [(n["id"], o["id"], 0.7) for n, o in zip(needs[:3], offers[:3], strict=True)]
    return planned(needs, offers, chosen, policy="balanced")


def opened(browser: Browser, path: Path, *, width: int = 1280, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.on("console", lambda message: pytest.fail(f"console: {message.text}"))
    page.on("pageerror", lambda error: pytest.fail(f"page error: {error}"))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    assert requests == [path.as_uri()]
    return page


@pytest.mark.parametrize("name", ["zh-Hans", "en", "long", "empty"])
@pytest.mark.parametrize("width", [360, 640, 820, 1280])
def test_nothing_sticks_out(browser: Browser, folder: Path, name: str, width: int) -> None:
    page = opened(browser, folder / f"{name}.html", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable(browser: Browser, folder: Path, scheme: str) -> None:
    page = opened(browser, folder / "en.html", scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(26, 25, 22)" if scheme == "dark" else "rgb(248, 245, 238)")
    assert page.evaluate(FAINT_TEXTS) == []


def test_the_language_switches_by_keyboard(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "zh-Hans.html")
    chinese, english = page.locator(".half.only-zh"), page.locator(".half.only-en")
    assert (chinese.is_visible(), english.is_visible()) == (True, False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "show-zh"
    outline = "getComputedStyle(document.querySelector('[for=show-zh]')).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("ArrowRight")
    assert (chinese.is_visible(), english.is_visible()) == (False, True)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#en-main"


def test_the_language_switches_by_pointer(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html", width=360)
    page.get_by_text("中文").click()
    assert page.locator(".half.only-zh").is_visible()
    assert page.locator(".mark:visible").inner_text() == "内部"


@pytest.mark.parametrize("name", ["zh-Hans", "en", "empty"])
def test_headings_go_down_step_by_step(browser: Browser, folder: Path, name: str) -> None:
    levels = opened(browser, folder / f"{name}.html").evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_figures_lead_to_visible_rows(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html")
    for link in page.locator(".half.only-en .figs a").all():
        link.click()
        target = page.evaluate("location.hash.slice(1)")
        assert page.locator(f"[id='{target}']").is_visible()


def test_a_number_shows_its_rows_alone_and_all_are_a_link_away(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, folder / "en.html")
    half = page.locator(".half.only-en")
    rows = half.locator(".pairs tbody tr:not(.sub):visible")
    whole = rows.count()
    link = half.locator(".fits a").last
    told = int(link.locator("b").inner_text())
    assert told < whole
    link.click()
    assert rows.count() == told
    line = half.locator(".only:visible")
    assert f"{told} / {whole}" in line.inner_text()
    page.emulate_media(media="print")
    assert rows.count() == whole
    page.emulate_media(media="screen")
    line.locator("a").click()
    assert rows.count() == whole
    assert half.locator(".only:visible").count() == 0


def test_a_pair_is_found_by_a_word_and_links_reach_hidden_rows(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, folder / "en.html")
    half = page.locator(".half.only-en")
    rows = half.locator(".pairs tbody tr:not(.sub):visible")
    whole = rows.count()
    word = rows.last.locator(".org").first.inner_text().split()[0]
    half.get_by_label("Find a pair by a word").fill(f" {word.lower()}  ")
    assert rows.count() == 1
    assert half.locator(".pairs .sub:visible").count() == 1
    assert half.locator(".find [role=status]").inner_text() == f"1 / {whole}"
    half.locator(".exs .ids a").first.click()
    assert rows.count() == whole
    target = page.evaluate("location.hash.slice(1)")
    assert page.locator(f"[id='{target}']").is_visible()


def test_without_its_script_the_page_is_whole_and_offers_no_finding(
    browser: Browser, folder: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "small-en.html").as_uri())
    assert not page.locator(".find").first.is_visible()
    assert not page.locator(".half.only-en .find").is_visible()
    assert page.locator(".half.only-en .pairs tbody tr:not(.sub)").first.is_visible()


def test_the_row_that_a_link_led_to_is_marked_and_not_covered(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, folder / "en.html")
    page.locator(".half.only-en .exs .ids a").first.click()
    target = page.evaluate("location.hash.slice(1)")
    cell = page.locator(f"[id='{target}']")
    plain = page.locator(".half.only-en .pairs tbody th[scope=row]").last
    ground = "e => getComputedStyle(e).backgroundColor + getComputedStyle(e).boxShadow"
    assert cell.evaluate(ground) != plain.evaluate(ground)
    assert cell.evaluate("e => e.getBoundingClientRect().top") >= 0
    on_top = """e => { const b = e.getBoundingClientRect();
      return e.contains(document.elementFromPoint(b.left + 8, b.top + 8)); }"""
    assert cell.evaluate(on_top)


def test_the_heads_stay_in_sight(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html")
    page.locator(".half.only-en .pairs tbody").nth(2).locator("tr").nth(3).evaluate(
        "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 300)"
    )
    head = page.locator(".half.only-en .pairs thead th").first.bounding_box()
    group = page.locator(".half.only-en .pairs .sub th").nth(2).bounding_box()
    assert head
    assert group
    assert 0 <= head["y"] < group["y"] <= head["y"] + head["height"] + 1


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_accessibility_rules_find_nothing(
    browser: Browser, folder: Path, language: str, scheme: str, width: int
) -> None:
    page = opened(browser, folder / f"small-{language}.html", width=width, scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_the_tab_key_walks_every_link_in_order(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "small-en.html")
    walked: list[str] = []
    for _step in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        walked.append(page.evaluate("document.activeElement.getAttribute('href') || ''"))
    links = page.locator(".half.only-en a:visible").evaluate_all(
        "all => all.map(e => e.getAttribute('href'))"
    )
    assert [href for href in walked if href] == links


def test_rows_on_a_phone_are_stacked_with_their_labels(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html", width=360)
    cell = page.locator(".only-en .opens td").first
    assert cell.evaluate("e => getComputedStyle(e).display") == "block"
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Reason"'


def test_on_a_phone_every_section_leads_back_to_the_top(browser: Browser, folder: Path) -> None:
    path = folder / "en.html"
    assert not opened(browser, path).locator(".half.only-en .up").first.is_visible()
    page = opened(browser, path, width=360)
    page.locator(".half.only-en .up").last.click()
    top = page.locator("#en-top")
    assert page.evaluate("location.hash") == "#en-top"
    assert top.bounding_box()["y"] >= 0  # type: ignore[index]  # the header is on the page


def test_the_page_prints_one_language_on_white(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "zh-Hans.html", scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(35, 32, 27)"
    assert not page.locator(".switch").is_visible()
    assert not page.locator(".half.only-en").is_visible()
