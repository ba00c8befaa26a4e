"""Rosters: written and read back, and everything near them refused; who is former in the next one."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.envelope import Refused, b64, sign
from safeconduct.envelope.roster import Former, former_after, read_roster, write_roster

from .people import DESKS, ORGANISATION, ROSTER, ROSTER_FILE, SIGNER, TODAY

OLD = [Former(bytes([n]) * 32, TODAY - timedelta(days=n)) for n in range(20)]


def resigned(change: dict[str, Any], seed: bytes = ORGANISATION.seed, drop: str | None = None) -> bytes:
    inner = json.loads(json.loads(ROSTER_FILE)["signed"]) | change
    inner.pop(drop, None)
    signed = json.dumps(inner, ensure_ascii=False)
    return json.dumps({"signed": signed, "signature": b64(sign(seed, "roster", signed.encode()))}).encode()


def test_a_roster_comes_back() -> None:
    assert read_roster(ROSTER_FILE, TODAY, SIGNER) == ROSTER
    assert read_roster(resigned({}), ROSTER.expires) == ROSTER
    assert ROSTER.desk_of(DESKS[1].verifying) == ROSTER.recipients[1] and ROSTER.desk_of(bytes(32)) is None


@pytest.mark.parametrize("change", [
    {"v": 2}, {"v": "1"}, {"v": True}, {"signer": b64(bytes(32))}, {"issued": "26.11.2026"}, {"expires": "2026-11-26"},
    {"recipients": []}, {"recipients": "x"}, {"limit": -1}, {"limit": 1.5}, {"limit": True}, {"retention_days": 0},
    {"addresses": ["x"] * 11}, {"more": 1}, {"organisation": 7}, {"organisation": "x" * 201},
])  # fmt: skip
def test_other_rosters_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_roster(resigned(change), TODAY)


def test_recipients_are_hybrid_and_not_alike() -> None:
    inner = json.loads(json.loads(ROSTER_FILE)["signed"])["recipients"]
    bad = [
        [*inner, inner[0]], [*inner[:2], inner[2] | {"name": "desk 1"}],
        [*inner[:2], inner[2] | {"answer_key": inner[0]["answer_key"]}],
        [*inner[:2], inner[2] | {"recipient": inner[0]["recipient"]}], [inner[0] | {"recipient": "age1" + "q" * 58}],
        [inner[0] | {"recipient": inner[0]["recipient"].upper()}], [inner[0] | {"extra": 1}], [1], inner * 4,
    ]  # fmt: skip
    for recipients in bad:
        with pytest.raises(Refused):
            read_roster(resigned({"recipients": recipients}), TODAY)


def test_former_desks_come_back_and_count_to_their_last_day() -> None:
    made = replace(ROSTER, former=tuple(OLD))
    assert read_roster(write_roster(made, ORGANISATION.seed), TODAY) == made
    for one in OLD:
        assert made.was_desk(one.answer_key, one.until) and made.was_desk(one.answer_key, date.min)
        assert not made.was_desk(one.answer_key, one.until + timedelta(days=1)) and made.desk_of(one.answer_key) is None
    assert not made.was_desk(bytes([99]) * 32, TODAY) and not made.was_desk(DESKS[0].verifying, TODAY)


def test_former_desks_are_few_and_not_alike() -> None:
    one = {"answer_key": b64(bytes(32)), "until": "2026-11-26"}
    assert read_roster(resigned({"former": [one]}), TODAY).former
    bad = [
        [one, one], [one, one | {"until": "2026-11-25"}], [one | {"answer_key": b64(DESKS[2].verifying)}], None, {}, [1],
        [one | {"until": "2026-11-31"}], [one | {"name": "desk 1"}], [{"until": "2026-11-26"}], [one | {"answer_key": "AA"}],
        [{"answer_key": b64(bytes([n]) * 32), "until": "2026-11-26"} for n in range(21)],
    ]  # fmt: skip
    for former in bad:
        with pytest.raises(Refused):
            read_roster(resigned({"former": former}), TODAY)
    with pytest.raises(Refused, match="is missing"):
        read_roster(resigned({}, drop="former"), TODAY)


def test_who_is_in_no_new_roster_becomes_former() -> None:
    """A key that came back is current; one that left twice counts from the second time."""
    before = replace(ROSTER, former=(OLD[3], OLD[2], Former(DESKS[0].verifying, TODAY)))
    before = replace(before, recipients=ROSTER.recipients[1:])
    found = former_after(before, ROSTER.recipients[:2], TODAY)
    assert found == [Former(DESKS[2].verifying, TODAY), OLD[2], OLD[3]]


def test_a_roster_expires_and_belongs_to_one_signer() -> None:
    with pytest.raises(Refused, match="expired"):
        read_roster(ROSTER_FILE, ROSTER.expires + timedelta(days=1))
    with pytest.raises(Refused, match="another organisation"):
        read_roster(ROSTER_FILE, TODAY, bytes(32))
    with pytest.raises(Refused, match="signature"):
        read_roster(resigned({}, seed=bytes(32)), TODAY)
    with pytest.raises(Refused, match="is missing"):
        read_roster(resigned({}, drop="signer"), TODAY)
    with pytest.raises(Refused):
        write_roster(replace(ROSTER, recipients=()), ORGANISATION.seed)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(ROSTER_FILE) - 1), st.integers(1, 127))
def test_no_byte_of_a_roster_can_be_altered(place: int, by: int) -> None:
    file = bytearray(ROSTER_FILE)
    file[place] ^= by
    with suppress(Refused):
        assert read_roster(bytes(file), TODAY, SIGNER) == ROSTER  # outside the signed string: white space


def test_days_are_days() -> None:
    assert read_roster(ROSTER_FILE, date(2026, 12, 1)).issued == TODAY
