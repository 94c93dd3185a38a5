"""The bridge picture in Debian's chromium: mouse, keyboard, table, phone, paper, axe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from lianqiao.exchange.report import write_report
from lianqiao.matching.document import PlanDocument
from tests.exchange.bridge_plans import invented_plan, plan_with_candidates, with_candidates
from tests.exchange.sample_plan import planned, sample_plan

pytestmark = pytest.mark.browser
HALVES = {"zh-Hans": ".half.only-zh", "en": ".half.only-en"}
# Boxes of texts without the room above and below the letters that a font adds.
COVERED = """half => {
  const boxes = [...document.querySelectorAll(`${half} .bp-left text, ${half} .bp-right text`)]
    .map(e => [e.textContent, e.getBoundingClientRect()])
    .map(([text, b]) => [text, b.left, b.right, (b.top + b.bottom) / 2])
    .map(([text, left, right, y]) => [text, left, right, y - 5, y + 5]);
  return boxes.flatMap((a, i) => boxes.slice(i + 1)
    .filter(b => a[1] < b[2] - .5 && b[1] < a[2] - .5 && a[3] < b[4] - .5 && b[3] < a[4] - .5)
    .map(b => [a[0], b[0]])); }"""


@pytest.fixture(scope="module")
def document() -> PlanDocument:
    return part_of_the_district(40, 60)


def part_of_the_district(most_needs: int, most_offers: int) -> PlanDocument:
    """The first needs and offers of the example district, so that a page is quick to open."""
    whole = sample_plan()
    needs, offers = whole["needs"][:most_needs], whole["offers"][:most_offers]
    ids = {item["id"] for item in [*needs, *offers]}
    pairs = [p for p in whole["pairs"] if {p["need"], p["offer"]} <= ids]
    chosen = [(pair["need"], pair["offer"], pair["score"]) for pair in pairs]
    return with_candidates(planned(needs, offers, chosen, policy="balanced"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, document: PlanDocument) -> Path:
    folder = tmp_path_factory.mktemp("bridges")
    for language in HALVES:
        write_report(document, folder / f"{language}.html", language=language)
        few = part_of_the_district(12, 70)
        write_report(few, folder / f"few-{language}.html", language=language)
    write_report(plan_with_candidates(), folder / "district.html", language="zh-Hans")
    large = invented_plan(400, 60, sub_districts=12, communities=200, institutions=30)
    write_report(large, folder / "large.html", language="en")
    return folder


def opened(browser: Browser, path: Path, *, width: int = 1280, **context: Any) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    page.on("console", lambda message: pytest.fail(f"console: {message.text}"))
    page.on("pageerror", lambda error: pytest.fail(f"page error: {error}"))
    page.goto(path.as_uri())
    return page


def half(page: Page, language: str = "en") -> Locator:
    return page.locator(HALVES[language])


def place(number: int, side: Locator) -> Locator:
    return side.locator(f".bp-left [data-n='{number}']")


def click(page: Page, mark: Locator) -> None:
    """As a hand does: at the place of the mark, not on the element."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def chosen(side: Locator) -> list[str]:
    return [
        each.get_attribute("data-o") or ""
        for each in side.locator(".bp-sel li[data-o]:not(.bp-on)").all()
    ]


def told(document: PlanDocument, need: str) -> list[str]:
    places = {offer["id"]: str(at) for at, offer in enumerate(document["offers"], 1)}
    row = next(row for row in document["candidates"] if row["need"] == need)
    return [places[other["offer"]] for other in row["offers"]]


def test_a_click_on_a_need_shows_its_candidates(
    browser: Browser, folder: Path, document: PlanDocument
) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    need = document["needs"][10]
    click(page, place(11, side))
    assert side.locator(".bp-sel h3").inner_text() == need["title"]
    assert side.locator(".bp-pill").first.inner_text() == need["title"]
    assert chosen(side) == told(document, need["id"])
    pairs = [pair for pair in document["pairs"] if pair["need"] == need["id"]]
    assert side.locator(".bp-spans .on").count() == len(pairs)
    lines = side.locator(".bp-sel li[data-o]:not(.bp-on)").all()
    seen = [c for c in lines if c.get_attribute("data-s") or c.get_attribute("data-b")]
    assert side.locator(".bp-cands path").count() == len(seen)
    page.keyboard.press("Escape")
    assert side.locator(".bp-sel > *").count() == 0
    assert side.locator(".bp-cands path").count() == 0
    assert "Nothing is selected" in side.locator(".bp-live").inner_text()


def test_each_candidate_line_carries_its_sign_and_number(
    browser: Browser, folder: Path, document: PlanDocument
) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    for at, row in enumerate(document["candidates"][:8], 1):
        click(page, place(at, side))
        states = [other["state"] for other in row["offers"]]
        uses = [u.get_attribute("href") for u in side.locator(".bp-nums use").all()]
        assert uses.count("#en-bp-ban") == states.count("forbidden_by_organiser")
        refused = [state for state in states if state.startswith("refused")]
        assert uses.count("#en-bp-decline") == len(refused)
        numbers = " · ".join(side.locator(".bp-nums text").all_text_contents())
        for other in row["offers"]:
            assert (f"{other['score']:.2f}" in numbers) == (other["score"] > 0.1)


