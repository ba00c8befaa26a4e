"""The grounding gate: whatever is not verbatim in the text is dropped and counted, whoever proposed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..claims import Claim, sha256


@dataclass(frozen=True)
class Proposal:
    """A claim nobody has decided on yet, the id of the rule that made it, and why, in words for a reader."""

    claim: Claim
    rule: str
    because: str = ""


def text_id(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes; a lone surrogate, which UTF-8 cannot say, counts as U+FFFD."""
    return sha256(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def ground(text: str, proposals: Iterable[Proposal]) -> tuple[tuple[Proposal, ...], int]:
    """Proposals whose quote stands verbatim in ``text`` at their offsets and who speak of this text; how many do not.

    Kept ones are ordered by start, end, kind and id; of two with one id the first is kept and nothing is counted.
    """
    kept: dict[str, Proposal] = {}
    dropped = 0
    name = text_id(text)
    for proposal in proposals:
        if proposal.claim.text == name and proposal.claim.grounded_in(text):
            kept.setdefault(proposal.claim.id, proposal)
        else:
            dropped += 1
    order = sorted(kept.values(), key=lambda p: (p.claim.start, p.claim.end, p.claim.kind, p.claim.id))
    return tuple(order), dropped
