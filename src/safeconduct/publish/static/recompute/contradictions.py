"""Contradictions, rules version 1: claims of one thing that cannot both hold, and how one asserter's words changed.

Every rule yields the type, what the claims speak of, and sides: who asserts it, and the claims. Claims come in the order in
which they had certainly been said (``Claim.order``), and so do those of a side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import inf, nextafter
from typing import Any

from datasets import NARRATED, Claim, Register, apart, slugify, span

Side = tuple[str, tuple[str, ...]]
Found = tuple[str, Any, list[list[Claim]]]  # type, what it is about, the claims of each side
FLOWS = ("persons_returned", "persons_targeted", "incidents", "plots", "stations_new", "origin_states")  # counted over a period
KIN = ("jurisdictions", "provinces")  # sources take one for the other
NEAR = 2500  # characters behind a report's mention in which its findings are looked for
PANDEMIC = "2020-01-01"


def contradictions(register: Register) -> list[tuple[str, tuple[Side, ...]]]:
    """All of them, each once: its type and its sides."""
    rules = (values, channels, shifts, incomplete, stances, sites, closed, volunteers, pandemic, silence, report_dates,
             too_early)  # fmt: skip
    once = {}
    for rule in rules:
        for kind, about, sides in rule(register):
            shown = tuple((side[0].who, tuple(dict.fromkeys(c.id for c in side))) for side in sides)
            once[kind, rule, about, tuple(sorted(c for _, claims in shown for c in claims))] = kind, shown
    return list(once.values())


def of(register: Register, kind: str, denied: bool = False) -> list[Claim]:
    return [c for c in register.claims if c.kind == kind and (denied or not c.denies)]


def grouped(claims: Iterable[Claim], key: Callable[[Claim], Any]) -> dict[Any, list[Claim]]:
    """Claims by a key; those whose key is None are left out."""
    found: dict[Any, list[Claim]] = defaultdict(list)
    for c in claims:
        if (k := key(c)) is not None:
            found[k].append(c)
    return found


def speaker(c: Claim) -> str:
    """Who asserts a claim: a body by its name. A narrator is the publisher; without one, another in every source."""
    if c.who in NARRATED:
        name = slugify(c.source["publisher"]) if c.who == "publisher" else ""
        return name or f"{c.who} {c.source['id']}"
    return c.who.partition(":")[2] if c.who.startswith(("org:", "media:")) else c.who


def by_asserter(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Claims of each asserter."""
    return list(grouped(claims, speaker).values())


# Numbers


def reach(c: Claim) -> tuple[float, float]:
    """The lowest and the highest number that a figure can mean; about 100 may be a tenth less or more."""
    v = float(c.slots["value"])
    return {"exact": (v, v), "at_least": (v, inf), "more_than": (nextafter(v, inf), inf), "approx": (v * 0.9, v * 1.1),
            "up_to": (0.0, v), "less_than": (0.0, nextafter(v, -inf))}[c.slots["qualifier"]]  # fmt: skip


def period(c: Claim) -> str | None:
    return c.when if c.slots["measure"] in FLOWS else None


class Told:
    """What one asserter says of a number at a time: claims that agree, from the first day to that of the next that do not."""

    def __init__(self, claims: list[Claim], low: float, high: float, since: str) -> None:
        self.claims, self.low, self.high, self.since, self.until = claims, low, high, since, "9999-12-31"


def told(claims: list[Claim]) -> list[Told]:
    """One value after another, each from the first day it was said, whoever repeats it later."""
    found: list[Told] = []
    numbers = [(min(c.said_by for c in some), at, some) for at, some in grouped(claims, reach).items()]
    for since, (low, high), some in sorted(numbers, key=lambda n: n[:2]):
        if found and low <= found[-1].high and found[-1].low <= high:
            last = found[-1]
            last.claims, last.low, last.high = [*last.claims, *some], max(last.low, low), min(last.high, high)
            continue
        if found:
            found[-1].until = since
        found.append(Told(list(some), low, high, since))
    return found


