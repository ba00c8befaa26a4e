"""Backups that do not undo deletions: payloads, which are noise alone, and beside them one small file with the wrapped keys.

``payloads/`` only grows and may be kept for ever. ``keys`` is replaced at every backup, and no older one may be kept: what was
deleted from the line is unreadable as soon as no copy of ``keys`` has its header.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from . import large, settings
from .database import KEYS, LARGE, open_payloads
from .refusals import LineError
from .server import ROSTER
from .store import Store

PAYLOADS, WRAPPED = "payloads", "keys"


@dataclass(frozen=True)
class Copied:
    """What was copied: messages in all, payloads that were not there before, payloads that are missing."""

    messages: int
    new: int
    missing: int = 0


def backup(store: Store, target: Path) -> Copied:
    """Bring a backup folder up to date, beside a running server. Keys first: what comes later is in the next one.

    Raises:
        OSError: the disk is full or the folder cannot be written; the keys of the last backup are still there.
    """
    folder = target / PAYLOADS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = target / f"{WRAPPED}.new"
    new.unlink(missing_ok=True)
    store.keys.execute("VACUUM INTO ?", (str(new),))
    with closing(sqlite3.connect(new)) as keys:
        messages = keys.execute("SELECT id, day, large FROM message").fetchall()
    count = 0
    for message, day, is_large in messages:
        place = folder / message.hex()[:2] / message.hex()
        if not place.exists():
            place.parent.mkdir(exist_ok=True, mode=0o700)
            count += _copy(store, message, day, is_large, place)
    for name in (ROSTER, settings.FILE):
        with suppress(FileNotFoundError):
            shutil.copyfile(store.folder / name, target / name)
    _replace(new, target / WRAPPED)
    return Copied(len(messages), count)


def _copy(store: Store, message: bytes, day: int, is_large: bool, place: Path) -> int:
    """Copy one payload to ``place``; 0 where it was deleted meanwhile."""
    new = place.with_suffix(".new")
    if is_large:
        try:
            shutil.copyfile(store.folder / LARGE / message.hex(), new)
        except FileNotFoundError:
            return 0
    else:
        row = store.payloads.execute("SELECT payload FROM payload WHERE id = ?", (message,)).fetchone()
        if row is None:
            return 0
        new.write_bytes(row[0])
    large.date(new, day)
    _replace(new, place)
    return 1


def _replace(new: Path, place: Path) -> None:
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(place)
    large.synchronise(place.parent)


def restore(source: Path, folder: Path) -> Copied:
    """Make a line's folder from a backup. What has no payload in it is left out and counted.

    Raises:
        LineError: the folder is a line's already, or the backup is not one.
    """
    os.umask(0o077)
    if (folder / KEYS).exists():
        raise LineError(f"{folder} holds a line already; restore into a new folder.")
    if not (source / WRAPPED).is_file():
        raise LineError(f"{source} is not a backup: there is no file {WRAPPED} in it.")
    for name in ("", LARGE):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    new = folder / f"{KEYS}.new"
    shutil.copyfile(source / WRAPPED, new)
    missing = 0
    with closing(open_payloads(folder)) as payloads, closing(sqlite3.connect(new, isolation_level=None)) as keys:
        keys.execute("PRAGMA secure_delete=ON")
        messages = keys.execute("SELECT id, day, large FROM message").fetchall()
        for message, day, is_large in messages:
            place = source / PAYLOADS / message.hex()[:2] / message.hex()
            if not place.exists():
                keys.execute("DELETE FROM header WHERE id = ?", (message,))
                keys.execute("DELETE FROM message WHERE id = ?", (message,))
                missing += 1
            elif is_large:
                shutil.copyfile(place, folder / LARGE / place.name)
                large.date(folder / LARGE / place.name, day)
            else:
                payloads.execute("INSERT OR REPLACE INTO payload VALUES (?, ?)", (message, place.read_bytes()))
        keys.execute("DELETE FROM header WHERE id NOT IN (SELECT id FROM message)")
        keys.execute("DELETE FROM meta WHERE name = 'decoys'")  # made anew
    for name in (ROSTER, settings.FILE):
        with suppress(FileNotFoundError):
            shutil.copyfile(source / name, folder / name)
    _replace(new, folder / KEYS)
    return Copied(len(messages) - missing, len(messages) - missing, missing)
