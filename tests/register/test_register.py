from __future__ import annotations

import json
import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.register import Basis, Register, Statement, compute, concerns, latest_decisions, state

from .helpers import claim, decision, source

TODAY = date(2026, 6, 1)
NGO = "org:safeguard-defenders"


def register(*pairs: object, as_of: date = TODAY, accept: bool = True, **more: object) -> Register:
    decisions = [decision(c, id_=str(n)) for n, (c, _) in enumerate(pairs)] if accept else []  # type: ignore[misc]
    return compute(state(pairs, decisions), as_of, **more)  # type: ignore[arg-type]


def test_the_json_has_the_sections_in_their_order() -> None:
    assert list(register().as_json()) == [
        "as_of", "known_at", "country", "include_proposed", "figures", "sites", "responses", "operators", "agreements",
        "incidents", "positions", "recommendations", "reports", "contradictions", "retracted", "aliases",
    ]  # fmt: skip


def test_only_accepted_claims_unless_proposed_ones_are_asked_for() -> None:
    s = source("a")
    c = claim(s, "figure", {"measure": "stations", "value": 54}, NGO)
    assert register((c, s), accept=False).entries["figures"] == []
    assert len(register((c, s), accept=False, include_proposed=True).entries["figures"]) == 1
    rejected = compute(state([(c, s)], [decision(c, "reject")]), TODAY, include_proposed=True)
    assert rejected.entries["figures"] == []


def test_registers_of_countries_from_one_basis_are_those_made_one_by_one() -> None:
    s, t = source("a"), source("b", "2022-10")
    pairs = [
        (claim(s, "figure", {"measure": "stations", "value": 2, "scope": "DE"}, NGO), s),
        (claim(t, "figure", {"measure": "stations", "value": 1, "scope": "DE"}, "state:DE", at=9), t),
        (claim(t, "figure", {"measure": "stations", "value": 1, "scope": "DE"}, "state:CN", at=19, stance="denies"), t),
        (claim(t, "site", {"country": "NL", "place": "Rotterdam"}, at=29), t),
        (claim(t, "agreement", {"parties": ["IT", "CN"], "type": "joint_patrols"}, at=39), t),
    ]
    statements = state(pairs, [decision(c, id_=str(n)) for n, (c, _) in enumerate(pairs)])
    basis = Basis(statements, TODAY)
    for country in ("DE", "NL", "IT", "CN", "FR", None):
        assert basis.register(country=country) == compute(statements, TODAY, country=country)
    assert len(basis.register(country="DE").contradictions) == 2
    assert basis.register(country="NL").contradictions == ()


def test_figures_stand_by_asserter_over_time() -> None:
    early, late = source("early", "2022-09"), source("late", "2022-12-15")
    later = claim(late, "figure", {"measure": "stations", "value": 102}, NGO)
    first = claim(early, "figure", {"measure": "stations", "value": 54}, NGO)
    again = claim(late, "figure", {"measure": "stations", "value": 54}, NGO, at=9, asserted_when="2022-09")
    other = claim(late, "figure", {"measure": "stations", "value": 2, "scope": "DE"}, "state:DE")
    figures = register((later, late), (first, early), (again, late), (other, late)).entries["figures"]
    assert [(f["value"], f["scope"], f["asserted_by"]) for f in figures] == [
        (54, "world", NGO), (102, "world", NGO), (2, "DE", "state:DE"),
    ]  # fmt: skip
    assert set(figures[0]["claims"]) == {first.id, again.id}
    assert (figures[0]["first_said"], figures[0]["last_said"]) == ("2022-09", "2022-09")


