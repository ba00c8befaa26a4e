from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.publish import publish

from .helpers import Made, ordinary


@pytest.fixture
def made() -> Made:
    return ordinary()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site that tests only read."""
    out = tmp_path_factory.mktemp("published") / "site"
    publish(ordinary().publication(reviewed=False, ledger_head="ab" * 32), out)
    return out
