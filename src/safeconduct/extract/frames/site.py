"""Sites: a station and its city or country, its state, what it looks like, since when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View

Match = re.Match[str]


def site(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    station = view.group(match, "s")
    if station and not view.is_foreign(station):
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
        view.has(r"(?:has|have|had|was|were|are|is|been|now) (?:[^ ;]{1,12} ){0,2}{closed_word}", start, high)
        and not negated
    ):
        return "closed"
    del end
    return "unknown"


def _form(view: View, start: int, end: int) -> str | None:
    _, high = view.clause(start)
    found: list[tuple[int, str]] = []
    for form, pattern in view.pack.forms.items():
        if match := pattern.search(view.text, start, min(high, end + 60)):
            found.append((match.start(), form))
    return min(found)[1] if found else None
