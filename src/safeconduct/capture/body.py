"""HTTP messages as archives keep them: heads, chunked transfer and content encodings, decoded within bounds.

Archives disagree with their own headers: a body may be stored decoded under headers that still say ``gzip`` or
``chunked`` (RFC 9112). Such bodies are taken as they are; what no decoder here knows is refused, never guessed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

import brotli  # type: ignore[import-untyped]

from .model import MIB, STEP, CaptureError, header

ACCEPT_ENCODING = "gzip, deflate, br"
_MAX_HEAD = 256 * 1024
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})[^\r\n]*\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,16})\s*(?:;[^\r\n]*)?\r?\n")
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15


class Damaged(CaptureError):
    """A part of an archive or a body is cut off, corrupt, in an unknown encoding, or expands too far."""


@dataclass(frozen=True)
class Head:
    """The head of an HTTP response: status, headers as received, and where it lies in the message (bytes).

    ``start`` is after any interim (1xx) responses; the body begins at ``end``.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    start: int
    end: int


class Bound:
    """Stops an expansion that goes beyond ``max_bytes``, or ``max_ratio`` times its input once it has given 1 MiB."""

    def __init__(self, max_bytes: int, max_ratio: int) -> None:
        self.max_bytes, self.max_ratio = max_bytes, max_ratio
        self.taken = self.given = 0

    def take(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass compressed ``chunks`` on, counting them."""
        for chunk in chunks:
            self.taken += len(chunk)
            yield chunk

    def give(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass expanded ``chunks`` on, counting them. Raises Damaged at the bound."""
        for chunk in chunks:
            self.given += len(chunk)
            if self.given > self.max_bytes:
                raise Damaged(f"it expands beyond the {self.max_bytes} bytes allowed; raise the limit to take it.")
            if self.given > MIB and self.given > self.max_ratio * max(self.taken, 1):
                raise Damaged(
                    f"it expands more than {self.max_ratio} times, as a decompression bomb does; leave it out."
                )
            yield chunk


def read_head(message: BinaryIO) -> Head:
    """The head of the HTTP response that starts at the position of ``message``; interim (1xx) ones are passed over.

    Raises Damaged if there is none. The position is afterwards unspecified.
    """
    data, start = message.read(_MAX_HEAD), 0
    while True:
        line = _STATUS_LINE.match(data, start)
        end = _HEAD_END.search(data, line.end() - 2) if line else None
        if line is None or end is None:
            raise Damaged("it has no complete HTTP head; capture the page again.")
        if line[1][:1] != b"1":
            break
        start = end.end()
    lines = re.sub(rb"\r?\n[ \t]+", b" ", data[line.end() : end.start()]).splitlines()
    pairs = (raw.decode("latin-1").partition(":") for raw in lines if b":" in raw)
    return Head(int(line[1]), tuple((name.strip(), value.strip()) for name, _, value in pairs), start, end.end())


def decode_body(chunks: Iterable[bytes], headers: tuple[tuple[str, str], ...], bound: Bound) -> Iterator[bytes]:
    """The payload of a response body: chunked transfer and content encodings undone, in pieces, within ``bound``.

    Raises Damaged when the body is cut off or corrupt, its encoding is unknown, or the bound is reached.
    """
    stream = bound.take(chunks)
    if "chunked" in (header(headers, "Transfer-Encoding") or "").lower():
        stream = _dechunk(stream)
    encodings = [part.strip().lower() for part in (header(headers, "Content-Encoding") or "").split(",")]
    for encoding in reversed(encodings):
        if encoding in ("", "identity", "none"):
            continue
        if encoding not in _DECODERS:
            raise Damaged(
                f"its content encoding {encoding!r} is not gzip, deflate or br; capture it again uncompressed."
            )
        stream = _DECODERS[encoding](stream)
    return bound.give(stream)


def read_chunks(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes of ``file`` from ``start`` to ``end``, seeking before each read so that others may share the file."""
    while start < end:
        file.seek(start)
        chunk = file.read(min(STEP, end - start))
        if not chunk:
            raise Damaged("it is cut off; get the whole file and capture it again.")
        start += len(chunk)
        yield chunk


def inflate(chunks: Iterable[bytes], window: int) -> Iterator[bytes]:
    """Undo gzip, zlib or raw deflate (``window`` as zlib's wbits). Raises Damaged if cut off or corrupt."""
    decoder, begun = zlib.decompressobj(window), False
    try:
        for chunk in chunks:
            if decoder.eof:
                if window != _GZIP_WINDOW or not chunk.startswith(b"\x1f"):
                    return  # what follows the end of a stream is not content
                decoder = zlib.decompressobj(window)
            while chunk:
                begun = True
                if out := decoder.decompress(chunk, STEP):
                    yield out
                chunk = decoder.unconsumed_tail
                if decoder.eof and window == _GZIP_WINDOW and decoder.unused_data.startswith(b"\x1f"):
                    chunk, decoder = decoder.unused_data, zlib.decompressobj(window)
        if out := decoder.flush(STEP):
            yield out
    except zlib.error as e:
        raise Damaged("its compressed content is corrupt; capture it again.") from e
    if begun and not decoder.eof:
        raise Damaged("its compressed content is cut off; capture it again.")


def _peek(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= size:
            break
    return head, chain([head] if head else [], chunks)


def _gzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    head, chunks = _peek(chunks, 2)
    return inflate(chunks, _GZIP_WINDOW) if head.startswith(b"\x1f\x8b") else chunks


def _deflate(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Both things called deflate: zlib (RFC 9110 8.4.1.2) and, as some servers send, the raw stream."""
    head, chunks = _peek(chunks, 2)
    zlib_header = len(head) >= 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return inflate(chunks, _ZLIB_WINDOW if zlib_header else _RAW_WINDOW)


def _brotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    try:
        for chunk in chunks:
            if decoder.is_finished():
                return
            if out := decoder.process(chunk, output_buffer_limit=STEP):
                yield out
            while not decoder.can_accept_more_data() and not decoder.is_finished():
                if out := decoder.process(b"", output_buffer_limit=STEP):
                    yield out
    except brotli.error as e:
        raise Damaged("its brotli content is corrupt; capture it again.") from e
    if not decoder.is_finished():
        raise Damaged("its brotli content is cut off; capture it again.")


def _dechunk(chunks: Iterator[bytes]) -> Iterator[bytes]:
    buffer, chunks = _peek(chunks, 32)
    if not _CHUNK_SIZE.match(buffer):
        yield from chunks  # already de-chunked by whoever archived it
        return
    buffer = b""
    while True:
        match = _CHUNK_SIZE.match(buffer)
        if match is None:
            more = next(chunks, b"")
            if not more or len(buffer) > STEP * 4:
                raise Damaged("its chunked body is cut off or corrupt; capture it again.")
            buffer += more
            continue
        left, buffer = int(match[1], 16), buffer[match.end() :]
        if left == 0:
            for _ in chunks:  # trailers
                pass
            return
        while left:
            if not buffer:
                buffer = next(chunks, b"")
                if not buffer:
                    raise Damaged("its chunked body is cut off; capture it again.")
            piece, buffer = buffer[:left], buffer[left:]
            left -= len(piece)
            yield piece


_DECODERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
