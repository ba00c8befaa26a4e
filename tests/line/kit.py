"""What the tests of the line share: an organisation, a server in a process of its own, parcels and a plain client."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from safeconduct.envelope import b64, padded, sealed_size, sha256, sign, unb64, work_bits
from safeconduct.envelope.header import end_header, join_header
from safeconduct.envelope.keyfile import Key, new_key
from safeconduct.envelope.parcel import write_parcel
from safeconduct.envelope.roster import Recipient, Roster, write_roster

LIMIT = 101 << 20


@dataclass
class Organisation:
    """Keys and a signed roster."""

    key: Key = field(default_factory=lambda: new_key("organisation"))
    desks: list[Key] = field(default_factory=lambda: [new_key("caseworker") for _ in range(3)])
    limit: int = LIMIT
    retention: int = 365

    def roster(self) -> bytes:
        today = datetime.now(UTC).date()
        recipients = tuple(Recipient(f"desk {n}", d.recipient, d.verifying) for n, d in enumerate(self.desks))
        made = Roster(
            "Example", self.key.verifying, today, today + timedelta(days=180), ("https://example.org",), self.limit,
            self.retention, recipients,
        )  # fmt: skip
        return write_roster(made, self.key.signing)

    def folder(self, path: Path, settings: str = "") -> Path:
        """A line's folder."""
        path.mkdir(mode=0o700)
        (path / "roster.json").write_bytes(self.roster())
        (path / "line.toml").write_text(settings)
        return path


@dataclass
class Reporter:
    """A mailbox and its token."""

    mailbox: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    token: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def head(self) -> bytes:
        return write_parcel(self.mailbox, self.token)

    def parcel(self, size: int = 1000, stanzas: int = 3) -> bytes:
        return self.head + age_file(size, stanzas)


def age_header(stanzas: int = 3) -> bytes:
    """A header that only a holder of a key could tell from a real one."""
    return end_header(join_header(secrets.token_bytes(1152) for _ in range(stanzas)), secrets.token_bytes(32))


def age_file(size: int = 1000, stanzas: int = 3) -> bytes:
    return age_header(stanzas) + os.urandom(sealed_size(padded(size)))


class Client:
    """A connection to a server; answers are (status, headers, body)."""

    def __init__(self, port: int, agent: str = "-") -> None:
        self.port, self.agent = port, agent
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        given = {"User-Agent": self.agent} | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, path, body, given)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            raise
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def work(self, mailbox: bytes) -> str:
        """Do the work that the server asks for; the value of the header Line-Work."""
        asked = json.loads(self.ask("GET", "/work")[2])
        self.connection.close()  # the server hangs up on who is silent for long, and thirty at work on one core may be
        return solve(asked["challenge"], asked["bits"], mailbox)

    def send(self, reporter: Reporter, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Open a mailbox with a parcel."""
        return self.ask("POST", "/parcel", body or reporter.parcel(), Line_Work=self.work(reporter.mailbox), **headers)

    def mailbox(self, reporter: Reporter, page: int = 0) -> bytes:
        status, _, body = self.ask("POST", "/mailbox", reporter.mailbox + reporter.token + page.to_bytes(4, "big"))
        assert status == 200 and len(body) == 65536
        return body

    def delete(self, reporter: Reporter, message: bytes = b"") -> None:
        status, _, body = self.ask("POST", "/mailbox/delete", reporter.mailbox + reporter.token + message)
        assert status == 200 and json.loads(body) == {"deleted": True}

    def desk(self, key: Key, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """A request that a caseworker signs."""
        challenge = json.loads(self.ask("GET", "/work")[2])["challenge"]
        message = unb64(challenge) + path.encode() + b"\n" + sha256(body)
        signed = f"{b64(key.verifying)}.{challenge}.{b64(sign(key.signing, 'desk', message))}"
        return self.ask("POST", path, body, Line_Desk=signed)

    def listed(self, key: Key) -> list[dict[str, object]]:
        status, _, body = self.desk(key, "/desk/list", b"{}")
        assert status == 200
        return json.loads(body)["messages"]


def solve(challenge: str, bits: int, mailbox: bytes) -> str:
    nonce = 0
    while work_bits(unb64(challenge), mailbox, nonce) < bits:
        nonce += 1
    return f"{challenge}.{nonce}"


def entries(page: bytes) -> list[tuple[bytes, int, int, bytes]]:
    """The entries of a mailbox answer: id, kind, day, age file."""
    found, at = [], 4
    for _ in range(int.from_bytes(page[2:4], "big")):
        size = int.from_bytes(page[at + 21 : at + 25], "big")
        day = int.from_bytes(page[at + 17 : at + 21], "big")
        found.append((page[at : at + 16], page[at + 16], day, page[at + 25 : at + 25 + size]))
        at += 25 + size
    return found


class Running:
    """A server in a process of its own."""

    def __init__(self, folder: Path, *, program: str = "", clock: str = "") -> None:
        start = program or "from safeconduct.cli import main; main()"
        command = [sys.executable, "-c", start, "line", "serve", str(folder), "--port", "0"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"} | ({"TEST_CLOCK": clock} if clock else {})
        self.errors = (folder.parent / f"{folder.name}.stderr").open("ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, env=environment)
        assert self.process.stdout is not None
        said = self.process.stdout.readline().decode()
        assert "http://127.0.0.1:" in said, Path(self.errors.name).read_text()
        self.said = said
        self.port = int(said.split("http://127.0.0.1:")[1].split()[0])
        self.wait()

    def wait(self) -> None:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return

    def memory(self, what: str = "VmHWM") -> int:
        """Bytes of memory: at most so far (VmHWM), or now (VmRSS)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) * 1024
        raise AssertionError(what)

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def stop(self) -> str:
        """End it; what it wrote to standard output after its first line."""
        self.process.terminate()
        return self._end()

    def _end(self) -> str:
        assert self.process.stdout is not None
        rest = self.process.stdout.read().decode()
        self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()
        return rest


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Running]:
    server = Running(folder, **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a folder with its bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
