"""The Chinese pack: tables of names, word lists and rules, compiled for a line in which every character is one unit.

Patterns are regular expressions over simplified Chinese in which ``{name}`` is any entry of a word list, ``<C>`` or
``<[CG]>`` an entity of those classes (see ``tokens.CLASSES``) and ``~`` up to 18 characters inside a clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..claims.places import country_names
from .pack import tables_of
from .tokens import MARK

FAMILY = "\ue040"  # the mark of relatives, who are people acted upon too
_HOLE = re.compile(r"\{(?P<list>[a-z_]+)\}|<\[?(?P<cls>[A-Z]+)\]?>|(?P<gap>~)")
_NAME_CLASS = {"org": "O", "media": "M", "body": "B", "target": "T", "role": "H", "country": "C", "region": "R"}
_PRECEDENCE = ("org", "media", "role", "body", "target", "country", "region")


@dataclass(frozen=True)
class ZhRule:
    """A rule of the pack: its id, its patterns and the rest of its table."""

    id: str
    patterns: tuple[re.Pattern[str], ...]
    data: Mapping[str, Any]


class ChinesePack:
    """Everything the Chinese reading path knows about the language."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.words: dict[str, list[str]] = tables["words"]
        self.sets = {name: frozenset(entries) for name, entries in self.words.items()}
        names = tables["names"]
        self.names: dict[str, tuple[str, str]] = dict.fromkeys(self.words["plain"], ("", ""))
        for name, forms in names["organ"].items():
            for form in forms:
                self.names.setdefault(form, ("G", name))
        for table in _PRECEDENCE:
            for value, forms in names[table].items():
                for form in forms:
                    self.names.setdefault(form, (_NAME_CLASS[table], value))
        for form, code in country_names().items():
            if len(form) > 1 and all("\u3400" <= c <= "\u9fff" for c in form):
                self.names.setdefault(form, ("C", code))
        self.longest: dict[str, int] = {}  # by first character, the length of the longest name
        for form in self.names:
            self.longest[form[0]] = max(len(form), self.longest.get(form[0], 0))
        self.short = {form: code for code, forms in names["short"].items() for form in forms}
        self.capital = {form: code for code, forms in names["capital"].items() for form in forms}
        self.station = self.any(self.words["station"])
        self.methods = {name: self.any(some) for name, some in tables["methods"].items()}
        self.asks = {name: self.any(some) for name, some in tables["ask"].items()}
        self.forms = {name: self.any(some) for name, some in tables["forms"].items()}
        self.patterns = {name: self.compile(p) for name, p in tables["pattern"].items()}
        self.lists = {name: self.any(some) for name, some in self.words.items()}
        self.responses = self._rules(tables["response"], "response", "action")
        self.positions = self._rules(tables["position"], "position", "position")
        self.agreements = self._rules(tables["agreement"], "agreement", "type")

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern of the pack as a regular expression."""

        def hole(match: re.Match[str]) -> str:
            if match["list"]:
                return "(?:" + "|".join(sorted(self.words[match["list"]], key=lambda w: (-len(w), w))) + ")"
            if match["cls"]:
                marks = {"F": FAMILY, "T": MARK["T"] + FAMILY}
                return "[" + "".join(marks.get(c) or MARK[c] for c in match["cls"]) + "]"
            return "[^，；]{0,18}?"

        return re.compile(_HOLE.sub(hole, pattern))

    def any(self, entries: Iterable[str]) -> re.Pattern[str]:
        """Any of some patterns, the longest written first."""
        return self.compile("(?:" + "|".join(sorted(entries, key=lambda w: (-len(w), w))) + ")")

    @cache  # noqa: B019 (packs live as long as the process)
    def once(self, pattern: str) -> re.Pattern[str]:
        """``compile``, remembered."""
        return self.compile(pattern)

    def _rules(self, tables: Iterable[Mapping[str, Any]], kind: str, key: str) -> tuple[ZhRule, ...]:
        return tuple(
            ZhRule(f"{kind}.{t[key].replace('_', '-')}", tuple(self.compile(p) for p in t["patterns"]), t) for t in tables
        )


@cache
def load_chinese() -> ChinesePack:
    """The pack for Chinese, simplified and traditional."""
    return ChinesePack(tables_of("zh"))
