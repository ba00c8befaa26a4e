from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.ledger import Ledger, LedgerError, Record, is_server
from safeconduct.ledger.merkle import root_of


def numbered(n: int, type_: str = "capture") -> Record:
    return Record(type_, f"s{n}", {"n": n})  # type: ignore[arg-type]


@pytest.fixture
def ledger(place: Callable[[], Path | str]):
    with Ledger(place(), create=True) as found:
        yield found


def raw(ledger: Ledger, statement: str) -> None:
    """Change the database behind the ledger's back, as an intruder would: without its triggers."""
    if is_server(ledger.path):
        with psycopg.connect(str(ledger.path)) as server:
            server.execute("ALTER TABLE ledger DISABLE TRIGGER USER")
            server.execute(statement)
        return
    with sqlite3.connect(ledger.path) as connection:
        connection.execute("DROP TRIGGER IF EXISTS ledger_no_update")
        connection.execute("DROP TRIGGER IF EXISTS ledger_no_delete")
        connection.execute(statement)


def test_records_come_back_in_the_order_of_recording(ledger: Ledger) -> None:
    assert ledger.append([numbered(1), numbered(2)]) == [True, True]
    assert ledger.append([numbered(3, "text")]) == [True]
    assert [(r.seq, r.type, r.content()) for r in ledger.records()] == [
        (1, "capture", {"n": 1}), (2, "capture", {"n": 2}), (3, "text", {"n": 3}),
    ]  # fmt: skip
    assert [r.seq for r in ledger.records("text")] == [3]
    assert [r.seq for r in ledger.records(subject="s2")] == [2]
    assert list(ledger.flaws()) == []


def test_the_same_record_twice_changes_nothing(ledger: Ledger) -> None:
    ledger.append([numbered(1)])
    before = ledger.head()
    assert ledger.append([numbered(1), numbered(1)]) == [False, False]
    assert ledger.append([Record("capture", "s1", {"n": 9})], only_if_new_subject=True) == [False]
    assert ledger.head() == before


@pytest.mark.parametrize("statement", ["UPDATE ledger SET body = '{}' WHERE seq = 1", "DELETE FROM ledger WHERE seq = 1"])
def test_rows_cannot_be_changed_or_removed(ledger: Ledger, statement: str) -> None:
    ledger.append([numbered(1)])
    opened = psycopg.connect(str(ledger.path)) if is_server(ledger.path) else sqlite3.connect(ledger.path)
    with opened as connection, pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "where", "what"),
    [
        ("""UPDATE ledger SET body = replace(body, '"n":2', '"n":7') WHERE seq = 2""", "record 2", "altered"),
        ("UPDATE ledger SET subject = 's9' WHERE seq = 2", "record 2", "subject"),
        ("UPDATE ledger SET recorded_at = '2031-01-01T00:00:00.000000Z' WHERE seq = 2", "record 2", "chain"),
        ("DELETE FROM ledger WHERE seq = 2", "record 3", "missing"),
        ("UPDATE ledger SET seq = seq + 1 WHERE seq = 4", "record 5", "missing"),
    ],
)
def test_an_altered_missing_or_moved_record_is_found(ledger: Ledger, statement: str, where: str, what: str) -> None:
    ledger.append([numbered(n) for n in range(1, 5)])
    raw(ledger, statement)
    assert any(flaw.where == where and what in flaw.what for flaw in ledger.flaws())


def test_two_records_that_changed_places_are_found(ledger: Ledger) -> None:
    ledger.append([numbered(n) for n in range(1, 5)])
    raw(ledger, "UPDATE ledger SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3)")
    raw(ledger, "UPDATE ledger SET seq = -seq WHERE seq < 0")
    assert [f.where for f in ledger.flaws()][:1] == ["record 2"]


