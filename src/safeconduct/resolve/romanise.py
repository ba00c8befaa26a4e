"""One spelling from many: pinyin, Wade-Giles and the Latin transliterations of Cyrillic.

Everything here is a table or a rule that a reader can check by hand: the syllables of Hanyu Pinyin (ISO 7098), their Wade-Giles
counterparts, and Cyrillic by BGN/PCGN 1947 with ISO 9, GOST and newspaper spellings folded onto it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from safeconduct.claims.places import fold

HAN = re.compile(r"[\u3400-\u9fff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
CYRILLIC_STATES = frozenset("RU BY UA KZ KG TJ UZ TM BG RS MK MN".split())
MOST_READINGS = 64  # of one Wade-Giles name without apostrophes; more syllables than any place has

_BY_INITIAL = {
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan ue",
    "l": "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un ue",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "i a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "ch": "i a e ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "sh": "i a e ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    "r": "i e ao ou an en ang eng ong u ua uo ui uan un",
    "z": "i a e ai ei ao ou an en ang eng ong u uo ui uan un",
    "c": "i a e ai ao ou an en ang eng ong u uo ui uan un",
    "s": "i a e ai ao ou an en ang eng ong u uo ui uan un",
    "y": "a e i o ai ao ou an in ang ing ong u ue uan un",
    "w": "a o ai ei an en ang eng u",
    "": "a o e ai ei ao ou an en ang er",
}
_WADE_INITIAL = {"b": "p", "p": "p'", "d": "t", "t": "t'", "g": "k", "k": "k'", "zh": "ch", "ch": "ch'", "j": "ch", "q": "ch'",
                 "x": "hs", "z": "ts", "c": "ts'", "r": "j"}  # fmt: skip
_WADE_WHOLE = {
    "zhi": "chih", "chi": "ch'ih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tz'u", "si": "ssu", "yi": "i", "you": "yu",
    "yan": "yen", "ye": "yeh", "yong": "yung", "yue": "yueh", "er": "erh", "e": "o", "gui": "kuei", "kui": "k'uei", "ge": "ko",
    "ke": "k'o", "he": "ho", "guo": "kuo", "kuo": "k'uo", "huo": "huo", "shuo": "shuo",
}  # fmt: skip
_WADE_FINAL = {"ian": "ien", "ie": "ieh", "ue": "ueh", "uo": "o", "ong": "ung", "iong": "iung"}


@cache
def syllables() -> frozenset[str]:
    """The syllables of Hanyu Pinyin without tones and dots."""
    return frozenset(i + f for i, finals in _BY_INITIAL.items() for f in finals.split())


@cache
def _wade_syllables() -> dict[str, frozenset[str]]:
    """Wade-Giles syllable, with and without apostrophe → the pinyin syllables it can stand for."""
    found: dict[str, set[str]] = {}
    for initial, finals in _BY_INITIAL.items():
        for final in finals.split():
            pinyin = initial + final
            wade = _WADE_WHOLE.get(pinyin) or _WADE_INITIAL.get(initial, initial) + _WADE_FINAL.get(final, final)
            for spelling in {wade, wade.replace("'", "")} | ({"szu"} if pinyin == "si" else set()):
                found.setdefault(spelling, set()).add(pinyin)
    return {spelling: frozenset(p) for spelling, p in found.items()}


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """``name`` folded (:func:`safeconduct.claims.places.fold`), its carons and special letters written out: Š is sh, đ is d.

    Cyrillic keeps its й and ў, which are letters and no accents.
    """
    text = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS).replace("’", "'")
    return " ".join(text.split()) if CYRILLIC.search(text) else fold(text)


_LETTERS = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ə": "a",
                          "æ": "ae", "œ": "oe", "‘": "'", "ʻ": "'", "ʼ": "'", "ʿ": "'", "`": "'", "´": "'", "‐": "-",
                          "–": "-", "—": "-",
                          "·": " ", "•": " "})  # fmt: skip


@lru_cache(maxsize=65536)
def compact(name: str) -> str:
    """``name`` folded, letters and digits only, so that "Xi'an", "Xi an" and "xian" are one."""
    return "".join(c for c in plain(name) if c.isalnum())


@lru_cache(maxsize=65536)
def pinyin(han: str) -> str:
    """The pinyin of Chinese characters, without tones, in one word: 重庆 is ``chongqing``."""
    from pypinyin import Style, lazy_pinyin  # half a second to load, and only names that the gazetteer lacks need it

    return compact("".join(lazy_pinyin(plain(han), style=Style.NORMAL, v_to_u=True)))


def pinyin_spellings(name: str) -> tuple[str, ...]:
    """How pinyin would write ``name``, apostrophes put in where they belong: "Xian" gives ``xian`` and ``xi'an``.

    Empty where ``name`` cannot be pinyin. An apostrophe that is there is a border between syllables.
    """
    word = re.sub(r"(?<=[ln])(?:v|yu)(?=e|$|[^aeiou])", "u", re.sub(r"[ -]", "", plain(name)))
    return _spellings(word) if word and word.isascii() else ()


@lru_cache(maxsize=16384)
def _spellings(word: str) -> tuple[str, ...]:
    known = syllables()
    ways: list[list[tuple[str, ...]]] = [[] for _ in (*word, "")]
    ways[0].append(())
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            if word[start:end] in known:
                ways[end] += [(*w, word[start:end]) for w in ways[start]][:MOST_READINGS]
        if word[end - 1] == "'":
            ways[end] += ways[end - 1]
    found = {"".join(s if n == 0 or s[0] not in "aeo" else f"'{s}" for n, s in enumerate(way)) for way in ways[-1]}
    return tuple(sorted({*found, word.replace("'", "")})) if found else ()


@lru_cache(maxsize=16384)
def wade_giles(name: str) -> tuple[str, ...]:
    """What ``name`` is in pinyin, each reading in one word, if it is Wade-Giles; else empty.

    Where it has an apostrophe anywhere, the apostrophes count: "T'ai-chou" is ``taizhou`` only. Without any, "Taichou" may be
    ``taizhou``, ``daizhou``, ``taichou`` or ``daichou``.
    """
    known, strict = _wade_syllables(), "'" in plain(name)
    readings = {""}
    for token in re.split(r"[ -]+", plain(name)):
        ways: list[set[str]] = [{""}] + [set() for _ in token]
        whole = token in known and strict
        for end in range(1, len(token) + 1):
            for start in [0] if whole else range(max(0, end - 7), end):
                syllable = token[start:end]
                for one in known.get(syllable, ()):
                    if not strict or _WADE_ASPIRATED.match(one) is None or "'" in syllable:
                        ways[end] |= {w + one for w in ways[start]}
            if len(ways[end]) > MOST_READINGS:
                return ()
        readings = {r + w for r in readings for w in ways[-1]}
        if not readings or len(readings) > MOST_READINGS:
            return ()
    return tuple(sorted(readings))


_WADE_ASPIRATED = re.compile(r"(?:p|t|k|ch|q|c)(?!h)")  # pinyin initials that Wade-Giles writes with an apostrophe

_BGN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџ", (
    "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch * y ' e yu ya i yi ye g w j lj nj c dj dz"
).split(), strict=True)) | {"ъ": ""}  # fmt: skip
_SCHEMES = tuple(
    str.maketrans(_BGN | other)
    for other in ({}, {"ь": ""}, {"ь": "", "ё": "e", "й": "i"}, {"х": "h", "ц": "c", "ь": "", "й": "j"},
                  {"и": "y", "г": "h", "ь": ""}, {"э": "eh"}, {"й": "j", "ь": ""},
                  {"в": "w", "ь": "", "з": "s", "й": "i"})
)  # fmt: skip


def latin_spellings(cyrillic: str) -> tuple[str, ...]:
    """Latin spellings of a Cyrillic name in the schemes in use, folded, the usual first."""
    text = " ".join(cyrillic.casefold().split())
    found = dict.fromkeys(fold(text.translate(scheme)) for scheme in _SCHEMES)
    short = [re.sub(r"(?:iy|yy)\b", "y", f) for f in found]
    return tuple(dict.fromkeys([*found, *short, *(re.sub(r"\be", "ye", f) for f in found)]))


_SKELETON = tuple((re.compile(p), r) for p, r in (
    (r"schtsch", "shch"), (r"tsch", "ch"), (r"sch", "sh"), (r"kh|x", "h"), (r"tz|c(?!h)", "ts"), (r"w", "v"), (r"[yj]", "i"),
    (r"i+", "i"), (r"ie", "e"), (r"([a-z])\1", r"\1"),
))  # fmt: skip


def skeleton(name: str) -> str:
    """What is left of a transliterated name once schemes no longer differ: "Jekaterinburg" and "Екатеринбург" are one."""
    text = fold(name.casefold().translate(_SCHEMES[0])) if CYRILLIC.search(name) else plain(name)
    text = "".join(c for c in text if c.isalnum())
    for pattern, other in _SKELETON:
        text = pattern.sub(other, text)
    return text
