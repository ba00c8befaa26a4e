"""Accepted means kept: through kill -9, a full disk, a clock that jumps, and from a backup."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.cli import main
from safeconduct.envelope.parcel import token_hash
from safeconduct.line import backup as backups
from safeconduct.line.database import decoys, open_keys, open_payloads
from safeconduct.line.reading import Reader
from safeconduct.line.settings import StorageSettings
from safeconduct.line.store import Accept, Call, Kept, Store
from safeconduct.line.sweep import blur, blurred, sweep, unblurred

from .kit import Client, Organisation, Reporter, Running, age_file, age_header, everything, running

QUICK = "[load]\nbase_bits = 0\nnew_per_hour = 1000000\nmost_per_hour = 1000000\n"


def kept(folder: Path) -> dict[bytes, list[bytes]]:
    """Mailbox → the age files in it, read from the folder as it lies on the disk."""
    with closing(open_keys(folder)) as keys, closing(open_payloads(folder)) as payloads:
        ids = decoys(keys, payloads)
    found: dict[bytes, list[bytes]] = {}
    reader = Reader(folder, ids)
    for message in reader.messages():
        found.setdefault(message.mailbox, []).append(b"".join(reader.blocks(message)))
    reader.close()
    return found


FORKING = """
import os, sys, signal
from pathlib import Path
import safeconduct.line.serve as serving
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        serving.serve(Path(sys.argv[1]), port=0, ready=lambda address: print(address, os.getpid(), flush=True))
        os._exit(0)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


def test_kill_9_under_load_loses_no_accepted_report(organisation: Organisation, tmp_path: Path) -> None:
    """Fifty times: eight reporters at once, and the process is killed while it works."""
    folder = organisation.folder(tmp_path / "folder", QUICK)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    parent = subprocess.Popen([sys.executable, "-c", FORKING, str(folder)], text=True, **pipes)  # type: ignore[call-overload]
    assert parent.stdin is not None and parent.stdout is not None
    accepted: dict[bytes, bytes] = {}

    def report(port: int) -> None:
        client = Client(port)
        while True:
            reporter = Reporter()
            parcel = reporter.parcel(random.choice([100, 20_000, 150_000]))
            try:
                if client.send(reporter, parcel)[0] == 201:
                    accepted[reporter.mailbox] = parcel[56:]
            except (OSError, ValueError):
                return
            except Exception as error:
                if type(error).__name__ in ("IncompleteRead", "BadStatusLine", "RemoteDisconnected"):
                    return
                raise

    rounds_with_reports = 0
    for _ in range(50):
        parent.stdin.write("go\n")
        parent.stdin.flush()
        address, child = parent.stdout.readline().split()
        before = len(accepted)
        threads = [threading.Thread(target=report, args=(int(address.rsplit(":", 1)[1]),)) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.1, 0.5))
        os.kill(int(child), signal.SIGKILL)
        for thread in threads:
            thread.join()
        assert parent.stdout.readline() == "gone\n"
        rounds_with_reports += len(accepted) > before
    parent.stdin.close()
    parent.wait()
    parent.stdout.close()
    found = kept(folder)
    lost = [mailbox for mailbox, file in accepted.items() if found.get(mailbox) != [file]]
    assert rounds_with_reports >= 40 and len(accepted) > 200
    assert not lost, f"{len(lost)} of {len(accepted)} accepted reports are lost or damaged"
    with running(folder) as server:  # and it starts, sweeps what was cut off, and serves
        assert Client(server.port).ask("GET", "/work")[0] == 200
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and list((folder / "incoming").iterdir()):
            time.sleep(0.1)
    assert not list((folder / "incoming").iterdir())
    known = {m.hex() for m in ids_of(folder)}
    assert {path.name for path in (folder / "large").iterdir()} <= known


def ids_of(folder: Path) -> set[bytes]:
    with closing(open_keys(folder)) as keys:
        return {row[0] for row in keys.execute("SELECT id FROM message")}


