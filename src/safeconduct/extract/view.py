"""One sentence as the frames see it: its line of tokens, its attributions, and what its document has told so far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .attribution import Cue, Memory, clause_bounds
from .pack import Pack
from .tokens import Line, Token


@dataclass(frozen=True)
class Draft:
    """A claim in the making; ``start``, ``end`` and ``at`` (where its attribution is read) are places in the line."""

    kind: str
    slots: dict[str, Any]
    start: int
    end: int
    at: int
    rule: str
    anchor: tuple[int, int] | None = None
    asserter: str | None = None
    stance: str = "asserts"
    when: str | None = None


@dataclass
class View:
    """A sentence. ``before`` is the sentence before it, ``speaker`` who speaks the quotation it is part of, if any."""

    line: Line
    pack: Pack
    memory: Memory
    cues: list[Cue]
    before: View | None = None
    speaker: str | None = None
    paragraph: int = 0
    question: bool = False
    strong_document: bool = False
    figures: set[str] = field(default_factory=set)
    positions: list[Draft] = field(default_factory=list)
    host_then: str | None = None  # the host the context gave when the sentence began
    told: list[tuple[str, str, int, int]] = field(default_factory=list)  # its figures: measure, scope, where in the line
    turn: str | None = None  # whose turn it is in an interview or a written answer

    @property
    def text(self) -> str:
        return self.line.text

    def tokens(self, kinds: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, Token]]:
        """Tokens of the given classes between two characters of the line, with where they begin."""
        stop = len(self.text) if end is None else end
        for at, token in zip(self.line.at, self.line.tokens, strict=True):
            if token.kind and token.kind in kinds and start <= at < stop:
                yield at, token

    def group(self, match: re.Match[str], name: str) -> Token | None:
        """The token that a group of a rule's match holds."""
        return self.line.token(match.start(name)) if match.groupdict().get(name) else None

    def has(self, pattern: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match of a pack pattern between two characters of the line."""
        return self.pack.compile_once(pattern).search(self.text, start, len(self.text) if end is None else end)

    def built(self, name: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match of the pack's pattern of that name between two characters of the line."""
        return self.pack.built(name).search(self.text, start, len(self.text) if end is None else end)

    def clause(self, position: int) -> tuple[int, int]:
        return clause_bounds(self.line, self.pack, position)

    @cached_property
    def accused(self) -> str | None:
        """The accused state this sentence speaks of: named here, else in the sentence before, else of the document."""
        named = self.named_accused
        if self.memory.accused in named or not named:
            if not named and self.before and self.before.paragraph == self.paragraph:
                return self.before.accused or self.memory.accused
            return self.memory.accused
        return named[0]

    @cached_property
    def named_accused(self) -> list[str]:
        """States named in the sentence that are usual or proven origins of repression, in order."""
        found: list[str] = []
        for _, token in self.tokens("CAGPST"):
            if len(token.members) > 3:
                continue
            codes = [token.data.get("capital")] if token.kind == "P" else list(token.values)
            found += [c for c in codes if c in self.memory.accused_all and c not in found]
        return [c for c in found if c]

    @cached_property
    def stations(self) -> list[tuple[int, Token]]:
        """Station phrases that speak of a foreign presence, not of ordinary police stations."""
        return [(at, t) for at, t in self.tokens("S") if self.is_foreign(t)]

    def is_foreign(self, token: Token) -> bool:
        """Whether a station phrase means a presence of the accused state."""
        if not self.strong_document or set(token.data["modifiers"]) & self.pack.sets["domestic"]:
            return False
        if token.data["strong"] or any(c in self.memory.accused_all for c in token.values):
            return True
        if token.data["head"] in self.pack.sets["vague_head"]:
            return bool(set(token.data["modifiers"]) & self.pack.sets["anaphoric"]) or self.topical_before
        return True

    @cached_property
    def topical_before(self) -> bool:
        before = self.before
        return bool(before and (before.stations or before.named_accused))

    @cached_property
    def topical(self) -> bool:
        """Whether the sentence, or the one before it, speaks of repression across borders or of the accused state."""
        if self.stations or self.named_accused or self.has("{topic}"):
            return True
        return bool(self.before and self.before.paragraph >= self.paragraph - 1 and self.before.on_topic(4))

    def on_topic(self, back: int) -> bool:
        """Whether this sentence or one of the ``back`` before it in its paragraph is topical by its own words."""
        if self.stations or self.named_accused or self.has("{topic}"):
            return True
        same = self.before and self.before.paragraph == self.paragraph
        return bool(back and same and self.before and self.before.on_topic(back - 1))

    def hypothetical(self, start: int, end: int) -> bool:
        """Whether a modal word, a condition or a fear governs what stands between two characters, or it is asked."""
        low, _ = self.clause(start)
        return self.question or bool(self.has("{modal}", low, end))

    def country_codes(self, token: Token) -> list[str]:
        """The countries a token names; for an organ without a state, the one the context gives."""
        if token.kind == "P":
            return [str(c) for c in token.data.get("codes", ())]
        if token.kind in ("C", "A"):
            return list(token.values)
        state = self.memory.state_of(token, self.line)
        return [state] if state and len(state) == 2 else []

    def host(self, position: int) -> str | None:
        """The host country around ``position``: named in the sentence before it or after it, else from the context."""
        found: list[tuple[int, str]] = []
        for at, token in self.tokens("CAGP"):
            for code in self.country_codes(token) if token.kind != "G" or token.members else []:
                if code != self.accused and len(code) == 2:
                    found.append((abs(at - position) + (0 if at <= position else 15), code))
        return min(found)[1] if found else self.host_then

    def lately(self, back: int = 3) -> bool:
        """Whether this sentence or one of the ``back`` before it is topical by its own words or tells a figure."""
        if self.told or self.on_topic(0):
            return True
        return bool(back and self.before and self.before.lately(back - 1))

    def text_of(self, token: Token) -> str:
        """The words of a token as they stand in the document."""
        return self.memory.text[token.start : token.end]

    def subject(self, position: int) -> str | None:
        """The state that the sentence's subject is: its first organ or country, or what "it" or "he" stands for."""
        first = self.text.split(" ", 1)[0]
        if first in self.pack.sets["speaker_pronoun"]:
            said = (self.memory.speaker or "").removeprefix("state:")
            return self.memory.state if self.memory.state != self.accused else said if len(said) == 2 else None
        for at, token in self.tokens("GBC", 0, position):
            before = self.text[:at].split()[-1:]
            if token.kind == "C" and before and before[0] in self.pack.sets["place_before"]:
                continue
            return next(iter(self.country_codes(token)), None)
        return None

    def source(self, start: int, end: int) -> tuple[int, int]:
        return self.line.source(start, end)
