"""What caseworkers ask of the server, each request signed with an answer key of the current roster."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from safeconduct.envelope import Refused, b64, can_be_letter, parse_header, sha256, unb64, verify

from .bodies import whole
from .reading import MOST_ANSWER, Message, Reader
from .refusals import Refusal
from .server import Line
from .store import ANSWER, Accept, Delete, Rewrap

MOST = 16 + MOST_ANSWER


async def signed_body(line: Line, request: Request) -> bytes:
    """The body of a request that a caseworker signed.

    Raises:
        Refusal: ``not_desk``: the header is missing or wrong, the key not in the roster, the challenge not ours or used.
    """
    body = await whole(request, MOST)
    try:
        key, challenge, signature = request.headers.get("line-desk", "").split(".")
        public, asked = unb64(key, 32), unb64(challenge, 16)
        if line.roster.desk_of(public) is None:
            raise Refusal("not_desk")
        message = asked + request.scope["path"].encode() + b"\n" + sha256(body)
        verify(public, "desk", message, unb64(signature, 64))
        line.challenges.take(asked)
    except (Refused, Refusal, ValueError):
        raise Refusal("not_desk") from None
    return body


async def list_messages(line: Line, request: Request) -> Response:
    await signed_body(line, request)
    return Response(await line.read(_listed), media_type="application/json")


def _listed(reader: Reader) -> bytes:
    return json.dumps({"messages": [_as_json(message) for message in reader.messages()]}).encode()


def _as_json(message: Message) -> dict[str, object]:
    day = (date(1970, 1, 1) + timedelta(days=message.day)).isoformat()
    kind = "answer" if message.kind == ANSWER else "report"
    return {"id": b64(message.id), "mailbox": b64(message.mailbox), "kind": kind, "day": day, "size": message.size}


async def get_message(line: Line, request: Request) -> Response:
    asked = _sized(await signed_body(line, request), 16)
    message = await line.read(lambda reader: reader.message(asked))
    if message is None:
        raise Refusal("not_found")
    blocks = await line.read(lambda reader: reader.blocks(message))
    headers = {"content-length": str(message.size)}
    return StreamingResponse(_blocks(line, blocks), media_type="application/octet-stream", headers=headers)


async def _blocks(line: Line, blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while block := await line.read(lambda _: next(blocks, b"")):
        yield block


async def answer(line: Line, request: Request) -> Response:
    body = await signed_body(line, request)
    mailbox, file = body[:16], body[16:]
    header = _header(file, line.stanzas + 1)
    if not can_be_letter(len(file) - len(header)):
        raise Refusal("bad_parcel")
    act = Accept(mailbox, None, header, file[len(header) :], len(file), kind=ANSWER)
    kept = await line.writer.do(act)
    return JSONResponse({"id": b64(kept.id)}, status_code=201)


async def rewrap(line: Line, request: Request) -> Response:
    body = await signed_body(line, request)
    message, header = body[:16], _header(body[16:], line.stanzas + 1)
    if len(body) != 16 + len(header):
        raise Refusal("bad_parcel")
    known = await line.read(lambda reader: reader.message(message))
    if known is None:
        raise Refusal("not_found")
    if known.kind != ANSWER:
        _header(body[16:], line.stanzas)
    await line.writer.do(Rewrap(message, header))
    return JSONResponse({"replaced": True})


async def delete(line: Line, request: Request) -> Response:
    body = _sized(await signed_body(line, request), 17)
    if body[:1] == b"m":
        await line.writer.do(Delete(message=body[1:]))
    elif body[:1] == b"b":
        await line.writer.do(Delete(mailbox=body[1:]))
    else:
        raise Refusal("bad_request")
    return JSONResponse({"deleted": True})


def _sized(body: bytes, size: int) -> bytes:
    if len(body) != size:
        raise Refusal("bad_request")
    return body


def _header(file: bytes, most: int) -> bytes:
    """The age header with which ``file`` begins; raises Refusal ``bad_parcel``."""
    try:
        header = parse_header(file, most)
    except Refused:
        header = None
    if header is None:
        raise Refusal("bad_parcel")
    return file[: header.length]
