"""Stations counted in lists and as parts of a whole, states that are accused as such, and short names of countries."""

from __future__ import annotations

import pytest

from .helpers import claims, has
from .test_named_in_context import CHINESE, ENGLISH, SPANISH

HERE = {"en": ENGLISH, "es": SPANISH, "zh": CHINESE}


@pytest.mark.parametrize(
    ("language", "words", "counted"),
    [
        ("en", "Spain has nine stations, Italy eleven and France four.", {"ES": 9, "IT": 11, "FR": 4}),
        ("en", "Spain has nine: three in Madrid and two in Valencia.", {"ES": 9, "Madrid": 3, "Valencia": 2}),
        ("en", "Milan has three of the stations, Prato two and Florence one.", {"Milan": 3, "Prato": 2, "Florence": 1}),
        ("en", "Italy is home to eleven of the stations.", {"IT": 11}),
        ("en", "Italy, with eleven, leads the list.", {"IT": 11}),
        ("en", "Europe as a whole has more than forty stations.", {"europe": 40}),
        ("en", "Of the 54 stations, 38 were run by Fuzhou.", {"world": 38}),
        ("en", "Nine of the stations are in Spain and Italy hosts eleven.", {"ES": 9, "IT": 11}),
        ("en", "Oslo and Vienna hold two stations each.", {"Oslo": 2, "Vienna": 2}),
        ("en", "Norway and Austria have three stations apiece.", {"NO": 3, "AT": 3}),
        ("en", "Norway has three stations and Austria has three.", {"NO": 3, "AT": 3}),
        ("en", "It mapped three stations, two of them in Oslo and one in Bergen.", {"Oslo": 2, "Bergen": 1}),
        ("en", "It documented 14 stations in six countries of the Americas.", {"americas": 14}),
        ("zh", "报告称非洲七个国家设有11个警察服务站。", {"africa": 11}),
        ("es", "Noruega y Austria tienen tres comisarías cada una.", {"NO": 3, "AT": 3}),
        ("zh", "挪威和奥地利各有三个警察服务站。", {"NO": 3, "AT": 3}),
        ("es", "Roma tiene tres, Milán dos y Florencia una.", {"Milán": 2, "Florencia": 1}),
        ("zh", "第二份报告使总数达到53个国家的102个。", {"world": 102}),
        ("zh", "福州警方设立了54个站点中的38个。", {"world": 38}),
        ("zh", "在54个站点中，38个由福州警方设立。", {"world": 38}),
        ("zh", "其中九个在西班牙，十一个在意大利。", {"ES": 9, "IT": 11}),
    ],
)
def test_every_member_of_a_list_of_counts(language: str, words: str, counted: dict[str, int]) -> None:
    found = [c.slots.as_json() for c in claims(f"{HERE[language]}{words}\n", "figure")]
    there = {(f["place"] or f["scope"], f["value"]) for f in found if f["measure"] == "stations"}
    assert set(counted.items()) <= there


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The list includes Norway, Austria and Kenya."),
        ("en", "Norway, Austria and Kenya are among the countries named."),
        ("es", "En la lista figuran Noruega, Austria y Kenia."),
        ("es", "Noruega, Austria y Kenia están en la lista."),
        ("zh", "名单包括挪威、奥地利和肯尼亚。"),
        ("en", "Similar premises exist in Norway, Austria and Kenya."),
        ("es", "Hay locales similares en Noruega, Austria y Kenia."),
        ("zh", "类似站点还出现在挪威、奥地利和肯尼亚。"),
    ],
)
def test_countries_on_a_list_of_hosts(language: str, words: str) -> None:
    there = {c.slots.as_json()["country"] for c in claims(f"{HERE[language]}{words}\n", "site")}
    assert {"NO", "AT", "KE"} <= there


def test_each_is_said_of_the_count_before_it() -> None:
    told = f"{ENGLISH}Norway and Austria have three stations each and 14 more exist in Africa.\n"
    found = {(f["scope"], f["value"]) for f in (c.slots.as_json() for c in claims(told, "figure"))}
    assert {("NO", 3), ("AT", 3), ("africa", 14)} <= found and ("NO", 14) not in found


def test_towns_on_a_list_of_hosts() -> None:
    found = claims(f"{ENGLISH}Oslo, Bergen and Graz are among the towns it names.\n", "site")
    there = {c.slots.as_json()["place"] for c in found}
    assert there == {"Oslo", "Bergen", "Graz"}


@pytest.mark.parametrize(
    ("words", "measure", "scope"),
    [
        ("Eleven of the stations exist in Africa, spread over seven countries.", "countries", "africa"),
        ("Some 1,200 fugitives were brought home from Latin America.", "persons_returned", "americas"),
        ("It documented 14 stations in six countries of the Americas.", "countries", "americas"),
    ],
)
def test_the_continent_that_a_count_is_of(words: str, measure: str, scope: str) -> None:
    has(f"{ENGLISH}{words}\n", "figure", measure=measure, scope=scope)


@pytest.mark.parametrize("words", ["Inquiries were launched in {}.", "{} opened inquiries."])
def test_every_host_of_a_list_in_which_something_is_done(words: str) -> None:
    found = claims(f"{ENGLISH}{words.format('Norway, Austria and Kenya')}\n", "response")
    assert {c.slots.as_json()["country"] for c in found} == {"NO", "AT", "KE"}


