"""Which languages a text is in, as a whole and passage by passage (Compact Language Detector 2, through pycld2)."""

from __future__ import annotations

import re
from collections.abc import Collection

import pycld2

from .pack import LANGUAGES, load

LONGEST = 100_000  # characters looked at
SHARE = 10  # percent of the text below which a further language is left out
SHORT = 40  # characters below which the detector is not trusted
BRIEF = 300  # characters below which what is declared, or the small words of a language, overrule the detector
ENGLISH = "en"
CHINESE = "zh"
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U0010ffff]"
)
_WORD = re.compile(r"[^\W\d_]+")
_SMALL_SHARE = 0.25  # of the words of a text that are small words of a language, from which it is in that language
_LINE = re.compile(r"[^\r\n]+")
_HAN_SHARE = 0.3  # of the characters of a passage, from which it is in Chinese
_LEAST_HAN = 8  # characters of a passage in Chinese inside a text in another language


def found_languages(text: str, declared: str | None = None) -> tuple[str, ...]:
    """Two-letter codes of the languages of ``text``, the most used first.

    ``declared`` (BCP 47) decides when the text is brief, or when the detector sees only languages without a pack. Without it
    the small words of such a text tell, then the detector; else it is taken for English.
    """
    head = _clean(text[:LONGEST])
    given = declared.split("-")[0].lower() if declared else None
    codes = [code for code, percent in _detected(head) if percent >= SHARE]
    if not codes or len(head) < SHORT:
        codes = [given or (CHINESE if _chinese(head) else _by_small_words(head) or (codes[0] if codes else ENGLISH))]
    elif len(head) < BRIEF or not any(code in LANGUAGES for code in codes):  # near languages are mistaken for one another
        own = given if given in LANGUAGES and not _chinese(head) else _by_small_words(head)
        codes = [own] if own else codes
    if CHINESE not in codes and any(_chinese(m[0]) for m in _LINE.finditer(head) if len(m[0]) >= _LEAST_HAN):
        codes.append(CHINESE)
    return tuple(dict.fromkeys(codes))


def passages(text: str, languages: Collection[str]) -> dict[str, str]:
    """``text`` for each of ``languages``: of the same length, with line breaks in the place of what is in another.

    A line goes to the language it is in; one too short to tell goes the way of the line before it.
    """
    if len(languages) < 2:
        return dict.fromkeys(languages, text)
    keep: dict[str, list[tuple[int, int]]] = {code: [] for code in languages}
    others = [code for code in languages if code != CHINESE]
    last = others[0] if others else CHINESE
    for match in _LINE.finditer(text):
        line = match[0]
        if CHINESE in keep and _chinese(line):
            keep[CHINESE].append(match.span())
            continue
        if len(others) > 1 and len(line) >= SHORT:
            told = _by_small_words(line[:LONGEST])  # names from elsewhere mislead the detector
            last = told if told in others else next((c for c, _ in _detected(_clean(line[:LONGEST])) if c in others), last)
        keep[last].append(match.span())
    return {code: _only(text, spans) for code, spans in keep.items()}


def _only(text: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in spans:
        gap = text[position:start]
        parts += [gap if not gap.strip() else "\n" * len(gap), text[start:end]]
        position = end
    rest = text[position:]
    return "".join([*parts, rest if not rest.strip() else "\n" * len(rest)])


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _detected(text: str) -> list[tuple[str, int]]:
    try:
        _, _, details = pycld2.detect(text, isPlainText=True, bestEffort=True)
    except pycld2.error:
        return []
    return [(str(code).split("-")[0], int(percent)) for _, code, percent, _ in details if code != "un"]


def _by_small_words(text: str) -> str | None:
    """The language of a pack whose small words make up much of a text, one of them found in no near language."""
    words = _WORD.findall(text.lower())
    for code in sorted(LANGUAGES):
        small, telling = load(code).set("small_words"), load(code).set("telling_words")
        if not telling.isdisjoint(words) and sum(w in small for w in words) >= _SMALL_SHARE * len(words):
            return code
    return None


def _chinese(text: str) -> bool:
    """Whether a passage is mostly in Chinese characters and neither Japanese nor Korean."""
    if not _HAN.search(text):
        return False
    letters = len("".join(text.split()))
    han = len(_HAN.findall(text))
    return han >= max(4, _HAN_SHARE * letters) and len(_KANA_HANGUL.findall(text)) * 10 < han
