"""The sections of the register: each takes statements of one kind and returns entries that list their claims.

An entry is a JSON object. Every entry has ``claims`` (ids, sorted by when they were said) and ``assertions``: who said it,
through whom, when, in which source. Figures are listed by asserter, responses as the steps of a country's ladder.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from safeconduct.claims import (
    Agreement,
    Figure,
    Incident,
    Operator,
    Position,
    Recommendation,
    Report,
    Response,
    Site,
    canonical,
    city,
    sha256,
)

from .origins import place_name
from .statements import Statement
from .timeline import closures, timeline

Entry = dict[str, Any]

SUPPORT = frozenset((  # fields of an entry that tell how it is supported; the others say what the thing is
    "id", "claims", "assertions", "steps", "statuses", "counts", "dates", "answers", "stance", "asserted_by", "first_said",
    "last_said", "timeline", "furthest", "first_report", "silence", "latitude", "longitude", "forms", "opened", "also",
    "periods", "places", "addressees", "linked",
))  # fmt: skip

# Which claims of others a position answers, by kind. Positions not named answer nothing in particular.
ANSWERS: dict[str, tuple[str, ...]] = {
    "denial": ("figure", "site", "incident", "operator"),
    "unaware": ("figure", "site"),
    "not_acknowledged": ("figure", "site", "incident"),
    "smear_accusation": ("figure", "site", "incident", "report"),
    "administrative_services": ("figure", "site", "incident"),
    "pandemic_measure": ("figure", "site", "incident"),
    "volunteers": ("operator",),
    "promise_to_close": ("site", "response"),
    "claims_closed": ("site", "figure"),
    "admission": ("figure", "incident"),
    "lawful_conduct": ("incident", "response"),
    "defends_cooperation": ("agreement", "recommendation"),
}


def identity(section: str, entry: Entry) -> str:
    """The id of a registered thing: ``t`` and 12 hexadecimal digits of the SHA-256 of what it is."""
    of = {k: v for k, v in entry.items() if k not in SUPPORT}
    if section == "figures":
        of |= {"asserted_by": entry["asserted_by"], "stance": entry["stance"]}
    if section == "agreements":
        of |= {"parties": entry["parties"]}
    return "t" + sha256(canonical([section, of]))[:12]


def assertion(statement: Statement) -> Entry:
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


def _support(statements: Sequence[Statement]) -> Entry:
    return {"claims": [s.claim.id for s in statements], "assertions": [assertion(s) for s in statements]}


def _grouped(
    statements: Iterable[Statement], key: Callable[[Any], tuple[Hashable, ...]]
) -> list[tuple[Any, list[Statement]]]:
    """Statements grouped by ``key`` of their slots, in the order of the keys; empty values sort first."""
    groups: dict[tuple[Hashable, ...], list[Statement]] = {}
    for statement in statements:
        groups.setdefault(key(statement.claim.slots), []).append(statement)
    return [(k, groups[k]) for k in sorted(groups, key=lambda k: tuple("" if v is None else str(v) for v in k))]


def _linked(
    section: str,
    names: Sequence[str],
    groups: Sequence[tuple[tuple[Any, ...], list[Statement]]],
    same: Mapping[str, str] | None,
) -> list[tuple[tuple[Any, ...], list[Statement], list[str]]]:
    """Groups with those joined that reviewers linked, and the ids of the things that were joined into each."""
    joined: dict[str, tuple[tuple[Any, ...], list[Statement], list[str]]] = {}
    own = {identity(section, dict(zip(names, key, strict=True))): (key, group) for key, group in groups}
    for thing, (_, group) in own.items():
        main = (same or {}).get(thing, thing)
        main = main if main in own else thing
        held = joined.setdefault(main, (own[main][0], [], []))
        held[1].extend(group)
        if thing != main:
            held[2].append(thing)
    order = {id(s): n for n, s in enumerate(s for _, group in groups for s in group)}
    return [(key, sorted(group, key=lambda s: (s.said_by, order[id(s)])), sorted(ids)) for key, group, ids in joined.values()]


def _values(statements: Iterable[Statement], slot: str) -> list[Any]:
    """The distinct values of a slot, empty ones left out, in the order in which they were said."""
    return list(dict.fromkeys(v for s in statements if (v := getattr(s.claim.slots, slot)) not in (None, ())))


def _figure(statement: Statement) -> Figure:
    assert isinstance(statement.claim.slots, Figure)
    return statement.claim.slots


def figures(statements: Sequence[Statement]) -> list[Entry]:
    """Numbers, one entry for each measure, scope, place and value that an asserter gave; over time within them."""

    def key(f: Figure) -> tuple[Hashable, ...]:
        return f.measure, f.scope, place_name(f.place, f.scope), f.operator, f.status, f.value, f.qualifier

    entries = []
    for (measure, scope, place, operator, status, value, qualifier), group in _grouped(statements, key):
        told: dict[tuple[str, str], list[Statement]] = {}
        for s in group:
            told.setdefault((s.claim.attribution.asserted_by, s.claim.attribution.stance), []).append(s)
        for asserter, said in sorted(told.items(), key=lambda t: t[0]):
            entries.append(
                {
                    "measure": measure, "scope": scope, "place": place, "operator": operator, "status": status,
                    "value": value, "qualifier": qualifier, "asserted_by": asserter[0], "stance": asserter[1],
                    "first_said": said[0].said, "last_said": said[-1].said, **_support(said),
                }
            )
    order = {s.claim.id: n for n, s in enumerate(statements)}
    return sorted(
        entries,
        key=lambda e: (e["measure"], e["scope"] != "world", e["scope"], e["place"] or "", e["asserted_by"],
                       order[e["claims"][0]]),
    )


def sites(
    statements: Sequence[Statement],
    counts: Sequence[Statement],
    acts: Sequence[Statement] = (),
    same: Mapping[str, str] | None = None,
) -> list[Entry]:
    """Stations by country, city and operator: two police forces in one city run two stations, and a mention without an
    operator may be any of them, so that it stands by itself. ``counts`` are figures of stations; those tied to a city are
    listed with the city. ``acts`` are responses, of which closure orders for a city belong to its timeline. ``same`` maps
    ids of sites that reviewers linked to the id of the one that stands for them."""
    placed = [s for s in counts if _figure(s).measure == "stations" and _figure(s).place]
    orders = closures(acts)

    def key(slots: Site | Figure) -> tuple[Hashable, ...]:
        country = slots.country if isinstance(slots, Site) else slots.scope
        return country, place_name(slots.place, country), slots.operator if isinstance(slots, Site) else None

    entries = []
    names = ("country", "place", "operator")
    for (country, place, operator), group, linked in _linked("sites", names, _grouped([*statements, *placed], key), same):
        own = [s for s in group if isinstance(s.claim.slots, Site)]
        known = city(place, country) if place else None
        entries.append(
            {
                "country": country, "place": place, "operator": operator,
                "latitude": known.latitude if known else None, "longitude": known.longitude if known else None,
                "statuses": [
                    {"status": status, **_support(said)}
                    for (status,), said in _grouped(own, lambda slots: (slots.status,))
                ],
                "forms": _values(own, "form"), "opened": _values(own, "opened"),
                "counts": [
                    {"value": s.claim.slots.value, "qualifier": s.claim.slots.qualifier, **assertion(s)}
                    for s in group if isinstance(s.claim.slots, Figure)
                ],
                "timeline": timeline(own, orders.get((country, place), ())), "linked": linked, **_support(group),
            }
        )
    return entries


def responses(statements: Sequence[Statement]) -> list[Entry]:
    """What each state did about each accused state, step by step; a step's date is when it happened, else was said."""

    def country(r: Response) -> tuple[Hashable, ...]:
        return r.country, r.about

    entries = []
    for (state, about), group in _grouped(statements, country):
        steps = [
            {
                "action": action, "stance": stance, "date": _earliest(said), "bodies": _values(said, "body"),
                "places": _values(said, "place"), "counts": _values(said, "count"), **_support(said),
            }
            for (action, stance), said in _by_action(group)
        ]
        steps.sort(key=lambda step: (step["date"], step["action"]))
        entries.append({"country": state, "about": about, "steps": steps, "claims": [s.claim.id for s in group]})
    return entries


