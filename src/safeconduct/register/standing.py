"""Standing: how well a registered thing is supported. Rules version 1.

===============  ====================================================================================================
alleged          one voice says it (see ``origins``); or only unnamed sources do
corroborated     two or more independent voices say it
acknowledged     an organ of the host state itself says it: of the country of a site, of the host of an incident, of the
                 scope of a figure or an operator, of the country of a response, of any party to an agreement
adjudicated      a court found it or somebody pleaded guilty to it: a response *conviction* or *guilty_plea* by the host
                 state that names the same city; or such a step of a response itself
retracted        every claim that supported it was withdrawn
===============  ====================================================================================================

The strongest one holds. *Disputed* stands beside it: somebody denies the same thing, or the accused or host state takes a
position that answers it in the same source (``answers.DENIALS``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, NamedTuple, TypeVar

from safeconduct.claims import PUBLISHER, UNSPECIFIED, Claim, Figure, Incident, Position, Response, Site
from safeconduct.claims.places import is_country

from .answers import DENIALS, DENIED, Answers, denies
from .answers import Key as Taken
from .indexed import Index, indexed, many
from .origins import (
    NARRATORS,
    NOTHING_PASSED,
    Origin,
    Passed,
    Passing,
    Thing,
    bodies_of,
    origin,
    origins,
    passed,
    place_name,
    thing,
)
from .parties import Parties
from .statements import Statement

T = TypeVar("T")
STANDING_RULES = "1"  # the version of these rules; a published register names it
STANDINGS = ("retracted", "alleged", "corroborated", "acknowledged", "adjudicated")  # weakest first
FINDINGS = ("conviction", "guilty_plea")
CLOSURES = ("closure_order", "cease_and_desist")
REMEMBERED = 4_096  # things of which is kept who passes on whom

HOST = {"site": "country", "response": "country", "incident": "host", "figure": "scope", "operator": "scope"}

FOUND = frozenset(("response", "site", "incident"))  # kinds of claims that a court can find true


@dataclass(frozen=True)
class Standing:
    """The standing of a thing: the claims that carry it, the voices behind it, and the claims that dispute it."""

    standing: str
    claims: tuple[str, ...]
    origins: tuple[Origin, ...]
    disputed_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields that every entry of the register carries."""
        return {
            "standing": self.standing,
            "standing_claims": list(self.claims),
            "origins": [{"asserter": o.asserter, "claims": list(o.claims), "why": o.why} for o in self.origins],
            "disputed": bool(self.disputed_by),
            "disputed_by": list(self.disputed_by),
        }


class Told(NamedTuple):
    """What a claim (its id) tells when a thing is judged: whether it denies, who speaks and about what, the voice behind it and
    why, the ids of what courts found and of the positions that dispute it, and whether the host state itself says it."""

    claim: str
    denies: bool
    speaks: str
    about: Thing
    voice: tuple[str, str]
    findings: tuple[str, ...]
    positions: tuple[str, ...]
    by_host: bool


