from __future__ import annotations

import dataclasses
import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.claims import (
    KINDS,
    Agreement,
    Attribution,
    Claim,
    Figure,
    Incident,
    Site,
    asserter_name,
    canonical,
    canonical_words,
    check_asserter,
    claim_from,
    make_slots,
    recorded_claim,
    sha256,
    slot_specs,
    slugify,
)
from safeconduct.claims.schema import json_schema

TEXT = "Ministers counted 54 stations in 30 countries."
HASH = sha256(TEXT)
SHARED = Path(__file__).parents[3] / "shared"


def figure(**changes: object) -> Claim:
    values = {"text": HASH, "start": 10, "end": 29, "quote": TEXT[10:29], "slots": Figure(measure="stations", value=54)}
    return Claim(**{**values, **changes})  # type: ignore[arg-type]


def test_defaults_are_those_of_the_codebook() -> None:
    slots = Figure(measure="stations", value=54)
    assert slots.as_json() == {"measure": "stations", "value": 54, "qualifier": "exact", "scope": "world", "place": None}
    assert make_slots("response", {"country": "NL", "action": "closure_order"}).about == "CN"  # type: ignore[attr-defined]
    assert make_slots("incident", {"method": "threat", "host": None}).level == "case"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "slots", "complaint"),
    [
        ("rumour", {}, "unknown kind"),
        ("figure", {"measure": "stations"}, "value is required"),
        ("figure", {"measure": "spies", "value": 3}, "measure"),
        ("figure", {"measure": "stations", "value": "54"}, "number"),
        ("figure", {"measure": "stations", "value": True}, "number"),
        ("figure", {"measure": "stations", "value": -1}, "number"),
        ("figure", {"measure": "stations", "value": float("nan")}, "number"),
        ("figure", {"measure": "stations", "value": 1, "scope": "Europe"}, "scope"),
        ("figure", {"measure": "stations", "value": 1, "colour": "red"}, "no slot 'colour'"),
        ("site", {"country": "XX"}, "country"),
        ("site", {"country": "NL", "opened": "last spring"}, "opened"),
        ("site", {"country": "NL", "form": "embassy"}, "form"),
        ("agreement", {"parties": [], "type": "joint_patrols"}, "required"),
        ("agreement", {"parties": "CN", "type": "joint_patrols"}, "list"),
        ("response", {"country": "US", "action": "arrest", "count": 0}, "count"),
        ("report", {"author": "Safeguard Defenders"}, "author"),
        ("position", {"party": "Beijing", "position": "denial"}, "party"),
    ],
)
def test_a_value_outside_the_codebook_is_refused_by_name(kind: str, slots: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make_slots(kind, slots)


def test_claims_cannot_be_changed() -> None:
    claim = figure()
    with pytest.raises(dataclasses.FrozenInstanceError):
        claim.start = 3  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        claim.slots.value = 55  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "changes",
    [
        {"start": -1, "end": 18}, {"start": 29}, {"quote": "54"}, {"anchor": (0, 3)}, {"when": "soon"},
        {"asserted_when": "2022-13"},
    ],
)  # fmt: skip
def test_a_claim_must_hold_together(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"span|quote|anchor|date"):
        figure(**changes)


def test_the_id_follows_from_the_content_alone() -> None:
    assert figure().id == figure(note="seen twice").id
    assert figure().id != figure(asserted_when="2022-09").id
    assert figure().id != figure(slots=Figure(measure="stations", value=55)).id
    assert figure().id == "c" + sha256(canonical(figure().content()))[:20]
    one = Agreement(parties=("IT", "CN"), type="joint_patrols")
    assert one == Agreement(parties=("CN", "IT", "CN"), type="joint_patrols")


def test_the_codebook_form_comes_back_as_the_same_claim() -> None:
    claim = figure(
        attribution=Attribution("org:safeguard-defenders", ("media:cnn",)), asserted_when="2022-09", anchor=(10, 12)
    )
    form = json.loads(json.dumps(claim.as_codebook("brief.txt")))
    assert form["doc"] == "brief.txt"
    assert claim_from(form, HASH) == claim
    assert claim.grounded_in(TEXT)
    assert not claim.grounded_in(TEXT.lower().upper())


@pytest.mark.parametrize("value", [54, 54.0, 54.5])
def test_a_recorded_claim_comes_back_as_it_was(value: float) -> None:
    """Numbers that are equal and written differently stay apart: ids are made from how they are written."""
    attribution = Attribution("org:safeguard-defenders", ("media:cnn",), "denies")
    made = figure(slots=Figure(measure="stations", value=value), attribution=attribution, when="2022-09", anchor=(10, 12))
    read = recorded_claim(json.loads(canonical(made.content())), made.id)
    assert read == made
    assert (read.id, canonical(read.content())) == (made.id, canonical(made.content()))
    with pytest.raises(ValueError, match="spies"):
        recorded_claim({**made.content(), "slots": {"measure": "spies", "value": 3}}, made.id)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        claim_from({**figure().as_codebook("a"), "confidence": 0.4}, HASH)
    with pytest.raises(ValueError, match="quote"):
        claim_from({"kind": "figure", "start": 0, "end": 1, "slots": {}}, HASH)


