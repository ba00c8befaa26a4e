"""What the steps of the main job give back, and the error they raise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int | None], None]  # called with what is done and, where known, what there is to do


class WorkspaceError(Exception):
    """What was asked cannot be done; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Added:
    """The outcome for one source: ``new`` is false when these bytes were already there, ``problem`` says what failed."""

    name: str
    source: str | None  # its id, or None when it could not be taken
    new: bool = False
    problem: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extracted:
    """What was proposed from one text. ``dropped`` counts proposals refused because their quote was not verbatim."""

    source: str
    name: str
    proposed: int
    new: int
    dropped: int
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something that ``verify`` found: ``where`` names the record, file or page."""

    where: str
    what: str


@dataclass(frozen=True)
class Imported:
    """What came of a file of claims: lines ``read``, claims ``new`` and ``known`` before, and a sentence for each line
    that was ``refused``."""

    read: int
    new: int
    known: int
    refused: tuple[str, ...] = ()
