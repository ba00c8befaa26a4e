"""What changed between two states of the register, and which decisions changed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .compute import Register
from .sections import Entry
from .statements import Decision


@dataclass(frozen=True)
class Change:
    """One thing that changed: ``what`` is new, gone, retracted, standing or (only claims came or went) support;
    ``before`` and ``after`` are its standings, None where it was not there; ``because`` are the decisions on its claims."""

    what: str
    section: str
    thing: str
    before: str | None
    after: str | None
    claims: tuple[str, ...]
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """One JSON object."""
        return {
            "what": self.what, "section": self.section, "thing": self.thing, "before": self.before, "after": self.after,
            "claims": list(self.claims), "because": list(self.because),
        }  # fmt: skip


def changes(before: Register, after: Register, decisions: Iterable[Decision]) -> list[Change]:
    """Things that are in one register and not in the other, or that stand otherwise, in the order of the sections.

    ``decisions`` are those made between the two; they are given as the reason where they concern the claims.
    """
    why: dict[str, list[str]] = {}
    for d in decisions:
        why.setdefault(d.claim, []).append(f"{d.act} {d.claim} on {d.at[:10]}" + (f": {d.why}" if d.why else ""))
    withdrawn = {s.claim.id for s in after.retracted}
    found = []
    for section in after.entries:
        old, new = ({e["id"]: e for e in r.entries[section]} for r in (before, after))
        for thing in sorted(old.keys() | new.keys()):
            was, now = old.get(thing), new.get(thing)
            claims = sorted(set(was["claims"] if was else ()) ^ set(now["claims"] if now else ()))
            standings = [_standing(e) for e in (was, now)]
            if standings[0] == standings[1] and not claims:
                continue
            what = "standing" if standings[0] != standings[1] else "support"
            if was is None:
                what = "new"
            elif now is None:
                what = "retracted" if set(was["claims"]) <= withdrawn else "gone"
            standings[1] = "retracted" if what == "retracted" else standings[1]
            because = tuple(dict.fromkeys(w for c in claims for w in why.get(c, ())))
            found.append(Change(what, section, thing, standings[0], standings[1], tuple(claims), because))
    return found


def _standing(entry: Entry | None) -> str | None:
    if entry is None:
        return None
    return f"{entry['standing']}, disputed" if entry["disputed"] else str(entry["standing"])
