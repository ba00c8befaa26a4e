"""Where sources contradict each other. Rules version 1.

Claims are compared only where they speak of the same thing: figures with the same measure, scope, place, operator and
period; sites with the same place and operator; and so on. The relation has a type:

=================  ==================================================================================================
conflict           both cannot hold at the same time, and different asserters hold them
update             the same asserter says something else later
incomplete         an asserter names fewer than it counts
attribution_shift  the same number, but given to another asserter
impossible         a statement dated before the report that it speaks of
=================  ==================================================================================================

What agrees is no contradiction and is not listed: "more than 100" and 102, "at least two" and 2. Nothing is resolved or
overwritten: every side keeps its claims. Numbers are compared in ``counted``, reports in ``findings``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import combinations

from safeconduct.claims import (
    Agreement,
    Claim,
    Figure,
    Operator,
    Position,
    Response,
    Site,
    country_name,
    parse_edtf,
)

from .compared import Contradiction, Relation, apart, by_asserter, grouped, number_in_words, side, slots
from .counted import area, contradictory_figures, topic
from .findings import contradictory_reports
from .ladder import NO_STEP
from .origins import place_name, thing
from .statements import Statement

CONTRADICTION_RULES = "1"  # the version of these rules; a published register names it
PANDEMIC = date(2020, 1, 1)  # what existed before cannot have been set up because of it
ByKind = dict[str, list[Statement]]


def contradictions(statements: Sequence[Statement]) -> list[Contradiction]:
    """All contradictions between claims, in a stable order: by topic, type and id."""
    of: ByKind = {}
    for s in statements:
        of.setdefault(s.claim.kind, []).append(s)
    found = [
        *contradictory_figures(of),
        *contradictory_reports(of),
        *_stances(statements),
        *_sites(of.get("site", [])),
        *_closed(of),
        *_staff(of),
        *_pandemic(of),
        *_silence(of.get("response", [])),
    ]
    return sorted({c.id: c for c in found}.values(), key=lambda c: (c.topic, c.type, c.id))


def _stances(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """The same thing asserted by some and denied by others. An operator's area only has to overlap."""
    denied = grouped((_said_of(s.claim), s) for s in statements if s.denies)
    if not denied:
        return
    support = grouped((k if (k := _said_of(s.claim)) in denied else None, s) for s in statements if not s.denies)
    for about, against in denied.items():
        asserted = by_asserter(support.get(about, []))
        for denying in by_asserter(against).values():
            areas, deny, words = {_area(d.claim) for d in denying}, side(denying, "denied"), _in_words(denying[0].claim)
            for asserting in asserted.values():
                fitting = [s for s in asserting if _overlap(_area(s.claim), areas)]
                if fitting and (fitting[0].asserter != denying[0].asserter or fitting[0].asserter == "publisher"):
                    yield Contradiction("conflict", words, (side(fitting, "asserted"), deny))


def _said_of(claim: Claim) -> object:
    key = thing(claim)
    return key[:-1] if claim.kind == "operator" else key


def _area(claim: Claim) -> str:
    return claim.slots.scope if isinstance(claim.slots, Operator) else "world"


def _overlap(area: str, others: Collection[str]) -> bool:
    return area == "world" or area in others or "world" in others


def _in_words(claim: Claim) -> str:
    what = claim.slots
    if isinstance(what, Position):
        return f"what {country_name(what.party)} says of itself: {what.position.replace('_', ' ')}"
    if isinstance(what, Operator) and what.actor == "host_state":
        return "whether host states consent and help"
    if isinstance(what, Operator):
        return " ".join(filter(None, ("whether", what.actor.replace("_", " "), what.name, what.role, "stations")))
    if isinstance(what, Agreement):
        return f"{what.type.replace('_', ' ')} of {' and '.join(country_name(p) for p in what.parties)}"
    if isinstance(what, Response):
        return f"{what.action.replace('_', ' ')} by {country_name(what.country)}"
    if isinstance(what, Figure):
        return topic(what)
    return f"{claim.kind}: {', '.join(str(v) for v in what.key() if v)}"


