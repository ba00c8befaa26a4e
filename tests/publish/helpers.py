"""Small synthetic registers to publish: every text here is made up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from safeconduct.claims import Claim, claim_from, sha256
from safeconduct.publish import Publication
from safeconduct.register import Decision, Source, compute, state

AS_OF = date(2026, 11, 22)
SD = "org:safeguard-defenders"


@dataclass
class Made:
    """Texts, sources and claims for one register."""

    texts: dict[str, str] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    pairs: list[tuple[Claim, Source]] = field(default_factory=list)

    def source(self, text: str, name: str, **about: Any) -> Source:
        key = sha256(text)
        self.texts[key] = text
        fields: dict[str, Any] = {
            "capture": sha256(text + name), "text": key, "name": name, "media_type": "text/plain",
            "obtained_at": "2026-11-01T10:00:00Z", "title": f"Title of {name}", "publisher": "The Courier",
            "published": "2022-12-15", "language": "en",
        }
        source = Source(**(fields | about))
        self.sources.append(source)
        return source

    def claim(self, source: Source, quote: str, kind: str, slots: dict[str, Any], nth: int = 0, **more: Any) -> Claim:
        text, start = self.texts[source.text], -1
        for _ in range(nth + 1):
            start = text.index(quote, start + 1)
        value = {"kind": kind, "start": start, "end": start + len(quote), "quote": quote, "slots": slots, **more}
        claim = claim_from(value, source.text)
        self.pairs.append((claim, source))
        return claim

    def publication(self, **options: Any) -> Publication:
        decisions = [Decision(f"d{n}", c.id, "accept", "2026-11-02T00:00:00Z", "tester") for n, (c, _) in enumerate(self.pairs)]
        register = compute(state(self.pairs, decisions), AS_OF)
        return Publication(register, self.texts.__getitem__, self.sources, **options)


FILL = "\n\n".join(
    f"Paragraph {n} only carries the story further and holds nothing that a claim rests on, so no page may show it. "
    "It speaks of the weather, of trams that were late and of a market that closed early because of the rain."
    for n in range(12)
)
SEPTEMBER = f"""Offices counted abroad

On Tuesday the group said that it had found 54 stations in 30 countries, and that \
Jane Q. Miller, a shopkeeper, saw one of them open.

{FILL}

Nine of them are said to be in Spain. The office in Madrid is active, the group said. Beijing rejects \
the report as untrue. According to officials 230,000 people were persuaded to return between April 2021 and July 2022.
"""
DECEMBER = f"""A later count

The group now counts 102 stations worldwide. A minister said that Ireland had ordered the office \
in Dublin to close in October 2022. Italy has not answered.

{FILL}

Officials in Rome deny that they let the stations run. Another report speaks of at least 110 stations worldwide.
"""


def ordinary() -> Made:
    """Two sources with an update, a denial, a response, a silent state and a site."""
    made = Made()
    first = made.source(SEPTEMBER, "september.txt", published="2022-09-12", url="https://example.org/september")
    later = made.source(DECEMBER, "december.txt", publisher="The Ledger")
    made.source("Nothing in here.\n", "empty.txt", publisher=None, title=None, published="2023")
    c = made.claim
    by = {"asserted_by": SD}
    c(first, "54 stations in 30 countries", "figure", {"measure": "stations", "value": 54}, **by)
    c(first, "54 stations in 30 countries", "figure", {"measure": "countries", "value": 30}, **by)
    c(first, "Nine of them are said to be in Spain", "figure", {"measure": "stations", "value": 9, "scope": "ES"}, **by)
    c(first, "The office in Madrid is active", "site", {"country": "ES", "place": "Madrid", "status": "active"}, **by)
    c(first, "Beijing rejects the report as untrue", "position", {"party": "CN", "position": "denial"}, asserted_by="state:CN")
    c(first, "230,000 people were persuaded to return", "figure", {"measure": "persons_returned", "value": 230000},
      asserted_by="state:CN", when="2021-04/2022-07")
    c(later, "102 stations worldwide", "figure", {"measure": "stations", "value": 102}, **by)
    c(later, "Ireland had ordered the office in Dublin to close", "response",
      {"country": "IE", "action": "closure_order", "body": "foreign ministry"}, asserted_by="state:IE", when="2022-10")
    c(later, "the office in Dublin", "site", {"country": "IE", "place": "Dublin", "status": "ordered_closed"})
    c(later, "Italy has not answered", "response", {"country": "IT", "action": "no_response"})
    c(later, "Officials in Rome deny that they let the stations run", "operator",
      {"actor": "host_state", "role": "enables", "scope": "IT"}, asserted_by="state:IT", stance="denies")
    c(later, "at least 110 stations worldwide", "figure",
      {"measure": "stations", "value": 110, "qualifier": "at_least"}, asserted_by="unspecified", via=["org:other-group"])
    return made


def tree(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file below a folder."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*")) if p.is_file()
    }


def pages(folder: Path, under: str = "**") -> Iterator[tuple[str, str]]:
    """Path and text of every page."""
    for path in sorted(folder.glob(f"{under}/*.html")):
        yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


