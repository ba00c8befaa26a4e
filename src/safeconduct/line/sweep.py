"""Keeping house: what has expired goes, what nobody can find goes, and what could tell the hour of a report is blurred.

A clock that jumps must not empty the line: a day that is more than ``LEAP`` days after the last one seen is believed once it
has lasted two days, or when a person says so.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from . import large
from .database import INCOMING, KEYS, LARGE, PAYLOAD, forget, rollback
from .guard import report
from .store import Call, Store

if TYPE_CHECKING:
    from .writer import Writer

LEAP = 7
GROUP = 64  # messages that are blurred together
T = TypeVar("T")
_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class Swept:
    """What a sweep did. ``doubted``: the clock may be wrong, so nothing expired."""

    expired: int = 0  # mailboxes
    orphans: int = 0  # payloads without keys
    blurred: int = 0
    doubted: bool = False


def believe(store: Store, *, sure: bool = False) -> bool:
    """Whether the day of the machine's clock may be acted on; remembers what it saw."""
    today = store.today()
    last, doubt = _number(store, "day"), _number(store, "doubt")
    if last is None or sure or last <= today <= last + LEAP:
        _remember(store, day=today, doubt=None)
        return True
    if today < last:  # behind: nothing can expire too early
        _remember(store, day=today, doubt=None)
        return True
    if doubt is None or not 0 <= today - doubt <= LEAP:
        _remember(store, day=last, doubt=today)
        return False
    if today - doubt < 2:
        return False
    _remember(store, day=today, doubt=None)
    return True


def expire(store: Store) -> int:
    """Destroy the keys of every mailbox whose day has come; how many."""
    keys, today = store.keys, store.today()
    keys.execute("BEGIN IMMEDIATE")
    due = [row[0] for row in keys.execute("SELECT id FROM mailbox WHERE expires <= ?", (today,))]
    gone: list[tuple[bytes, int]] = []
    for mailbox in due:
        gone += keys.execute("SELECT id, large FROM message WHERE mailbox = ?", (mailbox,)).fetchall()
        keys.execute("DELETE FROM header WHERE id IN (SELECT id FROM message WHERE mailbox = ?)", (mailbox,))
        keys.execute("DELETE FROM message WHERE mailbox = ?", (mailbox,))
        keys.execute("DELETE FROM mailbox WHERE id = ?", (mailbox,))
    keys.execute("COMMIT")
    if due:
        store.unforgotten = not forget(keys)
        store.drop(gone)
        store.count()
    return len(due)


def orphans(store: Store) -> int:
    """Remove payloads without keys, and files whose receiving was cut off; how many."""
    known = {row[0] for row in store.keys.execute("SELECT id FROM message")} | set(store.decoys)
    lost = [(row[0], 0) for row in store.payloads.execute("SELECT id FROM payload") if row[0] not in known]
    names = {message.hex() for message in known}
    files = [path for path in (store.folder / LARGE).iterdir() if path.name not in names]
    files += list((store.folder / INCOMING).iterdir())
    for path in files:
        path.unlink(missing_ok=True)
    store.drop(lost)
    return len(lost) + len(files)


def unblurred(store: Store) -> list[list[bytes]]:
    """Groups of messages of days that are over and that still lie in the order in which they came."""
    since, today = _number(store, "blurred") or 0, store.today()
    if since >= today:
        return []
    found = [row[0] for row in store.keys.execute("SELECT id FROM message WHERE day >= ? AND day < ?", (since, today))]
    _shuffle(found)
    return [found[n : n + GROUP] for n in range(0, len(found), GROUP)]


def blur(store: Store, group: list[bytes]) -> int:
    """Write messages anew in another order, so that their places in the databases and files tell nothing."""
    _shuffle(group)
    for connection, table in ((store.payloads, "payload"), (store.keys, "header")):
        connection.execute("BEGIN IMMEDIATE")
        try:
            select = f"SELECT * FROM {table} WHERE id = ?"  # noqa: S608
            rows = [row for message in group for row in connection.execute(select, (message,))]
            connection.executemany(f"DELETE FROM {table} WHERE id = ?", [(row[0],) for row in rows])  # noqa: S608
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608
            connection.execute("COMMIT")
        finally:
            rollback(connection)
    for message in group:
        row = store.keys.execute("SELECT day FROM message WHERE id = ? AND large", (message,)).fetchone()
        if row is not None:
            large.rewrite(store.folder / LARGE / message.hex(), row[0])
    return len(group)


def blurred(store: Store) -> None:
    """Everything of earlier days is blurred; the logs that still hold the old order are cut."""
    _remember(store, blurred=store.today())
    store.unforgotten = not forget(store.keys)
    store.payloads.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def sweep(store: Store, *, sure: bool = False, alone: bool = True) -> Swept:
    """Everything at once, for a command. Not ``alone``, beside a server, orphans stay: they may just be arriving."""
    believed = believe(store, sure=sure)
    expired = expire(store) if believed else 0
    done = sum(blur(store, group) for group in unblurred(store))
    blurred(store)
    return Swept(expired, orphans(store) if alone else 0, done, doubted=not believed)


async def keep_house(writer: Writer, folder: Path, pause: float = 60) -> None:
    """Sweep at the start and every hour, between other acts; once a minute every database file gets the same times."""
    minutes = 0
    await _quietly(writer, lambda store: orphans(store))
    while True:
        if minutes % 60 == 0:
            await _quietly(writer, lambda store: believe(store) and expire(store))
            for group in await _quietly(writer, unblurred) or []:
                await _quietly(writer, partial(blur, group=group))
            await _quietly(writer, blurred)
            await _quietly(writer, Store.count)
        even_times(folder)
        await asyncio.sleep(pause)
        minutes += 1


async def _quietly(writer: Writer, function: Callable[[Store], T]) -> T | None:
    """What the call gives, or None where it failed: it comes again in an hour."""
    try:
        done: T = await writer.do(Call(function))
        return done
    except Exception as error:
        report(error)
        return None


def even_times(folder: Path) -> None:
    """Give the databases' files one time, whether or not something came: the day for reading and writing, now for changing."""
    midnight = time.time() // 86400 * 86400
    for name in (KEYS, PAYLOAD):
        for path in folder.glob(f"{name}*"):
            with suppress(OSError):
                os.utime(path, (midnight, midnight))


def _number(store: Store, name: str) -> int | None:
    row = store.keys.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else None


def _remember(store: Store, **values: int | None) -> None:
    for name, value in values.items():
        if value is None:
            store.keys.execute("DELETE FROM meta WHERE name = ?", (name,))
        elif _number(store, name) != value:
            store.keys.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
