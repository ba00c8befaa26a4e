"""Secrets and fingerprints as words of the English BIP-39 list, which people can write down, read out and type."""

from __future__ import annotations

import unicodedata
from functools import cache

from mnemonic import Mnemonic

from .parcel import mailbox_for
from .sealing import derive, digest, identity_of, recipient_of
from .wire import Refused, unb64

COUNT = 12
SECRET = 16  # bytes in twelve words


@cache
def _bip39() -> Mnemonic:
    return Mnemonic("english")


@cache
def word_list() -> tuple[str, ...]:
    """The 2048 words, in order."""
    return tuple(_bip39().wordlist)


def to_words(secret: bytes) -> tuple[str, ...]:
    """Sixteen secret bytes as twelve words; the last ends in a checksum of four bits."""
    if len(secret) != SECRET:
        raise Refused("Twelve words hold sixteen bytes.")
    return tuple(_bip39().to_mnemonic(secret).split(" "))


def to_numbers(secret: bytes) -> tuple[int, ...]:
    """The same as places in the list, 1 to 2048."""
    return tuple(word_list().index(word) + 1 for word in to_words(secret))


def from_words(typed: str) -> bytes:
    """The sixteen bytes of twelve words or numbers, in any case and with any spaces, commas or full stops between them.

    Refused when there are not twelve, when one is no word of the list (by its place, never by what was typed), and when they
    do not belong together.
    """
    parts = unicodedata.normalize("NFKC", typed).lower().replace(",", " ").replace(".", " ").split()
    if len(parts) != COUNT:
        raise Refused(f"There are {len(parts)} words and not twelve.")
    words = []
    for place, part in enumerate(parts, 1):
        if part.isdecimal() and len(part) <= 4 and 1 <= int(part) <= 2048:
            words.append(word_list()[int(part) - 1])
        elif part in word_list():
            words.append(part)
        else:
            raise Refused(f"Word {place} is not in the list; look at its letters again.")
    try:
        return bytes(_bip39().to_entropy(words))
    except (ValueError, LookupError):
        raise Refused(
            "These twelve words do not belong together; one may be another word, or two may have changed places."
        ) from None


def fingerprint(signer: bytes) -> tuple[str, ...]:
    """The six words by which people compare a roster's signer (66 bits)."""
    return _six_words(signer)


def fingerprint_of(public: str) -> tuple[str, ...]:
    """The six words of a key by the public half in its file: an organisation's are those of its rosters' signer."""
    return _six_words(public.encode() if "." in public else unb64(public, 32))


def _six_words(data: bytes) -> tuple[str, ...]:
    bits = int.from_bytes(digest("fingerprint", data)) >> 256 - 66
    return tuple(word_list()[bits >> 11 * (5 - place) & 2047] for place in range(6))


def mailbox_of(words: bytes, signer: bytes) -> bytes:
    """The mailbox (16 bytes) that the words open at the organisation of this signer."""
    return mailbox_for(recipient_of(reply_identity_of(words, signer)))


def token_of(words: bytes, signer: bytes) -> bytes:
    """The token (32 bytes) by which the server lets the mailbox be read."""
    return derive(words, signer, "token", 32)


def reply_identity_of(words: bytes, signer: bytes) -> str:
    """The age identity to which answers are sealed."""
    return identity_of(derive(words, signer, "reply identity", 32))
