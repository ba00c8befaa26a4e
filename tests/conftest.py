"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .server import server

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # several tests run at once

NGO_BRIEF = (
    "Rights group counts 54 stations\n\n"
    "According to Safeguard Defenders, China has set up 54 police service stations in 30 countries. "
    "The Dutch government has ordered China to close its police stations in the Netherlands. "
    "Beijing denied that it runs police stations abroad.\n"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that it does not end alone."""
    items.sort(key=lambda item: "extraction.md" not in item.nodeid)


class Clock:
    """A clock that goes one second a look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Callable[[], datetime]):
    from safeconduct import Workspace

    with Workspace.init(tmp_path / "workspace", clock=clock) as found:
        yield found


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.txt"
    path.write_text(NGO_BRIEF, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    with server() as socket:
        yield socket
