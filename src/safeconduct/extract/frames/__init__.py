"""The frames: for each kind of claim, how the matches of its rules become drafts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..pack import Rule
from ..view import Draft, View
from .agreement import agreements, recommendations
from .figure import figure
from .incident import incidents
from .operator import operator, report
from .position import position
from .response import response
from .site import site

FILLERS: dict[str, Callable[[View, Rule, re.Match[str]], Iterator[Draft]]] = {
    "figure": figure,
    "site": site,
    "response": response,
    "position": position,
    "operator": operator,
    "report": report,
}

__all__ = ["FILLERS", "agreements", "incidents", "recommendations"]
