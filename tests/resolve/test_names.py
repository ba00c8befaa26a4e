"""Names of one place and of one body are one for a reason; siblings stay apart."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.resolve.names import Reason, same_body, same_place
from safeconduct.resolve.tables import divisions, rows

from .pairs import PARTS, Pair, decided, pairs, score, table

UNSOLVED = {  # what the rules get wrong today; a pair that comes right has to leave this list
    "Rostov=Rostov-on-Don", "连江县=Lianjiang County", "Ростов-на-Дону=Rostov-on-Don",
    "Korps der Islamischen Revolutionsgarden=IRGC", "Комитет госбезопасности Беларуси=КГБ Республики Беларусь",
    "Всемирный уйгурский конгресс=World Uyghur Congress",
}  # fmt: skip
ALL = pairs()


@pytest.mark.parametrize("pair", ALL, ids=str)
def test_pair(pair: Pair) -> None:
    assert (decided(pair.reason()) == (pair.same == "yes")) != (str(pair) in UNSOLVED), f"{pair.why}: {pair.reason()}"


@pytest.mark.parametrize("pair", ALL, ids=str)
def test_order_does_not_matter_and_one_place_shares_a_key(pair: Pair) -> None:
    reason, other = pair.reason(), pair.turned().reason()
    assert (reason is None, decided(reason)) == (other is None, decided(other))
    if reason and reason.rule != "similar-spelling":
        assert pair.keys()[0] & pair.keys()[1]


def test_the_set_is_what_it_says() -> None:
    assert len(ALL) >= 320 and len({(p.kind, p.country, p.a, p.b) for p in ALL}) == len(ALL)
    assert {str(p) for p in ALL} >= UNSOLVED
    assert 0.40 <= sum(p.same == "no" for p in ALL) / len(ALL) <= 0.50
    assert {p.same for p in ALL} == {"yes", "no"} and {p.held for p in ALL} == {"held", "open", "fresh"}


@pytest.mark.parametrize("part", PARTS)
def test_precision_comes_first(part: str) -> None:
    tp, fp, fn, _ = score(p for p in ALL if PARTS[part](p))
    assert tp / (tp + fp) >= 0.98 and tp / (tp + fn) >= 0.90


def test_the_document_tells_what_the_rules_do() -> None:
    page = Path(__file__).parents[2] / "docs" / "names.md"
    assert table() in page.read_text(encoding="utf-8"), "docs/names.md: python -m tests.resolve.pairs prints the table anew"


def test_no_two_prefectures_or_counties_of_china_are_ever_one() -> None:
    han = [name for name in divisions() if not name.isascii()]
    wrong = [(a, b) for a, b in combinations(han, 2) if decided(same_place(a, b, "CN"))]
    assert len(han) > 500 and wrong == []


@pytest.mark.parametrize(("a", "b"), [("Changchun", "Cancún"), ("Tijuana", "Zaragoza"), ("Shantou", "Laiwu")])
def test_a_place_called_so_is_not_one_that_is_only_listed_so(a: str, b: str) -> None:
    assert not decided(same_place(a, b))
    assert decided(same_place("Seville", "Sevilla")) and decided(same_place("Saragossa", "Zaragoza"))


def test_every_prefecture_is_found_by_its_pinyin_and_province() -> None:
    english = {han: name for han, name, _, _ in rows("provinces.tsv")}
    for name, here in divisions().items():
        for one in here:
            if not name.isascii() and not one.prefecture and one.province:
                assert decided(same_place(f"{one.pinyin}, {english[one.province]}", name, "CN"))


@pytest.mark.parametrize(
    ("name", "meant", "sibling"),
    [("Fuzhou", "福州", "抚州"), ("Suzhou", "苏州", "宿州"), ("Nanjing", "南京", "南靖"), ("Lishui", "丽水", "溧水")],
)
def test_a_bare_name_means_the_bigger_place_and_only_suggests_the_other(name: str, meant: str, sibling: str) -> None:
    assert decided(same_place(name, meant, "CN"))
    reason = same_place(name, sibling, "CN")
    assert reason is not None and reason.suggestion and reason.rule == "namesakes"


@pytest.mark.parametrize(
    ("name", "other"), [("Taizhou", "泰州"), ("Taizhou", "台州"), ("Taichow", "台州"), ("Jilin", "吉林省"), ("Jilin", "吉林市")]
)
def test_where_neither_is_bigger_nothing_is_decided(name: str, other: str) -> None:
    reason = same_place(name, other, "CN")
    assert reason is not None and reason.suggestion


def test_police_of_a_chinese_town_are_only_suggested_to_be_its_bureau() -> None:
    reason = same_body("Fuzhou police", "福州市公安局")
    assert reason is not None and reason.suggestion
    assert same_body("Chinese police", "公安部") is None


def test_spelling_alone_only_suggests() -> None:
    assert same_place("Novosibirsk", "Novosibirks") == Reason(
        "similar-spelling", "Novosibirsk and Novosibirks are spelt almost alike; that alone decides nothing.", suggestion=True
    )
    assert same_place("Changzhou", "Zhangzhou", "CN") is None


def test_reasons_are_sentences() -> None:
    assert same_place("Foochow", "Fuzhou") == Reason("postal", "Foochow is the postal romanisation of Fuzhou.")
    assert same_body("Foochow PSB", "福州市公安局") == Reason(
        "organ+postal", "Foochow PSB and 福州市公安局 name the same kind of organ (public security, China). "
        "Foochow is the postal romanisation of 福州市.",
    )  # fmt: skip
    for pair in ALL:
        reason = pair.reason()
        assert reason is None or (reason.sentence.endswith(".") and reason.rule and pair.a.strip())


@given(st.text(max_size=24), st.text(max_size=24), st.sampled_from([None, "CN", "RU", "XX"]))
@example("", "", None)
@example("公安局", "市", "CN")
@example("省", "县市区", "CN")
@example("(", "), ,", None)
@example("'s", "org:", None)
def test_any_text_is_met_without_an_error(a: str, b: str, country: str | None) -> None:
    for same in (same_place, same_body):
        assert (same(a, b, country) is None) == (same(b, a, country) is None)
