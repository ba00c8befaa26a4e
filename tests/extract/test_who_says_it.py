"""Who says it, in the many ways in which English tells it: papers, rumours, chains, pronouns, denials."""

from __future__ import annotations

import pytest

from .helpers import claims, has

DEED = "Uzbek agents followed exiled activists in Sofia"
NGO = "org:human-rights-watch"


def by(text: str) -> tuple[str, tuple[str, ...], str]:
    """Asserter, chain and stance of the surveillance that a text tells of."""
    claim = next(c for c in claims(text, "incident") if c.slots.as_json()["method"] == "surveillance")
    said = claim.attribution
    return said.asserted_by, said.via, said.stance


@pytest.mark.parametrize(
    ("text", "who"),
    [
        # verbs of saying and what stands around them
        (f"Bulgarian prosecutors hold that {DEED}.", "state:BG"),
        (f"Bulgarian police have established that {DEED}.", "state:BG"),
        (f"{DEED}, neighbours testified before a judge, and the hall fell silent.", "persons:neighbours"),
        (f"The Bulgarian interior ministry lets slip that {DEED}.", "state:BG"),
        (f"{DEED}, opposition politicians pointed out.", "persons:opposition-politicians"),
        ("Uzbek agents followed exiled activists in Plovdiv, Sofia protested.", "state:BG"),
        (f"{DEED}, a spokeswoman for the Bulgarian interior ministry told Reuters.", "state:BG"),
        (f"Justice minister Niamh O'Rourke said in Dublin that {DEED}, and that Ireland took it seriously.", "state:IE"),
        (f"A jury at the Bulgarian court was told that {DEED}.", "state:BG"),
        (f"A former prisoner gave evidence in Vienna: {DEED}.", "persons:former-prisoner"),
        # what somebody's account is
        (f"By the lawyers' account, {DEED}.", "persons:lawyers"),
        (f"{DEED}, if one follows the account of his lawyer.", "persons:lawyer"),
        (f"{DEED} – so the Bulgarian interior ministry.", "state:BG"),
        (f"{DEED}: Human Rights Watch", NGO),
        (f"For Sofia the case is closed: {DEED}.", "state:BG"),
        (f"Witnesses' complaints that {DEED} were filed away.", "persons:witnesses"),
        # papers
        (f"An analysis of many interviews by Human Rights Watch reveals that {DEED}.", NGO),
        (f"Statistics compiled by Human Rights Watch indicate that {DEED}.", NGO),
        (f"An inquiry by the newspaper Utro has brought to light how {DEED}.", "media:utro"),
        (f"Leaked cables show that {DEED}.", "unspecified"),
        (f"Court records unsealed in Bulgaria show that {DEED}.", "state:BG"),
        # nobody in particular
        (f"There are claims that {DEED}.", "unspecified"),
        (f"Rumour has it that {DEED}.", "unspecified"),
        ("Uzbek agents are accused of following exiled activists in Sofia.", "unspecified"),
        ("Uzbek agents were alleged to have followed exiled activists in Sofia.", "unspecified"),
        # bodies that say nothing of it
        (f"Prompted by a Human Rights Watch report, {DEED} once more.", "publisher"),
        (f"In a town where Human Rights Watch once had an office, {DEED}.", "publisher"),
        (f"The statement from Human Rights Watch came after {DEED}.", "publisher"),
    ],
)
def test_the_asserter(text: str, who: str) -> None:
    assert by(text)[0] == who


@pytest.mark.parametrize(
    ("text", "who", "via"),
    [
        (f"In an interview with Reuters, a Human Rights Watch researcher said that {DEED}.", NGO, ("media:reuters",)),
        (f"A police officer in Sofia, who asked for anonymity, told Reuters that {DEED}.", "state:BG", ("media:reuters",)),
        (f"According to witnesses who spoke to Reuters, {DEED}.", "persons:witnesses", ("media:reuters",)),
        (f"Reuters reports, with reference to Human Rights Watch, that {DEED}.", NGO, ("media:reuters",)),
        (f"{DEED}, Reuters reported, pointing to Human Rights Watch as its source.", NGO, ("media:reuters",)),
        (
            f"{DEED}, AFP reported, citing Le Monde, which had it from Human Rights Watch.",
            NGO,
            ("media:le-monde", "media:afp"),
        ),
    ],
)
def test_chains(text: str, who: str, via: tuple[str, ...]) -> None:
    assert by(text)[:2] == (who, via)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (f"Bulgaria's justice minister answered questions at noon. {DEED}, she added.", "state:BG"),
        (f"An Uzbek blogger in Varna has moved house twice. {DEED}, he says.", "persons:blogger"),
        (f"Human Rights Watch elected a new board. {DEED}, the umbrella body said.", NGO),
        (f"Bulgaria's security service opened a museum. {DEED}, the agency notes.", "state:BG"),
        (f"Human Rights Watch runs a hotline. According to the New York think tank, {DEED}.", NGO),
    ],
)
def test_who_was_named_before(text: str, who: str) -> None:
    assert by(text)[0] == who


@pytest.mark.parametrize(
    "text",
    [
        "The Bulgarian interior ministry said it was not true that China runs a police station in Sofia.",
        "The Bulgarian interior ministry said there was no truth in claims that China runs a police station in Sofia.",
        "“There is no Chinese police station in Sofia,” the Bulgarian interior ministry said.",
    ],
)
def test_what_is_called_untrue_is_denied(text: str) -> None:
    has(text, "site", place="Sofia", by="state:BG", stance="denies")


def test_what_is_not_called_untrue_is_asserted() -> None:
    text = "The Bulgarian interior ministry called the embassy's answer untrue, and said China runs a police station in Sofia."
    has(text, "site", place="Sofia", by="state:BG", stance="asserts")


def test_what_a_capital_insists_on_is_its_own_claim() -> None:
    text = "Dublin insists that Ireland has ordered the Chinese police station closed."
    has(text, "response", country="IE", action="closure_order", by="state:IE")


def test_what_a_body_says_behind_while_ends_at_the_comma() -> None:
    text = "While Human Rights Watch says the law suffices, Uzbek agents kidnapped a journalist in Sofia in May 2023."
    has(text, "incident", method="abduction", by="publisher")


STATIONS = "China runs secret police stations abroad, Safeguard Defenders said in a report.\n\n"


def test_each_of_several_states_speaks_for_itself() -> None:
    found = claims(STATIONS + "The security services of Sweden and Denmark say they are following developments.", "response")
    assert {c.slots.country: c.attribution.asserted_by for c in found} == {  # type: ignore[attr-defined]
        "SE": "state:SE", "DK": "state:DK",
    }  # fmt: skip


@pytest.mark.parametrize("paper", ["A first study in September listed", "That report counted"])
def test_what_a_paper_counts_its_organisation_says(paper: str) -> None:
    has(f"{STATIONS}{paper} 54 posts in 30 countries.", "figure", measure="stations", value=54, by="org:safeguard-defenders")
    text = f"{STATIONS}The Dutch police denied it. Its own report counted 54 posts in 30 countries."
    assert not any(c.attribution.asserted_by == "state:CN" for c in claims(text, "figure"))


def test_a_guest_speaks_for_the_organisation_that_the_interview_is_with() -> None:
    text = (
        "A conversation with the research director of Human Rights Watch on China's secret police stations.\n\n"
        "Host: What did the Dutch do?\n\nResearch director: The Netherlands closed both Chinese police stations.\n"
    )
    assert {c.attribution.asserted_by for c in claims(text, "response")} == {NGO}
