"""Which claims count in a register, which were withdrawn, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .indexed import order
from .statements import Statement


class Counting:
    """The claims of a register as of one date: ``statements`` that count and ``retracted`` ones, both in order."""

    def __init__(self, statements: Iterable[Statement], as_of: date, *, include_proposed: bool = False) -> None:
        """Kept are accepted claims, with ``include_proposed`` also those nobody decided on, that had been said by ``as_of``."""
        self.as_of, self.include_proposed = as_of, include_proposed
        self.statements: list[Statement] = []
        self.retracted: list[Statement] = []
        days: dict[date, list[Statement]] = {}  # sorted day by day: the keys of all at once would be as large as the claims
        for s in statements:
            days.setdefault(s.said_by, []).append(s)
        for day in sorted(days):
            for s in sorted(days.pop(day), key=order):
                there = self.list_of(s)
                if there is not None and not (there and there[-1].claim.id == s.claim.id):  # a claim counts once
                    there.append(s)

    def list_of(self, s: Statement) -> list[Statement] | None:
        """Where a claim belongs: among those that count, among those withdrawn, or nowhere."""
        if s.said_by > self.as_of:
            return None
        if s.status == "retracted":
            return self.retracted
        return self.statements if s.status == "accepted" or (self.include_proposed and s.status == "proposed") else None
