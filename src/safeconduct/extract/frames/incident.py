"""Incidents: acts of repression, found by what meets in a clause: an act, people it falls on, a state behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..tokens import Token
from ..view import Draft, View
from .acts import Act, Victim, acts, victims

COUNTED_ACTS = {"persons_returned", "plots", "incidents", "persons_targeted"}  # beside these the counted act is no incident
NEAR = 70  # characters within which a place belongs to what is told as a pattern
SOFT = {"intimidation", "detention"}  # said of much that is no repression
Place = tuple[str | None, str | None, tuple[int, int] | None]  # country, city, where it stands in the document


def incidents(view: View, prosecuted: bool) -> Iterator[Draft]:
    """Acts of repression in each clause that a state or a station stands behind.

    The most serious method of a clause is the claim's, the others are ``also`` (codebook, "incident"). ``prosecuted``:
    the sentence tells of an arrest, a charge or a conviction by the host, so "arrested" and "jailed" are no repression.
    """
    if view.question or not (view.strong_document or view.named_accused or view.memory.accused):
        return
    for low, high in _parts(view):
        hits = [a for a in acts(view, low, high) if not (prosecuted and a.method == "detention") and _real(view, low, a)]
        if hits:
            yield from _clause(view, low, high, hits)


def _parts(view: View) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence; coordinate ones apart when each has its own date or its own finite verb and city."""
    at, size = 0, len(view.text)
    while at < size:
        low, high = view.clause(at)
        cuts = [low]
        cuts += [m.start() for m in view.pack.built("act_and_then").finditer(view.text, low, high)]
        cuts.append(high)
        yield from ((a, b) for a, b in pairwise(cuts) if a < b)
        at = max(high + 1, at + 1)
        while at < size and view.clause(at)[0] < high:
            at += 1


def _real(view: View, low: int, act: Act) -> bool:
    """Whether an act is told as a fact: under no modal word, and not as something to be prevented or reported."""
    if view.built("act_countered", max(low, act.start - 70), max(low, act.start - 1)):
        return False
    modal = None
    for modal in view.pack.compile_once("{modal}").finditer(view.text, view.clause(low)[0], act.end):
        if modal.group() not in view.pack.sets["purpose"] and not act.sure:
            break
    else:
        modal = None
    return not modal or bool(view.has("{instrument}", low, act.start))


def _clause(view: View, low: int, high: int, hits: Sequence[Act]) -> Iterator[Draft]:
    start, end = min(a.start for a in hits), max(a.end for a in hits)
    crowd = victims(view, low, high, hits)
    if not crowd or (view.has("{negation}", max(low, start - 25), start) and not any(a.sure for a in hits)):
        return
    if view.has("{ordinary}|{ordinary_crime}", low, high) or view.has("{fiction}") or _denied(view, low, start):
        return
    told = [(a, b) for m, _, a, b in view.told if m in COUNTED_ACTS]
    if any(a < end and start < b + 30 and " , " not in view.text[b:start] for a, b in told):
        return
    methods = {a.method for a in hits}
    origin, first, named = _origin(view, low, high, hits, crowd)
    if not origin:
        return
    if _at_home(view, low, high, origin, methods):
        return
    if methods <= {"detention"} and not _for_origin(view, low, high, origin, first, start):
        return
    if all(v.target is None for v in crowd) and ((not named and methods <= SOFT) or (methods <= {"detention"} and first < 0)):
        return
    if not named and methods <= SOFT and not view.topical:
        return
    first = max(first, low) if first >= 0 else start
    near = [v for v in crowd if v.start - end < 60] or crowd
    first, last = min(first, start, near[0].start), max(end, near[0].end, first + 1)
    yield from _incident(view, hits, near, origin, first, last, low, high)


def _for_origin(view: View, low: int, high: int, origin: str, first: int, start: int) -> bool:
    """Whether a detention is the origin's own or done at its request."""
    if view.has("{at_request}", low, high):
        return True
    organs = [c for _, t in view.tokens("GBC", low, high) for c in view.country_codes(t)]
    return 0 <= first < start and all(c == origin for c in organs)


def _at_home(view: View, low: int, high: int, origin: str, methods: set[str]) -> bool:
    """Whether a clause tells of an act inside the origin state: it names places there and none elsewhere."""
    if methods & {"threat_to_family", "coerced_return", "mobility_control", "abduction"}:
        return False
    inside = False
    for at, token in view.tokens("CP", low, high):
        if view.text[:at].rstrip().rpartition(" ")[2] in view.pack.sets["place_in"]:
            codes = view.country_codes(token)
            inside = inside or origin in codes
            if any(c != origin for c in codes):
                return False
    return inside and not view.has("{generic_abroad}", low, high)


