"""The ledger: append-only, content-addressed, hash-chained. Everything else is computed from it."""

from .ledger import Flaw, Ledger, LedgerError, now
from .records import Record, Recorded, RecordType

__all__ = ["Flaw", "Ledger", "LedgerError", "Record", "RecordType", "Recorded", "now"]
