"""The commands as people and scripts meet them, in processes of their own."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from .conftest import NGO_BRIEF

COMMAND = [sys.executable, "-m", "safeconduct"]


def run(*words: object, cwd: Path | None = None, code: int = 0, **more: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*COMMAND, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=100, **more)  # type: ignore[call-overload]
    assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "w"
    run("init", folder)
    (folder / "brief.txt").write_text(NGO_BRIEF, encoding="utf-8")
    run("add", "brief.txt", "--published", "2022-09-20", "--publisher", "The Paper", cwd=folder)
    run("extract", cwd=folder)
    run("decide", "accept", "--all-proposed", "--by", "A. Reviewer", cwd=folder)
    return folder


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Path:
    """A workspace with one brief, its proposals accepted; a copy of its own for each test."""
    return shutil.copytree(template, tmp_path / "w")


def test_the_main_job_from_the_command_line(made: Path, tmp_path: Path) -> None:
    register = json.loads(run("register", "--json", cwd=made).stdout)
    assert {"as_of", "known_at", "figures", "sites", "responses", "operators", "agreements", "incidents", "positions",
            "recommendations", "reports"} <= set(register)  # fmt: skip
    assert any(f["value"] == 54 and f["asserted_by"] == "org:safeguard-defenders" for f in register["figures"])
    assert any(r["country"] == "NL" and r["steps"][0]["action"] == "closure_order" for r in register["responses"])
    assert any(p["party"] == "CN" and p["position"] == "denial" for p in register["positions"])
    assert "54" in run("register", cwd=made).stdout
    published = json.loads(run("publish", tmp_path / "site", "--json", cwd=made).stdout)
    assert published["pages"] >= 5
    assert "All is well" in run("verify", tmp_path / "site", cwd=made).stdout
    (tmp_path / "site" / "index.html").write_text("altered")
    assert "index.html" in run("verify", tmp_path / "site", cwd=made, code=1).stdout


def test_the_workspace_is_found_from_below_and_by_name(made: Path, tmp_path: Path) -> None:
    inside = made / "a" / "b"
    inside.mkdir(parents=True)
    here = run("claims", "--json", cwd=inside).stdout
    assert json.loads(here)
    assert run("claims", "--json", "--workspace", made, cwd=tmp_path).stdout == here
    assert run("--workspace", made, "claims", "--json", cwd=tmp_path).stdout == here
    assert "safeconduct init" in run("claims", cwd=tmp_path, code=1).stderr


def test_adding_the_same_bytes_again_says_so(made: Path) -> None:
    before = run("verify", cwd=made).stdout
    assert "already there" in run("add", "brief.txt", cwd=made).stdout
    assert [a["new"] for a in json.loads(run("add", "brief.txt", "--json", cwd=made).stdout)] == [False]
    assert run("extract", "--json", cwd=made).stdout.strip() == "[]"
    assert run("verify", cwd=made).stdout == before
    (made / "other.txt").write_text(NGO_BRIEF + "More.", encoding="utf-8")
    run("add", "other.txt", cwd=made)
    lines = run("extract", "--format", "jsonl", cwd=made).stdout.splitlines()
    assert {json.loads(line)["doc"] for line in lines} == {"other.txt"}


def test_extraction_without_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(NGO_BRIEF, encoding="utf-8")
    (tmp_path / "m.csv").write_text("file,published\none.txt,2022-09-20\n")
    lines = run("extract", "one.txt", cwd=tmp_path).stdout.splitlines()
    claims = [json.loads(line) for line in lines]
    assert claims
    for claim in claims:
        assert claim["doc"] == "one.txt"
        assert NGO_BRIEF[claim["start"] : claim["end"]] == claim["quote"]
        assert {"id", "doc", "kind", "start", "end", "quote", "slots", "asserted_by", "via", "stance", "asserted_when",
                "when"} <= set(claim)  # fmt: skip
    assert not (tmp_path / "safeconduct.toml").exists()
    assert run("extract", "one.txt", "--manifest", "m.csv", cwd=tmp_path).stdout.splitlines()
    table = run("extract", "one.txt", "--format", "table", cwd=tmp_path).stdout
    assert "figure" in table
    assert "\x1b" not in table
    assert "month 13" in run("extract", "one.txt", "--published", "2022-13", cwd=tmp_path, code=1).stderr


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(NGO_BRIEF, encoding="utf-8")
    (tmp_path / "bad.bin").write_bytes(os.urandom(4000))
    done = run("extract", "bad.bin", "good.txt", cwd=tmp_path, code=1)
    assert done.stdout.count("\n") >= 3
    assert "bad.bin" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["register", "--as-of", "31.12.2022"], 2, "2022-12-31"),
        (["register", "--known-at", "yesterday"], 2, "no moment"),
        (["register", "--country", "Atlantis"], 2, "no country"),
        (["register", "--alone"], 1, "--alone goes with --lines"),
        (["decide", "accept"], 2, "all-proposed"),
        (["decide", "accept", "c123", "--all-proposed"], 2, "not both"),
        (["decide", "accept", "cffffffffff"], 1, "no claim"),
        (["add"], 2, "at least one"),
        (["add", "missing.txt"], 1, "missing.txt"),
        (["add", "brief.txt", "--published", "2022-02-30"], 1, "no such day"),
        (["add", "ftp://example.org/x"], 1, "ftp"),
        (["add", "."], 1, "workspace itself"),
        (["frobnicate"], 2, "No such command"),
        (["init", "."], 1, "already"),
        (["serve", "nowhere"], 1, "nowhere"),
        (["extract", "--published", "2022"], 2, "files"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else None,
)  # fmt: skip
def test_errors_are_one_sentence_and_an_exit_code(made: Path, words: list[str], code: int, says: str) -> None:
    done = run(*words, cwd=made, code=code)
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()[-1]) < 400


def test_lines_are_the_register(made: Path) -> None:
    register = json.loads(run("register", "--json", cwd=made).stdout)
    parts = [{"section": name, **part} for name, some in register.items() if isinstance(some, list) for part in some]
    for more in ([], ["--alone"]):
        assert parts == [json.loads(line) for line in run("register", "--lines", *more, cwd=made).stdout.splitlines()] != []


def test_as_of_known_at_and_country_narrow_the_register(made: Path) -> None:
    early = json.loads(run("register", "--as-of", "2022-09-19", "--json", cwd=made).stdout)
    assert early["figures"] == []
    before = json.loads(run("register", "--known-at", "2020-01-01", "--json", cwd=made).stdout)
    assert before["figures"] == []
    dutch = json.loads(run("register", "--country", "netherlands", "--json", cwd=made).stdout)
    assert dutch["country"] == "NL"
    assert [r["country"] for r in dutch["responses"]] == ["NL"]
    assert dutch["figures"] == []


def test_publishing_into_a_foreign_folder_is_refused(made: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"jpg")
    assert "photos" in run("publish", foreign, cwd=made, code=1).stderr
    assert [p.name for p in foreign.iterdir()] == ["holiday.jpg"]


READER = """
import os, sys, tempfile
from pathlib import Path
from safeconduct import Workspace
from safeconduct.cli import main
with tempfile.TemporaryDirectory() as folder:  # load everything while the interpreter can still be read
    source = Path(folder) / "a.txt"
    source.write_text("The ministry said on Tuesday that it had counted its letters. " * 3)
    with Workspace.init(Path(folder) / "w") as workspace:
        workspace.add(source)
        list(workspace.verify())
