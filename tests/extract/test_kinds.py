"""Facts by content, in sentences of our own, one group for each kind of claim."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import claims, has

NGO = "org:safeguard-defenders"


def test_stations_countries_and_continents_are_three_figures() -> None:
    text = "China runs at least 60 overseas police stations in 33 countries on four continents, Safeguard Defenders said."
    has(text, "figure", measure="stations", value=60, qualifier="at_least", scope="world", by=NGO)
    has(text, "figure", measure="countries", value=33, qualifier="exact", by=NGO)
    has(text, "figure", measure="continents", value=4, by=NGO)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Portugal hosts three unofficial Chinese police stations.", {"value": 3, "scope": "PT"}),
        ("More than seventy secret Chinese police stations exist worldwide.", {"value": 70, "qualifier": "more_than"}),
        ("There are two undeclared Chinese police outposts in Sweden.", {"value": 2, "scope": "SE"}),
        ("About a dozen secret Chinese police stations operate across Europe.", {"value": 12, "qualifier": "approx"}),
        ("The number of Chinese overseas police stations in Canada rose to 7.", {"value": 7}),
        ("Two secret Chinese police stations in Lisbon were found.", {"value": 2, "scope": "PT", "place": "Lisbon"}),
    ],
)
def test_numbers_of_stations(text: str, wanted: dict[str, Any]) -> None:
    has(text, "figure", measure="stations", **wanted)


def test_vague_quantities_and_anaphora_are_no_figures() -> None:
    text = "Dozens of secret Chinese police stations exist in several countries. The two stations were visited."
    assert not claims(text, "figure")


def test_new_stations() -> None:
    has(
        "Safeguard Defenders has located 15 additional Chinese police stations.",
        "figure",
        measure="stations_new",
        value=15,
    )


def test_what_is_counted_after_new_stations_are_stations() -> None:
    text = "Safeguard Defenders located 15 additional Chinese police stations and now counts 70 of them in 40 countries."
    has(text, "figure", measure="stations", value=70)
    has(text.replace("now counts 70", "says that nine"), "figure", measure="stations_new", value=9)


def test_people_returned_with_a_period() -> None:
    text = "Between May 2019 and June 2020, Chinese police persuaded 12,500 fugitives to return from abroad."
    has(text, "figure", measure="persons_returned", value=12500, scope="world")
    assert not claims(text, "incident")


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("Freedom House documented 610 incidents of transnational repression.", "incidents", 610),
        ("Russia was behind 14 assassination plots in Europe, police said, against exiled dissidents.", "plots", 14),
        ("Acts of transnational repression were committed by 31 governments.", "origin_states", 31),
        (
            "At least nine countries have opened investigations into Chinese overseas police stations.",
            "countries_investigating",
            9,
        ),
        ("The Chinese police stations abroad were run from ten provinces.", "provinces", 10),
    ],
)
def test_other_measures(text: str, measure: str, value: int) -> None:
    has(text, "figure", measure=measure, value=value)


def test_one_site_for_each_city_of_a_list() -> None:
    text = "The secret Chinese police stations are in Lyon, Marseille and Nice, according to Safeguard Defenders."
    for place in ("Lyon", "Marseille", "Nice"):
        has(text, "site", country="FR", place=place, by=NGO)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "A secret Chinese police station in Brno works out of a travel agency.",
            {"place": "Brno", "form": "travel_agency"},
        ),
        ("An unofficial Chinese police outpost was found in central Oslo.", {"place": "Oslo", "country": "NO"}),
        ("The Chinese police service station in Galway has been shut down.", {"place": "Galway", "status": "closed"}),
        ("Secret Chinese police stations remain active in Belgium.", {"country": "BE", "status": "active"}),
        ("The secret Chinese police station in New York City has a hotline.", {"place": "New York", "country": "US"}),
    ],
)
def test_sites(text: str, wanted: dict[str, Any]) -> None:
    has(text, "site", **wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rwandan agents abducted a dissident in Dubai.", {"method": "abduction", "origin": "RW", "level": "case"}),
        (
            "Iranian intelligence officers have threatened journalists in Sweden.",
            {"method": "threat", "origin": "IR", "host": "SE"},
        ),
        (
            "The Chinese government uses the overseas police stations to coerce exiles into returning home.",
            {"method": "coerced_return", "origin": "CN", "level": "pattern", "host": "world"},
        ),
        ("Turkmen authorities harass the relatives of activists living abroad.", {"origin": "TM", "level": "pattern"}),
        (
            "Chinese agents spied on Uyghur refugees in Norway.",
            {"method": "surveillance", "origin": "CN", "host": "NO"},
        ),
        (
            "A Saudi dissident was murdered in Beirut by agents of Saudi Arabia.",
            {"method": "killing", "origin": "SA", "place": "Beirut"},
        ),
    ],
)
def test_incidents(text: str, wanted: dict[str, Any]) -> None:
    has(text, "incident", **wanted)


@pytest.mark.parametrize(
    ("text", "parties", "kind"),
    [
        (
            "Chinese officers took part in joint patrols with Croatian police in Dubrovnik.",
            ("CN", "HR"),
            "joint_patrols",
        ),
        ("Serbia signed an extradition treaty with China.", ("CN", "RS"), "extradition"),
        ("Hungary and China concluded a security agreement in 2024.", ("CN", "HU"), "security_agreement"),
    ],
)
def test_agreements(text: str, parties: tuple[str, ...], kind: str) -> None:
    has("Secret Chinese police stations exist. " + text, "agreement", parties=parties, type=kind)


def test_operators() -> None:
    text = "The overseas police stations were set up by the public security bureau of Wenzhou, Safeguard Defenders said."
    has(text, "operator", actor="police_authority", name="wenzhou", role="established", by=NGO)
    text = "The secret Chinese police stations in Austria are run by members of the Chinese diaspora."
    has(text, "operator", actor="diaspora", role="runs", scope="AT")
    text = "The secret Chinese police stations in Austria were set up without permission."
    has(text, "operator", actor="host_state", role="enables", scope="AT", stance="denies")


def test_recommendations() -> None:
    text = (
        "On Chinese overseas police stations, Safeguard Defenders urged governments to investigate the networks "
        "and to coordinate their response."
    )
    has(text, "recommendation", ask="investigate", by=NGO)
    has(text, "recommendation", ask="coordinate", by=NGO)


def test_reports() -> None:
    text = "In April 2024, Safeguard Defenders published a report entitled “Chasing Fox Hunt” on Chinese police stations."
    has(text, "report", author=NGO, published="2024-04")
    has(text, "report", author=NGO, title="Chasing Fox Hunt")


def test_a_list_of_countries_with_a_city_in_brackets() -> None:
    text = "China has secret police stations, including in Australia (Sydney), Chile and Kenya, said Safeguard Defenders."
    has(text, "site", country="AU", place="Sydney", by=NGO)
    has(text, "site", country="KE", place=None, by=NGO)
    assert len(claims(text, "site")) == 3


def test_two_hosts_are_two_incidents() -> None:
    text = "Amnesty International said Egyptian agents threatened exiled activists in Germany and Italy."
    for host in ("DE", "IT"):
        has(text, "incident", method="threat", origin="EG", host=host, by="org:amnesty-international")


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("The secret Chinese police stations in Peru are controlled by the Ministry of State Security.",
         "intelligence_service"),
        ("The secret Chinese police stations in Peru were set up by the United Front Work Department.", "party_body"),
        ("The secret Chinese police station in Porto was opened by the Qingtian county public security bureau.",
         "police_authority"),
    ],
)  # fmt: skip
def test_bodies_behind_stations(text: str, actor: str) -> None:
    has(text, "operator", actor=actor)


@pytest.mark.parametrize(
    ("sentence", "ask"),
    [
        ("Human Rights Watch urged parliament to make transnational repression a crime.", "legislate"),
        ("“The police must protect exiled activists,” Amnesty International said.", "protect"),
        ("Freedom House recommends targeted sanctions on the officials responsible.", "sanction"),
        ("Human Rights Watch wants governments to stop extraditing dissidents to Dushanbe.", "suspend_cooperation"),
        ("Amnesty International asked Interpol to publish the number of red notices it had deleted.", "disclose"),
    ],
)
def test_asks(sentence: str, ask: str) -> None:
    has("Tajik agents threatened exiles in Germany. " + sentence, "recommendation", ask=ask)


def test_who_asks() -> None:
    lead = "Tajik agents threatened exiles in Germany. "
    text = lead + "A witness from Freedom House asked Congress to write a definition of transnational repression into law."
    has(text, "recommendation", ask="legislate", by="org:freedom-house", addressee="US")
    text = lead + "The Council of Europe's commissioner urges states to break off police cooperation with Dushanbe."
    has(text, "recommendation", ask="suspend_cooperation", by="org:council-of-europe")
    text = lead + "Polish police had held the exiles at Tajikistan's request before a judge released them."
    assert not claims(text, "recommendation")


def test_the_two_governments_are_parties() -> None:
    text = "Turkish agents abducted a teacher in Gabon. The two governments had signed an extradition treaty in 2017."
    has(text, "agreement", parties=("GA", "TR"), type="extradition")


@pytest.mark.parametrize(
    ("text", "scope", "operator"),
    [
        ("Italy hosts 11 stations, more than any other country by their count.", "IT", None),
        ("Spain has nine stations, the most in Europe.", "ES", None),
        ("One police network hired 135 people for its first 21 stations.", "world", "one police network"),
    ],
)
def test_what_a_count_is_compared_with_is_not_its_scope(text: str, scope: str, operator: str | None) -> None:
    found = claims(f"Safeguard Defenders says China runs police stations abroad. {text}", "figure")
    told = [(c.slots.scope, c.slots.operator) for c in found if c.slots.measure == "stations"]  # type: ignore[attr-defined]
    assert told == [(scope, operator)]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("In Kenya, Safeguard Defenders said it had found Chinese police stations in seven African cities.", "africa"),
        ("Freedom House has logged six kidnappings of Uyghur exiles by China in Asian countries.", "asia"),
    ],
)
def test_a_part_of_the_world_beside_a_count_is_its_scope(text: str, scope: str) -> None:
    has(text, "figure", scope=scope)


STATIONS = "China runs secret police stations abroad, Safeguard Defenders said. The group had counted 70 of them. "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A second study has found another 19.", {"measure": "stations_new", "value": 19}),
        ("There could be up to six times more.", {"measure": "stations_multiple", "value": 6, "qualifier": "up_to"}),
        ("The news set off investigations in at least 11 countries.", {"measure": "countries_investigating", "value": 11}),
    ],
)
def test_counts_without_their_noun_and_of_other_things(text: str, wanted: dict[str, Any]) -> None:
    has(STATIONS + text, "figure", **wanted)


def test_a_share_is_no_figure() -> None:
    assert {c.slots.as_json()["value"] for c in claims(STATIONS + "Some 31% of them are in Europe.", "figure")} == {70}


def test_what_host_states_help_with_is_allowed_by_all_of_them() -> None:
    text = STATIONS + "The stations are kept up with the assistance of host governments."
    has(text, "operator", actor="host_state", role="enables", scope="world", stance="asserts")
    text = STATIONS + "The stations work without the consent of the host countries."
    has(text, "operator", actor="host_state", role="enables", scope="world", stance="denies")


@pytest.mark.parametrize(("text", "names"), [
    ("The secret Chinese police stations belong to just two jurisdictions: Wenzhou and Lishui.", ["lishui", "wenzhou"]),
    ("The secret Chinese police stations are in Rome; Wenzhou is a port.", []),
])  # fmt: skip
def test_authorities_stand_behind_the_colon_of_a_count(text: str, names: list[str]) -> None:
    assert [c.slots.name for c in claims(text, "operator")] == names  # type: ignore[attr-defined]


def test_each_host_without_whose_consent_stations_are_run_is_one_claim() -> None:
    text = "China's overseas police stations operate without consent of the host countries, such as in Portugal and Ireland."
    found = {c.slots.scope: c.attribution.stance for c in claims(text, "operator")}  # type: ignore[attr-defined]
    assert found == dict.fromkeys(("world", "PT", "IE"), "denies")


@pytest.mark.parametrize(("text", "place", "country"), [
    ("Chinese police officers were operating in the Serbian capital Belgrade.", "Belgrade", "RS"),
    ("Chinese officers embedded in the Fiji force watch the Uyghur diaspora.", None, "FJ"),
])  # fmt: skip
def test_officers_at_work_abroad_are_a_site(text: str, place: str | None, country: str) -> None:
    has(STATIONS + text, "site", place=place, country=country, form="officers")


def test_officers_on_a_joint_patrol_or_who_only_may_come_are_no_site() -> None:
    for text in ("Chinese officers may be stationed in Belgrade.", "Chinese officers patrol together with the police in Rome."):
        assert not claims(STATIONS + text, "site")


@pytest.mark.parametrize(("text", "published"), [
    ("In 2019 Reuters reported that Chinese officers threatened a Uyghur in Rome.", "2019"),
    ("Reuters reported that Chinese officers had threatened a Uyghur in Rome in 2019.", None),
])  # fmt: skip
def test_what_a_medium_reported_at_a_time_told_before_it_is_a_report(text: str, published: str | None) -> None:
    assert [c.slots.published for c in claims(text, "report")] == [published] * bool(published)  # type: ignore[attr-defined]


def test_agreements_like_one_just_named_are_of_its_kind() -> None:
    text = "Italian police held joint patrols with Chinese police, with similar pacts between China and Croatia and Serbia."
    found = {(c.slots.parties, c.slots.type) for c in claims(text, "agreement")}  # type: ignore[attr-defined]
    assert found == {(("CN", code), "joint_patrols") for code in ("IT", "HR", "RS")}


def test_a_threat_that_a_host_takes_seriously_is_its_concern_and_no_incident() -> None:
    text = STATIONS + "The Royal Canadian Mounted Police said it takes threats to exiles living in Canada seriously."
    has(text, "response", country="CA", action="statement_of_concern")
    assert not claims(text, "incident")
