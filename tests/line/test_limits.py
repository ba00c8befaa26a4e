"""What a flood meets: limits on memory, patience and places, and a difficulty that follows the load."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.cli import main
from safeconduct.envelope import b64, padded, sealed_size, unb64
from safeconduct.line.refusals import Refusal
from safeconduct.line.settings import LoadSettings
from safeconduct.line.work import LIFE, Challenges, Load

from .kit import Client, Organisation, Reporter, age_header, running

MB = 1 << 20


def test_a_parcel_of_100_mb_streams(organisation: Organisation, tmp_path: Path) -> None:
    """In, through the form as well, and out to a caseworker; the process never holds it."""
    folder = organisation.folder(tmp_path / "folder")
    with running(folder) as server:
        client, reporter = Client(server.port), Reporter()
        client.send(Reporter())
        client.ask("POST", "/mailbox", bytes(52))
        before = server.memory("VmRSS")
        header, payload = age_header(), sealed_size(padded(100_000_000))
        assert payload > 100_000_000
        block = os.urandom(MB)

        def body(start: bytes, end: bytes = b"") -> object:
            yield start + header
            for at in range(0, payload, MB):
                yield block[: payload - at]
            yield end

        size = 56 + len(header) + payload
        work = client.work(reporter.mailbox)
        client.connection.request("POST", "/parcel", body(reporter.head), {"Content-Length": str(size), "Line-Work": work})
        assert client.connection.getresponse().read() == b'{"accepted":true}'
        form = b'--e\r\nContent-Disposition: form-data; name="parcel"; filename="a"\r\n\r\n', b"\r\n--e--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=e", "Content-Length": str(size + sum(map(len, form)))}
        client.connection.request("POST", "/upload", body(form[0] + Reporter().head, form[1]), kind)
        answer = client.connection.getresponse()
        assert answer.read() and answer.status == 201
        grown = server.memory("VmHWM") - before
        assert grown <= 40 * MB, f"{grown / MB:.0f} MB more than before"
        (listed,) = [m for m in client.listed(organisation.desks[0]) if m["mailbox"] == b64(reporter.mailbox)]
        status, _, file = client.desk(organisation.desks[0], "/desk/message", unb64(listed["id"]))
        assert status == 200 and len(file) == size - 56 and file.startswith(header) and file[-MB // 2 :] in block + block
        assert server.memory("VmHWM") - before <= 40 * MB
        client.delete(reporter)
        assert len(list((folder / "large").iterdir())) == 1


@pytest.mark.parametrize("path", ["/parcel", "/upload"])
def test_a_gigabyte_is_refused_before_it_comes(client: Client, path: str) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=e", "Content-Length": str(1 << 30)}
    client.connection.putrequest("POST", path)
    for name, value in kind.items():
        client.connection.putheader(name, value)
    client.connection.endheaders()  # and not a byte of the body
    answer = client.connection.getresponse()
    assert answer.status == 413


def test_an_upload_that_is_cut_off_leaves_nothing(client: Client, folder: Path) -> None:
    reporter = Reporter()
    parcel, work = reporter.parcel(800_000), client.work(reporter.mailbox)
    with socket.create_connection(("127.0.0.1", client.port)) as connection:
        head = f"POST /parcel HTTP/1.1\r\nHost: x\r\nContent-Length: {len(parcel)}\r\nLine-Work: {work}\r\n\r\n"
        connection.sendall(head.encode() + parcel[:600_000])
        deadline = time.monotonic() + 10
        while not list((folder / "incoming").iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    while list((folder / "incoming").iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert client.mailbox(reporter)[0] == 0
    assert client.ask("POST", "/parcel", parcel, Line_Work=work)[0] == 201, "and the work is still good"


SLOW = """
from safeconduct.line import bodies, serve
bodies.PAUSE = serve.WAIT = 0.5
from safeconduct.cli import main
main()
"""


def test_connections_that_only_hold_a_place_are_closed(organisation: Organisation, tmp_path: Path) -> None:
    with running(organisation.folder(tmp_path / "folder"), program=SLOW) as server:
        half = b"POST /parcel HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\nSCLI"
        starts = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", half]
        open_ones = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in starts]
        for connection, start in zip(open_ones, starts, strict=True):
            connection.sendall(start)
        said = []
        for connection in open_ones:
            found = b""
            try:
                while more := connection.recv(65536):
                    found += more
            except ConnectionError:
                pass
            said.append(found[:12])
            connection.close()
        assert said == [b"", b"", b"", b"HTTP/1.1 408"]
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as empty:
            empty.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
            said = b""
            while b"}" not in said:
                said += empty.recv(4096)
            empty.sendall(b"\r\n")
            began = time.monotonic()
            assert empty.recv(1) == b"" and time.monotonic() - began < 10, "an empty line holds no place"
        drip = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        began = time.monotonic()
        with pytest.raises(OSError), drip:
            for letter in b"GET / HTTP/1.1\r\n" + b"X-Slow: " + b"y" * 1000:
                drip.sendall(bytes([letter]))
                time.sleep(0.05)
                assert time.monotonic() - began < 10
        assert Client(server.port).ask("GET", "/work")[0] == 200


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_difficulty_follows_the_load_and_falls_again() -> None:
    clock = Clock()
    load = Load(LoadSettings(new_per_hour=100, most_per_hour=1000, base_bits=10, most_bits=13), clock)
    seen = []
    for _ in range(999):
        seen.append(load.bits())
        load.check()
        load.opened.add()
    assert seen[:100] == [10] * 100 and seen[150] == 11 and seen[250] == 12 and seen[998] == 13
    assert seen == sorted(seen)
    load.opened.add()
    with pytest.raises(Refusal, match="busy") as refused:
        load.check()
    assert refused.value.retry_after
    clock.now += 3600
    load.check()
    assert load.bits() == 12
    clock.now += 4 * 3600
    assert load.bits() == 10


def test_challenges_serve_once_and_not_for_ever() -> None:
    clock = Clock()
    challenges = Challenges(clock)
    one, two = challenges.new(7), challenges.new(9)
    assert challenges.take(one) == 7
    for bad in (one, bytes(16), one[:15], Challenges(clock).new(7), two[:8] + b"\0" + two[9:]):
        with pytest.raises(Refusal, match="work_needed"):
            challenges.take(bad)
    challenges.give_back(one)
    assert challenges.take(one) == 7
    clock.now += LIFE - 20
    assert challenges.take(two) == 9
    three = challenges.new(5)
    clock.now += LIFE + 20
    with pytest.raises(Refusal):
        challenges.take(three)
    for _ in range(5):
        clock.now += LIFE
        challenges.take(challenges.new(1))
    assert len(challenges._used) <= 2, "used challenges are forgotten when they would not serve any more"


def test_a_flood_asks_for_work_and_leaves_passes_and_mailboxes_alone(organisation: Organisation, tmp_path: Path) -> None:
    settings = "[load]\nbase_bits = 0\nnew_per_hour = 5\nmost_per_hour = 20\nuploads_per_hour = 2\nmost_bits = 2\n"
    folder = organisation.folder(tmp_path / "folder", settings)
    (code,) = CliRunner().invoke(main, ["line", "passes", "new", "--folder", str(folder)]).output.split()
    with running(folder) as server:
        client, first, guest = Client(server.port), Reporter(), Reporter()
        assert client.send(first)[0] == 201
        kind = {"Content_Type": "multipart/form-data; boundary=e"}

        def form() -> int:
            part = b'--e\r\nContent-Disposition: form-data; name="parcel"; filename="a"\r\n\r\n'
            return client.ask("POST", "/upload", part + Reporter().parcel() + b"\r\n--e--\r\n", **kind)[0]

        assert [form() for _ in range(4)] == [201, 201, 503, 503], "who cannot work has a small share"
        answers = [client.send(Reporter()) for _ in range(25)]
        refused = [a for a in answers if a[0] == 503]
        assert 5 <= len(refused) <= 10 and all(int(a[1]["retry-after"]) > 0 for a in refused)
        assert json.loads(client.ask("GET", "/work")[2])["bits"] == 2
        assert client.ask("POST", "/parcel", first.parcel())[0] == 201, "a mailbox that exists"
        assert client.ask("POST", "/parcel", guest.parcel(), Line_Pass=code)[0] == 201, "a pass"
        assert client.ask("POST", "/parcel", Reporter().parcel(), Line_Pass=code)[0] == 403, "a pass serves once"


def test_a_mailbox_has_a_budget(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder", "[storage]\nmailbox_messages = 3\nmailbox_mb = 1\n")
    with running(folder) as server:
        client, many, big = Client(server.port), Reporter(), Reporter()
        client.send(many)
        assert [client.ask("POST", "/parcel", many.parcel())[0] for _ in range(4)] == [201, 201, 409, 409]
        client.send(big)
        assert client.ask("POST", "/parcel", big.parcel(1_200_000))[0] == 409
        assert client.ask("POST", "/parcel", big.parcel(500_000))[0] == 201


def test_a_thousand_connections_do_not_stop_a_reporter(organisation: Organisation, tmp_path: Path) -> None:
    with running(organisation.folder(tmp_path / "folder")) as server:
        idle = []
        try:
            for _ in range(900):
                idle.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        except OSError:
            pass
        try:
            assert len(idle) > 500
            assert Client(server.port).send(Reporter())[0] == 201
        finally:
            for connection in idle:
                connection.close()
        assert server.memory() < 120 * MB
