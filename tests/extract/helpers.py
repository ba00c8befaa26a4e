"""Short ways to ask what was extracted."""

from __future__ import annotations

from typing import Any

from safeconduct.claims import Claim
from safeconduct.extract import Context, extract


def claims(text: str, kind: str | None = None, published: str | None = None) -> list[Claim]:
    """The claims of a text, or those of one kind."""
    found = extract(text, Context(published=published)).proposals
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
