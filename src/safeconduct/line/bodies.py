"""Reading what is sent: only what was announced, no faster than it is used, and not for ever."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

from starlette.requests import Request

from .refusals import Refusal

PAUSE = 30.0  # seconds without a byte
SLOWEST = 500  # bytes a second, over the whole
_LENGTH = re.compile(rb"[0-9]{1,12}", re.ASCII)


def announced(request: Request, code: str = "bad_request") -> int:
    """The announced size of the body, in bytes.

    Raises:
        Refusal: ``code``: it is missing, stands twice, or is no number.
    """
    given = [value for name, value in request.scope["headers"] if name == b"content-length"]
    chunked = any(name == b"transfer-encoding" for name, _ in request.scope["headers"])
    if len(given) != 1 or chunked or not _LENGTH.fullmatch(given[0]):
        raise Refusal(code)
    return int(given[0])


async def pieces(request: Request, size: int) -> AsyncIterator[bytes]:
    """The body, piece by piece.

    Raises:
        Refusal: ``too_slow``.
        ClientDisconnect: the other side went away.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + PAUSE + size / SLOWEST
    stream = request.stream()
    try:
        async with asyncio.timeout(PAUSE) as timeout:
            async for piece in stream:
                timeout.reschedule(None)
                if piece:
                    yield piece
                timeout.reschedule(min(end, loop.time() + PAUSE))
    except TimeoutError:
        raise Refusal("too_slow") from None


async def whole(request: Request, most: int, sizes: tuple[int, ...] = ()) -> bytes:
    """The whole of a small body.

    Raises:
        Refusal: ``too_large``, ``too_slow``, ``bad_request`` where it has none of ``sizes``.
    """
    size = announced(request)
    if size > most:
        raise Refusal("too_large")
    if sizes and size not in sizes:
        raise Refusal("bad_request")
    return b"".join([piece async for piece in pieces(request, size)])


def same_origin(request: Request) -> None:
    """Refuse what another site makes a browser send. ``Origin`` says nothing here: under no-referrer it is ``null``.

    Raises:
        Refusal: ``elsewhere``.
    """
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Refusal("elsewhere")

