"""Short ways to ask what was extracted."""

from __future__ import annotations

from typing import Any

from safeconduct.claims import Claim
from safeconduct.extract import Context, extract
from safeconduct.extract.dates import Calendar
from safeconduct.extract.names import Tagger
from safeconduct.extract.numbers import number_at
from safeconduct.extract.pack import load
from safeconduct.extract.places import Places
from safeconduct.extract.tokens import words


def claims(text: str, kind: str | None = None, published: str | None = None, *, rules_only: bool = True) -> list[Claim]:
    """The claims that the rules alone find in a text, or those of one kind."""
    found = extract(text, Context(published=published, rules_only=rules_only)).proposals
    return [p.claim for p in found if kind in (None, p.claim.kind)]


def has(text: str, kind: str, published: str | None = None, **wanted: Any) -> list[Claim]:
    """Claims of a kind whose slots, asserter (``by``), stance and dates are as wanted; fails when there is none."""
    by, stance, when, said = (wanted.pop(k, None) for k in ("by", "stance", "when", "asserted_when"))
    found = claims(text, kind, published)
    fit = [
        c
        for c in found
        if all(getattr(c.slots, k) == v for k, v in wanted.items())
        and by in (None, c.attribution.asserted_by)
        and stance in (None, c.attribution.stance)
        and when in (None, c.when)
        and said in (None, c.asserted_when)
    ]
    seen = [(c.slots.as_json(), c.attribution.asserted_by, c.attribution.stance, c.when, c.quote) for c in found]
    assert fit, f"no {kind} with {wanted} by {by}; found {seen}"
    return fit


def number(text: str, language: str) -> int | None:
    """The number that some words say from the first to the last; None when they say none."""
    tokens = words(text, text.lower(), 0, len(text))
    found = number_at(tokens, 0, load(language))
    return found[1] if found and found[0] == len(tokens) else None


def dated(text: str, language: str, dateline: str | None) -> list[str]:
    """The dates (EDTF) that a sentence names."""
    pack = load(language)
    line = Places(Tagger(pack, text).tag(words(text, text.lower(), 0, len(text))))
    return [str(t.data["edtf"]) for t in Calendar(pack, text, dateline).mark(line).tokens if t.kind == "D"]
