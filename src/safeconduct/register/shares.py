"""A register in shares, which two processes can make at once, and one of them one after another.

Figures and operators are judged and compared by claims of their own kind, by positions and by the parties of all claims;
agreements, incidents and recommendations also by what courts found. Each of these two shares needs less than a third of the
claims. The third one needs all: sites have figures, positions answer claims of all kinds, and a source counts and names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from safeconduct.claims import Figure

from .answers import DENIALS
from .compared import Rule
from .contradictions import DEALING_RULES, DEALINGS, NUMBER_RULES, NUMBERS, OTHER_RULES, RULES
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
    """Some ``sections``, the contradictions that some ``rules`` find, the ``kinds`` of claims that it needs (all where none is
    named), of these the ones that are needed, told by the kind and the JSON of the slots, and of some kinds (``entered``) which
    ones entries still need once contradictions are found: they are made of these or judged by them."""

    sections: tuple[str, ...]
    rules: tuple[Rule, ...]
    kinds: tuple[str, ...] = ()
    needed: Callable[[str, Mapping[str, Any]], bool] = lambda kind, slots: True
    entered: Mapping[str, Callable[[Statement], bool]] = field(default_factory=dict)


def _of(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The sections that are made of some kinds of claims."""
    return tuple(name for name, kind in SECTIONS.items() if kind in kinds)


def _judging(kind: str, slots: Mapping[str, Any]) -> bool:
    """Of positions the ones that deny, of responses the ones that are findings of courts."""
    if kind == "position":
        return slots["position"] in DENIALS
    return kind != "response" or slots["action"] in FINDINGS


def _none(s: Statement) -> bool:
    return False


def _of_stations(s: Statement) -> bool:
    return isinstance(s.claim.slots, Figure) and s.claim.slots.measure == "stations"


NUMBERS_SHARE = Share(_of(NUMBERS), NUMBER_RULES, (*NUMBERS, "position"), _judging)
DEALINGS_SHARE = Share(_of(DEALINGS), DEALING_RULES, (*DEALINGS, "position", "response"), _judging)
OTHER_SHARE = Share(
    (*_of(("site", "response", "position", "report")), "retracted"), OTHER_RULES,
    entered=dict.fromkeys((*NUMBERS, *DEALINGS), _none) | {"figure": _of_stations},
)  # fmt: skip
WHOLE = Share(tuple(ORDER), RULES)


def place(part: Part) -> tuple[Any, ...]:
    """Where a part stands in the register's JSON; those of one section come as they are made."""
    section, thing = part
    at = ORDER[section]
    return (at, thing["topic"], thing["type"], thing["id"]) if section == "contradictions" else (at,)
