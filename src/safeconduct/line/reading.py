"""Reading what is kept: by mailbox for reporters, by message for caseworkers."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .database import DECOYS, KEYS, LARGE, PAYLOAD, connect
from .store import ANSWER

PAGE = 65_536  # bytes of a mailbox answer
ENTRY = 16 + 1 + 4 + 4
MOST_ANSWER = PAGE - 5 - ENTRY  # bytes of the largest answer that a page can hold
_BLOCK = 64 * 1024
Row = tuple[bytes, int, int, int]  # id, kind, day, size


@dataclass(frozen=True)
class Message:
    """What the server knows of a message. ``size`` is that of the age file, ``day`` days since 1970-01-01."""

    id: bytes
    mailbox: bytes
    kind: int
    day: int
    size: int
    large: bool


class Reader:
    """A view of the folder's databases. One thread at a time."""

    def __init__(self, folder: Path, decoys: list[bytes]) -> None:
        self._folder, self._decoys = folder, decoys
        self._keys = connect(folder / KEYS)
        self._payloads = connect(folder / PAYLOAD)

    def close(self) -> None:
        self._keys.close()
        self._payloads.close()

    def token(self, mailbox: bytes) -> bytes | None:
        """The hash of a mailbox's token, or None."""
        row = self._keys.execute("SELECT token FROM mailbox WHERE id = ?", (mailbox,)).fetchone()
        return row[0] if row else None

    def fill(self, mailbox: bytes) -> tuple[int, int]:
        """How many messages a mailbox holds, and their bytes."""
        select = "SELECT count(*), coalesce(sum(size), 0) FROM message WHERE mailbox = ?"
        count, size = self._keys.execute(select, (mailbox,)).fetchone()
        return count, size

    def has_pass(self, pass_hash: bytes) -> bool:
        return self._keys.execute("SELECT 1 FROM pass WHERE hash = ?", (pass_hash,)).fetchone() is not None

    def page(self, mailbox: bytes, token: bytes, number: int) -> bytearray:
        """One page of a mailbox: always 65 536 bytes, always the same queries and as many reads.

        A wrong token, no such mailbox and no such page look like an empty one to whoever measures.
        """
        kept = self.token(mailbox)
        found = hmac.compare_digest(kept or bytes(32), token) and kept is not None
        select = "SELECT id, kind, day, size FROM message WHERE mailbox = ? ORDER BY day DESC, id"
        rows = self._keys.execute(select, (mailbox,)).fetchall()
        entries, older = _cut(rows if found else [], number)
        answers = [entry[0] for entry in entries if entry[1] == ANSWER]
        contents = [self.small(message) for message in (answers + self._decoys)[:DECOYS]]
        page = bytearray(os.urandom(PAGE))
        page[:4] = bytes([found, older]) + len(entries).to_bytes(2, "big")
        at, next_answer = 4, iter(contents)
        for message, kind, day, _ in entries:
            content = next(next_answer) if kind == ANSWER else b""
            entry = message + bytes([kind]) + day.to_bytes(4, "big") + len(content).to_bytes(4, "big") + content
            page[at : at + len(entry)] = entry
            at += len(entry)
        assert len(page) == PAGE
        return page

    def small(self, message: bytes) -> bytes:
        """The age file of a message whose payload stands in the database."""
        header = self._keys.execute("SELECT header FROM header WHERE id = ?", (message,)).fetchone()
        payload = self._payloads.execute("SELECT payload FROM payload WHERE id = ?", (message,)).fetchone()
        return bytes(header[0] + payload[0]) if header and payload else b""

    def messages(self) -> list[Message]:
        """All messages, in the order of their random ids."""
        select = "SELECT id, mailbox, kind, day, size, large FROM message ORDER BY id"
        return [_message(row) for row in self._keys.execute(select)]

    def message(self, message: bytes) -> Message | None:
        """What is known of one message, or None."""
        select = "SELECT id, mailbox, kind, day, size, large FROM message WHERE id = ?"
        row = self._keys.execute(select, (message,)).fetchone()
        return _message(row) if row else None

    def blocks(self, message: Message) -> Iterator[bytes]:
        """The age file of a message, block by block. Ends early where it is deleted meanwhile."""
        if not message.large:
            yield self.small(message.id)
            return
        header = self._keys.execute("SELECT header FROM header WHERE id = ?", (message.id,)).fetchone()
        try:
            with (self._folder / LARGE / message.id.hex()).open("rb") as file:
                yield header[0] if header else b""
                while block := file.read(_BLOCK):
                    yield block
        except FileNotFoundError:
            return


def _message(row: tuple[bytes, bytes, int, int, int, int]) -> Message:
    message, mailbox, kind, day, size, is_large = row
    return Message(message, mailbox, kind, day, size, bool(is_large))


def _cut(rows: list[Row], number: int) -> tuple[list[Row], bool]:
    """The entries of page ``number``, and whether there is an older one."""
    page, room, answers = 0, PAGE - 5, 0
    entries: list[Row] = []
    for row in rows:
        size, answer = ENTRY + (row[3] if row[1] == ANSWER else 0), row[1] == ANSWER
        if size > room or answers + answer > DECOYS:
            page, room, answers = page + 1, PAGE - 5, 0
            if page > number:
                return entries, True
        if page == number:
            entries.append(row)
        room, answers = room - size, answers + answer
    return entries, False
