"""The frames: one module a kind of claim. Each takes a sentence and yields drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..view import Draft, View
from .agreement import agreements
from .figure import figures
from .incident import incidents
from .operator import operators
from .position import positions
from .recommendation import recommendations
from .report import reports
from .response import responses
from .site import sites

FRAMES: tuple[Callable[[View], Iterator[Draft]], ...] = (
    figures, sites, responses, positions, incidents, agreements, operators, recommendations, reports,
)  # fmt: skip

__all__ = ["FRAMES"]