def _sites(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """One site open for one asserter and closed for another, or opened at two times. Different operators, other sites."""

    def key(s: Statement) -> tuple[str, str, str | None] | None:
        site = slots(s, Site)
        place = place_name(site.place, site.country)
        return (site.country, place, site.operator) if place and not s.denies else None

    for (country, place, operator), group in grouped((key(s), s) for s in statements).items():
        about = f"station in {place}, {country_name(country)}"
        by_status = grouped((slots(s, Site).status, s) for s in group)
        active, closed = (
            [(claims[0].said_by, side(claims, status)) for claims in by_asserter(by_status.get(status, [])).values()]
            for status in ("active", "closed")
        )
        for one in active:
            for other in closed:
                first, second = sorted((one, other), key=lambda said: said[0])
                later = first[1].asserter == second[1].asserter and first[0] < second[0]
                kind: Relation = "update" if later else "conflict"
                yield Contradiction(kind, f"{about}: open or closed", (first[1], second[1]))
        by_opening = grouped((slots(s, Site).opened, s) for s in group) if operator else {}
        for a, b in combinations(sorted(by_opening), 2):
            if apart(a, b):
                sides = [side(by_opening[a], a), side(by_opening[b], b)]
                yield Contradiction("conflict", f"{about}, of {operator}: when it was opened", tuple(sides))


def _positions(of: ByKind, position: str) -> list[Statement]:
    """Claims in which a state itself takes a position."""
    there = [s for s in of.get("position", []) if slots(s, Position).position == position and not s.denies]
    return [s for s in there if s.asserter == f"state:{slots(s, Position).party}"]


def _closed(of: ByKind) -> Iterator[Contradiction]:
    """The accused says that stations were closed; another says in the same source that they are still open."""
    said_closed = grouped((s.source.id, s) for s in _positions(of, "claims_closed"))
    active = grouped(
        (s.source.id if s.source.id in said_closed else None, s)
        for s in (*of.get("site", []), *of.get("figure", []))
        if getattr(s.claim.slots, "status", None) == "active" and not s.denies
    )
    for source, claimed in said_closed.items():
        since = min(parse_edtf(s.said).earliest or date.min for s in claimed)
        still = [s for s in active.get(source, []) if s.asserter != claimed[0].asserter and s.said_by >= since]
        for where, claims in grouped((_where(s.claim), s) for s in still).items():
            for told in by_asserter(claims).values():
                counts = [number_in_words(s.claim.slots) for s in told if isinstance(s.claim.slots, Figure)]
                sides = side(claimed, "closed"), side(told, f"{counts[0]} still active" if counts else "still active")
                yield Contradiction("conflict", f"whether stations {area(where)} are closed", sides)


def _where(claim: Claim) -> str:
    return claim.slots.country if isinstance(claim.slots, Site) else str(getattr(claim.slots, "scope", "world"))


def _staff(of: ByKind) -> Iterator[Contradiction]:
    """Volunteers, says the accused; hired staff, say others."""
    volunteers = _positions(of, "volunteers")
    hired = [s for s in of.get("operator", []) if slots(s, Operator).actor == "hired_staff" and not s.denies]
    yield from _against(volunteers, "volunteers", hired, "hired staff", "who staffs the stations")


def _pandemic(of: ByKind) -> Iterator[Contradiction]:
    """Set up for the pandemic, says the accused; there before it, say others."""

    def older(s: Statement) -> bool:
        opened = slots(s, Site).opened
        latest = parse_edtf(opened).latest if opened else None
        return latest is not None and latest < PANDEMIC and not s.denies

    reason = _positions(of, "pandemic_measure")
    there = [s for s in of.get("site", []) if older(s)]
    about = "whether stations were set up because of the pandemic"
    yield from _against(reason, "a service of the pandemic", there, "older than the pandemic", about)


def _against(
    one: Sequence[Statement], words: str, others: Sequence[Statement], other_words: str, about: str
) -> Iterator[Contradiction]:
    """A conflict between a state's explanation and those who say what it excludes, a side for each."""
    for explained in (side(claims, words) for claims in by_asserter(one).values()):
        excluding = [side(claims, other_words) for claims in by_asserter(others).values()]
        against = [other for other in excluding if other.asserter != explained.asserter]
        if against:
            yield Contradiction("conflict", about, (explained, *against))


def _silence(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """Somebody says that a state was silent, another that it spoke or acted."""
    asserted = [s for s in statements if not s.denies]
    for (country, _), group in grouped(((slots(s, Response).country, slots(s, Response).about), s) for s in asserted).items():
        by_act = grouped((slots(s, Response).action == NO_STEP, s) for s in group)
        silent, spoke = (list(by_asserter(by_act.get(quiet, [])).values()) for quiet in (True, False))

        def apart(one: list[Statement], others: list[list[Statement]]) -> bool:
            """Whether somebody else, or another source, says otherwise."""
            return any((o[0].asserter, o[0].source.id) != (one[0].asserter, one[0].source.id) for o in others)

        sides = [side(claims, "no public response") for claims in silent if apart(claims, spoke)]
        acted = [claims for claims in spoke if apart(claims, silent)]
        sides += [side(claims, ", ".join(dict.fromkeys(_action(s) for s in claims))) for claims in acted]
        if sides and acted:
            yield Contradiction("conflict", f"whether {country_name(country)} responded", tuple(sides))


def _action(statement: Statement) -> str:
    return slots(statement, Response).action.replace("_", " ")
