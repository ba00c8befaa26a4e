"""A caseworker's desk when rosters change, people leave, things are deleted, and what it does with files and addresses."""

from __future__ import annotations

import io
import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from safeconduct.casework import Desk, DeskError, open_file, save_attachments
from safeconduct.casework.client import check_address
from safeconduct.casework.opening import safe_name
from safeconduct.envelope import Refused, unseal
from safeconduct.envelope.keyfile import Key
from safeconduct.envelope.letter import Answer, Report
from safeconduct.envelope.roster import Former, write_roster
from safeconduct.envelope.words import reply_identity_of

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
)
from .fake import FakeLine
from .kit import CANARY, MAILBOX, OTHER, sealed_answer, signed_roster

# ── rosters ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


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


def test_of_two_rosters_of_one_day_the_later_holds(line: FakeLine, at: Callable[..., Desk]) -> None:
    with at() as desk:
        for desks in (DESKS[:1], DESKS[::2], DESKS[:2]):
            line.roster = signed_roster(desks, TODAY)
            assert not desk.fetch().problems
            assert desk.roster().sealed_to == [key.recipient for key in desks]
        for desks in (DESKS, DESKS[::2]):
            line.roster = signed_roster(desks, TODAY)
            assert "older roster" in desk.fetch().problems[0]
            assert desk.roster().sealed_to == [key.recipient for key in DESKS[:2]]


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


def test_an_answer_of_who_left_counts_to_their_last_day(line: FakeLine, at: Callable[..., Desk]) -> None:
    line.put(MAILBOX, sealed_answer(DESKS[2]), "answer")
    later = TODAY + timedelta(days=1)
    with at() as desk:
        one = desk.fetch().new[0]
        assert not desk.read(one).warnings
        for days, until in enumerate((TODAY, later, TODAY - timedelta(days=1), None), 1):
            former = [Former(DESKS[2].verifying, until)] if until else []
            line.roster = signed_roster(DESKS[:2], TODAY + timedelta(days=days), *former)
            assert not desk.fetch().problems
            if until is None or until < TODAY:
                with pytest.raises(Refused, match="does not vouch"):
                    desk.read(one)
            else:
                opened = desk.read(one)
                assert isinstance(opened.letter, Answer) and desk.signed_by(opened.letter) == "a former desk"
                assert "has left" in opened.warnings[0]


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
        before, line.messages = line.messages, {}
        assert len(desk.fetch().gone) == 1 and desk.fetch().gone == ()
        line.messages = before
        assert not desk.fetch().gone and not desk.folder.messages()[0].gone
        line.messages = {}
        desk.fetch()
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


# ── through Tor ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def socks(target: tuple[str, int], asked: list[bytes]) -> Iterator[int]:
    """A SOCKS5 proxy (RFC 1928) that leads every name to ``target`` and notes what it was asked for."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.read(self.rfile.read(2)[1])
            self.wfile.write(b"\x05\x00")
            kind = self.rfile.read(4)[3]
            asked.append(bytes([kind]) + self.rfile.read(self.rfile.read(1)[0] if kind == 3 else 4) + self.rfile.read(2))
            self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
            with socket.create_connection(target) as there:
                ends = [self.connection, there]
                while ready := select.select(ends, [], [], 5)[0]:
                    for one in ready:
                        data = one.recv(65536)
                        if not data:
                            return
                        (there if one is self.connection else self.connection).sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_an_onion_service_is_asked_through_the_proxy_by_its_name(line: FakeLine, tmp_path: Path) -> None:
    """Looking the name up outside Tor would tell the network that somebody works for this line."""
    line.post(parcel_of(report_of("x")))
    asked: list[bytes] = []
    onion = f"{'a' * 56}.onion"
    with line.served() as address:
        for port in socks(("127.0.0.1", int(address.rpartition(":")[2])), asked):
            Desk.join(tmp_path / "desk", ROSTER_FILE, tmp_path / "key", f"http://{onion}", f"socks5h://127.0.0.1:{port}", TODAY)
            with Desk(tmp_path / "desk", DESKS[0], today=TODAY) as desk:
                assert len(desk.fetch().new) == 1
    assert asked and set(asked) == {b"\x03" + onion.encode() + (80).to_bytes(2, "big")}
