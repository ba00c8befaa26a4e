"""Who says nothing asserts nothing; who threatens does not assert the threat; whose passports are taken."""

from __future__ import annotations

import pytest

from .helpers import claims
from .test_named_in_context import ENGLISH


def test_a_capital_that_says_nothing_does_not_say_what_others_did() -> None:
    found = claims(f"{ENGLISH}Lisbon has opened an inquiry, and Vienna has said nothing.\n", "response")
    told = {(c.slots.as_json()["country"], c.slots.as_json()["action"]): c.attribution.asserted_by for c in found}
    assert told == {("PT", "investigation"): "publisher", ("AT", "no_response"): "publisher"}


def test_to_say_that_nothing_was_found_is_no_silence() -> None:
    found = claims(f"{ENGLISH}The Irish ministry said nothing had been found at the station in Dublin.\n", "response")
    assert "no_response" not in {c.slots.as_json()["action"] for c in found}


def test_a_country_that_says_it_found_nothing() -> None:
    (found,) = claims(f"{ENGLISH}Ecuador said it had found no evidence that the centres were in operation.\n", "response")
    assert (found.slots.as_json()["country"], found.attribution.asserted_by) == ("EC", "state:EC")


def test_what_is_told_an_exile_as_a_threat_is_no_assertion() -> None:
    told = "China's security service phoned an exile in Berlin and told her that her father would be arrested."
    (found,) = claims(f"{ENGLISH}{told}\n", "incident")
    assert (found.slots.as_json()["method"], found.attribution.asserted_by) == ("threat_to_family", "publisher")


def test_people_of_whom_a_sentence_tells_are_not_those_of_the_organisation() -> None:
    told = "Chinese officers threatened the parents of two activists living in Vilnius, the activists told Reuters."
    (found,) = claims(f"{ENGLISH}{told}\n", "incident")
    assert (found.attribution.asserted_by, found.attribution.via) == ("persons:activists", ("media:reuters",))


def test_the_number_of_a_country_behind_its_name() -> None:
    found = claims(f"{ENGLISH}In Spain the group counted nine stations, the most after Italy's eleven.\n", "figure")
    assert {(c.slots.as_json()["scope"], c.slots.as_json()["value"]) for c in found} >= {("ES", 9), ("IT", 11)}


@pytest.mark.parametrize("what", ["the passport of an exiled journalist", "the passports of two exiled journalists"])
def test_passports_are_no_papers_of_a_court(what: str) -> None:
    (found,) = claims(f"{ENGLISH}The Chinese consulate in Milan confiscated {what}.\n", "incident")
    slots = found.slots.as_json()
    assert (slots["method"], slots["host"], slots["target"]) == ("mobility_control", "IT", "journalists")
