"""Who says it: cues such as "X said", "according to X", "reportedly", each with the stretch of a sentence it governs.

An attribution holds for its clause and for a quotation that goes on; it is not carried over a sentence without one
(codebook, "Common slots").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..claims import PUBLISHER, UNSPECIFIED, Attribution, check_asserter, slugify
from .pack import Pack, Rule
from .phrases import name_slug
from .tokens import Line, Token
from .when import Calendar

BEFORE = {"said-after", "citing", "found-by"}  # cues that stand after what they attribute


@dataclass(frozen=True, slots=True)
class Cue:
    """One attribution: ``who`` says what stands in characters ``start`` to ``end`` of the line."""

    who: str
    start: int
    end: int
    at: tuple[int, int]
    via: tuple[str, ...] = ()
    when: str | None = None
    rule: str = ""


@dataclass
class Memory:
    """What earlier sentences of the document left behind, for "the group", "the ministry", "he"."""

    text: str
    pack: Pack
    calendar: Calendar
    accused: str | None = None
    accused_all: frozenset[str] = frozenset()
    stations: bool = False  # whether station words mean a foreign presence in this document
    hosts: frozenset[str] = frozenset()
    org: str | None = None
    body: str | None = None  # the last organisation or medium
    first_org: str | None = None
    speaker: str | None = None
    counted: set[int] = field(default_factory=set)  # numbers of stations already given
    person: str | None = None  # for whom the last person named speaks
    named: frozenset[str] = frozenset()  # countries the document names as such
    state: str | None = None  # the last state whose organ was named
    host: str | None = None  # the last country named that is not the accused one
    persons: dict[str, str] = field(default_factory=dict)
    home: str | None = None  # the country of the dateline
    likely: str | None = None  # the country that hosts, as far as the whole text tells
    medium: str | None = None  # the last medium named
    guest: str | None = None  # for whom the person interviewed speaks

    @property
    def origins(self) -> set[str]:
        """The states that act in this document and host nobody in it."""
        hardly = {c for c in self.accused_all if c.lower() in self.pack.sets["only_origin"]}
        return hardly | {self.accused or ""}

    def state_of(self, token: Token, line: Line | None = None) -> str | None:
        """The state an organ belongs to: its own, or the one that the context gives."""
        if token.kind in ("G", "C", "A") and token.members:
            codes = token.values[0].split("|")
            likely = [c for c in (self.host, self.home) if c in codes]
            return next(iter((*likely, *(c for c in codes if c in self.named), *codes)))
        if token.kind == "P":
            return str(token.data.get("capital") or "") or None
        body = token.data.get("body")
        if body in self.pack.sets["body_of_accused"]:
            return self.accused
        if body in self.pack.sets["bodiless"] and self.state:
            return self.state
        if line is not None:
            place = next(
                (self.country_of(t) for t in line.tokens if t.kind in ("C", "P") and t.start < token.start), None
            )
            near = [t for t in line.tokens if t.kind in ("C", "P") and 0 < token.start - t.end < 8]
            if near:
                return self.country_of(near[-1])
            organ = next(
                (t.values[0] for t in line.tokens if t.kind == "G" and t.members and t.start < token.start), None
            )
            place = place or (organ if organ != self.accused else None)
            if place and (place != self.accused or (self.state == self.accused and not self.host)):
                return place
        if self.home and self.home == self.accused:  # its own press: "the ministry" is theirs
            return self.home
        return self.host or (self.home if self.state == self.accused else None) or self.state or self.home or self.likely

    @staticmethod
    def country_of(token: Token) -> str | None:
        """The country of a country or city token."""
        if token.kind == "P":
            codes = token.data.get("codes") or ()
            return str(codes[0]) if codes else None
        return token.values[0] if token.values else None

    def asserter(self, token: Token, line: Line | None = None) -> str | None:
        """The asserter a speaker token stands for, in the codebook's form; None when it stands for nobody known."""
        if token.kind == "B" and self.text[token.start : token.end].casefold() in self.pack.sets["generic_organ"]:
            return None
        if token.kind in ("G", "B", "C", "P"):
            state = self.state_of(token, line)
            return _checked(f"state:{state}") if state else UNSPECIFIED
        if token.kind == "O":
            slug = name_slug(self.text, token)
            if slug:
                return _checked(f"org:{slug}")
            said = self.text[token.start : token.end].casefold()
            if "agency" in said and "news" not in said and (self.speaker or "").startswith("state:"):
                return self.speaker
            if token.data.get("medium") and self.medium:
                return self.medium
            if "spokes" in said and self.speaker:
                return self.speaker
            return (self.body if token.data.get("any") else None) or self.org or self.first_org or UNSPECIFIED
        if token.kind == "M":
            slug = name_slug(self.text, token)
            return _checked(f"media:{slug}") if slug else UNSPECIFIED
        if token.kind == "X":
            return self.persons.get(str(token.data.get("last")), UNSPECIFIED)
        if token.kind == "T":
            last = self.text[token.start : token.end].casefold().split()[-1]
            vague = last in self.pack.sets["vague_people"] or not token.data.get("target")
            return UNSPECIFIED if vague else _checked(f"persons:{slugify(last)}")
        if token.kind == "H":
            role = str(token.data.get("role") or UNSPECIFIED)
            role = UNSPECIFIED if role == "none" else role
            return UNSPECIFIED if role == UNSPECIFIED else _checked(f"persons:{slugify(role)}")
        if token.form in self.pack.sets["speaker_pronoun"]:
            if token.form in self.pack.sets["personal"] and self.person:
                return self.person
            return self.speaker or self.org or UNSPECIFIED
        return None

    def note(self, line: Line) -> None:
        """Remember who and where a sentence named."""
        for token in line.tokens:
            if token.kind in ("C", "A", "G"):
                codes = [c for c in token.values if c not in self.origins and len(c) == 2]
                if token.kind == "G":
                    self.state = self.state_of(token) if token.members else self.state
                    codes = [c for c in (self.state_of(token),) if c and "|" in "".join(codes)] or codes
                if len(set(codes)) == 1 and "|" not in codes[0]:
                    self.host = codes[0]
            elif token.kind == "P":
                country = self.country_of(token)
                if country and country not in self.origins and (country in self.named or not self.host):
                    self.host = country
            elif token.kind == "O" and not token.data.get("anaphor"):
                if (found := self.asserter(token)) and found != UNSPECIFIED:
                    self.org = self.body = found
            elif token.kind == "M":
                self.body = self.medium = self.asserter(token) or self.body
            last = token.data.get("last")
            if last and token.kind in ("G", "O", "B") and (found := self.asserter(token, line)):
                self.persons.setdefault(str(last), found)
                self.person = found
            elif token.kind == "X":
                self.person = self.persons.get(str(last), self.person)


