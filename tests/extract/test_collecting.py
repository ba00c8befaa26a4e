"""Extraction leaves nothing behind that refers to itself, so that no garbage is sought while it runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from safeconduct import extract as package
from safeconduct.extract import Context, extract

TEXT = "Dutch police are investigating two Chinese police stations in Amsterdam and Rotterdam, the ministry said. " * 20


def test_a_text_leaves_no_cycles_behind() -> None:
    extract(TEXT, Context(rules_only=True))  # what is read once stays
    gc.collect()
    gc.disable()
    try:
        assert extract(TEXT, Context(rules_only=True)).proposals
        found = gc.collect()
    finally:
        gc.enable()
    assert found == 0


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_is_off_meanwhile_and_as_before_behind_it_whatever_happens(before: bool) -> None:
    seen: list[bool] = []

    def run(*_: object) -> Iterator[None]:
        seen.append(gc.isenabled())
        raise ValueError
        yield

    try:
        (gc.enable if before else gc.disable)()
        with patch.object(package, "run", run), pytest.raises(ValueError):
            extract(TEXT)
        assert (seen, gc.isenabled()) == ([False], before)
    finally:
        gc.enable()
