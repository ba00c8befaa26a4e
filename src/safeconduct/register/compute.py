"""The register: what follows from claims and decisions, as of a date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from safeconduct.claims import Slots

from . import sections
from .sections import Entry
from .statements import Statement

SECTIONS = {  # section of the register → the kind of claim it is made of, in the order of the JSON
    "figures": "figure", "sites": "site", "responses": "response", "operators": "operator", "agreements": "agreement",
    "incidents": "incident", "positions": "position", "recommendations": "recommendation", "reports": "report",
}


@dataclass(frozen=True)
class Register:
    """The register as of a date.

    ``as_of`` is the day up to which things had been said; ``known_at`` the moment (UTC, RFC 3339) up to which the
    ledger's records were read, or None for all of them. ``statements`` are the claims it rests on.
    """

    as_of: date
    known_at: str | None
    country: str | None
    include_proposed: bool
    statements: tuple[Statement, ...]
    entries: dict[str, list[Entry]]

    def as_json(self) -> dict[str, Any]:
        """The register as one JSON object: ``as_of``, ``known_at`` and a list of entries for each section."""
        return {
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at,
            "country": self.country,
            "include_proposed": self.include_proposed,
            **self.entries,
        }


def compute(
    statements: Iterable[Statement],
    as_of: date,
    *,
    known_at: str | None = None,
    country: str | None = None,
    include_proposed: bool = False,
) -> Register:
    """The register as of a date: pure, and the same for the same statements in any order.

    Kept are accepted claims (with ``include_proposed`` also those nobody decided on) that had been said by ``as_of``
    and, with ``country``, speak of that country (ISO alpha-2).
    """
    wanted = {"accepted", "proposed"} if include_proposed else {"accepted"}
    kept = sorted(
        (s for s in statements if s.status in wanted and s.said_by <= as_of),
        key=lambda s: (s.said_by, s.said, s.source.capture, s.claim.start, s.claim.end, s.claim.id),
    )
    if country:
        kept = [s for s in kept if concerns(s.claim.slots, country)]
    of = {kind: [s for s in kept if s.claim.kind == kind] for kind in SECTIONS.values()}
    entries = {
        "figures": sections.figures(of["figure"]),
        "sites": sections.sites(of["site"], of["figure"]),
        "responses": sections.responses(of["response"]),
        "operators": sections.operators(of["operator"]),
        "agreements": sections.agreements(of["agreement"]),
        "incidents": sections.incidents(of["incident"]),
        "positions": sections.positions(of["position"], kept),
        "recommendations": sections.recommendations(of["recommendation"]),
        "reports": sections.reports(of["report"]),
    }
    return Register(as_of, known_at, country, include_proposed, tuple(kept), entries)


def concerns(slots: Slots, country: str) -> bool:
    """Whether slots name the country as host, scope, actor, party or origin."""
    named = {getattr(slots, slot, None) for slot in ("country", "scope", "party", "host", "origin")}
    return country in named or country in getattr(slots, "parties", ())
