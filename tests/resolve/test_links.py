from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.register import compute, state
from safeconduct.resolve import Link, edge, same, standing_links
from tests.register.helpers import claim, decision, source

TODAY = date(2026, 6, 1)


def act(a: str, b: str, n: int = 0, what: str = "link") -> Link:
    return Link(f"{n:04}", what, a, b, f"2026-01-01T00:00:{n:02}.000000Z", "a reviewer", "same door")  # type: ignore[arg-type]


def test_an_edge_is_the_same_from_both_ends_and_none_to_itself() -> None:
    assert edge("ta", "tb") == edge("tb", "ta") != edge("ta", "tc")
    with pytest.raises(ValueError, match="already itself"):
        edge("ta", "ta")


def test_unlinking_takes_exactly_one_edge_away() -> None:
    links = [act("a", "b", 1), act("b", "c", 2), act("c", "d", 3)]
    assert same(links) == dict.fromkeys("abcd", "a")
    assert same([*links, act("c", "b", 4, "unlink")]) == {"a": "a", "b": "a", "c": "c", "d": "c"}
    assert len(standing_links([*links, act("c", "b", 4, "unlink"), act("b", "c", 5)])) == 3
    triangle = [act("a", "b", 1), act("b", "c", 2), act("a", "c", 3)]
    assert same([*triangle, act("a", "b", 4, "unlink")]) == dict.fromkeys("abc", "a")  # still joined through c


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.booleans()), max_size=12), st.randoms())
def test_the_order_in_which_links_come_plays_no_part(acts: list[tuple[str, str, bool]], chance: object) -> None:
    links = [act(a, b, n, "link" if on else "unlink") for n, (a, b, on) in enumerate(acts) if a != b]
    shuffled = list(links)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same(links) == same(shuffled)


def test_linked_sites_are_one_entry_and_linked_bodies_one_voice() -> None:
    one, two = source("a"), source("b")
    pairs = [
        (claim(one, "site", {"country": "IT", "place": "Milan"}, "org:counters"), one),
        (claim(two, "site", {"country": "IT", "place": "Milan", "operator": "wenzhou"}, "media:counters-daily"), two),
        (claim(two, "site", {"country": "IT", "place": "Prato"}, "org:counters", at=9), two),
    ]
    statements = state(pairs, [decision(c, id_=str(n)) for n, (c, _) in enumerate(pairs)])
    before = compute(statements, TODAY).entries["sites"]
    assert [(e["operator"], e["place"]) for e in before] == [(None, "Milan"), ("wenzhou", "Milan"), (None, "Prato")]
    links = [act(before[0]["id"], before[1]["id"]), act("org:counters", "media:counters-daily", 2)]
    joined = compute(statements, TODAY, same=same(links[:1])).entries["sites"]
    assert [len(e["claims"]) for e in joined] == [2, 1]
    assert {joined[0]["id"], *joined[0]["linked"]} == {before[0]["id"], before[1]["id"]}
    assert joined[0]["standing"] == "corroborated"
    assert compute(statements, TODAY, same=same(links)).entries["sites"][0]["standing"] == "alleged"
    assert compute(statements, TODAY, same=same([*links, act(links[0].a, links[0].b, 3, "unlink")])).entries["sites"] != joined


def test_the_same_number_by_several_asserters_has_one_standing() -> None:
    one, two = source("a"), source("b")
    number = {"measure": "stations", "value": 2, "scope": "DE"}
    pairs = [(claim(one, "figure", number, "org:counters"), one), (claim(two, "figure", number, "state:DE"), two)]
    statements = state(pairs, [decision(c, id_=str(n)) for n, (c, _) in enumerate(pairs)])
    figures = compute(statements, TODAY).entries["figures"]
    assert [e["asserted_by"] for e in figures] == ["org:counters", "state:DE"]
    assert [e["standing"] for e in figures] == ["acknowledged", "acknowledged"]
