"""The line to try on one machine: what it prints works."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from safeconduct.envelope import recipient_of, seal
from safeconduct.envelope.letter import Report, write_report
from safeconduct.envelope.roster import read_roster
from safeconduct.envelope.words import mailbox_of, reply_identity_of

from .kit import Client, Reporter

PROGRAM = [sys.executable, "-m", "safeconduct", "line"]


def said(*words: str, at: Path) -> str:
    return subprocess.run([*PROGRAM, *words], cwd=at, check=True, capture_output=True, text=True).stdout


def test_a_report_is_sent_fetched_read_and_answered(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = json.loads(said("demo", "here", "--port", str(port), "--no-serve", "--json", at=tmp_path))
    assert made["address"] == f"http://127.0.0.1:{port}"
    server = subprocess.Popen([*PROGRAM, "demo", "here", "--port", str(port)], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        lines = iter(server.stdout.readline, "")
        printed = "".join(line for line in iter(lambda: next(lines), f"Serving {made['address']} (Ctrl-C stops it).\n"))
        assert made["fingerprint"] in printed
        roster = read_roster((tmp_path / "here" / "roster.json").read_bytes(), today := datetime.now(UTC).date())
        secret = secrets.token_bytes(16)
        reporter = Reporter(mailbox_of(secret, roster.signer))
        reply_to = recipient_of(reply_identity_of(secret, roster.signer))
        told, uses = {"what": "Two men asked for me."}, {"what": ("help",)}
        report = Report("report", reporter.mailbox, reply_to, "en", today, told, uses)
        sealed = b"".join(seal(write_report(report), roster.sealed_to))
        assert Client(port).send(reporter, reporter.head + sealed)[0] == 201

        desk = tmp_path / "here" / "desk"
        assert "line fetch --token ../token" in printed
        said("fetch", "--token", "../token", at=desk)
        (message,) = json.loads(said("list", "--json", at=desk))
        assert "Two men asked for me." in said("read", message["message"], "--token", "../token", at=desk)
        (tmp_path / "answer").write_text("Are you safe today?")
        said("answer", message["message"], "--file", str(tmp_path / "answer"), "--token", "../token", at=desk)
        assert Client(port).mailbox(reporter)[2:4] == b"\0\2"  # the report and its answer
    finally:
        server.terminate()
        server.wait(30)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    done = subprocess.run([*PROGRAM, "demo", ".", "--no-serve"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and "holds something else" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
