"""Speed and memory of the ledger and the register, side by side with what they are compared with, in one run.

    python benchmarks/register.py                    all measurements at 100 000 claims
    python benchmarks/register.py load 1000000       durable load into SQLite, to raw sqlite3 and to nomenklatura's SQL store
    python benchmarks/register.py whole 1000000      the whole register, to `ftm aggregate-statements` on the same claims
    python benchmarks/register.py whole 10000 100000   at several sizes: how time and memory grow
    python benchmarks/register.py country 100000     one country as of a date, from an open workspace
    python benchmarks/register.py decision 100000    the register after one more decision, from an open workspace
    python benchmarks/register.py country decision 1000000 --at FOLDER   in a folder that stays: its ledger is made only once

The claims are made up (``generator.py``). Each round runs in a child process of its own, the things compared by turns; figures
are medians, seconds both of the clock and of the processor, memory the kernel's high-water mark of the child. The peers run
where they are installed (``requirements.txt``) and are left out where not. One JSON object is written for each measurement.
"""

from __future__ import annotations

import gc
import json
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from generator import decision, records

ROUNDS = 3
NOMENKLATURA = 20_000  # claims for its store, which is slow
DAY = date(2026, 7, 1)
DECISIONS = 200
COUNTRIES = ("US", "CN", "DE", "NL", "SE", "KE", "PE")  # from one with many claims to one with few
Told = dict[str, Any]


@contextmanager
def measured(told: Told, name: str = "") -> Iterator[None]:
    """Wall and processor seconds of the block; what was made before is out of the garbage collector's sight."""
    gc.collect()
    gc.freeze()
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    told[f"{name}wall"], told[f"{name}cpu"] = time.perf_counter() - wall, time.process_time() - cpu


def statements_of(claims: int, *, packed: bool = True) -> Iterator[dict[str, str]]:
    """The claims as statements of FollowTheMoney, one entity for each: what it names, says and stands in. ``packed``: all its
    slots are one value; else each is one, as FollowTheMoney would have them."""
    for record in records(claims):
        if record.type != "proposal":
            continue
        claim = record.content["claim"]
        slots = [f"{name}={value}" for name, value in claim["slots"].items() if value is not None]
        values = [
            ("name", record.subject), ("summary", claim["quote"]), ("publisher", claim["asserted_by"]),
            ("sourceUrl", f"https://news.example/{claim['text'][:12]}"),
            ("date", claim["asserted_when"] or claim["when"] or "2022"), ("notes", f"{claim['kind']} {claim['stance']}"),
            ("description", f"{claim['start']}-{claim['end']}"), *(("author", via) for via in claim["via"] if not packed),
            *(("keywords", slot) for slot in ([json.dumps(claim["slots"], sort_keys=True)] if packed else slots)),
        ]  # fmt: skip
        for prop, value in values:
            yield {"entity": record.subject, "prop": prop, "value": value}


# What a child process does: each returns what it measured


def load(place: Path, claims: int) -> Told:
    from safeconduct.ledger import Ledger

    todo, told = list(records(claims)), {"rows": 0}
    with Ledger(place / "ledger.sqlite3", create=True) as ledger, measured(told):
        told["rows"] = ledger.load(todo)
    return told


def raw(place: Path, claims: int) -> Told:
    """The same rows by executemany, in one transaction that is as durable, into a table with the id as primary key and one
    index."""
    with closing(sqlite3.connect(place / "ledger.sqlite3")) as made:
        rows = made.execute("SELECT record, seq, type, subject, body, recorded_at, chain FROM ledger").fetchall()
    told: Told = {"rows": len(rows)}
    with measured(told), closing(sqlite3.connect(place / "raw.sqlite3")) as out:
        out.execute("PRAGMA journal_mode=WAL")
        out.execute("PRAGMA synchronous=FULL")
        out.execute("CREATE TABLE rows (record TEXT PRIMARY KEY, seq INT, type TEXT, subject TEXT, body TEXT, at TEXT, c TEXT)")
        out.execute("CREATE INDEX by_subject ON rows (subject, type)")
        out.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        out.commit()
    (place / "raw.sqlite3").unlink()
    return told


def nomenklatura(place: Path, claims: int) -> Told:
    """The claims' statements into the SQL store, on SQLite."""
    from followthemoney import Dataset, Statement, ValueEntity
    from nomenklatura.resolver import Linker
    from nomenklatura.store.sql import SQLStore
    from sqlalchemy import create_engine

    some = [
        Statement(entity_id=s["entity"], prop=s["prop"], schema="Article", value=s["value"], dataset="madeup")
        for s in statements_of(claims)
        if s["prop"] != "date"
    ]
    told: Told = {"rows": len(some)}
    engine = create_engine(f"sqlite:///{place / 'store.sqlite3'}")
    with measured(told):
        store = SQLStore(Dataset.make({"name": "madeup", "title": "Made up"}), Linker[ValueEntity]({}), engine)
        with store.writer() as writer:
            for statement in some:
                writer.add_statement(statement)
    return told


