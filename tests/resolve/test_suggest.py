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


def test_forces_meet_as_towns_and_as_bureaus_in_any_script() -> None:
    assert pairs([site("ta", "Milan", operator="温州市公安局"), site("tb", "米兰", operator="Wenzhou PSB")]) == [("ta", "tb")]
    assert pairs([site("ta", "Milan", operator="Wen-chou"), site("tb", "Milan", operator="浙江省温州市公安局")]) != []
    assert pairs([site("ta", "Milan", operator="泰州公安局"), site("tb", "Milan", operator="台州公安局")]) == []
    united = site("tb", "Milan", operator="Wenzhou United Front Work Department")
    assert pairs([site("ta", "Milan", operator="Wenzhou PSB"), united]) == []
    assert pairs([site("ta", "Milan", operator="Wenzhou"), site("tb", "Millan", operator="Wenzhou")]) == []  # too short to tell
    assert pairs([site("ta", "Barcelona", "ES", "Wenzhou"), site("tb", "Barcelnoa", "ES", "Wenzhou")]) == [("ta", "tb")]


def test_a_mention_without_a_force_or_a_city_meets_the_only_one_it_can_mean() -> None:
    one, two, bare = site("ta", "Milan", operator="wenzhou"), site("tb", "Milan", operator="qingtian"), site("tc", "Milan")
    assert pairs([one, bare]) == [("ta", "tc")] and pairs([one, two, bare]) == []
    assert pairs([site("ta", "Milan"), site("tb", "米兰")]) == [("ta", "tb")]
    assert pairs([one, two, site("tc", "Milan"), site("td", "米兰")]) == []
    old = site("ta", "Milan", operator="wenzhou", opened=("2016-05",))
    new = site("tb", "Milan", operator="qingtian", opened=("2018",))
    assert pairs([old, new, site("tc", "Milan", opened=("2016",))]) == [("ta", "tc")]
    lost = site("tc", "", operator="温州")
    assert pairs([one, lost]) == [("ta", "tc")] and pairs([one, lost, site("td", "Prato", operator="wenzhou")]) == []
    [told] = suggestions([one, lost], [], (), ())
    assert "the only one in Italy where that force is named" in told.because[1]


def test_very_many_mentions_of_two_names_meet_the_first_and_not_all_of_each_other() -> None:
    some = [site(f"t{n:03}", "Milan", operator="wenzhou") for n in range(80)]
    found = pairs(some)
    assert len(found) == 79 and {a for a, _ in found} == {"t000"}
    assert len(pairs(some[:20])) == 190


def test_bodies_of_the_same_words_and_embassies() -> None:
    def met(*names: str) -> list[tuple[str, str]]:
        return [(s.a, s.b) for s in suggestions([], [], [f"org:{n}" for n in names], ())]

    assert met("embassy-of-china-in-georgia", "中国驻格鲁吉亚大使馆") != []
    assert met("embassy-of-china-in-georgia", "embassy-of-georgia-in-china") == []
    assert met("dutch-justice-ministry", "荷兰司法部") != [] and met("dutch-justice-ministry", "swiss-justice-ministry") == []
    assert met("wenzhou-association-of-prato", "prato-wenzhou-association") != []
    assert met("wenzhou-intermediate-peoples-court", "温州市中级人民法院") != []


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
