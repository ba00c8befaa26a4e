"""Claims by what they have in common, in the order in which they were said, as they come and go."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence, Sized
from datetime import date
from itertools import chain, compress
from typing import Any, Generic, TypeVar

from .statements import Statement

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
BOARD = 2_000
MANY = 32  # claims of one thing, from which on it is held what each of them tells
Order = tuple[date, str, str, int, int, str]


def order(s: Statement) -> Order:
    """Where a claim stands among all: by the day by which it had certainly been said; the same for no two."""
    return s.said_by, s.said, s.source.capture, s.claim.start, s.claim.end, s.claim.id


def many(some: Sized) -> bool:
    """Whether so many claims are of one thing that they are not gone through again for each that comes or goes."""
    return len(some) >= MANY


class Index(dict[K, list[Statement]]):
    """Claims by a key. Those that are filed in order stay so."""

    def file(self, key: K, statement: Statement) -> None:
        """Put a claim at the end of those with the key."""
        if (there := self.get(key)) is None:
            self[key] = [statement]
        else:
            there.append(statement)

    def insert(self, key: K, statement: Statement) -> None:
        """Put a claim where it belongs."""
        insort(self.setdefault(key, []), statement, key=order)

    def take(self, key: K, statement: Statement) -> None:
        """Take a claim away, and the key with the last one."""
        there = self[key]
        del there[bisect_left(there, order(statement), key=order)]
        if not there:
            del self[key]


def indexed(statements: Iterable[Statement], key: Callable[[Statement], K | None]) -> Index[K]:
    """Claims by a key, in the order in which they come; those with the key None are left out."""
    found: Index[K] = Index()
    get = found.get
    for s in statements:
        if (k := key(s)) is not None:
            if (there := get(k)) is None:
                found[k] = [s]
            else:
                there.append(s)
    return found


class ByKind:
    """Claims in order, by kind, until they are let go. To look at a claim is slow where there are very many, so their places
    are held beside them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._of: dict[str, tuple[array[int], list[Statement]]] = {}  # by kind: places among all, and claims
        self._length = 0
        for s in statements:
            if (there := self._of.get(kind := s.claim.slots.kind)) is None:
                there = self._of[kind] = array("I"), []
            there[0].append(self._length)
            there[1].append(s)
            self._length += 1

    def all(self) -> list[Statement]:
        """The claims that are there, in order."""
        return self.of(())

    def of(self, kinds: Sequence[str]) -> list[Statement]:
        """Those of some kinds, in order; all where none is named."""
        if len(kinds) == 1:
            return self._of[kinds[0]][1] if kinds[0] in self._of else []
        row: list[Statement | None] = [None] * self._length
        for kind in kinds or self._of:
            for place, s in zip(*self._of.get(kind, ((), ())), strict=True):
                row[place] = s
        return list(filter(None, row))

    def keep(self, kinds: Collection[str], needed: Mapping[str, Callable[[Statement], bool]]) -> None:
        """Let claims go that are of none of some kinds, and not ``needed`` where it tells of their kind."""
        for kind in needed.keys() & self._of.keys() - set(kinds):
            places, there = self._of[kind]
            some = [needed[kind](s) for s in there]
            self._of[kind] = array("I", compress(places, some)), list(compress(there, some))


class Shelf(Generic[T]):
    """Things in the order of their places, which are comparable and of which no two are the same. They lie in boards of no
    more than ``BOARD`` things, so that one can be put among very many."""

    def __init__(self, things: Iterable[tuple[Any, T]] = ()) -> None:
        placed = sorted(things, key=lambda t: t[0])
        boards = [placed[n : n + BOARD // 2] for n in range(0, len(placed), BOARD // 2)]
        self._places: list[list[Any]] = [[place for place, _ in board] for board in boards]
        self._things: list[list[T]] = [[thing for _, thing in board] for board in boards]
        self._last: list[Any] = [board[-1] for board in self._places]

    def put(self, place: Any, thing: T) -> None:
        """Put a thing at its place, instead of what is there."""
        if not self._places:
            self._places, self._things, self._last = [[place]], [[thing]], [place]
            return
        b = min(bisect_left(self._last, place), len(self._last) - 1)
        places, things = self._places[b], self._things[b]
        n = bisect_left(places, place)
        if n < len(places) and places[n] == place:
            things[n] = thing
            return
        places.insert(n, place)
        things.insert(n, thing)
        if len(places) > BOARD:
            half = BOARD // 2
            self._places[b : b + 1] = [places[:half], places[half:]]
            self._things[b : b + 1] = [things[:half], things[half:]]
            self._last[b : b + 1] = [places[half - 1], places[-1]]
        else:
            self._last[b] = places[-1]

    def take(self, place: Any) -> None:
        """Take away what is at a place."""
        b, n = self._find(place)
        del self._places[b][n], self._things[b][n]
        if self._places[b]:
            self._last[b] = self._places[b][-1]
        else:
            del self._places[b], self._things[b], self._last[b]

    def at(self, place: Any) -> T | None:
        """What is at a place."""
        b, n = self._find(place)
        return self._things[b][n] if b < len(self._last) and self._places[b][n] == place else None

    def _find(self, place: Any) -> tuple[int, int]:
        b = bisect_left(self._last, place)
        return b, bisect_left(self._places[b], place) if b < len(self._last) else 0

    def all(self) -> list[T]:
        """The things, in order, in a list of their own."""
        return list(chain.from_iterable(self._things))
