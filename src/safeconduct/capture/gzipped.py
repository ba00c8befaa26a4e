"""A gzip file member by member (RFC 1952), as WARC archives are written: bounded, and going on after a corrupt one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from .body import Bound, Damaged
from .model import MIB, STEP
from .warc import Gap, size_of

_MAGIC = b"\x1f\x8b\x08"
_WINDOW = 31


def is_gzip(file: BinaryIO) -> bool:
    """Whether the file begins as a gzip member does."""
    file.seek(0)
    return file.read(3) == _MAGIC


def members(file: BinaryIO, scratch: Callable[[], BinaryIO], bound: Callable[[], Bound]) -> Iterator[BinaryIO | Gap]:
    """The content of each member, in a ``scratch()`` file that is closed after its turn, or a Gap.

    A corrupt member gives a Gap, nothing of its content (its checksum cannot vouch for it), and reading goes on at the
    next member that begins with ``WARC/``. A member that is cut off gives what there is of it, then a Gap. A member
    that reaches its ``bound()`` gives a Gap.
    """
    size, position = size_of(file), 0
    while position < size:
        file.seek(position)
        if not file.read(1).strip(b"\0"):
            position += 1  # zero padding is allowed after a member
            continue
        with scratch() as content:
            try:
                used, whole = _member(file, position, content, bound())
            except Damaged as e:
                yield Gap(position, f"in the gzip member at byte {position}, {e}")
            except zlib.error:
                yield Gap(position, f"the gzip member at byte {position} is corrupt; get the archive again.")
            else:
                yield content
                if not whole:
                    yield Gap(position, f"the gzip member at byte {position} is cut off; get the whole archive again.")
                    return
                position += used
                continue
        following = _next_member(file, position + 1)
        if following is None:
            return
        position = following


def _member(file: BinaryIO, position: int, content: BinaryIO, bound: Bound) -> tuple[int, bool]:
    """Inflate one member into ``content``: the compressed bytes used, and whether its end was there."""
    decoder = zlib.decompressobj(_WINDOW)
    file.seek(position)
    used = 0
    while not decoder.eof:
        chunk = file.read(STEP)
        if not chunk:
            return used, False
        used += len(chunk)
        bound.taken = used
        while chunk and not decoder.eof:
            content.writelines(bound.give([decoder.decompress(chunk, STEP)]))
            chunk = decoder.unconsumed_tail
    return used - len(decoder.unused_data), True


def _next_member(file: BinaryIO, position: int) -> int | None:
    """Where the next gzip member that holds the beginning of a WARC record starts, at ``position`` or later."""
    overlap = b""
    file.seek(position)
    while chunk := file.read(MIB):
        data = overlap + chunk
        at = data.find(_MAGIC)
        while at >= 0:
            start = position - len(overlap) + at
            if _begins_record(file, start):
                return start
            at = data.find(_MAGIC, at + 1)
        position += len(chunk)
        overlap = data[-2:]
        file.seek(position)
    return None


def _begins_record(file: BinaryIO, start: int) -> bool:
    file.seek(start)
    try:
        return zlib.decompressobj(_WINDOW).decompress(file.read(4096), 5) == b"WARC/"
    except zlib.error:
        return False