def values(register: Register) -> Iterator[Found]:
    """An asserter's next number that does not agree is an update. Those who tell, at the same time, numbers that cannot both
    be make one conflict, with a side for each."""

    def key(c: Claim) -> Any:
        s = c.slots
        return s["measure"], s["scope"], register.place(c), s.get("operator"), s.get("status") == "closed", period(c)

    for about, group in grouped(of(register, "figure"), key).items():
        said = [told(claims) for claims in by_asserter(group)]
        for one in said:
            for a, b in pairwise(one):
                if a.since < b.since:
                    yield "update", about, [a.claims, b.claims]
                elif group[0].slots["measure"] not in FLOWS or group[0].when:  # else they may be of two times
                    yield "conflict", about, [a.claims, b.claims]
        held = [
            t for who, one in enumerate(said) for t in one
            if any(at_odds(t, u) for other, those in enumerate(said) if other != who for u in those)
        ]  # fmt: skip
        if held:
            held.sort(key=lambda t: (t.since, t.low, t.claims[0].who, [c.id for c in t.claims]))
            yield "conflict", about, [t.claims for t in held]


def at_odds(one: Told, other: Told) -> bool:
    """Whether two numbers that cannot both be are told at the same time."""
    return (one.high < other.low or other.high < one.low) and max(one.since, other.since) < min(one.until, other.until)


def channels(register: Register) -> Iterator[Found]:
    """One number, of jurisdictions here and of provinces there, or a state's own through two channels."""
    kin = [c for c in of(register, "figure") if c.slots["measure"] in KIN]
    for about, group in grouped(kin, lambda c: (c.slots["scope"], float(c.slots["value"]))).items():
        ways = grouped(group, lambda c: (c.slots["measure"], ", ".join(c.via) if c.who.startswith("state:") else ""))
        if len(ways) > 1:
            yield "attribution_shift", about, [claims for _, claims in sorted(ways.items(), key=lambda w: w[0])]


def shifts(register: Register) -> Iterator[Found]:
    """The same number is a narrator's own or nobody's in one source, and somebody's in others."""

    def key(c: Claim) -> Any:
        s = c.slots
        exactly = s["measure"], float(s["value"]), s["qualifier"], s["scope"], s.get("place")
        return *exactly, s.get("operator"), s.get("status"), period(c)

    for about, group in grouped(of(register, "figure"), key).items():
        named = [c for c in group if c.who not in NARRATED]
        there = {c.source["id"] for c in named}
        bare = [c for c in group if c.who in NARRATED and c.source["id"] not in there]
        for claims in by_asserter(named):
            if others := [c for c in bare if speaker(c) != speaker(claims[0])]:
                yield "attribution_shift", about, [claims, others]


def incomplete(register: Register) -> Iterator[Found]:
    """An asserter counts more stations of a country, or more police forces, than it and the narrator name in the source. A
    place with a count of its own stands for as many stations."""
    named_sites = grouped((c for c in of(register, "site", True) if c.slots.get("place")),
                          lambda c: (c.source["id"], c.slots["country"]))  # fmt: skip
    named_forces = grouped((c for c in of(register, "operator", True) if c.slots.get("name")), lambda c: c.source["id"])
    counted: dict[Any, float] = {}
    for c in of(register, "figure"):
        if c.slots["measure"] == "stations" and c.slots.get("place"):
            at = c.source["id"], c.slots["scope"], register.place(c)
            counted[at] = max(counted.get(at, 1), float(c.slots["value"]))
    for c in of(register, "figure"):
        measure, scope = c.slots["measure"], c.slots["scope"]
        if c.slots.get("operator") or c.slots.get("place"):
            continue
        if measure == "stations" and scope != "world":
            named = [o for o in named_sites.get((c.source["id"], scope), ()) if o.who in (c.who, "publisher")]
            number = sum(counted.get((c.source["id"], scope, place), 1) for place in {register.place(o) for o in named})
        elif measure == "jurisdictions":
            named = [o for o in named_forces.get(c.source["id"], ()) if o.who in (c.who, "publisher")]
            number = len({o.slots["name"] for o in named})
        else:
            continue
        if named and number < reach(c)[0]:
            yield "incomplete", (measure, scope, c.id), [[c], named]


# Words


