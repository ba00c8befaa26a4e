"""Where a ledger may be: a SQLite file, or a database of a real PostgreSQL server."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Path | str]:
    """A new empty place for a ledger each time it is called, of both kinds of database."""
    if request.param == "sqlite":
        return lambda: tmp_path / f"{uuid.uuid4().hex}.sqlite3"
    socket = request.getfixturevalue("postgres")
    return lambda: fresh_database(socket, f"ledger_{uuid.uuid4().hex}")
