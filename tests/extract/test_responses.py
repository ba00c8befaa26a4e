"""What host states do and what the accused say of themselves, in English sentences."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import claims, has

NGO = "org:safeguard-defenders"
IRAN = "Iranian agents threatened exiles in Sweden. "
PRC = "Secret Chinese police stations operate in Spain. "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Norway has ordered the Chinese police stations on its soil to close.",
            {"country": "NO", "action": "closure_order"},
        ),
        (
            "Belgian prosecutors have opened an inquiry into the alleged Chinese police stations.",
            {"country": "BE", "action": "investigation"},
        ),
        (
            "Seoul summoned the Chinese ambassador over secret police stations.",
            {"country": "KR", "action": "summons"},
        ),
        (
            "Sweden expelled three Iranian diplomats over a plot against dissidents.",
            {"country": "SE", "action": "expulsion", "about": "IR"},
        ),
        (
            "Denmark's foreign ministry sent a note of protest to the Chinese embassy over secret police stations.",
            {"country": "DK", "action": "protest_note"},
        ),
        (
            "Four men were arrested by Swedish police for spying on Uyghur refugees for China.",
            {"country": "SE", "action": "arrest", "count": 4},
        ),
        (
            "A court in Copenhagen convicted two people of spying on Iranian dissidents for Saudi Arabia.",
            {"country": "DK", "action": "conviction"},
        ),
        (
            "The European Union imposed sanctions on 12 officials over the abduction of a Belarusian dissident.",
            {"country": "EU", "action": "sanctions", "about": "BY"},
        ),
        (
            "Croatia suspended its joint patrols with Chinese police.",
            {"country": "HR", "action": "cooperation_suspended"},
        ),
        (
            "Spanish police found no evidence of illegal activity at the Chinese police stations.",
            {"country": "ES", "action": "no_wrongdoing_found"},
        ),
        (
            "Canadian security agencies are monitoring the secret Chinese police stations.",
            {"country": "CA", "action": "monitoring"},
        ),
    ],
)
def test_responses(text: str, wanted: dict[str, Any]) -> None:
    has(text, "response", **wanted)


def test_silent_states_are_listed_one_by_one() -> None:
    text = "Peru, Ghana and Malta have yet to respond to reports of Chinese police stations, Safeguard Defenders said."
    for code in ("PE", "GH", "MT"):
        for claim in has(text, "response", country=code, action="no_response", about="CN", by=NGO):
            assert claim.anchor is not None


def test_who_is_seized_by_agents_is_not_arrested_by_the_host() -> None:
    text = (
        "A court in Berlin sentenced a man for helping Vietnam's secret service kidnap an official, an exile. "
        "In July 2017 Vietnamese agents seized the former official in daylight."
    )
    assert [c.quote for c in claims(text, "response")] == ["A court in Berlin sentenced a man"]


def test_people_whom_agents_sent_back_were_not_expelled_by_the_state_in_which_they_were() -> None:
    text = PRC + "The group says that agents forced one man to go home from France and that others were sent back from Serbia."
    assert not claims(text, "response")
    has(PRC + "Two Chinese diplomats were expelled from Serbia.", "response", country="RS", action="expulsion")


@pytest.mark.parametrize(
    ("text", "party", "position"),
    [
        ("Tehran has rejected the allegations of plots against dissidents in Britain.", "IR", "denial"),
        ("China denied running secret police stations in Spain.", "CN", "denial"),
        ("The Chinese embassy said that the overseas police stations had been closed.", "CN", "claims_closed"),
        ("Beijing insists that the overseas stations are staffed by volunteers.", "CN", "volunteers"),
        (
            "China's foreign ministry said the overseas stations help citizens to renew driving licences.",
            "CN",
            "administrative_services",
        ),
        ("Beijing said the overseas police stations were a response to the pandemic.", "CN", "pandemic_measure"),
        ("China accused the media of smearing it with reports of overseas police stations.", "CN", "smear_accusation"),
        ("China promised to close the secret police stations in Germany.", "CN", "promise_to_close"),
        ("The Chinese embassy in Oslo said it was unaware of any overseas police station.", "CN", "unaware"),
    ],
)
def test_positions(text: str, party: str, position: str) -> None:
    has(text, "position", party=party, position=position, by=f"state:{party}", stance="asserts")


def test_an_explanation_rejected_by_an_organisation_is_a_denied_position() -> None:
    text = (
        "Beijing says the overseas police stations only renew driving licences. Safeguard Defenders rejected this explanation."
    )
    has(text, "position", position="administrative_services", by="state:CN", stance="asserts")
    has(text, "position", position="administrative_services", by=NGO, stance="denies")


@pytest.mark.parametrize(
    ("text", "country", "action", "about"),
    [
        (IRAN + "The foreign minister has summoned Tehran's chargé d'affaires to protest.", "SE", "summons", "IR"),
        ("Turkish agents threatened critics in the Netherlands. The Turkish ambassador was asked to come to the foreign "
         "ministry in The Hague on Monday.", "NL", "summons", "TR"),
        ("Rwandan dissidents in Australia were spied on by Kigali. Canberra hauled in the Rwandan high commissioner.",
         "AU", "summons", "RW"),
        ("South Africa ordered three Rwandan diplomats to leave the country after the attack on an exiled general.",
         "ZA", "expulsion", "RW"),
        ("Two Iranian embassy employees were declared personae non gratae by Belgium over a bomb plot against exiles.",
         "BE", "expulsion", "IR"),
        ("Canada gave six Indian diplomats five days to leave over the murder of a Sikh activist.",
         "CA", "expulsion", "IN"),
        ("A federal grand jury in Brooklyn indicted four men for plotting to kidnap an Iranian journalist in New York.",
         "US", "charge", "IR"),
        ("Three men appeared in court in London accused of assisting Hong Kong's intelligence service by spying on exiled "
         "activists.", "GB", "charge", "HK"),
        ("A Berlin court found a Russian man guilty of murdering a Chechen exile and sentenced him to life in prison.",
         "DE", "conviction", "RU"),
        ("Three Turkish agents were jailed in Paris for the murder of Kurdish activists.", "FR", "conviction", "TR"),
        ("A Belarusian man was taken into custody in Warsaw on suspicion of spying on exiles for the KGB.",
         "PL", "arrest", "BY"),
        ("Turkish police detained five people working for Iranian intelligence who had planned to abduct a dissident in "
         "Istanbul.", "TR", "arrest", "IR"),
        ("The United States has barred 76 Saudis involved in threatening dissidents overseas from entering the country.",
         "US", "sanctions", "SA"),
        ("A parliamentary committee in Ottawa heard evidence from exiled Uyghur activists on Chinese harassment.",
         "CA", "hearing", "CN"),
        ("Counter-terrorism police offered round-the-clock protection to Iranian journalists in London threatened by "
         "Tehran.", "GB", "protective_measure", "IR"),
        ("The Netherlands has opened a hotline where members of the diaspora can report threats from Eritrea.",
         "NL", "protective_measure", "ER"),
        ("Kenya's police are looking into the disappearance of a Turkish teacher abducted by agents of Ankara in Nairobi.",
         "KE", "investigation", "TR"),
        ("Austria has scrapped its extradition treaty with Russia after the poisoning of an exile.",
         "AT", "cooperation_suspended", "RU"),
        ("Parliament in London passed a law that makes transnational repression on behalf of Iran an aggravating factor.",
         "GB", "legislation", "IR"),
        ("The Czech government gave the two Chinese police stations in Prague a week to shut down.",
         "CZ", "closure_order", "CN"),
        ("Nobody has been charged over the Chinese police stations in Montreal.", "CA", "no_charge", "CN"),
        ("A New York resident pleaded guilty to running a secret Chinese police station in Manhattan.",
         "US", "guilty_plea", "CN"),
        ("Tanzania has not replied to a letter about the abduction of a Rwandan exile.", "TZ", "no_response", "RW"),
        ("Norway condemned the harassment of Iranian refugees by Tehran on its soil as unacceptable.",
         "NO", "statement_of_concern", "IR"),
        ("The Finnish foreign minister raised the threats against Uyghurs with her Chinese counterpart.",
         "FI", "diplomatic_contact", "CN"),
        ("Switzerland handed a note of protest to the Turkish embassy over the planned abduction of a critic.",
         "CH", "protest_note", "TR"),
        ("Spanish police raided two flats used by Russian agents who had tracked an exiled defector.", "ES", "search", "RU"),
        ("Portuguese prosecutors closed their inquiry into the Chinese police stations for lack of evidence.",
         "PT", "no_wrongdoing_found", "CN"),
        (PRC + "Madrid has asked the Chinese embassy to explain what they are for.", "ES", "information_request", "CN"),
        ("Chinese agents harassed exiles in Auckland. New Zealand told the Chinese embassy to stop threatening dissidents.",
         "NZ", "cease_and_desist", "CN"),
        (PRC + "Danish detectives have spent a month asking whether a shop in Aarhus serves the police of Wenzhou.",
         "DK", "investigation", "CN"),
        ("Iranian agents plotted to murder a journalist in exile. Turkish police captured eight suspects in Izmir.",
         "TR", "arrest", "IR"),
        ("A Russian exile was poisoned in Vilnius. Two of the suspects are being held in Latvia on remand.",
         "LV", "arrest", "RU"),
        ("Iranian agents stabbed an exiled journalist. A jury in Antwerp convicted three men, who had fled to Spain.",
         "BE", "conviction", "IR"),
        ("Rwandan agents threatened exiles. The foreign ministry in Brussels summoned the Rwandan ambassador.",
         "BE", "summons", "RW"),
        (PRC + "The committee of the Dutch parliament put the minister through two hours of questioning.",
         "NL", "hearing", "CN"),
        ("Tajik agents beat an exile in Vilnius. Lithuania has put five opponents under police guard.",
         "LT", "protective_measure", "TJ"),
    ],
)  # fmt: skip
def test_responses_of_any_host_to_any_origin(text: str, country: str, action: str, about: str) -> None:
    has(text, "response", country=country, action=action, about=about)


@pytest.mark.parametrize(
    "text",
    [
        "If Germany were to expel the Russian diplomats who may have threatened exiles, Moscow would respond.",
        "The government plans to expel Iranian diplomats should the exiles be threatened again.",
        "Will Sweden summon the Iranian ambassador over threats to dissidents?",
        "Police in Leeds arrested two men over a burglary at a Chinese restaurant.",
        "A court in Lublin convicted three people of setting fire to a warehouse on behalf of Russia.",
        "Rwandan agents threatened exiles in Belgium. Human Rights Watch urged parliament to pass a law.",
        "Chinese agents harassed exiles in Lyon. Lyon police arrested nine people in an unrelated case.",
        "A Tajik exile was flown to Dushanbe, where a court gave him seven years.",
        "Rwandan agents threatened exiles in Pretoria. The courts have not stood idle.",
        "Chinese police stations were found in Lisbon. Their owner swears that he broke no law.",
        "Indian agents killed an exile in Surrey. India withdrew its high commissioner and expelled six Canadians.",
        "Rwandan agents threatened exiles in Lisbon. The embassy in Lisbon has not replied to questions.",
        "Tajik agents dragged an exile in Graz into a car and took him to Tajikistan, where he has since been jailed for life.",
    ],
)
def test_no_response_when_it_is_only_asked_for_or_feared_or_ordinary(text: str) -> None:
    assert not claims(text, "response")


@pytest.mark.parametrize(
    ("text", "party", "position"),
    [
        (IRAN + "Tehran called the allegations a baseless invention of hostile services.", "IR", "denial"),
        (IRAN + "Iran's embassy: “pure theatre”.", "IR", "denial"),
        ("Rwandan agents tried to kill an exiled general in Johannesburg. Kigali denies any role in the attack.",
         "RW", "denial"),
        ("Turkish agents abducted a teacher in Kosovo. “We do not kidnap anyone,” the Turkish foreign ministry said.",
         "TR", "denial"),
        ("Vietnamese agents kidnapped a businessman in Berlin. Hanoi maintains that he came home voluntarily.",
         "VN", "denial"),
        ("Russian exiles in Vilnius were followed by FSB agents. Moscow spoke of Russophobic hysteria.",
         "RU", "smear_accusation"),
        ("Rwandan agents killed an exile in Maputo. Kigali has neither confirmed nor denied its involvement.",
         "RW", "not_acknowledged"),
        (PRC + "Beijing said that it strictly abides by international law.", "CN", "lawful_conduct"),
        (PRC + "The embassy promised that the offices would be closed by the end of the month.", "CN", "promise_to_close"),
        ("A secret Chinese police station was found in Athens. Greek police said they were not aware of the station.",
         "GR", "unaware"),
    ],
)  # fmt: skip
def test_positions_of_any_party(text: str, party: str, position: str) -> None:
    has(text, "position", party=party, position=position)


def test_suspects_and_associations_deny_too() -> None:
    has(IRAN + "The two defendants pleaded not guilty.", "position", party="accused", by="persons:defendants")
    text = "A secret Chinese police station was found in Glasgow. The owner of the restaurant denied any ties to Beijing."
    has(text, "position", party="accused", position="denial")
    assert not claims("Secret Chinese police stations exist. The consulate denies them passports.", "position")


def test_keepers_of_premises_speak_for_themselves() -> None:
    text = "A secret Chinese police station was found in Cork. The tenant says that he had never heard of the arrangement."
    has(text, "position", party="accused", position="unaware", by="persons:tenant")


def test_a_pronoun_in_reported_speech_is_who_speaks() -> None:
    text = "Russian agents shot an exile in Alicante, Spain. The Kremlin says that it knew nothing of the case."
    assert {c.slots.party for c in claims(text, "position")} == {"RU"}


def test_words_of_falsehood_that_colour_a_smear_are_no_denial() -> None:
    text = PRC + "The Chinese embassy complained of groundless slander."
    assert [c.slots.position for c in claims(text, "position")] == ["smear_accusation"]


def test_the_country_that_heads_a_section_is_the_host_in_it() -> None:
    text = (
        "Governments answered questions on China's secret police stations abroad as follows.\n\n"
        "SWEDEN - The government summoned the Chinese ambassador.\n\nPortugal: Prosecutors are investigating the stations.\n\n"
        "Ireland\n\nThe foreign ministry ordered the station closed."
    )
    found = [(c.slots.country, c.slots.action) for c in claims(text, "response")]  # type: ignore[attr-defined]
    assert found == [("SE", "summons"), ("PT", "investigation"), ("IE", "closure_order")]
