"""Whether two names can be the names of one place or one body, with a reason that a reader can check.

A rule decides or nothing does. Where the names alone cannot tell, or are merely spelt alike, the reason is a *suggestion*: for
a reviewer to look at, never for a program to act on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import bodies
from .placenames import DOUBLES, Sense, readings, senses, take_apart
from .romanise import CYRILLIC, HAN, compact, plain, wade_giles

LONG = 7  # letters that a name needs for one letter more, less or other to be worth a look
KINDS_OF_NAME = {  # rule → how a name in aliases.tsv is explained
    "postal": "the postal romanisation of", "cantonese": "Cantonese for", "hokkien": "Hokkien or Min for",
    "teochew": "Teochew for", "hakka": "Hakka for", "wu": "Wu for", "hainanese": "Hainanese for",
    "former": "a former name of", "translation": "another name of", "transliteration": "a transliteration of",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two names can be one: a ``rule`` id and a ``sentence`` for people.

    ``suggestion``: the names alone do not decide it; somebody has to.
    """

    rule: str
    sentence: str
    suggestion: bool = False


def place_key(name: str, country: str | None = None) -> frozenset[str]:
    """Keys of everything that ``name`` can stand for. Names of one place share a key; sharing one is not yet being the same.

    ``country`` is an ISO 3166-1 alpha-2 code known beside the name. Keys hold for one version of the tables: not for storage.
    """
    return frozenset(key for sense in senses(name, country) for key in sense.as_keys())


def same_place(a: str, b: str, country: str | None = None, other_country: str | None = None) -> Reason | None:
    """Why ``a`` and ``b`` can be names of one place, or None where nothing says so or something speaks against it.

    ``country`` is the ISO code known beside both names; with ``other_country`` it is that of ``a``, the other one of ``b``.
    """
    land, other = country, other_country or country
    first, second = take_apart(a, land), take_apart(b, other)
    lands = {first.country, second.country} - {None}
    provinces = {first.province, second.province} - {None}
    if len(lands) > 1 or len(provinces) > 1 or not first.text or not second.text:
        return None
    sure, shared = _shared(senses(a, land), senses(b, other))
    if shared is None:
        return _alike(a, b, land, other)
    if _other_characters(first.stem, second.stem, *shared):
        return None
    x, y = shared
    if first.text == second.text and first.province == second.province:
        return Reason("same-name", f"{a} and {b} are the same name.")
    if not sure:
        whole, name = (a, b) if len(_real(senses(a, land))) > 1 else (b, a)
        return Reason("namesakes", f"{whole} can mean {name}, but other places bear that name too: "
                      "the names alone do not decide it.", suggestion=True)  # fmt: skip
    return _why(a, b, x, y)


def _real(found: tuple[Sense, ...]) -> list[Sense]:
    return [s for s in found if not s.base.startswith("~")]


def _shared(a: tuple[Sense, ...], b: tuple[Sense, ...]) -> tuple[bool, tuple[Sense, Sense] | None]:
    """The likeliest senses that two names share, and whether it is what both names mean."""
    real = _real(a), _real(b)
    known = all(real)
    pairs = [(x, y) for x in (real[0] if known else a) for y in (real[1] if known else b) if x.as_keys() & y.as_keys()]
    if not pairs:
        return False, None
    if not known:
        return not any(real) or pairs[0][0].base.startswith("~~"), pairs[0]
    if {s.base for s in real[0]} == {s.base for s in real[1]}:
        return True, pairs[0]
    for x, y in pairs:
        if _meant(x, real[0]) and _meant(y, real[1]):
            return True, (x, y)
    return False, pairs[0]


def _meant(sense: Sense, among: list[Sense]) -> bool:
    """Whether a bare name means this of its senses: the only one, or ``DOUBLES`` times as many people as any other."""
    return all(s.base == sense.base or sense.people >= DOUBLES * max(s.people, 1) for s in among)


def _other_characters(a: str, b: str, x: Sense, y: Sense) -> bool:
    """Whether two Chinese names of a place in China are written with other characters and no table makes them one."""
    if not (HAN.search(a) and HAN.search(b)) or a == b:
        return False
    chinese = x.country == "CN" or x.base.startswith("~")
    return chinese and not {x.route, y.route} & {*KINDS_OF_NAME, "region"}


