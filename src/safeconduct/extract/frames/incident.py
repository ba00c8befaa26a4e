"""Incidents: acts of repression, found by what meets in a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..tokens import Token
from ..view import Draft, View

Match = re.Match[str]


COUNTED_ACTS = {"persons_returned", "plots", "incidents"}  # figures beside which the counted act is no incident


def incidents(view: View, prosecuted: bool) -> Iterator[Draft]:
    """Acts of repression: method words and those they fall on, in a clause that a state or a station stands behind.

    The most serious method of a clause is the claim's, the others are ``also`` (codebook, "incident"). ``prosecuted``:
    the sentence tells of an arrest, a charge or a conviction by the host, so "arrested" and "jailed" are no repression.
    """
    if not view.strong_document and not view.named_accused:
        return
    seen: set[tuple[int, int]] = set()
    for at, _ in view.tokens("T"):
        low, high = view.clause(at)
        if (low, high) in seen:
            continue
        hits = [
            (m.start(), m.end(), name)
            for name, pattern in view.pack.methods.items()
            for m in pattern.finditer(view.text, low, high)
            if not (prosecuted and name == "detention")
        ]
        if not hits:
            continue
        seen.add((low, high))
        start, end = min(h[0] for h in hits), max(h[1] for h in hits)
        crowd = [(a, t) for a, t in view.tokens("T", low, high) if a - end < 60 and start - a < 90]
        if not crowd or view.has("{negation}", max(low, start - 25), start):
            continue
        if view.has("{ordinary}", low, high) or _denied(view, low, start) or view.figures & COUNTED_ACTS:
            continue
        origin, first = _origin(view, low, high, start)
        if {h[2] for h in hits} <= {"detention"} and (
            first > start or any(c != origin for _, t in view.tokens("GBC", low, high) for c in view.country_codes(t))
        ):
            continue
        if not origin or (view.hypothetical(start, end) and not view.has("{instrument}", low, start)):
            continue
        if all(t.data.get("target") == "none" for _, t in crowd) and (
            first < 0 or {h[2] for h in hits} <= {"intimidation", "detention"}
        ):
            continue
        first = max(first, low) if first >= 0 else start
        yield from _incident(view, hits, crowd, origin, min(first, start, crowd[0][0]), max(end, crowd[-1][0] + 1))


def _denied(view: View, low: int, start: int) -> bool:
    """Whether a clause denies what follows; "rejected the claim that …" still tells the claim."""
    denied = view.has("{deny}", low, start + 12)
    return bool(denied and not view.has("{claim_noun} (?:made )?(?:by [^;]{1,30} )?that", denied.end(), start))


def _origin(view: View, low: int, high: int, start: int) -> tuple[str | None, int]:
    """The state behind what a clause tells, and where it is named."""
    for at, token in view.tokens("GCPAS", low, high):
        codes = [token.data.get("capital")] if token.kind == "P" else list(token.values)
        named = next((c for c in codes if c in view.memory.accused_all), None)
        if named and (token.kind != "A" or at < start):
            return named, at
    for at, _ in view.stations:
        if low <= at < high:
            return view.accused, at
    if (
        view.has(r"(?:they|these|it|them|which|that|the latter|agents|operatives|<B>|the <O>)", low, high)
        and view.topical_before
    ):
        return view.accused, -1
    return None, start


def _incident(
    view: View, hits: list[tuple[int, int, str]], crowd: list[tuple[int, Token]], origin: str, start: int, end: int
) -> Iterator[Draft]:
    order = list(view.pack.methods)
    methods = sorted({h[2] for h in hits}, key=order.index)
    pattern_word = view.has("{several_people}", start, end)
    people = crowd[0][1]
    counted = view.has("<n:N> (?:[^ ;]{1,15} ){0,2}<T>", max(0, start - 2), end + 1)
    number = view.line.token(counted.start("n")) if counted else None
    single = (
        bool(view.has(r"(?:a|an|one|the) (?:[^ ;]{1,15} ){0,3}<T>", max(0, start - 2), end + 1)) and not pattern_word
    )
    plural = (
        view.text_of(people)
        .casefold()
        .rstrip()
        .endswith(("s", "people", "diaspora", "dissent", "women", "men", "chinese"))
    )
    case = bool(number and number.data["value"] < 100) or (single and not plural)
    hosts: list[tuple[str | None, str | None, tuple[int, int] | None]] = []
    for at, token in view.tokens("CP", max(0, start - 40), end + 50):
        before = view.text[:at].rstrip().rsplit(" ", 3)[-3:]
        if not set(before) & view.pack.sets["location_word"]:
            continue
        codes = view.country_codes(token)
        if not codes or origin in codes:
            continue
        codes = codes if len(codes) == len(token.members) else codes[:1] * len(token.members)
        city = token.kind == "P"
        hosts = [(c, m.value if city else None, (m.start, m.end)) for c, m in zip(codes, token.members, strict=True)]
        end = max(end, at + 1)
        break
    region = next((t.values[0] for at, t in view.tokens("R", start, end + 40) if not t.data.get("adjective")), None)
    if not hosts:
        wide = view.has("{generic_abroad}", start, end + 40) or not case
        hosts = [(region or ("world" if wide else view.host_then), None, None)]
    target = next((t.data["target"] for _, t in crowd if t.data.get("target") not in (None, "none", "family")), None)
    count = number.data["value"] if number and case else (1 if case and not plural else None)
    when = (
        next((str(t.data["edtf"]) for _, t in view.tokens("D", start - 30, end + 30)), None)
        if case and not view.has("{convicting}")
        else None
    )
    inside = view.source(start, end)
    for host, place, anchor in hosts:
        slots: dict[str, Any] = {
            "method": methods[0], "also": methods[1:], "host": host, "origin": origin, "target": target,
            "level": "case" if case else "pattern", "place": place if case else None,
            "count": count if len(hosts) == 1 else None,
        }  # fmt: skip
        keep = anchor if len(hosts) > 1 and anchor and inside[0] <= anchor[0] and anchor[1] <= inside[1] else None
        yield Draft("incident", slots, start, end, max(start, hits[0][0]), "incident." + methods[0], keep, when=when)
