"""WACZ files (a ZIP with WARC files under ``archive/``), treated as hostile until shown otherwise."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from .archive import ArchiveReader, Budget, Exhausted
from .body import Damaged
from .model import STEP, CaptureError, Limits, Obtained, Skipped, printable
from .store import BlobStore
from .warc import size_of

_UNSAFE = re.compile(r"\A/|\\|(?:\A|/)\.\.(?:/|\Z)|\A[A-Za-z]:|\0")
_DIRECTORY_BYTES_PER_MEMBER = 1024
_END, _END64_LOCATOR = b"PK\x05\x06", b"PK\x06\x07"


def wacz_payloads(
    file: BinaryIO, name: str, reader: ArchiveReader, budget: Budget, store: BlobStore
) -> Iterator[Obtained | Skipped]:
    """The payloads of the WARC files in a WACZ. Nested ZIP files are not opened.

    Raises CaptureError, before anything is taken, if it is no ZIP, its directory is outsized, or any member's name
    leads outside the archive or is a symbolic link.
    """
    _check_directory(file, name, budget.limits)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as e:
        raise CaptureError(f"{name} is not a whole ZIP file ({e}); get it again.") from e
    with archive:
        entries = archive.infolist()
        for entry in entries:
            if _UNSAFE.search(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16):
                raise CaptureError(
                    f"{name} has a member {entry.orig_filename!r} that leads outside it; do not trust this file."
                )
        wanted = [
            e for e in entries if e.filename.startswith("archive/") and e.filename.endswith((".warc", ".warc.gz"))
        ]
        for entry in wanted:
            with store.scratch() as content:
                try:
                    _extract(file, archive, entry, content, budget)
                except Exhausted as e:
                    yield Skipped(printable(entry.filename), str(e))
                    return
                except Damaged as e:
                    yield Skipped(printable(entry.filename), str(e))
                    continue
                try:
                    yield from reader.payloads(content, printable(entry.filename))
                except Exhausted:
                    return  # told by the reader


def _extract(
    file: BinaryIO, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: BinaryIO, budget: Budget
) -> None:
    if entry.flag_bits & 1:
        raise Damaged("it is encrypted; export the archive again without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Damaged("it is compressed in a way WACZ does not use; export the archive again.")
    bound = budget.bound()
    bound.taken = min(entry.compress_size, size_of(file))  # ZipFile reads no further than this
    try:
        with archive.open(entry) as member:
            content.writelines(bound.give(iter(lambda: member.read(STEP), b"")))
    except (zipfile.BadZipFile, zlib.error, EOFError) as e:
        raise Damaged("it is corrupt or cut off; get the archive again.") from e


def _check_directory(file: BinaryIO, name: str, limits: Limits) -> None:
    """Refuse a central directory larger than so many members need: ZipFile would hold all of it in memory."""
    size = size_of(file)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise CaptureError(f"{name} is cut off (its ZIP directory is missing); get it again.")
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    if directory == 0xFFFFFFFF and at >= 20 and tail[at - 20 : at - 16] == _END64_LOCATOR:
        (record,) = struct.unpack_from("<Q", tail, at - 12)
        file.seek(min(record + 40, size))
        field = file.read(8)
        directory = struct.unpack("<Q", field)[0] if len(field) == 8 else size
    if directory > limits.max_members * _DIRECTORY_BYTES_PER_MEMBER:
        raise CaptureError(f"{name} lists too many members; raise [capture] max_members if you trust it.")
