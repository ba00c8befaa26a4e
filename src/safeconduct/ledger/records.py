"""What the ledger records, and the canonical bytes of each record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from safeconduct.claims import canonical, sha256

RecordType = Literal["capture", "text", "extraction", "proposal", "alias", "decision", "link", "checkpoint", "timestamp"]


@dataclass(frozen=True, slots=True)
class Record:
    """One record before it is recorded.

    ``subject`` says what it is about: the capture's SHA-256 for a capture and a text, the text's SHA-256 for an
    extraction, the claim's id for a proposal, an alias and a decision, the edge's id for a link, the root of the
    Merkle tree for a checkpoint, the SHA-256 of the signed note for a timestamp.
    """

    type: RecordType
    subject: str
    content: dict[str, Any]

    def body(self) -> str:
        """The canonical bytes, as a string."""
        return canonical({"type": self.type, "subject": self.subject, **self.content})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as it stands in the ledger. ``id`` is the SHA-256 of its canonical bytes; ``recorded_at`` is UTC."""

    seq: int
    id: str
    type: str
    subject: str
    body: str
    recorded_at: str
    chain: str

    def content(self) -> dict[str, Any]:
        """The record's fields, without type and subject."""
        fields: dict[str, Any] = json.loads(self.body)
        return {name: value for name, value in fields.items() if name not in ("type", "subject")}

    def record(self) -> Record:
        """The record itself, to be recorded in another ledger."""
        return Record(self.type, self.subject, self.content())  # type: ignore[arg-type]


START = "0" * 64  # the chain value before the first record


def link(previous: str, record: str, recorded_at: str) -> str:
    """The chain value of a record: SHA-256 over the previous value, the record's id and the time, one a line."""
    return sha256(f"{previous}\n{record}\n{recorded_at}\n")
