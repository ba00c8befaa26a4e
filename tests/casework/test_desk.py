"""A caseworker's desk against a server that may lie, fail and forget."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from safeconduct.casework import Desk, DeskError
from safeconduct.casework.client import Listed
from safeconduct.envelope import Refused, parse_header, recipient_of, unseal
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Answer, Report, read_letter
from safeconduct.envelope.words import reply_identity_of

from ..envelope.people import (
    DESKS,
    ROSTER,
    SIGNER,
    TODAY,
    WORDS,
    parcel_of,
    report_of,
    sealed_report,
)
from .fake import FakeLine
from .kit import CANARY, MAILBOX, OTHER, put_into, sealed_answer, signed_roster


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_fetch_keeps_files_as_they_came(line: FakeLine, at: Callable[..., Desk], tmp_path: Path) -> None:
    files = (b"\xff\xd8 picture" * 9000,)
    ids = {line.post(parcel_of(report_of(CANARY, files=files), files=files))}
    ids.add(line.post(parcel_of(report_of("x", OTHER), OTHER)))
    with at() as desk:
        done = desk.fetch()
        assert {one.listed.id for one in done.new} == ids and not done.problems
        for one in done.new:
            assert desk.folder.sealed(one.listed).read_bytes() == line.messages[one.listed.id][2]
            assert desk.folder.sealed(one.listed).stat().st_mode & 0o777 == 0o600
        again = desk.fetch()
        assert again.new == again.gone == () and line.asked.count("/desk/message") == 2
        letters = [desk.read(one) for one in done.new]
        assert {one.letter.parts["what"] for one in letters if isinstance(one.letter, Report)} == {CANARY, "x"}
        assert not any(one.warnings for one in letters)
    kept = everything(tmp_path / "desk0")
    for secret in (CANARY.encode(), b"picture", DESKS[0].seed, DESKS[0].identity.encode(), report_of("x").reply_to.encode()):
        assert secret not in kept
    assert (tmp_path / "desk0").stat().st_mode & 0o777 == 0o700


def test_a_network_that_fails_is_tried_again_and_leaves_no_half_file(line: FakeLine, at: Callable[..., Desk]) -> None:
    for number in range(3):
        line.post(parcel_of(report_of(str(number), bytes([number]) * 16), bytes([number]) * 16))
    count = 0

    def sometimes(request: httpx.Request) -> httpx.Response | None:
        nonlocal count
        count += 1
        if count % 3 == 0:
            raise httpx.ReadError("gone")
        return line.refuse(503, "busy", **{"Retry-After": "1"}) if count % 5 == 0 else None

    line.fail = sometimes
    with at() as desk:
        assert len(desk.fetch().new) == 3
    line.post(parcel_of(report_of("3", b"3" * 16), b"3" * 16))
    line.fail = lambda request: line.refuse(503, "busy") if request.url.path == "/desk/message" else None
    with at() as desk:
        with pytest.raises(DeskError, match="busy"):
            desk.fetch()
        line.fail = lambda request: None
        assert len(desk.fetch().new) == 1
        assert not list(desk.folder.path.rglob("*.part"))


def test_a_fetch_that_stopped_goes_on_and_tells_of_all(line: FakeLine, at: Callable[..., Desk]) -> None:
    for number in range(3):
        line.post(parcel_of(report_of(str(number), bytes([number]) * 16), bytes([number]) * 16))

    def fail(request: httpx.Request) -> None:
        if line.asked.count("/desk/message") >= 3:
            raise httpx.ConnectError("gone")

    line.fail = fail
    with at() as desk:
        with pytest.raises(DeskError, match="reached"):
            desk.fetch()
        line.fail, asked = lambda request: None, line.asked.count("/desk/message")
        assert len(desk.fetch().new) == 3 and line.asked.count("/desk/message") == asked + 1


@pytest.mark.parametrize("spoil", [
    lambda file: file[:-1], lambda file: file + b"x", lambda file: b"hello", lambda file: file[:100], lambda file: b"",
    lambda file: file.replace(b"mlkem768x25519", b"x25519", 1), lambda file: file * 2,
])  # fmt: skip
def test_what_is_no_sealed_letter_is_not_kept(line: FakeLine, at: Callable[..., Desk], spoil: Callable[[bytes], bytes]) -> None:
    good = line.post(parcel_of(report_of("good")))
    bad = line.put(MAILBOX, spoil(sealed_report(report_of("bad"))))
    with at() as desk:
        done = desk.fetch()
        assert [one.listed.id for one in done.new] == [good]
        assert len(done.problems) == 1 and done.problems[0].startswith(bad.hex())
        assert len(list((desk.folder.path / "sealed").iterdir())) == 1


def test_a_server_that_sends_another_size_than_it_lists(line: FakeLine, at: Callable[..., Desk]) -> None:
    id_ = line.post(parcel_of(report_of("x")))
    whole = line.messages[id_][2]
    for sent in (whole + bytes(70000), whole[:-100]):
        line.fail = lambda request, sent=sent: (
            httpx.Response(200, content=sent) if request.url.path == "/desk/message" else None
        )
        with at() as desk:
            assert desk.fetch().problems and not desk.folder.messages()


def test_what_is_deleted_while_it_is_fetched_is_no_problem(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("a")))
    kept = line.post(parcel_of(report_of("b", OTHER), OTHER))
    line.fail = lambda request: (
        line.refuse(404, "not_found") if request.url.path == "/desk/message" and request.content != kept else None
    )
    with at() as desk:
        done = desk.fetch()
        assert [one.listed.id for one in done.new] == [kept] and not done.problems


def test_a_download_ends_where_it_should(line: FakeLine, at: Callable[..., Desk]) -> None:
    """Else a server could fill the disk."""
    file, sent = sealed_report(report_of("x")), 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield file
        for _ in range(1000):
            sent += 1
            yield bytes(65536)

    with at() as desk:
        listed = Listed(bytes(16), MAILBOX, "report", TODAY, len(file))
        with pytest.raises(Refused, match="more than it listed"):
            desk.folder.store(listed, endless())
        assert sent == 1
        line.put(MAILBOX, file + bytes(ROSTER.limit))
        assert "Larger" in desk.fetch().problems[0] and "/desk/message" not in line.asked


def test_a_letter_of_another_mailbox_or_kind_is_not_genuine(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.put(OTHER, sealed_report(report_of("x")))
    line.put(MAILBOX, sealed_report(report_of("x")), "answer")
    altered = bytearray(sealed_report(report_of(CANARY)))
    altered[-1] ^= 1
    line.put(MAILBOX, bytes(altered))
    line.put(MAILBOX, sealed_report(report_of("x"), recipients=[recipient_of(reply_identity_of(WORDS, SIGNER))]))
    with at() as desk:
        for one in desk.fetch().new:
            with pytest.raises(Refused):
                desk.read(one)


def test_an_answer_of_a_stranger_is_not_genuine(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.put(MAILBOX, sealed_answer(Key("caseworker", bytes([77]) * 32)), "answer")
    with at() as desk, pytest.raises(Refused, match="Not genuine"):
        desk.read(desk.fetch().new[0])


def test_an_answer_reaches_the_person_and_the_other_desks(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of(CANARY)))
    line.put(MAILBOX, sealed_answer(DESKS[2], 4), "answer")
    with at() as desk:
        first = next(one for one in desk.fetch().new if one.listed.kind == "report")
        made = desk.answer(first, "  We can help.\r\nسلام‌ ")
        assert desk.read(made).letter == Answer(MAILBOX, 5, TODAY, "We can help.\nسلام‌", DESKS[0].verifying)
        assert not desk.fetch().new
        with pytest.raises(DeskError, match="name the report"):
            desk.answer(made, "x")
    mailbox, kind, file = line.messages[made.listed.id]
    assert (mailbox, kind) == (MAILBOX, "answer")
    person = reply_identity_of(WORDS, SIGNER)
    letter = read_letter(unseal(io.BytesIO(file), [person]))
    assert isinstance(letter, Answer) and letter.text.startswith("We can help.")
    header = parse_header(file, 11)
    assert header is not None and header.stanzas == 4
    with at(1) as other:
        kept = next(one for one in other.fetch().new if one.listed.id == made.listed.id)
        opened = other.read(kept)
        assert opened.letter == letter and other.signed_by(letter) == "desk 1" and not opened.warnings
        assert other.answer(other.find(first.id), "And I.").listed.kind == "answer"
        assert max(one.number for m in other.folder.messages() if isinstance(one := other.read(m).letter, Answer)) == 6


@pytest.mark.parametrize("text", ["", " \n", "x" * 8001, "\x1b[2J", "a\x00"])
def test_other_answers_are_not_sent(line: FakeLine, at: Callable[..., Desk], text: str) -> None:
    line.post(parcel_of(report_of("x")))
    with at() as desk:
        one = desk.fetch().new[0]
        with pytest.raises((DeskError, Refused)):
            desk.answer(one, text)
    assert "/desk/answer" not in line.asked


def test_the_largest_answer_fits_into_a_mailbox_page(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("x")))
    with at() as desk:
        made = desk.answer(desk.fetch().new[0], '"\\' * 4000)
        assert made.listed.size < 65536 - 5 - 25 - 6 * 1558  # with ten recipients too


def test_a_letter_with_another_reply_key_is_not_genuine(line: FakeLine, at: Callable[..., Desk]) -> None:
    """The server knows mailboxes, and may put in a letter of its own whose answers it could read."""
    false = line.put(MAILBOX, put_into(MAILBOX, report_of("forged", OTHER, kind="addition")))
    true = line.post(parcel_of(report_of("true")))
    with at() as desk:
        desk.fetch()
        for act in (desk.read, lambda one: desk.answer(one, "x")):
            with pytest.raises(Refused, match="Not genuine"):
                act(desk.find(false.hex()))
        assert "/desk/answer" not in line.asked
        made = desk.answer(desk.find(true.hex()), "x")
        line.roster = signed_roster(DESKS[:2], TODAY + timedelta(days=1))
        assert [problem[:32] for problem in desk.reseal()[1]] == [false.hex()]
    answer = line.messages[made.listed.id][2]
    assert read_letter(unseal(io.BytesIO(answer), [reply_identity_of(WORDS, SIGNER)]))
    with pytest.raises(Refused):
        unseal(io.BytesIO(answer), [reply_identity_of(OTHER, SIGNER)])


def test_an_answer_whose_connection_fails_is_not_sent_twice(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("x")))

    def fail(request: httpx.Request) -> None:
        if request.url.path == "/desk/answer":
            raise httpx.ReadTimeout("slow")

    line.fail = fail
    with at() as desk, pytest.raises(DeskError, match="may have arrived"):
        desk.answer(desk.fetch().new[0], "x")
    assert line.asked.count("/desk/answer") == 1
