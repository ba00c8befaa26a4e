"""The parcel's grammar, from both sides: everything it makes is taken however it is cut, everything next to it is refused."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.envelope import padded, sealed_size
from safeconduct.line.forms import _Form
from safeconduct.line.intake import Begun, Intake
from safeconduct.line.refusals import Refusal

from .grammar import fields_around, mutated, written

MOST, LIMIT = 3, 1 << 20
FOLDER = Path(tempfile.mkdtemp())
(FOLDER / "incoming").mkdir()


def take(parcel: bytes, cuts: list[int], *, announced: bool = True) -> tuple[Begun, bytes]:
    """What an intake makes of a parcel that comes in pieces; raises Refusal."""
    judged: list[Begun] = []
    intake = Intake(FOLDER, MOST, LIMIT, len(parcel) if announced else None, judged.append)
    try:
        at = 0
        for cut in sorted({c % (len(parcel) + 1) for c in cuts} | {len(parcel)}):
            intake.feed(parcel[at:cut])
            at = cut
        payload = intake.end()
        assert judged == [intake.begun] and intake.begun is not None
        return intake.begun, payload.read_bytes() if isinstance(payload, Path) else payload
    finally:
        intake.drop()


SEEDS = st.integers(0, 2**32)
CUTS = st.lists(st.integers(0, 1 << 18), max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, st.integers(1, MOST), st.integers(0, 200_000), CUTS, st.booleans())
def test_what_the_grammar_makes_is_taken(seed: int, stanzas: int, size: int, cuts: list[int], announced: bool) -> None:
    parcel = written(random.Random(seed), stanzas, size)
    begun, payload = take(parcel, cuts, announced=announced)
    assert parcel == b"SCLINE1\n" + begun.mailbox + begun.token + begun.header + payload
    assert len(payload) == sealed_size(padded(size))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, st.integers(1, MOST), CUTS, st.booleans())
def test_what_is_next_to_the_grammar_is_refused(seed: int, stanzas: int, cuts: list[int], announced: bool) -> None:
    dice = random.Random(seed)
    name, parcel = mutated(dice, written(dice, stanzas, 100), MOST)
    with pytest.raises(Refusal):
        take(parcel, cuts, announced=announced)
        print("taken:", name)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=5000), CUTS, st.booleans())
def test_any_bytes_are_refused_and_nothing_else_happens(data: bytes, cuts: list[int], announced: bool) -> None:
    for start in (b"", b"SCLINE1\n", b"SCLINE1\n" + bytes(48) + b"age-encryption.org/v1\n"):
        with pytest.raises(Refusal):
            take(start + data, cuts, announced=announced)


class _Sink:
    """Stands for a parcel on its way in."""

    def __init__(self) -> None:
        self.intake, self.rights = self, type("Rights", (), {"pass_hash": None})()
        self.got = bytearray()

    def feed(self, data: bytes) -> None:
        self.got += data


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=2000), SEEDS, CUTS)
def test_a_form_gives_the_parcel_or_a_refusal(data: bytes, seed: int, cuts: list[int]) -> None:
    dice = random.Random(seed)
    body, whole = fields_around(dice, b"edge", data)
    sink = _Sink()
    form = _Form(b"edge", sink)  # type: ignore[arg-type]
    try:
        at = 0
        for cut in sorted({c % (len(body) + 1) for c in cuts} | {len(body)}):
            form.feed(body[at:cut])
            at = cut
    except Refusal:
        assert not whole
        return
    if whole:
        assert form.ended and form.parcels == 1 and bytes(sink.got) == data


def test_a_header_that_never_ends_is_refused_early() -> None:
    intake = Intake(FOLDER, MOST, LIMIT, None, lambda begun: None)
    parcel = written(random.Random(1), 3, 100)
    line = parcel[56 + 22 : 56 + 22 + 1514]
    with pytest.raises(Refusal):
        intake.feed(parcel[:78])
        for _ in range(1000):
            intake.feed(line)
    assert intake.taken < 8192


def test_a_judge_who_refuses_is_asked_before_anything_is_stored() -> None:
    def judge(begun: Begun) -> None:
        raise Refusal("work_needed")

    parcel = written(random.Random(1), 3, 600_000)
    intake = Intake(FOLDER, MOST, LIMIT, len(parcel), judge)
    with pytest.raises(Refusal, match="work_needed"):
        intake.feed(parcel[:6000])
    assert not list((FOLDER / "incoming").iterdir()) and not intake.in_file