def _by_action(group: list[Statement]) -> list[tuple[tuple[str, str], list[Statement]]]:
    found: dict[tuple[str, str], list[Statement]] = {}
    for s in group:
        found.setdefault((s.claim.slots.action, s.claim.attribution.stance), []).append(s)  # type: ignore[attr-defined]
    return sorted(found.items())


def _earliest(statements: Sequence[Statement]) -> str:
    return min((s.claim.when or s.said for s in statements), key=lambda d: d.removeprefix("../"))


def operators(statements: Sequence[Statement]) -> list[Entry]:
    """Who is said to set up, run, staff or let run; a denial is an entry beside the assertion."""

    def key(o: Operator) -> tuple[Hashable, ...]:
        return o.actor, o.name, o.role, o.scope

    return [
        {"actor": actor, "name": name, "role": role, "scope": scope, **_support(group)}
        for (actor, name, role, scope), group in _grouped(statements, key)
    ]


def agreements(statements: Sequence[Statement]) -> list[Entry]:
    """Arrangements between an origin state and a partner."""

    def key(a: Agreement) -> tuple[Hashable, ...]:
        return a.parties, a.type

    return [
        {
            "parties": list(parties), "type": kind, "periods": sorted({s.claim.when for s in group if s.claim.when}),
            "places": sorted({p for s in group for p in s.claim.slots.places}), **_support(group),  # type: ignore[attr-defined]
        }
        for (parties, kind), group in _grouped(statements, key)
    ]


