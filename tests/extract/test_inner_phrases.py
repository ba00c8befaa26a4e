"""A phrase with a small word at its end tells what it tells without it; plain demands that were not read."""

from __future__ import annotations

import pytest

from safeconduct.extract.pack import load

from .helpers import claims
from .test_named_in_context import ENGLISH


def tags(language: str, phrase: str) -> set[str]:
    node = load(language).root
    for word in phrase.split():
        node = node[word]
    return {tag for sense in node[""] for tag in sense.tags}


@pytest.mark.parametrize(
    ("language", "phrase", "inner", "tag"),
    [
        ("es", "cierre inmediato de", "cierre inmediato", "closure"),
        ("en", "to close", "close", "closes"),
        ("zh", "已 关 闭", "关 闭", "closure"),
        ("zh", "逮 捕 了", "逮 捕", "arrest_verb"),
    ],
)
def test_small_words_at_an_end_hide_nothing(language: str, phrase: str, inner: str, tag: str) -> None:
    assert tag in tags(language, inner) & tags(language, phrase)
    assert tags(language, inner) <= tags(language, phrase)


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_what_a_word_tells_with_data_is_told_by_no_phrase_without_them(language: str) -> None:
    for form, node in load(language).root.items():
        for sense in node.get("", ()):
            assert "season" not in sense.tags or "n" in sense.data, form
        for behind, more in node.items():
            if behind:
                assert all("season" not in s.tags or "n" in s.data for s in more.get("", ())), (form, behind)


@pytest.mark.parametrize(
    ("told", "country", "action"),
    [
        ("The Danish foreign minister demanded the closure of both stations.", "DK", "closure_order"),
        ("The Czech foreign ministry told Beijing to get rid of the stations.", "CZ", "closure_order"),
        ("The foreign ministry in Bratislava asked the Chinese embassy to explain itself.", "SK", "information_request"),
    ],
)
def test_plain_demands_of_a_state(told: str, country: str, action: str) -> None:
    (found,) = claims(f"{ENGLISH}{told}\n", "response")
    slots = found.slots.as_json()
    assert (slots["country"], slots["action"]) == (country, action)


def test_people_who_are_held_over_an_attack() -> None:
    told = "Two men are held in Romania over the knife attack on an Iranian journalist in London."
    (found,) = claims(f"{ENGLISH}{told}\n", "response")
    assert {k: found.slots.as_json()[k] for k in ("country", "action", "count")} == {
        "country": "RO", "action": "arrest", "count": 2,
    }  # fmt: skip


def test_what_governments_are_to_look_into() -> None:
    (found,) = claims(f"{ENGLISH}Safeguard Defenders urges governments to look into every station.\n", "recommendation")
    assert found.slots.as_json()["ask"] == "investigate"
