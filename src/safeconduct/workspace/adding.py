"""Taking sources in: their bytes into the store, what they are and say into the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safeconduct.capture import CaptureError, Obtained, Skipped
from safeconduct.ledger import Record
from safeconduct.register import source_id

from .intake import GIVEN, checked, is_address, tasks, text_record
from .outcomes import Added, Progress, WorkspaceError

if TYPE_CHECKING:
    from . import Workspace

PDF = "application/pdf"  # a large file may hold little text: its reader counts the text


def iter_add(
    workspace: Workspace, sources: Sequence[str | Path], manifest: str | Path | None, given: dict[str, str | None],
    progress: Progress | None,
) -> Iterator[Added]:
    """See ``Workspace.iter_add``."""
    from safeconduct.capture import obtain  # slow to load

    base = checked(given)
    for folder in (Path(s) for s in sources if not is_address(s) and not manifest):
        if folder.is_dir() and workspace.root.is_relative_to(folder.resolve()):
            raise WorkspaceError(f"{folder} holds the workspace itself; put the sources into a folder of their own.")
    todo = list(tasks([Path(s) if not is_address(s) else str(s) for s in sources], manifest))
    for done, (source, row) in enumerate(todo):
        known = {**({k: v for k, v in asdict(row).items() if k in GIVEN and v} if row else {}), **base}
        try:
            limits, policy = workspace.settings.capture, workspace.settings.fetch
            for item in obtain(source, workspace.store, limits=limits, policy=policy, clock=workspace._clock):
                yield _recorded(workspace, item, known)
        except CaptureError as error:
            yield Added(Path(str(source)).name or str(source), None, problem=str(error))
        if progress:
            progress(done + 1, len(todo))


def _recorded(workspace: Workspace, item: Obtained | Skipped, given: dict[str, str]) -> Added:
    if isinstance(item, Skipped):
        return Added(item.name, None, problem=item.reason)
    content = {
        "size": item.size,
        "media_type": item.media_type,
        "name": item.name,
        "how": item.how,
        "obtained_at": item.obtained_at,
        "url": item.url,
        "status": item.status,
        "content_type": next((v for k, v in item.headers if k.lower() == "content-type"), None),
        "container": item.container,
        "given": given,
    }
    identity = source_id(item.sha256)
    if next(workspace.ledger.records("text", subject=item.sha256), None):
        return Added(item.name, identity, new=False)
    capture = Record("capture", item.sha256, content)
    try:
        text, notes = _read(workspace, item.sha256, content)
    except CaptureError as error:  # the bytes are worth keeping even where today's readers fail
        new = workspace.ledger.append([capture], only_if_new_subject=True)
        return Added(item.name, identity, any(new), problem=str(error))
    new = workspace.ledger.append([capture, text], only_if_new_subject=True)
    return Added(item.name, identity, any(new), notes=notes)


def _read(workspace: Workspace, capture: str, content: dict[str, Any]) -> tuple[Record, tuple[str, ...]]:
    """Read a capture's text into the store; returns the record of it and notes for people."""
    from safeconduct.capture import read

    limits = workspace.settings.capture
    if content["size"] > limits.max_text_bytes and content["media_type"] != PDF:
        raise CaptureError(
            f"{content['name']} is preserved but too large to read; raise [capture] max_text_bytes and run "
            "`safeconduct reread`."
        )
    declared = (("Content-Type", content["content_type"]),) if content["content_type"] else ()
    reading = read(
        workspace.store.read(capture), media_type=content["media_type"], name=content["name"], headers=declared,
        url=content["url"], limits=limits,
    )
    text = workspace.store.put([reading.text.encode("utf-8")], max_bytes=4 * limits.max_text_bytes)
    return text_record(capture, text.sha256, reading), reading.notes


def iter_reread(workspace: Workspace, progress: Progress | None) -> Iterator[Added]:
    """See ``Workspace.iter_reread``."""
    captures = {r.subject: r.content() for r in workspace.ledger.records("capture")}
    for done, (capture, content) in enumerate(captures.items()):
        try:
            text, notes = _read(workspace, capture, content)
            yield Added(content["name"], source_id(capture), workspace.ledger.append([text])[0], notes=notes)
        except CaptureError as error:
            yield Added(content["name"], source_id(capture), problem=str(error))
        if progress:
            progress(done + 1, len(captures))
