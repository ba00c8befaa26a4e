"""``POST /upload``: a sealed file through a plain form, for browsers without scripts."""

from __future__ import annotations

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from .bodies import announced, pieces
from .refusals import Refusal
from .sending import Rights, Sending, pass_hash, sending
from .server import Line

AROUND = 8192  # bytes that a form may need around the parcel
_SHORT = 64  # bytes of another field


class _Form:
    """Feeds the field ``parcel`` to an intake as it comes; what else is in the form stands before it and is short."""

    def __init__(self, boundary: bytes, one: Sending) -> None:
        self._one = one
        self._header, self._value = bytearray(), bytearray()
        self._name = ""
        self._disposition = b""
        self._fields = {"pass": bytearray(), "language": bytearray()}
        self.parcels = 0
        self.ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._grow(self._header, data[start:end]),
                "on_header_value": lambda data, start, end: self._grow(self._value, data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Raises Refusal, OSError."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise Refusal("bad_parcel") from None

    def _begin(self) -> None:
        self._name, self._disposition = "", b""

    @staticmethod
    def _grow(what: bytearray, data: bytes) -> None:
        what += data
        if len(what) > AROUND:
            raise Refusal("bad_parcel")

    def _header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("ascii", "replace")
        if kind != b"form-data" or (self._name != "parcel" and self._name not in self._fields):
            raise Refusal("bad_parcel")
        if self._name == "parcel":
            self.parcels += 1
            if self.parcels > 1:
                raise Refusal("bad_parcel")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "parcel":
            self._one.intake.feed(data[start:end])
        else:
            field = self._fields[self._name]
            field += data[start:end]
            if len(field) > _SHORT:
                raise Refusal("bad_parcel")

    def _part_end(self) -> None:
        if self._name == "pass" and self._fields["pass"].strip():
            self._one.rights.pass_hash = pass_hash(self._fields["pass"].decode("ascii", "replace"))

    @property
    def language(self) -> str:
        return self._fields["language"].decode("ascii", "replace")

    def _end(self) -> None:
        self.ended = True


async def receive_form(line: Line, request: Request) -> str:
    """Take the parcel of a form in; fields ``pass`` and ``language``, where there are any, come before ``parcel``.

    Returns the language that the form named, or nothing. Raises Refusal.
    """
    kind, options = parse_options_header(request.headers.get("content-type", "").encode("latin-1"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
        raise Refusal("bad_parcel")
    size = announced(request, "bad_parcel")
    if size > line.largest_parcel + AROUND:
        raise Refusal("too_large")
    async with sending(line, Rights(upload=True), None) as one:
        form = _Form(boundary, one)
        async for piece in pieces(request, size):
            form.feed(piece)
        if not form.ended or form.parcels != 1:
            raise Refusal("bad_parcel")
        await one.finish()
        return form.language
