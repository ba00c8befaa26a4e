"""The header and the sizes of an age file as the line allows them: hybrid stanzas, padded letters, nothing else.

Since only one kind of stanza is let in, every line of a header has one length and the header one grammar without choices;
whatever departs from it by a byte is refused. No key is needed here, so this is also what the server checks.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import NamedTuple

from .wire import Refused

MOST = 11  # stanzas a file may have: ten recipients of a roster, and the reply key of an answer
CHUNK = 65536
TAG = 16
FLOOR = 16384  # the least plaintext of a letter
SHARE = 1120  # bytes of an encapsulated key
_VERSION = b"age-encryption.org/v1\n"
_LETTER = rb"[A-Za-z0-9+/]"
_SHARE = rb"(" + _LETTER + rb"{1493}[AQgw])"  # the last letter's spare bits are zero, so that there is one writing
_32 = rb"(" + _LETTER + rb"{42}[AEIMQUYcgkosw048])"
_STANZA = re.compile(rb"-> mlkem768x25519 " + _SHARE + rb"\n" + _32 + rb"\n")
_LAST = re.compile(rb"--- " + _32 + rb"\n")
_A_STANZA = b"-> mlkem768x25519 " + b"A" * 1494 + b"\n" + b"A" * 43 + b"\n"
_A_LAST = b"--- " + b"A" * 43 + b"\n"


class Header(NamedTuple):
    """A complete header: the number of its stanzas, and its length with the line of the MAC."""

    stanzas: int
    length: int


def header_limit(most: int) -> int:
    """The length of a header with ``most`` stanzas."""
    return len(_VERSION) + most * len(_A_STANZA) + len(_A_LAST)


def parse_header(data: bytes, most: int) -> Header | None:
    """The header with which ``data`` begins, of 1 to ``most`` hybrid stanzas.

    None when ``data`` may be the beginning of one and more is needed (never at ``header_limit(most)`` bytes); Refused when it
    is not. Says nothing about keys: who holds an identity checks the MAC in ``unseal``.
    """
    begin = bytes(data[: len(_VERSION)])
    if not _VERSION.startswith(begin):
        raise Refused("This is no age file of version 1.")
    at = len(_VERSION)
    for stanzas in range(most + 1):
        if len(data) <= at:
            return None
        rest = bytes(data[at : at + len(_A_STANZA)])
        if stanzas and _LAST.fullmatch(rest[: len(_A_LAST)] + _A_LAST[len(rest) :]):
            return Header(stanzas, at + len(_A_LAST)) if len(rest) >= len(_A_LAST) else None
        if not _STANZA.fullmatch(rest + _A_STANZA[len(rest) :]):
            break
        at += len(_A_STANZA)
    raise Refused(f"The header of the file is not one of 1 to {most} hybrid recipients.")


def split_header(header: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Of a header that ``parse_header`` found: what the MAC is over, the wrapped keys (share and body), the MAC."""
    over, mac = header[: 3 - len(_A_LAST)], header[4 - len(_A_LAST) : -1]
    wrapped = [b64decode(share + b"==") + b64decode(body + b"=") for share, body in _STANZA.findall(over)]
    return over, wrapped, b64decode(mac + b"=")


def join_header(wrapped: Iterable[bytes]) -> bytes:
    """What the MAC of a header with these wrapped keys is over: everything to the three dashes."""
    stanzas = (b"-> mlkem768x25519 " + _b64(key[:SHARE]) + b"\n" + _b64(key[SHARE:]) + b"\n" for key in wrapped)
    return _VERSION + b"".join(stanzas) + b"---"


def end_header(over: bytes, mac: bytes) -> bytes:
    """The whole header."""
    return over + b" " + _b64(mac) + b"\n"


def padded(size: int) -> int:
    """The size of a padded letter (Padmé, Nikitin et al. 2019), at least 16 384; at most 12 % more, and few sizes."""
    exponent = max(size, 2).bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return max(FLOOR, -(-size // step) * step)


def sealed_size(plain: int) -> int:
    """The bytes of an age file after its header, for a plaintext of this size."""
    return 16 + plain + TAG * max(1, -(-plain // CHUNK))


def can_be_letter(payload: int) -> bool:
    """Whether an age file with this many bytes after its header can hold a padded letter."""
    plain = payload - 16 - TAG * -(-(payload - 16) // (CHUNK + TAG))
    return plain >= FLOOR and sealed_size(plain) == payload and padded(plain) == plain


def _b64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")
