"""Patterns over tokens: what they look like and how they are matched.

A pattern is a row of elements; each matches one token, by its kind or tags:

- ``close`` a tag, ``G`` a kind (capitals: any of several, ``CG``), ``'by'`` a word; ``|`` between alternatives;
- ``name=`` before an element keeps its token; ``?`` after it makes it optional; ``!close`` is no element: none may follow;
- ``..5`` up to five tokens of anything but a hard stop, ``.,5`` the same but no comma either; ``^`` the start of the sentence.

Gaps take as few tokens as they can, and all are bounded, so matching is linear in the length of a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any, NamedTuple

from .pack import tables_of
from .tokens import Token


class _Element(NamedTuple):
    keys: frozenset[str]
    words: frozenset[str]
    name: str
    optional: bool
    absent: bool
    gap: int  # tokens; -1: the element itself
    commas: bool  # whether a gap may run over commas


class Match(NamedTuple):
    """Where a pattern matched (token indexes, end exclusive) and the tokens it kept, by name → index."""

    start: int
    end: int
    kept: Mapping[str, int]


class Pattern:
    """One compiled pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts = text.split()
        self.at_start = parts[0] == "^"
        self.elements = tuple(_element(p) for p in parts[self.at_start :])
        first: set[str] = set()
        for e in self.elements:  # what the first token may be
            first |= e.keys | {"'" + w for w in e.words}
            if not e.optional:
                break
        self.first = frozenset(first)
        self.needs = tuple(  # of each group a key must stand in the sentence, or the pattern cannot match
            e.keys for e in self.elements if e.keys and not (e.words or e.optional or e.absent or e.gap >= 0)
        )

    def at(self, tokens: Sequence[Token], i: int, stretch: float = 1) -> Match | None:
        """The match that starts at token ``i``, gaps ``stretch`` times as long as written; None when there is none."""
        kept: dict[str, int] = {}
        end = self._match(tokens, i, 0, kept, stretch, set())
        return Match(i, end, kept) if end is not None else None

    def _match(
        self, tokens: Sequence[Token], i: int, e: int, kept: dict[str, int], stretch: float, failed: set[tuple[int, int]]
    ) -> int | None:
        """The end of the match of the elements from ``e`` on at token ``i``; ``failed`` remembers what cannot match."""
        elements, length = self.elements, len(tokens)
        while e < len(elements):
            keys, words, name, optional, absent, gap, commas = elements[e]
            if gap >= 0:
                if e + 1 < len(elements):
                    following = elements[e + 1]
                    plain = following.gap < 0 and not following.optional and not following.absent
                else:
                    plain, following = False, elements[e]
                for j in range(i, i + int(gap * stretch) + 1):
                    if j < length and plain:  # look before calling: most tokens of a gap are passed over
                        token = tokens[j]
                        fits = not following.keys.isdisjoint(token.keys) or token.form in following.words
                    else:
                        fits = not plain
                    if fits and (j, e) not in failed:
                        if (end := self._match(tokens, j, e + 1, kept, stretch, failed)) is not None:
                            return end
                        failed.add((j, e))
                    if j >= length:
                        return None
                    form = tokens[j].form
                    if form in HARD or (form == "," and not commas):
                        return None
                return None
            here = i < length and (not keys.isdisjoint(tokens[i].keys) or tokens[i].form in words)
            if absent:
                if here:
                    return None
                e += 1
                continue
            if optional:
                if here:
                    if name:
                        kept[name] = i
                    if (end := self._match(tokens, i + 1, e + 1, kept, stretch, failed)) is not None:
                        return end
                    kept.pop(name, None)
                e += 1
                continue
            if not here:
                return None
            if name:
                kept[name] = i
            i += 1
            e += 1
        return i


HARD = frozenset((";", "--", "?", "(", ")", ":"))


def _element(part: str) -> _Element:
    if part.startswith(("..", ".,")) and part[2:].isdigit():
        return _Element(frozenset(), frozenset(), "", False, False, int(part[2:]), part.startswith(".."))
    absent = part.startswith("!")
    part = part.removeprefix("!")
    name, _, rest = part.rpartition("=") if "=" in part and not part.startswith("'") else ("", "", part)
    optional = rest.endswith("?") and rest != "?"
    rest = rest.removesuffix("?") if optional else rest
    keys: set[str] = set()
    words: set[str] = set()
    for option in rest.split("|"):
        if option.startswith("'"):
            words.add(option.strip("'"))
        elif option.isupper():
            keys.update(option)
        else:
            keys.add(option)
    return _Element(frozenset(keys), frozenset(words), name, optional, absent, -1, False)


