"""What goes wrong at a caseworker's desk, in one sentence that says what to do."""

from __future__ import annotations


class DeskError(Exception):
    """Something could not be done. ``again``: it may work later, after ``after`` seconds; ``code``: the server's own word."""

    def __init__(self, message: str, *, again: bool = False, after: int | None = None, code: str = "") -> None:
        super().__init__(message)
        self.again, self.after, self.code = again, after, code


class Unreachable(DeskError):
    """The network failed, before or after the server understood."""
