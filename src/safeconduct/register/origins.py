"""Independence: how many voices stand behind a thing. Origins are counted, not outlets.

Ten papers that quote one report are one voice. The rules, in the order in which they are applied:

1. Who is quoted is the origin, not who quotes: the ultimate asserter counts, everybody in ``via`` only passes it on.
2. A body that passes the thing on in one source counts as whom it passes on wherever it seems to say it itself.
3. The narrator of a source who repeats what the same source attributes to somebody counts as that somebody.
4. The narrator is the publisher; where the publisher is itself a body that asserts, both are one.
5. Unnamed sources are no voice of their own beside a named one.

Bodies that reviewers linked as one are one (``same``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from safeconduct.claims import PUBLISHER, UNSPECIFIED, Figure, Site, Slots, asserter_name, city, slugify

from .statements import Source, Statement

Thing = tuple[object, ...]
REMEMBERED = 131_072  # places, things and publishers looked up before; many claims speak of few of them
_things: dict[Thing, Thing] = {}  # one object for all that are equal


class Origin(NamedTuple):
    """One voice: ``asserter`` (a narrator as ``media:…`` or ``source:…``), its claims, and ``why`` they are one voice."""

    asserter: str
    claims: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Passed:
    """What the claims about one thing tell of who passes on whom.

    ``relayed`` holds, for a body in some ``via``, whom the body passed on; ``attributed``, for the capture of a source, to
    whom the source attributes the thing.
    """

    relayed: Mapping[str, str]
    attributed: Mapping[str, str]


@lru_cache(maxsize=REMEMBERED)
def place_name(place: str | None, country: str) -> str | None:
    """The place's English name where the gazetteer knows it in that country, so that 米兰 and Milan meet."""
    known = city(place, country) if place else None
    return known.name if known else place


def thing(statement: Statement) -> Thing:
    """What a claim is about: its kind and key slots, places by their English name. Who says it plays no part."""
    if statement._thing is None:
        object.__setattr__(statement, "_thing", _thing(statement.claim.slots))
    return statement._thing  # type: ignore[return-value]


def _thing(slots: Slots) -> Thing:
    key = slots.key()
    if isinstance(slots, (Figure, Site)) and (place := slots.place):
        known = place_name(place, slots.scope if isinstance(slots, Figure) else slots.country)
        if known != place:
            key = tuple(known if value == place else value for value in key)
    if len(_things) >= REMEMBERED:
        _things.clear()
    about = (slots.kind, *key)
    return _things.setdefault(about, about)


def passed(statements: Iterable[Statement], same: Mapping[str, str]) -> Passed:
    """Who passes on whom, from all claims about one thing; the first of several by name, so that the order plays no part."""
    relayed: dict[str, str] = {}
    attributed: dict[str, str] = {}
    for s in statements:
        for place, origin in _attributes(s, same):
            attributed[place] = min(attributed.get(place, origin), origin)
        for body, origin in _relays(s, same):
            relayed[body] = min(relayed.get(body, origin), origin)
    return Passed(relayed, attributed) if attributed else NOTHING_PASSED


def _attributes(s: Statement, same: Mapping[str, str]) -> list[tuple[str, str]]:
    """In which capture a claim is attributed, and to whom, where it is."""
    by = s.claim.attribution.asserted_by
    return [] if by in NARRATORS else [(s.source.capture, same.get(by, by))]


def _relays(s: Statement, same: Mapping[str, str]) -> list[tuple[str, str]]:
    """The bodies that pass a claim on, each with whom."""
    said = s.claim.attribution
    if not said.via or said.asserted_by in NARRATORS:
        return []
    return [(same.get(body, body), same.get(said.asserted_by, said.asserted_by)) for body in said.via]


