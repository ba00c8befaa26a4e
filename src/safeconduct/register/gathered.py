"""The claims of one large entry, held beside what they tell: one that comes or goes changes little of it.

Sections ask here for what they make entries of: the ids of claims, who says them, how the thing stands. Of a plain list of
claims it is made anew, of claims that are ``Gathered`` only what changed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

from safeconduct.claims import UNSPECIFIED

from .indexed import Order, indexed, order
from .origins import Origin, Thing
from .standing import Evidence, Standing, Told, assertion
from .statements import Statement

T = TypeVar("T")
Claims = Sequence[Statement]


class Gathered(Claims):
    """Claims in order, and what they tell when the thing that they are about is judged."""

    def __init__(self, statements: Claims, evidence: Evidence) -> None:
        """``statements`` are in order."""
        self._there, self._evidence = list(statements), evidence
        self.ids = [s.claim.id for s in self._there]
        self._said: list[dict[str, Any]] | None = None
        self._anew = {s.claim.id: s for s in self._there}  # to be heard again
        self._told: dict[str, Told] = {}
        self._telling: list[tuple[Order, Told]] = []  # of these the ones that tell more than who says it
        self._about: Counter[Thing] = Counter()
        self._heard: dict[str, list[tuple[Order, Told]]] = {}  # by the voice
        self._changed: set[str] = set()  # voices that are not yet among the origins as they are heard
        self._origins: dict[str, Origin] = {}
        self._ranked: list[tuple[int, str]] = []  # the origins, those with the most claims first
        self._key: Callable[[Statement], Hashable] | None = None
        self._parts: dict[Any, Gathered] = {}
        self._made: Any = None

    def __len__(self) -> int:
        return len(self._there)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._there)

    @overload
    def __getitem__(self, at: int) -> Statement: ...
    @overload
    def __getitem__(self, at: slice) -> list[Statement]: ...
    def __getitem__(self, at: int | slice) -> Statement | list[Statement]:
        return self._there[at]

    def put(self, s: Statement) -> None:
        """Let a claim be there."""
        at = bisect_left(self._there, order(s), key=order)
        self._there.insert(at, s)
        self.ids.insert(at, s.claim.id)
        if self._said is not None:
            self._said.insert(at, assertion(s))
        if self._key:
            key = self._key(s)
            if key in self._parts:
                self._parts[key].put(s)
            else:
                self._parts[key] = Gathered([s], self._evidence)
        self._anew[s.claim.id], self._made = s, None

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer."""
        at = bisect_left(self._there, order(s), key=order)
        del self._there[at], self.ids[at]
        if self._said is not None:
            del self._said[at]
        if self._key:
            self._parts[key := self._key(s)].take(s)
            if not self._parts[key]:
                del self._parts[key]
        self._anew.pop(s.claim.id, None)
        self._unhear(s)
        self._made = None

    def again(self, s: Statement) -> None:
        """Hear a claim again, which may tell something else now."""
        self._anew[s.claim.id], self._made = s, None
        if self._key:
            self._parts[self._key(s)].again(s)

    def assertions(self) -> list[dict[str, Any]]:
        """Who said each of the claims."""
        if self._said is None:
            self._said = [assertion(s) for s in self._there]
        return list(self._said)

    def by(self, key: Callable[[Statement], Hashable]) -> Mapping[Any, Gathered]:
        """The claims by a key, which is the same whenever this is asked."""
        if self._key is None:
            self._key = key
            self._parts = {k: Gathered(some, self._evidence) for k, some in indexed(self._there, key).items()}
        return self._parts

    def once(self, make: Callable[[], T]) -> T:
        """What is made of the claims, until one comes, goes or is heard again."""
        if self._made is None:
            self._made = make()
        made: T = self._made
        return made

    def judge(self) -> Standing:
        """The standing of the thing that the claims are about."""
        for s in self._anew.values():
            self._unhear(s)
            self._hear(s)
        self._anew.clear()
        for who in self._changed:
            self._rank(who)
        self._changed.clear()
        voices = tuple(self._origins[who] for _, who in self._ranked if who != UNSPECIFIED or len(self._ranked) == 1)
        if any(self._evidence.denied(about) for about in self._about):
            return self._evidence.weigh([self._told[claim] for claim in self.ids], voices)
        return self._evidence.weigh([told for _, told in self._telling], voices)

    def _hear(self, s: Statement) -> None:
        told = self._told[s.claim.id] = self._evidence.told_by(s)
        self._about[told.about] += 1
        for some in self._lists(told):
            insort(some, (order(s), told))

    def _unhear(self, s: Statement) -> None:
        if told := self._told.pop(s.claim.id, None):
            self._about[told.about] -= 1
            if not self._about[told.about]:
                del self._about[told.about]
            for some in self._lists(told):
                del some[bisect_left(some, (order(s), told))]

    def _lists(self, told: Told) -> Iterator[list[tuple[Order, Told]]]:
        """Where it stands what a claim tells."""
        if told.denies or told.findings or told.positions or told.by_host:
            yield self._telling
        if not told.denies:
            self._changed.add(told.voice[0])
            yield self._heard.setdefault(told.voice[0], [])

    def _rank(self, who: str) -> None:
        """Put a voice among the origins as it is heard now."""
        if old := self._origins.pop(who, None):
            del self._ranked[bisect_left(self._ranked, (-len(old.claims), who))]
        if heard := self._heard[who]:
            why = dict.fromkeys(told.voice[1] for _, told in heard)
            self._origins[who] = Origin(who, tuple(told.claim for _, told in heard), "; ".join(why))
            insort(self._ranked, (-len(heard), who))
        else:
            del self._heard[who]


def ids(some: Claims) -> list[str]:
    """The ids of claims."""
    return list(some.ids) if type(some) is Gathered else [s.claim.id for s in some]


def by(some: Claims, key: Callable[[Statement], Hashable]) -> Mapping[Any, Claims]:
    """Claims by a key, those of each in order."""
    return some.by(key) if type(some) is Gathered else indexed(some, key)


def once(some: Claims, make: Callable[[], T]) -> T:
    """What is made of claims; not again where they are held and none changed."""
    return some.once(make) if type(some) is Gathered else make()


def assertions(some: Claims, evidence: Evidence) -> list[dict[str, Any]]:
    """Who said each of the claims; not to be changed."""
    return some.assertions() if type(some) is Gathered else evidence.assertions(some)


def judge(some: Claims, evidence: Evidence) -> Standing:
    """The standing of one thing from the claims about it, denials among them."""
    return some.judge() if type(some) is Gathered else evidence.judge(some)
