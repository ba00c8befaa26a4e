"""The words of the line's pages say the same in every language, as far as a machine can tell."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from opencc import OpenCC

FOLDER = Path(__file__).parents[2] / "src" / "safeconduct" / "line" / "languages"
LANGUAGES = "en zh-Hans zh-Hant ug bo fa ru tr vi es".split()
RTL = {"fa", "ug"}
NO_LATIN = {"bo", "fa", "ru", "ug", "zh-Hans", "zh-Hant"}
LATIN = {"Tor", "Browser", "JavaScript", "MB", "Escape", "Esc"}  # names, and what is printed on a key
SETTINGS = {"language", "direction", "reviewed"}  # keys that are not words of the page
PLACEHOLDER = re.compile(r"\{[^{}]*\}")

FILES = sorted(path.stem for path in FOLDER.glob("*.json"))
TRANSLATIONS = [name for name in FILES if name != "en"]


def pairs(name: str) -> list[tuple[str, Any]]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"), object_pairs_hook=list)


def words(name: str) -> dict[str, str]:
    return {key: value for key, value in pairs(name) if key not in SETTINGS}


def test_all_languages_are_there() -> None:
    assert sorted(LANGUAGES) == FILES


def test_the_readme_lists_the_files() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([\w-]+)\.json` \|", readme, re.M)) == sorted(LANGUAGES)


def test_the_readme_names_exact_sentences_that_exist() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    exact = re.findall(r"^- `([\w*]+)`$", readme, re.M)
    assert exact
    assert [pattern for pattern in exact if not any(fnmatchcase(key, pattern) for key in words("en"))] == []


@pytest.mark.parametrize("name", FILES)
def test_keys(name: str) -> None:
    keys = [key for key, _ in pairs(name)]
    assert sorted(keys) == sorted(key for key, _ in pairs("en"))
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", FILES)
def test_settings(name: str) -> None:
    settings = dict(pairs(name))
    assert settings["direction"] == ("rtl" if name in RTL else "ltr")
    assert isinstance(settings["reviewed"], bool)
    assert settings["language"].strip()


@pytest.mark.parametrize("name", FILES)
def test_no_string_is_empty_or_padded(name: str) -> None:
    wrong = [key for key, text in words(name).items() if not isinstance(text, str) or not text or text != text.strip()]
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_no_invisible_or_markup_characters(name: str) -> None:
    """Direction is the page's business, and no string is HTML; Persian alone needs the zero-width non-joiner."""
    bad = re.compile(r"[<>\x00-\x1f\x7f\u200b\u200d-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffd]")
    assert [key for key, text in words(name).items() if bad.search(text) or ("\u200c" in text and name != "fa")] == []


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_placeholders(name: str) -> None:
    english, text = words("en"), words(name)
    assert {key: sorted(PLACEHOLDER.findall(text[key])) for key in english} == {
        key: sorted(PLACEHOLDER.findall(english[key])) for key in english
    }
    assert [key for key in text if re.search(r"[{}]", PLACEHOLDER.sub("", text[key]))] == []


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_differs_from_english(name: str) -> None:
    english = words("en")
    assert [key for key, text in words(name).items() if text == english[key]] == []


@pytest.mark.parametrize("name", sorted(NO_LATIN & set(FILES)))
def test_no_latin_letters(name: str) -> None:
    found = {key: set(re.findall(r"[A-Za-z]+", PLACEHOLDER.sub("", text))) - LATIN for key, text in words(name).items()}
    assert {key: left for key, left in found.items() if left} == {}


@pytest.mark.parametrize("name", sorted({"zh-Hans"} & set(FILES)))
def test_simplified_chinese_has_no_traditional_characters(name: str) -> None:
    convert = OpenCC("t2s").convert
    assert {key: text for key, text in words(name).items() if convert(text) != text} == {}


@pytest.mark.parametrize("name", sorted({"zh-Hant"} & set(FILES)))
def test_traditional_chinese_has_no_simplified_characters(name: str) -> None:
    """Only characters that have a traditional form and that Big5 does not know: some simplified ones are old characters too."""
    convert = OpenCC("s2t").convert

    def simplified(character: str) -> bool:
        return convert(character) != character and not character.encode("big5", errors="ignore")

    found = {key: "".join(filter(simplified, text)) for key, text in words(name).items()}
    assert {key: characters for key, characters in found.items() if characters} == {}


def test_the_english_reads_at_the_age_of_twelve() -> None:
    """Flesch-Kincaid grade (Kincaid et al. 1975) of the sentences; a child of twelve is in grade six or seven. It was 3.1."""
    texts = [text for text in words("en").values() if len(text.split()) > 3]
    sentences = [s for t in texts for s in re.split(r"[.?!:]+(?:\s+|$)", re.sub(r"\{\w+\}", "Example", t)) if s]
    said = [w.lower() for s in sentences for w in re.findall(r"[A-Za-z’]+", s)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", w)) - (w.endswith("e") and not w.endswith("le"))) for w in said)
    assert 0.39 * len(said) / len(sentences) + 11.8 * syllables / len(said) - 15.59 <= 6
