from __future__ import annotations

from typing import Any

from safeconduct.resolve import Link, suggestions


def site(
    name: str, place: str, country: str = "IT", operator: str | None = None, opened: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {"id": name, "country": country, "place": place, "operator": operator, "opened": list(opened)}


def report(name: str, author: str = "org:counters", published: str | None = None, title: str | None = None) -> dict[str, Any]:
    return {"id": name, "author": author, "published": published, "title": title}


def pairs(sites: list[dict[str, Any]], links: tuple[Link, ...] = ()) -> list[tuple[str, str]]:
    return [(s.a, s.b) for s in suggestions(sites, [], (), links)]


def test_sites_in_one_city_are_suggested_unless_two_forces_or_dates_are_named() -> None:
    assert pairs([site("ta", "Milan"), site("tb", "Milan", operator="wenzhou")]) == [("ta", "tb")]
    assert pairs([site("ta", "Milan", operator="wenzhou"), site("tb", "Milan", operator="qingtian")]) == []
    assert pairs([site("ta", "Milan", opened=("2016",)), site("tb", "Milan", operator="x", opened=("2018",))]) == []
    assert pairs([site("ta", "Milan"), site("tb", "Prato")]) == []
    assert pairs([site("ta", "Birmingham", "GB"), site("tb", "Birmingham", "US")]) == []


def test_a_place_meets_its_names_in_other_scripts_and_spellings() -> None:
    found = suggestions([site("ta", "Foochow", "CN", "x"), site("tb", "福州", "CN")], [], (), ())
    assert [(s.a, s.b) for s in found] == [("ta", "tb")] and "postal romanisation of 福州" in found[0].because[0]


def test_reports_and_bodies() -> None:
    some = [report("ta", title="Two Cities"), report("tb", published="2022-09", title="two cities"),
            report("tc", published="2022-11"), report("td", "org:other", title="Two Cities")]  # fmt: skip
    assert [(s.a, s.b) for s in suggestions([], some, (), ())] == [("ta", "tb"), ("ta", "tc")]
    found = suggestions([], [], ["org:safeguard-defenders", "media:safeguard-defenders", "state:CN", "org:counters"], ())
    assert [(s.section, s.a, s.b) for s in found] == [("bodies", "media:safeguard-defenders", "org:safeguard-defenders")]


def test_what_was_decided_is_not_suggested_again_whatever_was_decided() -> None:
    two = [site("ta", "Milan"), site("tb", "Milan", operator="wenzhou")]
    for act in ("link", "unlink"):
        link = Link("1", act, "tb", "ta", "2026-01-01T00:00:00.000000Z", "A", "asked")  # type: ignore[arg-type]
        assert pairs(two, (link,)) == []
    assert pairs(list(reversed(two))) == pairs(two) == [("ta", "tb")]
