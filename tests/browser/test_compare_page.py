"""What was signed beside the plan, on a phone, at a desk and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lianqiao.site import door
from lianqiao.site.cli import root
from lianqiao.site.example import example_sources

pytestmark = pytest.mark.browser
LONG = ".readings tbody tr:visible"
OPENED = "details[open]"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside") / "plan"
    lists = example_sources()
    arguments = ["match", lists.needs, lists.offers, "--compare", lists.signed, "--out", folder]
    options = ["--effort", "0", "--model", "lexical", "--lang", "en"]
    assert door.run(root, [*map(str, arguments), *options]) == door.DONE
    return folder / "report.html"


def opened(browser: Browser, report: Path, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report.as_uri())
    return page


def test_long_lists_are_folded_on_a_phone_and_open_on_paper(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 360)
    section = page.locator(".half.only-en .cmp")
    folds = section.locator("summary")
    assert folds.count() > 1
    assert section.locator(LONG).count() == 0
    box = section.bounding_box()
    assert box
    assert box["height"] < 4000
    page.emulate_media(media="print")
    assert not folds.first.is_visible()
    assert section.locator(LONG).count() > 0


def test_a_fold_opens_by_keyboard_and_for_a_link_into_it(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 360)
    section = page.locator(".half.only-en .cmp")
    section.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert section.locator(OPENED).count() == 1
    anchor = section.locator(".readings tbody tr").last.get_attribute("id")
    page.evaluate("anchor => { location.hash = anchor }", anchor)
    assert page.locator(f"[id='{anchor}']").is_visible()
    assert section.locator(OPENED).count() == 2


def test_at_a_desk_nothing_is_folded(browser: Browser, report: Path) -> None:
    section = opened(browser, report, 1280).locator(".half.only-en .cmp")
    assert not section.locator("summary").first.is_visible()
    assert section.locator(LONG).count() > 0
