from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.capture import BlobStore

from .helpers import Server, serving


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running
