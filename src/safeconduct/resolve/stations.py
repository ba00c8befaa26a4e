"""Which mentions of sites may be of one: by country, by names of the city and of the police force in any script, by year.

Goes country by country and compares names, not mentions, so that hundreds of thousands of mentions can be gone through; what it
holds is each mention's id and dates. A mention that leaves the force out is suggested with those of the only force named in its
city, or of the only one whose date agrees; one that leaves the city out with those in the only city where its force is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from safeconduct.claims import country_name, parse_edtf

from .bodies import force
from .names import Reason, misspellings, place_key, same_place
from .placenames import senses
from .romanise import HAN, compact, pinyin, plain

SPELLINGS = 150  # under one key; above that it says nothing
CROWDED = 50  # mentions in each of two cells: where pairs of more than so many meet, each only meets the first of the others
Entry = Mapping[str, Any]
Mention = tuple[str, tuple[str, ...]]  # id, dates of opening
Cells = dict[tuple[str, str], list[Mention]]  # the mentions of a city (or "") by a force (or "")
Alike = dict[str, dict[str, str]]  # a name → those that can be of the same, itself among them, with the reason


def same_sites(sites: Iterable[Entry]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Pairs of ids, the smaller first, of mentions that may be of one site, each with its reasons; by country, once each.

    An entry has ``id``, ``country``, ``place``, ``operator`` and ``opened`` (a list of EDTF dates).
    """
    lands: dict[str, Cells] = defaultdict(lambda: defaultdict(list))
    for e in sites:
        lands[e["country"]][e["place"] or "", e["operator"] or ""].append((str(e["id"]), tuple(e["opened"])))
    kin = _alike({named for cells in lands.values() for _, named in cells} - {""}, _force_key, same_force)
    for country in sorted(lands):
        yield from _Land(country, lands.pop(country), *kin).pairs()


def same_force(a: str, b: str) -> Reason | None:
    """Why two names can be of one police force: of one organ's office in one town, where a bare town stands for its force."""
    if plain(a) == plain(b):
        return Reason("same-name", f"both are linked to {a}")
    (organ, state, town), (other, other_state, other_town) = force(a), force(b)
    if organ and other and (organ, state) != (other, other_state):
        return None
    reason = same_place(town, other_town, state or other_state)
    if reason and reason.rule == "same-name":
        return Reason("force", f"{a} and {b} name the same town's police.")
    return reason


def _force_key(name: str) -> frozenset[str]:
    _, state, town = force(name)
    return place_key(town, state)


def force_town(name: str) -> str:
    """What the town of a police force most likely is: equal for names of one force, and never for storage."""
    _, state, town = force(name)
    return place_base(town, state)


def place_base(name: str, country: str | None = None) -> str:
    """The likeliest of the places that ``name`` can stand for: equal for names of one place, and never for storage."""
    found = senses(name, country)
    return found[0].base if found else name


def spelling(name: str) -> str:
    """A name in Latin letters without accents and spaces; Chinese in pinyin."""
    return pinyin(name) if HAN.search(name) else compact(name)


