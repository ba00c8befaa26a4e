"""The register: what follows from claims and decisions, as of a date."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from safeconduct.claims import Slots

from .compared import Contradiction
from .counting import Counting
from .explain import explain
from .indexed import Index, order
from .kept import Group, Kept, Moved
from .parties import Parties
from .sections import Entry
from .shares import SECTIONS
from .standing import Evidence
from .statements import Statement, named, tombstone


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
            "retracted": [tombstone(s) for s in self.retracted],
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
    """What a register as of one date is made from: claims in order, and what is judged over all of them together."""

    def __init__(
        self,
        statements: Iterable[Statement],
        as_of: date,
        *,
        include_proposed: bool = False,
        same: Mapping[str, str] | None = None,
    ) -> None:
        self._counting = Counting(statements, as_of, include_proposed=include_proposed)
        self.as_of, self.include_proposed, self.same = as_of, include_proposed, same or {}
        self.statements, self.retracted = self._counting.statements, self._counting.retracted

    @cached_property
    def parties(self) -> Parties:
        """Who takes part in the claims."""
        return Parties(self.statements, self.same)

    @cached_property
    def evidence(self) -> Evidence:
        """What entries are judged by."""
        return Evidence(self.statements, self.parties, self.same)

    @cached_property
    def _kept(self) -> Kept:
        return Kept(self.statements, self.evidence)

    def register(
        self,
        *,
        known_at: str | None = None,
        country: str | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
    ) -> Register:
        """The register, or what it says of one country; see ``compute``. What was made for it is kept for the next one."""
        kept, withdrawn = self._kept, self._withdrawn  # whatever is asked for: the next register is to be fast
        entries = {
            section: kept.ladders(country, self.as_of) if section == "responses" else kept.on(section, country)
            for section in SECTIONS
        }
        return Register(
            self.as_of, known_at, country, self.include_proposed,
            tuple(kept.of_country.get(country, ()) if country else self.statements), entries,
            tuple(kept.on("contradictions", country)),
            tuple(withdrawn.get(country, ()) if country else self.retracted), aliases or {}, self.same,
        )  # fmt: skip

    @cached_property
    def _withdrawn(self) -> Index[str]:
        """Claims that were withdrawn, by the countries that they name."""
        found: Index[str] = Index()
        for s in self.retracted:
            for code in named(s.claim.slots):
                found.file(code, s)
        return found

    def change(self, gone: Iterable[Statement], come: Iterable[Statement]) -> list[Moved]:
        """Let claims go and others come; a claim on which something else was decided does both. Then registers are as if
        made from the claims that are there now, but only what these bear on is made anew.

        Returns the entries and contradictions that changed; ladders without what the day that is asked for adds to them.
        """
        touched: set[Group] = set()
        for s in gone:
            if (there := self._counting.list_of(s)) is None:
                continue
            if there is self.retracted:
                for code in named(s.claim.slots):
                    self._withdrawn.take(code, s)
            del there[bisect_left(there, order(s), key=order)]
            if there is self.statements:
                touched.update(self._kept.touched(s))
                self._kept.take(s)
                self.evidence.take(s)
        for s in come:
            if (there := self._counting.list_of(s)) is None:
                continue
            if there is self.retracted:
                for code in named(s.claim.slots):
                    self._withdrawn.insert(code, s)
            insort(there, s, key=order)
            if there is self.statements:
                self.evidence.put(s)
                self._kept.put(s)
                touched.update(self._kept.touched(s))
        self._kept.remake(touched)
        return self._kept.moved()


def concerns(slots: Slots, country: str) -> bool:
    """Whether slots name the country as host, scope, actor, party or origin."""
    return country in named(slots)
