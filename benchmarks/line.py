"""The line's server under load, beside a plain Django upload view.

    python benchmarks/line.py reports polls

Each measurement starts its servers as processes of their own, in a temporary folder under --folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from safeconduct.envelope import padded, sealed_size, sha256, unb64, work_bits
from safeconduct.envelope.header import end_header, join_header
from safeconduct.envelope.keyfile import new_key
from safeconduct.envelope.parcel import write_parcel
from safeconduct.envelope.roster import Recipient, Roster, write_roster
from safeconduct.line.settings import StorageSettings
from safeconduct.line.store import ANSWER, Accept, Store

REPORTERS, SECONDS = 50, 8
MAILBOXES, POLLERS = 10_000, 200
OPEN = "[load]\nbase_bits = 0\nnew_per_hour = 100000000\nmost_per_hour = 100000000\nuploads_per_hour = 100000000\n"

DJANGO = '''
import os, sqlite3, sys, uuid
from pathlib import Path
import django
from django.conf import settings
place = Path(os.environ["PLACE"])
settings.configure(
    SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MEDIA_ROOT=str(place / "media"), INSTALLED_APPS=[],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(place / "db.sqlite3"), "CONN_MAX_AGE": None,
                           "OPTIONS": {"timeout": 60}}},
    FILE_UPLOAD_MAX_MEMORY_SIZE=1 << 20, DATA_UPLOAD_MAX_MEMORY_SIZE=1 << 20,
)
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.http import JsonResponse
from django.urls import path

class Upload(models.Model):
    name = models.CharField(max_length=100)
    size = models.IntegerField()
    at = models.DateTimeField(auto_now_add=True)
    class Meta:
        app_label = "upload"

def upload(request):
    data = request.body
    name = default_storage.save(f"{uuid.uuid4().hex}.bin", ContentFile(data))
    Upload.objects.create(name=name, size=len(data))
    return JsonResponse({"accepted": True}, status=201)

urlpatterns = [path("parcel", upload)]
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Upload)
'''


class Connection:
    """HTTP/1.1 over one connection, with as little work as possible."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None

    async def ask(self, head: bytes, body: bytes = b"") -> tuple[int, bytes]:
        if self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 17)
        self.writer.write(head + b"\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        size = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        found = await self.reader.readexactly(size)
        if b"connection: close" in answer.lower():
            self.writer.close()
            self.reader = None
        return int(answer.split(b" ", 2)[1]), found


def parcel() -> bytes:
    """A sealed report to three recipients with the shortest letter: 22 kB."""
    header = end_header(join_header(secrets.token_bytes(1152) for _ in range(3)), secrets.token_bytes(32))
    return write_parcel(secrets.token_bytes(16), secrets.token_bytes(32)) + header + os.urandom(sealed_size(padded(1000)))


async def run_for(seconds: float, count: int, one: Callable[[], Awaitable[Callable[[], Awaitable[float]]]]) -> list[float]:
    """``count`` workers at once; the seconds of every act that ended within the time."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def worker() -> None:
        act = await one()
        while time.perf_counter() < end:
            times.append(await act())

    await asyncio.gather(*(worker() for _ in range(count)))
    return times


def report_to(port: int, *, work: bool) -> Callable[[], Awaitable[Callable[[], Awaitable[float]]]]:
    """Reports one after the other; the time of one is that of its POST. The work is fetched and done where it is asked for."""
    pool = [parcel() for _ in range(200)]

    async def start() -> Callable[[], Awaitable[float]]:
        connection = Connection(port)

        async def act() -> float:
            body = secrets.choice(pool)
            mailbox = secrets.token_bytes(16)
            body = body[:8] + mailbox + body[24:]
            head = b"POST /parcel HTTP/1.1"
            if work:
                _, said = await connection.ask(b"GET /work HTTP/1.1")
                asked = json.loads(said)
                nonce = 0
                while work_bits(unb64(asked["challenge"]), mailbox, nonce) < asked["bits"]:
                    nonce += 1
                head += b"\r\nLine-Work: %s.%d" % (asked["challenge"].encode(), nonce)
            began = time.perf_counter()
            status, said = await connection.ask(head, body)
            assert status == 201, (status, said)
            return time.perf_counter() - began

        return act

    return start


def shown(name: str, times: list[float], seconds: float) -> float:
    ordered = sorted(times)
    p = {q: ordered[min(len(ordered) - 1, int(len(ordered) * q))] * 1000 for q in (0.5, 0.99)}
    rate = len(times) / seconds
    print(f"{name:28} {rate:8.0f} a second   median {p[0.5]:6.1f} ms   p99 {p[0.99]:6.1f} ms   ({len(times)})", flush=True)
    return rate


def processor(pid: int) -> float:
    """Seconds of processor time of a process and its children."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            found = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if status.parent.name == str(pid) or found[1] == str(pid):
            ticks += int(found[11]) + int(found[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def line_folder(place: Path) -> Path:
    folder = place / "line"
    folder.mkdir()
    organisation, desks = new_key("organisation"), [new_key("caseworker") for _ in range(3)]
    today = datetime.now(UTC).date()
    recipients = tuple(Recipient(f"desk {n}", d.recipient, d.verifying) for n, d in enumerate(desks))
    roster = Roster("x", organisation.verifying, today, today + timedelta(days=9), ("http://x",), 1 << 27, 365, recipients)
    (folder / "roster.json").write_bytes(write_roster(roster, organisation.signing))
    (folder / "line.toml").write_text(OPEN)
    return folder


def start_line(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    command = [sys.executable, "-c", "from safeconduct.cli import main; main()", "line", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    return process, int(process.stdout.readline().split(b"127.0.0.1:")[1].split()[0])


def start_django(place: Path, server: str, port: int) -> subprocess.Popen[bytes]:
    place.mkdir()
    (place / "floor.py").write_text(DJANGO)
    environment = {**os.environ, "PLACE": str(place), "PYTHONPATH": f"{place}:{os.environ.get('PYTHONPATH', '')}"}
    subprocess.run([sys.executable, str(place / "floor.py")], check=True, env=environment)
    commands = {
        "waitress": ["-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=16", "floor:application"],
        "gunicorn": ["-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "8", "floor:application"],
    }
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, *commands[server]], cwd=place, env=environment, **quiet)  # type: ignore[call-overload]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            asyncio.run(asyncio.wait_for(Connection(port).ask(b"POST /parcel HTTP/1.1", b"x"), 5))
            return process
        except (OSError, IndexError, TimeoutError, asyncio.IncompleteReadError):
            time.sleep(0.1)
    raise SystemExit(f"{server} does not start")


def reports(place: Path) -> None:
    """Accepted sealed reports a second at 50 concurrent reporters, in alternating rounds."""
    line, port = start_line(line_folder(place))
    floors = {name: (start_django(place / name, name, 8700 + n), 8700 + n) for n, name in enumerate(("waitress", "gunicorn"))}
    rates: dict[str, list[float]] = {}
    pids = {"line": line.pid} | {name: process.pid for name, (process, _) in floors.items()}
    try:
        for round_ in range(3):
            for name, to, work in [("line", port, True), *((n, p, False) for n, (_, p) in floors.items())]:
                before = processor(pids[name])
                times = asyncio.run(run_for(SECONDS, REPORTERS, report_to(to, work=work)))
                spent = (processor(pids[name]) - before) / len(times) * 1000
                rates.setdefault(name, []).append(shown(f"round {round_ + 1}: {name}", times, SECONDS))
                print(f"{'':28} {spent:.1f} ms of processor time for each in the server", flush=True)
    finally:
        line.terminate()
        for process, _ in floors.values():
            process.terminate()
    medians = {name: statistics.median(found) for name, found in rates.items()}
    for name in floors:
        print(f"line / Django under {name}: {medians['line'] / medians[name]:.2f} times as many reports a second")


def polls(place: Path) -> None:
    """10,000 mailboxes, every tenth with an answer, polled by 200 clients."""
    folder = line_folder(place)
    people = [(secrets.token_bytes(16), secrets.token_bytes(32)) for _ in range(MAILBOXES)]
    store = Store(folder, StorageSettings(), 365)
    payload = os.urandom(sealed_size(padded(1000)))
    acts = []
    for n, (mailbox, token) in enumerate(people):
        acts.append(Accept(mailbox, sha256(token), os.urandom(4800), payload, 21_000, new=True))
        if n % 10 == 0:
            acts.append(Accept(mailbox, None, os.urandom(6300), payload, 22_700, kind=ANSWER))
    for at in range(0, len(acts), 500):
        failed = [r for r in store.do(acts[at : at + 500]) if isinstance(r, Exception)]
        assert not failed, failed[:1]
    store.close()
    line, port = start_line(folder)

    async def start() -> Callable[[], Awaitable[float]]:
        connection = Connection(port)

        async def act() -> float:
            mailbox, token = secrets.choice(people)
            began = time.perf_counter()
            status, body = await connection.ask(b"POST /mailbox HTTP/1.1", mailbox + token + bytes(4))
            assert (status, len(body), body[0]) == (200, 65536, 1)
            return time.perf_counter() - began

        return act

    try:
        before = processor(line.pid)
        times = asyncio.run(run_for(SECONDS, POLLERS, start))
        shown("polls", times, SECONDS)
        print(f"{'':28} {(processor(line.pid) - before) / len(times) * 1000:.1f} ms of processor time for each in the server")
        memory = next(li for li in Path(f"/proc/{line.pid}/status").read_text().splitlines() if li.startswith("VmHWM"))
        print("memory of the server at most:", memory.split()[1], "kB")
    finally:
        line.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="+", choices=["reports", "polls"])
    parser.add_argument("--folder", type=Path, help="where temporary folders go: the disk that is measured")
    chosen = parser.parse_args()
    for what in chosen.what:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
            {"reports": reports, "polls": polls}[what](Path(made))
