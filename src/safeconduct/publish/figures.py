"""Which figures stand on the front page, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from safeconduct.claims import PUBLISHER, UNSPECIFIED, parse_edtf
from safeconduct.register import meet, number_reach

Entry = dict[str, Any]
HEADLINES = (
    "stations", "countries", "persons_returned", "incidents", "origin_states", "persons_targeted", "plots",
    "countries_investigating", "staff",
)
RULE = (
    "For each measure, worldwide and not limited to one operator, the asserter whose figures stand in the most sources "
    "(then in the most claims) leads; named asserters come before unnamed ones and before a source's own voice. Of its "
    "figures the one first said latest is shown; of several first said on one day, an exact number before a bound, then the "
    "one with more claims, then the larger. All other figures stand beside it: none is dropped and none is added up."
)
RELATIONS = {
    "earlier": "Earlier figure by the same asserter", "same": "Also given by the same asserter",
    "period": "For another period", "agrees": "In agreement", "differs": "Different figure",
}


@dataclass(frozen=True)
class Headline:
    """A figure of the register for the front page, with the others of its measure and how they relate to it."""

    measure: str
    entry: Entry
    beside: tuple[tuple[str, Entry], ...]


def headlines(figures: Iterable[Entry]) -> list[Headline]:
    """The front page's figures, after RULE."""
    found: dict[str, list[Entry]] = {}
    for f in figures:
        plain = f["scope"] == "world" and not (f["place"] or f["operator"] or f["status"])
        if plain and f["stance"] == "asserts" and f["measure"] in HEADLINES:
            found.setdefault(f["measure"], []).append(f)
    return [_headline(m, found[m]) for m in HEADLINES if m in found]


def _headline(measure: str, entries: list[Entry]) -> Headline:
    by: dict[str, list[Entry]] = {}
    for entry in entries:
        by.setdefault(entry["asserted_by"], []).append(entry)

    def weight(asserter: str) -> tuple[bool, int, int, str]:
        sources = {a["source"] for e in by[asserter] for a in e["assertions"]}
        unnamed = asserter in (PUBLISHER, UNSPECIFIED)
        return unnamed, -len(sources), -sum(len(e["claims"]) for e in by[asserter]), asserter

    own = by[min(by, key=weight)]
    lead = min(own, key=lambda e: (-day(e["first_said"]).toordinal(), e["qualifier"] != "exact", -len(e["claims"]),
                                   -e["value"], e["claims"][0]))
    others = [(relation(e, lead), e) for e in entries if e is not lead]
    order = list(RELATIONS)
    others.sort(key=lambda o: (order.index(o[0]), day(o[1]["first_said"]), o[1]["value"], o[1]["claims"][0]))
    return Headline(measure, lead, tuple(others))


def relation(other: Entry, lead: Entry) -> str:
    """How another figure of the measure relates to the one shown: a key of RELATIONS."""
    periods = [{a["when"] for a in e["assertions"]} for e in (other, lead)]
    if None not in periods[0] | periods[1] and not periods[0] & periods[1]:
        return "period"
    if other["value"] == lead["value"] and agree(other, lead):
        return "agrees"
    if other["asserted_by"] == lead["asserted_by"] and day(other["first_said"]) < day(lead["first_said"]):
        return "earlier"
    if agree(other, lead):
        return "agrees"
    return "same" if other["asserted_by"] == lead["asserted_by"] else "differs"


def agree(one: Entry, other: Entry) -> bool:
    """Whether both figures can be true at once: "more than 100" and 102 agree."""
    first, second = (number_reach(float(e["value"]), e["qualifier"]) for e in (one, other))
    return meet(first, second)


def day(edtf: str) -> date:
    """The last day a date can mean; dates without one sort first."""
    return parse_edtf(edtf).latest or date.min
