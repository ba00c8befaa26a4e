"""Pinyin, Wade-Giles and transliterated Cyrillic."""

from __future__ import annotations

import pytest

from safeconduct.resolve.romanise import latin_spellings, pinyin, pinyin_spellings, plain, skeleton, syllables, wade_giles


@pytest.mark.parametrize(
    ("name", "reading"),
    [("Ch'ing-t'ien", "qingtian"), ("T’ai-pei", "taibei"), ("Hsia-men", "xiamen"), ("Ssu-ch'uan", "sichuan"),
     ("Ch'üan-chou", "quanzhou"), ("Kuang-tung", "guangdong"), ("Hsin-chiang", "xinjiang")],
)  # fmt: skip
def test_wade_giles_reads_as_pinyin(name: str, reading: str) -> None:
    assert reading in wade_giles(name)


def test_apostrophes_of_wade_giles_count_where_there_are_any() -> None:
    assert wade_giles("T'ai-chou") == ("taizhou",)
    assert {"taizhou", "daizhou"} <= set(wade_giles("Tai-chou"))
    assert wade_giles("Mailand") == ()


@pytest.mark.parametrize(
    ("name", "spelling"),
    [("Xian", "xi'an"), ("Xī’ān", "xi'an"), ("Lvliang", "luliang"), ("Lüliang", "luliang"), ("Fú zhōu", "fuzhou")],
)
def test_pinyin_is_spelt_in_one_way(name: str, spelling: str) -> None:
    assert spelling in pinyin_spellings(name)


def test_what_is_no_pinyin_has_no_pinyin() -> None:
    assert pinyin_spellings("Moskva") == pinyin_spellings("福州") == pinyin_spellings("") == ()
    assert 390 <= len(syllables()) <= 420


def test_characters_with_several_readings_are_read_as_the_word_is() -> None:
    assert (pinyin("重庆"), pinyin("长沙"), pinyin("廈門")) == ("chongqing", "changsha", "xiamen")


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [("Москва", "moskva"), ("Шанхай", "shankhaj"), ("Грозный", "grozny"), ("Екатеринбург", "yekaterinburg")],
)
def test_cyrillic_is_spelt_as_gazetteers_do(cyrillic: str, latin: str) -> None:
    assert latin in latin_spellings(cyrillic)


def test_one_skeleton_for_all_transliterations() -> None:
    names = ("Нижний Новгород", "Nizhny Novgorod", "Nižnij Novgorod", "Nizhniy Novgorod")
    assert {skeleton(n) for n in names} == {"nizhninovgorod"}
    assert skeleton("Киров") != skeleton("Кировск")


def test_letters_that_are_no_accents_stay() -> None:
    assert (plain("Đà Nẵng"), plain("Łódź"), plain("Diyarbakır"), plain("Й")) == ("da nang", "lodz", "diyarbakir", "й")
