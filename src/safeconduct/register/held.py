"""Contradictions with a side for each of very many speakers, held so that a claim that comes or goes changes one side."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from .compared import Contradiction, Held, Rule, Side, by_asserter, contradiction_id, side, speaker
from .indexed import Order, order
from .statements import Statement, named

T = TypeVar("T")


class Speakers(Generic[T]):
    """What is made of what each who speaks says of one thing, in the order in which they first spoke."""

    def __init__(self, statements: Iterable[Statement], make: Callable[[Sequence[Statement]], T]) -> None:
        """``statements`` are in order; ``make`` is asked again for each whose claims changed."""
        self.said = by_asserter(statements)
        self._make = make
        self.made = [make(said) for said in self.said.values()]
        self._first = [(order(said[0]), who) for who, said in self.said.items()]  # in the order of ``made``

    def put(self, s: Statement) -> None:
        """Let a claim be there."""
        said = self._without(s)
        insort(said, s, key=order)
        self._with(s, said)

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer."""
        said = self._without(s)
        del said[bisect_left(said, order(s), key=order)]
        if said:
            self._with(s, said)

    def _without(self, s: Statement) -> list[Statement]:
        """What the speaker of a claim says, who is taken away."""
        if said := self.said.pop(who := speaker(s), []):
            at = bisect_left(self._first, (order(said[0]), who))
            del self._first[at], self.made[at]
        return said

    def _with(self, s: Statement, said: list[Statement]) -> None:
        self.said[who := speaker(s)] = said
        at = bisect_left(self._first, first := (order(said[0]), who))
        self._first.insert(at, first)
        self.made.insert(at, self._make(said))


class Placed(NamedTuple):
    """A side with the countries that its claims name, and where it stands among others."""

    side: Side
    named: frozenset[str]
    first: Order


def placed(statements: Sequence[Statement], value: str) -> Placed:
    """A side from the claims that make it, which are in order."""
    return Placed(side(statements, value), _named(statements), order(statements[0]))


def _named(statements: Iterable[Statement]) -> frozenset[str]:
    return frozenset().union(*(named(s.claim.slots) for s in statements))


def one_conflict(topic: str, sides: Sequence[Placed]) -> tuple[Contradiction, frozenset[str]]:
    """The conflict between sides, with the countries that they name."""
    return Contradiction("conflict", topic, tuple(t.side for t in sides)), frozenset().union(*{t.named for t in sides})


class Excluding:
    """What a state says in explanation, against all who say what that excludes."""

    def __init__(self, statements: Iterable[Statement], about: str, explanation: str, excluding: str) -> None:
        """``statements`` are in order; the rest is the topic and the words of both sides."""
        there = list(statements)
        self._about, self._explanation = about, explanation
        self._explained = [s for s in there if s.claim.kind == "position"]
        others = [s for s in there if s.claim.kind != "position"]
        self._others = Speakers(others, lambda said: side(said, excluding))
        self._ids = sorted(s.claim.id for s in others)
        self._named: Counter[str] = Counter(code for s in there for code in named(s.claim.slots))

    def put(self, s: Statement) -> None:
        """Let a claim be there."""
        self._named.update(named(s.claim.slots))
        if s.claim.kind == "position":
            insort(self._explained, s, key=order)
        else:
            insort(self._ids, s.claim.id)
            self._others.put(s)

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer."""
        self._named.subtract(named(s.claim.slots))
        if s.claim.kind == "position":
            del self._explained[bisect_left(self._explained, order(s), key=order)]
        else:
            del self._ids[bisect_left(self._ids, s.claim.id)]
            self._others.take(s)

    def found(self) -> Iterator[tuple[Contradiction, frozenset[str]]]:
        """The contradictions, each with the countries that its claims name."""
        for claims in by_asserter(self._explained).values() if self._others.said else ():
            explained, ids, sides = side(claims, self._explanation), list(self._ids), self._others.made
            if own := self._others.said.get(speaker(claims[0]), []):  # who explains a thing is not put against itself
                sides = [s for s in sides if s.asserter != explained.asserter]
                for s in own:
                    del ids[bisect_left(ids, s.claim.id)]
            if sides:
                c = Contradiction("conflict", self._about, (explained, *sides))
                vars(c)["id"] = contradiction_id(c.type, c.topic, [*ids, *explained.claims])
                mine = set(explained.claims)
                apart = [*own, *(s for s in self._explained if s.claim.id not in mine)]
                yield c, frozenset(self._named - Counter(code for s in apart for code in named(s.claim.slots)))


def holding(
    kinds: tuple[str, ...], key: Callable[[Statement], Hashable], hold: Callable[[Iterable[Statement]], Held],
    needs: Callable[[Statement], bool],
) -> Rule:  # fmt: skip
    """The rule whose contradictions are found by what is held of the claims of a key."""
    return Rule(kinds, key, lambda some: (c for c, _ in hold(some).found()), needs, hold=hold)
