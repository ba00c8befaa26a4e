"""A language pack: what a linguist writes (TOML files) turned into what the engine runs.

A pack holds *names* (countries, organs, media, people acted upon …), *tags* (a tag is an idea with all the words for it) and
the words of numbers and dates. The rules stand once, in ``grammar/``, in terms of tags and kinds, for every language.

Entries may be shortened: ``clos[e|es|ed]`` lists forms; ``launch~es`` takes the endings that ``[inflect]`` gives for ``es``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from ..claims.places import countries, country_name
from .tokens import NONE, words

LANGUAGES = ("en", "zh", "es")  # those with a pack
FIRST = 3  # words of a sentence that tell page furniture
_BRACKETS = re.compile(r"([^\[]*)\[([^\]]*)\](.*)")
_ENDING = re.compile(r"(.*?)([^ ]+)~([a-z]+)(.*)")


class Sense(NamedTuple):
    """One meaning of some words: the kind of thing they name, if any, their tags, what is known of it."""

    kind: str
    tags: frozenset[str]
    data: Mapping[str, Any]
    capital: bool  # only when written with a capital
    upper: bool  # only when written in capitals
    article: str = ""  # only behind this article, which stays a word of its own


SHOWN = frozenset("ACSTGOMB")  # kinds that no phrase without a kind may swallow


class Entry(list[Sense]):
    """The senses of some words; ``free``: all hold, however the words are written and whatever stands before them.

    ``named``: one of them names something; ``form``: one is what a station looks like. ``meanings`` keeps what the words mean
    for each choice of senses (bits) that a text has asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.free = True
        self.named = self.form = False
        self.meanings: dict[int, tuple[str, frozenset[str], dict[str, Any]]] = {}

    def add(self, sense: Sense) -> None:
        """Take in one more sense."""
        self.append(sense)
        self.named = self.named or bool(sense.kind)
        self.form = self.form or any(tag.startswith("form_") for tag in sense.tags)
        self.free = self.free and not (sense.capital or sense.upper or sense.article)


class _Sets(dict[str, frozenset[str]]):
    """Name → forms; an absent list is empty."""

    def __missing__(self, name: str) -> frozenset[str]:
        return NONE