def test_a_bulk_load_records_what_appending_one_by_one_would(place: Callable[[], Path | str]) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    todo = [*(numbered(n) for n in range(10)), numbered(3), numbered(9), numbered(10)]
    with (
        Ledger(place(), create=True, clock=lambda: moment) as one, Ledger(place(), create=True, clock=lambda: moment) as many,
    ):  # fmt: skip
        for record in todo:
            one.append([record])
        assert many.load(iter(todo), batch=4) == 11
        assert list(one.records()) == list(many.records())
        assert many.load(todo, batch=4) == 0
        assert many.load([numbered(10), numbered(11), numbered(12), numbered(11)]) == 2
        assert many.append([numbered(11), numbered(13)]) == [False, True]
        assert many.head()[0] == 14
        assert list(many.flaws()) == []


def test_a_bulk_load_that_breaks_off_leaves_whole_batches_and_can_be_resumed(ledger: Ledger) -> None:
    broken = [numbered(n) for n in range(7)] + [Record("capture", "s", {"n": object()})]
    with pytest.raises(ValueError):
        ledger.load(broken, batch=5)
    assert [r.subject for r in ledger.records()] == ["s0", "s1", "s2", "s3", "s4"]
    assert ledger.load([numbered(n) for n in range(7)], batch=5) == 2
    assert list(ledger.flaws()) == []


def test_recorded_times_never_go_back(tmp_path: Path) -> None:
    times = iter([datetime(2026, 1, 2, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)])
    with Ledger(tmp_path / "l.sqlite3", create=True, clock=lambda: next(times)) as ledger:
        for n in range(3):
            ledger.append([numbered(n)])
        found = [r.recorded_at[:10] for r in ledger.records()]
        assert found == ["2026-01-02", "2026-01-02", "2026-01-03"]
        assert [r.seq for r in ledger.records(known_at="2026-01-02T23:59:59.999999Z")] == [1, 2]
        assert list(ledger.flaws()) == []


def test_a_failed_batch_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="JSON"):
        ledger.append([numbered(1), Record("capture", "bad", {"n": {1, 2}})])
    assert ledger.head()[0] == 0


WRITER = """
import sys
from pathlib import Path
from safeconduct.ledger import Ledger, Record
path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Ledger(path) as ledger:
    for n in range(count):
        ledger.append([Record("capture", f"{name}-{n}", {"n": n}), Record("text", f"{name}-{n}", {"n": n})])
        print(n, flush=True)
"""


def writer(path: Path | str, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_eight_processes_at_once_lose_nothing_and_leave_one_chain(ledger: Ledger) -> None:
    all_ = [writer(ledger.path, name, 25) for name in "abcdefgh"]
    assert [process.communicate()[0].split()[-1] for process in all_] == ["24"] * 8
    assert ledger.head()[0] == 400
    assert len(ledger.subjects("capture")) == 200
    assert list(ledger.flaws()) == []


KILLER = """
import os, random, signal, sys, time
from safeconduct.ledger import Ledger, Record
place, rounds, chance = sys.argv[1], int(sys.argv[2]), random.Random(7)
Ledger(place).close()  # loads everything once, before the forks
held = 0
for turn in range(rounds):
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        with Ledger(place) as ledger:
            for n in range(10_000):
                ledger.append([Record("capture", f"r{turn}-{n}", {"n": n}), Record("text", f"r{turn}-{n}", {"n": n})])
                os.write(writes, b".")
    os.close(writes)
    said = os.read(reads, 1)  # it has begun to write
    time.sleep(chance.random() * 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while block := os.read(reads, 4096):
        said += block
    os.close(reads)
    with Ledger(place) as ledger:
        # one reading: a server may finish the last commit of a killed client after its death
        found = [r for r in ledger.records(after=held) if r.subject.startswith(f"r{turn}-")]
        captures, texts = ([r.subject for r in found if r.type == t] for t in ("capture", "text"))
        held = ledger.head()[0]
        assert captures == texts, f"round {turn}: half an act was recorded"
        assert len(said) <= len(captures) <= len(said) + 1, f"round {turn}: {len(said)} told, {len(captures)} recorded"
with Ledger(place) as ledger:
    print(ledger.head()[0], len(list(ledger.flaws())))
"""


def test_killed_two_hundred_times_it_loses_at_most_the_act_being_written(ledger: Ledger) -> None:
    done = subprocess.run([sys.executable, "-c", KILLER, str(ledger.path), "200"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    records, flaws = map(int, done.stdout.split())
    assert records >= 400 and flaws == 0
    assert ledger.head()[0] == records
    assert ledger.append([numbered(1)]) == [True]


def test_what_is_no_ledger_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="safeconduct init"):
        Ledger(tmp_path / "none.sqlite3")
    junk = tmp_path / "junk.sqlite3"
    junk.write_bytes(b"this is not a database" * 100)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(junk)


def test_a_full_disk_is_reported_and_loses_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite3", create=True)
    ledger.append([numbered(1)])
    script = (
        "import resource, sys; from pathlib import Path; from safeconduct.ledger import *\n"
        "l = Ledger(Path(sys.argv[1])); resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: l.append([Record('capture', f'x{n}', {'pad': 'x' * 5000}) for n in range(200)])\n"
        "except LedgerError as error: print(error); sys.exit(7)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(ledger.path)], capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    assert "could not be used" in done.stdout
    assert ledger.head()[0] == 1
    assert list(ledger.flaws()) == []


def test_merging_is_a_union(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a", create=True) as a, Ledger(tmp_path / "b", create=True) as b:
        a.append([numbered(1), numbered(2)])
        b.append([numbered(2), numbered(3)])
        assert a.merge(b.records()) == 1
        assert b.merge(a.records()) == 1
        assert {r.id for r in a.records()} == {r.id for r in b.records()}
        assert a.merge(b.records()) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 20), max_size=5), max_size=8))
