"""The age vectors of CCTV: everything hybrid opens exactly, and everything else is refused."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.envelope import Refused, identity_of, recipient_of, unseal
from safeconduct.envelope.sealing import _header

FILE = Path(__file__).parent / "vectors" / "cctv-age-0.2.0.json"
OWN = identity_of(bytes(range(32)))
HYBRID = {"hybrid", "hybrid_multiple_recipients"}
OTHERS_TOO = {"hybrid_and_x25519", "hybrid_grease"}  # good age files which the line refuses: stanzas of other kinds
ARMOURED = {"armor_hybrid"}  # likewise


@dataclass
class Vector:
    name: str
    about: dict[str, str]
    file: bytes

    @property
    def identity(self) -> str:
        given = self.about.get("identity", "")
        return given if given.startswith("AGE-SECRET-KEY-PQ-1") else OWN

    @property
    def expected(self) -> bool:
        return self.about["expect"] == "success"


def vectors() -> list[Vector]:
    found = []
    for name, text in json.loads(FILE.read_text(encoding="ascii")).items():
        head, _, file = b64decode(text).partition(b"\n\n")
        about = dict(line.split(": ", 1) for line in head.decode().split("\n"))
        found.append(Vector(name, about, zlib.decompress(file) if about.get("compressed") else file))
    return found


VECTORS = vectors()
STREAMS = [v for v in VECTORS if v.name.startswith("stream_")]


def opened(file: bytes, identity: str) -> tuple[str, bool]:
    """The hash of all that was released, and whether the file opened."""
    released = hashlib.sha256()
    try:
        for chunk in unseal(io.BytesIO(file), [identity]):
            released.update(chunk)
    except Refused:
        return released.hexdigest(), False
    return released.hexdigest(), True


def test_all_vectors_are_there() -> None:
    assert len(VECTORS) == 143
    good = {v.name for v in VECTORS if v.expected and v.about.get("identity", "").startswith("AGE-SECRET-KEY-PQ-1")}
    assert good == HYBRID | OTHERS_TOO | ARMOURED
    assert len(STREAMS) == 28


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_hybrid_files_open_and_all_others_are_refused(vector: Vector) -> None:
    released, whole = opened(vector.file, vector.identity)
    if vector.name in HYBRID:
        assert whole and released == vector.about["payload"]
    else:
        assert not whole
        assert released == hashlib.sha256(b"").hexdigest(), "something was released of a file that is refused"


@pytest.mark.parametrize("vector", STREAMS, ids=lambda v: v.name)
def test_payloads_behind_a_hybrid_header(vector: Vector) -> None:
    """The vectors of the payload are sealed to X25519; here the same payload stands behind a header for a hybrid key."""
    header = _header(bytes.fromhex(vector.about["file key"]), [recipient_of(OWN)])
    end = vector.file.index(b"\n", vector.file.index(b"\n--- ") + 1) + 1
    released, whole = opened(header + vector.file[end:], OWN)
    assert whole == vector.expected
    assert released == (vector.about["payload"] if whole else hashlib.sha256(b"").hexdigest())