def stances(register: Register) -> Iterator[Found]:
    """Some assert what others deny, in one conflict with a side for each of them; of operators the areas have to overlap."""
    support = grouped((c for c in register.claims if not c.denies), register.topic)
    for about, denied in grouped((c for c in register.claims if c.denies), register.topic).items():
        asserted = support.get(about, [])
        sides = [*contradicted(asserted, denied), *contradicted(denied, asserted)]
        if sides:
            yield "conflict", about, in_order(sides)


def contradicted(some: Sequence[Claim], others: Sequence[Claim]) -> Iterator[list[Claim]]:
    """What each says that somebody else contradicts."""
    for claims in by_asserter(some):
        against = [c for c in others if speaker(c) != speaker(claims[0])]
        areas = {c.slots.get("scope") for c in against}
        fitting = [c for c in claims if against and (c.kind != "operator" or c.slots["scope"] in areas
                   or "world" in (c.slots["scope"], *areas))]  # fmt: skip
        if fitting:
            yield fitting


def in_order(sides: Iterable[list[Claim]]) -> list[list[Claim]]:
    return sorted(sides, key=lambda claims: claims[0].order)


def sites(register: Register) -> Iterator[Found]:
    """A station of one force in one city is open for some and closed for others, or was opened at several times; who says
    both has changed its words."""

    def key(c: Claim) -> Any:
        place = register.place(c)
        return (c.slots["country"], place, c.slots.get("operator")) if place else None

    for about, group in grouped(of(register, "site"), key).items():
        active, shut = (
            {speaker(claims[0]): claims for claims in by_asserter(c for c in group if c.slots["status"] == status)}
            for status in ("active", "closed")
        )
        for who in active.keys() & shut.keys():
            changed = active[who][0].said_by != shut[who][0].said_by
            yield "update" if changed else "conflict", (*about, "status"), in_order((active[who], shut[who]))
        sides = [one for who, one in active.items() if shut.keys() - {who}]
        sides += [one for who, one in shut.items() if active.keys() - {who}]
        if sides:
            yield "conflict", (*about, "status"), in_order(sides)
        opened = grouped(group, lambda c: c.slots.get("opened")) if about[2] else {}
        sides = [opened[a] for a in sorted(opened) if any(apart(a, b) for b in opened)]
        if sides:
            yield "conflict", (*about, "opened"), in_order(sides)


def own_words(register: Register, position: str) -> list[Claim]:
    """Claims in which a state itself takes a position."""
    taken = [c for c in of(register, "position") if c.slots["position"] == position]
    return [c for c in taken if c.who == f"state:{c.slots['party']}"]


def closed(register: Register) -> Iterator[Found]:
    """The accused says that stations were closed; in the same source another says, no earlier, that they are still open."""
    active = [c for kind in ("site", "figure") for c in of(register, kind) if c.slots.get("status") == "active"]
    for source, claimed in grouped(own_words(register, "claims_closed"), lambda c: c.source["id"]).items():
        since = min(span(c.said)[0] for c in claimed)
        still = [c for c in active if c.source["id"] == source and c.who != claimed[0].who and c.said_by >= since]
        for where, claims in grouped(still, lambda c: c.slots.get("country") or c.slots.get("scope")).items():
            for one in by_asserter(claims):
                yield "conflict", where, [claimed, one]


def volunteers(register: Register) -> Iterator[Found]:
    """Volunteers, says the accused; hired staff, say others."""
    hired = [c for c in of(register, "operator") if c.slots["actor"] == "hired_staff"]
    yield from excluded(own_words(register, "volunteers"), hired)


def pandemic(register: Register) -> Iterator[Found]:
    """Set up for the pandemic, says the accused; there before it, say others."""
    older = [c for c in of(register, "site") if "" < span(c.slots.get("opened"))[1] < PANDEMIC]
    yield from excluded(own_words(register, "pandemic_measure"), older)


def excluded(explanation: Sequence[Claim], others: Sequence[Claim]) -> Iterator[Found]:
    """A state's explanation against everybody who says what it excludes."""
    for explained in by_asserter(explanation):
        against = [claims for claims in by_asserter(others) if speaker(claims[0]) != speaker(explained[0])]
        if against:
            yield "conflict", explained[0].who, [explained, *against]