def test_appending_only_ever_extends_the_chain(batches: list[list[int]]) -> None:
    import tempfile

    start = datetime(2026, 1, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder:
        ticks = iter(start + timedelta(seconds=n) for n in range(100))
        with Ledger(Path(folder) / "l", create=True, clock=lambda: next(ticks)) as ledger:
            before: list[str] = []
            for batch in batches:
                ledger.append([numbered(n) for n in batch])
                after = [r.chain for r in ledger.records()]
                assert after[: len(before)] == before
                before = after
            assert len(before) == len({n for batch in batches for n in batch})
            assert list(ledger.flaws()) == []


def test_bodies_are_canonical_json(ledger: Ledger) -> None:
    ledger.append([Record("capture", "s", {"ü": "福州", "a": [1, None, True]})])
    (row,) = ledger.records()
    assert row.body == '{"a":[1,null,true],"subject":"s","type":"capture","ü":"福州"}'
    assert json.loads(row.body)["ü"] == "福州"


def test_a_ledger_moves_between_databases_record_for_record(place: Callable[[], Path | str], tmp_path: Path) -> None:
    with Ledger(tmp_path / "from.sqlite3", create=True) as source:
        source.append([numbered(n) for n in range(1, 8)])
        with Ledger(place(), create=True) as there, Ledger(tmp_path / "back.sqlite3", create=True) as back:
            assert there.copy(source.records()) == 7
            assert back.copy(there.records()) == 7
            assert source.head() == there.head() == back.head()
            assert root_of(source.leaves(7)) == root_of(there.leaves(7)) == root_of(back.leaves(7))
            with pytest.raises(LedgerError, match="already holds a ledger"):
                there.copy(source.records())
        broken = [r for r in source.records() if r.seq != 3]
        with Ledger(place(), create=True) as there:
            with pytest.raises(LedgerError, match="Record 4 does not fit the chain"):
                there.copy(broken)
            assert there.head()[0] == 0


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(LedgerError, match="cannot be opened") as caught:
        Ledger("postgresql://somebody:secret@127.0.0.1:1/none?connect_timeout=2")
    assert "secret" not in str(caught.value) and "somebody@127.0.0.1:1/none" in str(caught.value)


def test_a_ledger_of_the_previous_version_is_read_checked_and_written_on(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript((Path(__file__).with_name("version-0.1.0.sql")).read_text(encoding="utf-8"))
    with Ledger(path) as old:
        before = old.head()
        assert before[0] == 7 and list(old.flaws()) == []
        assert {r.type for r in old.records()} == {"capture", "text", "extraction", "proposal", "decision"}
        assert old.append([numbered(1)]) == [True]
        assert old.head()[0] == before[0] + 1 and list(old.flaws()) == []
        with pytest.raises(Exception, match="append-only"), sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM ledger")
