"""Decisions on identity: which mentions are the same site, body or report."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from safeconduct.claims import check_asserter
from safeconduct.ledger import Record
from safeconduct.resolve import LinkAct, edge, standing_links

from .outcomes import WorkspaceError

if TYPE_CHECKING:
    from . import Workspace

LINKED_SECTIONS = ("sites", "reports")


def decide_link(workspace: Workspace, a: str, b: str, act: LinkAct, by: str, why: str) -> bool:
    """See ``Workspace.link``."""
    known = {
        name: section
        for section in LINKED_SECTIONS
        for entry in workspace.register(include_proposed=True).entries[section]
        for name in (entry["id"], *entry["linked"])
    }
    a, b = (_mention(name, known) for name in (a, b))
    if known.get(a) != known.get(b):
        raise WorkspaceError(f"{a} and {b} are of different kinds; link sites, reports or bodies among themselves.")
    try:
        name = edge(a, b)
    except ValueError as error:
        raise WorkspaceError(f"{error}; name two different ones.") from error
    acts = workspace.links()
    stands = any(link.edge == name for link in standing_links(acts))
    if stands == (act == "link") and any(link.edge == name for link in acts):
        return False
    at = workspace._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    one, other = sorted((a, b))
    record = Record("link", name, {"act": act, "a": one, "b": other, "by": by, "why": why, "at": at})
    return workspace.ledger.append([record])[0]


def _mention(name: str, known: dict[str, str]) -> str:
    """The full name of a mention, given as an asserter or as an id or its beginning."""
    if ":" in name:
        try:
            return check_asserter(name)
        except ValueError as error:
            raise WorkspaceError(f"{error}.") from error
    fitting = [full for full in known if full.startswith(name)]
    if len(fitting) != 1:
        what = "is no site and no report of the register" if not fitting else f"fits {len(fitting)} things"
        raise WorkspaceError(f"{name} {what}; `safeconduct register` prints their ids.")
    return fitting[0]