def _denied(view: View, low: int, start: int) -> bool:
    """Whether a clause denies what follows; "rejected the claim that …" still tells the claim."""
    denied = view.has("{deny}", low, max(low, start - 1))
    return bool(denied and not view.built("act_claim_that", denied.end(), start))


def _codes(view: View, at: int, token: Token) -> list[str]:
    """The usual origin states a token may name as the one behind an act."""
    codes = list(token.values)
    if token.kind == "P":
        before = view.text[:at].rstrip().rpartition(" ")[2]
        codes = [token.data.get("capital") or ""]
        codes += [c for c in token.data.get("codes", ()) if before in view.pack.sets["place_from"]]
    return [c for value in codes for c in value.split("|") if c in view.memory.accused_all]


def _origin(
    view: View, low: int, high: int, hits: Sequence[Act], crowd: Sequence[Victim]
) -> tuple[str | None, int, bool]:
    """The state behind what a clause tells, where it is named (-1: elsewhere), and whether the clause names it."""
    start = min(a.start for a in hits)
    back = next((a for a in hits if a.method == "coerced_return"), None)
    if back:
        for match in view.pack.built("act_destination").finditer(view.text, back.start, min(high, back.end + 60)):
            if codes := _codes(view, match.start("o"), view.line.token(match.start("o"))):
                return codes[0], match.start("o"), True
    for match in view.pack.built("act_agent").finditer(view.text, low, high):
        if codes := _codes(view, match.start("o"), view.line.token(match.start("o"))):
            return codes[0], match.start("o"), True
    placed: tuple[str, int] | None = None
    for at, token in view.tokens("GCPAS", low, high):
        codes = _codes(view, at, token)
        if not codes or any(v.start == at for v in crowd):
            continue
        before = view.text[:at].rstrip().rpartition(" ")[2]
        if token.kind in "CP" and before in view.pack.sets["place_in"]:
            placed = placed or (codes[0], at)
        elif token.kind != "A" or at < start:
            return codes[0], at, True
    for at, _ in view.stations:
        if low <= at < high and view.accused:
            return view.accused, at, True
    passive = view.built("act_passive", max(low, start - 45), max(low, start - 1)) or view.built("act_is_done", low, start + 40)
    nation = next((v.origin for v in crowd if v.origin and (v.start >= start or passive)), None)
    if nation and view.topical:
        return nation, -1, False
    chain = view.on_topic(4) or view.topical_before or view.topical or view.lately()
    if chain and view.accused and view.built("act_actor", low, high):
        return view.accused, -1, False
    if placed and not view.memory.hosts & {placed[0]}:
        return placed[0], placed[1], True
    sole = len(view.memory.accused_all) == 1
    if sole and view.memory.accused and {a.method for a in hits} - SOFT and (chain or any(a.sure for a in hits)):
        return view.memory.accused, -1, False
    return None, -1, False


def _level(view: View, low: int, high: int, hits: Sequence[Act], crowd: Sequence[Victim]) -> tuple[str, int | None]:
    """Case or pattern, and how many people."""
    start = min(a.start for a in hits)
    number = crowd[0].number or next((v.number for v in crowd if v.number and v.start > start), None)
    repeated = view.has("{several_people}", low, high) or view.built("act_usual", low, high)
    if number and not (repeated and number == 1):
        return "case", number
    first = crowd[0]
    alone = first.one and first.target != "family"
    if repeated and not first.bare:
        return "pattern", None
    kin = any(a.method == "threat_to_family" for a in hits)
    if alone or any(v.one and (kin or v.target != "family") and (kin or v.start < start) for v in crowd):
        return "case", 1 if alone else None
    if {a.method for a in hits} == {"mobility_control"}:
        return "pattern", None
    if view.built("act_single", low, start):
        return "case", None
    cued = max((c.at[1] for c in view.cues if c.at[1] <= start), default=0)
    dated = any(len(str(t.data["edtf"])) in (4, 7, 10) for at, t in view.tokens("D", max(low, cued), high))
    return ("case", None) if dated or view.has("{single_event}", low, high) else ("pattern", None)


