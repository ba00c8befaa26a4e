"""Patterns over tokens: what they look like and how they are matched.

A pattern is a row of elements; each matches one token, by its kind or tags:

- ``close`` a tag, ``G`` a kind (capitals: any of several, ``CG``), ``'by'`` a word; ``|`` between alternatives;
- ``name=`` before an element keeps its token; ``?`` after it makes it optional; ``!close`` is no element: none may follow;
- ``..5`` up to five tokens of anything but a hard stop, ``.,5`` the same but no comma either; ``^`` the start of the sentence.

Gaps take as few tokens as they can. From its last element back to its first it is worked out, for all places of a sentence at
once, where the rest of a pattern matches (one integer for each element, see places.py), so nothing is ever tried in vain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from .pack import tables_of
from .places import Places, each


class _Element(NamedTuple):
    options: str | frozenset[str]  # a key, or several of which some may be words, behind a quotation mark
    name: str
    optional: bool
    absent: bool
    gap: int  # tokens; -1: the element itself
    commas: bool  # whether a gap may run over commas

    @property
    def needed(self) -> bool:
        """Whether the sentence must have one of the keys."""
        return self.gap < 0 and not self.optional and not self.absent and "'" not in "".join(self.options)


class Match(NamedTuple):
    """Where a pattern matched (token indexes, end exclusive) and the tokens it kept, by name → index."""

    start: int
    end: int
    kept: Mapping[str, int]


class Pattern:
    """One compiled pattern."""

    def __init__(self, text: str) -> None:
        parts = text.split()
        self.at_start = parts[0] == "^"
        self.elements = tuple(_element(p) for p in parts[self.at_start :])
        self._backwards = self.elements[::-1]
        self.needs = [frozenset((e.options,)) if isinstance(e.options, str) else e.options for e in self.elements if e.needed]

    def matches(self, places: Places, stretch: float = 1) -> Iterable[Match]:
        """Its matches in a sentence, by the place they start at; gaps are ``stretch`` times as long as written."""
        rest = (2 << len(places.tokens)) - 1  # behind the last element: anywhere, also at the end
        rests = [rest]
        for options, _, optional, absent, gap, commas in self._backwards:
            if gap >= 0:
                free, behind = ~places.stops[not commas], rest
                for _ in range(int(gap * stretch)):
                    if rest == (rest := behind | rest >> 1 & free):
                        break
            elif absent:
                rest &= ~places[options]
            else:
                here = places[options] & rest >> 1
                rest = rest | here if optional else here
            if not rest:
                return ()
            rests.append(rest)
        rests.reverse()
        return [self._read(places, i, rests) for i in each(rest & 1 if self.at_start else rest)]

    def _read(self, places: Places, start: int, rests: Sequence[int]) -> Match:
        """The match at ``start``, of which ``rests`` tells where the elements from each one on match."""
        kept: dict[str, int] = {}
        i = start
        for (options, name, optional, absent, gap, _), rest in zip(self.elements, rests[1:], strict=True):
            if gap >= 0:
                ahead = rest >> i
                i += (ahead & -ahead).bit_length() - 1
            elif not absent and not (optional and not (places[options] >> i & rest >> i + 1 & 1)):
                if name:
                    kept[name] = i
                i += 1
        return Match(start, i, kept)


def _element(part: str) -> _Element:
    if part.startswith(("..", ".,")) and part[2:].isdigit():
        return _Element(frozenset(), "", False, False, int(part[2:]), part.startswith(".."))
    absent = part.startswith("!")
    part = part.removeprefix("!")
    name, _, rest = part.rpartition("=") if "=" in part and not part.startswith("'") else ("", "", part)
    optional = rest.endswith("?") and rest != "?"
    rest = rest.removesuffix("?") if optional else rest
    options: set[str] = set()
    for option in rest.split("|"):
        if option.startswith("'"):
            options.add("'" + option.strip("'"))
        elif option.isupper():
            options.update(option)
        else:
            options.add(option)
    one = len(options) == 1 and "'" not in part
    return _Element(options.pop() if one else frozenset(options), name, optional, absent, -1, False)


class Rule(NamedTuple):
    """A rule of the grammar: its id, its patterns, and whatever else its table holds."""

    id: str
    patterns: tuple[Pattern, ...]
    data: Mapping[str, Any]
    table: str = ""


COMMON = frozenset("GBCPADNTS") | frozenset(  # what so many sentences have that it tells little of what they may match
    "prep det article say adverb the prep_in prep_to prep_with be_being and person a_one pronoun that poss of perfect "
    "its_their blame purpose keep_verb has_open promise_give questioned had_person spent_time hosts stands_at".split()
)


class Rules:
    """Some rules, found by what their patterns cannot do without: first by keys that few sentences have and few need."""

    def __init__(self, tables: Iterable[Mapping[str, Any]], name: str = "") -> None:
        self.all = [Rule(t["id"], tuple(Pattern(p) for p in t["patterns"]), t, t.get("table", name)) for t in tables]
        self._patterns = [(rule, pattern) for rule in self.all for pattern in rule.patterns]
        self._always: list[int] = []  # numbers of patterns that need no key
        self._by_key: dict[str, list[tuple[int, list[frozenset[str]]]]] = {}  # patterns and what else they need
        shared = Counter(key for _, pattern in self._patterns for need in pattern.needs for key in need)
        for n, (_, pattern) in enumerate(self._patterns):
            needs = sorted(pattern.needs, key=lambda need: (len(need & COMMON), sum(shared[key] for key in need)))
            for key in needs[0] if needs else ():
                self._by_key.setdefault(key, []).append((n, needs[1:]))
            if not needs:
                self._always.append(n)
        self._keys = frozenset(self._by_key)

    def matches(self, places: Places, stretch: float = 1) -> list[tuple[Rule, Match]]:
        """Every match of every rule, by the place it starts at, then as the patterns are written."""
        tried = set(self._always)
        here = places.keys_here
        for key in here & self._keys:
            for n, needs in self._by_key[key]:
                for need in needs:
                    if need.isdisjoint(here):
                        break
                else:
                    tried.add(n)
        found = []
        for n in tried:
            rule, pattern = self._patterns[n]
            for match in pattern.matches(places, stretch):
                found.append((match.start, n, rule, match))
        found.sort()
        return [(rule, match) for _, _, rule, match in found]


def starting(found: tuple[Rule, Match]) -> int:
    """Where a match starts."""
    return found[1].start


@cache
def grammar() -> Mapping[str, Any]:
    """The tables of the grammar that all languages share."""
    return tables_of("grammar")


SENTENCE_TABLES = ("cue", "response", "position", "act", "agreement", "operator", "ask")  # matched in one go


@cache
def sentence_rules() -> Rules:
    """The rules of all tables that are matched against whole sentences."""
    return Rules([{**t, "table": name} for name in SENTENCE_TABLES for t in grammar()[name]])


@cache
def rules(name: str) -> Rules:
    """The rules of one table of the grammar."""
    return Rules(grammar()[name], name)
