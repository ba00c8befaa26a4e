"""Claims by what they have in common, in the order in which they were said, as they come and go."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Any, Generic, TypeVar

from .statements import Statement

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Order = tuple[date, str, str, int, int, str]


def order(s: Statement) -> Order:
    """Where a claim stands among all: by the day by which it had certainly been said; the same for no two."""
    return s.said_by, s.said, s.source.capture, s.claim.start, s.claim.end, s.claim.id


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
    for s in statements:
        if (k := key(s)) is not None:
            found.file(k, s)
    return found


class Shelf(Generic[T]):
    """Things in the order of their places, which are comparable and of which no two are the same."""

    def __init__(self, things: Iterable[tuple[Any, T]] = ()) -> None:
        placed = sorted(things, key=lambda t: t[0])
        self._places: list[Any] = [place for place, _ in placed]
        self._things: list[T] = [thing for _, thing in placed]

    def put(self, place: Any, thing: T) -> None:
        """Put a thing at its place."""
        n = bisect_left(self._places, place)
        self._places.insert(n, place)
        self._things.insert(n, thing)

    def take(self, place: Any) -> None:
        """Take away what is at a place."""
        n = bisect_left(self._places, place)
        del self._places[n], self._things[n]

    def all(self) -> list[T]:
        """The things, in order, in a list of their own."""
        return list(self._things)
