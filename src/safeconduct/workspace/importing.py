"""Import of claims in the codebook's form: annotations made by hand, other tools' output, a published register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safeconduct.claims import claim_from
from safeconduct.ledger import Record

from .outcomes import Imported, Progress, WorkspaceError

if TYPE_CHECKING:
    from . import Workspace

IMPORTED = "import"  # stands in a proposal where others name the extractor
MANIFEST = "manifest.csv"
BATCH = 2000


def claim_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file with their line numbers; empty lines are passed over.

    Raises:
        WorkspaceError: a line is no JSON object, or the file is no UTF-8.
    """
    with path.open(encoding="utf-8-sig") as file:
        try:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise WorkspaceError(f"{path.name}, line {number}: a claim should be a JSON object.")
                yield number, value
        except json.JSONDecodeError as error:
            raise WorkspaceError(f"{path.name}, line {number}: this is no JSON ({error.msg}).") from error
        except UnicodeDecodeError as error:
            raise WorkspaceError(f"{path.name} is no UTF-8 text ({error.reason}); save it as UTF-8.") from error


def first_reading(value: dict[str, Any]) -> dict[str, Any]:
    """A claim with the first of several readings: annotations write ``a|b`` where a text honestly allows both."""

    def one(v: Any) -> Any:
        return v.split("|")[0] if isinstance(v, str) else v

    slots = {k: one(v) for k, v in value["slots"].items()} if isinstance(value.get("slots"), dict) else value.get("slots")
    return {k: one(v) if k not in ("quote", "note") else v for k, v in value.items()} | {"slots": slots}


def preserve(workspace: Workspace, texts: Path, wanted: set[str], progress: Progress | None) -> dict[str, str]:
    """Preserve the documents that claims speak of, with what a ``manifest.csv`` beside them says; doc → text's SHA-256."""
    files: dict[str, Path] = {}
    for path in sorted(p for p in texts.iterdir() if p.is_file()):
        for doc in (path.name, path.stem):
            if doc in wanted:
                files.setdefault(doc, path)
    manifest = texts / MANIFEST
    found: dict[str, str] = {}
    todo = sorted(set(files.values()))
    for n, path in enumerate(todo):
        for added in workspace.iter_add(path, manifest=manifest if manifest.is_file() else None):
            if added.source is None:
                raise WorkspaceError(f"{path.name} could not be preserved: {added.problem}")
            by_id = {s.id: s.text for s in workspace.sources()}
            found |= {doc: by_id[added.source] for doc, p in files.items() if p == path and added.source in by_id}
        if progress:
            progress(n + 1, len(todo))
    return found


def known_documents(workspace: Workspace) -> dict[str, str]:
    """Name and id of every preserved source → its text's SHA-256; the newest text of a source wins."""
    found: dict[str, str] = {}
    for source in workspace.sources():
        for doc in (source.id, source.name, Path(source.name).stem):
            found[doc] = source.text
    return found


def import_claims(
    workspace: Workspace, path: Path, texts: Path | None, progress: Progress | None
) -> Imported:
    """See ``Workspace.import_claims``."""
    lines = list(claim_lines(path))
    wanted = {str(value.get("doc")) for _, value in lines}
    documents = known_documents(workspace) | (preserve(workspace, texts, wanted, progress) if texts else {})
    held: tuple[str, str] = "", ""
    records: list[Record] = []
    refused: list[str] = []
    new = 0
    for number, value in lines:
        where, doc = f"{path.name}, line {number}", str(value.get("doc"))
        if doc not in documents:
            refused.append(f"{where}: there is no preserved text of {doc}; give its folder with --texts")
            continue
        try:
            claim = claim_from(first_reading(value), documents[doc])
        except ValueError as error:
            refused.append(f"{where}: {error}")
            continue
        if held[0] != claim.text:
            held = claim.text, workspace.text(claim.text)
        if not claim.grounded_in(held[1]):
            refused.append(f"{where}: the quote does not stand at its place in {doc}")
            continue
        records.append(Record("proposal", claim.id, {"extractor": IMPORTED, "rule": IMPORTED, "claim": claim.content()}))
        given = value.get("id")
        if isinstance(given, str) and given and given != claim.id:
            records.append(Record("alias", claim.id, {"given": given[:200]}))
    for start in range(0, len(records), BATCH):
        some = records[start : start + BATCH]
        fresh = workspace.ledger.append(some)
        new += sum(f for f, r in zip(fresh, some, strict=True) if r.type == "proposal")
    total = sum(r.type == "proposal" for r in records)
    return Imported(len(lines), new, total - new, tuple(refused))
