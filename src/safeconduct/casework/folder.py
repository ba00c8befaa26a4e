"""A desk's folder on disk: sealed files under their ids, the list of them, the roster. Nothing in the clear.

```text
desk.json         where the server and the key file are, and the organisation's signer, pinned when the desk was made
index.json        what the server listed, and for which roster each message is sealed
roster.json       the roster that holds, as signed
rosters/          those that held before, so that none of them holds again
sealed/ID.age     every message exactly as it was downloaded
```
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from safeconduct.envelope import MOST, Refused, b64, can_be_letter, header_limit, parse_header, read_json, sha256, unb64
from safeconduct.envelope.roster import Roster, read_roster
from safeconduct.envelope.wire import items, keys, text

from .client import Listed
from .errors import DeskError

NAME = "desk.json"


@dataclass(frozen=True)
class Kept:
    """A message of the desk. ``gone``: the server has it no more. ``sealed_for``: a mark of the recipients it is sealed to."""

    listed: Listed
    gone: bool = False
    sealed_for: str = ""

    @property
    def id(self) -> str:
        """Its name, in hexadecimal."""
        return self.listed.id.hex()

    def as_json(self) -> dict[str, Any]:
        return {**self.listed.as_json(), "gone": self.gone, "sealed_for": self.sealed_for}

    @classmethod
    def from_json(cls, found: object) -> Kept:
        one = keys(found, ("id", "mailbox", "kind", "day", "size", "gone", "sealed_for"))
        listed = Listed.from_json({name: one[name] for name in ("id", "mailbox", "kind", "day", "size")})
        return cls(listed, one["gone"] is True, text(one["sealed_for"], 64))


@dataclass(frozen=True)
class Settings:
    """What desk.json says."""

    address: str
    key: Path
    signer: bytes
    proxy: str | None = None


class Folder:
    """The files of a desk; one process at a time changes them (``locked``)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            found = keys(read_json((path / NAME).read_bytes()), ("desk", "address", "key", "signer", "proxy"))
        except FileNotFoundError:
            raise DeskError(f"{path} is no desk; make one with `safeconduct line join`.") from None
        if found["desk"] != 1:
            raise DeskError(f"{path} was made by a newer Safeconduct; update this one.")
        proxy = text(found["proxy"], 500) or None
        self.settings = Settings(text(found["address"], 500), Path(text(found["key"], 4096)), unb64(found["signer"], 32), proxy)

    @classmethod
    def make(cls, path: Path, settings: Settings) -> Folder:
        """A new desk in a folder that is empty or not there."""
        if path.exists() and any(path.iterdir()):
            raise DeskError(f"{path} is not empty; choose a new folder for the desk.")
        for folder in (path, path / "sealed", path / "rosters"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        write_whole(path / NAME, [_json({
            "desk": 1, "address": settings.address, "key": str(settings.key), "signer": b64(settings.signer),
            "proxy": settings.proxy or "",
        })])  # fmt: skip
        return cls(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else changes the desk meanwhile; DeskError when somebody does."""
        with (self.path / NAME).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DeskError("Another command is at work in this desk; wait until it is done.") from None
            yield

    # ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def messages(self) -> list[Kept]:
        """Every message, oldest first."""
        try:
            found = keys(read_json((self.path / "index.json").read_bytes()), ("messages",))
        except FileNotFoundError:
            return []
        return [Kept.from_json(one) for one in items(found["messages"], 1 << 20)]

    def keep(self, messages: Iterable[Kept]) -> None:
        """Replace the list."""
        ordered = sorted(messages, key=lambda one: (one.listed.day, one.listed.id))
        write_whole(self.path / "index.json", [_json({"messages": [one.as_json() for one in ordered]})])

    def update(self, message: Kept, **change: Any) -> Kept:
        """Change what is known of one message."""
        new = replace(message, **change)
        self.keep([*(one for one in self.messages() if one.listed.id != message.listed.id), new])
        return new

    def sealed(self, message: Listed) -> Path:
        """Where the message's age file is."""
        return self.path / "sealed" / f"{message.id.hex()}.age"

    def store(self, message: Listed, pieces: Iterable[bytes]) -> None:
        """Keep a download, if it is as long as it was said to be and an age file that can hold a letter; else Refused."""
        write_whole(self.sealed(message), _checked(pieces, message.size))

    # ── rosters ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def roster(self) -> Roster:
        """The roster that holds: the one that was accepted last."""
        return read_roster((self.path / "roster.json").read_bytes(), date.min, self.settings.signer)

    def accept(self, data: bytes, today: date) -> Roster:
        """Let a roster hold; Refused when it is not the organisation's, has expired, or comes before the one that holds."""
        roster, current = read_roster(data, today, self.settings.signer), self.path / "roster.json"
        if current.exists():
            held, holds = current.read_bytes(), self.roster()
            if data == held:
                return roster
            if roster.issued < holds.issued or self._earlier(data, roster).exists():
                raise Refused("The server shows an older roster than the one known here; ask the organisation which holds.")
            write_whole(self._earlier(held, holds), [held])
        write_whole(current, [data])
        return roster

    def _earlier(self, data: bytes, roster: Roster) -> Path:
        return self.path / "rosters" / f"{roster.issued.isoformat()}-{sha256(data).hex()[:16]}.json"


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file, readable to its owner only, that is there whole or not at all, also after a power cut."""
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _checked(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The pieces, of which the first are held back until the header is whole; Refused on the way when they are not a letter."""
    head, length, seen = b"", 0, 0
    for piece in pieces:
        seen += len(piece)
        if seen > size:
            raise Refused("The server sends more than it listed.")
        if length:
            yield piece
            continue
        head += piece
        header = parse_header(head[: header_limit(MOST)], MOST)
        if header is not None:
            length = header.length
            yield head
    if seen != size or not length or not can_be_letter(size - length):
        raise Refused("The server sends something that is no sealed letter, or only a part of it.")


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
