"""Hostile bytes for every parser of the envelope: `python -m tests.envelope.fuzz 1000000` runs a million cases.

Headers come from a grammar whose pieces are right, nearly right or wrong, and are judged by a second parser that is written
another way; the two have to agree on every one, also on beginnings. Everything else has to be refused or read, never to crash.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO

from safeconduct.envelope import Refused, header_limit, identity_of, parse_header, recipient_of, seal, unseal
from safeconduct.envelope.keyfile import read_key, read_public, write_key
from safeconduct.envelope.letter import read_letter, write_report
from safeconduct.envelope.parcel import read_parcel, write_parcel
from safeconduct.envelope.roster import read_roster
from safeconduct.envelope.wire import read_json, unb64
from safeconduct.envelope.words import from_words, to_words

from .people import DESKS, ROSTER, ROSTER_FILE, TODAY, WORDS, report_of

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ONE = identity_of(bytes([1]) * 32)

Template = list[tuple[int, bytes]]  # how many bytes, out of which


def exactly(text: bytes) -> Template:
    return [(1, bytes([c])) for c in text]


VERSION = exactly(b"age-encryption.org/v1\n")
BODY = [(42, LETTERS), (1, LETTERS[::4])]  # 32 bytes leave two bits, which are zero
STANZA = [*exactly(b"-> mlkem768x25519 "), (1493, LETTERS), (1, LETTERS[::16]), *exactly(b"\n"), *BODY, *exactly(b"\n")]
LAST = exactly(b"--- ") + BODY + exactly(b"\n")


def length(template: Template) -> int:
    return sum(size for size, _ in template)


def judged(data: bytes, most: int) -> tuple[int, int] | str:
    """What ``parse_header`` has to say: stanzas and length, "more" or "no"."""

    def fits(template: Template, at: int) -> str:
        for size, allowed in template:
            found = data[at : at + size]
            if found.translate(None, allowed):
                return "no"
            if len(found) < size:
                return "some"
            at += size
        return "all"

    begin = fits(VERSION, 0)
    if begin != "all":
        return "more" if begin == "some" else "no"
    at, stanzas = length(VERSION), 0
    while True:
        ends = fits(LAST, at) if stanzas else "no"
        if ends == "all":
            return stanzas, at + length(LAST)
        goes_on = fits(STANZA, at) if stanzas < most else "no"
        if goes_on == "all":
            at, stanzas = at + length(STANZA), stanzas + 1
        else:
            return "more" if "some" in (ends, goes_on) else "no"


def a_line(rng: random.Random, template: Template) -> bytes:
    """A line of a template, or in one case of six nearly one."""
    line = bytearray(c for size, allowed in template for c in rng.choices(allowed, k=size))
    for _ in range(rng.choice((0, 0, 0, 0, 0, 1))):
        place = rng.randrange(len(line))
        how = rng.randrange(4)
        if how == 0:
            line[place] = rng.randrange(256)
        elif how == 1:
            del line[place]
        elif how == 2:
            line.insert(place, rng.choice(b"\n\r =-_A"))
        else:
            line[-2 if len(line) > 1 else 0] = rng.choice(LETTERS)
    return bytes(line)


STOCK = [bytes(a_line(random.Random(seed), STANZA)) for seed in range(60)]
WRONG = [
    b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n", b"-> scrypt " + b"A" * 22 + b" 18\n" + b"A" * 43 + b"\n", b"\n",
    b"---", b"-> mlkem768x25519\n\n", b"-> a-grease x\n\n", b"--- \n", b"-> \n", b"\xff", b"age-encryption.org/v1\n",
    bytes(100),
]  # fmt: skip


PUT_IN = (b"\x00", b"\xff", b'"', b"{", b"[" * 50, b"\\u0000", b"\\ud800", b"9" * 30, b",", b"\n", b"-")


def a_header(rng: random.Random) -> bytes:
    parts = [bytes(a_line(rng, VERSION))]
    for _ in range(rng.choice((0, 1, 1, 2, 3, 4, 12))):
        parts.append(rng.choice(STOCK) if rng.random() < 0.93 else a_line(rng, STANZA))
    if rng.random() < 0.15:
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(WRONG))
    if rng.random() < 0.8:
        parts.append(a_line(rng, LAST))
    data = b"".join(parts) + rng.randbytes(rng.choice((0, 0, 40)))
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.3 else data


def spoiled(rng: random.Random, good: bytes) -> bytes:
    """A good file with a few bytes changed, cut, doubled or put in."""
    data = bytearray(good)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, size = rng.randrange(len(data) + 1), rng.choice((1, 1, 2, 16, 300))
        how = rng.randrange(5)
        if how == 0:
            data[at : at + size] = rng.randbytes(len(data[at : at + size]))
        elif how == 1:
            del data[at : at + size]
        elif how == 2:
            data[at:at] = data[at : at + size]
        elif how == 3:
            data[at:at] = rng.choice(PUT_IN) * size
        else:
            del data[at:]
    return bytes(data)


def headers(rng: random.Random) -> str:
    data, most = a_header(rng), rng.choice((1, 2, 3, 11))
    wanted = judged(data, most)
    try:
        found = parse_header(data, most)
        said: tuple[int, int] | str = "more" if found is None else (found.stanzas, found.length)
    except Refused:
        said = "no"
    assert said == wanted, (most, data, said, wanted)
    assert said != "more" or len(data) < header_limit(most)
    return said if isinstance(said, str) else "header"


def parser(good: Sequence[bytes], read: Callable[[bytes], object]) -> Callable[[random.Random], str]:
    def case(rng: random.Random) -> str:
        data = spoiled(rng, rng.choice(good)) if rng.random() < 0.95 else rng.randbytes(rng.randrange(400))
        try:
            read(data)
        except Refused:
            return "no"
        return "read"

    return case


LETTER = b"".join(write_report(report_of("x", files=(b"abc", b"")), [[b"abc"], []]))
KEY = write_key(DESKS[0], None, bytes(32))
AGE = b"".join(seal([b"x" * 500], [recipient_of(ONE)]))


def only(found: object, wanted: object, _: object = None) -> None:
    """What is sealed or signed is read as it was made, or not at all."""
    assert found == wanted


ALL: dict[str, tuple[int, Callable[[random.Random], str]]] = {  # a weight, and a case
    "header": (60, headers),
    "age file": (5, parser([AGE], lambda data: only(data, AGE, b"".join(unseal(BytesIO(data), [ONE]))))),
    "letter": (12, parser([LETTER, LETTER[:600]], lambda data: read_letter([data]))),
    "roster": (3, parser([ROSTER_FILE], lambda data: only(read_roster(data, TODAY), ROSTER))),
    "parcel": (5, parser([write_parcel(bytes(16), bytes(32))], read_parcel)),
    "key file": (4, parser([KEY], read_public)),
    "key file opened": (1, parser([KEY], lambda data: only(read_key(data, None, bytes(32)), DESKS[0]))),
    "json": (5, parser([b'{"a": [1, 2.5, "x", null, {"b": true}], "c": "\\u00e4"}'], read_json)),
    "base64url": (4, parser([b"AAECAwQFBgcICQoLDA0ODw"], lambda data: unb64(data.decode("utf-8", "replace")))),
    "words": (1, parser([" ".join(to_words(WORDS)).encode()], lambda data: from_words(data.decode("utf-8", "replace")))),
}


def run(cases: int, seed: int) -> dict[str, Counter[str]]:
    """How each parser took its share of the cases."""
    rng, told = random.Random(seed), {name: Counter[str]() for name in ALL}
    total = sum(weight for weight, _ in ALL.values())
    for name, (weight, case) in ALL.items():
        for _ in range(-(-cases * weight // total)):
            told[name][case(rng)] += 1
    return told


if __name__ == "__main__":
    cases, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    told = run(cases, seed)
    took = time.monotonic() - began
    print(f"{date.today()}, seed {seed}: {sum(sum(one.values()) for one in told.values())} cases in {took:.0f} s")
    for name, count in told.items():
        print(f"{name}: {sum(count.values())} ({', '.join(f'{n} {what}' for what, n in count.most_common())})")
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