def _checked(value: str) -> str:
    try:
        return check_asserter(value)
    except ValueError:
        return UNSPECIFIED


def clause_bounds(line: Line, pack: Pack, position: int) -> tuple[int, int]:
    """Start and end, in the line, of the clause around ``position``: cut at ";", " -- " and ", while/but/…"."""
    start, end = 0, len(line.text)
    for match in pack.compile_once(r"(?:, |; |-- )?{break}|;").finditer(line.text):
        if match.end() <= position:
            start = match.end()
        elif match.start() > position:
            return start, match.start()
    return start, end


def cues(line: Line, memory: Memory) -> list[Cue]:
    """The attributions of a sentence, in no particular order."""
    found: list[Cue] = []
    for rule in memory.pack.cues:
        for pattern in rule.patterns:
            for match in pattern.finditer(line.text):
                if cue := _cue(line, memory, rule, match):
                    found.append(cue)
    later = sorted({c.at[0] for c in found if c.rule in BEFORE})
    return [_cut(c, later) for c in found]


def _cut(cue: Cue, later: Sequence[int]) -> Cue:
    """A cue for what follows it, ended where another begins that stands after its own content ("…, Reuters said")."""
    stop = next((p for p in later if cue.at[1] < p < cue.end), None) if cue.rule not in BEFORE else None
    return replace(cue, end=stop) if stop is not None and cue.start >= cue.at[1] - 1 else cue


