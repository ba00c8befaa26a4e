"""Who says it, through whom, and when."""

from __future__ import annotations

import pytest

from .helpers import claims, has

NGO = "org:safeguard-defenders"
FACT = "there are two secret Chinese police stations in Portugal"


@pytest.mark.parametrize(
    ("text", "by"),
    [
        (f"T{FACT[1:]}.", "publisher"),
        (f"Safeguard Defenders says {FACT}.", NGO),
        (f"Safeguard Defenders, a rights group, has reported that {FACT}.", NGO),
        (f"According to Safeguard Defenders, {FACT}.", NGO),
        (f"T{FACT[1:]}, according to a report by Safeguard Defenders.", NGO),
        (f"T{FACT[1:]}, the Portuguese interior ministry said.", "state:PT"),
        (f"T{FACT[1:]}, Reuters reported.", "media:reuters"),
        (f"Lisbon revealed that {FACT}.", "state:PT"),
        (f"The rights group Tundra Watch alleges that {FACT}.", "org:tundra-watch"),
        ("There are reportedly two secret Chinese police stations in Portugal.", "unspecified"),
        (
            "“There are two secret Chinese police stations in Portugal,” Portugal's interior minister said.",
            "state:PT",
        ),
    ],
)
def test_the_asserter(text: str, by: str) -> None:
    has(text, "figure", measure="stations", value=2, scope="PT", by=by)


def test_an_attribution_is_not_carried_over_a_sentence_without_one() -> None:
    text = "Safeguard Defenders published a study. There are two secret Chinese police stations in Portugal."
    has(text, "figure", measure="stations", by="publisher")


def test_an_attribution_ends_with_its_clause() -> None:
    text = (
        "Safeguard Defenders says there are two secret Chinese police stations in Portugal, "
        "while Norway has ordered the Chinese police stations to close."
    )
    has(text, "figure", measure="stations", by=NGO)
    has(text, "response", country="NO", action="closure_order", by="publisher")


def test_the_group_is_the_one_named_before() -> None:
    text = (
        "Safeguard Defenders studies Chinese overseas police stations. "
        "The group says there are five secret Chinese police stations in Peru."
    )
    has(text, "figure", value=5, scope="PE", by=NGO)


def test_a_quotation_goes_on_over_sentences() -> None:
    text = (
        "“There are two secret Chinese police stations in Lisbon,” said a researcher at Safeguard Defenders. "
        "“A third secret Chinese police station is in Porto. It is an apartment.”"
    )
    has(text, "site", place="Porto", by=NGO)


def test_via() -> None:
    text = "Reuters quoted the Dutch foreign ministry as saying that there are two secret Chinese police stations there."
    claim = has(text, "figure", value=2, by="state:NL")[0]
    assert claim.attribution.via == ("media:reuters",)


@pytest.mark.parametrize(
    ("said", "published", "when"),
    [
        ("on Tuesday", "2023-06-08", "2023-06-06"),
        ("last month", "2023-01-15", "2022-12"),
        ("in September", "2023-03", "2022-09"),
        ("in February", "2023-03-02", "2023-02"),
        ("on 5 May 2021", None, "2021-05-05"),
        ("yesterday", "2024-03-01", "2024-02-29"),
        ("last year", "2024-03-01", "2023"),
    ],
)
def test_when_it_was_said(said: str, published: str | None, when: str) -> None:
    text = f"Safeguard Defenders said {said} that there are two secret Chinese police stations in Portugal."
    has(text, "figure", published=published, value=2, asserted_when=when)


def test_the_texts_own_dateline_is_used() -> None:
    text = "OSLO, 8 June 2023 - Norway on Tuesday ordered the secret Chinese police station in Bergen to close."
    claim = has(text, "response", country="NO", action="closure_order")[0]
    assert claim.when == "2023-06-06" and not claim.quote.startswith("OSLO")


@pytest.mark.parametrize(
    "text",
    [
        "If Norway ordered the Chinese police stations to close, China would protest.",
        "Norway might order the Chinese police stations to close.",
        "Norway should order the secret Chinese police stations to close.",
        "Has Norway ordered the secret Chinese police stations to close?",
        "Critics fear that Chinese agents will abduct dissidents in Norway.",
        "Norway has not ordered the secret Chinese police stations to close.",
    ],
)
def test_no_claim_under_modality(text: str) -> None:
    for rules_only in (True, False):
        assert not claims(text, "response", rules_only=rules_only)
        assert not claims(text, "incident", rules_only=rules_only)


def test_names_of_private_persons_enter_no_slot() -> None:
    text = (
        "Chinese agents abducted the dissident Wei Lanfen in Bangkok, Safeguard Defenders researcher Ana Pujol said. "
        "Interior minister Per Sand summoned the Chinese ambassador."
    )
    for claim in (*claims(text), *claims(text, rules_only=False)):
        said = f"{claim.slots.as_json()} {claim.attribution}"
        assert not any(name in said.casefold() for name in ("wei", "lanfen", "ana", "pujol", "per", "sand"))