def _phrases(node: dict[str, Any], words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The phrases of several words in a tree, with their nodes, whose senses name no kind."""
    for word, following in node.items():
        if word:
            if words and (senses := following.get("")) and not any(s.kind for s in senses):
                yield (*words, word), following
            yield from _phrases(following, (*words, word))


class Pack:
    """The data of one language. ``root`` is a tree of words: form → next forms; the key ``""`` holds senses."""

    def __init__(self, language: str, tables: Mapping[str, Any]) -> None:
        self.language, self.tables = language, tables
        self.endings: Mapping[str, list[str]] = tables.get("inflect", {})
        self.numbers: Mapping[str, Any] = tables["numbers"]
        self.calendar: Mapping[str, Any] = tables["calendar"]
        self.settings: Mapping[str, Any] = tables.get("settings", {})
        self.gap = float(self.settings.get("gap", 1))  # how much longer than in English gaps of patterns are, in tokens
        self.root: dict[str, Any] = {}
        for form, sense in self._entries():
            self._add(form, sense)
        for tag in self.settings.get("act_within", ()):
            self._tell_acts(tables["tags"].get(tag, ()))
        self._tell_inner()
        self.sets = _Sets({name: self._forms(entries) for name, entries in tables.get("sets", {}).items()})
        self.set = self.sets.__getitem__  # the forms of a plain word list (``[sets]``)
        self.sets["station"] = self._forms([*tables["tags"].get("station", ()), *tables["tags"].get("weak_station", ())])
        numbers = (*self.numbers["value"], *self.numbers["scale"], *self.numbers["start"])
        self.starts: dict[str, dict[str, Any]] = {**self.root, **{w: {} for w in numbers}}  # {}: look closer
        self.number_words = frozenset((*numbers, *self.numbers.get("lone", ())))
        self.plain = self._plain(frozenset(numbers))
        self.kinds_shown = frozenset(self.settings.get("shown", SHOWN))
        self.shown = frozenset(  # words that alone may name something of these kinds
            form for form, node in self.root.items() if any(sense.kind in self.kinds_shown for sense in node.get("", ()))
        )
        self.head = self.set("org_head") | self.set("organ_head") | self.set("either_head") | self.set("media_head")
        self.furniture = frozenset(f for f in self.set("furniture") if f.count(" ") < FIRST)
        self.furniture_first = frozenset(f.split(" ")[0] for f in self.furniture)
        self.capital_of: dict[str, str] = {}
        for form, code in tables["names"].get("capital", {}).items():
            self.capital_of.setdefault(code, form)

    def _plain(self, numbers: frozenset[str]) -> dict[str, tuple[str, frozenset[str], dict[str, Any]]]:
        """Words that mean one thing however they are written: kind, keys, data. Shared, so never to be changed."""
        found: dict[str, tuple[str, frozenset[str], dict[str, Any]]] = {}
        for form, node in self.root.items():
            senses = node.get("")
            if (
                senses
                and form not in numbers
                and not any(s.capital or s.upper or s.article or "code" in s.data for s in senses)
            ):
                kind, tags, data = meaning(senses)
                found[form] = kind, tags | {kind} if kind else tags, data
        return found

    def _forms(self, entries: Iterable[str]) -> frozenset[str]:
        return frozenset(f for e in entries for f in ([e] if len(e) == 2 and e.isupper() else self.expand(e)))

    def expand(self, entry: str) -> Iterator[str]:
        """The forms that an entry stands for, as they stand in a line: lower case, single spaces."""
        if match := _BRACKETS.fullmatch(entry):
            for option in match[2].split("|"):
                yield from self.expand(match[1] + option + match[3])
        elif match := _ENDING.fullmatch(entry):
            for ending in self.endings[match[3]]:
                yield from self.expand(match[1] + match[2] + ending + match[4])
        else:
            yield " ".join(t.form for t in words(entry, entry.lower(), 0, len(entry)))

    @lru_cache(maxsize=65_536)  # noqa: B019 - a pack lives as long as the process
    def ends(self, form: str) -> tuple[frozenset[str], frozenset[str]]:
        """The tags of the first and the last word of a phrase; the same set for a single word."""
        first, _, rest = form.partition(" ")
        tags = self._tags(first)
        return tags, self._tags(rest.rpartition(" ")[2]) if rest else tags

    def _tags(self, word: str) -> frozenset[str]:
        return frozenset().union(*(s.tags for s in self.root.get(word, {}).get("", ())))

    def _add(self, form: str, sense: Sense) -> None:
        if not form:  # an entry of marks only
            return
        node = self.root
        for word in form.split():
            node = node.setdefault(word, {})
        node.setdefault("", Entry()).add(sense)

    def _tell_acts(self, entries: Iterable[str]) -> None:
        """Let phrases that end in a word for an act tell of it too ("of stalking", "guilty of stalking")."""
        for form in self._forms(entries):
            acts = frozenset(tag for tag in self._tags(form.rpartition(" ")[2]) if tag.startswith("m_"))
            if acts and " " in form:
                self._add(form, Sense("", acts, {}, False, False))

    def _tell_inner(self) -> None:
        """Let phrases tell what they tell without the small words at their beginning and end ("to look into", "cierre de")."""
        before, behind = (frozenset(self.settings.get(name, ())) for name in ("small_before", "small_behind"))
        if not before and not behind:
            return
        for phrase, node in list(_phrases(self.root, ())):
            first, last = int(phrase[0] in before), len(phrase) - int(phrase[-1] in behind)
            for inner in {phrase[first:], phrase[:last], phrase[first:last]} - {phrase, ()}:
                senses = self._node(inner).get("", ())
                tags = frozenset().union(*(s.tags for s in senses if not s.kind and not s.data))
                if tags:
                    node[""].add(Sense("", tags, {}, False, False))

    def _node(self, words: Sequence[str]) -> dict[str, Any]:
        node = self.root
        for word in words:
            node = node.get(word, {})
        return node

    def _entries(self) -> Iterator[tuple[str, Sense]]:
        """Every form of the pack with its sense."""
        tables = self.tables
        small = bool(self.settings.get("small_demonyms"))
        latin = not self.settings.get("no_capitals")

        def named(entry: str, kind: str, data: Mapping[str, Any], capital: bool = False) -> Iterator[tuple[str, Sense]]:
            upper = latin and capital and len(entry) < 5 and entry.isupper()
            for form in self.expand(entry):
                yield form, Sense(kind, frozenset(), data, capital and latin, upper)

        names = tables["names"]
        for name, kind, capital in (
            ("country", "C", True), ("demonym", "A", not small), ("region", "R", True), ("region_adjective", "R", not small),
        ):  # fmt: skip
            for key, value in names.get(name, {}).items():
                pairs = [(f, key) for f in value] if isinstance(value, list) else [(key, value)]
                for form, code in pairs:
                    data = {"code": code, **({"adjective": True} if name == "region_adjective" else {})}
                    yield from named(form, kind, data, capital)
                    if kind == "A" and not small and code not in ("GB", "FR", "NL", "IE"):
                        yield from named(form + "s", kind, {**data, "people": True}, capital)
        for code in countries():
            yield from named(country_name(code, self.language), "C", {"code": code}, True)
        for name, kind in (("org", "O"), ("media", "M")):
            for key, slug in names.get(name, {}).items():
                for form in slug if isinstance(slug, list) else [key]:
                    yield from named(form, kind, {"slug": key if isinstance(slug, list) else slug}, True)
        for form, (code, body) in names.get("organ", {}).items():
            yield from named(form, "G", {"code": code, "body": body}, True)
        for body, forms in names.get("body", {}).items():
            for form in forms:
                yield from named(form, "B", {"body": body})
        for target, forms in names.get("target", {}).items():
            for form in forms:
                yield from named(form, "T", {"target": None if target == "none" else target})
                if target == "family":  # a tag too: whoever is named so is somebody's relative
                    yield from ((f, Sense("", frozenset((target,)), {}, False, False)) for f in self.expand(form))
        for role, forms in names.get("role", {}).items():
            for form in forms:
                yield from named(form, "H", {"role": role})
        articles = frozenset(self.settings.get("articles", ()))
        for tag, forms in tables["tags"].items():
            kind = "S" if tag in ("station", "weak_station") else ""
            for entry in forms:
                for form in self.expand(entry):
                    first, _, rest = form.partition(" ")
                    article = first if rest and first in articles and not kind else ""
                    yield rest if article else form, Sense(kind, frozenset((tag,)), {}, False, False, article)
        for tag in ("month", "sure_month", "weekday", "season", "unit"):
            for form, value in self.calendar.get(tag, {}).items():
                yield from ((f, Sense("", frozenset((tag,)), {"n": value}, False, False)) for f in self.expand(form))


ORDER = "GCAROMSTBH"  # which kind wins when words name several


def meaning(senses: Sequence[Sense]) -> tuple[str, frozenset[str], dict[str, Any]]:
    """What some words mean: the first kind in ORDER, the tags of all senses, and what is known."""
    tags: frozenset[str] = frozenset().union(*(s.tags for s in senses))
    kinds = [s for s in senses if s.kind]
    data = {k: v for s in senses if not s.kind for k, v in s.data.items()}
    if not kinds:
        return "", tags, data
    sense = min(kinds, key=lambda s: ORDER.index(s.kind))
    return sense.kind, tags, {**data, **sense.data}


def merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add one file's tables to the others': tables are joined, lists put one after the other."""
    for key, value in more.items():
        if isinstance(value, dict):
            merge(into.setdefault(key, {}), value)
        elif isinstance(value, list):
            into.setdefault(key, []).extend(value)
        else:
            into[key] = value


def tables_of(folder: str) -> dict[str, Any]:
    """All TOML files of a folder of the room together."""
    tables: dict[str, Any] = {}
    place = files("safeconduct.extract")
    for part in folder.split("/"):
        place = place / part
    for name in sorted(entry.name for entry in place.iterdir() if entry.name.endswith(".toml")):
        merge(tables, tomllib.loads((place / name).read_text(encoding="utf-8")))
    return tables


@cache
def load(language: str) -> Pack:
    """The pack of a language (a BCP 47 tag such as ``en``), all its TOML files together, with how far the model that it has in
    common with others is believed."""
    tables = tables_of(f"packs/{language}")
    if shared := tables.get("settings", {}).get("model"):
        merge(tables, tables_of(f"packs/{shared}"))
    return Pack(language, tables)
