"""The commands of who runs the server: folders, the portable form, the monitor, the onion service."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safeconduct.cli import main
from safeconduct.envelope import Cost
from safeconduct.envelope.keyfile import write_key
from safeconduct.line.settings import LineSettings, load, template

from .kit import Client, Organisation, Reporter, Running, running

CHEAP = Cost(memory_kib=65536)
DOCS = Path(__file__).parents[2] / "docs"


def run(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["line", *map(str, words)])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def roster(organisation: Organisation, tmp_path: Path) -> Path:
    path = tmp_path / "roster.json"
    path.write_bytes(organisation.roster())
    return path


def test_a_folder_is_made_and_takes_only_a_roster_of_its_organisation(
    organisation: Organisation, roster: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "line"
    made = json.loads(run("init", folder, "--roster", roster, "--json").output)
    assert made["organisation"] == "Example"
    assert sorted(p.name for p in folder.iterdir()) == [
        "incoming", "keys.sqlite", "large", "line.toml", "payload.sqlite", "reserve", "roster.json",
    ]  # fmt: skip
    assert all(p.stat().st_mode & 0o077 == 0 for p in (folder, *folder.iterdir()))
    assert (folder / "line.toml").read_text() == template()
    run("init", folder, "--roster", roster)
    other = tmp_path / "other.json"
    other.write_bytes(Organisation().roster())
    assert "another organisation" in run("init", folder, "--roster", other, code=1).output
    assert (folder / "roster.json").read_bytes() == roster.read_bytes()
    other.write_bytes(roster.read_bytes().replace(b"Example", b"Exbmple"))
    assert "signature" in run("init", folder, "--roster", other, code=1).output
    assert "line init" in run("serve", tmp_path / "nowhere", code=1).output
    (folder / "line.toml").write_text("[storage]\nquota = 5\n")
    assert "has no setting quota; it has" in run("serve", folder, code=1).output


def test_settings_are_documented_and_checked(tmp_path: Path) -> None:
    page = (DOCS / "line.md").read_text(encoding="utf-8")
    for section in fields(LineSettings):
        values = getattr(LineSettings(), section.name)
        for f in fields(values):
            value = getattr(values, f.name)
            shown = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
            assert f"| `{section.name}` | `{f.name}` | `{shown}` |" in page
    documented = set(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.M))
    assert documented == {(s.name, f.name) for s in fields(LineSettings) for f in fields(getattr(LineSettings(), s.name))}
    file = tmp_path / "line.toml"
    file.write_text(template())
    assert load(file) == LineSettings()
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", template(), flags=re.M))
    assert load(file) == LineSettings()
    numbers = ("[load]\nbase_bits = true", "[pages]\nhttps = 1", "[load]\nbase_bits = -1")
    for wrong in ("x = 1", "[other]", *numbers, '[pages]\nonion_address = "a\\u000ab"', "["):
        file.write_text(wrong)
        with pytest.raises(Exception, match=r"line\.toml"):
            load(file)


def test_every_command_explains_itself() -> None:
    group = main.commands["line"]
    for name in group.list_commands(None):  # type: ignore[arg-type, attr-defined]
        help_ = run(name, "--help").output
        assert len(help_.split()) > 30, name


def test_the_portable_form_is_signed(organisation: Organisation, roster: Path, tmp_path: Path) -> None:
    key, password, out = tmp_path / "org.key", tmp_path / "password", tmp_path / "form.html"
    password.write_text("correct horse battery\n")
    key.write_bytes(write_key(organisation.key, "correct horse battery", None, CHEAP))
    words = ("form", out, "--roster", roster, "--key", key, "--password-file", password, "--json")
    made = json.loads(run(*words).output)
    first = out.read_bytes()
    assert made["bytes"] == len(first) and b"<script>" in first and b"src=" not in first.replace(b"script-src=", b"")
    run(*words)
    assert out.read_bytes() == first, "the same roster gives the same bytes"
    run("form-check", out, "--roster", roster)
    out.write_bytes(first + b" ")
    assert "not what was signed" in run("form-check", out, "--roster", roster, code=1).output
    out.write_bytes(first)
    other = tmp_path / "other.json"
    other.write_bytes(Organisation().roster())
    assert "another organisation" in run("form-check", out, "--roster", other, code=1).output
    key.write_bytes(write_key(Organisation().key, "correct horse battery", None, CHEAP))
    assert "not the one that signed the roster" in run(*words, code=1).output
    assert "not offered in tlh" in run("form", out, "--roster", roster, "--language", "tlh", code=1).output


def test_the_monitor_finds_what_differs(server: Running, folder: Path, tmp_path: Path) -> None:
    address, roster = f"http://127.0.0.1:{server.port}", folder / "roster.json"
    assert json.loads(run("monitor", address, "--roster", roster, "--json").stdout) == []
    settings = tmp_path / "line.toml"
    settings.write_text('[pages]\nquick_exit = "https://example.org/"\n')
    done = run("monitor", address, "--roster", roster, "--settings", settings, code=1)
    assert "/: sha256" in done.output and "/line.js" not in done.output and "serves something else" in done.output
    other = tmp_path / "roster.json"
    other.write_bytes(Organisation().roster())
    assert "/roster.json: sha256" in run("monitor", address, "--roster", other, code=1).output
    assert "does not answer" in run("monitor", "http://127.0.0.1:9", "--roster", roster, code=1).output
    assert "is no address" in run("monitor", "file:///etc/passwd", "--roster", roster, code=1).output


def test_it_is_served_on_a_socket(organisation: Organisation, tmp_path: Path) -> None:
    import sys

    folder, place = organisation.folder(tmp_path / "f"), Path(f"/tmp/line-{os.getpid()}.socket")
    program = "from safeconduct.cli import main; main()"
    start = [sys.executable, "-c", program, "line", "serve", str(folder), "--unix", str(place)]
    process = subprocess.Popen(start, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and b"unix:" in process.stdout.readline()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(place))
            connection.sendall(b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert place.stat().st_mode & 0o007 == 0
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()  # type: ignore[union-attr]
    assert not place.exists()


def test_files_for_an_onion_service(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    made = json.loads(run("onion", folder, "--json").stdout)
    torrc = Path(made["torrc"]).read_text()
    assert f"HiddenServicePort 80 unix:{made['socket']}" in torrc and "SocksPort 0" in torrc
    unit = next(Path(u) for u in made["units"] if "line" in u).read_text()
    assert f"line serve {folder} --unix {made['socket']}" in unit and "LimitCORE=0" in unit
    spaced = organisation.folder(tmp_path / "a b")
    assert "plainer" in run("onion", spaced, code=1).output


@pytest.mark.skipif(shutil.which("tor") is None, reason="there is no tor here; tests/tor.sh installs Debian's")
def test_a_real_tor_takes_the_configuration_and_makes_an_address(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    made = json.loads(run("onion", folder, "--check", "--json").stdout)
    assert "valid" in made["tor"]
    tor = subprocess.Popen(["tor", "-f", made["torrc"]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        hostname, deadline = Path(made["hostname"]), time.monotonic() + 60
        while not hostname.exists():
            assert tor.poll() is None and time.monotonic() < deadline, tor.stdout and tor.stdout.read()
            time.sleep(0.1)
        assert re.fullmatch(r"[a-z2-7]{56}\.onion\n", hostname.read_text())
        assert tor.poll() is None, "it runs"
    finally:
        tor.terminate()
        tor.wait(60)
        tor.stdout.close()  # type: ignore[union-attr]
    torrc = Path(made["torrc"])
    torrc.write_text(torrc.read_text() + "NoSuchOption 1\n")
    from safeconduct.line.onion import check
    from safeconduct.line.refusals import LineError

    with pytest.raises(LineError, match="refuses"):
        check(torrc)


def test_a_newer_roster_is_served_after_a_restart(organisation: Organisation, tmp_path: Path) -> None:
    folder = organisation.folder(tmp_path / "folder")
    reporter = Reporter()
    with running(folder) as server:
        assert Client(server.port).send(reporter)[0] == 201
    smaller = Organisation(organisation.key, organisation.desks[:2])
    new = tmp_path / "new.json"
    new.write_bytes(smaller.roster())
    run("init", folder, "--roster", new)
    with running(folder) as server:
        client = Client(server.port)
        assert client.ask("GET", "/roster.json")[2] == new.read_bytes()
        assert client.ask("POST", "/parcel", reporter.parcel(stanzas=3))[0] == 400, "more recipients than the roster has"
        assert client.ask("POST", "/parcel", reporter.parcel(stanzas=2))[0] == 201
        assert client.desk(organisation.desks[2], "/desk/list", b"{}")[0] == 403, "a caseworker who left"
