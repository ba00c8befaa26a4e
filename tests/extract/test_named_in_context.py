"""Cities and forces as texts of three languages write them, lists of countries, and who is asked: what they make of a claim."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import claims, has

ENGLISH = """Rights group reports secret Chinese police stations abroad

Safeguard Defenders, a rights group based in Madrid, published a report in September 2022 that says China runs 54 covert
police stations in 30 countries from which dissidents are harassed.

"""
SPANISH = """Una ONG denuncia comisarías chinas clandestinas en el exterior

Safeguard Defenders publicó en septiembre de 2022 un informe según el cual China mantiene 54 comisarías clandestinas en 30
países, desde las que se hostiga a disidentes.

"""
CHINESE = """人权组织称中国在海外设秘密警察站

人权组织“保护卫士”2022年9月发布报告称，中国在30个国家设有54个海外警务服务站，用以骚扰异见人士。

"""
NGO = "org:safeguard-defenders"


@pytest.mark.parametrize(
    ("city", "country"),
    [
        ("布宜诺斯艾利斯", "AR"), ("馬德里", "ES"), ("日内瓦", "CH"), ("万象", "LA"), ("三蘭港", "TZ"),
        ("亚的斯亚贝巴", "ET"), ("蒙特婁", "CA"),
    ],
)  # fmt: skip
def test_a_city_in_chinese(city: str, country: str) -> None:
    has(f"{CHINESE}一处警务站设在{city}的一栋楼里。\n", "site", country=country)


@pytest.mark.parametrize(("city", "country"), [("La Haya", "NL"), ("El Cairo", "EG"), ("Abu Dabi", "AE"), ("La Habana", "CU")])
def test_a_city_whose_spanish_name_has_an_article_or_is_a_capital(city: str, country: str) -> None:
    has(f"{SPANISH}La oficina de {city} sigue abierta.\n", "site", country=country, place=city, status="active")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (ENGLISH + "It was opened by the Fuzhou Public Security Bureau.\n", "fuzhou"),
        (ENGLISH + "The Public Security Bureau of Nantong has set up 29 posts abroad.\n", "nantong"),
        (ENGLISH + "The Qingtian County Public Security Bureau runs the stations.\n", "qingtian"),
        (SPANISH + "La Oficina de Seguridad Pública de Fuqing abrió una comisaría en Montevideo.\n", "fuqing"),
    ],
)
def test_the_force_of_a_city_in_capitals(text: str, name: str) -> None:
    has(text, "operator", actor="police_authority", name=name)


@pytest.mark.parametrize(
    ("sentence", "kind", "wanted"),
    [
        ("警方查过瓜亚基尔和基多的两个地址。", "site", {"country": "EC", "place": "Quito"}),
        ("服务站已在西班牙巴塞罗那、匈牙利布达佩斯、厄瓜多尔基多三地挂牌运行。",
         "site", {"country": "HU", "place": "Budapest"}),
        ("都柏林的那个站已经关闭。", "site", {"country": "IE", "status": "closed"}),
        ("布鲁克林联邦检察官起诉了34名公安部警员。", "response", {"country": "US", "action": "charge", "count": 34}),
    ],
)  # fmt: skip
def test_a_chinese_sentence(sentence: str, kind: str, wanted: dict[str, Any]) -> None:
    has(f"{CHINESE}{sentence}\n", kind, **wanted)


def test_what_is_demanded_of_a_person_is_no_order_to_a_state() -> None:
    text = CHINESE + "一名旅居巴黎的维吾尔族女子说，新疆警方以她母亲相威胁，要求她停止公开发言。\n"
    has(text, "incident", origin="CN", host="FR", method="threat_to_family")
    assert not claims(text, "response")
    assert not claims(text, "recommendation")


def test_a_country_before_a_colon_heads_a_line_and_does_not_speak() -> None:
    text = ENGLISH + "• Ireland: told the embassy in October 2022 to close the Dublin office.\n• Chile: an inquiry is open.\n"
    has(text, "response", by="publisher", country="IE", action="closure_order")
    has(text, "site", by="publisher", country="IE", place="Dublin", status="ordered_closed")
    assert not [c for c in claims(text) if c.attribution.asserted_by in ("state:IE", "state:CL")]


def test_a_line_that_names_its_addressee_asks() -> None:
    text = ENGLISH + "What should be done\n\nTo the German government: investigate every one.\n\nTo Interpol: review them.\n"
    has(text, "recommendation", by=NGO, ask="investigate", addressee="DE")
    assert not [c for c in claims(text, "recommendation") if c.attribution.asserted_by == "org:interpol"]


def test_the_seat_of_an_organisation_is_no_host() -> None:
    text = ENGLISH + "Foreign ministry spokesperson Wang Wenbin dismissed the claims as false.\n"
    assert not [c for c in claims(text, "position") if c.attribution.asserted_by == "state:ES"]


def test_a_number_that_grew_is_no_range() -> None:
    text = ENGLISH + "The number of stations has grown from 54 to 102, the group said in December.\n"
    has(text, "figure", by=NGO, value=102, qualifier="exact")


def test_a_group_at_the_end_of_a_headline_says_it() -> None:
    text = ENGLISH + "Secret police stations found in Dublin and Toronto, rights group says\n"
    has(text, "site", by=NGO, country="CA", place="Toronto")
