"""Standing: whose voices count, who acknowledges, what a court found, who disputes."""

from __future__ import annotations

from typing import Any

import pytest

from safeconduct.register import Source, changes, compute, state
from safeconduct.register.standing import DENIALS

from .helpers import claim, decision, source
from .test_register import NGO, TODAY, register

LONDON: dict[str, object] = {"country": "GB", "place": "London"}


def site(*pairs: object, place: str = "London") -> dict[str, Any]:
    return next(e for e in register(*pairs).entries["sites"] if e["place"] == place)


def paper(name: str, publisher: str | None) -> Source:
    s = source(name)
    return Source(**{f: getattr(s, f) for f in Source.__slots__} | {"publisher": publisher})


def test_ten_papers_that_quote_one_report_are_one_voice() -> None:
    pairs = [(claim(s := paper(f"p{n}", f"Paper {n}"), "site", LONDON, NGO), s) for n in range(10)]
    entry = site(*pairs)
    assert (entry["standing"], entry["disputed"]) == ("alleged", False)
    assert [(o["asserter"], len(o["claims"])) for o in entry["origins"]] == [(NGO, 10)]
    assert set(entry["standing_claims"]) == {c.id for c, _ in pairs}


def test_two_independent_voices_corroborate_and_unnamed_ones_do_not() -> None:
    a, b = paper("a", "Paper A"), paper("b", "Paper B")
    quoted = (claim(a, "site", LONDON, NGO), a)
    unnamed = (claim(b, "site", LONDON, "unspecified"), b)
    assert site(quoted, unnamed)["standing"] == "alleged"
    assert site(unnamed)["origins"][0]["asserter"] == "unspecified"
    assert site(quoted, (claim(b, "site", LONDON), b))["standing"] == "corroborated"


def test_a_body_that_passes_on_another_is_that_other() -> None:
    a, b, c = paper("a", "Paper A"), paper("b", "Paper B"), paper("c", "Paper C")
    chain = (claim(a, "site", LONDON, NGO, via=("media:cnn",)), a)
    bare = (claim(b, "site", LONDON, "media:cnn"), b)
    entry = site(chain, bare)
    assert entry["standing"] == "alleged" and [o["asserter"] for o in entry["origins"]] == [NGO]
    other = (claim(c, "site", {"country": "GB", "place": "Leeds"}, "media:cnn"), c)
    assert site(chain, bare, other, place="Leeds")["origins"][0]["asserter"] == "media:cnn"


def test_a_narrator_repeats_what_the_same_source_attributes_and_is_else_the_publisher() -> None:
    a, own = paper("a", "Paper A"), paper("own", "Safeguard Defenders")
    entry = site((claim(a, "site", LONDON, NGO), a), (claim(a, "site", LONDON, at=50), a))
    assert [o["asserter"] for o in entry["origins"]] == [NGO]
    report = site((claim(a, "site", LONDON, NGO), a), (claim(own, "site", LONDON), own))
    assert (report["standing"], [o["asserter"] for o in report["origins"]]) == ("alleged", [NGO])
    unknown = paper("x", None)
    assert site((claim(unknown, "site", LONDON), unknown))["origins"][0]["asserter"] == f"source:{unknown.id}"


def test_the_host_acknowledges_a_court_adjudicates_and_the_accused_do_neither() -> None:
    s = source("a")
    ours = (claim(s, "site", LONDON, NGO), s)
    assert site(ours, (claim(s, "site", LONDON, "state:GB", at=9), s))["standing"] == "acknowledged"
    assert site(ours, (claim(s, "site", LONDON, "state:CN", at=9), s))["standing"] == "corroborated"
    plea = (claim(s, "response", {"country": "GB", "action": "guilty_plea", "place": "London"}, at=30), s)
    assert site(ours, plea)["standing"] == "adjudicated"
    assert site(ours, plea)["standing_claims"] == [plea[0].id]
    elsewhere = (claim(s, "response", {"country": "GB", "action": "guilty_plea", "place": "Leeds"}, at=30), s)
    charge = (claim(s, "response", {"country": "GB", "action": "charge", "place": "London"}, at=30), s)
    assert site(ours, elsewhere, charge)["standing"] == "alleged"
    steps = register(ours, plea, charge).entries["responses"][0]
    assert steps["standing"] == "adjudicated" and {t["action"]: t["standing"] for t in steps["steps"]}["charge"] == "alleged"


