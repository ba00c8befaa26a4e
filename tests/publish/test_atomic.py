"""A reader never sees half a site, and nothing but a site of ours is ever replaced."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from safeconduct.publish import PublishError, atomic, check_site, publish
from safeconduct.publish.site import Writer

from .helpers import Made, ordinary, tree


def alone(folder: Path, *names: str) -> None:
    assert sorted(p.name for p in folder.iterdir()) == sorted(names)


def read_pair(out: Path) -> tuple[bytes, dict[str, Any]]:
    """The front page and the data package of one moment, through one open folder."""
    folder = os.open(out, os.O_RDONLY)
    try:
        found = []
        for name in ("index.html", "datapackage.json"):
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
                found.append(file.read())
    finally:
        os.close(folder)
    return found[0], json.loads(found[1])


@pytest.mark.parametrize("exchanging", [True, False])
def test_a_reader_always_sees_one_whole_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanging: bool) -> None:
    if not exchanging:
        monkeypatch.setattr(atomic, "exchange", lambda one, other: False)
    out = tmp_path / "site"
    made = ordinary()
    publish(made.publication(title="Number 0"), out)
    stop, wrong, seen, gone = threading.Event(), [], set(), 0

    def look() -> None:
        nonlocal gone
        while not stop.wait(0.002):
            try:
                page, package = read_pair(out)
            except FileNotFoundError:  # the old folder was being removed, or the moment between two renames
                gone += 1
                if exchanging and not out.exists():
                    wrong.append("the site was gone")
                continue
            seen.add(package["title"])
            if package["safeconduct"]["files"]["index.html"]["sha256"] != hashlib.sha256(page).hexdigest():
                wrong.append(package["title"])

    reader = threading.Thread(target=look)
    reader.start()
    for n in range(1, 9):
        publish(made.publication(title=f"Number {n}"), out)
    stop.set()
    reader.join()
    assert not wrong and len(seen) > 1
    alone(tmp_path, "site")
    assert not check_site(out)


KILLED = """
import sys, os, pathlib
sys.path[:0] = {path!r}
from tests.publish.helpers import ordinary
from safeconduct.publish import publish
def slow(done, total):
    if done == 5:
        print("writing", flush=True); sys.stdin.read()
publish(ordinary().publication(title="New"), pathlib.Path({out!r}), progress=slow)
"""


def test_a_killed_run_leaves_the_old_site_and_the_next_one_tidies_up(tmp_path: Path, made: Made) -> None:
    out = tmp_path / "site"
    publish(made.publication(title="Old"), out)
    before = tree(out)
    code = KILLED.format(path=[str(Path(__file__).parents[2])], out=str(out))
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None and run.stdout.readline() == "writing\n"
        assert len(list(tmp_path.iterdir())) == 2
        publish(made.publication(title="Old"), out)  # a run in progress is left alone
        assert len(list(tmp_path.iterdir())) == 2
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert tree(out) == before and not check_site(out)
    assert len(list(tmp_path.iterdir())) == 2
    publish(made.publication(title="New"), out)
    alone(tmp_path, "site")
    assert read_pair(out)[1]["title"] == "New"


def test_a_site_that_lost_its_place_between_two_renames_comes_back(tmp_path: Path, made: Made) -> None:
    out = tmp_path / "site"
    publish(made.publication(), out)
    before = tree(out)
    out.rename(tmp_path / ".site.0123456789abcdef.old")
    made.texts.clear()
    with pytest.raises(PublishError):
        publish(made.publication(), out)
    assert tree(out) == before
    alone(tmp_path, "site")


def test_foreign_folders_are_refused(tmp_path: Path, made: Made) -> None:
    def refused(out: Path, what: str) -> None:
        before = tree(tmp_path)
        with pytest.raises(PublishError, match=what):
            publish(made.publication(), out)
        assert tree(tmp_path) == before and not [p for p in tmp_path.iterdir() if p.name.startswith(".")]

    foreign = tmp_path / "home"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work")
    refused(foreign, "not a published site")
    (foreign / "datapackage.json").write_text('{"name": "somebody else’s"}')
    refused(foreign, "not a published site")
    file = tmp_path / "file"
    file.write_text("x")
    refused(file, "is a file")
    refused(file / "below", "is not a folder")
    link = tmp_path / "link"
    link.symlink_to(foreign)
    refused(link, "symbolic link")
    refused(Path("/"), "cannot be replaced")
    ours = tmp_path / "ours"
    publish(made.publication(), ours)
    (ours / "CNAME").write_text("example.org")
    refused(ours, "CNAME")
    (ours / "CNAME").unlink()
    (ours / ".git").mkdir()
    (ours / ".git" / "HEAD").write_text("x")
    refused(ours, "HEAD")


def test_an_empty_folder_and_missing_parents_are_fine(tmp_path: Path, made: Made) -> None:
    (tmp_path / "empty").mkdir()
    publish(made.publication(), tmp_path / "empty")
    publish(made.publication(), tmp_path / "a/b/site")
    assert not check_site(tmp_path / "empty") and not check_site(tmp_path / "a/b/site")


@pytest.mark.parametrize(("number", "sentence"), [
    (errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "could not be"),
])
def test_a_failing_disk_leaves_the_old_site(
    tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    out = tmp_path / "site"
    publish(made.publication(), out)
    before, write = tree(out), Writer.write

    def fail(self: Writer, path: str, chunks: Any) -> None:
        if path == "claims.jsonl":
            raise OSError(number, os.strerror(number))
        write(self, path, chunks)

    monkeypatch.setattr(Writer, "write", fail)
    with pytest.raises(PublishError, match=sentence):
        publish(made.publication(title="New"), out)
    assert tree(out) == before
    alone(tmp_path, "site")


def test_a_limit_on_file_size_is_a_plain_sentence(tmp_path: Path, made: Made) -> None:
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))
        with pytest.raises(PublishError, match="raise the limit"):
            publish(made.publication(), tmp_path / "site")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    alone(tmp_path)


def test_a_failing_swap_leaves_the_old_site(tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "site"
    publish(made.publication(), out)
    before, rename = tree(out), os.rename

    def fail(old: Any, new: Any) -> None:
        if Path(new) == out and not str(old).endswith(".old"):
            raise OSError(errno.EBUSY, "busy")
        rename(old, new)

    monkeypatch.setattr(atomic, "exchange", lambda one, other: False)
    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(PublishError, match="mount point"):
        publish(made.publication(title="New"), out)
    assert tree(out) == before
    alone(tmp_path, "site")


def test_an_interrupt_leaves_the_old_site(tmp_path: Path, made: Made) -> None:
    out = tmp_path / "site"
    publish(made.publication(), out)
    before = tree(out)

    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(made.publication(title="New"), out, progress=interrupt)
    assert tree(out) == before
    alone(tmp_path, "site")


def test_progress_counts_every_page(tmp_path: Path, made: Made) -> None:
    calls: list[tuple[int, int]] = []
    done = publish(made.publication(), tmp_path / "site", progress=lambda n, of: calls.append((n, of)))
    assert calls == [(n, done.pages) for n in range(1, done.pages + 1)]
    files = tree(tmp_path / "site")
    assert done.files == len(files) and done.pages == sum(p.endswith(".html") for p in files)
    assert done.bytes == sum((tmp_path / "site" / p).stat().st_size for p in files)
