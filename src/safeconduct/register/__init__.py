"""The register: pure functions from claims and decisions to what is said, by whom, since when."""

from .changes import Change, changes
from .compared import Contradiction, Side
from .compute import SECTIONS, Basis, Register, compute, concerns
from .ladder import LADDER, NO_STEP, OUTCOMES
from .standing import STANDINGS, Standing
from .statements import Decision, Source, Statement, latest_decisions, source_id, state

__all__ = [
    "LADDER", "NO_STEP", "OUTCOMES", "SECTIONS", "STANDINGS", "Basis", "Change", "Contradiction", "Decision", "Register",
    "Side", "Source", "Standing", "Statement", "changes", "compute", "concerns", "latest_decisions", "source_id", "state",
]
