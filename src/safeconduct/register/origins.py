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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from safeconduct.claims import PUBLISHER, UNSPECIFIED, Claim, Slots, asserter_name, city, slugify

from .statements import Source, Statement

Thing = tuple[object, ...]
REMEMBERED = 131_072  # places, things and publishers looked up before; many claims speak of few of them


@dataclass(frozen=True, slots=True)
class Origin:
    """One voice: ``asserter`` (a narrator as ``media:…`` or ``source:…``), its claims, and ``why`` they are one voice."""

    asserter: str
    claims: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Relations:
    """What the claims themselves tell of who passes on whom.

    ``relayed`` holds, for a thing and a body in some ``via``, whom the body passed on; ``attributed``, for a thing and a
    source, to whom the source attributes it; ``same`` maps a body to the one that reviewers linked it with.
    """

    relayed: Mapping[tuple[Thing, str], str]
    attributed: Mapping[tuple[Thing, str], str]
    bodies: frozenset[str]
    same: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=REMEMBERED)
def place_name(place: str | None, country: str) -> str | None:
    """The place's English name where the gazetteer knows it in that country, so that 米兰 and Milan meet."""
    known = city(place, country) if place else None
    return known.name if known else place


def thing(claim: Claim) -> Thing:
    """What a claim is about: its kind and key slots, places by their English name. Who says it plays no part."""
    return _thing(claim.slots)


@lru_cache(maxsize=REMEMBERED)
def _thing(slots: Slots) -> Thing:
    country = getattr(slots, "country", None) or getattr(slots, "scope", None) or getattr(slots, "host", None) or ""
    place = getattr(slots, "place", None)
    key = slots.key()
    if place:
        known = place_name(place, country)
        key = tuple(known if value == place else value for value in key)
    return slots.kind, *key


def relations(statements: Iterable[Statement], same: Mapping[str, str] | None = None) -> Relations:
    """Who passes on whom, from all claims together; the first of several by name, so that the order plays no part."""
    relayed: dict[tuple[Thing, str], str] = {}
    attributed: dict[tuple[Thing, str], str] = {}
    bodies: set[str] = set()
    same = same or {}
    for s in statements:
        said = s.claim.attribution
        if said.asserted_by in (PUBLISHER, UNSPECIFIED):
            continue
        about, origin = thing(s.claim), same.get(said.asserted_by, said.asserted_by)
        bodies.add(origin)
        key = about, s.source.id
        attributed[key] = min(attributed.get(key, origin), origin)
        for body in said.via:
            passed = about, same.get(body, body)
            relayed[passed] = min(relayed.get(passed, origin), origin)
    return Relations(relayed, attributed, frozenset(bodies), same)


_slug = lru_cache(maxsize=REMEMBERED)(slugify)


def narrator(source: Source, known: Relations) -> str:
    """The narrator of a source as an asserter: its publisher, as the body of that name where one asserts things."""
    if not source.publisher:
        return f"source:{source.id}"
    slug = _slug(source.publisher)
    fitting = (f"{prefix}:{slug}" for prefix in ("org", "media"))
    return next((b for b in fitting if b in known.bodies), f"media:{slug}" if slug else f"source:{source.id}")


def origin(statement: Statement, known: Relations) -> tuple[str, str]:
    """The voice behind one claim, and a sentence that says why; ``unspecified`` where no voice can be told."""
    claim, source = statement.claim, statement.source
    said, about = claim.attribution, thing(claim)
    place = source.publisher or source.name
    if said.asserted_by == PUBLISHER:
        if there := known.attributed.get((about, source.id)):
            return there, f"{place} repeats what it attributes to {asserter_name(there)}"
        return (who := narrator(source, known)), f"{voice_name(who, place)} says it in its own voice"
    if said.asserted_by == UNSPECIFIED:
        return UNSPECIFIED, f"{place} names nobody"
    who = known.same.get(said.asserted_by, said.asserted_by)
    if (passed := known.relayed.get((about, who))) and passed != who:
        return passed, f"{asserter_name(who)} passes on {asserter_name(passed)}"
    chain = f", through {', '.join(asserter_name(b, place) for b in said.via)}" if said.via else ""
    return who, f"{asserter_name(who)} says it, quoted by {place}{chain}"


def voice_name(who: str, publisher: str | None = None) -> str:
    """A voice in words; a narrator without a known publisher goes by the name of its source."""
    return (publisher or "an unnamed publisher") if who.startswith("source:") else asserter_name(who, publisher)


def origins(statements: Sequence[Statement], known: Relations) -> list[Origin]:
    """The independent voices behind claims that assert one thing, those with the most claims first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for s in statements:
        who, why = origin(s, known)
        found.setdefault(who, []).append((s.claim.id, why))
    if len(found) > 1:
        found.pop(UNSPECIFIED, None)
    voices = [
        Origin(who, tuple(identity for identity, _ in said), "; ".join(dict.fromkeys(why for _, why in said)))
        for who, said in found.items()
    ]
    return sorted(voices, key=lambda o: (-len(o.claims), o.asserter))