def _why(a: str, b: str, x: Sense, y: Sense) -> Reason:
    for name, sense, other in ((a, x, b), (b, y, a)):
        if sense.route in KINDS_OF_NAME and sense.base[0] != "~":
            return Reason(sense.route, f"{name} is {KINDS_OF_NAME[sense.route]} {other}.")
    first, second = take_apart(a).stem, take_apart(b).stem
    for latin, han, left, right in ((a, b, first, second), (b, a, second, first)):
        if HAN.search(right) and not HAN.search(left) and left.isascii():
            if compact(left) in readings(right):
                return Reason("pinyin", f"{latin} is {han} in pinyin.")
            if readings(right) & set(wade_giles(left)):
                return Reason("wade-giles", f"{latin} is {han} in Wade-Giles.")
    if CYRILLIC.search(a + b) or "transliteration" in (x.route, y.route):
        return Reason("transliteration", f"{a} and {b} are one name in two alphabets or transliterations.")
    if "wade-giles" in (x.route, y.route):
        name, other = (a, b) if x.route == "wade-giles" else (b, a)
        return Reason("wade-giles", f"{name} is {other} in Wade-Giles.")
    if first == second:
        return Reason("ending", f"{a} and {b} differ only in words for what kind of place it is or in where it lies.")
    if compact(first) == compact(second):
        return Reason("spelling", f"{a} and {b} differ only in accents, apostrophes or spaces.")
    return Reason("gazetteer", f"{a} and {b} are both listed as names of {x.name or a} ({x.country or 'no country'}).")


def _alike(a: str, b: str, country: str | None, other: str | None) -> Reason | None:
    """A suggestion for long names that one letter keeps apart, if at most one of them is known as a place."""
    first, second = take_apart(a, country), take_apart(b, other)
    if first.level != second.level or (_real(senses(a, country)) and _real(senses(b, other))) or HAN.search(a + b):
        return None
    x, y = compact(first.stem), compact(second.stem)
    return _similar(a, b, x, y)


def _similar(a: str, b: str, x: str, y: str) -> Reason | None:
    if min(len(x), len(y)) < LONG or not _one_letter(x, y):
        return None
    return Reason("similar-spelling", f"{a} and {b} are spelt almost alike; that alone decides nothing.", suggestion=True)


def _one_letter(a: str, b: str) -> bool:
    """Whether one letter more, less or other, or two that changed places, turn ``a`` into ``b``."""
    head = next((n for n, (p, q) in enumerate(zip(a, b, strict=False)) if p != q), min(len(a), len(b)))
    swapped = a[head + 1 : head + 2] + a[head : head + 1] + a[head + 2 :]
    return a != b and (swapped == b[head:] or any(a[head + i :] == b[head + j :] for i, j in ((1, 1), (1, 0), (0, 1))))


def body_key(name: str, country: str | None = None) -> frozenset[str]:
    """Keys of every body that ``name`` can stand for, as :func:`place_key` does for places."""
    own = (key for sense in bodies.senses(name, country) for key in sense.as_keys())
    return frozenset((*own, *misspellings(name), *([f"~{words}"] if (words := _words(name)) else [])))


_SMALL = frozenset("the of in for and at de del della di du des la le".split())


def _words(name: str) -> str:
    """The words of a Latin name of two or more in the order of the alphabet, small ones left out; else nothing."""
    words = sorted({compact(word) for word in plain(name).split()} - _SMALL - {""})
    return " ".join(words) if len(words) > 1 and not HAN.search(name) else ""


def misspellings(name: str) -> Iterator[str]:
    """Keys that a long Latin name shares with those that one letter, or two that changed places, keep apart from it."""
    word = "" if HAN.search(name) else compact(name)
    if len(word) >= LONG:
        yield f"?{word}"
        yield from (f"?{word[:n]}{word[n + 1 :]}" for n in range(len(word)))


def same_body(a: str, b: str, country: str | None = None) -> Reason | None:
    """Why ``a`` and ``b`` can be names of one body (ministry, bureau, organisation), or None.

    ``country`` is the ISO code of the state whose organs are meant, where it is known.
    """
    x, y = bodies.senses(a, country), bodies.senses(b, country)
    if not x or not y:
        return None
    if plain(a) == plain(b):
        return Reason("same-name", f"{a} and {b} are the same name.")
    for p in x:
        for q in y:
            if p.body != q.body:
                continue
            if not p.place and not q.place:
                if p.of != q.of:
                    continue
                if p is x[0] and q is y[0]:
                    return Reason(p.rule(q), p.sentence(a, b))
                words = "can be one body, but more than one state has a body of that name."
                return Reason("several-states", f"{a} and {b} {words}", suggestion=True)
            reason = same_place(_shown(p.place), _shown(q.place), p.land) if p.place and q.place else None
            if reason:
                rule, loose = f"organ+{reason.rule}", (p.route == "loose") != (q.route == "loose")
                return Reason(rule, f"{p.sentence(a, b)} {reason.sentence}", reason.suggestion or loose)
    if x[0].place or y[0].place or "organ" in (x[0].route, y[0].route):
        return None
    if _words(a) and _words(a) == _words(b):
        return Reason("same-words", f"{a} and {b} are made of the same words; that alone decides nothing.", suggestion=True)
    return _similar(a, b, compact(a), compact(b))


def _shown(place: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in place.split())