@pytest.mark.parametrize(
    ("published", "asserted_when", "obtained", "day"),
    [
        ("2022-12-15", None, "2026-01-01", date(2022, 12, 15)),
        ("2022-12-15", "2022-09", "2026-01-01", date(2022, 9, 30)),
        ("2022-09-13", "2022-09", "2026-01-01", date(2022, 9, 13)),  # not later than the page that reports it
        ("2022-12", None, "2026-01-01", date(2022, 12, 31)),
        (None, None, "2026-01-01", date(2026, 1, 1)),
        (None, "XXXX-09", "2026-01-01", date(2026, 1, 1)),
        ("2023", "2015/..", "2026-01-01", date(2023, 12, 31)),
    ],
)
def test_as_of_counts_from_the_day_by_which_it_had_certainly_been_said(
    published: str | None, asserted_when: str | None, obtained: str, day: date
) -> None:
    s = source("a", published, f"{obtained}T00:00:00Z")
    c = claim(s, "figure", {"measure": "stations", "value": 54}, NGO, asserted_when=asserted_when)
    assert Statement(c, s).said_by == day
    assert len(register((c, s), as_of=day).entries["figures"]) == 1
    assert register((c, s), as_of=date.fromordinal(day.toordinal() - 1)).entries["figures"] == []


def test_a_later_decision_stands_whatever_the_order() -> None:
    c = claim(source("a"), "figure", {"measure": "stations", "value": 54})
    decisions = [
        decision(c, "accept", "2026-02-01T00:00:00.000000Z", "1"),
        decision(c, "reject", "2026-02-03T00:00:00.000000Z", "2"),
        decision(c, "accept", "2026-02-02T00:00:00.000000Z", "3"),
    ]
    assert latest_decisions(decisions)[c.id].act == "reject"
    assert latest_decisions(reversed(decisions))[c.id].act == "reject"


def test_sites_meet_across_scripts_and_keep_what_each_asserter_says_of_them() -> None:
    s = source("a")
    pairs = [
        (claim(s, "site", {"country": "IT", "place": "Milan", "opened": "2016", "operator": "wenzhou"}, NGO), s),
        (claim(s, "site", {"country": "IT", "place": "米兰", "status": "closed"}, "state:CN", at=5), s),
        (claim(s, "site", {"country": "IT"}, at=9), s),
        (claim(s, "figure", {"measure": "stations", "value": 3, "scope": "ES", "place": "Madrid"}, NGO, at=20), s),
    ]
    sites = register(*pairs).entries["sites"]
    assert [(e["country"], e["place"], e["operator"]) for e in sites] == [
        ("ES", "Madrid", None), ("IT", None, None), ("IT", "Milan", None), ("IT", "Milan", "wenzhou"),
    ]  # fmt: skip
    madrid, _, unsaid, milan = sites
    assert [(c["value"], c["asserted_by"]) for c in madrid["counts"]] == [(3, NGO)]
    assert madrid["statuses"] == []
    assert (round(milan["latitude"]), round(milan["longitude"])) == (45, 9)
    assert [e["status"] for e in unsaid["statuses"]] == ["closed"] and unsaid["opened"] == []
    assert {e["status"]: e["assertions"][0]["asserted_by"] for e in milan["statuses"]} == {"unknown": NGO}
    assert milan["opened"] == ["2016"]


def test_the_response_ladder_by_country_and_accused_state() -> None:
    s = source("a", "2022-12")
    pairs = [
        (claim(s, "response", {"country": "NL", "action": "closure_order", "body": "foreign minister"}, when="2022-11-01"), s),
        (claim(s, "response", {"country": "NL", "action": "investigation"}, at=5, when="2022-10"), s),
        (claim(s, "response", {"country": "NL", "action": "summons", "about": "IR"}, at=9), s),
        (claim(s, "response", {"country": "AT", "action": "no_response"}, NGO, at=20), s),
    ]
    ladders = register(*pairs).entries["responses"]
    assert [(e["country"], e["about"]) for e in ladders] == [("AT", "CN"), ("NL", "CN"), ("NL", "IR")]
    assert [(x["action"], x["date"], x["bodies"]) for x in ladders[1]["steps"]] == [
        ("investigation", "2022-10", []), ("closure_order", "2022-11-01", ["foreign minister"]),
    ]  # fmt: skip
    assert ladders[0]["steps"][0]["assertions"][0]["asserted_by"] == NGO


