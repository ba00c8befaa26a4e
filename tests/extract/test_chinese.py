"""Chinese, simplified and traditional: each kind, who says it, numbers and dates, and what is to be left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.extract import Context, extract
from safeconduct.extract.clean import Clean
from safeconduct.extract.language import found_languages, passages

from .helpers import claims, dated, has, number

DAY = "2023-04-20"

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("葡萄牙内政部要求中国关闭里斯本的一处海外警务站。", "response", {"country": "PT", "action": "closure_order"}),
    ("捷克外交部召见中国大使，就海外警察站提出抗议。", "response", {"country": "CZ", "action": "summons", "about": "CN"}),
    ("捷克外交部召见中国大使，就海外警察站提出抗议。", "response", {"country": "CZ", "action": "protest_note"}),
    ("德國警方逮捕兩名涉嫌替伊朗監視流亡異議人士的男子。", "response", {"country": "DE", "action": "arrest", "count": 2}),
    ("荷兰检方起诉三名替厄立特里亚恐吓流亡记者的男子。", "response", {"country": "NL", "action": "charge", "about": "ER"}),
    ("挪威驱逐了两名伊朗外交官，指其威胁流亡的反对派人士。", "response", {"country": "NO", "action": "expulsion"}),
    ("丹麥對威脅流亡記者的四名伊朗官員實施制裁。", "response", {"country": "DK", "action": "sanctions", "about": "IR"}),
    ("瑞士、奥地利至今未就海外警务站作出回应。", "response", {"country": "AT", "action": "no_response"}),
    (
        "意大利暂停与中国的联合警务巡逻，此前当地曝出海外警务站。",
        "response",
        {"country": "IT", "action": "cooperation_suspended"},
    ),
    ("意大利与中国签署了联合警务巡逻协议，海外警务站由此而来。", "agreement", {"parties": ("CN", "IT")}),
    (
        "保护卫士说，中国在53个国家设有102个海外警察站。",
        "figure",
        {"measure": "stations", "value": 102, "by": "org:safeguard-defenders"},
    ),
    ("保护卫士说，中国在53个国家设有102个海外警察站。", "figure", {"measure": "countries", "value": 53}),
    (
        "自由之家记录了逾八百五十起跨国镇压事件。",
        "figure",
        {"measure": "incidents", "value": 850, "qualifier": "more_than"},
    ),
    (
        "中国称已将约二十三万名海外嫌疑人劝返回国，猎狐行动仍在继续。",
        "figure",
        {"measure": "persons_returned", "value": 230000},
    ),
    (
        "福州市公安局的海外警务站设在布达佩斯一家餐馆内。",
        "site",
        {"country": "HU", "place": "Budapest", "form": "restaurant"},
    ),
    ("该海外警务站位于格拉斯哥，由青田县公安局运营。", "site", {"country": "GB", "place": "Glasgow"}),
    (
        "该海外警务站位于格拉斯哥，由青田县公安局运营。",
        "operator",
        {"actor": "police_authority", "name": "qingtian", "role": "runs"},
    ),
    (
        "爱尔兰外交部说，中方从未就海外警务站征求爱方同意。",
        "operator",
        {"actor": "host_state", "stance": "denies", "scope": "IE"},
    ),
    (
        "路透社报道，土耳其特工在肯尼亚绑架了一名流亡教师和一名反对派人士。",
        "incident",
        {"method": "abduction", "host": "KE", "origin": "TR", "by": "media:reuters"},
    ),
    ("白俄罗斯吊销了流亡记者的护照。", "incident", {"method": "mobility_control", "origin": "BY", "target": "journalists"}),
    (
        "塔吉克斯坦以國內親屬要挾流亡波蘭的反對派成員。",
        "incident",
        {"method": "threat_to_family", "origin": "TJ", "host": "PL"},
    ),
    ("越南外交部发言人否认在柏林绑架流亡异议人士，称报道毫无根据。", "position", {"party": "VN", "position": "denial"}),
    ("中国使馆称，海外警务站由志愿者帮助侨民更换驾照。", "position", {"party": "CN", "position": "volunteers"}),
    (
        "人权观察呼吁泰国保护流亡的越南异议人士，并展开调查。",
        "recommendation",
        {"ask": "protect", "by": "org:human-rights-watch"},
    ),
    ("自由之家2022年6月发布题为《守护流亡者》的报告。", "report", {"author": "org:freedom-house", "title": "守护流亡者"}),
]


@pytest.mark.parametrize(("text", "kind", "wanted"), CASES)
def test_kinds(text: str, kind: str, wanted: dict[str, Any]) -> None:
    has(text, kind, DAY, **wanted)


@pytest.mark.parametrize(
    "text",
    [
        "市公安局新设三个便民警务站，志愿者协助办理护照换证，劝返走失老人十二名。",
        "泰国警方逮捕二十五名电信诈骗嫌疑人，中国使馆表示感谢。",
        "德国和法国警方在边境联合巡逻，检方起诉了三名袭击记者的男子。",
        "荷兰法院判处一名工程师两年徒刑，罪名是为中国企业窃取商业机密。",
        "小说讲述伊朗特工在巴黎暗杀流亡作家。",
        "如果海外警务站的指控属实，英国可能驱逐中国外交官。",
        "政府是否打算关闭中国的海外警务站？",
        "分析人士担心，伊朗或将在瑞典暗杀流亡异议人士。",
    ],
)
def test_nothing_to_find(text: str) -> None:
    assert claims(text, published=DAY) == []


def test_who_says_it() -> None:
    quoted = "共同社援引日本警方人士的话报道，东京一栋写字楼内设有中国海外警务站，由福州市公安局运营。"
    found = has(quoted, "operator", DAY, name="fuzhou", by="state:JP")
    assert found[0].attribution.via == ("media:kyodo",)
    told = "加拿大皇家骑警周四告诉路透社，正对两处中国海外警务站展开调查。"
    found = has(told, "response", DAY, country="CA", action="investigation", by="state:CA", asserted_when="2023-04-20")
    assert found[0].attribution.via == ("media:reuters",)
    has("据报，挪威警方也已对伊朗监视流亡记者一事展开调查。", "response", DAY, country="NO", by="unspecified")


def test_traditional_offsets_are_true() -> None:
    text = "瑞典國家安全局指出，伊朗僱用黑幫監視流亡異議人士。"
    found = extract(text).proposals
    assert found and all(p.claim.grounded_in(text) for p in found)
    assert len(Clean("臺灣裡面著手于於𠮷〇").text) == len("臺灣裡面著手于於𠮷〇")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("五十四", 54),
        ("二十三万", 230000),
        ("百", 100),
        ("25", 25),
        ("三百", 300),
        ("1,034", 1034),
        ("2.3万", 23000),
        ("一千二百", 1200),
    ],
)
def test_numbers(words: str, value: int) -> None:
    assert number(words, "zh") == value


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("上月下旬", "2022-10"), ("去年12月", "2021-12"), ("11月2日", "2022-11-02"), ("次日", "2022-11-05"),
        ("本周二", "2022-11-01"),
        ("2021年4月", "2021-04"), ("12月", "2021-12"), ("2021年4月至2022年7月", "2021-04/2022-07"),
    ],
)  # fmt: skip
def test_dates(words: str, edtf: str) -> None:
    assert dated(f"外交部{words}表示", "zh", "2022-11-04") == [edtf]


def test_languages_line_by_line() -> None:
    english = "Safeguard Defenders counted 54 Chinese police service stations in 30 countries in September 2022."
    chinese = "保护卫士说，中国在53个国家设有102个海外警察站。"
    text = f"{english}\n\n{chinese}\n"
    assert set(found_languages(text)) >= {"en", "zh"}
    parts = passages(text, ("en", "zh"))
    assert all(len(part) == len(text) for part in parts.values())
    assert chinese not in parts["en"] and chinese in parts["zh"]
    values = {getattr(p.claim.slots, "value", None) for p in extract(text).proposals}
    assert {54, 102} <= values


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*"，。；：？“”「」（）《》、的在由被据", *(c[0] for c in CASES)]), max_size=12).map("".join))
def test_any_order(text: str) -> None:
    found = extract(text, Context(language="zh", published=DAY))
    assert found.dropped == 0 and all(p.claim.grounded_in(text) for p in found.proposals)


def test_a_word_does_not_end_inside_the_name_of_a_country() -> None:
    text = "德国检方起诉一名男子，指他为中国情报部门监视在德国的异见人士。"
    has(text, "incident", by="state:DE", method="surveillance", host="DE", origin="CN")
