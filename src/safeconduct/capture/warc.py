"""Reading WARC records (ISO 28500) from a seekable file, with damage found, told and stepped over.

The record layer is read here, strictly, because a damaged archive must not end quietly: a record counts only if its
length is a number, its block is all there and the next record (or the end) follows it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .body import Damaged, Head, read_chunks, read_head
from .model import MIB, printable

_VERSION = re.compile(rb"WARC/[0-9]\.[0-9]+\s*$")
_NEXT = re.compile(rb"\n(WARC/[0-9]\.[0-9]+\r?\n)")
_MAX_HEADERS = 64 * 1024
_AFTER = re.compile(rb"[\r\n]{0,8}(?:\Z|WARC/)")


@dataclass(frozen=True)
class Record:
    """A WARC record: its header fields by lower-case name, and where its block lies in the file (bytes)."""

    fields: dict[str, str]
    start: int
    end: int

    @property
    def uri(self) -> str:
        """WARC-Target-URI, without the angle brackets some writers add; '' if absent."""
        return printable(self.fields.get("warc-target-uri", "").strip("<> "))


@dataclass(frozen=True)
class Gap:
    """A stretch of an archive that holds no whole record: its byte offset and what is wrong, in one sentence."""

    offset: int
    reason: str


def size_of(file: BinaryIO) -> int:
    """The length of a seekable file in bytes."""
    return file.seek(0, 2)


def records(file: BinaryIO) -> Iterator[Record | Gap]:
    """The records of an uncompressed WARC, and a Gap for each damaged stretch, after which reading goes on."""
    size, position = size_of(file), 0
    while (position := _skip_blank(file, position)) < size:
        found = _record(file, position, size)
        if isinstance(found, Record):
            yield found
            position = found.end
        else:
            yield found
            following = _next_record(file, position + 1)
            if following is None:
                return
            position = following


def verify_block(file: BinaryIO, record: Record) -> None:
    """Compare the block with WARC-Block-Digest, if there is one of a known kind. Raises Damaged if it differs."""
    name, _, wanted = record.fields.get("warc-block-digest", "").partition(":")
    name = name.strip().lower().replace("-", "")
    if not wanted or name not in ("sha1", "sha256", "sha512", "md5"):
        return
    digest = hashlib.new(name, usedforsecurity=False)
    for chunk in read_chunks(file, record.start, record.end):
        digest.update(chunk)
    known = (digest.hexdigest(), base64.b32encode(digest.digest()).decode().rstrip("=").lower())
    if wanted.strip().rstrip("=").lower() not in known:
        raise Damaged("its bytes do not match the WARC-Block-Digest of its record; get the archive again.")


def http_head(file: BinaryIO, record: Record) -> Head:
    """The HTTP head of a response record. Raises Damaged if it is not there or leaves the record."""
    file.seek(record.start)
    head = read_head(file)
    if head.end > record.end - record.start:
        raise Damaged("it has no complete HTTP head; capture the page again.")
    return head


def _skip_blank(file: BinaryIO, position: int) -> int:
    file.seek(position)
    while blank := file.read(64):
        rest = blank.lstrip(b"\r\n")
        if rest:
            return file.tell() - len(rest)
    return file.tell()


def _record(file: BinaryIO, position: int, size: int) -> Record | Gap:
    file.seek(position)
    if not _VERSION.match(file.readline(256)):
        return Gap(position, f"the bytes at {position} are not a WARC record; get the archive again.")
    lines: list[bytes] = []
    while (line := file.readline(_MAX_HEADERS)).strip():
        if file.tell() - position > _MAX_HEADERS:
            return Gap(position, f"the record at byte {position} has an endless head; get the archive again.")
        if line[:1] in b" \t" and lines:
            lines[-1] += b" " + line.strip()
        else:
            lines.append(line.strip())
    pairs = (raw.decode("utf-8", "replace").partition(":") for raw in lines)
    fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
    start, length = file.tell(), fields.get("content-length", "")
    what = printable(fields.get("warc-target-uri", "")) or f"the record at byte {position}"
    if not line.endswith(b"\n") or not re.fullmatch(r"[0-9]{1,15}", length):
        return Gap(position, f"the head of {what} is cut off or corrupt; get the archive again.")
    end = start + int(length)
    if end > size:
        return Gap(position, f"{what} is cut off ({size - start} of {length} bytes); get the whole archive again.")
    file.seek(end)
    if not _AFTER.match(file.read(13)):
        return Gap(position, f"{what} does not end where its length says; get the archive again.")
    return Record(fields, start, end)


def _next_record(file: BinaryIO, position: int) -> int | None:
    """Where the next line that begins a record starts, after ``position``."""
    file.seek(position)
    overlap = b""
    while chunk := file.read(MIB):
        data = overlap + chunk
        if match := _NEXT.search(data):
            return position - len(overlap) + match.start(1)
        position += len(chunk)
        overlap = data[-32:]
    return None
