from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.ledger import Ledger, LedgerError, Record


def numbered(n: int, type_: str = "capture") -> Record:
    return Record(type_, f"s{n}", {"n": n})  # type: ignore[arg-type]


@pytest.fixture
def ledger(tmp_path: Path):
    with Ledger(tmp_path / "ledger.sqlite3", create=True) as found:
        yield found


def raw(ledger: Ledger, statement: str) -> None:
    """Change the file behind the ledger's back, as an intruder would: without its triggers."""
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
    with sqlite3.connect(ledger.path) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
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
with Ledger(Path(path)) as ledger:
    for n in range(count):
        ledger.append([Record("capture", f"{name}-{n}", {"n": n}), Record("text", f"{name}-{n}", {"n": n})])
        print(n, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once_lose_nothing(ledger: Ledger) -> None:
    both = [writer(ledger.path, name, 60) for name in "ab"]
    assert [process.communicate()[0].split()[-1] for process in both] == ["59", "59"]
    assert ledger.head()[0] == 240
    assert len(ledger.subjects("capture")) == 120
    assert list(ledger.flaws()) == []


def test_killed_in_the_middle_it_loses_at_most_the_record_being_written(ledger: Ledger) -> None:
    for round_ in range(6):
        process = writer(ledger.path, f"r{round_}", 10_000)
        assert process.stdout
        said = [process.stdout.readline() for _ in range(3 + 5 * round_)]
        time.sleep(0.003 * round_)
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        acknowledged = len([line for line in said if line.endswith("\n")])
        captures = ledger.subjects("capture", f"r{round_}-")
        assert captures == ledger.subjects("text", f"r{round_}-")
        assert acknowledged <= len(captures) <= acknowledged + 1
    assert list(ledger.flaws()) == []


def test_what_is_no_ledger_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="safeconduct init"):
        Ledger(tmp_path / "none.sqlite3")
    junk = tmp_path / "junk.sqlite3"
    junk.write_bytes(b"this is not a database" * 100)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(junk)


def test_a_full_disk_is_reported_and_loses_nothing(ledger: Ledger) -> None:
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
