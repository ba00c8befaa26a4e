"""The response ladder: how far a host state went, how long each step took, and what nothing found means.

Silence is never an act: a state without a step has "no public record found up to" a date, which is the day on which the
newest source was obtained, and the claims of those who say that it was silent stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from safeconduct.claims import parse_edtf

from .statements import Statement

Entry = dict[str, Any]
NO_STEP = "no_response"  # somebody says that nothing was done: never counted as an act
LADDER = (  # from the mildest step to the gravest; our own order, no published list exists
    "statement_of_concern", "diplomatic_contact", "information_request", "monitoring", "hearing", "summons",
    "protest_note", "investigation", "search", "protective_measure", "legislation", "cooperation_suspended",
    "sanctions", "cease_and_desist", "closure_order", "expulsion", "arrest", "charge", "guilty_plea", "conviction",
)  # fmt: skip
OUTCOMES = ("no_wrongdoing_found", "no_charge")  # how an inquiry ended: shown beside the furthest step, no rungs


def step(s: Statement) -> tuple[str, str]:
    """The step that a response tells of: the action, and whether it is said or denied."""
    return s.claim.slots.action, s.claim.attribution.stance  # type: ignore[attr-defined]


def earliest(told: Sequence[Statement]) -> str:
    """The first date of a step: when it happened, else when it was said."""
    return min((s.claim.when or s.said for s in told), key=lambda d: d.removeprefix("../"))


def gravest(acts: Sequence[Entry]) -> Entry | None:
    """The gravest of some steps; of several that are alike the first. None where there is no rung of the ladder among them."""
    return max((s for s in acts if s["action"] in LADDER), key=lambda s: LADDER.index(s["action"]), default=None)


@dataclass(frozen=True)
class Searched:
    """Up to when a register looked for steps: ``up_to`` is the day asked for, ``last`` that of the newest source (None: no
    source)."""

    up_to: date
    last: str | None

    def climbed(self, entry: Entry, first: date | None) -> Entry:
        """An entry of the responses with what the ladder says of it; ``first`` is the day of the first claim of a station.

        It gets ``first_report`` (that day), ``furthest`` (an action or None) and ``silence``: None, or ``up_to``,
        ``last_searched`` and the ``claims`` that say that the state was silent. Each step gets ``days_after_first_report``:
        the fewest and the most days that its date allows, or None.
        """
        acts = [s for s in entry["steps"] if s["action"] != NO_STEP and s["stance"] == "asserts"]
        silent = [c for s in entry["steps"] if s["action"] == NO_STEP for c in s["claims"]]
        furthest = gravest(acts)
        silence = {"up_to": self.up_to.isoformat(), "last_searched": self.last, "claims": silent}
        own = ("country", "about", "steps", "claims")
        return {
            **{name: entry[name] for name in own},
            "steps": [s | {"days_after_first_report": _days(first, s["date"])} for s in entry["steps"]],
            "first_report": first.isoformat() if first else None, "furthest": furthest["action"] if furthest else None,
            "silence": None if acts else silence,
            **{name: value for name, value in entry.items() if name not in own},
        }  # fmt: skip


def _days(first: date | None, when: str) -> list[int] | None:
    step = parse_edtf(when)
    if not first or not step.earliest or not step.latest:
        return None
    return [(step.earliest - first).days, (step.latest - first).days]
