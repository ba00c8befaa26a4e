"""Reading a page of a published site, to check what it shows: claims, numbers, marked quotes, links."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_CLAIM = re.compile(r"c[0-9a-f]{20}")
_COUNTRY = re.compile(r"countries/[A-Z]{2}\.html")
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a claim: its source, a digest of its quote as shown, and the numbers in its slots."""

    source: str
    quote: bytes
    numbers: frozenset[Any]


@dataclass
class Facts:
    """What datasets and pages have told so far."""

    claims: dict[str, Known] = field(default_factory=dict)
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    asserters: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    anchors: dict[str, frozenset[str]] = field(default_factory=dict)
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    base_path: str = ""
    countries: int = 0

    def add(self, claim: str, source: str, quote: bytes, numbers: frozenset[Any], asserter: str) -> None:
        """Note a claim of claims.jsonl."""
        self.claims[claim] = Known(source, quote, numbers)
        self.asserters.add(asserter)


class _Page(HTMLParser):
    def __init__(self, path: str, facts: Facts) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.facts = path, facts
        self.problems: list[str] = []
        self.ids: set[str] = set()
        self.used: set[str] = set()
        self.begun: set[str] = set()
        self.quotes: dict[str, Any] = {}
        self.marks: list[list[str]] = []  # claims of the marks that are open
        self.numbers: list[tuple[dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "iframe", "object", "embed", "base", "form"):
            self.problems.append(f"A <{tag}> stands on this page; no page has one.")
        for name in given:
            if name.startswith("on") or name == "style":
                self.problems.append(f"The attribute {name} stands on this page; no page has one.")
        if source := given.get("src"):
            self.problems.append(f"The page asks for {source}; no page asks for anything but its style sheet.")
        claims = given.get("data-claims", "").split()
        self.used.update(claims)
        if tag == "mark":
            self.marks.append(claims)
        if anchor := given.get("id"):
            if anchor in self.ids:
                self.problems.append(f"The id {anchor} is used twice.")
            self.ids.add(anchor)
            if _CLAIM.fullmatch(anchor):
                self.used.add(anchor)
                self.begun.add(anchor)
                if not self.marks or anchor not in self.marks[-1]:
                    self.problems.append(f"The anchor of claim {anchor} stands outside its quote.")
        if tag == "data":
            self.numbers.append((given, []))
        if "href" in given:
            self._link(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark" and self.marks:
            self.marks.pop()
        if tag == "data" and self.numbers:
            self._number(*self.numbers.pop())

    def handle_data(self, data: str) -> None:
        for claim in self.marks[-1] if self.marks else ():
            self.quotes.setdefault(claim, hashlib.blake2b(digest_size=16)).update(data.encode("utf-8", "surrogatepass"))
        if self.numbers:
            self.numbers[-1][1].append(data)

    def _number(self, given: dict[str, str], parts: list[str]) -> None:
        shown, value = "".join(parts), given.get("value", "")
        if shown.replace(",", "") != value:
            self.problems.append(f"The number {shown} does not show its value {value}.")
        if total := given.get("data-count"):
            if value != str(self._total(total)):
                self.problems.append(f"There are not {shown} {total}, but {self._total(total)}.")
            return
        claims = given.get("data-claims", "").split()
        if not claims:
            self.problems.append(f"The number {shown} leads to no claim.")
        for claim in claims:
            known = self.facts.claims.get(claim)
            if known and not any(_same(value, n) for n in known.numbers):
                self.problems.append(f"The number {shown} is not what claim {claim} says.")

    def _total(self, name: str) -> int | None:
        facts = self.facts
        return {
            "sources": len(facts.sources), "claims": len(facts.claims), "asserters": len(facts.asserters),
            "countries": facts.countries,
        }.get(name)

    def _link(self, tag: str, given: dict[str, str]) -> None:
        parts = urlsplit(given["href"])
        if parts.scheme or parts.netloc:
            if tag == "link" and given.get("rel") != "canonical":
                self.problems.append(f"The page asks for {given['href']}; no page asks anything of others.")
            return
        target, base = unquote(parts.path), urlsplit(self.facts.base_path).path.rstrip("/") + "/"
        if target.startswith("/"):
            target = target.removeprefix(base) if self.facts.base_path else target
        elif target:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), target))
        else:
            target = self.path
        fragment = unquote(parts.fragment)
        if _CLAIM.fullmatch(fragment):
            self.used.add(fragment)
            known = self.facts.claims.get(fragment)
            if known and target != f"sources/{known.source}.html":
                self.problems.append(f"The link to claim {fragment} leads to {target}, not to its source.")
            fragment = ""  # that its quote is marked there is checked for every claim
        self.facts.links.setdefault((target, fragment), self.path)

    def finish(self) -> list[str]:
        """Problems of the whole page."""
        for claim in sorted(self.used):
            if claim not in self.facts.claims:
                self.problems.append(f"Claim {claim} is not in claims.jsonl.")
        for claim, quote in self.quotes.items():
            known = self.facts.claims.get(claim)
            if known is None:
                continue
            if self.path != f"sources/{known.source}.html":
                self.problems.append(f"Claim {claim} is marked here, but belongs to source {known.source}.")
            elif quote.digest() == known.quote and claim in self.begun:
                self.facts.marked.add(claim)
        return self.problems


def _same(value: str, number: Any) -> bool:
    try:
        return float(value) == float(number)
    except ValueError:
        return False


def check_page(out: Path, path: str, facts: Facts) -> list[str]:
    """What is wrong with one page. Adds its links and anchors, and the claims marked on it, to ``facts``."""
    if not facts.countries:
        facts.countries = sum(1 for p in (out / "countries").glob("*.html") if _COUNTRY.fullmatch(f"countries/{p.name}"))
    page = _Page(path, facts)
    try:
        with (out / path).open(encoding="utf-8", newline="") as file:
            while block := file.read(_BLOCK):
                page.feed(block)
        page.close()
    except UnicodeDecodeError as error:
        return [f"This page is not UTF-8 ({error.reason})."]
    facts.anchors[path] = frozenset(i for i in page.ids if not _CLAIM.fullmatch(i))
    return page.finish()


def links_lead_nowhere(facts: Facts, files: set[str]) -> Iterator[tuple[str, str]]:
    """Links within the site that lead to no file or no anchor: the page they stand on, and a sentence."""
    for (target, fragment), page in sorted(facts.links.items()):
        if target not in files:
            yield page, f"The link to {target} leads nowhere."
        elif fragment and fragment not in facts.anchors.get(target, frozenset()):
            yield page, f"The link to {target}#{fragment} leads to no such place on that page."
