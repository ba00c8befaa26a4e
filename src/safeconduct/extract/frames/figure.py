"""Figures: a number, what it counts, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..pack import Rule
from ..view import Draft, View

Match = re.Match[str]


FEWEST = 3  # "the three stations" speaks of stations named before, "the 54 stations" of a count
FEW = 12  # as many stations at most are taken to be in the country of the sentence's subject


def figure(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    number, station = view.group(match, "n"), view.group(match, "s")
    measure = str(rule.data["measure"])
    if station and not view.is_foreign(station):
        return
    if "unless" in rule.data and view.has(rule.data["unless"], match.start(), match.end()):
        return
    value = rule.data.get("value") or (number.data["value"] if number else None)
    if value is None or (measure == "persons_returned" and value < 10):
        return  # a few people returned are cases, not a figure (codebook rule 6)
    before = view.text[: match.start()].rstrip().rpartition(" ")[2]
    if station and number and match.start("n") < match.start("s"):
        words = set(view.text[match.start() : match.end()].split()) | set(station.data["modifiers"])
        if words & view.pack.sets["new_word"]:
            measure = "stations_new"
        restated = view.has("{restated}", match.end(), match.end() + 40)
        known = view.memory.counted
        again = value <= FEWEST or value in known or before != "the"
        if before in view.pack.sets["definite"] and measure == "stations" and again and not restated:
            return
        known.add(value)
    if value == 1 and "value" not in rule.data and not (station and "single" in station.data["modifiers"]):
        return
    organ = view.group(match, "b")
    if organ and organ.data.get("body") != ("government" if measure == "origin_states" else "public security bureau"):
        return
    slots: dict[str, Any] = {"measure": measure, "value": value}
    slots["qualifier"] = number.data.get("qualifier", "exact") if number else "exact"
    scope, place, end = _scope(view, match, measure)
    if measure in ("jurisdictions", "provinces"):
        scope, place = view.accused or "world", None
    slots["scope"], slots["place"] = scope or "world", place
    if measure in ("incidents", "plots", "persons_returned"):
        slots["operator"] = next(iter(view.named_accused), None)
    if measure in ("stations", "stations_new") and view.has("{still_active}", match.start(), match.end() + 40):
        slots["status"] = "active"
    start, end = _clause_around(view, match.start(), max(end, match.end()))
    stop = view.text.find(" , ", end)
    end = max(end, min(x for x in (stop if stop >= 0 else len(view.text), view.clause(match.start())[1], end + 45)))
    if end < len(view.text) and view.text[end] != " ":
        end = view.text.rfind(" ", 0, end)
    view.figures.add(measure)
    yield Draft("figure", slots, start, end, match.start(), rule.id)


def _clause_around(view: View, start: int, end: int) -> tuple[int, int]:
    """The span from the subject to ``end``: back to a cue, a comma or the clause's start, at most 60 characters."""
    low = max([view.clause(start)[0], start - 60, *(c.at[1] for c in view.cues if c.at[1] <= start)])
    comma = view.text.rfind(" , ", low, start)
    low = comma + 3 if comma >= 0 else low
    while low < start and view.text[low - 1 : low] not in ("", " "):
        low += 1
    return min(low, start), end


def _scope(view: View, match: Match, measure: str) -> tuple[str | None, str | None, int]:
    """Country and city of a number, and where they end: named after it, the "host" before it, or from the context."""
    found = view.has(
        r"(?:in|across|throughout|within|on|around|at) (?:{near_city} |{det} |territory of )?<pl:CPR>",
        match.end() - 1,
        match.end() + 60,
    )
    found = found or view.has(
        r"(?:on|in) (?:[^ ;,]{1,12} )?<pl:A> (?:soil|territory|land|cities|towns)", match.start(), match.end() + 30
    )
    if match.groupdict().get("pl"):
        token, end = view.line.token(match.start("pl")), match.end()
    elif found and not view.has("<N>|;|,", match.end(), found.start("pl")):
        token, end = view.line.token(found.start("pl")), found.end()
    else:
        hosted = view.has(r"<c:CG>(?: [^;]{0,20}?)?? {hosting}(?: [^ ;]{1,12}){0,4}$", 0, max(0, match.start() - 1))
        if hosted:
            codes = view.country_codes(view.line.token(hosted.start("c")))
            if codes and codes[0] not in view.memory.accused_all:
                return codes[0], None, match.end()
        where = view.has(r"<c:C> ,? ?(?:[^;]{0,140} )?where ", 0, match.start())
        if where and measure.startswith("stations"):
            codes = view.country_codes(view.line.token(where.start("c")))
            if codes and codes[0] not in view.memory.accused_all:
                return codes[0], None, match.end()
        here = view.has("{here}", match.end(), match.end() + 60)
        if here and measure.startswith(("stations", "staff")):
            return view.host(match.start()), None, here.end()
        station = view.group(match, "s")
        home = [c for c in station.values if c not in view.memory.accused_all] if station else []
        capital = view.has("in the <pl:A> capital", match.end() - 1, match.end() + 60)
        if capital and (code := view.line.token(capital.start("pl")).values[0]):
            return code, view.pack.capital_of(code), capital.end()
        low, high = view.clause(match.start())
        if not home and station and not view.has("{generic_abroad}|<N> {country_noun}|<R>", low, high):
            subject = view.subject(match.start())
            near = (view.group(match, "n") or station).data.get("value", 1) <= FEW and not view.cues
            home = [subject] if subject and near and subject not in view.memory.accused_all else []
        return (home[0] if home else None), None, match.end()
    if token.kind == "P":
        codes = view.country_codes(token)
        return (codes[0] if codes else None), token.values[0] if len(token.members) == 1 else None, end
    return (token.values[0] if len(token.members) == 1 else None), None, end