def apart(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether no date of one list can be the same day as any of the other; empty lists say nothing."""
    return bool(one and other) and not any(_meet(a, b) for a in one for b in other)


@lru_cache(maxsize=65536)
def _meet(one: str, other: str) -> bool:
    a, b = parse_edtf(one), parse_edtf(other)
    return (a.latest is None or b.earliest is None or b.earliest <= a.latest) and (
        b.latest is None or a.earliest is None or a.earliest <= b.latest
    )


def _alike(
    names: Iterable[str], keys: Callable[[str], Iterable[str]], compare: Callable[[str, str], Reason | None]
) -> tuple[Alike, dict[str, str]]:
    """Which of ``names`` can be of one thing, and for each the first of all that such reasons connect it with."""
    found: Alike = {name: {name: ""} for name in names}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(found):
        for key in {*keys(name), *misspellings(name)}:
            groups[key].append(name)
    seen: set[tuple[str, str]] = set()
    for some in groups.values():
        if len(some) > SPELLINGS:
            continue
        for n, one in enumerate(some):
            for other in some[n + 1 :]:
                if (one, other) in seen:
                    continue
                seen.add((one, other))
                if reason := compare(one, other):
                    found[one][other] = found[other][one] = reason.sentence
    first: dict[str, str] = {}
    for name in sorted(found):
        reached = [] if name in first else [name]
        while reached:
            one = reached.pop()
            if first.setdefault(one, name) == name:
                reached += [other for other in found[one] if other not in first]
    return found, first


class _Land:
    """One country's mentions, by city and force."""

    def __init__(self, country: str, cells: Cells, kin: Alike, force: Mapping[str, str]) -> None:
        self.cells, self.name, self.kin, self.force = cells, country_name(country), kin, force
        places = {place for place, _ in cells} - {""}
        self.near, self.city = _alike(places, lambda p: place_key(p, country), lambda a, b: same_place(a, b, country))
        self.forces_at: dict[str, list[str]] = defaultdict(list)
        self.places_of: dict[str, list[str]] = defaultdict(list)
        for place, named in sorted(cells):
            self.forces_at[place].append(named)
            self.places_of[named].append(place)

    def pairs(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """All pairs of the country, each once."""
        for cell in sorted(self.cells):
            place, named = cell
            if place and named:
                for other, where in self.near[place].items():
                    for kin in self.forces_at[other]:
                        if (other, kin) >= cell and (why := self.kin[named].get(kin)) is not None:
                            why_here = (where or f"both are in {place}", why or f"both are linked to {named}")
                            yield from self._meet(cell, (other, kin), why_here)
            elif place:
                yield from self._without_force(place)
            elif named:
                yield from self._without_city(named)

    def _without_force(self, place: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        near = self.near[place]
        there = [(other, named) for other in near for named in self.forces_at[other]]
        teams = defaultdict(list)
        for other, named in there:
            if named:
                teams[self.force[named]].append((other, named))
        for other, named in there:
            where = near[other] or f"both are in {place}"
            if not named and other >= place:
                if len(teams) < 2:
                    yield from self._meet((place, ""), (other, ""), (where, "neither names a police force"))
            elif named and len(teams) == 1:
                why = f"one names no police force, the other {named}, the only one named in {place}"
                yield from self._meet((place, ""), (other, named), (where, why))
        if len(teams) > 1:
            yield from self._dated(place, teams)

    def _dated(
        self, place: str, teams: Mapping[str, Sequence[tuple[str, str]]]
    ) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Mentions without a force in a city of several, whose date agrees with what is said of one force only."""
        for mention in self.cells[place, ""]:
            fitting = [
                cells for cells in teams.values()
                if mention[1] and any(m[1] and not apart(m[1], mention[1]) for c in cells for m in self.cells[c])
            ]  # fmt: skip
            for other, named in fitting[0] if len(fitting) == 1 else ():
                where = self.near[place][other] or f"both are in {place}"
                why = f"one names no police force, and the date that it gives only fits {named}"
                yield from _between([mention], self.cells[other, named], (where, why))

    def _without_city(self, named: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        kin = self.kin[named]
        there = [(place, other) for other in kin for place in self.places_of.get(other, ())]
        towns = {self.city[place] for place, _ in there if place}
        for place, other in there:
            why = kin[other] or f"both are linked to {named}"
            if not place and other >= named:
                if len(towns) < 2:
                    yield from self._meet(("", named), ("", other), (why, "neither names a city"))
            elif place and len(towns) == 1:
                where = f"one names no city, the other {place}, the only one in {self.name} where that force is named"
                yield from self._meet(("", named), (place, other), (why, where))

    def _meet(
        self, one: tuple[str, str], other: tuple[str, str], because: tuple[str, ...]
    ) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        yield from _between(self.cells[one], self.cells[other], because)


def _between(
    some: Sequence[Mention], others: Sequence[Mention], because: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Pairs of the mentions of two names, or of one with itself; of very many each only meets the first of the others."""
    crowded, itself = len(some) * len(others) > CROWDED**2, some is others
    for n, (a, opened) in enumerate(some):
        met = others[n + 1 :] if itself else others
        if crowded and n:
            met = [] if itself else others[:1]
        for b, other in met:
            if a != b and not apart(opened, other):
                dates = ("their dates of opening can be the same",) if opened and other else ()
                yield (*sorted((a, b)), (*because, *dates))  # type: ignore[misc]
