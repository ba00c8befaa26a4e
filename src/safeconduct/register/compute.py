"""The register: what follows from claims and decisions, as of a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from safeconduct.claims import Slots

from . import sections
from .compared import Contradiction
from .contradictions import contradictions
from .explain import explain
from .ladder import climb
from .origins import relations
from .sections import Entry, identity
from .standing import STANDINGS, Evidence, Standing
from .statements import Statement

SECTIONS = {  # section of the register → the kind of claim it is made of, in the order of the JSON
    "figures": "figure", "sites": "site", "responses": "response", "operators": "operator", "agreements": "agreement",
    "incidents": "incident", "positions": "position", "recommendations": "recommendation", "reports": "report",
}


@dataclass(frozen=True)
class Register:
    """The register as of a date.

    ``as_of`` is the day up to which things had been said; ``known_at`` the moment (UTC, RFC 3339) up to which the
    ledger's records were read, or None for all of them. ``statements`` are the claims it rests on, ``retracted`` those
    that were withdrawn. ``aliases`` maps claim ids to ids that were given to them elsewhere, ``same`` linked mentions to the
    one that stands for them.
    """

    as_of: date
    known_at: str | None
    country: str | None
    include_proposed: bool
    statements: tuple[Statement, ...]
    entries: dict[str, list[Entry]]
    contradictions: tuple[Contradiction, ...] = ()
    retracted: tuple[Statement, ...] = ()
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    def explain(self, name: str) -> list[dict[str, Any]]:
        """The reasoning behind the things whose id, or a claim's, begins with ``name``; see ``explain``."""
        known = {s.claim.id: s for s in self.statements}
        return explain(name, self.entries, known, self.contradictions, self.retracted)

    def as_json(self) -> dict[str, Any]:
        """The register as one JSON object: ``as_of``, ``known_at``, a list of entries for each section, contradictions,
        tombstones of retracted claims, and the aliases of the claims in it.

        A reviewer's reasons are free words and may name people, so they stay in the ledger.
        """
        there = {s.claim.id for s in (*self.statements, *self.retracted)}
        return {
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at,
            "country": self.country,
            "include_proposed": self.include_proposed,
            **self.entries,
            "contradictions": [c.as_json() for c in self.contradictions],
            "retracted": [
                {"claim": s.claim.id, "kind": s.claim.kind, "source": s.source.id, "standing": "retracted",
                 "retracted_at": s.decision.at if s.decision else None}
                for s in self.retracted
            ],
            "aliases": {claim: list(given) for claim, given in sorted(self.aliases.items()) if claim in there},
        }  # fmt: skip


def compute(
    statements: Iterable[Statement],
    as_of: date,
    *,
    known_at: str | None = None,
    country: str | None = None,
    include_proposed: bool = False,
    aliases: Mapping[str, Sequence[str]] | None = None,
    same: Mapping[str, str] | None = None,
) -> Register:
    """The register as of a date: pure, and the same for the same statements in any order.

    Kept are accepted claims (with ``include_proposed`` also those nobody decided on) that had been said by ``as_of``
    and, with ``country``, speak of that country (ISO alpha-2). Standing and contradictions are judged before the
    country is singled out: who denies a thing need not name the country. ``same`` maps things and bodies that reviewers
    linked to the one that stands for them.
    """
    basis = Basis(statements, as_of, include_proposed=include_proposed, same=same)
    return basis.register(known_at=known_at, country=country, aliases=aliases)