def test_positions_stand_beside_what_they_answer() -> None:
    a, b = source("a"), source("b")
    station = claim(a, "site", {"country": "NL", "place": "Rotterdam"}, NGO)
    elsewhere = claim(b, "site", {"country": "DE", "place": "Frankfurt"}, NGO)
    iranian = claim(a, "incident", {"method": "threat", "host": "GB", "origin": "IR"}, "state:GB", at=9)
    own = claim(a, "figure", {"measure": "stations", "value": 0}, "state:CN", at=14)
    denial = claim(a, "position", {"party": "CN", "position": "denial"}, "state:CN", at=20)
    pairs = [(station, a), (elsewhere, b), (iranian, a), (own, a), (denial, a)]
    (entry,) = register(*pairs).entries["positions"]
    assert entry["answers"] == [station.id]


def test_a_country_keeps_what_concerns_it() -> None:
    s = source("a")
    pairs = [
        (claim(s, "site", {"country": "NL"}), s),
        (claim(s, "agreement", {"parties": ["CN", "IT"], "type": "joint_patrols"}, at=5), s),
        (claim(s, "incident", {"method": "threat", "host": "NL", "origin": "IR"}, at=9), s),
        (claim(s, "recommendation", {"ask": "protect"}, at=14), s),
    ]
    found = register(*pairs, country="NL")
    assert {c.claim.kind for c in found.statements} == {"site", "incident"}
    assert concerns(pairs[1][0].slots, "IT")
    assert not concerns(pairs[1][0].slots, "NL")


def test_a_claim_in_two_captures_is_cited_from_the_first() -> None:
    early = source("early", "2022-09")
    late = source("late", "2022-12")
    same = claim(early, "figure", {"measure": "stations", "value": 54})
    assert state([(same, late), (same, early)], [])[0].source == early
    assert state([(same, early), (same, late)], [])[0].source == early


kinds = st.sampled_from(
    [
        ("figure", {"measure": "stations", "value": 54}),
        ("figure", {"measure": "stations", "value": 3, "scope": "ES", "place": "Madrid"}),
        ("site", {"country": "NL", "place": "Rotterdam"}),
        ("response", {"country": "IE", "action": "closure_order"}),
        ("position", {"party": "CN", "position": "denial"}),
        ("incident", {"method": "threat", "host": None, "origin": "CN"}),
        ("operator", {"actor": "diaspora", "role": "runs", "scope": "DE"}),
        ("report", {"author": NGO, "published": "2022-09"}),
    ]
)
made = st.builds(
    lambda kind, at, by, published, name: (lambda s: (claim(s, kind[0], kind[1], by, at), s))(source(name, published)),
    kinds, st.integers(0, 50), st.sampled_from(["publisher", NGO, "state:CN"]),
    st.sampled_from([None, "2022", "2022-09", "2022-12-15"]), st.sampled_from("abc"),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(made, max_size=12), st.randoms(use_true_random=False))
def test_the_register_is_a_function_of_the_set(pairs: list[object], shuffler: random.Random) -> None:
    """The same claims and decisions give the same bytes, in any order, however often each is there."""
    decisions = [decision(c, random.Random(n).choice(["accept", "reject"]), id_=str(n)) for n, (c, _) in enumerate(pairs)]  # type: ignore[misc]
    once = json.dumps(compute(state(pairs, decisions), TODAY).as_json())  # type: ignore[arg-type]
    doubled, twice = [*pairs, *pairs], [*decisions, *decisions]
    shuffler.shuffle(doubled)
    shuffler.shuffle(twice)
    assert json.dumps(compute(state(doubled, twice), TODAY).as_json()) == once  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.lists(made, max_size=12), st.dates(date(2022, 1, 1), date(2023, 12, 31)))
def test_time_only_adds(pairs: list[object], day: date) -> None:
    """Everything in the register as of a day is in it as of any later day, and every entry rests on claims."""
    before = register(*pairs, as_of=day)
    after = register(*pairs, as_of=TODAY)
    assert {s.claim.id for s in before.statements} <= {s.claim.id for s in after.statements}
    known = {s.claim.id for s in after.statements}
    for section in after.entries.values():
        for entry in section:
            assert entry["claims"]
            assert set(entry["claims"]) <= known
