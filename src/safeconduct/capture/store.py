"""A content-addressed store of preserved bytes: ``root/ab/abcdef…``, named by SHA-256, written once, read-only."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from .model import MIB, Blob, CaptureError, StoreError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_STALE_SECONDS = 24 * 3600
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)


class BlobStore:
    """Blobs under ``root``.

    A blob appears whole or not at all: it is written to ``root/tmp``, flushed to disk, and only then given its name.
    A process killed half-way leaves at most a file in ``root/tmp``, which :meth:`sweep` removes a day later. Any
    number of processes may write at once; of several that put the same new bytes, one is told ``new``.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, chunks: Iterable[bytes], *, max_bytes: int) -> Blob:
        """Store the bytes of ``chunks``.

        Raises CaptureError beyond ``max_bytes`` bytes, StoreError when the store cannot be written; nothing is left.
        What ``chunks`` itself raises passes through.
        """
        scratch = self._scratch_dir()
        digest, size, tmp = hashlib.sha256(), 0, ""
        try:
            fd, tmp = tempfile.mkstemp(dir=scratch)
            with os.fdopen(fd, "wb") as out:
                for chunk in chunks:
                    size += len(chunk)
                    if size > max_bytes:
                        raise CaptureError(
                            f"it is larger than the {max_bytes} bytes allowed; raise max_bytes to take it."
                        )
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fchmod(out.fileno(), 0o444)
                os.fsync(out.fileno())
            return Blob(digest.hexdigest(), size, self._publish(tmp, digest.hexdigest(), size))
        except OSError as e:
            raise self.unwritable(e) from e
        finally:
            if tmp:
                Path(tmp).unlink(missing_ok=True)

    def scratch(self) -> BinaryIO:
        """A nameless temporary file in the store, gone when closed. Raises StoreError if it cannot be made."""
        try:
            return cast(BinaryIO, tempfile.TemporaryFile(dir=self._scratch_dir()))
        except OSError as e:
            raise self.unwritable(e) from e

    def open(self, sha256: str) -> BinaryIO:
        """The blob, opened for reading. Raises CaptureError if the store does not hold it."""
        try:
            return self._path(sha256).open("rb")
        except OSError as e:
            raise CaptureError(f"the store {self.root} has no readable blob {sha256}; restore it from a backup.") from e

    def read(self, sha256: str) -> bytes:
        """The blob's bytes. Raises CaptureError if the store does not hold it."""
        with self.open(sha256) as blob:
            return blob.read()

    def has(self, sha256: str) -> bool:
        """Whether the store holds the blob (its bytes are not looked at; see :meth:`check`)."""
        return self._path(sha256).is_file()

    def check(self, sha256: str) -> bool:
        """Whether the blob is there and its bytes still have this SHA-256 (a fixity check: reads all of it)."""
        if not self.has(sha256):
            return False
        digest = hashlib.sha256()
        with self.open(sha256) as blob:
            while chunk := blob.read(MIB):
                digest.update(chunk)
        return digest.hexdigest() == sha256

    def sweep(self) -> int:
        """Remove temporary files older than a day, left by processes that were killed; how many there were."""
        swept = 0
        for path in (self.root / "tmp").glob("*"):
            try:
                if path.stat().st_mtime < time.time() - _STALE_SECONDS:
                    path.unlink()
                    swept += 1
            except FileNotFoundError:
                continue  # another process swept it
            except OSError as e:
                raise self.unwritable(e) from e
        return swept

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise CaptureError(f"{sha256!r} is not a SHA-256; give 64 lower-case hexadecimal digits.")
        return self.root / sha256[:2] / sha256

    def _scratch_dir(self) -> Path:
        path = self.root / "tmp"
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise self.unwritable(e) from e
        return path

    def _publish(self, tmp: str, sha256: str, size: int) -> bool:
        """Give ``tmp`` its name; whether the blob is new. A blob of the wrong size (a damaged disk) is replaced."""
        final = self._path(sha256)
        new = True
        if not final.parent.exists():
            final.parent.mkdir(exist_ok=True)
            _sync(self.root)
        try:
            os.link(tmp, final)  # unlike rename, fails if another process was first
        except FileExistsError:
            new = False
            if final.stat().st_size != size:
                os.replace(tmp, final)
        except OSError as e:
            if e.errno not in _NO_LINKS:
                raise
            new = not final.exists()
            os.replace(tmp, final)
        _sync(final.parent)
        return new

    def unwritable(self, error: OSError) -> StoreError:
        """The sentence for an error met while writing to the store or its temporary files."""
        why = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return StoreError(f"the store {self.root} has no room left ({why}); free some space and run this again.")
        return StoreError(f"the store {self.root} cannot be written ({why}); check the folder and its permissions.")


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
