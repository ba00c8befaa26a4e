"""What is published, what comes of it, and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.register import Register, Source

if TYPE_CHECKING:
    from .proofs import Integrity


class PublishError(Exception):
    """Publishing stopped; the message is one plain sentence that says what to do next. An older site is untouched."""


@dataclass(frozen=True)
class Publication:
    """What to publish.

    ``register.statements`` are the claims published. ``texts`` gives the text with a SHA-256 (of its UTF-8 bytes).
    ``sources`` are all sources to list, also those without claims. ``sample`` and ``reviewed`` put a notice on every page:
    a sample is made of the project's own summaries; without review, claims were accepted by script or include proposals.
    ``base_url`` is the public address of the site's front page, for canonical links and the sitemap; without it every
    link is relative. ``ledger_head`` is the chain hash of the ledger the register was computed from; ``integrity`` what the
    site carries so that it can be checked against the signed checkpoint of that ledger.
    """

    register: Register
    texts: Callable[[str], str]
    sources: Sequence[Source]
    title: str = "Register of transnational repression"
    sample: bool = False
    reviewed: bool = True
    base_url: str | None = None
    generator: str = "Safeconduct 0.1.0"
    ledger_head: str | None = None
    integrity: Integrity | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A site that was written: its folder, how many files and pages it has, and their size in bytes."""

    out: Path
    files: int
    pages: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a published site: the file (relative to it) and what is wrong, in one sentence."""

    file: str
    what: str