class Basis:
    """What registers as of one date are made from: claims in order, and what is judged over all of them together.

    Many countries' registers of one day rest on one basis; only what speaks of a country is gone through for it.
    """

    def __init__(
        self,
        statements: Iterable[Statement],
        as_of: date,
        *,
        include_proposed: bool = False,
        same: Mapping[str, str] | None = None,
    ) -> None:
        wanted = {"accepted", "proposed"} if include_proposed else {"accepted"}
        said = sorted(
            (s for s in statements if s.said_by <= as_of),
            key=lambda s: (s.said_by, s.said, s.source.capture, s.claim.start, s.claim.end, s.claim.id),
        )
        self.as_of, self.include_proposed, self.same = as_of, include_proposed, same or {}
        self.statements = [s for s in said if s.status in wanted]
        self.retracted = [s for s in said if s.status == "retracted"]
        self.evidence = Evidence(self.statements, relations(self.statements, self.same))
        self.contradictions = contradictions(self.statements)

    @cached_property
    def _of_country(self) -> dict[str, list[Statement]]:
        found: dict[str, list[Statement]] = {}
        for s in self.statements:
            for code in _named(s.claim.slots):
                found.setdefault(code, []).append(s)
        return found

    @cached_property
    def _against(self) -> dict[str, list[int]]:
        """Country → the contradictions between claims of which one names it, by their places in ``contradictions``."""
        named = {s.claim.id: _named(s.claim.slots) for s in self.statements}
        found: dict[str, list[int]] = {}
        for n, contradiction in enumerate(self.contradictions):
            for code in {code for side in contradiction.sides for claim in side.claims for code in named[claim]}:
                found.setdefault(code, []).append(n)
        return found

    def register(
        self,
        *,
        known_at: str | None = None,
        country: str | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
    ) -> Register:
        """The register, or what it says of one country; see ``compute``."""
        kept, withdrawn, against = self.statements, self.retracted, self.contradictions
        if country:
            kept = self._of_country.get(country, [])
            withdrawn = [s for s in withdrawn if concerns(s.claim.slots, country)]
            against = [against[n] for n in self._against.get(country, ())]
        of = _by_kind(kept)
        own = {
            "responses": climb(sections.responses(of["response"]), kept, self.as_of),
            "positions": sections.positions(of["position"], kept),
            "recommendations": sections.recommendations(of["recommendation"]),
            "reports": sections.reports(of["report"], self.same),
        }
        _judge(own, {s.claim.id: s for s in kept}, self.evidence)
        found = own | {name: self._alike_of.get((name, country), []) if country else all_ for name, all_ in self._alike.items()}
        entries = {section: found[section] for section in SECTIONS}
        return Register(
            self.as_of, known_at, country, self.include_proposed, tuple(kept), entries, tuple(against), tuple(withdrawn),
            aliases or {}, self.same,
        )  # fmt: skip

    @cached_property
    def _alike(self) -> dict[str, list[Entry]]:
        """The sections whose entries rest on claims that all name the same countries: an entry reads the same in every
        register that has it, and all of them share it."""
        of = _by_kind(self.statements)
        entries = {
            "figures": sections.figures(of["figure"]),
            "sites": sections.sites(of["site"], of["figure"], of["response"], self.same),
            "operators": sections.operators(of["operator"]),
            "agreements": sections.agreements(of["agreement"]),
            "incidents": sections.incidents(of["incident"]),
        }
        _judge(entries, {s.claim.id: s for s in self.statements}, self.evidence)
        return entries

    @cached_property
    def _alike_of(self) -> dict[tuple[str, str], list[Entry]]:
        """Section and country → its entries."""
        found: dict[tuple[str, str], list[Entry]] = {}
        for section, entries in self._alike.items():
            for entry in entries:
                named = {entry.get(slot) for slot in ("country", "scope", "host", "origin")} | set(entry.get("parties", ()))
                for code in filter(None, named):
                    found.setdefault((section, code), []).append(entry)
        return found


def _by_kind(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {kind: [] for kind in SECTIONS.values()}
    for s in statements:
        found[s.claim.kind].append(s)
    return found


def _judge(entries: dict[str, list[Entry]], statements: Mapping[str, Statement], evidence: Evidence) -> None:
    """Put an id, the standing and who disputes it on every entry, and on every step of a response ladder."""
    for section, found in entries.items():
        for entry in found:
            entry["id"] = identity(section, entry)
        if section == "figures":
            for group in _told_together(found):
                claims = [c for entry in group for c in entry["claims"]]
                shared = evidence.judge([statements[c] for c in claims]).as_json()
                for entry in group:
                    entry.update(shared)
            continue
        for entry in found:
            if section != "responses":
                entry.update(evidence.judge([statements[c] for c in entry["claims"]]).as_json())
                continue
            judged = []
            for step in entry["steps"]:
                judged.append(evidence.judge([statements[c] for c in step["claims"]]))
                step.update(judged[-1].as_json())
            entry.update(_strongest(judged).as_json())


def _strongest(judged: Sequence[Standing]) -> Standing:
    best = max(judged, key=lambda s: STANDINGS.index(s.standing), default=Standing("alleged", (), (), ()))
    return Standing(best.standing, best.claims, best.origins, tuple(c for s in judged for c in s.disputed_by))


def _told_together(figures: Sequence[Entry]) -> Iterable[list[Entry]]:
    """The entries of all who give the same number of the same thing, together."""
    groups: dict[str, list[Entry]] = {}
    for entry in figures:
        groups.setdefault(identity("figures", {**entry, "asserted_by": None, "stance": None}), []).append(entry)
    return groups.values()


def concerns(slots: Slots, country: str) -> bool:
    """Whether slots name the country as host, scope, actor, party or origin."""
    return country in _named(slots)


@lru_cache(maxsize=131_072)
def _named(slots: Slots) -> frozenset[str]:
    """The countries that slots name."""
    named = {getattr(slots, slot, None) for slot in ("country", "scope", "party", "host", "origin")}
    return frozenset(code for code in (*named, *getattr(slots, "parties", ())) if code)