def test_quotes_do_not_begin_or_end_with_the_name_of_a_private_person() -> None:
    text = "On the secret Chinese police station in Brooklyn, Lu Wenbo, 61, pleaded guilty in federal court in New York."
    claim = has(text, "response", action="guilty_plea")[0]
    assert claim.quote.startswith("pleaded guilty")


WATCHED = "Uzbek agents followed exiled activists in Sofia"


@pytest.mark.parametrize(
    ("text", "by", "via"),
    [
        (f"{WATCHED}, the Sofia Refugee Monitor said.", "org:sofia-refugee-monitor", ()),
        (f"Lantern Desk, a Prague-based rights group, said that {WATCHED}.", "org:lantern-desk", ()),
        (f"{WATCHED}, the Bulgarian State Agency for National Security told parliament.", "state:BG", ()),
        (f"{WATCHED}, the daily Utro reported, citing Bulgarian prosecutors.", "state:BG", ("media:utro",)),
        (f"Citing Bulgarian police, Radio Balkan reported that {WATCHED}.", "state:BG", ("media:radio-balkan",)),
        (f"Bulgarian prosecutors, quoted by Reuters, say that {WATCHED}.", "state:BG", ("media:reuters",)),
        (f"According to the indictment in Bulgaria, {WATCHED}.", "state:BG", ()),
        (f"{WATCHED}, two witnesses told the Bulgarian court.", "persons:witnesses", ()),
        (f"Human Rights Watch complained that {WATCHED}.", "org:human-rights-watch", ()),
        (f"Exiles in Bulgaria say that {WATCHED}.", "persons:exiles", ()),
        (f"Bulgarian police: {WATCHED}.", "state:BG", ()),
        (f"{WATCHED}.", "publisher", ()),
        (f"The Sofia Refugee Monitor and Human Rights Watch found that {WATCHED}.", "org:sofia-refugee-monitor", ()),
        (f"Reuters, citing Bulgarian police, reported that {WATCHED}.", "state:BG", ("media:reuters",)),
        (f"Bulgaria and Chad concluded a treaty; it emerged that {WATCHED}.", "unspecified", ()),
    ],
)
def test_bodies_and_chains(text: str, by: str, via: tuple[str, ...]) -> None:
    claim = has(text, "incident", method="surveillance", by=by)[0]
    assert claim.attribution.via == via


def test_an_answer_is_its_speakers() -> None:
    text = (
        "Written answers, 3 March 2024\n\nQuestion: What has been done about Uzbek agents?\n\n"
        "Answer by the Bulgarian interior minister:\n\nUzbek agents followed exiled activists in Sofia.\n\n"
        "Bulgaria expelled two Uzbek diplomats."
    )
    has(text, "incident", by="state:BG")
    has(text, "response", action="expulsion", by="state:BG")


def test_a_statement_is_its_bodys_own_from_the_announcing_line_on() -> None:
    text = (
        "Bulgaria's interior ministry issued the following statement on Friday, 15 March 2024.\n\n"
        "Uzbek agents followed exiled activists in Sofia.\n\nBulgaria has expelled two Uzbek diplomats."
    )
    has(text, "incident", by="state:BG", asserted_when="2024-03-15")
    has(text, "response", action="expulsion", by="state:BG")


def test_questions_and_answers_of_an_interview() -> None:
    text = (
        "Our guest leads the Silk Road Exile Project in Sofia.\n\nQ: Do they feel safe?\n\n"
        "A: No. Uzbek agents followed exiled activists in Sofia.\n\nUzbek agents threatened exiled activists in Riga."
    )
    has(text, "incident", method="surveillance", by="org:silk-road-exile-project")
    has(text, "incident", method="threat", by="publisher")


@pytest.mark.parametrize(
    "text",
    [
        f"{WATCHED}, said Rebecca Hall, a campaigner at the group.",
        f"Dora Petrova, a researcher at a rights group, said that {WATCHED}.",
        f"{WATCHED}, said the director of the network, Dora Petrova.",
        f"Dora Petrova, a rights group's director, said that {WATCHED}.",
    ],
)
def test_a_private_person_is_no_organisation(text: str) -> None:
    said = " ".join(str(c.attribution) for c in claims(text)).casefold()
    assert not any(name in said for name in ("rebecca", "hall", "dora", "petrova"))


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("in the autumn", "2023-23"),
        ("last winter", "2023-24"),
        ("in the spring of 2021", "2021-21"),
        ("three months ago", "2024-02"),
        ("ten days ago", "2024-05-07"),
        ("on 6 February last year", "2023-02-06"),
        ("in March last year", "2023-03"),
        ("on the 3rd of this month", "2024-05-03"),
    ],
)
def test_when_it_happened(words: str, when: str) -> None:
    text = f"Uzbek agents kidnapped an exiled activist in Sofia {words}."
    has(text, "incident", published="2024-05-17", method="abduction", when=when)


def test_dates_that_lean_on_the_one_before() -> None:
    text = (
        "Bulgaria expelled two Uzbek diplomats on 16 November 2022. "
        "Five days earlier Bulgaria summoned the Uzbek ambassador over threats to exiled activists."
    )
    has(text, "response", action="summons", when="2022-11-11")
