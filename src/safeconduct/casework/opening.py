"""Sealed files opened for a caseworker: verified to the end, then read; attachments saved only when somebody asks."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from safeconduct.envelope import Refused, unseal
from safeconduct.envelope.letter import Answer, Letter, Report, read_attachment, read_letter
from safeconduct.envelope.parcel import MAGIC, PREFIX, read_parcel

from .errors import DeskError


@dataclass(frozen=True)
class Opened:
    """A letter that passed every check, and what a caseworker has to know about it beside its text."""

    letter: Letter
    warnings: tuple[str, ...] = ()


def open_letter(sealed: BinaryIO, identity: str, mailbox: bytes | None = None) -> Letter:
    """The letter in the age file that begins where ``sealed`` stands; Refused when it is of another mailbox than it came as."""
    letter = read_letter(unseal(sealed, [identity]))
    if mailbox is not None and letter.mailbox != mailbox:
        raise Refused("Not genuine: the letter was written for another mailbox than the one under which it came.")
    return letter


def open_file(path: Path, identity: str) -> Opened:
    """The letter in a parcel (from the portable form, an e-mail, a stick) or in a bare age file.

    Raises Refused when it does not open or is not whole, OSError when it cannot be read.
    """
    with path.open("rb") as file:
        mailbox = _skip_parcel(file)
        letter = open_letter(file, identity, mailbox)
    warnings = [] if mailbox else ["A bare age file: nothing shows that its sender holds the mailbox that it names."]
    if isinstance(letter, Answer):
        warnings.append("An answer outside a desk: whether its key stands in the roster was not checked.")
    return Opened(letter, tuple(warnings))


def save_attachments(path: Path, identity: str, folder: Path, places: Sequence[int] | None = None) -> list[Path]:
    """Write attachments (1, 2 …; all without ``places``) in the clear into a folder, each under a safe name; gives the paths.

    The only function of this room that writes anything that was sealed. Raises DeskError when there is no such attachment or
    a file of its name is there already.
    """
    with path.open("rb") as file:
        _skip_parcel(file)
        start = file.tell()
        letter = open_letter(file, identity)
        listed = letter.attachments if isinstance(letter, Report) else ()
        wanted = list(places) if places is not None else list(range(1, len(listed) + 1))
        if not wanted or any(not 1 <= place <= len(listed) for place in wanted):
            raise DeskError(f"The letter has {len(listed)} attachments, counted from 1.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = []
        for place in wanted:
            target = folder / safe_name(place, listed[place - 1].name)
            if target.exists():
                raise DeskError(f"{target} is there already; save into an empty folder.")
            file.seek(start)
            pieces = read_attachment(unseal(file, [identity]), place - 1)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.writelines(pieces)
            made.append(target)
        return made


def safe_name(place: int, name: str) -> str:
    """A file name from a stranger: without folders, control and direction characters, or a dot in front; never empty."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isalnum() or c in "._- " or unicodedata.combining(c)).strip(" .")
    stem, dot, end = kept.rpartition(".")
    short = f"{(stem or end)[:60]}{dot}{end[:10]}" if stem else kept[:60]
    return f"{place:02d}-{short or 'file'}"


def _skip_parcel(file: BinaryIO) -> bytes | None:
    """The mailbox of a parcel, whose age file begins where ``file`` stands afterwards; None for a bare age file."""
    begin = file.read(PREFIX)
    if begin[: len(MAGIC)] != MAGIC:
        file.seek(0)
        return None
    parcel = read_parcel(begin)
    if parcel is None:
        raise Refused("The parcel ends too early.")
    return parcel.mailbox
