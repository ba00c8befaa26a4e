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

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from safeconduct.claims import (
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
    speaker,
)
from .counted import FIGURE_RULES, area, incomplete, topic
from .findings import author_of, contradictory_reports
from .held import Excluding, Placed, Speakers, holding, one_conflict, placed
from .indexed import ByKind, indexed, order
from .ladder import NO_STEP
from .origins import place_name, thing
from .statements import Statement

CONTRADICTION_RULES = "1"  # the version of these rules; a published register names it
Sided = tuple[Sequence[Statement], str]  # the claims of a side, and its value
Sort = Callable[[Iterable[tuple[tuple[str, ...], dict[str, Any]]]], Iterator[dict[str, Any]]]  # by keys; the last of one key
PANDEMIC = date(2020, 1, 1)  # what existed before cannot have been set up because of it


def contradictions(statements: Iterable[Statement]) -> list[Contradiction]:
    """All contradictions between claims, which are in order; in a stable order: by topic, type and id."""
    claims = ByKind(statements)
    return sorted({c.id: c for rule in RULES for c in _found(claims, rule)}.values(), key=place)


def keyed(claims: ByKind, rule: Rule) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The same by one rule as JSON objects with their places, as they are found; some may come twice."""
    return ((place(c), c.as_json()) for c in _found(claims, rule))


def held(found: Iterable[tuple[tuple[str, ...], dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """JSON objects in the order of their keys, of those with one key the last; all are held meanwhile."""
    there = dict(found)
    return (there[key] for key in sorted(there))


def _found(claims: ByKind, rule: Rule) -> Iterator[Contradiction]:
    for group in rule.groups(claims.of(rule.kinds)):
        if len(group) > 1:
            yield from rule.find(group)


def place(contradiction: Contradiction) -> tuple[str, str, str]:
    """Where a contradiction stands among all."""
    return contradiction.topic, contradiction.type, contradiction.id


def _by_kind(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    return indexed(statements, lambda s: s.claim.slots.kind)


class Stances:
    """The same thing asserted by some and denied by others: one conflict, with a side for each of them. An operator's area
    only has to overlap."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        """``statements`` are in order."""
        denied: list[Statement] = []
        asserted: list[Statement] = []
        for s in statements:
            (denied if s.denies else asserted).append(s)
        self._halves = Speakers(asserted, partial(Stance, "asserted")), Speakers(denied, partial(Stance, "denied"))

    def put(self, s: Statement) -> None:
        """Let a claim be there."""
        self._halves[s.denies].put(s)

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer."""
        self._halves[s.denies].take(s)

    def found(self) -> Iterator[tuple[Contradiction, frozenset[str]]]:
        """The conflict, if there is one."""
        asserted, denied = (half.made for half in self._halves)
        if asserted and denied and (sides := [*_against(asserted, denied), *_against(denied, asserted)]):
            yield one_conflict(_in_words(denied[0].said[0].claim), sorted(sides, key=lambda p: p.first))


class Stance:
    """What one of them says of the thing, and of which areas."""

    def __init__(self, value: str, said: Sequence[Statement]) -> None:
        self.who, self.areas = speaker(said[0]), frozenset(_area(s.claim) for s in said)
        self.said, self._value = said, value
        self._fitting: tuple[frozenset[str], Placed | None] = frozenset(), None

    def against(self, areas: frozenset[str]) -> Placed | None:
        """The side that speaks of these areas."""
        if self._fitting[0] != areas:
            fitting = [s for s in self.said if _overlap(_area(s.claim), areas)]
            self._fitting = areas, placed(fitting, self._value) if fitting else None
        return self._fitting[1]


def _against(some: Iterable[Stance], others: Iterable[Stance]) -> Iterator[Placed]:
    """A side for each of ``some`` whom one of the others contradicts."""
    speak: dict[str, set[str]] = {}  # by area
    for other in others:
        for there in other.areas:
            speak.setdefault(there, set()).add(other.who)
    alone: dict[str, set[str]] = {}  # areas of which nobody else speaks
    for there, names in speak.items():
        if len(names) == 1:
            alone.setdefault(next(iter(names)), set()).add(there)
    everywhere = frozenset(speak)
    for stance in some:
        own = alone.get(stance.who)
        if side := stance.against(everywhere - own if own else everywhere):
            yield side


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
    return s.source.capture


