"""What is done to exiles inside what is told of courts and police, what is asked for them, and Chinese counts and places."""

from __future__ import annotations

import pytest

from .helpers import claims, has
from .test_named_in_context import CHINESE, ENGLISH, NGO, SPANISH


def in_context(words: str) -> str:
    """A text on the subject, in the language of some words, that ends with them."""
    spanish = words.startswith(("Un ", "La comisaría", "Amnistía"))
    return f"{CHINESE if words[0] > '一' else SPANISH if spanish else ENGLISH}{words}\n"


@pytest.mark.parametrize(
    ("words", "action", "method"),
    [
        ("Prosecutors in Vienna charged a man with spying on Uyghurs.", "charge", "surveillance"),
        ("Austrian prosecutors indicted a man for spying on Uyghurs.", "charge", "surveillance"),
        ("A court in Vienna convicted a man of stalking exiles for China.", "conviction", "intimidation"),
        ("A man who followed exiles for the Chinese embassy was detained in Vienna.", "arrest", "surveillance"),
        ("Un tribunal de Viena condenó a un hombre por acosar a exiliados.", "conviction", "intimidation"),
        ("Un hombre que seguía a exiliados para la embajada china fue detenido en Viena.", "arrest", "surveillance"),
        ("维也纳警方逮捕一名跟踪流亡者的男子。", "arrest", "surveillance"),
        ("一名男子因涉嫌跟踪流亡者在维也纳被捕。", "arrest", "surveillance"),
    ],
)  # fmt: skip
def test_who_is_tried_for_acting_against_exiles_is_no_exile(words: str, action: str, method: str) -> None:
    has(in_context(words), "response", action=action, country="AT")
    has(in_context(words), "incident", method=method, host="AT", level="case")


def test_the_arrest_of_an_exile_is_still_no_response() -> None:
    found = claims(f"{ENGLISH}Police in Vienna arrested a Uyghur dissident who had spied on nobody.\n", "response")
    assert not [c for c in found if c.slots.as_json()["action"] == "arrest"]


def test_spying_on_refugees_is_no_ordinary_espionage() -> None:
    charged = "Swedish prosecutors charged a man with {} on behalf of China."
    has(ENGLISH + charged.format("refugee espionage") + "\n", "response", action="charge", country="SE")
    assert not claims(ENGLISH + charged.format("espionage") + "\n", "response")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Amnesty International urged Thailand to end all deportations to China.", "protect"),
        ("Amnesty International urged Thailand to suspend its extradition treaty with China.", "suspend_cooperation"),
        ("Amnistía Internacional pidió a Tailandia que suspenda toda deportación a China.", "protect"),
        ("国际特赦组织促请泰国立即停止遣返难民。", "protect"),
    ],
)
def test_a_stop_to_deportations_is_protection(words: str, asked: str) -> None:
    has(in_context(words), "recommendation", ask=asked)


@pytest.mark.parametrize("ask", ["investigate", "protect", "suspend_cooperation", "disclose"])
def test_a_chinese_list_of_what_is_asked(ask: str) -> None:
    listed = "我们促请各国政府：彻查境内站点；为受威胁的侨民开设举报渠道；暂停与中国的警务合作；公布调查结果。\n"
    has(CHINESE + listed, "recommendation", ask=ask)


@pytest.mark.parametrize(
    ("scope", "place", "value"), [("IT", None, 11), ("FR", "Paris", 3), ("NL", None, 2)]
)  # fmt: skip
def test_chinese_counters_stand_for_stations_just_spoken_of(scope: str, place: str | None, value: int) -> None:
    has(f"{CHINESE}意大利一国就有11个，法国巴黎有三个，荷兰两个。\n", "figure", scope=scope, place=place, value=value)


def test_what_was_found_again_is_new() -> None:
    has(f"{CHINESE}此次又核实了48个，总数由此升至102个。\n", "figure", measure="stations_new", value=48)
    has(f"{CHINESE}此次又核实了48个，总数由此升至102个。\n", "figure", measure="stations", value=102)


def test_a_number_behind_the_people_it_counts() -> None:
    words = f"{CHINESE}“天网行动”以来，已从120多个国家和地区追回外逃人员一万余名。\n"
    has(words, "figure", measure="persons_returned", value=10_000, qualifier="more_than")
    has(words, "figure", measure="countries", value=120, qualifier="more_than")


def test_where_an_organisation_finds_stations_is_not_its_seat() -> None:
    has(f"{CHINESE}该组织在拉各斯和阿布贾找到站点。\n", "site", by=NGO, country="NG", place="Abuja")


@pytest.mark.parametrize(
    "words", ["The station in Dublin has been closed since November.", "La comisaría de Dublín está cerrada desde noviembre.",
              "都柏林的警务站去年11月起已关闭。"]
)  # fmt: skip
def test_since_when_a_station_is_closed_is_not_when_it_opened(words: str) -> None:
    site = has(in_context(words), "site", country="IE", status="closed")[0]
    assert site.slots.as_json().get("opened") is None


def test_a_house_of_representatives_is_that_of_the_country_spoken_of() -> None:
    has(f"{ENGLISH}In Lagos the House of Representatives held a hearing on the Chinese station.\n", "response", country="NG")


def test_hackers_and_envoys_without_exiles_are_no_matter_of_ours() -> None:
    text = (
        "Intruders spent weeks in a ministry's mail\n\nHELSINKI, 3 March 2023 - Intruders read the mail of three Finnish "
        "ministries for weeks before anybody noticed, the communications authority said. The police have opened an "
        "investigation and are helped by two private firms.\n\nIn 2021 Finland laid a break-in at its parliament at China's "
        "door, summoned the ambassador and was told that the charge was groundless. A shipyard lost drawings last winter.\n\n"
        "Russia's embassy, from which nine staff were sent home in April for intelligence work under diplomatic cover, denied "
        "everything and lodged a protest over parking. Some members of parliament want suppliers from abroad to be shut out of "
        "tenders.\n"
    )
    assert claims(text, rules_only=False) == []
