"""`make picture`: the front page of the sample register as docs/front-page.png."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click
from playwright.sync_api import sync_playwright

from safeconduct.cli import main

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip
TARGET = Path(__file__).parents[1] / "docs" / "front-page.png"


def draw() -> None:
    """Build the sample and take a picture of the upper part of its front page, 1200 by 900 pixels."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder:
        main(["demo", f"{folder}/demo", "--no-serve"], standalone_mode=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="light")
            page.goto(f"file://{folder}/demo/site/index.html")
            page.screenshot(path=str(TARGET))
            browser.close()


if __name__ == "__main__":
    draw()
    click.echo(str(TARGET))