def incidents(statements: Sequence[Statement]) -> list[Entry]:
    """Acts of repression, cases and patterns; groups of people, never a person."""

    def key(i: Incident) -> tuple[Hashable, ...]:
        return i.origin, i.host, i.method, i.level, place_name(i.place, i.host or ""), i.target

    return [
        {
            "method": method, "host": host, "origin": origin, "level": level, "place": place, "target": target,
            "also": sorted({m for s in group for m in s.claim.slots.also}), "counts": _values(group, "count"),  # type: ignore[attr-defined]
            "dates": sorted({s.claim.when for s in group if s.claim.when}), **_support(group),
        }
        for (origin, host, method, level, place, target), group in _grouped(statements, key)
    ]


def positions(statements: Sequence[Statement], everything: Sequence[Statement]) -> list[Entry]:
    """What the accused say of themselves, beside the claims of others in the same sources that it answers."""

    def key(p: Position) -> tuple[Hashable, ...]:
        return p.party, p.position

    beside: dict[str, list[int]] = {s.source.id: [] for s in statements}
    for n, s in enumerate(everything):
        if (there := beside.get(s.source.id)) is not None:
            there.append(n)
    entries = []
    for (party, position), group in _grouped(statements, key):
        kinds, own = ANSWERS.get(position, ()), f"state:{party}"
        near = sorted(n for source in {s.source.id for s in group} for n in beside[source])
        answers = [
            s.claim.id
            for s in map(everything.__getitem__, near)
            if s.claim.kind in kinds
            and s.claim.attribution.asserted_by != own
            and getattr(s.claim.slots, "origin", party) in (party, None)
        ]
        entries.append({"party": party, "position": position, "answers": answers, **_support(group)})
    return entries


def recommendations(statements: Sequence[Statement]) -> list[Entry]:
    """What is asked of states, by request."""

    def key(r: Recommendation) -> tuple[Hashable, ...]:
        return (r.ask,)

    return [
        {"ask": ask, "addressees": _values(group, "addressee"), **_support(group)}
        for (ask,), group in _grouped(statements, key)
    ]


def reports(statements: Sequence[Statement], same: Mapping[str, str] | None = None) -> list[Entry]:
    """Publications by named bodies; ``same`` as for sites."""

    def key(r: Report) -> tuple[Hashable, ...]:
        return r.author, r.published, r.title

    names = ("author", "published", "title")
    return [
        {"author": author, "published": published, "title": title, "linked": linked, **_support(group)}
        for (author, published, title), group, linked in _linked("reports", names, _grouped(statements, key), same)
    ]