class Evidence:
    """What entries are judged by: claims of a register, indexed by what one entry asks of the others."""

    def __init__(
        self, statements: Sequence[Statement], parties: Parties, same: Mapping[str, str] | None = None,
        answered: Mapping[Taken, list[str]] | None = None,
    ) -> None:  # fmt: skip
        """``statements`` are in order; ``parties`` and the ids of what positions answer (``answered``) are of all claims, also
        where only some are given; ``same`` maps things and bodies to the one that reviewers linked them with.

        Before things are judged it asks for the claims about them: see ``keep`` and ``turn_to``."""
        self.same, self.parties, self._answered = same or {}, parties, answered or {}
        self.by_source: Index[str] = Index()  # since ``keep``
        self.stations: Index[str] = Index()  # by host state: claims that there is one
        self.orders: Index[tuple[str, str | None]] = Index()  # by country and city: responses that order a closure there
        self._about: Index[Thing] = Index()
        self._denied: Index[Thing] = Index()
        self._positions: Index[str] = Index()  # by source
        self._findings: Index[tuple[str, str]] = Index()  # by country and city
        self._passed: dict[Thing, Passed] = {}
        self._passing: dict[Thing, Passing] = {}  # things with many claims
        self._kept = False  # see ``keep``
        self._published: Index[str] = Index()  # narrators, by the bodies that their publisher can be
        self._placed: Index[tuple[str, str]] = Index()  # by country and city: sites and incidents
        self._remembered: dict[str, Told] = {}  # by the claim's id, of things with many claims
        self._assertions: dict[str, dict[str, Any]] = {}  # the same
        self.answers = Answers({}, ())
        for s in statements:
            for index, key in self._told_of(s):
                index.file(key, s)

    def turn_to(self, about: Index[Thing]) -> None:
        """Judge from now on things of which all claims are among these; see ``by_thing``."""
        self._about = about
        self._passed.clear()

    def keep(self, statements: Sequence[Statement]) -> None:
        """Judge everything from now on, and hold what makes judging again fast; ``statements`` are those that are there."""
        self._kept = True
        self.by_source = indexed(statements, _capture)
        self.turn_to(by_thing(statements))
        for s in statements:
            for index, key in self._bearing(s):
                index.file(key, s)
        self.answers = Answers(self.by_source, [s for s in statements if s.claim.kind == "position"])

    def answered(self, position: Taken) -> list[str]:
        """The ids of the claims that a position answers, in order."""
        return self.answers.to(position) if self._kept else self._answered.get(position, [])

    def _places(self, s: Statement) -> Iterator[tuple[Index[Any], Any]]:
        """The indexes that a claim stands in once ``keep`` was called, with its keys there."""
        yield self.by_source, s.source.capture
        yield self._about, about_of(s)
        yield from self._told_of(s)
        yield from self._bearing(s)

    def _bearing(self, s: Statement) -> Iterator[tuple[Index[Any], Any]]:
        """Of these the ones that are asked what another claim bears on."""
        slots = s.claim.slots
        if s.asserter == PUBLISHER and s.source.publisher:
            for body in bodies_of(s.source.publisher):
                yield self._published, body
        if isinstance(slots, (Site, Incident)) and slots.place:
            for host in hosts_of(s.claim):
                yield self._placed, (host, place_name(slots.place, host) or "")

    def _told_of(self, s: Statement) -> Iterator[tuple[Index[Any], Any]]:
        """Of these the ones by what a claim tells."""
        slots = s.claim.slots
        if s.denies:
            yield self._denied, about_of(s)
            return
        if isinstance(slots, Position):
            if slots.position in DENIALS:
                yield self._positions, s.source.capture
        elif isinstance(slots, Response):
            if slots.place:
                where = slots.country, place_name(slots.place, slots.country) or ""
                if slots.action in FINDINGS:
                    yield self._findings, where
                if slots.action in CLOSURES:
                    yield self.orders, where
        elif isinstance(slots, Site):
            if is_country(slots.country):
                yield self.stations, slots.country
        elif isinstance(slots, Figure) and slots.measure == "stations" and is_country(slots.scope):
            yield self.stations, slots.scope

    def put(self, s: Statement) -> None:
        """Let a claim count."""
        self.parties.count(s, 1)
        for index, key in self._places(s):
            index.insert(key, s)
        self._passes(s, 1)

    def take(self, s: Statement) -> None:
        """Let a claim count no longer."""
        self.forget(s)
        self.parties.count(s, -1)
        for index, key in self._places(s):
            index.take(key, s)
        self._passes(s, -1)

    def _passes(self, s: Statement, one: int) -> None:
        self._passed.pop(about := thing(s), None)
        if held := self._passing.get(about):
            held.count(s, one)

    def reached(self, s: Statement) -> Iterator[Statement]:
        """The claims of which another judgement is possible with ``s``, which is there, than without it."""
        claim, by, capture = s.claim, s.claim.attribution.asserted_by, s.source.capture
        if s.denies:
            yield from self._about.get(about_of(s), ())
        elif by not in NARRATORS:
            about, via = thing(s), {self.same.get(b, b) for b in claim.attribution.via}
            for other in self._about.get(about_of(s), ()):
                voice = other.asserter
                near = other.source.capture == capture if voice in NARRATORS else self.same.get(voice, voice) in via
                if near and thing(other) == about:
                    yield other
        slots = claim.slots
        if isinstance(slots, Position) and slots.position in DENIALS:
            yield from (o for o in self.by_source[capture] if denies(slots, o.claim))
        elif isinstance(slots, Response) and slots.place and slots.action in (*FINDINGS, *CLOSURES):
            yield from self._placed.get((slots.country, place_name(slots.place, slots.country) or ""), ())
        for counter, name in self.parties.named_by(s):
            if counter[name] == 1 and counter is self.parties.bodies:
                yield from self._published.get(name, ())
            elif counter[name] == 1 and counter is self.parties.accused:
                for capture, positions in self._positions.items():
                    if any(getattr(p.claim.slots, "party", None) == name for p in positions):
                        yield from self.by_source[capture]

    def judge(self, statements: Sequence[Statement]) -> Standing:
        """The standing of one thing from the claims about it, denials among them."""
        told = self._told(statements)
        return self.weigh(told, tuple(origins([(t.claim, t.voice) for t in told if not t.denies])))

    def weigh(self, told: Sequence[Told], voices: tuple[Origin, ...]) -> Standing:
        """The standing of one thing from what the claims about it tell and the voices behind them. What only says who speaks
        may be left out where nobody denies the thing (see ``denied``)."""
        support = [t for t in told if not t.denies]
        disputes = tuple(dict.fromkeys(self._disputes(told)))
        if found := tuple(dict.fromkeys(c for t in support if t.findings for c in t.findings)):
            return Standing("adjudicated", found, voices, disputes)
        if own := tuple(t.claim for t in support if t.by_host):
            return Standing("acknowledged", own, voices, disputes)
        carried = tuple(c for o in voices for c in o.claims)
        return Standing("corroborated" if len(voices) > 1 else "alleged", carried, voices, disputes)

    def denied(self, about: Thing) -> Sequence[Statement]:
        """The claims that deny a thing (``Told.about``)."""
        return self._denied.get(about, ())

    def _told(self, statements: Sequence[Statement]) -> list[Told]:
        """What each claim tells when a thing is judged. Of things with many claims it is remembered."""
        if not (self._kept and many(statements)):
            return [self.told_by(s) for s in statements]
        return remembered(self._remembered, statements, self.told_by)

    def told_by(self, s: Statement) -> Told:
        """What a claim tells when the thing that it is about is judged."""
        claim, about = s.claim, about_of(s)
        voice = origin(s, self._known(s), self.parties.bodies, self.same)
        if self._kept:
            voice = voice[0], intern(voice[1])
        said, kind = claim.attribution, about[0]
        by = said.asserted_by
        return Told(
            claim.id, said.stance == "denies", by, about, voice,
            tuple(self._findings_on(s)) if kind in FOUND else (),
            tuple(self._positions_on(s)) if kind in DENIED and s.source.capture in self._positions else (),
            by.startswith("state:") and by[6:] in hosts_of(claim),
        )  # fmt: skip

    def assertions(self, statements: Sequence[Statement]) -> list[dict[str, Any]]:
        """Who said each of some claims, in one object. Of things with many claims they are remembered: not to be changed."""
        if not (self._kept and many(statements)):
            return [assertion(s) for s in statements]
        return remembered(self._assertions, statements, assertion)

    def forget(self, s: Statement) -> None:
        """Judge a claim anew; see ``reached``."""
        self._remembered.pop(s.claim.id, None)
        self._assertions.pop(s.claim.id, None)

    def _known(self, s: Statement) -> Passed:
        """Who passes on whom about the thing that a claim is about."""
        if s.claim.attribution.asserted_by == UNSPECIFIED:
            return NOTHING_PASSED
        about = thing(s)
        if held := self._passing.get(about):
            return held.known
        if (known := self._passed.get(about)) is None:
            some: Sequence[Statement] = self._about[about_of(s)]
            if about[0] == "operator":
                some = [o for o in some if thing(o) == about]
            if self._kept and many(some):
                held = self._passing[about] = Passing(some, self.same)
                return held.known
            if len(some) == 1:
                return NOTHING_PASSED  # there is nobody else who could pass it on
            if len(self._passed) >= REMEMBERED:
                self._passed.clear()
            known = self._passed[about] = passed(some, self.same)
        return known

    def _findings_on(self, s: Statement) -> Iterator[str]:
        """The ids of what courts found of what a claim tells."""
        slots = s.claim.slots
        if isinstance(slots, Response):
            if slots.action in FINDINGS:
                yield s.claim.id
        elif isinstance(slots, (Site, Incident)) and slots.place:
            for host in hosts_of(s.claim):
                for finding in self._findings.get((host, place_name(slots.place, host) or ""), ()):
                    if getattr(slots, "origin", None) in (None, finding.claim.slots.about):  # type: ignore[attr-defined]
                        yield finding.claim.id

    def _positions_on(self, s: Statement) -> Iterator[str]:
        """The ids of the positions that dispute a claim in its own source."""
        for other in self._positions.get(s.source.capture, ()):
            position = other.claim.slots
            assert isinstance(position, Position)
            blamed = getattr(s.claim.slots, "origin", None)
            accused = position.party == blamed if blamed else position.party in self.parties.accused
            involved = accused or position.party in hosts_of(s.claim)
            if involved and s.asserter != f"state:{position.party}" and denies(position, s.claim):
                yield other.claim.id

    def _disputes(self, told: Iterable[Told]) -> Iterator[str]:
        """The ids of what disputes a thing: its denials, those of others, and the positions on what is said of it."""
        first: dict[Thing, str | None] = {}  # who spoke first of a thing that is denied; None: others did too
        for t in told:
            if t.denies:
                yield t.claim
                continue
            if against := self._denied.get(t.about):
                if t.about not in first:
                    first[t.about] = t.speaks
                    yield from (other.claim.id for other in against if other.asserter != t.speaks)
                elif first[t.about] not in (None, t.speaks):  # of the denials, only those by who spoke first are left
                    yield from (other.claim.id for other in against if other.asserter == first[t.about])
                    first[t.about] = None
            if t.positions:
                yield from t.positions


