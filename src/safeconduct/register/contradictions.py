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

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from safeconduct.claims import (
    PUBLISHER,
    Agreement,
    Claim,
    Figure,
    Operator,
    Position,
    Response,
    Site,
    parse_edtf,
    the_country,
)

from .compared import (
    Contradiction,
    Relation,
    Rule,
    Side,
    apart,
    by_asserter,
    grouped,
    number_in_words,
    side,
    slots,
)
from .counted import FIGURE_RULES, area, incomplete, topic
from .explained import explanation
from .findings import author_of, contradictory_reports
from .indexed import indexed, order
from .ladder import NO_STEP
from .origins import place_name, thing
from .statements import Statement

CONTRADICTION_RULES = "1"  # the version of these rules; a published register names it
Sided = tuple[Sequence[Statement], str]  # the claims of a side, and its value
Sort = Callable[[Iterable[tuple[tuple[str, ...], dict[str, Any]]]], Iterator[dict[str, Any]]]  # by keys; the last of one key
PANDEMIC = date(2020, 1, 1)  # what existed before cannot have been set up because of it
BECAUSE_OF_PANDEMIC = "whether stations were set up because of the pandemic"


def contradictions(statements: Iterable[Statement]) -> list[Contradiction]:
    """All contradictions between claims, which are in order; in a stable order: by topic, type and id."""
    return sorted({c.id: c for c in _found(statements)}.values(), key=place)


