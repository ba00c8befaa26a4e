"""Parcels by their grammar, and the ways in which a parcel can be almost one."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

from safeconduct.envelope import padded, sealed_size

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
VERSION = b"age-encryption.org/v1\n"


def b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def stanza(dice: random.Random) -> bytes:
    return b"-> mlkem768x25519 " + b64(dice.randbytes(1120)) + b"\n" + b64(dice.randbytes(32)) + b"\n"


def written(dice: random.Random, stanzas: int, size: int) -> bytes:
    """A parcel whose letter has ``size`` bytes before padding."""
    header = VERSION + b"".join(stanza(dice) for _ in range(stanzas)) + b"--- " + b64(dice.randbytes(32)) + b"\n"
    return b"SCLINE1\n" + dice.randbytes(48) + header + dice.randbytes(sealed_size(padded(size)))


def _other_kind(dice: random.Random) -> bytes:
    """A stanza that age knows and the line does not."""
    share, body = b64(dice.randbytes(32)), b64(dice.randbytes(32))
    return dice.choice(
        [
            b"-> X25519 " + share + b"\n" + body + b"\n",
            b"-> scrypt " + b64(dice.randbytes(16)) + b" 18\n" + body + b"\n",
            b"-> ssh-ed25519 " + b64(dice.randbytes(4)) + b" " + share + b"\n" + body + b"\n",
            b"-> grease-grease x y\n" + body + b"\n",
            b"-> mlkem768x25519\n" + body + b"\n",
            b"-> mlkem768x25519 " + share + b"\n" + body + b"\n",
        ]
    )


def mutated(dice: random.Random, parcel: bytes, most: int) -> tuple[str, bytes]:
    """A parcel with one thing wrong: what, and the bytes."""
    start, rest = parcel[:56], parcel[56:]
    end = rest.index(b"--- ") + 48
    header, payload = rest[:end], rest[end:]
    first = header.index(b"->")
    one = header[first : header.index(b"\n", header.index(b"\n", first) + 1) + 1]

    def spot(low: int = 0) -> int:
        return dice.randrange(low, len(header))

    def replaced(old: bytes, new: bytes) -> Callable[[], bytes]:
        return lambda: start + header.replace(old, new, 1) + payload

    def letter() -> bytes:
        at = spot()
        other = bytes([dice.choice([c for c in range(256) if c not in ALPHABET])])
        return start + header[:at] + (other if other != header[at : at + 1] else b"\0") + header[at + 1 :] + payload

    def spare_bits() -> bytes:
        at = header.index(b"\n", first + 20) - 1  # the last letter of the share holds spare bits
        return start + header[:at] + bytes([ALPHABET[ALPHABET.index(header[at]) ^ 1]]) + header[at + 1 :] + payload

    ways: dict[str, Callable[[], bytes]] = {
        "another magic": lambda: b"SCLINE2\n" + parcel[8:],
        "nothing before": lambda: rest,
        "a letter outside the alphabet": letter,
        "spare bits": spare_bits,
        "a byte too many in the header": lambda: (at := spot()) and start + header[:at] + b"A" + header[at:] + payload,
        "a byte missing in the header": lambda: (at := spot()) * 0 or start + header[:at] + header[at + 1 :] + payload,
        "carriage returns": replaced(b"\n", b"\r\n"),
        "armour": lambda: start + b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64.b64encode(rest),
        "no stanza": lambda: start + VERSION + header[header.index(b"---") :] + payload,
        "too many stanzas": lambda: start + header.replace(one, one * (most + 1), 1) + payload,
        "another kind of stanza": lambda: start + header.replace(one, one + _other_kind(dice), 1) + payload,
        "only another kind": lambda: start + header.replace(one, _other_kind(dice), 1) + payload,
        "one more argument": replaced(b"\n", b" x\n") if dice.random() < 0.1 else replaced(one, one.replace(b"\n", b" x\n", 1)),
        "an empty body": lambda: start + header.replace(one, one[: one.index(b"\n") + 1] + b"\n", 1) + payload,
        "padding with =": replaced(one, one.replace(b"\n", b"==\n", 1)),
        "another version": replaced(b"v1", b"v2"),
        "a short payload": lambda: parcel[: -dice.randrange(1, 10_000)],
        "a long payload": lambda: parcel + dice.randbytes(dice.randrange(1, 400)),
        "no payload": lambda: start + header,
        "half of a header": lambda: parcel[: dice.randrange(56, 56 + len(header))],
        "two parcels": lambda: parcel + parcel,
    }
    name = dice.choice(sorted(ways))
    made = ways[name]()
    return (name, made) if made and made != parcel else ("no payload", start + header)


def fields_around(dice: random.Random, edge: bytes, data: bytes) -> tuple[bytes, bool]:
    """A form with ``data`` as its parcel, and whether it is as it should be."""

    def part(name: bytes, value: bytes) -> bytes:
        head = b'\r\nContent-Disposition: form-data; name="' + name + b'"; filename="x"\r\n\r\n'
        return b"--" + edge + head + value + b"\r\n"

    good = part(b"language", b"fa") * dice.randrange(2) + part(b"parcel", data)
    end = b"--" + edge + b"--\r\n"
    if (b"\r\n--" + edge) in data or dice.random() < 0.5:
        wrong = dice.choice(
            [
                good, good + good + end, part(b"other", b"x") + good + end, good.replace(b"form-data", b"x", 1) + end,
                data + good + end, part(b"language", b"x" * 100) + good + end, good.replace(b"\r\n", b"\n") + end,
                part(b"pass", b"\xff\xfe") + good + end, b"--" + edge + b"\r\nX: " + b"y" * 10_000 + b"\r\n\r\n" + end,
            ]
        )  # fmt: skip
        return wrong, False
    return good + end, True
