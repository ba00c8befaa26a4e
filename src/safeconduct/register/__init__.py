"""The register: pure functions from claims and decisions to what is said, by whom, since when."""

from .compute import SECTIONS, Register, compute, concerns
from .statements import Decision, Source, Statement, latest_decisions, source_id, state

__all__ = [
    "SECTIONS", "Decision", "Register", "Source", "Statement", "compute", "concerns", "latest_decisions", "source_id",
    "state",
]