def test_no_basis_for_a_charge_is_no_charge() -> None:
    told = "Norwegian prosecutors concluded that there was no basis for prosecuting a restaurant owner."
    assert [c.slots.as_json()["action"] for c in claims(f"{ENGLISH}{told}\n", "response")] == ["no_charge"]


def test_a_states_own_press_tells_of_itself() -> None:
    """What a text is written in is rather the host, but not where it names itself far more than any other known state."""
    told = (
        "BAKU, 12 December 2024 - Azerbaijan had nothing to do with the stabbing of an exiled blogger in Lyon, the foreign "
        "ministry said. France expelled two Azerbaijani diplomats on Monday over the attack on the Azerbaijani dissident. "
        "Azerbaijan rejects the accusation. Azerbaijani agents kidnapped a journalist in Tbilisi, Paris claims. Trade with "
        "Türkiye grew.\n"
    )
    assert has(told, "response", action="expulsion", country="FR")[0].slots.as_json()["about"] == "AZ"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Norwegian police searched two offices linked to the stations."),
        ("es", "La policía noruega registró dos oficinas vinculadas a las comisarías."),
    ],
)
def test_offices_linked_to_stations_are_none(language: str, words: str) -> None:
    found = [c.slots.as_json() for c in claims(f"{HERE[language]}{words}\n", "figure")]
    assert not [f for f in found if (f["measure"], f["value"]) == ("stations", 2)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The Dutch, who ordered the offices on their territory to close, were praised."),
        ("en", "The Dutch government closed both of them."),
        ("es", "Los Países Bajos cerraron ambas."),
    ],
)
def test_who_closed_them(language: str, words: str) -> None:
    has(f"{HERE[language]}{words}\n", "response", action="closure_order", country="NL")


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("The Netherlands accused Iran of two murders on Dutch soil.", "state:NL"),
        ("A Dutch court found that Iran had ordered the killing.", "state:NL"),
    ],
)
def test_a_state_that_is_accused_of_killings(words: str, who: str) -> None:
    has(f"{ENGLISH}{words}\n", "incident", by=who, method="killing", host="NL", origin="IR")


@pytest.mark.parametrize("told", ["charged them with two murders", "accused them of two murders", "accused him of murder"])
def test_people_who_are_accused_of_a_crime_make_no_incident(told: str) -> None:
    assert not claims(f"{ENGLISH}Dutch prosecutors {told}.\n", "incident")


def test_some_of_those_who_were_held() -> None:
    words = "Egypt detained dozens of Uyghur students in July 2017 and deported some of them to China."
    has(f"{ENGLISH}{words}\n", "incident", method="coerced_return", host="EG", origin="CN")


def test_an_official_is_charged_as_anybody_is() -> None:
    words = "US prosecutors charged an Indian official with directing the plot to kill a Sikh activist in New York."
    has(f"{ENGLISH}{words}\n", "response", action="charge", country="US", about="IN")


def test_an_assault_rifle_assaults_nobody() -> None:
    words = "A man with a loaded assault rifle was arrested outside her house in Brooklyn."
    assert not claims(f"{ENGLISH}{words}\n", "incident")


def test_who_speaks_is_not_the_organ_that_he_speaks_of() -> None:
    words = "No stations exist, the foreign ministry in Beijing insisted; Wang Wenbin dismissed the prosecution as a smear."
    before = "The FBI said that a man was charged over a secret Chinese police station in New York."
    has(f"{before}\n\n{words}\n", "position", party="CN", position="smear_accusation")


def test_who_is_first_to_reveal_something_publishes_it() -> None:
    words = "Il Foglio had been the first to reveal in September 2022 that a station was at work in Prato."
    has(f"{ENGLISH}{words}\n", "report", author="media:il-foglio", published="2022-09")
    spanish = "Lo desveló El País el 3 de enero de 2023."
    has(f"{SPANISH}{spanish}\n", "report", author="media:el-pais", published="2023-01-03")


@pytest.mark.parametrize(
    ("language", "words", "host"),
    [
        ("en", "The police in Korea are investigating the station.", "KR"),
        ("en", "Korean police are investigating the station.", "KR"),
        ("es", "La policía coreana investiga la comisaría.", "KR"),
        ("zh", "十三个国家已展开调查，包括加拿大、爱尔兰和荷兰。", "IE"),
    ],
)
def test_who_investigates(language: str, words: str, host: str) -> None:
    has(f"{HERE[language]}{words}\n", "response", action="investigation", country=host)


def test_the_capital_of_a_region_is_no_city_of_its_name() -> None:
    words = "In the Lombard capital a pair of Chinese police stations were set up."
    assert not [c for c in claims(f"{ENGLISH}{words}\n") if c.slots.as_json().get("place") == "Lombard"]


@pytest.mark.parametrize("who", ["香港警方", "港警", "香港警务处国安处", "国安处"])
def test_the_police_of_hong_kong_are_its_own(who: str) -> None:
    has(f"{CHINESE}{who}悬赏六名流亡英国的活动人士。\n", "incident", method="threat", host="GB", origin="HK")
