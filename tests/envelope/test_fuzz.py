"""A few of the hostile cases that `python -m tests.envelope.fuzz` makes by the million."""

from __future__ import annotations

from .fuzz import run


def test_hostile_bytes_are_refused_or_read() -> None:
    told = run(3000, 7)
    assert set(told["header"]) == {"no", "more", "header"}
    assert all(count["no"] for count in told.values())
