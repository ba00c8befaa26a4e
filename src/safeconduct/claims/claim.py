"""A claim: one proposition that somebody asserts in a text, bound to the exact words that say it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from sys import intern
from typing import Any, cast

from .attribution import Attribution, Stance
from .canonical import canonical, sha256
from .dates import parse_edtf
from .kinds import Slots, make_slots

FIELDS = ("id", "doc", "kind", "start", "end", "quote", "slots", "asserted_by", "via", "stance", "asserted_when", "when")
OPTIONAL = ("anchor", "dup_of", "note")


@dataclass(frozen=True)
class Claim:
    """One claim.

    ``text`` is the SHA-256 of the UTF-8 bytes of the text; ``start`` and ``end`` are code-point offsets into it and
    ``quote`` is what stands there. ``anchor`` marks the member of a list that this claim is about. ``asserted_when`` is
    when it was said, ``when`` when it happened (EDTF, or None).

    Raises:
        ValueError: an empty or negative span, a quote of another length, an anchor outside the quote, or a bad date.
    """

    text: str
    start: int
    end: int
    quote: str
    slots: Slots
    attribution: Attribution = field(default_factory=Attribution)
    asserted_when: str | None = None
    when: str | None = None
    anchor: tuple[int, int] | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}..{self.end} is empty or negative")
        if len(self.quote) != self.end - self.start:
            raise ValueError(f"the quote has {len(self.quote)} characters, its span {self.end - self.start}")
        if self.anchor and not self.start <= self.anchor[0] < self.anchor[1] <= self.end:
            raise ValueError(f"anchor {self.anchor} lies outside the quote")
        for value in (self.asserted_when, self.when):
            if value is not None:
                parse_edtf(value)

    @property
    def kind(self) -> str:
        return self.slots.kind

    def content(self) -> dict[str, Any]:
        """What the claim's id is computed from: everything but notes."""
        return {
            "text": self.text,
            "kind": self.kind,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "slots": self.slots.as_json(),
            "asserted_by": self.attribution.asserted_by,
            "via": list(self.attribution.via),
            "stance": self.attribution.stance,
            "asserted_when": self.asserted_when,
            "when": self.when,
            "anchor": list(self.anchor) if self.anchor else None,
        }

    @cached_property
    def id(self) -> str:
        """The content id: ``c`` and 20 hexadecimal digits of the SHA-256 of the canonical content."""
        return "c" + sha256(canonical(self.content()))[:20]

    def proposition(self) -> tuple[Any, ...]:
        """Kind, key slots, asserter and stance: equal for two mentions of one proposition by one asserter."""
        return (self.kind, self.slots.key(), self.attribution.asserted_by, self.attribution.stance)

    def grounded_in(self, text: str) -> bool:
        """Whether the quote is verbatim at its offsets."""
        return text[self.start : self.end] == self.quote

    def as_codebook(self, doc: str, dup_of: str | None = None) -> dict[str, Any]:
        """The claim in the codebook's form, one object of a JSON Lines file. ``doc`` names the document."""
        out: dict[str, Any] = {"id": self.id, "doc": doc, **self.content()}
        del out["text"]
        if out["anchor"] is None:
            del out["anchor"]
        if dup_of:
            out["dup_of"] = dup_of
        if self.note:
            out["note"] = self.note
        return out


def recorded_claim(content: dict[str, Any], identity: str) -> Claim:
    """A claim from its ``content()`` and id as a ledger holds them. Both were checked on the way in and a ledger is verified
    by itself, so only forms not seen before are checked here; equal slots and attributions are one object in memory.

    Raises:
        ValueError: it holds what the codebook does not allow.
    """
    anchor = content["anchor"]
    claim = Claim(
        text=intern(content["text"]),
        start=content["start"],
        end=content["end"],
        quote=content["quote"],
        slots=_slots(content["kind"], json.dumps(content["slots"], ensure_ascii=False)),
        attribution=_attribution(content["asserted_by"], tuple(content["via"]), content["stance"]),
        asserted_when=_shared(content["asserted_when"]),
        when=_shared(content["when"]),
        anchor=(anchor[0], anchor[1]) if anchor else None,
    )
    claim.__dict__["id"] = identity  # what the cached property would compute
    return claim


@lru_cache(maxsize=131_072)
def _slots(kind: str, values: str) -> Slots:
    return make_slots(kind, json.loads(values))


def _shared(text: str | None) -> str | None:
    return intern(text) if text else None


_attribution = lru_cache(maxsize=65_536)(Attribution)


def claim_from(value: dict[str, Any], text: str) -> Claim:
    """A claim from its codebook form or its ``content()``; ``text`` is the SHA-256 of the text it speaks of.

    Raises:
        ValueError: a field is missing, unknown or holds what the codebook does not allow; the message names it.
    """
    unknown = set(value) - {*FIELDS, *OPTIONAL, "text"}
    if unknown:
        raise ValueError(f"unknown field {min(unknown)!r} in a claim")
    for name in ("kind", "start", "end", "quote", "slots"):
        if name not in value:
            raise ValueError(f"a claim needs the field {name!r}")
    slots, via, anchor = value["slots"], value.get("via") or [], value.get("anchor")
    if not isinstance(slots, dict) or not isinstance(via, list):
        raise ValueError("slots should be an object and via a list")
    if not all(isinstance(value[n], int) for n in ("start", "end")) or not isinstance(value["quote"], str):
        raise ValueError("start and end should be whole numbers and quote a text")
    return Claim(
        text=text,
        start=value["start"],
        end=value["end"],
        quote=value["quote"],
        slots=make_slots(value["kind"], slots),
        attribution=Attribution(
            value.get("asserted_by") or "publisher", tuple(via), cast(Stance, value.get("stance") or "asserts")
        ),
        asserted_when=value.get("asserted_when") or None,
        when=value.get("when") or None,
        anchor=(int(anchor[0]), int(anchor[1])) if anchor else None,
        note=value.get("note") or None,
    )
