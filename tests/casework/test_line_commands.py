"""The commands of an organisation and its caseworkers, from keys to an answer, as they are typed."""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result

from safeconduct.cli import main
from safeconduct.envelope import recipient_of, unb64, unseal
from safeconduct.envelope.keyfile import read_key
from safeconduct.envelope.letter import Answer, read_letter
from safeconduct.envelope.parcel import write_parcel
from safeconduct.envelope.roster import Former, read_roster, write_roster
from safeconduct.envelope.sealing import Cost
from safeconduct.envelope.words import mailbox_of, reply_identity_of, token_of

from ..envelope.people import WORDS, report_of, sealed_report
from .fake import FakeLine

ROOT = Path(__file__).parents[2]
PASSWORD = "abandon amount liar amount"
CANARY = "the plum tree behind the school"


@pytest.fixture(autouse=True)
def cheap_and_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    keys = import_module("safeconduct.cli.line.keys")
    monkeypatch.setattr(keys, "write_key", partial(keys.write_key, cost=Cost(4, 3, 65536)))
    Path("pw").write_text(f"{PASSWORD}\n", encoding="utf-8")


def run(*words: str, typed: str | None = None, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["line", *words], input=typed)
    assert done.exit_code == code, done.output
    assert PASSWORD not in done.output and "Traceback" not in done.output
    return done


