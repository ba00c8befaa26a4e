"""Known gaps of the extractor: tests that say what is wanted and that still fail; a mended one must leave the list."""

from __future__ import annotations

from pathlib import Path

import pytest

GAPS = Path(__file__).with_name("known_gaps.txt").read_text("utf-8").splitlines()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect the failure of each test that is named in the list."""
    for item in items:
        if item.nodeid in GAPS:
            item.add_marker(pytest.mark.xfail(strict=True, reason="a known gap"))
