"""Writing what was asked and answered as a gzipped WARC (ISO 28500), with heads as they were sent and received."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from .fetch import Hop
from .network import is_public


class _AsReceived(StatusAndHeaders):  # type: ignore[misc]
    """An HTTP head that is written exactly as its bytes were."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("as received", [])
        self._raw = raw

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self._raw


class _Part:
    """A stretch of a file, readable and seekable as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._end, self._at = file, start, end, start

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def seek(self, position: int) -> int:
        self._at = self._start + position
        return position

    def tell(self) -> int:
        return self._at - self._start


def write_exchange(hops: list[Hop], into: BinaryIO, *, date: str, software: str) -> None:
    """Write the response and request records of ``hops``, in order, to ``into``, then rewind it.

    ``date`` (RFC 3339, UTC) is the WARC-Date of all. The server's address is recorded only if it is a public one.
    """
    writer = WARCWriter(into, gzip=True, warc_version="WARC/1.1")
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    dated = {"WARC-Date": date}
    writer.write_record(
        writer.create_warc_record("", "warcinfo", BytesIO(fields), len(fields), warc_headers_dict=dict(dated))
    )
    for hop in hops:
        headers = dict(dated)
        if hop.address is not None and is_public(hop.address):
            headers["WARC-IP-Address"] = hop.address
        response = writer.create_warc_record(
            hop.url,
            "response",
            _Part(hop.response, hop.head.end, hop.end),
            hop.end - hop.head.end,
            warc_headers_dict=headers,
            http_headers=_AsReceived(_bytes(hop.response, hop.head.start, hop.head.end)),
        )
        request = writer.create_warc_record(
            hop.url,
            "request",
            BytesIO(),
            0,
            warc_headers_dict=dict(dated),
            http_headers=_AsReceived(_bytes(hop.request, 0, hop.request.seek(0, 2))),
        )
        writer.write_request_response_pair(request, response)
    into.seek(0)


def chunks_of(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The rest of ``file`` in pieces of ``size`` bytes."""
    return iter(lambda: file.read(size), b"")


def _bytes(file: BinaryIO, start: int, end: int) -> bytes:
    return _Part(file, start, end).read()