def _hosts(view: View, low: int, high: int, hits: Sequence[Act], origin: str, case: bool) -> tuple[list[Place], int]:
    """Where an act took place: named beside it, else from the sentence, the paragraph or the document."""
    start, end = min(a.start for a in hits), max(a.end for a in hits)
    best: tuple[int, list[Place], int] | None = None
    for at, token in view.tokens("CP", low, high):
        before = set(view.text[:at].split()[-4:])
        home = view.has("{home_place}", at + 1, at + 16)
        placed = before & (view.pack.sets["location_word"] | view.pack.sets["place_edge"])
        if not placed and not (home and home.start() <= at + 2):
            continue
        codes = view.country_codes(token)
        if not codes or origin in codes:
            continue
        codes = codes if len(codes) == len(token.members) else codes[:1] * len(token.members)
        city = token.kind == "P"
        places: list[Place] = [
            (c, m.value if city else None, (m.start, m.end)) for c, m in zip(codes, token.members, strict=True)
        ]
        if len(places) > 1 and len({p[0] for p in places}) == 1:
            places = [(codes[0], None, None)]
        away = min(abs(at - start), abs(at - end)) + (25 if "to" in before else 0)
        if best is None or away < best[0]:
            best = (away, places, at + 1)
    if best:
        return best[1], best[2]
    soil = view.built("act_soil", low, high)
    if soil and (code := view.line.token(soil.start("pl")).values[0]) != origin:
        return [(code, None, None)], soil.end()
    region = next((t.values[0] for at, t in view.tokens("R", start, end + 60) if not t.data.get("adjective")), None)
    if region:
        return [(region, None, None)], end
    if view.has("{generic_abroad}|{wide_abroad}", low, high):
        return [("world", None, None)], end
    return [(_context(view, start, origin, case), None, None)], end


def _context(view: View, start: int, origin: str, case: bool) -> str | None:
    """The host that the sentence, its paragraph or the document gives."""
    for kinds in ("CP", "GA"):
        near = [
            (abs(at - start), c)
            for at, t in view.tokens(kinds)
            for c in view.country_codes(t)
            if (case or abs(at - start) < NEAR) and len(c) == 2 and c != origin
            and (c not in view.memory.accused_all or kinds == "CP")
        ]
        if near:
            return min(near)[1]
    back, steps = view.before, 0
    while back and steps < (6 if case else 3) and back.paragraph >= view.paragraph - (case or back.question):
        for _, token in reversed(list(back.tokens("CPGA"))):
            found = [c for c in back.country_codes(token) if len(c) == 2 and c not in view.memory.accused_all]
            if found:
                return found[0]
        back, steps = back.before, steps + 1
    others = [c for c in view.memory.named if c not in view.memory.accused_all and len(c) == 2]
    home = view.memory.home if view.memory.home not in view.memory.accused_all else None
    if case:
        return view.host_then or home or (others[0] if len(others) == 1 else "world")
    return others[0] if len(others) == 1 else home or "world"


def _incident(
    view: View, hits: Sequence[Act], crowd: Sequence[Victim], origin: str, start: int, end: int, low: int, high: int
) -> Iterator[Draft]:
    order = list(view.pack.methods)
    methods = sorted({a.method for a in hits}, key=order.index)
    level, count = _level(view, low, high, hits, crowd)
    hosts, stop = _hosts(view, low, high, hits, origin, level == "case")
    end = max(end, stop) if stop - end < 80 else end
    target = next((v.target for v in crowd if v.target not in (None, "family")), None)
    if methods[0] == "threat_to_family":
        target = "family"
    if level == "pattern" and not target and any(v.target == "family" for v in crowd):
        target = "family"
    cited = {c.when for c in view.cues}
    dates = [(abs(at - start), str(t.data["edtf"])) for at, t in view.tokens("D", low, high)]
    when = next((d for _, d in sorted(dates) if d not in cited), None)
    if view.has("{convicting}"):
        when = None
    inside = view.source(start, end)
    for host, place, anchor in hosts:
        slots: dict[str, Any] = {
            "method": methods[0], "also": methods[1:], "host": host, "origin": origin, "target": target,
            "level": level, "place": place, "count": count if len(hosts) == 1 else None,
        }  # fmt: skip
        keep = anchor if len(hosts) > 1 and anchor and inside[0] <= anchor[0] and anchor[1] <= inside[1] else None
        yield Draft("incident", slots, start, end, max(start, hits[0].start), "incident." + methods[0], keep, when=when)

