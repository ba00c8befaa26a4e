"""What is left behind: nothing about who asked, nothing of what was deleted, nothing finer than a day."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from safeconduct.envelope import b64, parse_header, unb64
from safeconduct.envelope.header import split_header

from .kit import Client, Organisation, Reporter, Running, age_file, age_header, everything, running

CANARIES = [b"Canary-Agent-7781", b"203.0.113.77", b"canary.example.net", b"canary-language"]


def strange(client: Client) -> dict[str, str]:
    client.agent = CANARIES[0].decode()
    where = CANARIES[1].decode()
    return {
        "X_Forwarded_For": where, "Forwarded": f"for={where}", "X_Real_IP": where, "Referer": f"https://{CANARIES[2].decode()}/",
        "Accept_Language": CANARIES[3].decode(), "Cookie": f"a={where}",
    }  # fmt: skip


def test_nothing_about_who_asked_is_left_anywhere(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    server = Running(folder)
    try:
        client, reporter = Client(server.port), Reporter()
        more = strange(client)
        assert client.send(reporter, **more)[0] == 201
        assert client.send(Reporter(), reporter.parcel(400_000), **more)[0] in (201, 400, 403, 428)
        for method, path, body in [
            ("GET", "/", None), ("POST", "/mailbox", bytes(52)), ("POST", "/parcel", b"x" * 500), ("GET", "/nothing", None),
            ("POST", "/desk/list", b"{}"), ("POST", "/upload", b"x"), ("POST", "/upload", b"--edgx Canary"),
            ("GET", "/?q=" + CANARIES[2].decode(), None),
        ]:  # fmt: skip
            client.ask(method, path, body, Content_Type="multipart/form-data; boundary=edge", **more)
        memory = Path(f"/proc/{server.process.pid}/limits").read_text()
        assert "Max core file size        0                    0" in memory, "no core dumps"
        out = server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()
    errors = Path(server.errors.name).read_text()
    assert out == "" and errors == "", "no log at all"
    for path, data in everything(folder):
        for canary in (*CANARIES, b"127.0.0.1"):
            assert canary not in data, f"{path.name} holds {canary!r}"
        assert path.name in ("roster.json", "line.toml") or path.stat().st_mode & 0o077 == 0, f"{path.name} is open to others"


def test_a_fault_says_where_and_nothing_else(organisation: Organisation, tmp_path: Path) -> None:
    program = """
from safeconduct.line import reading
def broken(self, mailbox, token, number):
    raise ValueError("Canary-Agent-7781 " + mailbox.hex())
reading.Reader.page = broken
from safeconduct.cli import main
main()
"""
    with running(organisation.folder(tmp_path / "folder"), program=program) as server:
        client = Client(server.port)
        status, headers, body = client.ask("POST", "/mailbox", b"\xab" * 52)
        assert status == 500 and b"ValueError" not in body and "content-security-policy" in headers
        assert client.ask("GET", "/work")[0] == 200, "and it goes on"
    errors = Path(server.errors.name).read_text()
    assert errors.startswith("safeconduct line: fault ValueError at ") and errors.count("\n") == 1
    assert "Canary" not in errors and "abab" not in errors


def pieces_of(header: bytes) -> list[bytes]:
    """Bytes that only this header has: every line, and the wrapped keys as they would stand in binary."""
    _, wrapped, mac = split_header(header)
    return [line[40:] for line in header.split(b"\n") if len(line) > 60] + wrapped + [mac]


@pytest.mark.parametrize("size", [1000, 400_000])
@pytest.mark.parametrize("what", ["mailbox", "message", "rewrap", "desk"])
def test_deleting_leaves_no_wrapped_key_in_any_file(
    organisation: Organisation, client: Client, folder: Path, what: str, size: int
) -> None:
    reporter, other, desk = Reporter(), Reporter(), organisation.desks[0]
    parcel, kept = reporter.parcel(size), other.parcel()
    assert client.send(reporter, parcel)[0] == client.send(other, kept)[0] == 201
    header = parcel[56 : 56 + parse_header(parcel[56:], 3).length]  # type: ignore[union-attr]
    answer = age_file(stanzas=4)
    client.desk(desk, "/desk/answer", reporter.mailbox + answer)
    mine = [m for m in client.listed(desk) if m["mailbox"] == b64(reporter.mailbox)]
    (message,) = [unb64(m["id"]) for m in mine if m["kind"] == "report"]
    traces = pieces_of(header)
    found = [data for path, data in everything(folder) if "sqlite" in path.name]
    assert any(t in data for t in traces for data in found), "the test would see it"
    if what == "mailbox":
        client.delete(reporter)
        traces += pieces_of(answer[: len(age_header(4))])
    elif what == "message":
        client.delete(reporter, message)
    elif what == "desk":
        assert client.desk(desk, "/desk/delete", b"b" + reporter.mailbox)[0] == 200
    else:
        assert client.desk(desk, "/desk/header", message + age_header(2))[0] == 200
    for path, data in everything(folder):
        for trace in traces:
            assert trace not in data, f"{path.name} still holds a wrapped key"
    if what == "mailbox":
        for path, data in everything(folder):
            assert reporter.mailbox not in data or path.name.startswith("payload"), "the mailbox itself is forgotten as well"
    assert client.mailbox(other)[0] == 1


def test_only_days_are_kept(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    with running(folder) as server:
        client, reporter = Client(server.port), Reporter()
        client.send(reporter, reporter.parcel(400_000))
        time.sleep(0.1)
    (large,) = (folder / "large").iterdir()
    assert large.stat().st_mtime % 86400 == 0 and large.stat().st_atime % 86400 == 0
    with closing(sqlite3.connect(folder / "keys.sqlite")) as keys:
        tables = {row[0] for row in keys.execute("SELECT sql FROM sqlite_master WHERE type = 'table'")}
        assert all("WITHOUT ROWID" in sql for sql in tables), "a row's number would say in which order they came"
        names = ("mailbox", "message", "header", "pass")
        columns = {row[1] for table in names for row in keys.execute(f"PRAGMA table_info({table})")}
        assert columns == {"id", "token", "expires", "mailbox", "kind", "day", "size", "large", "header", "hash"}
        today = int(time.time() // 86400)
        day, expires = keys.execute("SELECT day, expires FROM message JOIN mailbox ON mailbox = mailbox.id").fetchone()
        assert today - 1 <= day <= today and 365 - 7 <= expires - day <= 365 + 7
    assert os.stat(folder).st_mode & 0o077 == 0
