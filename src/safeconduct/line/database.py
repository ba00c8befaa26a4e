"""The two databases of a line: ``keys.sqlite`` (mailboxes, messages, wrapped keys) and ``payload.sqlite`` (noise without them).

Rows are found by random keys and hold days, never times. What is deleted from ``keys.sqlite`` is overwritten with zeros.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

KEYS, PAYLOAD, LARGE, INCOMING = "keys.sqlite", "payload.sqlite", "large", "incoming"
DECOYS = 3  # as many answers as a page can hold

KEYS_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mailbox (id BLOB PRIMARY KEY, token BLOB NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
  mailbox BLOB NOT NULL, id BLOB NOT NULL, kind INTEGER NOT NULL, day INTEGER NOT NULL, size INTEGER NOT NULL,
  large INTEGER NOT NULL, PRIMARY KEY (mailbox, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS message_id ON message (id);
CREATE TABLE IF NOT EXISTS header (id BLOB PRIMARY KEY, header BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pass (hash BLOB PRIMARY KEY) WITHOUT ROWID;
"""
PAYLOAD_SCHEMA = "CREATE TABLE IF NOT EXISTS payload (id BLOB PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID;"


def connect(path: Path, *, schema: str = "") -> sqlite3.Connection:
    """A connection in autocommit mode, safe to hand to another thread as long as one at a time uses it."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=20)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    if schema:
        connection.executescript(schema)
    return connection


def open_keys(folder: Path) -> sqlite3.Connection:
    """The database of mailboxes and wrapped keys, made if it is not there."""
    return connect(folder / KEYS, schema=KEYS_SCHEMA)


def open_payloads(folder: Path) -> sqlite3.Connection:
    """The database of payloads, made if it is not there."""
    connection = connect(folder / PAYLOAD, schema=PAYLOAD_SCHEMA)
    connection.execute("PRAGMA secure_delete=OFF")  # noise already
    return connection


def decoys(keys: sqlite3.Connection, payloads: sqlite3.Connection) -> list[bytes]:
    """The ids of the rows that are read where there is no answer to read; made once for a folder."""
    row = keys.execute("SELECT value FROM meta WHERE name = 'decoys'").fetchone()
    if row is None:
        ids = [os.urandom(16) for _ in range(DECOYS)]
        with_rows(payloads, [("INSERT INTO payload VALUES (?, ?)", (i, os.urandom(16_432))) for i in ids])
        with_rows(
            keys,
            [("INSERT INTO header VALUES (?, ?)", (i, os.urandom(6_400))) for i in ids]
            + [("INSERT INTO meta VALUES ('decoys', ?)", (b"".join(ids),))],
        )
        return ids
    return [row[0][n : n + 16] for n in range(0, len(row[0]), 16)]


def with_rows(connection: sqlite3.Connection, statements: list[tuple[str, tuple[object, ...]]]) -> None:
    """Run the statements in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")
    except BaseException:
        rollback(connection)
        raise


def rollback(connection: sqlite3.Connection) -> None:
    """Roll back where a transaction is still open (SQLite closes it by itself when the disk is full)."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def forget(keys: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the database and cut it to nothing, so that no deleted key is left in it.

    Returns whether that was possible; it is not while somebody reads an older state.
    """
    return bool(keys.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
