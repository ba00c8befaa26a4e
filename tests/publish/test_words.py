"""Sentences, labels and dates."""

from __future__ import annotations

from typing import Any

import pytest

from safeconduct.claims import KINDS, slot_specs
from safeconduct.claims.attribution import STANCES
from safeconduct.publish import labels, statement_in_words
from safeconduct.publish.when import date_in_words, when_phrase
from safeconduct.publish.words import badge, clause
from safeconduct.register import Statement

from .helpers import Made

EXAMPLES: dict[str, dict[str, Any]] = {
    "figure": {"measure": "stations", "value": 54}, "site": {"country": "NL", "place": "Rotterdam"},
    "response": {"country": "IE", "action": "closure_order"}, "position": {"party": "CN", "position": "denial"},
    "incident": {"method": "threat", "host": "GB", "origin": "IR"},
    "agreement": {"parties": ["CN", "IT"], "type": "joint_patrols"},
    "operator": {"actor": "police_authority", "name": "fuzhou", "role": "runs"},
    "recommendation": {"ask": "investigate"}, "report": {"author": "org:safeguard-defenders"},
}


def said(kind: str, slots: dict[str, Any], **more: Any) -> Statement:
    made = Made()
    source = made.source("It was said there.", "a.txt", publisher="Radio Free Asia")
    return Statement(made.claim(source, "It was said", kind, slots, **more), source, "accepted")


def closed() -> list[tuple[str, str, str]]:
    return [(k, s.name, v) for k, kind in KINDS.items() for s in slot_specs(kind) for v in s.values]


@pytest.mark.parametrize(("kind", "slot", "value"), closed())
def test_every_value_of_every_list_has_a_label_and_a_sentence(kind: str, slot: str, value: str) -> None:
    assert labels.label(kind, slot, value).strip()
    assert "_" not in labels.label(kind, slot, value)
    slots = EXAMPLES[kind] | {slot: [value] if slot == "also" else value}
    for stance in STANCES:
        for by in ("publisher", "unspecified", "state:CN", "org:safeguard-defenders"):
            sentence = statement_in_words(said(kind, slots, stance=stance, asserted_by=by))
            assert sentence.endswith(".") and "_" not in sentence and "  " not in sentence and "None" not in sentence
            assert sentence[0].isupper() or sentence[0].isdigit()


def test_there_is_no_label_for_what_does_not_exist() -> None:
    assert {(k, s) for k, s, _ in closed()} == set(labels.LABELS)
    assert {(k, s, v) for (k, s), known in labels.LABELS.items() for v in known} == set(closed())
    assert set(labels.KIND_NAMES) == set(KINDS) == set(EXAMPLES)
    actions = set(labels.ACTIONS)
    assert {*labels.LADDER, *labels.OUTCOMES, labels.NO_STEP} == actions
    assert len(labels.LADDER) + len(labels.OUTCOMES) + 1 == len(actions)


SD = "org:safeguard-defenders"


