"""A state's explanation beside those who say what it excludes: contradictions with a side for each of very many speakers."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .compared import Contradiction, Rule, by_asserter, contradiction_id, side, speaker
from .indexed import Order, order
from .statements import Statement, named


class Excluding:
    """The claims of one such group, held so that one that comes or goes changes one side."""

    def __init__(self, rule: Explanation, statements: Iterable[Statement]) -> None:
        """``statements`` are in order."""
        there = list(statements)
        self._rule = rule
        self._explained = [s for s in there if s.claim.kind == "position"]
        self._others = by_asserter(s for s in there if s.claim.kind != "position")
        self._sides = {who: side(said, rule.excluding) for who, said in self._others.items()}
        self._first: list[tuple[Order, str]] = sorted((order(said[0]), who) for who, said in self._others.items())
        self._ids = sorted(s.claim.id for said in self._others.values() for s in said)
        self._named: Counter[str] = Counter(code for s in there for code in named(s.claim.slots))

    def put(self, s: Statement) -> None:
        """Let a claim be there."""
        self._named.update(named(s.claim.slots))
        if s.claim.kind == "position":
            insort(self._explained, s, key=order)
            return
        insort(self._ids, s.claim.id)
        said = self._without_side(s)
        insort(said, s, key=order)
        self._side(s, said)

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer."""
        self._named.subtract(named(s.claim.slots))
        if s.claim.kind == "position":
            del self._explained[bisect_left(self._explained, order(s), key=order)]
            return
        del self._ids[bisect_left(self._ids, s.claim.id)]
        said = self._without_side(s)
        del said[bisect_left(said, order(s), key=order)]
        self._side(s, said)

    def _without_side(self, s: Statement) -> list[Statement]:
        """What the speaker of ``s`` says, whose side is taken away."""
        said = self._others.pop(who := speaker(s), [])
        if said:
            del self._sides[who], self._first[bisect_left(self._first, (order(said[0]), who))]
        return said

    def _side(self, s: Statement, said: list[Statement]) -> None:
        if said:
            self._others[who := speaker(s)] = said
            self._sides[who] = side(said, self._rule.excluding)
            insort(self._first, (order(said[0]), who))

    def found(self) -> Iterator[tuple[Contradiction, frozenset[str]]]:
        """The contradictions, each with the countries that its claims name."""
        for claims in by_asserter(self._explained).values() if self._others else ():
            explained = side(claims, self._rule.explanation)
            sides = [s for _, who in self._first if (s := self._sides[who]).asserter != explained.asserter]
            if not sides:
                continue
            c = Contradiction("conflict", self._rule.about, (explained, *sides))
            mine = {s.claim.id for s in claims}
            apart = [s for s in self._explained if s.claim.id not in mine]
            if len(sides) < len(self._first):  # who explains a thing is not put against itself
                apart += [s for said in self._others.values() if said[0].asserter == explained.asserter for s in said]
            without = {s.claim.id for s in apart}
            ids = [i for i in self._ids if i not in without] if without else self._ids
            vars(c)["id"] = contradiction_id(c.type, c.topic, [*ids, *explained.claims])
            yield c, frozenset(self._named - Counter(code for s in apart for code in named(s.claim.slots)))


@dataclass(frozen=True, eq=False)
class Explanation(Rule):
    """A rule for what a state says of ``about`` and who says what that excludes; the words of both sides."""

    about: str = ""
    explanation: str = ""
    excluding: str = ""


def explanation(key: Callable[[Statement], object], about: str, one: str, other: str) -> Explanation:
    """The rule for positions with a key, and claims of other kinds with the same."""

    def find(statements: Sequence[Statement]) -> Iterator[Contradiction]:
        yield from (c for c, _ in Excluding(rule, statements).found())

    rule = Explanation(
        None, key, find, lambda s: s.claim.kind == "position", about=about, explanation=one, excluding=other
    )  # fmt: skip
    return rule
