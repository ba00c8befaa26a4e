"""Walking through the reporter's page as a person does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, expect

PARTS = ("what", "when", "where", "risk", "contact")
Seen = Callable[[str], None]


class Reporter:
    """Somebody at the page; ``seen`` is called with the name of every step."""

    def __init__(self, page: Page, address: str, seen: Seen = lambda step: None) -> None:
        self.page, self.address, self.seen = page, address, seen
        self.wrong: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda e: self.wrong.append(str(e)))
        page.on("dialog", lambda d: self.wrong.append(d.message))

    def _console(self, message: ConsoleMessage) -> None:
        unknown = message.text.startswith("Error with Permissions-Policy header: Unrecognized feature")  # of other browsers
        if message.type in ("error", "warning") and not unknown:
            self.wrong.append(message.text)

    def at(self, step: str) -> None:
        expect(self.page.locator(f"[data-step={step}]")).to_be_visible(timeout=60_000)
        assert self.page.evaluate("document.activeElement.closest('[data-step]')?.dataset.step") == step, "the focus goes along"
        self.seen(step)

    def press(self, action: str) -> None:
        self.page.locator(f"[data-step]:not([hidden]) [data-act={action}]:visible").first.click()

    def come(self) -> None:
        self.page.goto(self.address)
        self.at("intro")

    def write(self, parts: dict[str, str], files: list[Path], keep: bool = False) -> None:
        """Fill the form; the page is at it."""
        for part, text in parts.items():
            self.page.fill(f"#part-{part}", text)
        if files:
            self.page.set_input_files("#files", files)
            expect(self.page.locator("#chosen li")).to_have_count(len(files))
        if keep:
            self.page.locator("[data-keep] input").first.check()
        self.seen("form, filled")
        self.press("to-uses")
        self.at("uses")

    def report(self, parts: dict[str, str], files: list[Path] | None = None, **more: bool) -> None:
        """From the beginning to the step where uses are chosen."""
        self.come()
        self.press("to-warning")
        self.at("warning")
        self.press("to-report")
        self.at("form")
        self.write(parts, files or [], **more)

    def words(self) -> list[tuple[str, str]]:
        """The twelve words that are shown, with their numbers."""
        self.at("words")
        rows = self.page.locator("#words li").all()
        found = [(row.locator("[data-word]").inner_text(), row.locator("[data-number]").inner_text()) for row in rows]
        assert len(found) == 12
        return found

    def type_back(self, words: list[tuple[str, str]]) -> None:
        """Type three of the words, one as a word, one as its number, one by its first letters."""
        self.press("to-check")
        self.at("check")
        fields = self.page.locator("#check input")
        fields.first.fill("zoo zoo")
        self.press("check")
        expect(self.page.locator("#check + [data-complaint]")).to_be_visible()
        self.seen("check, wrong")
        labels = self.page.locator("#check label span").all_inner_texts()
        places = [int(found[0]) for label in labels if (found := re.search(r"\d+", label))]
        assert len(set(places)) == 3
        for n, place in enumerate(places):
            word, number = words[place - 1]
            fields.nth(n).fill((word.upper(), number, word[:4])[n])
        fields.nth(2).press("Enter")
        self.at("done")

    def clear(self) -> None:
        self.press("finish")
        self.page.wait_for_url("**/done")

    def enter(self, typed: str) -> None:
        """Open the mailbox of twelve words."""
        self.come()
        self.press("to-enter")
        self.at("enter")
        self.page.fill("#typed", typed)
        self.press("open")

    def messages(self) -> list[str]:
        self.at("mailbox")
        return self.page.locator("#messages > li").all_inner_texts()

    def everything(self) -> str:
        """All that the document still holds, in fields too."""
        fields = "Array.from(document.querySelectorAll('input, textarea')).map((f) => f.value).join(' ')"
        held: str = self.page.evaluate(f"document.documentElement.outerHTML + {fields}")
        return held
