"""Which claims of a text repeat an earlier one (codebook rule 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..claims import Claim

COMPARED = ("count", "operator", "target")  # slots that two mentions of one thing may not fill differently


def repeats(claims: Sequence[Claim]) -> dict[str, str]:
    """Claim id → id of the first mention it repeats, for the claims of one text in any order.

    A repeat has the same key slots, asserter and stance as the first mention, and no conflicting date, count, operator
    or target. Claims of different texts are never repeats of each other.
    """
    firsts: dict[tuple[Any, ...], list[Claim]] = {}
    found: dict[str, str] = {}
    for claim in sorted(claims, key=lambda c: (c.start, c.end, c.kind, c.id)):
        same = firsts.setdefault((claim.text, *claim.proposition()), [])
        first = next((c for c in same if c.id != claim.id and not _conflict(c, claim)), None)
        if first:
            found[claim.id] = first.id
        else:
            same.append(claim)
    return found


def _conflict(a: Claim, b: Claim) -> bool:
    pairs = [(a.asserted_when, b.asserted_when), (a.when, b.when)]
    pairs += [(getattr(a.slots, s, None), getattr(b.slots, s, None)) for s in COMPARED]
    return any(x is not None and y is not None and not _agree(x, y) for x, y in pairs)


def _agree(x: Any, y: Any) -> bool:
    """Equal, or dates of which one is the other at a coarser granularity."""
    return bool(x == y) or (isinstance(x, str) and isinstance(y, str) and (x.startswith(y) or y.startswith(x)))
