"""Agreements between the accused and its partners, and recommendations: what organisations ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...claims import UNSPECIFIED
from ...claims.places import fold
from ..attribution import attribute
from ..pack import Rule
from ..tokens import Token
from ..view import Draft, View
from .response import near_subject

Match = re.Match[str]
NEAR = 80  # characters of the line between an agreement and a party, beyond which a nearer one is preferred


def agreements(view: View, rule: Rule) -> Iterator[Draft]:
    """Arrangements between the accused state and each partner named in the clause."""
    for match in view.pack.compile_once(str(rule.data["trigger"])).finditer(view.text):
        yield from _agreement(view, rule, match)


def _agreement(view: View, rule: Rule, match: Match) -> Iterator[Draft]:
    if view.built("about_patrols", match.end(), match.end() + 40):
        return
    if view.hypothetical(match.start(), min(match.end() + 8, view.clause(match.start())[1])) and not view.has(
        "{signing}", 0, match.start()
    ):
        return
    low, high = view.clause(match.start())
    if view.has("{ask} ", low, match.start()) and view.has("{suspending}", low, match.start()):
        return
    origin = next((c for c in view.named_accused), None) or (view.accused if view.topical_before else None)
    if not origin and view.built("both_sides", low, high):
        origin = view.accused
    if not origin or not (view.named_accused or view.topical):
        return
    if view.has("{suspending}", max(low, match.start() - 30), match.start()):
        return
    partners: list[tuple[str, int, tuple[int, int]]] = []
    places: list[str] = []
    for at, token in view.tokens("CAGPR", low, high):
        seats = _capitals(view, token) if token.kind == "P" and at < match.start() else []
        if len(seats) > 1:
            partners += [(c, at, (m.start, m.end)) for c, m in zip(seats, token.members, strict=True) if c != origin]
            continue
        if token.kind == "P" and not token.data.get("capital_speaks"):
            places += [m.value for m, c in zip(token.members, token.data["codes"], strict=False) if c != origin]
            continue
        if token.kind == "A" and abs(at - match.start()) > 60:
            continue
        if token.kind == "R" and at < match.start():
            continue
        for member in token.members:
            if member.value != origin and "|" not in member.value:
                partners.append((member.value, at, (member.start, member.end)))
    close = [p for p in partners if abs(p[1] - match.end()) < NEAR]
    partners = close or partners
    countries = [p for p in partners if len(p[0]) == 2]
    partners = countries or partners
    sides = view.built("both_sides", low, high)
    if not partners and (host := view.host_then) and host != origin and (view.named_accused or sides):
        partners = [(host, match.start(), (0, 0))]
    spans = [match.start(), *(p[1] for p in partners)]
    start, end = min(spans), max([match.end(), *(p[1] + 1 for p in partners)])
    for at, token in view.tokens("CAGP", low, high):
        if origin in ([token.data.get("capital")] if token.kind == "P" else token.values):
            if at - end < 60 and start - at < 60:
                start, end = min(start, at), max(end, at + 1)
            break
    dates = sorted((abs(at - match.start()), str(t.data["edtf"])) for at, t in view.tokens("D", low, high))
    when = dates[0][1] if dates else None
    done: set[str] = set()
    for code, _, anchor in partners:
        if code in done or (code in view.memory.accused_all and code == origin):
            continue
        done.add(code)
        inside = view.source(start, end)
        keep = anchor if len(partners) > 1 and inside[0] <= anchor[0] and anchor[1] <= inside[1] else None
        yield Draft(
            "agreement",
            {"parties": [origin, code], "type": rule.data["type"], "places": places},
            start,
            end,
            match.start(),
            rule.id,
            keep,
            when=when,
        )


def _capitals(view: View, token: Token) -> list[str]:
    """The states that a list of capitals stands for; none when one of the cities is no capital."""
    codes = [view.pack.tables["names"].get("capital", {}).get(fold(m.value)) for m in token.members]
    return [str(c) for c in codes] if all(codes) else []


def recommendations(view: View) -> Iterator[Draft]:
    """What an organisation asks of others: an asking verb of its own, or "should" in what it says."""
    if not view.strong_document and not view.topical and not near_subject(view, 4):
        return
    for match in view.pack.compile_once("{ask}").finditer(view.text):
        speaker = _asker(view, match)
        if not speaker:
            continue
        high = len(view.text)
        asks = [
            (m.start(), m.end(), ask)
            for ask, pattern in view.pack.asks.items()
            if (m := pattern.search(view.text, match.end(), high))
            or (m := pattern.search(view.text, match.start(), match.end()))
        ]
        if not asks:
            continue
        subject = next((at for at, _ in view.tokens("OX", 0, match.start())), match.start())
        start = subject if match.start() - subject < 60 else match.start()
        for _, stop, ask in sorted(asks):
            yield Draft(
                "recommendation",
                {"ask": ask},
                start,
                min(high, max(stop, match.end()) + 60),
                match.start(),
                "recommendation." + ask,
                asserter=speaker,
            )
        return


def _asker(view: View, match: Match) -> str | None:
    """Who asks: the organisation before the verb, or whoever the clause or the quotation belongs to."""
    if match.group() in view.pack.sets["ask_self"]:
        return view.speaker or "publisher"
    last = view.text[: match.start()].split()[-1:]
    it = last and last[0] in view.pack.sets["speaker_pronoun"] - view.pack.sets["personal"]
    if it and not any(c.start <= match.start() < c.end for c in view.cues):
        return view.memory.org or view.memory.first_org
    for at, token in reversed(list(view.tokens("OXMH", max(0, match.start() - 60), match.start()))):
        found = view.memory.asserter(token, view.line)
        if found and found.startswith(("org:", "persons:")) and not any(at < c.at[0] < match.start() for c in view.cues):
            return found
    attribution, _ = attribute(view.cues, match.start())
    said = attribution.asserted_by
    said = view.speaker if said in ("publisher", UNSPECIFIED) and view.speaker else said
    return said if said.startswith("org:") else None
