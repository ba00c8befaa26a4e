"""Folders of lines: making one, and opening its store from a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safeconduct.envelope.roster import Roster

from . import settings
from .refusals import LineError
from .serve import lock
from .server import ROSTER, load_roster
from .store import Store


def init(folder: Path, roster: Path) -> Roster:
    """Make a folder to serve a line from; in one that exists, only the roster is replaced.

    Raises:
        LineError: the roster is not genuine, not there, or signed by another organisation than the folder's.
    """
    os.umask(0o077)
    try:
        data = roster.read_bytes()
    except OSError as error:
        raise LineError(f"{roster} cannot be read ({error.strerror}).") from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target, new = folder / ROSTER, folder / "roster.new"
    before = load_roster(folder, expired=True)[0] if target.exists() else None
    new.write_bytes(data)
    try:
        found = load_roster(folder, new.name)[0]
        if before is not None and before.signer != found.signer:
            raise LineError(f"{folder} is the line of another organisation; every mailbox in it would be lost.")
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
    if not (folder / settings.FILE).exists():
        (folder / settings.FILE).write_text(settings.template(), encoding="utf-8")
    with opened(folder):
        pass
    return found


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The folder's store, beside a server that may run.

    Raises:
        LineError: it is not a line's folder.
    """
    os.umask(0o077)
    roster = load_roster(folder, expired=True)[0]
    store = Store(folder, settings.load(folder / settings.FILE).storage, roster.retention_days)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether no server runs on the folder; none can start inside of the block then."""
    try:
        handle = lock(folder)
    except LineError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)
