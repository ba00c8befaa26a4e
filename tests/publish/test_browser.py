"""The site in a real browser, from disk and from the local server. Without Chromium these tests are errors, not skips."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from safeconduct.publish import serve

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if not found:
        raise RuntimeError(f"Chromium is missing: install it as {CHROMIUM} to run the browser tests")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=["file", "serve"])
def base(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    if request.param == "file":
        yield site.as_uri()
        return
    with serve(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def addresses(site: Path) -> list[str]:
    source = max((site / "sources").glob("s*.html"), key=lambda p: p.stat().st_size)
    return ["index.html", "countries/IE.html", "countries/ES.html", f"sources/{source.name}", "claims/index.html",
            "sources/index.html", "countries/index.html", "method.html"]


def test_every_kind_of_page(browser: Browser, base: str, site: Path) -> None:
    for scheme, width in (("light", 320), ("dark", 1280)):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.on("console", lambda m: wrong.append(m.text))
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("requestfailed", lambda r: wrong.append(r.url) if r.failure != "net::ERR_ABORTED" else None)  # left early
        page.add_init_script("window.violations=[];document.addEventListener('securitypolicyviolation',"
                             "e=>window.violations.push(e.violatedDirective+' '+e.blockedURI))")
        for address in addresses(site):
            page.goto(f"{base}/{address}")
            state: dict[str, Any] = page.evaluate(
                "() => ({width: document.documentElement.scrollWidth, sheets: document.styleSheets.length,"
                " paper: getComputedStyle(document.body).backgroundColor, violations: window.violations,"
                " small: [...document.querySelectorAll('main a')].filter(a => a.getBoundingClientRect().height < 12).length})"
            )
            assert state["violations"] == [], (address, state)
            assert state["sheets"] == 1 and state["small"] == 0
            assert state["paper"] == ("rgb(252, 251, 249)" if scheme == "light" else "rgb(21, 24, 28)"), address
            assert state["width"] <= width, (address, state["width"])
        assert not wrong
        outside = [url for url in asked if not url.startswith(base + "/")]
        assert asked and not outside
        context.close()


CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const back = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length == 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(back(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
  }
  return [...new Set(low)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_all_text(browser: Browser, site: Path, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for address in addresses(site):
        page.goto(f"{site.as_uri()}/{address}")
        assert page.evaluate(CONTRAST) == [], address
    context.close()


def test_a_claim_link_leads_to_its_marked_quote(browser: Browser, site: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    page.click("text=Quote and source >> nth=0")
    mark = page.evaluate("() => document.querySelector('mark:target, mark:has(:target)')?.textContent")
    assert mark == "102 stations worldwide"
    context.close()


def test_focus_is_visible_and_the_skip_link_works(browser: Browser, site: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    page.keyboard.press("Tab")
    first = page.evaluate("() => [document.activeElement.className, getComputedStyle(document.activeElement).outlineStyle,"
                          " document.activeElement.getBoundingClientRect().height > 20]")
    assert first == ["skip", "solid", True]
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")  # fails after a while where it does not come
    assert page.evaluate("() => location.hash") == "#main"
    context.close()
