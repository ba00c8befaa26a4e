"""The sections of the register: which claims make one entry of each, and what the entry says.

An entry is a JSON object. Every entry has ``claims`` (ids, sorted by when they were said) and ``assertions``: who said it,
through whom, when, in which source. Figures are listed by asserter, responses as the steps of a country's ladder. Claims
of one *key* make one entry, or several that are judged together; nothing else of the section plays a part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import groupby
from typing import Any

from safeconduct.claims import (
    Figure,
    Report,
    Site,
    canonical,
    canonical_words,
    city,
    sha256,
)

from .gathered import assertions, by, ids, judge, once
from .indexed import Index, indexed, order
from .ladder import earliest, step
from .origins import Thing, place_name
from .standing import STANDINGS, Evidence, Standing, about_of, assertion, by_thing
from .statements import Statement
from .timeline import timeline

Entry = dict[str, Any]
Key = tuple[Any, ...]
Place = tuple[Any, ...]  # where an entry stands in its section
Made = Iterator[tuple[Place, Callable[[], Entry]]]  # places, and what makes an entry

SUPPORT = frozenset((  # fields of an entry that tell how it is supported; the others say what the thing is
    "id", "claims", "assertions", "steps", "statuses", "counts", "dates", "answers", "stance", "asserted_by", "first_said",
    "last_said", "timeline", "furthest", "first_report", "silence", "latitude", "longitude", "forms", "opened", "also",
    "periods", "places", "addressees", "linked",
))  # fmt: skip


def identity(section: str, entry: Entry) -> str:
    """The id of a registered thing: ``t`` and 12 hexadecimal digits of the SHA-256 of what it is."""
    of = {k: v for k, v in entry.items() if k not in SUPPORT}
    if section == "figures":
        of |= {"asserted_by": entry["asserted_by"], "stance": entry["stance"]}
    if section == "agreements":
        of |= {"parties": entry["parties"]}
    write = canonical if isinstance(of.get("value"), float) else canonical_words
    return "t" + sha256(write([section, of]))[:12]


def _support(statements: Sequence[Statement], evidence: Evidence) -> Entry:
    return {"claims": ids(statements), "assertions": assertions(statements, evidence)}


def _by(statements: Iterable[Statement], slot: str) -> list[tuple[Any, list[Statement]]]:
    """Statements by the value of a slot, in the order of the values."""
    return sorted(indexed(statements, lambda s: getattr(s.claim.slots, slot)).items())


def _values(statements: Iterable[Statement], slot: str) -> list[Any]:
    """The distinct values of a slot, empty ones left out, in the order in which they were said."""
    return list(dict.fromkeys(v for s in statements if (v := getattr(s.claim.slots, slot)) not in (None, ())))


def rank(key: Key) -> Place:
    """Where the claims with a key stand among the others of their section: by its values, empty ones first."""
    return tuple("" if v is None else str(v) for v in key)


def _judged(section: str, entry: Entry, statements: Sequence[Statement], evidence: Evidence) -> Entry:
    """An entry with its id, its standing and who disputes it."""
    entry["id"] = identity(section, entry)
    entry.update(judge(statements, evidence).as_json())
    return entry


def _figure_key(s: Statement) -> Key:
    f: Any = s.claim.slots
    return f.measure, f.scope, place_name(f.place, f.scope), f.operator, f.status, f.value, f.qualifier


def figure_rank(key: Key) -> Place:
    """Numbers stand by measure, scope (worldwide ones first) and place; within them by asserter and day."""
    measure, scope, *place = key[:3]
    return measure, scope != "world", scope, *(p or "" for p in place)


def _figures(key: Key, group: Sequence[Statement], evidence: Evidence) -> Made:
    """One entry for each who gave the number, over time within it; all of them share one standing."""
    told = indexed(group, lambda s: (s.asserter, s.claim.attribution.stance))
    placed = sorted((asserter, order(said[0]), stance, said) for (asserter, stance), said in told.items())
    shared = evidence.judge([s for *_, said in placed for s in said]).as_json()
    names = ("measure", "scope", "place", "operator", "status", "value", "qualifier")
    for asserter, first, stance, said in placed:
        entry = {
            **dict(zip(names, key, strict=True)), "asserted_by": asserter, "stance": stance, "first_said": said[0].said,
            "last_said": said[-1].said, **_support(said, evidence),
        }  # fmt: skip
        entry["id"] = identity("figures", entry)
        yield (figure_rank(key), asserter, first), partial(_itself, entry | shared)


def site_key(s: Statement) -> Key | None:
    """By country, city and operator: two police forces in one city run two stations, and a mention without an operator may be
    any of them, so that it stands by itself. Counts of stations that are tied to a city are listed with the city."""
    slots = s.claim.slots
    if isinstance(slots, Site):
        return slots.country, place_name(slots.place, slots.country), slots.operator
    if isinstance(slots, Figure) and slots.measure == "stations" and slots.place:
        return slots.scope, place_name(slots.place, slots.scope), None
    return None


def _site(key: Key, group: Sequence[Statement], linked: list[str], evidence: Evidence) -> Entry:
    """``linked`` are the ids of other sites of which the group holds the claims. Closure orders for the city belong to the
    timeline."""
    country, place, operator = key
    own = [s for s in group if isinstance(s.claim.slots, Site)]
    known = city(place, country) if place else None
    return {
        "country": country, "place": place, "operator": operator,
        "latitude": known.latitude if known else None, "longitude": known.longitude if known else None,
        "statuses": [{"status": status, **_support(said, evidence)} for status, said in _by(own, "status")],
        "forms": _values(own, "form"), "opened": _values(own, "opened"),
        "counts": [
            {"value": s.claim.slots.value, "qualifier": s.claim.slots.qualifier, **assertion(s)}
            for s in group if isinstance(s.claim.slots, Figure)
        ],
        "timeline": timeline(own, evidence.orders.get((country, place), ())), "linked": linked, **_support(group, evidence),
    }  # fmt: skip


def _report_key(s: Statement) -> Key | None:
    r = s.claim.slots
    return (r.author, r.published, r.title) if isinstance(r, Report) else None


def _report(key: Key, group: Sequence[Statement], linked: list[str], evidence: Evidence) -> Entry:
    author, published, title = key
    return {"author": author, "published": published, "title": title, "linked": linked, **_support(group, evidence)}


def _response_key(s: Statement) -> Key:
    act: Any = s.claim.slots
    return act.country, act.about


def _responses(key: Key, group: Sequence[Statement], evidence: Evidence) -> Made:
    """What a state did about an accused state, step by step; a step's date is when it happened, else was said. The days of
    the ladder, which rest on other claims too, are put in by ``ladder.climbed``."""
    country, about = key
    made = [once(told, partial(_step, of, told, evidence)) for of, told in sorted(by(group, step).items())]
    made.sort(key=lambda m: (m[0]["date"], m[0]["action"]))
    entry = {"country": country, "about": about, "steps": [entry for entry, _ in made], "claims": ids(group)}
    entry["id"] = identity("responses", entry)
    yield (rank(key),), partial(_itself, entry | strongest([standing for _, standing in made]).as_json())


def _step(of: tuple[str, str], told: Sequence[Statement], evidence: Evidence) -> tuple[Entry, Standing]:
    """One step of a ladder with what is said of it, and its standing."""
    standing, (action, stance) = judge(told, evidence), of
    return {
        "action": action, "stance": stance, "date": earliest(told), "bodies": _values(told, "body"),
        "places": _values(told, "place"), "counts": _values(told, "count"), **_support(told, evidence),
        "days_after_first_report": None, **standing.as_json(),
    }, standing  # fmt: skip


def strongest(judged: Sequence[Standing]) -> Standing:
    """The standing of a ladder: that of the step that stands best, with the disputes of all."""
    best = max(judged, key=lambda s: STANDINGS.index(s.standing), default=Standing("alleged", (), (), ()))
    return Standing(best.standing, best.claims, best.origins, tuple(c for s in judged for c in s.disputed_by))


def silent(host: str, about: str, stations: Sequence[Statement]) -> Entry:
    """The ladder without steps of a host state of which only stations are reported."""
    entry = {"country": host, "about": about, "steps": [], "claims": [s.claim.id for s in stations]}
    entry["id"] = identity("responses", entry)
    return entry | strongest(()).as_json()


def _operator(key: Key, group: Sequence[Statement], evidence: Evidence) -> Entry:
    """Who is said to set up, run, staff or let run; a denial is an entry beside the assertion."""
    actor, name, role, scope = key
    return {"actor": actor, "name": name, "role": role, "scope": scope, **_support(group, evidence)}


def _agreement(key: Key, group: Sequence[Statement], evidence: Evidence) -> Entry:
    """Arrangements between an origin state and a partner."""
    parties, kind = key
    return {
        "parties": list(parties), "type": kind, "periods": sorted({s.claim.when for s in group if s.claim.when}),
        "places": sorted({p for s in group for p in s.claim.slots.places}), **_support(group, evidence),  # type: ignore[attr-defined]
    }  # fmt: skip


def _incident(key: Key, group: Sequence[Statement], evidence: Evidence) -> Entry:
    """Acts of repression, cases and patterns; groups of people, never a person."""
    origin, host, method, level, place, target = key
    return {
        "method": method, "host": host, "origin": origin, "level": level, "place": place, "target": target,
        "also": sorted({m for s in group for m in s.claim.slots.also}), "counts": _values(group, "count"),  # type: ignore[attr-defined]
        "dates": sorted({s.claim.when for s in group if s.claim.when}), **_support(group, evidence),
    }  # fmt: skip


def _position(key: Key, group: Sequence[Statement], evidence: Evidence) -> Entry:
    """What the accused say of themselves, beside the claims of others in the same sources that it answers."""
    party, position = key
    return {"party": party, "position": position, "answers": evidence.answered(key), **_support(group, evidence)}


def _recommendation(key: Key, group: Sequence[Statement], evidence: Evidence) -> Entry:
    """What is asked of states, by request."""
    return {"ask": key[0], "addressees": _values(group, "addressee"), **_support(group, evidence)}


@dataclass(frozen=True, eq=False)
class Section:
    """One section: ``key`` says with which others a claim makes an entry (None: it is not of the section), ``make`` the entries
    of a key from its claims and the evidence, each with its place, and ``rank`` where those of a key stand among the others.
    A key that is a string stands for things that reviewers linked. ``area`` is what the key of a claim, were it not linked,
    begins with: what is said in one plays no part in what stands in another. ``whole``: the entry tells of all of the claims
    together, or of each step (see ``gathered``). ``linked``: there may be linked things."""

    name: str
    kinds: tuple[str, ...]
    key: Callable[[Statement], Hashable]
    area: Callable[[Statement], Key | None]
    make: Callable[[Any, Sequence[Statement], Evidence], Made]
    rank: Callable[[Key], Place] = rank
    whole: bool = False
    linked: bool = False

    def entries(self, statements: Sequence[Statement], evidence: Evidence) -> Iterator[Entry]:
        """All entries in order, made one after another, and one area after another: less is held at once. ``statements`` are
        those of its kinds, in order."""
        areas = {self.rank(area): some for area, some in indexed(statements, self.area).items()}
        linked, things = self._linked(statements, evidence)
        for area in sorted(areas):
            evidence.turn_to(things)
            joint = [(place, make()) for place, make in linked.pop(area, ())]
            some = areas.pop(area)
            evidence.turn_to(by_thing(some))
            for _, entry in merge(self._plain(some, evidence), sorted(joint, key=_place), key=_place):
                yield entry

    def _plain(self, statements: Sequence[Statement], evidence: Evidence) -> Iterator[tuple[Place, Entry]]:
        """The entries of things that are not linked."""
        key = (lambda s: None if isinstance(k := self.key(s), str) else k) if self.linked else self.key
        groups = indexed(statements, key)
        for _, keys in groupby(sorted(groups, key=self.rank), key=self.rank):  # type: ignore[arg-type]
            made = ((place, make()) for k in keys for place, make in self.make(k, groups.pop(k), evidence))
            yield from sorted(made, key=_place)

    def _linked(
        self, statements: Sequence[Statement], evidence: Evidence
    ) -> tuple[dict[Place, list[tuple[Place, Callable[[], Entry]]]], Index[Thing]]:
        """What makes the entries of linked things, by the area in which each stands, and the claims that they are judged by."""
        if not self.linked:
            return {}, Index()
        groups = indexed(statements, lambda s: key if isinstance(key := self.key(s), str) else None)
        found: dict[Place, list[tuple[Place, Callable[[], Entry]]]] = {}
        for key in list(groups):
            for place, make in self.make(key, groups[key], evidence):
                found.setdefault(place[0][:1], []).append((place, make))  # areas of what can be linked are of one value
        named = {about_of(s) for some in groups.values() for s in some}
        return found, by_thing(s for s in statements if about_of(s) in named)


def _place(made: tuple[Place, Any]) -> Place:
    return made[0]


def _itself(entry: Entry) -> Entry:
    return entry


def _area(*names: str) -> Callable[[Statement], Key]:
    """The area that some slots tell."""
    return lambda s: tuple(getattr(s.claim.slots, name) for name in names)


def _plain(name: str, kind: str, slots: Sequence[str], build: Callable[[Key, Sequence[Statement], Evidence], Entry]) -> Section:
    """A section whose entries are each of the claims that agree in some slots; places by their English name."""

    def key(s: Statement) -> Key:
        said = s.claim.slots
        return tuple(
            place_name(getattr(said, slot), getattr(said, "host", None) or "") if slot == "place" else getattr(said, slot)
            for slot in slots
        )

    def made(key: Key, group: Sequence[Statement], evidence: Evidence) -> Entry:
        return _judged(name, build(key, group, evidence), group, evidence)

    def make(key: Key, group: Sequence[Statement], evidence: Evidence) -> Made:
        yield (rank(key),), partial(made, key, group, evidence)

    return Section(name, (kind,), key, _area(slots[0]), make, whole=True)


def _linkable(
    name: str, kinds: tuple[str, ...], slots: Sequence[str], key: Callable[[Statement], Key | None],
    build: Callable[[Key, Sequence[Statement], list[str], Evidence], Entry], same: Mapping[str, str],
) -> Section:
    """A section in which entries that reviewers linked are one; ``same`` maps their ids to the one that stands for them."""
    ids: dict[Key, str] = {}

    def id_of(own: Key) -> str:
        return ids.get(own) or ids.setdefault(own, identity(name, dict(zip(slots, own, strict=True))))

    def joined(s: Statement) -> Hashable:
        own = key(s)
        return same.get(id_of(own), own) if same and own is not None else own

    def area(s: Statement) -> Key | None:
        own = key(s)
        return own[:1] if own else None

    def one(own: Key, group: Sequence[Statement], linked: list[str], evidence: Evidence) -> Entry:
        return _judged(name, build(own, group, linked, evidence), group, evidence)

    def make(key_: Key | str, group: Sequence[Statement], evidence: Evidence) -> Made:
        if not isinstance(key_, str):
            yield (rank(key_),), partial(one, key_, sorted(group, key=_sites_first), [], evidence)
            return
        groups = sorted(indexed(group, key).items(), key=lambda g: rank(g[0]))
        main = next((own for own, _ in groups if id_of(own) == key_), None)
        if main is None:  # what stands for them is not there, so each stands by itself
            for own, some in groups:
                yield (rank(own),), partial(one, own, sorted(some, key=_sites_first), [], evidence)
            return
        together = [s for _, some in groups for s in sorted(some, key=lambda s: s.claim.kind == "figure")]
        together.sort(key=lambda s: s.said_by)
        linked = sorted(id_of(own) for own, _ in groups if own != main)
        yield (rank(groups[0][0]),), partial(one, main, together, linked, evidence)

    return Section(name, kinds, joined, area, make, linked=bool(same))


def _sites_first(s: Statement) -> tuple[Any, ...]:
    return s.said_by, s.claim.kind == "figure"


def sections(same: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections in the order of the register's JSON."""
    return (
        Section("figures", ("figure",), _figure_key, _area("measure", "scope"), _figures, figure_rank),
        _linkable("sites", ("site", "figure"), ("country", "place", "operator"), site_key, _site, same),
        Section("responses", ("response",), _response_key, _area("country"), _responses, whole=True),
        _plain("operators", "operator", ("actor", "name", "role", "scope"), _operator),
        _plain("agreements", "agreement", ("parties", "type"), _agreement),
        _plain("incidents", "incident", ("origin", "host", "method", "level", "place", "target"), _incident),
        _plain("positions", "position", ("party", "position"), _position),
        _plain("recommendations", "recommendation", ("ask",), _recommendation),
        _linkable("reports", ("report",), ("author", "published", "title"), _report_key, _report, same),
    )
