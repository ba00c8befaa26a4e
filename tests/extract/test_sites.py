"""Where stations are: cities told by the run of the text, those that stand for one just named, and lists of countries."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import claims, has

NGO = "org:safeguard-defenders"
FOUND = "Safeguard Defenders found Chinese police stations all over Europe. "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # no word ties the city to the station but "in"
        ("Several borrow a room: in Leeds from a law firm, in Turin from a bakery. Others have none.", {"place": "Leeds"}),
        ("Norway had two as well, in Bergen and Trondheim.", {"country": "NO", "place": "Trondheim"}),
        ("Several exist on paper only, and in Riga the work was done by phone from a shop.", {"place": "Riga", "form": "shop"}),
        # rows of countries on a list
        ("Latvia, Malta and Cyprus are on the group's map as well.", {"country": "MT", "place": None, "by": NGO}),
    ],
)
def test_sites_told_by_the_run_of_the_text(text: str, wanted: dict[str, Any]) -> None:
    has(FOUND + text, "site", **wanted)


@pytest.mark.parametrize(
    "text",
    [
        "The museum in Riga occupies a former office building.",
        "Reporters in Riga worked from a shop.",
        "Several were asked in Riga whether they had been threatened in a restaurant.",
        "China's embassy in Riga calls the stations an invention.",
    ],
)
def test_what_else_is_in_a_city_is_no_site(text: str) -> None:
    assert not claims(FOUND + text, "site")


def test_one_of_several_is_in_the_city_that_has_them() -> None:
    text = "Chinese police run two secret stations in Lyon. One was registered as a travel agency. Another was a restaurant."
    has(text, "site", country="FR", place="Lyon", form="travel_agency")
    has(text, "site", country="FR", place="Lyon", form="restaurant")


def test_a_list_that_a_count_opens_names_the_city_of_one_of_its_countries() -> None:
    text = FOUND + "The group names 30 countries with police stations, including in Australia (Sydney), Chile and Kenya."
    has(text, "site", country="AU", place="Sydney")
    has(text, "site", country="KE", place=None)


@pytest.mark.parametrize("told", ["have been established in", "exist in", "were also found in"])
def test_a_country_in_which_stations_are_said_to_be_is_a_site(told: str) -> None:
    has(FOUND + f"Chinese police stations {told} Namibia.", "site", country="NA", place=None, status="unknown")


def test_an_office_far_from_the_word_station_is_one_in_a_text_about_stations() -> None:
    between = "The report names nobody. It has ninety pages. The mayor has read it. So has his deputy. "
    has(FOUND + between + "The office in Graz was the smallest.", "site", country="AT", place="Graz")
    assert not claims("A museum opened. " + between + "The office in Graz was the smallest.", "site")