class Rule(NamedTuple):
    """A rule of the grammar: its id, its patterns, and whatever else its table holds."""

    id: str
    patterns: tuple[Pattern, ...]
    data: Mapping[str, Any]
    table: str = ""


class Rules:
    """Some rules, found by the tokens their patterns may start with.

    Patterns are numbered in the order they are written, and a set of them is one integer with a bit for each. Which of them a
    sentence can match at all is worked out once for it, and each token then picks those of them that may start with it.
    """

    def __init__(self, tables: Sequence[Mapping[str, Any]], name: str = "") -> None:
        self.all = [Rule(t["id"], tuple(Pattern(p) for p in t["patterns"]), t, t.get("table", name)) for t in tables]
        self._patterns = [(rule, pattern) for rule in self.all for pattern in rule.patterns]
        self._by_key: dict[str, int] = {}  # what may start with a key …
        self._by_word: dict[str, int] = {}  # … or a word
        self._by_keys: dict[frozenset[str], int] = {}  # … or a token with these keys, worked out as tokens come
        self._opening = 0  # what stands only at the start of a sentence
        # What a key serves: the patterns that may start with it, behind them those whose first need it meets, and so on; a
        # pattern is possible when all its bits are met. Those that start with a word or need less are met from the start.
        self._served: dict[str, int] = {}
        self._rounds = max((len(pattern.needs) for _, pattern in self._patterns), default=0)
        self._size = len(self._patterns)
        self._met = 0
        for n, (_, pattern) in enumerate(self._patterns):
            bit = 1 << n
            for key in pattern.first:
                table = self._by_word if key.startswith("'") else self._by_key
                key = key.removeprefix("'")
                table[key] = table.get(key, 0) | bit
            for place in range(self._rounds):
                later = bit << self._size * (place + 1)
                if place >= len(pattern.needs):
                    self._met |= later
                    continue
                for key in pattern.needs[place]:
                    self._served[key] = self._served.get(key, 0) | later
            self._opening |= bit if pattern.at_start else 0
        for bits in self._by_word.values():
            self._met |= bits
        for key, bits in self._by_key.items():
            self._served[key] = self._served.get(key, 0) | bits
        self.firsts = frozenset(self._by_key)
        self._keys = frozenset(self._served)

    @property
    def has_words(self) -> bool:
        """Whether some pattern starts with a word and not with a tag or kind."""
        return bool(self._by_word)

    def possible(self, keys: frozenset[str]) -> int:
        """The patterns that a sentence with these keys can match, as bits."""
        if self.firsts.isdisjoint(keys) and not self._by_word:
            return 0
        met, served = self._met, self._served
        for key in keys & self._keys:
            met |= served[key]
        found = met & ((1 << self._size) - 1)
        for _ in range(self._rounds):
            met >>= self._size
            found &= met
        return found

    def starting(self, token: Token, i: int, possible: int) -> Sequence[tuple[Rule, Pattern]]:
        """Which of the ``possible`` patterns may match at token number ``i``, in the order they are written."""
        found = self._by_keys.get(token.keys)
        if found is None:
            found = self._by_keys[token.keys] = reduce(or_, (self._by_key.get(key, 0) for key in token.keys), 0)
        if self._by_word:
            found |= self._by_word.get(token.form, 0)
        found &= possible
        if not found:
            return ()
        if i:
            found &= ~self._opening
        some = []
        while found:
            bit = found & -found
            found ^= bit
            some.append(self._patterns[bit.bit_length() - 1])
        return some

    def matches(
        self, tokens: Sequence[Token], stretch: float = 1, keys: frozenset[str] | None = None
    ) -> Iterator[tuple[Rule, Match]]:
        """Every match of every rule, by the place it starts at. ``keys`` are those of all tokens together."""
        possible = self.possible(keys if keys is not None else keys_of(tokens))
        if not possible:
            return
        for i, token in enumerate(tokens):
            if token.keys or self._by_word:
                for rule, pattern in self.starting(token, i, possible):
                    if match := pattern.at(tokens, i, stretch):
                        yield rule, match


def keys_of(tokens: Sequence[Token]) -> frozenset[str]:
    """The keys of all tokens together."""
    return frozenset().union(*{t.keys for t in tokens})


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
