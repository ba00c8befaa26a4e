"""A basis that changes gives the registers of one that is made from what is there: a property over random lives of claims."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.claims import Claim
from safeconduct.register import Basis, Contradiction, Source, Statement, indexed
from safeconduct.register.parts import Parts, made

from .helpers import claim, decision, source

TODAY = date(2026, 6, 1)
ASSERTERS = ("publisher", "publisher", "publisher", "unspecified", "org:a-group", "media:the-paper", "state:DE", "state:CN")
SLOTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("figure", {"measure": "stations", "value": 2, "scope": "DE"}),
    ("figure", {"measure": "stations", "value": 3, "scope": "DE", "status": "active"}),
    ("figure", {"measure": "stations", "value": 3, "scope": "DE", "place": "Berlin"}),
    ("figure", {"measure": "stations", "value": 1, "scope": "NL"}),
    ("figure", {"measure": "jurisdictions", "value": 4}),
    ("figure", {"measure": "provinces", "value": 4}),
    ("site", {"country": "DE", "place": "Berlin"}),
    ("site", {"country": "DE", "place": "Berlin", "status": "active", "operator": "wenzhou", "opened": "2016"}),
    ("site", {"country": "DE", "place": "柏林", "status": "closed", "operator": "wenzhou", "opened": "2018"}),
    ("site", {"country": "NL", "place": "Rotterdam", "status": "active"}),
    ("response", {"country": "DE", "action": "investigation"}),
    ("response", {"country": "DE", "action": "closure_order", "place": "Berlin"}),
    ("response", {"country": "DE", "action": "conviction", "place": "Berlin", "about": "IR"}),
    ("response", {"country": "DE", "action": "no_response"}),
    ("position", {"party": "CN", "position": "denial"}),
    ("position", {"party": "CN", "position": "claims_closed"}),
    ("position", {"party": "CN", "position": "volunteers"}),
    ("position", {"party": "CN", "position": "pandemic_measure"}),
    ("incident", {"method": "threat", "host": "DE", "origin": "CN", "place": "Berlin"}),
    ("incident", {"method": "threat", "host": "DE", "place": "Berlin"}),
    ("operator", {"actor": "police_authority", "name": "wenzhou", "role": "runs", "scope": "DE"}),
    ("operator", {"actor": "police_authority", "name": "wenzhou", "role": "runs", "scope": "world"}),
    ("operator", {"actor": "hired_staff", "role": "staffs", "scope": "DE"}),
    ("agreement", {"parties": ["CN", "DE"], "type": "joint_patrols"}),
    ("recommendation", {"ask": "investigate", "addressee": "Germany"}),
    ("report", {"author": "org:a-group", "published": "2022-09", "title": "Report"}),
    ("report", {"author": "org:a-group", "published": "2022-12", "title": "Report"}),
)
SOURCES = tuple(
    Source(**{f: getattr(s, f) for f in Source.__slots__} | {"publisher": publisher, "obtained_at": f"202{n}-01-01T00:00:00Z"})
    for n, (name, published, publisher) in enumerate(
        (("a", "2022-09", "A Group"), ("b", "2022-10-05", "The Paper"), ("c", None, None)), 2
    )
    for s in [source(name, published)]
)


@st.composite
def statements(draw: st.DrawFn) -> tuple[Claim, Source]:
    where, (kind, slots) = draw(st.sampled_from(SOURCES)), draw(st.sampled_from(SLOTS))
    by = draw(st.sampled_from(ASSERTERS))
    if kind == "position" and draw(st.booleans()):
        by = "state:CN"
    more: dict[str, object] = {"stance": "denies" if draw(st.integers(0, 4)) == 0 else "asserts"}
    if draw(st.integers(0, 3)) == 0:
        more["via"] = (draw(st.sampled_from(("media:the-paper", "org:a-group", "org:another"))),)
    if draw(st.integers(0, 3)) == 0:
        more["asserted_when"] = draw(st.sampled_from(("2022-08", "2022-11")))
    return claim(where, kind, slots, by, draw(st.integers(0, 5)) * 10, **more), where


def known(pair: tuple[Claim, Source], act: str) -> Statement:
    status = {"accept": "accepted", "reject": "rejected", "retract": "retracted", "": "proposed"}[act]
    return Statement(*pair, status, decision(pair[0], act) if act else None)  # type: ignore[arg-type]


def as_bytes(basis: Basis, country: str | None) -> str:
    return json.dumps(basis.register(country=country).as_json(), ensure_ascii=False)


def identity(thing: Any) -> str:
    return str(thing.id if isinstance(thing, Contradiction) else thing["id"])


def by_id(basis: Basis) -> dict[tuple[str, str], Any]:
    """Every entry but the ladders, to which the day that is asked for adds something, and every contradiction."""
    found = basis.register()
    things = {**found.entries, "contradictions": found.contradictions, "responses": ()}
    return {(name, identity(thing)): thing for name, some in things.items() for thing in some}


LINKS = st.sampled_from((
    {}, {"media:the-paper": "org:a-group", "org:a-group": "org:a-group"}, "sites", "reports",
))  # fmt: skip


@patch.object(indexed, "MANY", 2)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(statements(), min_size=10, max_size=24, unique_by=lambda p: p[0].id),
    st.lists(st.tuples(st.integers(0, 23), st.sampled_from(("accept", "accept", "reject", "retract"))), max_size=30),
    st.integers(0, 24), st.booleans(), LINKS,
)  # fmt: skip
def test_a_basis_that_changes_is_one_made_anew(
    pairs: list[tuple[Claim, Source]], acts: list[tuple[int, str]], first: int, proposed: bool, links: dict[str, str] | str
) -> None:
    if isinstance(links, str):  # the first two entries of the section are one
        every = Basis([known(p, "accept") for p in pairs], TODAY).register().entries[links]
        ids = sorted(e["id"] for e in every[:2])
        links = dict.fromkeys(ids, ids[0]) if ids else {}
    there = {p[0].id: known(p, "accept") for p in pairs[:first]}
    basis = Basis(there.values(), TODAY, include_proposed=proposed, same=links)
    held = by_id(basis)
    for which, act in [*((n, "") for n in range(first, len(pairs))), *acts]:
        pair = pairs[which % len(pairs)]
        old = there.get(pair[0].id)
        there[pair[0].id] = new = known(pair, act)
        moved = [m for m in basis.change([old] if old else [], [new]) if m[0] != "responses"]
        for name, was, _ in moved:
            assert was is None or held.pop((name, identity(was))) == was
        held |= {(name, identity(now)): now for name, _, now in moved if now is not None}
        assert held == by_id(basis)
        anew = Basis(there.values(), TODAY, include_proposed=proposed, same=links)
        for country in (None, "DE", "CN"):
            assert as_bytes(basis, country) == as_bytes(anew, country)
        parts: dict[str, list[object]] = {}
        for name, part in made([Parts(there.values(), TODAY, include_proposed=proposed, same=links)]):
            parts.setdefault(name, []).append(part)
        whole = basis.register().as_json()
        assert {name: whole[name] for name in parts} == parts
        assert not any(whole[name] for name in (*basis.register().entries, "contradictions", "retracted") if name not in parts)


def test_a_position_that_is_taken_twice_in_a_source_answers_a_claim_there_once() -> None:
    site = known((claim(SOURCES[0], "site", {"country": "DE", "place": "Berlin"}), SOURCES[0]), "accept")
    denial = {"party": "CN", "position": "denial"}
    one, other = (known((claim(SOURCES[0], "position", denial, "state:CN", at), SOURCES[0]), "accept") for at in (30, 90))
    basis = Basis([site, one], TODAY)
    basis.register()
    for gone, come in (([], [other]), ([one], []), ([], [one]), ([other], [])):
        basis.change(gone, come)
        assert basis.register().entries["positions"][0]["answers"] == [site.claim.id]


def accepted(where: int, kind: str, slots: dict[str, object], by: str, at: int = 0) -> Statement:
    return known((claim(SOURCES[where], kind, slots, by, at), SOURCES[where]), "accept")


OLD = {"country": "DE", "place": "Berlin", "opened": "2016"}
BECAUSE = {"position": "pandemic_measure"}
IN_BERLIN = {"measure": "stations", "scope": "DE"}


@pytest.mark.parametrize("claims", [
    [accepted(0, "figure", {**IN_BERLIN, "value": 2, "place": "柏林"}, "org:a"),  # the first says what the others are about
     *(accepted(1, "figure", {**IN_BERLIN, "value": n, "place": "Berlin"}, f"org:n{n}", n) for n in (3, 4))],
    [accepted(0, "site", OLD, "state:CN"), accepted(1, "site", {**OLD, "country": "NL"}, "org:b"),
     accepted(1, "site", OLD, "org:a", 40),
     *(accepted(1, "position", {**BECAUSE, "party": p}, f"state:{p}", n) for n, p in ((60, "CN"), (90, "IR"), (120, "CN")))],
])  # fmt: skip
def test_what_a_claim_that_goes_and_comes_leaves_of_contradictions(claims: list[Statement]) -> None:
    basis = Basis(claims, TODAY)
    assert basis.register().contradictions
    for c in basis.register().contradictions:
        assert c.id == Contradiction(c.type, c.topic, c.sides).id
    for s in claims:
        basis.change([s], [])
        anew = Basis([o for o in claims if o is not s], TODAY)
        for country in (None, "DE", "NL", "IR"):
            assert as_bytes(basis, country) == as_bytes(anew, country)
        basis.change([], [s])
        for country in (None, "DE", "NL", "IR"):
            assert as_bytes(basis, country) == as_bytes(Basis(claims, TODAY), country)


def test_a_publisher_is_a_body_from_the_day_on_which_that_body_asserts_something_elsewhere() -> None:
    own = known((claim(SOURCES[0], "site", {"country": "DE", "place": "Berlin"}), SOURCES[0]), "accept")
    other = known((claim(SOURCES[1], "recommendation", {"ask": "investigate"}, "org:a-group"), SOURCES[1]), "accept")
    basis = Basis([own], TODAY)
    for change, voice in ((([], []), "media:a-group"), (([], [other]), "org:a-group"), (([other], []), "media:a-group")):
        basis.change(*change)
        assert basis.register().entries["sites"][0]["origins"][0]["asserter"] == voice


def test_what_a_position_disputes_in_its_source_follows_it_and_the_first_accusation_of_who_takes_it() -> None:
    """A site in one source with a denial by a state that only a response in another source accuses."""
    site = known((claim(SOURCES[0], "site", {"country": "DE", "place": "Berlin"}), SOURCES[0]), "accept")
    denial = claim(SOURCES[0], "position", {"party": "IR", "position": "denial"}, "state:IR", 30)
    denies = known((denial, SOURCES[0]), "accept")
    accusation = {"country": "DE", "action": "investigation", "about": "IR"}
    accuses = known((claim(SOURCES[1], "response", accusation), SOURCES[1]), "accept")
    basis = Basis([site], TODAY)
    basis.register()
    for gone, come, disputed in (
        ([], [denies], []), ([], [accuses], [denial.id]), ([denies], [], []), ([], [denies], [denial.id]), ([accuses], [], []),
    ):  # fmt: skip
        basis.change(gone, come)
        assert basis.register().entries["sites"][0]["disputed_by"] == disputed
