"""The response ladder: how far a host state went, how long each step took, and what nothing found means.

Silence is never an act: a state without a step has "no public record found up to" a date, which is the day on which the
newest source was obtained, and the claims of those who say that it was silent stand beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from safeconduct.claims import Figure, Response, Site, parse_edtf
from safeconduct.claims.places import is_country

from .compared import first_day
from .statements import Statement

Entry = dict[str, Any]
NO_STEP = "no_response"  # somebody says that nothing was done: never counted as an act
LADDER = (  # from the mildest step to the gravest; our own order, no published list exists
    "statement_of_concern", "diplomatic_contact", "information_request", "monitoring", "hearing", "summons",
    "protest_note", "investigation", "search", "protective_measure", "legislation", "cooperation_suspended",
    "sanctions", "cease_and_desist", "closure_order", "expulsion", "arrest", "charge", "guilty_plea", "conviction",
)  # fmt: skip
OUTCOMES = ("no_wrongdoing_found", "no_charge")  # how an inquiry ended: shown beside the furthest step, no rungs


def climb(entries: list[Entry], statements: Sequence[Statement], as_of: date) -> list[Entry]:
    """The entries of the responses with what the ladder says of them, and one without steps for every host state with
    stations that nothing is recorded of: it rests on the claims of the stations.

    Each gets ``first_report`` (day of the first claim of a station there, or None), ``furthest`` (an action or None) and
    ``silence``: None, or ``up_to`` (the day asked for), ``last_searched`` (the day of the newest source) and the
    ``claims`` that say that the state was silent. Each step gets ``days_after_first_report``: the fewest and the most
    days that its date allows, or None.
    """
    stations = _stations(statements)
    reported = {host: first_day(claims) for host, claims in stations.items()}
    searched = max((s.source.obtained_at[:10] for s in statements), default=None)
    known = {e["country"] for e in entries}
    accused = Counter(s.claim.slots.about for s in statements if isinstance(s.claim.slots, Response))
    about = min(accused, key=lambda a: (-accused[a], a), default="CN")
    without = [
        {"country": host, "about": about, "steps": [], "claims": [s.claim.id for s in stations[host]]}
        for host in sorted(set(stations) - known)
    ]
    for entry in (*entries, *without):
        first = reported.get(entry["country"])
        acts = [s for s in entry["steps"] if s["action"] != NO_STEP and s["stance"] == "asserts"]
        for step in entry["steps"]:
            step["days_after_first_report"] = _days(first, step["date"])
        rungs = [s["action"] for s in acts if s["action"] in LADDER]
        silent = [c for s in entry["steps"] if s["action"] == NO_STEP for c in s["claims"]]
        entry["first_report"] = first.isoformat() if first else None
        entry["furthest"] = max(rungs, key=LADDER.index, default=None)
        entry["silence"] = (
            None if acts else {"up_to": as_of.isoformat(), "last_searched": searched, "claims": silent}
        )
    return sorted([*entries, *without], key=lambda e: (e["country"], e["about"]))


def _stations(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    """Host state → the claims that there is a station."""
    found: dict[str, list[Statement]] = {}
    for s in statements:
        slots = s.claim.slots
        if isinstance(slots, Site):
            host = slots.country
        elif isinstance(slots, Figure) and slots.measure == "stations":
            host = slots.scope
        else:
            continue
        if not s.denies and is_country(host):
            found.setdefault(host, []).append(s)
    return found


def _days(first: date | None, when: str) -> list[int] | None:
    step = parse_edtf(when)
    if not first or not step.earliest or not step.latest:
        return None
    return [(step.earliest - first).days, (step.latest - first).days]
