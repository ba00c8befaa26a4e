"""The life of a site: not one status but what was said of it, in the order in which it happened or was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safeconduct.claims import Site, parse_edtf

from .statements import Statement

EVENTS = ("opened", "reported", "ordered_closed", "claimed_closed", "reported_active", "reported_still_active")


def timeline(own: Sequence[Statement], orders: Sequence[Statement] = ()) -> list[dict[str, Any]]:
    """The events of one site, each with ``date`` (EDTF), ``event``, ``asserted_by`` and ``claims``.

    ``own`` are the claims about the site, ``orders`` responses that order a closure in its city. Events
    are *opened*, *reported* (the first claim of it), *ordered_closed*, *claimed_closed*, *reported_active* and, where
    somebody says that it is active after it was said to be closed, *reported_still_active*.
    """
    if not own:
        return []
    events: dict[tuple[str, str, str], list[str]] = {}
    first = min(own, key=lambda s: (s.said_by, s.claim.id))
    closed: list[str] = []
    for s in sorted(own, key=lambda s: (s.said_by, s.claim.id)):
        site = s.claim.slots
        assert isinstance(site, Site)
        if s.denies:
            continue
        if site.opened:
            events.setdefault((site.opened, "opened", s.asserter), []).append(s.claim.id)
        if s is first:
            events.setdefault((s.said, "reported", s.asserter), []).append(s.claim.id)
        if site.status == "closed":
            closed.append(s.claim.id)
            events.setdefault((s.claim.when or s.said, "claimed_closed", s.asserter), []).append(s.claim.id)
        elif site.status == "ordered_closed":
            events.setdefault((s.claim.when or s.said, "ordered_closed", s.asserter), []).append(s.claim.id)
        elif site.status == "active" and (closed or s is not first):
            event = "reported_still_active" if closed else "reported_active"
            events.setdefault((s.said, event, s.asserter), []).append(s.claim.id)
    for s in orders:
        events.setdefault((s.claim.when or s.said, "ordered_closed", s.asserter), []).append(s.claim.id)
    return [
        {"date": when, "event": event, "asserted_by": who, "claims": claims}
        for (when, event, who), claims in sorted(events.items(), key=lambda e: (_order(e[0][0]), e[0]))
    ]


def _order(when: str) -> str:
    day = parse_edtf(when)
    return str(day.earliest or day.latest or "")
