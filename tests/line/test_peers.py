"""The script of the page and the Python envelope read each other, and refuse what the protocol refuses."""

from __future__ import annotations

import base64
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from safeconduct.envelope import b64, recipient_of, seal, sign, unseal
from safeconduct.envelope.keyfile import new_key
from safeconduct.envelope.letter import Answer, Report, read_attachment, read_letter, write_answer
from safeconduct.envelope.parcel import read_parcel, token_hash
from safeconduct.envelope.roster import Former, read_roster, write_roster
from safeconduct.envelope.words import mailbox_of, reply_identity_of, token_of

from .kit import Organisation
from .script_kit import bundled, node

SECRET = bytes(range(16))
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory, organisation: Organisation) -> Callable[..., Any]:
    script = bundled("peer.mjs", tmp_path_factory.mktemp("peer"))

    def ask(roster: bytes | None = None, day: date = TODAY, **asked: Any) -> Any:
        given = {
            "roster": (roster or organisation.roster()).decode(), "day": day.isoformat(), "secret": text(SECRET), **asked,
        }  # fmt: skip
        done = node(script, stdin=json.dumps(given).encode())
        if done.returncode:
            raise RuntimeError(re.findall(r"^\w*Error.*|^Refused.*", done.stderr.decode(), re.M) or done.stderr.decode())
        return json.loads(done.stdout)

    return ask


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


WRITTEN: dict[str, Any] = {
    "type": "report", "language": "fa", "written": "2026-11-26", "parts": {"what": "سلام 𠮷", "contact": "x" * 20000},
    "uses": {"what": ["help", "count"], "contact": ["help"]},
}  # fmt: skip


def test_what_the_page_seals_every_caseworker_opens(peer: Callable[..., Any], organisation: Organisation) -> None:
    files = [os.urandom(200_000), b"", os.urandom(65536)]
    listed = [
        {"name": f"{n}.jpg", "type": "image/jpeg", "metadata": "removed", "uses": ["help"], "content": text(data)}
        for n, data in enumerate(files)
    ]
    made = peer(write={**WRITTEN, "attachments": listed})
    parcel = base64.b64decode(made["parcel"])
    head = read_parcel(parcel)
    signer = organisation.key.verifying
    assert head and head.mailbox == mailbox_of(SECRET, signer) and head.token_hash == token_hash(token_of(SECRET, signer))
    for desk in organisation.desks:
        letter = read_letter(unseal(io.BytesIO(parcel[56:]), [desk.identity]))
        assert isinstance(letter, Report)
        assert letter.parts == WRITTEN["parts"] and letter.written == date(2026, 11, 26) and letter.language == "fa"
        assert letter.uses == {"what": ("help", "count"), "contact": ("help",)}
        assert letter.reply_to == recipient_of(reply_identity_of(SECRET, signer)) and letter.mailbox == head.mailbox
        for n, data in enumerate(files):
            assert b"".join(read_attachment(unseal(io.BytesIO(parcel[56:]), [desk.identity]), n)) == data