class Passing:
    """Who passes on whom, from very many claims about one thing; a claim that comes or goes changes little of it."""

    def __init__(self, statements: Iterable[Statement], same: Mapping[str, str]) -> None:
        self._same = same
        self._times: tuple[dict[str, Counter[str]], ...] = ({}, {})
        self._first: tuple[dict[str, str], ...] = ({}, {})
        self.known = Passed(*self._first)
        for s in statements:
            self.count(s, 1)

    def count(self, s: Statement, one: int) -> None:
        """Let a claim be there (1) or be there no longer (-1)."""
        told = _relays(s, self._same), _attributes(s, self._same)
        for times, first, found in zip(self._times, self._first, told, strict=True):
            for key, origin in found:
                there = times.setdefault(key, Counter())
                there[origin] += one
                if not there[origin]:
                    del there[origin]
                if there:
                    first[key] = min(there)
                else:
                    del times[key], first[key]


NOTHING_PASSED = Passed({}, {})
NARRATORS = (PUBLISHER, UNSPECIFIED)
publisher_slug = lru_cache(maxsize=REMEMBERED)(slugify)
_name = lru_cache(maxsize=REMEMBERED)(asserter_name)


def bodies_of(publisher: str) -> tuple[str, str]:
    """The asserters that a publisher can be."""
    slug = publisher_slug(publisher)
    return f"org:{slug}", f"media:{slug}"


def narrator(source: Source, bodies: Collection[str]) -> str:
    """The narrator of a source as an asserter: its publisher, as the body of that name where it is among those that assert
    things."""
    if not source.publisher:
        return f"source:{source.id}"
    fitting = bodies_of(source.publisher)
    slug = fitting[1] if fitting[1] != "media:" else f"source:{source.id}"
    return next((b for b in fitting if b in bodies), slug)


def origin(statement: Statement, known: Passed, bodies: Collection[str], same: Mapping[str, str]) -> tuple[str, str]:
    """The voice behind one claim, and a sentence that says why; ``unspecified`` where no voice can be told.

    ``known`` speaks of the claim's thing; ``bodies`` are all that assert things, ``same`` those linked as one.
    """
    source, said = statement.source, statement.claim.attribution
    place = source.publisher or source.name
    if said.asserted_by == PUBLISHER:
        if there := known.attributed.get(source.capture):
            return there, f"{place} repeats what it attributes to {_name(there)}"
        return (who := narrator(source, bodies)), f"{voice_name(who, place)} says it in its own voice"
    if said.asserted_by == UNSPECIFIED:
        return UNSPECIFIED, f"{place} names nobody"
    who = same.get(said.asserted_by, said.asserted_by)
    if (other := known.relayed.get(who)) and other != who:
        return other, f"{_name(who)} passes on {_name(other)}"
    chain = f", through {', '.join(_name(b, place) for b in said.via)}" if said.via else ""
    return who, f"{_name(who)} says it, quoted by {place}{chain}"


def voice_name(who: str, publisher: str | None = None) -> str:
    """A voice in words; a narrator without a known publisher goes by the name of its source."""
    return (publisher or "an unnamed publisher") if who.startswith("source:") else _name(who, publisher)


def origins(heard: Sequence[tuple[str, tuple[str, str]]]) -> list[Origin]:
    """The independent voices behind claims that assert one thing, those with the most claims first; ``heard`` are the ids of
    the claims, each with the voice behind it and why."""
    if len(heard) == 1:
        ((claim, (who, why)),) = heard
        return [Origin(who, (claim,), why)]
    found: dict[str, tuple[list[str], dict[str, None]]] = {}
    for claim, (who, why) in heard:
        if (there := found.get(who)) is None:
            found[who] = [claim], {why: None}
        else:
            there[0].append(claim)
            there[1][why] = None
    if len(found) > 1:
        found.pop(UNSPECIFIED, None)
    made = [Origin(who, tuple(claims), "; ".join(reasons)) for who, (claims, reasons) in found.items()]
    return sorted(made, key=lambda o: (-len(o.claims), o.asserter))
