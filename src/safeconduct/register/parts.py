"""A register made part by part: the same as ``compute`` has, but neither it nor its claims are held longer than needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from .answers import answered
from .contradictions import Sort, held, keyed
from .counting import Counting
from .indexed import ByKind
from .ladder import Searched
from .parties import Parties
from .sections import Entry, rank, sections, silent
from .shares import WHOLE, Part, Share, place
from .standing import Evidence
from .statements import Statement, tombstone


class Parts:
    """The parts of a register, or of a share of it, from its claims. They are made once: claims are let go as soon as nothing
    else asks for them."""

    def __init__(
        self, statements: Iterable[Statement], as_of: date, *,
        include_proposed: bool = False, same: Mapping[str, str] | None = None, share: Share = WHOLE,
    ) -> None:  # fmt: skip
        """``statements`` and ``same`` as of ``compute``; of a share at least those that it needs."""
        counting = Counting(statements, as_of, include_proposed=include_proposed)
        self._there = ByKind(counting.statements)
        self._retracted = counting.retracted if "retracted" in share.sections else []
        self._as_of, self._same, self._share = as_of, same or {}, share

    @cached_property
    def parties(self) -> Parties:
        """Who takes part in the claims; to be asked before contradictions are sought."""
        return Parties(self._there.all(), self._same)

    def retracted(self) -> list[dict[str, Any]]:
        """The tombstones of the claims that were withdrawn, in order."""
        return [tombstone(s) for s in self._retracted]

    def contradictions(self, sort: Sort = held) -> Iterator[dict[str, Any]]:
        """All contradictions in order, sought at once; then only the claims are held that entries need. ``sort`` puts them in
        order: where they are many, it may do so outside of the memory."""
        every = self._there.all()
        self._beside = answered(every, self._there.of(["position"])) if "positions" in self._share.sections else {}
        self._newest = max(map(attrgetter("source.obtained_at"), every), default=None)
        del every
        found = sort(self._found())
        return chain(list(islice(found, 1)), found)

    def entries(self, parties: Parties) -> Iterator[Part]:
        """Every entry with the name of its section, in the order of the register's JSON, once contradictions were sought.
        ``parties`` are those of all claims, whichever are here."""
        there, evidence = self._there, Evidence(self._there.all(), parties, self._same, self._beside)
        searched = Searched(self._as_of, self._newest[:10] if self._newest else None)
        for section in sections(self._same):
            if section.name in self._share.sections:
                some = there.of(section.kinds)
                made = section.entries(some, evidence)
                for entry in _ladders(made, some, evidence, searched) if section.name == "responses" else made:
                    yield section.name, entry

    def _found(self) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        """What the rules of the share find, one after another."""
        rules = self._share.rules
        for n, rule in enumerate(rules, 1):
            yield from keyed(self._there, rule)
            if all(later.kinds for later in rules[n:]):
                self._there.keep({kind for later in rules[n:] for kind in later.kinds}, self._share.entered)


def made(
    shares: Iterable[Parts], sort: Sort = held, parties: Callable[[], Parties] | None = None
) -> Iterator[Part]:
    """All parts of some shares, in the order of the register's JSON, if theirs are so. One share is made after another: of
    those before it only contradictions are held, as ``sort`` holds them. ``parties`` gives those of all claims where not every
    share has all, and is asked once the contradictions of the first are found."""
    contradicting: list[Iterator[dict[str, Any]]] = []
    retracted: list[dict[str, Any]] = []
    known: Parties | None = None
    for parts in shares:
        if not parties:
            known = parts.parties
        contradicting.append(parts.contradictions(sort))
        known = known or (parties or Parties)()
        yield from parts.entries(known)
        retracted += parts.retracted()
        del parts  # before the next one is read
    for contradiction in merge(*contradicting, key=lambda c: place(("contradictions", c))):
        yield "contradictions", contradiction
    for tomb in retracted:
        yield "retracted", tomb


def _ladders(
    made: Iterable[Entry], responses: Sequence[Statement], evidence: Evidence, searched: Searched
) -> Iterator[Entry]:
    """The entries made of responses with what the ladder says of them, and one without steps for every host state with
    stations that nothing is recorded of: it rests on the claims of the stations."""
    stations, known = evidence.stations, {s.claim.slots.country for s in responses}  # type: ignore[attr-defined]
    others = [silent(host, evidence.parties.most_accused, stations[host]) for host in stations if host not in known]
    for entry in merge(made, sorted(others, key=_climber), key=_climber):
        there = stations.get(entry["country"])
        yield searched.climbed(entry, there[0].said_by if there else None)


def _climber(entry: Entry) -> tuple[Any, ...]:
    return rank((entry["country"], entry["about"]))
