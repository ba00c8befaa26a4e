"""What a country's page says: the response ladder, its sites, the positions beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from safeconduct.register import gravest

from .index import Country
from .labels import NO_STEP, OUTCOMES

Entry = dict[str, Any]


@dataclass(frozen=True)
class Ladder:
    """What a state did about one accused state. ``steps`` are acts, oldest first; ``denied`` acts that somebody says did
    not happen; ``silent`` entries in which somebody says that there was no response, which is never an act."""

    about: str
    steps: list[Entry]
    denied: list[Entry]
    silent: list[Entry]
    searched: str | None  # the day of the newest source, where no act is known


def ladders(country: Country) -> list[Ladder]:
    """The response ladders of a country, one for each accused state."""
    found = []
    for entry in country.of("responses"):
        if entry["country"] != country.code:
            continue
        steps = [s for s in entry["steps"] if s["action"] != NO_STEP]
        found.append(
            Ladder(
                entry["about"],
                [s for s in steps if s["stance"] == "asserts"],
                [s for s in steps if s["stance"] == "denies"],
                [s for s in entry["steps"] if s["action"] == NO_STEP],
                entry["silence"]["last_searched"] if entry["silence"] else None,
            )
        )
    return found


def furthest(country: Country) -> tuple[Entry | None, list[Entry]]:
    """The furthest step on any of the country's ladders, and the outcomes (such as "no charges") that stand beside it.

    Each carries ``about``, the accused state.
    """
    steps = [step | {"about": ladder.about} for ladder in ladders(country) for step in ladder.steps]
    return gravest(steps), [s for s in steps if s["action"] in OUTCOMES]


def own_sites(country: Country) -> list[Entry]:
    """The sites in the country."""
    return [e for e in country.of("sites") if e["country"] == country.code]


def places(country: Country) -> list[Entry]:
    """The sites in the country that have a place."""
    return [e for e in own_sites(country) if e["place"]]


def hosted(country: Country, section: str) -> list[Entry]:
    """Entries of a section in which the country is host or scope (incidents, operators, figures)."""
    slot = "host" if section == "incidents" else "scope"
    return [e for e in country.of(section) if e.get(slot) == country.code]


def abroad(country: Country) -> list[Entry]:
    """Incidents elsewhere for which the country is named as the state of origin."""
    return [e for e in country.of("incidents") if e["origin"] == country.code and e["host"] != country.code]


def accused(country: Country) -> list[Entry]:
    """Positions of other parties that answer claims about the country, denials first."""
    found = [e for e in country.of("positions") if e["party"] != country.code]
    return sorted(found, key=lambda e: e["position"] != "denial")


def is_host(country: Country) -> bool:
    """Whether anything is said to be, or to have happened, in the country, or its authorities to have answered it."""
    stations = any(e["measure"].startswith("stations") for e in hosted(country, "figures"))
    return bool(own_sites(country) or ladders(country) or hosted(country, "incidents") or stations)


def own_positions(country: Country) -> list[Entry]:
    """What the country says of itself."""
    return [e for e in country.of("positions") if e["party"] == country.code]
