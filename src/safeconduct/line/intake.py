"""Taking a parcel in, piece by piece: judged on its first bytes, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from safeconduct.envelope import Refused, can_be_letter, header_limit, parse_header
from safeconduct.envelope.parcel import PREFIX, read_parcel

from .large import Incoming
from .refusals import Refusal
from .store import SMALL


@dataclass(frozen=True)
class Begun:
    """What the first bytes of a parcel say."""

    mailbox: bytes
    token: bytes  # the hash that travels
    header: bytes  # the age header


class Intake:
    """Holds at most the first bytes and ``SMALL`` bytes of payload in memory; more goes into a file of ``folder``.

    ``size`` is the announced size of the parcel, or None where it is not known before its end. ``judge`` is called once, when
    the header is complete, with what it says; what it raises ends the intake before a byte is stored.
    """

    def __init__(self, folder: Path, most: int, limit: int, size: int | None, judge: Callable[[Begun], None]) -> None:
        self._folder, self._most, self._size, self._judge = folder, most, size, judge
        self._limit = limit
        self._held = bytearray()
        self._file: Incoming | None = None
        self.begun: Begun | None = None
        self.taken = 0  # bytes of the parcel
        self.payload = 0  # bytes of payload

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            Refusal: ``bad_parcel``, ``too_large``, or what ``judge`` raises.
            OSError: the disk is full.
        """
        self.taken += len(data)
        if self.taken > (self._limit if self._size is None else self._size):
            raise Refusal("too_large")
        if self.begun is None:
            self._held += data
            self._begin()
        else:
            self._keep(data)

    def _begin(self) -> None:
        held = bytes(self._held)
        try:
            parcel = read_parcel(held)
            header = parse_header(held[PREFIX:], self._most) if parcel else None
        except Refused:
            raise Refusal("bad_parcel") from None
        if parcel is None or header is None:
            if len(held) >= PREFIX + header_limit(self._most):
                raise Refusal("bad_parcel")
            return
        end = PREFIX + header.length
        if self._size is not None and not can_be_letter(self._size - end):
            raise Refusal("bad_parcel")
        begun = Begun(parcel.mailbox, parcel.token_hash, held[PREFIX:end])
        self._judge(begun)
        self.begun, rest = begun, held[end:]
        self._held.clear()
        self._keep(rest)

    def _keep(self, data: bytes) -> None:
        self.payload += len(data)
        if self._file is None and self.payload > SMALL:
            self._file = Incoming(self._folder)
            self._file.write(bytes(self._held))
            self._held.clear()
        if self._file is None:
            self._held += data
        else:
            self._file.write(data)

    def end(self) -> bytes | Path:
        """The payload, complete: bytes, or a synchronised file (this waits for the disk).

        Raises:
            Refusal: ``bad_parcel``: it is shorter than announced, or no padded letter has its size.
            OSError: the disk is full.
        """
        complete = self._size is None or self.taken == self._size
        if self.begun is None or not complete or not can_be_letter(self.payload):
            raise Refusal("bad_parcel")
        if self._file is None:
            return bytes(self._held)
        self._file.finish()
        return self._file.path

    def drop(self) -> None:
        """Let go of a file that was not moved to where it stays."""
        if self._file is not None:
            self._file.discard()

    @property
    def in_file(self) -> bool:
        return self._file is not None
