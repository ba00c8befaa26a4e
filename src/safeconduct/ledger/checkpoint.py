"""Signed checkpoints: what a ledger held at a moment, in a form that anyone can check with the public key.

A checkpoint is a signed note (C2SP signed-note and tlog-checkpoint): the name of the ledger, its number of records, the root
of the Merkle tree over them, and the chain value of the last one, signed with Ed25519.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from .merkle import leaf_hash

ALGORITHM = b"\x01"  # Ed25519, in the words of C2SP signed-note
_NAME = re.compile(r"[^\s+]{1,100}")


class CheckpointError(ValueError):
    """A key or checkpoint cannot be read, or its signature does not fit; the message says which."""


def leaf_of(record: str, recorded_at: str) -> bytes:
    """The leaf hash of a record: over its id (SHA-256, hexadecimal) and the time of recording, each on a line."""
    return leaf_hash(f"{record}\n{recorded_at}\n".encode())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a ledger held: ``origin`` names it, ``size`` counts its records, ``root`` is 32 bytes, ``chain`` the last
    chain value in hexadecimal digits."""

    origin: str
    size: int
    root: bytes
    chain: str

    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\nchain {self.chain}\n"


@dataclass(frozen=True)
class PublicKey:
    """A named Ed25519 key that checks; ``str()`` gives it as one line to hand out."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys apart."""
        return sha256(self.name.encode() + b"\n" + ALGORITHM + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ALGORITHM + self.key).decode()}"

    @classmethod
    def parse(cls, line: str) -> PublicKey:
        """The key from its line.

        Raises:
            CheckpointError: it is none.
        """
        parts = line.strip().split("+", 2)
        try:
            raw = base64.b64decode(parts[2], validate=True)
            found = cls(parts[0], raw[1:])
        except (IndexError, binascii.Error) as error:
            raise CheckpointError("this is no public key; it looks like NAME+12345678+BASE64") from error
        if raw[:1] != ALGORITHM or len(raw) != 33 or found.id.hex() != parts[1] or not _NAME.fullmatch(found.name):
            raise CheckpointError("this public key is damaged: its parts do not fit together")
        return found


class SigningKey:
    """A named Ed25519 key that signs."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        """``name`` names the ledger, such as "register.example.org/tnr": no spaces, no plus sign.

        Raises:
            CheckpointError: the name is no such name.
        """
        if not _NAME.fullmatch(name):
            raise CheckpointError(f"{name!r} cannot name a key: no spaces and no plus sign, 100 characters at most")
        self.name, self._key = name, key

    @classmethod
    def new(cls, name: str) -> SigningKey:
        """A fresh key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, pem: bytes) -> SigningKey:
        """A key from what ``dump`` wrote.

        Raises:
            CheckpointError: it is none.
        """
        first, _, rest = pem.partition(b"\n")
        try:
            key = load_pem_private_key(rest, None)
        except (ValueError, TypeError) as error:
            raise CheckpointError("this is no signing key of Safeconduct") from error
        if not isinstance(key, Ed25519PrivateKey) or not first.startswith(b"# "):
            raise CheckpointError("this is no signing key of Safeconduct")
        return cls(first[2:].decode("utf-8", "replace").strip(), key)

    def dump(self) -> bytes:
        """The key as PEM (PKCS #8, not encrypted), its name on the line above. Keep it readable to its owner only."""
        return f"# {self.name}\n".encode() + self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public(self) -> PublicKey:
        """The key that checks."""
        return PublicKey(self.name, self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note."""
        body = checkpoint.body()
        signature = base64.b64encode(self.public.id + self._key.sign(body.encode())).decode()
        return f"{body}\n— {self.name} {signature}\n"


def opened(note: str, key: PublicKey) -> Checkpoint:
    """The checkpoint of a signed note, when ``key`` signed it.

    Raises:
        CheckpointError: the note is damaged, or signed by another key, or altered after it was signed.
    """
    body, blank, signatures = note.partition("\n\n")
    body += "\n"
    lines = body.splitlines()
    try:
        origin, size, root, chain = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), lines[3].split(" ")
    except (IndexError, ValueError) as error:
        raise CheckpointError("this is no checkpoint") from error
    if not blank or len(lines) != 4 or len(root) != 32 or chain[0] != "chain" or len(chain) != 2 or size < 0:
        raise CheckpointError("this is no checkpoint")
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—" or name != key.name:
            continue
        try:
            raw = base64.b64decode(encoded, validate=True)
            if raw[:4] != key.id:
                continue
            Ed25519PublicKey.from_public_bytes(key.key).verify(raw[4:], body.encode())
        except (binascii.Error, InvalidSignature) as error:
            raise CheckpointError(f"the signature of {key.name} does not fit: the checkpoint was altered") from error
        return Checkpoint(origin, size, root, chain[1])
    raise CheckpointError(f"this checkpoint is not signed by {key.name}")