def loaded(place: Path, claims: int) -> Any:
    """A workspace with so many claims, made once."""
    from safeconduct.workspace import Workspace

    made = place / f"w{claims}"
    if made.is_dir():
        return Workspace(made)
    workspace = Workspace.init(made)
    workspace.ledger.load(records(claims))
    return workspace


def whole(place: Path, claims: int) -> Told:
    """The whole register from the ledger into a file, a line for each part."""
    return _whole(place, claims, alone=False)


def whole_alone(place: Path, claims: int) -> Told:
    """The same by one process."""
    return _whole(place, claims, alone=True)


def _whole(place: Path, claims: int, *, alone: bool) -> Told:
    told: Told = {"claims": claims, "entries": 0, "sides": 0}
    with loaded(place, claims) as workspace, (place / f"register-{claims}.jsonl").open("wb") as out, measured(told):
        gc.disable()  # as `safeconduct register --lines` does
        for line in workspace.register_lines(as_of=DAY, alone=alone):
            told["sides" if line.startswith(b'{"section":"contradictions"') else "entries"] += 1
            out.write(line)
    second = resource.getrusage(resource.RUSAGE_CHILDREN)  # the process that makes a share of a large register
    return told | {"second_cpu": second.ru_utime + second.ru_stime, "second_peak_mb": second.ru_maxrss / 1024}


def fold(place: Path, claims: int) -> Told:
    """`ftm aggregate-statements` on the claims as statements, a value each, sorted by entity as it wants them."""
    return _fold(place, claims, packed=False)


def fold_packed(place: Path, claims: int) -> Told:
    """The same where the slots of a claim are one value."""
    return _fold(place, claims, packed=True)


def _fold(place: Path, claims: int, *, packed: bool) -> Told:
    file = place / f"statements-{claims}-{'packed' if packed else 'apart'}.csv"
    if not file.exists():
        import csv

        with file.open("w", encoding="utf-8", newline="") as out:
            fields = ("canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "lang", "original_value",
                      "external", "first_seen", "last_seen", "origin", "id")  # fmt: skip
            writer = csv.DictWriter(out, fields, restval="")
            writer.writeheader()
            for n, s in enumerate(statements_of(claims, packed=packed)):
                writer.writerow({
                    "canonical_id": s["entity"], "entity_id": s["entity"], "prop": s["prop"], "prop_type": "string", "id": n,
                    "schema": "Article", "value": s["value"], "dataset": "madeup", "external": "f",
                })  # fmt: skip
    told: Told = {"claims": claims}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    ftm = Path(sys.executable).parent / "ftm"
    command = [ftm, "aggregate-statements", "-f", "csv", "-i", file, "-o", place / "entities.json"]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told |= {"wall": time.perf_counter() - start, "cpu": after.ru_utime - before.ru_utime, "peak_mb": after.ru_maxrss / 1024}
    return told


def country(place: Path, claims: int) -> Told:
    """Registers of single countries from a workspace that was asked for each of them once."""
    told: Told = {"claims": claims}
    with loaded(place, claims) as workspace:
        for code in ("XK", *COUNTRIES):
            workspace.register(as_of=DAY, country=code)
        for code in COUNTRIES:
            with measured(told, f"{code} "):
                told[f"{code} claims"] = len(workspace.register(as_of=DAY, country=code).statements)
    told["wall"] = statistics.median(told[f"{code} wall"] for code in COUNTRIES)
    return told


