"""Bech32 (BIP-173) without its limit of 90 characters, as age writes recipients and identities."""

from __future__ import annotations

from functools import reduce
from operator import xor

from .wire import Refused

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_STEP = [reduce(xor, (g for bit, g in enumerate(_GENERATOR) if top >> bit & 1), 0) for top in range(32)]


def encode(prefix: str, data: bytes) -> str:
    """``prefix``, the separator 1, the data in letters of five bits and six letters of checksum; lower case."""
    bits = "".join(f"{byte:08b}" for byte in data)
    values = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    sum_ = _checksum([*_spread(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    check = [(sum_ >> 5 * (5 - at)) & 31 for at in range(6)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in (*values, *check))}"


def decode(text: str, prefix: str, size: int) -> bytes:
    """The ``size`` bytes of a lower-case text with this prefix; refused when a letter, the checksum or the padding is wrong."""
    start = f"{prefix}1"
    letters = text.removeprefix(start)
    if not text.startswith(start) or len(letters) != -(-size * 8 // 5) + 6 or not set(letters) <= set(_LETTERS):
        raise Refused("A key is not complete or of another kind.")
    values = [_VALUES[letter] for letter in letters]
    if _checksum([*_spread(prefix), *values]) != 1:
        raise Refused("A key has a wrong letter.")
    bits = "".join(f"{value:05b}" for value in values[:-6])
    if "1" in bits[size * 8 :]:
        raise Refused("A key has a wrong ending.")
    return bytes(int(bits[at : at + 8], 2) for at in range(0, size * 8, 8))


def _spread(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _checksum(values: list[int]) -> int:
    sum_ = 1
    for value in values:
        sum_ = (sum_ & 0x1FFFFFF) << 5 ^ value ^ _STEP[sum_ >> 25]
    return sum_
