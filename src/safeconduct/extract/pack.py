"""A language pack: what a linguist writes (TOML files) turned into what the engine runs.

Pattern language, on top of regular expressions, over a line of lower-case words with single spaces:

- ``{name}`` any entry of the word list ``name``; ``<C>`` a token of class C; ``<x:CG>`` one of class C or G, kept as x;
- ``..`` up to 50 and ``...`` up to 130 characters of anything but a semicolon (both may be empty);
- in word lists, ``clos[e|es|ed]`` stands for close, closes and closed; hyphens are spaces.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .tokens import MARK, tokenise

_EXPAND = re.compile(r"([^\[]*)\[([^\]]*)\](.*)")
_HOLE = re.compile(r"\{(?P<lex>[a-z_]+)\}|<(?:(?P<name>[a-z_]+):)?(?P<cls>[A-Z]+)>|(?P<gap> \.{2,3} )")


SHORT, LONG = 50, 130  # the longest gaps that ".." and "..." stand for, in characters
ABBREVIATED = {"WHO": "GBCPOMXHT", "ACTOR": "GBC"}  # classes that often stand together


def expand(entry: str) -> list[str]:
    """The forms that an entry with brackets stands for."""
    match = _EXPAND.fullmatch(entry)
    if not match:
        return [entry]
    return [f for option in match[2].split("|") for f in expand(match[1] + option + match[3])]


def normal(phrase: str) -> str:
    """A phrase as it stands in a line."""
    return " ".join(t.form for t in tokenise(phrase, 0, len(phrase)))


@dataclass(frozen=True)
class Rule:
    """One rule of the pack: an id, compiled patterns and whatever else its table holds."""

    id: str
    patterns: tuple[re.Pattern[str], ...]
    data: Mapping[str, Any]


class Sets(dict[str, frozenset[str]]):
    """The word lists as sets; a list that a language does not have is empty."""

    def __missing__(self, name: str) -> frozenset[str]:
        return frozenset()


class Pack:
    """The data of one language. ``words`` are the word lists, ``names`` the entities, ``rules`` the kind frames."""

    def __init__(self, language: str, tables: Mapping[str, Any]) -> None:
        self.language = language
        self.words: dict[str, list[str]] = {
            name: sorted({normal(f) for e in entries for f in expand(e) if " .. " not in f}, key=lambda f: (-len(f), f))
            for name, entries in tables["words"].items()
        }
        self._alternatives = {n: "(?:(?:" + "|".join(map(re.escape, w)) + ")(?![^ ]))" for n, w in self.words.items()}
        self.tables = tables
        self._compiled: dict[str, re.Pattern[str]] = {}
        self.sets = Sets({name: frozenset(entries) for name, entries in self.words.items()})
        self.methods = {name: self._any(some) for name, some in tables.get("incident", {}).items()}
        self.forms = {name: self._any(some) for name, some in tables.get("site", {}).get("form", {}).items()}
        self.asks = {
            name.removeprefix("ask_"): self._any(some)
            for name, some in tables["words"].items()
            if name.startswith("ask_")
        }
        self.rules = self.compile_rules(tables.get("rule", ()))
        self.cues = self.compile_rules(tables.get("cue", ()))
        self.phrases = self.compile_rules(tables.get("phrase", ()))
        self.dates = self.compile_rules(tables.get("date", ()))

    def compile(self, pattern: str, strict: bool = True) -> re.Pattern[str]:
        """A pattern as a regular expression. ``strict`` False: a word list that the language lacks matches nothing.

        Raises:
            ValueError: it names a word list that does not exist.
        """

        def hole(match: re.Match[str]) -> str:
            if match["gap"]:
                return f" (?:[^;]{{0,{SHORT if len(match['gap']) == 4 else LONG}}}? )??"
            if match["lex"]:
                if match["lex"] not in self._alternatives and not strict:
                    return "(?!)"
                if match["lex"] not in self._alternatives:
                    raise ValueError(f"no word list {match['lex']!r} in pattern {pattern!r}")
                return self._alternatives[match["lex"]]
            marks = "[" + "".join(MARK[c] for c in ABBREVIATED.get(match["cls"], match["cls"])) + "]"
            return f"(?P<{match['name']}>{marks})" if match["name"] else marks

        return re.compile(r"(?<![^ ])(?:" + _HOLE.sub(hole, pattern) + r")(?![^ ])")

    def built(self, name: str) -> re.Pattern[str]:
        """A pattern of the language that the frames need (table ``pattern``), such as its "in"; absent ones match nothing."""
        return self.compile_once(str(self.tables.get("pattern", {}).get(name, "(?!)")))

    def capital_of(self, code: str) -> str | None:
        """The name of a state's capital, as the pack spells it with capitals."""
        return next((n.title() for n, c in self.tables["names"]["capital"].items() if c == code), None)

    def _any(self, entries: Iterable[str]) -> re.Pattern[str]:
        """Any of some phrases, in which `` .. `` is a gap."""
        forms = {" .. ".join(normal(part) for part in form.split(" .. ")) for e in entries for form in expand(e)}
        return self.compile("(?:" + "|".join(sorted(forms, key=lambda f: (-len(f), f))) + ")")

    def compile_once(self, pattern: str) -> re.Pattern[str]:
        """``compile``, remembered."""
        if pattern not in self._compiled:
            self._compiled[pattern] = self.compile(pattern, strict=False)
        return self._compiled[pattern]

    def compile_rules(self, tables: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
        return tuple(Rule(t["id"], tuple(self.compile(p) for p in self._written_out(t)), t) for t in tables)

    def _written_out(self, table: Mapping[str, Any]) -> list[str]:
        """A rule's patterns, and its templates with VERB replaced by each of its verb patterns."""
        templates = self.tables.get("template", {})
        verbs = [
            templates[name].replace("VERB", "(?:" + verb + ")")
            for name, some in table.get("verbs", {}).items()
            for verb in some
        ]
        return [*table.get("patterns", ()), *verbs]


def merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add one file's tables to the others': tables are joined, lists put one after the other."""
    for key, value in more.items():
        if isinstance(value, dict):
            merge(into.setdefault(key, {}), value)
        elif isinstance(value, list):
            into.setdefault(key, []).extend(value)
        else:
            into[key] = value


def tables_of(language: str) -> dict[str, Any]:
    """All TOML files of a language's pack together."""
    tables: dict[str, Any] = {}
    folder = files("safeconduct.extract") / "packs" / language
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")):
        merge(tables, tomllib.loads((folder / name).read_text(encoding="utf-8")))
    return tables


@cache
def load(language: str) -> Pack:
    """The pack of a language (a BCP 47 tag such as ``en``), all its TOML files together."""
    return Pack(language, tables_of(language))


LANGUAGES = ("en", "zh", "es")  # those with a pack
