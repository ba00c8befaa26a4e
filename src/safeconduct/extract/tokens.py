"""Tokens: words, marks and named things with the place they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

# One letter names a kind of token in patterns.
KINDS = {
    "N": "number", "D": "date", "C": "country", "A": "adjective of a country", "P": "city", "R": "continent or world",
    "G": "organ of a known state", "B": "organ whose state the context gives", "O": "organisation", "M": "medium",
    "S": "station", "T": "people acted upon", "X": "a name the pack does not know", "H": "people who speak", "K": "title",
}  # fmt: skip

NONE: frozenset[str] = frozenset()
NOTHING: dict[str, Any] = {}  # never to be changed
_WORD = re.compile(
    r"(?P<link>\]\([^()\s]{0,300}\))|(?P<num>\d{1,3}(?:[,.]\d{3})+(?![\d])|\d+(?:\.\d+)?)|(?P<abbr>(?:[A-Za-z]\.){2,})"
    r"|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff])|(?P<word>[^\W\d_\u3400-\u9fff]+)(?P<poss>'s(?!\w)|'(?=\s))?"
    r"|(?P<dash>--+|[–—]|(?<=\s)-(?=\s))|(?P<mark>[,;:()?!，；、？！]|(?<=\d)-(?=\d))"
)
_LINK, _NUMBER, _ABBREVIATION, _HAN, _LETTERS, _POSSESSIVE, _DASH, _MARK = range(1, 9)  # the groups
_ENDINGS = frozenset(("s", "t", "re", "ll", "ve", "d"))  # of "it's", "they're"
_MARKS = {"，": ",", "；": ";", "？": "?", "！": "!", "、": "、"}


class Member(NamedTuple):
    """One member of a token that may hold several (a list of countries): its value and where it stands."""

    value: str
    start: int
    end: int


class Token:
    """A word, a mark, or a named thing. ``keys`` are its kind and tags, which patterns ask for; ``data`` what it means."""

    __slots__ = ("cap", "data", "end", "form", "keys", "kind", "members", "start")

    def __init__(
        self, form: str, start: int, end: int, kind: str = "", keys: frozenset[str] = NONE,
        data: dict[str, Any] = NOTHING, members: tuple[Member, ...] = (), cap: bool = False,
    ) -> None:  # fmt: skip
        self.form = form
        self.start = start
        self.end = end
        self.kind = kind
        self.keys = keys
        self.data = data
        self.members = members
        self.cap = cap

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the members."""
        return tuple([m.value for m in self.members])

    def __repr__(self) -> str:
        return f"{self.form}/{self.kind or '-'}{sorted(self.keys - {self.kind})}{self.data or ''}"


def made(kind: str, tokens: Sequence[Token], members: Iterable[Member] = (), tags: frozenset[str] = NONE, **data: Any) -> Token:
    """One token of ``kind`` in the place of ``tokens``."""
    first = tokens[0]
    form = first.form if len(tokens) == 1 else " ".join([t.form for t in tokens])
    return Token(form, first.start, tokens[-1].end, kind, tags | {kind}, data, tuple(members), first.cap)


def words(text: str, low: str, start: int, end: int) -> list[Token]:
    """Words and marks of ``text[start:end]``; no quotation marks and hyphens. ``low`` is ``text`` in lower case."""
    found: list[Token] = []
    add = found.append
    for match in _WORD.finditer(text, start, end):
        group = match.lastindex
        if group in (_LETTERS, _POSSESSIVE):
            a, stop = match.span(_LETTERS)
            form = low[a:stop]
            if form in _ENDINGS and a and text[a - 1] == "'":
                form = "'" + form
            add(Token(form, a, stop, "", NONE, NOTHING, (), text[a].isupper()))
            if group == _POSSESSIVE and (text[stop + 1 : stop + 2] == "s" or form.endswith("s")):
                add(Token("'s", stop, match.end()))
            continue
        a, b = match.span()
        if group == _HAN:
            add(Token(low[a:b], a, b))
        elif group == _MARK:
            raw = text[a:b]
            form = _MARKS.get(raw, raw)
            add(Token("--" if form == "-" else form, a, b, "."))
        elif group == _NUMBER:
            add(Token(low[a:b].replace(",", ""), a, b, "#"))
        elif group == _DASH:
            add(Token("--", a, b, "."))
        elif group == _ABBREVIATION:
            add(Token(low[a:b].replace(".", ""), a, b, cap=text[a].isupper()))
    return found
