"""Checking a workspace: chain, bytes, quotes, and a site published from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.claims import claim_from

from .outcomes import Problem, Progress

if TYPE_CHECKING:
    from . import Workspace


def find_problems(workspace: Workspace, out: Path | None, progress: Progress | None) -> Iterator[Problem]:
    """See ``Workspace.verify``."""
    total, _ = workspace.ledger.head()
    for flaw in workspace.ledger.flaws((lambda done: progress(done, total)) if progress else None):
        yield Problem(flaw.where, flaw.what)
    bad: set[str] = set()
    checked: set[str] = set()
    for record in workspace.ledger.records("capture", "text"):
        content = record.content()
        wanted = [content["text"]] if record.type == "text" else [record.subject, content["container"]]
        for blob in wanted:
            if blob and blob not in checked:
                checked.add(blob)
                if not workspace.store.has(blob) or not workspace.store.check(blob):
                    bad.add(blob)
                    lost = "was altered" if workspace.store.has(blob) else "is missing"
                    yield Problem(f"captures/{blob}", f"the preserved {record.type} {lost}; restore it from a copy")
    last: tuple[str, str] = ("", "")
    for record in workspace.ledger.records("proposal"):
        content = record.content()["claim"]
        try:
            claim = claim_from(content, content["text"])
        except ValueError as error:
            yield Problem(f"claim {record.subject}", f"it is no valid claim: {error}")
            continue
        if claim.id != record.subject:
            yield Problem(f"claim {record.subject}", f"its content belongs to {claim.id}")
        if claim.text in bad or not workspace.store.has(claim.text):
            yield Problem(f"claim {claim.id}", "its text cannot be checked, because the text is missing or altered")
            continue
        if last[0] != claim.text:
            last = (claim.text, workspace.text(claim.text))
        if not claim.grounded_in(last[1]):
            yield Problem(f"claim {claim.id}", "its quote is not what stands in the text at its place")
    if out is not None:
        from safeconduct.publish import check_site

        for found in check_site(out):
            yield Problem(found.file, found.what)