def _cue(line: Line, memory: Memory, rule: Rule, match: re.Match[str]) -> Cue | None:
    groups = match.groupdict()
    if groups.get("who") and rule.id != "according" and _is_place(line, match.start("who"), memory.pack):
        return None

    def who(name: str) -> str | None:
        if not groups.get(name):
            return None
        token = line.token(match.start(name))
        if token.form in memory.pack.sets["relative"]:
            before = (t for t in reversed(line.tokens[: line.index(match.start(name))]) if t.kind in tuple("GBOMXHT"))
            token = next(before, token)
        return memory.asserter(token, line)

    speaker = who("who") or str(rule.data.get("who", "")) or None
    if speaker == "@org":
        speaker = memory.org or memory.first_org or UNSPECIFIED
    if speaker == "@host":  # a paper of the court or the police of the country the context gives
        state = memory.host or memory.home or memory.state or memory.likely
        speaker = _checked(f"state:{state}") if state else UNSPECIFIED
    if not speaker:
        return None
    via: tuple[str, ...] = ()
    if source := who("src"):
        via, speaker = (speaker,), source
    recipient = who("to") or ""
    if recipient.startswith("media:") or (recipient.startswith("state:") and speaker.startswith("persons:")):
        via = (*via, recipient)
    when = line.token(match.start("when")).data.get("edtf") if groups.get("when") else None
    low, high = clause_bounds(line, memory.pack, match.start())
    scope = rule.data["scope"]
    if scope == "after":
        start, end = match.end(), clause_bounds(line, memory.pack, max(match.end() - 1, match.start()))[1]
        if rule.data.get("wide") or line.text.startswith(";", end):
            end = len(line.text)
    elif scope == "before":
        start, end = low, match.start()
        if line.text.startswith(" ;", match.end()):  # a clause that goes on after a semicolon is still theirs
            end = len(line.text)
    elif scope == "around":
        start, end = low, high
    elif scope == "phrase":
        start, end = max(low, line.text.rfind(" , ", 0, match.start()) + 1), match.start()
    elif scope == "near":
        after = line.text.find(" , ", match.end(), high)
        cuts = [line.text.rfind(w, 0, match.start()) + 1 for w in (" , ", *memory.pack.tables["relative_words"])]
        start, end = max(low, match.start() - 45, *cuts), after if after >= 0 else high
    elif scope == "sentence":
        start, end = 0, len(line.text)
    else:  # "match": what the pattern itself covers
        start, end = match.start(), match.end()
    edtf = str(when) if when and "/" not in str(when) else None
    return Cue(speaker, start, end, match.span(), via, edtf, rule.id) if end > start else None


def _is_place(line: Line, position: int, pack: Pack) -> bool:
    """Whether a country or city stands after a preposition, as a place and not as a speaker."""
    index = line.index(position)
    token = line.tokens[index]
    if token.kind not in ("C", "P") or index == 0:
        return False
    before = line.tokens[index - 1].form
    before = line.tokens[index - 2].form if before in pack.sets["article"] and index > 1 else before
    return before in pack.sets["place_before"]


def attribute(found: Sequence[Cue], position: int) -> tuple[Attribution, str | None]:
    """The attribution at a character of the line, and when it was said: the innermost cue, others as its ``via``."""
    over = sorted((c for c in found if c.start <= position < c.end), key=lambda c: (c.end - c.start, -c.start))
    if not over:
        return Attribution(PUBLISHER), None
    first = over[0]
    first = next((c for c in over if c.via and c.via[0] == first.who), first)  # "X reported, citing Y"
    if first.who == UNSPECIFIED and len(over) > 1:  # "X says that they are believed to …"
        first = next((c for c in over if c.who != UNSPECIFIED), first)
    via = list(first.via)
    for cue in over[1:]:
        for body in (cue.who, *cue.via):
            if body not in (first.who, UNSPECIFIED, PUBLISHER) and body not in via and first.who != UNSPECIFIED:
                via.append(body)
    return Attribution(first.who, tuple(via)), first.when or next(
        (c.when for c in over if c.who == first.who and c.when), None
    )
