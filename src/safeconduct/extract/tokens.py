"""Text as tokens with exact offsets, and the token line that patterns are matched against.

The method is a cascade of finite-state passes (Hobbs et al. 1997, FASTUS): words become entities, entities become
phrases, and patterns are matched against a short line in which every entity or phrase is one private-use character.
Nothing is ever re-typed: each token keeps the code-point offsets it came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# One letter names a class of token in patterns: see CLASSES for what they stand for.
CLASSES = {
    "N": "number", "D": "date", "C": "country", "A": "demonym", "P": "city", "R": "region", "G": "state organ",
    "B": "organ without a country", "O": "organisation", "M": "medium", "S": "station", "T": "people acted upon",
    "X": "a name the pack does not know", "H": "role of a speaker", "K": "title in quotation marks",
}  # fmt: skip
MARK = {letter: chr(0xE000 + n) for n, letter in enumerate(CLASSES)}
LONGEST_WORD = 60  # code points; longer words are no words


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a token that may hold several (a list of countries): its value and where it stands."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a punctuation mark, or an entity of one of the CLASSES. ``data`` holds what the class needs."""

    form: str
    start: int
    end: int
    kind: str = ""
    members: tuple[Member, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    capital: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(m.value for m in self.members)



def entity(kind: str, tokens: Sequence[Token], members: Sequence[Member] = (), **data: Any) -> Token:
    """One token of class ``kind`` in the place of ``tokens``."""
    return Token(MARK[kind], tokens[0].start, tokens[-1].end, kind, tuple(members), data, tokens[0].capital)


_WORD = re.compile(
    r"(?P<num>\d{1,3}(?:[,.]\d{3})+(?!\d)|\d+(?:\.\d+)?)|(?P<abbr>(?:[A-Za-z]\.){2,})|(?P<poss>['’]s(?!\w))"
    r"|(?P<link>\]\([^()\s]{0,300}\))|(?P<word>\w+(?:['’](?!s\b)\w+)?)|(?P<end>['’](?=\s))|(?P<dash>\s[-–—]+\s|(?<=[.)])[-–—]+(?=\s)|[–—]|(?<=\d)-(?=\d))|(?P<punct>[,;:()?!])"
)
_PUNCT = {"(": "(", ")": ")", ",": ",", ";": ";", ":": ":", "?": "?", "!": "!"}


def tokenise(text: str, start: int, end: int) -> list[Token]:
    """The words and marks of ``text[start:end]``: lower case, straight apostrophes, no quotation marks or hyphens."""
    found: list[Token] = []
    for match in _WORD.finditer(text, start, end):
        kind, raw = match.lastgroup, match.group()
        if kind in ("word", "abbr"):
            form = raw.lower().replace("’", "'") if len(raw) <= LONGEST_WORD else "…"
            form = form.replace(".", "") if kind == "abbr" else form
        elif kind == "num":
            form = raw.replace(",", "") if len(raw) <= LONGEST_WORD else "…"
        elif kind == "link":  # the target of a Markdown link
            continue
        elif kind == "poss":
            form = "'s"
        elif kind == "end":
            if not found or not found[-1].form.endswith("s"):
                continue
            form = "'s"
        elif kind == "dash":
            form = "--"
        else:
            form = _PUNCT[raw]
        found.append(Token(form, match.start(), match.end(), capital=raw[:1].isupper()))
    return found


class Line:
    """Tokens of one sentence, and their forms joined by single spaces for patterns to be matched against."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = list(tokens)
        self.render()

    def render(self) -> None:
        self.at: list[int] = []
        position = 0
        for token in self.tokens:
            self.at.append(position)
            position += len(token.form) + 1
        self.text = " ".join(t.form for t in self.tokens)

    def index(self, position: int) -> int:
        """The token that covers a character of the line."""
        return max(0, bisect_right(self.at, position) - 1)

    def token(self, position: int) -> Token:
        return self.tokens[self.index(position)]

    def slice(self, start: int, end: int) -> list[Token]:
        """The tokens under ``text[start:end]`` of the line."""
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return self.tokens[self.index(start) : self.index(end - 1) + 1] if end > start else []

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document of ``text[start:end]`` of the line; (0, 0) when it holds no token."""
        tokens = self.slice(start, end)
        return (tokens[0].start, tokens[-1].end) if tokens else (0, 0)

    def substitute(self, first: int, last: int, token: Token) -> None:
        """Put ``token`` in the place of tokens ``first`` to ``last`` (inclusive). Call ``render`` when done."""
        self.tokens[first : last + 1] = [token]
