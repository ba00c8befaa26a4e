"""Key files: the secret half of a caseworker's or the organisation's key, locked (docs/line-protocol.md, "Keys")."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from .sealing import Cost, derive, identity_of, lock, public_of, recipient_of, unlock
from .wire import Refused, b64, keys, number, read_json, text, unb64

Kind = Literal["caseworker", "organisation"]
KINDS = ("caseworker", "organisation")


@dataclass(frozen=True)
class Key:
    """A secret seed of 32 bytes and what follows from it; never shown by repr."""

    kind: Kind
    seed: bytes = field(repr=False)

    @property
    def identity(self) -> str:
        """A caseworker's age identity."""
        return identity_of(self.seed)

    @property
    def recipient(self) -> str:
        """A caseworker's age recipient."""
        return recipient_of(self.identity)

    @property
    def signing(self) -> bytes:
        """The Ed25519 seed: the organisation's own, or a caseworker's answer key."""
        return self.seed if self.kind == "organisation" else derive(self.seed, b"", "answer key", 32)

    @property
    def verifying(self) -> bytes:
        """The public half of ``signing``."""
        return public_of(self.signing)

    @property
    def public(self) -> str:
        """What others may know, in one line: ``b64(signer)``, or ``recipient.b64(answer key)`` of a caseworker."""
        return b64(self.verifying) if self.kind == "organisation" else f"{self.recipient}.{b64(self.verifying)}"


@dataclass(frozen=True)
class Public:
    """The public half of a key, from its file, without a password; ``recipient`` is None for an organisation."""

    kind: Kind
    verifying: bytes
    recipient: str | None
    token: bool
    text: str  # all of it in one line


def new_key(kind: Kind) -> Key:
    """A key of fresh random bytes."""
    return Key(kind, secrets.token_bytes(32))


def write_key(key: Key, password: str | None, token: bytes | None, cost: Cost | None = None) -> bytes:
    """The key file; ``cost`` (only with a password) is by default three passes over 256 MiB."""
    cost, salt = (cost or Cost()).check(), secrets.token_bytes(16)
    sealed = lock(key.seed, password, token, salt, _label(key.kind, key.public), cost)
    made = {
        "safeconduct_key": 1, "type": key.kind, "public": key.public, "salt": b64(salt),
        "argon2id": cost._asdict() if password is not None else None, "token": token is not None, "sealed": b64(sealed),
    }  # fmt: skip
    return json.dumps(made, indent=1).encode() + b"\n"


def read_key(data: bytes, password: str | None, token: bytes | None) -> Key:
    """The key in a file. Refused when it does not open, is no key file, or names another public half than its own."""
    found = _fields(data)
    if found["token"] and token is None:
        raise Refused("This key needs its token file.")
    if found["argon2id"] is not None and password is None:
        raise Refused("This key needs its password.")
    cost = Cost()
    if found["argon2id"] is not None:
        cost = Cost(**{name: number(value, 1, 1 << 32) for name, value in keys(found["argon2id"], Cost._fields).items()})
    label = _label(found["type"], found["public"])
    seed = unlock(
        unb64(found["sealed"], 48), password if found["argon2id"] is not None else None, token if found["token"] else None,
        unb64(found["salt"], 16), label, cost,
    )  # fmt: skip
    key = Key(found["type"], seed)
    if key.public != found["public"]:
        raise Refused("The key file names another public key than its own.")
    return key


def read_public(data: bytes) -> Public:
    """What a key file tells without being opened. It is vouched for only by opening the file."""
    found = _fields(data)
    recipient, _, verifying = found["public"].rpartition(".")
    return Public(found["type"], unb64(verifying, 32), recipient or None, found["token"], found["public"])


def needs_password(data: bytes) -> bool:
    """Whether a key file is locked with a password (perhaps with a token file too)."""
    return _fields(data)["argon2id"] is not None


def _fields(data: bytes) -> dict[str, Any]:
    found = keys(read_json(data), ("safeconduct_key", "type", "public", "salt", "argon2id", "token", "sealed"))
    if found["safeconduct_key"] != 1 or found["type"] not in KINDS:
        raise Refused("This is no key file of a kind that this Safeconduct knows.")
    if type(found["token"]) is not bool:
        raise Refused("The key file does not say whether it needs a token file.")
    return found | {"public": text(found["public"], 4096)}


def _label(kind: str, public: str) -> bytes:
    return f"{kind}\n{public}".encode()
