"""Figures: a number, what it counts, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View

Match = re.Match[str]


FEWEST = 3  # "the three stations" speaks of stations named before, "the 54 stations" of a count
FEW = 12  # as many stations at most are taken to be in the country of the sentence's subject


HANDFUL = 3  # so few stations, told without a place, are those of the country that the text is about
ACTS = {"incidents", "plots", "persons_returned", "persons_targeted"}


def figure(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """The figure of a rule's match, two for a range ("70 to 75"); none where the rule's ``near`` is not given."""
    number, station = view.group(match, "n"), view.group(match, "s")
    if station and not view.is_foreign(station):
        return
    last = _last(view)
    measure = str(rule.data.get("measure") or (last[0] if last else ""))
    if not measure or not _near(view, rule, measure):
        return
    if "unless" in rule.data and view.has(rule.data["unless"], match.start(), match.end()):
        return
    value = rule.data.get("value") or (number.data["value"] if number else None)
    if value is None or (measure.startswith("persons") and value < 10):
        return  # a few people returned are cases, not a figure (codebook rule 6)
    before = view.text[: match.start()].rstrip().rpartition(" ")[2]
    if station and number and match.start("n") < match.start("s"):
        words = set(view.text[match.start() : match.end()].split()) | set(station.data["modifiers"])
        if words & view.pack.sets["new_word"]:
            measure = "stations_new"
        restated = view.has("{restated}", match.end(), match.end() + 40)
        known = view.memory.counted
        again = value <= FEWEST or value in known or before not in view.pack.sets["article"]
        if before in view.pack.sets["definite"] and measure == "stations" and again and not restated:
            return
        known.add(value)
    listed = bool(rule.data.get("listed"))
    if value == 1 and station and match.end() < len(view.text) and view.built("number_city", match.end() + 1, match.end() + 30):
        return  # "a single station in Frankfurt" is a site
    if value == 1 and not rule.data.get("one") and "value" not in rule.data and not _alone(view, number, station, before):
        return
    if measure.startswith("persons") and number and view.has("<N>", match.start("n") + 1, match.end() - 1):
        return  # "1,100 people …, of whom 63 were returned"
    organ = view.group(match, "b")
    if organ and organ.data.get("body") != ("government" if measure == "origin_states" else "public security bureau"):
        return
    slots: dict[str, Any] = {"measure": measure, "value": value}
    slots["qualifier"] = number.data.get("qualifier", "exact") if number else "exact"
    scope, place, end = _scope(view, match, measure)
    if listed and not scope and last and not view.built("number_new_place", match.start(), match.end() + 40):
        scope = last[1]
    if measure in ("jurisdictions", "provinces"):
        scope, place = view.accused or "world", None
    if scope is None and measure == "stations" and slots["value"] <= HANDFUL and view.memory.likely:
        scope = view.memory.likely
    slots["scope"], slots["place"] = scope or "world", place
    if measure in ACTS and not scope and view.has("{verified}", 0, match.start()):
        seen_by = view.subject(match.start())
        slots["scope"] = seen_by if seen_by and len(seen_by) == 2 and seen_by not in view.memory.accused_all else "world"
    if measure in ACTS:
        slots["operator"] = _operator(view, match, scope)
    if measure in ("stations", "stations_new") and view.has("{still_active}", match.start(), match.end() + 40):
        slots["status"] = "active"
    start, end = _clause_around(view, match.start(), max(end, match.end()))
    stop = view.text.find(" , ", end)
    end = max(end, min(x for x in (stop if stop >= 0 else len(view.text), view.clause(match.start())[1], end + 45)))
    if end < len(view.text) and view.text[end] != " ":
        end = view.text.rfind(" ", 0, end)
    view.figures.add(measure)
    view.told.append((measure, slots["scope"], *match.span()))
    lower = _lower(view, match)
    ends: list[dict[str, Any]] = [{"value": lower, "qualifier": "at_least"}, {"qualifier": "up_to"}]
    for values in ends if lower else [{}]:
        yield Draft("figure", {**slots, **values}, start, end, match.start(), rule.id)


def _alone(view: View, number: Token | None, station: Token | None, before: str) -> bool:
    """Whether a one is meant as a count: "a single station", "only one"."""
    if station and set(station.data["modifiers"]) & view.pack.sets["single_word"]:
        return True
    words = set(view.text_of(number).casefold().split()) if number else set()
    return bool((words | {before}) & view.pack.sets["single_word"])


def _lower(view: View, match: Match) -> int | None:
    """The lower end of a range that the number of a match is the upper end of ("70 to 75", "between 70 and 75")."""
    if not match.groupdict().get("n"):
        return None
    found = view.built("number_range", max(0, match.start("n") - 30), max(0, match.start("n") - 1))
    low, high = (view.line.token(found.start("lo")) if found else None), view.line.token(match.start("n"))
    return int(low.data["value"]) if low and low.data["value"] < high.data["value"] else None


def _last(view: View) -> tuple[str, str] | None:
    """Measure and scope of the figure told last, in this sentence or one of the two before it."""
    at: View | None = view
    for _ in range(3):
        told = [t for t in (at.told if at else ()) if t[0] in ACTS or t[0].startswith("stations")]
        if told:
            return told[-1 if at is not view else 0][:2]
        at = at.before if at else None
    return None


def _near(view: View, rule: Rule, measure: str) -> bool:
    """Whether the sentence, or those just before it, speak of what the rule wants."""
    near = rule.data.get("near")
    wanted = rule.data.get("of")
    if wanted and measure not in wanted:
        return False
    if near == "topic" or (measure in ACTS and rule.data.get("listed")):
        known = view.lately() or view.topical or view.has("{restated}|{verified}")
        return bool(known) and not view.has("{ordinary}|{ordinary_crime}|{ordinary_count}")
    if near == "presence":
        told = {t[0] for t in view.told} & (ACTS | {"stations", "origin_states"})
        return bool(view.stations or told or (view.topical and view.has("{presence}|in <N>")))
    return True


def _operator(view: View, match: Match, scope: str | None) -> str | None:
    """The origin state whose acts are counted: the one named before the number and nearest to it, else any named."""
    before = after = None
    for at, token in view.tokens("CAGPST"):
        codes = [token.data.get("capital")] if token.kind == "P" else list(token.values)
        named = next((c for c in codes if c in view.memory.accused_all and c != scope), None)
        if (named and at < match.start()) or (named and at < match.end()):
            before = named
        elif named and at - match.end() < 60:
            after = after or named
    return before or after


def _clause_around(view: View, start: int, end: int) -> tuple[int, int]:
    """The span from the subject to ``end``: back to a cue, a comma or the clause's start, at most 60 characters."""
    low = max([view.clause(start)[0], start - 60, *(c.at[1] for c in view.cues if c.at[1] <= start)])
    comma = view.text.rfind(" , ", low, start)
    low = comma + 3 if comma >= 0 else low
    while low < start and view.text[low - 1 : low] not in ("", " "):
        low += 1
    return min(low, start), end


