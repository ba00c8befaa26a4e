"""Standing, rules version 1: who stands behind a thing, and who disputes it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from datasets import NARRATED, Claim, Register, slugify

HOSTS = {"site": "country", "incident": "host", "operator": "scope", "figure": "scope", "response": "country"}


def hosts(c: Claim) -> list[str]:
    """The states that can acknowledge a thing."""
    if c.kind == "agreement":
        return list(c.slots["parties"])
    host = c.slots.get(HOSTS.get(c.kind, ""))
    return [host] if host else []


ORDER = ("alleged", "corroborated", "acknowledged", "adjudicated")
FINDINGS = ("conviction", "guilty_plea")
DENIALS = {  # what a state says of itself → the kinds of claim that it disputes in the same source
    "denial": ("figure", "site", "incident", "operator"), "smear_accusation": ("figure", "site", "incident"),
    "not_acknowledged": ("figure", "site", "incident"), "administrative_services": ("incident",),
}  # fmt: skip


class Standings:
    """Judges things by all claims together."""

    def __init__(self, register: Register) -> None:
        self.register = register
        one = self.one
        self.bodies = {one(c.who) for c in register.claims if c.who not in NARRATED}
        self.attributed: dict[Any, set[str]] = defaultdict(set)  # thing and document → to whom it attributes it
        self.relayed: dict[Any, set[str]] = defaultdict(set)  # thing and body → whose words the body passed on
        self.denials, self.positions, self.findings = defaultdict(list), defaultdict(list), defaultdict(set)
        self.accused = set()
        for c in register.claims:
            if c.who not in NARRATED:
                self.attributed[register.thing(c), c.source["id"]].add(one(c.who))
                for body in c.via:
                    self.relayed[register.thing(c), one(body)].add(one(c.who))
            if c.denies:
                self.denials[register.topic(c)].append(c)
            elif c.kind == "position":
                self.positions[c.source["id"]].append(c)
            elif c.kind == "response" and c.slots["action"] in FINDINGS and c.slots.get("place"):
                self.findings[c.slots["country"], register.place(c)].add(c.slots["about"])
            self.accused |= {c.slots[k] for k in ("origin", "about") if c.slots.get(k) and not (k == "about" and c.denies)}

    def one(self, body: str) -> str:
        """Linked bodies are one voice."""
        return str(self.register.same.get(body, body))

    def judge(self, claims: list[Claim]) -> tuple[str, bool]:
        """The standing of what these claims are about, and whether it is disputed."""
        support = [c for c in claims if not c.denies]
        voices = {self.voice(c) for c in support}
        voices = voices - {"unspecified"} or voices
        standing = ["corroborated" if len(voices) > 1 else "alleged"]
        standing += ["acknowledged" for c in support if c.who in {f"state:{h}" for h in hosts(c)}]
        standing += ["adjudicated" for c in support if self.found_by_court(c)]
        return max(standing, key=ORDER.index), any(c.denies or self.disputed(c) for c in claims)

    def voice(self, c: Claim) -> str:
        """Whose word it is: a narrator counts as whom the source attributes it to, a body as whom it passes on."""
        about = self.register.thing(c)
        if c.who == "unspecified":
            return c.who
        if c.who != "publisher":
            return min(self.relayed.get((about, self.one(c.who)), {self.one(c.who)}))
        if there := self.attributed.get((about, c.source["id"])):
            return min(there)
        slug = slugify(c.source["publisher"])
        if not slug:
            return "source:" + c.source["id"]
        return f"org:{slug}" if f"org:{slug}" in self.bodies else f"media:{slug}"

    def found_by_court(self, c: Claim) -> bool:
        if c.kind == "response":
            return c.slots["action"] in FINDINGS
        if c.kind not in ("site", "incident") or not c.slots.get("place"):
            return False
        accused = {about for host in hosts(c) for about in self.findings.get((host, self.register.place(c)), ())}
        return bool(accused if c.slots.get("origin") is None else accused & {c.slots["origin"]})

    def disputed(self, c: Claim) -> bool:
        """Somebody else denies it, or the accused or the host takes a position in the same source that answers it."""
        if any(o.who != c.who for o in self.denials.get(self.register.topic(c), ())):
            return True
        for o in self.positions.get(c.source["id"], ()):
            party, position = o.slots["party"], o.slots["position"]
            blamed = c.slots.get("origin")
            involved = party in hosts(c) or (party == blamed if blamed else party in self.accused)
            answers = (
                c.kind in DENIALS.get(position, ())
                or (position == "volunteers" and c.slots.get("actor") in ("hired_staff", "police_authority"))
                or (position == "claims_closed" and c.kind in ("site", "figure") and c.slots.get("status") == "active")
            )
            if involved and answers and c.who != f"state:{party}":
                return True
        return False
