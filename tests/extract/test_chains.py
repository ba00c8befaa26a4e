"""Who says it where one draws on another, where groups and people go unnamed, and where the subject of saying is not plain."""

from __future__ import annotations

import pytest

from .helpers import claims, has
from .test_named_in_context import CHINESE, ENGLISH, NGO, SPANISH

GUARDIAN, REUTERS, HOST = "media:the-guardian", "media:reuters", "state:HR"
SITE = "Chinese police had opened a police station in Zagreb"
SITIO = "la policía china había abierto una comisaría en Zagreb"


def said(text: str, who: str, via: tuple[str, ...]) -> None:
    """Fails unless a site in Croatia is asserted by ``who`` through ``via``."""
    found = has(text + "\n", "site", by=who, country="HR")
    assert via in [c.attribution.via for c in found]


@pytest.mark.parametrize(
    ("words", "who", "via"),
    [
        (f"The Guardian reported on Friday that {SITE}, citing Croatian officials.", HOST, (GUARDIAN,)),
        (f"The Guardian reported on Friday that {SITE}, citing a report by Safeguard Defenders.", NGO, (GUARDIAN,)),
        (f"The Guardian reported that {SITE}, according to Croatian officials.", HOST, (GUARDIAN,)),
        (f"Reuters, citing the Croatian interior ministry, said {SITE}.", HOST, (REUTERS,)),
        (f"{SITE}, Reuters said, citing two people familiar with the matter.", "unspecified", (REUTERS,)),
        (f"MPs were told by the Croatian interior minister that {SITE}.", HOST, ()),
        (f"A former official who asked not to be named said that {SITE}.", "persons:former-official", ()),
    ],
)
def test_in_english(words: str, who: str, via: tuple[str, ...]) -> None:
    said(ENGLISH + words, who, via)


@pytest.mark.parametrize(
    ("words", "who", "via"),
    [
        (f"The Guardian informó el viernes de que {SITIO}, citando a funcionarios croatas.", HOST, (GUARDIAN,)),
        (f"Reuters, que cita al Ministerio del Interior croata, informó de que {SITIO}.", HOST, (REUTERS,)),
        ("Según Reuters, que cita a Safeguard Defenders, la policía china abrió una comisaría en Zagreb.", NGO, (REUTERS,)),
        (f"El País publicó que {SITIO}, según un informe de Safeguard Defenders.", NGO, ("media:el-pais",)),
        ("La policía china abrió una comisaría en Zagreb, según Safeguard Defenders, citada por EFE.", NGO, ("media:efe",)),
    ],
)  # fmt: skip
def test_in_spanish(words: str, who: str, via: tuple[str, ...]) -> None:
    said(SPANISH + words, who, via)


@pytest.mark.parametrize("group", ["A rights group", "An NGO", "A Madrid-based rights group", "A human rights organisation"])
def test_an_unnamed_group_is_the_one_that_the_text_names_elsewhere(group: str) -> None:
    has(f"{ENGLISH}{group} says two Chinese police stations operate in Hungary.\n", "figure", by=NGO, value=2)


def test_a_group_with_a_name_of_its_own_is_another_one() -> None:
    words = "A rights group called Hongkongers in Britain says two Chinese police stations operate in London."
    has(f"{ENGLISH}{words}\n", "figure", by="org:hongkongers-in-britain", value=2)


@pytest.mark.parametrize(
    "words",
    ["In its tables Italy leads with 11 police stations.", "The same report counts 11 police stations in Italy."],
)
def test_a_paper_of_the_group_speaks_for_it(words: str) -> None:
    has(f"{ENGLISH}{words}\n", "figure", by=NGO, value=11, scope="IT")


def test_behind_a_word_of_saying_may_stand_who_acts() -> None:
    words = "Ms Wang, a student in Zagreb, says Chinese officers threatened her parents."
    found = [c for c in claims(ENGLISH + words + "\n") if c.kind == "incident" and c.start > len(ENGLISH)]
    assert found and not any(c.attribution.asserted_by == "state:CN" for c in found)


def test_a_spokesman_by_his_well_known_name() -> None:
    words = "The Chinese police station in Lima has already been shut, Foreign Ministry spokesman Wang Wenbin said."
    has(f"{ENGLISH}{words}\n", "site", by="state:CN", country="PE", status="closed")


def test_silence_about_the_two_is_no_estimate() -> None:
    words = "South Africa has had nothing to say about the two outposts that the group places in Johannesburg and Cape Town."
    has(f"{ENGLISH}{words}\n", "figure", value=2, qualifier="exact")


def test_the_mark_of_an_agency_is_no_source() -> None:
    words = "（中央社斯德哥爾摩21日綜合外電報導）瑞典馬爾默地方法院今天判處一名替德黑蘭監看伊朗異議人士的男子有期徒刑4年6個月。"
    found = [c for c in claims(CHINESE + words + "\n") if c.kind == "response"]
    assert found and not any("central-news" in who for c in found for who in (c.attribution.asserted_by, *c.attribution.via))


@pytest.mark.parametrize(("city", "country"), [("日内瓦", "CH"), ("法兰克福", "DE"), ("加德满都", "NP"), ("德班", "ZA")])
def test_a_city_whose_first_character_goes_with_the_word_before(city: str, country: str) -> None:
    has(f"{CHINESE}中国在{city}设有一个警务站。\n", "site", country=country)


@pytest.mark.parametrize(
    ("before", "who"),
    [
        ("Readers have asked what these places are.", "publisher"),
        ("The director of Safeguard Defenders answered our questions.", NGO),
    ],
)
def test_who_answers_is_the_guest_or_in_an_explainer_the_narrator(before: str, who: str) -> None:
    text = f"""Chinese police stations abroad: questions and answers

{before}

Q: Where are the Chinese police stations?
A: There are two Chinese police stations in Prague. Safeguard Defenders, a rights group, published a report in 2022.

Q: What became of the police stations?
A: There are 11 Chinese police stations in Italy.
"""
    has(text, "figure", by=who, value=11, scope="IT")
