"""A caseworker's desk against a server that may lie, fail and forget."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from safeconduct.casework import Desk, DeskError, open_file, save_attachments
from safeconduct.casework.client import check_address
from safeconduct.casework.opening import safe_name
from safeconduct.envelope import Refused, parse_header, recipient_of, seal, unseal
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Answer, Report, read_letter, write_answer
from safeconduct.envelope.roster import write_roster
from safeconduct.envelope.words import mailbox_of, reply_identity_of

from ..envelope.people import (
    DESKS,
    ORGANISATION,
    ROSTER,
    ROSTER_FILE,
    SIGNER,
    TODAY,
    WORDS,
    parcel_of,
    report_of,
    roster_of,
    sealed_report,
)
from .fake import FakeLine

OTHER = bytes(range(100, 116))
CANARY = "the plum tree behind the school"
MAILBOX = mailbox_of(WORDS, SIGNER)


@pytest.fixture
def line() -> FakeLine:
    return FakeLine(ROSTER_FILE)


@pytest.fixture
def at(tmp_path: Path, line: FakeLine) -> Callable[..., Desk]:
    """A function that opens (and first makes) the desk of a caseworker."""

    def opened(number: int = 0, today: date = TODAY) -> Desk:
        path = tmp_path / f"desk{number}"
        if not path.exists():
            Desk.join(path, ROSTER_FILE, tmp_path / "key", "https://line.example.org", None, TODAY)
        return Desk(path, DESKS[number], today=today, transport=line.transport(), wait=lambda seconds: None)

    return opened


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


def sealed_answer(key: Key, number: int = 1, mailbox: bytes = MAILBOX) -> bytes:
    letter = Answer(mailbox, number, TODAY, "hello", key.verifying)
    return b"".join(seal(write_answer(letter, key.signing), ROSTER.sealed_to))


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


def test_two_reply_keys_in_one_mailbox_are_told_and_not_answered(line: FakeLine, at: Callable[..., Desk]) -> None:
    """The server knows mailboxes, and may put in a letter of its own whose answers it could read."""
    true = line.post(parcel_of(report_of("true")))
    with at() as desk:
        desk.read(desk.fetch().new[0])
        forged = replace(report_of("forged", kind="addition"), reply_to=recipient_of(reply_identity_of(OTHER, SIGNER)))
        false = line.put(MAILBOX, sealed_report(forged))
        one = desk.fetch().new[0]
        for id_ in (true, false):
            assert "different reply keys" in desk.read(desk.find(id_.hex())).warnings[0]
            with pytest.raises(DeskError, match="different reply keys"):
                desk.answer(desk.find(id_.hex()), "x")
        assert "/desk/answer" not in line.asked
        made = desk.answer(desk.find(true.hex()), "x", despite=True)
        assert read_letter(unseal(io.BytesIO(line.messages[made.listed.id][2]), [reply_identity_of(WORDS, SIGNER)]))
        with pytest.raises(Refused):
            unseal(io.BytesIO(line.messages[made.listed.id][2]), [reply_identity_of(OTHER, SIGNER)])
        desk.delete(one)
        assert not desk.read(desk.find(true.hex())).warnings


def test_an_unopened_forgery_is_found_before_an_answer(line: FakeLine, at: Callable[..., Desk]) -> None:
    true = line.post(parcel_of(report_of("true")))
    line.put(MAILBOX, sealed_report(replace(report_of("forged"), reply_to=recipient_of(reply_identity_of(OTHER, SIGNER)))))
    with at() as desk:
        desk.fetch()
        with pytest.raises(DeskError, match="different reply keys"):
            desk.answer(desk.find(true.hex()), "x")


def test_an_answer_whose_connection_fails_is_not_sent_twice(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("x")))

    def fail(request: httpx.Request) -> None:
        if request.url.path == "/desk/answer":
            raise httpx.ReadTimeout("slow")

    line.fail = fail
    with at() as desk, pytest.raises(DeskError, match="may have arrived"):
        desk.answer(desk.fetch().new[0], "x")
    assert line.asked.count("/desk/answer") == 1


# ── rosters ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def signed_roster(desks: list[Key], issued: date) -> bytes:
    return write_roster(roster_of(desks, issued), ORGANISATION.seed)


def test_only_the_pinned_signers_newer_rosters_are_taken(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("x")))
    stranger = bytes([50]) * 32
    bad = [write_roster(replace(ROSTER, recipients=ROSTER.recipients[:1]), stranger), b"{}", ROSTER_FILE[:-5]]
    with at() as desk:
        desk.fetch()
        for shown in bad:
            line.fail = lambda request, shown=shown: (
                httpx.Response(200, content=shown) if request.url.path == "/roster.json" else None
            )
            done = desk.fetch()
            assert done.problems[0].startswith("roster: ") and desk.roster() == ROSTER
            with pytest.raises(DeskError, match="not certain"):
                desk.answer(desk.folder.messages()[0], "x")
        line.fail = lambda request: None
        line.roster = signed_roster(DESKS[:2], TODAY + timedelta(days=1))
        assert not desk.fetch().problems and len(desk.roster().recipients) == 2
        line.roster = ROSTER_FILE
        assert "older roster" in desk.fetch().problems[0]


def test_nothing_is_sealed_to_an_expired_roster(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("x")))
    with at(today=ROSTER.expires + timedelta(days=1)) as desk:
        done = desk.fetch()
        assert len(done.new) == 1 and "expired" in done.problems[0]
        assert isinstance(desk.read(done.new[0]).letter, Report)
        with pytest.raises(DeskError, match="expired"):
            desk.answer(done.new[0], "x")


def test_resealing_shuts_out_who_left(line: FakeLine, at: Callable[..., Desk]) -> None:
    files = (bytes(200000),)
    line.post(parcel_of(report_of(CANARY, files=files), files=files))
    with at() as desk:
        answered = desk.answer(desk.fetch().new[0], "hello")
        old = {id_: one[2] for id_, one in line.messages.items()}
        line.roster = signed_roster([DESKS[0], Key("caseworker", bytes([8]) * 32)], TODAY + timedelta(days=1))
        done, problems = desk.reseal()
        assert (done, problems) == (2, [])
        assert desk.reseal() == (0, [])
        for one in desk.folder.messages():
            file = line.messages[one.listed.id][2]
            assert desk.folder.sealed(one.listed).read_bytes() == file and len(file) == one.listed.size
            assert file[-100:] == old[one.listed.id][-100:], "the payload stays"
            assert isinstance(desk.read(one).letter, Answer if one.listed.id == answered.listed.id else Report)
            assert next(unseal(io.BytesIO(file), [Key("caseworker", bytes([8]) * 32).identity]))
            with pytest.raises(Refused):
                unseal(io.BytesIO(file), [DESKS[1].identity])
        assert not desk.fetch().new
    answer = line.messages[answered.listed.id][2]
    assert next(unseal(io.BytesIO(answer), [reply_identity_of(WORDS, SIGNER)])), "the person can still read the answer"


def test_resealing_goes_on_where_it_stopped(line: FakeLine, at: Callable[..., Desk]) -> None:
    for number in range(3):
        line.post(parcel_of(report_of(str(number), bytes([number]) * 16), bytes([number]) * 16))
    line.roster = signed_roster(DESKS[:1], TODAY + timedelta(days=1))
    with at() as desk:
        desk.fetch()
        asked = 0

        def fail(request: httpx.Request) -> None:
            nonlocal asked
            if request.url.path == "/desk/header":
                asked += 1
                if asked >= 2:
                    raise httpx.ConnectError("gone")

        line.fail = fail
        with pytest.raises(DeskError, match="reached"):
            desk.reseal()
        line.fail = lambda request: None
        assert desk.reseal() == (2, [])


def test_who_is_not_in_the_roster_cannot_reseal(line: FakeLine, at: Callable[..., Desk]) -> None:
    with at() as desk:
        desk.folder.accept(signed_roster(DESKS[1:], TODAY + timedelta(days=1)), TODAY)
        line.roster = signed_roster([*DESKS[1:], DESKS[0]], TODAY)
        with pytest.raises(DeskError):
            desk.reseal()


def test_an_answer_of_who_left_stays_readable_with_a_word_about_it(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.put(MAILBOX, sealed_answer(DESKS[2]), "answer")
    with at() as desk:
        desk.fetch()
        line.roster = signed_roster(DESKS[:2], TODAY + timedelta(days=1))
        desk.fetch()
        opened = desk.read(desk.folder.messages()[0])
        assert "earlier roster" in opened.warnings[0] and desk.signed_by(opened.letter) == "desk 3"  # type: ignore[arg-type]


# ── deleting, what is gone ──────────────────────────────────────────────────────────────────────────────────────────────


def test_deleting_destroys_there_and_here(line: FakeLine, at: Callable[..., Desk]) -> None:
    first = line.post(parcel_of(report_of("a")))
    line.post(parcel_of(report_of("b", kind="addition")))
    line.post(parcel_of(report_of("c", OTHER), OTHER))
    with at() as desk:
        desk.fetch()
        assert desk.delete(desk.find(first.hex())) == 1
        assert first not in line.messages and len(line.messages) == 2 and len(desk.folder.messages()) == 2
        one = next(m for m in desk.folder.messages() if m.listed.mailbox == MAILBOX)
        assert desk.delete(one, mailbox=True) == 1
        assert len(line.messages) == 1 and len(list((desk.folder.path / "sealed").iterdir())) == 1
        line.fail = lambda request: line.refuse(500, "fault")
        with pytest.raises(DeskError):
            desk.delete(desk.folder.messages()[0])
        assert len(desk.folder.messages()) == 1, "what could not be destroyed there stays here"


def test_what_the_server_has_no_more_is_told_once_and_kept(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.post(parcel_of(report_of("a")))
    with at() as desk:
        desk.fetch()
        line.messages.clear()
        assert len(desk.fetch().gone) == 1 and desk.fetch().gone == ()
        kept = desk.folder.messages()[0]
        assert kept.gone and "deleted it" in desk.read(kept).warnings[0]
        assert desk.delete(kept) == 1 and not desk.folder.messages()


# ── files, addresses ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parcels_and_bare_files_open(tmp_path: Path) -> None:
    parcel = tmp_path / "report.parcel"
    parcel.write_bytes(parcel_of(report_of(CANARY)))
    opened = open_file(parcel, DESKS[1].identity)
    assert isinstance(opened.letter, Report) and opened.letter.parts["what"] == CANARY and not opened.warnings
    bare = tmp_path / "bare.age"
    bare.write_bytes(parcel.read_bytes()[56:])
    assert open_file(bare, DESKS[1].identity).warnings
    for wrong in (bytes(8) + parcel.read_bytes()[8:], parcel.read_bytes()[:40], b"", parcel.read_bytes()[:-1],
                  parcel.read_bytes()[:8] + bytes(16) + parcel.read_bytes()[24:]):  # fmt: skip
        bare.write_bytes(wrong)
        with pytest.raises(Refused):
            open_file(bare, DESKS[1].identity)


def test_attachments_are_saved_never_over_others(tmp_path: Path, line: FakeLine, at: Callable[..., Desk]) -> None:
    files = (b"one" * 50000, b"", b"three")
    line.post(parcel_of(report_of("x", files=files), files=files))
    with at() as desk:
        one = desk.fetch().new[0]
        out = tmp_path / "out"
        made = desk.save(one, out)
        assert [path.read_bytes() for path in made] == list(files) and made[0].name == "01-1.jpg"
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in made)
        with pytest.raises(DeskError, match="there already"):
            desk.save(one, out)
        assert [path.read_bytes() for path in desk.save(one, tmp_path / "two", [3])] == [b"three"]
        for places in ([4], [0], []):
            with pytest.raises(DeskError):
                save_attachments(desk.folder.sealed(one.listed), DESKS[0].identity, tmp_path / "more", places)


@pytest.mark.parametrize(("name", "safe"), [
    ("photo.jpg", "01-photo.jpg"), ("../../etc/passwd", "01-passwd"), ("..\\x.exe", "01-x.exe"), ("", "01-file"),
    ("...", "01-file"),
    ("a\u202egpj.exe", "01-agpj.exe"), ("\x1b[2J", "01-2J"), ("x" * 300 + ".jpg", f"01-{'x' * 60}.jpg"),
    (".bashrc", "01-bashrc"),
    ("照片 1.png", "01-照片 1.png"), ("con:aux|", "01-conaux"), ("/", "01-file"), ("a/b/", "01-file"),
])  # fmt: skip
def test_names_of_strangers_are_no_paths(name: str, safe: str) -> None:
    assert safe_name(1, name) == safe


@pytest.mark.parametrize(("address", "proxy"), [
    ("http://line.example.org", None), ("ftp://x", None), ("https://line.example.org/path", None), ("line.example.org", None),
    (f"http://{'a' * 56}.onion", None), (f"http://{'a' * 56}.onion", "http://127.0.0.1:8118"),
    ("https://x", "socks5://127.0.0.1:9050"),
])  # fmt: skip
def test_addresses_that_would_be_read_on_the_way_are_refused(address: str, proxy: str | None) -> None:
    with pytest.raises(DeskError):
        check_address(address, proxy)
    check_address(f"http://{'a' * 56}.onion", "socks5h://127.0.0.1:9050")


def test_a_desk_is_one_at_a_time_and_is_not_made_over_another(line: FakeLine, at: Callable[..., Desk], tmp_path: Path) -> None:
    with at() as desk, at() as other, desk.folder.locked(), pytest.raises(DeskError, match="Another command"):
        other.fetch()
    with pytest.raises(DeskError, match="not empty"):
        Desk.join(tmp_path / "desk0", ROSTER_FILE, tmp_path / "key", "https://line.example.org", None, TODAY)
    with pytest.raises(DeskError, match="no desk"):
        Desk(tmp_path, DESKS[0])
    with pytest.raises(DeskError, match="organisation's key"):
        Desk(tmp_path / "desk0", ORGANISATION)


def test_ids_may_be_shortened_when_they_are_clear(line: FakeLine, at: Callable[..., Desk]) -> None:
    ids = [line.post(parcel_of(report_of(str(n), bytes([n]) * 16), bytes([n]) * 16)) for n in range(20)]
    with at() as desk:
        desk.fetch()
        assert desk.find(ids[0].hex()[:8].upper()).listed.id == ids[0]
        for wrong in ("", "zz", ids[0].hex() + "0"):
            with pytest.raises(DeskError):
                desk.find(wrong)
