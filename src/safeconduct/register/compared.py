"""What contradictions are made of: sides, and numbers and dates that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from math import inf, nextafter
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from safeconduct.claims import PUBLISHER, Figure, Slots, canonical_words, parse_edtf, sha256

from .indexed import Index, indexed
from .origins import NARRATORS, publisher_slug
from .statements import Statement

Relation = Literal["conflict", "update", "incomplete", "attribution_shift", "impossible"]


class Side(NamedTuple):
    """One side: who says it (``asserted_by`` of the claims), what in a few words, and the ids of the claims."""

    asserter: str
    value: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Contradiction:
    """Claims that speak of the same thing and do not agree. ``topic`` names the thing; the order of sides is by time."""

    type: Relation
    topic: str
    sides: tuple[Side, ...]

    @cached_property
    def id(self) -> str:
        """``x`` and 12 hexadecimal digits, the same for the same claims on the same topic."""
        return contradiction_id(self.type, self.topic, [c for side in self.sides for c in side.claims])

    def as_json(self) -> dict[str, Any]:
        """The form in which the register's JSON lists it."""
        sides = [{"asserter": s.asserter, "value": s.value, "claims": list(s.claims)} for s in self.sides]
        return {"id": self.id, "type": self.type, "topic": self.topic, "sides": sides}


def contradiction_id(relation: Relation, topic: str, claims: Iterable[str]) -> str:
    """``x`` and 12 hexadecimal digits of the SHA-256 of what it is."""
    return "x" + sha256(canonical_words([relation, topic, sorted(claims)]))[:12]


class Held(Protocol):
    """The claims of one key of a rule, held so that one that comes or goes changes little."""

    def put(self, s: Statement, /) -> None:
        """Let a claim be there."""

    def take(self, s: Statement, /) -> None:
        """Let a claim be there no longer."""

    def found(self) -> Iterable[tuple[Contradiction, frozenset[str]]]:
        """The contradictions, each with the countries that its claims name."""
        ...


@dataclass(frozen=True, eq=False)
class Rule:
    """What is compared with what: claims of one ``key`` with each other and with no others (None: with none), of some ``kinds``
    or of all (none named). ``find`` has the contradictions between those of a key, which are in order; there is none in one
    claim, nor where there is none that ``needs`` tells of. ``one_place``: those of a key name the same countries. ``hold``
    holds the claims of a key where they are many, and finds the same, with the countries that each names. ``area``: claims of
    one key agree in what it tells, so that those of one area are gone through at once and no more is held meanwhile."""

    kinds: tuple[str, ...]
    key: Callable[[Statement], Hashable]
    find: Callable[[Sequence[Statement]], Iterable[Contradiction]]
    needs: Callable[[Statement], bool] | None = None
    one_place: bool = False
    hold: Callable[[Iterable[Statement]], Held] | None = None
    area: Callable[[Statement], Hashable] | None = None

    def groups(self, statements: Sequence[Statement]) -> Iterable[Sequence[Statement]]:
        """The claims of its kinds by their keys, without those groups in which there is none that ``needs`` tells of."""
        key, needs = self.key, self.needs
        if not needs:
            areas = indexed(statements, self.area).values() if self.area else [statements]
            return (group for some in areas for group in indexed(some, key).values())
        found: Index[Hashable] = Index((k, []) for k in {key(s) for s in statements if needs(s)} if k is not None)
        if found:
            for s in statements:
                if (there := found.get(key(s))) is not None:
                    there.append(s)
        return found.values()


S = TypeVar("S", bound=Slots)
K = TypeVar("K", bound=Hashable)


def slots(statement: Statement, kind: type[S]) -> S:
    """The slots of a claim that is known to be of ``kind``.

    Raises:
        TypeError: it is of another.
    """
    found = statement.claim.slots
    if not isinstance(found, kind):
        raise TypeError(f"{statement.claim.id} is a {found.kind}, no {kind.kind}")
    return found


def side(statements: Iterable[Statement], value: str) -> Side:
    """A side from the claims that make it; the asserters are named by the first claim."""
    found = list(statements)
    ids = tuple(dict.fromkeys(s.claim.id for s in found))
    return Side(found[0].asserter, value, ids)


def first_day(statements: Iterable[Statement]) -> date:
    """The first day by which any of the claims had certainly been said."""
    return min(s.said_by for s in statements)


def by_asserter(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Claims grouped by who asserts them."""
    found: dict[str, list[Statement]] = {}
    for s in statements:
        found.setdefault(speaker(s), []).append(s)
    return found


def speaker(s: Statement) -> str:
    """Who asserts a claim: a body by its name. A narrator is the publisher, who can be such a body; without one, it is another
    in every source, and so is nobody in particular."""
    who = s.asserter
    if who in NARRATORS:
        name = publisher_slug(s.source.publisher) if who == PUBLISHER and s.source.publisher else ""
        return name or f"{who} {s.source.id}"
    return who.partition(":")[2] if who.startswith(("org:", "media:")) else who


def grouped(pairs: Iterable[tuple[K | None, Statement]]) -> dict[K, list[Statement]]:
    """Claims by a key; those with the key None are left out."""
    found: dict[K, list[Statement]] = {}
    for key, statement in pairs:
        if key is not None:
            found.setdefault(key, []).append(statement)
    return found


APPROXIMATE = 0.1  # "about 100" may mean a tenth more or less

QUALIFIERS = {  # in words, before the number; an exact one needs none
    "at_least": "at least", "more_than": "more than", "approx": "about", "up_to": "up to", "less_than": "fewer than",
}  # fmt: skip


def reach(figure: Figure) -> tuple[float, float]:
    """The lowest and the highest number that a figure can mean."""
    return number_reach(float(figure.value), figure.qualifier)


@lru_cache(maxsize=65_536)
def number_reach(v: float, qualifier: str) -> tuple[float, float]:
    """The lowest and the highest number that ``v`` with a qualifier of the codebook can mean."""
    return {
        "exact": (v, v),
        "at_least": (v, inf),
        "more_than": (nextafter(v, inf), inf),
        "approx": (v * (1 - APPROXIMATE), v * (1 + APPROXIMATE)),
        "up_to": (0, v),
        "less_than": (0, nextafter(v, -inf)),
    }[qualifier]


def meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two reaches can mean the same number."""
    return one[0] <= other[1] and other[0] <= one[1]


def number_in_words(figure: Figure) -> str:
    """Such as "more than 100"."""
    value = int(figure.value) if float(figure.value).is_integer() else figure.value
    return f"{QUALIFIERS.get(figure.qualifier, '')} {value:,}".lstrip()


def apart(one: str | None, other: str | None) -> bool:
    """Whether two EDTF dates cannot mean the same day."""
    if not one or not other:
        return False
    a, b = parse_edtf(one), parse_edtf(other)
    if a.latest and b.earliest and a.latest < b.earliest:
        return True
    return bool(b.latest and a.earliest and b.latest < a.earliest)
