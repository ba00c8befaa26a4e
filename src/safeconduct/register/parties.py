"""Who takes part in what a register tells: bodies that assert something, and states that are accused.

Judging one thing asks for them over all claims, whichever claims are held beside the thing's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from safeconduct.claims import Incident, Response

from .origins import NARRATORS
from .statements import Statement


class Parties:
    """``bodies`` that assert something, ``accused`` states, and those that responses are about (``answering``), each by how
    many claims."""

    def __init__(self, statements: Iterable[Statement] = (), same: Mapping[str, str] | None = None) -> None:
        """``same`` maps bodies to the one that reviewers linked them with."""
        self._same = same or {}
        self.bodies: Counter[str] = Counter()
        self.accused: Counter[str] = Counter()
        self.answering: Counter[str] = Counter()
        for s in statements:
            for counter, name in self.named_by(s):
                counter[name] += 1

    @classmethod
    def from_json(cls, told: Mapping[str, Mapping[str, int]]) -> Parties:
        """What ``as_json`` gave."""
        parties = cls()
        for name, counted in told.items():
            getattr(parties, name).update(counted)
        return parties

    def as_json(self) -> dict[str, dict[str, int]]:
        """All of them."""
        return {name: dict(getattr(self, name)) for name in ("bodies", "accused", "answering")}

    def count(self, s: Statement, one: int) -> None:
        """Let a claim count (1) or count no longer (-1)."""
        for counter, name in self.named_by(s):
            counter[name] += one
            if not counter[name]:
                del counter[name]

    def named_by(self, s: Statement) -> Iterator[tuple[Counter[str], str]]:
        """What is counted of a claim: its body, and the states that it accuses."""
        slots, by = s.claim.slots, s.claim.attribution.asserted_by
        if by not in NARRATORS:
            yield self.bodies, self._same.get(by, by)
        if isinstance(slots, Response):
            yield self.answering, slots.about
            if not s.denies:
                yield self.accused, slots.about
        elif isinstance(slots, Incident) and slots.origin:
            yield self.accused, slots.origin

    @property
    def most_accused(self) -> str:
        """The accused state that most responses are about."""
        return min(self.answering.items(), key=lambda a: (-a[1], a[0]), default=("CN", 0))[0]
