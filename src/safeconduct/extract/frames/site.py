"""Sites: a station and its city or country, its state, what it looks like, since when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View

Match = re.Match[str]


def site(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    """The sites of a rule's match: one for each city, else one for each country."""
    station = view.group(match, "s")
    loose = rule.data.get("loose") and view.strong_document
    if station and not loose and not view.is_foreign(station) and not _kept_by_accused(view, match):
        return
    if rule.data.get("vague") and not (view.stations or _station_before(view)):
        return
    start, end = match.span()
    city, country, date = view.group(match, "p"), view.group(match, "c"), view.group(match, "d")
    if rule.data.get("status_only") and not country and not view.topical:
        return
    status, form, opened = _status(view, start, end), _form(view, start, end), None
    if date and (
        date.data["edtf"] in {c.when for c in view.cues} or date.data["edtf"] == view.memory.calendar.reference
    ):
        date = None
        if rule.data.get("status_only"):
            return
    if date:
        opened = str(date.data["edtf"]).split("/")[0].replace("..", "") or None
        opened = opened[:4] if opened else None
    elif rule.data.get("needs") == "opened":
        opened = "../2019"
    base = {"status": status, "form": form, "opened": opened}
    if city and station and match.start("s") < match.start("p") and view.has("<N>", match.start("s"), match.start("p")):
        return  # "stations, of which five are in Madrid" counts
    if city and not opened:
        base["opened"] = _opened(view, start)
    if not city and station and rule.data.get("of_city") and _has_city(view, match):
        return
    if city:
        number = view.has("<n:N> (?:[^ ]{1,15} ){0,2}<S>", max(0, start - 40), start + 2)
        value = view.line.token(number.start("n")).data["value"] if number else 0
        if number and len(city.members) == 1 and value > 1:
            return
        for member, code in zip(city.members, city_codes(city), strict=True):
            if code not in view.memory.accused_all or code != view.accused:
                yield Draft(
                    "site",
                    {"country": code, "place": member.value, **base},
                    start,
                    end,
                    start,
                    rule.id,
                    (member.start, member.end),
                )
        return
    if country:
        at = match.start("s") if station else start
        listed = view.has("{including}", at, match.end())
        if (
            not listed
            and view.has("<N> (?:[^ ]{1,15} ){0,2}<S>", max(0, at - 40), at + 2)
            and len(country.members) == 1
        ):
            return  # a count alone is a figure (codebook rule 3)
        inside = dict(country.data.get("inside", ()))
        for member in country.members:
            if member.value != view.accused:
                base["place"] = inside.get(member.value)
                yield Draft(
                    "site", {"country": member.value, **base}, start, end, start, rule.id, (member.start, member.end)
                )
        return
    if not (form or opened or status in ("active", "closed")):
        return
    generic = view.has("{generic_abroad}|abroad|overseas", 0, end) and not view.has("{here}", start)
    host = None if generic and not form else view.host(start)
    if opened and not view.has("<CPA>|{here}", max(0, start - 60), end + 30):
        host = None
    yield Draft("site", {"country": host or "world", **base}, start, end, start, rule.id)


def _has_city(view: View, match: Match) -> bool:
    """Whether a city stands right before or after the station, which then is that city's."""
    at = match.start("s")
    return bool(view.built("site_in_city", at + 1, at + 35) or view.built("site_city_before", max(0, at - 30), max(0, at - 1)))


def _opened(view: View, start: int) -> str | None:
    """Since when a station in a city exists, where the clause tells."""
    found = view.built("site_opened", start, view.clause(start)[1])
    if not found:
        return None
    edtf = str(view.line.token(found.start("d")).data["edtf"])
    if edtf in {c.when for c in view.cues}:
        return None
    year = edtf.split("/")[0].replace("..", "")[:4]
    return year if len(year) == 4 else None


def _kept_by_accused(view: View, match: Match) -> bool:
    """Whether police or officials of the accused state keep the premises: "Chinese police kept offices in …"."""
    low, high = view.clause(match.start())
    for at, token in view.tokens("G", low, high):
        mine = any(c in view.memory.accused_all for value in token.values for c in value.split("|"))
        if mine and token.data.get("body") in view.pack.sets["keeper_body"] and at < match.start("s"):
            return bool(view.has("{keep}", at, match.start("s")))
    by = view.built("site_by", match.start("s"), min(high, match.end() + 80))
    if not by:
        return False
    token = view.line.token(by.start("w"))
    codes = token.data.get("codes", ()) if token.kind == "P" else token.values
    return any(c in view.memory.accused_all for value in codes for c in str(value).split("|"))


def _station_before(view: View) -> bool:
    """Whether one of the three sentences before speaks of a station."""
    before, steps = view.before, 0
    while before and steps < 3:
        if before.stations:
            return True
        before, steps = before.before, steps + 1
    return False


def city_codes(city: Token) -> list[str]:
    """The country of each city of a list."""
    codes = [str(c) for c in city.data.get("codes", ())]
    return codes if len(codes) == len(city.members) else [codes[0] if codes else "world"] * len(city.members)


def _status(view: View, start: int, end: int) -> str:
    low, high = view.clause(start)
    negated = view.has("{negation}", low, high)
    if view.has("{still_active}", low, high):
        return "active"
    if view.has("{ordered_closed}", low, high) and view.has("{closing}", low, high):
        return "ordered_closed"
    if (
        view.built("now_closed", start, high)
        and not negated
    ):
        return "closed"
    if view.built("site_then_closed", max(0, end - 1)):
        return "closed"
    return "unknown"


def _form(view: View, start: int, end: int) -> str | None:
    low, high = view.clause(start)
    found: list[tuple[int, str]] = []
    for form, pattern in view.pack.forms.items():
        if match := pattern.search(view.text, max(low, start - 24), min(high, end + 60)):
            found.append((match.start() - start, form))
        elif match := pattern.search(view.text, max(low, start - 50), start):
            found.append((1000 + start - match.start(), form))
    return min(found)[1] if found else None