@pytest.mark.parametrize(("kind", "slots", "more", "expected"), [
    ("figure", {"measure": "stations", "value": 54}, {"asserted_by": SD},
     "According to Safeguard Defenders, there are 54 stations worldwide."),
    ("figure", {"measure": "stations", "value": 1, "scope": "DE"}, {"asserted_by": SD},
     "According to Safeguard Defenders, there is 1 station in Germany."),
    ("figure", {"measure": "persons_returned", "value": 230000, "qualifier": "approx"},
     {"asserted_by": "state:CN", "via": [SD], "when": "2021-04/2022-07"},
     "According to authorities of China, about 230,000 people were persuaded or forced to return worldwide, from April 2021 "
     "to July 2022, as reported by Safeguard Defenders."),
    ("response", {"country": "IE", "action": "closure_order"}, {},
     "Authorities of Ireland ordered a closure, concerning China, according to Radio Free Asia."),
    ("response", {"country": "NL", "action": "arrest", "count": 2}, {"asserted_by": "state:NL"},
     "Authorities of the Netherlands made an arrest (2 people), concerning China, by their own account."),
    ("incident", {"method": "coerced_return", "host": "FR", "origin": "CN", "place": "Paris", "count": 1}, {"asserted_by": SD},
     "Safeguard Defenders alleges that 1 person was pressed or forced to return in Paris, France, by or on behalf of China."),
    ("operator", {"actor": "host_state", "role": "enables", "scope": "NL"}, {"asserted_by": "state:NL", "stance": "denies"},
     "Authorities of the Netherlands deny that the host state lets others run stations in the Netherlands."),
    ("position", {"party": "CN", "position": "denial"}, {"asserted_by": "state:CN"},
     "Authorities of China deny the allegations."),
    ("position", {"party": "CN", "position": "volunteers"}, {"asserted_by": SD, "stance": "denies"},
     "Safeguard Defenders rejects what authorities of China say, namely that the people involved are volunteers."),
    ("site", {"country": "GB", "place": "Croydon"}, {"asserted_by": SD, "via": ["state:GB"]},
     "According to Safeguard Defenders, there is a station or presence in Croydon, the United Kingdom, as reported by "
     "authorities of the United Kingdom."),
    ("recommendation", {"ask": "protect"}, {"asserted_by": SD},
     "Safeguard Defenders calls on states to protect those at risk."),
    ("report", {"author": SD, "published": "2022-09", "title": "110 Overseas"}, {},
     "Safeguard Defenders published “110 Overseas” in September 2022, according to Radio Free Asia."),
])
def test_sentences(kind: str, slots: dict[str, Any], more: dict[str, Any], expected: str) -> None:
    assert statement_in_words(said(kind, slots, **more)) == expected


def test_a_denial_never_reads_as_an_assertion() -> None:
    for kind, slots in EXAMPLES.items():
        yes = said(kind, slots, asserted_by=SD)
        no = said(kind, slots, asserted_by=SD, stance="denies")
        assert " denies that " in statement_in_words(no) or " rejects what " in statement_in_words(no)
        assert badge(no)[0] == "◇" and badge(no)[2] == "denied"
        assert (badge(yes)[0] == "◇") == (kind == "position")
        assert statement_in_words(no) != statement_in_words(yes)


def test_the_clause_holds_the_number_of_the_claim_and_no_other() -> None:
    numbers = [p.value for p in clause(said("figure", {"measure": "plots", "value": 20}).claim) if hasattr(p, "value")]
    assert numbers == [20]


@pytest.mark.parametrize(("edtf", "words"), [
    ("2022", "2022"), ("2022-09", "September 2022"), ("2022-09-12", "12 September 2022"),
    ("2021-04/2022-07", "April 2021 to July 2022"), ("../2019", "by 2019"), ("2015/..", "since 2015"),
    ("XXXX-09", "a September, year not given"), ("XXXX-08", "an August, year not given"), ("201X", "the 2010s"),
    ("2022-XX", "2022, month not given"), ("2022-09-XX", "September 2022, day not given"), ("2022-21", "spring 2022"),
    ("2022-09~", "about September 2022"), ("2022?", "probably 2022"), ("XXXX", "a year not given"),
    ("20XX", "a year between 2000 and 2099"), ("XXXX-09-05", "5 September, year not given"),
])
def test_dates_in_words(edtf: str, words: str) -> None:
    assert date_in_words(edtf) == words


def test_dates_with_their_preposition() -> None:
    assert when_phrase("2022-09-12") == "on 12 September 2022"
    assert when_phrase("2022-09") == "in September 2022"
    assert when_phrase("2021/2022") == "from 2021 to 2022"
    assert when_phrase("../2019") == "by 2019"


def test_every_event_standing_and_relation_has_a_label() -> None:
    from typing import get_args

    from safeconduct.register import STANDINGS
    from safeconduct.register.compared import Relation
    from safeconduct.register.timeline import EVENTS

    assert set(labels.EVENTS) == set(EVENTS)
    assert set(labels.STANDINGS) == set(labels.STANDING_SHAPES) == set(STANDINGS)
    assert set(labels.RELATIONS) == set(get_args(Relation))
