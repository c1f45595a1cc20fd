"""The report as a person opens it: in a real browser, on a desk by day and by night, on a phone, on paper."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from alerts.html.report import QUOTE, QUOTE_LINES, report_of
from alerts.testing.digests import HOSTILE, RIGHT_TO_LEFT, SAMPLES, hostile, many
from alerts.words import clean, line
from monitor.core.digest import Digest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESK, PHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "is_mobile": True, "has_touch": True},
    "print": {"viewport": DESK, "color_scheme": "dark"},
}
QUIETLY = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
TRAP = """window.ran = [];
for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => { window.ran.push(name) };"""
OVERLAPPING = """() => {
  const boxes = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    if (!node.data.trim() || node.parentElement.closest('title, desc, .skip')) continue;
    if (!node.parentElement.checkVisibility({contentVisibilityAuto: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) boxes.push({node, box, words: node.data.trim().slice(0, 40)});
  }
  boxes.sort((a, b) => a.box.top - b.box.top);
  const found = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j].box.top < boxes[i].box.bottom; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const tall = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
      if (a.node !== b.node && wide > 3 && tall > 5) found.push([a.words, b.words]);
    }
  return found;
}"""
SHAPE = """() => ({
  wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
  beyond: [...document.body.querySelectorAll('*:not(.skip)')]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 80)).slice(0, 5),
  tags: [...new Set([...document.querySelectorAll('*')].map(one => one.localName))],
  attributes: [...new Set([...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()))],
  links: [...new Set([...document.querySelectorAll('a')].map(one => one.getAttribute('href')))],
  twice: (ids => ids.filter((id, at) => ids.indexOf(id) !== at))(
    [...document.querySelectorAll('#waiting, #complaints, svg [id], .person[id]')].map(one => one.id)),
  dead: [...document.querySelectorAll('a[href^="#"]')].filter(
    one => !document.getElementById(one.getAttribute('href').slice(1))).length,
  levels: [...document.querySelectorAll('h1, h2, h3')].map(one => +one.localName[1]),
  ran: window.ran,
})"""
TAGS = """
html head meta title link style body a header p h1 h2 h3 bdi div main nav ul ol li section span blockquote b small table
caption thead tbody tr th td details summary figure figcaption svg desc rect text footer code
"""
ATTRIBUTES = """
lang charset http-equiv content name rel href class id aria-labelledby aria-label aria-hidden role dir scope start
viewBox x y width height text-anchor
"""


class Opened(NamedTuple):
    """A report that stands open, and what the browser complained of or asked for meanwhile."""

    page: Page
    said: list[str]
    asked: list[str]
    address: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no Chromium on the path to read the report in")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=[*QUIETLY])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """By (digest, name of a view)."""
    digest, view = request.param
    yield from open_in(browser, tmp_path, digest(), view)


def open_in(browser: Browser, folder: Path, digest: Digest, view: str) -> Iterator[Opened]:
    path = folder / "report.html"
    path.write_text(report_of(digest), encoding="utf-8")
    context = browser.new_context(**VIEWS[view])
    page = context.new_page()
    page.add_init_script(TRAP)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.route(lambda url: url != path.as_uri(), lambda route: route.abort())
    if view == "print":
        page.emulate_media(media="print")
    page.goto(path.as_uri())
    yield Opened(page, said, asked, path.as_uri())
    context.close()


def some() -> Digest:
    return many(80)


EACH = {**SAMPLES, "many": some}
"""What axe needs minutes for at 5,000 complaints shows at 80: the rows are alike."""


@pytest.mark.parametrize(
    "opened",
    [pytest.param((make, view), id=f"{name}-{view}") for name, make in EACH.items() for view in VIEWS],
    indirect=True,
)
def test_it_reads_well_everywhere_and_asks_for_nothing(opened: Opened) -> None:
    page = opened.page
    shape = page.evaluate(SHAPE)
    assert (shape["wide"], shape["beyond"]) == (shape["room"], [])
    assert page.evaluate(OVERLAPPING) == []
    assert set(shape["tags"]) <= {*TAGS.split()}
    assert set(shape["attributes"]) <= {*ATTRIBUTES.split()}
    assert all(link.startswith(("#", "http://", "https://", "data:,")) for link in shape["links"])
    assert (shape["twice"], shape["dead"]) == ([], 0)
    levels = shape["levels"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == shape["room"]
    assert judged(page) == []
    assert page.evaluate("window.ran") == []
    assert opened.asked == [opened.address]
    assert opened.said == []


def judged(page: Page) -> list[str]:
    """What axe finds wrong, of whatever weight."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['impact']}: {one['id']}: {node['html'][:120]} {json.dumps(node.get('failureSummary', ''))[:200]}"
        for one in found
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("opened", [pytest.param((hostile, "light"), id="hostile")], indirect=True)
def test_hostile_words_are_shown_and_nothing_more(opened: Opened) -> None:
    """What stands in the page is what was said, letter by letter, and it is text."""
    page = opened.page
    quotes = page.eval_on_selector_all(
        "#complaints ~ ul blockquote", "all => all.map(one => one.textContent)"
    )
    shown = [
        clean(words * times, limit=QUOTE, lines=QUOTE_LINES)
        for words, times in ((HOSTILE, 30), (RIGHT_TO_LEFT, 40))
    ]
    assert quotes[:2] == shown
    assert page.locator("h1").text_content() == line(HOSTILE, 60)
    assert page.title().startswith(line(HOSTILE, 60))
    assert page.locator("img, iframe, script, object, embed, form, input, base").count() == 0
    assert page.locator("[onerror], [onload], [onclick], [style]").count() == 0
    assert page.evaluate("window.ran") == []
    assert not any(sign in page.content() for sign in "\u202e\x1b\u200b")


@pytest.mark.parametrize("opened", [pytest.param((many, "phone"), id="many")], indirect=True)
def test_each_of_five_thousand_is_found(opened: Opened) -> None:
    """Folded or not: the browser's search and a link to a case both lead there."""
    page = opened.page
    assert page.locator("#story .person[id^=case-]").count() == 5_000
    last = page.locator("#case-5999")
    assert not last.locator("blockquote").is_visible()
    page.evaluate("location.hash = 'case-5999'")
    last.locator("blockquote").wait_for(state="visible", timeout=20_000)
    assert last.locator(".name").text_content() == "Pretend customer 4999"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert (opened.said, opened.asked) == ([], [opened.address])


@pytest.mark.parametrize("opened", [pytest.param((some, "print"), id="many")], indirect=True)
def test_on_paper_short_lists_are_unfolded_and_long_ones_told_by_their_number(opened: Opened) -> None:
    page = opened.page
    assert not page.locator("nav").is_visible()
    table = page.get_by_role("table", name="Posts heard and complaints by day.")
    assert table.is_visible()
    assert page.locator("#complaints ~ details.prints .person").last.is_visible()
    long = page.locator("details:not(.prints)")
    assert long.locator("summary").is_visible()
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("opened", [pytest.param((SAMPLES["day"], "light"), id="day")], indirect=True)
def test_the_keyboard_comes_past_the_contents(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the story"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert (
        page.evaluate("document.activeElement.closest('section')?.getAttribute('aria-labelledby')")
        == "waiting"
    )
