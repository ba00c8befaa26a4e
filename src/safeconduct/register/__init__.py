"""The register: pure functions from claims and decisions to what is said, by whom, since when."""

from .changes import Change, changes
from .compared import Contradiction, Side, meet, number_reach
from .compute import Basis, Register, compute, concerns
from .contradictions import CONTRADICTION_RULES
from .ladder import LADDER, NO_STEP, OUTCOMES, gravest
from .shares import SECTIONS
from .standing import STANDING_RULES, STANDINGS, Standing
from .statements import Decision, Source, Statement, latest_decisions, source_id, state

__all__ = [
    "CONTRADICTION_RULES",
    "LADDER",
    "NO_STEP",
    "OUTCOMES",
    "SECTIONS",
    "STANDINGS",
    "STANDING_RULES",
    "Basis",
    "Change",
    "Contradiction",
    "Decision",
    "Register",
    "Side",
    "Source",
    "Standing",
    "Statement",
    "changes",
    "compute",
    "concerns",
    "gravest",
    "latest_decisions",
    "meet",
    "number_reach",
    "source_id",
    "state",
]
