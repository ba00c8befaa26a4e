"""Acts, figures and sites in English, in sentences of our own: one for each class of expression."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import claims, has


@pytest.mark.parametrize(
    ("text", "method", "host", "origin", "level"),
    [
        ("Gunmen hired by Iran shot dead a Kurdish opposition leader in Geneva in 1990.", "killing", "CH", "IR", "case"),
        ("The columnist was murdered in the Saudi consulate in Istanbul on the orders of Riyadh, a critic said.",
         "killing", "TR", "SA", "case"),
        ("Tehran offered a hitman $500,000 to murder a journalist at her home in Brooklyn.",
         "attempted_killing", "US", "IR", "case"),
        ("Belarusian KGB agents abducted an opposition activist from a Moscow street.", "abduction", "RU", "BY", "case"),
        ("The abduction of a Tajik dissident in Istanbul by agents of Dushanbe was confirmed.",
         "abduction", "TR", "TJ", "case"),
        ("Thailand deported a Vietnamese activist to Hanoi in November 2022.", "coerced_return", "TH", "VN", "case"),
        ("Cambodian exiles in Thailand were pressured to go home by embassy staff.",
         "coerced_return", "TH", "KH", "pattern"),
        ("Morocco arrested a Uyghur activist on an Interpol red notice issued by China.", "detention", "MA", "CN", "case"),
        ("Azerbaijani agents beat a blogger outside his home in Lyon.", "assault", "FR", "AZ", "case"),
        ("Russian police questioned the mother of an exiled activist who lives in Berlin.",
         "threat_to_family", "DE", "RU", "case"),
        ("Relatives of Turkmen bloggers living in Türkiye have been summoned by state security in Ashgabat.",
         "threat_to_family", "TR", "TM", "pattern"),
        ("A Rwandan refugee in Brussels received death threats from men linked to Kigali's embassy.",
         "threat", "BE", "RW", "case"),
        ("Vietnamese agents harass bloggers in Berlin.", "intimidation", "DE", "VN", "pattern"),
        ("Ethiopian exiles in Washington have been followed by men from the embassy.", "surveillance", "US", "ET", "pattern"),
        ("Hackers working for Hanoi infected the computer of a Vietnamese blogger in Germany.",
         "digital_attack", "DE", "VN", "case"),
        ("Belarus refuses to renew the passports of exiles in Poland.", "mobility_control", "PL", "BY", "pattern"),
        ("Russia, China and Iran keep tabs on refugees in Finland.", "surveillance", "FI", "IR", "pattern"),
        ("China, Iran and Russia harassed dissidents in our country, Denmark says.", "intimidation", "DK", "IR", "pattern"),
        ("Iranian consulates no longer renew the passports of those who fled.", "mobility_control", "world", "IR", "pattern"),
    ],
)  # fmt: skip
def test_each_method(text: str, method: str, host: str, origin: str, level: str) -> None:
    has(text, "incident", method=method, host=host, origin=origin, level=level)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Russia hunts its exiles in Austria. Police in Vienna arrested a man in May. "
         "Moscow's agents had shot dead a Ukrainian refugee on his doorstep.", "AT"),
        ("Belarus hunts its exiles in Poland. KGB agents abducted a Ukrainian journalist in May, police in Warsaw said.", "PL"),
    ],
)  # fmt: skip
def test_whose_people_the_victims_are_tells_no_host(text: str, host: str) -> None:
    has(text, "incident", host=host)


def test_a_passive_befalls_its_subject_whatever_that_is_called() -> None:
    told = "Saudi agents pursue exiles in Britain. "
    spied = told + "His tablet had been infected with Pegasus by an operator linked to Riyadh."
    has(spied, "incident", method="digital_attack")
    assert not claims(told + "The ambassador of Riyadh was put on a plane home.", "incident")


@pytest.mark.parametrize(
    "text",
    [
        "If Tehran were to kidnap a dissident in Paris, France would respond.",
        "Police fear that Moscow may kill exiles in Berlin.",
        "Could Belarus abduct dissidents in Vilnius?",
        "The novel tells of a Russian spy who murders a defector in Vienna.",
        "Egyptian police arrested a journalist in Cairo. Activists in Cairo were beaten by Egyptian police.",
        "A Saudi student was stabbed in Cambridge. Police say the attacker, a local man, was drunk.",
        "The government plans a law to protect exiles from intimidation by foreign states such as Iran.",
    ],
)
def test_no_act_is_told(text: str) -> None:
    assert not claims(text, "incident")


COUNTED = (
    "The monitor documented 320 incidents of transnational repression by 31 governments in 44 countries. "
    "China was responsible for 120 of them and Türkiye for 60. Between 20 and 30 cases involved journalists."
)


@pytest.mark.parametrize(
    "wanted",
    [
        {"measure": "incidents", "value": 320},
        {"measure": "origin_states", "value": 31},
        {"measure": "countries", "value": 44},
        {"measure": "incidents", "value": 120, "operator": "CN"},
        {"measure": "incidents", "value": 60, "operator": "TR"},
        {"measure": "incidents", "value": 20, "qualifier": "at_least"},
        {"measure": "incidents", "value": 30, "qualifier": "up_to"},
    ],
)
def test_counts_that_lean_on_another(wanted: dict[str, Any]) -> None:
    has(COUNTED, "figure", **wanted)


def test_a_count_in_a_list_of_cities_is_a_figure_each() -> None:
    text = "Chinese police run secret service stations in Spain: nine, of which five are in Madrid and one in Valencia."
    for value, place in ((9, None), (5, "Madrid"), (1, "Valencia")):
        has(text, "figure", measure="stations", value=value, scope="ES", place=place)
    assert not claims(text, "site")


RANKED = (
    "Safeguard Defenders found secret Chinese police stations in 40 countries. "
    "Greece leads the table, with eight; then come Spain, six, and Norway, three. The ministry admits to five."
)


@pytest.mark.parametrize(("value", "scope"), [(8, "GR"), (6, "ES"), (3, "NO")])
def test_stations_counted_without_their_noun(value: int, scope: str) -> None:
    has(RANKED, "figure", measure="stations", value=value, scope=scope)


@pytest.mark.parametrize(
    "text",
    [
        "Russian agents hunt exiles in Kenya, which shelters 820,000 refugees.",
        "Iran's agents targeted exiles in Malta. Malta also deported 900 persons last year for want of a visa.",
        "In May 2022 Belarus made 60 exiles stateless overnight.",
        "Brigade 24 activists from Tajikistan were harassed in Warsaw by Tajik agents.",
    ],
)
def test_crowds_and_single_events_are_no_totals(text: str) -> None:
    assert not claims(text, "figure")


def test_stations_counted_in_brackets_behind_their_countries() -> None:
    text = "China runs overseas police service stations, Safeguard Defenders says. In the south: Malta (4), Greece (7)."
    for value, scope in ((4, "MT"), (7, "GR")):
        has(text, "figure", measure="stations", value=value, scope=scope)


def test_names_on_a_wanted_list_are_people() -> None:
    text = "Hong Kong police hunt exiled activists in Britain. The bounty list now runs to 21 names."
    has(text, "figure", measure="persons_targeted", value=21, scope="world")


@pytest.mark.parametrize(
    ("text", "measure", "value", "scope"),
    [
        ("MI5 foiled fifteen plots by Iran to kill or kidnap people in Britain.", "plots", 15, "GB"),
        ("Some 3,500 Uyghurs have been deported to China since 1997.", "persons_returned", 3500, "world"),
        ("At least 5,532 Uyghurs living abroad had been subjected to harassment by China.", "persons_targeted", 5532, "world"),
    ],
)
def test_totals(text: str, measure: str, value: int, scope: str) -> None:
    has(text, "figure", measure=measure, value=value, scope=scope)


SITES = (
    "A handyman's shop in Rotterdam served as an overseas police station run by Fuzhou. Another is located above a noodle "
    "bar in Croydon. The Chinese police station in Budapest, opened in 2019, is still active."
)


@pytest.mark.parametrize(
    "wanted",
    [
        {"country": "NL", "place": "Rotterdam", "form": "handyman_business"},
        {"country": "GB", "place": "Croydon", "form": "restaurant"},
        {"country": "HU", "place": "Budapest", "status": "active", "opened": "2019"},
    ],
)
def test_fronts_and_further_ones_are_sites(wanted: dict[str, Any]) -> None:
    has(SITES, "site", **wanted)


def test_each_of_the_houses_counted_is_a_site() -> None:
    text = "Police searched two charities, one in Leeds and one in Cardiff, said to be secret Chinese police stations."
    has(text, "site", country="GB", place="Leeds", form="community_association")


def test_who_set_it_up_and_what_the_accused_says_of_volunteers() -> None:
    told = "A secret Chinese police station has opened in Porto. The Nantong police set it up. "
    has(told, "operator", actor="police_authority", name="nantong", role="established")
    assert not claims(told + "The Chinese embassy said the station was staffed by volunteers.", "operator")[1:]