def _shelf(s: Statement) -> str:
    return s.source.capture[:1]


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
        for theirs in by_asserter(claims).values():
            counts = [number_in_words(s.claim.slots) for s in theirs if isinstance(s.claim.slots, Figure)]
            sides = side(claimed, "closed"), side(theirs, f"{counts[0]} still active" if counts else "still active")
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


class Silence:
    """Somebody says that a state was silent, another that it spoke or acted."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        """``statements`` are in order."""
        by_act = grouped((_is_silent(s), s) for s in statements)
        self._silent = Speakers(by_act.get(True, ()), lambda said: (_voice(said), placed(said, "no public response")))
        self._spoke = Speakers(by_act.get(False, ()), lambda said: (_voice(said), placed(said, _acts(said))))

    def put(self, s: Statement) -> None:
        """Let a claim be there."""
        (self._silent if _is_silent(s) else self._spoke).put(s)

    def take(self, s: Statement) -> None:
        """Let a claim be there no longer."""
        (self._silent if _is_silent(s) else self._spoke).take(s)

    def found(self) -> Iterator[tuple[Contradiction, frozenset[str]]]:
        """The conflict, if there is one."""
        silent, spoke = dict(self._silent.made), dict(self._spoke.made)
        sides = [*_of_others(silent, spoke), *_of_others(spoke, silent)]
        if sides:
            (first, *_), *_ = self._silent.said.values()
            yield one_conflict(f"whether {the_country(slots(first, Response).country)} responded", sides)


def _voice(said: Sequence[Statement]) -> tuple[str, str]:
    """Who says something, and in which source first: in another one it may have been told otherwise."""
    return said[0].asserter, said[0].source.capture


def _of_others(sides: Mapping[tuple[str, str], Placed], others: Mapping[tuple[str, str], Placed]) -> list[Placed]:
    """The sides of those whom another voice contradicts."""
    return [p for who, p in sides.items() if len(others) > 1 or (others and who not in others)]


def _is_silent(s: Statement) -> bool:
    return slots(s, Response).action == NO_STEP


def _acts(said: Sequence[Statement]) -> str:
    return ", ".join(dict.fromkeys(slots(s, Response).action for s in said)).replace("_", " ")


STAFF = partial(Excluding, about="who staffs the stations", explanation="volunteers", excluding="hired staff")
PURPOSE = partial(
    Excluding, about="whether stations were set up because of the pandemic", explanation="a service of the pandemic",
    excluding="older than the pandemic",
)  # fmt: skip
NUMBERS = ("figure", "operator")  # kinds of which how many and whose stations are told; compared with hardly any other
DEALINGS = ("agreement", "incident", "recommendation")  # kinds compared with no other
NUMBER_RULES = (
    *FIGURE_RULES,
    holding(NUMBERS, _said_of, Stances, lambda s: s.denies),
    holding(("operator", "position"), _of_staff, STAFF, lambda s: s.claim.kind == "position"),
)
DEALING_RULES = (holding(DEALINGS, _said_of, Stances, lambda s: s.denies),)
OTHER_RULES = (
    Rule((), author_of, contradictory_reports, lambda s: s.claim.kind == "report"),
    Rule(("figure", "site", "operator", "position"), _in_one_source, _source, area=_shelf),
    holding(("site", "response", "position", "report"), _said_of, Stances, lambda s: s.denies),
    Rule(("site",), _site, _sites, lambda s: slots(s, Site).status == "closed" or bool(slots(s, Site).opened), one_place=True),
    holding(("site", "position"), _of_pandemic, PURPOSE, lambda s: s.claim.kind == "position"),
    holding(("response",), _answered, Silence, _is_silent),
)
RULES = (*NUMBER_RULES, *DEALING_RULES, *OTHER_RULES)
