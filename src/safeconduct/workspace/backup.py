"""Backup and restoration: a workspace in one tar file, and back, also into another kind of database.

The file holds ``safeconduct.toml``, the captures under their hashes, and ``ledger.jsonl``: every record with its place, time
and chain value. It is plain on purpose: any tool reads it.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from safeconduct import settings as settings_file
from safeconduct.capture import BlobStore
from safeconduct.ledger import LedgerError, Recorded

from .outcomes import Progress, WorkspaceError

if TYPE_CHECKING:
    from . import Workspace

LEDGER, CAPTURES = "ledger.jsonl", "captures"
LARGEST = 1 << 40  # bytes of one capture that are taken from a backup


def write_backup(workspace: Workspace, out: Path, progress: Progress | None) -> int:
    """See ``Workspace.backup``."""
    if out.exists():
        raise WorkspaceError(f"{out} is already there; name a new file.")
    blobs = sorted(p for p in workspace.store.root.rglob("*") if p.is_file() and len(p.name) == 64)
    try:
        with tempfile.NamedTemporaryFile(dir=out.resolve().parent, prefix=f".{out.name}.", delete=False) as file:
            partial = Path(file.name)
            try:
                with tarfile.open(fileobj=file, mode="w") as tar, tempfile.TemporaryFile() as lines:
                    tar.add(workspace.root / settings_file.FILE, settings_file.FILE)
                    total = _lines(workspace, lines)
                    info = tarfile.TarInfo(LEDGER)
                    info.size = lines.tell()
                    lines.seek(0)
                    tar.addfile(info, lines)
                    for done, blob in enumerate(blobs, 1):
                        tar.add(blob, f"{CAPTURES}/{blob.name}")
                        if progress:
                            progress(done, len(blobs))
                file.flush()
                os.fsync(file.fileno())
                partial.rename(out)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise WorkspaceError(f"{out} cannot be written ({error.strerror or error}); nothing was left there.") from error
    return total


def _lines(workspace: Workspace, file: IO[bytes]) -> int:
    total = 0
    for r in workspace.ledger.records():
        line = {"seq": r.seq, "record": r.id, "type": r.type, "subject": r.subject, "body": r.body,
                "recorded_at": r.recorded_at, "chain": r.chain}  # fmt: skip
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        total += 1
    return total


def read_backup(file: Path, root: Path, database: str | None, progress: Progress | None) -> Workspace:
    """See ``Workspace.restore``."""
    from . import Workspace

    try:
        with tarfile.open(file, mode="r:") as tar:
            members = {m.name: m for m in tar.getmembers() if m.isfile()}
            if not {settings_file.FILE, LEDGER} <= members.keys():
                raise WorkspaceError(f"{file} is no backup of a workspace.")
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / settings_file.FILE
                copy.write_bytes(_opened(tar, members[settings_file.FILE]).read())
                old = settings_file.load(copy).workspace
            chosen: dict[str, str | bool] = {
                "title": old.title, "sample": old.sample, **({"base_url": old.base_url} if old.base_url else {}),
                **({"ledger": database} if database else {}),
            }  # fmt: skip
            workspace = Workspace.init(root, chosen)
            store = BlobStore(workspace.root / workspace.settings.workspace.captures)
            blobs = [m for m in members.values() if m.name.startswith(f"{CAPTURES}/")]
            for done, member in enumerate(blobs, 1):
                stored = store.put(_blocks(_opened(tar, member)), max_bytes=LARGEST)
                if stored.sha256 != member.name.rpartition("/")[2]:
                    raise WorkspaceError(f"{file} is damaged: {member.name} does not match its name; take another copy.")
                if progress:
                    progress(done, len(blobs))
            workspace.ledger.copy(_records(_opened(tar, members[LEDGER])))
    except (tarfile.TarError, EOFError, UnicodeDecodeError, json.JSONDecodeError, KeyError) as error:
        raise WorkspaceError(f"{file} cannot be read as a backup ({error}); take another copy.") from error
    except LedgerError as error:
        raise WorkspaceError(f"{error}") from error
    return workspace


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    assert file is not None  # only files were listed
    return file


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(1 << 20):
        yield block


def _records(file: IO[bytes]) -> Iterator[Recorded]:
    for line in io.TextIOWrapper(file, encoding="utf-8"):
        v = json.loads(line)
        yield Recorded(v["seq"], v["record"], v["type"], v["subject"], v["body"], v["recorded_at"], v["chain"])
