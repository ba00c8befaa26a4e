"""What stands beside or between what is read: continents as partners, relatives in phrases, forms of two houses, both of two
states that did nothing, a medium that is only called one, a city in brackets."""

from __future__ import annotations

import pytest

from safeconduct.extract.likely import Likely
from safeconduct.extract.pack import load

from .helpers import claims, has
from .test_named_in_context import CHINESE, ENGLISH, SPANISH


@pytest.mark.parametrize(
    ("words", "partners"),
    [
        ("China has signed security agreements with countries in Asia and Africa.", {"asia", "africa"}),
        ("They rest on security arrangements struck with governments across Africa and the work that police teams from China "
         "and four states, among them Peru and Chile, have done.", {"africa"}),
        ("China has signed extradition treaties with Asian countries, among them Nepal.", {"NP"}),
        ("China has signed an extradition treaty with Peru, a country in South America.", {"PE"}),
    ],
)  # fmt: skip
def test_continents_stand_for_partners_that_are_not_named(words: str, partners: set[str]) -> None:
    pacts = [c for c in claims(ENGLISH + words, "agreement") if c.slots.type in ("security_agreement", "extradition")]
    assert {p for c in pacts for p in c.slots.parties} == {"CN", *partners}


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_whoever_is_named_as_a_relative_is_family(language: str) -> None:
    pack = load(language)
    for form in (f for entry in pack.tables["names"]["target"]["family"] for f in pack.expand(entry)):
        node = pack.root
        for word in form.split():
            node = node[word]
        assert any("family" in sense.tags for sense in node[""]), form


def test_threats_to_members_of_families_are_threats_to_families() -> None:
    has(ENGLISH + "Beijing threatens critics and members of their families.", "incident", method="threat_to_family")


def test_each_of_two_houses_has_its_own_form() -> None:
    words = "The station in Leeds is run from a travel agency, while the office in Cardiff is a restaurant."
    forms = {c.slots.place: c.slots.form for c in claims(ENGLISH + words, "site")}
    assert forms == {"Leeds": "travel_agency", "Cardiff": "restaurant"}


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH + "Neither Oslo nor Lisbon has commented publicly.",
        SPANISH + "Ni Oslo ni Lisboa han respondido.",
        CHINESE + "挪威和葡萄牙均未回应。",
    ],
)
def test_neither_of_two_states_spoke(text: str) -> None:
    silent = [c for c in claims(text, "response") if c.slots.action == "no_response"]
    assert {c.slots.country for c in silent} >= {"NO", "PT"}


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        (ENGLISH + "Reuters saw the letters. The news agency said that Peru has opened an inquiry.", "media:reuters"),
        (ENGLISH + "CNN saw the letters. According to the news network, Peru has opened an inquiry.", "media:cnn"),
        (SPANISH + "Reuters vio las cartas. La agencia de noticias dijo que Perú abrió una investigación.", "media:reuters"),
    ],
)
def test_a_medium_that_is_only_called_one_is_the_one_named_before(text: str, medium: str) -> None:
    has(text, "response", country="PE", action="investigation", by=medium)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (ENGLISH + "Most stations are in Europe, with seven stations in Polish towns.", "PL"),
        (SPANISH + "La mayoría está en Europa, con siete comisarías en ciudades polacas.", "PL"),
    ],
)
def test_the_cities_of_a_state_are_in_it(text: str, state: str) -> None:
    has(text, "figure", measure="stations", value=7, scope=state)


def test_an_agency_of_one_name_in_two_states_is_of_neither() -> None:
    words = "Austria's interior ministry told the APA news agency that it would not tolerate foreign police."
    assert {c.slots.country for c in claims(ENGLISH + words, "response")} <= {"AT"}


def test_swift_action_is_action() -> None:
    has(ENGLISH + "The group urged governments to take swift action against the stations.", "recommendation", ask="take_action")


def test_a_member_of_a_list_whose_words_are_fewer_is_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[float] = []
    signs = Likely.signs

    def seen(self: Likely, kind: str, *given: object, **more: object) -> dict[str, float]:
        if kind == "site":
            listed.append(more["listed"])  # type: ignore[arg-type]
        return signs(self, kind, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Likely, "signs", seen)
    words = "China has set up stations in 20 countries, including Kenya (Nairobi), Peru and Chile."
    assert {c.slots.country for c in claims(ENGLISH + words, "site", rules_only=False)} >= {"KE", "PE", "CL"}
    assert 3 in listed
