"""The table of cities: looked up by name as if it were a dictionary, also where two names have one checksum."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from safeconduct.claims import gazetteer
from safeconduct.claims.gazetteer import Gazetteer
from safeconduct.claims.places import cities

ROWS = ("Milan\tIT\tmilan|mailand|米兰", "Milan\tUS\tmilan", "Ham\tFR\tham", "Quito\tEC\tquito|基多")
TABLE = "".join(row + "\n" for row in ROWS).encode()


def dictionary() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in ROWS:
        for name in row.split("\t")[-1].split("|"):
            found.setdefault(name, []).append(row)
    return found


@pytest.mark.parametrize("bits", [0, 1, 32])
def test_every_name_has_its_lines_in_order_and_no_others(bits: int) -> None:
    with patch.object(gazetteer, "crc32", lambda name: sum(name) & (1 << bits) - 1):
        table = Gazetteer(TABLE)
        known = dictionary()
        assert {name: table.lines(name) for name in known} == known
        assert [table.lines(name) for name in ("mil", "milan|mailand", "it", "", "zürich")] == [[]] * 5
        assert sorted(table.items()) == sorted((name, row) for name, rows in known.items() for row in rows)


@pytest.mark.parametrize(
    ("name", "country", "larger"), [("Valencia", "ES", "VE"), ("Salisbury", "GB", "ZW"), ("San José", "CR", "US")]
)
def test_what_is_curated_comes_before_a_larger_city_of_that_name(name: str, country: str, larger: str) -> None:
    found = cities(name)
    other = next(c for c in found if c.country == larger)
    assert found[0].country == country and other.population > found[0].population
