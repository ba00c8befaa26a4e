"""Passes: codes that open one new mailbox without work, for people whom a partner organisation vouches for."""

from __future__ import annotations

import os

from safeconduct.envelope import b64, sha256

from .store import Store


def new(store: Store, count: int) -> list[str]:
    """Make passes; only their hashes are kept, and nothing says which mailbox one opened."""
    passes = [os.urandom(16) for _ in range(count)]
    store.keys.execute("BEGIN IMMEDIATE")
    store.keys.executemany("INSERT INTO pass VALUES (?)", [(sha256(one),) for one in passes])
    store.keys.execute("COMMIT")
    return [b64(one) for one in passes]


def unused(store: Store) -> int:
    """How many were not used yet."""
    return int(store.keys.execute("SELECT count(*) FROM pass").fetchone()[0])


def withdraw(store: Store) -> int:
    """Withdraw every pass that was not used; how many."""
    return store.keys.execute("DELETE FROM pass").rowcount
