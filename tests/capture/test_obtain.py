from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from safeconduct.capture import BlobStore, CaptureError, Limits, Obtained, Skipped, obtain

from .helpers import NOON, by_hash, gzipped, page_record, pdf, split, wacz


def test_a_file(tmp_path: Path, store: BlobStore) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"One line.\r\n")
    assert list(obtain(path, store, clock=lambda: NOON)) == [
        Obtained(
            sha256=by_hash(b"One line.\r\n"),
            size=11,
            media_type="text/plain",
            name="note.txt",
            how="file",
            obtained_at="2026-03-01T12:00:00Z",
            url=None,
            status=None,
            headers=(),
            container=None,
            new=True,
        )
    ]
    (again,) = obtain(str(path), store)
    assert isinstance(again, Obtained) and not again.new


def test_a_folder_is_sorted_and_says_what_it_left_out(tmp_path: Path, store: BlobStore) -> None:
    folder, outside = tmp_path / "sources", tmp_path / "outside"
    (folder / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.txt").write_text("Secret.")
    (folder / "b.pdf").write_bytes(pdf("Minutes"))
    (folder / "a.txt").write_text("First.")
    (folder / "sub" / "c.html").write_text("<!doctype html><p>Third.</p>")
    (folder / "sub" / "d.warc.gz").write_bytes(gzipped(page_record(4)))
    (folder / ".hidden").write_text("Hidden.")
    (folder / "empty.txt").touch()
    (folder / "junk.bin").write_bytes(bytes(range(256)) * 10)
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    got, skipped = split(obtain(folder, store))
    assert [item.name for item in got] == ["a.txt", "b.pdf", "c.html", "4"]
    reasons = {item.name: item.reason for item in skipped}
    assert sorted(reasons) == [".hidden", "empty.txt", "junk.bin", "link.txt", "linked", "pipe"]
    assert "is empty" in reasons["empty.txt"] and "none of text, HTML, PDF, WARC or WACZ" in reasons["junk.bin"]
    assert "symbolic link" in reasons["link.txt"] and "not a regular file" in reasons["pipe"]
    assert not store.has(by_hash(b"Secret."))


def test_a_full_store_stops_a_folder(tmp_path: Path, store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("Text.")

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CaptureError, match="no room left"):
        list(obtain(tmp_path, store))


def test_a_file_name_that_is_not_text(tmp_path: Path, store: BlobStore) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9\n.txt")).write_text("Text.")
    (got,) = obtain(tmp_path, store)
    assert got.name == "caf\ufffd\ufffd.txt"


def test_a_hostile_archive_in_a_folder_does_not_stop_the_rest(tmp_path: Path, store: BlobStore) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    wacz(folder / "a.wacz", {"../evil.warc": page_record(1)})
    (folder / "b.txt").write_text("Second.")
    got, skipped = split(obtain(folder, store))
    assert [item.name for item in got] == ["b.txt"] and [item.name for item in skipped] == ["a.wacz"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (bytes(range(256)) * 40, "is none of text, HTML, PDF, WARC or WACZ"),
        (bytes(100), "is none of"),
    ],
)
def test_files_that_cannot_be_taken(tmp_path: Path, store: BlobStore, content: bytes, words: str) -> None:
    path = tmp_path / "source"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=words):
        list(obtain(path, store))
    assert not store.root.exists()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("/no/such/file", "does not exist"),
        ("ftp://a.example/x", "neither a file, a folder nor"),
        ("file:///etc/passwd", "neither a file"),
        ("/dev/zero", "not a regular file"),
        ("ftp://user:hunter2@a.example/", "…@a.example"),
    ],
)
def test_sources_that_cannot_be_taken(store: BlobStore, source: str, words: str) -> None:
    with pytest.raises(CaptureError, match=words) as caught:
        list(obtain(source, store))
    assert ";" in str(caught.value) and "hunter2" not in str(caught.value)


def test_an_empty_folder_and_a_large_file(tmp_path: Path, store: BlobStore) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaptureError, match="is empty"):
        list(obtain(tmp_path / "empty", store))
    (tmp_path / "large.txt").write_text("x" * 1001)
    with pytest.raises(CaptureError, match=r"larger than 1000 bytes; raise \[capture\] max_bytes"):
        list(obtain(tmp_path / "large.txt", store, limits=Limits(max_bytes=1000)))
    assert list(obtain(tmp_path, store, limits=Limits(max_bytes=1000)))[-1] == Skipped(
        "large.txt", "large.txt is larger than 1000 bytes; raise [capture] max_bytes to take it."
    )


def test_a_large_file_is_preserved_in_little_memory_but_not_read(tmp_path: Path, store: BlobStore) -> None:
    path, line = tmp_path / "large.txt", b"A line of a very long file.\n" * 40_000
    with path.open("wb") as out:
        for _ in range(-(-200_000_000 // len(line))):
            out.write(line)
    code = """
        import resource, sys
        from pathlib import Path
        from safeconduct.capture import BlobStore, CaptureError, obtain, read
        store = BlobStore(Path(sys.argv[2]))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        (got,) = obtain(Path(sys.argv[1]), store)
        print(got.size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        try:
            read(store.read(got.sha256), media_type=got.media_type, name=got.name)
        except CaptureError as e:
            print(e)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(path), str(store.root)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    numbers, sentence = done.stdout.splitlines()
    size, grown_kib = map(int, numbers.split())
    assert size == path.stat().st_size and grown_kib < 30_000, done.stderr
    assert "[capture] max_text_bytes" in sentence