@pytest.mark.parametrize(
    ("kind", "slots", "position", "disputed"),
    [
        ("site", LONDON, "denial", True),
        ("site", LONDON, "volunteers", False),
        ("site", {**LONDON, "status": "active"}, "claims_closed", True),
        ("site", LONDON, "claims_closed", False),
        ("operator", {"actor": "hired_staff", "role": "staffs"}, "volunteers", True),
        ("operator", {"actor": "diaspora", "role": "staffs"}, "volunteers", False),
        ("incident", {"method": "threat", "host": "GB", "origin": "CN"}, "denial", True),
        ("incident", {"method": "threat", "host": "GB", "origin": "VN"}, "denial", False),  # not theirs to deny
        ("site", LONDON, "admission", False),
    ],
)
def test_a_position_disputes_what_it_answers_in_the_same_source(
    kind: str, slots: dict[str, object], position: str, disputed: bool
) -> None:
    s, other = source("a"), source("b")
    thing = (claim(s, kind, slots, NGO), s)
    accused = (claim(other, "response", {"country": "GB", "action": "summons", "about": "CN"}), other)
    says = (claim(s, "position", {"party": "CN", "position": position}, "state:CN", at=40), s)
    section = f"{kind}s"
    found = register(thing, accused, says).entries[section]
    assert (found[0]["disputed"], found[0]["disputed_by"]) == (disputed, [says[0].id] if disputed else [])
    far = (claim(other, "position", {"party": "CN", "position": position}, "state:CN", at=40), other)
    assert not register(thing, accused, far).entries[section][0]["disputed"]


def test_every_position_that_denies_is_one_of_the_codebook() -> None:
    from typing import get_args

    from safeconduct.claims.kinds import PositionTaken

    assert set(DENIALS) <= set(get_args(PositionTaken))


def test_a_retracted_claim_leaves_the_register_and_a_tombstone() -> None:
    s = source("a")
    pairs = [(claim(s, "site", LONDON, NGO), s), (claim(s, "site", {"country": "IT", "place": "Prato"}, NGO, at=9), s)]
    accepted = [decision(c, id_=str(n)) for n, (c, _) in enumerate(pairs)]
    gone = decision(pairs[0][0], "retract", "2026-03-01T00:00:00.000000Z", "9")
    before, after = (compute(state(pairs, d), TODAY) for d in (accepted, [*accepted, gone]))
    assert [e["place"] for e in after.entries["sites"]] == ["Prato"]
    [tombstone] = after.as_json()["retracted"]
    assert (tombstone["claim"], tombstone["standing"], tombstone["retracted_at"]) == (pairs[0][0].id, "retracted", gone.at)
    told = changes(before, after, [gone])
    assert [(c.what, c.section, c.before, c.after) for c in told] == [
        ("retracted", "sites", "alleged", "retracted"), ("retracted", "responses", "alleged", "retracted"),
    ]  # fmt: skip
    assert told[0].because == (f"retract {pairs[0][0].id} on 2026-03-01",)
    assert after.explain(pairs[0][0].id)[0]["standing"] == "retracted"


def test_explain_names_voices_disputes_and_contradictions() -> None:
    s, t = source("a"), paper("b", "Paper B")
    closed = {**LONDON, "status": "closed"}
    pairs = [
        (claim(s, "site", {**LONDON, "status": "active"}, NGO), s), (claim(t, "site", closed, "media:other", at=5), t),
        (claim(s, "response", {"country": "GB", "action": "summons", "about": "CN"}, at=20), s),
        (claim(s, "position", {"party": "CN", "position": "claims_closed"}, "state:CN", at=40), s),
    ]  # fmt: skip
    found = register(*pairs)
    [told] = found.explain(found.entries["sites"][0]["id"])
    text = "\n".join(told["reasons"])
    assert "Corroborated, because independent voices say it: 2 voices in 2 claims." in text
    assert "Safeguard Defenders says it, quoted by The Paper" in text
    assert "Disputed by authorities of China: “word”" in text and "Conflict on the station in London" in text
    assert told["contradictions"] and found.explain("t0nothing") == []
