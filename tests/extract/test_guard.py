"""Ordinary policing, other languages, hostile input and the grounding gate."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.claims import Claim, claim_from
from safeconduct.extract import Context, Extraction, Proposal, extract, ground, repeats
from safeconduct.extract.grounding import text_id

ORDINARY = [
    "The council will open two police stations in Leeds. Officers arrested four men after a burglary and charged two.",
    "Police in Madrid opened an investigation into a theft at a Chinese restaurant. Three men were detained.",
    "German and Polish police conducted joint patrols along the Oder in 2019. The interior ministry praised the work.",
    "The consulate of Vietnam renews passports on Mondays. Volunteers help Chinese citizens with driving licences.",
    "A court in Lyon convicted two men of fraud. The prosecutor said that 30 officers had searched an apartment.",
    "The mayor denied the allegations and called them baseless. Twelve countries took part in the police games.",
    "In the new novel an Iranian agent kidnaps a dissident. The thriller ends when Russian spies kill the heroine.",
    "EXERCISE. Agents of the fictional state of Toria abduct a journalist; two Iranian diplomats are notional.",
    "A gang threatened the families of two Chinese shopkeepers to extort money. Kenyan police arrested its leader.",
    "Romanian police seized heroin. Three Vietnamese suspects were deported to Vietnam after their sentences.",
    "Britain expelled a Russian diplomat for stealing plans of an engine. Moscow called the accusation baseless.",
    "If the secret garden opens, 54 stations of the cross in 30 chapels will be restored.",
]
GOOD = (
    "China has set up 54 secret police stations in 30 countries, Safeguard Defenders said in September 2022. "
    "The Netherlands ordered the station in Rotterdam to close."
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_policing_yields_nothing(text: str) -> None:
    assert extract(text).proposals == ()


@pytest.mark.parametrize(
    "text",
    [
        "Eritreans in Norway are afraid. Men who collect for the consulate in Oslo threaten those who protest.",
        "Danish police say that two men had been hired by Tehran to kill an exiled journalist in Aarhus.",
        "The consulate in Istanbul no longer renews the passports of Turkmen activists.",
        "DUSHANBE, 11 April 2024. Tajik officers never followed the opposition abroad, the Interior Ministry said.",
    ],
)
def test_the_subject_is_seen_whoever_is_accused(text: str) -> None:
    assert extract(text).proposals


def test_a_text_in_doubt_is_read_and_judged_by_what_is_found_in_it() -> None:
    told = (
        "Managua has taken citizenship away from ninety opponents. Consulates refuse them birth certificates. "
        "A retired officer was shot dead in San José in May. Costa Rican prosecutors arrested three suspects in June. "
        "The foreign ministry in San José asked Managua for information."
    )
    spies = (
        "The government expelled three Russian diplomats and summoned the ambassador. They had spied on a radar firm. "
        "Police searched a flat and held an engineer. Moscow denied it and called it a smear. A committee will hold a hearing."
    )
    assert len({p.claim.kind for p in extract(told).proposals}) > 1
    assert extract(spies).proposals == ()


def proposal(text: str, start: int, end: int, quote: str) -> Proposal:
    value = {
        "kind": "figure",
        "start": start,
        "end": end,
        "quote": quote,
        "slots": {"measure": "stations", "value": 54},
    }
    return Proposal(claim_from(value, text_id(text)), "made-up")


def test_the_gate_drops_and_counts_what_is_not_verbatim() -> None:
    text = "China has 54 stations in 30 countries."
    true, false = proposal(text, 10, 21, "54 stations"), proposal(text, 10, 21, "54 Stations")
    assert ground(text, [false, true]) == ((true,), 1)
    assert ground(text + " ", [true]) == ((), 1), "a claim about another text is refused"
    assert ground(text, [true, true]) == ((true,), 0), "the same claim twice is one claim"


def check(text: str, found: Extraction) -> None:
    ids = [p.claim.id for p in found.proposals]
    assert len(set(ids)) == len(ids)
    assert all(p.claim.grounded_in(text) and p.rule for p in found.proposals)
    order = [(p.claim.start, p.claim.end, p.claim.kind, p.claim.id) for p in found.proposals]
    assert order == sorted(order) and found.dropped == 0
    assert set(repeats([p.claim for p in found.proposals])) <= set(ids)


words = st.sampled_from(
    [
        *GOOD.split(),
        "“",
        "”",
        '"',
        ".",
        ",",
        "\n\n",
        "\r\n",
        "\u00a0",
        "if",
        "not",
        "in",
        "Beijing",
        "Iran",
        "dissidents",
        "abducted",
        "said",
        "according",
        "to",
        "54",
        "3,000",
        "May",
        "2022",
        "two",
        "police",
        "stations",
        "Dutch",
        "—",
        "’s",
        "𠮷",
        "é",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(words, max_size=80).map(" ".join))
def test_word_salad(text: str) -> None:
    found = extract(text, Context(language="en"))
    check(text, found)
    assert extract(text, Context(language="en")) == found


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=50))
def test_any_text(before: str, after: str) -> None:
    text = before + GOOD + after
    check(text, extract(text, Context(published="2022-10")))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "in " * 33_000,
        '"' * 100_000,
        "“" * 100_000,
        "Chinese " * 12_500,
        "54 " * 33_000,
        "of 54 " * 16_000,
        "said, " * 16_000,
        "and the Chinese police stations in " * 2_800,
        ". " * 50_000,
        "\n" * 100_000,
        "(" * 100_000,
        "A." * 50_000,
        "he said that " * 7_500,
        "May " * 25_000,
        "\ue002 \ue006" * 30_000,
    ],
)
def test_hostile_strings(text: str) -> None:
    text = GOOD + " " + text
    check(text, extract(text, Context(language="en", rules_only=True)))
    check(text[:5_000], extract(text[:5_000], Context(language="en")))


@pytest.mark.parametrize(
    "change", [(" ", "\r\n"), (" ", "\u00a0"), ("54", "54\u00a0"), ("C", "\U00020bb7 C"), (". ", ".\r\n\r\n")]
)
def test_offsets_hold_whatever_the_white_space(change: tuple[str, str]) -> None:
    text = GOOD.replace(*change)
    check(text, extract(text, Context(language="en")))


def test_lone_surrogates_raise_nothing() -> None:
    assert extract("\ud800" + GOOD).dropped == 0


def test_languages_are_reported() -> None:
    assert extract(GOOD).languages == ("en",)
    found = extract("De politie heeft een kantoor van de Chinese politie in Rotterdam gesloten, zei de minister gisteren.")
    assert found.proposals == () and "nl" in found.unsupported


def test_repeats_point_to_the_first_mention() -> None:
    text = GOOD + "\n\nChina has set up 54 secret police stations in 30 countries, Safeguard Defenders said."
    found: list[Claim] = [p.claim for p in extract(text).proposals if p.claim.kind == "figure"]
    again = repeats(found)
    assert len(again) == 2 and all(v not in again for v in again.values())
    first = next(c for c in found if c.id in again.values())
    other = dataclasses.replace(first, start=first.start + 1, quote=first.quote[1:], asserted_when="2023-01", anchor=None)
    assert other.id not in repeats([first, other]), "a conflicting date makes it a claim of its own"