def test_both_databases_synchronise_every_commit(tmp_path: Path) -> None:
    with closing(open_keys(tmp_path)) as keys, closing(open_payloads(tmp_path)) as payloads:
        for connection in (keys, payloads):
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert keys.execute("PRAGMA secure_delete").fetchone() == (1,)


def accept(**more: object) -> Accept:
    reporter = Reporter()
    header, file = age_header(), age_file()
    payload = file[len(header) :]
    values = {
        "mailbox": reporter.mailbox, "token": token_hash(reporter.token), "header": header, "payload": payload,
        "size": len(file), "new": True,
    } | more  # fmt: skip
    return Accept(**values)  # type: ignore[arg-type]


def test_payloads_are_on_the_disk_before_their_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row in keys.sqlite is the acceptance, so at the moment it is committed the payload must be there to be read."""
    store = Store(tmp_path, StorageSettings(), 365)
    seen: list[tuple[int, int]] = []

    def committed(statement: str) -> None:
        if statement == "COMMIT":
            with closing(open_keys(tmp_path)) as keys, closing(open_payloads(tmp_path)) as payloads:
                count = payloads.execute("SELECT count(*) FROM payload").fetchone()[0]
                seen.append((keys.execute("SELECT count(*) FROM message").fetchone()[0], count))

    store.keys.set_trace_callback(committed)
    store.do([accept(), accept()])
    store.close()
    assert seen == [(0, 3 + 2)], "when the keys are committed, the payloads are there (three are decoys)"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk; the quota is tested below")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill_up(server: Running, size: int) -> dict[bytes, tuple[Reporter, bytes]]:
    """Send until there is no room; what was accepted."""
    client = Client(server.port)
    accepted: dict[bytes, tuple[Reporter, bytes]] = {}
    for _ in range(400):
        reporter = Reporter()
        parcel = reporter.parcel(size)
        status, _, body = client.send(reporter, parcel)
        if status == 507:
            assert json.loads(body)["error"] == "disk_full"
            return accepted
        assert status == 201, (body, Path(server.errors.name).read_text())
        accepted[reporter.mailbox] = reporter, parcel[56:]
    raise AssertionError("the disk never filled up")


@pytest.mark.parametrize("size", [100_000, 700_000])
def test_a_full_disk_refuses_and_loses_nothing(organisation: Organisation, small_disk: Path, size: int) -> None:
    folder = organisation.folder(small_disk / "folder", QUICK + "[storage]\nkeep_free_mb = 0\n")
    with running(folder) as server:
        client = Client(server.port)
        accepted = fill_up(server, size)
        assert len(accepted) >= 5
        gone = next(iter(accepted))
        client.delete(accepted.pop(gone)[0])  # deleting works on a full disk
        assert client.mailbox(Reporter(gone))[0] == 0
        for reporter, _ in accepted.values():
            assert client.mailbox(reporter)[0] == 1
        deadline = time.monotonic() + 10
        while client.send(Reporter())[0] != 201:
            assert time.monotonic() < deadline, "there is room again"
    found = kept(folder)
    assert {m: f for m, f in found.items() if m in accepted} == {m: [file] for m, (_, file) in accepted.items()}
    assert not Path(server.errors.name).read_text()


def test_the_quota_leaves_its_last_tenth_to_those_who_are_known(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder", QUICK + "[storage]\nquota_mb = 4\n")
    made = CliRunner().invoke(main, ["line", "passes", "new", "2", "--folder", str(folder)])
    first, second = made.output.split()
    with running(folder) as server:
        client = Client(server.port)
        accepted = fill_up(server, 100_000)
        assert len(accepted) == 4 * 1024 * 1024 * 9 // 10 // len(next(iter(accepted.values()))[1])
        known = next(iter(accepted.values()))[0]
        assert client.ask("POST", "/parcel", known.parcel(100_000))[0] == 201, "an addition"
        guest = Reporter()
        assert client.ask("POST", "/parcel", guest.parcel(100_000), Line_Pass=first)[0] == 201, "a pass"
        for wrong in (first, "A" * 22, "x"):
            assert json.loads(client.ask("POST", "/parcel", Reporter().parcel(), Line_Pass=wrong)[2])["error"] == "bad_pass"
        full = client.ask("POST", "/parcel", known.parcel(1_000_000))
        assert full[0] == 507
    left = CliRunner().invoke(main, ["line", "passes", "count", "--folder", str(folder), "--json"])
    assert json.loads(left.output) == {"count": 1} and second not in left.output
    assert all(first.encode() not in data and second.encode() not in data for _, data in everything(folder))


JUMPING = """
import os, time
real = time.time
time.time = lambda: real() + 86400 * int(open(os.environ["TEST_CLOCK"]).read() or 0)
from safeconduct.cli import main
main()
"""


def test_a_clock_that_jumps_empties_nothing(organisation: Organisation, tmp_path: Path) -> None:
    folder, offset = organisation.folder(tmp_path / "folder"), tmp_path / "offset"
    offset.write_text("0")
    with running(folder, program=JUMPING, clock=str(offset)) as server:
        client, reporter = Client(server.port), Reporter()
        work = client.work(reporter.mailbox)
        for days in ("3650", "-3650", "0"):
            offset.write_text(days)
            assert client.ask("POST", "/parcel", reporter.parcel(), Line_Work=work)[0] == 201, "no matter the date"
            done = CliRunner().invoke(main, ["line", "sweep", str(folder), "--json"])
            assert json.loads(done.output)["expired"] == 0
            assert client.mailbox(reporter)[0] == 1
    offset.write_text("3650")
    with running(folder, program=JUMPING, clock=str(offset)) as server:
        time.sleep(0.5)
        assert Client(server.port).mailbox(reporter)[0] == 1, "ten years at a start are not believed either"


def test_expiry_follows_the_newest_message_and_a_leap_waits(tmp_path: Path) -> None:
    now = [86400.0 * 20_000]
    store = Store(tmp_path, StorageSettings(fuzz_days=7), 30, clock=lambda: now[0])

    def day(days: int) -> None:
        now[0] = 86400.0 * (20_000 + days)

    (old,) = store.do([first := accept()])
    (other,) = store.do([accept()])
    assert isinstance(old, Kept) and isinstance(other, Kept)
    assert not sweep(store).doubted
    for later in (7, 14, 20):
        day(later)
        assert sweep(store).expired == 0
    assert isinstance(store.do([accept(mailbox=first.mailbox, token=first.token)])[0], Kept)
    for later in (27, 34, 38):
        day(later)
        sweep(store)
    left = store.keys.execute("SELECT count(*), count(DISTINCT mailbox) FROM message").fetchone()
    assert left == (2, 1), "the renewed one is whole"
    day(3000)
    assert sweep(store).doubted and sweep(store).doubted
    day(3001)
    assert sweep(store).doubted
    day(3002)
    assert not sweep(store).doubted, "a date that lasts is believed"
    assert store.keys.execute("SELECT count(*) FROM mailbox").fetchone() == (0,)
    assert store.payloads.execute("SELECT count(*) FROM payload").fetchone() == (3,), "only the decoys are left"
    day(9000)
    assert not sweep(store, sure=True).doubted
    store.close()


def test_fuzzy_expiry_is_spread(tmp_path: Path) -> None:
    store = Store(tmp_path, StorageSettings(fuzz_days=7), 30, clock=lambda: 86400.0 * 20_000)
    store.do([accept(payload=b"x", size=1) for _ in range(200)])
    days = [row[0] - 20_030 for row in store.keys.execute("SELECT expires FROM mailbox")]
    assert min(days) >= -7 and max(days) <= 7 and len(set(days)) >= 12
    store.close()


def order(store: Store, table: str) -> list[int]:
    """For rows whose bytes say in which order they came: that order, as they lie in the file."""
    path = store.folder / {"payload": "payload.sqlite", "header": "keys.sqlite"}[table]
    store.keys.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.payloads.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    places = {n: data.find(b"%s number %06d" % (table.encode(), n)) for n in range(300)}
    assert all(place > 0 for place in places.values())
    return sorted(places, key=lambda n: places[n])


def likeness(found: list[int]) -> float:
    """Spearman's rank correlation with the order of arrival."""
    n = len(found)
    return 1 - 6 * sum((a - b) ** 2 for a, b in enumerate(found)) / (n * (n * n - 1))


