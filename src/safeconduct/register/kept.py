"""What was made of a register, kept: only what a claim bears on is made anew when it comes or goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from .answers import Key as Taken
from .compared import Contradiction, Held, Rule
from .contradictions import RULES, place
from .gathered import Gathered
from .indexed import Index, Shelf, many
from .ladder import Searched
from .sections import Entry, Place, Section, sections, silent
from .standing import Evidence
from .statements import Statement, named

Made = tuple[str, Place, frozenset[str], Any]  # name of the shelf, place on it, countries, and the thing itself
Moved = tuple[str, Any, Any]  # section, and an entry or contradiction as it was and as it is; None where there is none
Group = tuple[Section | Rule, Hashable]  # what claims are put together for, and by which key
ALL = ""  # stands for all countries


def _placed(some: Sequence[Statement], found: Iterable[Contradiction], *, one_place: bool) -> Iterator[Made]:
    """Contradictions between some claims; ``one_place``: they name the same countries."""
    each = {c.id: c for c in found}
    if one_place:
        yield from (("contradictions", place(c), named(some[0].claim.slots), c) for c in each.values())
    elif each:
        countries = {s.claim.id: named(s.claim.slots) for s in some}
        for c in each.values():
            codes = frozenset().union(*{countries[i] for side in c.sides for i in side.claims})
            yield "contradictions", place(c), codes, c


class Kept:
    """Entries and contradictions by the groups of claims that they were made of, and those of each country in order."""

    def __init__(self, statements: Sequence[Statement], evidence: Evidence) -> None:
        self._evidence, self._sections = evidence, sections(evidence.same)
        self._of_kind = {k: [s for s in self._sections if k in s.kinds] for s in self._sections for k in s.kinds}
        self._groups: Index[Group] = Index()
        self.of_country: Index[str] = Index()
        self._made: dict[Group, list[tuple[str, Place, frozenset[str]]]] = {}  # shelf, place and countries of what was made
        self._shelves: dict[tuple[str, str], Shelf[Any]] = {}  # name of a section or "contradictions", and country
        self._needed: Counter[Group] = Counter()  # claims without which nothing follows from the group
        self._was: dict[tuple[str, Place], Any] = {}  # what was at the places where something changed
        self._gathered: dict[Group, Gathered] = {}  # claims that make entries, where they are many
        self._held: dict[Group, Held] = {}  # claims that contradictions are sought in, where they are many
        self._beside: set[Taken] = set()  # positions that answer other claims than they did
        self._searched: dict[str, str | None] = {}
        self._of_party: dict[str, tuple[Entry, Entry]] = {}  # positions as they are, and beside what names their party alone
        self._climbed: dict[str, tuple[Entry, date | None, Searched, Entry]] = {}
        for s in statements:
            for group in self._groups_of(s):
                self._groups.file(group, s)
                self._count(group, s, 1)
            for code in named(s.claim.slots):
                self.of_country.file(code, s)
        evidence.keep(statements)
        things: dict[tuple[str, str], list[tuple[Place, Any]]] = {}
        for group in self._groups:
            for name, at, codes, thing in self._make(group):
                self._made.setdefault(group, []).append((name, at, codes))
                for code in (ALL, *codes):
                    things.setdefault((name, code), []).append((at, thing))
        self._shelves = {shelf: Shelf(some) for shelf, some in things.items()}

    def _groups_of(self, s: Statement) -> Iterator[Group]:
        yield from self._entries_of(s)
        for rule in RULES:
            if (not rule.kinds or s.claim.kind in rule.kinds) and (key := rule.key(s)) is not None:
                yield rule, key

    def _entries_of(self, s: Statement) -> Iterator[Group]:
        for section in self._of_kind[s.claim.kind]:
            if (key := section.key(s)) is not None:
                yield section, key

    def _make(self, group: Group) -> Iterator[Made]:
        """What follows from a group of claims."""
        (of, key), some = group, self._groups[group]
        if isinstance(of, Section):
            codes = frozenset().union(*(named(s.claim.slots) for s in (some if isinstance(key, str) else some[:1])))
            for at, make in of.make(key, self._whole(group, some) if of.whole else some, self._evidence):
                yield of.name, at, codes, make()
        elif len(some) > 1 and (of.needs is None or self._needed[group]):
            if of.hold and many(some):
                held = self._held.get(group) or self._held.setdefault(group, of.hold(some))
                yield from (("contradictions", place(c), codes, c) for c, codes in held.found())
            else:
                yield from _placed(some, of.find(some), one_place=of.one_place)

    def _whole(self, group: Group, some: Sequence[Statement]) -> Sequence[Statement]:
        """The claims of a group; where they are many, with what they tell."""
        if group not in self._gathered and many(some):
            self._gathered[group] = Gathered(some, self._evidence)
        return self._gathered.get(group, some)

    def touched(self, s: Statement) -> Iterator[Group]:
        """The groups of which something else can be made with ``s``, which is there, than without it."""
        yield from self._groups_of(s)
        for other in self._evidence.reached(s):
            self._evidence.forget(other)
            for group in self._entries_of(other):
                if group in self._gathered:
                    self._gathered[group].again(other)
                yield group

    def put(self, s: Statement) -> None:
        """Let a claim be there; what follows from it is made by ``remake``."""
        self._evidence.forget(s)
        for group in self._groups_of(s):
            self._groups.insert(group, s)
            self._count(group, s, 1)
        for code in named(s.claim.slots):
            self.of_country.insert(code, s)
        self._beside.update(self._evidence.answers.put(s))
        self._forget(s)

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer; what followed from it is taken away by ``remake``."""
        for group in self._groups_of(s):
            self._groups.take(group, s)
            self._count(group, s, -1)
        for code in named(s.claim.slots):
            self.of_country.take(code, s)
        self._beside.update(self._evidence.answers.take(s))
        self._forget(s)

    def _count(self, group: Group, s: Statement, one: int) -> None:
        """Count the claims without which nothing follows from a group, and keep up what is held of it."""
        for held in (self._gathered.get(group), self._held.get(group)):
            if held is not None:
                (held.put if one > 0 else held.take)(s)
        of = group[0]
        if isinstance(of, Rule) and of.needs and of.needs(s):
            self._needed[group] += one
            if not self._needed[group]:
                del self._needed[group]

    def _forget(self, s: Statement) -> None:
        """Look for the newest source again where it may be another one now."""
        for code in (ALL, *named(s.claim.slots)):
            if s.source.obtained_at[:10] >= (self._searched.get(code) or ""):
                self._searched.pop(code, None)

    def remake(self, groups: set[Group]) -> None:
        """Make anew what follows from these groups of claims. What turns out the same stays the same object."""
        old = {(name, at): codes for group in groups for name, at, codes in self._made.pop(group, ())}
        for group in groups:
            if group in self._groups:
                for name, at, codes, thing in self._make(group):
                    self._made.setdefault(group, []).append((name, at, codes))
                    known = old.pop((name, at), None)
                    if known == codes and self._at(name, at) == thing:
                        continue
                    if known is not None:
                        self._drop(name, at, known - codes, everywhere=False)
                    self._put(name, at, codes, thing)
        for (name, at), codes in old.items():
            self._drop(name, at, codes)
        section = self._of_kind["position"][0]
        for key in self._beside:  # a position stands beside what it answers, whatever else is said of it
            if (section, key) not in groups:
                for name, at, codes in self._made.get((section, key), ()):
                    self._put(name, at, codes, self._at(name, at) | {"answers": self._evidence.answers.to(key)})
        self._beside.clear()

    def moved(self) -> list[Moved]:
        """What is otherwise than when this was asked last, in order."""
        moved = [(name, was, self._at(name, at)) for (name, at), was in sorted(self._was.items(), key=lambda m: m[0])]
        self._was.clear()
        return [m for m in moved if m[1] is not m[2]]

    def _at(self, name: str, at: Place) -> Any:
        shelf = self._shelves.get((name, ALL))
        return shelf.at(at) if shelf else None

    def _put(self, name: str, at: Place, codes: frozenset[str], thing: Any) -> None:
        self._was.setdefault((name, at), self._at(name, at))
        for code in (ALL, *codes):
            self._shelves.setdefault((name, code), Shelf()).put(at, thing)

    def _drop(self, name: str, at: Place, codes: frozenset[str], *, everywhere: bool = True) -> None:
        self._was.setdefault((name, at), self._at(name, at))
        for code in (ALL, *codes) if everywhere else codes:
            self._shelves[name, code].take(at)

    def on(self, name: str, country: str | None) -> list[Any]:
        """The entries of a section, or the contradictions, in order; those of a country where one is named."""
        shelf = self._shelves.get((name, country or ALL))
        found = shelf.all() if shelf else []
        return [self._alone(e) for e in found] if country and name == "positions" else found

    def _alone(self, entry: Entry) -> Entry:
        """The entry of a position beside what is said of its party alone."""
        known = self._of_party.get(entry["id"])
        if known is None or known[0] is not entry:
            said = self._evidence.answers.alone((entry["party"], entry["position"]))
            known = self._of_party[entry["id"]] = entry, entry | {"answers": said}
        return known[1]

    def ladders(self, country: str | None, as_of: date) -> list[Entry]:
        """The response ladders, with those of states with stations of which no response is recorded."""
        found, stations = self.on("responses", country), self._evidence.stations
        searched = Searched(as_of, self._newest(country))
        known = {e["country"] for e in found}
        about = "CN" if country else self._evidence.parties.most_accused
        found += [
            silent(host, about, stations[host]) for host in ([country] if country else stations)
            if host in stations and host not in known
        ]  # fmt: skip
        return [self._climb(e, searched) for e in sorted(found, key=lambda e: (e["country"], e["about"]))]

    def _climb(self, entry: Entry, searched: Searched) -> Entry:
        there = self._evidence.stations.get(entry["country"])
        asked = entry, there[0].said_by if there else None, searched
        known = self._climbed.get(entry["id"])
        if known is None or known[0] is not entry or known[1:3] != asked[1:]:
            known = self._climbed[entry["id"]] = (*asked, searched.climbed(*asked[:2]))
        return known[3]

    def _newest(self, country: str | None) -> str | None:
        """The day on which the newest source was obtained."""
        if (code := country or ALL) not in self._searched:
            some = self.of_country.get(code, ()) if country else (s[0] for s in self._evidence.by_source.values())
            self._searched[code] = max((s.source.obtained_at[:10] for s in some), default=None)
        return self._searched[code]
