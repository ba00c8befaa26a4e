"""A register in two shares, which two processes can make at once.

Figures, operators, agreements, incidents and recommendations are judged and compared by claims of their own kind, by positions,
by what courts found and by the parties of all claims: they are the lone share, made from little more than half of the claims.
The other share needs all of them: sites have figures, positions answer claims of all kinds, and a source counts and names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .compared import Rule
from .contradictions import LONE, LONE_RULES, OTHER_RULES, RULES
from .sections import site_key
from .standing import FINDINGS
from .statements import Statement

SECTIONS = {  # section of the register → the kind of claim it is made of, in the order of the JSON
    "figures": "figure", "sites": "site", "responses": "response", "operators": "operator", "agreements": "agreement",
    "incidents": "incident", "positions": "position", "recommendations": "recommendation", "reports": "report",
}
ORDER = {name: n for n, name in enumerate((*SECTIONS, "contradictions", "retracted"))}
Part = tuple[str, dict[str, Any]]  # name of a section, and an entry, contradiction or tombstone


@dataclass(frozen=True)
class Share:
    """Some ``sections``, the contradictions that some ``rules`` find, and which claims the entries rest on (``judges``)."""

    sections: tuple[str, ...]
    rules: tuple[Rule, ...]
    judges: Callable[[Statement], bool]


def _of_lone_kind(s: Statement) -> bool:
    return s.claim.kind in LONE


def _of_other_kind(s: Statement) -> bool:
    return s.claim.kind not in LONE or (s.claim.kind == "figure" and site_key(s) is not None)


LONE_SHARE = Share(tuple(name for name, kind in SECTIONS.items() if kind in LONE), LONE_RULES, _of_lone_kind)
OTHER_SHARE = Share(
    (*(name for name, kind in SECTIONS.items() if kind not in LONE), "retracted"), OTHER_RULES, _of_other_kind
)
WHOLE = Share(tuple(ORDER), RULES, lambda _: True)


def lone(kind: str, slots: Mapping[str, Any]) -> bool:
    """Whether the lone share needs a claim, which is told by its kind and the JSON of its slots."""
    return kind in LONE or kind == "position" or (kind == "response" and slots["action"] in FINDINGS)


def place(part: Part) -> tuple[Any, ...]:
    """Where a part stands in the register's JSON; those of one section come as they are made."""
    section, thing = part
    at = ORDER[section]
    return (at, thing["topic"], thing["type"], thing["id"]) if section == "contradictions" else (at,)
