"""Contradictions: what fires, what must not, and those between the five real documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from safeconduct.register import Contradiction, Register
from safeconduct.register.compared import apart, meet, reach
from safeconduct.register.contradictions import contradictions
from safeconduct.register.statements import Statement

from .helpers import claim, real_workspace, source
from .test_register import NGO, register

STATIONS = {"measure": "stations"}
SEPTEMBER, DECEMBER = source("sep", "2022-09-13"), source("dec", "2022-12-05")


def found(*pairs: object) -> list[Contradiction]:
    return list(register(*pairs).contradictions)


def told(value: float, by: str = NGO, at: int = 0, where: object = SEPTEMBER, **more: object) -> tuple[object, object]:
    return claim(where, "figure", {**STATIONS, "value": value, **more}, by, at=at), where  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "types"),
    [
        (told(54), told(102, where=DECEMBER), ["update"]),
        (told(102, where=DECEMBER), told(100, "media:x", 9, DECEMBER, qualifier="more_than"), []),
        (told(2, "state:DE", scope="DE"), told(1, scope="DE", at=9), ["conflict"]),
        (told(2, "state:DE", scope="DE"), told(2, scope="DE", at=9, qualifier="at_least"), []),
        (told(21, operator="one police network"), told(54, at=9), []),
        (told(3, scope="GB"), told(2, "media:politico", 9, scope="GB", place="London"), []),
        (told(54, "publisher"), told(54, where=DECEMBER), ["attribution_shift"]),
        (told(54), told(54, "publisher", 9), []),  # the same source says whose number it is
        (told(5, "state:DE", scope="DE", status="closed"), told(2, scope="DE", at=9), []),
        (told(54), told(30, measure="countries", at=9), []),
    ],
)
def test_figures(one: object, other: object, types: list[str]) -> None:
    assert [c.type for c in found(one, other)] == types
    assert [c.type for c in found(other, one)] == types


def test_a_number_is_compared_with_what_others_said_at_its_time() -> None:
    """54 in September, 102 since December: a paper that says more than 100 in December contradicts neither."""
    pairs = told(54), told(102, where=DECEMBER), told(100, "media:x", 9, DECEMBER, qualifier="more_than")
    assert [(c.type, [s.value for s in c.sides]) for c in found(*pairs)] == [("update", ["54", "102"])]
    late = source("late", "2023-05")
    assert [c.type for c in found(*pairs, told(54, where=late))] == ["update"]  # an old number, repeated


def test_a_number_told_in_several_ways_is_one_conflict_of_those_whom_somebody_contradicts_at_the_time() -> None:
    late = source("late", "2023-05")
    pairs = [told(1, "org:a", 0, scope="DE"), told(2, "org:a", 0, late, scope="DE")]  # changes its words in May
    pairs += [told(3, "org:b", 9, late, scope="DE"), told(2, "org:c", 18, late, scope="DE", qualifier="at_least")]
    assert [(c.type, [s.value for s in c.sides]) for c in found(*pairs)] == [("conflict", ["2", "3"]), ("update", ["1", "2"])]
    pairs.append(told(1, "org:d", 27, late, scope="DE"))
    one = found(*pairs)[0]
    assert [(s.asserter, s.value) for s in one.sides] == [
        ("org:d", "1"), ("org:a", "2"), ("org:c", "at least 2"), ("org:b", "3")
    ]  # fmt: skip


def test_two_numbers_are_one_conflict_with_a_side_for_each_who_gives_one() -> None:
    twos = [told(2, f"media:m{n}", n, scope="DE") for n in range(20)]
    pairs = twos + [told(1, f"org:o{n}", 50 + n, scope="DE") for n in range(20)]
    [one] = found(*pairs)
    assert one.type == "conflict" and len(one.sides) == 40 and {s.value for s in one.sides} == {"1", "2"}
    assert [c.as_json() for c in found(*pairs)] == [c.as_json() for c in found(*reversed(pairs))]


@pytest.mark.parametrize("measure", ["persons_returned", "origin_states"])
def test_flows_are_compared_within_their_period(measure: str) -> None:
    def returned(value: int, when: str, at: int) -> tuple[object, object]:
        slots = {"measure": measure, "value": value}
        return claim(SEPTEMBER, "figure", slots, NGO if at else "state:CN", at=at, when=when), SEPTEMBER

    assert found(returned(230000, "2021-04/2022-07", 0), returned(10000, "2014/2021", 9)) == []
    assert [c.type for c in found(returned(230000, "2021", 0), returned(10000, "2021", 9))] == ["conflict"]


def test_two_numbers_by_one_at_once_are_a_conflict_only_where_the_time_that_they_count_is_told() -> None:
    def returned(value: int, at: int, when: str | None) -> tuple[object, object]:
        slots = {"measure": "incidents", "value": value}
        return claim(SEPTEMBER, "figure", slots, NGO, at=at, when=when), SEPTEMBER

    assert found(returned(854, 0, None), returned(253, 9, None)) == []
    assert [c.type for c in found(returned(854, 0, "2022"), returned(253, 9, "2022"))] == ["conflict"]


def test_a_state_that_admits_what_its_documents_say_is_told_by_two_channels() -> None:
    def ten(via: tuple[str, ...], at: int, measure: str = "provinces", by: str = "state:CN") -> tuple[object, object]:
        slots = {"measure": measure, "value": 10, "scope": "CN"}
        return claim(SEPTEMBER, "figure", slots, by, at=at, via=via), SEPTEMBER

    assert [c.type for c in found(ten((), 0), ten((NGO,), 9))] == ["attribution_shift"]
    assert [c.type for c in found(ten((), 0), ten((), 9, "jurisdictions"))] == ["attribution_shift"]
    assert found(ten((), 0), ten((), 9)) == [] == found(ten((), 0, by=NGO), ten(("media:rfa",), 9, by=NGO))


def test_two_police_forces_in_one_city_run_two_stations() -> None:
    def milan(opened: str, operator: str, at: int) -> tuple[object, object]:
        slots = {"country": "IT", "place": "Milan", "opened": opened, "operator": operator}
        return claim(SEPTEMBER, "site", slots, NGO, at=at), SEPTEMBER

    assert found(milan("2016", "wenzhou", 0), milan("2018", "qingtian", 9)) == []
    assert [c.type for c in found(milan("2016", "wenzhou", 0), milan("2018", "wenzhou", 9))] == ["conflict"]
    sites = register(milan("2016", "wenzhou", 0), milan("2018", "qingtian", 9)).entries["sites"]
    assert [(e["operator"], e["opened"]) for e in sites] == [("qingtian", ["2018"]), ("wenzhou", ["2016"])]


def test_a_site_is_one_conflict_with_a_side_for_each_who_says_that_it_is_open_or_closed() -> None:
    def site(status: str, by: str, where: object, at: int) -> tuple[object, object]:
        slots = {"country": "FR", "place": "Lyon", "status": status}
        return claim(where, "site", slots, by, at=at), where  # type: ignore[arg-type]

    pairs = [site("active", f"org:o{n}", SEPTEMBER, n) for n in range(5)] + [site("closed", "org:o0", DECEMBER, 0)]
    [changed, apart_] = sorted(found(*pairs), key=lambda c: c.type, reverse=True)
    assert (changed.type, [s.value for s in changed.sides]) == ("update", ["active", "closed"])
    told = [(s.asserter, s.value) for s in apart_.sides]
    assert told == [(f"org:o{n}", "active") for n in range(1, 5)] + [("org:o0", "closed")]
    unnamed = (replace(where, publisher=None) for where in (SEPTEMBER, DECEMBER))
    narrators = [site(status, "publisher", where, 0) for status, where in zip(("active", "closed"), unnamed, strict=True)]
    assert [c.type for c in found(*narrators)] == ["conflict"]  # two sources, two narrators


def test_a_narrator_is_its_publisher_and_no_other_than_the_body_of_that_name() -> None:
    assert [c.type for c in found(told(54, "publisher"), told(102, "publisher", where=DECEMBER))] == ["update"]  # The Paper's
    assert found(told(54, "publisher"), told(54, "media:the-paper", where=DECEMBER)) == []
    own = told(2, "publisher", scope="DE"), told(1, "media:the-paper", 9, where=DECEMBER, scope="DE")
    assert [c.type for c in found(*own)] == ["update"]
    denied = claim(SEPTEMBER, "site", {"country": "FR", "place": "Lyon"}, stance="denies"), SEPTEMBER
    said = claim(DECEMBER, "site", {"country": "FR", "place": "Lyon"}, "media:the-paper", at=9), DECEMBER
    assert found(denied, said) == []


def test_a_site_opened_at_several_times_is_one_conflict() -> None:
    def opened(when: str, at: int) -> tuple[object, object]:
        slots = {"country": "IT", "place": "Milan", "opened": when, "operator": "wenzhou"}
        return claim(SEPTEMBER, "site", slots, f"org:o{at}", at=at), SEPTEMBER

    [one] = found(opened("2016", 0), opened("2018", 9), opened("2016-05", 18), opened("2016/2018", 27))
    assert [s.value for s in one.sides] == ["2016", "2018", "2016-05"]


def test_a_thing_asserted_and_denied_is_one_conflict_with_a_side_for_each() -> None:
    def consent(by: str, at: int, scope: str = "world", stance: str = "asserts") -> tuple[object, object]:
        slots = {"actor": "host_state", "role": "enables", "scope": scope}
        return claim(SEPTEMBER, "operator", slots, by, stance=stance, at=at), SEPTEMBER

    pairs = [consent(NGO, 0, "IT"), consent("media:x", 9, "FR")]
    pairs += [consent("state:IT", 18, "IT", "denies"), consent(NGO, 27, "IT", "denies")]
    [one] = found(*pairs)  # nobody is put against itself
    assert [(s.asserter, s.value) for s in one.sides] == [(NGO, "asserted"), ("state:IT", "denied")]
    assert [c.as_json() for c in found(*reversed(pairs))] == [one.as_json()]


def test_a_country_stands_in_a_topic_with_its_article() -> None:
    [one] = found(told(2, "state:NL", scope="NL"), told(1, scope="NL", at=9))
    assert one.topic == "number of stations in the Netherlands"


def test_consent_denied_anywhere_is_denied_where_it_was_given() -> None:
    with_ = claim(SEPTEMBER, "operator", {"actor": "host_state", "role": "enables", "scope": "IT"}, NGO)
    without = claim(DECEMBER, "operator", {"actor": "host_state", "role": "enables"}, stance="denies")
    other = claim(DECEMBER, "operator", {"actor": "host_state", "role": "enables", "scope": "FR"}, stance="denies", at=9)
    assert [c.topic for c in found((with_, SEPTEMBER), (without, DECEMBER))] == ["whether host states consent and help"]
    assert found((with_, SEPTEMBER), (other, DECEMBER)) == []


def test_a_state_is_not_silent_and_speaking() -> None:
    def responded(action: str, by: str, at: int) -> tuple[object, object]:
        return claim(SEPTEMBER, "response", {"country": "AT", "action": action}, by, at=at), SEPTEMBER

    [one] = found(responded("no_response", NGO, 0), responded("statement_of_concern", "state:AT", 9))
    assert (one.type, [s.value for s in one.sides]) == ("conflict", ["no public response", "statement of concern"])
    assert found(responded("summons", NGO, 0), responded("statement_of_concern", "state:AT", 9)) == []


def test_ids_and_json_do_not_depend_on_the_order() -> None:
    pairs = [told(2, "state:DE", scope="DE"), told(1, scope="DE", at=9), told(54), told(102, where=DECEMBER)]
    assert [c.as_json() for c in found(*pairs)] == [c.as_json() for c in found(*reversed(pairs))]


def test_reach_and_dates() -> None:
    from safeconduct.claims import Figure

    def of(value: float, qualifier: str) -> tuple[float, float]:
        return reach(Figure(measure="stations", value=value, qualifier=qualifier))  # type: ignore[arg-type]

    assert meet(of(100, "more_than"), of(102, "exact")) and not meet(of(100, "more_than"), of(100, "exact"))
    assert meet(of(50, "approx"), of(54, "exact")) and not meet(of(50, "up_to"), of(54, "exact"))
    assert apart("2022-09", "2022-11") and not apart("2022", "2022-11") and not apart(None, "2022")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """The register of the five real documents, imported and accepted."""
    with real_workspace(tmp_path_factory.mktemp("real")) as workspace:
        return workspace.register(as_of=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("kind", "topic", "one", "other"),
    [
        ("conflict", "when the report by Safeguard Defenders came out", ("publisher", "2022-09"), ("publisher", "2022-11")),
        ("conflict", "number of stations in Germany", ("state:DE", "2"), (NGO, "1")),
        ("conflict", "whether stations in Germany are closed", ("state:CN", "closed"), ("state:DE", "2 still active")),
        ("conflict", "who staffs the stations", ("state:CN", "volunteers"), (NGO, "hired staff")),
        ("conflict", "whether stations were set up because of the pandemic", ("state:CN", "pandemic"), (NGO, "older")),
        ("conflict", "number of jurisdictions in China", ("publisher", "2"), (NGO, "4")),
        ("attribution_shift", "what there are 10 of in China", ("state:CN", "10 jurisdictions"), ("state:CN", "10 provinces")),
        ("conflict", "whether host states consent", (NGO, "asserted"), ("publisher", "denied")),
        ("conflict", "whether Austria responded", (NGO, "no public response"), ("state:AT", "statement of concern")),
        ("impossible", "dated before the report it speaks of", (NGO, "2022-01-18"), ("publisher", "2022-09")),
        ("update", "number of stations worldwide", (NGO, "54"), (NGO, "102")),
    ],
)
def test_contradictions_of_the_real_documents(
    real: Register, kind: str, topic: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    fitting = [c for c in real.contradictions if c.type == kind and topic in c.topic]
    sides = [[(s.asserter, s.value) for s in c.sides] for c in fitting]
    found = [
        some for some in sides
        if any(one[0] == a[0] and one[1] in a[1] for a in some) and any(other[0] == b[0] and other[1] in b[1] for b in some)
    ]  # fmt: skip
    assert found, sides or [c.topic for c in real.contradictions]


def test_what_agrees_in_the_real_documents_is_no_contradiction(real: Register) -> None:
    topics = [(str(c.type), c.topic) for c in real.contradictions]
    assert not [t for t in topics if "Milan" in t[1] or "police network" in t[1] or "based" in t[1]]
    assert not [t for t in topics if "United Kingdom" in t[1] or "London" in t[1]]
    worldwide = [c for c in real.contradictions if c.topic == "number of stations worldwide"]
    assert [c.type for c in worldwide] == ["update"]


def test_given_ids_stand_as_aliases(real: Register) -> None:
    given = real.as_json()["aliases"]
    assert all(c.startswith("c") and names for c, names in given.items())
    assert "003-008" in {n for names in given.values() for n in names}


def test_nothing_comes_of_nothing() -> None:
    empty: list[Statement] = []
    assert contradictions(empty) == []