def silence(register: Register) -> Iterator[Found]:
    """Somebody says that a state was silent, somebody else, or another source, that it spoke or acted."""
    for about, group in grouped(of(register, "response"), lambda c: (c.slots["country"], c.slots["about"])).items():
        silent, spoke = (
            by_asserter(c for c in group if (c.slots["action"] == "no_response") == quiet) for quiet in (True, False)
        )

        def differ(one: list[Claim], others: list[list[Claim]]) -> bool:
            return any((o[0].who, o[0].source["id"]) != (one[0].who, one[0].source["id"]) for o in others)

        acted = [claims for claims in spoke if differ(claims, silent)]
        if acted:
            yield "conflict", about, [*(claims for claims in silent if differ(claims, spoke)), *acted]


# Reports


def finding(register: Register, c: Claim) -> tuple[Any, ...]:
    return c.slots["measure"], c.slots["scope"], register.place(c), c.slots.get("operator"), float(c.slots["value"])


def findings(register: Register, report: Claim) -> set[Any]:
    """What a report found: its author's numbers in the same source that its mention holds or that bear its date; where there
    are none, those that follow the mention, up to the next report of the author, and bear no other date."""
    published, beside = report.slots["published"], [c for c in register.claims if c.source is report.source]
    own = [c for c in beside if c.kind == "figure" and c.who == report.slots["author"]]
    found = [
        c for c in own
        if (c.start < report.end and report.start < c.end) or (c.asserted_when and not apart(c.asserted_when, published))
    ]  # fmt: skip
    if not found:
        mentions = [c for c in beside if c.kind == "report" and c.slots["author"] == report.slots["author"]]
        limit = min([*(c.start for c in mentions if c.start > report.start), report.end + NEAR])
        found = [c for c in own if report.end <= c.start < limit and not apart(c.asserted_when, published)]
    return {finding(register, c) for c in found}


def dated(register: Register) -> Iterator[tuple[str, list[Claim], dict[str, set[Any]]]]:
    """Each author, the mentions of its reports that bear a date, and what each of those found."""
    for author, reports in grouped(of(register, "report", True), lambda c: c.slots["author"]).items():
        some = [c for c in reports if c.slots.get("published")]
        yield author, some, {c.id: findings(register, c) for c in some}


def report_dates(register: Register) -> Iterator[Found]:
    """Two dates for one report: one title, or a finding in common."""
    for author, reports, found in dated(register):
        by_date = grouped(reports, lambda c: c.slots["published"])
        for one, other in combinations(sorted(by_date), 2):
            alike = [
                (a, b) for a in by_date[one] for b in by_date[other]
                if found[a.id] & found[b.id] or (a.slots.get("title") is not None and a.slots["title"] == b.slots.get("title"))
            ]  # fmt: skip
            if alike and apart(one, other):
                yield "conflict", (author, one, other), [[a for a, _ in alike], [b for _, b in alike]]


def too_early(register: Register) -> Iterator[Found]:
    """A dated statement by a report's author, in a source that gives what the report found, older than the report."""
    for author, reports, found in dated(register):
        first: dict[Any, list[Claim]] = {}  # finding → the mentions of the earliest report that made it
        for report in sorted(reports, key=lambda c: str(c.slots["published"])):
            for what in found[report.id]:
                known = first.setdefault(what, [report])
                if known[0] is not report and known[0].slots["published"] == report.slots["published"]:
                    known.append(report)
        speaks_of: dict[str, list[Claim]] = {}
        for c in of(register, "figure", True):
            there = first.get(finding(register, c)) if c.who == author else None
            if there:
                held = speaks_of.setdefault(c.source["id"], there)
                if there[0].slots["published"] < held[0].slots["published"]:
                    speaks_of[c.source["id"]] = there
        for c in register.claims:
            there = speaks_of.get(c.source["id"])
            if not there or c.kind == "report" or c.who != author or not c.asserted_when:
                continue
            if "" < span(c.asserted_when)[1] < span(there[0].slots["published"])[0]:
                yield "impossible", c.id, [[c], there]