def remembered(known: dict[str, T], statements: Sequence[Statement], make: Callable[[Statement], T]) -> list[T]:
    """What is known of each claim by its id; what is not is made and remembered."""
    ids = [s.claim.id for s in statements]
    try:
        return [known[claim] for claim in ids]
    except KeyError:
        for s, claim in zip(statements, ids, strict=True):
            if claim not in known:
                known[claim] = make(s)
        return [known[claim] for claim in ids]


def assertion(statement: Statement) -> dict[str, Any]:
    """Who said it, in one object."""
    claim = statement.claim
    return {
        "claim": claim.id,
        "asserted_by": claim.attribution.asserted_by,
        "via": list(claim.attribution.via),
        "stance": claim.attribution.stance,
        "said": statement.said,
        "when": claim.when,
        "source": statement.source.id,
        "status": statement.status,
    }


def _capture(s: Statement) -> str:
    return s.source.capture


def by_thing(statements: Iterable[Statement]) -> Index[Thing]:
    """Claims by what they are about, as ``about_of`` tells."""
    return indexed(statements, about_of)


def about_of(s: Statement) -> Thing:
    """What a denial speaks of: the thing, for an operator whatever its area (consent denied is denied everywhere)."""
    key = thing(s)
    return key[:-1] if key[0] == "operator" else key


def hosts_of(claim: Claim) -> tuple[str, ...]:
    """The host states of a thing: whose organs can acknowledge it."""
    slots = claim.slots
    if claim.kind == "agreement":
        return tuple(getattr(slots, "parties", ()))
    host = getattr(slots, HOST[claim.kind], None) if claim.kind in HOST else None
    return (host,) if host else ()
