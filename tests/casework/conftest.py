"""A fake line, and desks at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from safeconduct.casework import Desk

from ..envelope.people import (
    DESKS,
    ROSTER_FILE,
    TODAY,
)
from .fake import FakeLine


@pytest.fixture
def line() -> FakeLine:
    return FakeLine(ROSTER_FILE)


@pytest.fixture
def at(tmp_path: Path, line: FakeLine) -> Callable[..., Desk]:
    """A function that opens (and first makes) the desk of a caseworker."""

    def opened(number: int = 0, today: date = TODAY) -> Desk:
        path = tmp_path / f"desk{number}"
        if not path.exists():
            Desk.join(path, ROSTER_FILE, tmp_path / "key", "https://line.example.org", None, TODAY)
        return Desk(path, DESKS[number], today=today, transport=line.transport(), wait=lambda seconds: None)

    return opened
