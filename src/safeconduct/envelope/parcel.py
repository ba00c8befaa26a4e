"""Parcels: a mailbox, the hash of its token and an age file, as they travel over any channel."""

from __future__ import annotations

from dataclasses import dataclass

from .sealing import digest, sha256
from .wire import Refused

MAGIC = b"SCLINE1\n"
PREFIX = 56  # bytes before the age file
MAILBOX = 16
TOKEN = 32


@dataclass(frozen=True)
class Parcel:
    """What stands before the age file."""

    mailbox: bytes
    token_hash: bytes

    def __post_init__(self) -> None:
        if len(self.mailbox) != MAILBOX or len(self.token_hash) != 32:
            raise Refused("A parcel names a mailbox of 16 bytes and a hash of 32.")


def write_parcel(mailbox: bytes, token: bytes) -> bytes:
    """The 56 bytes before the age file."""
    parcel = Parcel(mailbox, token_hash(token))
    return MAGIC + parcel.mailbox + parcel.token_hash


def read_parcel(data: bytes) -> Parcel | None:
    """The beginning of a parcel; None when more bytes are needed to tell; Refused when it is none."""
    begin = bytes(data[:PREFIX])
    if begin[: len(MAGIC)] != MAGIC[: len(begin)]:
        raise Refused("This is no parcel of version 1.")
    return Parcel(begin[8:24], begin[24:]) if len(begin) == PREFIX else None


def mailbox_for(reply_to: str) -> bytes:
    """The only mailbox (16 bytes) in which a letter with this reply key can lie: nobody puts another key into it."""
    return digest("mailbox", reply_to.encode())[:MAILBOX]


def token_hash(token: bytes) -> bytes:
    """What the server keeps of a token."""
    if len(token) != TOKEN:
        raise Refused("A token has 32 bytes.")
    return sha256(token)
