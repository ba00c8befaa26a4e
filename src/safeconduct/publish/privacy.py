"""Keeping the names of private people out of the words around a quote.

Context is only there to make a quote readable, so the rule is simple and errs towards hiding: every run of two or more
capitalised words that is not a known place, country, institution or organisation is masked, and so is each of its words
wherever it stands alone in the same text. E-mail addresses, web addresses, handles and telephone numbers are masked too.
In scripts without capital letters (Chinese, Arabic, Korean …) names cannot be told this way: there a quote gets no context.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from safeconduct.claims import asserter_name, city, country_code

Span = tuple[int, int]
_WORD = r"[^\W\d_](?:[\w’'\-\u00ad]*\w)?\.?"
_PARTICLES = r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|bint|ben|ter|ten|y|e)"
_TOKEN = re.compile(_WORD)
_GAP = re.compile(rf"[ \t\u00a0]*(?:\n[ \t]*)?(?:{_PARTICLES}[ \t\u00a0]+){{0,2}}")
_DIRECT = re.compile(
    r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+|(?:https?://|www\.)\S+|(?<!\w)@\w{2,}|\+?\d[\d\s().\-]{7,}\d", re.IGNORECASE
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HONORIFICS = _words("mr mrs ms miss dr prof professor sir dame lord lady madame monsieur herr frau señor señora")
_FUNCTION = _words(
    """a an the in on at by for from of to as and or but if so yet nor with without within after before since until while
    when where who whom which what that this these those there here it its he she they we you i his her their our my your
    according although because during despite however meanwhile also both each every some many most several other another
    all any no not only over under between among across through against about into out up down more than one two three
    four five six seven eight nine ten mr. last next first second is are was were has have had el los las un una en y"""
)
_CALENDAR = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december"""
)
_INSTITUTION = _words(
    """ministry minister ministers ministerio department agency office bureau bureaus police security public foreign home
    interior affairs justice state federal national international government parliament senate congress commission
    committee council court tribunal embassy consulate union nations united states party communist republic people's
    peoples defenders house freedom university institute association federation centre center service services station
    stations overseas secretary president prime chancellor spokesman spokeswoman spokesperson ambassador attorney general
    district county city province prefecture authority authorities force forces guard intelligence investigation
    investigations bundestag report press news times post radio media human rights group organisation organization amnesty
    watch covid pandemic chinese german dutch irish italian spanish french british american canadian russian iranian
    turkish vietnamese hungarian european asian african swedish czech polish greek japanese korean indian saudi uyghur
    tibetan hongkonger serbian croatian belarusian cambodian thai nigerian chilean portuguese austrian swiss english"""
)
_ORGANISATIONS = (
    "Safeguard Defenders", "Freedom House", "Human Rights Watch", "Amnesty International", "Radio Free Asia",
    "Follow the Money", "RTL Nieuws", "The New American", "La Nazione", "Il Foglio", "Le Monde", "Financial Times",
    "The Guardian", "Associated Press", "El Mundo", "El Correo", "Hong Kong", "Scotland Yard", "Downing Street",
    "White House", "Belt and Road", "Fox Hunt", "Operation Fox Hunt", "Sky Net", "Red Cross", "Reporters Without Borders",
)


def known_names(asserters: Iterable[str], names: Iterable[str | None]) -> frozenset[str]:
    """Names that may stand in context, folded: those of asserters (``org:…``, ``media:…``) and of ``names``."""
    given = [asserter_name(a) for a in asserters if a.partition(":")[0] in ("org", "media")]
    return frozenset(_fold(n) for n in [*_ORGANISATIONS, *given, *(n for n in names if n)])


def private_spans(text: str, known: frozenset[str]) -> list[Span]:
    """What must not be shown of ``text`` as context: code-point spans, sorted, not overlapping.

    ``known`` are names that may stand, from ``known_names``.
    """
    spans = [m.span() for m in _DIRECT.finditer(text)]
    capital = [t for t in _TOKEN.finditer(text) if t[0][0].isupper() or unicodedata.category(t[0][0]) == "Lt"]
    hidden: set[str] = set()
    run: list[re.Match[str]] = []
    for token in capital:
        if run and not (_GAP.fullmatch(text, run[-1].end(), token.start()) and not _ends(run[-1][0])):
            _judge(text, run, known, spans, hidden)
            run = []
        run.append(token)
    _judge(text, run, known, spans, hidden)
    for token in capital:
        if _fold(token[0]) in hidden:
            spans.append(token.span())
    return _merged(spans)


def _ends(word: str) -> bool:
    """Whether a full stop after the word ends a sentence (an initial such as "J." does not)."""
    return word.endswith(".") and len(word) > 2 and _fold(word) not in _HONORIFICS


def _fold(name: str) -> str:
    return " ".join(name.replace("’", "'").casefold().split()).rstrip(".").removesuffix("'s")


def _judge(text: str, run: list[re.Match[str]], known: frozenset[str], spans: list[Span], hidden: set[str]) -> None:
    """Mask what is left of a run of capitalised words once known names and ordinary words are taken out."""
    safe = _cover(text, run, known)
    start = 0
    while start < len(run):
        end = start
        while end < len(run) and not safe[end]:
            end += 1
        titled = start > 0 and _fold(run[start - 1][0]) in _HONORIFICS
        if end - start >= 2 or (end > start and titled):
            spans.append((run[start].start(), run[end - 1].end()))
            hidden |= {f for w in run[start:end] if len(f := _fold(w[0])) > 1}
        start = end + 1


def _cover(text: str, run: list[re.Match[str]], known: frozenset[str]) -> list[bool]:
    """For each word of the run, whether it is part of a known name or an ordinary word."""
    safe = [_fold(w[0]) in _FUNCTION | _CALENDAR | _INSTITUTION | _HONORIFICS for w in run]
    for start in range(len(run)):
        for end in range(min(len(run), start + 6), start + 1, -1):
            name = _fold(text[run[start].start() : run[end - 1].end()])
            if name in known or country_code(name) or _is_long_place(name):
                safe[start:end] = [True] * (end - start)
                break
    if len(run) == 1 and not safe[0]:
        return [True]  # a single capitalised word is no full name; `hidden` still catches it
    return safe


def _is_long_place(name: str) -> bool:
    place = city(name)
    return place is not None and place.population >= 20_000


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def has_caseless_letters(text: str) -> bool:
    """Whether ``text`` holds letters of a script without capitals, in which names cannot be told from other words."""
    return any(unicodedata.category(c) in ("Lo", "Lm") for c in text)
