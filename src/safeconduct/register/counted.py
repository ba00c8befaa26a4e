"""Contradictions between figures: who counts what differently, who counts more than it names, who is said to count."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from safeconduct.claims import Figure, Operator, Site, asserter_name, the_country

from .compared import (
    Contradiction,
    Rule,
    Side,
    by_asserter,
    first_day,
    grouped,
    meet,
    number_in_words,
    reach,
    side,
    slots,
    speaker,
)
from .origins import place_name
from .statements import Statement

FLOWS = frozenset(  # counted over a period
    ("persons_returned", "persons_targeted", "incidents", "plots", "stations_new", "origin_states")
)
KIN = ("jurisdictions", "provinces")  # measures that sources exchange for each other
NARRATED = ("publisher", "unspecified")


def area(scope: str, place: str | None = None) -> str:
    """Where, for a topic: "in Milan", "in Italy", "worldwide"."""
    where = "worldwide" if scope == "world" else f"in {the_country(scope)}"
    return f"in {place}" if place else where


def topic(figure: Figure) -> str:
    """What a figure counts, such as "number of stations in Germany"."""
    of = f" of {figure.operator}" if figure.operator else ""
    return f"number of {figure.measure.replace('_', ' ')}{of} {area(figure.scope, figure.place)}"


def _period(statement: Statement) -> str | None:
    return statement.claim.when if slots(statement, Figure).measure in FLOWS else None


def of_unknown_period(statement: Statement) -> bool:
    """Whether it is not told for which time a figure was counted: two by one asserter at once may be of two times."""
    return slots(statement, Figure).measure in FLOWS and not statement.claim.when


@dataclass
class _Told:
    """What one asserter says at a time: claims that agree, from their first day to that of the next ones that do not."""

    claims: list[Statement]
    low: float
    high: float
    since: date
    until: date = date.max

    @property
    def words(self) -> str:
        """The most exact of the numbers that agree."""
        figures = (slots(s, Figure) for s in self.claims)
        return number_in_words(min(figures, key=lambda f: reach(f)[1] - reach(f)[0]))

    @cached_property
    def side(self) -> Side:
        """As a side of a contradiction; asked for once all its claims are there."""
        return side(self.claims, self.words)


def _told(statements: Sequence[Statement]) -> list[_Told]:
    """What one asserter says of one number, one value after another. A value counts from the first day it was said,
    whoever repeats it later."""
    values: dict[tuple[float, float], list[Statement]] = {}
    for s in statements:
        values.setdefault(reach(slots(s, Figure)), []).append(s)
    told: list[_Told] = []
    for (low, high), claims in sorted(values.items(), key=lambda v: (first_day(v[1]), v[0])):
        since = first_day(claims)
        last = told[-1] if told else None
        if last and meet((last.low, last.high), (low, high)):
            last.claims += claims
            last.low, last.high = max(last.low, low), min(last.high, high)
            continue
        if last:
            last.until = since
        told.append(_Told(list(claims), low, high, since))
    return told


def _asserted(s: Statement) -> Figure | None:
    figure = s.claim.slots
    return figure if isinstance(figure, Figure) and not s.denies else None


def _number(s: Statement) -> Hashable:
    if (f := _asserted(s)) is None:
        return None
    return f.measure, f.scope, place_name(f.place, f.scope), f.operator, f.status == "closed", _period(s)


def _values(group: Sequence[Statement]) -> Iterator[Contradiction]:
    """Numbers of the same thing: updates by the same asserter, and one conflict of all who say, at the same time as somebody
    else, a number that cannot be beside that one's."""
    said = [_told(claims) for claims in by_asserter(group).values()]
    about = topic(slots(group[0], Figure))
    for told in said:
        for earlier, later in pairwise(told):
            if earlier.since < later.since:
                yield Contradiction("update", about, (earlier.side, later.side))
            elif not of_unknown_period(group[0]):
                yield Contradiction("conflict", about, (earlier.side, later.side))
    if held := sorted(_contradicted(said), key=lambda t: (t.since, t.low, t.side.asserter, t.side.claims)):
        yield Contradiction("conflict", about, tuple(t.side for t in held))


def _contradicted(said: Sequence[Sequence[_Told]]) -> Iterator[_Told]:
    """What somebody else contradicts at the same time. ``said`` holds one sequence for each asserter. Many give few different
    numbers, so it is the numbers that are compared with each other first."""
    givers: dict[tuple[float, float], list[tuple[int, _Told]]] = {}
    for who, values in enumerate(said):
        for told in values:
            givers.setdefault((told.low, told.high), []).append((who, told))
    for one, these in givers.items():
        others = [those for other, those in givers.items() if not meet(one, other)]
        yield from (a for who, a in these if any(_against(who, a, those) for those in others))


