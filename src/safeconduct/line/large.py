"""Payloads that are too large for a database row: files with random names whose times say the day only."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from .database import INCOMING

RESERVE = "reserve"
_HELD = 12 << 20  # bytes: more than both write-ahead logs take
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Incoming:
    """A file that is being received. It is gone after ``discard`` unless it was published."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / INCOMING / secrets.token_hex(16)
        self._file = open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)  # noqa: SIM115

    def write(self, data: bytes | memoryview) -> None:
        """Append. Raises OSError where the disk is full."""
        while data:
            data = memoryview(data)[self._file.write(data) :]

    def finish(self) -> None:
        """Put it on the disk."""
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


def reserve(folder: Path) -> None:
    """Hold some room for deleting on a full disk; where there is none now, the next try is at the next start or deletion."""
    path = folder / RESERVE
    try:
        if not path.exists() or path.stat().st_size != _HELD:
            path.write_bytes(os.urandom(_HELD))  # no holes, and nothing that a file system could pack
    except OSError:
        path.unlink(missing_ok=True)


def release(folder: Path) -> bool:
    """Give the room free; whether there was any."""
    try:
        (folder / RESERVE).unlink()
    except OSError:
        return False
    return True


def publish(source: Path, target: Path, day: int) -> None:
    """Move a received file to where it stays, with the day as its times."""
    date(source, day)
    source.rename(target)


def date(path: Path, day: int) -> None:
    os.utime(path, (day * 86400, day * 86400))


def synchronise(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rewrite(path: Path, day: int) -> None:
    """Copy a file over itself, so that neither its inode nor its time of birth tells when it came."""
    new = path.parent.parent / INCOMING / secrets.token_hex(16)
    try:
        with path.open("rb") as source, open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        date(new, day)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
