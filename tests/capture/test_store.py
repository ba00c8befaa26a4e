from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from safeconduct.capture import BlobStore, CaptureError

from .helpers import by_hash

MOST = 1 << 30


def run(code: str, *args: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, **options)  # type: ignore[call-overload, no-any-return]


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_blob_is_named_by_its_hash_and_cannot_be_written(store: BlobStore) -> None:
    blob = store.put([b"one ", b"two"], max_bytes=7)
    assert (blob.sha256, blob.size, blob.new) == (by_hash(b"one two"), 7, True)
    path = store.root / blob.sha256[:2] / blob.sha256
    assert path.read_bytes() == store.read(blob.sha256) == b"one two"
    assert path.stat().st_mode & 0o777 == 0o444
    assert files(store.root) == [path]


def test_putting_twice_changes_nothing(store: BlobStore) -> None:
    assert store.put([b"same"], max_bytes=9).new
    assert not store.put([b"sa", b"me"], max_bytes=9).new
    assert len(files(store.root)) == 1


def test_too_large_leaves_nothing(store: BlobStore) -> None:
    with pytest.raises(CaptureError, match="larger than the 3 bytes"):
        store.put([b"ab", b"cd"], max_bytes=3)
    assert files(store.root) == []


def test_a_failing_source_leaves_nothing(store: BlobStore) -> None:
    def chunks():
        yield b"begun"
        raise RuntimeError("source gone")

    with pytest.raises(RuntimeError, match="source gone"):
        store.put(chunks(), max_bytes=MOST)
    assert files(store.root) == []


def test_check_finds_changed_and_missing_blobs(store: BlobStore) -> None:
    sha256 = store.put([b"the words"], max_bytes=MOST).sha256
    assert store.check(sha256)
    path = store.root / sha256[:2] / sha256
    path.chmod(0o644)
    path.write_bytes(b"the wordz")
    assert store.has(sha256) and not store.check(sha256)
    assert not store.check(by_hash(b"never put"))


def test_a_blob_cut_short_by_a_bad_disk_is_replaced(store: BlobStore) -> None:
    sha256 = store.put([b"the words"], max_bytes=MOST).sha256
    path = store.root / sha256[:2] / sha256
    path.chmod(0o644)
    path.write_bytes(b"")
    store.put([b"the words"], max_bytes=MOST)
    assert store.check(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_a_name_that_is_no_hash_is_refused(store: BlobStore, name: str) -> None:
    with pytest.raises(CaptureError, match="is not a SHA-256"):
        store.open(name)


def test_a_missing_blob_is_told(store: BlobStore) -> None:
    with pytest.raises(CaptureError, match="restore it from a backup"):
        store.read(by_hash(b"never put"))


def test_killed_half_way_leaves_no_half_blob_and_is_swept(store: BlobStore) -> None:
    code = """
        import sys
        from pathlib import Path
        from safeconduct.capture import BlobStore
        def chunks():
            for _ in range(40):
                yield b"x" * 1_000_000
            print("half", flush=True)
            import time; time.sleep(60)
        BlobStore(Path(sys.argv[1])).put(chunks(), max_bytes=1 << 30)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), str(store.root)], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    left = files(store.root)
    assert [path.parent.name for path in left] == ["tmp"]
    assert store.sweep() == 0, "a young temporary file may be in use"
    long_ago = time.time() - 25 * 3600
    os.utime(left[0], (long_ago, long_ago))
    assert store.sweep() == 1
    assert files(store.root) == []


def test_two_processes_put_the_same_blob(store: BlobStore) -> None:
    code = """
        import sys
        from pathlib import Path
        from safeconduct.capture import BlobStore
        store = BlobStore(Path(sys.argv[1]))
        sys.stdin.readline()
        print(sum(store.put([str(n).encode() * 1000], max_bytes=1 << 20).new for n in range(100)))
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), str(store.root)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    time.sleep(0.5)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    new = [int(process.communicate(timeout=20)[0]) for process in processes]
    assert sum(new) == 100, "each blob is new to exactly one of them"
    blobs = files(store.root)
    assert len(blobs) == 100 and all(store.check(path.name) for path in blobs)


def test_full_disk(store: BlobStore) -> None:
    code = """
        import resource, sys
        from pathlib import Path
        from safeconduct.capture import BlobStore, CaptureError
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        try:
            BlobStore(Path(sys.argv[1])).put([b"x" * 100_000] * 30, max_bytes=1 << 30)
        except CaptureError as e:
            print(e)
    """
    done = run(code, str(store.root))
    assert "has no room left" in done.stdout and "free some space" in done.stdout, done.stderr
    assert files(store.root) == []


def test_read_only_store() -> None:
    """In a process without root's privileges, to which a folder without write permission is closed."""
    code = """
        import os, sys
        from pathlib import Path
        from safeconduct.capture import BlobStore, CaptureError
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            BlobStore(Path(sys.argv[1]) / "store").put([b"x"], max_bytes=9)
        except CaptureError as e:
            print(e)
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        done = run(code, folder)
        Path(folder).chmod(0o755)
    assert "cannot be written" in done.stdout and "check the folder" in done.stdout, done.stderr
