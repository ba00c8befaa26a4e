"""The ledger: append-only, content-addressed, hash-chained. Everything else is computed from it."""

from .checkpoint import Checkpoint, CheckpointError, PublicKey, SigningKey, leaf_of, opened
from .database import is_server
from .ledger import Flaw, Ledger, LedgerError, now
from .records import Record, Recorded, RecordType

__all__ = [
    "Checkpoint", "CheckpointError", "Flaw", "Ledger", "LedgerError", "PublicKey", "Record", "RecordType", "Recorded",
    "SigningKey", "is_server", "leaf_of", "now", "opened",
]
