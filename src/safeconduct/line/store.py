"""What a line keeps, and the only place that writes it.

A report is accepted when its row stands in ``keys.sqlite``: first payloads are committed, then the wrapped keys with everything
that makes them findable. A payload without its row is swept at the next start. A batch of acts
shares one synchronisation of each.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import large
from .database import INCOMING, LARGE, decoys, forget, open_keys, open_payloads, rollback
from .refusals import Refusal
from .settings import StorageSettings

REPORT, ANSWER = 0, 1
SMALL = 128 * 1024  # bytes of payload up to which it stands in the database
Result = Any


@dataclass(frozen=True)
class Accept:
    """Keep a message. ``token`` is the hash of the token, or None for an answer to a mailbox that must exist."""

    mailbox: bytes
    token: bytes | None
    header: bytes
    payload: bytes | Path  # a file in incoming/, synchronised
    size: int  # of header and payload
    kind: int = REPORT
    new: bool = False  # may open a mailbox
    pass_hash: bytes | None = None  # opens a mailbox and is used up


@dataclass(frozen=True)
class Delete:
    """Destroy the wrapped keys of a message, or of everything in a mailbox. ``token`` None: a caseworker asks."""

    mailbox: bytes | None = None
    token: bytes | None = None
    message: bytes | None = None


@dataclass(frozen=True)
class Rewrap:
    """Replace the wrapped keys of a message."""

    message: bytes
    header: bytes


@dataclass(frozen=True)
class Call:
    """Something else to be done by the writer, outside of a transaction: sweeping."""

    function: Callable[[Store], Result]


Act = Accept | Delete | Rewrap | Call


@dataclass(frozen=True)
class Kept:
    """An accepted message: its id, and whether it opened a mailbox."""

    id: bytes
    opened: bool


class Store:
    """The folder's databases, opened for writing. One thread at a time."""

    def __init__(
        self, folder: Path, settings: StorageSettings, retention_days: int, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder, self.settings, self.retention_days, self._clock = folder, settings, retention_days, clock
        for name in (LARGE, INCOMING):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        self.keys = open_keys(folder)
        self.payloads = open_payloads(folder)
        self.decoys = decoys(self.keys, self.payloads)
        self.unforgotten = False  # deleted keys may still stand in the write-ahead log
        self.count()
        large.reserve(folder)

    def count(self) -> None:
        """Count anew how many bytes are kept."""
        self.used: int = self.keys.execute("SELECT coalesce(sum(size), 0) FROM message").fetchone()[0]

    def close(self) -> None:
        self.keys.close()
        self.payloads.close()

    def today(self) -> int:
        """Days since 1970-01-01, by the clock of the machine."""
        return int(self._clock() // 86400)

    def do(self, acts: Sequence[Act]) -> list[Result | Exception]:
        """Do all of them, durably; what each gives, or the refusal or error with which it failed."""
        calls = [act for act in acts if isinstance(act, Call)]
        rest = [act for act in acts if not isinstance(act, Call)]
        try:
            results = self._batch(rest) if rest else []
        except (sqlite3.Error, OSError) as error:
            if len(rest) > 1:  # one does not spoil it for all
                results = [self.do([act])[0] for act in rest]
            elif isinstance(rest[0], Delete) and large.release(self.folder):  # deleting works on a full disk
                self.settle()
                results = self.do(rest)
                self.settle()
                large.reserve(self.folder)
            else:
                results = [_full(error)]
        called: list[Result | Exception] = []
        for call in calls:
            try:
                called.append(call.function(self))
            except (sqlite3.Error, OSError, Refusal) as error:
                rollback(self.keys)
                rollback(self.payloads)
                called.append(error if isinstance(error, Refusal) else _full(error))
        one, other = iter(results), iter(called)
        return [next(other) if isinstance(act, Call) else next(one) for act in acts]

    def _batch(self, acts: Sequence[Act]) -> list[Result | Exception]:
        batch = _Batch(self)
        results: list[Result | Exception] = []
        self.keys.execute("BEGIN IMMEDIATE")
        self.payloads.execute("BEGIN IMMEDIATE")
        try:
            for act in acts:
                try:
                    results.append(batch.apply(act))
                except Refusal as refusal:
                    results.append(refusal)
            self.payloads.execute("COMMIT")
            if batch.moved:
                large.synchronise(self.folder / LARGE)
            self.keys.execute("COMMIT")
        except BaseException:
            rollback(self.payloads)
            rollback(self.keys)
            batch.undo()
            raise
        self.used += batch.grown
        if batch.removed or batch.rewrapped:
            self.unforgotten = not forget(self.keys)
            self.drop(batch.removed)
        return results

    def settle(self) -> None:
        """Bring both write-ahead logs into their databases, which makes the logs' room free."""
        for connection in (self.keys, self.payloads):
            with suppress(sqlite3.Error):
                forget(connection)

    def drop(self, removed: Sequence[tuple[bytes, int]]) -> None:
        """Remove payloads whose keys are gone; what cannot be removed now is swept later."""
        with suppress(sqlite3.Error, OSError):
            for message, is_large in removed:
                if is_large:
                    (self.folder / LARGE / message.hex()).unlink(missing_ok=True)
            small = [(message,) for message, is_large in removed if not is_large]
            if small:
                self.payloads.execute("BEGIN IMMEDIATE")
                self.payloads.executemany("DELETE FROM payload WHERE id = ?", small)
                self.payloads.execute("COMMIT")
        rollback(self.payloads)


class _Batch:
    """One transaction on both databases."""

    def __init__(self, store: Store) -> None:
        self.store, self.keys, self.settings = store, store.keys, store.settings
        self.day = store.today()
        self.grown = 0
        self.moved: list[tuple[Path, Path]] = []
        self.removed: list[tuple[bytes, int]] = []
        self.rewrapped = False

    def apply(self, act: Act) -> Result:
        if isinstance(act, Accept):
            return self.accept(act)
        if isinstance(act, Delete):
            return self.delete(act)
        assert isinstance(act, Rewrap)
        return self.rewrap(act)

    def accept(self, act: Accept) -> Kept:
        """Keep a message.

        Raises:
            Refusal: wrong_token, mailbox_full, bad_pass, work_needed, disk_full, not_found.
        """
        row = self.keys.execute("SELECT token, expires FROM mailbox WHERE id = ?", (act.mailbox,)).fetchone()
        if row is None:
            self._may_open(act)
        elif act.token is not None and not hmac.compare_digest(row[0], act.token):
            raise Refusal("wrong_token")
        else:
            self._may_add(act)
        self._may_grow(act, reserve=row is not None or act.pass_hash is not None)
        fuzz = self.settings.fuzz_days
        expires = self.day + max(1, self.store.retention_days + secrets.randbelow(2 * fuzz + 1) - fuzz)
        if row is None:
            self.keys.execute("INSERT INTO mailbox VALUES (?, ?, ?)", (act.mailbox, act.token, expires))
            if act.pass_hash is not None:
                self.keys.execute("DELETE FROM pass WHERE hash = ?", (act.pass_hash,))
        elif expires > row[1]:
            self.keys.execute("UPDATE mailbox SET expires = ? WHERE id = ?", (expires, act.mailbox))
        message = os.urandom(16)
        is_large = isinstance(act.payload, Path)
        self.keys.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)", (act.mailbox, message, act.kind, self.day, act.size, is_large)
        )
        self.keys.execute("INSERT INTO header VALUES (?, ?)", (message, act.header))
        if isinstance(act.payload, Path):
            target = self.store.folder / LARGE / message.hex()
            self.moved.append((act.payload, target))
            large.publish(act.payload, target, self.day)
        else:
            self.store.payloads.execute("INSERT INTO payload VALUES (?, ?)", (message, act.payload))
        self.grown += act.size
        return Kept(message, row is None)

    def _may_open(self, act: Accept) -> None:
        if act.token is None:
            raise Refusal("not_found")
        if act.pass_hash is not None:
            if self.keys.execute("SELECT 1 FROM pass WHERE hash = ?", (act.pass_hash,)).fetchone() is None:
                raise Refusal("bad_pass")
        elif not act.new:
            raise Refusal("work_needed")

    def _may_add(self, act: Accept) -> None:
        select = "SELECT count(*), coalesce(sum(size), 0) FROM message WHERE mailbox = ?"
        count, size = self.keys.execute(select, (act.mailbox,)).fetchone()
        if count >= self.settings.mailbox_messages or size + act.size > self.settings.mailbox_mb << 20:
            raise Refusal("mailbox_full")

    def _may_grow(self, act: Accept, *, reserve: bool) -> None:
        """The last tenth of the quota is for mailboxes that exist and for passes."""
        check_room(self.store.folder, self.settings, self.store.used + self.grown, act.size, reserve=reserve)

    def delete(self, act: Delete) -> bool:
        """Whether there was something; the same queries where there was not."""
        if act.mailbox is None:  # a caseworker deletes a message
            found = self.keys.execute("SELECT mailbox FROM message WHERE id = ?", (act.message,)).fetchone()
            mailbox, allowed = (found[0] if found else bytes(16)), found is not None
        else:
            mailbox = act.mailbox
            row = self.keys.execute("SELECT token FROM mailbox WHERE id = ?", (mailbox,)).fetchone()
            given = act.token if act.token is not None else (row[0] if row else b"")
            allowed = hmac.compare_digest(row[0] if row else bytes(32), given) and row is not None
        select = "SELECT id, large, size FROM message WHERE mailbox = ?"
        rows = self.keys.execute(select, (mailbox,)).fetchall()
        gone = [r for r in rows if allowed and act.message in (None, r[0])]
        self.keys.executemany("DELETE FROM header WHERE id = ?", [(r[0],) for r in gone])
        self.keys.executemany("DELETE FROM message WHERE mailbox = ? AND id = ?", [(mailbox, r[0]) for r in gone])
        if allowed and act.message is None:
            self.keys.execute("DELETE FROM mailbox WHERE id = ?", (mailbox,))
        self.removed += [(r[0], r[1]) for r in gone]
        self.rewrapped = True  # cut the log either way
        self.grown -= sum(r[2] for r in gone)
        return bool(gone)

    def rewrap(self, act: Rewrap) -> bool:
        """Raises Refusal not_found."""
        row = self.keys.execute("SELECT length(header) FROM header WHERE id = ?", (act.message,)).fetchone()
        if row is None or act.message in self.store.decoys:
            raise Refusal("not_found")
        more = len(act.header) - row[0]
        self.keys.execute("UPDATE header SET header = ? WHERE id = ?", (act.header, act.message))
        self.keys.execute("UPDATE message SET size = size + ? WHERE id = ?", (more, act.message))
        self.grown += more
        self.rewrapped = True
        return True

    def undo(self) -> None:
        for source, target in self.moved:
            with suppress(OSError):
                target.rename(source)


def check_room(folder: Path, settings: StorageSettings, used: int, size: int, *, reserve: bool) -> None:
    """Is there room for ``size`` more bytes?

    Raises:
        Refusal: ``disk_full``.
    """
    quota = settings.quota_mb << 20
    free = os.statvfs(folder)
    if used + size > (quota if reserve else quota - quota // 10):
        raise Refusal("disk_full")
    if free.f_bavail * free.f_frsize < (settings.keep_free_mb << 20) + size:
        raise Refusal("disk_full")


def _full(error: Exception) -> Exception:
    """A full disk is a refusal that says so; everything else stays the error it is."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")) or getattr(error, "errno", None) in large.NO_ROOM:
        return Refusal("disk_full")
    return error