if os.geteuid() == 0:
    os.setuid(65534)  # rights do not bind root
main(sys.argv[1:], prog_name="safeconduct")
"""


def test_a_read_only_workspace_can_be_read_and_says_why_it_cannot_be_written(made: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = shutil.copytree(made, Path(folder) / "w")
        new = Path(folder) / "new.txt"
        new.write_text("Some new text of a ministry that says something.")
        for path in (Path(folder), *place.rglob("*"), place):
            path.chmod(0o555 if path.is_dir() else 0o444)

        def as_reader(*words: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-c", READER, "--workspace", str(place), *words]
            return subprocess.run(command, capture_output=True, text=True, timeout=100)

        try:
            verified, refused = as_reader("verify"), as_reader("add", str(new))
        finally:
            for path in (Path(folder), place, *place.rglob("*")):
                path.chmod(0o755)
    assert "All is well" in verified.stdout, verified.stderr
    assert refused.returncode == 1
    assert "safeconduct:" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_control_characters_of_a_source_do_not_reach_the_terminal(tmp_path: Path) -> None:
    nasty = tmp_path / "evil\x1b]0;pwned\x07.txt"
    nasty.write_text(NGO_BRIEF.replace("54 police", "54\x1b[31m police"), encoding="utf-8")
    folder = tmp_path / "w"
    run("init", folder)
    shown = run("add", nasty, cwd=folder).stdout + run("extract", cwd=folder).stdout + run("claims", cwd=folder).stdout
    shown += run("register", "--include-proposed", cwd=folder).stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_ctrl_c_stops_with_one_sentence_and_keeps_what_was_done(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    run("init", folder)
    many = tmp_path / "many"
    many.mkdir()
    for n in range(3000):
        (many / f"{n:04}.txt").write_text(f"The ministry said that it had counted {n} letters on its desk that week.")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*COMMAND, "add", str(many)], cwd=folder, **pipes)  # type: ignore[call-overload]
    assert process.stdout
    shown = [process.stdout.readline() for _ in range(20)]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "kept" in err
    done = len([line for line in [*shown, *out.splitlines()] if line.strip()])
    assert done < 3000
    found = json.loads(run("verify", "--json", cwd=folder).stdout)
    assert found["problems"] == []
    assert 2 * done <= found["records"] <= 2 * done + 2


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    run("init", folder)
    (folder / "brief.txt").write_text(NGO_BRIEF, encoding="utf-8")
    assert "Adding" not in run("add", "brief.txt", cwd=folder).stderr
    (folder / "other.txt").write_text(NGO_BRIEF + "More.", encoding="utf-8")
    master, slave = pty.openpty()
    process = subprocess.Popen([*COMMAND, "add", "other.txt"], cwd=folder, stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    seen = b""
    try:
        while chunk := os.read(master, 4096):
            seen += chunk
    except OSError:
        pass
    process.communicate(timeout=60)
    os.close(master)
    assert b"Adding" in seen


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    assert "_SAFECONDUCT_COMPLETE" in run("completion", shell).stdout


def test_completion_completes() -> None:
    environment = {**os.environ, "_SAFECONDUCT_COMPLETE": "bash_complete", "COMP_WORDS": "safeconduct reg", "COMP_CWORD": "1"}
    program = Path(sys.executable).with_name("safeconduct")
    done = subprocess.run([program], env=environment, capture_output=True, text=True)
    assert "register" in done.stdout


def test_help_and_version() -> None:
    assert "safeconduct, version" in run("--version").stdout
    shown = run("--help").stdout
    assert "Exit code" in shown
    for command in ("init", "add", "extract", "decide", "register", "publish", "serve", "verify", "demo"):
        assert re.search(rf"^  {command}\b", shown, re.M)
        assert "Usage" in run(command, "--help").stdout


def test_a_closed_pipe_is_no_error(made: Path) -> None:
    done = subprocess.run(
        f"{' '.join(COMMAND)} claims --json | head -c 10", shell=True, cwd=made, capture_output=True, text=True
    )
    assert done.stderr == ""


def test_serve_serves_on_loopback_until_interrupted(made: Path, tmp_path: Path) -> None:
    run("publish", tmp_path / "site", cwd=made)
    process = subprocess.Popen([*COMMAND, "serve", str(tmp_path / "site"), "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert address
    with urllib.request.urlopen(address.group(), timeout=10) as answer:
        assert b"<html" in answer.read()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    process.stdout.close()


def test_the_demo(tmp_path: Path) -> None:
    first = json.loads(run("demo", tmp_path / "demo", "--no-serve", "--json").stdout)
    assert first["sources"] >= 12
    assert first["proposals"] == first["accepted"] > 60
    again = json.loads(run("demo", tmp_path / "demo", "--no-serve", "--json").stdout)
    assert (again["proposals"], again["accepted"]) == (0, 0)
    register = json.loads(run("--workspace", tmp_path / "demo", "register", "--json").stdout)
    for section in ("figures", "sites", "responses", "operators", "agreements", "incidents", "positions", "recommendations",
                    "reports"):  # fmt: skip
        assert register[section], f"the sample has no {section}"
    values = {(f["measure"], f["value"]) for f in register["figures"] if f["asserted_by"] == "org:safeguard-defenders"}
    assert {("stations", 54), ("stations", 102)} <= values
    pages = [p.read_text(encoding="utf-8") for p in (tmp_path / "demo" / "site").rglob("*.html")]
    assert all("own summaries" in page and "no person" in page.lower() for page in pages)
    assert "All is well" in run("--workspace", tmp_path / "demo", "verify", tmp_path / "demo" / "site").stdout
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    assert "something else" in run("demo", tmp_path / "other", "--no-serve", code=1).stderr


def test_two_commands_at_once(made: Path) -> None:
    for n in range(40):
        (made / f"n{n}.txt").write_text(f"The ministry counted {n} letters. {NGO_BRIEF}")
    both = [
        subprocess.Popen([*COMMAND, "add", *[f"n{n}.txt" for n in numbers]], cwd=made, stdout=subprocess.DEVNULL)
        for numbers in (range(25), range(15, 40))
    ]
    assert [p.wait(timeout=100) for p in both] == [0, 0]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    both = [subprocess.Popen([*COMMAND, "extract"], cwd=made, **quiet) for _ in "ab"]
    assert [p.wait(timeout=100) for p in both] == [0, 0]
    assert json.loads(run("verify", "--json", cwd=made).stdout)["problems"] == []
    assert len({c["doc"] for c in json.loads(run("claims", "--json", cwd=made).stdout)}) == 41


def test_killed_at_any_moment_the_workspace_stays_whole(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    run("init", folder)
    (folder / "in").mkdir()
    for n in range(120):
        (folder / "in" / f"n{n}.txt").write_text(f"The ministry counted {n} letters. {NGO_BRIEF}")
    for command, wait in [("add", 0.4), ("add", 0.7), ("extract", 0.6), ("extract", 0.9), ("decide", 0.4)]:
        words = {"add": ["add", "in"], "extract": ["extract"], "decide": ["decide", "accept", "--all-proposed"]}[command]
        process = subprocess.Popen([*COMMAND, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.kill()
        process.wait()
        assert json.loads(run("verify", "--json", cwd=folder).stdout)["problems"] == []
    run("add", "in", cwd=folder)
    run("extract", cwd=folder)
    assert {c["doc"] for c in json.loads(run("claims", "--json", cwd=folder).stdout)} == {f"n{n}.txt" for n in range(120)}
