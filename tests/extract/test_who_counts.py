"""Who says it in whole reports: counts, lists and maps, asides, acts that the narrator tells, and those who are only named."""

from __future__ import annotations

import pytest

from .helpers import claims, has

ABROAD = "China's police run secret stations abroad and hunt exiles. "
NGO = "org:safeguard-defenders"
HOUSE = "org:freedom-house"


def asserters(text: str, kind: str) -> set[str]:
    """Who asserts the claims of a kind in a text."""
    return {c.attribution.asserted_by for c in claims(text, kind)}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        # a list or a map, and what stands behind a semicolon
        ("Freedom House's register, at the end of 2021, ran to 735 incidents of repression abroad.", HOUSE),
        ("Thirty-one countries now figure on Freedom House's list.", HOUSE),
        ("Chinese police, Safeguard Defenders reckons, opened the office in Split; 9 further stations followed.", NGO),
        # verbs with an object do not make a speaker of it
        ('Safeguard Defenders, in "Long Shadows", of 2023, credited Norway with five Chinese police stations.', NGO),
        ('Freedom House, in "No Refuge", of 2023, listed Norway among 14 countries where exiles were hunted.', HOUSE),
        # studies that somebody brought out; those who are told something
        ("A survey by Freedom House, handed to Swedish MPs in May, found that exiles in nine countries were spied on.", HOUSE),
        ("Freedom House, a Washington think tank, has now verified 112 assaults on Chinese exiles.", HOUSE),
        ("Dutch minister tells Beijing to wind up two police stations", "publisher"),
        ("Safeguard Defenders went to Oslo. In its report it counted seven Chinese police stations in Norway.", NGO),
        # an organisation that is named beside the number, by whatever verb
        ("The 9 Chinese police stations that Safeguard Defenders drew on its map are busy at night.", NGO),
        ("Exile is unsafe, with Freedom House tallying 612 incidents of repression since 2014.", HOUSE),
        # a state that counts
        ("The Norwegian security service has documented 17 attempts by Chinese agents to intimidate exiles.", "state:NO"),
        # an aside does not speak for the one it stands behind
        ("Safeguard Defenders brought out a list. Oslo, it says, has three Chinese police stations.", NGO),
        ("Safeguard Defenders brought out a list. Some 8 governments are looking into the stations, the director said.", NGO),
    ],
)
def test_whose_number_it_is(text: str, who: str) -> None:
    assert who in asserters(ABROAD + text, "figure"), asserters(ABROAD + text, "figure")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The Norwegian interior ministry reports that Chinese agents threatened a Uyghur baker in Bergen.", "state:NO"),
        ("The Fjord Writers' Forum said that Chinese agents had threatened an exile in Bergen.", "org:fjord-writers-forum"),
        ("Freedom House and Forbidden Stories say that Chinese agents threatened a Uyghur baker.", HOUSE),
        ("One student, who lives in Bergen, said that Chinese agents had threatened her parents.", "persons:student"),
    ],
)
def test_who_tells_of_an_act(text: str, who: str) -> None:
    assert who in asserters(ABROAD + text, "incident"), asserters(ABROAD + text, "incident")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Norway called the threats against exiles unacceptable and summoned the Chinese ambassador.", "summons"),
        ("Washington, which declared the exile wrongfully detained, summoned the Chinese ambassador in May.", "summons"),
        ("The United States responded on 3 May with visa restrictions on Chinese officials who hound exiles.", "sanctions"),
        ("A court in Oslo found a man guilty of spying on Uyghur exiles for China.", "conviction"),
    ],
)
def test_what_a_state_does_is_told_by_the_narrator(text: str, action: str) -> None:
    has(ABROAD + text, "response", action=action, by="publisher")


def test_who_speaks_for_a_state_is_known_by_name() -> None:
    text = "Rwandan agents hunt exiles in Belgium. Two exiles were threatened in Ghent. President Paul Kagame denies it."
    has(text, "position", position="denial", party="RW")


def test_an_exile_with_the_name_of_a_president_does_not_speak_for_the_state() -> None:
    text = "Azerbaijani agents hunt exiles in Lille. Agents threatened the blogger in Lille in May, Aliyev said."
    assert "state:AZ" not in asserters(text, "incident")


def test_its_ministry_is_that_of_the_state_that_spoke() -> None:
    text = "Turkey abducts exiles. A court in Albania heard two. Ankara boasts of it. Its minister put the catch at 88 exiles."
    assert "state:TR" in asserters(text, "figure")


def test_the_paper_is_the_newspaper_that_spoke() -> None:
    text = ABROAD + "Le Monde told of a trader who had fled. The man, the paper said, was threatened by Chinese agents in Lyon."
    assert "media:le-monde" in asserters(text, "incident")


def test_a_country_before_a_colon_is_no_speaker_in_a_headline() -> None:
    assert asserters("Egypt: Agents threaten exiles in Oslo\n\nEgypt hunts exiles abroad.", "incident") == {"publisher"}


def test_a_number_and_states_are_no_verb() -> None:
    text = ABROAD + (
        "The interior ministry in Beijing maintains an office of its own in Oslo with eight officers,"
        " opened in 2009 under a police accord between the two states."
    )
    assert asserters(text, "site") == {"publisher"}


def test_it_stands_for_one() -> None:
    text = "Safeguard Defenders published a study of Chinese police stations. Two Chinese police forces run them. "
    assert asserters(text + "At least nine countries have opened investigations, it reports.", "figure") == {NGO}


def test_who_quotes_an_interview_does_not_say_what_was_said_in_it() -> None:
    text = "Norway is ending its joint patrols with China, the justice minister, Kari Nordmann, said in an interview"
    assert asserters(f"{text} with Aftenposten that Reuters summarised on 3 May 2023.", "response") == {"state:NO"}
