"""What positions answer and which of these they deny: claims of others in the sources in which a party takes a position."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from safeconduct.claims import Claim, Position

from .indexed import indexed, order
from .statements import Statement, named

Key = tuple[str, str]  # party and position

# Which claims of others a position answers, by kind. Positions not named answer nothing in particular.
ANSWERS: dict[str, tuple[str, ...]] = {
    "denial": ("figure", "site", "incident", "operator"),
    "unaware": ("figure", "site"),
    "not_acknowledged": ("figure", "site", "incident"),
    "smear_accusation": ("figure", "site", "incident", "report"),
    "administrative_services": ("figure", "site", "incident"),
    "pandemic_measure": ("figure", "site", "incident"),
    "volunteers": ("operator",),
    "promise_to_close": ("site", "response"),
    "claims_closed": ("site", "figure"),
    "admission": ("figure", "incident"),
    "lawful_conduct": ("incident", "response"),
    "defends_cooperation": ("agreement", "recommendation"),
}


# Position → the kinds of claim that it denies, and a slot that must have a value for it to do so.
DENIALS: dict[str, tuple[tuple[str, str, object], ...]] = {
    "denial": (("figure", "", None), ("site", "", None), ("incident", "", None), ("operator", "", None)),
    "smear_accusation": (("figure", "", None), ("site", "", None), ("incident", "", None)),
    "not_acknowledged": (("figure", "", None), ("site", "", None), ("incident", "", None)),
    "administrative_services": (("incident", "", None),),
    "volunteers": (("operator", "actor", "hired_staff"), ("operator", "actor", "police_authority")),
    "claims_closed": (("site", "status", "active"), ("figure", "status", "active")),
}
DENIED = frozenset(kind for denied in DENIALS.values() for kind, *_ in denied)


def taken(s: Statement) -> Key | None:
    """The position that a claim speaks of."""
    position = s.claim.slots
    return (position.party, position.position) if isinstance(position, Position) else None


def answers(key: Key, s: Statement) -> bool:
    """Whether a position answers a claim of the same source."""
    party, position = key
    return (
        s.claim.kind in ANSWERS.get(position, ())
        and s.asserter != f"state:{party}" and getattr(s.claim.slots, "origin", party) in (party, None)
    )  # fmt: skip


def answered(statements: Sequence[Statement], positions: Sequence[Statement]) -> dict[Key, list[str]]:
    """The ids of the claims that each position answers, in order; ``statements`` are in order, and ``positions`` of these the
    claims that speak of such."""
    taken_in: dict[str, dict[Key, None]] = {}  # by capture
    for s in positions:
        if (key := taken(s)) is not None:
            taken_in.setdefault(s.source.capture, {})[key] = None
    found: dict[Key, list[str]] = {}
    for s in statements:
        for key in taken_in.get(s.source.capture, ()):
            if answers(key, s):
                found.setdefault(key, []).append(s.claim.id)
    return found


def denies(position: Position, claim: Claim) -> bool:
    """Whether a position denies a claim of the same source."""
    return any(
        claim.kind == kind and (not slot or getattr(claim.slots, slot) == value)
        for kind, slot, value in DENIALS[position.position]
    )


class Answered:
    """The claims that one position answers, in order, beside their ids."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = list(statements)
        self.ids = [s.claim.id for s in self.statements]

    def put(self, s: Statement) -> None:
        """Put a claim where it belongs."""
        at = bisect_left(self.statements, order(s), key=order)
        self.statements.insert(at, s)
        self.ids.insert(at, s.claim.id)

    def take(self, s: Statement) -> None:
        """Take away a claim, which is there."""
        at = bisect_left(self.statements, order(s), key=order)
        del self.statements[at], self.ids[at]


class Answers:
    """What positions answer, held as claims come and go."""

    def __init__(self, by_source: Mapping[str, Sequence[Statement]], positions: Sequence[Statement]) -> None:
        """``positions`` are all claims that speak of positions, in order; ``by_source`` is kept up by others."""
        self._by_source = by_source
        self._kept: dict[Key, Answered] = {}
        self._alone: dict[Key, Answered] = {}  # of those the ones that name the party's state
        for key, group in indexed(positions, taken).items():
            captures = {s.source.capture for s in group}
            found = sorted((s for capture in captures for s in by_source[capture] if answers(key, s)), key=order)
            self._kept[key] = Answered(found)
            self._alone[key] = Answered(s for s in found if key[0] in named(s.claim.slots))

    def alone(self, key: Key) -> list[str]:
        """The ids of the claims that a position answers and that name the state that takes it."""
        return list(self._alone[key].ids) if key in self._alone else []

    def to(self, key: Key) -> list[str]:
        """The ids of the claims that a position answers, in order."""
        return list(self._kept[key].ids) if key in self._kept else []

    def put(self, s: Statement) -> Iterator[Key]:
        """The positions that answer more with ``s``, which has come."""
        for key, answered in self._moved(s):
            for held in self._held(key, answered):
                held.put(answered)
            yield key

    def take(self, s: Statement) -> Iterator[Key]:
        """The positions that answer less without ``s``, which goes and is still there."""
        for key, answered in self._moved(s):
            for held in self._held(key, answered):
                held.take(answered)
            yield key

    def _held(self, key: Key, s: Statement) -> Iterator[Answered]:
        """What is held of a position and bears on a claim that it answers."""
        yield self._kept.setdefault(key, Answered(()))
        if key[0] in named(s.claim.slots):
            yield self._alone.setdefault(key, Answered(()))

    def _moved(self, s: Statement) -> Iterator[tuple[Key, Statement]]:
        there = self._by_source[s.source.capture]
        if (own := taken(s)) is not None:
            if sum(taken(o) == own for o in there) == 1:
                yield from ((own, o) for o in there if answers(own, o))
        else:
            yield from ((key, s) for key in {taken(o) for o in there} if key is not None and answers(key, s))
