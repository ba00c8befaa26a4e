"""A claim: one proposition that somebody asserts in a text, bound to the exact words that say it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import lru_cache
from sys import intern
from typing import Any, cast

from .attribution import Attribution, Stance
from .canonical import canonical, sha256
from .dates import parse_edtf
from .kinds import Slots, make_slots

FIELDS = ("id", "doc", "kind", "start", "end", "quote", "slots", "asserted_by", "via", "stance", "asserted_when", "when")
OPTIONAL = ("anchor", "dup_of", "note")


@dataclass(frozen=True, slots=True)
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
    _id: str = field(default="", init=False, repr=False, compare=False)

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

    @property
    def id(self) -> str:
        """The content id: ``c`` and 20 hexadecimal digits of the SHA-256 of the canonical content."""
        if not self._id:
            object.__setattr__(self, "_id", "c" + sha256(canonical(self.content()))[:20])
        return self._id

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


_PUT = {f.name: getattr(Claim, f.name).__set__ for f in fields(Claim)}  # what puts a value into each field of a frozen claim


def recorded_claim(content: dict[str, Any], identity: str, *, words: bool = True) -> Claim:
    """A claim from its ``content()`` and id as a ledger holds them. Both were checked on the way in and a ledger is verified
    by itself, so only words not seen before are checked here; equal words and attributions are one object in memory.

    Without ``words`` its quote is left empty: that saves a quarter of the memory where only what follows from claims is asked.

    Raises:
        ValueError: it holds what the codebook does not allow.
    """
    anchor, via = content["anchor"], content["via"]
    claim, put = object.__new__(Claim), _PUT
    put["text"](claim, intern(content["text"]))
    put["start"](claim, _number(content["start"]))
    put["end"](claim, _number(content["end"]))
    put["quote"](claim, content["quote"] if words else "")
    put["slots"](claim, make_slots(content["kind"], content["slots"]))
    put["attribution"](claim, _attribution(content["asserted_by"], tuple(via) if via else (), content["stance"]))
    put["asserted_when"](claim, _shared(content["asserted_when"]))
    put["when"](claim, _shared(content["when"]))
    put["anchor"](claim, (anchor[0], anchor[1]) if anchor else None)
    put["note"](claim, None)
    put["_id"](claim, identity)  # what the property would compute
    return claim


@lru_cache(maxsize=65_536)
def _number(n: int) -> int:
    """``n``, one object for all that are equal."""
    return n


@lru_cache(maxsize=65_536)
def _date(text: str) -> str:
    """``text``, one object for all that are equal, once it was read as a date."""
    parse_edtf(text)
    return intern(text)


def _shared(text: str | None) -> str | None:
    return _date(text) if text else None


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