def test_the_keyboard_walks_the_banks_and_selects(
    browser: Browser, folder: Path, document: PlanDocument
) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    assert side.locator(".bp [tabindex='0']").count() == 1
    side.locator(".bp [tabindex='0']").focus()
    focused = "document.activeElement.dataset.n || 'o' + document.activeElement.dataset.o"
    first = page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    second = page.evaluate(focused)
    assert second != first
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == first
    page.keyboard.press("End")
    last = page.evaluate(focused)
    page.keyboard.press("Enter")
    assert chosen(side) == told(document, document["needs"][int(last) - 1]["id"])
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused).startswith("o")
    page.keyboard.press("Enter")
    assert side.locator(".bp-i[aria-selected=true]").count() == 1
    assert side.locator(".bp-left [aria-selected=true]").count() == 0
    page.keyboard.press("ArrowLeft")
    assert not page.evaluate(focused).startswith("o")
    page.keyboard.press("Home")
    assert page.evaluate(focused) == first
    page.keyboard.press("Escape")
    assert side.locator("[aria-selected=true]").count() == 0
    assert side.locator(".bp [tabindex='0']").count() == 1


def test_focus_is_seen_and_names_the_mark(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    side.locator(".bp [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    at = page.evaluate("getComputedStyle(document.activeElement).strokeWidth")
    assert at == "2.5px"
    hint = side.locator(".bp-hint")
    assert hint.is_visible()
    assert hint.inner_text() in page.evaluate("document.activeElement.ariaLabel")


def test_the_pointer_names_what_has_no_label(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    marks = side.locator(".bp-left circle.n")
    mark = marks.nth(5)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    number = mark.get_attribute("data-n")
    title = side.locator(f"tr[data-n='{number}'] th .ttl").text_content()
    assert side.locator(".bp-hint").inner_text() == title
    assert side.locator(".bp-spans .hot").count() >= 1


def test_an_institution_shows_its_needs_and_leads_to_them(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    row = side.locator(".bp-i:not(.bp-idle)").nth(2)
    offers = (row.get_attribute("data-o") or "").split()
    click(page, row)
    assert side.locator(".bp-offer").count() == len(offers)
    lit = {p.get_attribute("data-n") for p in side.locator(".bp-spans .on").all()}
    button = side.locator(".bp-sel .bp-list .bp-btn").first
    title = button.inner_text()
    button.click()
    assert side.locator(".bp-sel h3").inner_text() == title
    assert page.evaluate("document.activeElement.dataset.n") in lit


def test_the_order_by_name_moves_the_bridges_along(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "zh-Hans.html")
    side = half(page, "zh-Hans")
    ends = f"""() => [...document.querySelectorAll('{HALVES["zh-Hans"]} .bp-spans path')]
      .map(p => +p.getAttribute('d').match(/([\\d.]+)$/)[1])"""
    before = page.evaluate(ends)
    side.locator(".bp-sort").click()
    names = side.locator(".bp-i").evaluate_all(
        """rows => rows.map(r => [r.transform.baseVal[0].matrix.f, r.querySelector('title')])
        .sort((a, b) => a[0] - b[0]).map(r => r[1].textContent)"""
    )
    assert names == page.evaluate(
        "n => [...n].sort((a, b) => a.localeCompare(b, 'zh-Hans'))", names
    )
    assert page.evaluate(ends) != before
    side.locator(".bp-sort").click()
    assert [round(y, 1) for y in page.evaluate(ends)] == before


def test_the_table_says_what_the_picture_draws(
    browser: Browser, folder: Path, document: PlanDocument
) -> None:
    page = opened(browser, folder / "en.html")
    side = half(page)
    assert not side.locator(".bp-table").is_visible()
    side.locator("label[for$=table]").click()
    assert side.locator(".bp-table").is_visible()
    assert not side.locator(".bp").is_visible()
    drawn = side.locator(".bp-spans path").evaluate_all(
        "paths => paths.map(p => p.dataset.n + '-' + p.dataset.o).sort()"
    )
    written = side.locator(".bp-needs tr[data-n]").evaluate_all(
        """rows => rows.flatMap(r => [...r.querySelectorAll('.bp-on')]
        .map(p => r.dataset.n + '-' + p.dataset.o)).sort()"""
    )
    assert drawn == written
    assert len(drawn) == len(document["pairs"])
    rings = side.locator(".bp-left .bp-un").evaluate_all("m => m.map(e => e.dataset.n).sort()")
    opens = side.locator(".bp-needs tr[data-n]:has(th .hollow)").evaluate_all(
        "rows => rows.map(r => r.dataset.n).sort()"
    )
    assert rings == opens
    assert side.locator(".bp-offers tr[data-o]").count() == len(document["offers"])


def test_a_phone_reads_the_table_first_and_can_scroll_the_picture(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, folder / "en.html", width=360, has_touch=True)
    side = half(page)
    assert side.locator(".bp-table").is_visible()
    side.locator("label[for$=picture]").click()
    assert side.locator(".bp").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    scroll = "e => [e.scrollWidth > e.clientWidth, e.clientWidth <= 360]"
    assert side.locator(".bp-scroll").evaluate(scroll) == [True, True]
    mark = place(11, side)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 3, box["y"] + 3)
    assert side.locator(".bp-sel h3").is_visible()


def test_on_a_phone_each_sub_district_opens_when_asked_for(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "district.html", width=360, has_touch=True)
    side = half(page, "zh-Hans")
    height = side.locator(".bp-table").bounding_box()
    assert height is not None
    assert height["height"] < 1200
    assert side.locator(".bp-table tr[data-n]:visible, .bp-table tr[data-o]:visible").count() == 0
    first = side.locator(".bp-fold").first
    assert first.get_attribute("aria-expanded") == "false"
    first.press("Enter")
    assert first.get_attribute("aria-expanded") == "true"
    assert side.locator(".bp-table tr[data-n]:visible").count() == 9
    side.locator(".bp-fold").last.click()
    assert side.locator(".bp-table tr[data-o]:visible").count() > 50
    page.set_viewport_size({"width": 1280, "height": 900})
    side.locator("label[for$=as-table]").click()
    assert side.locator(".bp-table tr[data-n]:visible").count() == 104


@pytest.mark.parametrize("language", HALVES)
def test_no_label_covers_another_or_shrinks(browser: Browser, folder: Path, language: str) -> None:
    page = opened(browser, folder / "district.html")
    page.locator(f"label[for=show-{language[:2]}]").click()
    size = "e => getComputedStyle(e).fontSize + ' ' + e.getScreenCTM().a"
    for width in (960, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(COVERED, HALVES[language]) == []
        assert half(page, language).locator(".bp-ul").first.evaluate(size) == "11px 1"


def test_without_a_script_picture_and_table_are_there(browser: Browser, folder: Path) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto((folder / "en.html").as_uri())
    side = half(page)
    assert side.locator(".bp").is_visible()
    assert not side.locator(".bp-panel").is_visible()
    assert not side.locator(".bp-sort").is_visible()
    side.locator("label[for$=table]").click()
    side.locator(".bp-table summary").first.click()
    assert side.locator(".bp-said").first.is_visible()


def test_the_picture_prints_on_the_first_page(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "district.html")
    side = half(page, "zh-Hans")
    click(page, place(11, side))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1009})
    millimetres = side.locator(".bp").evaluate("e => e.getBoundingClientRect().height") / 96 * 25.4
    assert 120 < millimetres <= 146
    assert not side.locator(".bp-panel").is_visible()
    assert not side.locator(".bp-table").is_visible()
    end = side.locator(".bp-key").evaluate("e => e.getBoundingClientRect().bottom") / 96 * 25.4
    assert end + page.evaluate("scrollY") / 96 * 25.4 <= 297 - 30


@pytest.mark.parametrize("language", HALVES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_picture(
    browser: Browser, folder: Path, language: str, scheme: str
) -> None:
    page = opened(browser, folder / f"few-{language}.html", color_scheme=scheme)
    figure = f"{HALVES[language]} .bp-fig"
    assert violations(page, figure) == []
    click(page, place(11, half(page, language)))
    assert violations(page, figure) == []
    half(page, language).locator("label[for$=table]").click()
    half(page, language).locator(".bp-table summary").first.click()
    assert violations(page, figure) == []


def test_axe_finds_nothing_on_a_phone(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "few-en.html", width=360)
    half(page).locator("label[for$=picture]").click()
    assert violations(page, f"{HALVES['en']} .bp-fig") == []


def violations(page: Page, within: str) -> list[str]:
    found = Axe().run(page, context=within).response["violations"]
    return [f"{each['id']}: {[n['html'][:160] for n in each['nodes'][:3]]}" for each in found]


def test_a_collapsed_mark_names_its_needs(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "large.html")
    side = half(page)
    block = side.locator(".bp-left [data-label]").first
    count = len((block.get_attribute("data-n") or "").split())
    assert count > 1
    click(page, block)
    assert side.locator(".bp-sel .bp-list li").count() == count
    assert re.search(rf"\b{count}\b", side.locator(".bp-sel h3").inner_text())
    side.locator(".bp-sel .bp-btn").nth(2).click()
    assert side.locator(".bp-cands path").count() >= 0
    assert side.locator(".bp-sel .bp-where .org, .bp-sel .bp-where .num").count() >= 1