def _against(who: int, a: _Told, those: Sequence[tuple[int, _Told]]) -> bool:
    return any(who != other and max(a.since, b.since) < min(a.until, b.until) for other, b in those)


def _kin(s: Statement) -> Hashable:
    f = _asserted(s)
    return (f.scope, f.value) if f and f.measure in KIN else None


def _measures(group: Sequence[Statement]) -> Iterator[Contradiction]:
    """One number of provinces in one source, of jurisdictions in another, or a state's own number through two channels
    (its documents, its admission): the same words, another thing counted or another way to know it."""
    by_channel = grouped(((slots(s, Figure).measure, _own_channel(s)), s) for s in group)
    if len(by_channel) > 1:
        sides = [
            side(claims, f"{number_in_words(slots(claims[0], Figure))} {measure}, says {_channel(claims[0])}")
            for (measure, _), claims in sorted(by_channel.items())
        ]
        figure = slots(group[0], Figure)
        about = f"what there are {figure.value:g} of {area(figure.scope)}, and who says so"
        yield Contradiction("attribution_shift", about, tuple(sides))


def _own_channel(statement: Statement) -> str:
    """Through whom a state's own number is known; nothing for the numbers of others."""
    return ", ".join(statement.claim.attribution.via) if statement.asserter.startswith("state:") else ""


def _channel(statement: Statement) -> str:
    via = statement.claim.attribution.via
    told = asserter_name(statement.asserter, statement.source.publisher)
    return f"{told} through {asserter_name(via[0])}" if via else told


def _same_number(s: Statement) -> Hashable:
    f = _asserted(s)
    return (*f.key(), f.operator, f.status, _period(s)) if f else None


def _shifts(group: Sequence[Statement]) -> Iterator[Contradiction]:
    """The same number as a narrator's own or nobody's in one source, and somebody's in another."""
    named = [s for s in group if s.asserter not in NARRATED]
    if not named or len(named) == len(group):
        return
    places = {s.source.id for s in named}
    bare = [s for s in group if s.asserter in NARRATED and s.source.id not in places]
    if bare:
        figure = slots(group[0], Figure)
        words = number_in_words(figure)
        for who, claims in by_asserter(named).items():
            if others := [s for s in bare if speaker(s) != who]:  # a body that publishes is no other than itself
                sides = side(claims, words), side(others, words)
                yield Contradiction("attribution_shift", f"who gives the {topic(figure)}", sides)


def incomplete(of: dict[str, list[Statement]]) -> Iterator[Contradiction]:
    """An asserter counts more than it names, in one source: stations of a country, police forces behind them. A place
    with a count of its own stands for as many stations. ``of`` holds the claims of the source by kind."""
    counted = [s for s in of.get("figure", ()) if not s.denies]
    whole = [s for s in counted if not slots(s, Figure).operator and not slots(s, Figure).place]
    if not whole or not ("site" in of or "operator" in of):
        return
    placed: dict[tuple[str, str | None], float] = {}
    for s in counted:
        f = slots(s, Figure)
        if f.place and f.measure == "stations":
            at = f.scope, place_name(f.place, f.scope)
            placed[at] = max(placed.get(at, 1), float(f.value))
    for s in whole:
        figure = slots(s, Figure)
        if figure.measure == "stations" and figure.scope != "world":
            sites = [o for o in of.get("site", ()) if slots(o, Site).place and slots(o, Site).country == figure.scope]
            named = [o for o in sites if o.asserter in (s.asserter, "publisher")]
            names = {str(place_name(slots(o, Site).place, figure.scope)) for o in named}
            number = sum(placed.get((figure.scope, name), 1) for name in names)
        elif figure.measure == "jurisdictions":
            operators = [o for o in of.get("operator", ()) if slots(o, Operator).name]
            named = [o for o in operators if o.asserter in (s.asserter, "publisher")]
            names = {name[:1].upper() + name[1:] for o in named if (name := slots(o, Operator).name)}
            number = len(names)
        else:
            continue
        if named and number < reach(figure)[0]:
            words = f"{len(names)} named: {', '.join(sorted(names))}"
            sides = side([s], number_in_words(figure)), side(named, words)
            yield Contradiction("incomplete", f"{topic(figure)}: counted and named", sides)


def _scope(s: Statement) -> str:
    return slots(s, Figure).scope


FIGURE_RULES = (
    Rule(("figure",), _number, _values, one_place=True, area=_scope),
    Rule(("figure",), _kin, _measures, area=_scope),
    Rule(("figure",), _same_number, _shifts, area=_scope),
)
