"""How much a decoded text looks like something a person wrote, rather than like bytes read in the wrong encoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from .han import COMMON

_RUN = re.compile(r"[^\x00-\x7f]+")
_CONTROL = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_CHARACTERS = 20_000  # judged, from the beginning
_LATIN_LETTERS = frozenset("äöüßÄÖÜéèêëáàâåãíìîïóòôõøúùûñçÉÀÁÍÓÚÑÇæœÆØÅ")
_FURTHER_LATIN = frozenset("šžŠŽčćđěřůłńśźżąęőűţțşșğıİăďŚŻŁČŘŞ")
_TYPOGRAPHY = frozenset("“”‘’„‚–—…«»‹›·•€£°¿¡\u00a0§©®™ºª")
_KANA_AND_HANGUL = frozenset("のはをにがとでたしてるなもれいすからさまこりっ이다는을를에의가고하한지로은기사도인서어나")
_CYRILLIC = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжю")


def plausibility(text: str) -> float:
    """The mean weight of the non-ASCII and control characters of ``text``: about 1 for prose, below 0 for garbage.

    Text without such characters gets 1.
    """
    total, count = 0.0, 0
    for weight in islice(_weights(text), _CHARACTERS):
        total += weight
        count += 1
    controls = len(_CONTROL.findall(text[: 4 * _CHARACTERS]))
    return (total - 3 * controls) / (count + controls) if count + controls else 1.0


def _weights(text: str) -> Iterator[float]:
    for match in _RUN.finditer(text):
        run, start, end = match[0], match.start(), match.end()
        joined = (start > 0 and text[start - 1].isalpha()) + (end < len(text) and text[end].isalpha())
        if max(run) < "\u0250" or _is_typography(run):
            yield from _latin(run, joined)
            continue
        for i, char in enumerate(run):
            weight = _weight(char)
            previous = run[i - 1] if i else ""
            if char.isupper() and previous.islower():
                weight = -1.5  # case inverted in the middle of a word
            yield weight
        if joined and run[0].isalpha() | run[-1].isalpha():
            yield -1.5 * joined  # another script glued to Latin letters


def _is_typography(run: str) -> bool:
    return all(char in _TYPOGRAPHY or char < "\u0250" for char in run)


def _latin(run: str, joined: int) -> Iterator[float]:
    letters = sum(char.isalpha() for char in run)
    for char in run:
        if char in _TYPOGRAPHY:
            yield 0.6 if letters < 2 else -0.5
        elif unicodedata.category(char) == "Cc":
            yield -3.0
        elif not char.isalpha():
            yield -0.8
        elif letters > 3:
            yield -1.0
        else:
            weight = 1.0 if char in _LATIN_LETTERS else 0.6 if char in _FURTHER_LATIN else 0.1
            yield (min(weight, 0.5) if letters == 3 else weight) if joined else 0.2


@lru_cache(maxsize=65_536)
def _weight(char: str) -> float:
    code = ord(char)
    if 0x4E00 <= code <= 0x9FFF:
        return 1.3 if char in COMMON else -0.2
    if 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFF5E:
        return 0.8
    if 0x0400 <= code <= 0x045F:
        return 1.0 if char in _CYRILLIC else 0.4
    if char in _TYPOGRAPHY or char in _LATIN_LETTERS:
        return 0.5
    if char in _KANA_AND_HANGUL:
        return 1.2
    if 0x3040 <= code <= 0x30FF or 0xAC00 <= code <= 0xD7A3:
        return 0.2
    if 0x2500 <= code <= 0x25FF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or 0xFF61 <= code <= 0xFFEF:
        return -1.0
    category = unicodedata.category(char)
    if char == "\ufffd" or category in ("Cn", "Cs"):
        return -4.0
    if category in ("Cc", "Co"):
        return -3.0
    if category == "Cf":
        return -1.0
    if code < 0x250 or 0x300 <= code <= 0x36F:
        return -0.5
    if code >= 0x20000:
        return -0.5
    return 0.6 if category[0] in "LM" else 0.0