@pytest.mark.parametrize("value", ["publisher", "unspecified", "org:safeguard-defenders", "state:NL", "state:EU",
                                   "media:cnn", "persons:journalists", "org:保护卫士"])  # fmt: skip
def test_asserters(value: str) -> None:
    assert check_asserter(value) == value


@pytest.mark.parametrize("value", ["", "Beijing", "state:XX", "state:nl", "org:", "org:Safeguard Defenders", "person:x",
                                   "media:CNN", "org:-a", "org:a--b"])  # fmt: skip
def test_what_is_no_asserter(value: str) -> None:
    with pytest.raises(ValueError, match="no asserter"):
        check_asserter(value)


def test_asserters_in_words() -> None:
    assert slugify("Safeguard Defenders’") == "safeguard-defenders"
    assert slugify("Süddeutsche Zeitung") == "suddeutsche-zeitung"
    assert asserter_name("org:safeguard-defenders") == "Safeguard Defenders"
    assert asserter_name("media:cnn") == "CNN"
    assert asserter_name("state:DE") == "authorities of Germany"
    assert asserter_name("state:NL") == "authorities of the Netherlands"
    assert asserter_name("persons:journalists") == "journalists"
    assert asserter_name("persons:exiled-dissident") == "an exiled dissident"
    assert asserter_name("publisher", "The Daily") == "The Daily"


@given(st.integers(0, 10**9), st.sampled_from(["NL", "world", "europe", "EU"]), st.none() | st.text(min_size=1, max_size=40))
def test_slots_survive_json(value: int, scope: str, place: str | None) -> None:
    if place is not None and not place.strip():
        place = None
    slots = Figure(measure="stations", value=value, scope=scope, place=place)
    assert make_slots("figure", json.loads(json.dumps(slots.as_json()))) == slots


def test_the_schema_agrees_with_the_types() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json_schema())
    good = figure(attribution=Attribution("state:DE")).as_codebook("a.txt")
    assert list(validator.iter_errors(good)) == []
    site = Claim(HASH, 0, 9, TEXT[:9], Site(country="NL", place="Rotterdam", opened="../2019"))
    incident = Claim(HASH, 0, 9, TEXT[:9], Incident(method="threat", host="GB", origin="IR", also=("surveillance",)))
    for claim in (site, incident):
        assert list(validator.iter_errors(claim.as_codebook("a.txt"))) == []
    for field, value in [("kind", "rumour"), ("asserted_by", "Beijing"), ("when", "soon"), ("start", -1)]:
        assert list(validator.iter_errors({**good, field: value})), field
    assert list(validator.iter_errors({**good, "slots": {"measure": "spies", "value": 1}}))
    assert list(validator.iter_errors({**good, "slots": {"measure": "stations", "value": 1, "colour": 1}}))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the annotated documents are not beside this checkout")
def test_the_lists_are_those_of_the_annotators() -> None:
    spec = importlib.util.spec_from_file_location("schema", SHARED / "codebook" / "schema.py")
    assert spec and spec.loader
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    assert list(KINDS) == list(theirs.KINDS)
    for kind, (key, other) in theirs.KINDS.items():
        specs = slot_specs(KINDS[kind])
        assert tuple(s.name for s in specs if s.key) == key
        assert tuple(s.name for s in specs if not s.key) == other
        for s in specs:
            values = theirs.V.get((kind, s.name))
            assert values is None or set(s.values) == set(values) - {None}
            assert (s.default or None) == theirs.DEFAULTS.get((kind, s.name))
    for file in [*SHARED.glob("gold/*.jsonl"), *SHARED.glob("practice_gold/*.jsonl")]:
        for line in file.read_text(encoding="utf-8").splitlines():
            claim = json.loads(line)
            claim["slots"] = {k: v.split("|")[0] if isinstance(v, str) else v for k, v in claim["slots"].items()}
            assert claim_from(claim, HASH).quote == claim["quote"]


PLAIN = st.recursive(
    st.none() | st.text() | st.integers(-(2**63), 2**64 - 1),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_both_ways_to_canonical_bytes_agree(value: object) -> None:
    assert canonical_words(value) == canonical(value).encode()


@pytest.mark.parametrize("value", [2**64, "\ud800", {1: "a"}, [object()]])
def test_words_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical_words(value)
