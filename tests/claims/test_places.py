import pytest

from safeconduct.claims import cities, city, country_code, country_name
from safeconduct.claims.places import countries, fold, simplified


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the Netherlands", "NL"), ("Netherlands", "NL"), ("荷兰", "NL"), ("荷蘭", "NL"), ("Países Bajos", "NL"),
        ("paises bajos", "NL"), ("Turkey", "TR"), ("Türkiye", "TR"), ("Czech Republic", "CZ"), ("Britain", "GB"),
        ("UK", "GB"), ("美国", "US"), ("EE.UU.", "US"), ("South Korea", "KR"), ("Taiwan", "TW"), ("Hong Kong", "HK"),
        ("Sudáfrica", "ZA"), ("俄罗斯", "RU"), ("European Union", "EU"),
    ],
)  # fmt: skip
def test_countries_by_their_names(name: str, code: str) -> None:
    assert country_code(name) == code


def test_what_is_no_country() -> None:
    assert country_code("Atlantis") is None
    assert country_code("") is None
    assert "EU" not in countries()


def test_every_country_is_found_by_its_own_english_name() -> None:
    missing = [code for code in countries() if country_code(country_name(code)) != code]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "english", "code"),
    [
        ("Rotterdam", "Rotterdam", "NL"), ("鹿特丹", "Rotterdam", "NL"), ("米兰", "Milan", "IT"), ("米蘭", "Milan", "IT"),
        ("福州", "Fuzhou", "CN"), ("福州市", "Fuzhou", "CN"), ("Foochow", "Fuzhou", "CN"), ("青田县", "Qingtian", "CN"),
        ("Qingtian", "Qingtian", "CN"), ("都柏林", "Dublin", "IE"), ("Viña del Mar", "Viña del Mar", "CL"),
        ("Vina del Mar", "Viña del Mar", "CL"), ("New York City", "New York", "US"), ("布达佩斯", "Budapest", "HU"),
        ("Kiev", "Kyiv", "UA"), ("München", "Munich", "DE"), ("Stockholm", "Stockholm", "SE"), ("東京", "Tokyo", "JP"),
    ],
)  # fmt: skip
def test_cities_in_english_and_chinese(name: str, english: str, code: str) -> None:
    found = city(name)
    assert found is not None
    assert (found.name, found.country) == (english, code)
    assert -90 <= found.latitude <= 90
    assert -180 <= found.longitude <= 180


def test_a_namesake_is_reached_through_its_country() -> None:
    assert [c.country for c in cities("Milan")][:1] == ["IT"]
    inside = city("Milan", "US")
    assert inside is not None
    assert inside.country == "US"
    assert city("Rotterdam", "CN") is None
    assert city("No Such Place") is None


def test_folding_joins_scripts_and_accents() -> None:
    assert fold("  Viña   del Mar ") == "vina del mar"
    assert simplified("鹿特丹警務站") == "鹿特丹警务站"