def told(*words: str, typed: str | None = None, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", typed=typed, code=code).stdout)


@pytest.fixture
def organisation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Keys and a roster of two desks, made once."""
    made = tmp_path_factory.getbasetemp() / "organisation"
    if not made.exists():
        for name, kind in (("org", "organisation"), ("one", "caseworker"), ("two", "caseworker")):
            run("keys", "new", f"{name}.key", f"--{kind}", "--password-file", "pw")
        desks = ["--desk", "desk 1", "one.key.pub", "--desk", "desk 2", "two.key.pub"]
        usual = ["--organisation", "Example", "--address", "https://line.example.org", "--password-file", "pw"]
        run("roster", "new", "roster.json", "--key", "org.key", *usual, *desks)
        shutil.copytree(Path(), made)
    shutil.copytree(made, Path(), dirs_exist_ok=True)
    return dict(told("roster", "show", "roster.json"))


@pytest.fixture
def line(organisation: dict[str, Any]) -> Iterator[tuple[FakeLine, str]]:
    fake = FakeLine(Path("roster.json").read_bytes())
    with fake.served() as address:
        yield fake, address


# ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_password_is_asked_for_twice_and_not_shown() -> None:
    done = run("keys", "new", "one.key", "--caseworker", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.stderr.count("New password") == 1 and "Repeat" in done.stderr
    words = told("keys", "show", "one.key")["fingerprint"]
    assert len(words.split()) == 6 and words in done.stdout and words in run("keys", "show", "one.key.pub").stdout
    assert Path("one.key").stat().st_mode & 0o777 == 0o600
    key = read_key(Path("one.key").read_bytes(), PASSWORD, None)
    assert key.identity not in Path("one.key").read_text() + done.output
    run("keys", "new", "one.key", "--caseworker", typed=f"{PASSWORD}\n{PASSWORD}\n", code=1)
    run("keys", "new", "two.key", "--caseworker", typed="short\nshort\n", code=1)
    assert not Path("two.key").exists()


def test_a_token_file_is_made_and_then_needed() -> None:
    run("keys", "new", "one.key", "--caseworker", "--token", "stick", "--password-file", "pw")
    assert len(Path("stick").read_bytes()) == 32 and Path("stick").stat().st_mode & 0o777 == 0o600
    assert "token file" in run("keys", "export", "one.key", "--password-file", "pw", code=1).stderr
    run("keys", "export", "one.key", "--password-file", "pw", "--token", "stick")
    run("keys", "new", "two.key", "--caseworker", "--token", "stick", typed="\n\n")
    run("keys", "export", "two.key", "--token", "stick")
    run("keys", "new", "bad.key", "--caseworker", typed="\n", code=1)


def test_export_gives_what_a_standard_age_tool_takes() -> None:
    run("keys", "new", "one.key", "--caseworker", "--password-file", "pw")
    done = run("keys", "export", "one.key", "--password-file", "pw")
    assert done.stdout.startswith("AGE-SECRET-KEY-PQ-1") and "Whoever reads" in done.stderr
    assert f" {recipient_of(done.stdout.strip())}." in Path("one.key.pub").read_text()
    run("keys", "export", "one.key", "--password-file", "pw", "--out", "id.txt")
    assert Path("id.txt").read_text() == done.stdout and Path("id.txt").stat().st_mode & 0o777 == 0o600
    Path("pw").write_text("another password\n", encoding="utf-8")
    assert "does not open" in run("keys", "export", "one.key", "--password-file", "pw", code=1).stderr
    run("keys", "new", "org.key", "--organisation", "--password-file", "pw")
    assert "opens nothing" in run("keys", "export", "org.key", "--password-file", "pw", code=1).stderr


def test_shares_recover_a_key_and_too_few_do_not() -> None:
    run("keys", "new", "org.key", "--organisation", "--password-file", "pw")
    how = ["--threshold", "2", "--of", "3", "--out", "shares", "--password-file", "pw"]
    files = told("keys", "shares", "org.key", *how)["shares"]
    assert len(files) == 3 and all(len(Path(f).read_text().split()) == 33 for f in files)
    for pair in ((0, 1), (2, 0), (1, 2)):
        name = f"new{pair[0]}{pair[1]}.key"
        given = [word for n in pair for word in ("--share", files[n])]
        run("keys", "recover", name, "--organisation", *given, "--public", "org.key.pub", "--password-file", "pw")
        assert Path(f"{name}.pub").read_bytes() == Path("org.key.pub").read_bytes()
    typed = "".join(f"{Path(f).read_text().strip().upper()}\n" for f in files[:2])
    run("keys", "recover", "typed.key", "--organisation", "--password-file", "pw", typed=f"not a share\n{typed}")
    assert Path("typed.key.pub").read_bytes() == Path("org.key.pub").read_bytes()
    for one in (["--share", files[0]], ["--share", files[0], "--share", files[0]]):
        run("keys", "recover", "bad.key", "--organisation", *one, "--password-file", "pw", code=1)
    two = [word for n in (0, 1) for word in ("--share", files[n])]
    run("keys", "recover", "bad.key", "--caseworker", *two, "--public", "org.key.pub", "--password-file", "pw", code=1)
    run("keys", "shares", "org.key", "--threshold", "3", "--of", "2", "--out", "s", "--password-file", "pw", code=2)
    assert not Path("bad.key").exists()


def test_the_six_words_as_a_qr_code() -> None:
    run("keys", "new", "org.key", "--organisation", "--password-file", "pw")
    for name, begin in (("words.svg", b"<?xml"), ("words.png", b"\x89PNG")):
        run("keys", "show", "org.key", "--qr", name)
        assert Path(name).read_bytes().startswith(begin)
    assert set("█▀▄") & set(run("keys", "show", "org.key", "--qr", "-").stdout)
    run("keys", "show", "org.key", "--qr", "words.gif", code=2)


# ── rosters ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_roster_is_signed_and_checked(organisation: dict[str, Any]) -> None:
    made = read_roster(Path("roster.json").read_bytes(), date.min)
    assert [one.name for one in made.recipients] == ["desk 1", "desk 2"]
    assert organisation["fingerprint"] == told("keys", "show", "org.key")["fingerprint"]
    shown = run("roster", "show", "roster.json", "--signer", "org.key.pub").stdout
    assert organisation["fingerprint"] in shown and "desk 2" in shown
    run("keys", "new", "other.key", "--organisation", "--password-file", "pw")
    run("roster", "show", "roster.json", "--signer", "other.key.pub", code=1)
    Path("bad.json").write_bytes(Path("roster.json").read_bytes().replace(b"Example", b"Exempla"))
    assert "signature" in run("roster", "show", "bad.json", code=1).stderr
    usual = ["--organisation", "x", "--address", "https://x", "--password-file", "pw"]
    run("roster", "new", "r2", "--key", "one.key", *usual, "--desk", "a", "one.key.pub", code=1)
    run("roster", "new", "r2", "--key", "org.key", *usual, "--desk", "a", "org.key.pub", code=1)
    run("roster", "new", "r2", "--key", "org.key", *usual, "--desk", "a", "one.key.pub", "--desk", "a", "two.key.pub", code=1)
    run("roster", "new", "roster.json", "--key", "org.key", *usual, "--desk", "a", "one.key.pub", code=1)
    assert not Path("r2").exists()


def test_who_left_is_taken_over_as_former(organisation: dict[str, Any]) -> None:
    usual = ["--key", "org.key", "--organisation", "x", "--address", "https://x", "--password-file", "pw"]
    one, two = (["--desk", f"desk {name}", f"{name}.key.pub"] for name in ("one", "two"))
    keys, today = [desk["answer_key"] for desk in organisation["recipients"]], datetime.now(UTC).date()
    assert organisation["former"] == []
    second = told("roster", "new", "r2", *usual, *one, "--previous", "roster.json")
    assert second["former"] == [{"answer_key": keys[1], "until": str(today)}]
    assert f"{keys[1]} up to {today}" in run("roster", "show", "r2").stdout
    assert told("roster", "new", "r3", *usual, *one, "--previous", "r2")["former"] == second["former"]
    assert told("roster", "new", "r4", *usual, *one, *two, "--previous", "r2")["former"] == [], "they came back"
    assert told("roster", "new", "r5", *usual, *one)["former"] == []

    seed = read_key(Path("org.key").read_bytes(), PASSWORD, None).signing
    left = tuple(Former(bytes([n]) * 32, date(2020, 1, 1 + n)) for n in range(20))
    expired = replace(
        read_roster(Path("r2").read_bytes(), today), issued=date(2020, 1, 1), expires=date(2020, 2, 1), former=left
    )
    Path("old").write_bytes(write_roster(expired, seed))
    done = run("roster", "new", "r6", *usual, *two, "--previous", "old")
    assert "of the 1 that left first" in done.stderr
    former = read_roster(Path("r6").read_bytes(), today).former
    assert former == (Former(unb64(keys[0]), today), *reversed(left[1:])), "of an expired one too, the last to leave first"

    run("keys", "new", "other.key", "--organisation", "--password-file", "pw")
    other = ["--key", "other.key", *usual[2:]]
    assert "another organisation" in run("roster", "new", "r7", *other, *one, "--previous", "roster.json", code=1).stderr


def test_a_stolen_key_is_taken_over_by_nobody(organisation: dict[str, Any]) -> None:
    usual = ["--key", "org.key", "--organisation", "x", "--address", "https://x", "--password-file", "pw"]
    usual += ["--desk", "a", "one.key.pub"]
    run("roster", "new", "r2", *usual, "--previous", "roster.json")
    for before in ("roster.json", "r2"):
        assert told("roster", "new", f"{before}-3", *usual, "--previous", before, "--stolen", "two.key.pub")["former"] == []
    run("keys", "new", "three.key", "--caseworker", "--password-file", "pw")
    for wrong in ("one.key.pub", "three.key.pub", "org.key.pub"):
        run("roster", "new", "r4", *usual, "--previous", "roster.json", "--stolen", wrong, code=1)
    run("roster", "new", "r4", *usual, "--stolen", "two.key.pub", code=2)
    assert not Path("r4").exists()


# ── a caseworker's day ──────────────────────────────────────────────────────────────────────────────────────────────────


def a_report(what: str = CANARY, files: tuple[bytes, ...] = ()) -> bytes:
    made = read_roster(Path("roster.json").read_bytes(), date.min)
    report = report_of(what, files=files)
    signer = made.signer
    own = type(report)(
        report.type, mailbox_of(WORDS, signer), recipient_of(reply_identity_of(WORDS, signer)), "fa", report.written,
        report.parts, report.uses, report.attachments,
    )  # fmt: skip
    return write_parcel(own.mailbox, token_of(WORDS, signer)) + sealed_report(own, files, made.sealed_to)


def test_from_a_report_to_an_answer(line: tuple[FakeLine, str]) -> None:
    fake, address = line
    files = (b"\xff\xd8 a picture",)
    report = fake.post(a_report(files=files))
    joined = run("join", "desk", "--roster", "roster.json", "--key", "one.key", "--address", address)
    assert told("keys", "show", "org.key")["fingerprint"] in joined.stdout
    at = ["--desk", "desk", "--password-file", "pw"]
    assert report.hex()[:12] in run("fetch", *at).stdout
    assert [one["message"] for one in told("list", "--desk", "desk")] == [report.hex()]

    shown = run("read", report.hex()[:8], *at).stdout
    for words in (CANARY, "همه", "may be counted", "1.jpg", "12 bytes", "metadata removed"):
        assert words in shown
    kept = b"".join(path.read_bytes() for path in Path("desk").rglob("*") if path.is_file())
    assert CANARY.encode() not in kept and files[0] not in kept
    assert told("read", report.hex(), *at)["uses"]["risk"] == ["help", "count"]
    saved = told("read", report.hex(), "--save", "out", "--only", "1", *at)["saved"]
    assert Path(saved[0]).read_bytes() == files[0]

    made = told("answer", report.hex(), *at, typed="We can help.\n")
    signer = read_roster(fake.roster, date.min).signer
    file = fake.messages[bytes.fromhex(made["message"])][2]
    letter = read_letter(unseal(io.BytesIO(file), [reply_identity_of(WORDS, signer)]))
    assert isinstance(letter, Answer) and (letter.number, letter.text) == (1, "We can help.")
    assert "signed by desk 1" in run("read", made["message"], *at).stdout
    Path("text").write_text("Second.", encoding="utf-8")
    assert "waits in the mailbox" in run("answer", report.hex(), "--file", "text", *at).stdout

    run("delete", report.hex(), *at, typed="n\n", code=1)
    assert told("delete", report.hex(), "--mailbox", "--yes", *at) == {"deleted": 3}
    assert not fake.messages and run("list", "--desk", "desk").stdout.count("\n") == 2


def test_a_new_roster_and_sealing_anew(line: tuple[FakeLine, str]) -> None:
    fake, address = line
    fake.post(a_report())
    run("join", "desk", "--roster", "roster.json", "--key", "one.key", "--address", address)
    at = ["--desk", "desk", "--password-file", "pw"]
    run("fetch", *at)
    usual = ["--organisation", "Example", "--address", address, "--password-file", "pw"]
    run("roster", "new", "new.json", "--key", "org.key", *usual, "--desk", "desk 1", "one.key.pub")
    fake.roster = Path("new.json").read_bytes()
    assert told("reseal", *at) == {"resealed": 1, "problems": []}
    fake.fail = lambda request: httpx.Response(200, content=b"{}") if request.url.path == "/roster.json" else None
    assert "tell the organisation" in run("fetch", *at, code=1).stderr


def test_a_parcel_that_came_another_way(organisation: dict[str, Any]) -> None:
    Path("report.parcel").write_bytes(a_report(files=(b"x",)))
    assert CANARY in run("open", "report.parcel", "--key", "two.key", "--password-file", "pw").stdout
    saved = told("open", "report.parcel", "--key", "two.key", "--password-file", "pw", "--save", "out")["saved"]
    assert saved == ["out/01-1.jpg"]
    Path("report.parcel").write_bytes(a_report()[:-1])
    done = run("open", "report.parcel", "--key", "two.key", "--password-file", "pw", code=1)
    assert "cut off" in done.stderr and CANARY not in done.output


def test_a_letter_cannot_drive_the_terminal(organisation: dict[str, Any]) -> None:
    Path("report.parcel").write_bytes(a_report("line one\n\x1b[2Jline\u202etwo می\u200cشود"))
    done = run("open", "report.parcel", "--key", "two.key", "--password-file", "pw").stdout
    assert "\x1b" not in done and "\u202e" not in done and "می\u200cشود" in done and "line one\n" in done


def test_failures_say_what_to_do(line: tuple[FakeLine, str], tmp_path: Path) -> None:
    _, address = line
    assert "line join" in run("fetch", "--desk", ".", code=1).stderr
    assert "https" in run("join", "d", "--roster", "roster.json", "--key", "one.key", "--address", "http://x", code=1).stderr
    onion = f"http://{'a' * 56}.onion"
    assert "--proxy" in run("join", "d", "--roster", "roster.json", "--key", "one.key", "--address", onion, code=1).stderr
    run("join", "desk", "--roster", "roster.json", "--key", "one.key", "--address", address)
    assert "line list" in run("read", "abc", "--desk", "desk", "--password-file", "pw", code=1).stderr
    Path("one.key").rename("elsewhere.key")
    assert "stick" in run("fetch", "--desk", "desk", "--password-file", "pw", code=1).stderr


# ── loading ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_the_registers_commands_load_nothing_of_the_line() -> None:
    code = """
import sys
from click.testing import CliRunner
from safeconduct.cli import main
assert CliRunner().invoke(main, ["--help"]).exit_code == 0
rooms = ("safeconduct.envelope", "safeconduct.casework", "safeconduct.line", "mnemonic")
print([m for m in sys.modules if m.startswith(rooms)])
"""
    assert python(code).strip() == "[]"


@pytest.mark.parametrize("missing", ["mnemonic"])
def test_without_the_extra_a_command_says_how_to_get_it(missing: str) -> None:
    code = f"""
import sys
sys.modules[{missing!r}] = None
from click.testing import CliRunner
from safeconduct.cli import main
done = CliRunner().invoke(main, ["line", "keys", "show", "x"])
print(done.exit_code, done.output)
"""
    assert "1" in python(code) and "safeconduct[line]" in python(code)


def test_the_page_for_caseworkers_speaks_of_commands_and_options_that_exist() -> None:
    page = (ROOT / "docs" / "line-desk.md").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"safeconduct (line (?!init)[^`#&\n]*)", page)  # init is the server's
    assert len(found) > 10
    for words in map(shlex.split, found):
        command, context = main, click.Context(main)
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            command = command.get_command(context, words.pop(0))
            assert command, found
        known = {name for one in getattr(command, "params", []) for name in (*one.opts, *one.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= known, words