def keyed(statements: Iterable[Statement]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The same as JSON objects with their places, as they are found; some may come twice."""
    return ((place(c), c.as_json()) for c in _found(statements))


def held(found: Iterable[tuple[tuple[str, ...], dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """JSON objects in the order of their keys, of those with one key the last; all are held meanwhile."""
    there = dict(found)
    return (there[key] for key in sorted(there))


def _found(statements: Iterable[Statement]) -> Iterator[Contradiction]:
    there = list(statements)
    of = _by_kind(there)
    for rule in RULES:
        some = of.get(rule.kind, ()) if rule.kind else there
        for group in indexed(some, rule.key_where_needed(some)).values():
            if len(group) > 1:
                yield from rule.find(group)


def place(contradiction: Contradiction) -> tuple[str, str, str]:
    """Where a contradiction stands among all."""
    return contradiction.topic, contradiction.type, contradiction.id


def _by_kind(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    return indexed(statements, lambda s: s.claim.kind)


def _stances(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """The same thing asserted by some and denied by others: one conflict, with a side for each of them. An operator's area
    only has to overlap."""
    denied, asserted = [s for s in statements if s.denies], [s for s in statements if not s.denies]
    sides = [*_against(asserted, denied, "asserted"), *_against(denied, asserted, "denied")]
    if sides:
        yield Contradiction("conflict", _in_words(denied[0].claim), _in_order(sides))


def _against(some: Sequence[Statement], others: Sequence[Statement], value: str) -> Iterator[Sided]:
    """Each who says ``some`` and whom one of the ``others`` contradicts. The narrators of two sources are two, and of one
    source can contradict themselves."""
    areas: dict[str, set[str]] = {}
    for s in others:
        areas.setdefault(s.asserter, set()).add(_area(s.claim))
    everywhere = set().union(*areas.values())
    for claims in by_asserter(some).values():
        who = claims[0].asserter
        own = who in areas and who != PUBLISHER
        where = set().union(*(there for other, there in areas.items() if other != who)) if own else everywhere
        if fitting := [s for s in claims if _overlap(_area(s.claim), where)]:
            yield fitting, value


def _in_order(sides: Iterable[Sided]) -> tuple[Side, ...]:
    """Sides by the first of their claims."""
    return tuple(side(claims, value) for claims, value in sorted(sides, key=lambda s: order(s[0][0])))


def _said_of(s: Statement) -> Hashable:
    key = thing(s)
    return key[:-1] if s.claim.kind == "operator" else key


def _area(claim: Claim) -> str:
    return claim.slots.scope if isinstance(claim.slots, Operator) else "world"


def _overlap(area: str, others: Collection[str]) -> bool:
    return bool(others) and (area == "world" or area in others or "world" in others)


def _in_words(claim: Claim) -> str:
    what = claim.slots
    if isinstance(what, Position):
        return f"what {the_country(what.party)} says of itself: {what.position.replace('_', ' ')}"
    if isinstance(what, Operator) and what.actor == "host_state":
        return "whether host states consent and help"
    if isinstance(what, Operator):
        return " ".join(filter(None, ("whether", what.actor.replace("_", " "), what.name, what.role, "stations")))
    if isinstance(what, Agreement):
        return f"{what.type.replace('_', ' ')} of {' and '.join(the_country(p) for p in what.parties)}"
    if isinstance(what, Response):
        return f"{what.action.replace('_', ' ')} by {the_country(what.country)}"
    if isinstance(what, Figure):
        return topic(what)
    return f"{claim.kind}: {', '.join(str(v) for v in what.key() if v)}"


def _site(s: Statement) -> tuple[str, str, str | None] | None:
    site = s.claim.slots
    if s.claim.attribution.stance == "denies" or not isinstance(site, Site) or not site.place:
        return None
    return site.country, place_name(site.place, site.country) or site.place, site.operator


def _sites(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """One site open for some and closed for others, or opened at several times: one conflict each, with a side for each of
    them. Who says both has changed its words. Different operators, other sites."""
    site = slots(statements[0], Site)
    place, operator = place_name(site.place, site.country), site.operator
    about = f"station in {place}, {the_country(site.country)}"
    by_status = grouped((slots(s, Site).status, s) for s in statements)
    active, closed = (by_asserter(by_status.get(status, [])) for status in ("active", "closed"))
    for who in active:
        if who in closed:
            both = (active[who], "active"), (closed[who], "closed")
            kind: Relation = "update" if active[who][0].said_by != closed[who][0].said_by else "conflict"
            yield Contradiction(kind, f"{about}: open or closed", _in_order(both))
    sides = [(said, "active") for who, said in active.items() if closed.keys() - {who}]
    sides += [(said, "closed") for who, said in closed.items() if active.keys() - {who}]
    if sides:
        yield Contradiction("conflict", f"{about}: open or closed", _in_order(sides))
    by_opening = grouped((slots(s, Site).opened, s) for s in statements) if operator else {}
    if opened := [day for day in sorted(by_opening) if any(apart(day, other) for other in by_opening)]:
        sides = [(by_opening[day], day) for day in opened]
        yield Contradiction("conflict", f"{about}, of {operator}: when it was opened", _in_order(sides))


def _takes(s: Statement, position: str) -> bool:
    """Whether a state itself takes a position."""
    taken = s.claim.slots
    return isinstance(taken, Position) and taken.position == position and not s.denies and s.asserter == f"state:{taken.party}"


def _in_one_source(s: Statement) -> Hashable:
    return s.source.id if isinstance(s.claim.slots, Position | Site | Figure | Operator) else None


def _source(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """What only one source can contradict of itself."""
    of = _by_kind(statements)
    yield from incomplete(of)
    yield from _closed(of)


def _closed(of: dict[str, list[Statement]]) -> Iterator[Contradiction]:
    """The accused says that stations were closed; another says in the same source that they are still open."""
    claimed = [s for s in of.get("position", ()) if _takes(s, "claims_closed")]
    if not claimed:
        return
    since = min(parse_edtf(s.said).earliest or date.min for s in claimed)
    still = [
        s for s in (*of.get("site", ()), *of.get("figure", ()))
        if getattr(s.claim.slots, "status", None) == "active" and not s.denies
        and s.asserter != claimed[0].asserter and s.said_by >= since
    ]  # fmt: skip
    for where, claims in grouped((_where(s.claim), s) for s in still).items():
        for told in by_asserter(claims).values():
            counts = [number_in_words(s.claim.slots) for s in told if isinstance(s.claim.slots, Figure)]
            sides = side(claimed, "closed"), side(told, f"{counts[0]} still active" if counts else "still active")
            yield Contradiction("conflict", f"whether stations {area(where)} are closed", sides)


def _where(claim: Claim) -> str:
    return claim.slots.country if isinstance(claim.slots, Site) else str(getattr(claim.slots, "scope", "world"))


def _of_staff(s: Statement) -> Hashable:
    """Volunteers, says the accused; hired staff, say others."""
    hired = isinstance(s.claim.slots, Operator) and s.claim.slots.actor == "hired_staff" and not s.denies
    return "staff" if hired or _takes(s, "volunteers") else None


def _of_pandemic(s: Statement) -> Hashable:
    """Set up for the pandemic, says the accused; there before it, say others."""
    opened = s.claim.slots.opened if isinstance(s.claim.slots, Site) and not s.denies else None
    latest = parse_edtf(opened).latest if opened else None
    return "pandemic" if (latest and latest < PANDEMIC) or _takes(s, "pandemic_measure") else None


def _answered(s: Statement) -> Hashable:
    act = s.claim.slots
    return (act.country, act.about) if isinstance(act, Response) and not s.denies else None


def _silence(statements: Sequence[Statement]) -> Iterator[Contradiction]:
    """Somebody says that a state was silent, another that it spoke or acted."""
    by_act = grouped((slots(s, Response).action == NO_STEP, s) for s in statements)
    if len(by_act) < 2:
        return
    silent, spoke = ({_voice(said): said for said in by_asserter(by_act[quiet]).values()} for quiet in (True, False))
    sides = [side(claims, "no public response") for who, claims in silent.items() if spoke.keys() != {who}]
    acted = [claims for who, claims in spoke.items() if silent.keys() != {who}]
    for claims in acted:
        actions = ", ".join(dict.fromkeys(slots(s, Response).action for s in claims))
        sides.append(side(claims, actions.replace("_", " ")))
    if sides and acted:
        country = slots(statements[0], Response).country
        yield Contradiction("conflict", f"whether {the_country(country)} responded", tuple(sides))


def _voice(said: Sequence[Statement]) -> tuple[str, str]:
    """Who says something, and in which source first: in another one it may have been told otherwise."""
    return said[0].asserter, said[0].source.capture


RULES = (
    *FIGURE_RULES,
    Rule(None, author_of, contradictory_reports, lambda s: s.claim.kind == "report"),
    Rule(None, _in_one_source, _source),
    Rule(None, _said_of, _stances, lambda s: s.denies),
    Rule("site", _site, _sites, lambda s: slots(s, Site).status == "closed" or bool(slots(s, Site).opened), one_place=True),
    explanation(_of_staff, "who staffs the stations", "volunteers", "hired staff"),
    explanation(_of_pandemic, BECAUSE_OF_PANDEMIC, "a service of the pandemic", "older than the pandemic"),
    Rule("response", _answered, _silence, lambda s: slots(s, Response).action == NO_STEP, one_place=True),
)
