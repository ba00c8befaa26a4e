"""The reasoning behind a registered thing, as short sentences that a reader can follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from safeconduct.claims import asserter_name

from .compared import Contradiction
from .sections import Entry
from .statements import Statement

RULE = {
    "alleged": "one voice says it",
    "corroborated": "independent voices say it",
    "acknowledged": "an organ of the host state itself says it",
    "adjudicated": "a court found it, or somebody pleaded guilty to it",
    "retracted": "every claim that supported it was withdrawn",
}


def explain(
    name: str,
    entries: Mapping[str, Sequence[Entry]],
    statements: Mapping[str, Statement],
    contradictions: Sequence[Contradiction],
    retracted: Sequence[Statement],
) -> list[dict[str, Any]]:
    """For every thing whose id, or that of a claim of it, begins with ``name``: ``thing``, ``section``, ``title``,
    ``standing``, ``disputed``, ``reasons`` (sentences), ``claims`` and ``contradictions``. Empty when there is none."""
    found = []
    for section, some in entries.items():
        for entry in some:
            if entry["id"].startswith(name) or any(c.startswith(name) for c in entry["claims"]):
                found.append(_entry(section, entry, statements, contradictions))
    for s in retracted:
        if s.claim.id.startswith(name):
            why = f": {s.decision.why}" if s.decision and s.decision.why else ""
            at = s.decision.at[:10] if s.decision else "an unknown day"
            found.append(
                {
                    "thing": s.claim.id, "section": "retracted", "title": f"{s.claim.id}: retracted", "standing": "retracted",
                    "disputed": False, "reasons": [f"It was withdrawn on {at}{why}."], "claims": [s.claim.id],
                    "contradictions": [],
                }
            )  # fmt: skip
    return found


def _entry(
    section: str, entry: Entry, statements: Mapping[str, Statement], contradictions: Sequence[Contradiction]
) -> dict[str, Any]:
    standing, voices = entry["standing"], entry["origins"]
    number = f"{len(voices)} voice{'s' if len(voices) != 1 else ''} in {len(entry['claims'])} claims"
    reasons = [f"{standing.capitalize()}, because {RULE[standing]}: {number}."]
    reasons += [f"Voice {n}: {v['why']}. ({len(v['claims'])})" for n, v in enumerate(voices, 1)]
    if standing in ("acknowledged", "adjudicated"):
        reasons.append(f"Carried by {', '.join(entry['standing_claims'])}.")
    for claim in entry["disputed_by"]:
        if s := statements.get(claim):
            reasons.append(f"Disputed by {asserter_name(s.asserter, s.source.publisher)}: “{s.claim.quote}” ({claim}).")
    own = set(entry["claims"])
    beside = [c for c in contradictions if any(own & set(side.claims) for side in c.sides)]
    for c in beside:
        sides = " against ".join(f"{side.value} ({asserter_name(side.asserter)})" for side in c.sides)
        reasons.append(f"{c.type.replace('_', ' ').capitalize()} on the {c.topic}: {sides}.")
    title = ", ".join(str(v) for k, v in entry.items() if k in TITLE and v)
    return {
        "thing": entry["id"], "section": section, "title": f"{entry['id']} {section}: {title}", "standing": standing,
        "disputed": entry["disputed"], "reasons": reasons, "claims": entry["claims"],
        "contradictions": [c.id for c in beside],
    }  # fmt: skip


TITLE = ("measure", "value", "country", "about", "place", "operator", "scope", "actor", "name", "role", "method", "host",
         "origin", "party", "position", "ask", "author", "published", "title", "type", "asserted_by")  # fmt: skip
