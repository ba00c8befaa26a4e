"""A large register is made by two processes: the same lines, and an error where the second one does not come to the end."""

from __future__ import annotations

import json
import signal
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from subprocess import Popen

import pytest

from safeconduct import Workspace
from safeconduct.ledger import LedgerError
from safeconduct.register.shares import ORDER, Part
from safeconduct.workspace import beside
from tests.server import fresh_database

WORDS = "Safeguard Defenders says that China runs {} police stations in Germany, one of them in {}."
CITIES = ("Frankfurt", "Munich", "Hamburg", "Cologne", "Dresden")


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with some claims accepted, one withdrawn and one undecided."""
    values: dict[str, str | bool] = {}
    if request.param == "postgresql":
        values["ledger"] = fresh_database(request.getfixturevalue("postgres"), f"beside_{uuid.uuid4().hex}")
    with Workspace.init(tmp_path / "w", values) as workspace:
        for n, city in enumerate(CITIES):
            file = tmp_path / f"{city}.txt"
            file.write_text(WORDS.format(n + 2, city), encoding="utf-8")
            workspace.add(file)
        workspace.extract()
        first, _, *others = (s.claim.id for s in workspace.statements())
        workspace.decide("accept", [first, *others], by="A")
        workspace.decide("retract", [others[0]], by="A", why="withdrawn by its author")
        yield workspace


@pytest.mark.parametrize("proposed", [False, True])
def test_the_register_is_the_same(told: Workspace, monkeypatch: pytest.MonkeyPatch, proposed: bool) -> None:
    asked = date(2100, 1, 1)
    here = list(told.register_lines(as_of=asked, include_proposed=proposed))
    started: list[list[str]] = []
    popen = Popen

    def start(command: list[str], **given: object) -> Popen[bytes]:
        started.append(command)
        return popen(command, **given)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(beside, "MANY", 1)
    monkeypatch.setattr(beside, "cpu_count", lambda: 2)
    monkeypatch.setattr(beside, "Popen", start)
    assert list(told.register_lines(as_of=asked, include_proposed=proposed)) == here
    assert len(started) == 1 and "postgresql" not in " ".join(started[0])
    whole = told.register(as_of=asked, include_proposed=proposed).as_json()
    assert [json.loads(line) for line in here] == [
        {"section": section, **part} for section, parts in whole.items() if isinstance(parts, list) for part in parts
    ]
    assert all(whole[section] for section in ("figures", "contradictions", "retracted"))


def test_one_processor_needs_no_second_process(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MANY", 1)
    monkeypatch.setattr(beside, "cpu_count", lambda: 1)
    monkeypatch.setattr(beside, "Popen", None)
    assert list(told.register_lines(as_of=date(2100, 1, 1)))
    monkeypatch.setattr(beside, "cpu_count", lambda: 2)
    assert list(told.register_lines(as_of=date(2100, 1, 1), alone=True))
    with pytest.raises(TypeError):
        list(told.register_lines(as_of=date(2100, 1, 1)))


@pytest.mark.parametrize("batch", [1, 100, 500_000])
def test_what_is_made_ahead_comes_in_order_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(beside, "BATCH", batch)
    parts: list[Part] = [("sites", {"id": str(n)}) for n in range(20)]
    parts += [("contradictions", {"id": str(n), "topic": "how many", "type": "conflict"}) for n in range(5)]
    with (tmp_path / "ahead").open("w+b") as file:
        own = beside._Own(iter(parts), file)
        assert own.more()
        found = own.all()
        lines = [next(found)]
        assert own.more() and own.more() and file.tell()
        lines += found
        assert not own.more()
    assert [(at[0], json.loads(line)) for at, some in lines for line in some] == [
        (ORDER[section], {"section": section, **part}) for section, part in parts
    ]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_one_that_is_cut_off_is_an_error(told: Workspace, monkeypatch: pytest.MonkeyPatch, how: signal.Signals) -> None:
    monkeypatch.setattr(beside, "MANY", 1)
    monkeypatch.setattr(beside, "cpu_count", lambda: 2)
    popen = Popen

    def start(command: list[str], **given: object) -> Popen[bytes]:
        process = popen(command, **given)  # type: ignore[call-overload]
        process.send_signal(how)
        return process  # type: ignore[no-any-return]

    monkeypatch.setattr(beside, "Popen", start)
    with pytest.raises(LedgerError, match="could not be read to its end"):
        list(told.register_lines())


def test_the_second_process_says_why_it_cannot_read(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MANY", 1)
    monkeypatch.setattr(beside, "cpu_count", lambda: 2)
    monkeypatch.setattr(told.ledger, "path", "/nowhere/ledger.sqlite3")
    with pytest.raises(LedgerError, match="no ledger at /nowhere"):
        list(told.register_lines())
