"""The page for everybody: WCAG 2.2 AA by axe-core at every step, small screens, right to left, keyboards, forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from safeconduct.envelope.words import from_words
from safeconduct.line import pages

from .chromium import chromium
from .kit import Client, Organisation, Running
from .script_kit import ROOT, build_steps
from .test_page import SAID, reply
from .walk import Reporter

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = """() => Array.from(document.querySelectorAll('button, a, input, textarea, summary'))
  .filter((e) => e.offsetParent && !e.closest('.skip') && !['checkbox', 'file'].includes(e.type))
  .filter((e) => e.getBoundingClientRect().height < 43 && !e.closest('p, h3')).map((e) => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Inspector:
    """Looks at every step that somebody reaches."""

    def __init__(self, page: Page) -> None:
        build_steps().fetch_packages(ROOT)
        self.axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        self.page, self.steps = page, list[str]()

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(self.axe)
        passed, found = self.page.evaluate(
            "async (tags) => { const { passes, violations } = await axe.run({runOnly: tags});"
            "return [passes.length, violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))])]; }",
            RULES,
        )
        assert passed > 10 and not found, (step, passed, found)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{step} is wider than the screen"
        assert self.page.evaluate(SMALL) == [], f"too small to hit in {step}"


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1280), ("fa", "dark", 320), ("ug", "light", 390)])
def test_every_step(
    browser: Browser, server: Running, client: Client, organisation: Organisation, tmp_path: Path,
    language: str, scheme: Any, width: int,
) -> None:  # fmt: skip
    context = browser.new_context(
        viewport={"width": width, "height": 700}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    inspector = Inspector(page)
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/{language}/", inspector)
    paper = tmp_path / ("a-very-long-name-without-any-space-in-it" * 4 + ".pdf")
    paper.write_bytes(b"%PDF-1.7")
    someone.report(SAID, [paper])
    page.check("#each")
    inspector("uses, for each part")
    someone.press("send")
    words = someone.words()
    someone.type_back(words)
    someone.clear()
    inspector("cleared")
    secret = from_words(" ".join(word for word, _ in words))
    reply(client, organisation, secret, 1, "x" * 400)
    reply(client, organisation, secret, 3, "spoilt", spoilt=True)
    someone.enter("nothing")
    inspector("enter, wrong")
    someone.enter(" ".join(word for word, _ in words))
    someone.at("mailbox")
    page.locator("[data-delete]").first.click()
    inspector("mailbox, sure to delete?")
    direction = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert direction == [language, "rtl" if language in ("fa", "ug") else "ltr"]
    assert len(set(inspector.steps)) >= 15, inspector.steps
    context.close()


def test_no_language_is_wider_than_a_small_screen(browser: Browser, server: Running) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 600})
    page = context.new_page()
    for language in pages.languages():
        page.goto(f"http://127.0.0.1:{server.port}/{language}/")
        page.wait_for_selector("[data-step=intro]")
        wide = page.evaluate("""() => {
          const steps = Array.from(document.querySelectorAll("[data-step]"));
          return steps.filter((step) => {
            for (const other of steps) other.hidden = other !== step;
            for (const inside of step.querySelectorAll("[hidden]")) inside.hidden = false;
            return document.documentElement.scrollWidth > innerWidth;
          }).map((step) => step.dataset.step);
        }""")
        assert wide == [], language
    context.close()


def test_the_keyboard_is_enough(browser: Browser, server: Running) -> None:
    context = browser.new_context()
    page = context.new_page()
    someone = Reporter(page, f"http://127.0.0.1:{server.port}/en/")
    someone.come()

    def tab_to(selector: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached")

    for action, step in (("to-warning", "warning"), ("to-report", "form")):
        tab_to(f"[data-act={action}]")
        page.keyboard.press("Enter")
        someone.at(step)
    tab_to("#part-what")
    page.keyboard.type("words")
    tab_to("[data-act=files]")
    tab_to("[data-act=to-uses]")
    page.keyboard.press("Space")
    someone.at("uses")
    tab_to("#uses-whole [data-use=refer]")
    page.keyboard.press("Space")
    assert page.is_checked("#uses-whole [data-use=refer]")
    tab_to("#pass")
    page.keyboard.press("Enter")
    someone.words()
    context.close()


def test_forced_colours_and_large_letters(browser: Browser, server: Running) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 700}, forced_colors="active", bypass_csp=True)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/en/")
    page.wait_for_selector("[data-step=intro]")
    borders = page.evaluate(
        "['#leave', '[data-act=to-warning]'].map((s) => getComputedStyle(document.querySelector(s)).borderTopStyle)"
    )
    assert borders == ["solid", "solid"]
    page.add_style_tag(content="html { font-size: 200% !important; }")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
