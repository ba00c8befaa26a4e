"""What the register is computed from: claims with the source they stand in, and the decisions made on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from safeconduct.claims import Claim, Slots, parse_edtf

Act = Literal["accept", "reject", "retract"]
Status = Literal["proposed", "accepted", "rejected", "retracted"]
STATUS: dict[Act, Status] = {"accept": "accepted", "reject": "rejected", "retract": "retracted"}


@dataclass(frozen=True, slots=True)
class Source:
    """A preserved source, as the register cites it.

    ``capture`` and ``text`` are the SHA-256 of the preserved bytes and of the text read from them; ``published`` is an
    EDTF date; ``obtained_at`` a UTC time (RFC 3339); ``language`` a BCP 47 tag.
    """

    capture: str
    text: str
    name: str
    media_type: str
    obtained_at: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None

    @property
    def id(self) -> str:
        """``s`` and 20 hexadecimal digits of the SHA-256 of the bytes."""
        return source_id(self.capture)


def source_id(capture: str) -> str:
    """The id under which people cite a capture: ``s`` and the first 20 digits of its SHA-256."""
    return "s" + capture[:20]


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's act on a claim. ``at`` is a UTC time (RFC 3339); ``id`` is the id of its record in the ledger."""

    id: str
    claim: str
    act: Act
    at: str
    by: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, the source it stands in and what reviewers decided on it."""

    claim: Claim
    source: Source
    status: Status = "proposed"
    decision: Decision | None = None
    _said_by: date | None = field(default=None, init=False, repr=False, compare=False)
    _thing: tuple[object, ...] | None = field(default=None, init=False, repr=False, compare=False)  # see ``origins.thing``

    @property
    def asserter(self) -> str:
        """Who ultimately asserts it."""
        return self.claim.attribution.asserted_by

    @property
    def denies(self) -> bool:
        """Whether it says that the thing is not so."""
        return self.claim.attribution.stance == "denies"

    @property
    def said_by(self) -> date:
        """The day by which it had certainly been said.

        The earlier of the last day that ``asserted_when`` can mean and the last day that the source's publication date
        can mean; without either, the day on which the source was obtained.
        """
        if self._said_by is None:
            day = _certainly(self.claim.asserted_when, self.source.published, self.source.obtained_at[:10])
            object.__setattr__(self, "_said_by", day)
            return day
        return self._said_by

    @property
    def said(self) -> str:
        """The date to show for it (EDTF): when it was asserted, else when the source appeared or was obtained."""
        return self.claim.asserted_when or self.source.published or self.source.obtained_at[:10]


@lru_cache(maxsize=4_096)  # the claims of a source come together
def _certainly(asserted: str | None, published: str | None, obtained: str) -> date:
    known = [d for d in (parse_edtf(text).latest for text in (asserted, published) if text) if d]
    return min(known) if known else date.fromisoformat(obtained)


_together: dict[frozenset[str], frozenset[str]] = {}  # one object for all that are equal; few countries are named together


@lru_cache(maxsize=32_768)
def named(slots: Slots) -> frozenset[str]:
    """The countries that slots name as host, scope, actor, party or origin."""
    found = {getattr(slots, slot, None) for slot in ("country", "scope", "party", "host", "origin")}
    codes = frozenset(code for code in (*found, *getattr(slots, "parties", ())) if code)
    return _together.setdefault(codes, codes)


def tombstone(withdrawn: Statement) -> dict[str, Any]:
    """What is left of a claim that was withdrawn."""
    return {
        "claim": withdrawn.claim.id, "kind": withdrawn.claim.kind, "source": withdrawn.source.id, "standing": "retracted",
        "retracted_at": withdrawn.decision.at if withdrawn.decision else None,
    }  # fmt: skip


def latest_decisions(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Claim id → the decision that stands: the latest by time, then by record id, whatever order they come in."""
    standing: dict[str, Decision] = {}
    for decision in decisions:
        old = standing.get(decision.claim)
        if old is None or (decision.at, decision.id) > (old.at, old.id):
            standing[decision.claim] = decision
    return standing


def state(claims: Iterable[tuple[Claim, Source]], decisions: Iterable[Decision]) -> list[Statement]:
    """Claims with what was decided on them, each claim once.

    Where one claim stands in several captures of the same text, the source that appeared first is cited.
    """
    standing = latest_decisions(decisions)
    found: dict[str, Statement] = {}
    for claim, source in claims:
        decision = standing.get(claim.id)
        status = STATUS[decision.act] if decision else "proposed"
        statement = Statement(claim, source, status, decision)
        old = found.get(claim.id)
        if old is None or precedence(statement) < precedence(old):
            found[claim.id] = statement
    return sorted(found.values(), key=by_day)


def by_day(s: Statement) -> tuple[date, str, int, int, str]:
    """The order in which claims are listed: by the day by which they had certainly been said, then as in their source."""
    return s.said_by, s.source.capture, s.claim.start, s.claim.end, s.claim.id


def precedence(statement: Statement) -> tuple[date, str, str]:
    """Which of several sources of one claim is cited: that which appeared first."""
    return statement.said_by, statement.source.obtained_at, statement.source.capture
