"""Standing: how well a registered thing is supported. Rules version 1.

===============  ====================================================================================================
alleged          one voice says it (see ``origins``); or only unnamed sources do
corroborated     two or more independent voices say it
acknowledged     an organ of the host state itself says it: of the country of a site, of the host of an incident, of the
                 scope of a figure or an operator, of the country of a response, of any party to an agreement
adjudicated      a court found it or somebody pleaded guilty to it: a response *conviction* or *guilty_plea* by the host
                 state that names the same city; or such a step of a response itself
retracted        every claim that supported it was withdrawn
===============  ====================================================================================================

The strongest one holds. *Disputed* stands beside it: somebody denies the same thing, or the accused or host state takes a
position that answers it in the same source (``DENIALS``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.claims import Claim, Position, Response

from .origins import Origin, Relations, origins, place_name, thing
from .statements import Statement

STANDING_RULES = "1"  # the version of these rules; a published register names it
STANDINGS = ("retracted", "alleged", "corroborated", "acknowledged", "adjudicated")  # weakest first
FINDINGS = ("conviction", "guilty_plea")

HOST = {"site": "country", "response": "country", "incident": "host", "figure": "scope", "operator": "scope"}

# Position → the kinds of claim that it denies, and a slot that must have a value for it to do so.
DENIALS: dict[str, tuple[tuple[str, str, object], ...]] = {
    "denial": (("figure", "", None), ("site", "", None), ("incident", "", None), ("operator", "", None)),
    "smear_accusation": (("figure", "", None), ("site", "", None), ("incident", "", None)),
    "not_acknowledged": (("figure", "", None), ("site", "", None), ("incident", "", None)),
    "administrative_services": (("incident", "", None),),
    "volunteers": (("operator", "actor", "hired_staff"), ("operator", "actor", "police_authority")),
    "claims_closed": (("site", "status", "active"), ("figure", "status", "active")),
}


@dataclass(frozen=True)
class Standing:
    """The standing of a thing: the claims that carry it, the voices behind it, and the claims that dispute it."""

    standing: str
    claims: tuple[str, ...]
    origins: tuple[Origin, ...]
    disputed_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields that every entry of the register carries."""
        return {
            "standing": self.standing,
            "standing_claims": list(self.claims),
            "origins": [{"asserter": o.asserter, "claims": list(o.claims), "why": o.why} for o in self.origins],
            "disputed": bool(self.disputed_by),
            "disputed_by": list(self.disputed_by),
        }


class Evidence:
    """What standings are judged by: all claims of a register, indexed once."""

    def __init__(self, statements: Sequence[Statement], known: Relations) -> None:
        self.known = known
        self._denied: Mapping[object, list[Statement]] = defaultdict(list)
        self._positions: Mapping[str, list[Statement]] = defaultdict(list)  # by source
        self._findings: Mapping[tuple[str, str], list[Statement]] = defaultdict(list)  # by country and city
        accused: set[str] = set()
        for s in statements:
            slots, said = s.claim.slots, s.claim.attribution
            if said.stance == "denies":
                self._denied[_without_area(s.claim)].append(s)
            elif isinstance(slots, Position) and slots.position in DENIALS:
                self._positions[s.source.id].append(s)
            elif isinstance(slots, Response):
                accused.add(slots.about)
                if slots.action in FINDINGS and slots.place:
                    self._findings[slots.country, place_name(slots.place, slots.country) or ""].append(s)
            accused |= {o} if (o := getattr(slots, "origin", None)) else set()
        self.accused = frozenset(accused)

    def judge(self, statements: Sequence[Statement]) -> Standing:
        """The standing of one thing from the claims about it, denials among them."""
        support = [s for s in statements if not s.denies]
        voices = tuple(origins(support, self.known))
        disputes = tuple(dict.fromkeys(s.claim.id for s in self._disputes(statements)))
        if found := self._adjudicated(support):
            return Standing("adjudicated", found, voices, disputes)
        hosts = {f"state:{h}" for s in support for h in hosts_of(s.claim)}
        if own := tuple(s.claim.id for s in support if s.asserter in hosts):
            return Standing("acknowledged", own, voices, disputes)
        carried = tuple(c for o in voices for c in o.claims)
        return Standing("corroborated" if len(voices) > 1 else "alleged", carried, voices, disputes)

    def _adjudicated(self, support: Sequence[Statement]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for s in support:
            slots = s.claim.slots
            if isinstance(slots, Response):
                found |= {s.claim.id: None} if slots.action in FINDINGS else {}
            elif s.claim.kind in ("site", "incident") and (place := getattr(slots, "place", None)):
                for host in hosts_of(s.claim):
                    for finding in self._findings.get((host, place_name(place, host) or ""), ()):
                        origin = getattr(slots, "origin", None)
                        if origin in (None, finding.claim.slots.about):  # type: ignore[attr-defined]
                            found[finding.claim.id] = None
        return tuple(found)

    def _disputes(self, statements: Sequence[Statement]) -> Iterable[Statement]:
        denied: set[tuple[object, str]] = set()
        for s in statements:
            if s.denies:
                yield s
                continue
            speaks = s.asserter
            if (said := (_without_area(s.claim), speaks)) not in denied:
                denied.add(said)
                yield from (other for other in self._denied.get(said[0], ()) if other.asserter != speaks)
            for other in self._positions.get(s.source.id, ()):
                position = other.claim.slots
                assert isinstance(position, Position)
                blamed = getattr(s.claim.slots, "origin", None)
                accused = position.party == blamed if blamed else position.party in self.accused
                involved = accused or position.party in hosts_of(s.claim)
                if involved and speaks != f"state:{position.party}" and _answers(position, s.claim):
                    yield other


def _answers(position: Position, claim: Claim) -> bool:
    return any(
        claim.kind == kind and (not slot or getattr(claim.slots, slot) == value)
        for kind, slot, value in DENIALS[position.position]
    )


def _without_area(claim: Claim) -> object:
    """What a denial speaks of: the thing, for an operator whatever its area (consent denied is denied everywhere)."""
    key = thing(claim)
    return key[:-1] if claim.kind == "operator" else key


def hosts_of(claim: Claim) -> tuple[str, ...]:
    """The host states of a thing: whose organs can acknowledge it."""
    slots = claim.slots
    if claim.kind == "agreement":
        return tuple(getattr(slots, "parties", ()))
    host = getattr(slots, HOST[claim.kind], None) if claim.kind in HOST else None
    return (host,) if host else ()