def answer(organisation: Organisation, **change: Any) -> bytes:
    """An answer as a caseworker seals it, or with something about it changed."""
    desk = change.pop("desk", organisation.desks[1])
    signer = change.pop("signer", organisation.key.verifying)
    to = change.pop("to", recipient_of(reply_identity_of(SECRET, signer)))
    made = Answer(mailbox_of(SECRET, signer), 7, TODAY, "Hello.\nسلام", desk.verifying)
    plain = b"".join(write_answer(replace(made, **{k: v for k, v in change.items() if k != "plain"}), desk.signing))
    plain = change.get("plain", lambda same: same)(plain)
    return b"".join(seal([plain], [to, *(d.recipient for d in organisation.desks)]))


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Change something of the same length inside a letter."""
    assert len(old) == len(new)

    def change(plain: bytes) -> bytes:
        assert old in plain
        return plain.replace(old, new)

    return change


def resigned(organisation: Organisation, signed: str) -> Callable[[bytes], bytes]:
    """Another text inside an answer, signed as it should be."""
    desk = organisation.desks[1]
    signature = b64(sign(desk.signing, "answer", signed.encode()))
    letter = {"v": 1, "type": "answer", "signed": signed, "signature": signature, "answer_key": b64(desk.verifying)}

    def change(plain: bytes) -> bytes:
        inside = json.dumps(letter).encode()
        head = (4 + len(inside)).to_bytes(8, "big") + len(inside).to_bytes(4, "big") + inside
        return head.ljust(len(plain), b"\0")

    return change


def test_only_genuine_answers_are_read(peer: Callable[..., Any], organisation: Organisation) -> None:
    mailbox = b64(mailbox_of(SECRET, organisation.key.verifying))
    inside = {"v": 1, "mailbox": mailbox, "number": 7, "written": "2026-11-26", "text": "x"}
    good = answer(organisation)
    wrong = {
        "another caseworker": answer(organisation, desk=new_key("caseworker")),
        "another mailbox": answer(organisation, mailbox=bytes(16)),
        "another text": answer(organisation, plain=swapped(b"Hello.", b"Hallo.")),
        "a report": answer(organisation, plain=swapped(b'"type":"answer"', b'"type":"report"')),
        "padding that speaks": answer(organisation, plain=lambda plain: plain[:-1] + b"\1"),
        "too much padding": answer(organisation, plain=lambda plain: plain + bytes(1024)),
        "a wrong length": answer(organisation, plain=lambda plain: bytes(7) + b"\5" + plain[8:]),
        "another version": answer(organisation, plain=resigned(organisation, json.dumps({**inside, "v": 2}))),
        "a key more": answer(organisation, plain=resigned(organisation, json.dumps({**inside, "more": 1}))),
        "number 0": answer(organisation, plain=resigned(organisation, json.dumps({**inside, "number": 0}))),
        "a key twice": answer(organisation, plain=resigned(organisation, json.dumps(inside)[:-1] + ', "text": "y"}')),
        "a changed end": good[:-1] + bytes([good[-1] ^ 1]),
        "a byte less": good[:-1],
        "a byte more": good + b"\0",
        "nothing": b"",
    }
    fine = [good, answer(organisation, plain=resigned(organisation, json.dumps(inside)))]
    read = peer(read=[text(file) for file in [*fine, *wrong.values()]])
    assert read[0] == {"number": 7, "written": TODAY.isoformat(), "text": "Hello.\nسلام"}
    assert read[1]["text"] == "x"
    shown = {name: found for name, found in zip(wrong, read[2:], strict=True) if set(found) != {"refused"}}
    assert not shown


def test_an_answer_of_who_left_counts_to_their_last_day(peer: Callable[..., Any], organisation: Organisation) -> None:
    left = new_key("caseworker")
    for until, written, genuine in ((0, 0, True), (0, -1, True), (0, 1, False), (-1, 0, False), (-400, -400, True)):
        former = (Former(bytes(32), TODAY), Former(left.verifying, TODAY + timedelta(days=until)))
        roster = write_roster(replace(read_roster(organisation.roster(), TODAY), former=former), organisation.key.signing)
        file = answer(organisation, desk=left, written=TODAY + timedelta(days=written))
        (read,) = peer(roster=roster, read=[text(file)])
        assert read == ({"refused": "Refused"} if not genuine else read | {"number": 7}), (until, written)
    assert "refused" in peer(read=[text(file)])[0], "a roster that does not name them"


def test_an_answer_to_somebody_else_is_not_opened(peer: Callable[..., Any], organisation: Organisation) -> None:
    other = new_key("caseworker")
    assert "refused" in peer(read=[text(answer(organisation, to=other.recipient))])[0]


def test_a_roster_that_python_refuses_is_refused(peer: Callable[..., Any], organisation: Organisation) -> None:
    made = organisation.roster()
    inside = json.loads(json.loads(made)["signed"])

    def signed(**change: Any) -> bytes:
        return resigned_roster({**inside, **change})

    def resigned_roster(whole: dict[str, Any]) -> bytes:
        said = json.dumps(whole)
        return json.dumps({"signed": said, "signature": b64(sign(organisation.key.signing, "roster", said.encode()))}).encode()

    one, left = inside["recipients"][0], {"answer_key": b64(bytes(32)), "until": TODAY.isoformat()}
    wrong = {
        "another organisation": made.replace(b"Example", b"Exemple"),
        "another version": signed(v=2),
        "a key more": signed(more=1),
        "another signer": signed(signer=b64(new_key("organisation").verifying)),
        "no recipients": signed(recipients=[]),
        "two alike": signed(recipients=[one, one]),
        "a classic recipient": signed(recipients=[{**one, "recipient": "age1" + "q" * 58}]),
        "eleven": signed(recipients=[{**one, "recipient": new_key("caseworker").recipient} for _ in range(11)]),
        "a former key twice": signed(former=[left, left | {"until": "2026-01-01"}]),
        "a former key that is current": signed(former=[left | {"answer_key": one["answer_key"]}]),
        "21 former keys": signed(former=[left | {"answer_key": b64(bytes([n]) * 32)} for n in range(21)]),
        "a former key of no day": signed(former=[left | {"until": None}]),
        "a former key that says more": signed(former=[left | {"name": "desk 1"}]),
        "no word of former keys": resigned_roster({k: v for k, v in inside.items() if k != "former"}),
        "not signed": json.dumps({"signed": json.dumps(inside)}).encode(),
    }
    assert peer(roster=signed(), read=[]) == peer(roster=signed(former=[left]), read=[]) == []
    assert peer(day=date.fromisoformat(inside["expires"]), read=[]) == []
    for name, roster in wrong.items():
        with pytest.raises(RuntimeError):
            pytest.fail(f"{name}: {peer(roster=roster, read=[])}")
    with pytest.raises(RuntimeError):
        peer(day=date.fromisoformat(inside["expires"]) + timedelta(days=1), read=[])