def decided(place: Path, claims: int) -> Told:
    """One more decision, many times: recording it, the register of a country after it (in which all that it bears on is made
    anew, of whatever country), that of another one then, and the whole register (in which every entry is listed)."""
    told: Told = {"claims": claims}
    rounds: list[Told] = []
    moment = f"2026-06-30T{datetime.now(UTC):%H:%M}"  # another one each time in a ledger that stays
    with loaded(place, claims) as workspace:
        known = [s.claim.id for s in workspace.register(as_of=DAY).statements]
        for n, claim in enumerate(Random(moment).sample(known, DECISIONS)):
            one: Told = {}
            with measured(one, "append "):
                workspace.ledger.append([decision(claim, "retract", f"{moment}:{n:02}.000000Z", "a correction")])
            with measured(one):
                workspace.register(as_of=DAY, country="XK")
            with measured(one, "KE "):
                workspace.register(as_of=DAY, country="KE")
            with measured(one, "all "):
                workspace.register(as_of=DAY)
            rounds.append(one)
    clocks = ("wall", "cpu")
    most = {f"nine tenths {name}": sorted(r[name] for r in rounds)[9 * DECISIONS // 10 - 1] for name in clocks}
    worst = {f"worst {name}": max(r[name] for r in rounds) for name in clocks}
    return told | median(rounds) | most | worst


PARTS: dict[str, Callable[[Path, int], Told]] = {
    f.__name__: f for f in (load, raw, nomenklatura, whole, whole_alone, fold, fold_packed, country, decided)
}


def child(part: str, place: Path, claims: int) -> Told:
    """Run one part in a process of its own."""
    run = subprocess.run([sys.executable, __file__, "--part", part, str(place), str(claims)], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"{part}: {run.stderr[-2000:]}")
    told: Told = json.loads(run.stdout)
    return told


def median(rounds: list[Told]) -> Told:
    return {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}


def per_second(told: Told, of: str, clock: str = "wall") -> float:
    return float(told[of] / told[clock])


def measure_load(claims: int) -> Told:
    ours, floor = [], []
    for _ in range(ROUNDS):
        with scratch() as place:
            ours.append(child("load", place, claims))
            floor.append(child("raw", place, claims))
    mine, bare = median(ours), median(floor)
    told = {
        "rows": mine["rows"], "ours_per_second": per_second(mine, "rows"), "raw_per_second": per_second(bare, "rows"),
        "ratio": per_second(mine, "rows") / per_second(bare, "rows"),
        "ratio_cpu": per_second(mine, "rows", "cpu") / per_second(bare, "rows", "cpu"),
    }  # fmt: skip
    if find_spec("nomenklatura"):
        with scratch() as place:
            peer = child("nomenklatura", place, min(claims, NOMENKLATURA))
        told["nomenklatura_per_second"] = per_second(peer, "rows")
        told["ratio_nomenklatura"] = told["ours_per_second"] / told["nomenklatura_per_second"]
    return told


def measure_whole(claims: int) -> Told:
    peers = ("fold", "fold_packed") if find_spec("nomenklatura") else ()
    rounds: dict[str, list[Told]] = {part: [] for part in ("whole", "whole_alone", *peers)}
    with scratch(stays=True) as place:
        with loaded(place, claims):
            pass  # it is made, so that making it is not measured
        for _ in range(ROUNDS if claims <= 200_000 else 1):
            for part, done in rounds.items():
                done.append(child(part, place, claims))
    told = median(rounds.pop("whole"))
    told["microseconds_a_claim"] = told["wall"] / claims * 1e6
    alone = median(rounds.pop("whole_alone"))
    told |= {f"alone_{k}": alone[k] for k in ("wall", "cpu", "peak_mb")}
    for part, done in rounds.items():
        theirs = median(done)
        told |= {f"{part}_{k}": v for k, v in theirs.items() if k != "claims"}
        told |= {f"{part}_ratio": theirs["wall"] / told["wall"], f"{part}_ratio_cpu": theirs["cpu"] / told["cpu"]}
    return told


def measure_one(part: str) -> Callable[[int], Told]:
    def measure(claims: int) -> Told:
        with scratch(stays=True) as place:
            return median([child(part, place, claims) for _ in range(1)])

    return measure


STAYS: list[Path] = []  # the folder to work in, where one is given


@contextmanager
def scratch(*, stays: bool = False) -> Iterator[Path]:
    """A folder to work in; ``stays``: the one that was given, if one was."""
    if stays and STAYS:
        STAYS[0].mkdir(parents=True, exist_ok=True)
        yield STAYS[0]
        return
    place = Path(tempfile.mkdtemp(prefix="register-benchmark-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


MEASUREMENTS = {
    "load": measure_load, "whole": measure_whole, "country": measure_one("country"), "decision": measure_one("decided"),
}  # fmt: skip


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--part"]:
        told = PARTS[arguments[1]](Path(arguments[2]), int(arguments[3]))
        told.setdefault("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(json.dumps(told))
        return
    if "--at" in arguments:
        at = arguments.index("--at")
        STAYS.append(Path(arguments[at + 1]))
        arguments = arguments[:at] + arguments[at + 2 :]
    sizes = [int(a) for a in arguments if a.isdigit()] or [100_000]
    names = [a for a in arguments if not a.isdigit()] or list(MEASUREMENTS)
    for name in names:
        for size in sizes:
            told = MEASUREMENTS[name](size)
            print(json.dumps({"measurement": name, "claims": size} | {k: round(v, 3) for k, v in told.items()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
