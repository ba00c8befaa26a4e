"""A large ledger is read by a second process: the same register, and an error where that process does not come to the end."""

from __future__ import annotations

import signal
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from subprocess import Popen

import pytest

from safeconduct import Workspace
from safeconduct.ledger import LedgerError
from safeconduct.workspace import ahead, reading
from tests.server import fresh_database

WORDS = "Safeguard Defenders says that China runs {} police stations in Germany, one of them in {}."
CITIES = ("Frankfurt", "Munich", "Hamburg", "Cologne", "Dresden")


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with some claims accepted, one withdrawn and one undecided."""
    values: dict[str, str | bool] = {}
    if request.param == "postgresql":
        values["ledger"] = fresh_database(request.getfixturevalue("postgres"), f"ahead_{uuid.uuid4().hex}")
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
    here = list(told.iter_register(as_of=asked, include_proposed=proposed))
    started: list[list[str]] = []
    popen = Popen

    def start(command: list[str], **given: object) -> Popen[bytes]:
        started.append(command)
        return popen(command, **given)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(ahead, "MANY", 1)
    monkeypatch.setattr(ahead, "cpu_count", lambda: 2)
    monkeypatch.setattr(ahead, "Popen", start)
    assert list(told.iter_register(as_of=asked, include_proposed=proposed)) == here
    assert len(started) == 1 and "postgresql" not in " ".join(started[0])
    assert {section for section, _ in here} >= {"figures", "contradictions", "retracted"}


def test_one_processor_needs_no_second_process(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MANY", 1)
    monkeypatch.setattr(ahead, "cpu_count", lambda: 1)
    monkeypatch.delattr(ahead, "Popen")
    assert list(told.iter_register(as_of=date(2100, 1, 1)))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_reading_that_is_cut_off_is_an_error(told: Workspace, monkeypatch: pytest.MonkeyPatch, how: signal.Signals) -> None:
    monkeypatch.setattr(ahead, "MANY", 1)
    monkeypatch.setattr(ahead, "cpu_count", lambda: 2)
    popen = Popen

    def start(command: list[str], **given: object) -> Popen[bytes]:
        process = popen(command, **given)  # type: ignore[call-overload]
        process.send_signal(how)
        return process  # type: ignore[no-any-return]

    monkeypatch.setattr(ahead, "Popen", start)
    with pytest.raises(LedgerError, match="could not be read to its end"):
        told.iter_register()


def test_the_second_process_says_why_it_cannot_read(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MANY", 1)
    monkeypatch.setattr(ahead, "cpu_count", lambda: 2)
    span = reading.Span(told.ledger, upto=told.ledger.head()[0])
    monkeypatch.setattr(told.ledger, "path", "/nowhere/ledger.sqlite3")
    with pytest.raises(LedgerError, match="no ledger at /nowhere"), ahead.read_ahead(span, include_proposed=True) as found:
        list(found)
