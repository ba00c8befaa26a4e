"""The publication, indexed once for its pages: claims by source and by country, and names for documents."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from safeconduct.claims import Slots, parse_edtf
from safeconduct.claims.places import is_country
from safeconduct.register import Source, Statement

from .labels import NO_STEP
from .model import Publication, PublishError

Entry = dict[str, Any]
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass
class Country:
    """What the register holds on one country. ``code`` is its ISO code, or EU; ``sections`` its entries by section."""

    code: str
    statements: list[Statement] = field(default_factory=list)
    sections: dict[str, list[Entry]] = field(default_factory=dict)

    def of(self, section: str) -> list[Entry]:
        """The country's entries in a section of the register."""
        return self.sections.get(section, [])


class Index:
    """Lookups over one publication.

    Raises:
        PublishError: a claim is not verbatim in its text, or a source is known under two different texts.
    """

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.register = publication.register
        self.statements = self.register.statements
        self.by_id = {s.claim.id: s for s in self.statements}
        self.by_source: dict[str, list[Statement]] = {}
        for s in self.statements:
            self.by_source.setdefault(s.source.id, []).append(s)
        self.sources = _sources(publication)
        self.docs = _docs(self.sources)
        self.countries = _countries(publication)
        self.asserters = sorted({s.claim.attribution.asserted_by for s in self.statements})

    def text_of(self, source: Source) -> str:
        """The text of a source.

        Raises:
            PublishError: it is not to be had, or a claim's quote does not stand at its offsets.
        """
        try:
            text = self.publication.texts(source.text)
        except KeyError as error:
            raise PublishError(
                f"The text {source.text[:12]}… of source {source.id} is missing; run `safeconduct verify` on the ledger."
            ) from error
        for s in self.by_source.get(source.id, ()):
            if s.claim.text != source.text or not s.claim.grounded_in(text):
                raise PublishError(
                    f"Claim {s.claim.id} is not verbatim in its source {source.id}; "
                    "run `safeconduct verify` on the ledger and do not publish until it passes."
                )
        return text

    def address(self, claim: str) -> str:
        """The address of a claim, relative to the site's front page."""
        return f"sources/{self.by_id[claim].source.id}.html#{claim}"


def countries_named(slots: Slots) -> set[str]:
    """ISO codes (and EU) that slots name as host, scope, actor, party or origin; no continents."""
    named: set[str] = set()
    for slot in ("country", "scope", "party", "host", "origin"):
        value = getattr(slots, slot, None)
        if isinstance(value, str):
            named.add(value)
    named.update(getattr(slots, "parties", ()))
    return {code for code in named if code == "EU" or is_country(code)}


def _countries(publication: Publication) -> dict[str, Country]:
    found: dict[str, Country] = {}
    of_claim: dict[str, set[str]] = {}
    for s in publication.register.statements:
        of_claim[s.claim.id] = countries_named(s.claim.slots)
        for code in of_claim[s.claim.id]:
            found.setdefault(code, Country(code)).statements.append(s)
    silent = {s.claim.id for s in publication.register.statements if getattr(s.claim.slots, "action", "") == NO_STEP}
    for section, entries in publication.register.entries.items():
        for entry in entries:
            codes: set[str] = set()
            for claim in entry["claims"]:
                codes |= of_claim[claim]
            if section == "positions":  # a position stands beside the claims it answers
                codes = codes.union(*(of_claim[c] for c in entry["answers"] if c in of_claim and c not in silent))
            for code in codes:
                if code in found:
                    found[code].sections.setdefault(section, []).append(entry)
    return {code: found[code] for code in sorted(found)}


def _sources(publication: Publication) -> list[Source]:
    """Every source once, the latest publication date first."""
    cited = {s.source.id: s.source for s in publication.register.statements}
    found = {s.id: s for s in sorted(publication.sources, key=repr, reverse=True)} | cited
    texts = {s.source.id: s.source.text for s in publication.register.statements}
    for statement in publication.register.statements:
        source = statement.source
        if texts[source.id] != source.text:
            raise PublishError(f"Source {source.id} is given with two texts; publish the claims of one text only.")
    for s in found.values():
        if not _SHA256.fullmatch(s.capture) or not _SHA256.fullmatch(s.text):
            raise PublishError(f"Source {s.name!r} has no SHA-256 of its bytes or text; add it to the ledger again.")
    return sorted(found.values(), key=lambda s: (-appeared(s).toordinal(), s.id))


@cache
def _latest(edtf: str) -> date | None:
    try:
        return parse_edtf(edtf).latest
    except ValueError:
        return None


def appeared(source: Source) -> date:
    """The last day on which the source can have appeared, else the day on which it was obtained."""
    published = _latest(source.published) if source.published else None
    return published or date.fromisoformat(source.obtained_at[:10])


def _docs(sources: list[Source]) -> dict[str, str]:
    """Source id → document name, made unique with the id where two sources share a name."""
    names = Counter(s.name for s in sources)
    return {s.id: s.name if names[s.name] == 1 else f"{s.name}#{s.id}" for s in sources}