def test_after_a_day_the_order_of_arrival_is_gone(tmp_path: Path) -> None:
    now = [86400.0 * 20_000]
    store = Store(tmp_path, StorageSettings(), 30, clock=lambda: now[0])
    for n in range(300):
        payload, header = bytes(16_000) + b"payload number %06d" % n, bytes(5_000) + b"header number %06d" % n
        store.do([accept(payload=payload, header=header, size=21_000)])
    assert abs(likeness(order(store, "payload"))) > 0.5, "the test would see it"
    assert unblurred(store) == []
    now[0] += 86400
    groups = unblurred(store)
    assert sum(len(group) for group in groups) == 300
    for group in groups:
        assert store.do([Call(lambda s, group=group: blur(s, group))]) == [len(group)]
    blurred(store)
    assert unblurred(store) == []
    for table in ("payload", "header"):
        assert abs(likeness(order(store, table))) < 0.3, table
    store.close()


@pytest.mark.parametrize("served", [True, False])
def test_a_backup_comes_back_and_what_was_deleted_does_not(organisation: Organisation, tmp_path: Path, served: bool) -> None:
    folder, target, again = organisation.folder(tmp_path / "folder", QUICK), tmp_path / "backup", tmp_path / "again"
    desk = organisation.desks[0]

    def run(*words: object) -> dict[str, int]:
        done = CliRunner().invoke(main, ["line", *map(str, words), "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    with running(folder) as server:
        client = Client(server.port)
        people = [Reporter() for _ in range(6)]
        parcels = [person.parcel(size) for person, size in zip(people, (100, 100, 100, 100, 400_000, 400_000), strict=True)]
        for person, parcel in zip(people, parcels, strict=True):
            assert client.send(person, parcel)[0] == 201
        client.desk(desk, "/desk/answer", people[0].mailbox + age_file(stanzas=4))
        assert run("backup", folder, target) == {"messages": 7, "new": 7, "missing": 0}
        client.delete(people[1])
        client.delete(people[5])
        newer = Reporter()
        client.send(newer)
        if served:
            assert run("backup", folder, target) == {"messages": 6, "new": 1, "missing": 0}
        before = {person.mailbox: client.mailbox(person)[:4] for person in people}
    if not served:
        assert run("backup", folder, target) == {"messages": 6, "new": 1, "missing": 0}
    for gone in (parcels[1], parcels[5]):
        for path, data in everything(target):
            assert gone[100:1400] not in data, f"{path.name} holds wrapped keys that were deleted"
        assert any(gone[-9000:] in data for _, data in everything(target)), "its payload stays, as noise"
    shutil.rmtree(folder)
    assert run("restore", target, again) == {"messages": 6, "new": 6, "missing": 0}
    with running(again) as server:
        client = Client(server.port)
        assert {person.mailbox: client.mailbox(person)[:4] for person in people} == before
        assert client.mailbox(newer)[0] == 1
    assert kept(again)[people[4].mailbox] == [parcels[4][56:]]
    twice = CliRunner().invoke(main, ["line", "restore", str(target), str(again)])
    assert twice.exit_code == 1 and "restore into a new folder" in twice.output


def test_a_backup_with_a_payload_missing_restores_the_rest(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    store = Store(folder, StorageSettings(), 365)
    results = store.do([accept() for _ in range(3)])
    backups.backup(store, tmp_path / "backup")
    store.close()
    assert isinstance(results[0], Kept)
    name = results[0].id.hex()
    (tmp_path / "backup" / "payloads" / name[:2] / name).unlink()
    assert backups.restore(tmp_path / "backup", tmp_path / "again").missing == 1
    assert len(kept(tmp_path / "again")) == 2


def test_only_one_process_serves_a_folder(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    with running(folder), pytest.raises(AssertionError, match="served by another process"):
        Running(folder)
