"""Replacing a folder so that a reader sees the old one or the new one, never half of either.

The new site is written into a sibling ``.OUT.<random>``, flushed to disk, and swapped in. On Linux the swap is one system
call (``renameat2`` with ``RENAME_EXCHANGE``). Where that is not to be had, the old folder is renamed away and the new one
renamed in: between the two renames, for some microseconds, OUT does not exist; a run killed in that moment leaves the old
site as ``.OUT.<random>.old``, and the next run puts it back before it does anything else.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .model import PublishError

MARKER = "datapackage.json"
_AT_FDCWD, _EXCHANGE = -100, 2


def marker_of(folder: Path) -> dict[str, Any] | None:
    """What ``datapackage.json`` says under ``safeconduct``, or None when the folder is not a site of ours."""
    try:
        package = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = package.get("safeconduct") if isinstance(package, dict) else None
    fine = isinstance(ours, dict) and isinstance(ours.get("format"), int) and isinstance(ours.get("files"), dict)
    return ours if fine else None


def files_in(folder: Path) -> Iterator[str]:
    """Paths of everything in a folder that is not a folder, relative to it, with /. Links are not followed."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        links = [n for n in folders if os.path.islink(os.path.join(where, n))]
        for name in sorted([*names, *links]):
            yield Path(where, name).relative_to(folder).as_posix()


def check_target(out: Path) -> None:
    """Whether ``out`` may be replaced.

    Raises:
        PublishError: it is a link, a file, or a folder with something in it that we did not write.
    """
    if out.is_symlink():
        raise PublishError(f"{out} is a symbolic link; publish to the folder it points to.")
    if not out.name:
        raise PublishError(f"{out} cannot be replaced; publish to a folder inside it.")
    if not out.exists():
        return
    if not out.is_dir():
        raise PublishError(f"{out} is a file; publish to a folder.")
    if not any(out.iterdir()):
        return
    ours = marker_of(out)
    if ours is None:
        raise PublishError(f"{out} holds files that are not a published site; publish to an empty or new folder.")
    for path in files_in(out):
        if path != MARKER and path not in ours["files"]:
            raise PublishError(f"{out} holds {path}, which publishing did not write; move it out and publish again.")


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder beside ``out`` to write into; on leaving without an error it takes the place of ``out``.

    Raises:
        PublishError: ``out`` may not be replaced, or the disk refuses. ``out`` is then as it was, and nothing is left over.
    """
    out = Path(os.path.abspath(out))
    check_target(out)
    fresh: Path | None = None
    lock = -1
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _tidy(out)
        check_target(out)
        fresh, lock = _fresh(out)
        yield fresh
        _flush(fresh)
        check_target(out)
        _swap(fresh, out)
    except OSError as error:
        raise PublishError(_sentence(error, out)) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
        if lock >= 0:
            os.close(lock)


def _sentence(error: OSError, out: Path) -> str:
    reasons = {
        errno.ENOSPC: "The disk is full; make room and publish again.",
        errno.EDQUOT: "The disk quota is used up; make room and publish again.",
        errno.EFBIG: "A file grew larger than this system allows; raise the limit and publish again.",
        errno.EROFS: f"{out.parent} is read-only; publish to a folder that can be written.",
        errno.EACCES: f"{out.parent} cannot be written; change its permissions or publish elsewhere.",
        errno.EPERM: f"{out.parent} cannot be written; change its permissions or publish elsewhere.",
        errno.EBUSY: f"{out} is a mount point; publish to a folder inside it.",
        errno.ENOTDIR: f"{out.parent} is not a folder; publish elsewhere.",
        errno.EEXIST: f"{out.parent} is not a folder; publish elsewhere.",
    }
    found = reasons.get(error.errno or 0)
    return found or f"The site could not be written ({error.strerror or error}); publish again or to another folder."


def _pattern(out: Path) -> re.Pattern[str]:
    return re.compile(rf"\.{re.escape(out.name)}\.[0-9a-f]{{16}}(\.old)?")


def _lock(folder: Path) -> int:
    """A descriptor that holds a lock on the folder until it is closed or the process ends; -1 when another has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return -1
    return descriptor


def _tidy(out: Path) -> None:
    """Remove what killed runs left beside ``out``; put an old site back that lost its place."""
    pattern = _pattern(out)
    for left in sorted(out.parent.iterdir()):
        match = pattern.fullmatch(left.name)
        if not match or left.is_symlink() or not left.is_dir():
            continue
        lock = -1
        with contextlib.suppress(OSError):
            lock = _lock(left)
        if lock < 0:
            continue  # another run is writing it
        try:
            if match[1] and not out.exists() and marker_of(left):
                os.rename(left, out)
            else:
                shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(lock)


def _fresh(out: Path) -> tuple[Path, int]:
    for _ in range(100):
        folder = out.parent / f".{out.name}.{secrets.token_hex(8)}"
        os.mkdir(folder)
        try:
            lock = _lock(folder)
        except FileNotFoundError:  # swept between the two calls
            continue
        if lock >= 0 and folder.exists():
            return folder, lock
        if lock >= 0:
            os.close(lock)
    raise OSError(errno.EAGAIN, "another run keeps removing the temporary folder")


def _flush(folder: Path) -> None:
    """Everything in the folder on disk: one ``syncfs`` on Linux, else file by file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        call = getattr(_libc(), "syncfs", None)
        if call is not None and call(descriptor) == 0:
            return
    finally:
        os.close(descriptor)
    for where, _, names in os.walk(folder):
        for name in [*names, "."]:
            descriptor = os.open(os.path.join(where, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _swap(fresh: Path, out: Path) -> None:
    """``fresh`` takes the place of ``out``; what was there is then at ``fresh``."""
    if not out.exists():
        os.rename(fresh, out)
    elif not exchange(fresh, out):
        old = fresh.with_name(fresh.name + ".old")
        os.rename(out, old)
        try:
            os.rename(fresh, out)
        except BaseException:
            os.rename(old, out)
            raise
        shutil.rmtree(old, ignore_errors=True)
    parent = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step. False when this system cannot.

    Raises:
        OSError: it can, but not these folders.
    """
    call = getattr(_libc(), "renameat2", None)
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_EXCHANGE)) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))
