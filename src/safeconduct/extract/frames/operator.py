"""Operators: who sets stations up, runs, staffs or lets them run; and reports, their authors, dates and titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...claims import city as city_named
from ...claims.places import fold
from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View
from .site import city_codes

Match = re.Match[str]


def operator(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    actor, scope = str(rule.data["actor"]), view.host(match.start())
    if not view.strong_document or not (view.stations or view.topical_before):
        return
    target, stop = view.group(match, "t"), match.end()
    if target and target.data.get("target") != "diaspora":
        further = [a for a, t in view.tokens("T", stop, stop + 45) if t.data.get("target") == "diaspora"]
        if not further:
            return
        stop = further[0] + 1
    names: list[tuple[str | None, tuple[int, int] | None]] = [(None, None)]
    if actor == "police_authority":
        names = []
        for key in ("p", "q"):
            token = view.group(match, key)
            if not token or (token.kind == "G" and not token.data.get("city")):
                continue
            if token.kind == "P":
                home = [m for m, c in zip(token.members, city_codes(token), strict=True) if c == view.accused]
                names += [(_authority(m.value, view.accused), (m.start, m.end)) for m in home]
            elif token.values[:1] == (view.accused,) and not _is_capital(view, token):
                names.append((_authority(str(token.data["city"]), view.accused), None))
    local = view.has("{here}|in (?:{near_city} )?<CP>|<CA> .s", 0) or actor == "host_state"
    for name, anchor in names:
        slots = {
            "actor": actor,
            "name": name,
            "role": rule.data["role"],
            "scope": scope if local and scope else "world",
        }
        yield Draft(
            "operator",
            slots,
            match.start(),
            stop,
            match.start(),
            rule.id,
            anchor,
            stance=str(rule.data.get("stance", "asserts")),
        )


def _authority(name: str, country: str | None) -> str:
    """The place of an authority as the codebook writes it: its usual English name in lower case."""
    found = city_named(name, country)
    return fold(found.name if found else name)


def _is_capital(view: View, token: Token) -> bool:
    return fold(str(token.data["city"])) in view.pack.tables["names"]["capital"]


def report(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    body, date, title = view.group(match, "o"), view.group(match, "d"), view.group(match, "k")
    author = view.memory.asserter(body, view.line) if body else view.memory.org
    if not author or not author.startswith(("org:", "media:")):
        return
    slots: dict[str, Any] = {"author": author}
    if date:
        edtf = str(date.data["edtf"])
        if "/" in edtf:
            return
        slots["published"] = edtf[:7] if len(edtf) > 7 and body and body.kind == "O" else edtf
    if title:
        slots["title"] = title.data["title"]
    if date or title:
        yield Draft("report", slots, match.start(), match.end(), match.start(), rule.id, asserter="publisher")