def _elsewhere(view: View) -> bool:
    """Whether the sentence names a country, or a city of one, that is no accused state."""
    return any(c not in view.memory.accused_all for _, t in view.tokens("CP") for c in view.country_codes(t))


def _single(token: Token, match: Match, view: View) -> bool:
    """Whether a city token names one city: "Brossard, Quebec" does after "one in"."""
    number = view.group(match, "n")
    return len(token.members) == 1 or bool(number and number.data["value"] == 1)


def _scope(view: View, match: Match, measure: str) -> tuple[str | None, str | None, int]:
    """Country and city of a number, and where they end: named after it, the "host" before it, or from the context."""
    last = match.groupdict().get("n") and match.end("n") == match.end() and match.start() < match.start("n")
    counted = match.start() if last else match.end()
    found = view.built("number_place", max(0, counted - 1), match.end() + 60)
    found = found or view.built("number_soil", match.start(), match.end() + 30)
    if match.groupdict().get("pl"):
        token, end = view.line.token(match.start("pl")), match.end()
    elif found and (found.start("pl") < match.end() or not view.has("<N>|;|,", match.end(), found.start("pl"))):
        token, end = view.line.token(found.start("pl")), found.end()
    else:
        hosted = view.built("number_hosted", 0, max(0, match.start() - 1))
        if hosted:
            codes = view.country_codes(view.line.token(hosted.start("c")))
            if codes and codes[0] not in view.memory.accused_all:
                return codes[0], None, match.end()
        where = view.built("number_where", 0, match.start())
        if where and measure.startswith("stations"):
            codes = view.country_codes(view.line.token(where.start("c")))
            if codes and codes[0] not in view.memory.accused_all:
                return codes[0], None, match.end()
        here = view.has("{here}", match.end(), match.end() + 60)
        if not here and measure == "staff" and _elsewhere(view):
            return view.host(match.start()), None, match.end()
        if here and measure.startswith(("stations", "staff")):
            return view.host(match.start()), None, here.end()
        station = view.group(match, "s")
        home = [c for c in station.values if c not in view.memory.accused_all] if station else []
        capital = view.built("number_capital", match.end() - 1, match.end() + 60)
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
        return (codes[0] if codes else None), token.values[0] if _single(token, match, view) else None, end
    return (token.values[0] if len(token.members) == 1 else None), None, end
