"""Operators: who sets stations up, runs, staffs or lets them run; and reports, their authors, dates and titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...claims import city as city_named
from ...claims.places import fold
from ..attribution import attribute
from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View
from .site import city_codes

Match = re.Match[str]
BODIES = {  # which actor an organ of the accused state is; the police of a place has rules of its own
    "security service": "intelligence_service", "Ministry of State Security": "intelligence_service",
    "FSB": "intelligence_service", "GRU": "intelligence_service", "KGB": "intelligence_service",
    "Revolutionary Guards": "intelligence_service", "intelligence service": "intelligence_service",
    "Ministry of Public Security": "central_authority", "interior ministry": "central_authority",
    "foreign ministry": "central_authority", "United Front Work Department": "party_body",
}  # fmt: skip


def operator(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    actor, scope = str(rule.data["actor"]), view.host(match.start())
    if actor == "body":
        body = view.group(match, "y")
        if not body or (body.members and view.accused not in body.values):
            return
        actor = BODIES.get(str(body.data.get("body")), "")
    if not actor or not (view.strong_document or actor == "police_authority"):
        return
    if not (view.stations or view.topical_before):
        return
    if actor == "volunteers" and attribute(view.cues, match.start())[0].asserted_by == f"state:{view.accused}":
        return  # what the accused says of its helpers is a position
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
    local = view.built("somewhere") or actor == "host_state"
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
    if not author or not author.startswith(("org:", "media:", "state:")):
        return
    slots: dict[str, Any] = {"author": author}
    if date:
        edtf = str(date.data["edtf"])
        if "/" in edtf:
            return
        slots["published"] = edtf
    if title:
        slots["title"] = title.data["title"]
    elif name := view.group(match, "x"):
        slots["title"] = view.text_of(name)
    if date or title:
        yield Draft("report", slots, match.start(), match.end(), match.start(), rule.id, asserter="publisher")
